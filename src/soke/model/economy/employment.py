"""Employment programmes: net jobs, never gross, with an effect of the deal's area and of each district in it.

    net effect[i] = mean + sd of areas x Z + sd of districts x z[i]     a chance, per person supported
    stock'[i]     = (1 - exit) stock[i] + people[i] x net effect[i]
    in the year   = (1 - exit) stock[i] + half of those who enter       they start evenly over the year

Z is drawn once for all places of a deal: the trials differ between city regions, by more than the mean effect, so that
about one area in four should expect to lose jobs by a programme. People are supported where people are out of work.

Two caps hold it to what has been tried, both over those out of work and within reach, r = people of 16 to 64 x (1 -
employment rate) x share within reach: people supported a year at most ``emp.cap.people`` x r, and net jobs in hand at
most ``emp.cap.jobs`` x r. What a job is worth, and whom it displaces, is said in :mod:`soke.model.economy.entrants`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from soke.deal.types import Investment
from soke.england.baseline import Floats
from soke.evidence import Draws, Parameter, stated
from soke.model.money import moved_money
from soke.model.money.investments import Frame

REACH = "emp.reach"
CAP_PEOPLE, CAP_JOBS = "emp.cap.people", "emp.cap.jobs"
DRAWN = (
    "emp.effect.mean", "emp.effect.sd.cityregion", "emp.effect.sd.district", "emp.first_year", "add.decay.job", REACH,
    CAP_PEOPLE, CAP_JOBS,
)  # fmt: skip
DISTRICTS, AREAS = "emp.effect", "emp.effect.area"  # deviates by place; the first place of an area stands for it
CHANNEL = "employment"
HERE, HERE_MEANS = "emp.effect (mean here)", "Net effect of programmes, mean of the area"


@dataclass(frozen=True, slots=True)
class Programme:
    """``people``: id of the drawn number supported a year; ``share`` (home,) adds to 1; ``active`` (year,) 0 or 1, and
    GBP million where it is money that supports people (:mod:`soke.model.money.moved_money`)."""

    id: str
    people: str
    effect: float  # 1 for new money; the scenario's gain for money that only moves
    share: Floats
    active: Floats


@dataclass(frozen=True, slots=True)
class Lever:
    """The programmes of a deal; none as is. ``homes``: the deal's places; ``out_of_work`` (home,) persons."""

    programmes: tuple[Programme, ...] = ()
    homes: tuple[int, ...] = ()
    out_of_work: Floats = field(default_factory=lambda: np.zeros(0))


@dataclass(slots=True)
class State:
    """What the draws give, and the net jobs in hand. (draw, home), (draw, 1), or (draw,) for ``people``."""

    lever: Lever
    people: Mapping[str, Floats]  # supported a year, by the id of the parameter
    effects: Floats  # net chance of a job per person supported
    first_year: Floats  # part of the year of entry that is worked
    leaving: Floats  # share of jobs lost again in a year
    most_people: Floats
    most_jobs: Floats
    jobs: Floats  # net, at the end of the year


def people_of(investment: Investment) -> str:
    """The id of the drawn number of people that an investment supports or teaches a year."""
    return f"{investment.id}.people"


def own_parameters(investment: Investment) -> list[Parameter]:
    """How many people a programme supports is the deal's figure."""
    return people_stated(investment, CHANNEL, "People supported")


def people_stated(investment: Investment, channel: str, who: str) -> list[Parameter]:
    """The number of people a year that an investment of a channel states; ``who`` they are, in words."""
    people = investment.effect.people_a_year
    if people is None or investment.effect.channel != channel:
        return []
    title = f"{who} a year by {investment.title}"
    return [stated(people_of(investment), title, people, "people a year", "lognormal", "deal")]


