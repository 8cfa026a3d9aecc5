"""Tables of the account: lines, totals by definition, the waterfall and the funnel."""

from __future__ import annotations

from soke import text
from soke.report.contents import RunReport
from soke.report.funnel import funnel
from soke.report.headline import parts
from soke.table import Cell, Column, Table

SIDES = {"revenue": "raised", "spending": "spent"}
MEASURES = {"measured": "measured", "apportioned": "apportioned", "per-head": "per head"}


def waterfall_parts(report: RunReport) -> Table:
    account = report.account
    rows: list[tuple[Cell, ...]] = [("raised here", account.receipts)]
    rows += [(part.title, part.value) for part in parts(account)]
    rows.append(("spent here", account.spending))
    year = text.financial_year(account.year)
    return Table.of(
        "waterfall",
        f"From what is raised to what is spent, {account.name}, {year}, £ million",
        (Column("step", "Step"), Column("gbp_million_cash", "£m", "money")),
        rows,
        "The three parts between add up to the gap; a negative part narrows it.",
    )


def funnel_steps(report: RunReport) -> Table:
    steps = funnel(report.deal, report.account.spending, report.councils_spending, report.councils_spending_source)
    return Table.of(
        "funnel",
        "Who really decides: from all public spending here to what could be recalled, £ million a year",
        (
            Column("step", "Step"),
            Column("gbp_million", "£m a year", "money"),
            Column("pounds_of_each_100", "Of each £100", "pounds"),
            Column("how", "How it is counted"),
        ),
        [(s.title, s.value, None if s.share is None else 100 * s.share, s.note) for s in steps],
        "All spending and councils' spending are of the account's year; the deal's sums are of its first year.",
    )


def account_lines(report: RunReport) -> Table:
    account = report.account
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
        )
        for item in account.lines
    ]
    return Table.of(
        "account_lines",
        f"Every line of the account of {account.name}, {text.financial_year(account.year)}, by {account.basis}",
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
        ),
        rows,
        f"“{text.NO_FIGURE.capitalize()}” where none can honestly be given.",
    )


def _above(here: float | None, england: float | None) -> float | None:
    return None if here is None or england is None else here - england


def account_totals(report: RunReport) -> Table:
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
        ),
        [(t.definition, SIDES[t.side], t.value, t.low, t.low_key, t.high, t.high_key) for t in report.account.totals],
    )
