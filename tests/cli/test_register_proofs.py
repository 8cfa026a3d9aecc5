"""``soke register verify``, ``publish`` and ``prove``: checked by others, and what was changed is found."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from register_story import GM, NAME, RECALLED, ROOT, STORY, Run, opened, run

from soke.register.checkpoint import new_key, sign_head, write_key
from soke.register.ledger import Ledger
from soke.register.meaning import tags_of
from soke.register.merkle import Tree
from soke.register.storage import Draft, Log


def published(folder: Path, soke: Run, register: str = "gm.db") -> Path:
    status, out, _ = soke(
        "register", "publish", folder / register, "--key", folder / "gm.key", "--to", folder / "public"
    )
    assert status == 0 and out.endswith("--checkpoint checkpoint --key key.pub --hashes hashes.txt\n")
    return folder / "public"


def _other_signature(checkpoint: str) -> str:
    """With one letter in the midst of the signature another."""
    return checkpoint[:-40] + ("B" if checkpoint[-40] == "A" else "A") + checkpoint[-39:]


def cut(register: Path, last: int) -> None:
    """Take the end off, as somebody with all rights on the file can."""
    base = sqlite3.connect(register, isolation_level=None)
    for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        base.execute(f"DROP TRIGGER {name}")
    base.execute("DELETE FROM entry WHERE seq > ?", (last,))
    base.execute("DELETE FROM tag WHERE seq > ?", (last,))
    base.close()


class TestVerify:
    def test_what_was_checked_and_what_was_not(self, story: Path, soke: Run) -> None:
        status, out, err = soke("register", "verify", story / "gm.db")
        assert (status, err) == (0, "") and "NOT CHECKED: no checkpoint was given" in out
        public = published(story, soke)
        status, out, err = soke("register", "verify", story / "gm.db", "--checkpoint", public / "checkpoint", "--key",
                                public / "key.pub")  # fmt: skip
        assert (status, err) == (0, "") and "VERIFIED. The checkpoint is signed" in out and "never recorded" in out
        for more, wanted in ((), 1), (("--no-signature",), 0):
            status, out, err = soke("register", "verify", story / "gm.db", "--checkpoint", public / "checkpoint", *more)
            assert status == wanted and "The signature was not checked" in err

    def test_a_cut_end_and_another_register(self, story: Path, tmp_path: Path, soke: Run) -> None:
        public = published(story, soke)
        asked = ("--checkpoint", public / "checkpoint", "--key", public / "key.pub")
        cut(story / "gm.db", 30)
        status, out, _ = soke("register", "verify", story / "gm.db", *asked)
        assert status == 1 and "NOT VERIFIED." in out and "its end is missing" in out
        other = tmp_path / "other"
        other.mkdir()
        opened(other)
        status, out, _ = soke("register", "verify", other / "gm.db", *asked)
        assert status == 1 and "NOT VERIFIED." in out
        run("init", other / "york.db", "--name", "soke.example/york", "--registrar", "X", "--key", other / "york.key")
        status, out, _ = soke("register", "verify", other / "york.db", *asked)
        assert status == 1 and "is of the log soke.example/gm, and this register is soke.example/york" in out

    def test_a_forged_signature_and_a_key_of_another(self, story: Path, soke: Run) -> None:
        public = published(story, soke)
        write_key(new_key(NAME), story / "eve.key", story / "eve.pub")
        asked = ("register", "verify", story / "gm.db", "--checkpoint")
        status, out, _ = soke(*asked, public / "checkpoint", "--key", story / "eve.pub")
        assert status == 1 and "not signed with this key" in out
        text = (public / "checkpoint").read_text()
        signature = text.rstrip().rsplit(" ", 1)[1]
        swapped = signature[:40] + ("A" if signature[40] != "A" else "B") + signature[41:]
        (story / "forged").write_text(text.replace(signature, swapped))
        status, out, _ = soke(*asked, story / "forged", "--key", public / "key.pub")
        assert status == 1 and "forged" in out

    def test_an_entry_that_was_written_past_the_rules(self, story: Path, soke: Run) -> None:
        with Log.open(story / "gm.db") as log:
            body = {"power": "settlement-flexibility", "decision": "Mine"}
            tags = tags_of(GM, "power.exercised", body)
            log.append([Draft(GM, "power.exercised", "2028-07-01T12:00:00Z", "mhclg", "Mhclg Person", tags, body)])
        status, out, _ = soke("register", "verify", story / "gm.db")
        assert status == 1
        assert f"NOT VERIFIED. {GM}: Entry {len(STORY) + 1} breaks a rule: power.exercised is for who holds" in out

    def test_accounts_that_do_not_balance(self, story: Path, soke: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        """No rule lets it come to this: the accounts are added up all the same."""
        monkeypatch.setattr(Ledger, "faults", lambda self: iter(["£1 is missing."]))
        status, out, _ = soke("register", "verify", story / "gm.db")
        assert status == 1 and f"NOT VERIFIED. {GM}: £1 is missing." in out

    def test_a_look_up_table_that_hides_an_entry(self, story: Path, soke: Run) -> None:
        base = sqlite3.connect(story / "gm.db", isolation_level=None)
        base.execute("DROP TRIGGER tag_stays")
        base.execute("DELETE FROM tag WHERE seq = 5")
        base.close()
        status, out, _ = soke("register", "verify", story / "gm.db")
        assert status == 1 and "NOT VERIFIED." in out and "look-up table of tags" in out

    def test_an_edited_entry(self, story: Path, soke: Run) -> None:
        base = sqlite3.connect(story / "gm.db", isolation_level=None)
        (guard,) = base.execute("SELECT sql FROM sqlite_schema WHERE name = 'entry_kept'").fetchone()
        base.execute("DROP TRIGGER entry_kept")
        base.execute("UPDATE entry SET line = CAST(replace(line, 'Not put right', 'Not  put right') AS BLOB)")
        status, out, _ = soke("register", "verify", story / "gm.db")
        assert status == 1 and "entry_kept" in out  # somebody went round the register
        base.execute(guard)
        base.close()
        status, out, _ = soke("register", "verify", story / "gm.db")
        assert status == 0 and "NOT CHECKED" in out  # well made, and within the rules: only a checkpoint tells
        public = published(story, soke)
        assert soke("register", "verify", story / "gm.db", "--checkpoint", public / "checkpoint", "--key",
                    public / "key.pub")[0] == 0  # fmt: skip

    def test_what_cannot_be_read(self, story: Path, tmp_path: Path, soke: Run) -> None:
        public = published(story, soke)
        (tmp_path / "text").write_text("hello")
        sqlite3.connect(tmp_path / "diary.db").execute("CREATE TABLE day (words)").connection.close()
        for arguments, said in (
            ((tmp_path / "none.db",), "no such register"),
            ((tmp_path / "diary.db",), "not a register"),
            ((tmp_path / "none.jsonl",), "checked against a checkpoint"),
            ((story / "gm.db", "--checkpoint", tmp_path / "text"), "not a checkpoint"),
            ((story / "gm.db", "--checkpoint", tmp_path / "none"), "no such file"),
            (
                (story / "gm.db", "--checkpoint", public / "checkpoint", "--key", tmp_path / "text"),
                "not a verifier key",
            ),
            ((story / "gm.db", "--hashes", public / "hashes.txt"), "are for a copy"),
            ((public / "none.jsonl", "--checkpoint", public / "checkpoint"), "Cannot be read."),
        ):
            status, out, err = soke("register", "verify", *arguments)
            assert status == 2 and said in (err or out), err


class TestPublish:
    def test_all_that_a_journalist_needs(self, story: Path, soke: Run) -> None:
        public = published(story, soke)
        names = sorted(path.name for path in public.iterdir())
        size = len(STORY) + 1
        assert names == ["checkpoint", f"checkpoint-{size}", "hashes.txt", "history.html", "key.pub", "log.jsonl",
                         "status.html", "verify.py"]  # fmt: skip
        command = [sys.executable, "verify.py", "log.jsonl", "--checkpoint", "checkpoint", "--key", "key.pub",
                   "--hashes", "hashes.txt"]  # fmt: skip
        alone = {"PATH": os.environ["PATH"]}  # without Soke
        done = subprocess.run(command, cwd=public, env=alone, capture_output=True, text=True, check=False)
        assert done.returncode == 0 and "VERIFIED" in done.stdout and not done.stderr
        log = (public / "log.jsonl").read_bytes()
        (public / "log.jsonl").write_bytes(log.replace(b"Not put right", b"Put right"))
        done = subprocess.run(command, cwd=public, env=alone, capture_output=True, text=True, check=False)
        assert done.returncode == 1 and f"Entry {size - 2} is not the entry that was published" in done.stdout
        status, out, _ = soke("register", "verify", public / "log.jsonl", "--checkpoint", public / "checkpoint",
                              "--key", public / "key.pub", "--hashes", public / "hashes.txt")  # fmt: skip
        assert status == 1 and out == done.stdout

    def test_and_what_a_resident_reads(self, story: Path, soke: Run) -> None:
        public = published(story, soke, "recalled.db")
        status = (public / "status.html").read_text("utf-8")
        heading = status.partition("<h1>")[2].partition("</h1>")[0]
        assert heading.startswith("Residents decided too little: part of the deal is taken back")
        assert f"{RECALLED + 1} entries, none altered" in status and "Rehearsal: " in status
        assert f'href="history.html#e{RECALLED}"' in status
        assert f'id="e{RECALLED}"' in (public / "history.html").read_text("utf-8")

    def test_earlier_checkpoints_stay_and_must_hold(self, story: Path, soke: Run) -> None:
        published(story, soke, "recalled.db")
        public = published(story, soke)
        assert {path.name for path in public.glob("checkpoint-*")} == {
            f"checkpoint-{n}" for n in (RECALLED + 1, RECALLED + 2)
        }
        before = {path.name: path.read_bytes() for path in public.iterdir()}
        cut(story / "gm.db", 30)
        status, out, err = soke("register", "publish", story / "gm.db", "--key", story / "gm.key", "--to", public)
        assert (status, out) == (2, "") and "its end is missing" in err
        assert {path.name: path.read_bytes() for path in public.iterdir()} == before

    def test_a_key_of_another_log_publishes_nothing(self, story: Path, soke: Run) -> None:
        write_key(new_key("soke.example/york"), story / "york.key", story / "york.pub")
        write_key(new_key(NAME), story / "eve.key", story / "eve.pub")
        public = published(story, soke, "recalled.db")
        for key, said in (("york.key", "The key is of the log soke.example/york"),
                          ("eve.key", "not the key of the register: entry 0 names"),
                          ("gm.key.pub", "Others on this machine"),
                          ("none.key", "no such file")):  # fmt: skip
            status, out, err = soke("register", "publish", story / "gm.db", "--key", story / key, "--to", public)
            assert (status, out) == (2, "") and said in err, err
        assert soke("register", "publish", story / "gm.db", "--key", story / "eve.key", "--to", story / "new")[0] == 2


class TestProve:
    def proof(self, story: Path, soke: Run) -> tuple[Path, Path, dict[str, Any]]:
        published(story, soke, "recalled.db")
        public = published(story, soke)
        older = public / f"checkpoint-{RECALLED + 1}"
        status, out, err = soke("register", "prove", story / "gm.db", RECALLED, "--to", story / "p.json",
                                "--checkpoint", public / "checkpoint", "--since", older)  # fmt: skip
        assert (status, out) == (0, "") and f"entry {RECALLED} of {RECALLED + 2}" in err
        return public, story / "p.json", json.loads((story / "p.json").read_text())

    def check(self, public: Path, proof: Path, soke: Run, *more: object) -> tuple[int, str, str]:
        return soke("register", "verify", proof, "--proof", "--checkpoint", public / "checkpoint", "--key",
                    public / "key.pub", *more)  # fmt: skip

    def test_one_entry_without_its_log(self, story: Path, soke: Run) -> None:
        public, proof, _ = self.proof(story, soke)
        command = [sys.executable, public / "verify.py", "--proof", proof, "--checkpoint", public / "checkpoint",
                   "--key", public / "key.pub"]  # fmt: skip
        done = subprocess.run(command, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False)
        assert done.returncode == 0 and "VERIFIED" in done.stdout
        assert f"The log goes on from the older checkpoint of {RECALLED + 1} entries" in done.stdout
        assert '"reason": "Not put right"' in done.stdout and self.check(public, proof, soke)[1] == done.stdout

    @pytest.mark.parametrize(
        ("change", "status", "said"),
        [
            (lambda p: p["entry"]["body"].update(reason="Put right"), 1, "not one that the checkpoint vouches for"),
            (lambda p: p.update(index=p["index"] - 1), 1, "not one that the checkpoint vouches for"),
            (lambda p: p["entry"].update(seq=p["index"] - 1), 1, "not one that the checkpoint vouches for"),
            (lambda p: p.update(index=True), 1, "not one that the checkpoint vouches for"),
            (lambda p: p["hashes"].pop(), 1, "not one that the checkpoint vouches for"),
            (lambda p: p["hashes"].append("0" * 64), 1, "not one that the checkpoint vouches for"),
            (lambda p: p.update(size=3), 1, "The proof is for 3 entries"),
            (lambda p: p["since"]["hashes"].reverse(), 1, "does not go on from the older checkpoint"),
            (lambda p: p["since"].update(checkpoint="x"), 2, "not a checkpoint"),
            (lambda p: p["since"].update(checkpoint=_other_signature(p["since"]["checkpoint"])), 1, "signature"),
            (lambda p: p.update(hashes="0"), 2, "not a list of hashes"),
            (lambda p: p.update(hashes=["zz"]), 2, "not a list of hashes"),
            (lambda p: p.update(entry={}), 2, "entry"),
            (lambda p: p.update(since=[]), 2, "since is not"),
            (lambda p: p.pop("size"), 2, "not a proof"),
        ],
    )
    def test_a_proof_that_was_changed(self, change: Callable[[dict[str, Any]], object], status: int | None, said: str,
                                      story: Path, soke: Run) -> None:  # fmt: skip
        public, proof, value = self.proof(story, soke)
        change(value)
        proof.write_text(json.dumps(value))
        found, out, err = self.check(public, proof, soke)
        assert found == status if status is not None else found in (1, 2)
        assert said in out + err and "VERIFIED. " not in out.replace("NOT VERIFIED. ", "")

    def test_an_older_checkpoint_of_others_proves_nothing(self, story: Path, soke: Run) -> None:
        """It has the right root, and was signed by somebody else; or is of a log of another name."""
        public, proof, value = self.proof(story, soke)
        with Log.open(story / "recalled.db", write=False) as log:
            tree = log.tree()
            forged, other = (sign_head(tree, new_key(name)).decode() for name in (NAME, "soke.example/york"))
        value["since"]["checkpoint"] = forged
        proof.write_text(json.dumps(value))
        status, out, _ = self.check(public, proof, soke)
        assert status == 1 and "not signed with this key" in out
        value["since"]["checkpoint"] = other
        proof.write_text(json.dumps(value))
        status, out, _ = self.check(public, proof, soke, "--no-signature")
        assert status == 1 and "does not go on from the older checkpoint" in out

    def test_an_entry_in_the_wrong_place(self, story: Path, soke: Run) -> None:
        """A keeper who numbers an entry otherwise than it stands cannot prove it at either place."""
        with Log.open(story / "gm.db", write=False) as log:
            found = list(log.lines())
        tree = Tree([found[1], found[0], *found[2:]])
        key = new_key(NAME)
        (story / "odd").write_bytes(sign_head(tree, key))
        value = {"size": len(found), "index": 0, "entry": json.loads(found[1]),
                 "hashes": [step.hex() for step in tree.inclusion(0)]}  # fmt: skip
        (story / "p.json").write_text(json.dumps(value))
        asked = ("--proof", "--checkpoint", story / "odd", "--no-signature")
        status, out, _ = soke("register", "verify", story / "p.json", *asked)
        assert status == 1 and "not one that the checkpoint vouches for" in out

    def test_hostile_proofs(self, story: Path, soke: Run) -> None:
        public, proof, _ = self.proof(story, soke)
        for content in (b"", b"[" * 400_000, b"\xff", b"[]", b'{"entry":NaN}', b"x" * 2_000_000):
            proof.write_bytes(content)
            status, out, err = self.check(public, proof, soke)
            assert (status, err) == (2, "") and out.startswith("Cannot be read.") and "Exit status 2" in out

    def test_what_cannot_be_proved(self, story: Path, soke: Run) -> None:
        public, _, _ = self.proof(story, soke)
        other = story / "york"
        run("init", story / "york.db", "--name", "soke.example/york", "--registrar", "X", "--key", other)
        for arguments, said in (
            ((story / "gm.db", 999), "There is no entry 999"),
            ((story / "york.db", 0, "--checkpoint", public / "checkpoint"), "is of the log soke.example/gm"),
            ((story / "recalled.db", 0, "--checkpoint", public / "checkpoint"), "its end is missing"),
            ((story / "gm.db", 0, "--checkpoint", public / f"checkpoint-{RECALLED + 1}", "--since",
              public / "checkpoint"), "is not older"),
        ):  # fmt: skip
            status, out, err = soke("register", "prove", *arguments, "--to", story / "q.json")
            assert (status, out) == (2, "") and said in err and not (story / "q.json").exists()
        assert soke("register", "prove", story / "gm.db", "--to", story / "q.json", "--", -1)[0] == 2


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such terminals")
@pytest.mark.parametrize("arguments", [("verify",), ("record", "--quiet", "--file", "story.jsonl", "--root", ROOT)])
def test_a_terminal_shows_how_far_it_is(arguments: tuple[object, ...], story: Path) -> None:
    """On standard error alone, which is a terminal here; what is found stands whole on standard output."""
    import pty  # noqa: PLC0415  # not on every system

    terminal, end = pty.openpty()
    name, *more = map(str, arguments)
    command = [sys.executable, "-m", "soke", "register", name, "gm.db", *more]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src"), "TERM": "xterm", "COLUMNS": "100"}
    done = subprocess.run(command, cwd=story, env=environment, stdout=subprocess.PIPE, stderr=end, check=True)
    os.close(end)
    shown = os.read(terminal, 100_000).decode()
    os.close(terminal)
    assert ("Checking" if name == "verify" else "Recording") in shown and "\x1b" not in done.stdout.decode()
    lines = done.stdout.decode().splitlines()
    assert len(lines) == (6 if name == "verify" else 0)
