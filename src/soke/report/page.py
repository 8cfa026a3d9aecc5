"""The page of a run: the first screen, and below it what lies behind it."""

from __future__ import annotations

from collections.abc import Mapping

from soke.report.contents import RunReport
from soke.report.facts import nothing_changes
from soke.report.first_screen import first_screen, under_it, warnings
from soke.report.no_lever import add_a_lever
from soke.report.sections import SECTIONS
from soke.report.shell import contents, document, section
from soke.table import Table


def page(report: RunReport, tables: Mapping[str, Table]) -> str:
    """The whole HTML text."""
    below = [section(s.id, s.title, s.built(report, tables)) for s in SECTIONS]
    if nothing_changes(report):
        below.insert(0, add_a_lever(report))
    title, first = f"{report.deal.title}: what would follow", first_screen(report)
    links = contents((s.id, s.title) for s in SECTIONS)
    return document(title, "Skip to what lies behind it", SECTIONS[0].id, first, under_it(report, tables), links,
                    *below, notice=warnings(report))  # fmt: skip
