"""Every finding that a check may give: what it means, why it matters, an example, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from soke.report.markup import Child, Element, el
from soke.report.tables.findings import Code, codes, finding_codes, said_of
from soke.site.check.parts import STYLE, as_a_file, block
from soke.site.contents import Page, Site
from soke.site.frame import CHECK, link, site_page
from soke.site.words import term

FOLDER = "check/findings"
FINDINGS = f"{FOLDER}/index.html"
TRAIL = (("Check it", CHECK), ("Findings", FINDINGS))
WEIGHTS = {"error": "Error: it must be mended", "warning": "Warning: look again"}


def pages(site: Site) -> Iterator[Page]:
    """The list, its file, and a page for each code."""
    yield Page(FINDINGS, _findings)
    yield Page("check/finding_codes.csv", _csv)
    for code in codes():
        yield Page(code_path(code.code), partial(_finding, code=code.code))


def code_path(code: str) -> str:
    """The path of a code's page."""
    return f"{FOLDER}/{code}.html"


def _csv(site: Site) -> str:
    return finding_codes().csv()


def _findings(site: Site) -> str:
    errors = sum(code.severity == "error" for code in codes())
    title = f"A check looks for {len(codes())} faults, and {errors} of them must be mended"
    groups: dict[str, list[Code]] = {}
    for code in codes():
        groups.setdefault(code.subject, []).append(code)
    return site_page(
        site, FINDINGS, "Findings", el("h1", title),
        el("p", "Soke reads a deal line by line. Each ", term("finding", "finding"),
           " has a code, the line, and what to do.", class_="lead"),
        el("pre", "soke check FILE"),
        *(_group(subject, those) for subject, those in groups.items()),
        as_a_file(FINDINGS, "check/finding_codes.csv"),
        trail=TRAIL[:1], style=STYLE,
    )  # fmt: skip


def _group(subject: str, those: list[Code]) -> Element:
    items = (
        el("li", el("span", link(FINDINGS, code.title, code_path(code.code)), el("small", code.severity)),
           el("b", code.code))
        for code in those
    )  # fmt: skip
    return block(f"of-{those[0].code[:2].lower()}", subject, el("ul", *items, class_="counts"))


def _finding(site: Site, code: str) -> str:
    (found,) = (each for each in codes() if each.code == code)
    path = code_path(code)
    weight = el("p", el("span", WEIGHTS[found.severity], class_=f"weight {found.severity}"), f" · {found.subject}")
    return site_page(
        site, path, f"{found.code} {found.title}", el("h1", found.title), weight, el("p", found.why, class_="lead"),
        *_example(found), *_law(found), block("see", "See it in your own file", *_commands(found)),
        trail=TRAIL, style=STYLE,
    )  # fmt: skip


def _example(found: Code) -> list[Child]:
    if not found.bad:
        return []
    said = said_of(found.code)
    facts = [el("p", fact, class_="said") for fact, _ in said]
    fixes = dict.fromkeys(fix for _, fix in said)
    return [
        block("wrong", "What is found", el("pre", found.bad), el("p", "Soke says:"), *facts),
        block("mend", "How to mend it", *(el("p", fix) for fix in fixes), el("p", "Mended:"), el("pre", found.good)),
    ]  # fmt: skip


def _law(found: Code) -> list[Child]:
    said = [el("p", each, class_="law") for each in found.law] or [
        el("p", "No Act is named for this. It is a check of what the file says.")
    ]
    return [block("law", "The law", *said)]


def _commands(found: Code) -> list[Child]:
    out: list[Child] = [
        el("p", "To have every line with this finding, and what to do there:"),
        el("pre", found.command),
    ]
    return [*out, el("p", "To have this page at a terminal:"), el("pre", f"soke explain {found.code}")]
