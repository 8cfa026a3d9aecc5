"""What lies on disk before SQLite looks at it: a register or something else, and what was left beside its file.

SQLite plays what it finds beside a file into it: a write-ahead log (``gm.db-wal``, with its index ``gm.db-shm``), or a
rollback journal (``gm.db-journal``). It does not ask whose they are. So a new file is made only where nothing of the
kind lies, and an old one is looked at first, without SQLite, so that nothing is changed by looking.

A write-ahead log names no file. That it belongs to another one shows where what it continues is not there: the number
of pages, the pages themselves, the count of changes in the header. What fits in all of them cannot be told apart here;
a checkpoint tells.
"""

from __future__ import annotations

import io
import os
import stat
import struct
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from soke.errors import SokeError
from soke.files import DATABASE
from soke.register.database import Leftover

ENDINGS = {"-wal": "a write-ahead log", "-shm": "the index of a write-ahead log", "-journal": "a rollback journal"}
SOKE, BOX = 0x536F6B65, 0x536F6B42  # what a register and a ballot box say of themselves: SokE and SokB in ASCII
HEADER, WAL_HEADER, FRAME = 100, 32, 24  # bytes
WAL_MAGIC = (0x377F0682, 0x377F0683)
PAGE_SIZES = {512 << power for power in range(8)}
AT_ONCE = 256  # frames that are read at a time
TRIES, PAUSE = 5, 0.02  # a file that others write to is looked at again, after seconds
STARTS = (
    (b"\x89PNG", "an image"), (b"\xff\xd8\xff", "an image"), (b"GIF8", "an image"), (b"PK\x03\x04", "a zip file"),
    (b"PK\x05\x06", "a zip file"), (b"%PDF", "a PDF"), (b"\x1f\x8b", "a compressed file"),
    (b"7z\xbc\xaf", "an archive"), (b"\xfe\xff", "text"), (b"\xff\xfe", "text"), (b"\x7fELF", "a program"),
)  # fmt: skip


# --- where a file is to be ---


def refuse_leftovers(path: Path) -> None:
    """Leftover where SQLite would play into a new file of that name what lies beside it: of any size, also a link or a
    folder; or where the name itself is that of such a file."""
    for ending, words in ENDINGS.items():
        if path.name.endswith(ending):
            fact = f"A file of this name would be {words} of {path.name.removesuffix(ending)} to SQLite."
            raise Leftover(fact, "Name it otherwise.", str(path))
    there = [one for one in _beside(path) if os.path.lexists(one)]
    if there:
        said = "; ".join(f"{one.name} lies there, {_words(one)}" for one in there)
        fact = f"{said}. SQLite would take it for a part of the new file."
        fix = "It may hold the last entries of another register: move it away and keep it, or name a new file."
        raise Leftover(fact, fix, str(path))


def _beside(path: Path) -> list[Path]:
    return [path.with_name(path.name + ending) for ending in ENDINGS] if path.name else []


def _words(one: Path) -> str:
    ending = one.name[one.name.rindex("-") :]
    if one.is_symlink():
        return f"a link that stands for {ENDINGS[ending]}"
    if not one.is_file():
        return "a folder" if one.is_dir() else "a pipe or a device"
    return f"{ENDINGS[ending]} of {one.stat().st_size:,} bytes"


# --- a file that is there ---


def check_is_register(path: Path) -> None:
    """SokeError where a file is no register at all, with what it is. One that is damaged passes: SQLite tells how."""
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError:
        return  # SQLite says what is wrong with it
    if not head.startswith(DATABASE):
        raise _no_register(path, _kind_of(head))
    mark = _mark(path, head)
    if len(head) >= HEADER and mark != SOKE:
        what = "a ballot box" if mark == BOX else "a database that holds none"
        raise _no_register(path, what)


def _no_register(path: Path, what: str) -> SokeError:
    fix = "Check the name."
    if what.startswith("a copy"):
        fix = "Check it with soke register verify, under a name that ends in .jsonl."
    elif what.startswith("a file of"):
        fix = "Check the name; if it was a register, restore it from a backup."
    return SokeError(f"This is not a register of Soke: it is {what}.", fix, str(path))


def _kind_of(head: bytes) -> str:
    if not head:
        return "an empty file"
    if len(head) >= 4 and int.from_bytes(head[:4]) in WAL_MAGIC:
        return "what SQLite keeps beside a database, which has the name before -wal"
    for start, what in STARTS:
        if head.startswith(start):
            return what
    try:
        text = head.decode() if len(head) < 4096 else head[:-3].decode(errors="ignore").encode().decode()
    except UnicodeDecodeError:
        return "a file of another kind"
    if text.startswith("{") and '"seq":' in text:
        return "a copy of one, an entry a line"
    return "a file of another kind" if "\0" in text else "text"


