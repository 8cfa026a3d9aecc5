"""Tables of the paired difference: the four numbers, the fan, its components, the budget years, what drives it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from soke import text
from soke.england.baseline import Floats
from soke.model.funding.kept_growth import GROWTH, HELD, NEED, TIMING
from soke.model.money.investment_costs import OF_GOVERNMENT, OVERRUN, RUNNING_COST
from soke.model.run.result import Series
from soke.report import rounded
from soke.report.believe import Belief, belief
from soke.report.contents import RunReport
from soke.report.headline import COUNCIL_TAX, NARROWING
from soke.report.headline import four_numbers as the_four
from soke.report.spread import Spread, spread
from soke.table import Cell, Column, Table

QUANTILE_COLUMNS = (
    Column("p10_gbp_million", "10th", "change"),
    Column("p25_gbp_million", "25th", "change"),
    Column("p50_gbp_million", "Median", "change"),
    Column("p75_gbp_million", "75th", "change"),
    Column("p90_gbp_million", "90th", "change"),
    Column("chance_below_zero", "Chance below zero", "share"),
)
# what the narrowing of the gap is made of: series, its sign in the sum, what it is called above zero and below
COMPONENTS = (
    ("receipts", 1, "Extra tax raised here", "Tax lost here"),
    ("benefits_saved", 1, "Benefits saved", "More benefits paid"),
    ("new_money", -1, "New money spent here", "Services lost: funds trimmed here"),
    ("incomers_served", -1, "Services for people who come", "Services not needed by people who leave"),
    ("proceeds_spent", -1, "Proceeds of growth spent here", "Services lost: lower proceeds spent here"),
    (COUNCIL_TAX, -1, "Higher council tax, spent here", "Services lost: lower council tax"),
    (OF_GOVERNMENT, -1, "Overrun of works, borne by government", "Works cheaper than planned, to government"),
)
BUDGET_SERIES = ("budget", "new_money", "kept_growth", "proceeds_spent", "benefits_saved")
# shown where the deal moves them, or where there is anything to show as is
FISCAL_SERIES = (
    TIMING, NEED, GROWTH, HELD, "assigned_tax", "earned_back", COUNCIL_TAX, OVERRUN, RUNNING_COST, OF_GOVERNMENT,
)  # fmt: skip


def four_numbers(report: RunReport) -> Table:
    return Table.of(
        "four_numbers",
        "The four numbers",
        (
            Column("number", "Number"),
            Column("in_words", "In words"),
            Column("value", "Value", "plain"),
            Column("low", "Low", "plain"),
            Column("high", "High", "plain"),
            Column("unit", "Unit"),
            Column("sentence", "What it says"),
            Column("beside", "Beside it"),
            Column("id", "Id", people=False),
            Column("year", "Financial years", people=False),
        ),
        [
            (n.title, n.figure, n.value, n.low, n.high, n.unit, n.sentence, n.more, n.id, n.year)
            for n in the_four(report)
        ],
    )


def by_year(report: RunReport, name: str, take: Callable[[Series], Floats]) -> list[Spread | None]:
    """The spread of a series in each year of the run; nothing where the series is not projected."""
    series = report.series(name)
    if series is None:
        return []
    values = take(series)
    return [spread(values[:, year]) for year in range(values.shape[1])]


def fan_years(report: RunReport) -> Table:
    found = by_year(report, NARROWING, lambda series: series.difference)
    years = report.projection.years
    rows: list[tuple[Cell, ...]] = [
        (k, text.financial_year(years[k]), *s.quantiles, s.below) for k, s in enumerate(found) if s
    ]
    unit = report.projection.series[NARROWING].unit if found else "£ million a year"
    made = Table.of(
        "difference_by_year",
        f"What the deal changes: how far it narrows the gap, {unit.replace('GBP', '£')}",
        (Column("year_of_run", "Year", "count"), Column("year", "Financial year"), *QUANTILE_COLUMNS),
        rows,
        "Above zero is a narrower gap. Both paths share their draws, so this is the deal alone.",
    )
    marked = set(report.marked_years()) | set(report.budget_years())
    return replace(made, page_rows=tuple(k for k, row in enumerate(rows) if row[0] in marked))


def the_belief(report: RunReport) -> Belief:
    account = report.account
    return belief(account.receipts, account.spending, account.split.borrowing, report.gva_history)


def must_believe(report: RunReport) -> Table:
    found = the_belief(report)
    needed = (
        ("Needed to close the whole gap", found.needed),
        ("Needed to close all but the share of UK borrowing", found.needed_own),
    )
    rows: list[tuple[Cell, ...]] = [
        (what, None if growth is None else 100 * growth, f"for {found.span} years", None, "") for what, growth in needed
    ]
    rows += [
        (r.name, 100 * r.best, f"{r.best_from} to {r.best_to}", 100 * r.whole, f"{r.whole_from} to {r.whole_to}")
        for r in found.records
    ]
    return Table.of(
        "must_believe",
        "Growth of output above England's, points a year: what closing the gap would need, and what each area managed",
        (
            Column("what", "What"),
            Column("best_points_a_year", "Best stretch", "plain-change"),
            Column("best_years", "Years"),
            Column("whole_points_a_year", "Whole record", "plain-change"),
            Column("whole_years", "Years"),
        ),
        rows,
        "Gross value added, current prices. Receipts are taken to keep pace with output; if they lag, more is needed.",
    )


def component_spreads(report: RunReport, year: int) -> list[tuple[str, Spread]]:
    """Each component's part of the narrowing in one year; what they leave unexplained comes last, if anything."""
    whole = report.series(NARROWING)
    if whole is None:
        return []
    left, rows = whole.difference[:, year].copy(), []
    for name, sign, more, less in COMPONENTS:
        series = report.series(name)
        if series is None:
            continue
        part = sign * series.difference[:, year]
        if name in FISCAL_SERIES and not np.nan_to_num(part).any():
            continue
        left -= part
        if found := spread(part):
            rows.append((less if sign * found.mean < 0 else more, found))
    rest = spread(left)
    if rest and abs(rest.mean) > 1e-6 * max(1.0, *(abs(found.mean) for _, found in rows), 0.0):
        rows.append(("Everything else", rest))
    return rows