def lever(frame: Frame) -> Lever:
    """The deal's programmes, each active from opening for as long as its fund pays; and the people whom money that only
    moves supports, as far as it acts."""
    homes, ahead, moved = frame.members, frame.ahead(CHANNEL), moved_money.acting(frame).support
    if not ahead and not moved.any():
        return Lever()
    idle = frame.baseline.out_of_work[list(homes)]
    programmes = []
    for investment, effect in ahead:
        share = np.where(np.isin(homes, frame.expand(investment.places)), idle, 0.0)
        programmes.append(
            Programme(investment.id, people_of(investment), effect, share / share.sum(), running(frame, investment))
        )
    if moved.any():
        programmes.append(Programme(moved_money.COST, moved_money.COST, 1.0, idle / idle.sum(), moved))
    return Lever(tuple(programmes), homes, idle)


def running(frame: Frame, investment: Investment) -> Floats:
    """(year,) 1 from the opening of an investment for as long as its fund pays, else 0."""
    paid = next((flow.deal for flow in frame.flows if flow.fund.id == investment.fund), np.zeros(len(frame.years)))
    return np.where(np.array(frame.years) >= investment.opens, (paid > 0).astype(float), 0.0)


def start(lever: Lever, draws: Draws) -> State:
    """No jobs yet."""
    homes = list(lever.homes)
    reach = draws[REACH][:, None] * lever.out_of_work
    return State(
        lever=lever,
        people={programme.people: _people(programme.people, draws) for programme in lever.programmes},
        effects=effects_here(draws, homes),
        first_year=draws["emp.first_year"][:, None],
        leaving=draws["add.decay.job"][:, None],
        most_people=draws[CAP_PEOPLE][:, None] * reach,
        most_jobs=draws[CAP_JOBS][:, None] * reach,
        jobs=np.zeros((len(draws), len(homes))),
    )


def _people(name: str, draws: Draws) -> Floats:
    """(draw,) supported a year; for each GBP million where money supports them. Its cost is drawn with skills'."""
    return np.asarray(moved_money.supported(draws[name])) if name == moved_money.COST else draws[name]


def advance(state: State, year: int) -> Floats | None:
    """Net jobs of residents in a year, in job-years (draw, home); None before any programme. The state moves."""
    if not any(programme.active[: year + 1].any() for programme in state.lever.programmes):
        return None
    entering = held(_supported(state, year), state.most_people) * state.effects
    staying = (1.0 - state.leaving) * state.jobs
    state.jobs = np.minimum(staying + entering, state.most_jobs)
    return np.minimum(staying + state.first_year * entering, state.most_jobs)


def _supported(state: State, year: int) -> Floats:
    """People supported in a year by all programmes, (draw, home)."""
    supported = np.zeros_like(state.jobs)
    for programme in state.lever.programmes:
        people = programme.effect * programme.active[year] * state.people[programme.people]
        supported += people[:, None] * programme.share
    return supported


def asked(lever: Lever, table: Mapping[str, Parameter]) -> tuple[float, float]:
    """People whom all programmes would support in their fullest year, at the high end of what the deal says, and the
    most whom the cap lets them support."""
    people = [_most(table[p.people]) * p.effect * p.active for p in lever.programmes]
    most = table[CAP_PEOPLE].central * table[REACH].central * float(lever.out_of_work.sum())
    return (float(np.sum(people, axis=0).max()) if people else 0.0), most


def _most(row: Parameter) -> float:
    """People supported a year, at the high end; for each GBP million where the row is what one costs."""
    return float(moved_money.supported(row.low)) if row.id == moved_money.COST else row.high


def held(people: Floats, most: Floats) -> Floats:
    """People supported, no more than the cap; both (draw, home)."""
    return np.minimum(people, most)


def effects_here(draws: Draws, members: Sequence[int]) -> Floats:
    """(draw, member) net chance of a job per person supported, for the places of one deal."""
    own = draws["emp.effect.sd.district"][:, None] * draws.place[DISTRICTS][:, list(members)]
    shared = draws.place[AREAS][:, list(members[:1])] * draws["emp.effect.sd.cityregion"][:, None]
    return np.asarray(draws["emp.effect.mean"][:, None] + shared + own)


def mean_here(draws: Draws, members: Sequence[int]) -> Floats:
    """(draw,) net effect of programmes, mean over the area: what was drawn of a figure that differs by place."""
    return np.asarray(effects_here(draws, members).mean(axis=1))
