"""Copies and what lies beside them: leftovers of SQLite, files that are something else, a full disk, lost triggers."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from registers import Keeper, draft, fill
from test_ballot_box import PAPER

from soke.community.voting.paper import read_paper
from soke.errors import SokeError
from soke.files import place_whole
from soke.register import sqlite
from soke.register.ballot_box import BallotBox
from soke.register.book import open_book
from soke.register.checking import check_guarded
from soke.register.database import InDoubt, Taken
from soke.register.leftovers import ENDINGS
from soke.register.merkle import Tree
from soke.register.opening import open_register
from soke.register.sqlite import Sqlite
from soke.register.storage import Log
from soke.register.verify import leaf_hash

NAME, NOW = "soke.example/gm", dt.datetime(2026, 4, 1, 9, tzinfo=dt.UTC)
BENCH = Path(__file__).parents[2] / "bench" / "register.py"


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Log]:
    """A register of 21 entries, of which a copy is to be made."""
    (tmp_path / "source").mkdir()
    with Log.create(tmp_path / "source" / "gm.db") as log:
        open_book(log, NAME, ["Ann Keeper"], NOW)
        log.append([draft(number, "deal:gm", f"fund:{number % 3}") for number in range(20)])
        yield log


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is made once for all tests of this file, and copied from here."""
    return tmp_path_factory.mktemp("shelf")


@pytest.fixture
def left(shelf: Path) -> Callable[[str], Path]:
    return lambda kind: leftover(shelf, kind)


def leftover(shelf: Path, kind: str) -> Path:
    """A file that another register, or a program that was killed, left beside its database."""
    path = shelf / f"left{kind}" / "other.db"
    if path.parent.exists():
        return Path(f"{path}{kind}")
    path.parent.mkdir()
    if kind == "-journal":  # a hot one: killed in the midst of a transaction that had begun to reach the file
        script = f"""if True:
            import os, sqlite3
            base = sqlite3.connect({str(path)!r}, isolation_level=None)
            base.execute("CREATE TABLE t (a)")
            base.execute("BEGIN")
            base.executemany("INSERT INTO t VALUES (?)", [("x" * 900,) for _ in range(500)])
            base.execute("COMMIT")
            base.execute("PRAGMA cache_size = 5")
            base.execute("BEGIN IMMEDIATE")
            base.execute("UPDATE t SET a = replace(a, 'x', 'y')")
            os._exit(0)"""
    else:
        script = f"""if True:
            import os
            from pathlib import Path
            from registers import draft, fill
            from soke.register.storage import Log
            log = Log.create(Path({str(path)!r}))
            fill(log, 60)
            os._exit(0)"""
    subprocess.run([sys.executable, "-c", script], check=True, env=os.environ | {"PYTHONPATH": ":".join(sys.path)})
    assert Path(f"{path}{kind}").stat().st_size
    return Path(f"{path}{kind}")


def everything(folder: Path) -> dict[str, bytes | None]:
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


