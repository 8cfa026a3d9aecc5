"""Check it: the way to what is reproduced and what is not, and to every figure behind the model."""

from __future__ import annotations

from collections.abc import Iterator

from soke.report.charts.bars import Bar, bars
from soke.report.markup import Element, el
from soke.report.shell import panel
from soke.report.tables.findings import codes
from soke.report.tables.parameters import dated, effects
from soke.report.tables.scoreboard import tally
from soke.site.check import contest
from soke.site.check import findings as check_findings
from soke.site.check import parameters as check_parameters
from soke.site.check import scoreboard as check_scoreboard
from soke.site.check.contest import EXAMPLE
from soke.site.check.findings import FINDINGS
from soke.site.check.parameters import PARAMETERS, SOURCES
from soke.site.check.parts import STYLE, block, ways
from soke.site.check.scoreboard import SCOREBOARD, finding
from soke.site.contents import Page, Site
from soke.site.frame import CHECK, CONTEST, DATA, REGISTERS, WORDS, link, site_page
from soke.site.handbook import HANDBOOK
from soke.site.words import term

VERIFY = "python3 verify.py log.jsonl --checkpoint checkpoint --key key.pub --hashes hashes.txt"


def pages(site: Site) -> Iterator[Page]:
    """The way in, how to contest a figure, and all below."""
    yield Page(CHECK, _check)
    yield from contest.pages(site)
    yield from check_scoreboard.pages(site)
    yield from check_parameters.pages(site)
    yield from check_findings.pages(site)


def _check(site: Site) -> str:
    found = tally()
    four = (
        ("The scoreboard", SCOREBOARD, "Figures that others published: what we get, what we miss, and by how much."),
        ("Parameters and rules", PARAMETERS,
         f"All {len(effects()) + len(dated()):,} figures behind the model: value, law, source, grade."),
        ("Every finding", FINDINGS, f"{len(codes())} faults that a check of a deal looks for, and how to mend each."),
        ("Contest a figure", CONTEST, "What to send to whom, and the command that shows the sum."),
    )  # fmt: skip
    lead = "Do not take our word for it. Every number opens its sum, and you can work out each sum yourself."
    return site_page(
        site, CHECK, "Check it", el("h1", finding(found)), el("p", lead, class_="lead"),
        el("div", el("div", ways(CHECK, four)), el("div", _score(), _beside()), class_="two"), _register(), _run(),
        style=STYLE,
    )  # fmt: skip


def _score() -> Element:
    found = tally()
    hit, off = found.published - found.fail, found.off + found.fail
    rows = [Bar("Come out", hit, f"{hit:,}", kind="here"), Bar("Come out otherwise", off, f"{off:,}", kind="loss"),
            Bar("Cannot be tried", found.untried, f"{found.untried:,}", kind="other")]  # fmt: skip
    return panel("score", "Published figures", bars("Published figures", rows))


def _beside() -> Element:
    return panel(
        "more", "More to look into",
        el("ul", *(el("li", link(CHECK, words, to)) for words, to in (
            ("The handbook: how each thing is worked out", HANDBOOK), ("All tables, with licence", DATA),
            ("Where published figures come from", SOURCES), ("Words we use", WORDS),
        ))),
    )  # fmt: skip


def _register() -> Element:
    return block(
        "register", "Check a register, without us",
        el("p", "A ", term("register", "register"), " is a public record. You can tell that nobody changed it."),
        el("ol", el("li", "Open the register’s page and take its files."),
           el("li", "Take the key and the ", term("checkpoint", "checkpoint"), " from somewhere that you trust, "
              "not from the same copy."),
           el("li", "Run this. It needs Python with its package cryptography, and no network."), class_="steps"),
        el("pre", VERIFY), el("p", link(CHECK, "All registers", REGISTERS)),
    )  # fmt: skip


def _run() -> Element:
    return block(
        "run", "Work it out yourself", el("p", "Soke is free. These commands print what the pages here show."),
        el("pre", f'soke verify\nsoke backtest\nsoke place "{EXAMPLE}"\nsoke settle --parameters\nsoke explain DC201'),
    )  # fmt: skip
