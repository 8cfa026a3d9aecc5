"""Cuts of councils' services by place, as in the 2010s: a scenario, the same on both paths, and no effect of a deal.

    change[i] = scale x ( mean + slope x (IMD - mean of places)/10 + sd x z[i] )       log, a head, over seven years
    so far    = a part of it: ``cuts.early`` by year 4, all by year 7, on straight lines between
    whole     = exp(change so far) = care share x exp(r x h) + (1 - care share) x exp(h)

Social care is cut r as fast as all other services, a tenth; h is solved for, so that the two together are cut by what
the rule says. ``path = "2010s-as-was"`` takes what each place lost then; a file, what it says for each place.

Services are councils' own, net, a head, without schools, public health, police and fire; care is that of adults and of
children. The factors act on spending as it would be; people are moved elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soke.deal.scenario import DEFAULT, Scenario
from soke.england.baseline import Baseline, Floats
from soke.errors import SokeError
from soke.model.accounts.keys import population
from soke.model.accounts.own import AUTHORITY, Figures, kinds_of

DRAWN = ("cuts.mean", "cuts.slope")
HELD = ("cuts.resid", "cuts.early", "cuts.care")
MONTHS = ("hlt.le.lgspend", "hlt.le.lgspend.women")  # of life expectancy with 100 pounds a head, men and women
PLACE = "cuts.place"  # name of the standard normal deviates by place, where the rule is drawn
EARLY, ALL = 4, 7  # years: of the outturn of 2010-11, to 2014-15 and to 2017-18
FIRST, LAST = 2010, 2017
AS_WAS = "2010s-as-was"
YEAR = 2022  # financial year of the outturn that says what councils spend now
CARE = ("adult-social-care", "childrens-social-care")
OTHER = ("highways-transport", "environmental", "cultural", "housing", "planning", "central-services")
COUNCILS = (AUTHORITY, "county")
STEPS, CLOSE = 100, 1e-13  # of the search for the cut of other services


@dataclass(frozen=True, slots=True)
class Lever:
    """How services are cut. ``told`` (place,) log change where none is drawn; None: by the rule."""

    starts: int  # index of the first year that is lower; 0 is the base year
    scale: float
    told: Floats | None
    deprivation: Floats  # (place,) tens of points of IMD above the mean of places
    care_share: Floats  # (place,) of councils' services
    early: float
    spread: float
    care_speed: float


@dataclass(frozen=True, slots=True)
class Factors:
    """Services over what they would be, (draw, place) or (place,): of social care, of all others, and together."""

    care: Floats
    other: Floats
    whole: Floats


@dataclass(frozen=True, slots=True)
class Services:
    """What councils spend on services a year, net current, GBP million (place,)."""

    care: Floats
    other: Floats

    @property
    def care_share(self) -> Floats:
        return np.asarray(np.clip(self.care / (self.care + self.other), 0.0, 1.0))


def services_now(baseline: Baseline, figures: Figures) -> Services:
    """The outturn of 2022-23: a council's own, and of its county's by people."""
    people = baseline["population"]
    return Services(*(sum_of(figures, names, people) for names in (CARE, OTHER)))


def sum_of(figures: Figures, names: tuple[str, ...], people: Floats) -> Floats:
    """Several services of councils, districts to counties; transport and waste authorities and the rest are apart."""
    total = np.zeros(len(people))
    for name in names:
        figure = figures.get(name, YEAR, people)
        councils = np.isin(kinds_of(figure.areas), COUNCILS)
        total += figure.amounts[councils] @ figure.split[councils]
    return total


def measured(baseline: Baseline) -> Floats:
    """Log change of services a head from 2010-11 to 2017-18, constant prices, (place,): what each place lost."""
    total = {
        year: (baseline[f"services_care_{year}"] + baseline[f"services_other_{year}"]) / population(year)
        for year in (FIRST, LAST)
    }
    return np.log(total[LAST] / total[FIRST])


def lever(scenario: Scenario, baseline: Baseline, now: Services, held: Mapping[str, float]) -> Lever | None:
    """The scenario's cuts of what councils spend ``now``; None where it has none.

    SokeError where they name a place that is none, or leave one out.
    """
    if scenario.cuts is None:
        return None
    score = baseline["imd_score"]
    told = _by_place(scenario, baseline) if scenario.cut_places else None
    return Lever(
        starts=scenario.cuts.starts - scenario.base_year, scale=scenario.cuts.scale,
        told=measured(baseline) if scenario.cuts.path == AS_WAS else told,
        deprivation=(score - score.mean()) / 10.0, care_share=now.care_share,
        early=held["cuts.early"], spread=held["cuts.resid"], care_speed=held["cuts.care"],
    )  # fmt: skip


def _by_place(scenario: Scenario, baseline: Baseline) -> Floats:
    """What a file says of each place, (place,)."""
    said, at = scenario.cut_places, scenario.where("cuts_by_place")
    unknown = sorted(set(said) - {*baseline.codes, DEFAULT})
    if unknown:
        raise SokeError(f"Cuts name a place that is none, {unknown[0][:40]!r}.", "Give ONS codes of authorities.", at)
    if DEFAULT not in said and len(said) < len(baseline.codes):
        gone = next(code for code in baseline.codes if code not in said)
        raise SokeError(f"Cuts say nothing of {gone}.", f"Say it, or give {DEFAULT}.", at)
    changes = np.array([said[code] if code in said else said[DEFAULT] for code in baseline.codes])
    if not np.isfinite(changes).all():
        raise SokeError("A cut is no finite number.", "Give log changes, such as -0.19.", at)
    return changes


def change(lever: Lever, mean: Floats, slope: Floats, deviates: Floats) -> Floats:
    """Log change of services a head over the seven years, (draw, place).

    ``mean``, ``slope`` (draw,) as drawn; ``deviates`` standard normal (draw, place). What is told is not drawn.
    """
    if lever.told is not None:
        return np.broadcast_to(lever.scale * lever.told, deviates.shape)
    rule = mean[:, None] + slope[:, None] * lever.deprivation + lever.spread * deviates
    return np.asarray(lever.scale * rule)


def so_far(lever: Lever, year: int) -> float:
    """The part of the seven years' cut that has come in a year, 0 to 1; ``year`` 0 is the base year."""
    return float(np.interp(year - lever.starts + 1, (0, EARLY, ALL), (0.0, lever.early, 1.0)))


