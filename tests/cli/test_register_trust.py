"""``soke register key``, ``witness``, ``request``, ``compare``; what ``verify.py`` says of keys and witnesses."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from register_story import GM, KEEPER, NAME, RECALLED, ROOT, STORY, Run, entries, opened, run

from soke.register import witness as at_work
from soke.register.checkpoint import load_checkpoint, new_key, sign_head, write_key
from soke.register.storage import Draft, InDoubt, Log
from soke.register.verify import COSIGNATURE
from soke.register.witness import read_request

SIZE = len(STORY) + 1


def publish(folder: Path, soke: Run, *more: object, key: str = "gm.key", register: str = "gm.db",
            to: str = "public") -> tuple[int, str, str]:  # fmt: skip
    return soke("register", "publish", folder / register, "--key", folder / key, "--to", folder / to, *more)


def rotate(folder: Path, soke: Run, old: str = "gm.key", new: str = "gm-2.key") -> tuple[int, str, str]:
    return soke("register", "key", folder / "gm.db", "--key", folder / old, "--new", folder / new, "--by", KEEPER)


def alone(folder: Path, *more: object, key: object = "key.pub", log: str = "log.jsonl") -> tuple[int, str]:
    """What the published program says with nothing of Soke: exit status and standard output."""
    command = [sys.executable, "verify.py", log, "--checkpoint", "checkpoint", "--key", str(key), *map(str, more)]
    done = subprocess.run(command, cwd=folder, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True,
                          check=False)  # fmt: skip
    assert done.stderr == ""
    assert done.stdout.splitlines()[-1].endswith(
        f"Exit status {done.returncode}: " + ("verified.", "not verified.",
                                              "a file cannot be read as what it should be.")[done.returncode]
    )  # fmt: skip
    return done.returncode, done.stdout


@pytest.fixture
def public(story: Path, soke: Run) -> Path:
    assert publish(story, soke)[0] == 0
    return story / "public"


def witnesses(folder: Path, count: int = 2) -> list[str]:
    names = [f"w{number}" for number in range(1, count + 1)]
    for name in names:
        write_key(new_key(f"{name}.example/witness", COSIGNATURE), folder / name, folder / f"{name}.pub")
    return names


def cosign(folder: Path, soke: Run, name: str = "w1", source: str = "public", *more: object) -> tuple[int, str, str]:
    return soke(
        "register", "witness", folder / source, "--key", folder / name, "--seen", folder / f"seen-{name}", *more
    )


def name_witnesses(folder: Path, soke: Run, names: list[str], need: int) -> tuple[int, str, str]:
    keys = ",".join((folder / f"{name}.pub").read_text().strip() for name in names)
    return record(folder, soke, "witness.named", "register", "registrar", f"witnesses={keys}", f"need={need}")


def record(folder: Path, soke: Run, kind: str, deal: str, role: str, *settings: str) -> tuple[int, str, str]:
    person = KEEPER if role == "registrar" else f"{role.title()} Person"
    given = [part for setting in settings for part in ("--set", setting)]
    return soke("register", "record", folder / "gm.db", kind, "--deal", deal, "--as", role, "--by", person, *given)


def forked(folder: Path, soke: Run) -> Path:
    """A folder with another history of the same register, signed with its own key: the recall was never made."""
    shutil.copy(folder / "recalled.db", folder / "fork.db")
    with Log.open(folder / "fork.db") as log:
        last = log.entry(len(log) - 1)
        body = last["body"] | {"reason": "It was put right"}
        log.append([Draft(GM, "matter.restore", "2028-06-21T12:00:00Z", "mhclg", "Mhclg Person",
                          frozenset(last["tags"]), {"matter": "m1", "reason": body["reason"]})])  # fmt: skip
    assert publish(folder, soke, register="fork.db", to="fork")[0] == 0
    return folder / "fork"


class TestKeys:
    def test_a_key_is_followed(self, story: Path, public: Path, soke: Run) -> None:
        status, out, err = rotate(story, soke)
        assert status == 0 and out == (story / "gm-2.key.pub").read_text() and f"Entry {SIZE} names the key" in err
        assert (story / "gm-2.key").stat().st_mode & 0o777 == 0o600
        again = rotate(story, soke)
        assert (
            again[:2] == (0, out) and "nothing was left to do" in again[2] and len(entries(story / "gm.db")) == SIZE + 1
        )
        status, _, err = publish(story, soke)
        assert status == 2 and f"entry {SIZE} names" in err
        shutil.copy(public / "key.pub", story / "old.pub")
        assert publish(story, soke, key="gm-2.key")[0] == 0
        assert alone(public)[0] == 0
        status, said = alone(public, key=story / "old.pub")
        assert (
            status == 0 and f"followed by another: entry {SIZE} names it" in said and "a key that follows from" in said
        )
        shutil.copy(public / f"checkpoint-{SIZE}", public / "checkpoint")  # of the time before
        assert alone(public, key=story / "old.pub")[0] == 0
        status, said = alone(public)
        assert status == 1 and "NOT VERIFIED. The checkpoint is not signed with this key" in said
        status, out, _ = soke("register", "key", story / "gm.db")
        assert status == 0 and "From entry 0 on" in out and "the key before it signed that it follows" in out

    def test_whoever_has_the_name_alone_makes_no_verified_folder(self, story: Path, public: Path, soke: Run) -> None:
        eve = new_key(NAME)
        write_key(eve, story / "eve.key", story / "eve.pub")
        assert publish(story, soke, key="eve.key", to="new")[0] == 2 and not (story / "new").exists()
        with Log.open(story / "gm.db", write=False) as log:
            (public / "checkpoint").write_bytes(sign_head(log.tree(), eve))
        shutil.copy(story / "eve.pub", public / "key.pub")
        status, said = alone(public)
        assert status == 1 and "which is none of the register so far" in said
        status, out, _ = soke("register", "verify", story / "gm.db", "--checkpoint", public / "checkpoint", "--key",
                              story / "eve.pub")  # fmt: skip
        assert status == 1 and "which is none of the register so far" in out

    @pytest.mark.parametrize(("old", "new", "by", "said"), [
        ("gm-2.key", "gm-3.key", KEEPER, "no such file"),
        ("eve.key", "gm-2.key", KEEPER, "This is not the key in force"),
        ("gm.key", "gm-2.key", "Mhclg Person", 'does not act for "registrar"'),
        ("gm.key", "york.key", KEEPER, "never overwritten"), ("gm.key", "text", KEEPER, "never overwritten"),
        ("gm.key", "none/gm-2.key", KEEPER, "cannot be written"),
    ])  # fmt: skip
    def test_what_is_refused_leaves_nothing(
        self, old: str, new: str, by: str, said: str, story: Path, soke: Run
    ) -> None:
        for name, of in (("eve", NAME), ("york", "soke.example/york")):
            write_key(new_key(of), story / f"{name}.key", story / f"{name}.key.pub")
        (story / "text").write_text("hello")
        before = {path: path.read_bytes() for path in story.iterdir()}
        status, out, err = soke(
            "register", "key", story / "gm.db", "--key", story / old, "--new", story / new, "--by", by
        )
        assert (status, out) == (2, "") and said in err, err
        assert {path: path.read_bytes() for path in story.iterdir() if "gm.db-" not in path.name} == before

    def test_in_doubt_the_new_key_stays(self, story: Path, soke: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        """The entry may be on record: without its key nothing could be published any more."""

        def broken(*_: object) -> range:
            raise InDoubt("The connection broke.", "Read again.")

        with monkeypatch.context() as patched:
            patched.setattr(Log, "append", broken)
            assert rotate(story, soke)[0] == 2
        assert (story / "gm-2.key").exists() and rotate(story, soke)[0] == 0
        assert publish(story, soke, key="gm-2.key")[0] == 0

    @pytest.mark.slow
    def test_a_lost_key(self, story: Path, public: Path, soke: Run) -> None:
        new, by = story / "gm-2.key", ("--by", KEEPER)
        assert (
            soke("register", "key", story / "gm.db", "--new", new, "--lost", "It burnt", *by)[0] == 2
            and not new.exists()
        )
        status, line, _ = soke("register", "key", story / "gm.db", "--new", new)
        assert status == 0 and new.exists()
        asked = ("register", "key", story / "gm.db", "--new", new, "--lost", "It burnt", *by)
        status, out, err = soke(*asked)
        assert (
            (status, out) == (2, "") and "still to agree that the key is lost" in err and f"key={line.strip()}" in err
        )
        for party in ("mhclg", "authority", "panel"):
            assert record(story, soke, "deal.key-lost", GM, party, f"key={line.strip()}", "reason=It burnt")[0] == 0
        assert soke(*asked)[0] == 0
        assert publish(story, soke, key="gm-2.key")[0] == 0
        status, said = alone(public)
        assert status == 0 and f"A key was lost: since entry {SIZE + 3} another stands in its place" in said
        status, said = alone(public, key=story / "gm.key.pub")
        assert status == 1 and "From the key that you gave nobody can tell" in said
        (name,) = witnesses(story, 1)
        assert cosign(story, soke, name)[0] == 0
        assert alone(public, "--witness", story / "w1.pub", key=story / "gm.key.pub")[0] == 0
        for command in ("status", "verify"):
            assert "Its key was lost: since 21 June 2028" in " ".join(
                soke("register", command, story / "gm.db")[1].split()
            )

    def test_an_old_register_gets_its_key(self, tmp_path: Path, soke: Run) -> None:
        import gzip  # noqa: PLC0415

        old = ROOT / "tests/register/old"
        (tmp_path / "gm.db").write_bytes(gzip.decompress((old / "gm.db.gz").read_bytes()))
        name = load_checkpoint(old / "checkpoint").origin
        write_key(new_key(name), tmp_path / "gm.key", tmp_path / "gm.key.pub")
        asked = ("register", "key", tmp_path / "gm.db", "--key", tmp_path / "gm.key")
        assert "--by is missing" in soke(*asked)[2]
        assert soke("register", "key", tmp_path / "gm.db")[1] == "Its entries name no key.\n"
        assert publish(tmp_path, soke)[0] == 0  # as it did before
        assert soke(*asked, "--by", "Ruth Adeyemi")[0] == 0
        write_key(new_key(name), tmp_path / "eve.key", tmp_path / "eve.pub")
        assert publish(tmp_path, soke, key="eve.key")[0] == 2 and publish(tmp_path, soke)[0] == 0
        assert alone(tmp_path / "public")[0] == 0

    @pytest.mark.slow
    def test_a_proof_across_a_rotation(self, story: Path, public: Path, soke: Run) -> None:
        rotate(story, soke)
        assert publish(story, soke, key="gm-2.key")[0] == 0
        proof = public / "p.json"
        given = ("--to", proof, "--checkpoint", public / "checkpoint", "--since", public / f"checkpoint-{SIZE}")
        assert soke("register", "prove", story / "gm.db", RECALLED, *given)[0] == 0
        for key in ("key.pub", "../gm.key.pub"):
            command = [sys.executable, "verify.py", "--proof", "p.json", "--checkpoint", "checkpoint", "--key", key]
            done = subprocess.run(command, cwd=public, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout
        value = json.loads(proof.read_text())
        value["keys"][1]["entry"]["body"]["key"] = value["keys"][0]["entry"]["body"]["key"]
        proof.write_text(json.dumps(value))
        done = subprocess.run(command, cwd=public, capture_output=True, text=True, check=False)
        assert done.returncode == 1 and "not one that the checkpoint vouches for" in done.stdout


class TestWitness:
    def test_it_signs_what_goes_on(self, story: Path, soke: Run) -> None:
        status, out, _ = soke("register", "witness", "--new-key", "--name", "audit.example/w", "--key", story / "w1")
        assert status == 0 and out == (story / "w1.pub").read_text() and (story / "w1").stat().st_mode & 0o777 == 0o600
        publish(story, soke, register="recalled.db")
        status, out, err = cosign(story, soke)
        assert status == 0 and "seen for the first time" in out and "compare it with one from another source" in err
        publish(story, soke)
        status, out, _ = cosign(story, soke)
        assert status == 0 and f"go on from the {RECALLED + 1} seen last" in out
        before = (story / "public/checkpoint").read_bytes()
        assert before.count("\u2014".encode()) == 2 and (story / f"public/checkpoint-{SIZE}").read_bytes() == before
        assert publish(story, soke)[0] == 0 and (story / "public/checkpoint").read_bytes() == before  # R10
        assert alone(story / "public", "--witness", story / "w1.pub")[0] == 0

    def test_a_fork_and_a_rollback_are_caught_and_kept(self, story: Path, public: Path, soke: Run) -> None:
        witnesses(story)
        assert cosign(story, soke)[0] == 0
        seen = next((story / "seen-w1").glob("*.json"))
        known, fork = seen.read_bytes(), forked(story, soke)
        shown = (fork / "checkpoint").read_bytes()
        status, out, _ = cosign(story, soke, "w1", "fork")
        assert status == 1 and "NOT SIGNED. SPLIT VIEW." in out and "do not go on from them" in out
        assert alone(fork)[0] == 0  # by itself it is in order: that is why witnesses are there
        evidence = json.loads(next((story / "seen-w1").glob("split-view-*")).read_text())
        assert evidence["shown"].encode() == shown == (fork / "checkpoint").read_bytes()
        assert evidence["seen"].split("\n")[1] == str(SIZE)
        publish(story, soke, register="recalled.db", to="short")
        status, out, _ = cosign(story, soke, "w1", "short")
        assert status == 1 and "SPLIT VIEW" in out and "the end was taken back" in out
        assert seen.read_bytes() == known and len(list((story / "seen-w1").glob("split-view-*"))) == 2
        assert cosign(story, soke)[0] == 0

    def test_a_history_signed_with_an_old_key_after_a_rotation(self, story: Path, public: Path, soke: Run) -> None:
        forked(story, soke)
        witnesses(story)
        rotate(story, soke)
        assert publish(story, soke, key="gm-2.key")[0] == 0 and cosign(story, soke)[0] == 0
        status, out, _ = cosign(story, soke, "w1", "fork")
        assert status == 1 and "SPLIT VIEW" in out and list((story / "seen-w1").glob("split-view-*"))
        with Log.open(story / "gm.db", write=False) as log:
            from soke.register.checkpoint import read_signing_key  # noqa: PLC0415

            (public / "checkpoint").write_bytes(sign_head(log.tree(), read_signing_key(story / "gm.key")))
        status, out, _ = cosign(story, soke)
        assert status == 1 and "not signed with this key" in out

    @pytest.mark.slow
    def test_a_rotation_it_follows_and_a_lost_key_it_asks_about(self, story: Path, public: Path, soke: Run) -> None:
        witnesses(story)
        cosign(story, soke)
        rotate(story, soke)
        publish(story, soke, key="gm-2.key")
        status, _, err = cosign(story, soke)
        assert status == 0 and "followed by another" in err
        line = soke("register", "key", story / "gm.db", "--new", story / "gm-3.key")[1].strip()
        for party in ("mhclg", "authority", "panel"):
            record(story, soke, "deal.key-lost", GM, party, f"key={line}", "reason=It burnt")
        assert (
            soke("register", "key", story / "gm.db", "--new", story / "gm-3.key", "--lost", "x", "--by", KEEPER)[0] == 0
        )
        publish(story, soke, key="gm-3.key")
        status, out, _ = cosign(story, soke)
        assert status == 1 and "since the key was lost" in out and "--log-key" in out
        assert cosign(story, soke, "w1", "public", "--log-key", story / "gm-3.key.pub")[0] == 0
        assert cosign(story, soke)[0] == 0

    def test_stopped_half_way_it_has_seen_and_not_signed(
        self, story: Path, public: Path, soke: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        witnesses(story)
        before = (public / "checkpoint").read_bytes()
        write, done = at_work.write_whole, []

        def stopped(path: Path, content: bytes) -> None:
            if done:
                raise KeyboardInterrupt
            done.append(path)
            write(path, content)

        monkeypatch.setattr(at_work, "write_whole", stopped)
        assert cosign(story, soke)[0] == 130
        assert done[0].parent == story / "seen-w1" and (public / "checkpoint").read_bytes() == before
        monkeypatch.undo()

    def test_a_request_is_answered(self, story: Path, public: Path, soke: Run) -> None:
        witnesses(story)
        publish(story, soke, register="recalled.db", to="earlier")
        key = ("--log-key", story / "gm.key.pub", "--to", story / "back")
        ask = ("register", "request", story / "earlier", "--to", story / "earlier.req")
        assert soke(*ask)[0] == 0
        old, steps, checkpoint, _ = read_request((story / "earlier.req").read_bytes())
        assert (old, steps, checkpoint.size) == (0, (), RECALLED + 1)
        status, _, err = cosign(story, soke, "w1", "earlier.req", "--to", story / "back")
        assert status == 2 and "knows no key" in err
        assert cosign(story, soke, "w1", "earlier.req", *key)[0] == 0
        assert "answered into a file" in cosign(story, soke, "w1", "earlier.req")[2]
        soke("register", "request", public, "--old", 3, "--to", story / "now.req")
        status, _, err = cosign(story, soke, "w1", "now.req", *key)
        assert status == 2 and f"--old {RECALLED + 1}" in err
        soke("register", "request", public, "--old", RECALLED + 1, "--to", story / "now.req")
        assert cosign(story, soke, "w1", "now.req", *key)[0] == 0
        status, _, err = publish(story, soke, "--cosigned", story / "back")
        assert status == 0 and alone(public, "--witness", story / "w1.pub")[0] == 0
        fork = forked(story, soke)
        soke("register", "request", fork, "--old", SIZE, "--to", story / "fork.req")
        status, out, _ = cosign(story, soke, "w1", "fork.req", *key)
        assert status == 1 and "SPLIT VIEW" in out

    @pytest.mark.parametrize("content", [
        b"", b"old 1", b"old x\n\n", b"old 00\n\nx", b"old 1\nzz\n\nx\n", b"\xff", b"old 1\nAAAA\n\n",
        b"old 0\n\nnothing\n",
        b"old 1\n" + b"A" * 90_000 + b"\n\n", b"old 1\n" + b"AA==\n" * 64 + b"\nx",
    ])  # fmt: skip
    def test_hostile_requests(self, content: bytes, story: Path, soke: Run) -> None:
        witnesses(story, 1)
        (story / "req").write_bytes(content)
        status, out, err = cosign(story, soke, "w1", "req", "--to", story / "back")
        assert (status, out) == (2, "") and "Name a published folder, or a request." in err
        assert not (story / "seen-w1").exists() and not (story / "back").exists()

    @pytest.mark.parametrize("content", [b"", b"[]", b'{"log":"x"}', b"\xff", b'{"checkpoint":"x","keys":["y"]}'])
    def test_what_it_saw_is_damaged(self, content: bytes, story: Path, public: Path, soke: Run) -> None:
        witnesses(story, 1)
        cosign(story, soke)
        next((story / "seen-w1").glob("*.json")).write_bytes(content)
        before = (public / "checkpoint").read_bytes()
        status, _, err = cosign(story, soke)
        assert status == 2 and "cannot be read" in err and (public / "checkpoint").read_bytes() == before

    def test_bad_keys_and_folders(self, story: Path, public: Path, soke: Run) -> None:
        witnesses(story, 1)
        (story / "empty").mkdir()
        shutil.copytree(public, story / "bare")
        for name in ("log.jsonl", "hashes.txt"):
            (story / "bare" / name).unlink()
        shutil.copytree(public, story / "changed")
        log = (public / "log.jsonl").read_bytes()
        (story / "changed/log.jsonl").write_bytes(log.replace(b"Not put right", b"Put right"))
        for key, source, said in (
            ("gm.key", "public", "not a signing key of a witness"), ("w1", "empty", "no such file"),
            ("w1", "bare", "Neither log nor hashes"), ("w1", "changed", "not those that"),
        ):  # fmt: skip
            status, out, err = cosign(story, soke, key, source)
            assert (status, out) == (2, "") and said in err, err
        assert "takes a --name" in soke("register", "witness", "--new-key", "--key", story / "w2")[2]
        assert "--seen is missing" in soke("register", "witness", public, "--key", story / "w1")[2]
        status, _, err = soke("register", "witness", "--new-key", "--name", "a b", "--key", story / "w2")
        assert status == 2 and "cannot be the name of a witness" in err and not (story / "w2").exists()


class TestNeeded:
    @pytest.mark.slow
    def test_n_of_m(self, story: Path, public: Path, soke: Run) -> None:
        names = witnesses(story, 3)
        assert name_witnesses(story, soke, names, 2)[0] == 0
        status, _, err = publish(story, soke)
        assert status == 0 and "NOT YET ENOUGH" in err and "2 wanting" in err
        assert alone(public)[0] == 1
        assert cosign(story, soke, "w1")[0] == 0
        status, said = alone(public)
        assert status == 1 and "1 wanting (of w2.example/witness, w3.example/witness)" in said
        status, out, _ = soke("register", "verify", story / "gm.db", "--checkpoint", public / "checkpoint", "--key",
                              public / "key.pub")  # fmt: skip
        assert status == 1 and "1 wanting" in out
        assert cosign(story, soke, "w3", "public", "--to", story / "back")[0] == 0
        status, _, err = publish(story, soke, "--cosigned", story / "back")
        assert status == 0 and "Cosigned by 2 of the 3 witnesses that the register names" in err
        status, said = alone(public, "--witness", story / "w1.pub", "--witness", story / "w3.pub")
        assert status == 0 and "witnesses that you trust (2 needed)" in said
        assert alone(public, "--witness", story / "w1.pub", "--witness", story / "w2.pub")[0] == 1
        assert alone(public, "--witness", story / "w1.pub", "--witness", story / "w2.pub", "--need", 1)[0] == 0
        asked = (
            "register",
            "verify",
            story / "gm.db",
            "--checkpoint",
            public / "checkpoint",
            "--key",
            public / "key.pub",
        )
        assert (
            soke(*asked, "--witness", story / "w1.pub")[0] == 0 and soke(*asked, "--witness", story / "w2.pub")[0] == 1
        )

    @pytest.mark.slow
    def test_twice_and_too_many(self, story: Path, public: Path, soke: Run) -> None:
        witnesses(story)
        status, _, err = name_witnesses(story, soke, ["w1", "w1"], 1)
        assert status == 2 and "named twice" in err
        twice = ("--witness", story / "w1.pub", "--witness", story / "w1.pub")
        assert alone(public, *twice)[0] == 2
        asked = (
            "register",
            "verify",
            story / "gm.db",
            "--checkpoint",
            public / "checkpoint",
            "--key",
            public / "key.pub",
        )
        assert "named twice" in soke(*asked, *twice)[2]
        for more in (("--need", 1), ("--need", 2, "--witness", story / "w1.pub"), ("--need", "x"),
                     ("--witness", public / "key.pub")):  # fmt: skip
            assert alone(public, *more)[0] == 2, more
        assert soke(*asked, "--need", 1)[0] == soke(*asked, "--witness", public / "key.pub")[0] == 2

    def test_what_is_handed_back(self, story: Path, public: Path, soke: Run) -> None:
        witnesses(story)
        name_witnesses(story, soke, ["w1"], 1)
        publish(story, soke)
        cosign(story, soke, "w1", "public", "--to", story / "back")
        good, before = (story / "back").read_bytes(), (public / "checkpoint").read_bytes()
        bad = good[:-30] + (b"B" if good[-30:-29] != b"B" else b"C") + good[-29:]
        forked(story, soke)
        cosign(story, soke, "w2", "fork", "--to", story / "of-fork")
        for name, content, said in (("forged", bad, "is forged"), ("none", before, "No witness cosigned it"),
                                    ("text", b"x", "not a checkpoint")):  # fmt: skip
            (story / name).write_bytes(content)
            status, out, err = publish(story, soke, "--cosigned", story / name)
            assert (status, out) == (2, "") and said in err, err
        assert "the register was changed" in publish(story, soke, "--cosigned", story / "of-fork")[2]
        assert (public / "checkpoint").read_bytes() == before
        (public / "checkpoint").write_bytes(bad)  # forged where it lies: it does not count, and goes
        assert "NOT YET ENOUGH" in publish(story, soke)[2] and (public / "checkpoint").read_bytes() == before

    def test_one_that_comes_late_stands_under_its_size(self, story: Path, public: Path, soke: Run) -> None:
        witnesses(story)
        cosign(story, soke, "w1", "public", "--to", story / "back")
        rotate(story, soke)
        assert publish(story, soke, "--cosigned", story / "back", key="gm-2.key")[0] == 0
        assert (public / f"checkpoint-{SIZE}").read_bytes() == (story / "back").read_bytes()
        assert (public / "checkpoint").read_bytes().count("\u2014".encode()) == 1


class TestCompare:
    def test_same_and_going_on(self, story: Path, public: Path, soke: Run) -> None:
        publish(story, soke, register="recalled.db", to="earlier")
        for first, second in ((public, public), (public / "checkpoint", public)):
            assert soke("register", "compare", first, second)[1].startswith(f"The same: both vouch for {SIZE} entries")
        for first, second in ((story / "earlier/checkpoint", public), (public, story / "earlier")):
            status, out, _ = soke("register", "compare", first, second)
            assert status == 0 and out.startswith("One goes on from the other: ") and "1 more." in out
        (public / "log.jsonl").unlink()
        assert soke("register", "compare", story / "earlier", public)[0] == 0  # by the hashes
        status, out, err = soke("register", "compare", story / "earlier", public / "checkpoint")
        assert (status, out) == (2, "") and "Give the published folder of the longer one" in err

    def test_a_split_view(self, story: Path, public: Path, soke: Run) -> None:
        fork = forked(story, soke)
        status, out, _ = soke("register", "compare", public, fork, "--key", story / "gm.key.pub")
        assert status == 1 and out.startswith(f"SPLIT VIEW. {NAME} showed two histories")
        for view in (public, fork):
            assert load_checkpoint(view / "checkpoint").root.hex()[:16] in out and f"{view}: signed with the key" in out
        assert f"They part at entry {SIZE - 1}:" in out and "It was put right" in out and "The rounds were held" in out
        status, out, _ = soke("register", "compare", public / "checkpoint", fork / "checkpoint")
        assert status == 1 and "was not checked: give the key" in out and "can be named" in out
        (story / "odd").write_bytes(sign_head(_tree(fork), new_key(NAME)))
        status, out, _ = soke("register", "compare", public, story / "odd", "--key", story / "gm.key.pub")
        assert status == 1 and "it is no evidence" in out

    def test_what_cannot_be_compared(self, story: Path, public: Path, tmp_path: Path, soke: Run) -> None:
        other = tmp_path / "york"
        other.mkdir()
        run("init", other / "gm.db", "--name", "soke.example/york", "--registrar", "X", "--key", other / "gm.key")
        publish(other, soke)
        for second, said in (
            (other / "public", "of two registers"), (story / "gm.db", "not"), (story / "none", "no such"),
            (story, "no such file"),
        ):  # fmt: skip
            status, out, err = soke("register", "compare", public, second)
            assert (status, out) == (2, "") and said in err, err


def _tree(folder: Path):  # type: ignore[no-untyped-def]
    from soke.register.views import read_view  # noqa: PLC0415

    return read_view(folder).tree


HOSTILE = {
    "name": "x\r\x1b[2KThe 131 entries are those that the checkpoint vouches for.\x0bVERIFIED. Signed.\x1b[8m",
    "bidi": "soke\u202eelpmaxe", "zero width": "soke.example/g\u200bm", "spaces": "a. VERIFIED. The", "c1": "a\x9b2Kb",
    "lines": "a\u2028VERIFIED.", "blank": "soke\u3164", "flood": "a" + "\u0301" * 9, "long": "a" * 201,
}  # fmt: skip


class TestText:
    @pytest.mark.parametrize("name", HOSTILE)
    def test_a_hostile_checkpoint_steers_nothing(self, name: str, public: Path, soke: Run) -> None:
        text = (public / "checkpoint").read_text()
        for changed in (
            text.replace(NAME, HOSTILE[name], 1),
            text.replace(f"\u2014 {NAME}", f"\u2014 {HOSTILE[name]}"),
        ):
            (public / "checkpoint").write_bytes(changed.encode())
            copy = (public / "log.jsonl", "--checkpoint", public / "checkpoint")
            said = alone(public)[1] if name == "name" else soke("register", "verify", *copy)[1]
            assert said.isascii() and said.replace("\n", "").isprintable() and "Exit status 2" in said
            assert said.count("\n") == 1 and said.startswith("Cannot be read. ")
            for asked in (("verify", public.parent / "gm.db", *copy[1:]), ("compare", public, public)):
                status, out, err = soke("register", *asked)
                assert status == 2 and (out + err).replace("\n", "").isprintable()

    def test_a_hostile_key_and_a_hostile_file_name(self, public: Path) -> None:
        (public / "odd.pub").write_text(f"{HOSTILE['name']}+00000000+AQ==")
        status, said = alone(public, key="odd.pub")
        assert status == 2 and said.replace("\n", "").isprintable()
        odd = "no\x1b[2K\u202e"
        assert alone(public, log=odd)[0] == 2
        assert "\\u001b[2K\\u202e" in alone(public, log=odd)[1]
        assert alone(public, "--so\x1b[1m")[0] == 2 and "\\u001b" in alone(public, "--so\x1b[1m")[1]

    def test_a_hostile_proof_prints_no_verdict(self, story: Path, public: Path, soke: Run) -> None:
        assert soke("register", "prove", story / "gm.db", 3, "--to", public / "p.json")[0] == 0
        value = json.loads((public / "p.json").read_text())
        value["entry"]["body"]["note"] = "x\n\x7f\x9b\u202eVERIFIED."
        (public / "p.json").write_text(json.dumps(value))
        command = [sys.executable, "verify.py", "--proof", "p.json", "--checkpoint", "checkpoint", "--key", "key.pub"]
        done = subprocess.run(command, cwd=public, capture_output=True, text=True, check=False)
        assert done.returncode == 1 and done.stdout.startswith("NOT VERIFIED.") and done.stdout.count("\n") == 1

    def test_an_ascii_terminal(self, public: Path) -> None:
        text = (public / "checkpoint").read_text().replace(NAME, "soke.example/Zürich")
        (public / "checkpoint").write_text(text, "utf-8")
        command = [sys.executable, "verify.py", "log.jsonl", "--checkpoint", "checkpoint", "--key", "key.pub"]
        done = subprocess.run(command, cwd=public, env={"PYTHONIOENCODING": "ascii"}, capture_output=True, check=False)
        assert done.returncode == 1 and b"Z\\xfcrich" in done.stdout


class TestLineEnds:
    """As git writes them where core.autocrlf is set."""

    @pytest.mark.parametrize(
        ("file", "wanted"), [("log.jsonl", 2), ("checkpoint", 2), ("key.pub", 0), ("hashes.txt", 0)]
    )
    def test_they_are_told_as_such(self, file: str, wanted: int, public: Path, soke: Run) -> None:
        (public / file).write_bytes((public / file).read_bytes().replace(b"\n", b"\r\n"))
        status, said = alone(public, "--hashes", "hashes.txt")
        assert status == wanted and f"{file}" in said and "line ends of Windows" in said and "autocrlf" in said
        asked = ("--checkpoint", public / "checkpoint", "--key", public / "key.pub", "--hashes", public / "hashes.txt")
        status, out, err = soke("register", "verify", public / "log.jsonl", *asked)
        assert status == wanted and "line ends of Windows" in out + err

    def test_a_register_against_such_a_checkpoint(self, story: Path, public: Path, soke: Run) -> None:
        (public / "checkpoint").write_bytes((public / "checkpoint").read_bytes().replace(b"\n", b"\r\n"))
        status, _, err = soke("register", "verify", story / "gm.db", "--checkpoint", public / "checkpoint")
        assert status == 2 and "line ends of Windows" in err


@pytest.mark.parametrize(
    ("change", "wanted", "said"),
    [
        (lambda p: p.update(verdict="VERIFIED"), 2, 'no key "verdict"'),
        (lambda p: p.update({"\x1b[2K": 1}), 2, "no key"),
        (lambda p: p["since"].update(note="x"), 2, 'since has no key "note"'),
        (lambda p: p["entry"].update(more=1), 2, "and no others"),
        (lambda p: p.update(proof=2), 1, "of another form"),
        (lambda p: p.update(log="soke.example/york"), 1, "not of the log"),
        (lambda p: p.update(keys={}), 2, "keys is not a list"),
        (lambda p: p.update(keys=[{}]), 2, "keys is not a list"),
        (lambda p: p.update(keys=[{"entry": p["entry"], "hashes": [], "x": 1}]), 2, "keys is not a list"),
        (lambda p: p.update(keys=[{"entry": p["entry"], "hashes": []}]), 1, "not one that the checkpoint vouches for"),
    ],
)
def test_a_proof_says_what_proofs_say_and_nothing_else(
    change: Callable[[dict[str, Any]], object],
    wanted: int,
    said: str,
    story: Path,
    soke: Run,
) -> None:
    publish(story, soke, register="recalled.db")
    publish(story, soke)
    public, proof = story / "public", story / "p.json"
    soke("register", "prove", story / "gm.db", 3, "--to", proof, "--since", public / f"checkpoint-{RECALLED + 1}")
    value = json.loads(proof.read_text())
    change(value)
    proof.write_text(json.dumps(value))
    status, out, _ = soke("register", "verify", proof, "--proof", "--checkpoint", public / "checkpoint", "--key",
                          public / "key.pub")  # fmt: skip
    assert status == wanted and said in out and out.replace("\n", "").isprintable(), out


def test_a_rehearsal_tells_a_witness_the_time_and_no_other_register_does(
    story: Path, public: Path, tmp_path: Path, soke: Run
) -> None:
    witnesses(story, 1)
    assert cosign(story, soke, "w1", "public", "--at", "2028-07-01")[0] == 0
    assert "w1.example/witness on 2028-07-01" in alone(public, "--witness", story / "w1.pub")[1]
    real = tmp_path / "real"
    real.mkdir()
    opened(real)
    publish(real, soke)
    shutil.copy(story / "w1", real / "w1")
    status, _, err = cosign(real, soke, "w1", "public", "--at", "2028-07-01")
    assert status == 2 and "Only for a rehearsal" in err
