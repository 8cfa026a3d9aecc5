"""The log in both databases: conditions, two writers, and each way to change it. One suite, SQLite and PostgreSQL."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from registers import Keeper, draft, fill

from soke.errors import SokeError
from soke.register import database
from soke.register.checkpoint import check_still_there, new_key, sign_head, verifier_text
from soke.register.merkle import Tree
from soke.register.storage import Conflict, Log, NothingNew
from soke.register.verify import main, read_checkpoint


def another(where: Path | str) -> Path | str:
    return f"{where}_again" if isinstance(where, str) else where.with_name("again.db")


def test_what_is_appended_is_read_again_by_tag_and_number(log: Log) -> None:
    assert (len(log), log.read(), log.tree().root()) == (0, [], Tree().root())
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
    monkeypatch.setattr(database, "PAGE", 7)
    fill(log, 21)
    assert [entry["seq"] for entry in log.read()] == [*range(21)]
    assert [entry["seq"] for entry in log.read(tags=["deal:gm", "fund:1"])] == [*range(21)]
    assert [entry["seq"] for entry in log.read(2, ["fund:0", "fund:1"])] == [n for n in range(3, 21) if n % 3 < 2]
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
        {"tags": frozenset(map(str, range(101)))}, {"tags": frozenset({"a" * 501})}, {"tags": frozenset({"é" * 251})},
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


def test_the_database_itself_refuses_to_change(log: Log, keeper: Keeper) -> None:
    fill(log)
    blob = "'\\x00'" if keeper.postgres else "x'00'"
    only = (
        ("TRUNCATE entry, tag", f"INSERT INTO entry VALUES (21, {blob}), (20, {blob}), (22, {blob}), (24, {blob})",
         f"INSERT INTO entry VALUES (20, {blob}), (22, {blob})",
         f"INSERT INTO entry VALUES (3, {blob}) ON CONFLICT (seq) DO UPDATE SET line = excluded.line")
        if keeper.postgres else
        (f"INSERT OR REPLACE INTO entry VALUES (3, {blob})", "REPLACE INTO tag VALUES ('fund:0', 3)")
    )  # fmt: skip
    for statement in (
        f"UPDATE entry SET line = {blob} WHERE seq = 3", "DELETE FROM entry WHERE seq = 19", "DELETE FROM tag",
        "UPDATE tag SET tag = 'x'", f"INSERT INTO entry VALUES (25, {blob})", f"INSERT INTO entry VALUES (-1, {blob})",
        "INSERT INTO tag VALUES ('x', 3)", "INSERT INTO tag VALUES ('x', 70)", *only,
    ):  # fmt: skip
        with pytest.raises(Exception, match="only grows"):
            keeper.execute(statement)
    assert len(log.verify()) == 20


def test_of_two_writers_who_read_the_same_one_gets_a_conflict(log: Log, where: Path | str) -> None:
    fill(log, 3)
    results: list[object] = []
    ready = threading.Barrier(2)

    def write(number: int) -> None:
        with Log.open(where) as mine:
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


def test_a_register_kept_busy_by_another_is_a_conflict(
    log: Log, where: Path | str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "WAIT_MS", 50)
    with Log.open(where) as other, Log.open(where) as mine:
        other._database.begin(write=True)
        with pytest.raises(Conflict, match="busy"):
            mine.append([draft()])
        other._database.rollback()
        assert mine.append([draft()]) == range(1)


BY_ITSELF = {
    "deleted": (["DELETE FROM entry WHERE seq = 7"], "holds 19 entries"),
    "rows renumbered": (
        ["UPDATE entry SET seq = 100 WHERE seq = 7",
         *(f"UPDATE entry SET seq = {seq - 1} WHERE seq = {seq}" for seq in range(8, 20)),
         "UPDATE entry SET seq = 19 WHERE seq = 100"], "stands where entry",
    ),
    "tag removed": (["DELETE FROM tag WHERE seq = 7 AND tag = 'fund:1'"], "differs from what entry 7 says"),
    "tag added": (["INSERT INTO tag VALUES ('power:x', 7)"], "differs from what entry 7 says"),
    "tag of no entry": (["INSERT INTO tag VALUES ('power:x', 70)"], "lists entry 70"),
    "text for bytes": (["UPDATE entry SET line = 'gone' WHERE seq = 19"], "not JSON"),
    "no table": (["DROP TABLE tag"], "tag"),
}  # fmt: skip


@pytest.mark.parametrize("how", BY_ITSELF)
def test_what_verify_finds_without_a_checkpoint(log: Log, where: Path | str, keeper: Keeper, how: str) -> None:
    fill(log)
    statements, said = BY_ITSELF[how]
    keeper.drop_triggers()
    keeper.execute(*statements)
    match = "cannot be used" if how == "no table" and not keeper.postgres else "damaged or was changed"
    with pytest.raises(SokeError, match=match) as error, Log.open(where) as opened:
        opened.verify()
    assert said in str(error.value)


@pytest.mark.parametrize("seq", [63, 64, 128])
def test_a_tag_is_missed_wherever_it_was(log: Log, keeper: Keeper, seq: int) -> None:
    """Entries are verified many at a time: the first and the last of them count as well."""
    fill(log, 129)
    keeper.drop_triggers()
    keeper.execute(f"DELETE FROM tag WHERE seq = {seq} AND tag = 'deal:gm'")
    with pytest.raises(SokeError, match=f"differs from what entry {seq} says"):
        log.verify()


def test_another_spelling_is_found_and_never_copied(log: Log, keeper: Keeper, tmp_path: Path) -> None:
    fill(log)
    keeper.drop_triggers()
    keeper.edit(":7", ": 7", "seq = 7")
    with pytest.raises(SokeError, match="spelling"):
        log.verify()
    with pytest.raises(SokeError, match="spelling"):
        log.backup(tmp_path / "backup.db")
    assert not [path for path in tmp_path.iterdir() if "backup" in path.name or path.name.startswith(".soke")]


@pytest.mark.parametrize(("how", "said"), [("edit", "the register was changed"), ("cut", "its end is missing")])
def test_an_edited_body_and_a_cut_tail_are_found_by_the_published_checkpoint(
    log: Log, where: Path | str, keeper: Keeper, how: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(log)
    note = tmp_path / "checkpoint"
    note.write_bytes(sign_head(log.tree(), new_key("soke.example/gm")))
    keeper.drop_triggers()
    if how == "edit":
        keeper.edit('"number":7', '"number":8', "seq = 7")
    else:
        keeper.execute("DELETE FROM entry WHERE seq > 16", "DELETE FROM tag WHERE seq > 16")
    with Log.open(where) as opened:
        opened.verify()  # by itself the copy is well made
        with pytest.raises(SokeError, match=said):
            check_still_there(opened.verify(), read_checkpoint(note.read_bytes()), "register")
        opened.export(tmp_path / "log.jsonl")
    with pytest.raises(SokeError, match=said):
        Log.open(where, read_checkpoint(note.read_bytes()))
    assert main([str(tmp_path / "log.jsonl"), "--checkpoint", str(note), "--no-signature"]) == 1
    capsys.readouterr()


def test_backup_while_writing_and_restore_have_the_same_head(log: Log, where: Path | str, tmp_path: Path) -> None:
    fill(log)
    stop = threading.Event()

    def write() -> None:
        with Log.open(where) as mine:
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
    with Log.open(tmp_path / "backup.db", write=False) as backup:
        assert backup.backup(another(where)) == (size, root)
    with Log.open(another(where)) as again:
        again.append([draft(size)])
        assert len(again.verify()) == size + 1
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".soke")]
    with pytest.raises(SokeError, match="never overwrites"):
        log.backup(tmp_path / "backup.db")
    with pytest.raises(SokeError, match="overwrit"):
        log.backup(another(where))


def test_a_backup_that_fails_leaves_nothing(log: Log, where: Path | str, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(log)
    monkeypatch.setattr(Log, "verify", lambda self: Tree([b"something else"]))
    with pytest.raises(SokeError, match="The copy differs"):
        log.backup(another(where))
    monkeypatch.undo()
    with pytest.raises(SokeError, match="no such register"):
        Log.open(another(where))
    log.backup(another(where))


def test_a_reader_reads_and_never_writes(log: Log, where: Path | str, tmp_path: Path) -> None:
    fill(log)
    with Log.open(where, write=False) as reader:
        with pytest.raises(SokeError, match="opened to be read only"):
            reader.append([draft()])
        log.append([draft(20)])
        assert (len(reader), len(reader.read(tags=["fund:1"])), len(reader.verify())) == (21, 7, 21)
        assert (reader.tree().root(), reader.remark) == (log.tree().root(), "")
        assert reader.export(tmp_path / "log.jsonl") == 21
        assert reader.backup(tmp_path / "backup.db") == (21, log.tree().root())


def test_same_entries_same_root_in_both_databases(log: Log) -> None:
    """The root is written down here, so each database is compared with it and so with the other."""
    body = {"\ufb33": "\U0001f600", "text": '\u00fc \\ " \n'}
    log.append([draft(0, "z", "\u00e9", "\U0001f600", "\ufb33", "a", body=body)])
    log.append([draft(number, f"n:{number % 4}") for number in range(1, 30)])
    assert log.verify().root().hex() == "3375d77b2ec24f2a1654eb4134927954421ad3c857e92ae58fcc0dcd86a23eba"
    assert log.read(tags=["\U0001f600"])[0]["tags"] == ["a", "z", "\u00e9", "\ufb33", "\U0001f600"]
    assert len(log.read(tags=["n:1", "n:3", "\u00e9"])) == 16


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


def test_who_comes_second_in_the_last_instant_replaces_nothing(where: Path | str, tmp_path: Path) -> None:
    """Between the look whether anything is there and the placing somebody else opens a register."""
    with Log.create(tmp_path / "mine.db") as mine:
        fill(mine, 3)
        with pytest.raises(SokeError, match="exists, and"):
            mine.backup(where, first=lambda: Log.create(where).close())
    with Log.open(where) as other:
        assert len(other) == 0


@pytest.mark.parametrize("address", [
    "postgresql+psycopg://u:sekret@h/x", "POSTGRESQL+x://u:sekret@h/x", "jdbc:postgresql://u:sekret@h/x",
    "mysql://u:sekret@h/x", " postgresql://u:sekret@h/x", "POSTGRESQL://u:sekret@h:x/x",
])  # fmt: skip
@pytest.mark.parametrize("kind", [str, Path])
def test_an_address_that_is_not_understood_is_not_shown(address: str, kind: type) -> None:
    for act in (Log.open, Log.create):
        with pytest.raises(SokeError) as refused:
            act(kind(address))
        assert "sekret" not in str(refused.value)
