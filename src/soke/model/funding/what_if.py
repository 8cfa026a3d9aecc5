"""What if: today's law beside the law with other settings, for every place of England over some years.

Both paths have the same rates, the same need and the same good and bad years; what differs is the law: any dated
parameter (``business_rates.retention``, ``levy.band.1.rate``, ``safety_net.share`` ...), how often baselines are reset,
and a pool. So the difference is the law's alone.

    resources  = retained business rates + grant             of all authorities of a place; council tax stands beside
    difference = resources under the settings - resources as the law stands, a year on average over all years
    collected  = retained + what the Treasury has of it      on both paths, to the pound

Rates start from the market business rates of the accounts in the scenario's base year, and grow as
:mod:`soke.model.funding.rates_growth` says. The main figures are averages over the years, since in any one year the two
laws may stand at different distances from a reset, of a central path on which no year is good or bad; the spread is
over draws in which each place's rates vary from year to year. Settings take effect from the first
year of the regime. Money is GBP million in the base year's prices.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from soke.deal.scenario_limits import LONGEST_RUN
from soke.deal.types import Scenario
from soke.england.baseline import Baseline, Floats, Grade
from soke.england.imported import Imported, Source
from soke.england.places import CLASS_NAMES
from soke.errors import SokeError
from soke.evidence import overridden
from soke.evidence.sampling import YEARS, generator
from soke.model.accounts.outlook import BaseYear, worst
from soke.model.economy import council_tax_path, population, rating_years
from soke.model.economy.carry import carry
from soke.model.economy.tax_bases import ELASTICITIES
from soke.model.funding import chain, course, rates_growth, regime
from soke.model.funding.chain import Baselines, Index, Recipients, Terms
from soke.model.funding.dated import Rules
from soke.model.funding.dated import rules as shipped
from soke.model.funding.drift import drift, yardstick
from soke.model.funding.estimates import Estimates, estimates
from soke.model.funding.household import Household, household
from soke.model.funding.outlook import TRANSITION, moving_need, outlook, rates_scale
from soke.model.funding.pool import Pool
from soke.model.funding.settings import changed
from soke.model.money.prices import DEFLATOR, prices_of

MOST_YEARS = 40
DRAWS = 200  # beside the central path: enough for a tenth and a ninetieth
NEVER = 9999
NOTHING = 1e-9  # GBP million
TIERS = ("council", "county or GLA", "fire", "combined authority")
_TIER = {"county": 1, "strategic-authority": 1, "fire": 2, "combined-authority": 3}
_STEP = 1e-4  # of rates collected: the next pound, small beside every band of the levy


@dataclass(frozen=True, slots=True)
class Asked:
    """What is changed. ``reset``: years between resets, 0 for never, None as the scenario has it; ``pool`` codes."""

    settings: Mapping[str, str]
    reset: int | None = None
    pool: tuple[str, ...] = ()
    years: int = 10

    def __post_init__(self) -> None:
        if not (self.settings or self.pool or self.reset is not None):
            raise SokeError("No rule is changed.", "Add --set ID=VALUE, --reset YEARS or --pool CODE.")
        if not 1 <= self.years <= MOST_YEARS:
            raise SokeError(f"A what-if cannot run over {self.years} years.", f"Ask for 1 to {MOST_YEARS}.", "--years")
        if self.reset is not None and not 0 <= self.reset <= LONGEST_RUN:
            raise SokeError(
                f"Baselines cannot be reset every {self.reset} years.", "Give 1 or more, or 0 for never.", "--reset"
            )

    @property
    def parts(self) -> tuple[Asked, ...]:
        """Each change by itself, where there are several; none where there is one."""
        each = [Asked({name: value}, years=self.years) for name, value in self.settings.items()]
        each += [Asked({}, self.reset, years=self.years)] if self.reset is not None else []
        each += [Asked({}, pool=self.pool, years=self.years)] if self.pool else []
        return tuple(each) if len(each) > 1 else ()


@dataclass(frozen=True, slots=True)
class Side:
    """One law. (year,) sums of England and (year, place) resources, of the central path; ``last`` (draw, place)."""

    resources: Floats
    drawn: Floats  # (draw, place) average over the years; the first draw is the central path
    retained: Floats
    treasury: Floats  # of the rates: central share, tariffs less top-ups, levies less safety nets
    grant: Floats
    levy: Floats
    safety_net: Floats
    near: Floats  # share of places within two per cent of need
    resets: tuple[int, ...]  # the years in which all baselines are set anew
    keep: Mapping[str, Floats]  # class -> (tier,) pence kept of the next pound of rates in the last year


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Today's law (``before``) against the changed one (``after``); places in the baseline's order."""

    asked: Asked
    years: tuple[int, ...]
    base_year: int
    start_words: str  # how the base year's rates came from the published account
    start_grade: Grade
    codes: tuple[str, ...]
    people: Floats  # (place,) 2022
    collected: Floats  # (year,) England
    before: Side
    after: Side
    household: Household
    volatility: float
    imported: tuple[Source, ...] = ()  # workbooks whose official figures stand in for estimates
    parts: tuple[tuple[Asked, Floats], ...] = ()  # each change alone: (place,) GBP million a year, over all years

    @property
    def change(self) -> Floats:
        """(year, place) GBP million."""
        return np.asarray(self.after.resources - self.before.resources)

    @property
    def average(self) -> Floats:
        """(place,) GBP million a year, over all years: the main figure."""
        return np.asarray(self.change.mean(axis=0))

    @property
    def last(self) -> Floats:
        """(place,) GBP million in the last year."""
        return np.asarray(self.change[-1])

    @property
    def a_head(self) -> Floats:
        """(place,) pounds a head a year, over all years."""
        return np.asarray(self.average * 1e6 / self.people)

    @property
    def spread(self) -> tuple[Floats, Floats, Floats]:
        """(place,) pounds a head a year over good and bad years: tenth of a hundred draws, mean, ninetieth."""
        a_head = (self.after.drawn - self.before.drawn) * 1e6 / self.people
        low, high = np.quantile(a_head, (0.1, 0.9), axis=0)
        return low, np.asarray(a_head.mean(axis=0)), high

    @property
    def nothing(self) -> bool:
        """Whether no place's money changes: in no year of the central path, and on average in no draw."""
        drawn = np.abs(self.after.drawn - self.before.drawn).max()
        return bool(np.abs(self.change).max() < NOTHING and drawn < NOTHING)

    @property
    def since_reset(self) -> tuple[int, int]:
        """Years from the last reset to the last year, as the law stands and under the settings."""
        before, after = (max((*side.resets, self.years[0])) for side in (self.before, self.after))
        return self.years[-1] - before, self.years[-1] - after

    @property
    def treasury(self) -> Floats:
        """(year,) what the Treasury has more of, or less: rates and grant together. The opposite of councils' sum."""
        rates = self.after.treasury - self.before.treasury
        return np.asarray(rates - (self.after.grant - self.before.grant))


