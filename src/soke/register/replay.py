"""Replay of real life: what would this ladder have said, when, and at what cost to whom?

Three best value notices and the gateway reviews, as files of graded facts (``replays/``), are tried under the shipped
standing offer, each area with a small deal of its own. All of it is supposition: no area held such a deal, and no law
knows such a recall. As the offer stands, a notice recalls nothing; so the same facts are tried again with as much
hanging on good standing as the deal hangs on its community condition. Every day and sum below is worked out from the
files by the rules of the register (:mod:`soke.register.replay_ladder`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from soke.deal.condition import Condition
from soke.deal.counts import JointDecision, Records, Word
from soke.deal.evaluation import evaluate_count, evaluate_standing
from soke.deal.ladder import Matter, due, step, window
from soke.deal.packaged import OFFER, OFFERS
from soke.deal.reader import load_deal
from soke.deal.types import Deal
from soke.england.places import places
from soke.errors import SokeError
from soke.register.replay_case import NOTICE, Case, Event, Source, When
from soke.register.replay_ladder import LadderAtItsSoonest
from soke.register.state import DealState, OpenMatter
from soke.text import day as in_words

STANDING, TOGETHER, HANGS_AS = "good-standing", "partners-decide", "communities-decide"
DAY = dt.timedelta(1)
MOST_OTHERS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A fact, and what the ladder says on its day."""

    when: When
    what: str
    who: str
    sources: tuple[Source, ...]
    grade: str
    says: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One matter at its soonest: the day of each step, how it ended, and pence that a recall took."""

    steps: dict[str, dt.date]
    taken: int

    @property
    def recall(self) -> dt.date | None:
        return self.steps.get("recall")

    @property
    def given_back(self) -> dt.date | None:
        return self.steps.get("restore") or self.steps.get("lapse")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stake:
    """A fund in the year of a recall: pounds in all, and the most that could be recalled."""

    title: str
    year: int
    whole: Decimal
    most: Decimal
    grade: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Money that was held back in reality; ``lapses``: when the ladder would have ended that without a hearing."""

    pounds: int
    since: When
    lapses: dt.date
    released: int
    until: When | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Joint decisions that the sources name, and how many others, all in time, would have met the condition."""

    period_end: dt.date
    done: int
    asked: int
    status: str
    others: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """``shut``: spells in which good standing was missed, counted from the day of each notice, as the condition does;
    ``shut_from_end``: the last day of the last one, counted from the end of the notice instead, where it is known."""

    case: Case
    deal: Deal
    rows: tuple[Row, ...]
    refusal: str
    remedy: str
    courses: tuple[Course, ...]
    recovered: When | None
    shut: tuple[tuple[dt.date, dt.date], ...]
    shut_from_end: dt.date | None
    stakes: tuple[Stake, ...]
    held: Held | None
    together: Together | None
    entries: int


def replay(case: Case) -> Replay:
    """A case of events, tried under its deal. SokeError where the deal cannot be read or lacks what the facts name."""
    deal = load_deal(case.deal, places())
    standing = condition_of(deal, STANDING, case)
    _check(case, deal)
    text, framework = case.deal.read_text(encoding="utf-8"), (OFFER / "england.toml").read_text(encoding="utf-8")
    stands = LadderAtItsSoonest(case, deal.id, text, framework)
    for _ in stands.days():
        pass
    stands.finish()
    hung = LadderAtItsSoonest(case, deal.id, text + _hung(deal, case), framework)
    rows = tuple(_row(hung.state, event) for event in hung.days())
    hung.finish()
    matters = [matter for matter in hung.state.matters.values() if matter.ground == "condition"]
    notices = [event.when.day for event in case.events if event.kind == NOTICE]
    ends = [event.when.day for event in case.events if event.ends]
    ended = {name for event in case.events for name in event.ends}
    last = next((event for event in reversed(case.events) if event.kind == NOTICE), None)
    return Replay(
        case=case, deal=deal, rows=rows, refusal=stands.refused.fact if stands.refused else "", remedy=standing.remedy,
        courses=tuple(_course(matter) for matter in matters), entries=len(hung.entries),
        recovered=next((event.when for event in reversed(case.events) if event.recovered), None),
        shut=tuple(_spells(standing, notices)),
        shut_from_end=_spells(standing, sorted(notices + ends))[-1][1] if last and last.id in ended else None,
        stakes=tuple(_stakes(hung.state, matters)), held=_held(hung.state, case), together=_together(hung.state),
    )  # fmt: skip


def _check(case: Case, deal: Deal) -> None:
    if deal.framework.id not in OFFERS:
        raise SokeError("A replay tries the standing offer, and the deal extends another.", f"Extend {OFFERS[0]}.",
                        str(case.deal))  # fmt: skip
    other = next((event.condition for event in case.events if event.condition not in ("", STANDING)), "")
    if other:
        raise SokeError(f'A fact names the condition "{other[:80]}".', f"A replay follows {STANDING} alone.", case.id)
    if not any(event.kind == NOTICE for event in case.events):
        raise SokeError("No fact of the case is a public notice.", f"Give one the kind {NOTICE}.", case.id)


def condition_of(deal: Deal, named: str, case: Case) -> Condition:
    """SokeError where the case's deal has no such condition."""
    condition = next((condition for condition in deal.conditions if condition.id == named), None)
    if condition is None:
        raise SokeError(f'The deal has no condition "{named}".', "Name a deal that has it.", str(case.deal))
    return condition


