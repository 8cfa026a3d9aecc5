"""Core spending power: what the government counts as an authority's money, and how it changes.

    core spending power_t = sum of the components counted in year t

The list of components changes from year to year; a change between two years compares each year's own list unless one
list is held (``keep``). The tables to hand lack the improved Better Care Fund and the social care grants (from
2017-18): :func:`missing` says which of a year's components have no figures here, and a sum without them is
smaller than the published total. Council tax is that of the tables: requirement without parishes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from soke.england.baseline import Floats, Grade
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


@dataclass(frozen=True, slots=True)
class SpendingPower:
    """One year: ``total`` (..., authority) GBP million of the ``counted`` components; ``missing`` had no figures."""

    year: int
    total: Floats
    counted: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """``amount`` GBP million and ``share`` of the year before, (..., authority); NaN where that was nought."""

    amount: Floats
    share: Floats


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


def core_spending_power(year: int, figures: Mapping[str, Floats], keep: Sequence[str] | None = None) -> SpendingPower:
    """Sum the components of ``year``. ``figures`` by component key, (..., authority), GBP million.

    ``keep`` holds the list to these keys, so that two years compare like with like. SokeError for a figure of a
    component that is not counted in the year, or one that is not a number.
    """
    counted = {c.key: c for c in components(year)}
    odd = sorted(set(figures) - set(counted))
    if odd:
        raise SokeError(
            f"{', '.join(odd)} does not count in {financial_year(year)}.", f"What counts is {', '.join(counted)}."
        )
    wanted = [key for key in counted if key in figures and (keep is None or key in keep)]
    if not wanted:
        raise SokeError(f"No component of {financial_year(year)} has figures.", "Give at least council tax.")
    total: Floats = np.zeros(())
    for key in wanted:
        column = np.asarray(figures[key], np.float64)
        if not np.isfinite(column).all():
            raise SokeError(f"{counted[key].name} has a figure that is not a number.", "Leave that authority out.")
        total = np.asarray(total + column)
    return SpendingPower(year, total, tuple(wanted), missing(year, figures))


def change(before: SpendingPower, after: SpendingPower) -> Change:
    """From one year to another, of the same authorities in the same order."""
    if before.total.shape != after.total.shape:
        raise SokeError(
            f"{financial_year(before.year)} has {before.total.shape[-1]} authorities, "
            f"{financial_year(after.year)} {after.total.shape[-1]}.",
            "Merge predecessors first.",
        )
    amount = after.total - before.total
    share = np.divide(amount, before.total, out=np.full(amount.shape, np.nan), where=before.total != 0)
    return Change(np.asarray(amount), np.asarray(share))