@dataclass(frozen=True, slots=True)
class _Frame:
    """What both paths share."""

    baseline: Baseline
    scenario: Scenario
    held: Estimates
    years: tuple[int, ...]
    expected: Floats  # (year, place)
    swing: float
    noise: Floats  # (year, draw, place) factors; the first draw's are one
    people: population.Outlook
    tax_scale: float
    price: float
    bills: Floats  # (year,) council tax bills, real, over the base year's
    rises: Mapping[int, float]  # of bills in cash, in the years of the transition


def what_if(
    asked: Asked, baseline: Baseline, start: BaseYear, scenario: Scenario, imported: Imported | None = None
) -> WhatIf:
    """Run both laws from the base year's lines; imported figures replace estimates of need and baselines on both.

    SokeError for an unknown or impossible setting, a pool that cannot be, or no change at all.
    """
    law, rules = shipped(), changed(shipped(), asked.settings, regime.FIRST_YEAR)
    frame = _frame(baseline, start, scenario, asked.years, rules, estimates(baseline, imported))
    before, after = _path(frame, law, scenario, ()), _changed(frame, law, asked)
    first = _first(frame)
    change = _average(after, before)
    return WhatIf(
        asked=asked, years=frame.years[first:], base_year=scenario.base_year, start_words=start.words,
        start_grade=worst(line.grade for line in start.lines.lines if line.id == "business-rates"),
        codes=baseline.codes, people=baseline["population"],
        collected=frame.expected[first:].sum(axis=1), before=before, after=after,
        household=household(baseline, change, regime.FIRST_YEAR, law, rules),
        volatility=frame.swing, imported=imported.sources if imported else (),
        parts=tuple((alone, _average(_changed(frame, law, alone), before)) for alone in asked.parts),
    )  # fmt: skip


def _changed(frame: _Frame, law: Rules, asked: Asked) -> Side:
    """The path of what is asked. Floors count the law's rise of council tax, whoever may go beyond any limit."""
    members = _pool(frame.held.recipients, asked.pool)
    limited = {name: value for name, value in asked.settings.items() if value != "none"}
    rules = changed(law, limited, regime.FIRST_YEAR)
    return _path(frame, rules, _reset(frame.scenario, asked.reset), members)


def _average(after: Side, before: Side) -> Floats:
    return np.asarray((after.resources - before.resources).mean(axis=0))


def _pool(who: Recipients, codes: Sequence[str]) -> tuple[Index, ...]:
    """The pool by index. SokeError for fewer than two members, one twice, unknown or outside England."""
    if not codes:
        return ()
    made = Pool("that you ask for", tuple(codes), tuple(1.0 / len(codes) for _ in codes))
    return (made.positions(who.codes),)


def _reset(scenario: Scenario, every: int | None) -> Scenario:
    if every is None:
        return scenario
    if every == 0:
        return replace(scenario, reset_as_is=NEVER)
    return replace(scenario, reset_as_is=regime.FIRST_YEAR + every, reset_every=every)


def _first(frame: _Frame) -> int:
    """The year of the run in which the regime opens."""
    return max(1, regime.FIRST_YEAR - frame.years[0])