def _hung(deal: Deal, case: Case) -> str:
    """What to add to the deal so that as much hangs on good standing as on its community condition."""
    if condition_of(deal, STANDING, case).recall is not None:
        return ""
    recall = condition_of(deal, HANGS_AS, case).recall
    if recall is None:
        raise SokeError(f'Nothing hangs on the condition "{HANGS_AS}".', "Give it a recall.", str(case.deal))
    scope = ", ".join(f'"{named}"' for named in recall.scope)
    share = recall.max_share_of_fund
    return f'\n[[condition]]\nid = "{STANDING}"\nrecall = {{ scope = [{scope}], max_share_of_fund = {share} }}\n'


# ---------------------------------------------------------------- what the ladder says on a day


def _row(state: DealState, event: Event) -> Row:
    return Row(when=event.when, what=event.what, who=event.who, sources=event.sources, grade=event.grade,
               says=_says(state, event), note=event.note)  # fmt: skip


def _says(state: DealState, event: Event) -> str:
    on, said = event.when.day, []
    matters = [matter for matter in state.matters.values() if matter.ground == "condition"]
    matter = matters[-1] if matters else None
    new = matter is not None and matter.matter.taken[0].on == on and event.kind == NOTICE
    if event.kind == NOTICE:
        said.append("Good standing is missed." if new else "Good standing stays missed, counted anew from here.")
    elif event.recovered:
        standing = state.condition(STANDING)
        until = _spells(standing, state.notices.get(STANDING, ()))
        said += [f"Good standing is met again only on {in_words(until[-1][1] + DAY)}."] if until else []
    elif event.decisions:
        said.append(_of_decisions(state, event))
    elif event.held_back:
        lapses = _lapses(state, on)
        said.append(f"Held back without notice: unless heard by {in_words(lapses - DAY)}, it lapses.")
    else:
        said.append("No condition tests this.")
    if matter is not None:
        said.append(_stage(state, matter, on))
    return " ".join(sentence for sentence in said if sentence)


def _stage(state: DealState, matter: OpenMatter, on: dt.date) -> str:
    """Where a matter stands on a day, at its soonest."""
    stands, steps = matter.matter.state, {taken.action: taken.on for taken in matter.matter.taken}
    first = {row.action: window(row, matter.matter)[0] for row in matter.ladder.leaving(stands)}
    process, said = matter.ladder.process, ""
    if stands == "answered":
        right = first["cure"] + process.cure_days * DAY
        notice = "The government could give notice at once;" if steps["notice"] == on else "The notice runs;"
        said = f"{notice} then the place has until {in_words(right)} to put it right."
    elif stands == "curing":
        said = f"The place has until {in_words(first['hearing'] - DAY)} to put it right."
    elif stands == "decided":
        judge = state.party_name(process.decision_by)
        said = f"{judge}: heard and decided on {in_words(steps['decision'])}. "
        said += f"The government could recall from {in_words(first['recall'])}."
    elif stands == "recalled":
        said = f"Could have been recalled since {in_words(steps['recall'])}."
    elif steps.get("restore") == on:
        said = f"What had been recalled would be given back, after {(on - steps['recall']).days} days."
    elif "lapse" in steps:
        said = f"The recall of {in_words(steps['recall'])} has lapsed."
    return said


