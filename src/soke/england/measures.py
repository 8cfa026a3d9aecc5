"""What places are compared by: shares and amounts a head, for one authority or for any area made of several.

Each measure is a sum over a sum, so that an area has the figure of all its people and not a mean of its councils'.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, partial
from typing import Literal

import numpy as np

from soke.england.baseline import Column, Floats, baseline
from soke.england.tables import read_table

Unit = Literal["per cent", "pounds", "number"]
FIRST_YEAR = "1998"  # of output by place, so of both


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """``fact`` says a figure in a sentence, ``{}`` standing for it; ``fewer`` where it is below nought. ``above`` and
    ``below``, float64 (296,), are summed over the authorities of an area and divided; without ``below`` the sum is the
    figure. ``counted`` and ``over`` say what they count. ``kind_of_place``: whether it says what kind of place this
    is, so that like places are found by it."""

    id: str
    title: str
    fact: str
    unit: Unit
    year: str
    source: str
    counted: str
    above: Floats
    over: str
    below: Floats | None
    digits: int = 0
    fewer: str = ""
    kind_of_place: bool = False

    def of(self, codes: Iterable[str]) -> float:
        """Of an area, by the codes of its lower-tier and unitary authorities."""
        above, below = self.sums(codes)
        return above if below is None else above / below

    def sums(self, codes: Iterable[str]) -> tuple[float, float | None]:
        """What is counted in an area, and over what."""
        inside = baseline().mask(codes)
        return float(self.above[inside].sum()), None if self.below is None else float(self.below[inside].sum())


@cache
def measures() -> tuple[Measure, ...]:
    """All of them, the most telling first."""
    b = baseline()
    people, of_age = b["population"], b["population_16_64"]
    living = b["people_0_15"] + b["people_16_65"] + b["people_66_plus"]
    aged, homes = "people aged 16 to 64", "homes"
    return (
        _grown(people),
        _share("work", "In work", "{} of people aged 16 to 64 are in work", f"{aged} in work",
               b["employment_rate"] / 100 * of_age, aged, of_age, b.columns["employment_rate"]),
        _share("older", "Aged 66 and over", "{} of its people are 66 or older", "people aged 66 and over",
               b["people_66_plus"], "people", living, b.columns["people_66_plus"]),
        _share("young", "Under 16", "{} of its people are under 16", "people under 16", b["people_0_15"], "people",
               living, b.columns["people_0_15"]),
        _pounds("income", "Income a head", "{} a head to spend after tax", "£ to spend after tax",
                b["gdhi_per_head"] * people, "people", people, b.columns["gdhi_per_head"]),
        _pounds("output", "Output a head", "output of {} a head", "£ of output", b["gva"] * 1e6, "people", people,
                b.columns["gva"]),
        _pounds("bill", "Band D bill", "a Band D council tax bill of {}", "£ of council tax", b["council_tax"] * 1e6,
                "homes, counted as Band D", b["tax_base"], b.columns["council_tax"]),
        _pounds("council-tax", "Council tax a head", "{} of council tax a head", "£ of council tax",
                b["council_tax"] * 1e6, "people", people, b.columns["council_tax"]),
        _share("level3", "A levels or more", "{} of people aged 16 to 64 have A levels or more",
               f"{aged} with A levels or more", b["level3"] / 100 * of_age, aged, of_age, b.columns["level3"]),
        _number("new-homes", "New homes a year for each 1,000", "{} new homes a year for each 1,000 there are",
                "new homes a year, times 1,000", b["homes_added"] * 1000, homes, b["homes"], b.columns["homes_added"],
                digits=1),
        _share("social-rent", "Social rent", "{} of homes rented from a council or housing association",
               "homes rented from a council or housing association", b["social_rented"], homes, b["homes"],
               b.columns["social_rented"]),
        _share("private-rent", "Private rent", "{} of homes rented privately", "homes rented privately",
               b["private_rented"], homes, b["homes"], b.columns["private_rented"]),
        _share("credit", "On universal credit", "{} of households on universal credit",
               "households on universal credit", b["credit_households"], "households", b["households"],
               b.columns["credit_households"]),
        _number("people", "People", "{} people", "people", people, "", None, b.columns["population"], kind=True),
        _number("density", "People per km²", "{} people to each square kilometre", "people", people, "km²", b.area_km2,
                b.columns["population"], kind=True),
        _number("need", "Deprivation score", "a deprivation score of {}", "score of each council times its people",
                b["imd_score"] * people, "people", people, b.columns["imd_score"], digits=1, kind=True),
    )  # fmt: skip


def measure(id_: str) -> Measure:
    """The measure of an id. KeyError where there is none."""
    return {one.id: one for one in measures()}[id_]


def _grown(people: Floats) -> Measure:
    then = {row["code"]: float(row[FIRST_YEAR]) for row in read_table("population_history")}
    before = np.array([then[code] for code in baseline().codes])
    return Measure(
        id="people-since-1998", title="More people since 1998", fact="{} more people than in 1998",
        fewer="{} fewer people than in 1998", unit="per cent", year="1998 to 2022", source="ons-population",
        counted="people more in 2022 than in 1998", above=people - before, over="people in 1998", below=before,
    )  # fmt: skip


def _made(
    unit: Unit, id_: str, title: str, fact: str, counted: str, above: Floats, over: str, below: Floats | None,
    about: Column, digits: int = 0, *, kind: bool = False,
) -> Measure:  # fmt: skip
    return Measure(id=id_, title=title, fact=fact, unit=unit, year=about.year, source=about.source, counted=counted,
                   above=above, over=over, below=below, digits=digits, kind_of_place=kind)  # fmt: skip


_share, _pounds, _number = partial(_made, "per cent"), partial(_made, "pounds"), partial(_made, "number")
