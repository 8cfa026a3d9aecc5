"""The block of a place's page that says who decides on what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from soke.england.deciders import Decider, deciders
from soke.report.markup import Child, Element, el
from soke.report.table import folded
from soke.report.tables.deciders import how_good, table_of
from soke.site.areas import Area
from soke.site.frame import LEDGER, link

ALONE = frozenset({"buses"})  # what people ask most stands in a row of its own, with what must be said of it
FAR = frozenset({"government", "board"})  # who is not of the place stands last
HEADING = "Who decides on what?"
LAW = ("title", "since", "under", "note", "grade")  # who decides stands above


def who_decides(page_path: str, area: Area) -> Element:
    """Who decides on each subject in a place: bodies by name, one row each; below, since when and under which law.

    Of a place that is gone or not yet there it says that nothing is told. Style: ``place.css``.
    """
    heading = el("h2", HEADING, id="who-decides")
    those = deciders(area.members) if area.members else ()
    if not those:
        body: list[Child] = [el("p", "Nothing is told of it: no council of this name decides today.", class_="none")]
        return el("section", heading, *body, class_="block", aria_labelledby="who-decides")
    unread = sum(one.how != "read" for one in those)
    tag: list[Child] = [el("small", f"{unread} not checked", class_="tag"), " "] if unread else []
    return el(
        "section", heading, _grid(those), el("p", *tag, how_good(those), class_="small"),
        folded(table_of(area.name, those).showing(*LAW), "Since when, and under which law", file=False),
        el("p", link(page_path, "Which powers mayors and combined authorities have, and since when", LEDGER)),
        class_="block", aria_labelledby="who-decides",
    )  # fmt: skip


def _grid(those: Sequence[Decider]) -> Element:
    head = el("tr", el("th", "Subject", scope="col"), el("th", "Who decides", scope="col"))
    rows = (
        el("tr", el("th", _subjects(group), scope="row"), el("td", group[0].who, _note(group)))
        for group in _grouped(those)
    )  # fmt: skip
    return el("div", el("table", el("thead", head), el("tbody", *rows)), class_="who")


def _grouped(those: Sequence[Decider]) -> Iterable[Sequence[Decider]]:
    """Subjects by who decides on them, in the order in which they first come, the government last; some alone."""
    groups: dict[tuple[str, str], list[Decider]] = {}
    for one in those:
        groups.setdefault((one.who, one.subject if one.subject in ALONE else ""), []).append(one)
    return sorted(groups.values(), key=lambda group: group[0].role in FAR)


def _subjects(group: Sequence[Decider]) -> str:
    """``Schools, care for adults, libraries``; with semicolons where a title has a comma."""
    mark = "; " if any("," in one.title for one in group) else ", "
    first, *rest = (one.title for one in group)
    return mark.join([first, *(title[:1].lower() + title[1:] for title in rest)])


def _note(group: Sequence[Decider]) -> Element | None:
    alone = group[0] if group[0].subject in ALONE else None
    return el("small", alone.note) if alone and alone.note else None
