"""``soke register init`` and what writes files: several at once, stopped half-way, run again."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

import pytest
from register_story import GM, KEEPER, NAME, Run, entries

from soke import files
from soke.cli import main
from soke.register import sqlite
from soke.register.checkpoint import new_key, read_signing_key, read_verifier_key, write_key
from soke.register.storage import Log

SRC = Path(__file__).parents[2] / "src"


def start(*args: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "soke", "register", *map(str, args)]
    environment = os.environ | {"PYTHONPATH": str(SRC)}
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def init(register: Path, key: Path) -> list[object]:
    return ["init", register, "--name", NAME, "--registrar", KEEPER, "--key", key]


def is_pair(key: Path) -> bool:
    return read_signing_key(key).verifier == read_verifier_key(Path(f"{key}.pub"))


class TestAtOnce:
    @pytest.mark.parametrize("one_key", [True, False])
    def test_one_of_several_opens_the_register_and_its_key_stays(self, one_key: bool, tmp_path: Path) -> None:
        keys = [tmp_path / ("gm.key" if one_key else f"{number}.key") for number in range(3)]
        running = [start(*init(tmp_path / "gm.db", key)) for key in keys]
        said = [one.communicate(timeout=60)[1] for one in running]
        assert sorted(one.returncode for one in running) == [0, 2, 2], said
        assert sum("This file exists" in one for one in said) == 2
        (won,) = (key for key, one in zip(keys, running, strict=True) if one.returncode == 0)
        assert len(entries(tmp_path / "gm.db")) == 1 and is_pair(won)
        assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["gm.db", won.name, f"{won.name}.pub"])

    def test_who_comes_second_in_the_last_instant_replaces_nothing(
        self, tmp_path: Path, soke: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        place = files.place_whole

        def late(made: Path, path: Path) -> None:
            path.write_text("another's")
            place(made, path)

        monkeypatch.setattr(sqlite, "place_whole", late)
        status, _, err = soke("register", *init(tmp_path / "gm.db", tmp_path / "gm.key"))
        assert status == 2 and "This file exists" in err
        assert [path.read_text() for path in tmp_path.iterdir()] == ["another's"]

    def test_a_disk_without_second_names_replaces_nothing_either(
        self, tmp_path: Path, soke: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def no_links(*_: object, **__: object) -> None:
            raise OSError(1, "Operation not permitted")

        monkeypatch.setattr(os, "link", no_links)
        assert soke("register", *init(tmp_path / "gm.db", tmp_path / "gm.key"))[0] == 0
        before = (tmp_path / "gm.db").read_bytes()
        monkeypatch.setattr(Path, "exists", lambda *_, **__: False)
        status, _, err = soke("register", *init(tmp_path / "gm.db", tmp_path / "other.key"))
        monkeypatch.undo()
        assert status == 2 and "This file exists" in err and (tmp_path / "gm.db").read_bytes() == before
        assert sorted(path.name for path in tmp_path.iterdir()) == ["gm.db", "gm.key", "gm.key.pub"]

    def test_a_key_that_appears_meanwhile_is_not_removed(
        self, tmp_path: Path, soke: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        key, public, theirs = tmp_path / "gm.key", tmp_path / "gm.key.pub", new_key(NAME)

        def meanwhile(*args: object) -> None:
            write_key(theirs, key, public)

        monkeypatch.setattr("soke.register.opening.open_book", lambda *_, **__: meanwhile())
        status, _, err = soke("register", *init(tmp_path / "gm.db", key))
        assert status == 2 and "a key is never overwritten" in err
        assert read_signing_key(key).seed == theirs.seed and is_pair(key) and not (tmp_path / "gm.db").exists()

    def test_stopped_with_the_register_in_its_place_its_key_stays(
        self, tmp_path: Path, soke: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        place = files.place_whole

        def stopped(made: Path, path: Path) -> None:
            place(made, path)
            raise KeyboardInterrupt

        monkeypatch.setattr(sqlite, "place_whole", stopped)
        status, _, _ = soke("register", *init(tmp_path / "gm.db", tmp_path / "gm.key"))
        assert status == 130 and len(entries(tmp_path / "gm.db")) == 1 and is_pair(tmp_path / "gm.key")


class TestWhatIsWrittenOut:
    """Publishing and exporting, ended before each of the files in turn."""

    def stopped_before(self, number: int, module: str, monkeypatch: pytest.MonkeyPatch) -> None:
        count = 0

        def write(path: Path, content: bytes) -> None:
            nonlocal count
            if count == number:
                raise KeyboardInterrupt
            count += 1
            files.write_whole(path, content)

        monkeypatch.setattr(f"soke.cli.{module}.write_whole", write)

    def published(self, folder: Path) -> int:
        """What ``verify.py`` says of it, with nothing of Soke."""
        command = [sys.executable, "verify.py", "log.jsonl", "--checkpoint", "checkpoint", "--key", "key.pub",
                   "--hashes", "hashes.txt"]  # fmt: skip
        return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode

    @pytest.mark.parametrize("number", range(9))
    def test_what_is_published_holds_at_every_moment(
        self, number: int, story: Path, soke: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        publish = ("register", "publish", story / "gm.db", "--key", story / "gm.key", "--to", story / "out")
        with monkeypatch.context() as first:
            self.stopped_before(number, "register.publish", first)
            assert soke(*publish)[0] == (130 if number < 8 else 0)  # two pages come last
        if number and number < 6:
            assert not (story / "out" / "checkpoint").exists()
        assert soke(*publish)[0] == 0 and self.published(story / "out") == 0
        fields = ("--set", "answer=a9", "--set", "due=2028-09-01", "--set", "question=Why?")
        said = soke("register", "record", story / "gm.db", "answer.asked", "--deal", GM, "--as", "residents", "--by",
                    "Residents Person", *fields)  # fmt: skip
        assert said[0] == 0, said
        with monkeypatch.context() as second:
            self.stopped_before(number, "register.publish", second)
            soke(*publish)
        assert self.published(story / "out") == 0
        assert soke(*publish)[0] == 0 and self.published(story / "out") == 0

    @pytest.mark.parametrize("number", range(7))
    def test_an_export_lists_its_files_only_while_they_belong_together(
        self, number: int, story: Path, soke: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        export = ("register", "export", story / "gm.db", "--to", story / "out")
        assert soke(*export)[0] == 0
        with monkeypatch.context() as stopped:
            self.stopped_before(number, "register.export", stopped)
            assert soke(*export)[0] == (130 if number < 6 else 0)
        assert (story / "out" / "contents.json").exists() == (number == 6)
        assert soke(*export)[0] == 0
        listed = json.loads((story / "out" / "contents.json").read_text())
        found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (story / "out").iterdir()}
        assert found.pop("contents.json") and found == listed["files"]
        with Log.open(story / "gm.db", write=False) as log:
            assert (listed["entries"], listed["head"]) == (len(log), log.tree().root().hex())

    @pytest.mark.slow
    @pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
    def test_killed_at_any_moment(self, how: signal.Signals, story: Path) -> None:
        publish = ("publish", story / "gm.db", "--key", story / "gm.key", "--to", story / "out")
        export = ("export", story / "gm.db", "--to", story / "exported")
        for command in (publish, export):
            first = start(*command)
            first.communicate(timeout=60)
            assert first.returncode == 0
        for number in range(10):
            for command, folder in ((publish, "out"), (export, "exported")):
                running = start(*command)
                time.sleep(0.3 + number * 0.06)
                running.send_signal(how)
                running.communicate(timeout=60)
                if how == signal.SIGTERM:
                    assert not list((story / folder).glob(".soke-*"))
            assert self.published(story / "out") == 0
            if (story / "exported" / "contents.json").exists():
                for name, sha256 in json.loads((story / "exported" / "contents.json").read_text())["files"].items():
                    assert hashlib.sha256((story / "exported" / name).read_bytes()).hexdigest() == sha256

    @pytest.mark.skipif(os.name != "posix", reason="other systems have other rights")
    def test_a_folder_that_cannot_be_written(self, story: Path, soke: Run) -> None:
        """For somebody who may read all there, and write nothing: a sentence, and nothing is left."""
        for words in (["export", story / "gm.db", "--to", story / "first"], ["verify", story / "gm.db"],
                      ["publish", story / "gm.db", "--key", story / "gm.key", "--to", story / "first"]):  # fmt: skip
            assert soke("register", *words)[0] == 0  # loads what who has no rights may be unable to load
        with tempfile.TemporaryDirectory(dir="/tmp") as name:
            shelf, key = Path(name) / "shelf", Path(name) / "my.key"
            shutil.copytree(story, shelf)
            shutil.copy(story / "gm.key", key)
            if os.geteuid() == 0:
                os.chown(key, 65534, 65534)
            for path in (Path(name), shelf):
                path.chmod(0o555)
            before = sorted(path.name for path in shelf.iterdir())
            gm, publish = shelf / "gm.db", ["publish", shelf / "gm.db", "--key", key, "--to"]
            for words in ([*publish, shelf], [*publish, shelf / "new"], ["export", gm, "--to", shelf],
                          ["export", gm, "--to", shelf / "new"], ["backup", gm, "--to", shelf / "copy.db"],
                          ["prove", gm, "1", "--to", shelf / "proof"], init(shelf / "new.db", shelf / "new.key"),
                          init(shelf / "new.db", Path("/tmp/soke-none-new.key")),
                          init(Path("/tmp/soke-none-new.db"), shelf / "new.key")):  # fmt: skip
                status, said = as_nobody([str(word) for word in words])
                assert status == 2 and "cannot be written" in said, said
                assert sorted(path.name for path in shelf.iterdir()) == before
                assert not list(Path("/tmp").glob("soke-none-new*"))
            shelf.chmod(0o755)
            Path(name).chmod(0o755)


def as_nobody(words: list[str]) -> tuple[int, str]:
    """A command run by somebody without rights: its status, and what it says."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)
            sys.argv, sys.stderr = ["soke", "register", *words], os.fdopen(writer, "w", closefd=False)
            try:
                main()
            except SystemExit as stopped:
                status = int(stopped.code or 0)
            except BaseException:  # a test of its own: nothing here should be raised
                traceback.print_exc(file=sys.stderr)
            sys.stderr.flush()
        finally:
            os._exit(status)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        said = pipe.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), said


