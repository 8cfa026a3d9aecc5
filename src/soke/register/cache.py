"""What was worked out of a long log and is kept beside it, so that nobody reads it all again.

A cache, checked and not believed: each row belongs to one entry by that entry's hash, and what was changed on disk is
refused. Losing it costs time and nothing else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from soke.errors import SokeError
from soke.register.database import Database, Kept
from soke.register.verify import Frontier, canonical, leaf_hash

TREE, WIDTH = "tree/1", 32  # what keeps the hash tree, and bytes of a hash
BLOCK = 1 << 12  # of so many entries one state stays for good: a day in the past is read from there
EVER = "9999"  # later than any day


class Cache:
    """What is kept of one register."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def kept(self, of: str, program: str, last_day: str = EVER) -> Kept | None:
        """What ``program`` kept last of a deal, up to a day. SokeError where that was changed, or is of another log."""
        base = self._database
        with base.plainly:
            kept = base.kept(of, program, last_day)
        if kept is not None and self._digest(kept) != kept.digest:
            raise self.changed(kept)
        return kept

    def changed(self, kept: Kept) -> SokeError:
        what = f'the deal "{kept.of}"' if kept.of else "the hash tree"
        fact = f"What was kept of {what} up to entry {kept.seq} was changed on disk, or is of another register."
        return SokeError(f"The register is damaged or was changed. {fact}",
                         "Make a copy with soke register backup: it checks every entry, and leaves this behind.",
                         self._database.where, code="damaged")  # fmt: skip

    def keep(self, of: str, seq: int, day: str, program: str, body: bytes) -> None:
        """Keep what was worked out of the entries up to a number. Where that fails nothing is lost."""
        kept = Kept(of, seq, day, program, b"", body)
        base = self._database
        with suppress(SokeError), base.plainly:
            base.keep(kept._replace(digest=self._digest(kept)), BLOCK)

    def everything(self) -> Iterator[tuple[Kept, bool]]:
        """All that is kept, and whether it is as it was written."""
        base = self._database
        with base.plainly:
            for kept in base.whole_cache():
                yield kept, self._digest(kept) == kept.digest

    def _digest(self, kept: Kept) -> bytes:
        base = self._database
        with base.plainly:
            page = base.page(kept.seq - 1, (), 1)
        leaf = leaf_hash(page[0][1]) if page and page[0][0] == kept.seq else b""
        head = canonical([kept.of, kept.seq, kept.day, kept.program, leaf.hex(), len(kept.body)])
        return hashlib.sha256(head + kept.body).digest()

    # --- the hash tree ---

    def frontier(self) -> Frontier:
        """The hash tree as it was kept last: of so many entries, from which it can grow on."""
        kept = self.kept("", TREE)
        return Frontier() if kept is None else frontier_of(kept)

    def keep_tree(self, size: int, lines: Callable[[int], Iterable[bytes]], day: str, least: int) -> None:
        """Keep the hash tree of ``size`` entries, where ``least`` or more came since; ``lines`` gives those after a
        number."""
        frontier = self.frontier()
        if size - frontier.size < least:
            return
        for line in lines(frontier.size - 1):
            if frontier.size < size:
                frontier.add(leaf_hash(line))
        self.keep("", frontier.size - 1, day, TREE, b"".join(frontier.parts))


def frontier_of(kept: Kept) -> Frontier:
    frontier = Frontier()
    frontier.size = kept.seq + 1
    frontier.parts = [kept.body[at : at + WIDTH] for at in range(0, len(kept.body), WIDTH)]
    return frontier
