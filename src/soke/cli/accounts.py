"""``soke place`` and ``soke places``: what places raise and spend, and which places there are."""

from __future__ import annotations

from dataclasses import replace

import typer

from soke.cli.output import CSV_OPTION, JSON_OPTION, console, print_table, show
from soke.model.accounts import METHODS
from soke.model.accounts.types import Account
from soke.report.place_account import how_known, place_account, sentence
from soke.report.tables.known_places import KINDS, known_places
from soke.result import Answered
from soke.table import Column
from soke.text import clean, financial_year, start_year

LINES = (
    Column("line", "line"),
    Column("gbp_million_cash", "£m", "money", digits=0),
    Column("gbp_per_head", "£ a head", "pounds", digits=0),
    Column("england_gbp_per_head", "England, £ a head", "pounds", digits=0),
    Column("measure", "how known"),
    Column("grade", "grade"),
    Column("key", "shared by"),
)
TOTALS = (
    Column("definition", "definition"),
    Column("gbp_million_cash", "£m", "money", digits=0),
    Column("low_gbp_million_cash", "low £m", "money", digits=0),
    Column("high_gbp_million_cash", "high £m", "money", digits=0),
    Column("gbp_per_head", "£ a head", "pounds", digits=0),
)


def place(
    name: list[str] = typer.Argument(help="Name or ONS code; several make one area."),
    year: str = typer.Option("2022-23", help="Financial year, 1999-00 to 2023-24."),
    method: str = typer.Option("own", help="How regional lines are shared: " + ", ".join(METHODS) + "."),
    lines: bool = typer.Option(False, "--lines", help="Print every tax and every spending function."),
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Show what a place raises and spends, and what its gap is made of.

    Example: soke place "Greater Manchester" --year 2013-14

    Example: soke place Leeds Bradford Wakefield --lines

    Example: soke place E10000020 --method workplace --csv
    """
    found = place_account(name, start_year(year), method)
    if as_json or as_csv:
        show(found.answer, as_json=as_json, as_csv=as_csv)
    elif isinstance(found.value, Account):
        _print(found, found.value, lines)
    else:
        print_table(found.summary().showing(*LINES))


def _print(found: Answered[object], a: Account, lines: bool) -> None:
    out, count = console(), found.answer.facts["authorities"]
    members = "1 authority" if count == 1 else f"{count} authorities"
    out.print(f"[bold]{a.name}[/], {financial_year(a.year)}, {a.population / 1e6:.2f} million people, {members}")
    out.print(sentence(a))
    out.print()
    print_table(found.table("account_methods"))
    out.print()
    print_table(found.table("account_base_year"))
    out.print()
    totals = found.table("account_totals").showing(*TOTALS)
    print_table(replace(totals, caption="By definition, with the range over methods"))
    out.print()
    if len(found.table("account_classes")) > 1:
        print_table(found.table("account_classes"))
        out.print()
    if lines:
        print_table(replace(found.table("account_lines").showing(*LINES), caption="Every line", notes=()))
        out.print()
    out.print(how_known(a))
    for note in a.notes:
        out.print(clean(note), markup=False)
    if not lines:
        out.print("Add --lines to see every tax and spending function with its key.", style="dim")


def list_places(
    kind: str = typer.Option("", help="Only one kind: " + ", ".join(KINDS) + "."),
    within: str = typer.Option("", help="Only the authorities of one place."),
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """List the places that Soke knows.

    Example: soke places --kind combined-authority

    Example: soke places --within "South East" --csv
    """
    show(known_places(kind, within), as_json=as_json, as_csv=as_csv)