class TestRunAgain:
    @pytest.mark.parametrize("left", ["key", "both"])
    def test_it_goes_on_with_the_key_that_it_made(self, left: str, tmp_path: Path, soke: Run) -> None:
        key, public, made = tmp_path / "gm.key", tmp_path / "gm.key.pub", new_key(NAME)
        write_key(made, key, public)
        (tmp_path / ".soke-stale").mkdir()
        if left == "key":
            public.unlink()
        status, _, err = soke("register", *init(tmp_path / "gm.db", key))
        assert status == 0 and "Never publish two registers under one name" in err
        assert read_signing_key(key).seed == made.seed and is_pair(key)

    @pytest.mark.parametrize("wrong", ["name", "public", "open to others", "not a key"])
    def test_another_key_is_refused_and_left(self, wrong: str, tmp_path: Path, soke: Run) -> None:
        key, public = tmp_path / "gm.key", tmp_path / "gm.key.pub"
        write_key(new_key("soke.example/york" if wrong == "name" else NAME), key, public)
        if wrong == "public":
            public.unlink()
            write_key(new_key(NAME), tmp_path / "other", public)
        if wrong == "open to others":
            key.chmod(0o644)
        if wrong == "not a key":
            key.write_text("mine")
        before = {path: path.read_bytes() for path in tmp_path.iterdir()}
        status, _, err = soke("register", *init(tmp_path / "gm.db", key))
        assert status == 2 and "a key is never overwritten" in err
        assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before

    def test_a_refused_one_takes_back_only_what_it_made(self, tmp_path: Path, soke: Run) -> None:
        key, public, made = tmp_path / "gm.key", tmp_path / "gm.key.pub", new_key(NAME)
        write_key(made, key, public)
        public.unlink()
        (tmp_path / "gm.db").write_text("mine")
        status, _, _ = soke("register", *init(tmp_path / "gm.db", key))
        assert status == 2 and sorted(path.name for path in tmp_path.iterdir()) == ["gm.db", "gm.key"]

    @pytest.mark.slow
    @pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
    def test_stopped_at_any_moment_it_can_be_run_again(self, how: signal.Signals, tmp_path: Path, soke: Run) -> None:
        for number in range(12):
            folder = tmp_path / str(number)
            folder.mkdir()
            running = start(*init(folder / "gm.db", folder / "gm.key"))
            time.sleep(0.25 + number * 0.05)
            running.send_signal(how)
            running.communicate(timeout=60)
            if how == signal.SIGTERM:
                assert not list(folder.glob(".soke-*"))
            if not (folder / "gm.db").exists():
                status, _, err = soke("register", *init(folder / "gm.db", folder / "gm.key"))
                assert status == 0, err
            assert len(entries(folder / "gm.db")) == 1 and is_pair(folder / "gm.key")
