"""The public page of a register of several deals, or of none; and of a deal that cannot be told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from soke.register.history import Told
from soke.register.published import Untold
from soke.register.scorecard import Scorecard
from soke.report.markup import Child, Element, el
from soke.report.register_parts import Body, Vouched, crumb, how_to_check, newest, plain, sign, verified, whole
from soke.report.register_words import Trouble, finding, number
from soke.text import counted, listed
from soke.text import day as in_words

MARKS: dict[Trouble | str, tuple[str, str, str]] = {  # sign, word, colour; in the order of the page
    "untold": ("✗", "Breaks a rule", "bad"), "emergency": ("✗", "Held back", "bad"),
    "recalled": ("✗", "Taken back", "bad"), "missed": ("✗", "Missed", "bad"), "late": ("✗", "Government late", "bad"),
    "overdue": ("✗", "Late", "bad"),
    "suspended": ("◌", "Suspended", "wait"), "not-in-force": ("◌", "Not in force", "wait"),
    "none": ("✓", "On course", "ok"), "ended": ("◌", "Ended", "wait"),
}  # fmt: skip
SAID: dict[str, tuple[str, str]] = {  # of one deal, and of several
    "untold": ("breaks a rule", "break a rule"), "emergency": ("is held back", "are held back"),
    "recalled": ("is taken back in part", "are taken back in part"),
    "missed": ("has missed a promise", "have missed a promise"),
    "late": ("waits for the government", "wait for the government"),
    "overdue": ("is late with something", "are late with something"), "suspended": ("is suspended", "are suspended"),
    "not-in-force": ("is not in force yet", "are not in force yet"), "none": ("is on course", "are on course"),
    "ended": ("has ended", "have ended"),
}  # fmt: skip


def deals_page(cards: Sequence[tuple[str, Scorecard | Untold]], vouched: Vouched, told: Sequence[Told]) -> bytes:
    """The deals of a register, each with the address of its page; those first in which something is wrong."""
    return whole(deals_body(cards, vouched, told), vouched)


def deals_body(cards: Sequence[tuple[str, Scorecard | Untold]], vouched: Vouched, told: Sequence[Told]) -> Body:
    rows = sorted((_row(address, card) for address, card in cards), key=lambda row: list(MARKS).index(row[0]))
    troubles = [trouble for trouble, _ in rows]
    lead = el("p", _by_trouble(troubles), class_="lead")
    deals = el("ul", *(row for _, row in rows), class_="prom deals")
    return _body(_heading(troubles), vouched, told, deals, "The deals", lead=lead)


def _heading(troubles: Sequence[str]) -> str:
    """How many of the deals have something wrong, on either side."""
    wrong = sum(MARKS[trouble][2] == "bad" for trouble in troubles)
    if not wrong:
        return f"Of {number(len(troubles))} deals none has anything late or missed"
    return f"In {number(wrong)} of {number(len(troubles))} deals something is late, missed or taken back"


def _by_trouble(troubles: Sequence[str]) -> str:
    count = Counter(troubles)
    said = [f"{number(many)} {SAID[name][many > 1]}" for name in MARKS if (many := count[name])]
    return f"{listed(said)}.".capitalize()


def _row(address: str, card: Scorecard | Untold) -> tuple[str, Element]:
    trouble, title, said = in_short(card)
    name = el("a", plain(title), href=address)
    return trouble, el("li", sign(*MARKS[trouble]), el("span", name, el("small", plain(said))))


def in_short(card: Scorecard | Untold) -> tuple[str, str, str]:
    """The first thing that is wrong with a deal, as a key of :data:`MARKS`; its title; and how it stands."""
    if isinstance(card, Untold):
        return "untold", card.deal, card.why
    found = finding(card)
    return found.trouble, card.title, f"{found.heading}. As of {in_words(card.day)}."


def empty_page(vouched: Vouched, told: Sequence[Told]) -> bytes:
    """The page of a register that is open, and holds no deal."""
    return whole(empty_body(vouched, told), vouched)


def empty_body(vouched: Vouched, told: Sequence[Told]) -> Body:
    said = el("p", "Once a deal is laid open, this page says who decides, with whose money, and what was promised.")
    return _body("No deal is in this register yet", vouched, told, said, "What will stand here")


def untold_page(untold: Untold, vouched: Vouched, told: Sequence[Told], *, alone: bool) -> bytes:
    """The page of a deal whose entries break a rule: they are all there, and what they add up to cannot be said."""
    above = None if alone else crumb(el("a", "All deals of this register", href=vouched.addresses.status))
    return whole(untold_body(untold, vouched, told, above), vouched)


def untold_body(untold: Untold, vouched: Vouched, told: Sequence[Told], above: Child = None) -> Body:
    said = el("p", plain(untold.why))
    heading = f"How the deal {untold.deal} stands cannot be told: an entry breaks a rule"
    return _body(heading, vouched, told, said, "What is wrong", above)


def _body(
    heading: str,
    vouched: Vouched,
    told: Sequence[Told],
    what: Child,
    title: str,
    above: Child = None,
    lead: Child = None,
) -> Body:
    name = f"Register {plain(vouched.register)}, {counted(vouched.entries, 'entry', 'entries')}."
    return Body(plain(heading), ("Skip to the main part", "what"), (
        el("div", above, el("h1", plain(heading)), lead, verified(vouched), el("p", name, class_="run"),
           el("section", el("h2", title, id="what"), what, class_="panel", aria_labelledby="what"), class_="first"),
        el("div", el("div",
           el("section", el("h2", "Check it yourself, offline", id="check"), *how_to_check(vouched),
              aria_labelledby="check"),
           el("section", el("h2", "Newest entries", id="newest"), *newest(told, vouched), aria_labelledby="newest"),
           class_="half parts")),
    ))  # fmt: skip
