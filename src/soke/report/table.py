"""One table, three ways out: rounded for people on the page, whole in CSV and in the workbook."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from soke import text
from soke.report.markup import Child, Element, el
from soke.spreadsheets import inert

Cell: TypeAlias = "str | float | int | None"
Kind = Literal[
    "text", "grade", "count", "money", "change", "pounds", "pounds-change", "pence", "pence-change", "share",
    "share-change", "plain", "plain-change",
]  # fmt: skip
GRADES = {"official": "O", "derived": "D", "estimate": "E", "unverified": "U"}


@dataclass(frozen=True, slots=True)
class Column:
    """``name`` heads the CSV column and holds the unit; ``title`` heads it on the page; ``page`` shows it there."""

    name: str
    title: str
    kind: Kind = "text"
    page: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """``id`` names the file. ``page_rows`` are the rows shown on the page, all of them by default."""

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    page_rows: tuple[int, ...] | None = None

    @property
    def file(self) -> str:
        return f"{self.id}.csv"

    def column(self, name: str) -> list[Cell]:
        """The cells of one column by its CSV name."""
        index = [column.name for column in self.columns].index(name)
        return [row[index] for row in self.rows]


def _number(write: Callable[..., str], *, plus: bool = False) -> Callable[[Cell], str]:
    """A writer of numbers as a writer of cells; a text among numbers stands as it is."""
    return lambda cell: cell if isinstance(cell, str) else write(cell, plus=plus)


def _share(cell: Cell) -> str:
    return cell if isinstance(cell, str) else text.percent(cell)


def _share_change(cell: Cell) -> str:
    return cell if isinstance(cell, str) else text.percent(cell, 1, plus=True)


def _count(cell: Cell) -> str:
    return cell if isinstance(cell, str) else text.NO_FIGURE if cell is None else f"{cell:,.0f}"


WRITERS: Mapping[Kind, Callable[[Cell], str]] = {
    "text": lambda cell: "" if cell is None else str(cell),
    "grade": lambda cell: "" if cell is None else str(cell),
    "count": _count,
    "money": _number(text.decimal),
    "change": _number(text.decimal, plus=True),
    "pounds": _number(text.pounds),
    "pounds-change": _number(text.pounds, plus=True),
    "pence": _number(text.tenths),
    "pence-change": _number(text.tenths, plus=True),
    "share": _share,
    "share-change": _share_change,
    "plain": _number(text.decimal),
    "plain-change": _number(text.decimal, plus=True),
}


def to_html(table: Table) -> Element:
    """A table with caption and scopes in a box that scrolls sideways by keyboard, and a link to its CSV."""
    shown = [k for k, column in enumerate(table.columns) if column.page]
    rows = table.rows if table.page_rows is None else [table.rows[k] for k in table.page_rows]
    head = el("tr", *(_heading(table.columns[k]) for k in shown))
    body = [el("tr", *(_cell(table.columns[k], row[k], first=k == shown[0]) for k in shown)) for row in rows]
    left_out = len(table.rows) - len(rows)
    more = f"{left_out:,} more rows are in the file." if left_out else ""
    caption_id = f"{table.id}-caption"
    grid = el("table", el("caption", table.caption, id=caption_id), el("thead", head), el("tbody", *body))
    link = el("a", f"{table.file}", href=table.file)
    return el(
        "div",
        el("div", grid, class_="scroll", tabindex="0", role="region", aria_labelledby=caption_id),
        el("p", " ".join(filter(None, [table.note, more, "All figures: "])), link, class_="note"),
        class_="table",
    )


def folded(table: Table, summary: str = "Figures") -> Element:
    """The table behind a line that opens it."""
    return el("details", el("summary", summary, el("span", f": {table.caption}", class_="hidden")), to_html(table))


def _heading(column: Column) -> Element:
    return el("th", column.title, scope="col", class_=None if column.kind in ("text", "grade") else "n")


def _cell(column: Column, cell: Cell, *, first: bool) -> Element:
    if column.kind == "grade" and isinstance(cell, str) and cell in GRADES:
        return el("td", grade_mark(cell))
    said = WRITERS[column.kind](cell)
    if first:
        return el("th", said, scope="row")
    missing = said == text.NO_FIGURE
    kind = "" if column.kind in ("text", "grade") else "n"
    return el("td", said, class_=" ".join(filter(None, [kind, "none" if missing else ""])) or None)


def grade_mark(grade: str) -> Element:
    """A letter in a box that says how good a figure is; a screen reader hears the whole word."""
    letter: Child = el("span", GRADES.get(grade, "?"), aria_hidden="true")
    return el("span", letter, el("span", grade, class_="hidden"), class_=f"grade {grade}", title=grade)


def to_csv(table: Table) -> str:
    """Whole figures, one row a line; a figure that is missing is an empty cell."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.name for column in table.columns])
    writer.writerows([_plain(cell) for cell in row] for row in table.rows)
    return out.getvalue()


def _plain(cell: Cell) -> Cell:
    return inert(cell) if isinstance(cell, str) else "" if cell is None else cell


def table(id_: str, caption: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], note: str = "") -> Table:
    """A table from any sequences; a figure that is not a number becomes a missing one."""
    return Table(id_, caption, tuple(columns), tuple(tuple(_held(cell) for cell in row) for row in rows), note)


def _held(cell: Cell) -> Cell:
    if isinstance(cell, str | int) or cell is None:
        return cell
    return float(cell) if math.isfinite(cell) else None
