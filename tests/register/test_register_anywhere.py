"""The commands on a register in either database: the same words, the same head."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from soke.cli import main
from soke.register.storage import Log

GM, KEEPER = "greater-manchester", "Ann Keeper"
ROOT = Path(__file__).parents[2]


def soke(capsys: pytest.CaptureFixture[str], *args: object) -> tuple[int, str, str]:
    sys.argv = ["soke", "register", *map(str, args)]
    with pytest.raises(SystemExit) as stopped:
        main()
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return int(stopped.value.code or 0), out, err


def test_from_opening_to_a_proof(where: Path | str, tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                 monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(sys, "argv", [])
    key, public = tmp_path / "keys.key", tmp_path / "public"
    opening = ("init", where, "--name", "soke.example/gm", "--registrar", KEEPER, "--key", key, "--rehearsal", "--at",
               "2026-03-01")  # fmt: skip
    assert soke(capsys, *opening)[0] == 0
    status, _, err = soke(capsys, *opening[:-5], tmp_path / "second.key", *opening[-3:])
    assert status == 2 and not (tmp_path / "second.key").exists()  # it is there already: nothing new, no key either
    command = {"deal": GM, "kind": "deal.proposed", "role": "registrar", "person": KEEPER, "at": "2026-03-02",
               "terms": f"deals/{GM}.toml", "id": "c1"}  # fmt: skip
    (tmp_path / "story.jsonl").write_text(json.dumps(command) + "\n")
    for said in ("1 recorded.", "0 recorded. 1 were there already."):
        status, _, err = soke(capsys, "record", where, "--file", tmp_path / "story.jsonl", "--root", ROOT)
        assert (status, err.strip()) == (0, said)
    status, out, _ = soke(capsys, "status", where)
    assert status == 0 and "PROPOSED, NOT YET IN FORCE" in out and "Sign version 1 of the deal" in out
    status, out, _ = soke(capsys, "history", where)
    assert status == 0 and out.count("Version 1 of the deal was laid open") == 1
    assert soke(capsys, "publish", where, "--key", key, "--to", public)[0] == 0
    asked = ("--checkpoint", public / "checkpoint", "--key", public / "key.pub")
    status, out, _ = soke(capsys, "verify", where, *asked)
    assert status == 0 and "VERIFIED." in out
    assert soke(capsys, "prove", where, 1, "--to", tmp_path / "p.json", *asked[:2])[0] == 0
    assert soke(capsys, "verify", tmp_path / "p.json", "--proof", *asked)[0] == 0
    assert soke(capsys, "export", where, "--to", tmp_path / "out")[0] == 0
    assert soke(capsys, "backup", where, "--to", tmp_path / "copy.db")[0] == 0
    with Log.open(where, write=False) as log, Log.open(tmp_path / "copy.db", write=False) as copy:
        assert log.tree().root() == copy.tree().root()