class TestLeftovers:
    @pytest.mark.parametrize("kind", ENDINGS)
    @pytest.mark.parametrize("what", ["real", "empty", "link", "lost link", "folder", "pipe"])
    def test_a_copy_is_not_made_beside_one(
        self, source: Log, tmp_path: Path, left: Callable[[str], Path], kind: str, what: str
    ) -> None:
        there = tmp_path / f"b.db{kind}"
        real = left(kind) if what in ("real", "link") else None
        if real is not None and what == "real":
            shutil.copy(real, there)
        elif what == "empty":
            there.touch()
        elif what.endswith("link"):
            there.symlink_to(real or tmp_path / "nowhere")
        elif what == "folder":
            there.mkdir()
        else:
            os.mkfifo(there)
        before = sorted(path.name for path in tmp_path.iterdir())
        for make in (
            lambda: source.backup(tmp_path / "b.db"),
            lambda: Log.create(tmp_path / "b.db"),
            lambda: open_register(tmp_path / "b.db", NAME, ["Ann"], tmp_path / "key", NOW),
        ):
            with pytest.raises(
                Taken, match=rf"b\.db{kind} lies there.*SQLite would take it for a part.*move it away"
            ) as caught:
                make()
            words = {"real": "bytes", "empty": "0 bytes", "folder": "a folder", "pipe": "a pipe"}.get(what, "a link")
            assert words in str(caught.value)
            assert sorted(path.name for path in tmp_path.iterdir()) == before

    @pytest.mark.parametrize("kind", ENDINGS)
    @pytest.mark.parametrize("moment", ["before", "after"])
    def test_one_that_appears_meanwhile_leaves_no_copy(
        self,
        source: Log,
        tmp_path: Path,
        left: Callable[[str], Path],
        kind: str,
        moment: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """Between the first look and the placement, and between that and the second."""
        real, place = left(kind), place_whole

        def put(made: Path, path: Path) -> None:
            if moment == "before":
                shutil.copy(real, f"{path}{kind}")
            place(made, path)
            if moment == "after":
                shutil.copy(real, f"{path}{kind}")

        monkeypatch.setattr(sqlite, "place_whole", put)
        with pytest.raises(Taken, match=f"b.db{kind} lies there"):
            source.backup(tmp_path / "b.db")
        with pytest.raises(Taken, match=f"k.db{kind} lies there"):
            open_register(tmp_path / "k.db", NAME, ["Ann"], tmp_path / "key", NOW)
        assert sorted(path.name for path in tmp_path.iterdir()) == [f"b.db{kind}", f"k.db{kind}", "source"]
        assert Path(f"{tmp_path}/b.db{kind}").read_bytes() == real.read_bytes()

    def test_one_that_appears_after_the_last_look_is_found_by_reading(
        self, source: Log, tmp_path: Path, left: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real, opened = left("-wal"), Log.open

        def late(where: Path, *args: object, **named: bool) -> Log:
            if Path(where).name == "b.db":
                shutil.copy(real, f"{where}-wal")
            return opened(where, *args, **named)  # type: ignore[arg-type]

        monkeypatch.setattr(Log, "open", late)
        with pytest.raises(SokeError, match=r"does not belong to b\.db"):
            source.backup(tmp_path / "b.db")
        assert not (tmp_path / "b.db").exists() and not list(tmp_path.glob(".soke*"))

    @pytest.mark.parametrize("kind", ["-wal", "-journal"])
    def test_without_the_refusals_it_would_be_played_in(
        self, source: Log, tmp_path: Path, left: Callable[[str], Path], kind: str
    ) -> None:
        """The leftovers of these tests are real: SQLite itself, which is not asked here, destroys the copy by them."""
        source.backup(tmp_path / "b.db")
        root = source.tree().root()
        shutil.copy(left(kind), tmp_path / f"b.db{kind}")
        same = False
        with closing(sqlite3.connect(tmp_path / "b.db")) as plain, suppress(sqlite3.Error):
            lines = [line for (line,) in plain.execute("SELECT CAST(line AS BLOB) FROM entry ORDER BY seq")]
            same = Tree(map(leaf_hash, lines)).root() == root
        assert not same

    @pytest.mark.parametrize("kind", ENDINGS)
    def test_nor_is_a_ballot_box_made_beside_one_or_opened_beside_a_log(
        self, tmp_path: Path, left: Callable[[str], Path], kind: str
    ) -> None:
        paper = read_paper(PAPER.encode(), "paper.pb")
        shutil.copy(left(kind), tmp_path / f"box{kind}")
        with pytest.raises(SokeError, match=f"box{kind} lies there"):
            BallotBox.create(tmp_path / "box", "elm-ward", paper)
        (tmp_path / f"box{kind}").unlink()
        BallotBox.create(tmp_path / "box", "elm-ward", paper).close()
        before = (tmp_path / "box").read_bytes()
        with pytest.raises(SokeError, match="never overwritten"):
            BallotBox.create(tmp_path / "box", "elm-ward", paper)
        if kind == "-wal":
            shutil.copy(left(kind), tmp_path / "box-wal")
            with pytest.raises(SokeError, match="box-wal lies beside it"):
                BallotBox.open(tmp_path / "box")
        assert (tmp_path / "box").read_bytes() == before

    @pytest.mark.parametrize("kind", ENDINGS)
    def test_no_register_is_called_as_one(self, source: Log, tmp_path: Path, kind: str) -> None:
        with pytest.raises(Taken, match=r"would be .* of other\.db to SQLite"):
            source.backup(tmp_path / f"other.db{kind}")
        assert not list(tmp_path.glob("other*"))


class TestRestoredByHand:
    """Somebody copies a backup over a register beside which something still lies."""

    @pytest.fixture
    def crashed(self, shelf: Path) -> Callable[[Path, str, int, int], Path]:
        def copied(folder: Path, name: str, entries: int, more: int) -> Path:
            made = shelf / f"{name.partition('/')[2]}-{entries}-{more}"
            if not made.exists():
                self.crash(made, name, entries, more)
            shutil.copytree(made, folder)
            return folder / "gm.db"

        return copied

    def crash(self, folder: Path, name: str, entries: int, more: int) -> Path:
        """A register whose keeper was killed: the last entries are in its write-ahead log."""
        folder.mkdir(exist_ok=True)
        path = folder / "gm.db"
        script = f"""if True:
            import os, datetime as dt
            from pathlib import Path
            from registers import draft
            from soke.register.book import open_book
            from soke.register.storage import Log
            path = Path({str(path)!r})
            with Log.create(path) as log:
                open_book(log, {name!r}, ["Ann"], dt.datetime(2026, 4, 1, tzinfo=dt.UTC))
                for number in range({entries}):
                    log.append([draft(number, "deal:gm", f"fund:{{number % 3}}", person={name!r})])
                    if number == {entries} // 2:
                        log.backup(path.with_name("older.db"))
            log = Log.open(path)
            for number in range({entries}, {entries + more}):
                log.append([draft(number, "deal:gm", f"fund:{{number % 3}}", person={name!r})])
            os._exit(0)"""
        subprocess.run([sys.executable, "-c", script], check=True, env=os.environ | {"PYTHONPATH": ":".join(sys.path)})
        assert Path(f"{path}-wal").stat().st_size
        return path

    @pytest.mark.slow
    @pytest.mark.parametrize("write", [True, False])
    @pytest.mark.parametrize("which", ["another, smaller", "another, larger", "an older copy", "another of one size"])
    def test_a_log_of_another_is_told_and_nothing_is_touched(
        self, tmp_path: Path, crashed: Callable[[Path, str, int, int], Path], which: str, write: bool
    ) -> None:
        path = crashed(tmp_path / "gm", NAME, 130, 40)
        other = tmp_path / "copy.db"
        if which == "an older copy":
            other = tmp_path / "gm" / "older.db"
        else:
            entries = {"another, smaller": 3, "another, larger": 400, "another of one size": 130}[which]
            shutil.copy(crashed(tmp_path / "other", "soke.example/leeds", entries, 1), other)
        shutil.copy(other, path)
        before = everything(tmp_path / "gm")
        with pytest.raises(
            SokeError, match=r"gm\.db-wal does not belong to gm\.db.*move gm\.db-wal and gm\.db-shm"
        ) as e:
            Log.open(path, write=write)
        assert e.value.code == "damaged"
        after = everything(tmp_path / "gm")
        assert all(after[name] == before[name] for name in ("gm.db", "gm.db-wal"))
        for name in ("gm.db-wal", "gm.db-shm"):
            (tmp_path / "gm" / name).unlink(missing_ok=True)
        with Log.open(path, write=write) as log:
            log.verify()

    @pytest.mark.slow
    def test_its_own_is_folded_in_wherever_it_was_stopped(
        self, tmp_path: Path, crashed: Callable[[Path, str, int, int], Path]
    ) -> None:
        for number, more in enumerate((1, 3, 40, 300)):
            path = crashed(tmp_path / str(number), NAME, 100, more)
            with closing(sqlite3.connect(path)) as half:
                half.execute("PRAGMA wal_checkpoint(PASSIVE)")
                shutil.copytree(path.parent, tmp_path / f"half-{number}")
            for copy in (path, tmp_path / f"half-{number}" / "gm.db"):
                with Log.open(copy) as log:
                    assert len(log.verify()) == 101 + more

    def test_a_database_copied_without_its_log_is_an_older_register(
        self, tmp_path: Path, crashed: Callable[[Path, str, int, int], Path]
    ) -> None:
        """No reader can tell, but for a checkpoint: the handbook says so."""
        path = crashed(tmp_path / "gm", NAME, 100, 5)
        shutil.copy(path, tmp_path / "alone.db")
        with Log.open(tmp_path / "alone.db") as log:
            assert len(log.verify()) == 101

    def test_a_journal_beside_a_register_is_not_played_into_it(
        self, source: Log, tmp_path: Path, left: Callable[[str], Path]
    ) -> None:
        source.backup(tmp_path / "gm.db")
        before = (tmp_path / "gm.db").read_bytes()
        shutil.copy(left("-journal"), tmp_path / "gm.db-journal")
        for write in (True, False):
            with pytest.raises(SokeError, match=r"gm\.db-journal lies beside it.*never leaves one"):
                Log.open(tmp_path / "gm.db", write=write)
        assert (tmp_path / "gm.db").read_bytes() == before

    def test_links_to_a_register_are_followed_to_what_lies_beside_it(self, source: Log, tmp_path: Path) -> None:
        (tmp_path / "link.db").symlink_to(tmp_path / "source" / "gm.db")
        (tmp_path / "source" / "gm.db-journal").write_bytes(b"x" * 600)
        with pytest.raises(SokeError, match=r"gm\.db-journal lies beside it"):
            Log.open(tmp_path / "link.db")

    @pytest.mark.slow
    def test_one_that_others_write_to_is_never_suspected(self, tmp_path: Path) -> None:
        path = tmp_path / "gm.db"
        Log.create(path).close()
        script = f"""if True:
            from pathlib import Path
            from registers import draft
            from soke.register.storage import Log
            for turn in range(20):
                with Log.open(Path({str(path)!r})) as log:
                    log._database.connection.execute("PRAGMA wal_autocheckpoint = 3")
                    for number in range(20):
                        log.append([draft(number, "deal:gm")])"""
        environment = os.environ | {"PYTHONPATH": ":".join(sys.path)}
        writers = [subprocess.Popen([sys.executable, "-c", script], env=environment) for _ in range(2)]
        while any(writer.poll() is None for writer in writers):
            Log.open(path, write=False).close()
        assert [writer.returncode for writer in writers] == [0, 0]
        with Log.open(path) as log:
            assert len(log.verify()) == 800


# --- what lies where a copy is to be ---


def test_what_lies_there_is_named(source: Log, tmp_path: Path) -> None:
    source.backup(tmp_path / "there.db")
    with Log.create(tmp_path / "empty.db"):
        pass
    for name, said in (
        ("there.db", rf"It holds the register {NAME}: 21 entries, the last of 1 April 2026\. .*move it away first"),
        ("empty.db", "It holds an empty register"),
    ):
        with pytest.raises(Taken, match=rf"{name}: This file exists.*{said}"):
            source.backup(tmp_path / name)
    (tmp_path / "folder").mkdir()
    (tmp_path / "text").write_text("id = 'gm'\n")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    with closing(sqlite3.connect(tmp_path / "there.db")) as made:
        made.execute("PRAGMA user_version = 9")
    for name, said in (("folder", "It is a folder"), ("text", "it is text"), ("link", "It is a link"),
                       ("there.db", "The register has version 9")):  # fmt: skip
        for make in (source.backup, Log.create):
            with pytest.raises(Taken, match=f"{name}: This file exists.*{said}"):
                make(tmp_path / name)


def test_which_register_lies_there_is_named_in_both_databases(log: Log, where: Path | str) -> None:
    with pytest.raises(Taken, match=r"exists.* It holds an empty register"):
        log.backup(where)
    open_book(log, NAME, ["Ann Keeper"], NOW)
    with pytest.raises(Taken, match=rf"exists.* It holds the register {NAME}: 1 entry, the last of 1 April 2026"):
        log.backup(where)
    assert len(log) == 1


def test_a_copy_that_is_another_in_its_place_does_not_stay(
    log: Log, where: Path | str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(log, 3)
    copy = f"{where}_again" if isinstance(where, str) else where.with_name("again.db")
    tree = Log.tree

    def another(self: Log) -> object:
        made = tree(self)
        if "again" in self.where:
            made.add(b"x" * 32)
        return made

    monkeypatch.setattr(Log, "tree", another)
    monkeypatch.setattr(Log, "__len__", lambda self: 3 if "again" not in self.where else 2)
    with pytest.raises(SokeError, match="not the copy that was made"):
        log.backup(copy)
    monkeypatch.undo()
    with pytest.raises(SokeError, match="no such register"):
        Log.open(copy)
    log.backup(copy)


# --- files that are no register ---


def nothing(path: Path) -> None:
    path.touch()


def toml(path: Path) -> None:
    path.write_text('id = "gm"\n# Größe\n' * 400, encoding="utf-8")


def image(path: Path) -> None:
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)


def archive(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("a", "b")


def database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as made:
        made.execute("CREATE TABLE entry (seq)")


def database_in_use(path: Path) -> None:
    script = f"""if True:
        import os, sqlite3
        made = sqlite3.connect({str(path)!r}, isolation_level=None)
        made.execute("PRAGMA journal_mode = WAL")
        made.execute("CREATE TABLE entry (seq)")
        os._exit(0)"""
    subprocess.run([sys.executable, "-c", script], check=True)


def box(path: Path) -> None:
    with closing(sqlite3.connect(path)) as made:
        made.execute(f"PRAGMA application_id = {0x536F6B42}")


def lines(path: Path) -> None:
    path.write_text('{"at":"2026-04-01T09:30:00Z","body":{},"seq":0}\n')


def binary(path: Path) -> None:
    path.write_bytes(b"\x93NUMPY\0\xff" * 900)


@pytest.mark.parametrize(
    ("make", "said"),
    [(nothing, "an empty file"), (toml, "text"), (image, "an image"), (archive, "a zip file"), (lines, "a copy of one"),
     (database, "a database that holds none"), (database_in_use, "a database that holds none"), (box, "a ballot box"),
     (binary, "a file of another kind")],
)  # fmt: skip
@pytest.mark.parametrize("write", [True, False])
def test_a_file_that_is_no_register_is_not_called_damaged(
    tmp_path: Path, make: Callable[[Path], None], said: str, write: bool
) -> None:
    path = tmp_path / "gm.db"
    make(path)
    before = everything(tmp_path)
    with pytest.raises(SokeError, match=f"This is not a register of Soke: it is {said}") as caught:
        Log.open(path, write=write)
    assert caught.value.code == "bad-input" and "damaged" not in str(caught.value)
    assert everything(tmp_path) == before


def test_a_register_with_a_broken_page_is_damaged(source: Log, tmp_path: Path) -> None:
    path = tmp_path / "gm.db"
    source.backup(path)
    content = path.read_bytes()
    path.write_bytes(content[:8192] + b"\xff" * 4096 + content[12288:])
    with pytest.raises(SokeError, match="damaged") as caught, Log.open(path) as log:
        log.verify()
    assert caught.value.code == "damaged"


# --- triggers ---


def test_triggers_that_are_gone_or_changed_are_said(log: Log, where: Path | str, keeper: Keeper) -> None:
    fill(log, 5)
    assert (log.unguarded(), log.remark) == ("", "")
    check_guarded(log)
    on = " ON entry" if keeper.postgres else ""
    name = "kept" if keeper.postgres else "entry_stays"
    keeper.execute(f"DROP TRIGGER {name}{on}")
    said = "kept of entry is missing" if keeper.postgres else "entry_stays is missing"
    assert said in log.unguarded()
    with Log.open(where, write=False) as reader:
        assert said in reader.remark and len(reader.verify()) == 5
        with pytest.raises(SokeError, match=said) as caught:
            check_guarded(reader)
    assert caught.value.code == "damaged"
    if keeper.postgres:
        keeper.execute(
            "ALTER TABLE tag DISABLE TRIGGER next",
            "CREATE OR REPLACE FUNCTION kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
        )
        changed = "kept of tag, next of tag are changed"
    else:
        keeper.execute(
            "DROP TRIGGER tag_kept",
            "CREATE TRIGGER tag_kept BEFORE UPDATE ON tag WHEN 0 BEGIN SELECT 1; END",
            "CREATE TRIGGER quiet AFTER INSERT ON entry BEGIN SELECT 1; END",
        )
        changed = "tag_kept is changed; quiet is not of Soke"
    assert said in log.unguarded() and changed in log.unguarded()
    keeper.drop_triggers() if not keeper.postgres else None
    copy = f"{where}_again" if isinstance(where, str) else where.with_name("again.db")
    log.backup(copy)
    with Log.open(copy) as again:
        assert again.unguarded() == ""


# --- a full disk ---


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of half a megabyte. Skipped where none can be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("No disk can be mounted here.")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_said_whatever_was_being_written(small_disk: Path, source: Log) -> None:
    path = small_disk / "gm.db"
    source.backup(path)
    filler = small_disk / "filler"
    for room in (0, 4_096, 40_960):  # not even the index of the log, not a page, not the whole entry
        state = os.statvfs(small_disk)
        filler.write_bytes(b"x" * max(0, state.f_bavail * state.f_frsize - room))
        with pytest.raises(SokeError, match="The disk is full: nothing was written"), Log.open(path) as log:
            log.append([draft(number, body={"text": "a" * 60_000}) for number in range(4)])
        filler.unlink()
        with Log.open(path) as log:
            assert len(log.verify()) == 21
    filler.write_bytes(b"x" * (os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize))
    before = sorted(one.name for one in small_disk.iterdir())
    with pytest.raises(SokeError, match=r"disk is full|No space left"):
        source.backup(small_disk / "copy.db")
    with pytest.raises(SokeError, match=r"disk is full|No space left"):
        open_register(small_disk / "new.db", NAME, ["Ann"], small_disk / "key", NOW)
    assert sorted(one.name for one in small_disk.iterdir()) == before
    filler.unlink()
    source.backup(small_disk / "copy.db")


def test_a_disk_error_is_a_full_disk_only_where_the_disk_is_full(source: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    base = source._database
    assert isinstance(base, Sqlite)
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
    assert "disk I/O error" in str(base.plainly.sentence(error))
    monkeypatch.setattr(sqlite, "_is_full", lambda _: True)
    assert "The disk is full: nothing was written." in str(base.plainly.sentence(error))
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
    monkeypatch.undo()
    assert isinstance(base.plainly.sentence(error), InDoubt)


# --- kill -9 ---


@pytest.mark.slow
def test_a_backup_or_an_opening_that_is_killed_leaves_nothing_half() -> None:
    done = subprocess.run(
        [sys.executable, str(BENCH), "--kill-backup", "4"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "4 rounds" in done.stdout and "0 half" in done.stdout
