"""The log on disk: conditions, two writers, and each way to damage or change it."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soke.errors import SokeError
from soke.register import storage
from soke.register.checkpoint import check_still_there, new_key, sign_head, verifier_text
from soke.register.storage import Conflict, Draft, Log, NothingNew, restore
from soke.register.verify import main, read_checkpoint


def draft(number: int = 0, *tags: str, **changed: Any) -> Draft:
    chosen = {"deal": "gm", "kind": "fund.paid", "at": "2026-04-01T09:30:00Z", "role": "partner", "person": "Ann Bell"}
    return Draft(**(chosen | {"tags": frozenset(tags), "body": {"number": number}} | changed))


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    with Log.create(tmp_path / "register.db") as made:
        yield made


def fill(log: Log, count: int = 20) -> None:
    log.append([draft(number, "deal:gm", f"fund:{number % 3}") for number in range(count)])


def test_what_is_appended_is_read_again_by_tag_and_number(log: Log) -> None:
    assert (len(log), log.read(), log.tree().root()) == (0, [], storage.Tree().root())
    fill(log)
    assert log.append([draft(20, "fund:1")]) == range(20, 21)
    entries = log.read()
    assert [entry["seq"] for entry in entries] == [entry["body"]["number"] for entry in entries] == [*range(21)]
    assert entries[4]["tags"] == ["deal:gm", "fund:1"]
    assert [entry["seq"] for entry in log.read(since=10, tags=["fund:1"])] == [13, 16, 19, 20]
    assert [entry["seq"] for entry in log.read(16, ["fund:0", "deal:gm"])] == [17, 18, 19]
    assert log.read(tags=["fund:9"]) == []
    assert log.verify().root() == log.tree().root()
    assert len(log.verify()) == 21


def test_reading_goes_page_by_page(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "PAGE", 7)
    fill(log, 21)
    assert [entry["seq"] for entry in log.read()] == [*range(21)]
    reading = log.lines()
    next(reading)
    log.append([draft(21)])  # an unfinished reader stands in nobody's way
    assert len([*reading]) == 21


def test_an_append_holds_only_while_nothing_new_was_tagged(log: Log) -> None:
    fill(log, 6)
    both = NothingNew(frozenset({"fund:1", "power:buses"}), since=4)
    log.append([draft(6, "power:trams")], [both])
    log.append([draft(7, "power:buses")], [both])
    with pytest.raises(Conflict, match="Entry 7 about power:buses came first"):
        log.append([draft(8)], [both])
    once = NothingNew(frozenset({"command:17"}))
    log.append([draft(8, "command:17")], [once])
    with pytest.raises(Conflict):
        log.append([draft(8, "command:17")], [once])
    assert len(log) == 9


@pytest.mark.parametrize(
    "changed",
    [
        {"at": "2026-13-01T00:00:00Z"}, {"deal": ""}, {"kind": None}, {"person": ""}, {"tags": frozenset({""})},
        {"tags": frozenset({1, "a"})}, {"body": {"x": 1.5}}, {"body": {"x": 2**53}}, {"body": {"x": "\x00"}},
        {"body": {"x": "\ud800"}}, {"body": []}, {"body": {"x": "a" * 1_000_000}},
        {"tags": frozenset(map(str, range(101)))},
    ],
)  # fmt: skip
def test_what_is_no_entry_is_refused_and_nothing_is_written(log: Log, changed: dict[str, Any]) -> None:
    with pytest.raises(SokeError):
        log.append([draft(0, "a"), draft(1, **changed)])
    assert len(log) == 0
    assert log.append([draft(0, "a")]) == range(1)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(st.text(max_size=5), st.text(max_size=5) | st.integers() | st.floats(), max_size=4),
    st.frozensets(st.text(max_size=4), max_size=4),
)
def test_any_body_is_kept_exactly_or_refused(log: Log, body: dict[str, Any], tags: frozenset[str]) -> None:
    before = len(log)
    try:
        log.append([draft(0, *tags, body=body)])
    except SokeError:
        assert len(log) == before
    else:
        (entry,) = log.read(since=before - 1)
        assert (entry["body"], entry["tags"]) == (body, sorted(tags))
        assert len(log.verify()) == before + 1


def test_the_database_itself_refuses_to_change(log: Log) -> None:
    fill(log)
    with sqlite3.connect(log.path) as other:
        for statement in (
            "UPDATE entry SET line = x'00' WHERE seq = 3", "DELETE FROM entry WHERE seq = 19", "DELETE FROM tag",
            "UPDATE tag SET tag = 'x'", "INSERT INTO entry VALUES (25, x'00')", "INSERT INTO tag VALUES ('x', 3)",
            "INSERT OR REPLACE INTO entry VALUES (3, x'00')", "REPLACE INTO tag VALUES ('fund:0', 3)",
        ):  # fmt: skip
            with pytest.raises(sqlite3.IntegrityError, match="only grows"):
                other.execute(statement)
    other.close()
    log.verify()


def test_of_two_writers_who_read_the_same_one_gets_a_conflict(log: Log) -> None:
    fill(log, 3)
    results: list[object] = []
    ready = threading.Barrier(2)

    def write(number: int) -> None:
        with Log.open(log.path) as mine:
            seen = len(mine) - 1
            ready.wait()
            try:
                results.append(mine.append([draft(number, "fund:1")], [NothingNew(frozenset({"fund:1"}), seen)]))
            except Conflict as error:
                results.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "range"]
    assert len(log) == 4


def test_a_file_kept_busy_by_another_is_a_conflict(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "WAIT_MS", 50)
    other = sqlite3.connect(log.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with Log.open(log.path) as mine, pytest.raises(Conflict, match="busy"):
        mine.append([draft()])
    other.close()
    log.append([draft()])


def changed_behind(log: Log, *statements: str) -> None:
    """What somebody with the file can do: drop the triggers, then anything."""
    other = sqlite3.connect(log.path)
    names = other.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for statement in (*(f"DROP TRIGGER {name}" for (name,) in names), *statements):
        other.execute(statement)
    other.commit()
    other.close()


EDIT = "UPDATE entry SET line = replace(line, '\"number\":7', '\"number\":8') WHERE seq = 7"
BY_ITSELF = {
    "deleted": (["DELETE FROM entry WHERE seq = 7"], "holds 19 entries"),
    "rows renumbered": (
        ["UPDATE entry SET seq = 100 WHERE seq = 7", "UPDATE entry SET seq = seq - 1 WHERE seq BETWEEN 8 AND 19",
         "UPDATE entry SET seq = 19 WHERE seq = 100"], "stands where entry",
    ),
    "spelling": (["UPDATE entry SET line = CAST(replace(line, ':7', ': 7') AS BLOB) WHERE seq = 7"], "spelling"),
    "tag removed": (["DELETE FROM tag WHERE seq = 7 AND tag = 'fund:1'"], "differs from what entry 7 says"),
    "tag added": (["INSERT INTO tag VALUES ('power:x', 7)"], "differs from what entry 7 says"),
    "tag of no entry": (["INSERT INTO tag VALUES ('power:x', 70)"], "lists entry 70"),
    "text for bytes": (["UPDATE entry SET line = 'gone' WHERE seq = 19"], "not JSON"),
}  # fmt: skip


@pytest.mark.parametrize("how", BY_ITSELF)
def test_what_verify_finds_without_a_checkpoint(log: Log, how: str) -> None:
    fill(log)
    statements, said = BY_ITSELF[how]
    changed_behind(log, *statements)
    with pytest.raises(SokeError, match="damaged or was changed") as error, Log.open(log.path) as opened:
        opened.verify()
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        ([EDIT], "the register was changed"),
        (["DELETE FROM entry WHERE seq > 16", "DELETE FROM tag WHERE seq > 16"], "its end is missing"),
    ],
)
def test_an_edited_body_and_a_cut_tail_are_found_by_the_published_checkpoint(
    log: Log, statements: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(log)
    note = tmp_path / "checkpoint"
    note.write_bytes(sign_head(log.tree(), new_key("soke.example/gm")))
    changed_behind(log, *statements)
    with Log.open(log.path) as opened:
        opened.verify()  # by itself the copy is well made
        with pytest.raises(SokeError, match=said):
            check_still_there(opened.verify(), read_checkpoint(note.read_bytes()), "register")
        opened.export(tmp_path / "log.jsonl")
    with pytest.raises(SokeError, match=said):
        Log.open(log.path, read_checkpoint(note.read_bytes()))
    assert main([str(tmp_path / "log.jsonl"), "--checkpoint", str(note), "--no-signature"]) == 1
    capsys.readouterr()


def test_a_flipped_byte_anywhere_is_found_or_changes_nothing(log: Log, tmp_path: Path) -> None:
    fill(log, 60)
    log.close()
    whole = log.path.read_bytes()
    with Log.open(log.path) as again:
        tree = again.verify()
    checkpoint = read_checkpoint(sign_head(tree, new_key("soke.example/gm")))
    copy, found = tmp_path / "copy.db", 0
    for at in range(13, len(whole), 397):
        content = bytearray(whole)
        content[at] ^= 0x41
        copy.write_bytes(content)
        try:
            with Log.open(copy, checkpoint) as opened:
                assert opened.verify().root(60) == checkpoint.root
        except SokeError:
            found += 1
    assert found > 20


def test_a_truncated_write_ahead_log_loses_only_the_end_and_the_checkpoint_tells(log: Log, tmp_path: Path) -> None:
    for number in range(30):
        log.append([draft(number, "deal:gm")])
    checkpoint = read_checkpoint(sign_head(log.tree(), new_key("soke.example/gm")))
    wal = Path(f"{log.path}-wal").read_bytes()
    copy = tmp_path / "copy.db"
    for keep in (len(wal) * 2 // 3, len(wal) - 1):
        shutil.copy(log.path, copy)
        Path(f"{copy}-wal").write_bytes(wal[:keep])
        Path(f"{copy}-shm").unlink(missing_ok=True)
        with Log.open(copy) as opened:
            assert 0 < len(opened.verify()) < 30
        with pytest.raises(SokeError, match="its end is missing"):
            Log.open(copy, checkpoint)


def test_a_full_disk_is_said_and_nothing_is_half_written(log: Log) -> None:
    fill(log)
    (pages,) = log._connection.execute("PRAGMA page_count").fetchone()
    log._connection.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(SokeError, match="disk is full"):
        log.append([draft(number, body={"text": "a" * 5_000}) for number in range(20)])
    assert len(log.verify()) == 20
    log._connection.execute("PRAGMA max_page_count = 100000")
    assert log.append([draft(20)]) == range(20, 21)


def test_backup_while_writing_and_restore_have_the_same_head(log: Log, tmp_path: Path) -> None:
    fill(log)
    stop = threading.Event()

    def write() -> None:
        with Log.open(log.path) as mine:
            while not stop.is_set():
                mine.append([draft(len(mine), "deal:gm")])

    writer = threading.Thread(target=write)
    writer.start()
    try:
        size, root = log.backup(tmp_path / "backup.db")
    finally:
        stop.set()
        writer.join()
    assert size >= 20
    assert log.tree().root(size) == root
    assert restore(tmp_path / "backup.db", tmp_path / "again.db") == (size, root)
    with Log.open(tmp_path / "again.db") as again:
        again.append([draft(size)])
        assert len(again.verify()) == size + 1
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".soke")]
    with pytest.raises(SokeError, match="never overwrites"):
        log.backup(tmp_path / "backup.db")


def test_files_that_are_no_register_are_refused_and_left_alone(log: Log, tmp_path: Path) -> None:
    with pytest.raises(SokeError, match="exists"):
        Log.create(log.path)
    with pytest.raises(SokeError, match="no such register"):
        Log.open(tmp_path / "none")
    with pytest.raises(SokeError, match="cannot be written"):
        Log.create(tmp_path / "none" / "register.db")
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as made:
        made.execute("CREATE TABLE entry (seq)")
    made.close()
    before = other.read_bytes()
    with pytest.raises(SokeError, match="not a register of Soke"):
        Log.open(other)
    assert other.read_bytes() == before
    for content in (b"", b"no database, but long enough to be looked at" * 30):
        other.write_bytes(content)
        with pytest.raises(SokeError):
            Log.open(other)


def test_three_writers_killed_at_once_lose_nothing_that_was_acknowledged() -> None:
    bench = Path(__file__).parents[2] / "bench" / "register.py"
    done = subprocess.run([sys.executable, str(bench), "--kill", "8"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "8 rounds" in done.stdout and ", 0 lost" in done.stdout


def test_the_export_is_what_anyone_can_verify(log: Log, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill(log)
    key = new_key("soke.example/gm")
    (tmp_path / "key").write_text(verifier_text(key.verifier))
    (tmp_path / "checkpoint").write_bytes(sign_head(log.tree(), key))
    assert log.export(tmp_path / "log.jsonl") == 20
    assert [json.loads(line)["seq"] for line in (tmp_path / "log.jsonl").read_bytes().splitlines()] == [*range(20)]
    command = [tmp_path / "log.jsonl", "--checkpoint", tmp_path / "checkpoint", "--key", tmp_path / "key"]
    assert main([str(part) for part in command]) == 0
    assert "VERIFIED. The checkpoint is signed" in capsys.readouterr().out
