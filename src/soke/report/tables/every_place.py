"""Tables over every place at once, to be taken away: each line of each account, each account in a row, each year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from soke.england.baseline import Grade
from soke.england.sources import named
from soke.model.accounts.history import AccountYear, series_breaks
from soke.model.accounts.outlook import worst
from soke.model.accounts.types import Account, AccountLine
from soke.report.tables.account import SIDES
from soke.table import Cell, Column, Kind, Table
from soke.text import financial_year

DIGITS: Mapping[Kind, int] = {"money": 6, "change": 6, "pounds": 2, "share": 4, "count": 1}  # to the pound, the penny
EXACT = "Money is to the pound, and to the penny a head: `soke place NAME --csv` prints every digit."
SOURCE = "ons-regional-accounts"
OVERLAP = "Places overlap: a council lies within its county, region and England. Choose one kind before you add up."
KNOWN = (
    Column("measured_here_share", "Measured here", "share"),
    Column("measured_wider_share", "Measured wider", "share"),
    Column("by_key_share", "By a named key", "share"),
    Column("per_head_share", "Per head", "share"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """An area by what a table calls it: its codes joined by +, its name, and its kind, such as ``council``."""

    code: str
    name: str
    kind: str

    @property
    def cells(self) -> tuple[Cell, ...]:
        return self.code, self.name, self.kind


PLACE = (
    Column("place_code", "Code of the place; codes joined by + where it has none"),
    Column("name", "Place"),
    Column("kind", "country, region, strategic, county or council"),
    Column("year", "Financial year"),
)  # fmt: skip


def every_line(accounts: Sequence[tuple[Named, Account]]) -> Table:
    """One row a place and line of its account, GBP million cash, without lines that are nothing here and in England."""
    columns = (
        *PLACE, Column("side", "raised or spent"), Column("line_id", "Id of the line"), Column("line", "Line"),
        _money("gbp_million_cash", "Raised or spent"), _money("half_width_gbp_million_cash", RANGE),
        Column("gbp_per_head", "£ a head", "pounds"), *KNOWN, Column("grade", "Grade", "grade"),
        Column("source", "Ids of its sources"),
    )  # fmt: skip
    rows = [
        (*named_.cells, financial_year(a.year), SIDES[item.line.side], item.line.id, item.line.title, item.value,
         item.half_width, item.per_head, *_shares(item), item.line.grade, item.line.source)
        for named_, a in accounts for item in a.lines if item.value != 0.0 or item.england_per_head != 0.0
    ]  # fmt: skip
    return to_the_pound(Table.of("accounts", "Every line of every account", columns, rows, OVERLAP, EXACT))


def to_the_pound(table: Table) -> Table:
    """The same without digits that nobody can use: they are most of a long file."""
    digits = [DIGITS.get(column.kind) for column in table.columns]
    rows = tuple(tuple(_rounded(cell, to) for cell, to in zip(row, digits, strict=True)) for row in table.rows)
    return replace(table, rows=rows)


def _rounded(cell: Cell, digits: int | None) -> Cell:
    return round(cell, digits) + 0.0 if isinstance(cell, float) and digits is not None else cell


RANGE = "True four times in five: so much either way; empty where it is published or by head alone"


def _money(key: str, title: str, kind: Kind = "money") -> Column:
    return Column(key, f"{title}, £ million", kind)


def _shares(item: AccountLine) -> tuple[float, ...]:
    return item.known.here, item.known.wider, item.known.key, item.known.head


def every_account(accounts: Sequence[tuple[Named, Account]]) -> Table:
    """One row a place: what it raises and spends, the gap, its parts and ranges, GBP million cash and pounds a head."""
    columns = (
        *PLACE, Column("population_persons", "People", "count"),
        *(each for side, words in (("raised", "Raised"), ("spent", "Spent"), ("gap", "Gap: spent less raised"))
          for each in (_money(f"{side}_gbp_million_cash", words),
                       _money(f"{side}_half_width_gbp_million_cash", f"{words}, {RANGE[0].lower()}{RANGE[1:]}"),
                       Column(f"{side}_gbp_per_head", f"{words}, £ a head", "pounds"))),
        _money("borrowing_gbp_million_cash", "Part of the gap: its head-share of UK borrowing", "change"),
        _money("lower_tax_gbp_million_cash", "Part of the gap: tax a head below the UK’s", "change"),
        _money("higher_spending_gbp_million_cash", "Part of the gap: spending a head above the UK’s", "change"),
        _money("low_gap_gbp_million_cash", "Gap, lowest over the methods"),
        _money("high_gap_gbp_million_cash", "Gap, highest over the methods"),
        *KNOWN, Column("grade", "Grade", "grade"), Column("source", "Ids of its sources"),
    )  # fmt: skip
    notes = OVERLAP, "A gap that is smaller than its half-width may be none at all.", EXACT
    rows = [_account(*each) for each in accounts]
    return to_the_pound(Table.of("accounts_summary", "Every account in a row", columns, rows, *notes))


def _account(place: Named, a: Account) -> tuple[Cell, ...]:
    sides = ((a.receipts, a.receipts_half_width), (a.spending, a.spending_half_width), (a.gap, a.gap_half_width))
    grade: Grade = "official" if a.published else worst(item.line.grade for item in a.lines)
    return (
        *place.cells, financial_year(a.year), a.population,
        *(cell for value, half in sides for cell in (value, half, value * 1e6 / a.population)),
        a.split.borrowing, a.split.lower_tax, a.split.higher_spending, a.gap_low, a.gap_high,
        a.known.here, a.known.wider, a.known.key, a.known.head, grade, _sources(a),
    )  # fmt: skip


def _sources(a: Account) -> str:
    return (
        SOURCE if a.published else ", ".join(dict.fromkeys(id_ for x in a.lines for id_ in x.line.source.split(", ")))
    )


def every_year(places: Sequence[Named], histories: Sequence[Sequence[AccountYear]]) -> Table:
    """One row a place and year from 1999-00: raised, spent, gap and its range, GBP million cash to the pound."""
    columns = (
        *PLACE, _money("raised_gbp_million_cash", "Raised"), _money("spent_gbp_million_cash", "Spent"),
        _money("gap_gbp_million_cash", "Gap: spent less raised"),
        _money("gap_half_width_gbp_million_cash", f"Gap, {RANGE[0].lower()}{RANGE[1:]}"), *KNOWN,
        Column("grade", "Grade", "grade"),
    )  # fmt: skip
    rows = [(*place.cells, *_year(y)) for place, years in zip(places, histories, strict=True) for y in years]
    breaks = "Years on two sides of a break are not to be compared: the table accounts_years_notes lists the breaks."
    source = f"Source: {named(SOURCE)}, shared among places by Soke."
    return to_the_pound(Table.of("accounts_years", "Every account in every year", columns, rows, OVERLAP, breaks,
                                 source, EXACT))  # fmt: skip


def _year(y: AccountYear) -> tuple[Cell, ...]:
    k, grade = y.known, "official" if y.half_width is None else "derived"
    return (financial_year(y.year), y.receipts, y.spending, y.gap, y.half_width, k.here, k.wider, k.key, k.head, grade)


def notes_by_year(history: Sequence[AccountYear]) -> Table:
    """One row a year: where the published series breaks, and which figures of another year stand in, in every place."""
    breaks: dict[int, list[str]] = {}
    for broken in series_breaks():
        breaks.setdefault(broken.year, []).append(broken.words)
    columns = (
        Column("year", "Financial year"), Column("breaks", "Why this year and the one before are not to be compared"),
        Column("carried", "Figures of another year that stand in"),
    )  # fmt: skip
    rows = [(financial_year(y.year), "; ".join(breaks.get(y.year, ())), y.carried) for y in history]
    return Table.of("accounts_years_notes", "What to know of each year of the accounts", columns, rows)
