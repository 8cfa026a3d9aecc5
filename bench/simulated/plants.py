"""Bugs that a register may have, planted one at a time into the real modules: the simulator must catch each."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from soke.deal.ladder import Ladder, ladder_of
from soke.register import inheritance, ledger, meaning, verify
from soke.register.acts import agreement, corrections, funds
from soke.register.book import Book, Group
from soke.register.ledger import Leg, leg_of
from soke.register.sqlite import Sqlite
from soke.register.storage import Draft, Log, NothingNew
from soke.register.verify import Checkpoint, Failed, KeySpan, Trust, VerifierKey, cosigned

Plant = Callable[[], Any]


@contextmanager
def double_append() -> Iterator[None]:
    """A command that is sent again is not looked for, and may be written again."""
    append = Log.append

    def careless(self: Log, drafts: Sequence[Draft], conditions: Iterable[NothingNew] = ()) -> range:
        kept = [one for one in conditions if not any(tag.startswith("command:") for tag in one.tags)]
        return append(self, drafts, kept)

    with patch.object(Group, "_recorded", lambda self, command: None), patch.object(Log, "append", careless):
        yield


@contextmanager
def unbalanced_leg() -> Iterator[None]:
    """What is released loses a penny on its way back, and nobody adds the legs up."""
    legs_of = funds.legs_of

    def short(state: Any, act: Any) -> tuple[Leg, ...]:
        found = legs_of(state, act)
        if act.kind != "fund.released":
            return found
        return *found[:-1], found[-1]._replace(pence=found[-1].pence - 1)

    with (
        patch.object(funds, "legs_of", short),
        patch.object(ledger, "check_balanced", lambda legs: None),
        patch.object(meaning, "check_balanced", lambda legs: None),
        patch.object(ledger.Ledger, "faults", lambda self: iter(())),
    ):
        yield


def _ladder(change: Callable[[Any], Iterable[Any]]) -> Any:
    def changed(deal: str, framework: str) -> Ladder:
        ladder = ladder_of(agreement.terms_of(deal, framework))
        return dataclasses.replace(ladder, transitions=tuple(row for one in ladder.transitions for row in change(one)))

    return patch.object(agreement, "ladder_of_texts", changed)


@contextmanager
def skipped_cure() -> Iterator[None]:
    """The hearing may come without a cure."""

    def change(row: Any) -> Iterable[Any]:
        hearing = row.action == "hearing"
        return (row, dataclasses.replace(row, state="answered", after="", earliest=0)) if hearing else (row,)

    with _ladder(change):
        yield


@contextmanager
def skipped_appeal() -> Iterator[None]:
    """A recall may come a day before the time to appeal is over."""

    def change(row: Any) -> Iterable[Any]:
        return (dataclasses.replace(row, earliest=row.earliest - 1) if row.action == "recall" else row,)

    with _ladder(change):
        yield


@contextmanager
def lost_commit() -> Iterator[None]:
    """An append is acknowledged, and committed with the next one."""
    begin, commit = Sqlite.begin, Sqlite.commit

    def lazy_begin(self: Sqlite, write: bool) -> None:
        if not self.connection.in_transaction:
            begin(self, write)

    def lazy_commit(self: Sqlite) -> None:
        if self.size() % 4 == 0:
            commit(self)

    with patch.object(Sqlite, "begin", lazy_begin), patch.object(Sqlite, "commit", lazy_commit):
        yield


@contextmanager
def cut_tail() -> Iterator[None]:
    """Whoever opens the register again takes its last entry for half-written, and removes it."""
    opened = Sqlite.open.__func__  # type: ignore[attr-defined]

    def tidy(kind: type[Sqlite], where: Any, write: bool) -> Sqlite:
        found: Sqlite = opened(kind, where, write)
        last = found.size() - 1
        for table in ("entry", "tag") if last % 3 == 0 else ():
            found.connection.execute(f"DROP TRIGGER {table}_stays")
            found.connection.execute(f"DELETE FROM {table} WHERE seq = {last}")
            found.connection.execute(
                f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'the register only grows'); END"
            )
        return found

    with patch.object(Sqlite, "open", classmethod(tidy)):
        yield


@contextmanager
def minting_correction() -> Iterator[None]:
    """What a correction sets right is added, and what it corrects is not taken back."""
    outcome = corrections._outcome

    def minted(state: Any, act: Any) -> Any:
        trial, filled, stands = outcome(state, act)
        if stands is None or not filled.get("legs"):
            return trial, filled, stands
        legs = [leg_of(leg) for leg in stands.get("legs", ())]
        trial = corrections.trial_of(state)
        trial.ledger.post(legs)
        trial.corrected[act.body["entry"]] = stands
        return trial, filled | {"legs": [leg.body() for leg in legs]}, stands

    with patch.object(corrections, "_outcome", minted):
        yield


@contextmanager
def stale_snapshot() -> Iterator[None]:
    """What was kept of a deal is believed to be as new as the log: entries that came since are passed over."""
    kept = Book._kept

    def stale(self: Book, deal: str, last_day: str = "9999") -> Any:
        state = kept(self, deal, last_day)
        if state.seq > 0:
            state.seq = max(state.seq, len(self.log) - 2)
        return state

    with patch.object(Book, "_kept", stale):
        yield


@contextmanager
def twice_inherited() -> Iterator[None]:
    """Each heir has the whole, and not its share."""
    with patch.object(inheritance, "shared", lambda total, shares: [total for _ in shares]):
        yield


@contextmanager
def key_signs_backwards() -> Iterator[None]:
    """A key that was rotated in signs for any size, also for one before its own entry."""

    def newest(self: Trust, size: int) -> KeySpan | None:
        return self.keys[-1] if self.keys else None

    with patch.object(Trust, "in_force", newest):
        yield


@contextmanager
def witness_counted_twice() -> Iterator[None]:
    """Cosignatures are counted, and not those who gave them."""

    def count_lines(whose: str, checkpoint: Checkpoint, witnesses: Sequence[VerifierKey], need: int) -> list[str]:
        lines = [dataclasses.replace(checkpoint, signatures=(line,)) for line in checkpoint.signatures]
        found = [one.name for one in witnesses for line in lines if cosigned(line, one) is not None]
        if len(found) < need:
            raise Failed(f"Of the witnesses that {whose}, {len(found)} cosigned it, and {need} are needed.")
        return [f"Cosigned by {', '.join(found)}."] if found else []

    with patch.object(verify, "count_witnesses", count_lines):
        yield


PLANTS: dict[str, Plant] = {
    "double-append": double_append, "unbalanced-leg": unbalanced_leg, "skipped-cure": skipped_cure,
    "skipped-appeal": skipped_appeal, "lost-commit": lost_commit, "cut-tail": cut_tail,
    "minting-correction": minting_correction, "stale-snapshot": stale_snapshot,
    "twice-inherited": twice_inherited, "key-signs-backwards": key_signs_backwards,
    "witness-counted-twice": witness_counted_twice,
}  # fmt: skip


@contextmanager
def planted(name: str) -> Iterator[None]:
    """While inside, the bug is there; with no name, none is."""
    if not name:
        yield
        return
    with PLANTS[name]():
        yield
