"""Tables of what the deal is worth: the two purses, present values, care, the growth loop, and the place's own luck."""

from __future__ import annotations

from soke import text
from soke.model.money import value
from soke.report import facts, rounded
from soke.report.contents import RunReport
from soke.report.spread import Spread, change, spread
from soke.table import Cell, Column, Table

LEDGERS = ("place_budget", "exchequer", "growth_pays", "england_output")
RANGE = (
    Column("p10_gbp_million", "10th", "change"),
    Column("p50_gbp_million", "Median", "change"),
    Column("p90_gbp_million", "90th", "change"),
)
YEAR = (Column("year_of_run", "Year", "count"), Column("year", "Financial year"))


def spread_cells(found: Spread) -> tuple[Cell, ...]:
    return found.low, found.middle, found.high


def year_cells(report: RunReport, year: int) -> tuple[Cell, ...]:
    return year, text.financial_year(report.projection.years[year])


def two_ledgers(report: RunReport) -> Table:
    """What the deal changes for the place's purse and for the Exchequer's, apart; what moves is in both."""
    rows: list[tuple[Cell, ...]] = [
        (series.title, *year_cells(report, year), *spread_cells(found), found.below)
        for name in LEDGERS if (series := report.series(name))
        for year in report.marked_years() if (found := change(report, year, name))
    ]  # fmt: skip
    return Table.of(
        "two_ledgers",
        "Two purses: what the deal changes for this place and for the Exchequer, £ million a year",
        (Column("purse", "Purse"), *YEAR, *RANGE, Column("chance_below_zero", "Chance below zero", "share")),
        rows,
        "A pound that moves from one purse to the other is in both, with opposite signs, and in what growth pays in "
        "neither: that is extra tax in all of England and saved benefits, less the cost of the deal’s new money.",
    )


def worth(report: RunReport) -> Table:
    """Present values of the deal's new money and of what comes back."""
    appraisal = report.projection.appraisal
    rows: list[tuple[Cell, ...]] = []
    for worths in appraisal.worths if appraisal else ():
        for title, drawn in (
            ("Cost of new money", worths.cost), ("Tax and saved benefits", worths.returned), ("Net", worths.net),
        ):  # fmt: skip
            if found := spread(drawn):
                rows.append((title, worths.years, found.mean, *spread_cells(found)))
        rows.append(("Pence back for each £1", worths.years, worths.pence_back, None, None, None))
    first, later = (f"{100 * facts.known(report, name):.1f}" for name in value.HELD)
    back = appraisal.payback if appraisal else None
    sums = [({k: -1, k + 1: 1}, k + 2) for k in range(0, len(rows) - 2, 4)]  # what comes back, less the cost
    said = f"It has paid for itself by year {back}." if back is not None else "Not within 60 years."
    made = Table.of(
        "worth",
        "Present value over 20 and 60 years, £ million of the base year",
        (Column("what", "What"), Column("years", "Years", "count"), Column("mean", "Mean", "change"), *RANGE),
        rows,
        f"Payback: {said}",
        f"Discounted at the Green Book’s rate, {first} per cent a year, {later} after thirty years. After the last "
        "year of the run flows are held at its level. Not counted: time saved, health, and what a place is worth to "
        "live in.",
    )
    return rounded.noted(made, ["mean"], sums)


def switching(report: RunReport) -> Table:
    """How far each of the strongest figures would have to lie for the deal to pay for itself in tax."""
    appraisal = report.projection.appraisal
    rows: list[tuple[Cell, ...]] = [
        (found.meaning, found.low, found.central, found.high, found.at,
         "" if found.at is not None else "at nothing that was drawn", found.parameter)
        for found in (appraisal.switching if appraisal else ())
    ]  # fmt: skip
    return Table.of(
        "switching",
        "What would have to be true for the new money to pay for itself in tax within 20 years",
        (
            Column("what", "Figure"),
            Column("p10", "10th", "plain"),
            Column("p50", "Median", "plain"),
            Column("p90", "90th", "plain"),
            Column("switching_value", "It pays at", "plain"),
            Column("none", "Else"),
            Column("parameter", "Parameter", people=False),
        ),
        rows,
        "Along a straight line through the draws, all else as drawn.",
    )


