"""A table on a page: HTML with caption, scopes, grades as marks, and a link to its CSV."""

from __future__ import annotations

from collections.abc import Sequence

from soke.report.markup import Child, Element, el
from soke.report.source_links import linked, titles_linked
from soke.table import WORDS, Cell, Column, Table
from soke.text import NO_FIGURE, whole_years

ON_A_TELEPHONE = 38  # letters in a row of a table, 343 pixels wide
LONGEST, BETWEEN = 18, 2  # letters of a column whose words wrap, and between two columns
GRADES = {"official": "O", "derived": "D", "estimate": "E", "unverified": "U"}


def to_html(table: Table, *, file: bool = True, titles: Sequence[str] = (), stack: bool = True) -> Element:
    """A table with caption and scopes in a box that scrolls sideways by keyboard, and a link to its CSV.

    ``file``: whether its CSV lies beside the page. ``titles``: keys of columns with titles of sources, to be linked.
    ``stack``: whether a telephone shows each row as a block where the table is wider; else it scrolls.
    """
    shown = [k for k, column in enumerate(table.columns) if column.people]
    numbers = range(len(table.rows)) if table.page_rows is None else table.page_rows
    keys = [column.key for column in table.columns]
    head = el("tr", *(_heading(table.columns[k]) for k in shown))
    links = {k: keys.index(table.columns[k].link) for k in shown if table.columns[k].link}
    words = [[table.columns[k].said(table.rows[number][k]) for k in shown] for number in numbers]
    blocks = stack and _is_wide([table.columns[k].title for k in shown], words)
    body = [
        el("tr", *(_titles(table.columns[k], row[k], blocks) if keys[k] in titles and k != shown[0] else
                   _cell(table.columns[k], row[k], said, row[links[k]] if k in links else None, blocks,
                         first=k == shown[0])
                   for k, said in zip(shown, told, strict=True)),
           class_="doubted" if number in table.doubted else None)
        for number, told in zip(numbers, words, strict=True) for row in (table.rows[number],)
    ]  # fmt: skip
    left_out = len(table.rows) - len(numbers)
    more = f"{left_out:,} more rows are in the file." if left_out else ""
    caption_id = f"{table.id}-caption"
    grid = el("table", el("caption", table.caption, id=caption_id), el("thead", head), el("tbody", *body))
    said = [*table.notes, more, *(["All figures: "] if file else [])]
    link = el("a", f"{table.file}", href=table.file) if file else None
    box = "scroll stack" if blocks else "scroll"
    return el(
        "div",
        el("div", grid, class_=box, tabindex="0", role="region", aria_labelledby=caption_id),
        el("p", " ".join(filter(None, said)), link, class_="note") if any(said) else None,
        class_="table",
    )


def _is_wide(titles: Sequence[str], words: Sequence[Sequence[str]]) -> bool:
    """Whether a telephone would cut it: then each row stands as a block, each figure beside the name of its column."""
    letters = 0
    for k, title in enumerate(titles):
        longest = max(map(len, title.split()), default=0)
        letters += max([longest, *(min(len(told[k]), LONGEST) for told in words)]) + BETWEEN
    return letters > ON_A_TELEPHONE


def folded(table: Table, summary: str = "Figures", *, file: bool = True, titles: Sequence[str] = ()) -> Element:
    """The table behind a line that opens it; ``file`` and ``titles`` as :func:`to_html` has them."""
    label = el("summary", summary, el("span", f": {table.caption}", class_="hidden"))
    return el("details", label, to_html(table, file=file, titles=titles))


def _heading(column: Column) -> Element:
    return el("th", whole_years(column.title), scope="col", class_=None if column.kind in WORDS else "n")


def _cell(column: Column, cell: Cell, said: str, address: Cell, blocks: bool, *, first: bool) -> Element:
    """``blocks``: whether a telephone may show it away from the heading of its column, whose name it then carries."""
    name = column.title if blocks else None
    if column.kind == "grade" and isinstance(cell, str) and cell in GRADES:
        return el("td", grade_mark(cell), data_name=name)
    if first:
        return el("th", linked(said, address), scope="row", data_name=None if column.kind in WORDS else name)
    missing = said == NO_FIGURE
    kind = "" if column.kind in WORDS else "n"
    kinds = " ".join(filter(None, [kind, "none" if missing else ""])) or None
    return el("td", linked(said, address), class_=kinds, data_name=name)


def _titles(column: Column, cell: Cell, blocks: bool) -> Element:
    return el("td", *titles_linked("" if cell is None else str(cell)), data_name=column.title if blocks else None)


def grade_mark(grade: str) -> Element:
    """A letter in a box that says how good a figure is; a screen reader hears the whole word."""
    letter: Child = el("span", GRADES.get(grade, "?"), aria_hidden="true")
    return el("span", letter, el("span", grade, class_="hidden"), class_=f"grade {grade}", title=grade)
