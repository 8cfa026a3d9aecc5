"""A replay of real life in sentences: what the recall ladder would have said of things that happened."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from soke.register.replay import Replay
from soke.register.replay import replay as replayed
from soke.register.replay_case import Case, When
from soke.register.replay_gates import Gates, gates, months
from soke.text import capital, day, financial_year, sterling

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
    """A case that was tried, and in ``answers`` what came of it, a sentence each, by what it is about.

    It is of an area and what happened there (``replay``), or of the gates of many areas (``gates``).
    """

    case: Case
    answers: dict[str, str]
    replay: Replay | None = None
    gates: Gates | None = None


def tell_case(case: Case) -> Told:
    """Try a case under its deal. SokeError where the deal cannot be read or lacks what the facts name."""
    if case.gates:
        tried = gates(case)
        return Told(case, _gate_answers(tried), gates=tried)
    replay = replayed(case)
    return Told(case, _event_answers(replay), replay=replay)


def short(when: When) -> str:
    """``5 Mar 2024``; ``Mar 2025`` where the day is not known."""
    return f"{when.day.day} {when.day:%b %Y}" if when.exact else f"{when.day:%b %Y}"


def until(replay: Replay) -> str:
    """The month up to which anything was read."""
    return f"{replay.case.read_until:%b %Y}"


# ---------------------------------------------------------------- an area and what happened there


def _event_answers(replay: Replay) -> dict[str, str]:
    answers = {
        "as the offer stands": _as_it_stands(replay), **_had_it_hung(replay), "in reality": _recovery(replay),
        "road to the settlement": _shut(replay), "at stake": _at_stake(replay),
        "who would lose": f"{capital(replay.case.residents)}. {capital(replay.case.services)}.",
        "money held back": _held(replay), "working together": _together(replay),
    }  # fmt: skip
    return {about: says for about, says in answers.items() if says}


def _as_it_stands(replay: Replay) -> str:
    if not replay.refusal:
        return "What follows is what the deal itself says."
    tier = replay.deal.tier.replace("-", " ")
    return f"At its {tier} tier, no money could have been recalled. {replay.refusal} ({capital(replay.remedy)}.)"


def _had_it_hung(replay: Replay) -> dict[str, str]:
    """By the year of the notice: the ladder at its soonest, and what a recall took."""
    said = {}
    for one in replay.courses:
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


def _recovery(replay: Replay) -> str:
    last = replay.courses[-1] if replay.courses else None
    if last is None or last.recall is None:
        return ""
    if replay.recovered is None:
        return f"No end of the notice was found in what was read, up to {until(replay)}."
    gap = (replay.recovered.day - last.recall).days
    took = (replay.recovered.day - last.steps["notice"]).days
    when = f"{gap} days after" if gap > 0 else f"{-gap} days before"
    line = f"It recovered on: {replay.recovered}. That is {took} days after the first notice, and {when} that recall."
    return line if replay.recovered.exact else f"{line} (Counted to the end of the month.)"


def _shut(replay: Replay) -> str:
    spells = [f"{day(first)} to {day(last)} ({months(first, last + ONE_DAY)} months)" for first, last in replay.shut]
    line = f"Shut from {', and from '.join(spells)}, counted from the day of a notice, as the condition does."
    if replay.shut_from_end:
        return f"{line} Counted from its end: to {day(replay.shut_from_end)}."
    return f"{line} Counted from its end: not known yet."


def _at_stake(replay: Replay) -> str:
    if not replay.stakes:
        return "Nothing that the deal could recall."
    each = [f"{one.title} {sterling(one.whole)} ({one.grade}), of which recallable {sterling(one.most)}"
            for one in replay.stakes]  # fmt: skip
    return f"In {financial_year(replay.stakes[0].year)}: {'; '.join(each)}."


def _held(replay: Replay) -> str:
    held = replay.held
    if held is None:
        return ""
    line = f"£{held.pounds:,} from {held.since}, and no hearing was read of. Under the ladder it would have lapsed on "
    line += f"{day(held.lapses)} unless heard."
    if held.until:
        line += f" £{held.released:,} in all was to be paid {(held.until.day - held.since.day).days} days later."
    return line


def _together(replay: Replay) -> str:
    one = replay.together
    if one is None:
        return "The pages name no joint decision that was not reached in time."
    line = f"Year to {day(one.period_end)}: of {one.asked} joint decisions that the pages name, {one.done} in time. "
    line += f"On these alone {one.status}"
    if one.others:
        line += f"; met if at least {one.others} others fell due and came in time, which nobody counted"
    known, notice = one.period_end + ONE_DAY, replay.shut[0][0]
    away = months(min(known, notice), max(known, notice))
    line += f". Known on {day(known)}, {away} months {'before' if known < notice else 'after'} the first notice"
    return f"{line}. The count weighs all decisions alike."


# ---------------------------------------------------------------- gates


def _gate_answers(tried: Gates) -> dict[str, str]:
    outcomes, second = len(tried.rows), sum(one.gate.round == 2 for one in tried.rows)
    sums = sum(one.gate.tranche > 0 for one in tried.rows)
    doubts = " and ".join(f"{count} ({area})" for area, count in tried.doubts)
    unseen = " ".join(
        f"{one.area} passed in {one.passed.day:%B %Y}, and was given a best value notice {one.months} months later, "
        f"on {day(one.missed)}."
        for one in tried.unseen
    )
    return {
        "passed": f"{tried.passed} of the {outcomes} outcomes that were read. Of {tried.case.areas} areas in the "
        f"second round, {second}. No refusal was found.",
        "the next one": f"Passes with a chance of about {tried.chance:.0%} on such a record, which shows no more "
        f"than a rate of at least {tried.at_least:.0%}. So near to certain, a gate deters little.",
        "what waits": f"All of the next {tried.case.years} years: £{tried.waited:,} at the {sums} gates with a sum. "
        f"Months from the start of a review to its outcome, where known: {doubts}.",
        "the ladder beside it": f"At most {tried.share:.0%} of one year's money, {tried.least_days} days after a "
        "notice at the soonest, and only where a condition was missed.",
        "what a gate does not see": unseen,
        "who waits": f"{capital(tried.case.residents)}.",
    }  # fmt: skip
