"""Tables of who gains and who loses: every place, each class of authority, each region; and the ledger of flows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from soke import text
from soke.report.contents import RunReport
from soke.table import Cell, Column, Table

MEDIAN = 2  # position of the 50th percentile among the quantiles
SHOWN_FLOWS = 60


def a_head(report: RunReport, year: int) -> dict[str, float]:
    """Mean difference in pounds a head by place in one year of the run, for places with people."""
    series = report.gainers()
    if series is None:
        return {}
    return {
        code: float(1e6 * series.mean_difference[year, i] / report.population[code])
        for i, code in enumerate(report.projection.places)
        if report.population.get(code, 0) > 0
    }


def every_place(report: RunReport) -> Table:
    series, year = report.gainers(), report.headline_year()
    heads = a_head(report, year)
    rows: list[tuple[Cell, ...]] = []
    for i, code in enumerate(report.projection.places if series else ()):
        assert series is not None
        cells: list[Cell] = [report.name(code), code, report.regions.get(code, ""), report.classes.get(code, "")]
        cells += ["yes" if code in report.projection.area else "", report.population.get(code), heads.get(code)]
        cells += [float(series.difference[q, year, i]) for q in (0, MEDIAN, -1)]
        cells += [float(series.mean_difference[k, i]) for k in report.marked_years()]
        rows.append((*cells, float(series.below_chance[year, i])))
    rows.sort(key=lambda row: (-(row[6] if isinstance(row[6], float) else 0.0), str(row[1])))
    title = f"{series.title}, {series.unit}" if series else "no series by place"
    return Table.of(
        "places",
        f"Every place in year {year}: {title}",
        (
            Column("name", "Place"),
            Column("place_code", "Code", people=False),
            Column("region", "Region"),
            Column("class", "Class"),
            Column("in_the_deal", "In the deal"),
            Column("population_persons", "People", "count"),
            Column("mean_difference_gbp_per_head", "£ a head", "pounds-change"),
            Column("difference_p10_gbp_million", "10th, £m", "change"),
            Column("difference_p50_gbp_million", "Median, £m", "change"),
            Column("difference_p90_gbp_million", "90th, £m", "change"),
            *(
                Column(f"mean_difference_year_{k}_gbp_million", f"Mean, year {k}, £m", "change")
                for k in report.marked_years()
            ),
            Column("chance_below_zero", "Chance below zero", "share"),
        ),
        rows,
        "Largest gain a head first. Means add up to England; medians do not.",
    )


def by_class(report: RunReport) -> Table:
    found = sorted({report.classes.get(code, "not known") for code in report.projection.places})
    groups: list[tuple[str, Callable[[str], bool]]] = [(name, _is_class(report, name)) for name in found]
    if report.coast:
        groups.append(("on the coast (of any class)", lambda code: code in report.coast))
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
    heads = a_head(report, report.headline_year())
    rows = [
        (name, *_group_cells(report, heads, [c for c in report.projection.places if belongs(c)]))
        for name, belongs in everyone
    ]
    columns = (
        Column(group, group.capitalize()),
        Column("places", "Places", "count"),
        Column("population_persons", "People", "count"),
        *(
            Column(f"mean_difference_year_{k}_gbp_million", f"Mean, year {k}, £m", "change")
            for k in report.marked_years()
        ),
        Column("mean_difference_gbp_per_head", f"£ a head, year {report.headline_year()}", "pounds-change"),
        Column("places_that_lose", "Places that lose a penny a head", "count"),
    )
    return Table.of(id_, f"{caption}: mean difference that the deal makes", columns, rows)


def _group_cells(report: RunReport, heads: dict[str, float], codes: Sequence[str]) -> tuple[Cell, ...]:
    series = report.gainers()
    people = sum(report.population.get(code, 0) for code in codes)
    wanted = set(codes)
    mask = np.array([code in wanted for code in report.projection.places], dtype=bool)
    sums = [float(series.mean_difference[k, mask].sum()) if series else None for k in report.marked_years()]
    whole = float(series.mean_difference[report.headline_year(), mask].sum()) if series else None
    each = 1e6 * whole / people if whole is not None and people > 0 else None
    return len(codes), people, *sums, each, sum(heads.get(code, 0.0) < -0.005 for code in codes)


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
