"""Figures of the settlement: what was found, how, from what, and what was published beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from soke.england.baseline import Grade
from soke.england.settlement import SETTLEMENT_SOURCE, FinanceKind
from soke.errors import SokeError
from soke.model.funding.dated import Dated, Rules

How = Literal["rule", "published"]
MILLION = "GBP million"
BY_RULE = "by rule"
TITLES = {
    "baseline_before": "Baseline funding level of the year before",
    "baseline_funding": "Baseline funding level",
    "under_indexation": "Grant for under-indexation",
    "sfa_unfloored": "Settlement funding assessment before negative grant is paid off",
    "negative_grant": "Negative Revenue Support Grant, paid off",
    "sfa": "Settlement funding assessment",
    "revenue_support_grant": "Revenue Support Grant",
    "council_tax": "Council tax in core spending power",
    "new_homes_bonus": "New Homes Bonus",
    "nhb_returned": "New Homes Bonus, returned",
    "rural_services_delivery_grant": "Rural Services Delivery Grant",
    "core_spending_power": "Core spending power, components to hand",
    "core_spending_power_published": "Core spending power, as published",
    "fair_funding_allocation": "Fair funding allocation",
    "tax_base": "Tax base",
    "band_d": "Band D, without parishes",
    "requirement": "Council tax requirement, without parishes",
    "parish_precepts": "Parish precepts",
    "precept": "Precept",
}  # fmt: skip
SPENDING_POWER = (
    "sfa", "under_indexation", "council_tax", "new_homes_bonus", "nhb_returned", "rural_services_delivery_grant",
)  # fmt: skip
_GRADES: tuple[Grade, ...] = ("official", "derived", "estimate", "unverified")


@dataclass(frozen=True, slots=True)
class Input:
    """What a figure was worked out from. ``about``: whose, where it is not the authority's own; ``code``: theirs."""

    name: str
    value: float
    unit: str
    year: int
    grade: Grade
    source: str
    about: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of one authority. ``why``: the reason where it is shown as published though a rule exists."""

    column: str
    value: float
    unit: str
    how: How
    rule: str
    inputs: tuple[Input, ...]
    grade: Grade
    source: str
    published: float | None
    why: str = ""

    @property
    def difference(self) -> float | None:
        """By rule less published, in the figure's unit."""
        return None if self.published is None or self.how == "published" else self.value - self.published


@dataclass(frozen=True, slots=True)
class AuthoritySettlement:
    """One authority's year. ``figures`` by column; a column that is not to hand is not there."""

    code: str
    name: str
    kind: FinanceKind
    year: int
    figures: Mapping[str, Figure]

    def value(self, column: str) -> float | None:
        figure = self.figures.get(column)
        return None if figure is None else figure.value


@dataclass(frozen=True, slots=True)
class SettlementByRule:
    """A year of every authority asked for, in the order asked. ``notes``: what is missing or shown as published."""

    year: int
    authorities: tuple[AuthoritySettlement, ...]
    notes: tuple[str, ...]
    rules: Rules = field(repr=False)

    def __getitem__(self, code: str) -> AuthoritySettlement:
        for authority in self.authorities:
            if authority.code == code:
                return authority
        raise SokeError(f"{code} is not among the authorities that were settled.", "Ask for it by its code.")

    def total(self, column: str) -> float | None:
        """The sum over those that have the figure; None where nobody has."""
        values = [v for a in self.authorities if (v := a.value(column)) is not None]
        return sum(values) if values else None


# Making them


def add(
    columns: dict[str, Figure], column: str, value: float, how: How, rule: str, inputs: tuple[Input, ...],
    published: float | None = None, why: str = "",
) -> None:  # fmt: skip
    grade: Grade = "derived" if inputs else "official"
    if column == "revenue_support_grant":
        grade = "derived"  # the table has no grant: it is the difference of two figures that it has
    grade = max((grade, *(i.grade for i in inputs)), key=_GRADES.index)
    columns[column] = Figure(column, value, MILLION, how, rule, inputs, grade, SETTLEMENT_SOURCE, published, why)


def own(figure: Figure, year: int) -> Input:
    source = figure.source if figure.how == "published" else BY_RULE
    return Input(TITLES[figure.column], figure.value, figure.unit, year, figure.grade, source)


def published_input(name: str, value: float, year: int, about: str = "") -> Input:
    return Input(name, value, MILLION, year, "official", SETTLEMENT_SOURCE, about)


def given(row: Dated, year: int) -> Input:
    return Input(row.id, float(row.value), row.unit, year, row.grade, row.source)
