"""Tables of the account: lines, totals by definition, methods and classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from soke import text
from soke.england.places import CLASS_NAMES
from soke.model.accounts import METHODS
from soke.model.accounts.account import ClassTotal
from soke.model.accounts.apportion import Method
from soke.model.accounts.comparison import BaseYearAccount
from soke.model.accounts.types import Account, PartialAccount
from soke.table import Column, Table

SIDES = {"revenue": "raised", "spending": "spent"}
MEASURES = {"measured": "measured", "apportioned": "apportioned", "per-head": "per head"}


def account_lines(account: Account | PartialAccount) -> Table:
    """Every tax and every spending function, GBP million cash and pounds a head, each with how it is known."""
    year = text.financial_year(account.year)
    rows = [
        (
            item.line.title,
            SIDES[item.line.side],
            item.value,
            item.per_head,
            item.england_per_head,
            _above(item.per_head, item.england_per_head),
            MEASURES[item.line.measure],
            item.line.key,
            item.line.grade,
            item.line.source,
            item.line.id,
            account.place,
            account.name,
            year,
        )
        for item in account.lines
    ]
    basis = f", by {account.basis}" if isinstance(account, Account) else ""
    return Table.of(
        "account_lines",
        f"Every line of the account of {account.name}, {year}{basis}",
        (
            Column("line", "Line"),
            Column("side", "Side"),
            Column("gbp_million_cash", "£m", "money"),
            Column("gbp_per_head", "£ a head", "pounds"),
            Column("england_gbp_per_head", "England, £ a head", "pounds"),
            Column("gbp_per_head_above_england", "Above England", "pounds-change"),
            Column("measure", "How known"),
            Column("key", "Shared out by"),
            Column("grade", "Grade", "grade"),
            Column("source", "Source"),
            Column("line_id", "Id", people=False),
            Column("place_code", "Code", people=False),
            Column("name", "Place", people=False),
            Column("year", "Year", people=False),
        ),
        rows,
        f"“{text.NO_FIGURE.capitalize()}” where none can honestly be given.",
    )


def _above(here: float | None, england: float | None) -> float | None:
    return None if here is None or england is None else here - england


def account_totals(account: Account) -> Table:
    """Receipts and spending by each definition, GBP million cash, with the range over defensible keys."""
    return Table.of(
        "account_totals",
        "The same place by other definitions, and the range over defensible keys, £ million",
        (
            Column("definition", "Definition"),
            Column("side", "Side"),
            Column("gbp_million_cash", "£m", "money"),
            Column("low_gbp_million_cash", "Lowest", "money"),
            Column("low_key", "by"),
            Column("high_gbp_million_cash", "Highest", "money"),
            Column("high_key", "by"),
            Column("gbp_per_head", "£ a head", "pounds", people=False),
        ),
        [
            (t.definition, SIDES[t.side], t.value, t.low, t.low_key, t.high, t.high_key,
             t.value * 1e6 / account.population)
            for t in account.totals
        ],
    )  # fmt: skip


def account_base_year(found: BaseYearAccount) -> Table:
    """Raised, spent and the gap with its parts: published year, change and base year, GBP million cash of each year."""
    there, here = text.financial_year(found.published_year), text.financial_year(found.base_year)
    rows = (
        ("raised here", found.receipts), ("spent here", found.spending), ("gap", found.gap),
        ("of the gap: share of UK borrowing", found.borrowing), ("of the gap: lower tax a head", found.lower_tax),
        ("of the gap: higher spending a head", found.higher_spending),
    )  # fmt: skip
    made = Table.of(
        "account_base_year",
        f"From the published account to the base year: {found.name}, {there} and {here}",
        (
            Column("item", ""),
            Column("published_gbp_million_cash", f"{there}, published, £m", "money", digits=0),
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
    return replace(made, doubted=(2,) if found.grey else ())


def account_methods(accounts: Mapping[Method, Account]) -> Table:
    """The gap and what it is made of, GBP million cash, one row a method of sharing regional lines."""
    year = text.listed([text.financial_year(year) for year in sorted({a.year for a in accounts.values()})])
    return Table.of(
        "account_methods",
        f"The gap of {year}, and what it is made of, by method",
        (
            Column("method", "shared by"),
            Column("receipts_gbp_million_cash", "raised £m", "money", digits=0),
            Column("spending_gbp_million_cash", "spent £m", "money", digits=0),
            Column("gap_gbp_million_cash", "gap £m", "money", digits=0),
            Column("borrowing_gbp_million_cash", "UK borrowing", "money", digits=0),
            Column("lower_tax_gbp_million_cash", "lower tax a head", "money", digits=0),
            Column("higher_spending_gbp_million_cash", "higher spending a head", "money", digits=0),
        ),
        [
            (METHODS[method], a.receipts, a.spending, a.gap, a.split.borrowing, a.split.lower_tax,
             a.split.higher_spending)
            for method, a in accounts.items()
        ],
    )  # fmt: skip


def account_classes(accounts: Sequence[ClassTotal]) -> Table:
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
            for c in accounts
        ],
    )  # fmt: skip
