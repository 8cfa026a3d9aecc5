"""How a deal stands, in one heading and a few sentences: what went wrong first, on either side, and what comes next.

Words alone; the rows, bars and steps under them are in :mod:`soke.report.register_status`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from soke.register.due import DueLine
from soke.register.scorecard import MatterLine, Scorecard
from soke.register.standing import FAILED, ConditionLine, rounded
from soke.register.steps import StepLine
from soke.report.register_rows import (
    BAD,
    KEPT,
    NEAR,
    Row,
    condition_mark,
    ended,
    government_rows,
    inside,
    many,
    period,
    place_rows,
    whose,
)
from soke.text import capital, financial_year, listed
from soke.text import day as in_words

Trouble = Literal["emergency", "recalled", "missed", "late", "overdue", "suspended", "not-in-force", "ended", "none"]
NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_PER_CENT = re.compile(r"(\d[\d.,]*)%")
LONGEST_SAID = 200
LONGEST_TITLE = 70  # letters of a title that stands in a heading
SUBJECTS: Mapping[str, str] = {  # by the indicator that is counted: what it means that a condition is missed
    "community-share": "Residents decided too little", "joint-decisions": "Partners agreed on too little in time",
    "pooled-contributions": "Too little of the pooled money came in time",
    "answers-in-time": "Too few people were answered in time", "disputes-settled": "Too few disputes were settled",
    "transfers-in-time": "Too little was handed over in time", "turnout": "Too few people voted",
    "community-delivery": "Community groups received too little",
}  # fmt: skip
STAGES = {  # by the last step that was taken
    "report": "a matter is open", "notice": "notice was given", "response": "the place has answered",
    "no-response": "no answer came", "cure": "being put right", "hearing": "the hearing was held",
    "decision": "the decision went against the place", "appeal": "under appeal", "refuse": "the appeal has failed",
    "recall": "part is taken back",
}  # fmt: skip
BREACH = {"breach": "reported", "dispute": "disputed", "find": "found", "suspend-duty": "not put right"}


@dataclass(frozen=True, slots=True)
class Finding:
    """``trouble`` is the first thing that is wrong, for lists of deals."""

    heading: str
    sentences: tuple[str, ...]
    trouble: Trouble


def finding(card: Scorecard) -> Finding:
    """The heading of a deal and what stands under it, made from its figures by rule."""
    if card.status in ("none", "proposed"):
        return Finding(_unsigned(card), tuple(_still_to_sign(card)), "not-in-force")
    since = in_words(card.status_since) if card.status_since else ""
    if card.status == "suspended":
        return Finding(f"The deal is suspended since {since}: nothing moves until both sides resume it",
                       ("Powers stay where they are, and their use waits. No money is due meanwhile.",),
                       "suspended")  # fmt: skip
    if card.status == "ended":
        return Finding(_ended(card, since), ("What was promised before that day may still be finished.",), "ended")
    return _in_force(card)


# --- before, and after ---


def _unsigned(card: Scorecard) -> str:
    if len(card.to_sign) == 1:
        return f"Nothing is in force yet: {_short(_signer(card.to_sign[0]))} has still to sign"
    return f"Nothing is in force yet: {number(len(card.to_sign))} parties have still to sign"


def _still_to_sign(card: Scorecard) -> Iterator[str]:
    yield "No power and no money moves before both sides have signed."
    if len(card.to_sign) > 1:
        yield f"Still to sign: {listed([_signer(name) for name in card.to_sign])}."


def _signer(name: str) -> str:
    return "one department of the government" if name.startswith("one of ") else inside(name)


def _ended(card: Scorecard, since: str) -> str:
    rows = place_rows(card)
    kept, total = many(rows, KEPT), many(rows)
    counted = f": {number(kept)} of {number(total)} promises of the place {_were(kept)} kept" if total else ""
    return f"The deal ended on {since}{counted}"


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


# --- in force ---


def _in_force(card: Scorecard) -> Finding:
    place, government = place_rows(card), government_rows(card)
    emergency = next((one for one in card.matters if _holds(one, "emergency")), None)
    recalled = next((one for one in card.matters if _holds(one, "condition")), None)
    wrong = [one for one in card.conditions if condition_mark(one) in BAD]
    late = _government_late(card, government)
    said = [*_facts(wrong), *_next(card.matters), *_of_government(government, late)] or [*_calm(card)]
    if emergency is not None:
        return Finding(_emergency(emergency), tuple(said), "emergency")
    if recalled is not None:
        heading = f"{_about(card, recalled)}: part of the deal is taken back{_and(late)}"
        return Finding(heading, tuple(said), "recalled")
    missed = many(place, BAD)
    if missed:
        return Finding(f"{_missed(card, wrong, missed, many(place))}{_and(late)}", tuple(said), "missed")
    if late:
        return Finding(f"{capital(late)}; the place has missed nothing", tuple(said), "late")
    overdue = [one for one in card.due if one.overdue]
    if overdue:
        return Finding(_overdue(overdue, place), tuple(_oldest(overdue)), "overdue")
    return Finding(_well(card, place), tuple(said), "none")


def _holds(matter: MatterLine, ground: str) -> bool:
    return matter.open and matter.ground == ground and bool(matter.taken) and not matter.lapsed


def _emergency(matter: MatterLine) -> str:
    what = matter.taken[0].strip('"') if len(matter.taken) == 1 else f"{number(len(matter.taken))} parts of the deal"
    until = f", at most until {in_words(matter.lapses)}" if matter.lapses else ""
    return f"In an emergency the government holds back {_short(what)}{until}"


def _about(card: Scorecard, matter: MatterLine) -> str:
    one = next((one for one in card.conditions if one.matter == matter.id), None)
    return subject(one) if one else f'"{_short(matter.title)}" was missed'


def subject(one: ConditionLine) -> str:
    """What it means that a condition is missed; of a figure that others report, its title."""
    if one.found.status == "overdue":
        return f'"{_short(one.title)}" was not reported'
    return SUBJECTS.get(one.indicator, f'"{_short(one.title)}"')


def _missed(card: Scorecard, wrong: Sequence[ConditionLine], missed: int, total: int) -> str:
    of = "the one promise" if total == 1 else f"{number(missed)} of {number(total)} promises"
    are = "is" if missed == 1 else "are"
    if not wrong:
        return f"{capital(of)} {are} missed"
    stages = [_stage(card, one) for one in wrong]
    right = stages.count("being put right")
    stage = stages[0] if missed == 1 else f"{number(right)} of them being put right" if right else ""
    return f"{subject(wrong[0])}: {of} {are} missed{f', and {stage}' if stage else ''}"


def _stage(card: Scorecard, one: ConditionLine) -> str:
    """Where the open matter about a condition stands; nothing where none is open and none was forgotten."""
    matter = next((found for found in card.matters if found.open and found.id == one.matter), None)
    if matter is None:
        return "nobody has acted" if one.untouched or one.untouched_before else ""
    return STAGES.get(_last(matter), "a matter is open")


def _last(matter: MatterLine) -> str:
    """The last step that was taken."""
    return next((step.action for step in reversed(matter.steps) if step.on is not None), "")


def _government_late(card: Scorecard, rows: Sequence[Row]) -> str:
    """What the government has not done, as half a sentence; nothing where nothing is late."""
    late = sum(fund.late for fund in card.funds)
    if late:
        return f"the government is late with {rounded(late)}"
    breach = next((one for one in card.matters if one.open and one.ground == "breach"), None)
    if breach is not None:
        return f"a breach by the government is {BREACH.get(_last(breach), 'open')}"
    bad = many(rows, BAD)
    if not bad:
        return ""
    return f"the government has not kept {number(bad)} of its {number(many(rows))} promises"


def _of_government(rows: Sequence[Row], late: str) -> Iterator[str]:
    """The first that the government has not kept, where that is not said in the heading."""
    bad = [row for row in rows if row.mark in BAD]
    if late and bad:
        more = f", and {number(len(bad) - 1)} more" if len(bad) > 1 else ""
        yield ended(f"Not kept by the government: {_short(bad[0].what.rstrip('.'), LONGEST_SAID)}{more}")


def _and(late: str) -> str:
    return f"; {late}" if late else ""


def _overdue(lines: Sequence[DueLine], place: Sequence[Row]) -> str:
    late = f"{capital(number(len(lines)))} {'thing is' if len(lines) == 1 else 'things are'} late"
    kept, total = many(place, KEPT), many(place)
    if not total:
        return late
    return f"{late}; {number(kept)} of {number(total)} promises of the place {'is' if kept == 1 else 'are'} kept so far"


def _oldest(lines: Sequence[DueLine]) -> Iterator[str]:
    """Of what is late the oldest, and how many are like it."""
    one = min(lines, key=lambda line: line.last or dt.date.max)
    since = f"Due since {in_words(one.last)}" if one.last else "Due"
    yield f"{since}: {ended(_short(one.what, LONGEST_SAID))}"
    if one.who:
        yield ended(f"It waits for {whose(one)}")


def _well(card: Scorecard, place: Sequence[Row]) -> str:
    total = many(place)
    kept, near = many(place, KEPT), many(place, NEAR)
    no_day = sum(fund.undated for fund in card.funds)
    undated = f"; no day is set for {rounded(no_day)} of the money" if no_day else ""
    if not total:
        return f"The deal is in force, and asks nothing of the place{undated}"
    if kept == total:
        return f"{capital(_all(total))} of the place {'is' if total == 1 else 'are'} kept{undated}"
    nearly = f", {number(near)} nearly" if near else ""
    if not kept:
        return f"Nothing is missed: none of {number(total)} promises is judged yet{nearly}{undated}"
    is_kept = "is kept" if kept == 1 else "are kept"
    return f"Nothing is missed: {number(kept)} of {number(total)} promises {is_kept} so far{nearly}{undated}"


def _all(total: int) -> str:
    return "the one promise" if total == 1 else "both promises" if total == 2 else f"all {number(total)} promises"


# --- the sentences under the heading ---


def _facts(wrong: Sequence[ConditionLine]) -> Iterator[str]:
    """Of the first that went wrong: what was agreed, and what came of it. Of the others their titles."""
    for one in wrong[:1]:
        yield from _fact(one)
    if len(wrong) > 1:
        yield f"Missed too: {listed([_short(one.title) for one in wrong[1:4]])}{' and more' if len(wrong) > 4 else ''}."


def _fact(one: ConditionLine) -> Iterator[str]:
    found = one.found
    failed = found if found.status in FAILED or one.before is None else one.before
    when = period(failed.period_end)
    in_it = f"In {when}" if when[0].isdigit() else f"In the period {when[0].lower()}{when[1:]}"
    if failed.value is None:
        yield f"The report for {when if when[0].isdigit() else f'the period {when.lower()}'} was due by " \
              f"{in_words(failed.due)}."  # fmt: skip
        return
    if one.indicator == "community-share" and failed.count is not None:
        yield f"Residents were to decide {_PER_CENT.sub(_of_a_hundred, one.asks)} of the deal's running money."
        yield f"{in_it} they decided {_shared(failed.count.done, failed.count.asked)}."
        return
    yield f"{capital(one.asks)} was agreed."
    if failed.count is not None and failed.count.asked and one.counts == "things":
        yield f"{in_it} it was {failed.count.done:,} of {failed.count.asked:,}."
    else:
        so_far = one.before_so_far if failed is one.before else one.so_far
        yield ended(f"{in_it} it was {so_far}")


def _of_a_hundred(match: re.Match[str]) -> str:
    return f"£{match[1]} of each £100"


def _shared(done: int, asked: int) -> str:
    """A share of money, as pence or pounds of each £100."""
    if not done:
        return "nothing"
    of_a_hundred = 10_000 * done / asked if asked else 0.0  # pence
    if of_a_hundred < 1:
        return "less than 1p of each £100"
    said = f"{of_a_hundred:.0f}p" if of_a_hundred < 99.5 else f"£{of_a_hundred / 100:.2f}".removesuffix(".00")
    return f"{said} of each £100"


def _next(matters: Sequence[MatterLine]) -> Iterator[str]:
    """What comes next in the first open matter: an emergency, then what is about a condition, then a breach."""
    order = ("emergency", "condition", "breach")
    for matter in sorted((one for one in matters if one.open), key=lambda one: order.index(one.ground))[:1]:
        if matter.ground == "breach":
            yield f"A breach by the government is {BREACH.get(_last(matter), 'open')}."
        yield from next_step(matter)


def next_step(matter: MatterLine) -> Iterator[str]:
    """Where a matter is now, by whom it goes on, and until when: one or two short sentences."""
    now = next((step for step in matter.steps if step.stands == "now"), None)
    if matter.lapsed and matter.lapses is not None:
        yield f"The control lapsed on {in_words(matter.lapses)}, and has to be given back."
    elif now is not None:
        yield from _now(now, matter)


def _now(now: StepLine, matter: MatterLine) -> Iterator[str]:
    since = f" since {in_words(now.on)}" if now.on else ""
    first = f" from {in_words(now.first)}" if now.first else " now"
    until = f" until {in_words(now.last)}" if now.last else ""
    lapses = f" That ends by itself on {in_words(matter.lapses)}, if not before." if matter.lapses else ""
    said = {
        "notice": "The government can now give notice, with reasons.",
        "response": f"The place can answer{until}.",
        "cure": f"The place has time{until} to put it right. Then there can be a hearing."
                if now.on else f"The time to put it right can begin{first}.",
        "hearing": f"There can be a hearing{first}.",
        "decision": "The decision comes next.",
        "appeal": "The place has appealed. A court decides." if now.on else f"The place can appeal{until}.",
        "recall": f"Part of the deal is taken back{since}.{lapses}" if now.on else f"Part can be taken back{first}.",
        "suspend": f"It is held back{since}.{lapses}", "keep": f"It is held back{since}.{lapses}" if now.on else
                   f"Whether it is kept back is to be decided{until}.{lapses}",
        "dispute": f"The government can answer{until}.", "find": "Whether there was a breach is to be decided.",
        "suspend-duty": f"The place has suspended its own duty{since}." if now.on else
                        f"The place can suspend its own matching duty{first}.",
    }  # fmt: skip
    if now.action in said:
        yield said[now.action]


def _calm(card: Scorecard) -> Iterator[str]:
    """Where nothing is wrong: what was agreed and not allotted, and what is due next."""
    if card.not_allotted_pence:
        years = listed([financial_year(year) for year in card.not_allotted_years[:3]])
        more = " and later" if len(card.not_allotted_years) > 3 else ""
        yield f"{rounded(card.not_allotted_pence)} was agreed for {years}{more} and is not allotted."
    coming = next((one for one in card.due if one.last is not None and not one.overdue), None)
    if coming is not None and coming.last is not None:
        yield f"Due next, by {in_words(coming.last)}: {ended(_short(coming.what, LONGEST_SAID))}"


# --- words ---


def number(count: int) -> str:
    """``three``; from thirteen on in figures."""
    return NUMBERS[count] if count < len(NUMBERS) else f"{count:,}"


def _short(title: str, longest: int = LONGEST_TITLE) -> str:
    return title if len(title) <= longest else f"{title[: longest - 1].rstrip(' ,;')}…"
