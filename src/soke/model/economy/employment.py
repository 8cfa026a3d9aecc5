"""Employment programmes: net jobs, never gross, with an effect of their own in each place.

    net effect[i] = mean + sd x z[i]            a chance, per person supported; z drawn per place
    J'[i] = (1 - exit) J[i] + people[i] x net effect[i]

The spread between places is larger than the mean, as the trials found, so that the sign may differ between places.
Jobs are taken up by residents, at the workplaces of their commuting row, at a fraction of average output and pay.
The benefit payments saved belong to the benefit model alone; the tax follows from the tax model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from soke.deal.types import Investment
from soke.england.baseline import Floats
from soke.evidence import Draws, Parameter, stated
from soke.model.economy.trend import Country, Trend
from soke.model.money import moved_money
from soke.model.money.investments import Frame, Index, nowhere

DRAWN = (
    "emp.effect.prior", "emp.effect.place_sd", "emp.marginal.productivity", "add.decay.job", "fis.unemp100k",
    moved_money.COST,
)  # fmt: skip
CHANNEL = "employment"
HERE, HERE_MEANS = "emp.effect (mean here)", "Net effect of programmes, mean of the area"
PER_JOB = 1e9 / 1e5 / 1e6  # fis.unemp100k: from GBP billion per 100,000 people to GBP million a person


@dataclass(frozen=True, slots=True)
class Programme:
    """``people``: id of the drawn number supported a year; ``share`` (home,) adds to 1; ``active`` (year,) 0 or 1, and
    GBP million for people whom so many pounds support (:mod:`soke.model.money.moved_money`)."""

    id: str
    people: str
    effect: float  # 1 for new money; the scenario's gain for money that only moves
    share: Floats
    active: Floats


@dataclass(frozen=True, slots=True)
class Lever:
    """The programmes of a deal; none as is."""

    programmes: tuple[Programme, ...] = ()
    homes: Index = field(default_factory=nowhere)  # of the places where programmes run


@dataclass(slots=True)
class State:
    """What the draws give, and the net jobs so far."""

    lever: Lever
    people: Mapping[str, Floats]  # (draw,) supported a year, by the id of the parameter
    effects: Floats  # (draw, home) net chance of a job per person supported
    leaving: Floats  # (draw, 1) share of jobs lost again in a year
    productivity: Floats  # (draw, 1) of an entrant, over the average's
    benefits: Floats  # (draw, 1) GBP million saved a job
    jobs: Floats  # (draw, home) net


@dataclass(frozen=True, slots=True)
class Entrants:
    """Residents in work because of one mechanism, for those that act after it: density, output, pay, taxes."""

    homes: Index
    jobs: Floats  # (draw, home) of residents
    at_home: Floats  # the same, relative to the country's job growth
    at_work: Floats  # (draw, place) at workplaces, relative to the country's job growth
    productivity: Floats  # (draw, 1) of an entrant, over the average's
    benefits: Floats  # (draw, 1) GBP million saved a job

    @property
    def benefits_saved(self) -> Floats:
        """Benefit payments that stop, GBP million a year, (draw, home)."""
        return self.jobs * self.benefits


def people_of(investment: Investment) -> str:
    """The id of the drawn number of people that a programme supports a year."""
    return f"{investment.id}.people"


def own_parameters(investment: Investment) -> list[Parameter]:
    """How many people a programme supports is the deal's figure."""
    people = investment.effect.people_a_year
    if people is None or investment.effect.channel != CHANNEL:
        return []
    title = f"People supported a year by {investment.title}"
    return [stated(people_of(investment), title, people, "people a year", "lognormal", "deal")]


