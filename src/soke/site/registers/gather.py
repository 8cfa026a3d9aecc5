"""Published registers, as they are found in a folder: each verified before anything of it is believed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

from soke.errors import SokeError
from soke.register.published import WANTED, Published, Untold, Unverified, read_published
from soke.report.register_deals import in_short
from soke.report.register_pages import page_of
from soke.site.areas import by_code
from soke.site.contents import Asked, Link, Trouble
from soke.site.links import slug
from soke.text import one_line

LONGEST = 200  # letters of the words of a link


@dataclass(frozen=True, slots=True)
class Registers:
    """Folders by their part of an address, in the order of their names; ``newer``: by a further copy of a register the
    one that has most of it; by the path of a place's page the registers that concern it; and what is wrong."""

    by_slug: Mapping[str, Published | Unverified] = field(default_factory=dict)
    newer: Mapping[str, str] = field(default_factory=dict)
    concerning: Mapping[str, tuple[Link, ...]] = field(default_factory=dict)
    troubles: tuple[Trouble, ...] = ()


def gather_registers(asked: Asked) -> Registers:
    """Every folder in the folder of registers, but those whose names begin with a dot; or that folder itself, where it
    is a published register. SokeError where it cannot be listed."""
    if asked.registers is None:
        return Registers()
    named = _slugs(_folders(asked.registers))
    there = _of_one_history({name: read_published(folder, asked.today) for name, folder in named.items()})
    newer = _newer(there)
    return Registers(there, newer, _concerning(there, newer), tuple(_troubles(there, newer)))


def _folders(root: Path) -> list[Path]:
    try:
        inside = sorted(path for path in root.iterdir() if path.is_dir() and not path.name.startswith("."))
    except OSError as error:
        fact = f"The folder {root} cannot be listed: {error.strerror}."
        raise SokeError(fact, "Check its permissions.", code="file-refused") from None
    return [root.absolute()] if any((root / name).is_file() for name in WANTED) else inside


def _slugs(folders: Iterable[Path]) -> dict[str, Path]:
    """A part of an address for each folder: two whose names come to the same are told apart."""
    named: dict[str, Path] = {}
    for folder in folders:
        own = slug(folder.name)
        digest = hashlib.sha256(folder.name.encode("utf-8", "surrogateescape")).hexdigest()[:8]
        while own in named:
            own = f"{own}-{digest}"
        named[own] = folder
    return named


def _same_register(there: Mapping[str, Published | Unverified]) -> list[list[str]]:
    """The folders of each register that several hold: the longest copy first, of equal ones in the order of names."""
    names: dict[str, list[str]] = {}
    for at, one in there.items():
        if isinstance(one, Published):
            names.setdefault(one.name, []).append(at)
    sizes = {at: one.entries for at, one in there.items() if isinstance(one, Published)}
    return [sorted(those, key=lambda at: -sizes[at]) for those in names.values() if len(those) > 1]


def _of_one_history(there: dict[str, Published | Unverified]) -> dict[str, Published | Unverified]:
    """Of the folders of one register each shorter one must begin the longer. Where one does not, none is believed."""
    made = dict(there)
    for those in _same_register(there):
        copies = {at: one for at in those if isinstance(one := there[at], Published)}
        parted = [pair for pair in combinations(copies, 2) if not copies[pair[0]].goes_on(copies[pair[1]])]
        for at, mine in copies.items() if parted else ():
            beside = next((pair for pair in parted if at in pair), parted[0])
            others = [copies[other] for other in beside if other != at]
            same_key = len({copies[other].key for other in beside}) == 1
            made[at] = Unverified(mine.folder, _two_histories(others, same_key=same_key))
    return made


def _two_histories(others: Sequence[Published], *, same_key: bool) -> str:
    names = " and ".join(other.folder.name for other in others)
    holds = "holds the other one" if len(others) == 1 else "hold one each"
    found = f"There are two histories of this register: the folder{'s' * (len(others) > 1)} {names} {holds}."
    if same_key:
        return f"{found} Both are signed with one key. So whoever keeps it rewrote at least one of the two."
    return f"{found} They are signed with different keys. Only a copy of the key that you trust tells which is right."


def _newer(there: Mapping[str, Published | Unverified]) -> dict[str, str]:
    """Of each further copy of a register the folder that has most of it."""
    return {at: those[0] for those in _same_register(there) for at in those[1:]}


def _concerning(there: Mapping[str, Published | Unverified], newer: Mapping[str, str]) -> dict[str, tuple[Link, ...]]:
    """What each place is told of a register: as the newest copy has it."""
    found: dict[str, tuple[Link, ...]] = {}
    for name, one in there.items():
        if isinstance(one, Published) and name not in newer:
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


def _troubles(there: Mapping[str, Published | Unverified], newer: Mapping[str, str]) -> Iterable[Trouble]:
    for one in there.values():
        if isinstance(one, Unverified):
            yield Trouble(one_line(one.folder.name), one_line(one.why))
        for card in one.cards.values() if isinstance(one, Published) else ():
            if isinstance(card, Untold):
                yield Trouble(one_line(one.folder.name), one_line(f"The deal {card.deal} cannot be told. {card.why}"))
    for at, most in newer.items():
        yield Trouble(
            one_line(there[at].folder.name), f"It is the same register as {one_line(there[most].folder.name)}."
        )
