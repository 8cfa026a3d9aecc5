"""The facts that lead a deal's page: what only changes hands, what is new, what that brings, what nobody knows.

Each is computed here once, from the series of the run, and put into words where it is shown. GBP million a year of the
base year's prices, unless said otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from soke.england.baseline import Floats, baseline
from soke.evidence import overridden
from soke.model.money import value
from soke.model.services import care as services_care
from soke.model.services import cuts
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


KEPT = ("kept_growth", "assigned_tax", "earned_back")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the growth loop: what comes to it, and what leaks away on the way to it."""

    title: str
    amount: Spread
    leak: str = ""
    leaked: Spread | None = None


def loop(report: RunReport, year: int) -> tuple[Step, ...]:
    """From extra output here to what is spent of it here, each step in pounds of one year, each leak beside it.

    Nothing where the run has no such series. Means of the steps and leaks add up; medians need not.
    """
    gva, england, exchequer = (report.series(name) for name in ("gva", "england_output", "exchequer"))
    bill, proceeds = report.projection.bill, report.series(PROCEEDS)
    if not (gva and england and exchequer and bill and proceeds):
        return ()
    output, all_output = gva.difference[:, year], england.difference[:, year]
    tax = np.sum([found.difference for name in OF_THE_LEVERS if (found := report.series(name))], axis=0)[:, year]
    returned = exchequer.difference[:, year] + bill.cost[:, year]
    kept = np.sum([found.difference for name in KEPT if (found := report.series(name))], axis=0)[:, year]
    spent = proceeds.difference[:, year]
    made = (
        ("Extra output here", output, "Lost elsewhere: to displacement, and to paying for it", output - all_output),
        ("Extra tax and saved benefits here", tax, "Raised elsewhere: commuters, less what neighbours lose",
         returned - tax),
        ("Kept here of it", kept, "The Treasury and councils elsewhere have", tax - kept),
        ("Spent here, as proceeds of growth", spent, "Put by", kept - spent),
    )  # fmt: skip
    steps = []
    for title, amount, leak, leaked in made:
        whole, lost = spread(amount), spread(leaked)
        if whole is None or lost is None:
            return ()
        steps.append(Step(title, whole, leak, lost))
    return tuple(steps)


@dataclass(frozen=True, slots=True)
class BreakEven:
    """Extra growth at which the tax kept of it would pay what care takes more in a year. ``kept``: share of extra tax.

    ``output`` GBP million more a year; ``points`` a year faster than projected, as a fraction; neither where nothing is
    kept."""

    kept: float
    output: float | None
    points: float | None


def break_even(report: RunReport, year: int, shares: tuple[float, ...]) -> tuple[BreakEven, ...]:
    """At each share of extra tax kept here, of the middle of care's pressure and of output as projected."""
    found, gva = care(report, year), report.series("gva")
    if found is None or gva is None:
        return ()
    output, pressure = spread(gva.as_is[:, year]), np.array([found.pressure.middle])
    tax = overridden(report.scenario.effects)["tax.output"].central
    rows = []
    for share in shares:
        extra = float(services_care.break_even_output(pressure, share, tax)[0])
        if not np.isfinite(extra) or output is None:
            rows.append(BreakEven(share, None, None))
            continue
        points = float(services_care.faster_growth(np.array([extra]), output.middle, year)[0])
        rows.append(BreakEven(share, extra, points))
    return tuple(rows)


def cuts_again(report: RunReport) -> cuts.Again | None:
    """If the 2010s came again: by the rule at the centre of its evidence, and as it was; None for places unknown."""
    held, known = baseline(), overridden(report.scenario.effects)
    if not set(report.projection.area) <= set(held.codes):
        return None
    return cuts.again(held, report.projection.area, {name: known[name].central for name in (*cuts.DRAWN, *cuts.HELD)})


def care_paid(report: RunReport) -> float | None:
    """Proceeds spent over care's pressure, in present value over the run, of means; None where there is no care."""
    pressure, proceeds = report.series(CARE), report.series(PROCEEDS)
    if pressure is None or proceeds is None:
        return None
    rates = {name: row.central for name, row in overridden(report.scenario.effects).items() if name in value.HELD}
    years = len(report.projection.years) - 1
    worth = [value.present(np.nanmean(flow, axis=0), years, rates) for flow in (proceeds.difference, pressure.as_is)]
    return float(worth[0] / worth[1]) if worth[1] > 0 else None
