"""The text of a deal file by line, so that a finding can point at one."""

from __future__ import annotations

from soke.report.markup import Child, el
from soke.site.contents import Site
from soke.site.deals.parts import trail_of
from soke.site.frame import site_page
from soke.text import clean

MOST_LINES = 5_000
LONGEST = 1_000  # letters of a line


def file_page(site: Site, slug: str) -> str:
    """The whole HTML text."""
    one = site.deals.of(slug)
    lines = one.text.replace("\r\n", "\n").removesuffix("\n").split("\n")
    found = sorted({finding.at.line for finding in (one.checked.findings if one.checked else ())
                    if finding.at.file == one.file})  # fmt: skip
    marked, path = set(found), one.beside("file.html")
    shown: list[Child] = [
        el("li", el("code", _shown(line)), id=f"L{number}", class_="hit" if number in marked else None)
        for number, line in enumerate(lines[:MOST_LINES], 1)
    ]
    more = f" Its first {MOST_LINES:,} lines are shown." if len(lines) > MOST_LINES else ""
    more += f" Lines of more than {LONGEST:,} letters are cut." if any(len(line) > LONGEST for line in lines) else ""
    said = f"{len(lines):,} lines, as the file has them. Lines on which the check found something are marked.{more}"
    return site_page(
        site, path, f"{one.file}, line by line", el("h1", f"The file {one.file}, line by line"),
        el("p", said, class_="lead"), el("ol", *shown, class_="source"), trail=trail_of(one, one.title),
        style="deals.css",
    )  # fmt: skip


def _shown(line: str) -> str:
    return clean(line if len(line) <= LONGEST else f"{line[:LONGEST]}…") or " "
