"""Registers of deals: how each stands, what was recorded, both sides' promises, and how anyone checks it offline.

Each is a folder of ``soke register publish``, verified before a word of it is shown. One that fails is shown as failing
at each of its addresses, and nothing else of it is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from soke.register.published import Published, Untold, Unverified
from soke.report.markup import Child, Element, el
from soke.report.register_deals import MARKS, in_short
from soke.report.register_parts import plain, sign
from soke.report.register_words import number
from soke.site.contents import Page, Site
from soke.site.frame import REGISTERS, link, site_page
from soke.site.registers import card as register_card
from soke.site.registers import check as register_check
from soke.site.registers import feed as register_feed
from soke.site.registers import history as register_history
from soke.site.registers import promises as register_promises
from soke.site.registers.shared import (
    CHECK,
    INDEX,
    PROMISES,
    STYLE,
    behind,
    path_of,
    stamp,
    title_of,
    whose_copy_is,
)
from soke.text import counted
from soke.text import day as in_words

SHOWN = 2  # deals of a register of several that the list names
LONGEST = 200  # letters of an entry in the list


def pages(site: Site) -> Iterator[Page]:
    """The list of registers, and the pages of each."""
    every = tuple((slug, _needs(site, slug), found.folder.name) for slug, found in site.registers.items())
    yield Page(REGISTERS, _index, needs=(every, site.asked.today))
    for slug, found in site.registers.items():
        if isinstance(found, Unverified):
            shown = (INDEX, "history.html", PROMISES, CHECK) if found.is_register else (INDEX,)
            for page in shown:
                yield Page(path_of(slug, page), partial(_failing, slug=slug, page=page), needs=(found.why,))
            yield from register_feed.failing_pages(site, slug, found)
            continue
        for part in (register_card, register_history, register_promises, register_check, register_feed):
            yield from part.pages(site, slug, found)


def _needs(site: Site, slug: str) -> object:
    found = site.registers[slug]
    return found.why if isinstance(found, Unverified) else stamp(site, slug)


# --- the list ---


def _index(site: Site) -> str:
    rows = sorted((_place(site, slug), slug) for slug in site.registers)
    heading, lead = _heading(site)
    items = [_row(site, slug) for _, slug in rows]
    listed = el("ul", *items, class_="prom deals") if items else _none()
    return site_page(
        site, REGISTERS, "Registers", el("h1", heading), el("p", lead, class_="lead"),
        el("section", el("h2", "The registers", id="registers"), listed, class_="panel", aria_labelledby="registers"),
        style=STYLE, skip=("Skip to the registers", "registers"),
    )  # fmt: skip


def _heading(site: Site) -> tuple[str, str]:
    """What was found when they were checked, and what a register is."""
    what = "A register holds what both sides of a deal promised, did and decided. Nothing in it can be edited unseen."
    found = [one for slug, one in site.registers.items()
             if slug not in site.newer and (isinstance(one, Published) or one.is_register)]  # fmt: skip
    failing = sum(isinstance(one, Unverified) for one in found)
    if not found:
        return "No register is published here yet", what
    if not failing:
        many = "Both" if len(found) == 2 else f"All {number(len(found))}"
        return "The one register here is verified" if len(found) == 1 else f"{many} registers are verified", what
    of = "The one register here" if len(found) == 1 else f"{number(failing).capitalize()} of {number(len(found))} " \
         "registers"  # fmt: skip
    return f"{of} {'fails its' if failing == 1 else 'fail their'} check", what


def _none() -> Element:
    return el("p", "Whoever keeps a register publishes it with the command soke register publish. The folder that this "
                   "makes is all that this page needs.")  # fmt: skip


def _place(site: Site, slug: str) -> tuple[int, str]:
    """What fails first; then by the worst that is wrong with a deal in it; older copies, and what is no register,
    last."""
    order, found = list(MARKS), site.registers[slug]
    if isinstance(found, Unverified):
        return (-1 if found.is_register else len(order) + 2), found.folder.name
    if slug in site.newer:
        return len(order) + 1, found.folder.name
    worst = min((order.index(in_short(card)[0]) for card in found.cards.values()), default=len(order))
    return worst, found.folder.name


def _row(site: Site, slug: str) -> Element:
    found = site.registers[slug]
    name = link(REGISTERS, title_of(found), path_of(slug, INDEX))
    if isinstance(found, Unverified):
        mark = sign("✗", "Fails", "bad") if found.is_register else sign("◌", "No register", "wait")
        said = "Nothing of it is shown. " if found.is_register else ""
        return el("li", mark, el("span", name, el("small", plain(f"{said}{found.why}"))))
    if slug in site.newer:
        return el("li", sign("◌", "Older copy" if behind(site, slug) else "Copy", "wait"),
                  el("span", name, el("small", plain(_copy(site, slug, found)))))  # fmt: skip
    lines = (el("small", plain(said)) for said in (_late(found), _newest(found), _vouched(found)) if said)
    tag = el("span", "Rehearsal", class_="tag") if found.rehearsal else None
    return el("li", sign("✓", "Verified", "ok"), el("span", name, " ", tag, *_stand(found), *lines))


def _copy(site: Site, slug: str, found: Published) -> str:
    """What is said of a further copy: nothing of how its deals stand, for the newest tells that."""
    entries = counted(found.entries, "entry", "entries")
    return f"{whose_copy_is(site, slug)}: {entries}, the newest of {in_words(found.last)}, in the folder " \
           f"{found.folder.name}. Verified too."  # fmt: skip


def _stand(found: Published) -> Iterator[Element]:
    """How its deals stand, each on a line."""
    return (el("span", plain(said), class_="stands") for said in _stands(found))


def _stands(found: Published) -> Iterator[str]:
    """How its deals stand, those first in which something is wrong."""
    order = list(MARKS)
    short = sorted((in_short(card) for card in found.cards.values()), key=lambda one: order.index(one[0]))
    for _, title, said in short[:SHOWN]:
        yield said if len(short) == 1 else f"{title}: {said}"
    if len(short) > SHOWN:
        yield f"And {counted(len(short) - SHOWN, 'more deal')}."
    if not short:
        yield "No deal is in it yet."


def _vouched(found: Published) -> str:
    """By which checkpoint it is vouched for, and by whom."""
    entries = counted(found.entries, "entry", "entries")
    later = f" For {found.later:,} newer ones it does not vouch, and they are not shown." if found.later else ""
    said = found.cosigned or "No witness has signed it too."
    return f"Verified: {entries} of {found.name}, none altered. Its checkpoint has the fingerprint " \
           f"{found.root.hex()[:16]}. {said}{later}"  # fmt: skip


def _newest(found: Published) -> str:
    """The newest entry, cut where it is long: the card has it whole."""
    if not found.told:
        return ""
    said = found.told[-1].sentence
    short = said if len(said) <= LONGEST else f"{said[: LONGEST - 1].rstrip(' ,;')}…"
    return f"Newest, {in_words(found.last)}: {short}"


def _late(found: Published) -> str:
    """Of what is late the oldest."""
    late = [one for card in found.cards.values() for one in getattr(card, "due", ()) if one.overdue]
    if not late:
        told = found.cards and not any(isinstance(card, Untold) for card in found.cards.values())
        return "Nothing that is due is late." if told else ""
    oldest = min(late, key=lambda one: one.last or found.last)
    more = f" And {counted(len(late) - 1, 'more thing')}." if len(late) > 1 else ""
    since = f", due {in_words(oldest.last)}" if oldest.last else ""
    return f"Late: {oldest.what.rstrip('.')}{since}.{more}"


# --- one that fails, or is none ---


def _failing(site: Site, slug: str, page: str) -> str:
    found = site.registers[slug]
    assert isinstance(found, Unverified)
    path, title = path_of(slug, page), title_of(found)
    heading = "This register fails its check: nothing in it is shown" if found.is_register else \
              "This folder holds no published register"  # fmt: skip
    mark = el("p", sign("✗", "Not verified", "bad")) if found.is_register else None
    kind = "bad" if found.is_register else None
    return site_page(
        site, path, title, el("h1", heading, class_=kind), mark, el("p", plain(found.why), class_="lead"),
        el("p", f"Folder: {title}.", class_="run"), _what_now(found), trail=(("Registers", REGISTERS),), style=STYLE,
        skip=("Skip to what to do", "now"),
    )  # fmt: skip


def _what_now(found: Unverified) -> Element:
    steps: list[Child] = [
        "Ask whoever keeps the register to publish it again.",
        "Ask for the checkpoint that others kept. With it anyone can tell which history was vouched for first.",
        "Do not rely on an older page of it until it is verified again.",
    ]
    if not found.is_register:
        steps = ["Take the folder away, or publish a register in it with soke register publish."]
    why = "Each folder among the registers must be one that soke register publish wrote."
    if found.is_register:
        why = "Who changed it, and what else is wrong, a check cannot tell. So we show no entry and no figure of it."
    return el("section", el("h2", "What to do", id="now"), el("p", why), el("ul", *(el("li", one) for one in steps)),
              class_="panel", aria_labelledby="now")  # fmt: skip
