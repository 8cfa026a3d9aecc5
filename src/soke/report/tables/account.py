"""Tables of the account: what is raised and spent with its range, lines, definitions, bases, base year, history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from soke import text
from soke.england.baseline import baseline
from soke.england.places import CLASS_NAMES
from soke.england.sources import named
from soke.model.accounts import BASES, line_matrix
from soke.model.accounts.account import ClassTotal, OnBasis
from soke.model.accounts.comparison import BaseYearAccount
from soke.model.accounts.history import AccountYear
from soke.model.accounts.own import Figures
from soke.model.accounts.regional import line_specs
from soke.model.accounts.types import Account, AccountLine, GapSplit
from soke.report import rounded
from soke.report.account_words import doubt, known_words, parts, summary
from soke.table import Cell, Column, Kind, Table

BILLION = 1000.0  # GBP million: below it a place's figures need decimals
SIDES = {"revenue": "raised", "spending": "spent"}
HALF_WIDTH = Column("half_width_gbp_million_cash", "within, £m either way", "money", digits=0, missing="—")
NOT_WORKED_OUT = "—: no range is worked out for that definition."
NOT_OF_PUBLISHED = (HALF_WIDTH.key, "measured_here_share", "measured_wider_share", "range_share")
SUMMARY: tuple[rounded.Sum, ...] = (({2: 1, 0: -1}, 3), ({4: 1, 5: 1, 6: 1}, 3))  # spent less raised; the gap's parts
PLACE = (
    Column("place_code", "Code", people=False),
    Column("name", "Place", people=False),
    Column("year", "Year", people=False),
)  # fmt: skip


def _place(account: Account) -> tuple[Cell, ...]:
    return account.place, account.name, text.financial_year(account.year)


def account_summary(account: Account) -> Table:
    """Raised, spent, the gap and its parts, GBP million cash and pounds a head, each within its range."""
    a, year = account, text.financial_year(account.year)
    made = Table.of(
        "account",
        f"What is raised and spent in {a.name}, {year}, {_basis(a)}",
        (
            Column("item", "what"),
            Column("gbp_million_cash", "£m", "money", digits=0),
            HALF_WIDTH,
            Column("gbp_per_head", "£ a head", "pounds", digits=0),
            Column("measured_here_share", "measured here", "share", missing=""),
            *PLACE,
        ),
        [
            (row.title, row.value, row.half_width, row.value * 1e6 / a.population, row.measured_here, *_place(a))
            for row in summary(a)
        ],
    )
    return summed_up(replace(made, doubted=(3,) if doubt(a) else ()), a)


def _basis(a: Account) -> str:
    return "published" if a.published else "where people live" if a.basis == "residence" else "by a single share"


def account_lines(account: Account) -> Table:
    """Every tax and every spending function, GBP million cash and pounds a head, each with how it is known.

    Files have what is raised and what is spent in columns of their own: a sum of both would say nothing.
    """
    columns = (
        *PLACE,
        Column("line", "Line"),
        Column("side", "Side"),
        Column("basis", "Basis", people=False),
        Column("gbp_million_cash", "£m", "money", filed=False),
        *_apart("gbp_million_cash", "£m", "money"),
        HALF_WIDTH,
        Column("gbp_per_head", "£ a head", "pounds", filed=False),
        *_apart("gbp_per_head", "£ a head", "pounds"),
        Column("england_gbp_per_head", "England, £ a head", "pounds", filed=False),
        *_apart("england_gbp_per_head", "England, £ a head", "pounds"),
        Column("gbp_per_head_above_england", "Above England", "pounds-change", filed=False),
        Column("known", "How known"),
        Column("measured_here_share", "Measured here", "share", people=False),
        Column("measured_wider_share", "Measured wider", "share", people=False),
        Column("by_key_share", "By a named key", "share", people=False),
        Column("per_head_share", "Per head", "share", people=False),
        Column("key", "Shared by"),
        Column("grade", "Grade", "grade"),
        Column("source_title", "Source"),
        Column("source", "Ids of its sources", people=False),
        Column("line_id", "Id", people=False),
    )
    rows = [
        (
            *_place(account), item.line.title, SIDES[item.line.side], account.basis,
            *_either(item, item.value), item.half_width,
            *_either(item, item.per_head), *_either(item, item.england_per_head),
            item.per_head - item.england_per_head, *_known(account, item), item.line.key, item.line.grade,
            named(item.line.source), item.line.source, item.line.id,
        )
        for item in account.lines
    ]  # fmt: skip
    year = text.financial_year(account.year)
    return Table.of("account_lines", f"Every line of the account of {account.name}, {year}, {_basis(account)}", columns,
                    rows)  # fmt: skip


def _apart(key: str, title: str, kind: Kind) -> tuple[Column, Column]:
    raised, spent = (Column(f"{side}_{key}", f"{side}, {title}", kind, people=False) for side in SIDES.values())
    return raised, spent


def _either(item: AccountLine, value: float) -> tuple[Cell, Cell, Cell]:
    """A figure of a line, then the same where it is raised, and where it is spent."""
    raised = item.line.side == "revenue"
    return value, value if raised else None, None if raised else value


def _known(account: Account, item: AccountLine) -> tuple[Cell, ...]:
    """How a line is known, in words and in four shares."""
    if account.basis == "single":
        return ("by one share", None, None, None, None)
    k = item.known
    return ("published" if account.published else known_words(k), k.here, k.wider, k.key, k.head)


def account_totals(account: Account) -> Table:
    """Receipts and spending by each definition, GBP million cash: with its range, and the spread over bases."""
    return Table.of(
        "account_totals",
        "The same place by other definitions, £ million; lowest and highest over the bases",
        (
            Column("definition", "Definition"),
            Column("side", "Side"),
            Column("gbp_million_cash", "£m", "money"),
            HALF_WIDTH,
            Column("low_gbp_million_cash", "Lowest", "money"),
            Column("low_basis", "by"),
            Column("high_gbp_million_cash", "Highest", "money"),
            Column("high_basis", "by"),
            Column("gbp_per_head", "£ a head", "pounds", people=False),
            *PLACE,
        ),
        [
            (t.definition, SIDES[t.side], t.value, t.half_width, t.low, t.low_basis, t.high, t.high_basis,
             t.value * 1e6 / account.population, *_place(account))
            for t in account.totals
        ],
        "" if account.published or account.basis == "single" else NOT_WORKED_OUT,
    )  # fmt: skip


def account_bases(a: Account, bases: Sequence[OnBasis]) -> Table:
    """Taxes raised, spending and gap on each basis, GBP million cash; the economy basis has taxes alone."""
    rows = [(BASES[b.basis], b.taxes, b.receipts, b.spending, b.gap) for b in bases]
    return Table.of(
        "account_bases",
        f"The same place on other bases, {text.financial_year(a.year)}: the spread over methods, £ million",
        (
            Column("basis", "basis"),
            Column("taxes_gbp_million_cash", "all taxes", "money", digits=0),
            Column("receipts_gbp_million_cash", "raised", "money", digits=0, missing="—"),
            Column("spending_gbp_million_cash", "spent", "money", digits=0, missing="—"),
            Column("gap_gbp_million_cash", "gap", "money", digits=0, missing="—"),
            *PLACE,
        ),
        [(*row, *_place(a)) for row in rows],
    )


def account_economy(codes: Sequence[str], account: Account, figures: Figures | None = None) -> Table:
    """Every tax where people live and where the economy generates it, GBP million cash; their sums last. What is no
    tax is left out, and what is nothing on both."""
    here = baseline().mask(codes)
    home, work = (line_matrix(account.year, basis, figures) for basis in ("residence", "economy"))
    taxes = {spec.id for spec in line_specs() if spec.side == "revenue" and spec.tax}
    rows: list[tuple[Cell, ...]] = []
    sums = [0.0, 0.0]
    for line in work.lines:
        paid, generated = float(home.row(line.id)[here].sum()), float(work.row(line.id)[here].sum())
        if line.id in taxes and (paid or generated):
            rows.append((line.title, paid, generated, generated - paid, line.key, line.id, *_place(account)))
            sums = [sums[0] + paid, sums[1] + generated]
    rows.append(("All taxes", *sums, sums[1] - sums[0], "", "all-taxes", *_place(account)))
    return Table.of(
        "account_economy",
        f"Taxes of {account.name}, {text.financial_year(account.year)}: paid by its people, generated by its economy",
        (
            Column("line", "Line"),
            Column("paid_gbp_million_cash", "paid by people here, £m", "money", digits=0),
            Column("generated_gbp_million_cash", "generated here, £m", "money", digits=0),
            Column("difference_gbp_million_cash", "difference, £m", "change", digits=0),
            Column("key", "generated: shared by"),
            Column("line_id", "Id", people=False),
            *PLACE,
        ),
        rows,
    )


def account_claims(account: Account) -> Table:
    """What others published of the place, beside Soke's figure on their basis and by their definition, GBP billion."""
    return Table.of(
        "account_claims",
        "What others published of this place",
        (
            Column("claim", "published"),
            Column("definition", "compared by"),
            Column("basis", "basis"),
            Column("low_gbp_billion_cash", "from, £bn", "plain", digits=1),
            Column("high_gbp_billion_cash", "to, £bn", "plain", digits=1),
            Column("here_gbp_billion_cash", "Soke, £bn", "plain", digits=1),
            Column("reproduced", "reproduced"),
            Column("source", "source"),
            *PLACE,
        ),
        [
            (c.words, c.definition, c.basis, c.low, c.high, c.here, "yes" if c.reproduced else "no", c.source,
             *_place(account))
            for c in account.claims
        ],
    )  # fmt: skip


