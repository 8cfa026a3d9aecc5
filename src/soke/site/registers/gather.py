"""Published registers, as they are found in a folder: each verified before anything of it is believed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

from soke.register.published import Published, Untold, Unverified, read_published
from soke.report.register_deals import in_short
from soke.report.register_pages import page_of
from soke.site.areas import by_code
from soke.site.contents import Asked, Link, Trouble
from soke.site.links import slug
from soke.text import one_line

LONGEST = 200  # letters of the words of a link


@dataclass(frozen=True, slots=True)
class Registers:
    """Folders by their part of an address, in the order of their names; by the path of a place's page the registers
    that concern it; and what is wrong."""

    by_slug: Mapping[str, Published | Unverified] = field(default_factory=dict)
    concerning: Mapping[str, tuple[Link, ...]] = field(default_factory=dict)
    troubles: tuple[Trouble, ...] = ()


def gather_registers(asked: Asked) -> Registers:
    """Every folder in the folder of registers, but those whose names begin with a dot."""
    if asked.registers is None:
        return Registers()
    folders = sorted(path for path in asked.registers.iterdir() if path.is_dir() and not path.name.startswith("."))
    named = _slugs(folders)
    there = _of_one_history({name: read_published(folder, asked.today) for name, folder in named.items()})
    return Registers(there, _concerning(there), tuple(_troubles(there)))


def _slugs(folders: Iterable[Path]) -> dict[str, Path]:
    """A part of an address for each folder: two whose names come to the same are told apart."""
    named: dict[str, Path] = {}
    for folder in folders:
        own = slug(folder.name)
        digest = hashlib.sha256(folder.name.encode("utf-8", "surrogateescape")).hexdigest()[:8]
        named[f"{own}-{digest}" if own in named else own] = folder
    return named


def _of_one_history(there: dict[str, Published | Unverified]) -> dict[str, Published | Unverified]:
    """Of two folders of one register, the shorter must begin the longer. Where it does not, neither is believed."""
    verified = [(name, one) for name, one in there.items() if isinstance(one, Published)]
    for (name, one), (beside, other) in combinations(verified, 2):
        size = min(one.entries, other.entries)
        if one.name == other.name and one.tree.root(size) != other.tree.root(size):
            for at, mine, its in ((name, one, other), (beside, other, one)):
                there[at] = Unverified(mine.folder, _two_histories(its, same_key=mine.key == its.key))
    return there


def _two_histories(other: Published, *, same_key: bool) -> str:
    found = f"There are two histories of this register: the folder {other.folder.name} holds the other one."
    if same_key:
        return f"{found} Both are signed with one key. So whoever keeps it rewrote at least one of the two."
    return f"{found} They are signed with different keys. Only a copy of the key that you trust tells which is right."


def _concerning(there: Mapping[str, Published | Unverified]) -> dict[str, tuple[Link, ...]]:
    found: dict[str, tuple[Link, ...]] = {}
    for name, one in there.items():
        if isinstance(one, Published):
            for deal, card in one.cards.items():
                _, title, said = in_short(card)
                words = one_line(f"{'Rehearsal. ' if one.rehearsal else ''}{title}: {said}")
                words = words if len(words) <= LONGEST else f"{words[: LONGEST - 1].rstrip(' ,;')}…"
                link = Link("register", words, deal_page(name, one, deal))
                for area in filter(None, map(by_code().get, one.areas[deal])):
                    found[area.path] = (*found.get(area.path, ()), link)
    return found


def deal_page(slug: str, register: Published, deal: str) -> str:
    """The path of the page of a deal: that of the register, where it is the only one in it."""
    return f"registers/{slug}/{'index.html' if len(register.cards) == 1 else page_of(deal)}"


def _troubles(there: Mapping[str, Published | Unverified]) -> Iterable[Trouble]:
    for one in there.values():
        if isinstance(one, Unverified):
            yield Trouble(one_line(one.folder.name), one_line(one.why))
    verified = [one for one in there.values() if isinstance(one, Published)]
    for one in verified:
        for card in one.cards.values():
            if isinstance(card, Untold):
                yield Trouble(one_line(one.folder.name), one_line(f"The deal {card.deal} cannot be told. {card.why}"))
    for one, other in combinations(verified, 2):
        if one.name == other.name:
            yield Trouble(one_line(one.folder.name), f"It is the same register as {one_line(other.folder.name)}.")
