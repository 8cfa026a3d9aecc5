"""Printing one table three ways: for people, as JSON, as CSV."""

from __future__ import annotations

import json
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from itertools import islice
from typing import Any, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table as Grid
from rich.text import Text

from soke.cli.commands import GROUPS, bare
from soke.cli.waiting import stop_waiting
from soke.errors import SokeError
from soke.table import WORDS, Answer, Table
from soke.text import clean
from soke.version import __version__

T = TypeVar("T")
# What was asked for, as ``register status``: the name of the command in its JSON.
asked_command: ContextVar[str] = ContextVar("asked_command", default="")

JSON_OPTION = typer.Option(False, "--json", help="Print JSON: an object with `rows`, as docs/handbook/tables.md says.")
WIDE = 120  # columns of a terminal that has room for all of a table
BETWEEN = 20.0  # seconds between two lines of a long work where there is no terminal
CSV_OPTION = typer.Option(False, "--csv", help="Print CSV.")


def show(answer: Answer | Table, *, as_json: bool, as_csv: bool) -> None:
    """Print an answer: its table for people, its envelope as JSON, or its whole rows as CSV."""
    stop_waiting()
    if as_json and as_csv:
        raise SokeError("--json and --csv cannot be asked for together.", "Choose one.")
    answer = answer if isinstance(answer, Answer) else Answer(answer)
    if as_json:
        print(json.dumps(answer.envelope(asked_command.get(), __version__), indent=2, allow_nan=False))
    elif as_csv:
        print(answer.table.csv(), end="")
    else:
        print_table(answer.table)


AT_ONCE = 2_000  # rows of a long table that are held at a time


def in_parts(things: Iterable[T]) -> Iterator[list[T]]:
    """Things in lists of :data:`AT_ONCE`; one empty list where there are none."""
    coming = iter(things)
    part = list(islice(coming, AT_ONCE))
    yield part
    while part := list(islice(coming, AT_ONCE)):
        yield part


def show_in_parts(parts: Iterable[Answer], *, as_json: bool, as_csv: bool) -> None:
    """A long table whose rows come in parts: as CSV each is printed as it comes; JSON is one object, so it waits."""
    if not as_csv or as_json:
        first, *rest = parts
        rows = tuple(row for part in (first, *rest) for row in part.table.rows)
        whole = replace(first, table=replace(first.table, rows=rows))
        show(whole, as_json=as_json, as_csv=as_csv)
        return
    stop_waiting()
    for number, part in enumerate(parts):
        text = part.table.csv()
        print(text if number == 0 else text.partition("\n")[2], end="")


def print_table(table: Table, spare: Sequence[str] = ()) -> None:
    """A table for people. What is printed is text, never markup: a name may have brackets in it. A narrow terminal
    shows no ``spare`` columns; a row of doubt is dim."""
    stop_waiting()
    narrow = console().width < WIDE and any(c.key in spare for c in table.shown)
    if narrow:
        left_out = ", ".join(c.title for c in table.shown if c.key in spare)
        note = f"A terminal of {WIDE} columns, and --json, have also: {left_out}."
        table = replace(table.showing(*(c for c in table.shown if c.key not in spare)), notes=(*table.notes, note))
    title = Text(clean(table.caption)) if table.caption else None
    grid = Grid(title=title, title_justify="left", header_style="bold", box=None, pad_edge=False)
    shown = [(k, column) for k, column in enumerate(table.columns) if column.people]
    for _, column in shown:
        grid.add_column(Text(column.title), justify="left" if column.kind in WORDS else "right", overflow="fold")
    for number in range(len(table.rows)) if table.page_rows is None else table.page_rows:
        row = table.rows[number]
        bare = any(row[k] is None and column.kind not in WORDS and column.missing is None for k, column in shown)
        dim = bare or number in table.doubted
        grid.add_row(*[Text(clean(column.said(row[k]))) for k, column in shown], style="dim" if dim else None)
    console().print(grid)
    for note in table.notes:
        console().print(clean(note), markup=False, highlight=False)


def console() -> Console:
    """Standard output; at least 100 wide where it is not a terminal, so that a pipe does not fold tables."""
    stop_waiting()
    return _AsTyped(width=None if sys.stdout.isatty() else 160, highlight=False)


class _AsTyped(Console):
    """A console that names commands as they were typed here, and prints nothing of a file that could steer it."""

    def print(self, *objects: Any, **how: Any) -> None:
        super().print(*(as_typed(clean(said)) if isinstance(said, str) else said for said in objects), **how)


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
    stop_waiting()
    print(as_typed(clean(message)), file=sys.stderr)


def tell(line: str, *, recorded: bool = False) -> None:
    """A line to standard output. What somebody ``recorded`` stands as it was written, also where it names a command."""
    stop_waiting()
    print(clean(line) if recorded else as_typed(clean(line)))


def progress_bar(quiet: bool, what: str) -> Progress:
    """A progress bar with the time left, on a terminal; nothing elsewhere, or when quiet."""
    stop_waiting()
    return Progress(
        TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        console=Console(stderr=True), transient=True, disable=quiet or not sys.stderr.isatty(), redirect_stdout=False,
    )  # fmt: skip


@contextmanager
def told_while() -> Iterator[Callable[[str], None]]:
    """What is being done, in words: on a terminal in one line with the time that it takes, from its first second on;
    elsewhere a line now and then. Give what it yields to the work."""
    stop_waiting()
    if sys.stderr.isatty():
        columns = TextColumn("{task.description}", markup=False), TimeElapsedColumn()
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("working")
            yield lambda words: bar.update(task, description=clean(words))
        return
    last, latest, done = time.monotonic(), "", threading.Event()

    def told(words: str) -> None:
        nonlocal last, latest
        latest = words
        if time.monotonic() - last >= BETWEEN:
            last = time.monotonic()
            say(words)

    def again() -> None:
        """What was told last is told again where one step takes long."""
        while not done.wait(max(BETWEEN, 1.0)):
            if latest:
                told(latest)

    threading.Thread(target=again, daemon=True).start()
    try:
        yield told
    finally:
        done.set()
