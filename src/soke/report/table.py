"""A table on a page: HTML with caption, scopes, grades as marks, and a link to its CSV."""

from __future__ import annotations

from soke.report.markup import Child, Element, el
from soke.report.source_links import linked
from soke.table import WORDS, Cell, Column, Table
from soke.text import NO_FIGURE

GRADES = {"official": "O", "derived": "D", "estimate": "E", "unverified": "U"}


def to_html(table: Table) -> Element:
    """A table with caption and scopes in a box that scrolls sideways by keyboard, and a link to its CSV."""
    shown = [k for k, column in enumerate(table.columns) if column.people]
    numbers = range(len(table.rows)) if table.page_rows is None else table.page_rows
    keys = [column.key for column in table.columns]
    head = el("tr", *(_heading(table.columns[k]) for k in shown))
    links = {k: keys.index(table.columns[k].link) for k in shown if table.columns[k].link}
    body = [
        el("tr", *(_cell(table.columns[k], row[k], row[links[k]] if k in links else None, first=k == shown[0])
                   for k in shown), class_="doubted" if number in table.doubted else None)
        for number in numbers for row in (table.rows[number],)
    ]  # fmt: skip
    left_out = len(table.rows) - len(numbers)
    more = f"{left_out:,} more rows are in the file." if left_out else ""
    caption_id = f"{table.id}-caption"
    grid = el("table", el("caption", table.caption, id=caption_id), el("thead", head), el("tbody", *body))
    link = el("a", f"{table.file}", href=table.file)
    return el(
        "div",
        el("div", grid, class_="scroll", tabindex="0", role="region", aria_labelledby=caption_id),
        el("p", " ".join(filter(None, [*table.notes, more, "All figures: "])), link, class_="note"),
        class_="table",
    )


def folded(table: Table, summary: str = "Figures") -> Element:
    """The table behind a line that opens it."""
    return el("details", el("summary", summary, el("span", f": {table.caption}", class_="hidden")), to_html(table))


def _heading(column: Column) -> Element:
    return el("th", column.title, scope="col", class_=None if column.kind in WORDS else "n")


def _cell(column: Column, cell: Cell, address: Cell, *, first: bool) -> Element:
    if column.kind == "grade" and isinstance(cell, str) and cell in GRADES:
        return el("td", grade_mark(cell))
    said = column.said(cell)
    if first:
        return el("th", linked(said, address), scope="row")
    missing = said == NO_FIGURE
    kind = "" if column.kind in WORDS else "n"
    return el("td", linked(said, address), class_=" ".join(filter(None, [kind, "none" if missing else ""])) or None)


def grade_mark(grade: str) -> Element:
    """A letter in a box that says how good a figure is; a screen reader hears the whole word."""
    letter: Child = el("span", GRADES.get(grade, "?"), aria_hidden="true")
    return el("span", letter, el("span", grade, class_="hidden"), class_=f"grade {grade}", title=grade)
