"""``soke register`` given a file that is something else, a name with leftovers beside it, odd days, hostile cells."""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from register_story import GM, KEEPER, NAME, Run, entries

REGISTRAR = ("--deal", "register", "--as", "registrar", "--by", KEEPER)
RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@pytest.mark.parametrize("ending", ["-wal", "-shm", "-journal"])
def test_init_and_backup_beside_a_leftover_say_what_lies_there(ending: str, story: Path, soke: Run) -> None:
    (story / f"new.db{ending}").write_bytes(b"")
    before = sorted(path.name for path in story.iterdir())
    for words in (("init", story / "new.db", "--name", NAME, "--registrar", "A", "--key", story / "new.key"),
                  ("backup", story / "gm.db", "--to", story / "new.db")):  # fmt: skip
        status, out, err = soke("register", *words)
        assert (status, out) == (2, "") and f"new.db{ending} lies there" in err and "move it away" in err
    assert sorted(path.name for path in story.iterdir()) == before


def test_a_deal_given_for_a_register_is_called_what_it_is(story: Path, soke: Run) -> None:
    (story / "deal.toml").write_text('id = "gm"\n')
    with closing(sqlite3.connect(story / "box.db")) as made:
        made.execute("CREATE TABLE other (x)")
    for file, words in (("deal.toml", "it is text"), ("box.db", "it is a database that holds none")):
        for command in (("status",), ("history",), ("verify",), ("backup", "--to", story / "copy.db")):
            status, out, err = soke("register", command[0], story / file, *command[1:])
            assert (status, out) == (2, "") and f"not a register of Soke: {words}" in err and "damaged" not in err
    assert not (story / "copy.db").exists()


def test_a_backup_over_an_old_register_names_it(story: Path, soke: Run) -> None:
    soke("register", "backup", story / "gm.db", "--to", story / "copy.db")
    before = (story / "copy.db").read_bytes()
    status, _, err = soke("register", "backup", story / "gm.db", "--to", story / "copy.db")
    number = len(entries(story / "copy.db"))
    assert status == 2 and f"It holds the register {NAME}: {number} entries, the last of" in err
    assert (story / "copy.db").read_bytes() == before


def test_no_output_replaces_a_register_or_a_part_of_one(story: Path, soke: Run) -> None:
    before = {path.name: path.read_bytes() for path in story.iterdir() if path.is_file()}
    for name in ("gm.db", "gm.db-wal", "gm.db-shm", "gm.db-journal"):
        status, out, err = soke("register", "prove", story / "gm.db", "0", "--to", story / name)
        assert (status, out) == (2, "") and "a database is never overwritten" in err
    (story / "out").mkdir()
    (story / "gm.db").rename(story / "out" / "log.jsonl")  # a register in a folder that is published over
    soke("register", "backup", story / "out" / "log.jsonl", "--to", story / "gm.db")
    for words in (("publish", story / "gm.db", "--key", story / "gm.key"), ("export", story / "gm.db")):
        status, _, err = soke("register", *words, "--to", story / "out")
        assert status == 2 and "a database is never overwritten" in err
    assert (story / "out" / "log.jsonl").read_bytes() == before["gm.db"]


def test_lost_triggers_are_said_and_fail_the_verification(story: Path, soke: Run) -> None:
    with closing(sqlite3.connect(story / "gm.db")) as made:
        made.execute("DROP TRIGGER entry_stays")
    status, _, err = soke("register", "status", story / "gm.db")
    assert status == 0 and "entry_stays is missing" in err
    status, out, _ = soke("register", "verify", story / "gm.db")
    assert status == 1 and "none is broken" in out and "NOT VERIFIED" in out and "entry_stays is missing" in out
    soke("register", "backup", story / "gm.db", "--to", story / "copy.db")
    status, out, err = soke("register", "verify", story / "copy.db")
    assert status == 0 and "triggers" not in out + err


