"""Printing one table three ways: for people, as JSON, as CSV."""

from __future__ import annotations

import csv
import json
import os
import re
import sys
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table as Grid
from rich.text import Text

from soke import __version__
from soke.cli.commands import GROUPS, bare
from soke.errors import SokeError
from soke.spreadsheets import inert
from soke.table import WORDS, Answer, Cell, Table
from soke.text import clean

# What was asked for, as ``register status``: the name of the command in its JSON.
asked_command: ContextVar[str] = ContextVar("asked_command", default="")

JSON_OPTION = typer.Option(False, "--json", help="Print JSON: an object with `rows`, as docs/handbook/tables.md says.")
CSV_OPTION = typer.Option(False, "--csv", help="Print CSV.")


def show(answer: Answer | Table, *, as_json: bool, as_csv: bool) -> None:
    """Print an answer: its table for people, its envelope as JSON, or its whole rows as CSV."""
    if as_json and as_csv:
        raise SokeError("--json and --csv cannot be asked for together.", "Choose one.")
    answer = answer if isinstance(answer, Answer) else Answer(answer)
    if as_json:
        print(json.dumps(answer.envelope(asked_command.get(), __version__), indent=2, allow_nan=False))
    elif as_csv:
        print(answer.table.csv(), end="")
    else:
        print_table(answer.table)


def print_table(table: Table) -> None:
    """A table for people. What is printed is text, never markup: a name may have brackets in it."""
    title = Text(clean(table.caption)) if table.caption else None
    grid = Grid(title=title, title_justify="left", header_style="bold", box=None, pad_edge=False)
    shown = [(k, column) for k, column in enumerate(table.columns) if column.people]
    for _, column in shown:
        grid.add_column(Text(column.title), justify="left" if column.kind in WORDS else "right", overflow="fold")
    rows = table.rows if table.page_rows is None else [table.rows[k] for k in table.page_rows]
    for row in rows:
        missing = any(row[k] is None and column.kind not in WORDS for k, column in shown)
        grid.add_row(*[Text(clean(column.said(row[k]))) for k, column in shown], style="dim" if missing else None)
    console().print(grid)
    for note in table.notes:
        console().print(clean(note), markup=False, highlight=False)


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
    table = Grid(title=shown, title_justify="left", header_style="bold", box=None, pad_edge=False)
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
    return _AsTyped(width=None if sys.stdout.isatty() else 160, highlight=False)


class _AsTyped(Console):
    """A console that names commands as they were typed here."""

    def print(self, *objects: Any, **how: Any) -> None:
        super().print(*(as_typed(said) if isinstance(said, str) else said for said in objects), **how)


def as_typed(text: str) -> str:
    """A sentence that names commands, with what was typed to run Soke here: ``./do check``, where ``./do`` says so."""
    typed = os.environ.get("SOKE_TYPED", "")
    return _COMMAND.sub(lambda _: f"{typed} ", text) if typed else text


# ``soke`` before the name of a command or group, or an option
_NAMES = "|".join((*GROUPS, *bare(), "help", "GROUP", "COMMAND", "--help"))
_COMMAND = re.compile(rf"(?<![\w/.:-])soke (?=(?:{_NAMES})(?![\w-]))")


def say_error(error: SokeError) -> None:
    """An error as a sentence to standard error; where JSON was asked for, its envelope is the line after it."""
    say(f"soke: {error}")
    if "--json" in sys.argv[1:] and "--csv" not in sys.argv[1:]:
        print(json.dumps(error_envelope(error), ensure_ascii=False), file=sys.stderr)


def error_envelope(error: SokeError) -> dict[str, Any]:
    """The envelope of an error: no rows, and what is wrong, where and what to do by key."""
    said = {"code": error.code, "fact": clean(error.fact), "fix": clean(error.fix),
            "where": clean(str(error.where)) if error.where else None}  # fmt: skip
    return {"soke": __version__, "schema": "error/1", "command": asked_command.get(), "rows": [], "notes": [],
            "error": said}  # fmt: skip


def say(message: str) -> None:
    """A sentence to standard error."""
    print(as_typed(clean(message)), file=sys.stderr)


def tell(line: str) -> None:
    """A line to standard output."""
    print(as_typed(clean(line)))


def progress_bar(quiet: bool, what: str) -> Progress:
    """A progress bar with the time left, on a terminal; nothing elsewhere, or when quiet."""
    return Progress(
        TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        console=Console(stderr=True), transient=True, disable=quiet or not sys.stderr.isatty(),
    )  # fmt: skip
