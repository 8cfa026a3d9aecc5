"""``soke register replay``: what the recall ladder would have said of things that happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import typer

from soke.cli.output import CSV_OPTION, JSON_OPTION, Column, emit
from soke.register.replay import Replay
from soke.register.replay import replay as replayed
from soke.register.replay_case import Case, When, case_names, find_case
from soke.register.replay_gates import Gates, gates, months
from soke.table import Cell
from soke.text import day, financial_year, sterling

FACTS = (
    Column("day", "day"),
    Column("what", "what happened"),
    Column("grade", "grade"),
    Column("says", "what the ladder says that day, at its soonest"),
)
PRINTED = (Column("case", "case"), Column("on", "on"), Column("known_to_the", "known_to_the"), Column("what", "what"),
           Column("who", "who"), Column("grade", "grade"), Column("source", "source"), Column("address", "address"),
           Column("note", "note"), Column("says", "says"))  # fmt: skip
CASES = (
    Column("case", "case"),
    Column("missed_from", "good standing\nmissed from"),
    Column("recall", "recall at\nthe soonest"),
    Column("recovered", "in reality\nput right"),
    Column("days_after_recall", "days later", 0),
    Column("at_stake_gbp_a_year", "at stake £ a year", 0),
    Column("recallable_gbp", "recallable £", 0),
    Column("shut_until", "settlement\nshut until"),
)
SHORT = (Column("about", "in short"), Column("says", ""))
ONE_DAY = dt.timedelta(1)
SUPPOSED = (
    "A rehearsal: no area held such a deal, and no such recall exists in law. `soke register replay NAME` for one."
)
GRADED = (
    "Official: read on a page of the body itself. Unverified: read in the press alone, or recalled. "
    "The deal and its ladder are supposed."
)


@dataclass(frozen=True, slots=True)
class Told:
    """A case as it is printed: ``summary`` for people, ``facts`` for programs."""

    case: Case
    rows: list[dict[str, Cell]]
    answers: dict[str, str]
    summary: dict[str, Cell]
    facts: dict[str, object]


def replay(
    name: str = typer.Argument("", help="A case, or a file of your own; none for all in short."),
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """What the recall ladder would have said of what happened in real life: when, and at what cost to whom.

    Three best value notices to combined authorities and the gateway reviews of the investment funds, as graded facts
    from public pages, tried under the standing offer. Exit status 0, or 2 where a case cannot be read.

    Example: soke register replay

    Example: soke register replay west-of-england

    Example: soke register replay --csv
    """
    told = [_told(find_case(one)) for one in ([name] if name else case_names())]
    if as_json or as_csv:
        keys = [column.key for column in PRINTED]
        rows = [{key: row[key] for key in keys} for one in told for row in one.rows]
        cases = [{**one.facts, "answers": one.answers} for one in told]
        emit(rows, PRINTED, as_json=as_json, as_csv=as_csv, extra={"cases": cases}, notes=[SUPPOSED])
    elif name:
        (one,) = told
        emit(one.rows, FACTS, as_json=False, as_csv=False, title=one.case.title, notes=[""])
        emit(_listed(one), SHORT, as_json=False, as_csv=False, notes=["", GRADED])
    else:
        areas = [one.summary for one in told if one.case.events]
        title = "Had the standing offer been in force, and as much hung on good standing as on its community condition"
        emit(areas, CASES, as_json=False, as_csv=False, title=title, notes=[""])
        for one in told:
            if one.case.gates:
                emit(_listed(one), SHORT, as_json=False, as_csv=False, title=one.case.title)
        emit([], (), as_json=False, as_csv=False, notes=[SUPPOSED])


def _listed(one: Told) -> list[dict[str, Cell]]:
    return [{"about": about, "says": says} for about, says in one.answers.items()]


def _told(case: Case) -> Told:
    return _of_gates(gates(case)) if case.gates else _of_events(replayed(case))


# ---------------------------------------------------------------- an area and what happened there


def _of_events(found: Replay) -> Told:
    rows: list[dict[str, Cell]] = [
        {"case": found.case.id, "day": _short(one.when), "on": one.when.day.isoformat(), "grade": one.grade,
         "known_to_the": "day" if one.when.exact else "month", "what": one.what, "who": one.who, "says": one.says,
         "source": "; ".join(f"{source.title}, {source.publisher}, {source.date}" for source in one.sources),
         "address": " ".join(source.address for source in one.sources), "note": one.note}
        for one in found.rows
    ]  # fmt: skip
    answers = {
        "as the offer stands": _as_it_stands(found), **_had_it_hung(found), "in reality": _recovery(found),
        "road to the settlement": _shut(found), "at stake": _at_stake(found),
        "who would lose": f"{_upper(found.case.residents)}. {_upper(found.case.services)}.",
        "money held back": _held(found), "working together": _together(found),
    }  # fmt: skip
    return Told(found.case, rows, {about: says for about, says in answers.items() if says}, _summary(found),
                _facts(found))  # fmt: skip


def _facts(found: Replay) -> dict[str, object]:
    recovered = found.recovered
    return {
        "case": found.case.id, "area": found.case.area, "entries": found.entries,
        "missed": [[first.isoformat(), last.isoformat()] for first, last in found.shut],
        "missed_counted_from_its_end_to": found.shut_from_end.isoformat() if found.shut_from_end else None,
        "ladders": [{step: on.isoformat() for step, on in one.steps.items()} for one in found.courses],
        "taken_gbp": [one.taken / 100 for one in found.courses],
        "recovered": recovered.day.isoformat() if recovered else None,
        "recovered_known_to_the": ("day" if recovered.exact else "month") if recovered else None,
        "at_stake": [{"fund": one.title, "year": financial_year(one.year), "gbp": float(one.whole),
                      "recallable_gbp": float(one.most), "grade": one.grade} for one in found.stakes],
    }  # fmt: skip


def _summary(found: Replay) -> dict[str, Cell]:
    last = found.courses[-1] if found.courses else None
    recall = last.recall if last else None
    days = (found.recovered.day - recall).days if found.recovered and recall else None
    return {
        "case": found.case.id, "missed_from": _lines(first for first, _ in found.shut),
        "recall": _lines(one.recall for one in found.courses if one.recall),
        "recovered": _short(found.recovered) if found.recovered else f"not by {_until(found)}",
        "days_after_recall": days if days is not None else "not known",
        "at_stake_gbp_a_year": float(sum(one.whole for one in found.stakes)),
        "recallable_gbp": float(sum(one.most for one in found.stakes)),
        "shut_until": _lines(last for _, last in found.shut),
    }  # fmt: skip


def _lines(days: Iterable[dt.date]) -> str:
    return "\n".join(_short(When(one)) for one in days)


def _until(found: Replay) -> str:
    return f"{found.case.read_until:%b %Y}"


def _as_it_stands(found: Replay) -> str:
    if not found.refusal:
        return "What follows is what the deal itself says."
    tier = found.deal.tier.replace("-", " ")
    return f"At its {tier} tier, no money could have been recalled. {found.refusal} ({_upper(found.remedy)}.)"


def _had_it_hung(found: Replay) -> dict[str, str]:
    """By the year of the notice: the ladder at its soonest, and what a recall took."""
    said = {}
    for one in found.courses:
        steps = one.steps
        if one.recall is None:
            continue
        right = (steps["hearing"] - steps["cure"]).days - 1
        line = (
            f"Notice {day(steps['notice'])}; {right} days to put it right, from {day(steps['cure'])}; heard and "
            f"decided {day(steps['hearing'])}; at the soonest, recall: {day(one.recall)}, "
            f"{(one.recall - steps['notice']).days} days after the notice. Taken: £{one.taken / 100:,.0f}"
        )
        if one.given_back:
            ends = "given back on" if "restore" in steps else "lapsing by itself on"
            line += f", {ends} {day(one.given_back)}, after {(one.given_back - one.recall).days} days"
        said[f"had money hung on it, {steps['notice'].year}"] = f"{line}."
    return said


def _recovery(found: Replay) -> str:
    last = found.courses[-1] if found.courses else None
    if last is None or last.recall is None:
        return ""
    if found.recovered is None:
        return f"No end of the notice was found in what was read, up to {_until(found)}."
    gap = (found.recovered.day - last.recall).days
    took = (found.recovered.day - last.steps["notice"]).days
    when = f"{gap} days after" if gap > 0 else f"{-gap} days before"
    line = f"It recovered on: {found.recovered}. That is {took} days after the first notice, and {when} that recall."
    return line if found.recovered.exact else f"{line} (Counted to the end of the month.)"


def _shut(found: Replay) -> str:
    spells = [f"{day(first)} to {day(last)} ({months(first, last + ONE_DAY)} months)" for first, last in found.shut]
    line = f"Shut from {', and from '.join(spells)}, counted from the day of a notice, as the condition does."
    if found.shut_from_end:
        return f"{line} Counted from its end: to {day(found.shut_from_end)}."
    return f"{line} Counted from its end: not known yet."


def _at_stake(found: Replay) -> str:
    if not found.stakes:
        return "Nothing that the deal could recall."
    each = [f"{one.title} {sterling(one.whole)} ({one.grade}), of which recallable {sterling(one.most)}"
            for one in found.stakes]  # fmt: skip
    return f"In {financial_year(found.stakes[0].year)}: {'; '.join(each)}."


def _held(found: Replay) -> str:
    held = found.held
    if held is None:
        return ""
    line = f"£{held.pounds:,} from {held.since}, and no hearing was read of. Under the ladder it would have lapsed on "
    line += f"{day(held.lapses)} unless heard."
    if held.until:
        line += f" £{held.released:,} in all was to be paid {(held.until.day - held.since.day).days} days later."
    return line


def _together(found: Replay) -> str:
    one = found.together
    if one is None:
        return "The pages name no joint decision that was not reached in time."
    line = f"Year to {day(one.period_end)}: of {one.asked} joint decisions that the pages name, {one.done} in time. "
    line += f"On these alone {one.status}"
    if one.others:
        line += f"; met if at least {one.others} others fell due and came in time, which nobody counted"
    known, notice = one.period_end + ONE_DAY, found.shut[0][0]
    away = months(min(known, notice), max(known, notice))
    line += f". Known on {day(known)}, {away} months {'before' if known < notice else 'after'} the first notice"
    return f"{line}. The count weighs all decisions alike."


# ---------------------------------------------------------------- gates


def _of_gates(found: Gates) -> Told:
    rows: list[dict[str, Cell]] = [
        {"case": found.case.id, "day": _short(one.gate.when), "on": one.gate.when.day.isoformat(),
         "known_to_the": "day" if one.gate.when.exact else "month", "grade": one.gate.grade, "says": one.says,
         "what": f"{one.gate.area}: gate {one.gate.round}", "who": "the government",
         "source": "; ".join(f"{source.title}, {source.publisher}, {source.date}" for source in one.gate.sources),
         "address": " ".join(source.address for source in one.gate.sources), "note": one.gate.note}
        for one in found.rows
    ]  # fmt: skip
    facts: dict[str, object] = {
        "case": found.case.id, "passed": found.passed, "gates": len(found.rows), "waited_gbp": found.waited,
        "chance_next_passes": found.chance, "rate_at_least": found.at_least, "least_days": found.least_days,
    }  # fmt: skip
    return Told(found.case, rows, _gate_answers(found), {}, facts)


def _gate_answers(found: Gates) -> dict[str, str]:
    tried, second = len(found.rows), sum(one.gate.round == 2 for one in found.rows)
    sums = sum(one.gate.tranche > 0 for one in found.rows)
    doubts = " and ".join(f"{count} ({area})" for area, count in found.doubts)
    unseen = " ".join(
        f"{one.area} passed in {one.passed.day:%B %Y}, and was given a best value notice {one.months} months later, "
        f"on {day(one.missed)}."
        for one in found.unseen
    )
    return {
        "passed": f"{found.passed} of the {tried} outcomes that were read. Of {found.case.areas} areas in the second "
        f"round, {second}. No refusal was found.",
        "the next one": f"Passes with a chance of about {found.chance:.0%} on such a record, which shows no more "
        f"than a rate of at least {found.at_least:.0%}. So near to certain, a gate deters little.",
        "what waits": f"All of the next {found.case.years} years: £{found.waited:,} at the {sums} gates with a sum. "
        f"Months from the start of a review to its outcome, where known: {doubts}.",
        "the ladder beside it": f"At most {found.share:.0%} of one year's money, {found.least_days} days after a "
        "notice at the soonest, and only where a condition was missed.",
        "what a gate does not see": unseen,
        "who waits": f"{_upper(found.case.residents)}.",
    }  # fmt: skip


def _short(when: When) -> str:
    return f"{when.day.day} {when.day:%b %Y}" if when.exact else f"{when.day:%b %Y}"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
