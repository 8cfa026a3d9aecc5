"""The pages of what both sides of a deal promised, every promise, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from soke.register.published import Published, Untold
from soke.register.scorecard import Scorecard
from soke.report.markup import Child, Element, el
from soke.report.register_parts import Vouched, entry_link, plain, sign, verified
from soke.report.register_rows import BAD, KEPT, Mark, Row, government_rows, many, place_rows
from soke.report.register_status import MARKS, promise_row
from soke.report.register_words import NUMBERS, number
from soke.report.shell import panel
from soke.site.contents import Page, Site
from soke.site.registers.shared import (
    CHECK,
    PROMISES,
    card_title,
    page_in,
    path_of,
    promises_of,
    published,
    stamp,
    vouched_of,
)
from soke.text import day as in_words

MOST = 2_000  # promises of a side on a page
SHOWN_BY = {"power": "power.conferred", "fund": "fund.paid", "answer": "answer.given"}  # of many: a kind of entry
MEANS: dict[Mark, str] = {
    "missed": "What was agreed was not reached, and that was found.",
    "broken": "It was not done, and somebody who may judge said so.",
    "late": "The day has passed, and it is not done.",
    "near": "It was almost reached. The deal says how near counts as near.",
    "kept": "It was done as agreed.",
    "kept-late": "It was done after the day that was agreed.",
    "awaited": "Its day is still to come.",
    "no-day": "The deal names no day. So nobody can say that it is late. Ask for a day.",
    "nothing": "Nothing had to be done yet.",
    "excused": "It was not reached, and that was excused.",
    "waived": "The other side is in breach, so this waits.",
    "not-yet": "The deal is not in force yet.",
}


def pages(site: Site, slug: str, register: Published) -> Iterator[Page]:
    """One for each deal; of several also their list."""
    needs = (*stamp(site, slug), site.asked.today)
    if len(register.cards) != 1:
        yield Page(path_of(slug, PROMISES), partial(_of_all, slug=slug), needs)
    for deal in register.cards:
        page = promises_of(register, deal)
        yield Page(path_of(slug, page), partial(_of_deal, slug=slug, deal=deal, page=page), needs)


def _of_deal(site: Site, slug: str, deal: str, page: str) -> str:
    register = published(site, slug)
    card, vouched = register.cards[deal], vouched_of(register, deal)
    title = "Promises of both sides"
    if isinstance(card, Untold):
        parts: list[Child] = [el("h1", "What came of the promises cannot be told: an entry breaks a rule"),
                              el("p", plain(card.why), class_="lead", id="place")]  # fmt: skip
        return page_in(site, slug, page, title, *parts, vouched=vouched, skip=("Skip to why", "place"), deal=deal)
    place, government = place_rows(card), government_rows(card)
    shown_by = partial(_shown_by, numbers=register.numbers[deal], vouched=vouched)
    return page_in(
        site, slug, page, title,
        el("div", el("h1", _heading(place, government)), _lead(card), verified(vouched, to=CHECK), class_="first"),
        el("div", _side("place", "Promises the place made", place, "The deal asks nothing of the place.", shown_by),
           _side("government", "Promises the government made", government,
                 "The register holds no promise of the government yet.", shown_by), class_="pair"),
        _words([*place, *government]), vouched=vouched, skip=("Skip to the promises", "place"), deal=deal,
    )  # fmt: skip


def _heading(place: Sequence[Row], government: Sequence[Row]) -> str:
    """How many promises each side has kept: both in figures, where one of the two is."""
    if not many(place) and not many(government):
        return "Neither side has promised anything yet"
    words = number if max(many(place), many(government)) < len(NUMBERS) else "{:,}".format
    return f"The place {_kept(place, words, ' promises')}; the government {_kept(government, words)}"


def _kept(rows: Sequence[Row], words: Callable[[int], str], what: str = "") -> str:
    kept, total = many(rows, KEPT), many(rows)
    if not total:
        return "has promised nothing yet"
    if total == 1:
        return "has kept its one promise" if kept else "has not kept its one promise yet"
    return f"has kept {words(kept) if kept else 'none'} of {words(total)}{what}{'' if kept else ' yet'}"


def _lead(card: Scorecard) -> Element:
    title = plain(card.title).rstrip(".")
    return el("p", f"{title}. As of {in_words(card.day)}. What went wrong stands first.", class_="lead")


def _shown_by(row: Row, numbers: Mapping[str, Sequence[int]], vouched: Vouched) -> Child:
    """The newest entries about a promise; of many of one kind, those that delivered them."""
    kind = SHOWN_BY.get(row.about, "") if row.mark in KEPT or row.about != "power" else ""
    found = numbers.get(row.about) or numbers.get(kind, ())
    links = [part for number in reversed(found) for part in (", ", entry_link(number, vouched))][1:]
    return el("small", "In the register, the newest: ", *links, ".") if links else None


def _side(id_: str, title: str, rows: Sequence[Row], nothing: str, shown_by: Callable[[Row], Child]) -> Element:
    count: Counter[Mark] = Counter()
    for row in rows:
        count[row.mark] += row.many
    said = " · ".join(f"{MARKS[mark][1]} {count[mark]:,}" for mark in MARKS if count[mark])
    inside: list[Child] = [el("p", said or nothing, class_="run")]
    if rows:
        inside.append(el("ul", *(promise_row(row, shown_by(row)) for row in rows[:MOST]), class_="prom"))
    if len(rows) > MOST:
        inside.append(el("p", f"And {len(rows) - MOST:,} more, which soke register status lists.", class_="small"))
    return panel(id_, title, *inside)


def _words(rows: Sequence[Row]) -> Element | None:
    """What each word means that stands on the page."""
    there = {row.mark for row in rows}
    items = [el("li", sign(*MARKS[mark]), el("span", MEANS[mark])) for mark in MARKS if mark in there]
    if not items:
        return None
    return el("section", el("h2", "What the words mean", id="words"), el("ul", *items, class_="prom"),
              class_="block", aria_labelledby="words")  # fmt: skip


# --- of several deals ---


def _of_all(site: Site, slug: str) -> str:
    register = published(site, slug)
    vouched = vouched_of(register)
    rows = sorted((_row(register, deal) for deal in register.cards), key=lambda row: row[0] == 0)
    listed = el("ul", *(row for _, row in rows), class_="prom deals") if rows else el("p", "No deal is in it yet.")
    return page_in(
        site, slug, PROMISES, "Promises of both sides",
        el("div", el("h1", _of_how_many([wrong for wrong, _ in rows])), verified(vouched, to=CHECK), class_="first"),
        panel("deals", "The deals", listed), vouched=vouched, skip=("Skip to the deals", "deals"),
    )  # fmt: skip


def _row(register: Published, deal: str) -> tuple[int, Element]:
    """How many promises of a deal are missed, broken or late; and its line."""
    card = register.cards[deal]
    name = el("a", card_title(register, deal), href=promises_of(register, deal))
    if isinstance(card, Untold):
        return 1, el("li", sign("✗", "Breaks a rule", "bad"), el("span", name, el("small", plain(card.why))))
    place, government = place_rows(card), government_rows(card)
    wrong = many(place, BAD) + many(government, BAD)
    mark = sign("✗", f"{wrong:,} not kept", "bad") if wrong else sign("✓", "None missed", "ok")
    return wrong, el("li", mark, el("span", name, el("small", f"{_heading(place, government)}.")))


def _of_how_many(wrong: Sequence[int]) -> str:
    some = sum(map(bool, wrong))
    if not wrong:
        return "Nothing is promised yet"
    if not some:
        return f"In {number(len(wrong))} deals no promise is missed, broken or late"
    if some == len(wrong):
        return f"In all {number(some)} deals a promise is missed, broken or late"
    return f"In {number(some)} of {number(len(wrong))} deals a promise is missed, broken or late"
