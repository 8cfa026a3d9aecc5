"""The facts that lead a deal's page: what only changes hands, what is new, what that brings, what nobody knows.

Each is computed here once, from the series of the run, and put into words where it is shown. GBP million a year of the
base year's prices, unless said otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from soke.deal.fund_kinds import SPENT_BEFORE
from soke.england.baseline import Floats, baseline
from soke.evidence import overridden
from soke.model.money import value
from soke.model.services import care as services_care
from soke.model.services import cuts
from soke.report.contents import RunReport
from soke.report.spread import Spread, change, spread, summed

STRUCTURAL, CARE, PROCEEDS, HELD = "structural", "care_pressure", "proceeds_spent", "already_held"
OF_THE_LEVERS = ("receipts", "benefits_saved")


def known(report: RunReport, name: str) -> float:
    """A figure of the evidence at its centre, as the run's scenario has it."""
    return overridden(report.scenario.effects)[name].central


@dataclass(frozen=True, slots=True)
class Money:
    """What the place would decide on in the first year of the deal, and in which years the new part runs.

    ``first``, ``last``: financial years of the new part, 0 where there is none.
    """

    moved: float
    new: float
    years: int
    goes_on: bool  # beyond the run
    first: int = 0
    last: int = 0

    @property
    def decided(self) -> float:
        return self.moved + self.new


def paid_by(report: RunReport, *kinds: str) -> Floats:
    """(year,) GBP million that funds of some kinds of the ledger pay here: ``moved``, ``new``, ``trimmed``, ...

    A fund that is trimmed on its way takes nothing from the new money of another: what it loses is ``trimmed``."""
    flows = [flow.amount for flow in report.projection.flows if flow.owner == "fund" and flow.kind in kinds]
    return np.asarray(np.sum(flows, axis=0)) if flows else np.zeros(len(report.projection.years))


def money(report: RunReport) -> Money:
    """By the ledger of the deal's own funds."""
    return money_paid(report.projection.years, paid_by(report, *SPENT_BEFORE), paid_by(report, "new"),
                      report.first_year())  # fmt: skip


def money_paid(years: Sequence[int], moves: Floats, new: Floats, first_year: int) -> Money:
    """The same of (year,) GBP million that only change hands, and of (year,) that are new; ``first_year`` of the deal
    counted from the first of ``years``."""
    moved = float(moves[min(first_year, len(years) - 1)])
    running = np.flatnonzero(new > 0)
    if not len(running):
        return Money(moved, 0.0, 0, False)
    first, last = int(running[0]), int(running[-1])
    return Money(moved, float(new[first]), len(running), last == len(years) - 1, years[first], years[last])


PENNY = 0.005  # pounds a head: what is smaller rounds to no penny


def a_head(report: RunReport) -> dict[str, float]:
    """What each place with people gains or loses, pounds a head a year: the mean over draws and over the years of the
    bill. The map, the classes, the regions, every place and the largest loser are of these."""
    series, years = report.gainers(), list(report.budget_years())
    if series is None or not years:
        return {}
    yearly = 1e6 * series.mean_difference[years].mean(axis=0)
    people = ((i, code, report.population.get(code, 0)) for i, code in enumerate(report.projection.places))
    return {code: float(yearly[i] / count) for i, code, count in people if count > 0}


def brought(report: RunReport, year: int) -> Spread | None:
    """Extra tax here and benefits saved, by the listed levers."""
    return change(report, year, *OF_THE_LEVERS)


def unknown(report: RunReport, year: int) -> Spread | None:
    """What being devolved may do to the tax raised here: drawn apart from the listed levers."""
    return change(report, year, STRUCTURAL)


def nothing_changes(report: RunReport) -> bool:
    """Whether the deal has no lever: nothing that it invests in acts through a channel, and no figure changes in any
    draw or year. What nobody knows of being devolved is drawn apart, and is none of the deal's."""
    if any(investment.effect.channel != "none" for investment in report.deal.investments):
        return False  # a short run may end before it opens
    levers = (series for name, series in report.projection.series.items() if not name.startswith(STRUCTURAL))
    changed = any(np.nan_to_num(series.difference).any() for series in levers)
    return len(report.projection.years) > 1 and not changed


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
    taken, of_people = (
        spread(series.as_is[:, year]) if (series := report.series(name)) else None for name in (CARE, "care_people")
    )
    given = change(report, year, PROCEEDS)
    return Care(taken, of_people, given) if taken and of_people and given else None


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
    bill, names = (
        report.projection.bill,
        (("gva",), ("england_output",), OF_THE_LEVERS, ("exchequer",), KEPT, (PROCEEDS,)),
    )
    found = [drawn[:, year] for of in names if (drawn := summed(report, *of)) is not None]
    bill = report.projection.bill
    if bill is None or len(found) < len(names):
        return ()
    output, all_output, tax, exchequer, kept, spent = found
    returned = exchequer + bill.cost[:, year]
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
    tax = known(report, "tax.output")
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
    held = baseline()
    if not set(report.projection.area) <= set(held.codes):
        return None
    centre = {name: known(report, name) for name in (*cuts.DRAWN, *cuts.HELD)}
    return cuts.again(held, report.projection.area, centre)


def care_paid(report: RunReport) -> float | None:
    """Proceeds spent over care's pressure, in present value over the run, of means; None where there is no care."""
    pressure, proceeds = report.series(CARE), report.series(PROCEEDS)
    if pressure is None or proceeds is None:
        return None
    rates = {name: known(report, name) for name in value.HELD}
    years = len(report.projection.years) - 1
    worth = [value.present(np.nanmean(flow, axis=0), years, rates) for flow in (proceeds.difference, pressure.as_is)]
    return float(worth[0] / worth[1]) if worth[1] > 0 else None
