"""Tables of the funding rules at work: who keeps which pound, levy and safety net, funding against need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from soke import text
from soke.england.baseline import Floats
from soke.england.places import CLASS_NAMES
from soke.england.settlement import PRECEPT_YEAR
from soke.report.contents import RunReport
from soke.report.keep import TIERS, council_tax_by_tier, pence_by_tier, tier_name
from soke.table import Cell, Column, Table

AS_IS, DEAL = 0, 1
CLASS_YEARS = (1, 4, 10, 20)


def keep_by_tier(report: RunReport) -> Table:
    """Of the next pound: by tax from growth, and by council tax from a new home. Only those who get something."""
    found = report.projection
    now, then = pence_by_tier(found.keep_as_is), pence_by_tier(found.keep_deal)
    rates = pence_by_tier(found.keep_rates_as_is), pence_by_tier(found.keep_rates_deal)
    homes, area = council_tax_by_tier(report), report.projection.area
    held = [tier for tier in TIERS if any(tier in kept for kept in (now, then, *rates, homes))]
    rows: list[tuple[Cell, ...]] = [
        (
            text.capital(tier_name(tier, area)),
            now.get(tier, 0.0),
            then.get(tier, 0.0),
            then.get(tier, 0.0) - now.get(tier, 0.0),
            rates[0].get(tier, 0.0),
            rates[1].get(tier, 0.0),
            homes.get(tier, 0.0) if homes else None,
        )
        for tier in held
    ]
    sums: list[Cell] = [
        sum(now.values()),
        sum(then.values()),
        0.0,
        *(sum(kept.values()) for kept in rates),
        sum(homes.values()) if homes else None,
    ]
    return Table.of(
        "keep",
        "Who keeps the next £1, in pence: of all tax from growth here, of business rates, of a new home’s council tax",
        (
            Column("tier", "Who"),
            Column("growth_as_is_pence", "Growth, today", "pence"),
            Column("growth_deal_pence", "Growth, with the deal", "pence"),
            Column("growth_change_pence", "Change", "pence-change"),
            Column("rates_as_is_pence", "Business rates, today", "pence"),
            Column("rates_deal_pence", "Business rates, with the deal", "pence"),
            Column("council_tax_pence", "Council tax, new home", "pence"),
        ),
        [*rows, ("All", *sums)],
        "Growth: all taxes, each by its receipts here and how closely it follows output; the rules of business rates"
        f" decide what stays. Council tax: as bills of {text.financial_year(PRECEPT_YEAR)} are made up, until the"
        " grant takes account of the home. Estimates.",
    )


def funding_by_year(report: RunReport) -> Table:
    """Every year of both paths: levy, safety net, and how funding stands to need."""
    standing, years = report.projection.standing, report.projection.years
    pairs = (
        ("safety_net_chance", standing.safety_net_chance),
        ("levy", standing.levy),
        ("area", standing.area - 1.0),
        ("low", standing.low - 1.0),
        ("high", standing.high - 1.0),
        ("near", standing.near),
    )
    rows: list[tuple[Cell, ...]] = [
        (k, text.financial_year(years[k]), *(float(values[path, k]) for _, values in pairs for path in (AS_IS, DEAL)))
        for k in first_years(report)
    ]
    made = Table.of(
        "funding_by_year",
        "Levy, safety net, and funding against need by year",
        (
            Column("year_of_run", "Year", "count"),
            Column("year", "Financial year"),
            Column("safety_net_chance_as_is", "On the safety net, as is", "share"),
            Column("safety_net_chance_deal", "with the deal", "share"),
            Column("levy_as_is_gbp_million", "Levy paid, £m, as is", "money"),
            Column("levy_deal_gbp_million", "with the deal", "money"),
            Column("area_above_england_as_is", "This place against England, as is", "share-change"),
            Column("area_above_england_deal", "with the deal", "share-change"),
            Column("low_tenth_above_england_as_is", "Tenth of a hundred places, as is", "share-change"),
            Column("low_tenth_above_england_deal", "with the deal", "share-change", people=False),
            Column("high_tenth_above_england_as_is", "Ninetieth, as is", "share-change"),
            Column("high_tenth_above_england_deal", "with the deal", "share-change", people=False),
            Column("places_near_need_as_is", "Places within 2% of need, as is", "share"),
            Column("places_near_need_deal", "with the deal", "share", people=False),
        ),
        rows,
        "Means over the draws. Safety net: the chance for one authority here, on average over all of them. Against"
        " England: business rates kept, grant and council tax at one national rate, for each unit of need.",
    )
    marked = set(report.marked_years()) | set(report.budget_years())
    return replace(made, page_rows=tuple(i for i, row in enumerate(rows) if row[0] in marked))


def first_years(report: RunReport) -> tuple[int, ...]:
    """The years of the run that have funding rules of their own: all but the base year."""
    every = range(len(report.projection.years))
    return tuple(every[1:]) or tuple(every)


def class_years(report: RunReport) -> tuple[int, ...]:
    """Years 1, 4, 10 and 20, as far as the run goes."""
    held = first_years(report)
    return tuple(k for k in CLASS_YEARS if k in held) or held[-1:]


def funding_by_class(report: RunReport) -> Table:
    """Shire against city: funding for each unit of need, by class of authority, above or below England's."""
    years = class_years(report)
    named = [(CLASS_NAMES.get(kind, kind), values) for kind, values in report.projection.standing.classes.items()]
    named.append(("This deal’s places", report.projection.standing.area))
    held = list(first_years(report))
    return Table.of(
        "funding_by_class",
        "Funding for each unit of need by kind of authority, above or below England’s",
        (
            Column("class", "Kind of authority"),
            *(
                Column(
                    f"{path}_year_{k}_above_england", f"Year {k}: as is" if path == "as_is" else "deal", "share-change"
                )
                for k in years
                for path in ("as_is", "deal")
            ),
            Column("furthest_as_is_above_england", "Furthest in any year: as is", "share-change"),
            Column("furthest_deal_above_england", "deal", "share-change"),
        ),
        [(name, *_above(values, years), *_furthest(values[:, held])) for name, values in named],
        "All authorities of a place together, so a shire district stands with its county council. England is 0. In a"
        " year of reset money is shared out anew by need, so funding then stands close to it. What need rests on is"
        " said below.",
    )


def _above(values: Floats, years: Sequence[int]) -> tuple[float, ...]:
    return tuple(float(values[path, k] - 1.0) for k in years for path in (AS_IS, DEAL))


def _furthest(values: Floats) -> tuple[float, ...]:
    """The year's figure that is furthest from England's, on each path."""
    return tuple(float(path[np.abs(path - 1.0).argmax()] - 1.0) for path in values)


def funding_notes(report: RunReport) -> Table:
    return Table.of(
        "funding_notes",
        "What the figures of this section rest on",
        (Column("note", "What to know"), Column("grade", "Grade", "grade")),
        [(note, "estimate") for note in report.projection.standing.notes],
    )
