"""``soke register`` given what it cannot take: fields of the wrong form, bytes that are no text, pipes, markup."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from register_story import FUND, GM, KEEPER, NAME, ROOT, Run, entries, rows_of

from soke.cli.output import print_table
from soke.table import Column, Table
from soke.text import one_line

HALF = os.fsdecode(b"\xff")


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
    print_table(Table.of("deals", "[/i] title", columns, [("Deal [/bold] [red]x[/red] :smile:",)]))
    out = capsys.readouterr().out
    assert "Deal [/bold] [red]x[/red] :smile:" in out and "[/i] title" in out and "[bold]a[/]" in out


def propose_another(story: Path, soke: Run, title: str = "Another") -> None:
    """A second deal, so that the deals of the register are listed."""
    shutil.copytree(ROOT / "deals", story / "mine")
    deal = (story / "mine" / f"{GM}.toml").read_text()
    named = next(line for line in deal.splitlines() if line.startswith("title = "))
    other = deal.replace(named, f'title = "{title}"', 1).replace(f'id = "{GM}"', 'id = "other"', 1)
    (story / "mine" / "other.toml").write_text(other)
    status, _, err = soke("register", "record", story / "gm.db", "deal.proposed", "--deal", "other", "--as",
                          "registrar", "--by", KEEPER, "--terms", story / "mine" / "other.toml")  # fmt: skip
    assert status == 0, err


def test_a_title_in_brackets_in_the_list_of_deals(story: Path, soke: Run) -> None:
    propose_another(story, soke, "Deal [/bold]")
    status, out, err = soke("register", "status", story / "gm.db")
    assert status == 0 and "Deal [/bold]" in out, err


class TestRehearsalIsSaid:
    def test_by_each_command(self, story: Path, soke: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(story)
        for words in ("history gm.db", "status gm.db", "publish gm.db --key gm.key --to out", "verify gm.db",
                      "export gm.db --to exported"):  # fmt: skip
            status, out, err = soke("register", *words.split())
            assert status == 0 and (out + err).count("REHEARSAL: what could be, not what is.") == 1, words
        for words in ("history gm.db", f"status gm.db {GM}"):
            rows = rows_of(soke("register", *words.split(), "--csv")[1])
            assert rows and {row["rehearsal"] for row in rows} == {"yes"}
            assert json.loads(soke("register", *words.split(), "--json")[1])["facts"]["rehearsal"] is True
        for name in ("entries.csv", "balances.csv"):
            rows = rows_of((story / "exported" / name).read_text())
            assert rows and {row["rehearsal"] for row in rows} == {"yes"}
        assert "REHEARSAL" in (story / "exported" / "ledger.journal").read_text()

    def test_in_the_list_of_deals(self, story: Path, soke: Run) -> None:
        propose_another(story, soke)
        assert "REHEARSAL" in soke("register", "status", story / "gm.db")[1]
        found = json.loads(soke("register", "status", story / "gm.db", "--json")[1])
        assert found["facts"]["rehearsal"] is True and {row["rehearsal"] for row in found["rows"]} == {"yes"}
        rows = rows_of(soke("register", "status", story / "gm.db", "--csv")[1])
        assert [row["rehearsal"] for row in rows] == ["yes", "yes"]

    def test_and_not_of_a_register_that_is_none(self, real: Path, soke: Run) -> None:
        for words in (
            ["history", real],
            ["status", real],
            ["verify", real],
            ["export", real, "--to", real.parent / "x"],
        ):
            status, out, err = soke("register", *words)
            assert status == 0 and "REHEARSAL" not in out + err
        assert {row["rehearsal"] for row in rows_of(soke("register", "history", real, "--csv")[1])} == {"no"}


def test_a_line_end_in_a_text_makes_no_second_line(story: Path, soke: Run) -> None:
    forged = "Small\nEntry 99, 1 March 2026:\tHM Treasury\n recalled\t\n everything."
    status, out, err = soke("register", "record", story / "gm.db", "answer.asked", "--deal", GM, "--as", "residents",
                            "--by", "Residents Person", "--set", "answer=a9", "--set", "due=2028-09-01", "--set",
                            f"question={forged}")  # fmt: skip
    assert status == 0, err
    assert one_line("a\r\u2028b\x0b\x85 c\u200f") == "a b c\N{REPLACEMENT CHARACTER}"
    assert out.count("\n") == 1 and "Small Entry 99, 1 March 2026: HM Treasury recalled everything." in out
    _, out, _ = soke("register", "history", story / "gm.db", "--last", "1")
    assert "Small Entry 99, 1 March 2026: HM Treasury recalled everything" in " ".join(out.split())
    assert not [line for line in out.splitlines() if line.startswith("Entry 99")]
    assert entries(story / "gm.db")[-1]["body"]["question"] == forged
    _, out, _ = soke("register", "status", story / "gm.db")
    assert not [line for line in out.splitlines() if line.lstrip().startswith("Entry 99")]
