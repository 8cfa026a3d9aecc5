"""Skills: what learners gain in pay and work, where what they learn is what local work needs.

    gain of a learner = wage return of the level x match x (1 - deadweight) x share who stay
    pay gained        = learners so far x gain x median pay of the place
    output gained     = pay gained x (1 + spillover) x (1 + employers' insurance) / labour share, at their workplaces
    jobs              = learners so far x match x (1 - deadweight) x share who stay x gain in the chance of work

``match`` is the share of learning places funded where the place's jobs, by level and sector, exceed its people's. A
budget that only moves buys the same places as before: all that the deal can change is the match, by ``skills_match``
of the scenario, at most a tenth; learners are the budget over the cost per client. Across authorities a point more of
people at level 3 goes with .87 per cent more pay, four to nine times the private return: places sort people. The return
is used. So most of a gap in pay with England is who lives there, and what a deal's skills close of it is held at the
rest, 1 - ``skl.share.sort``; a place that is paid no less than England has no gap and no such bound.

A learner's gain begins in the year after and lasts. Output and taxes follow through output a job; jobs by the ledger.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from soke.deal.types import Investment
from soke.england.baseline import Baseline, Floats
from soke.evidence import Draws, Parameter
from soke.model.economy import job_value
from soke.model.economy.employment import people_of, people_stated, running
from soke.model.economy.trend import Country
from soke.model.money.investments import Frame

CHANNEL, FUNCTION = "skills", "skills"
RETURNS = (
    "skl.ret.l2_nvq", "skl.ret.l2_btec", "skl.ret.l3_nvq", "skl.ret.l3_btec", "skl.ret.l3_rsa", "skl.ret.app3",
    "skl.ret.degree",
)  # fmt: skip
OF_A_BUDGET = "skl.ret.l3_nvq"  # what a moved budget buys is not said: the lower of the vocational returns at level 3
COST, DEADWEIGHT, SORTING = "emp.cost.client", "add.dead.regen", "skl.share.sort"
DRAWN = (*RETURNS, "skl.match", "skl.stay", "skl.emp.l3", "skl.spill", DEADWEIGHT, COST, SORTING)
WITH_WORK = ("skl.ret.l3", "skl.ret.app3")  # beginnings of the returns for which a gain in work was measured
WEEKS, PAY_YEAR = 52.0, 2022  # median pay is a week's, of this year


@dataclass(frozen=True, slots=True)
class Course:
    """``learners`` (year,) a year: a factor on the drawn number ``people``, or real GBP million where ``people`` is
    none. ``rise`` of the match that the deal brings; none: its whole gain is the deal's. ``share`` (home,)."""

    learners: Floats
    people: str | None
    level: str  # id of the return
    share: Floats
    rise: float | None = None


@dataclass(frozen=True, slots=True)
class Lever:
    """The courses of a deal; none as is."""

    courses: tuple[Course, ...] = ()
    homes: tuple[int, ...] = ()
    pay: Floats = field(default_factory=lambda: np.zeros(0))  # (home,) median, real GBP million a year
    workers: Floats = field(default_factory=lambda: np.zeros(0))  # (home,) residents in work
    gap: float = 0.0  # log of England's median pay over the area's; nought where the area is paid no less


@dataclass(slots=True)
class State:
    """What the draws give; (draw, home) learners so far by what they gain."""

    lever: Lever
    drawn: Mapping[str, Floats]  # (draw, 1)
    people: Mapping[str, Floats]  # (draw, 1)
    raised: Floats  # learners x gain in pay, relative
    in_work: Floats  # learners x gain in the chance of work


def own_parameters(investment: Investment) -> list[Parameter]:
    """How many learners there are a year is the deal's figure."""
    return people_stated(investment, CHANNEL, "Learners")


