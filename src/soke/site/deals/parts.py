"""What pages of a deal share: the trail, links to places, the table of what the check found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from shlex import quote

from soke import text
from soke.deal.finding import Finding
from soke.deal.located import Located
from soke.report.markup import Child, Element, el
from soke.report.shell import section
from soke.report.table import folded, to_html
from soke.site.deal_given import GivenDeal
from soke.site.frame import DEALS, Trail, link, links_in_a_row
from soke.table import Column, Table
from soke.text import one_line

SEVERITY = {"error": "✗ Error", "warning": "! Warning"}
MOST_PLACES = 60
MOST_FINDINGS = 200  # on a page


def trail_of(one: GivenDeal, label: str) -> Trail:
    """The way to a page below that of a deal."""
    return (("Deals", DEALS), (label, one.path))


def finding_path(code: str) -> str:
    """The page that says why a rule of the check matters."""
    return f"check/findings/{code}.html"


def command(words: str, one: GivenDeal) -> Element:
    """A command on the file of a deal, that may be copied whatever the file is called."""
    return el("code", f"soke {words} {quote(one_line(one.file))}")


def findings_list(page: str, one: GivenDeal, found: Sequence[Finding]) -> list[Child]:
    """What the check found, in the order of the file: how grave, what is so, what to do, on which line, and why."""
    left = len(found) - MOST_FINDINGS
    shown: list[Child] = [el("ol", *(el("li", *_finding(page, one, each)) for each in found[:MOST_FINDINGS]),
                             class_="findings")]  # fmt: skip
    if left > 0:
        shown += [el("p", f"{left:,} more are not shown here. All of them: ", command("check", one), ".")]
    return shown


def _finding(page: str, one: GivenDeal, found: Finding) -> Iterator[Child]:
    where = f"{found.at.file}:{found.at.line}"
    at = f"{one.beside('file.html')}#L{found.at.line}"
    yield el("p", el("b", SEVERITY[found.severity], class_="bad" if found.severity == "error" else "wait"), " ",
             one_line(found.fact))  # fmt: skip
    yield el("p", f"What to do: {one_line(found.fix)}")
    yield el("p", link(page, one_line(where), at) if found.at.file == one.file else one_line(where), " · ",
             link(page, f"Why {found.code} matters", finding_path(found.code)), class_="small")  # fmt: skip


def a_head(value: float) -> str:
    """Pounds a head: whole from ten on, since people of one year are divided by."""
    return f"£{value:,.0f}" if value >= 9.95 else text.pounds(value)


def terms_list(terms: Iterable[tuple[str, str]]) -> Element | None:
    """Terms and what each is, in words; one without words is left out. Nothing of none."""
    rows: list[Child] = []
    for named, words in terms:
        if words:
            rows += [el("dt", one_line(named)), el("dd", text.whole_years(one_line(words)))]
    return el("dl", *rows, class_="terms") if rows else None


def line_of(one: GivenDeal, found: Located, *key: str) -> str:
    """The address of the line of the file on which something of a deal stands, from a page beside it; nothing of what
    another file says."""
    at = found.where(*key)
    return f"file.html#L{at.line}" if at.file == one.file else ""


def opening(table: Table, key: str, addresses: Sequence[str]) -> Table:
    """The same table, in which each figure of a column leads to where it comes from."""
    columns = (replace(column, link="at") if column.key == key else column for column in table.columns)
    rows = ((*row, address) for row, address in zip(table.rows, addresses, strict=True))
    return replace(table, columns=(*columns, Column("at", "At", people=False)), rows=tuple(rows))


def place_links(page: str, one: GivenDeal) -> list[Child]:
    """The place of a deal and its councils, as links."""
    said: list[Child] = []
    if one.area is not None:
        said += [el("p", "The place: ", link(page, one.area.name, one.area.path), ".")]
    elif one.deal is not None:
        said += [el("p", f"The place, {one.name}, has no page here: we know no place of that name.")]
    others = [area for area in one.members if area != one.area]
    if others:
        named = sorted(others[:MOST_PLACES], key=lambda area: area.name)
        said.append(el("p", "Its councils: ", *links_in_a_row(page, ((area.name, area.path) for area in named)), "."))
    return said


def tables_of(*tables: Table, otherwise: str) -> list[Child]:
    """Tables that have rows; else a sentence."""
    shown: list[Child] = [to_html(table, file=False) for table in tables if table.rows]
    return shown or [el("p", otherwise)]


def fold(table: Table, summary: str) -> Child:
    """A table behind a line that opens it; nothing of one without rows."""
    return folded(table, summary, file=False) if table.rows else None


def block(id_: str, title: str, *parts: Child) -> Element:
    """A part of the page below its first screen."""
    return section(id_, title, parts)


def inert(table: Table) -> Table:
    """The same with every text of a file on one line, without marks that mislead the eye."""
    rows = tuple(tuple(one_line(cell) if isinstance(cell, str) else cell for cell in row) for row in table.rows)
    return replace(table, rows=rows)


def notes_on_results(one: GivenDeal) -> list[Child]:
    """A sentence on each result of this deal that is not shown."""
    return [el("p", text.unbroken(said), class_="said") for said in one.results]
