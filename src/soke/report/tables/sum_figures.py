"""Every figure of the sum behind a number of an account, unrounded, as tables for a calculator."""

from __future__ import annotations

from soke import text
from soke.england.places import places
from soke.model.accounts.explain import LineSum, TotalSum
from soke.table import Column, Table


def sums(done: LineSum | TotalSum) -> tuple[Table, ...]:
    """Every figure of the sum, unrounded, so that it can be worked out by hand."""
    if isinstance(done, TotalSum):
        return (_total_lines(done), _total_facts(done))
    return _components(done), _regions(done), _areas(done), _moved(done)


def _total_lines(done: TotalSum) -> Table:
    return Table.of(
        "sum_lines",
        f"{done.title}: its lines, with their sign in it",
        (
            Column("line", "Line"),
            Column("gbp_million_cash", "£m", "money"),
            Column("half_width_gbp_million_cash", "within, £m", "money", missing="—"),
            Column("range_share", "part of the range, squared", "share"),
            Column("line_id", "Id"),
        ),
        [(a.title, a.value, a.half_width, a.squared_share, a.line) for a in done.addends],
    )


def _total_facts(done: TotalSum) -> Table:
    return Table.of(
        "sum_facts",
        f"{done.title}: what else is in it",
        (
            Column("head_share", "people over the UK's", "plain"),
            Column("uk_receipts_gbp_million_cash", "UK receipts, £m", "money"),
            Column("uk_spending_gbp_million_cash", "UK spending, £m", "money"),
            Column("gbp_million_cash", "here, £m", "money"),
            Column("half_width_gbp_million_cash", "within, £m", "money", missing="—"),
        ),
        [(done.head_share, done.uk_receipts, done.uk_spending, done.value, done.half_width)],
    )


def _components(done: LineSum) -> Table:
    return Table.of(
        "sum_components",
        f"{done.title}: its components, where people live",
        (
            Column("component", "Component"),
            Column("title", "what it is"),
            Column("gbp_million_cash", "£m", "money"),
            Column("half_width_gbp_million_cash", "within, £m", "money", missing="—"),
            Column("measured_here_gbp_million_cash", "measured here", "money"),
            Column("measured_wider_gbp_million_cash", "measured wider", "money"),
            Column("by_key_gbp_million_cash", "shared by a rule", "money"),
            Column("per_head_gbp_million_cash", "shared by head", "money"),
            Column("year_off_gbp_million_cash", "of it a year off", "money"),
            Column("key", "key"),
            Column("key_error_share", "key's error, four in five", "plain"),
            Column("how_tested", "tested"),
        ),
        [
            (c.pounds.component.id, c.pounds.component.title, c.pounds.value,
             None if done.published else c.pounds.half_width, c.pounds.here,
             c.pounds.wider, c.pounds.key, c.pounds.head, c.pounds.year_off, c.key, c.q80, c.how)
            for c in done.components
        ],
    )  # fmt: skip


def _regions(done: LineSum) -> Table:
    return Table.of(
        "sum_regions",
        f"{done.title}: each component in each region, GBP million",
        (
            Column("component", "Component"),
            Column("region_code", "Region"),
            Column("region", "Name"),
            Column("control_gbp_million_cash", "published for the region", "money"),
            Column("own_here_gbp_million_cash", "own figures here", "money"),
            Column("own_region_gbp_million_cash", "own figures of the region", "money"),
            Column("q", "q", "plain"),
            Column("rule", "rule"),
            Column("factor", "own figures times", "plain"),
            Column("key_weight_here", "key's weight here", "plain"),
            Column("key_weight_region", "of the region", "plain"),
            Column("gbp_million_cash", "£m here", "money"),
        ),
        [
            (r.component, r.region, places().name(r.region), r.control, r.own_here, r.own_region, r.q, r.rule, r.factor,
             r.weight_here, r.weight_region, r.value)
            for c in done.components for r in c.regions
        ],
    )  # fmt: skip


def _areas(done: LineSum) -> Table:
    return Table.of(
        "sum_areas",
        f"{done.title}: own figures by area, GBP million",
        (
            Column("component", "Component"),
            Column("region_code", "Region"),
            Column("figure", "figure"),
            Column("area_code", "Area"),
            Column("area", "Name"),
            Column("kind", "kind"),
            Column("figure_year", "year"),
            Column("filed_gbp_million", "filed or allocated", "money"),
            Column("growth", "moved by", "plain"),
            Column("falls_here_share", "falls here", "plain"),
            Column("people_inside_share", "people inside", "plain"),
            Column("filed_by_the_body", "filed by it"),
            Column("gbp_million_cash", "£m here", "money"),
        ),
        [
            (a.component, a.region, a.figure, a.area.code, a.area.name, a.area.kind, text.financial_year(a.year),
             a.filed, a.growth, a.share, a.inside, "no" if a.estimated else "yes", a.here)
            for c in done.components for a in c.areas
        ],
    )  # fmt: skip


def _moved(done: LineSum) -> Table:
    return Table.of(
        "sum_economy",
        f"{done.title}: on another basis than residence, GBP million",
        (
            Column("region_code", "Region"),
            Column("region", "Name"),
            Column("paid_here_gbp_million_cash", "paid by people here", "money"),
            Column("moved_share", "of it moves", "plain"),
            Column("region_paid_gbp_million_cash", "paid in the region", "money"),
            Column("region_generated_gbp_million_cash", "generated in the region", "money"),
            Column("key_weight_here", "key's weight here", "plain"),
            Column("key_weight_region", "of the region", "plain"),
            Column("gbp_million_cash", "£m here", "money"),
        ),
        [
            (m.region, places().name(m.region), m.home, m.moved_share, m.region_home, m.region_generated,
             m.weight_here, m.weight_region, m.value)
            for m in done.moved
        ],
    )  # fmt: skip