def components(report: RunReport) -> Table:
    rows: list[tuple[Cell, ...]] = []
    sums: list[rounded.Sum] = []
    for year in report.marked_years():
        whole = spread(report.projection.series[NARROWING].difference[:, year]) if report.series(NARROWING) else None
        named = [*component_spreads(report, year), *([("Narrowing of the gap", whole)] if whole else [])]
        said = text.financial_year(report.projection.years[year])
        sums += [(dict.fromkeys(range(len(rows), len(rows) + len(named) - 1), 1), len(rows) + len(named) - 1)]
        rows += [(f"year {year}", title, s.mean, s.low, s.middle, s.high, year, said) for title, s in named]
    made = Table.of(
        "components",
        "What the difference is made of, £ million a year: above zero narrows the gap",
        (
            Column("marked_year", "Year"),
            Column("component", "Component"),
            Column("mean_gbp_million", "Mean", "change"),
            Column("p10_gbp_million", "10th", "change"),
            Column("p50_gbp_million", "Median", "change"),
            Column("p90_gbp_million", "90th", "change"),
            Column("year_of_run", "Year of the run", "count", people=False),
            Column("year", "Financial year", people=False),
        ),
        rows,
        "Means add up; medians do not. Less spent on services here narrows the gap, and is a loss to who used them.",
    )
    return rounded.noted(made, ["mean_gbp_million"], sums if rows else ())


def _paths(series: Series, year: int) -> tuple[Cell, ...] | None:
    """Medians of both paths, then median, 10th and 90th percentile and chance below zero of the difference."""
    as_is, deal = spread(series.as_is[:, year]), spread(series.deal[:, year])
    change = spread(series.difference[:, year])
    if as_is is None or deal is None or change is None:
        return None
    return as_is.middle, deal.middle, change.middle, change.low, change.high, change.below


PATH_COLUMNS = (
    Column("as_is_p50", "As is", "money"),
    Column("deal_p50", "With the deal", "money"),
    Column("difference_p50", "Difference", "change"),
    Column("difference_p10", "10th", "change"),
    Column("difference_p90", "90th", "change"),
    Column("chance_below_zero", "Chance below zero", "share"),
)


def _path_rows(report: RunReport, chosen: Sequence[Series], years: Sequence[int]) -> list[tuple[Cell, ...]]:
    return [
        (series.title, k, text.financial_year(report.projection.years[k]), *found, series.unit)
        for series in chosen
        for k in years
        if (found := _paths(series, k)) is not None
    ]


def _path_table(id_: str, caption: str, rows: list[tuple[Cell, ...]], note: str) -> Table:
    columns = (
        Column("series", "Series"),
        Column("year_of_run", "Year", "count"),
        Column("year", "Financial year"),
        *PATH_COLUMNS,
        Column("unit", "Unit", people=False),
    )
    units = text.listed(list(dict.fromkeys(str(row[-1]) for row in rows)))
    return Table.of(id_, f"{caption}: {units.replace('GBP', '£')}" if units else caption, columns, rows, note)


def four_years(report: RunReport) -> Table:
    chosen = [series for name in BUDGET_SERIES if (series := report.series(name))]
    moved = [series for name in FISCAL_SERIES if (series := report.series(name))]
    chosen += [series for series in moved if np.nan_to_num((series.as_is, series.deal)).any()]
    rows = _path_rows(report, chosen, report.budget_years())
    return _path_table(
        "four_years",
        f"The deal’s first four years, {report.over_budgets()}: as is, with the deal, the difference and its range",
        rows,
        "Medians over the draws; the range of the difference is the 10th to the 90th percentile of paired draws.",
    )


def levels(report: RunReport) -> Table:
    rows = _path_rows(report, tuple(report.projection.series.values()), range(len(report.projection.years)))
    made = _path_table("levels", "Every headline series on both paths", rows, "Medians over the draws.")
    marked = {0, *report.marked_years()}
    return replace(made, page_rows=tuple(k for k, row in enumerate(rows) if row[1] in marked))


def drivers(report: RunReport) -> Table:
    found = sorted(report.projection.drivers, key=lambda d: -abs(d.rank_correlation))
    return Table.of(
        "drivers",
        f"What drives the range of the difference in year {report.headline_year()}",
        (
            Column("parameter", "Parameter"),
            Column("meaning", "What it is"),
            Column("rank_correlation", "Rank correlation", "plain-change"),
            Column("low_fifth_gbp_million", "£m where it is lowest", "change"),
            Column("high_fifth_gbp_million", "£m where it is highest", "change"),
        ),
        [(d.parameter, d.meaning, d.rank_correlation, d.low, d.high) for d in found],
        "Median difference, £ million a year, where the parameter is in its lowest and in its highest fifth.",
    )
