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
    adopted = sum(held.pence for held in rounds if held.adopted is not None)
    said = f"{_several(len(rounds), 'budget round')}: residents decided {rounded(decided)}, {rounded(adopted)} adopted"
    counted = [
        (held.ballots, held.eligible) for held in rounds if held.ballots is not None and held.eligible is not None
    ]
    if counted:
        ballots, eligible = (sum(numbers) for numbers in zip(*counted, strict=True))
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
    given = [answer for answer in answers if answer.answered is not None]
    late = sum(answer.answered > answer.due for answer in answers if answer.answered is not None)
    waiting = [answer for answer in answers if answer.answered is None]
    overdue = sum(answer.due < day for answer in waiting)
    parts = [f"{len(given) - late} answered in time"]
    parts += [f"{late} answered late"] if late else []
    parts += [f"{len(waiting)} without an answer" + (f" ({overdue} overdue)" if overdue else "")] if waiting else []
    adopted = [answer for answer in given if answer.adopted]
    if given:
        done = sum(answer.done is not None for answer in adopted)
        missed = sum(answer.done is None and answer.by is not None and answer.by < day for answer in adopted)
        parts.append(f"{len(adopted)} adopted, {done} of them done" + (f" and {missed} overdue" if missed else ""))
    yield f"{_several(len(answers), 'recommendation')}: {', '.join(parts)}."


def _assets(state: DealState, day: dt.date) -> Iterator[str]:
    transfers = tuple(state.partners.transfers.values())
    if transfers:
        done = sum(transfer.completed is not None for transfer in transfers)
        yield f"{done} of {_several(len(transfers), 'asset')} promised to community groups handed over."
    if state.partners.assets:
        yield f"{_several(len(state.partners.assets), 'case')} of a community right or asset transfer on record."


def _deliveries(state: DealState, day: dt.date) -> Iterator[str]:
    deliveries = tuple(state.partners.deliveries.values())
    if not deliveries:
        return
    came = sum(pence for delivery in deliveries for _, pence in delivery.payments)
    outcomes = [met for delivery in deliveries for _, met in delivery.outcomes]
    said = f"{_several(len(deliveries), 'service')} delivered by community groups: they received {rounded(came)} of "
    said += rounded(sum(delivery.pence for delivery in deliveries))
    yield said + (f"; {sum(outcomes)} of {_several(len(outcomes), 'period')} with outcomes met." if outcomes else ".")


def _several(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"