def account_history(years: Sequence[AccountYear], name: str, place: str, notes: Sequence[str]) -> Table:
    """What a place raised and spent in every year with accounts, GBP million cash, and what of it was measured."""
    whole = all(y.half_width is None for y in years)
    when = f", {text.financial_year(years[0].year)} to {text.financial_year(years[-1].year)}" if years else ""
    made = Table.of(
        "account_history",
        f"What {name} raised and spent{when}",
        (
            Column("year", "Year"),
            Column("receipts_gbp_million_cash", "raised £m", "money", digits=0),
            Column("spending_gbp_million_cash", "spent £m", "money", digits=0),
            Column("gap_gbp_million_cash", "gap £m", "money", digits=0),
            HALF_WIDTH,
            Column("measured_here_share", "measured here", "share"),
            Column("measured_wider_share", "measured wider", "share"),
            Column("carried", "carried from other years", people=False),
            Column("place_code", "Code", people=False),
            Column("name", "Place", people=False),
            Column("source", "Source", people=False),
        ),
        [
            (text.financial_year(y.year), y.receipts, y.spending, y.gap, y.half_width, y.known.here, y.known.wider,
             y.carried, place, name, named("ons-regional-accounts"))
            for y in years
        ],
        *notes, *([] if whole else _carried(years)),
    )  # fmt: skip
    keys = [f"{name}_gbp_million_cash" for name in ("spending", "receipts", "gap")]
    made = rounded.noted_across(made, keys, ({0: 1, 1: -1}, 2))
    return published_whole(made) if whole else made


