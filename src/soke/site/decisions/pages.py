"""What communities decided: the list, newest first, and a page of each with the files by which it is checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from soke.report import answers_page, split_page
from soke.report.markup import Child, Element, el
from soke.report.shell import section
from soke.site.contents import Page, Site
from soke.site.decided import Decided, Kind
from soke.site.decisions import asset as decision_asset
from soke.site.decisions import budget as decision_budget
from soke.site.decisions import panel as decision_panel
from soke.site.decisions import round as decision_round
from soke.site.decisions import split as decision_split
from soke.site.decisions.parts import faults, notice, tag, twins
from soke.site.frame import DECISIONS, link, site_page
from soke.text import clean, counted
from soke.text import day as in_words

KINDS: dict[Kind, str] = {
    "budget": "A budget that residents decided", "round": "A vote without its count",
    "panel": "A panel, and the answers to it", "split": "A fund, shared over neighbourhoods",
    "asset": "A building or land for the community", "delivery": "A service that a community delivers",
}  # fmt: skip
MAINS: dict[Kind, Callable[[Decided, Any], list[Child]]] = {
    "budget": decision_budget.main, "round": decision_round.main, "panel": decision_panel.main,
    "split": decision_split.main, "asset": decision_asset.asset_main, "delivery": decision_asset.delivery_main,
}  # fmt: skip
OWN_STYLE = {"panel": answers_page.STYLE, "split": split_page.STYLE}
COULD = (
    "who won a neighbourhood budget, and why not each of the others",
    "what a panel asked for, and who is late with an answer",
    "a hall or a field on its way to a community, and who has to do what by when",
    "how a fund was shared over neighbourhoods, with a map",
)
HANDBOOK = ("handbook", "handbook/voting.html")  # where the handbook stands on the site, and its page of votes


def pages(site: Site) -> Iterator[Page]:
    """The list, each decision, and its files."""
    stamps = tuple((one.stamp, one.path, one.twins, one.area) for one in site.decisions)
    yield Page(DECISIONS, _index, (stamps, site.unseen, site.asked.communities is None, _handbook(site)))
    for one in site.decisions:
        yield Page(one.path, partial(_page, one=one), (one.stamp, one.twins, one.area, site.asked.today.isoformat()))
        for name, content in one.files.items():
            yield Page(one.file(name), partial(_file, content=content), (one.stamp,))


def _file(site: Site, content: bytes) -> bytes:
    return content


# --- the list ---


def _index(site: Site) -> str:
    every = site.decisions
    if not every:
        return clean(site_page(site, DECISIONS, "Decisions", *_nothing(site), style="decisions.css"))
    broken = sum(bool(one.faults) for one in every)
    lead = "Newest first. Each page says how it can be checked."
    if broken:
        said = "1 record does not fit together" if broken == 1 else f"{broken} records do not fit together"
        lead += f" {said}: no result of it is shown." if broken == 1 else f" {said}: no result of them is shown."
    heading = _heading(len(every) - broken, sum(one.late for one in every))
    return clean(site_page(
        site, DECISIONS, "Decisions", el("h1", heading), el("p", lead, class_="lead"),
        el("ol", *(_line(one) for one in every), class_="decided"), *_unseen(site), style="decisions.css",
    ))  # fmt: skip


def _heading(there: int, late: int) -> str:
    """How many can be shown, and in how many of them something is late."""
    if not there:
        return "No decision that was handed in can be shown"
    if not late:
        return f"{counted(there, 'decision')} of communities, and what was done about {'it' if there == 1 else 'them'}"
    if there == 1:
        return "In the one decision of a community something is late"
    return f"In {late} of {there} decisions of communities something is late"


def _line(one: Decided) -> Element:
    day = in_words(one.day) if one.day else "no day on record"
    about = el("small", f"{KINDS[one.kind]}, {day}")
    wrong = "✗ not shown as fact" if one.faults else "✗ late" if one.late else ""
    mark = el("b", wrong, class_="bad whole") if wrong else None
    return el("li", about, link(DECISIONS, f"{one.finding}.", one.path), " ", tag(one), " ", mark)


def _unseen(site: Site) -> list[Child]:
    """What was handed in and has no page: where, and why."""
    if not site.unseen:
        return []
    items = (el("li", el("code", one.where), f": {one.why}") for one in site.unseen)
    return [section("unseen", "Handed in, and not shown", [el("ul", *items)])]


def _nothing(site: Site) -> list[Child]:
    asked = site.asked.communities is not None
    why = "The folder that was named holds none." if asked else "Whoever built this site gave it none."
    why = "Nothing in the folder that was named could be shown." if site.unseen else why
    page = _handbook(site)
    more = el("p", link(DECISIONS, "How a vote is run, counted and checked, with an example", page)) if page else el(
        "p", "How a vote is run, counted and checked stands in the handbook of Soke, with an example: ",
        el("code", "examples/neighbourhood-budget"), ".")  # fmt: skip
    return [
        el("h1", "No decision of a community was given to this site"),
        el("p", f"{why} That does not mean that none was made.", class_="lead"), *_unseen(site),
        el("h2", "What could stand here"), el("ul", *(el("li", words) for words in COULD)), more,
    ]  # fmt: skip


def _handbook(site: Site) -> str:
    """The handbook's page of votes on this site; "" where no handbook is copied beside."""
    folder = site.asked.handbook
    return "/".join(HANDBOOK) if folder and (folder / HANDBOOK[1]).is_file() else ""


# --- a decision ---


def _page(site: Site, one: Decided) -> str:
    heading: list[Child] = [el("h1", one.finding), twins(one), _place(site, one)]
    main = faults(one) if one.faults else MAINS[one.kind](one, one.body)
    return clean(site_page(
        site, one.path, one.name, *heading, *main, trail=(("Decisions", DECISIONS),), notice=notice(one),
        style="decisions.css", css=OWN_STYLE.get(one.kind, ""),
    ))  # fmt: skip


def _place(site: Site, one: Decided) -> Child:
    area = next((area for area in site.areas if area.path == one.area), None) if one.area else None
    return el("p", "In ", link(one.path, area.name, area.path), ".", class_="run") if area else None
