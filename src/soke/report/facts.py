"""The facts that lead a deal's page: what only changes hands, what is new, what that brings, what nobody knows.

Each is computed here once, from the series of the run, and put into words where it is shown. GBP million a year of the
base year's prices, unless said otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from soke.england.baseline import Floats
from soke.report.contents import RunReport
from soke.report.spread import Spread, spread

STRUCTURAL, CARE, PROCEEDS, HELD = "structural", "care_pressure", "proceeds_spent", "already_held"
OF_THE_LEVERS = ("receipts", "benefits_saved")


@dataclass(frozen=True, slots=True)
class Money:
    """What the place would decide on in the first year of the deal, and for how many years the new part runs."""

    moved: float
    new: float
    years: int
    goes_on: bool  # beyond the run

    @property
    def decided(self) -> float:
        return self.moved + self.new


def money(report: RunReport) -> Money:
    """By the deal's own funds. A fund that is trimmed on its way takes nothing from the new money of another."""
    bill, first = report.projection.bill, first_year(report)
    if bill is None:
        return Money(0.0, 0.0, 0, False)
    moved = float(sum(amounts[first] for amounts in bill.moved.values()))
    running = np.flatnonzero(bill.new_money > 0)
    new = float(bill.new_money[running[0]]) if len(running) else 0.0
    return Money(moved, new, len(running), bool(len(running)) and running[-1] == len(bill.new_money) - 1)


def first_year(report: RunReport) -> int:
    """The first year of the run in which the deal is in force."""
    return max(1, report.deal.starts - report.projection.years[0])


def brought(report: RunReport, year: int) -> Spread | None:
    """Extra tax here and benefits saved, by the listed levers."""
    found = [series.difference for name in OF_THE_LEVERS if (series := report.series(name))]
    return spread(np.sum(found, axis=0)[:, year]) if found else None


def unknown(report: RunReport, year: int) -> Spread | None:
    """What being devolved may do to the tax raised here: drawn apart from the listed levers."""
    return _spread(report, STRUCTURAL, year)


def pence_back(report: RunReport) -> float | None:
    """Pence of tax and saved benefits for each pound of new money, in present value over the run's horizon."""
    appraisal = report.projection.appraisal
    return appraisal.worths[0].pence_back if appraisal else None


@dataclass(frozen=True, slots=True)
class Care:
    """What adult social care takes more in a year, and what the proceeds of growth give towards it."""

    pressure: Spread
    people: Spread  # of which because people grow older and more
    proceeds: Spread

    @property
    def pays(self) -> float:
        """Proceeds over pressure, of the middles; nought where proceeds are lost."""
        return max(self.proceeds.middle, 0.0) / self.pressure.middle if self.pressure.middle > 0 else 0.0


def care(report: RunReport, year: int) -> Care | None:
    """None where care is not projected."""
    series = [report.series(name) for name in (CARE, "care_people", PROCEEDS)]
    if any(one is None for one in series):
        return None
    pressure, people, proceeds = series
    assert pressure and people and proceeds
    found = [spread(one[:, year]) for one in (pressure.as_is, people.as_is, proceeds.difference)]
    if any(one is None for one in found):
        return None
    first, second, third = found
    assert first and second and third
    return Care(first, second, third)


def held_already(report: RunReport, year: int) -> Spread | None:
    """What the place keeps of business rates by terms signed before the deal, above the ordinary half."""
    series = report.series(HELD)
    return spread(series.as_is[:, year]) if series else None


def luck(report: RunReport, year: int) -> Spread | None:
    """This place's share of England's output in a year over its share at the start, less one; the deal has no part."""
    here, england = report.series("gva"), report.projection.england_output
    if here is None or england is None:
        return None
    share: Floats = here.as_is / england
    return spread(share[:, year] / share[:, 0] - 1.0)


def _spread(report: RunReport, name: str, year: int) -> Spread | None:
    series = report.series(name)
    return spread(series.difference[:, year]) if series else None
