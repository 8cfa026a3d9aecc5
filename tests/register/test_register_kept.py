"""What was worked out of a long log is kept beside it: used where it is whole, refused where it was changed."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rehearsal import missed
from test_register_book import GM, NOW, played, spend

from soke.errors import SokeError
from soke.register import book as books
from soke.register import cache as caches
from soke.register import snapshot
from soke.register.book import Book, Timed
from soke.register.checking import check_register
from soke.register.storage import Log


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is added up is kept after each five entries."""
    monkeypatch.setattr(books, "EVERY", 5)


def filled(log: Log, entries: int = 12) -> Book:
    book = played(log, missed())
    for number in range(entries):
        book.record(spend(100 + number), NOW)
    return book


def test_a_new_reader_begins_where_it_was_kept(log: Log) -> None:
    book = filled(log)
    kept = log.cache.kept(GM, snapshot.own_program())
    assert kept is not None and len(log) - kept.seq <= 6
    read: list[int] = []
    stream = log.stream
    log.stream = lambda since=-1, tags=(): (read.append(e["seq"]) or e for e in stream(since, tags))  # type: ignore
    assert Book(log).state(GM) == book.state(GM)
    assert read and min(read) > kept.seq
    assert log.head() == (len(log), log.verify().root())
    assert list(check_register(log))[-1].startswith("The money balances")


def test_another_program_reads_from_the_first_entry(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    book = filled(log)
    monkeypatch.setattr(snapshot, "own_program", lambda: "another")
    assert log.cache.kept(GM, "another") is None
    assert Book(log).state(GM) == book.state(GM)
    list(check_register(log))


def test_a_copy_leaves_it_behind(log: Log, tmp_path: Path) -> None:
    filled(log)
    log.backup(tmp_path / "copy.db")
    with Log.open(tmp_path / "copy.db") as copy:
        assert list(copy.cache.everything()) == []
        assert copy.verify().root() == log.verify().root()


CHANGED = {
    "a byte": lambda kept: kept._replace(body=kept.body[:-1] + bytes([kept.body[-1] ^ 1])),
    "a sum": lambda kept: kept._replace(body=kept.body.replace(b"held", b"help")),
    "its day": lambda kept: kept._replace(day="2026-01-01"),
    "its entry": lambda kept: kept._replace(seq=kept.seq - 1),
    "nothing left": lambda kept: kept._replace(body=b""),
}


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    with Log.create(tmp_path / "gm.db") as log:
        filled(log)
    yield tmp_path / "gm.db"


def edited(file: Path, change: Any, *, digest: bool = False) -> None:
    with Log.open(file) as log:
        kept = log.cache.kept(GM, snapshot.own_program())
        assert kept is not None
        after = change(kept)
        after = after._replace(digest=log.cache._digest(after)) if digest else after
    connection = sqlite3.connect(file)
    connection.execute("DELETE FROM snapshot WHERE of = ?", (GM,))
    connection.execute("INSERT INTO snapshot VALUES (?, ?, ?, ?, ?, ?)", after)
    connection.commit()
    connection.close()


@pytest.mark.parametrize("how", CHANGED)
def test_what_was_changed_on_disk_is_refused(file: Path, how: str) -> None:
    edited(file, CHANGED[how])
    with Log.open(file) as log:
        size = len(log)
        with pytest.raises(SokeError, match=r"What was kept of the deal .* was changed on disk") as refused:
            Book(log).record(spend(7), NOW)
        assert refused.value.code == "damaged" and "soke register backup" in refused.value.fix
        with pytest.raises(SokeError, match="changed on disk"):
            Book(log).state(GM)
        with pytest.raises(SokeError, match="changed on disk"):
            list(check_register(log))
        assert len(log) == size


def test_what_was_forged_with_its_digest_is_found_by_verify(file: Path) -> None:
    """Who can write to the database can forge what is kept as he can forge entries: the whole check finds both."""

    def richer(kept: Any) -> Any:
        with Log.open(file) as log:
            state = snapshot.read(kept.body, log.entry, "here")
        key = next(key for key in state.ledger.balances if key[3] == "held")
        state.ledger.balances[key] += 1
        return kept._replace(body=snapshot.written(state))

    edited(file, richer, digest=True)
    with Log.open(file) as log, pytest.raises(SokeError, match="changed on disk"):
        list(check_register(log))


def test_a_log_that_lost_its_end_does_not_match_what_was_kept(file: Path) -> None:
    connection = sqlite3.connect(file)
    for table in ("entry", "tag"):
        connection.execute(f"DROP TRIGGER {table}_stays")
        connection.execute(f"DELETE FROM {table} WHERE seq > 31")
    connection.commit()
    connection.close()
    with pytest.raises(SokeError, match="changed on disk, or is of another register"), Log.open(file) as log:
        Book(log).state(GM)


def test_of_each_block_of_entries_one_state_stays(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caches, "BLOCK", 20)
    filled(log, 60)
    seqs = [kept.seq for kept, whole in log.cache.everything() if kept.of == GM and whole]
    assert len(seqs) > 2 and len({seq // 20 for seq in seqs}) == len(seqs)
    monkeypatch.setattr(log, "stream", lambda *_: iter(()))
    assert Book(log).state_on(GM, NOW.date()).seq == seqs[-1]  # a day is read from the last state of it


def test_commands_that_are_written_together_are_all_or_up_to_the_first_refused(log: Log) -> None:
    book = played(log, missed())
    before, now = len(log), NOW
    asked = [Timed(spend(100 + number), now, now.date()) for number in range(5)]
    asked[3] = Timed(spend(10**13), now, now.date())
    done, refusal = book.record_together(asked)
    assert [one.number for one in done] == [before, before + 1, before + 2] and len(log) == before + 3
    assert refusal is not None and "less than this would take" in refusal.fact
    assert Book(log).state(GM) == book.state(GM)


def test_others_between_make_it_decide_again(log: Log) -> None:
    book, other = played(log, missed()), Book(log)
    assert book.state(GM).seq == other.state(GM).seq
    other.record(spend(5), NOW)
    done, refusal = book.record_together([Timed(spend(6 + n), NOW + dt.timedelta(hours=n)) for n in range(3)])
    assert refusal is None and [one.number for one in done] == [len(log) - 3, len(log) - 2, len(log) - 1]
