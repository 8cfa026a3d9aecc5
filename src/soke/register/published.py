"""A published folder, read by whom nobody sent it to: it is verified first, as ``verify.py`` verifies it, and only then
told and added up.

Nothing of a folder is believed but what its checkpoint vouches for. Every earlier checkpoint that lies in it must be
signed too, and the log must go on from it. The log is read twice, line by line, and never held as a whole: what is told
must have the hashes that were verified.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

from soke.errors import SokeError
from soke.files import read_whole
from soke.register import verify as alone
from soke.register.checkpoint import check_earlier, load_checkpoint
from soke.register.history import Teller, Told, put_right
from soke.register.kinds import REGISTER
from soke.register.meaning import apply_recorded
from soke.register.merkle import Tree
from soke.register.publication import CHECKPOINT, HASHES, KEY, LOG, PROGRAM
from soke.register.scorecard import Scorecard, scorecard
from soke.register.state import DealState
from soke.register.verify import (
    LARGEST_NOTE,
    Checkpoint,
    Failed,
    Refused,
    Trust,
    VerifierKey,
    check_trust,
    count_witnesses,
    key_text,
    leaf_hash,
    read_checkpoint,
    read_hashes,
    read_key,
    read_lines,
    verify_log,
)

Entry: TypeAlias = Mapping[str, Any]
WANTED = (LOG, CHECKPOINT, KEY, HASHES)  # verify.py is the same for every register
SMALL = {CHECKPOINT: LARGEST_NOTE, KEY: LARGEST_NOTE, HASHES: 200_000_000}  # bytes at most: of three million entries
KEY_LOST = frozenset({"key.reanchored"})  # kinds of entry by which a lost key is replaced
UNTAGGED: frozenset[str] = frozenset()
SHOWING = 3  # entries about a thing that are kept by their numbers: the newest


@dataclass(frozen=True, slots=True)
class Untold:
    """A deal that cannot be told, and why: an entry was written past the rules."""

    deal: str
    why: str


@dataclass(frozen=True, slots=True)
class Unverified:
    """A folder of which nothing is believed, and why, in sentences. ``is_register``: whether it has any file that a
    published register has."""

    folder: Path
    why: str
    is_register: bool = True


@dataclass(frozen=True, slots=True)
class File:
    """A file that was verified: its size in bytes, and its SHA-256 in hexadecimal."""

    name: str
    size: int
    sha256: str

    def read(self, folder: Path) -> bytes:
        """Its bytes. SokeError where they are no longer those that were verified."""
        content = read_whole(folder / self.name, self.name, self.size)
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise SokeError("The file was changed after it had been verified.", "Build again.", self.name)
        return content


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A folder that was verified, and what it holds.

    ``entries`` are vouched for, by a checkpoint with that ``root``; ``later`` ones are not, and not told. ``printed``:
    what the program says line by line where the files are right; ``cosigned``: of that what it says of witnesses.
    ``told``: the entries in words, without their tags, in their order; ``put_right``: by the number of one those that
    correct it; ``key_lost``: those by which a lost key was replaced; ``numbers``: of each deal the newest entries about
    a thing, by its tag, and of a kind. ``cards``: the deals as they stand; ``areas``: the codes of the places of each,
    and ``parties`` those of them that are the place itself or a party. ``earlier``: the sizes of older checkpoints.
    """

    folder: Path
    name: str
    rehearsal: bool
    entries: int
    later: int
    root: bytes
    key: str
    printed: tuple[str, ...]
    cosigned: str
    told: tuple[Told, ...]
    put_right: Mapping[int, Sequence[int]]
    key_lost: tuple[Told, ...]
    numbers: Mapping[str, Mapping[str, tuple[int, ...]]]
    cards: Mapping[str, Scorecard | Untold]
    areas: Mapping[str, tuple[str, ...]]
    parties: Mapping[str, tuple[str, ...]]
    files: tuple[File, ...]
    earlier: tuple[int, ...]
    tree: Tree = field(repr=False, compare=False)

    @property
    def last(self) -> dt.date:
        """The day of the newest entry."""
        return self.told[-1].at.date() if self.told else dt.date.min

    def goes_on(self, other: Published) -> bool:
        """Whether one of the two begins with all that the other holds."""
        size = min(self.entries, other.entries)
        return self.tree.root(size) == other.tree.root(size)

    def entries_again(self) -> Iterator[Entry]:
        """The entries that are vouched for. SokeError where one is no longer the one that was verified."""
        return (entry for _, entry in _lines_of(self.folder / LOG, self.tree, self.entries))

    def about(self, deal: str, most: int) -> list[Told]:
        """The newest entries of a deal and of the register itself."""
        own = (line for line in reversed(self.told) if line.deal in (deal, REGISTER))
        return list(islice(own, most))[::-1]