def factors(lever: Lever, change: Floats, year: int) -> Factors:
    """Services of a year over what they would be, of the shape of ``change`` from :func:`change`.

    Exactly 1.0 before the cuts start, and at a scale of nought.
    """
    now = change * so_far(lever, year)
    other = other_services(now, lever.care_share, lever.care_speed)
    return Factors(np.exp(lever.care_speed * other), np.exp(other), np.exp(now))


def other_services(change: Floats, care_share: Floats, care_speed: float) -> Floats:
    """Log change h of all but care at which care and others together change by ``change``, of its shape.

    Newton's method on a rising convex function; at nought it is nought, to the bit.
    """
    wanted, h = np.expm1(change), np.array(change)
    for _ in range(STEPS):
        missed = care_share * np.expm1(care_speed * h) + (1.0 - care_share) * np.expm1(h) - wanted
        slope = care_share * care_speed * np.exp(care_speed * h) + (1.0 - care_share) * np.exp(h)
        step = missed / slope
        h -= step
        if np.abs(step).max(initial=0.0) < CLOSE:
            break
    return h


@dataclass(frozen=True, slots=True)
class Again:
    """What councils' services a head would lose if the 2010s came again, shares of what they are: here, in England."""

    rule: float
    as_was: float
    england: float  # as it was


def again(baseline: Baseline, area: Sequence[str], known: Mapping[str, float]) -> Again:
    """The cut of the 2010s for an area: by the rule at the centre of the evidence, and as its places had it.

    ``area`` codes of places; ``known`` the central ``cuts.mean``, ``cuts.slope`` and ``cuts.resid``, which is an
    area's mean and no draw. The rule starts from what was spent at the end of the last cut, so places weigh by that.
    """
    spent = {year: baseline[f"services_care_{year}"] + baseline[f"services_other_{year}"] for year in (FIRST, LAST)}
    people = {year: population(year) for year in (FIRST, LAST)}
    here = np.isin(baseline.codes, list(area))

    def lost(inside: NDArray[np.bool_]) -> float:
        before, after = (spent[year][inside].sum() / people[year][inside].sum() for year in (FIRST, LAST))
        return float(1.0 - after / before)

    score = baseline["imd_score"]
    spread = known["cuts.resid"] ** 2 / 2.0  # the mean of the exponential of what is normal
    rule = np.exp(known["cuts.mean"] + known["cuts.slope"] * (score - score.mean()) / 10.0 + spread)
    by_rule = 1.0 - float(np.average(rule[here], weights=spent[LAST][here]))
    return Again(by_rule, lost(here), lost(np.ones(len(here), dtype=bool)))


def life_expectancy(change_a_head: float, months: float) -> float:
    """Months of life expectancy that go with a change in councils' spending, GBP a head: an association, a side line.

    ``months`` for 100 pounds, of :data:`MONTHS`.
    """
    return change_a_head / 100.0 * months
