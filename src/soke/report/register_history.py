"""The public page of the entries of a register: one plain sentence each, the newest first, each with an address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from soke.register.history import Told, put_right
from soke.register.kinds import REGISTER
from soke.register.publication import LOG
from soke.report.markup import Child, Element, el
from soke.report.register_parts import (
    HISTORY,
    Body,
    Vouched,
    crumb,
    entry_link,
    how_to_check,
    plain,
    verified,
    whole,
)
from soke.report.shell import section
from soke.text import counted
from soke.text import day as in_words

MOST = 1_000  # entries on the page
Named = Mapping[int, Sequence[int]]  # an entry -> numbers of other entries


def history_page(told: Sequence[Told], vouched: Vouched) -> bytes:
    """The page of the last entries, ``told`` in their order; of a longer register it says how to get the others."""
    sections = by_month(told, put_right(told), vouched, HISTORY, many_deals=of_many_deals(told))
    entries = counted(vouched.entries, "entry", "entries")
    body = Body(f"{plain(vouched.register)}: {entries}", ("Skip to the newest entries", "entries"), (
        el("div",
           crumb(el("a", "How the deal stands", href=vouched.addresses.status)),
           el("h1", f"Everything that was recorded: {entries}"),
           el("p", "The newest first. Nothing is ever edited or deleted. What was wrong is put right by a further "
                   "entry, and both stay.", class_="lead"),
           verified(vouched), *_left_out(told, vouched), class_="first", id="entries"),
        *(sections or [el("section", el("p", "Nothing is recorded yet."), class_="below")]),
        section("check", "Check it yourself, offline", how_to_check(vouched)),
    ))  # fmt: skip
    return whole(body, vouched)


def of_many_deals(told: Sequence[Told]) -> bool:
    return len({one.deal for one in told} - {REGISTER}) > 1


def by_month(told: Sequence[Told], later: Named, vouched: Vouched, own: str, *, many_deals: bool) -> list[Element]:
    """Entries, given in their order, the newest first under their months. ``later``: by the number of an entry those
    that correct it; ``own``: the page on which they stand, as links name it."""
    months = groupby(reversed(told), key=lambda one: (one.at.year, one.at.month))
    return [_month(list(inside), later, vouched, own, many_deals=many_deals) for _, inside in months]


def _left_out(told: Sequence[Told], vouched: Vouched) -> Iterator[Child]:
    if len(told) < vouched.entries:
        yield el(
            "p", f"Here are the newest {len(told):,}. All {vouched.entries:,} are in ", el("a", LOG, href=LOG),
            ", one a line. The command soke register history tells them in words.",
        )  # fmt: skip


def _month(told: Sequence[Told], later: Named, vouched: Vouched, own: str, *, many_deals: bool) -> Element:
    at = told[0].at
    items = (_entry(one, later.get(one.number, ()), vouched, own, many_deals=many_deals) for one in told)
    return section(f"m{at:%Y-%m}-{told[0].number}", f"{at:%B} {at.year}", [el("ul", *items, class_="entries")])


def _entry(one: Told, later: Sequence[int], vouched: Vouched, own: str, *, many_deals: bool) -> Element:
    who = f"{one.person}, registrar" if one.role == "registrar" else one.person
    deal = f"{one.deal} · " if many_deals and one.deal != REGISTER else ""
    links: list[Child] = []
    if one.puts_right:
        links += [" · puts right ", *_links(one.puts_right, vouched, own)]
    if later:
        links += [" · put right by ", *_links(later, vouched, own)]
    return el(
        "li", el("a", f"{one.number:,}", href=f"#e{one.number}", class_="no"),
        el("span", plain(one.sentence), el("small", plain(f"{in_words(one.at.date())} · {deal}{who}"), *links)),
        id=f"e{one.number}",
    )  # fmt: skip


def _links(numbers: Sequence[int], vouched: Vouched, own: str) -> Iterator[Child]:
    for place, number in enumerate(numbers):
        yield entry_link(number, vouched, own=own)
        yield ", " if place < len(numbers) - 1 else ""