def lever(frame: Frame) -> Lever:
    """The deal's courses, and its skills budgets that only move where the scenario says that they match better."""
    courses = [_course(frame, investment, effect) for investment, effect in frame.ahead(CHANNEL)]
    if frame.scenario.skills_match:
        courses += _budgets(frame)
    if not courses:
        return Lever()
    homes, base = list(frame.members), frame.baseline
    pay = np.array([frame.prices.real_million(week * WEEKS, PAY_YEAR, "cash") for week in base["median_pay"][homes]])
    workers = base["population_16_64"] * base["employment_rate"] / 100.0
    return Lever(tuple(courses), frame.members, pay, workers[homes], pay_gap(base, homes))


def _course(frame: Frame, investment: Investment, effect: float) -> Course:
    homes = np.array(frame.members)
    share = frame.share(investment, homes, "population_16_64")
    level = f"skl.ret.{investment.effect.level}"
    return Course(effect * running(frame, investment), people_of(investment), level, share)


def _budgets(frame: Frame) -> list[Course]:
    people = frame.baseline["population_16_64"][list(frame.members)]
    rise, share = frame.scenario.skills_match, people / people.sum()
    moved = [flow for flow in frame.flows if flow.fund.function == FUNCTION and flow.fund.kind.spent_before]
    return [Course(flow.deal, None, OF_A_BUDGET, share, rise) for flow in moved]


def pay_gap(baseline: Baseline, members: list[int]) -> float:
    """Log of England's median pay over the area's, means by residents in work; nought where the area's is no less."""
    workers, pay = baseline["population_16_64"] * baseline["employment_rate"], baseline["median_pay"]
    area = np.average(pay[members], weights=workers[members])
    return max(0.0, float(np.log(np.average(pay, weights=workers) / area)))


def start(lever: Lever, draws: Draws) -> State:
    """Nobody taught yet."""
    none = np.zeros((len(draws), len(lever.homes)))
    drawn = {name: draws[name][:, None] for name in (*DRAWN, *job_value.DRAWN)}
    people = {course.people: draws[course.people][:, None] for course in lever.courses if course.people}
    return State(lever, drawn, people, none, none.copy())


def advance(country: Country, state: State, year: int, log_output: Floats) -> Floats | None:
    """Job-years of residents, (draw, home), None without a course; what they produce more is added to ``log_output``
    (draw, place), in place. The year's learners gain from the next year on."""
    lever = state.lever
    if not lever.courses:
        return None
    jobs = state.in_work.copy()
    if state.raised.any():
        produced = output_gained(state) @ country.commuting.shares[list(lever.homes)]
        log_output += np.log1p(produced / (country.base.gva * np.exp(log_output)))
    for course in lever.courses:
        _teach(state, course, year)
    return jobs


def _teach(state: State, course: Course, year: int) -> None:
    """The learners of one course in a year join those before them."""
    drawn = state.drawn
    number = course.learners[year] * (state.people[course.people] if course.people else 1e6 / drawn[COST])
    match = drawn["skl.match"] if course.rise is None else course.rise
    count = number * course.share * match * (1.0 - drawn[DEADWEIGHT]) * drawn["skl.stay"]
    state.raised += count * drawn[course.level]
    if course.level.startswith(WITH_WORK):
        state.in_work += count * drawn["skl.emp.l3"]


def pay_gained(state: State) -> Floats:
    """What learners are paid more, real GBP million a year (draw, home), held at the part of the pay gap that is the
    place's own."""
    lever = state.lever
    gained = state.raised * lever.pay
    if not lever.gap:
        return gained
    relative = gained.sum(axis=1, keepdims=True) / (lever.pay @ lever.workers)
    most = (1.0 - state.drawn[SORTING]) * lever.gap
    return np.asarray(gained * np.minimum(1.0, most / np.maximum(relative, 1e-12)))


def output_gained(state: State) -> Floats:
    """What is produced more, real GBP million a year (draw, home): pay, its spillover, and its cost to employers."""
    drawn = state.drawn
    cost = (1.0 + drawn["job.nics.employer"]) / drawn["job.labour_share"]
    return np.asarray(pay_gained(state) * (1.0 + drawn["skl.spill"]) * cost)
