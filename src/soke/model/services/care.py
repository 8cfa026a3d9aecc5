"""Adult social care: what it costs here, how fast that grows, and how much of it the proceeds of growth pay.

    level      = sum over ages of cost a person x people  x  exp(deprivation x (IMD - mean)/10 + london)
    base       = net current outturn of 2022-23 x prices x real growth to the base year; a county's is shared to its
                 districts by the level
    pressure t = base x ( so x O[t]/O[0] x (1+u)^t  +  (1-so) x W[t]/W[0] x ((1+p)(1+u))^t  -  1 )

with so the older people's share of base, O people of 65 and over weighted by what each age costs, W people of working
age, u pay and prices of care above the deflator, p the growth of the share of working-age people who need care. Every
council's own outturn is its level; the equation shares counties, says who is older people's, and is held as a check.

    share met  = proceeds spent / pressure
    break even = pressure / (share of extra tax kept x extra tax a pound of output)

Arrays are float64, money in real GBP million of the base year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soke.england.baseline import Baseline, Floats
from soke.england.tables import read_table
from soke.model.accounts.own import Figures

DRAWN = ("care.unit", "care.prevalence")
COSTS = ("care.age.18_64", "care.age.65_74", "care.age.75_84", "care.age.85_plus")
HELD = (*COSTS, "care.deprivation", "care.london", "care.carry", "tax.output")
FIGURE, YEAR = "adult-social-care", 2022  # the outturn that is the level, and its financial year
PEOPLE = ("people_18_64", "people_65_74", "people_75_84", "people_85_plus")
LONDON = "E12000007"
WORKING, OLDER = 1, slice(2, 5)  # of the model's age groups
OLD_AGE = "10.2 Old age; of which: personal social services"
WORKING_AGE = "10.1 Sickness and disability; of which: personal social services"
STEPS = 50  # at most, of the search for the older people's share: it halves an interval each time


@dataclass(frozen=True, slots=True)
class Care:
    """Adult social care in the base year by place: GBP million and older people's share of it."""

    amounts: Floats  # (place,)
    older: Floats  # (place,) 0 to 1


@dataclass(frozen=True, slots=True)
class Pressure:
    """What care takes more than in the base year, GBP million (draw, place)."""

    whole: Floats
    need: Floats  # at today's pay and prices: people, and how many of working age need care
    people: Floats  # of which the number and age of people alone


def costs(held: Mapping[str, float]) -> Floats:
    """GBP a person, (4,): 18 to 64, 65 to 74, 75 to 84, 85 and over."""
    return np.array([held[name] for name in COSTS])


def level(people: Floats, deprivation: Floats, london: NDArray[np.bool_], held: Mapping[str, float]) -> Floats:
    """What the equation gives for areas, GBP million of 2022-23, (area,).

    ``people`` (4, area) by the age groups of :func:`costs`; ``deprivation`` IMD score less the mean of areas.
    """
    factor = np.exp(held["care.deprivation"] * deprivation / 10.0 + held["care.london"] * london)
    return np.asarray(costs(held) @ people / 1e6 * factor)


def care_now(baseline: Baseline, figures: Figures, held: Mapping[str, float], price: float) -> Care:
    """Care of the base year. ``price``: its price level over 2022-23's.

    A shire district bears what its county spends on it by the equation, and its own; England adds up to the outturn.
    """
    people = np.array([baseline[name] for name in PEOPLE])
    score = baseline["imd_score"]
    london = np.array([region == LONDON for region in baseline.regions])
    by_equation = level(people, score - score.mean(), london, held)
    amounts = figures.get(FIGURE, YEAR, by_equation).places * (price * held["care.carry"])
    return Care(amounts, older_share(people, amounts, held))


def older_share(people: Floats, amounts: Floats, held: Mapping[str, float]) -> Floats:
    """Older people's share of care by place, (place,): by the equation, and for England as published.

    ``people`` (4, place); ``amounts`` (place,) weight places. Deprivation weighs on both alike.
    """
    working, older = costs(held)[0] * people[0], costs(held)[1:] @ people[1:]
    low, high = -10.0, 10.0  # logarithm of what older people's costs are scaled by
    for _ in range(STEPS):
        middle = (low + high) / 2.0
        share: Floats = older * np.exp(middle) / (older * np.exp(middle) + working)
        above = share @ amounts > published_older_share() * amounts.sum()
        low, high = (low, middle) if above else (middle, high)
    return share


def published_older_share() -> float:
    """England's share of adult care that is older people's, regional accounts of the outturn's year."""
    sums = {OLD_AGE: 0.0, WORKING_AGE: 0.0}
    for row in read_table("regional_subfunctions"):
        if row["code"].startswith("E12") and row["sector"] == "LG" and row["subfunction"] in sums:
            sums[row["subfunction"]] += float(row[str(YEAR)])
    return sums[OLD_AGE] / sum(sums.values())


def pressure(
    care: Care, start: Floats, people: Floats, years: int, unit: Floats, prevalence: Floats, held: Mapping[str, float]
) -> Pressure:
    """What care takes more than in the base year, ``years`` after it.

    ``start`` (age, place) people of the base year and ``people`` (age, draw, place) of the year, by the age groups of
    the model (those of 16 to 64 stand for 18 to 64); ``unit`` and ``prevalence`` (draw,) growth a year.
    """
    older, working = _by_cost(people, held) / _by_cost(start, held), people[WORKING] / start[WORKING]
    dearer = ((1.0 + unit) ** years)[:, None]
    commoner = ((1.0 + prevalence) ** years)[:, None]

    def more(need: Floats, need_of_working: Floats) -> Floats:
        # each part less its own 1.0, so that nothing that does not grow adds anything, to the last bit
        grown = care.older * (need - 1.0) + (1.0 - care.older) * (need_of_working - 1.0)
        return np.asarray(care.amounts * grown)

    common = working * commoner
    return Pressure(more(older * dearer, common * dearer), more(older, common), more(older, working))


def _by_cost(people: Floats, held: Mapping[str, float]) -> Floats:
    """Older people weighted by what each age costs; ages are the first axis."""
    weighted = [cost * group for cost, group in zip(costs(held)[1:], people[OLDER], strict=True)]
    return np.asarray(weighted[0] + weighted[1] + weighted[2])


def share_met(proceeds: Floats, pressure: Floats) -> Floats:
    """Proceeds spent over care's pressure, any shape; no number where care takes no more than today."""
    out = np.full(np.broadcast_shapes(proceeds.shape, pressure.shape), np.nan)
    return np.asarray(np.divide(proceeds, pressure, out=out, where=pressure > 0))


def break_even_output(pressure: Floats, keep: Floats | float, tax_a_pound: float) -> Floats:
    """Extra output of a year at which the tax kept pays care's pressure, GBP million; infinite where none is kept.

    ``keep``: share of all extra tax that stays here; ``tax_a_pound``: ``tax.output``.
    """
    kept = np.broadcast_to(np.asarray(keep) * tax_a_pound, pressure.shape)
    wanted = np.maximum(pressure, 0.0)
    return np.asarray(np.divide(wanted, kept, out=np.where(wanted > 0, np.inf, 0.0), where=kept > 0))


def faster_growth(extra: Floats, output: Floats | float, years: int) -> Floats:
    """Growth a year above the expected that gives ``extra`` output after so many years; ``output``: the expected."""
    return np.asarray((1.0 + extra / output) ** (1.0 / years) - 1.0)