def _of_decisions(state: DealState, event: Event) -> str:
    end = _year_end(state, event.when.day)
    count = state.evaluation(TOGETHER, end, event.when.day + DAY).count
    assert count is not None
    late = "Too late to count as in time. " if event.kind == "decision.confirmed" else ""
    return f"{late}Of the joint decisions named so far, {count.done} of {count.asked} in time; the year runs on."


def _lapses(state: DealState, on: dt.date) -> dt.date:
    """When an emergency hold that began on a day would lapse without a hearing."""
    ladder, giver = state.terms.ladder, state.parties("giver")[0]
    matter = step(ladder, Matter(subject="emergency", scope=("money",)), "suspend", giver, on, "held back")
    return next(waiting.first for waiting in due(ladder, matter, on) if waiting.action == "lapse")


# ---------------------------------------------------------------- what came of it


def _course(matter: OpenMatter) -> Course:
    steps = {taken.action: taken.on for taken in matter.matter.taken}
    return Course(steps=steps, taken=sum(taking.pence for taking in matter.takes))


def _spells(standing: Condition, events: Sequence[dt.date]) -> list[tuple[dt.date, dt.date]]:
    """The spells of days, both ends included, on which the condition is missed."""
    spells: list[tuple[dt.date, dt.date]] = []
    longest = 31 * (standing.none_in_last_months or 0) + 31
    for event in sorted(events):
        later = (event + n * DAY for n in range(longest))
        until = next(day for day in later if evaluate_standing(standing, [event], day).status != "missed") - DAY
        if spells and event <= spells[-1][1]:
            spells[-1] = (spells[-1][0], until)
        else:
            spells.append((event, until))
    return spells


def _stakes(state: DealState, matters: Sequence[OpenMatter]) -> list[Stake]:
    """By fund, in the financial year of the last recall."""
    recalled = [matter for matter in matters if matter.takes]
    if not recalled:
        return []
    matter = recalled[-1]
    on = matter.matter.on("recall")
    year = next((taking.year for taking in matter.takes if taking.fund), on.year if on else 0)
    stakes = []
    for fund in state.deal.funds:
        whole = -state.ledger.total("promised", fund=fund.id, year=year)
        if whole:
            most = Decimal(state.reach(matter, fund, year)) / 100
            stakes.append(Stake(title=fund.title, year=year, whole=Decimal(whole) / 100, most=most,
                               grade=fund.grade or "estimate"))  # fmt: skip
    return stakes


def _held(state: DealState, case: Case) -> Held | None:
    held = next((event for event in case.events if event.held_back), None)
    if held is None:
        return None
    freed = next((event for event in case.events if event.released), None)
    return Held(pounds=held.held_back, since=held.when, lapses=_lapses(state, held.when.day),
                released=freed.released if freed else 0, until=freed.when if freed else None)  # fmt: skip


def _together(state: DealState) -> Together | None:
    """The year in which the first joint decision fell due, once it is over; and what others would have had to be."""
    decisions = tuple(state.partners.decisions.values())
    if not decisions:
        return None
    condition = state.condition(TOGETHER)
    end = _year_end(state, decisions[0].due)
    evaluation = state.evaluation(TOGETHER, end, end + DAY)
    assert evaluation.count is not None
    indicator = state.indicator(condition.indicator or "")
    others = None
    for number in range(MOST_OTHERS):
        records = Records(decisions=(*decisions, *(_in_time(n, end) for n in range(number))))
        if evaluate_count(condition, indicator, records, end, end + DAY).status == "met":
            others = number
            break
    count = evaluation.count
    return Together(period_end=end, done=count.done, asked=count.asked, status=evaluation.status, others=others)


def _year_end(state: DealState, on: dt.date) -> dt.date:
    """The end of the period that a day falls in. SokeError where the deal does not cover it."""
    for end in state.periods(state.condition(TOGETHER)):
        if end - dt.timedelta(366) < on <= end:
            return end
    raise SokeError(f"The deal does not cover {in_words(on)}.", "Let it, and its conditions, start earlier.", state.id)


def _in_time(number: int, end: dt.date) -> JointDecision:
    word = Word(partner="councils", said="confirmed", on=end)
    return JointDecision(id=f"other-{number}", partners=("councils",), asked=end - DAY, due=end, words=(word,))
