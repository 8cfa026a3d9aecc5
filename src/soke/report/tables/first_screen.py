"""Tables beneath the charts of the first screen: the waterfall of the account, and the funnel."""

from __future__ import annotations

from soke import text
from soke.report import rounded
from soke.report.account_words import parts
from soke.report.contents import RunReport
from soke.report.funnel import funnel
from soke.table import Cell, Column, Table


def waterfall_parts(report: RunReport) -> Table:
    account = report.account
    rows: list[tuple[Cell, ...]] = [("raised here", account.receipts)]
    rows += [(part.title, part.value) for part in parts(account.split)]
    rows.append(("spent here", account.spending))
    year = text.financial_year(account.year)
    made = Table.of(
        "waterfall",
        f"From what is raised to what is spent, {account.name}, {year}, £ million",
        (Column("step", "Step"), Column("gbp_million_cash", "£m", "money")),
        rows,
        "The three parts between add up to the gap; a negative part narrows it.",
    )
    return rounded.noted(made, ["gbp_million_cash"], (({0: 1, 1: 1, 2: 1, 3: 1}, 4),))


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
        f"All spending is of {text.financial_year(report.account.year)}, councils' of the year named; the deal's are of"
        " its first year.",
    )
