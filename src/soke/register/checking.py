"""A register checked in every way that there is: each entry from disk, each rule, each account, the checkpoint.

A finding is a sentence. What is wrong is raised: a SokeError with the code ``damaged``, or Failed. No check can show
what was never recorded, nor whether what was recorded is true.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from soke.errors import SokeError
from soke.register import snapshot
from soke.register.adding import Sums
from soke.register.book import register_name
from soke.register.cache import TREE, frontier_of
from soke.register.checkpoint import check_still_there
from soke.register.clock import REHEARSAL, is_rehearsal
from soke.register.database import Kept
from soke.register.keys import remark
from soke.register.merkle import Tree
from soke.register.storage import Log
from soke.register.verify import Checkpoint, Failed
from soke.text import counted

NO_CHECKPOINT = "NOT CHECKED: no checkpoint was given, and only one shows a cut end or a history rewritten as a whole."
AT_ONCE = 500  # entries that are replayed from one report of progress to the next
Entry = Mapping[str, Any]
Progress = Callable[[int, int], object]  # how much is done, of how much


def _nothing(done: int, of: int) -> None:
    """What nobody wants to be told."""


def is_register(where: str) -> bool:
    """Whether this names a database; else it is read as a copy, which begins with an object."""
    if "://" in where:
        return True
    if where.endswith(".jsonl"):
        return False
    path = Path(where)
    if not path.is_file():
        return True  # the register says what is wrong with it; and a pipe would be waited for without end
    try:
        with path.open("rb") as file:
            return file.read(1) != b"{"
    except OSError:
        return True  # the register says what is wrong with it


def check_register(log: Log, progress: Progress = _nothing) -> Iterator[str]:
    """What was checked, in sentences. ``progress`` counts entries as they are read and replayed."""
    size, sums, kept = len(log), Sums(log.entry), _Kept(log)

    def take(entry: Entry) -> None:
        if entry["seq"] % AT_ONCE == 0:
            progress(entry["seq"], size)
        sums.take(entry)
        kept.compare(entry, sums)

    tree = log.verify(each=take)
    kept.compare_tree(tree)
    name = register_name(log) or "an empty register"
    yield f"Read {len(tree):,} entries of {name} from disk: none missing, each in its one spelling."
    if is_rehearsal(log):
        yield REHEARSAL
    if lost := remark(log):
        yield lost
    accounts = 0
    for deal, state in sums.states.items():
        for fault in state.ledger.faults():
            raise SokeError(fault, "The accounts do not balance.", deal, code="damaged")
        accounts += len(state.ledger.balances)
    yield f"Replayed every rule from the first entry, for {counted(len(sums.deals), 'deal')}: none is broken."
    yield f"The money balances to the penny: {accounts} accounts, every movement sums to zero, none below zero."


def check_guarded(log: Log) -> None:
    """SokeError where triggers are missing or changed: whoever can write to the register could change it since."""
    if said := log.unguarded():
        fix = "Verify it against the last checkpoint; a backup of it has the triggers again."
        raise SokeError(said, fix, log.where, code="damaged")


class _Kept:
    """What the cache of a register says, beside what its entries add up to. SokeError where the two differ."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._rows: dict[int, list[Kept]] = {}
        for row, whole in log.cache.everything():
            if not whole:
                raise log.cache.changed(row)
            self._rows.setdefault(row.seq, []).append(row)

    def compare(self, entry: Entry, sums: Sums) -> None:
        for row in self._rows.get(entry["seq"], ()):
            if row.program == snapshot.own_program():
                state = snapshot.read(row.body, self._log.entry, self._log.where)
                if state != sums.of(row.of) or row.day != str(state.at)[:10]:
                    raise self._log.cache.changed(row)

    def compare_tree(self, tree: Tree) -> None:
        for row in (row for rows in self._rows.values() for row in rows if row.program == TREE):
            if row.seq >= len(tree) or frontier_of(row).root() != tree.root(row.seq + 1):
                raise self._log.cache.changed(row)


def check_published(log: Log, published: Checkpoint) -> str:
    """Which entries a checkpoint vouches for, in a sentence. Failed where it is of another log, SokeError where the
    register does not begin with what it vouches for. Who signed it is not asked."""
    name = register_name(log) or "an empty register"
    if published.origin != name:
        raise Failed(f"The checkpoint is of the log {published.origin}, and this register is {name}.")
    tree = log.tree()
    check_still_there(tree, published, log.where)
    later = len(tree) - published.size
    newer = f"; for {later:,} newer ones it does not vouch." if later else ", and there are no others."
    return f"The first {published.size:,} entries are those that the checkpoint vouches for{newer}"
