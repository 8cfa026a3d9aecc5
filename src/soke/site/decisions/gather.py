"""What communities decided, from any tree of folders: each result known by its record, checked, named and placed.

A record that is broken, or files that do not fit it, give a page that says so: nothing handed in is passed over unseen.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from soke.community import split_record
from soke.community.areas import LARGEST as LARGEST_AREAS
from soke.community.assemblies.record import DRAWN, PANELS
from soke.community.assemblies.record import STATEMENT as DRAW
from soke.community.budgets import manifest as count_record
from soke.community.voting.statement import COUNTS, ROLL, STATEMENT
from soke.deal.reader import load_deal
from soke.england.places import places
from soke.errors import SokeError
from soke.files import read_whole
from soke.register.answered import Answered, published_answers
from soke.register.publication import CHECKPOINT, LOG
from soke.register.published import Published, Unverified, read_published
from soke.report.budget_files import BALLOTS
from soke.report.own_folder import MANIFEST
from soke.report.split_page import FILE as SHARED
from soke.site.areas import by_code, by_name
from soke.site.contents import Asked, Link, Trouble
from soke.site.decided import NO_DAY, Decided, altered, said_plainly, stamp_of
from soke.site.decisions.asset import read_asset, read_delivery
from soke.site.decisions.budget import TABLES, Budget, read_budget
from soke.site.decisions.panel import Draw, Source, panel_of, read_draw, source_of
from soke.site.decisions.round import Round, read_round, round_alone
from soke.site.decisions.split import read_split
from soke.site.links import slug
from soke.site.registers.gather import Registers
from soke.text import listed, one_line

LARGEST, LARGEST_CASE = 100_000_000, 1_000_000  # bytes
OF_RESULTS = frozenset({MANIFEST, SHARED, ROLL, COUNTS, DRAWN, PANELS, *TABLES})  # what only results have
REPLACEMENT = "replacement-"  # how folders within that of a draw begin
_KEYS = re.compile(r"^\s*(asset|regime|delivery)\s*=", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Decisions:
    """Newest first; the links of places to them, by the path of the place's page; what could not be shown as it should;
    and of that what has no page, ``unseen``."""

    all: tuple[Decided, ...] = ()
    concerning: Mapping[str, tuple[Link, ...]] = field(default_factory=dict)
    troubles: tuple[Trouble, ...] = ()
    unseen: tuple[Trouble, ...] = ()


def gather_decisions(asked: Asked, registers: Registers) -> Decisions:
    """All that ``asked.communities`` holds; nothing where it is not given. ``registers``: those of the site, to which
    answers lead."""
    if asked.communities is None:
        return Decisions()
    tree = _Tree(asked.communities, asked, registers)
    found = tree.read()
    ordered = sorted(found, key=lambda one: (one.where, one.kind, one.name))
    named = _addressed(sorted(ordered, key=lambda one: one.day or NO_DAY, reverse=True))
    every = tuple(replace(one, area=_area(one, asked)) for one in named)
    links: dict[str, list[Link]] = {}
    for one in every:
        if one.area:
            links.setdefault(one.area, []).append(Link("decision", one.finding, one.path))
    concerning = {path: tuple(those) for path, those in links.items()}
    return Decisions(every, concerning, (*_troubles(every), *tree.unseen), tuple(tree.unseen))


def _troubles(every: Iterable[Decided]) -> Iterator[Trouble]:
    for one in every:
        if one.faults:
            yield Trouble(one.where, f"{' '.join(one.faults)} No result of it is shown as fact.")
        if one.twins:
            yield Trouble(one.where, f'Another record is called "{one.name}" too: both are shown, and both say so.')


# --- reading the tree ---


@dataclass(slots=True)
class _Tree:
    """Everything under a folder, by what it is."""

    root: Path
    asked: Asked
    registers: Registers
    unseen: list[Trouble] = field(default_factory=list)  # what was handed in and has no page
    found: list[Decided] = field(default_factory=list)
    counts: list[Path] = field(default_factory=list)
    splits: list[Path] = field(default_factory=list)
    rounds: list[Round] = field(default_factory=list)
    draws: list[Draw] = field(default_factory=list)
    answers: list[tuple[Answered, Source]] = field(default_factory=list)

    def read(self) -> list[Decided]:
        folders = list(_folders(self.root, self._untold))
        for folder in folders:
            try:
                self._folder(folder)
            except OSError as error:
                self._untold(folder, f"This folder cannot be read: {error.strerror}.")
        sheets = self._sheets(folders)
        self.found += [read_split(self._where(each), self._files(each), sheets) for each in self.splits]
        self._votes()
        self._panels()
        return self.found

    def _votes(self) -> None:
        """Counts, each with the round whose ballots it counted, a good copy before a broken one; and other rounds."""
        by_digest: dict[str, Round] = {}
        for voted in sorted(self.rounds, key=lambda each: bool(each.faults)):
            if voted.paper.digest:
                by_digest.setdefault(voted.paper.digest, voted)
        made = [read_budget(each, self._where(each), self._files(each), by_digest) for each in self.counts]
        used = {each.body.round.where for each in made if isinstance(each.body, Budget) and each.body.round}
        self.found += [*made, *(round_alone(voted) for voted in self.rounds if voted.where not in used)]

    def _panels(self) -> None:
        """Answers, each with the draw that its register names; and other draws."""
        by_hash = {draw.hash: draw for draw in self.draws if not draw.faults}
        used = set()
        for answered, source in self.answers:
            draw = by_hash.get(answered.draw)
            used.add(draw.where if draw else "")
            self.found.append(panel_of(draw, answered, source))
        self.found += [panel_of(draw, None, None) for draw in self.draws if draw.where not in used]

    # --- one folder ---

    def _folder(self, folder: Path) -> None:
        names = {path.name for path in folder.iterdir() if path.is_file()}
        known = bool(names & {MANIFEST, BALLOTS}) and self._results(folder, names)
        if STATEMENT in names or {ROLL, COUNTS} <= names:
            known = True
            self.rounds.append(read_round(folder, self._where(folder), self._files(folder)))
        if DRAW in names or {DRAWN, PANELS} <= names:
            known = True
            self._draw(folder)
        if names & {LOG, CHECKPOINT}:
            known = True
            self._register(folder)
        if not known and names & OF_RESULTS:
            there = listed(sorted(names & OF_RESULTS))
            self._untold(folder, f"It holds {there}, and no record that says of what.")
        for name in sorted(names):
            if name.lower().endswith(".toml"):
                self._case(folder / name)

    def _untold(self, path: Path, why: str) -> None:
        self.unseen.append(Trouble(self._where(path), one_line(f"{why} Nothing of it is shown.")))

    def _results(self, folder: Path, names: set[str]) -> bool:
        """A count or a split by its record; without one, or with a broken one, what is left of it. Whether it is
        either."""
        held = self._json(folder / MANIFEST) if MANIFEST in names else None
        kind = held.get("format") if isinstance(held, dict) else None
        if kind == split_record.FORMAT:
            self.splits.append(folder)
        elif kind == count_record.FORMAT or BALLOTS in names:
            self.counts.append(folder)
        elif SHARED in names:
            fault = f"{MANIFEST} is no record of a split."
            self.found.append(altered("split", folder.name, self._where(folder), [fault], self._files(folder)))
        else:
            return False
        return True

    def _json(self, path: Path) -> object:
        try:
            return json.loads(read_whole(path, path.name, LARGEST).decode("utf-8-sig"))
        except (ValueError, RecursionError, SokeError):
            return None

    def _draw(self, folder: Path) -> None:
        found = read_draw(folder, self._where(folder), self._files(folder, inside=True))
        if isinstance(found, Draw):
            self.draws.append(found)
        else:
            self.found.append(found)

    def _register(self, folder: Path) -> None:
        """A published register. One in which nobody was asked for an answer holds no decision of a community."""
        where, files = self._where(folder), self._files(folder)
        try:
            self.answers += self._answered(folder, where, stamp_of(files))
        except SokeError as error:
            fault = said_plainly(error, str(folder))
            self.found.append(altered("panel", f"Answers in {folder.name}", where, [fault], files))

    def _answered(self, folder: Path, where: str, stamp: str) -> list[tuple[Answered, Source]]:
        """SokeError where the register does not verify, an entry breaks a rule, or the site has another history."""
        found = read_published(folder, self.asked.today)
        if isinstance(found, Unverified):
            raise SokeError(f"The published register does not verify: {found.why}", "Take it again from its source.")
        here = self._on_this_site(found)
        source = source_of(found, where, stamp, here, self.registers.by_slug.get(here))
        return [(each, source) for each in published_answers(found, self.asked.today)]

    def _on_this_site(self, found: Published) -> str:
        """Where the same register is among those of the site; "" where it is not. SokeError for another history."""
        for at, one in self.registers.by_slug.items():
            if isinstance(one, Published) and one.name == found.name and at not in self.registers.newer:
                if not one.goes_on(found):
                    fact = f"Among the registers of this site is another history of it, in {one.folder.name}."
                    raise SokeError(fact, "Compare both with a copy that others kept.")
                return at
        return ""

    def _case(self, path: Path) -> None:
        try:
            content = read_whole(path, path.name, LARGEST_CASE)
        except SokeError as error:
            return self._untold(path, said_plainly(error, str(path.parent)))
        if not content.strip():
            return self._untold(path, "The file is empty.")
        kinds = {match[1] for match in _KEYS.finditer(content.decode("utf-8", "replace"))}
        if kinds & {"asset", "regime"}:
            self.found.append(read_asset(path, self._where(path), content, self.asked.today))
        elif kinds:
            self.found.append(read_delivery(path, self._where(path), content, self.asked.today))
        else:
            with suppress(tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError):
                tomllib.loads(content.decode())
                return None  # a file of something else
            self._untold(path, "It is no TOML, so nobody can tell whether it is a case or an agreement.")
        return None

    # --- files ---

    def _where(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix() if path != self.root else self.root.name

    def _files(self, folder: Path, *, inside: bool = False) -> dict[str, bytes]:
        """The files of a folder by name, those that can be read; ``inside``: with those of replacements within it."""
        found = {}
        for path in sorted(folder.rglob("*") if inside else folder.iterdir()):
            name = path.relative_to(folder).as_posix()
            if path.is_file() and ("/" not in name or name.startswith(REPLACEMENT)):
                with suppress(SokeError):
                    found[name] = read_whole(path, name, LARGEST)
        return found

    def _sheets(self, folders: Sequence[Path]) -> dict[str, tuple[str, bytes]]:
        """Every CSV by its SHA-256, where a split wants one: the file of places that was split may lie anywhere."""
        found: dict[str, tuple[str, bytes]] = {}
        for path in (path for folder in folders for path in sorted(folder.glob("*.csv"))) if self.splits else ():
            with suppress(SokeError):
                content = read_whole(path, path.name, LARGEST_AREAS)
                found.setdefault(hashlib.sha256(content).hexdigest(), (path.name, content))
        return found


def _folders(root: Path, untold: Callable[[Path, str], None]) -> Iterator[Path]:
    """The folders of a tree in order, without hidden ones, and those within a draw that belong to it. ``untold`` is
    told of those that cannot be read, and of links to folders: these could lead anywhere."""

    def refused(error: OSError) -> None:
        untold(Path(error.filename), f"This folder cannot be read: {error.strerror}.")

    for folder, inside, _ in os.walk(root, onerror=refused):
        inside[:] = sorted(name for name in inside if not name.startswith((".", REPLACEMENT)))
        for name in inside:
            if (path := Path(folder, name)).is_symlink():
                untold(path, "This is a link to a folder, and no link is followed.")
        yield Path(folder)


# --- names and places ---


def _addressed(ordered: Sequence[Decided]) -> list[Decided]:
    """Each with an address of its own, and with those that have the same name; given the newest first."""
    slugs: dict[int, str] = {}
    taken = {"index"}
    for place in sorted(range(len(ordered)), key=lambda place: _seniority(ordered[place])):
        base, number = slug(ordered[place].name), 1
        base = "all" if base == "index" else base
        while (own := base if number == 1 else f"{base}-{number}") in taken:
            number += 1
        slugs[place] = own
        taken.add(own)
    same: dict[str, list[tuple[str, bool]]] = {}
    for place, one in enumerate(ordered):
        same.setdefault(one.name.casefold(), []).append((slugs[place], bool(one.faults)))
    return [
        replace(
            one, slug=slugs[place], twins=tuple(each for each in same[one.name.casefold()] if each[0] != slugs[place])
        )
        for place, one in enumerate(ordered)
    ]


def _seniority(one: Decided) -> tuple[bool, dt.date, str]:
    """The older of two of one name keeps its address when a newer comes, and no altered copy takes it."""
    return bool(one.faults), one.day or dt.date.max, one.where


def _area(one: Decided, asked: Asked) -> str:
    """The page of the place that a record names, or its deal; "" where neither does so exactly."""
    named = [*one.named, *([place] if one.deal and (place := _place_of(one.deal, asked.deals)) else [])]
    for text in named if not one.faults else ():
        try:
            return by_code()[places().find(text).code].path
        except (SokeError, KeyError):
            area = by_name().get(text)
            if area:
                return area.path
    return ""


def _place_of(deal: str, folder: Path | None) -> str:
    """The place of a deal of that id, from the deal files that are given; "" where none is, or it cannot be read."""
    told = re.compile(rf'^id\s*=\s*["\']{re.escape(deal)}["\']', re.MULTILINE)
    for path in sorted(folder.rglob("*.toml")) if folder else ():
        with suppress(SokeError):
            if told.search(read_whole(path, path.name, LARGEST_CASE).decode("utf-8", "replace")):
                return load_deal(path, places()).place
    return ""
