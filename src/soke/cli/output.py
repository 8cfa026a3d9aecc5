"""Printing one table three ways: for people, as JSON, as CSV."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from soke.errors import SokeError
from soke.spreadsheets import inert
from soke.text import clean

Cell = str | float | int | None

JSON_OPTION = typer.Option(False, "--json", help="Print JSON: an object with `rows`.")
CSV_OPTION = typer.Option(False, "--csv", help="Print CSV.")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: ``key`` names it in JSON and CSV (money says its unit), ``title`` for people."""

    key: str
    title: str
    digits: int | None = None  # decimals for people; None prints text as it is

    def show(self, value: Cell) -> str:
        if value is None:
            return "no figure"
        if self.digits is None or isinstance(value, str):
            return clean(str(value))
        return f"{value:,.{self.digits}f}".replace("-", "\N{MINUS SIGN}")


def emit(
    rows: Sequence[Mapping[str, Cell]], columns: Sequence[Column], *, as_json: bool, as_csv: bool,
    title: str = "", extra: Mapping[str, object] | None = None, notes: Sequence[str] = (),
) -> None:  # fmt: skip
    """Print ``rows``. ``extra`` goes into the JSON object beside ``rows``; ``notes`` are printed under the table.
    Text in CSV is no formula for a spreadsheet."""
    if as_json and as_csv:
        raise SokeError("--json and --csv cannot be asked for together.", "Choose one.")
    if as_json:
        print(json.dumps({**(extra or {}), "rows": list(rows), "notes": list(notes)}, indent=2, allow_nan=False))
    elif as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow([c.key for c in columns])
        writer.writerows([[_bare(row.get(c.key)) for c in columns] for row in rows])
    else:
        _print_table(rows, columns, title, notes)


def _bare(value: Cell) -> Cell:
    return "" if value is None else inert(clean(value)) if isinstance(value, str) else value


def _print_table(
    rows: Sequence[Mapping[str, Cell]], columns: Sequence[Column], title: str, notes: Sequence[str]
) -> None:
    """What is printed is text, never markup: a name may have brackets in it."""
    shown = Text(clean(title)) if title else None
    table = Table(title=shown, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for column in columns:
        table.add_column(Text(column.title), justify="left" if column.digits is None else "right", overflow="fold")
    for row in rows:
        style = "dim" if any(row.get(c.key) is None for c in columns) else None
        table.add_row(*[Text(column.show(row.get(column.key))) for column in columns], style=style)
    console().print(table)
    for note in notes:
        console().print(clean(note), markup=False, highlight=False)


def console() -> Console:
    """Standard output; at least 100 wide where it is not a terminal, so that a pipe does not fold tables."""
    return Console(width=None if sys.stdout.isatty() else 160, highlight=False)


def say(message: str) -> None:
    """A sentence to standard error."""
    print(clean(message), file=sys.stderr)


def progress_bar(quiet: bool, what: str) -> Progress:
    """A progress bar with the time left, on a terminal; nothing elsewhere, or when quiet."""
    return Progress(
        TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        console=Console(stderr=True), transient=True, disable=quiet or not sys.stderr.isatty(),
    )  # fmt: skip
