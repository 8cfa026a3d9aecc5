"""The page of a run: the first screen, and below it what lies behind it."""

from __future__ import annotations

from collections.abc import Mapping

from soke.report.contents import RunReport
from soke.report.facts import nothing_changes
from soke.report.first_screen import first_screen
from soke.report.markup import el
from soke.report.no_lever import add_a_lever
from soke.report.sections import SECTIONS
from soke.report.shell import document
from soke.table import Table


def page(report: RunReport, tables: Mapping[str, Table]) -> str:
    """The whole HTML text."""
    contents = el(
        "nav", el("ul", *(el("li", el("a", s.title, href=f"#{s.id}")) for s in SECTIONS)), aria_label="Contents"
    )
    below = [
        el("section", el("h2", s.title, id=s.id), *s.built(report, tables), class_="below", aria_labelledby=s.id)
        for s in SECTIONS
    ]
    if nothing_changes(report):
        below.insert(0, add_a_lever(report))
    title, first = f"{report.deal.title}: what would follow", first_screen(report, tables)
    return document(title, "Skip to what lies behind it", SECTIONS[0].id, first, contents, *below)