def lever(frame: Frame) -> Lever:
    """The deal's programmes, each active from opening for as long as its fund pays; and the people whom money that only
    moves supports, as far as it acts."""
    moved, programmes = moved_money.acting(frame).support, []
    homes = np.union1d(frame.served(CHANNEL), frame.members) if moved.any() else frame.served(CHANNEL)
    for investment, effect in frame.ahead(CHANNEL):
        share = frame.share(investment, homes, "population_16_64")
        paid = next((flow.deal for flow in frame.flows if flow.fund.id == investment.fund), np.zeros(len(frame.years)))
        active = np.where(np.array(frame.years) >= investment.opens, (paid > 0).astype(float), 0.0)
        programmes.append(Programme(investment.id, people_of(investment), effect, share, active))
    if moved.any():
        people = np.where(np.isin(homes, frame.members), frame.baseline["population_16_64"][homes], 0.0)
        programmes.append(Programme(moved_money.COST, moved_money.COST, 1.0, people / people.sum(), moved))
    return Lever(tuple(programmes), homes)


def start(lever: Lever, draws: Draws) -> State:
    """No jobs yet."""
    deviates = draws.place["emp.effect"][:, lever.homes]
    return State(
        lever=lever,
        people={programme.people: _people(programme.people, draws) for programme in lever.programmes},
        effects=net_effects(draws["emp.effect.prior"], draws["emp.effect.place_sd"], deviates),
        leaving=draws["add.decay.job"][:, None],
        productivity=draws["emp.marginal.productivity"][:, None],
        benefits=draws["fis.unemp100k"][:, None] * PER_JOB,
        jobs=np.zeros((len(draws), len(lever.homes))),
    )


def _people(name: str, draws: Draws) -> Floats:
    """(draw,) supported a year; of money that only moves, for each GBP million."""
    return 1e6 / draws[name] if name == moved_money.COST else draws[name]


def advance(country: Country, state: State, trend: Trend) -> list[Entrants]:
    """A year's entrants and leavers; those who are then in work, none where there is no programme."""
    lever = state.lever
    first = first_year(lever)
    if first is None or trend.year < first:
        return []
    entering = np.zeros_like(state.jobs)
    for programme in lever.programmes:
        entering += entrants(programme, trend.year, state.people[programme.people], state.effects)
    state.jobs = jobs_after(state.jobs, entering, state.leaving)
    at_home = state.jobs / trend.national_jobs
    at_work = country.commuting.to_workplaces(at_home, lever.homes)
    return [Entrants(lever.homes, state.jobs, at_home, at_work, state.productivity, state.benefits)]


def first_year(lever: Lever) -> int | None:
    """The year of the run in which the first programme begins; None without one."""
    running = [programme.active for programme in lever.programmes if programme.active.any()]
    return min((int(np.argmax(active)) for active in running), default=None)


def jobs_at_work(entrants: Sequence[Entrants], trend: Trend) -> Floats | None:
    """Jobs at workplaces, (draw, place), of the entrants of all mechanisms together; None where there are none."""
    return np.sum([more.at_work for more in entrants], axis=0) * trend.national_jobs if entrants else None


def mean_here(draws: Draws, members: Sequence[int]) -> Floats:
    """(draw,) net effect of programmes, mean over the area: what was drawn of a figure that differs by place."""
    area = draws.place["emp.effect"][:, list(members)].mean(axis=1)
    return np.asarray(draws["emp.effect.prior"] + draws["emp.effect.place_sd"] * area)


def net_effects(mean: Floats, spread: Floats, deviates: Floats) -> Floats:
    """Net chance of a job per person supported, (draw, home), from (draw,), (draw,) and (draw, home)."""
    return np.asarray(mean[:, None] + spread[:, None] * deviates)


def entrants(programme: Programme, year: int, people: Floats, effects: Floats) -> Floats:
    """Net new jobs of one programme in a year, (draw, home). ``people`` (draw,) supported a year."""
    return np.asarray((programme.effect * programme.active[year] * people)[:, None] * programme.share * effects)


def jobs_after(jobs: Floats, entering: Floats, leaving: Floats) -> Floats:
    """Net jobs a year on: (draw, home), with the yearly ``leaving`` share (draw, 1)."""
    return (1.0 - leaving) * jobs + entering
