"""``soke place`` and ``soke places``: what places raise and spend, and which places there are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import typer

from soke.cli.output import CSV_OPTION, JSON_OPTION, console, print_table, show, tell
from soke.errors import SokeError
from soke.model.accounts import BASES
from soke.model.accounts.types import Account
from soke.report.account_words import commuting, how_known, sentence
from soke.report.place_account import account_years, explained_line, place_account
from soke.report.tables.account import for_size, without_ranges
from soke.report.tables.known_places import KINDS, known_places
from soke.result import Answered
from soke.table import Answer, Column, Table
from soke.text import clean, counted, financial_year, start_year

LINES = (
    Column("line", "line"),
    Column("gbp_million_cash", "£m", "money", digits=0),
    Column("half_width_gbp_million_cash", "±", "money", digits=0, missing="—"),
    Column("gbp_per_head", "£ a head", "pounds", digits=0),
    Column("england_gbp_per_head", "England", "pounds", digits=0),
    Column("known", "how known"),
    Column("key", "shared by"),
)
KEYS = ("key", "grade")  # a narrow terminal has no room for the words of keys; the notes say the grade
TOTALS = (
    Column("definition", "definition"),
    Column("gbp_million_cash", "£m", "money", digits=0),
    Column("half_width_gbp_million_cash", "±", "money", digits=0, missing="—"),
    Column("low_gbp_million_cash", "low £m", "money", digits=0),
    Column("high_gbp_million_cash", "high £m", "money", digits=0),
    Column("gbp_per_head", "£ a head", "pounds", digits=0),
)


def place(
    name: list[str] = typer.Argument(help="Name or ONS code; several make one area."),
    year: str = typer.Option("2023-24", help="Financial year, 1999-00 to 2023-24."),
    basis: str = typer.Option("residence", help="Whose money: " + ", ".join(BASES) + "."),
    lines: bool = typer.Option(False, "--lines", help="Print every tax and every spending function."),
    line: str | None = typer.Option(None, "--explain", help="Print the sum behind a line, a total or another figure."),
    history: bool = typer.Option(False, "--history", help="Print every year from 1999-00."),
    page: Path | None = typer.Option(None, "--page", help="Also write the whole account as a page: an .html file."),
    figures: Path | None = typer.Option(None, "--figures", help="Folder of imported official figures."),
    accept: bool = typer.Option(False, "--accept-figures", help="Take imported figures that look implausible."),
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Show what a place raises and spends, what its gap is made of, and how far each is known.

    Example: soke place "Greater Manchester"

    Example: soke place "Greater Manchester" --year 2022-23 --explain "Income Tax"

    Example: soke place Leeds Bradford Wakefield --lines

    Example: soke place Westminster --basis economy --csv

    Example: soke place "Greater Manchester" --page account.html
    """
    if history and line is not None:
        raise SokeError("--history and --explain cannot be asked for together.", "Choose one.")
    answer: Answer | None = None
    if history:
        answer = Answer(account_years(name, figures, accept))
    elif line is not None:
        answer = explained_line(name, start_year(year), line, basis, figures, accept)
    if page is not None:
        from soke.report.place_page import write_page  # noqa: PLC0415 - slow to import, and few ask for it

        write_page(page, name, start_year(year), basis, figures, accept)
    if answer is not None:
        show(answer, as_json=as_json, as_csv=as_csv)
    else:
        answered = place_account(name, start_year(year), basis, figures, accept)
        if as_json or as_csv:
            show(answered.answer, as_json=as_json, as_csv=as_csv)
        else:
            _print(answered, answered.value, lines)
    if page is not None and not (as_json or as_csv):
        tell(f"Wrote {page}.")


def _print(answered: Answered[Account], a: Account, lines: bool) -> None:
    out, members = console(), counted(len(a.codes), "authority", "authorities")
    out.print(f"[bold]{a.name}[/], {financial_year(a.year)}, {a.population:,.0f} people, {members}")
    for said in filter(None, (sentence(a), commuting(a), how_known(a))):
        out.print(said, markup=False)
    out.print()
    for table in answered.answer.tables:
        one_class = table.id == "account_classes" and len(table) == 1
        same_thrice = table.id == "account_bases" and a.published
        if table.rows and not (one_class or same_thrice):
            print_table(_for_people(table, a), KEYS)
            out.print()
    if lines:
        of = replace(answered.table("account_lines").showing(*LINES), caption="Every line", notes=())
        print_table(_sized(of, a), KEYS)
        out.print()
    for note in a.notes:
        out.print(clean(note), markup=False)
    if not lines:
        out.print("Add --lines for every tax and function, --explain LINE for the sum behind a number.", style="dim")


def _for_people(table: Table, a: Account) -> Table:
    if table.id == "account_totals":
        return _sized(table.showing(*TOTALS), a)
    return table.showing(half_width_gbp_million_cash="± £m") if table.id == "account" else table


def _sized(table: Table, a: Account) -> Table:
    return for_size(without_ranges(table, a), a)


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
