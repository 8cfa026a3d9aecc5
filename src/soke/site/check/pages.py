"""Check it: the way to what is reproduced and what is not, to every figure behind the model, and how to contest one."""

from __future__ import annotations

from collections.abc import Iterator

from soke.model.accounts.explain import TOTALS, plain_title
from soke.model.accounts.regional import line_specs
from soke.report.charts.bars import Bar, bars
from soke.report.markup import Child, Element, el
from soke.report.shell import panel
from soke.report.tables.findings import codes
from soke.report.tables.parameters import dated, effects
from soke.report.tables.scoreboard import tally
from soke.site.areas import by_name
from soke.site.check import findings as check_findings
from soke.site.check import parameters as check_parameters
from soke.site.check import scoreboard as check_scoreboard
from soke.site.check.findings import FINDINGS
from soke.site.check.parameters import PARAMETERS, SOURCES
from soke.site.check.parts import STYLE, block, ways
from soke.site.check.scoreboard import SCOREBOARD, finding
from soke.site.contents import Page, Site
from soke.site.frame import CHECK, CONTEST, DATA, REGISTERS, WORDS, link, site_page
from soke.site.handbook import HANDBOOK
from soke.site.words import term
from soke.text import capital, counted

EXAMPLE = "Greater Manchester"
VERIFY = "python3 verify.py log.jsonl --checkpoint checkpoint --key key.pub --hashes hashes.txt"


def pages(site: Site) -> Iterator[Page]:
    """The way in, how to contest a figure, and all below."""
    yield Page(CHECK, _check)
    yield Page(CONTEST, _contest)
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


# --- contest ---


def _contest(site: Site) -> str:
    return site_page(
        site, CONTEST, "Contest a figure", el("h1", "Think a number is wrong? Send us three things"),
        el("p", "Our sum, your figure, and where yours is published. You get an answer in public.", class_="lead"),
        el("div", _three(), _whom(), class_="two"), _answer(), _lines(),
        trail=(("Check it", CHECK),), style=STYLE,
    )  # fmt: skip


def _three() -> Element:
    place = by_name().get(EXAMPLE)
    steps: list[Child] = [
        el("li", el("b", "The sum. "), "Follow the dotted line under the number. That page has the sum, and the "
           "command that prints it. Send either."),
        el("li", el("b", "Your figure. "), "Say what it should be, for which place and year, in cash or real prices."),
        el("li", el("b", "Your source. "), "Name the table or the page, and its publisher. A link is best."),
    ]  # fmt: skip
    shown = link(CONTEST, f"Try it: {EXAMPLE}", place.path) if place else None
    return panel("send", "What to send", el("ol", *steps, class_="steps"), el("p", "Such as:"),
                 el("pre", command(EXAMPLE, "Income Tax")), el("p", shown))  # fmt: skip


def _whom() -> Element:
    rows: list[tuple[str, Child]] = [
        ("A published figure is wrong", el("span", "Write to its publisher. ", link(CONTEST, "Each source", SOURCES),
                                           " leads there.")),
        ("Our sum or rule is wrong", "Write to the people who keep Soke: open an issue where its code is public."),
        ("A deal or a register is wrong", "Write to the body that published it. It must enter a correction."),
        ("This page is wrong", "Write to the council or group that put up this site."),
    ]  # fmt: skip
    items = (part for what, whom in rows for part in (el("dt", what), el("dd", whom)))
    return panel("whom", "Who to send it to", el("dl", *items, class_="words"))


def _answer() -> Element:
    return block(
        "answer", "How you get an answer",
        el("p", "If you are right, the figure is changed. The list of changes says what it was, what it is, and why."),
        el("p", "If we cannot reproduce your figure, it goes on the ", link(CONTEST, "scoreboard", SCOREBOARD),
           " with the gap and the reason."),
        el("p", "If both figures are right but count different things, the page will say so."),
    )  # fmt: skip


def _lines() -> Element:
    """Every line and total of an account, with the command that prints its sum."""
    titles = (*(capital(total) for total in TOTALS), *(plain_title(spec.title) for spec in line_specs()))
    items = (el("li", el("span", title), el("code", command(EXAMPLE, title))) for title in titles)
    return block(
        "lines", f"The {counted(len(titles), 'sum')} of an account",
        el("p", f"Each place has these. The commands are for {EXAMPLE}: put another name in its place. "
                "Each place’s page of sums has its own."),
        el("details", el("summary", "Every line, with its command"), el("ul", *items, class_="commands")),
    )  # fmt: skip


def command(place: str, line: str) -> str:
    """The command that prints the sum of a line of a place's account."""
    return f'soke place "{place}" --explain "{line}"'
