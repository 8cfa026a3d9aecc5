"""The page: one file that holds all it needs, reads without script, and fetches nothing."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

from soke.report.contents import RunReport
from soke.report.first_screen import first_screen
from soke.report.markup import Trusted, el
from soke.report.sections import SECTIONS
from soke.report.table import Table

POLICY = "default-src 'none'; style-src 'unsafe-inline'"  # nothing runs and nothing is fetched, whatever a file says


def page(report: RunReport, tables: Mapping[str, Table]) -> str:
    """The whole HTML text."""
    style = files("soke.report").joinpath("style.css").read_text(encoding="utf-8")
    contents = el(
        "nav", el("ul", *(el("li", el("a", s.title, href=f"#{s.id}")) for s in SECTIONS)), aria_label="Contents"
    )
    below = [
        el("section", el("h2", s.title, id=s.id), *s.build(report, tables), class_="below", aria_labelledby=s.id)
        for s in SECTIONS
    ]
    document = el(
        "html",
        el(
            "head",
            el("meta", charset="utf-8"),
            el("meta", http_equiv="Content-Security-Policy", content=POLICY),
            el("meta", name="viewport", content="width=device-width, initial-scale=1"),
            el("title", f"{report.deal.title}: what would follow"),
            el("style", Trusted(style)),
        ),
        el(
            "body",
            el("a", "Skip to what lies behind it", href=f"#{SECTIONS[0].id}", class_="skip"),
            el("main", first_screen(report, tables), contents, *below),
        ),
        lang="en-GB",
    )
    return f"<!DOCTYPE html>\n{document}\n"
