"""What places are compared by: shares and amounts a head, for one authority or for any area made of several.

Each measure is a sum over a sum, so that an area has the figure of all its people and not a mean of its councils'.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np

from soke.england.baseline import Baseline, Floats, baseline
from soke.england.tables import read_table

Unit = Literal["per cent", "pounds", "number"]
FIRST_YEAR = "1998"  # of output by place, so of both


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """``fact`` says a figure in a sentence, ``{}`` standing for it; ``fewer`` where it is below nought. ``above`` and
    ``below``, float64 (296,), are summed over the authorities of an area and divided. ``kind_of_place``: whether it
    says what kind of place this is, so that like places are found by it."""

    id: str
    title: str
    fact: str
    unit: Unit
    year: str
    source: str
    above: Floats
    below: Floats
    digits: int = 0
    fewer: str = ""
    kind_of_place: bool = False

    def of(self, codes: Iterable[str]) -> float:
        """Of an area, by the codes of its lower-tier and unitary authorities."""
        inside = baseline().mask(codes)
        return float(self.above[inside].sum() / self.below[inside].sum())

    @property
    def every(self) -> Floats:
        """(296,): of each authority."""
        return np.asarray(self.above / self.below)


@cache
def measures() -> tuple[Measure, ...]:
    """All of them, the most telling first."""
    b = baseline()
    people, of_age = b["population"], b["population_16_64"]
    living = b["people_0_15"] + b["people_16_65"] + b["people_66_plus"]
    return (
        _grown(people),
        _share(b, "work", "In work", "{} of people aged 16 to 64 are in work", b["employment_rate"] / 100 * of_age,
               of_age, "employment_rate"),
        _share(b, "older", "Aged 66 and over", "{} of its people are 66 or older", b["people_66_plus"], living,
               "people_66_plus"),
        _share(b, "young", "Under 16", "{} of its people are under 16", b["people_0_15"], living, "people_0_15"),
        _pounds(b, "income", "Income a head", "{} a head to spend after tax", b["gdhi_per_head"] * people,
                people, "gdhi_per_head"),
        _pounds(b, "output", "Output a head", "output of {} a head", b["gva"] * 1e6, people, "gva"),
        _pounds(b, "bill", "Band D bill", "a Band D council tax bill of {}", b["council_tax"] * 1e6, b["tax_base"],
                "council_tax"),
        _pounds(b, "council-tax", "Council tax a head", "{} of council tax a head", b["council_tax"] * 1e6, people,
                "council_tax"),
        _share(b, "level3", "A levels or more", "{} of people aged 16 to 64 have A levels or more",
               b["level3"] / 100 * of_age, of_age, "level3"),
        _told(b, "new-homes", "New homes a year for each 1,000", "{} new homes a year for each 1,000 there are",
              b["homes_added"] * 1000, b["homes"], "homes_added"),
        _share(b, "social-rent", "Social rent", "{} of homes rented from a council or housing association",
               b["social_rented"], b["homes"], "social_rented"),
        _share(b, "private-rent", "Private rent", "{} of homes rented privately", b["private_rented"], b["homes"],
               "private_rented"),
        _share(b, "credit", "On universal credit", "{} of households on universal credit", b["credit_households"],
               b["households"], "credit_households"),
        _number(b, "people", "People", "{} people", people, np.ones_like(people), "population"),
        _number(b, "density", "People per km²", "{} people to each square kilometre", people, b.area_km2, "population"),
        _number(b, "need", "Deprivation score", "a deprivation score of {}", b["imd_score"] * people, people,
                "imd_score", digits=1),
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
        above=people - before, below=before,
    )  # fmt: skip


def _share(
    b: Baseline, id_: str, title: str, fact: str, above: Floats, below: Floats, column: str, digits: int = 0
) -> Measure:
    return _made(b, id_, title, fact, "per cent", above, below, column, digits)


def _pounds(b: Baseline, id_: str, title: str, fact: str, above: Floats, below: Floats, column: str) -> Measure:
    return _made(b, id_, title, fact, "pounds", above, below, column, 0)


def _told(
    b: Baseline, id_: str, title: str, fact: str, above: Floats, below: Floats, column: str
) -> Measure:  # fmt: skip
    return _made(b, id_, title, fact, "number", above, below, column, 1)


def _number(
    b: Baseline, id_: str, title: str, fact: str, above: Floats, below: Floats, column: str, digits: int = 0
) -> Measure:
    return _made(b, id_, title, fact, "number", above, below, column, digits, kind_of_place=True)


def _made(
    b: Baseline, id_: str, title: str, fact: str, unit: Unit, above: Floats, below: Floats, column: str, digits: int,
    *, kind_of_place: bool = False,
) -> Measure:  # fmt: skip
    about = b.columns[column]
    return Measure(id=id_, title=title, fact=fact, unit=unit, year=about.year, source=about.source, above=above,
                   below=below, digits=digits, kind_of_place=kind_of_place)  # fmt: skip