def test_a_deal_that_reads_like_another_is_named(story: Path, soke: Run) -> None:
    signing = ("--as", "nhs", "--by", "Nhs Person", "--set", "version=1")
    for command, *words in (("status", "Greater Manchester"), ("history", "greatermanchester"),
                            ("record", "deal.signed", "--deal", "greater.manchester", *signing)):  # fmt: skip
        status, out, err = soke("register", command, story / "gm.db", *words)
        assert (status, out) == (2, "") and f'It reads like "{GM}", which is there.' in err


class TestOddDays:
    def test_a_rehearsal_at_the_end_of_time_is_kept_and_read(self, tmp_path: Path, soke: Run) -> None:
        gm = tmp_path / "gm.db"
        assert soke("register", "init", gm, "--name", NAME, "--registrar", KEEPER, "--key", tmp_path / "key",
                    "--rehearsal", "--at", "9999-12-31")[0] == 0  # fmt: skip
        status, _, err = soke("register", "record", gm, "person.appointed", *REGISTRAR, "--at", "9999-12-31",
                              "--set", "name=Bo", "--set", "for_party=registrar")  # fmt: skip
        assert (status, err) == (0, "") and len(entries(gm)) == 2
        for command in ("status", "history", "verify"):
            assert soke("register", command, gm)[0] == 0
        assert "31 December 9999" in soke("register", "backup", gm, "--to", gm)[2]

    @pytest.mark.parametrize(
        "day", ["0001-01-01", "2028-02-30", "2027-02-29", "10000-01-01", "2028-2-3", "0000-00-00", "\uff12028-01-01"]
    )
    def test_of_a_day_that_cannot_be_a_sentence_and_nothing_written(self, day: str, story: Path, soke: Run) -> None:
        before = entries(story / "gm.db")
        status, out, err = soke("register", "status", story / "gm.db", GM, "--on", day)
        assert (status, out) == (2, "") and err
        for at in (day, f"{day}T10:00:00Z", "2028-07-01T25:00:00Z"):
            status, out, err = soke("register", "record", story / "gm.db", "person.appointed", *REGISTRAR, "--at", at,
                                    "--set", "name=Bo", "--set", "for_party=registrar")  # fmt: skip
            assert (status, out) == (2, "") and err, at
        assert entries(story / "gm.db") == before

    @pytest.mark.parametrize("day", ["2028-02-29", "9999-12-31"])
    def test_a_rare_day_is_one(self, day: str, story: Path, soke: Run) -> None:
        status, out, _ = soke("register", "status", story / "gm.db", GM, "--on", day)
        assert status == 0 and out


def test_no_cell_of_an_export_is_run_and_no_line_of_a_journal_is_forged(story: Path, soke: Run) -> None:
    texts = [f"{start}HYPERLINK(1)" for start in RUN_BY_SPREADSHEETS]
    texts += [
        "<script>alert(1)</script>",
        "a\n2027-01-01 * Forged\n    assets:cash  1 GBP",
        "\t=1+1",
        "|calc",
        '"quoted",=1',
    ]
    for number, text in enumerate(texts):
        status, _, err = soke("register", "record", story / "gm.db", "person.appointed", *REGISTRAR[2:], "--deal", GM,
                              "--at", "2028-07-01", "--set", f"name=Person {number}", "--set", "for_party=nhs",
                              "--set", f"note={text}")  # fmt: skip
        assert status == 0, err
    assert soke("register", "export", story / "gm.db", "--to", story / "out")[0] == 0
    for path in (story / "out").rglob("*.csv"):
        for row in csv.reader(path.read_text(encoding="utf-8-sig").splitlines()):
            for cell in row:
                if not cell.lstrip().replace(".", "").replace("-", "").isdigit():
                    assert not cell.lstrip("\t\r ").startswith(RUN_BY_SPREADSHEETS), (path.name, cell)
    for path in (story / "out").rglob("*.journal"):
        assert not [line for line in path.read_text().splitlines() if line.startswith("2027-01-01 * Forged")]
