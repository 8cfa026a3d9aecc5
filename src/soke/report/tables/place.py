"""Tables of the page of a place's account: the account in short, its lines, how far each part is known, its sums."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from soke import text
from soke.england.places import places
from soke.model.accounts.definitions import DEFINITIONS
from soke.model.accounts.explain import LineSum, TotalSum
from soke.model.accounts.history import history_notes
from soke.model.accounts.types import Account, Known, Side
from soke.report.account_words import doubt, known_words, summary
from soke.report.place_contents import PlaceContents
from soke.report.tables.account import (
    HALF_WIDTH,
    NOT_WORKED_OUT,
    SIDES,
    account_history,
    for_size,
    summed_up,
    without_ranges,
)
from soke.report.tables.explained import explained
from soke.report.tables.sum_figures import sums
from soke.table import Cell, Column, Table
from soke.text import capital

NO_RANGE = "—: no range, since all of it is measured, or goes per head by convention."
NO_ID = re.compile(r"[^a-z0-9]+")  # of letters in the id of a part of a page
MOST_AREAS = 60  # rows of a table of areas on a page
ANCHOR = Column("sum", "", people=False)
MONEY = Column("gbp_million_cash", "£m", "money", digits=0, link=ANCHOR.key)  # each figure leads to its sum
WITHIN = replace(HALF_WIDTH, title="± £m")
A_HEAD = Column("gbp_per_head", "£ a head", "pounds", digits=0)
AREAS = (
    Column("component", "part"), Column("area", "area"), Column("figure", "figure"), Column("figure_year", "year"),
    Column("filed_gbp_million", "filed or allocated", "money"), Column("growth", "moved by", "plain", digits=4),
    Column("falls_here_share", "falls here", "share"), Column("people_inside_share", "people inside", "share"),
    Column("filed_by_the_body", "filed by it"), Column("gbp_million_cash", "£m here", "money"),
)  # fmt: skip
REGIONS = (
    Column("component", "part"), Column("region", "region"),
    Column("control_gbp_million_cash", "published for the region", "money"),
    Column("own_here_gbp_million_cash", "own figures here", "money"),
    Column("own_region_gbp_million_cash", "of the region", "money"),
    Column("q", "q", "plain", digits=4, missing="—"), Column("factor", "own figures times", "plain", digits=4),
    Column("key_weight_here", "key’s weight here", "plain"), Column("key_weight_region", "of the region", "plain"),
    Column("gbp_million_cash", "£m here", "money"),
)  # fmt: skip
STEPS = Column("step", "step"), Column("arithmetic", "worked out"), Column("source", "source")


def anchor(name: str) -> str:
    """The id of a sum on the page: ``sum-lower-tax``, ``sum-income-tax``."""
    return f"sum-{NO_ID.sub('-', name.casefold()).strip('-')}"


def in_short(a: Account) -> Table:
    """Raised, spent, the gap and what it is made of; each figure leads to its sum."""
    made = Table.of(
        "in_short", f"The account in short, {text.financial_year(a.year)}",
        (Column("item", "what"), MONEY, WITHIN, A_HEAD, ANCHOR),
        [(row.title, row.value, row.half_width, row.value * 1e6 / a.population, f"#{anchor(row.sum)}")
         for row in summary(a)],
    )  # fmt: skip
    made = replace(made, doubted=(3,) if doubt(a) else ())
    return summed_up(without_ranges(made, a), a)


def lines_of(contents: PlaceContents, side: Side) -> Table:
    """The lines of one side, the largest first; each figure leads to its sum. Lines that are nothing are left out."""
    a = contents.account
    rows = [
        (contents.sums[x.line.id].title, x.value, x.half_width, x.per_head, x.england_per_head,
         x.per_head - x.england_per_head, known_words(x.known), f"#{anchor(x.line.id)}")
        for x in sorted(a.lines, key=lambda x: -abs(x.value))
        if x.line.side == side and is_something(x.value, x.england_per_head)
    ]  # fmt: skip
    made = Table.of(
        f"lines_{SIDES[side]}", f"What is {SIDES[side]}, line by line, {text.financial_year(a.year)}",
        (
            Column("line", "Line"), MONEY, WITHIN, A_HEAD,
            Column("england_gbp_per_head", "England, £ a head", "pounds", digits=0),
            Column("gbp_per_head_above_england", "above England, £", "pounds", digits=0), Column("known", "how known"),
            ANCHOR,
        ),
        rows, "" if a.published else NO_RANGE,
    )  # fmt: skip
    if a.published:
        made = made.showing(*(c for c in made.shown if c.key != "known"))
    return for_size(without_ranges(made, a), a)


def is_something(value: float, england_per_head: float) -> bool:
    return value != 0.0 or abs(england_per_head) >= 0.005


def known_apart(a: Account) -> Table:
    """How the pounds raised, the pounds spent and all of them are known, shares of one."""
    rows: list[tuple[str, Known]] = [("raised", a.known_taxes), ("spent", a.known_spending), ("both", a.known)]
    return Table.of(
        "known", f"How it is known, {text.financial_year(a.year)}",
        (
            Column("what", "pounds"), Column("here", "measured here", "share"),
            Column("wider", "measured wider", "share"), Column("key", "shared by a rule", "share"),
            Column("head", "shared by head", "share"), Column("year_off", "measured a year off", "share"),
        ),
        [(what, k.here, k.wider, k.key, k.head, k.year_off) for what, k in rows],
    )  # fmt: skip


def definitions(a: Account) -> Table:
    """Raised and spent by each definition, with what it counts; lowest and highest over the bases."""
    counted = {d.title: d.words for d in DEFINITIONS}
    keys = ("low", "high")
    made = Table.of(
        "definitions", f"Other definitions, {text.financial_year(a.year)}",
        (
            Column("definition", "Definition"), Column("side", "side"), replace(MONEY, link=""), WITHIN,
            *(Column(f"{k}_gbp_million_cash", f"{k}est, £m", "money", digits=0) for k in keys),
            Column("counted", "what is counted"),
        ),
        [(t.definition, SIDES[t.side], t.value, t.half_width, t.low, t.high, counted[t.definition]) for t in a.totals],
        *(() if a.published else ("Lowest and highest are over the bases below: another question, not the range.",
                                  NOT_WORKED_OUT)),
    )  # fmt: skip
    if a.published:
        made = made.showing(*(c for c in made.shown if c.key not in ("low_gbp_million_cash", "high_gbp_million_cash")))
    return without_ranges(made, a)


def claims(contents: PlaceContents) -> Table:
    """What others published of the place in any year, and whether Soke has the same, GBP billion."""
    return Table.of(
        "claims", f"What others published of {contents.account.name}",
        (
            Column("claim", "published"), Column("year", "of"), Column("said", "that is, £bn"),
            Column("here_gbp_billion_cash", "Soke, £bn", "plain", digits=1), Column("reproduced", "reproduced"),
            Column("definition", "compared by"), Column("basis", "basis"), Column("source", "source"),
        ),
        [
            (c.words, text.financial_year(year), text.a_range(f"{c.low:.1f}", f"{c.high:.1f}"), c.here,
             "yes" if c.reproduced else "no", c.definition, c.basis, c.source)
            for year, c in contents.claims
        ],
    )  # fmt: skip


def history(contents: PlaceContents) -> Table:
    """Every year of the place; where it is published without ranges, and without what was measured."""
    a = contents.account
    made = account_history(contents.history, a.name, a.place, history_notes())
    return for_size(made, a)


def sum_of(key: str, done: LineSum | TotalSum, a: Account) -> Table:
    """The steps of one sum. Of a line that is published for the place: its regions alone."""
    if a.published and isinstance(done, LineSum):
        return replace(_published(done, a), id=f"explained-{key}")
    made = explained(done, a.name, a.year)
    parts_of_it = set(made.column("part")) - {"", "all"}
    shown = made.showing(*((Column("part", "part"),) if parts_of_it else ()), *STEPS)
    source, step = ([c.key for c in shown.columns].index(key) for key in ("source", "step"))
    rows = tuple(_without_hint(row, source) for row in shown.rows if not (a.published and row[step] == "range"))
    return replace(shown, id=f"explained-{key}", caption=capital(shown.caption), rows=rows)


def _without_hint(row: tuple[Cell, ...], source: int) -> tuple[Cell, ...]:
    """A step without the hint for the command line that stands in the place of a source."""
    return row if "--" not in str(row[source]) else (*row[:source], "", *row[source + 1 :])


def _published(done: LineSum, a: Account) -> Table:
    """What was published for each region of a line, GBP million."""
    regions: dict[str, float] = {}
    for part in done.components:
        for region in part.regions:
            regions[region.region] = regions.get(region.region, 0.0) + region.value
    rows: list[tuple[Cell, ...]] = [(places().name(code), value) for code, value in regions.items()]
    if len(rows) > 1:
        rows.append(("all", done.value))
    return Table.of(
        "explained", f"{done.title}, {a.name}, {text.financial_year(a.year)}: published for the region, £ million",
        (Column("region", "Region"), Column("gbp_million_cash", "£m", "money")), rows,
    )  # fmt: skip


def behind(key: str, done: LineSum | TotalSum, a: Account) -> tuple[Table, ...]:
    """The figures of a sum by region and by area, or by line; of many areas the largest."""
    if isinstance(done, TotalSum):
        return (_addends(key, done, a),) if done.addends else ()
    if a.published:
        return ()
    titles = {part.pounds.component.id: part.pounds.component.title for part in done.components}
    chosen = {"sum_regions": REGIONS, "sum_areas": AREAS}
    return tuple(
        replace(_fewer(_titled(t, titles).showing(*chosen[t.id])), id=f"{t.id}-{key}")
        for t in sums(done) if t.id in chosen and t.rows
    )  # fmt: skip


def _addends(key: str, done: TotalSum, a: Account) -> Table:
    """The lines of a total with their sign in it, the largest part of its range first; each leads to its own sum."""
    shown = {x.line.id for x in a.lines if is_something(x.value, x.england_per_head)}
    made = Table.of(
        f"sum_lines-{key}", f"{capital(done.title)}: its lines, with their sign in it",
        (Column("line", "Line"), replace(MONEY, digits=None), replace(WITHIN, digits=None),
         Column("range_share", "part of the range, squared", "share"), ANCHOR),
        [(x.title, x.value, x.half_width, x.squared_share, f"#{anchor(x.line)}" if x.line in shown else "")
         for x in done.addends],
    )  # fmt: skip
    hidden = ("range_share", WITHIN.key) if a.published or not done.half_width else ()
    return made.showing(*(c for c in made.shown if c.key not in hidden))


def _titled(table: Table, titles: Mapping[str, str]) -> Table:
    """A table whose first column has the titles of components in the place of their ids."""
    return replace(table, rows=tuple((titles[str(row[0])], *row[1:]) for row in table.rows))


def _fewer(table: Table) -> Table:
    left_out = len(table) - MOST_AREAS
    if left_out <= 0:
        return table
    last = [c.key for c in table.columns].index("gbp_million_cash")
    largest = sorted(table.rows, key=lambda row: -abs(float(row[last] or 0.0)))[:MOST_AREAS]
    note = f"The largest; {left_out:,} more are in the answer of soke place with --explain and --json."
    return replace(table, rows=tuple(largest), notes=(*table.notes, note))
