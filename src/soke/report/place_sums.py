"""The sums of a place's page: behind each number one that opens, its steps in words and its figures folded."""

from __future__ import annotations

from soke import text
from soke.model.accounts.explain import TOTALS, LineSum, TotalSum
from soke.model.accounts.types import Side
from soke.report.markup import Child, Element, el
from soke.report.place_contents import PlaceContents
from soke.report.table import folded, to_html
from soke.report.tables import place as made

FOLDED = {"sum_lines": "Its lines", "sum_regions": "By region", "sum_areas": "By area"}
GROUPS: tuple[tuple[Side, str], ...] = (("revenue", "What is raised, line by line"), ("spending", "What is spent"))


def every_sum(contents: PlaceContents) -> list[Child]:
    """Totals first, then lines, the largest first."""
    out: list[Child] = [el("h3", "Totals")]
    out += [_sum(total, contents.sums[total], contents) for total in TOTALS]
    for side, title in GROUPS:
        out.append(el("h3", title))
        out += [_sum(key, contents.sums[key], contents) for key in lines_shown(contents, side)]
    return out


def lines_shown(contents: PlaceContents, side: Side) -> list[str]:
    """Ids of the lines of a side that are something, the largest first."""
    lines = [x for x in contents.account.lines if x.line.side == side]
    lines.sort(key=lambda x: -abs(x.value))
    return [x.line.id for x in lines if made.is_something(x.value, x.england_per_head)]


def _sum(key: str, done: LineSum | TotalSum, contents: PlaceContents) -> Element:
    """One sum. Its id is that of the element which opens, so that a link leads to it in every browser."""
    name = made.anchor(key).removeprefix("sum-")
    a = contents.account
    return el(
        "details",
        el("summary", f"{text.capital(done.title)}: {text.money(done.value)}"),
        to_html(made.sum_of(name, done, a), file=False, titles=("source",)),
        *(folded(table, FOLDED[table.id.removesuffix(f"-{name}")], file=False) for table in made.behind(name, done, a)),
        el("p", el("a", "Back to the account in short" if isinstance(done, TotalSum) else "Back to the lines",
                   href="#in-short" if isinstance(done, TotalSum) else "#lines"), class_="note"),
        id=made.anchor(key), class_="sum",
    )  # fmt: skip
