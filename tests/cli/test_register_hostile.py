"""``soke register`` given what it cannot take: fields of the wrong form, bytes that are no text, pipes, markup."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from register_story import FUND, GM, KEEPER, NAME, ROOT, Run, entries

from soke.cli.output import Column, emit
from soke.cli.register_fields import body_of
from soke.errors import SokeError

HALF = os.fsdecode(b"\xff")


class TestFields:
    @pytest.mark.parametrize("settings", [
        ["loses=[]", "loses.residents=x"], ["loses=5", "loses.residents=x"], ["loses.residents=x", "loses=[]"],
        ["loses.residents=x", "loses.residents=y"], ["takes=[]", "takes.power=x"],
    ])  # fmt: skip
    def test_a_part_of_what_is_set_whole(self, settings: list[str]) -> None:
        with pytest.raises(SokeError, match="is set twice"):
            body_of("matter.recall", settings, None)

    @pytest.mark.parametrize(("kind", "given", "setting"), [
        ("power.conferred", {"powers": 5}, "powers=a"), ("power.conferred", {"powers": "a"}, "powers=b"),
        ("power.conferred", {"powers": {"a": 1}}, "powers=b"), ("matter.recall", {"loses": "text"}, "loses.services=x"),
    ])  # fmt: skip
    def test_a_setting_over_a_body_of_another_form(
        self, kind: str, given: object, setting: str, tmp_path: Path
    ) -> None:
        (tmp_path / "body.json").write_text(json.dumps(given))
        with pytest.raises(SokeError, match="is set twice"):
            body_of(kind, [setting], tmp_path / "body.json")


@pytest.mark.parametrize("option", ["--deal", "--as", "--by", "--id", "--set", "--at", "REGISTER"])
def test_bytes_that_are_no_text(option: str, story: Path, soke: Run) -> None:
    register = story / (HALF if option == "REGISTER" else "gm.db")
    given = {"--deal": GM, "--as": "mhclg", "--by": "Mhclg Person", "--id": "c", "--at": "2028-07-01",
             "--set": f"fund={FUND}"}  # fmt: skip
    if option != "REGISTER":
        given[option] += HALF
    before = entries(story / "gm.db")
    status, out, err = soke(
        "register", "record", register, "fund.paid", *[part for pair in given.items() for part in pair]
    )
    assert (status, out) == (2, "") and "not UTF-8 text" in err
    assert entries(story / "gm.db") == before


class TestNoOrdinaryFile:
    """A pipe that nobody writes to would be waited for without end."""

    @pytest.fixture(params=["pipe", "folder", "/dev/zero"])
    def odd(self, request: pytest.FixtureRequest, tmp_path: Path) -> Path:
        if request.param == "pipe":
            os.mkfifo(tmp_path / "odd")
        elif request.param == "folder":
            (tmp_path / "odd").mkdir()
        else:
            (tmp_path / "odd").symlink_to("/dev/zero")
        return tmp_path / "odd"

    @pytest.mark.parametrize("command", [
        "status ODD", "history ODD", "record ODD --file story.jsonl", "verify ODD", "verify ODD --checkpoint good",
        "verify ODD --proof --checkpoint good", "publish ODD --key gm.key --to out", "export ODD --to out",
        "backup ODD --to copy.db", "prove ODD 1 --to proof", "verify gm.db --checkpoint ODD",
        "verify gm.db --checkpoint good --key ODD", "verify log.jsonl --checkpoint ODD --key gm.key.pub",
        "verify log.jsonl --checkpoint good --key ODD", "verify log.jsonl --checkpoint good --hashes ODD",
        "publish gm.db --key ODD --to out", "publish gm.db --key gm.key --to ODD.file", "export gm.db --to ODD.file",
        "prove gm.db 1 --to proof --checkpoint ODD", "prove gm.db 1 --to proof --since ODD", "prove gm.db 1 --to ODD",
        "record gm.db --file ODD", f"record gm.db deal.proposed --deal {GM} --as registrar --by A --body ODD",
        f"record gm.db deal.proposed --deal {GM} --as registrar --by A --terms ODD", "backup gm.db --to ODD",
        f"init ODD --name {NAME} --registrar A --key new.key", f"init new.db --name {NAME} --registrar A --key ODD",
        "replay odd.toml",
    ])  # fmt: skip
    def test_it_is_refused_at_once(
        self, command: str, odd: Path, story: Path, soke: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(story)
        for name in ("log.jsonl", "good"):
            (story / name).write_text("{}")
        (story / "odd.toml").symlink_to(odd)
        (odd.parent / "odd.file").write_text("")
        words = [
            word.replace("ODD.file", str(odd.parent / "odd.file")).replace("ODD", str(odd)) for word in command.split()
        ]
        status, out, err = soke("register", *words)
        assert status == 2 and out == "" and err
        assert not {"proof", "copy.db", "new.db", "new.key", "out"} & {path.name for path in story.iterdir()}


def test_no_password_of_an_address_is_shown(tmp_path: Path, story: Path, soke: Run) -> None:
    for address in ("postgresql+psycopg://u:sekret@h/x", "mysql://u:sekret@h/x"):
        for words in (["status", address], ["verify", address], ["backup", story / "gm.db", "--to", address],
                      ["init", address, "--name", NAME, "--registrar", "A", "--key", tmp_path / "k"]):  # fmt: skip
            status, out, err = soke("register", *words)
            assert status == 2 and "sekret" not in out + err and "no register is kept" in err, err
    assert not list(tmp_path.glob("k*"))


def test_cells_of_a_table_are_text_and_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    columns = [Column("a", "[bold]a[/]")]
    emit([{"a": "Deal [/bold] [red]x[/red] :smile:"}], columns, as_json=False, as_csv=False, title="[/i] title")
    out = capsys.readouterr().out
    assert "Deal [/bold] [red]x[/red] :smile:" in out and "[/i] title" in out and "[bold]a[/]" in out


def test_a_title_in_brackets_in_the_list_of_deals(story: Path, soke: Run) -> None:
    """Two deals, so that the deals are listed."""
    shutil.copytree(ROOT / "deals", story / "mine")
    deal = (story / "mine" / f"{GM}.toml").read_text()
    title = next(line for line in deal.splitlines() if line.startswith("title = "))
    other = deal.replace(title, 'title = "Deal [/bold]"', 1).replace(f'id = "{GM}"', 'id = "other"', 1)
    (story / "mine" / "other.toml").write_text(other)
    status, _, err = soke("register", "record", story / "gm.db", "deal.proposed", "--deal", "other", "--as",
                          "registrar", "--by", KEEPER, "--terms", story / "mine" / "other.toml")  # fmt: skip
    assert status == 0, err
    status, out, err = soke("register", "status", story / "gm.db")
    assert status == 0 and "Deal [/bold]" in out, err