def _carried(years: Sequence[AccountYear]) -> list[str]:
    """Which own figures of another year stand in, said once for years in a row that have the same."""
    runs = [list(run) for _, run in groupby(years, key=lambda y: y.carried)]
    said = [f"{_from_to(run)}: {run[0].carried}" for run in runs if run[0].carried]
    return [f"Where a year has no own figures those of another stand in. {'; '.join(said)}."] if said else []


def _from_to(run: Sequence[AccountYear]) -> str:
    first, last = (text.financial_year(run[k].year) for k in (0, -1))
    return first if first == last else f"{first} to {last}"


def account_base_year(found: BaseYearAccount) -> Table:
    """Raised, spent and the gap with its parts: published year, change and base year, GBP million cash of each year."""
    there, here = text.financial_year(found.published_year), text.financial_year(found.base_year)
    changes = (found.borrowing, found.lower_tax, found.higher_spending)
    published = GapSplit(
        borrowing=found.borrowing.published, lower_tax=found.lower_tax.published,
        higher_spending=found.higher_spending.published,
    )  # fmt: skip
    titles = [f"of the gap: {part.title}" for part in parts(published)]
    rows = (
        ("raised here", found.receipts), ("spent here", found.spending), ("gap", found.gap),
        *zip(titles, changes, strict=True),
    )  # fmt: skip
    made = Table.of(
        "account_base_year",
        f"From the published account of {there} to the base year {here}: {found.name}",
        (
            Column("item", "what"),
            Column("published_gbp_million_cash", f"{there}, £m", "money", digits=0),
            Column("change_gbp_million_cash", "change, £m", "change", digits=0),
            Column("base_year_gbp_million_cash", f"{here}, £m", "money", digits=0),
            Column("grade", f"Grade of {here}", "grade"),
            Column("published_year", "Published year", people=False),
            Column("base_year", "Base year", people=False),
            Column("place_code", "Code", people=False),
            Column("name", "Place", people=False),
        ),
        [
            (item, it.published, it.change, it.base, found.grade, there, here, found.place, found.name)
            for item, it in rows
        ],
        *found.notes,
    )
    made = replace(made, doubted=(2,) if found.grey else ())
    keys = [f"{name}_gbp_million_cash" for name in ("published", "change", "base_year")]
    made = rounded.noted(made, keys, (({1: 1, 0: -1}, 2), ({3: 1, 4: 1, 5: 1}, 2)))
    return rounded.noted_across(made, keys, ({0: 1, 1: 1}, 2))


