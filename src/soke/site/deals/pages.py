"""The part of the deals: a list of all, and of each its page, its small print, what it makes of the standing offer, its
file by line, its report; and each two side by side."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from soke import text
from soke.report.deal_money import price_year
from soke.report.markup import Child, Element, el
from soke.report.run.held import REPORT
from soke.report.run.record import RUN
from soke.site.contents import Page, Site
from soke.site.deal_given import GivenDeal, State
from soke.site.deals.beside import OFFER, pair_page, standing_offer_page, taken_up_page
from soke.site.deals.file import file_page
from soke.site.deals.page import deal_page, registers_of
from soke.site.deals.refused import refused_page
from soke.site.deals.terms import small_print_page
from soke.site.frame import DEALS, LEDGER, link, site_page
from soke.site.words import term

SIGNS: dict[State, tuple[str, str]] = {
    "sound": ("✓", "ok"), "warnings": ("!", "wait"), "errors": ("✗", "bad"), "unread": ("✗", "bad"),
    "twice": ("✗", "bad"),
}  # fmt: skip
HANDBOOK = "handbook/index.html"  # copied beside the site, or a page that says how
DECIDES, NEW = "Decides on, a year", "Of it new"


def pages(site: Site) -> Iterator[Page]:
    """The list, the standing offer, and the pages of every deal and of every two."""
    given = site.deals.given
    yield Page(DEALS, _index, tuple((one.slug, one.stamp) for one in given))
    yield Page(OFFER, standing_offer_page)
    for one in given:
        yield from _of(site, one)
    for first, second in site.deals.pairs:
        write = partial(pair_page, first=first.slug, second=second.slug)
        names = site.deals.label(first), site.deals.label(second)
        yield Page(site.deals.pair_path(first, second), write, (first.stamp, second.stamp, names))


def _of(site: Site, one: GivenDeal) -> Iterator[Page]:
    pairs = tuple((a.slug, b.slug, site.deals.label(a), site.deals.label(b)) for a, b in site.deals.pairs
                  if one in (a, b))  # fmt: skip
    needs = (one.stamp, site.deals.label(one))
    if one.text and not one.twins:
        yield Page(one.beside("file.html"), partial(file_page, slug=one.slug), needs)
    if one.good is None:
        yield Page(one.path, partial(refused_page, slug=one.slug), needs)
        return
    yield Page(one.path, partial(deal_page, slug=one.slug), (*needs, pairs, registers_of(site, one)))
    yield Page(one.beside("small-print.html"), partial(small_print_page, slug=one.slug), needs)
    yield Page(one.beside("offer.html"), partial(taken_up_page, slug=one.slug), needs)
    if one.run is not None:  # its report links the tables beside it
        for name in sorted({REPORT, RUN, *one.run.files}):
            yield Page(one.beside(name), partial(_copy, slug=one.slug, name=name), (one.run.files[name],))


def _copy(site: Site, slug: str, name: str) -> bytes:
    run = site.deals.of(slug).run
    assert run is not None
    return run.content(name)


# --- the list ---


def _index(site: Site) -> str:
    given = site.deals.given
    if not given:
        return site_page(site, DEALS, "Deals", *_none_given())
    main: list[Child] = [el("h1", _heading(given)), _a_deal(), _list(site), _pairs(site), _offer()]
    return site_page(site, DEALS, "Deals", *main, style="deals.css")


def _a_deal() -> Element:
    return el("p", "A ", term("deal", "deal"), " is a short file that says what the government hands to one place:"
              " powers and money, and on which terms. Soke checks each file. It says what ",
              term("only changes hands", "moved-money"), ", and what is ", term("new", "new-money"), ".",
              class_="lead")  # fmt: skip


def _none_given() -> list[Child]:
    return [
        el("h1", "No deal was given to this site"),
        _a_deal(),
        el("p", "Whoever builds this site names a folder of such files. None was named, or none is in it. That says"
           " nothing of which deals there are."),
        el("p", link(DEALS, "What any place can take up: the standing offer", OFFER), " · ",
           link(DEALS, "Who has which powers in England", LEDGER)),
        el("p", link(DEALS, "The handbook", HANDBOOK), " says how to write a deal. A first one for a place: ",
           el("code", "soke new PLACE --out deal.toml"), "."),
    ]  # fmt: skip


def _heading(given: tuple[GivenDeal, ...]) -> str:
    good = [one for one in given if one.good]
    count = text.counted(len(given), "deal file")
    if len(good) < len(given):
        bad = len(given) - len(good)
        return f"{count}: {bad} of them cannot stand as {'it is' if bad == 1 else 'they are'}"
    found = [one.money for one in good if one.money]
    decided = sum(each.decided for each in found)
    if len(good) == 1 or not decided or len(found) < len(good) or _overlap(good):
        return f"{text.counted(len(given), 'deal')}, {'and it stands' if len(given) == 1 else 'and all of them stand'}"
    new = text.money(sum(each.new for each in found))
    return f"{text.counted(len(given), 'deal')} for {text.money(decided)} a year. {new} of it is new money."


def _overlap(good: list[GivenDeal]) -> bool:
    """Whether a council is in two of them, such as in two drafts of one deal: then their sums must not be added."""
    members = [code for one in good if one.deal for code in one.deal.members]
    return len(members) > len(set(members))


def _list(site: Site) -> Element:
    heads = (("Deal", None), ("Place", None), (DECIDES, "n"), (NEW, "n"), ("The check", None))
    head = el("tr", *(el("th", words, scope="col", class_=kind) for words, kind in heads))
    rows = (el("tr", *_row(one)) for one in site.deals.given)
    caption = el("caption", "Every deal, and what the check says of it", id="all-deals")
    note = f"Money of the first year, as each file has it, at prices of {price_year()}. A grade stands at each fund."
    return el(
        "div",
        el("div", el("table", caption, el("thead", head), el("tbody", *rows)), class_="scroll stack", tabindex="0",
           role="region", aria_labelledby="all-deals"),
        el("p", text.whole_years(note), class_="note"), class_="table deals",
    )  # fmt: skip


def _row(one: GivenDeal) -> Iterator[Element]:
    sign, kind = SIGNS[one.state]
    yield el("th", link(DEALS, one.title, one.path), scope="row")
    yield el("td", link(DEALS, one.area.name, one.area.path) if one.area and not one.twins else "not known to us",
             data_name="Place")  # fmt: skip
    money = one.money
    for title, value in ((DECIDES, money.decided if money else None), (NEW, money.new if money else None)):
        said: Child = "not shown" if value is None else link(DEALS, text.money(value), f"{one.path}#money")
        yield el("td", said, class_="n none" if value is None else "n", data_name=title)
    yield el("td", el("span", f"{sign} ", aria_hidden="true"), _state(one), class_=f"state {kind}")


def _state(one: GivenDeal) -> str:
    """What the check says of a deal, in a sentence without its end."""
    checked = one.checked
    if one.state == "twice":
        return f"Refused: {one.refused}".rstrip(".")
    if one.state == "unread" or checked is None:
        return f"Cannot be read: {one.refused}".rstrip(".")
    if one.state == "errors":
        return f"Broken: {text.counted(len(checked.errors), 'error')}"
    if one.state == "warnings":
        return f"No error, {text.counted(len(checked.warnings), 'warning')}"
    return "Nothing wrong found"


def _pairs(site: Site) -> Child:
    pairs, label = site.deals.pairs, site.deals.label
    if not pairs:
        return None
    items = (
        el("li", link(DEALS, f"{label(first)} beside {label(second)}", site.deals.pair_path(first, second)))
        for first, second in pairs
    )
    left = site.deals.unpaired
    more = el("p", f"{left:,} more pairs have no page here. Ask: ", el("code", "soke diff FIRST SECOND"), ".")
    return el("section", el("h2", "Two deals side by side", id="pairs"), el("ul", *items, class_="links"),
              more if left else None, class_="block", aria_labelledby="pairs")  # fmt: skip


def _offer() -> Element:
    return el(
        "section", el("h2", "What any place can take up", id="offer"),
        el("p", "There is no bidding. The same powers and terms are open to all places of a kind. ",
           link(DEALS, "The standing offer", OFFER), " lists them. ",
           link(DEALS, "Who has which powers in England", LEDGER), " says who holds them today. ",
           link(DEALS, "The handbook", HANDBOOK), " says how to write a deal."),
        class_="block", aria_labelledby="offer",
    )  # fmt: skip
