"""What communities did under a deal, in sentences: rounds, panels, answers, assets, delivery. From the record alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from soke.register.standing import rounded
from soke.register.state import DealState


def community_lines(state: DealState, day: dt.date) -> tuple[str, ...]:
    """One sentence for each thing of which there is something on record by the day."""
    return tuple(line for part in (_rounds, _panels, _answers, _assets, _deliveries) for line in part(state, day))


def _rounds(state: DealState, day: dt.date) -> Iterator[str]:
    rounds = tuple(state.partners.rounds.values())
    if not rounds:
        return
    decided = sum(state.partners.decided.values())
    adopted = sum(one.pence for one in rounds if one.adopted is not None)
    said = f"{_several(len(rounds), 'budget round')}: residents decided {rounded(decided)}, {rounded(adopted)} adopted"
    counted = [(one.ballots, one.eligible) for one in rounds if one.ballots is not None and one.eligible is not None]
    if counted:
        ballots, eligible = sum(a for a, _ in counted), sum(b for _, b in counted)
        known = len(counted) == len(state.partners.decided)
        of = "" if known else f" in {_several(len(counted), 'round')} with figures"
        said += f"; {ballots:,} of {eligible:,} people voted ({100 * ballots / eligible:.0f}%){of}"
    yield f"{said}."


def _panels(state: DealState, day: dt.date) -> Iterator[str]:
    panels = state.partners.panels
    if panels:
        people = sum(count for _, count in panels.values())
        yield f"{_several(len(panels), 'panel')} drawn by lot, with {people:,} people."


def _answers(state: DealState, day: dt.date) -> Iterator[str]:
    answers = tuple(state.partners.answers.values())
    if not answers:
        return
    given = [one for one in answers if one.answered is not None]
    late = sum(one.answered is not None and one.answered > one.due for one in given)
    waiting = [one for one in answers if one.answered is None]
    overdue = sum(one.due < day for one in waiting)
    parts = [f"{len(given) - late} answered in time"]
    parts += [f"{late} answered late"] if late else []
    parts += [f"{len(waiting)} without an answer" + (f" ({overdue} overdue)" if overdue else "")] if waiting else []
    adopted = [one for one in given if one.adopted]
    if given:
        done, missed = sum(one.done is not None for one in adopted), sum(
            one.done is None and one.by is not None and one.by < day for one in adopted
        )  # fmt: skip
        parts.append(f"{len(adopted)} adopted, {done} of them done" + (f" and {missed} overdue" if missed else ""))
    yield f"{_several(len(answers), 'recommendation')}: {', '.join(parts)}."


def _assets(state: DealState, day: dt.date) -> Iterator[str]:
    transfers = tuple(state.partners.transfers.values())
    if transfers:
        done = sum(one.completed is not None for one in transfers)
        yield f"{done} of {_several(len(transfers), 'asset')} promised to community groups handed over."
    if state.partners.assets:
        yield f"{_several(len(state.partners.assets), 'case')} of a community right or asset transfer on record."


def _deliveries(state: DealState, day: dt.date) -> Iterator[str]:
    found = tuple(state.partners.deliveries.values())
    if not found:
        return
    came = sum(pence for one in found for _, pence in one.payments)
    outcomes = [met for one in found for _, met in one.outcomes]
    said = f"{_several(len(found), 'service')} delivered by community groups: they received {rounded(came)} of "
    said += rounded(sum(one.pence for one in found))
    yield said + (f"; {sum(outcomes)} of {_several(len(outcomes), 'period')} with outcomes met." if outcomes else ".")


def _several(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"