def read_published(folder: Path, today: dt.date) -> Published | Unverified:
    """What a folder of ``soke register publish`` holds, if it is verified; each deal as it stands on a day, in a
    rehearsal on that of its last entry."""
    try:
        if not any((folder / name).is_file() for name in WANTED):
            return Unverified(folder, "It holds no file of a published register.", is_register=False)
        _check_there(folder)
        return _read(folder, _verified(folder), today)
    except (Failed, Refused) as error:
        return Unverified(folder, str(error).replace(f"{folder}/", ""))
    except SokeError as error:
        named = f"{error.where}: " if error.where in WANTED else ""
        return Unverified(folder, f"{named}{error.fact}".replace(f"{folder}/", ""))
    except OSError as error:
        return Unverified(folder, f"A file in it cannot be read: {error.strerror}.")


def _check_there(folder: Path) -> None:
    for name in WANTED:
        if not (folder / name).is_file():
            lost = {CHECKPOINT: "so nobody vouches for what is there", KEY: "so nobody can tell who signed it",
                    LOG: "so there are no entries", HASHES: "so nobody can tell which entry was changed"}  # fmt: skip
            raise SokeError(f"The file {name} is missing, {lost[name]}.")


# --- verified ---


@dataclass(frozen=True, slots=True, kw_only=True)
class _Verified:
    checkpoint: Checkpoint
    key: VerifierKey
    tree: Tree  # of all lines of the log, also of those that come after what is vouched for
    printed: tuple[str, ...]
    cosigned: str
    earlier: tuple[int, ...]
    files: tuple[File, ...]


def _verified(folder: Path) -> _Verified:
    """Everything that ``verify.py`` asks, and the earlier checkpoints. Failed, Refused or SokeError where it is not as
    it was published."""
    small = {name: read_whole(folder / name, name, most) for name, most in SMALL.items()}
    checkpoint = read_checkpoint(small[CHECKPOINT])
    key = read_key(small[KEY].decode("utf-8", "replace"))
    hashes = read_hashes(small[HASHES], checkpoint)
    trust, log = Trust(), _Lines()
    about_itself: list[dict[str, Any]] = []
    with (folder / LOG).open("rb") as file:
        verify_log(log.of(file), checkpoint, hashes, about_itself.append)
    for entry in about_itself:
        trust.take(entry)
    said, signed = check_trust(checkpoint, trust, key)
    if not signed:
        raise Failed("The signature was not checked: the Python package cryptography is not installed.")
    verdict = f"VERIFIED. The checkpoint is signed with {signed}. Exit status 0: verified."
    earlier = _earlier(folder, checkpoint, trust, key, log.tree)
    return _Verified(
        checkpoint=checkpoint, key=key, tree=log.tree, printed=(*_printed(checkpoint, log.tree), *said, verdict),
        cosigned=" ".join(count_witnesses("the register names", checkpoint, trust.witnesses, trust.need)),
        earlier=earlier, files=(log.file(), *(_file(name, content) for name, content in small.items()),
                                *(_file(name, (folder / name).read_bytes()) for name in map(_named, earlier))),
    )  # fmt: skip


class _Lines:
    """The lines of a log on their way to being verified: what they come to is kept."""

    def __init__(self) -> None:
        self.tree = Tree()
        self._digest, self._size = hashlib.sha256(), 0

    def of(self, file: BinaryIO) -> Iterator[bytes]:
        for line in read_lines(file):
            self.tree.add(leaf_hash(line))
            self._digest.update(line + b"\n")
            self._size += len(line) + 1
            yield line

    def file(self) -> File:
        return File(LOG, self._size, self._digest.hexdigest())


def _file(name: str, content: bytes) -> File:
    return File(name, len(content), hashlib.sha256(content).hexdigest())


def _named(size: int) -> str:
    return f"{CHECKPOINT}-{size}"


def _printed(checkpoint: Checkpoint, tree: Tree) -> Iterator[str]:
    """What ``verify.py`` says of the log, in its words."""
    yield f"The {checkpoint.size:,} entries of {checkpoint.origin} are those that the checkpoint vouches for."
    if later := len(tree) - checkpoint.size:
        yield f"After them come {later:,} newer entries, for which this checkpoint does not vouch."


def _earlier(folder: Path, now: Checkpoint, trust: Trust, key: VerifierKey, tree: Tree) -> tuple[int, ...]:
    """The sizes of older checkpoints. SokeError where one is forged, of another log, or vouches for another history."""
    sizes = set()
    first = trust.keys[0].key if trust.keys else key
    for path in sorted(folder.glob(f"{CHECKPOINT}-*")):
        span = trust.in_force(load_checkpoint(path).size)
        try:
            size = check_earlier(path, span.key if span else first, tree).size
        except SokeError as error:
            raise SokeError(f"The earlier {path.name} does not fit: {error.fact}") from None
        if path.name != _named(size):
            raise SokeError(f"The file {path.name[:80]} holds the checkpoint of {size:,} entries.")
        sizes.add(size)
    return tuple(sorted(sizes - {now.size}))