def care(report: RunReport) -> Table:
    """What care of adults takes more, what of it is people alone, and what the proceeds of growth give towards it."""
    rows: list[tuple[Cell, ...]] = []
    for year in report.marked_years():
        if (found := facts.care(report, year)) is None:
            continue
        for title, one in (
            ("Care of adults takes more than now", found.pressure),
            ("Of which because people are older and more", found.people),
            ("Proceeds of growth spent here", found.proceeds),
        ):
            rows.append((title, *year_cells(report, year), *spread_cells(one), None))
        rows.append(("Proceeds for each £100 that care takes more", *year_cells(report, year), None, None, None,
                     100.0 * found.pays))  # fmt: skip
    paid = facts.care_paid(report)
    over = (
        [] if paid is None else [f"Over the whole run, in present value, proceeds pay {text.percent(paid, 1)} of it."]
    )
    return Table.of(
        "care",
        "Care of adults against the proceeds of growth, £ million a year",
        (Column("what", "What"), *YEAR, *RANGE, Column("of_100_gbp", "Of £100", "plain")),
        rows,
        *over,
        "Care rises with the number and age of people, with how many of working age need it, and as its pay and prices "
        "outrun other prices. Both paths alike.",
    )


def break_even(report: RunReport) -> Table:
    """The growth at which it would pay, at what is kept today, at half and at all of extra tax."""
    year, keep = report.headline_year(), report.projection.keep_deal.local / 100.0
    found, tax = facts.break_even(report, year, (1.0, 0.5, keep)), text.pence(100 * facts.known(report, "tax.output"))
    titles = ("All extra tax", "Half of it", f"As under this deal: {text.pence(100 * keep)} of each £1")
    rows: list[tuple[Cell, ...]] = [
        (title, one.output, None if one.points is None else 100.0 * one.points)
        for title, one in zip(titles, found, strict=bool(found))
    ]
    return Table.of(
        "break_even",
        f"How much faster this place would have to grow for the tax kept to pay what care takes more in year {year}",
        (
            Column("kept", "Kept here"),
            Column("output_gbp_million", "Extra output, £ million a year", "money"),
            Column("points_a_year", "Points a year faster", "plain"),
        ),
        rows,
        f"Of the middle of care’s pressure; a pound more of output pays about {tax} in tax.",
    )


def loop(report: RunReport) -> Table:
    """The growth loop in pounds: each step, and what leaks away on the way to it."""
    year = report.headline_year()
    rows: list[tuple[Cell, ...]] = []
    for step in facts.loop(report, year):
        rows.append((step.title, "step", step.amount.mean, *spread_cells(step.amount)))
        if step.leaked:
            rows.append((step.leak, "leak", step.leaked.mean, *spread_cells(step.leaked)))
    made = Table.of(
        "loop",
        f"The growth loop and where it leaks, year {year}, £ million a year",
        (Column("what", "What"), Column("kind", "Step or leak"), Column("mean_gbp_million", "Mean", "change"), *RANGE),
        rows,
        "Means add up; medians need not.",
    )
    steps: tuple[rounded.Sum, ...] = (
        (({2: 1, 5: -1}, 4), ({4: 1, 7: -1}, 6)) if rows else ()
    )  # tax less its leak is kept
    return rounded.noted(made, ["mean_gbp_million"], steps)


def luck(report: RunReport) -> Table:
    """This place's share of England's output over what it is now, deal or no deal."""
    rows: list[tuple[Cell, ...]] = [
        (*year_cells(report, year), 100.0 * found.low, 100.0 * found.middle, 100.0 * found.high)
        for year in report.marked_years() if (found := facts.luck(report, year))
    ]  # fmt: skip
    return Table.of(
        "luck",
        "This place’s part of England’s output, per cent more or less than now, deal or no deal",
        (
            *YEAR,
            Column("p10_per_cent", "10th", "plain-change"),
            Column("p50_per_cent", "Median", "plain-change"),
            Column("p90_per_cent", "90th", "plain-change"),
        ),
        rows,
        "Of a hundred draws: the tenth, the middle and the ninetieth.",
    )


def not_known(report: RunReport) -> Table:
    """What being devolved may do by itself, apart from every listed item."""
    rows: list[tuple[Cell, ...]] = [
        (*year_cells(report, year), *spread_cells(found))
        for year in report.marked_years()
        if (found := facts.unknown(report, year))
    ]
    return Table.of(
        "not_known",
        "Being devolved, by itself: tax raised here, £ million a year",
        (*YEAR, *RANGE),
        rows,
        "Studies of England find none, give or take .3 points of growth a year. Drawn apart: not in any other figure.",
    )
