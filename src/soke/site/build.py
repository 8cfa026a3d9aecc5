"""Building the site: every page written beside its place, then the whole moved in. Never half a site.

``site.json`` at its top vouches for every file: by its hash, and by what it was made from. A page whose needs did not
change since is taken over from the site that stood there; so is nothing that was edited by hand.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from soke.errors import SokeError
from soke.files import folder_beside, read_whole
from soke.site.contents import Page, Site
from soke.site.pages import all_pages
from soke.version import program

RECORD, FORMAT = "site.json", "soke.site/1"
LARGEST = 50_000_000  # bytes of a record
ELSEWHERE = "Nothing was written. Name another folder with --out, or move what is there."
Told = Callable[[int, int], object]  # pages done, and all


@dataclass(frozen=True, slots=True)
class Built:
    """What was written: pages, bytes, and how many pages were taken over from the site that stood there."""

    folder: Path
    pages: int
    size: int
    kept: int


def build(site: Site, out: Path, workers: int = 0, told: Told = lambda done, all_: None) -> Built:
    """Write the site into ``out``, in the place of an earlier one. The same files and day give the same bytes.

    ``workers``: processes beside this one; 0: as many as there are cores. SokeError where ``out`` holds anything that
    no earlier site vouches for, and where the disk is full: then what stood there stands as it was.
    """
    earlier, made_by = _earlier(out), program()
    pages = list(all_pages(site))
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with folder_beside(out.parent) as waiting:
            new = waiting / "new"
            made = _Maker(site, out, earlier, new, made_by).make(pages, workers or (os.cpu_count() or 1), told)
            _move_in(new, out, waiting / "old")
    except OSError as error:
        raise SokeError(f"The site cannot be written there: {error.strerror or error}.",
                        "What stood there stands as it was. Make room, or name another folder with --out.",
                        str(out)) from error  # fmt: skip
    return made


def _move_in(new: Path, out: Path, old: Path) -> None:
    if out.exists():
        out.rename(old)
    try:
        new.rename(out)
    except OSError:
        if old.exists():
            old.rename(out)
        raise


@dataclass(frozen=True, slots=True)
class _Maker:
    site: Site
    out: Path
    earlier: Mapping[str, Mapping[str, str]]
    new: Path
    program: str

    def make(self, pages: Sequence[Page], workers: int, told: Told) -> Built:
        record: dict[str, dict[str, str]] = {}
        kept = size = 0
        wanted: list[tuple[Page, str]] = []
        for page in pages:
            needs = self._needs(page)
            content = self._unchanged(page, needs)
            if content is None:
                wanted.append((page, needs))
                continue
            kept, size = kept + 1, size + self._write(page, needs, content, record)
        for done, (page, needs, content) in enumerate(self._written(wanted, workers), kept + 1):
            size += self._write(page, needs, content, record)
            told(done, len(pages))
        body = {"format": FORMAT, "version": self.site.version, "program": self.program,
                "files": dict(sorted(record.items()))}  # fmt: skip
        text = json.dumps(body, indent=0, sort_keys=True) + "\n"
        (self.new / RECORD).write_text(text, encoding="utf-8")
        return Built(self.out, len(pages), size + len(text), kept)

    def _needs(self, page: Page) -> str:
        every = (self.program, self.site.asked.contact)  # the address stands in the foot of each page
        return hashlib.sha256(repr((*every, page.path, page.needs)).encode()).hexdigest()

    def _unchanged(self, page: Page, needs: str) -> bytes | None:
        """The content of a page that needs what it needed, as it was written."""
        had = self.earlier.get(page.path)
        if had is None or had["needs"] != needs:
            return None
        try:
            content = (self.out / page.path).read_bytes()
        except OSError:
            return None
        return content if hashlib.sha256(content).hexdigest() == had["sha256"] else None

    def _write(self, page: Page, needs: str, content: bytes, record: dict[str, dict[str, str]]) -> int:
        path = self.new / page.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        record[page.path] = {"needs": needs, "sha256": hashlib.sha256(content).hexdigest()}
        return len(content)

    def _written(self, wanted: Sequence[tuple[Page, str]], workers: int) -> Iterator[tuple[Page, str, bytes]]:
        """Quick pages here, slow ones in other processes meanwhile."""
        slow = [each for each in wanted if each[0].slow]
        quick = [each for each in wanted if not each[0].slow]
        if workers == 1 or len(slow) < MANY:
            for page, needs in wanted:
                yield page, needs, _made(page, self.site)
            return
        with ProcessPoolExecutor(workers, initializer=_begin, initargs=(self.site,)) as pool:
            waiting = pool.map(_one, [page for page, _ in slow], chunksize=CHUNK)
            for page, needs in quick:
                yield page, needs, _made(page, self.site)
            for (page, needs), content in zip(slow, waiting, strict=True):
                yield page, needs, content


MANY, CHUNK = 8, 4  # slow pages from which on other processes are worth their start; pages that one is given at a time
_given: list[Site] = []


def _begin(site: Site) -> None:
    _given[:] = [site]


def _one(page: Page) -> bytes:
    return _made(page, _given[0])


def _made(page: Page, site: Site) -> bytes:
    """The content of a page. SokeError where a file cannot be read for it: that is no matter of where it is written."""
    try:
        content = page.write(site)
    except OSError as error:
        file = error.filename or "a file that it needs"
        raise SokeError(f"{page.path} cannot be made: {file} cannot be read: {error.strerror or error}.",
                        "What stood there stands as it was. Check that file, or install Soke again if it is its own.",
                        code="file-refused") from error  # fmt: skip
    return content.encode() if isinstance(content, str) else content


# --- what stands there ---


def _earlier(out: Path) -> Mapping[str, Mapping[str, str]]:
    """The files of the site that stands there, by path. SokeError where anything else does."""
    if not out.exists():
        return {}
    if not out.is_dir():
        raise SokeError(f"{out} is a file.", ELSEWHERE, code="file-refused")
    there = {path.relative_to(out).as_posix() for path in out.rglob("*") if not path.is_dir()}
    if not there:
        return {}
    files = _recorded(out) if RECORD in there else None
    if files is None:
        raise SokeError(f"{out} holds something that is no site of Soke.", ELSEWHERE, code="file-refused")
    strange = sorted(there - files.keys() - {RECORD})
    if strange:
        more = f" and {len(strange) - 1} more" if len(strange) > 1 else ""
        raise SokeError(f"{out} holds {strange[0]}{more}, which no earlier site there vouches for.", ELSEWHERE,
                        code="file-refused")  # fmt: skip
    return files


def _recorded(out: Path) -> Mapping[str, Mapping[str, str]] | None:
    try:
        record: Any = json.loads(read_whole(out / RECORD, str(out / RECORD), LARGEST))
    except (ValueError, RecursionError):
        return None
    files = record.get("files") if isinstance(record, dict) and record.get("format") == FORMAT else None
    if not isinstance(files, dict):
        return None
    good = all(isinstance(had, dict) and {"needs", "sha256"} <= had.keys() for had in files.values())
    return files if good else None
