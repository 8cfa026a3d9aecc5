"""Tables of who gains and who loses: every place, each class of authority, each region; and the ledger of flows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from soke import text
from soke.england.baseline import Floats
from soke.report import rounded
from soke.report.contents import RunReport
from soke.report.facts import PENNY, a_head
from soke.table import Cell, Column, Table

MEDIAN = 2  # position of the 50th percentile among the quantiles
SHOWN_FLOWS = 60


COAST = "on the coast (of any class)"
HEAD = "mean_difference_gbp_per_head"
NOUGHT = 1e-9  # GBP million: what places gain and lose adds up to nought, but for the last digits of a sum


def every_place(report: RunReport) -> Table:
    """What each place gains or loses: a head over the years of the bill, and its range in the last of them."""
    series, heads, last = report.gainers(), a_head(report), (report.budget_years() or report.marked_years())[-1]
    when, then = report.over_budgets(), text.financial_year(report.projection.years[last])
    rows: list[tuple[Cell, ...]] = []
    for i, code in enumerate(report.projection.places if series else ()):
        assert series is not None
        cells: list[Cell] = [report.name(code), code, report.regions.get(code, ""), report.classes.get(code, "")]
        cells += ["yes" if code in report.projection.area else "", report.population.get(code), heads.get(code)]
        cells += [float(series.difference[q, last, i]) for q in (0, MEDIAN, -1)]
        cells += [float(series.below_chance[last, i])]
        rows.append((*cells, *(float(series.mean_difference[k, i]) for k in report.marked_years())))
    rows.sort(key=lambda row: (-(row[6] if isinstance(row[6], float) else 0.0), str(row[1])))
    title = f"{series.title}, {series.unit}" if series else "no series by place"
    made = Table.of(
        "places",
        f"Every place: {title}, {when}",
        (
            Column("name", "Place"),
            Column("place_code", "Code", people=False),
            Column("region", "Region"),
            Column("class", "Class"),
            Column("in_the_deal", "In the deal"),
            Column("population_persons", "People", "count"),
            Column(HEAD, f"£ a head a year, {when}", "pounds-change"),
            Column("difference_p10_gbp_million", f"10th, {then}, £m", "change"),
            Column("difference_p50_gbp_million", f"Median, {then}, £m", "change"),
            Column("difference_p90_gbp_million", f"90th, {then}, £m", "change"),
            Column("chance_below_zero", f"Chance below zero, {then}", "share"),
            *_means(report),
        ),
        rows,
        "Largest gain a head first. Means add up to England; medians do not.",
        f"A head: the mean of the deal’s first four years, {when}, the years of the bill.",
    )
    return replace(made, version=2)


def _means(report: RunReport) -> Iterator[Column]:
    for k in report.marked_years():
        when = text.financial_year(report.projection.years[k])
        yield Column(f"mean_difference_year_{k}_gbp_million", f"Mean, year {k} ({when}), £m", "change")


def by_class(report: RunReport) -> Table:
    found = sorted({report.classes.get(code, "not known") for code in report.projection.places})
    groups: list[tuple[str, Callable[[str], bool]]] = [(name, _is_class(report, name)) for name in found]
    if report.coast:
        groups.append((COAST, lambda code: code in report.coast))
    return _grouped(report, "classes", "By class of authority", "class", groups)


def _is_class(report: RunReport, name: str) -> Callable[[str], bool]:
    return lambda code: report.classes.get(code, "not known") == name


def by_region(report: RunReport) -> Table:
    found = sorted({report.regions.get(code, "not known") for code in report.projection.places})

    def inside(name: str) -> Callable[[str], bool]:
        return lambda code: report.regions.get(code, "not known") == name

    groups = [(name, inside(name)) for name in found]
    return _grouped(report, "regions", "By region", "region", groups)


def _grouped(
    report: RunReport, id_: str, caption: str, group: str, groups: Sequence[tuple[str, Callable[[str], bool]]]
) -> Table:
    """Sums over groups of places: in all, and outside the deal's own area. The last row is England."""
    area = set(report.projection.area)
    everyone = [*groups, ("the deal's own places", lambda code: code in area), ("England", lambda code: True)]
    heads, when = a_head(report), report.over_budgets()
    rows = [
        (name, *_group_cells(report, heads, [c for c in report.projection.places if belongs(c)]))
        for name, belongs in everyone
    ]
    columns = (
        Column(group, group.capitalize()),
        Column("places", "Places", "count"),
        Column("population_persons", "People", "count"),
        Column("mean_difference_gbp_million", f"Mean a year, {when}, £m", "change"),
        Column(HEAD, f"£ a head a year, {when}", "pounds-change"),
        Column("places_that_lose", f"Places that lose a penny a head a year, {when}", "count"),
        *_means(report),
    )
    said = f"{caption}: mean difference that the deal makes, {when}"
    made = replace(Table.of(id_, said, columns, rows), version=2)
    apart = sum(name != COAST for name, _ in groups)  # the coast is of any class; the last row is the sum
    keys = [column.key for column in columns if column.kind == "change"]
    return rounded.noted(made, keys, ((dict.fromkeys(range(apart), 1), len(rows) - 1),))


def _group_cells(report: RunReport, heads: dict[str, float], codes: Sequence[str]) -> tuple[Cell, ...]:
    series = report.gainers()
    people = sum(report.population.get(code, 0) for code in codes)
    wanted = set(codes)
    mask = np.array([code in wanted for code in report.projection.places], dtype=bool)
    yearly = None if series is None else series.mean_difference[:, mask].sum(axis=1)
    sums = [_whole(yearly, [k]) for k in report.marked_years()]
    whole = _whole(yearly, list(report.budget_years()))
    each = 1e6 * whole / people if whole is not None and people > 0 else None
    return len(codes), people, whole, each, sum(heads.get(code, 0.0) < -PENNY for code in codes), *sums


def _whole(yearly: Floats | None, years: list[int]) -> float | None:
    """GBP million a year, the mean over some years."""
    if yearly is None or not years:
        return None
    mean = float(yearly[years].mean())
    return mean if abs(mean) > NOUGHT else 0.0


def flows(report: RunReport) -> Table:
    """The ledger: who pays, who receives, in every year. The page shows the largest."""
    years = report.projection.years
    shown = {*report.budget_years(), *report.marked_years()}
    ordered = sorted(
        report.projection.flows,
        key=lambda f: (-float(np.abs(f.amount).sum()), f.item, f.kind, f.payer, f.receiver),
    )
    made = Table.of(
        "flows",
        "The ledger: every flow of money that the deal makes or moves, £ million a year",
        (
            Column("item", "Item"),
            Column("payer", "Who pays"),
            Column("receiver", "Who receives"),
            Column("kind", "Kind"),
            Column("owner", "Counted in"),
            *(
                Column(f"{text.financial_year(year)}_gbp_million", text.financial_year(year), "money", k in shown)
                for k, year in enumerate(years)
            ),
        ),
        [
            (report.name(f.item), report.name(f.payer), report.name(f.receiver), f.kind, f.owner, *map(float, f.amount))
            for f in ordered
        ],
        "Means over the draws. Each flow is counted in one model only.",
    )
    return replace(made, page_rows=tuple(range(min(len(ordered), SHOWN_FLOWS))))
