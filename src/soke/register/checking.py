"""A register checked in every way that there is: each entry from disk, each rule, each account, the checkpoint.

A finding is a sentence. What is wrong is raised: a SokeError with the code ``damaged``, or Failed. No check can show
what was never recorded, nor whether what was recorded is true.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from soke.errors import SokeError
from soke.register.book import register_name
from soke.register.checkpoint import check_still_there
from soke.register.clock import REHEARSAL, is_rehearsal
from soke.register.keys import remark
from soke.register.kinds import REGISTER
from soke.register.meaning import state_of
from soke.register.storage import Log
from soke.register.verify import Checkpoint, Failed
from soke.text import counted

NO_CHECKPOINT = "NOT CHECKED: no checkpoint was given, and only one shows a cut end or a history rewritten as a whole."
AT_ONCE = 500  # entries that are replayed from one report of progress to the next
Entry = Mapping[str, Any]
Progress = Callable[[int, int], object]  # how much is done, of how much


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


def check_register(log: Log, progress: Progress = lambda _, __: None) -> Iterator[str]:
    """What was checked, in sentences. ``progress`` counts entries as they are read, and again as they are replayed."""
    size = len(log)
    tree = log.verify(lambda read: progress(read, 2 * size))
    name = register_name(log) or "an empty register"
    yield f"Read {len(tree):,} entries of {name} from disk: none missing, each in its one spelling."
    if is_rehearsal(log):
        yield REHEARSAL
    if lost := remark(log):
        yield lost
    by_deal = _by_deal(log.read())
    total = len(tree) + sum(map(len, by_deal.values()))
    accounts, done = 0, len(tree)
    for deal, entries in by_deal.items():
        accounts += _check_deal(deal, _counted(entries, done, total, progress))
        done += len(entries)
    deals = len(by_deal.keys() - {REGISTER})
    yield f"Replayed every rule from the first entry, for {counted(deals, 'deal')}: none is broken."
    yield f"The money balances to the penny: {accounts} accounts, every movement sums to zero, none below zero."


def _by_deal(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """The entries of each deal and, among them, those about the register itself; these alone where there is no deal."""
    common: list[Entry] = []
    by_deal: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry["deal"] == REGISTER:
            for own in (common, *by_deal.values()):
                own.append(entry)
        else:
            if entry["deal"] not in by_deal:
                by_deal[entry["deal"]] = list(common)
            by_deal[entry["deal"]].append(entry)
    return by_deal or {REGISTER: common}


def _counted(entries: Iterable[Entry], done: int, total: int, progress: Progress) -> Iterator[Entry]:
    for number, entry in enumerate(entries):
        if number % AT_ONCE == 0:
            progress(done + number, total)
        yield entry


def _check_deal(deal: str, entries: Iterable[Entry]) -> int:
    """How many accounts the deal has. SokeError where an entry breaks a rule, or where the accounts do not balance."""
    try:
        state = state_of(deal, entries)
    except SokeError as error:
        raise SokeError(error.fact, error.fix, deal, code="damaged") from None
    for fault in state.ledger.faults():
        raise SokeError(fault, "The accounts do not balance.", deal, code="damaged")
    return len(state.ledger.balances)


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
