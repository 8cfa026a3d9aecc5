"""Core spending power: which components the government counts as an authority's money in a year.

The list changes from year to year. The tables to hand lack the improved Better Care Fund and the social care grants
(from 2017-18): :func:`missing` says which of a year's components have no figures here, and a sum without them is
smaller than the published total. Council tax is that of the tables: requirement without parishes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from soke.england.baseline import Grade
from soke.errors import SokeError
from soke.model.funding.dated import Rules, rules
from soke.text import financial_year

PREFIX = "core_spending_power.component."


@dataclass(frozen=True, slots=True)
class Component:
    """One line of core spending power in a year; ``grade`` says how sure it is that it counted then."""

    key: str
    name: str
    grade: Grade


def components(year: int, law: Rules | None = None) -> tuple[Component, ...]:
    """What counts in ``year``, from the dated table. SokeError for a year without a list."""
    rows = [r for name, held in (law or rules()).rows.items() if name.startswith(PREFIX) for r in held]
    parts = tuple(
        Component(r.id.removeprefix(PREFIX), r.note, r.grade) for r in rows if r.first <= year <= r.last and r.value
    )
    if not parts:
        raise SokeError(
            f"Core spending power has no list of components for {financial_year(year)}.",
            f"It has one from {financial_year(min(r.first for r in rows))} on.",
        )
    return parts


def missing(year: int, figures: Mapping[str, object], law: Rules | None = None) -> tuple[str, ...]:
    """Names of the components counted in ``year`` of which ``figures`` has none."""
    return tuple(c.name for c in components(year, law) if c.key not in figures)