# --- told, and added up ---


def _read(folder: Path, verified: _Verified, today: dt.date) -> Published:
    size, adding = verified.checkpoint.size, _Adding(folder / LOG)
    told, numbers = [], dict[str, dict[str, tuple[int, ...]]]()
    for line in adding.told(verified.tree, size):
        told.append(replace(line, tags=UNTAGGED))
        there = numbers.setdefault(line.deal, {})
        for about in (*line.tags, line.kind):
            there[about] = (*there.get(about, ())[1 - SHOWING :], line.number)
    if adding.rehearsal and told:
        today = told[-1].at.date()
    cards = {deal: _card(state, today) for deal, state in adding.deals.items()}
    return Published(
        folder=folder, name=verified.checkpoint.origin, rehearsal=adding.rehearsal, entries=size,
        later=len(verified.tree) - size, root=verified.checkpoint.root, key=key_text(verified.key),
        printed=verified.printed, cosigned=verified.cosigned, told=tuple(told), put_right=put_right(told),
        key_lost=tuple(line for line in told if line.kind in KEY_LOST), numbers=numbers, cards=cards,
        areas={deal: (*_places(state), *_members(state)) for deal, state in adding.deals.items()},
        parties={deal: _places(state) for deal, state in adding.deals.items()},
        files=verified.files, earlier=verified.earlier, tree=verified.tree,
    )  # fmt: skip


def _lines_of(path: Path, tree: Tree, size: int) -> Iterator[tuple[int, Entry]]:
    """The first entries of a log, each with the place in the file at which it begins. SokeError where a line is not the
    one that was verified."""
    place, number = 0, 0
    with path.open("rb") as file:
        for line in islice(read_lines(file), size):
            if leaf_hash(line) != tree.leaf(number):
                break
            yield place, json.loads(line)
            place, number = place + len(line) + 1, number + 1
    if number < size:
        raise SokeError("The log was changed while it was read.", "Read it again.")


class _Adding:
    """The log read again: each entry told, and each deal added up until an entry in it breaks a rule."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._starts = array("Q")  # where each line begins
        self._itself: list[Entry] = []  # entries about the register itself: they hold for every deal
        self.deals: dict[str, DealState | Untold] = {}
        self.rehearsal = False

    def told(self, tree: Tree, size: int) -> Iterator[Told]:
        """SokeError where a line is not the one that was verified."""
        teller = Teller()
        for place, entry in _lines_of(self._path, tree, size):
            self._starts.append(place)
            yield teller.tell(entry)
            self._take(entry)

    def _take(self, entry: Entry) -> None:
        deal = entry["deal"]
        if deal != REGISTER:
            if deal not in self.deals:
                self.deals[deal] = DealState(deal, earlier=self._earlier)
                for before in self._itself:
                    self._apply(deal, before)
            self._apply(deal, entry)
            return
        if entry["kind"] == "register.opened":
            self.rehearsal = entry["body"].get("rehearsal") is True
        self._itself.append(entry)
        for each in self.deals:
            self._apply(each, entry)

    def _apply(self, deal: str, entry: Entry) -> None:
        state = self.deals[deal]
        if isinstance(state, DealState):
            try:
                apply_recorded(state, entry)
            except SokeError as error:
                self.deals[deal] = Untold(deal, str(error))

    def _earlier(self, number: int) -> Entry:
        with self._path.open("rb") as file:
            file.seek(self._starts[number])
            entry: Entry = json.loads(next(read_lines(file)))
        return entry


def _card(state: DealState | Untold, today: dt.date) -> Scorecard | Untold:
    """How a deal stands today, or on the day of its last entry where that is later."""
    if isinstance(state, Untold):
        return state
    try:
        for fault in state.ledger.faults():
            raise SokeError(fault, "The accounts do not balance.", state.id)
        return scorecard(state, max(today, state.at.date()) if state.at else today)
    except SokeError as error:
        return Untold(state.id, str(error))


def _places(state: DealState | Untold) -> tuple[str, ...]:
    """The code of the place of a deal, and of the places that are parties to it."""
    if isinstance(state, Untold) or not state.versions:
        return ()
    parties = (party.place for party in state.deal.parties if party.place)
    return tuple(dict.fromkeys((state.deal.place, *parties)))


def _members(state: DealState | Untold) -> Iterator[str]:
    """The codes of the councils in the place of a deal that are no party to it."""
    if not isinstance(state, Untold) and state.versions:
        named = _places(state)
        yield from (code for code in state.deal.members if code not in named)


def own_program() -> File:
    """The program that checks a folder, of this version of Soke: a folder may hold an older one, or one that was
    changed."""
    return _file(PROGRAM, program_text())


def program_text() -> bytes:
    return Path(alone.__file__).read_bytes()
