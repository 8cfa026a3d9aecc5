"""What only a register in a file can suffer: bytes, the write-ahead log, permissions, kill -9 of its writers."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from registers import draft, fill

from soke.errors import SokeError
from soke.register.checkpoint import new_key, sign_head
from soke.register.sqlite import Sqlite
from soke.register.storage import Log
from soke.register.verify import read_checkpoint


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "register.db"


@pytest.fixture
def log(file: Path) -> Iterator[Log]:
    with Log.create(file) as made:
        yield made


def test_a_flipped_byte_anywhere_is_found_or_changes_nothing(log: Log, file: Path, tmp_path: Path) -> None:
    fill(log, 130)
    log.close()
    whole = file.read_bytes()
    with Log.open(file) as again:
        tree = again.verify()
    checkpoint = read_checkpoint(sign_head(tree, new_key("soke.example/gm")))
    copy, found = tmp_path / "copy.db", 0
    for at in range(13, len(whole), 797):
        content = bytearray(whole)
        content[at] ^= 0x41
        copy.write_bytes(content)
        try:
            with Log.open(copy, checkpoint) as opened:
                assert opened.verify().root(130) == checkpoint.root
        except SokeError:
            found += 1
    assert found > 20


def test_a_truncated_write_ahead_log_loses_only_the_end_and_the_checkpoint_tells(
    log: Log, file: Path, tmp_path: Path
) -> None:
    for number in range(30):
        log.append([draft(number, "deal:gm")])
    checkpoint = read_checkpoint(sign_head(log.tree(), new_key("soke.example/gm")))
    wal = Path(f"{file}-wal").read_bytes()
    copy = tmp_path / "copy.db"
    for keep in (len(wal) * 2 // 3, len(wal) - 1):
        shutil.copy(file, copy)
        Path(f"{copy}-wal").write_bytes(wal[:keep])
        Path(f"{copy}-shm").unlink(missing_ok=True)
        with Log.open(copy) as opened:
            assert 0 < len(opened.verify()) < 30
        with pytest.raises(SokeError, match="its end is missing"):
            Log.open(copy, checkpoint)


def test_a_full_disk_is_said_and_nothing_is_half_written(log: Log) -> None:
    fill(log)
    base = log._database
    assert isinstance(base, Sqlite)
    (pages,) = base.connection.execute("PRAGMA page_count").fetchone()
    base.connection.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(SokeError, match="disk is full"):
        log.append([draft(number, body={"text": "a" * 5_000}) for number in range(20)])
    assert len(log.verify()) == 20
    base.connection.execute("PRAGMA max_page_count = 100000")
    assert log.append([draft(20)]) == range(20, 21)


def test_files_that_are_no_register_are_refused_and_left_alone(log: Log, file: Path, tmp_path: Path) -> None:
    with pytest.raises(SokeError, match="exists"):
        Log.create(file)
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


# --- readers who may not write ---


@pytest.fixture
def shelf() -> Iterator[Path]:
    """A folder that other users can reach."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def as_nobody(read: Callable[[], object]) -> object:
    """What a process without any rights reads."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)
            try:
                said = read()
            except SokeError as error:
                said = str(error)
            os.write(writer, json.dumps(said).encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        content = pipe.read()
    os.waitpid(child, 0)
    return json.loads(content)


def test_a_reader_without_rights_reads_a_file_at_rest_and_one_in_use(shelf: Path) -> None:
    file = shelf / "register.db"

    def read() -> object:
        with Log.open(file, write=False) as log:
            return [len(log.verify()), len(log.read(tags=["fund:1"])), log.remark[:28]]

    def write() -> object:
        return Log.open(file).where

    with Log.create(file) as log:
        fill(log)
    file.chmod(0o444)
    shelf.chmod(0o555)
    assert as_nobody(read) == [20, 7, "The folder cannot be written"]
    assert "cannot be opened to write" in str(as_nobody(write))
    assert sorted(path.name for path in shelf.iterdir()) == ["register.db"]
    shelf.chmod(0o755)
    file.chmod(0o644)
    with Log.open(file) as log:
        log.append([draft(20)])
        shelf.chmod(0o555)
        assert as_nobody(read) == [21, 7, ""]
        Path(f"{file}-wal").chmod(0o600)
        if os.geteuid() == 0:
            assert "latest entries are in register.db-wal" in str(as_nobody(read))
        shelf.chmod(0o755)


def test_a_reader_leaves_no_files_behind_and_changes_nothing(log: Log, file: Path) -> None:
    fill(log)
    log.close()
    before = file.read_bytes()
    with Log.open(file, write=False) as reader:
        assert len(reader.verify()) == 20
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == ["register.db"]