def _frame(
    baseline: Baseline, start: BaseYear, scenario: Scenario, years: int, rules: Rules, held: Estimates
) -> _Frame:
    """``rules`` with the settings: how rates grow is the same on both paths, whatever they say of it."""
    base = carry(baseline, start.lines, scenario)
    calendar = tuple(range(scenario.base_year, max(scenario.base_year + 1, regime.FIRST_YEAR) + years))
    known = overridden(scenario.effects)
    national = known[ELASTICITIES["floorspace"]].central * scenario.gva_growth.central
    ahead = rates_growth.ahead(baseline, rules)
    people = population.ahead(
        baseline, {name: known[name].central for name in population.HELD}, scenario, len(calendar)
    )
    prices = prices_of(scenario, known[DEFLATOR].central)
    price, swing = prices.index(regime.FIRST_YEAR), known[rating_years.SWING].central
    half = regime.as_law(held.recipients, held.billing, calendar, baseline, scenario, shipped()).half
    rates = base.business_rates * rates_scale(held, base.business_rates, half, price)
    return _Frame(
        baseline=baseline, scenario=scenario, held=held, years=calendar,
        expected=rates_growth.projected(rates, ahead, national, len(calendar)),
        swing=swing, noise=_noise(scenario.seed, swing, len(calendar), len(baseline.codes)),
        people=people,
        tax_scale=start.council_tax_growth,
        price=price, bills=council_tax_path.central(council_tax_path.bills(scenario, calendar)),
        rises=council_tax_path.cash_rises(scenario, prices, TRANSITION),
    )  # fmt: skip


def _noise(seed: int, swing: float, years: int, places: int) -> Floats:
    """Good and bad years, so that a yearly change has the standard deviation ``swing``; none in the first draw."""
    made = generator(seed, 0, YEARS, "what-if").standard_normal((years, DRAWS + 1, places))
    made[:, 0] = 0.0
    return np.asarray(np.exp(swing / np.sqrt(2.0) * made))


def _path(frame: _Frame, rules: Rules, scenario: Scenario, pools: tuple[Index, ...]) -> Side:
    """One law from the base year to the last."""
    held, first = frame.held, _first(frame)
    law = regime.as_law(held.recipients, held.billing, frame.years, frame.baseline, scenario, rules)
    if pools:
        law = replace(law, terms=tuple(replace(terms, pools=pools) for terms in law.terms))
    given = outlook(held, frame.years, frame.tax_scale, frame.price, rules, frame.rises)
    moving = moving_need(held.recipients, given.need, frame.people.groups[0])
    stick = yardstick(held.recipients, given, range(held.recipients.places), tuple(CLASS_NAMES))
    state, rows, total = course.start(course.Lever(given, law)), [], np.zeros(frame.noise.shape[1:])
    for year in range(len(frame.years)):
        expected = frame.expected[year][None, :]
        collected = expected * frame.noise[year]
        need = moving.of(population.unmoved(frame.people, year))
        bills = float(frame.bills[year])
        funded = course.advance(state, year, expected, collected, need, bills)
        if year >= first:
            near = drift(stick, funded.resources[:1], held.recipients.by_place(need), bills).near[0]
            rows.append(_row(funded, collected, law.terms[year], float(near)))
            total += funded.resources
    resources, sums = [np.array([row[k] for row in rows]) for k in (0, 1)]
    retained, treasury, grant, levied, safe, near = sums.T
    later = [year for k, year in enumerate(frame.years) if k > first and law.terms[k].reset.all()]
    return Side(
        resources, total / len(rows), retained, treasury, grant, levied, safe, near, tuple(later),
        _keep(frame, funded.baselines, law.terms[-1]),
    )  # fmt: skip


def _row(funded: course.Funded, collected: Floats, terms: Terms, near: float) -> tuple[Floats, tuple[float, ...]]:
    """A year of the central path, the first draw: resources by place, and England's sums."""
    settled, baselines = funded.settled, funded.baselines
    grant = np.atleast_2d(baselines.grant)[0]
    sums = (
        settled.retained[0].sum(), chain.treasury(collected, baselines, settled, terms)[0], grant.sum(),
        settled.levy[0].sum(), settled.safety_net[0].sum(), near,
    )  # fmt: skip
    return funded.resources[0], tuple(float(value) for value in sums)


def _keep(frame: _Frame, baselines: Baselines, terms: Terms) -> dict[str, Floats]:
    """Pence of the next pound of rates by class of place, (tier,): who keeps it, where they stand in the last year."""
    kinds = frame.held.recipients.kinds
    tiers = np.array([[_TIER.get(kind, 0) == tier for kind in kinds] for tier in range(len(TIERS))], dtype=float)
    rates = frame.expected[-1][None, :]
    before = chain.settle(rates, baselines, terms).retained
    pence = {}
    for kind in CLASS_NAMES:
        here = np.array([class_here == kind for class_here in frame.baseline.classes])
        more = np.where(here, _STEP * rates, 0.0)
        gained = chain.settle(rates + more, baselines, terms).retained - before
        pence[kind] = np.asarray(100.0 * (tiers @ gained[0]) / more.sum())
    return pence