def account_classes(totals: Sequence[ClassTotal]) -> Table:
    """What the authorities of each class raise and spend together, GBP million cash and pounds a head."""
    return Table.of(
        "account_classes",
        "By class of authority",
        (
            Column("class", "class of authority"),
            Column("authorities", "authorities", "count"),
            Column("receipts_gbp_million_cash", "raised £m", "money", digits=0),
            Column("spending_gbp_million_cash", "spent £m", "money", digits=0),
            Column("receipts_gbp_per_head", "raised £ a head", "pounds", digits=0),
            Column("spending_gbp_per_head", "spent £ a head", "pounds", digits=0),
        ),
        [
            (CLASS_NAMES[c.kind], c.authorities, c.receipts, c.spending, c.receipts * 1e6 / c.population,
             c.spending * 1e6 / c.population)
            for c in totals
        ],
    )  # fmt: skip


def of_place(table: Table, code: str, name: str, year: int | str) -> Table:
    """The table with the place and the year of which all of its rows are, for files and programs. ``year``: that in
    which a financial year starts, or what others are called."""
    cells = code, name, year if isinstance(year, str) else text.financial_year(year)
    return replace(table, columns=(*PLACE, *table.columns), rows=tuple((*cells, *row) for row in table.rows))


def without_ranges(table: Table, a: Account) -> Table:
    """A table of a published account, or of one by a single share, shows no ranges, and nothing that was measured."""
    return published_whole(table) if a.published or a.basis == "single" else table


def published_whole(table: Table) -> Table:
    """The same table with its ranges, and how each pound is known, for programs alone."""
    columns = (replace(c, people=c.people and c.key not in NOT_OF_PUBLISHED) for c in table.columns)
    return replace(table, columns=tuple(columns))


def summed_up(table: Table, a: Account) -> Table:
    """A table of the summary's rows with the decimals that the place needs, and the note where they do not add up."""
    return rounded.noted(for_size(table, a), ("gbp_million_cash", "gbp_per_head"), SUMMARY)


def for_size(table: Table, a: Account) -> Table:
    """A small place's money with the decimals that it needs."""
    if a.spending >= BILLION:
        return table
    columns = (replace(c, digits=None) if c.kind in ("money", "change") else c for c in table.columns)
    return replace(table, columns=tuple(columns))
