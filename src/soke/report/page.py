"""The page of a run: the first screen, and below it what lies behind it."""

from __future__ import annotations

from collections.abc import Mapping

from soke.report.contents import RunReport
from soke.report.facts import nothing_changes
from soke.report.first_screen import first_screen, under_it, warnings
from soke.report.markup import el
from soke.report.no_lever import add_a_lever
from soke.report.sections import SECTIONS
from soke.report.shell import document, section
from soke.table import Table


def page(report: RunReport, tables: Mapping[str, Table]) -> str:
    """The whole HTML text."""
    contents = el(
        "nav", el("ul", *(el("li", el("a", s.title, href=f"#{s.id}")) for s in SECTIONS)), aria_label="Contents"
    )
    below = [section(s.id, s.title, s.built(report, tables)) for s in SECTIONS]
    if nothing_changes(report):
        below.insert(0, add_a_lever(report))
    title, first = f"{report.deal.title}: what would follow", first_screen(report)
    skip = "Skip to what lies behind it"
    return document(
        title, skip, SECTIONS[0].id, first, under_it(report, tables), contents, *below, notice=warnings(report)
    )
