"""Contest a figure: what to send to whom, and the command that shows the sum of any line of any place."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

from soke.model.accounts.explain import TOTALS, plain_title
from soke.model.accounts.regional import line_specs
from soke.report.markup import Child, Element, el
from soke.report.shell import panel
from soke.report.tables.figures import makers
from soke.report.tables.place import anchor
from soke.site.areas import GROUPS, Area, by_name
from soke.site.check.parameters import SOURCES
from soke.site.check.parts import STYLE, block
from soke.site.check.scoreboard import SCOREBOARD
from soke.site.contact import write_to
from soke.site.contents import Page, Site
from soke.site.frame import CHECK, CONTEST, link, site_page
from soke.site.links import relative
from soke.text import capital, counted

EXAMPLE = "Greater Manchester"
LINE = "Income Tax"


def pages(site: Site) -> Iterator[Page]:
    """The one page."""
    yield Page(CONTEST, _contest)


def _contest(site: Site) -> str:
    script = files("soke.site.check").joinpath("contest.js").read_text(encoding="utf-8")
    return site_page(
        site, CONTEST, "Contest a figure", el("h1", "Think a number is wrong? Send us three things"),
        el("p", "Our sum, your figure, and where yours is published. You get an answer in public.", class_="lead"),
        el("div", _three(), _whom(site.asked.contact), class_="two"), _make(site), _answer(),
        trail=(("Check it", CHECK),), style=STYLE, script=script,
    )  # fmt: skip


def _three() -> Element:
    steps: list[Child] = [
        el("li", el("b", "The sum. "), "Follow the dotted line under the number. Send that address, or the command ",
           el("a", "below", href="#sum"), " that prints it."),
        el("li", el("b", "Your figure. "), "Say what it should be, for which place and year, in cash or real prices."),
        el("li", el("b", "Your source. "), "Name the table or the page, and its publisher. A link is best."),
    ]  # fmt: skip
    return panel("send", "What to send", el("ol", *steps, class_="steps"))


def _whom(contact: str) -> Element:
    here: list[Child] = ["Write to the council or group that put up this site", *(
        [": ", write_to(contact), "."] if contact else [". They gave no address for this page."])]  # fmt: skip
    rows: list[tuple[str, Child]] = [
        ("You are not sure whose it is, or this page is wrong", el("span", *here)),
        ("A published figure is wrong", el("span", "Write to its publisher. ", link(CONTEST, "Each source", SOURCES),
                                           " leads there.")),
        ("Our sum or rule is wrong", "Write to the people who keep Soke: open an issue where its code is public."),
        ("A deal or a register is wrong", "Write to the body that published it. It must enter a correction."),
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


# --- the command ---


def _make(site: Site) -> Element:
    """With a script, two lists that make the command; without, the command to copy, and the words to put in."""
    places = [area for area in site.areas if area.has_account]
    example = by_name()[EXAMPLE]
    lists = el(
        "div", el("p", el("label", "Place", for_="place"), _places(places, example)),
        el("p", el("label", "Number", for_="line"), _lines()), id="make", hidden="", class_="make",
    )  # fmt: skip
    sums = example.beside("sums")
    return block(
        "sum", "The command that shows the sum", lists,
        el("pre", command(EXAMPLE, LINE), id="command", aria_live="polite"),
        el("p", "The same sum as a page: ", el("a", EXAMPLE, href=relative(CONTEST, f"{sums}#{anchor('income-tax')}"),
                                               id="sums"), "."),
        el("p", "The command asks for a place and one of ", f"{counted(len(numbers()), 'number')}. ",
           "Put any of these in it.", id="by-hand"),
        el("details", el("summary", "Every number that has a sum"),
           el("ul", *(el("li", el("code", title)) for title in numbers().values()), class_="commands")),
    )  # fmt: skip


def _places(places: list[Area], chosen: Area) -> Element:
    """A name that two places have is asked for by its code."""
    groups = (
        el("optgroup", *(el("option", area.called, value=area.slug, selected="" if area == chosen else None,
                            data_asked=area.asked if area.called != area.name or not area.code else None)
                         for area in places if area.rank == rank), label=title)
        for rank, title in GROUPS if any(area.rank == rank for area in places)
    )  # fmt: skip
    return el("select", *groups, id="place")


def _lines() -> Element:
    options = (el("option", title, value=anchor(id_), selected="" if title == LINE else None)
               for id_, title in numbers().items())  # fmt: skip
    return el("select", *options, id="line")


def numbers() -> dict[str, str]:
    """Every total and line of an account by its id, and every other figure of a place, as a command asks for it."""
    lines = {spec.id: plain_title(spec.title) for spec in line_specs()}
    return {total: capital(total) for total in TOTALS} | lines | {title: title for title in makers()}


def command(place: str, line: str) -> str:
    """The command that prints the sum of a line of a place's account."""
    return f'soke place "{place}" --explain "{line}"'