def check_beside(path: Path) -> None:
    """SokeError where what lies beside a register is not its own, as far as that shows. SQLite has not looked yet."""
    for one in _beside(path):
        if os.path.lexists(one) and (one.is_symlink() or not one.is_file()):
            raise SokeError(f"{one.name} lies beside it, {_words(one)}.", "Move it away.", str(path), code="damaged")
    journal = path.with_name(f"{path.name}-journal")
    if journal.exists() and journal.stat().st_size:
        fact = f"{journal.name} lies beside it, {_words(journal)}, and a register never leaves one."
        fix = "SQLite would play it into the register: move it away, then verify against the last checkpoint."
        raise SokeError(fact, fix, str(path), code="damaged")
    if _is_foreign(path, path.with_name(f"{path.name}-wal")):
        raise foreign(path)


def check_without_log(path: Path) -> None:
    """SokeError where a write-ahead log lies beside a file that never has one, as a ballot box."""
    wal = Path(f"{os.path.realpath(path)}-wal")
    if os.path.lexists(wal) and (not wal.is_file() or wal.stat().st_size):
        fact = f"{wal.name} lies beside it, {_words(wal)}, and SQLite would play it into the file."
        raise SokeError(fact, "It belongs to another file: move it away.", str(path), code="damaged")


def foreign(path: Path) -> SokeError:
    """What is said where a write-ahead log belongs to another file."""
    wal = f"{path.name}-wal"
    fact = f"{wal} does not belong to {path.name}: it is of another register, or of another copy of this one."
    fix = (
        f"SQLite would play it into the file. If {path.name} was copied here, move {wal} and {path.name}-shm away, "
        "then verify it against the last checkpoint. Else restore a backup under a new name."
    )
    return SokeError(fact, fix, str(path), code="damaged")


class _Wal(NamedTuple):
    """The frames of a write-ahead log: which pages, how many the file has after the last that is committed, and of each
    page 1 the count of changes, of the last one the mark. After that one may come frames that are not committed: they
    are of pages and counts that fit as well."""

    page_size: int
    pages: set[int]
    size: int
    changes: list[int]
    mark: int | None


def _is_foreign(path: Path, wal: Path) -> bool:
    """Whether a write-ahead log is one that continues another file. Asked twice, while neither changes: others may be
    writing to both."""
    suspected = 0
    for _ in range(TRIES):
        try:
            before = _seen(path, wal)
            one = _read_wal(wal)
            if one is None or _continues(path, one):
                return False
            suspected = suspected + 1 if _seen(path, wal) == before else 0
        except OSError:  # it went while it was looked at
            return False
        if suspected == 2:
            return True
        time.sleep(PAUSE)
    return False


def _seen(*paths: Path) -> tuple[object, ...]:
    said: list[object] = []
    for path in paths:
        with path.open("rb") as file:
            state = os.fstat(file.fileno())
            said += [state.st_size, state.st_mtime_ns, file.read(HEADER)]
    return tuple(said)


def _read_wal(path: Path) -> _Wal | None:
    """None where nothing in it is committed, or there is none."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return None
    except FileNotFoundError:
        return None
    committed, pages, changes, mark = 0, set[int](), list[int](), None
    with path.open("rb", buffering=0) as file:
        head = file.read(WAL_HEADER)
        page_size = int.from_bytes(head[8:12])
        if len(head) < WAL_HEADER or int.from_bytes(head[:4]) not in WAL_MAGIC or page_size not in PAGE_SIZES:
            return None
        for number, size, salts, page in _frames(file, page_size):
            if salts != head[16:24]:  # what is left of an earlier log
                break
            pages.add(number)
            committed = size or committed  # the last frame of what was committed at once says the size
            if number == 1:
                changes.append(int.from_bytes(page[24:28]))
                mark = int.from_bytes(page[68:72])
    return _Wal(page_size, pages, committed, changes, mark) if committed else None


def _frames(file: io.FileIO, page_size: int) -> Iterator[tuple[int, int, bytes, bytes]]:
    """Number of the page, size that is committed, salts, and how the page begins."""
    frame = struct.Struct(f">II8s8x{HEADER}s{page_size - HEADER}x")
    while len(block := file.read(frame.size * AT_ONCE)) >= frame.size:
        yield from frame.iter_unpack(block[: len(block) // frame.size * frame.size])


def _continues(path: Path, wal: _Wal) -> bool:
    """Whether a file is one that this log can have been written to, however much of it is folded in already."""
    with path.open("rb") as file:
        head, length = file.read(HEADER), os.fstat(file.fileno()).st_size
    page_size = int.from_bytes(head[16:18])
    page_size = page_size if page_size > 1 else 65_536
    pages, changes, said = length // page_size, int.from_bytes(head[24:28]), int.from_bytes(head[28:32])
    if wal.page_size != page_size or wal.size < pages:
        return False
    if any(number not in wal.pages for number in range(pages + 1, wal.size + 1)):
        return False
    if not wal.changes:  # the number of pages stands in the first, so it has not changed
        return wal.size == said
    return min(wal.changes) - 1 <= changes <= max(wal.changes)


def _mark(path: Path, head: bytes) -> int:
    """What a database says it is: in its header, or in what waits beside it to be folded in."""
    if (said := int.from_bytes(head[68:72])) in (SOKE, BOX):
        return said
    real = Path(os.path.realpath(path))
    try:
        wal = _read_wal(real.with_name(f"{real.name}-wal"))
    except OSError:
        wal = None
    return wal.mark if wal is not None and wal.mark is not None else said
