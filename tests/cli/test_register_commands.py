"""``soke register``: opening a register, recording in it, taking it elsewhere; and what each refuses."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import stat
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from register_story import FUND, GM, KEEPER, NAME, ROOT, STORY, Run, entries, lines, rows_of

from soke.deal.reader import load_deal
from soke.england.places import places
from soke.register.kinds import KINDS
from soke.report.tables.register import kinds


class TestInit:
    def test_log_first_entry_and_key_at_once(self, tmp_path: Path, soke: Run) -> None:
        register, key = tmp_path / "gm.db", tmp_path / "gm.key"
        status, out, err = soke("register", "init", register, "--name", NAME, "--registrar", KEEPER, "--registrar",
                                "Bob", "--key", key)  # fmt: skip
        assert (status, out) == (0, "") and "Keep" in err and "rehearsal" not in err
        (entry,) = entries(register)
        public = Path(f"{key}.pub").read_text().strip()
        assert entry["body"] == {"name": NAME, "registrars": [KEEPER, "Bob"], "rules": 2, "key": public}
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        assert Path(f"{key}.pub").read_text().startswith(f"{NAME}+")
        assert sorted(path.name for path in tmp_path.iterdir()) == ["gm.db", "gm.key", "gm.key.pub"]

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"--name": "two words"}, "cannot be the name"),
            ({"--name": ""}, "cannot be the name"),
            ({"--registrar": " "}, '"registrars"'),
            ({"--at": "2026-03-01"}, "Only a rehearsal"),
            ({"register": "none/gm.db"}, "no such folder"),
            ({"--key": "none/gm.key"}, "cannot be written"),
            ({"register": "there.db"}, "This file exists"),
            ({"--key": "there.key"}, "a key is never overwritten"),
            ({"--key": "half.key"}, "a key is never overwritten"),
        ],
    )
    def test_nothing_is_half_made(self, changed: dict[str, str], said: str, tmp_path: Path, soke: Run,
                                  monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
        monkeypatch.chdir(tmp_path)
        for name in ("there.db", "there.key", "half.key.pub"):
            (tmp_path / name).write_text("mine")
        given = {"register": "gm.db", "--name": NAME, "--registrar": KEEPER, "--key": "gm.key"} | changed
        register = given.pop("register")
        status, _, err = soke("register", "init", register, *[part for pair in given.items() for part in pair])
        assert status == 2 and said in err
        assert sorted(path.name for path in tmp_path.iterdir()) == ["half.key.pub", "there.db", "there.key"]
        assert {path.read_text() for path in tmp_path.iterdir()} == {"mine"}


class TestRecord:
    def test_one_entry_is_told_as_history_tells_it(self, real: Path, soke: Run) -> None:
        status, out, err = soke("register", "record", real, "fund.allotted", "--deal", GM, "--as", "mhclg", "--by",
                                "Mhclg Person", "--set", f"fund={FUND}", "--set", "year=2026-27", "--set",
                                "use=revenue", "--set", "pounds=1,234.56")  # fmt: skip
        assert (status, err) == (0, "")
        assert out.startswith("Entry 17, ") and 'allotted £1,234.56 of revenue for 2026-27 to "Local growth' in out
        last = entries(real)[-1]
        assert last["body"]["pence"] == 123_456
        assert [leg["pence"] for leg in last["body"]["legs"]] == [-123_456, 123_456]

    def test_values_take_the_types_of_the_fields(self, story: Path, soke: Run) -> None:
        body = story / "body.json"
        body.write_text(json.dumps({"title": "Beds", "due": "2028-09-01"}))
        status, _, _ = soke("register", "record", story / "gm.db", "decision.asked", "--deal", GM, "--as", "nhs",
                            "--by", "Nhs Person", "--body", body, "--set", "decision=d9", "--set",
                            "partners=authority, councils")  # fmt: skip
        last = entries(story / "gm.db")[-1]
        assert status == 0 and last["body"]["partners"] == ["authority", "councils"]
        assert last["at"] == "2028-06-21T12:00:00Z"  # in a rehearsal time stands still until somebody says otherwise

    def test_a_file_twice_records_nothing_twice(self, story: Path, soke: Run) -> None:
        before = entries(story / "gm.db")
        assert len(before) == len(STORY) + 1
        status, out, err = soke("register", "record", story / "gm.db", "--file", story / "story.jsonl", "--root", ROOT)
        assert status == 0 and err == f"0 recorded. {len(STORY)} were there already.\n"
        assert out.count("recorded before") == len(STORY) and entries(story / "gm.db") == before

    def test_an_id_that_said_something_else_is_refused(self, story: Path, soke: Run) -> None:
        other = STORY[1] | {"body": {"name": "Eve", "for_party": "mhclg"}}
        (story / "other.jsonl").write_text(lines([other]))
        status, _, err = soke("register", "record", story / "gm.db", "--file", story / "other.jsonl")
        assert status == 2 and "said something else" in err

    def test_the_first_refused_command_stops_and_is_named(self, story: Path, soke: Run) -> None:
        body = {"answer": "a1", "question": "Cap fares?", "due": "2028-09-01"}
        good = {"deal": GM, "kind": "answer.asked", "role": "residents", "person": "Residents Person", "body": body,
                "at": "2028-07-01"}  # fmt: skip
        bad = good | {"role": "mhclg", "person": "Mhclg Person", "body": body | {"answer": "a2"}}
        (story / "more.jsonl").write_text(f"# a comment\n\n{lines([good, bad, good])}")
        status, out, err = soke("register", "record", story / "gm.db", "--file", story / "more.jsonl")
        assert status == 2 and out.startswith(f"Entry {len(STORY) + 1}, 1 July 2028: ")
        assert f'{story / "more.jsonl"}:4: answer.asked is for a community to record, not for "mhclg".' in err
        assert "(1 recorded before it.)" in err and len(entries(story / "gm.db")) == len(STORY) + 2

    @pytest.mark.parametrize(
        ("line", "said"),
        [
            (b"{", "not JSON"),
            (b'{"deal":1}', 'no "kind"'),
            (b"[]", "A command is an object"),
            (b'{"deal":"a","deal":"b"}', "stands twice"),
            (b'{"deal":NaN}', "not a JSON number"),
            (b'{"deal":' + b"9" * 500 + b"}", "beyond 2^53"),
            (b'{"body":{"pence":1.5}}', "not whole"),
            (b'{"a":' * 100 + b"1" + b"}" * 100, "deeper than 64"),
            (b'{"deal":"\xff"}', "not UTF-8"),
            (b'{"deal":"\\ud800"}', "surrogate"),
            (b'{"deal":"' + b"a" * 1_000_000 + b'"}', "longer than"),
            (b'{"deal":"a","kind":"b","role":"c","person":"d","when":"e"}', 'A command has no "when"'),
            (b'{"deal":"a","kind":"b","role":"c","person":["d"]}', '"person" of the command is not text'),
            (b'{"deal":"a","kind":"b","role":"c","person":"d","body":[]}', '"body" of the command is not an object'),
            (b'{"deal":"a","kind":"b","role":"c","person":"d","at":"soon"}', "is no time"),
            (
                b'{"deal":"a","kind":"fund.paid","role":"c","person":"d","body":{"pounds":1}}',
                "Pounds are written as text",
            ),
            (b'{"deal":"a","kind":"fund.paid","role":"c","person":"d","body":{"pounds":"1.999"}}', "no amount"),
        ],
    )
    def test_a_hostile_file_records_nothing_at_all(self, line: bytes, said: str, story: Path,
                                                   soke: Run) -> None:  # fmt: skip
        good = {"deal": GM, "kind": "answer.asked", "role": "residents", "person": "Residents Person",
                "body": {"answer": "a1", "question": "Cap fares?", "due": "2028-09-01"}}  # fmt: skip
        (story / "bad.jsonl").write_bytes(lines([good]).encode() + line + b"\n")
        before = entries(story / "gm.db")
        status, out, err = soke("register", "record", story / "gm.db", "--file", story / "bad.jsonl")
        assert (status, out) == (2, "") and f"{story / 'bad.jsonl'}:2: " in err and said in err
        assert entries(story / "gm.db") == before

    def asked(self, kind: str, role: str, *settings: str, deal: str = GM, person: str = "", at: str = "2028-07-01",
              more: tuple[str, ...] = ()) -> list[str]:  # fmt: skip
        named = person or (KEEPER if role == "registrar" else f"{role.title()} Person")
        sets = [part for setting in settings for part in ("--set", setting)]
        return [kind, "--deal", deal, "--as", role, "--by", named, "--at", at, *sets, *more]

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("fund.paid", "mhclg", "pounds=1"), 'needs "fund"'),
            (("fund.stolen", "mhclg"), 'There is no kind of entry "fund.stolen".'),
            (("power.returned", "authority", "power=spatial-strategy", "reason=x"), "goes back by an order"),
            (("power.returned", "mhclg", "power=settlement-flexibility", "reason=x"), 'not for "mhclg"'),
            (("matter.notice", "mhclg", "matter=m1", "reason=again"), "already"),
            (("matter.notice", "mhclg", "matter=m2", "reason=x"), 'no matter "m2"'),
            (("indicator.reported", "authority", "indicator=bus-journeys", "period_end=2029-03-31", "value=1"),
             "lies ahead"),
            (("answer.asked", "residents", "answer=a", "question=q", "due=2027-01-01"), "here or past"),
            (("answer.asked", "residents", "answer=a", "question=q", "due=soon"), "is not a day"),
            (("answer.asked", "residents", "answer=a", "question=q\x1b[2J", "due=2029-01-01"), "plain characters"),
            (("answer.asked", "residents", "answer=A B", "question=q", "due=2029-01-01"), "is not an id"),
            (("answer.asked", "residents", "anser=a"), 'needs "answer"'),
            (("fund.paid", "mhclg", f"fund={FUND}", "year=2026-27", "use=revenue", "pence=1.5"), "no whole number"),
            (("fund.paid", "mhclg", f"fund={FUND}", "year=2026-27", "use=revenue", "pence=15,000"), "pounds="),
            (("fund.paid", "mhclg", f"fund={FUND}", "year=2026-27", "use=revenue", "pounds=-5"), "no amount"),
            (("fund.paid", "mhclg", f"fund={FUND}", "year=2026-27", "use=revenue", "pounds=12,34"), "no amount"),
            (("fund.paid", "mhclg", f"fund={FUND}", "year=2026-27", "use=revenue", "pounds=1", "pence=1"), "in pence"),
            (("fund.paid", "mhclg", f"fund={FUND}", "year=2026-27", "use=revenue", "pounds=0"), "above zero"),
            (("fund.paid", "mhclg", f"fund={FUND}", "fund=x"), "set twice"),
            (("fund.paid", "mhclg", "fund"), "sets nothing"),
            (("fund.spent", "authority", f"fund={FUND}", "year=2026-27", "use=revenue", "pounds=99,000,000",
              "purpose=x"), "less than this would take"),
            (("fund.paid", "mhclg", f"fund={FUND}", "year=2026-27", "use=revenue", "pounds=1",
              f'legs=[{{"fund":"{FUND}","year":"2026-27","use":"revenue","account":"held","pence":1}}]'),
             "do not balance"),
            (("fund.paid", "mhclg", "legs=[1"), "not JSON"),
            (("answer.given", "authority", "adopted=maybe"), "neither true nor false"),
            (("deal.signed", "mhclg", "version=9"), "Version 9"),
        ],
    )  # fmt: skip
    def test_what_a_rule_forbids_is_a_sentence_and_nothing_is_written(self, arguments: tuple[str, ...], said: str,
                                                                      story: Path, soke: Run) -> None:  # fmt: skip
        before = entries(story / "gm.db")
        status, out, err = soke("register", "record", story / "gm.db", *self.asked(*arguments))
        assert (status, out) == (2, "") and err.startswith("soke: ") and said in err and "\x1b" not in err
        assert entries(story / "gm.db") == before

    def test_who_may_not(self, story: Path, soke: Run) -> None:
        for arguments, said in (
            (self.asked("deal.ended", "mhclg", "reason=x", person="Eve"), '"Eve" does not act for "mhclg"'),
            (self.asked("deal.ended", "mhclg", "reason=x", deal="york"), 'There is no deal "york"'),
            (self.asked("deal.ended", "mhclg", "reason=x", at="2027-01-01"), "is before the last entry"),
            (self.asked("deal.ended", "mhclg", "reason=x", at="2027-13-01"), "is no time"),
            (["deal.ended", "--deal", GM, "--as", "mhclg"], "--by is missing"),
            (["deal.ended", "--file", str(story / "story.jsonl")], "--file brings its commands"),
            (
                self.asked("deal.ended", "mhclg", "reason=x", more=("--terms", "deals/cornwall.toml")),
                "Only deal.proposed",
            ),
        ):
            status, out, err = soke("register", "record", story / "gm.db", *arguments)
            assert (status, out) == (2, "") and said in err, err

    def test_only_a_rehearsal_is_told_the_time(self, real: Path, soke: Run) -> None:
        status, _, err = soke("register", "record", real, "deal.suspended", "--deal", GM, "--as", "mhclg", "--by",
                              "Mhclg Person", "--set", "reason=x", "--at", "2030-01-01")  # fmt: skip
        assert status == 2 and "Only a rehearsal is told what time it is" in err
        (real.parent / "timed.jsonl").write_text(lines([STORY[0] | {"id": "x"}]))
        status, _, err = soke("register", "record", real, "--file", real.parent / "timed.jsonl", "--root", ROOT)
        assert status == 2 and "timed.jsonl:1: Only a rehearsal" in err

    def test_only_a_deal_that_checks_is_proposed(self, story: Path, soke: Run) -> None:
        before = entries(story / "gm.db")
        for file, said in (("deals/broken.toml", "more faults. Only a deal"), ("deals/none.toml", "no such file"),
                           ("pyproject.toml", "Only a deal that checks")):  # fmt: skip
            status, out, err = soke("register", "record", story / "gm.db", "deal.proposed", "--deal", "broken", "--as",
                                    "registrar", "--by", KEEPER, "--terms", ROOT / file)  # fmt: skip
            assert (status, out) == (2, "") and said in err
        assert entries(story / "gm.db") == before

    def test_kinds(self, whole: Path, soke: Run) -> None:
        status, out, _ = soke("register", "record", whole / "gm.db", "--kinds", "--csv")
        found = {row["kind"]: row for row in rows_of(out)}
        assert status == 0 and found.keys() == KINDS.keys()
        assert found["fund.paid"]["fields"] == "fund, year, use, pence"  # legs are worked out


class TestExport:
    def test_for_other_programs(self, story: Path, soke: Run) -> None:
        out = story / "out"
        assert soke("register", "export", story / "gm.db", "--to", out)[0] == 0
        assert sorted(path.name for path in out.iterdir()) == [
            "balances.csv", "contents.json", f"deal-{GM}.json", "entries.csv", "ledger.journal", "log.jsonl",
        ]  # fmt: skip
        rows = rows_of((out / "entries.csv").read_text())
        assert len(rows) == len(STORY) + 1 and json.loads(rows[-1]["body"])["matter"] == "m1"
        assert (out / "log.jsonl").read_bytes().count(b"\n") == len(rows)
        state = json.loads((out / f"deal-{GM}.json").read_text())
        assert list(state["powers"]) == [power.id for power in load_deal(ROOT / f"deals/{GM}.toml", places()).powers]
        assert state["status"] == "in-force" and state["matters"]["m1"]["matter"]["state"] == "restored"
        balances = {(row["fund"], row["year"], row["use"], row["account"]): int(row["pence"])
                    for row in rows_of((out / "balances.csv").read_text())}  # fmt: skip
        assert balances[FUND, "2026-27", "revenue", "spent"] == 123_456_789 and sum(balances.values()) == 0

    def test_the_journal_balances_and_ends_at_the_registers_own_sums(self, story: Path, soke: Run) -> None:
        assert soke("register", "export", story / "gm.db", "--to", story / "out")[0] == 0
        running: Counter[str] = Counter()
        transactions = asserted = 0
        for block in (story / "out" / "ledger.journal").read_text().split("\n\n")[1:]:
            head, *postings = block.strip().split("\n")
            assert re.match(r"\d{4}-\d\d-\d\d (\(\d+\) )?\S", head) and not set(";|") & set(head)
            legs = [re.fullmatch(r"    (\S+)  GBP (-?\d+\.\d\d)(?: = GBP (-?\d+\.\d\d))?", leg) for leg in postings]
            assert all(legs) and sum(Decimal(leg[2]) for leg in legs if leg) == 0
            for leg in legs:
                assert leg is not None
                running[leg[1]] += int(Decimal(leg[2]) * 100)
                if leg[3] is not None:
                    asserted += 1
                    assert running[leg[1]] == int(Decimal(leg[3]) * 100)
            transactions += 1
        assert (transactions, asserted) == (7, 6)

    def test_a_backup_is_a_register(self, story: Path, soke: Run) -> None:
        status, _, err = soke("register", "backup", story / "gm.db", "--to", story / "copy.db")
        assert status == 0 and f"Copied {len(STORY) + 1} entries" in err
        assert entries(story / "copy.db") == entries(story / "gm.db")
        status, _, err = soke("register", "backup", story / "gm.db", "--to", story / "copy.db")
        assert status == 2 and "exists" in err


def test_a_register_that_is_not_there(tmp_path: Path, soke: Run) -> None:
    to = ("--to", tmp_path / "x")
    for name, *rest in (("status",), ("history",), ("verify",), ("export", *to), ("backup", *to), ("prove", 0, *to),
                        ("record", "--file", "x")):  # fmt: skip
        status, out, err = soke("register", name, tmp_path / "none.db", *rest)
        assert (status, out) == (2, "") and err.startswith("soke: "), err
    assert not list(tmp_path.iterdir())


def test_the_handbook_lists_these_kinds() -> None:
    page = (ROOT / "docs" / "handbook" / "register.md").read_text("utf-8")
    for row in kinds():
        cells = " | ".join(str(row[key]) for key in ("who", "fields", "optional_fields"))
        assert re.sub(" +", " ", f"| `{row['kind']}` | {cells} |") in page
    assert page.count("\n| `") == len(KINDS)


def test_the_tour_of_the_handbook_is_true(tmp_path: Path, soke: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each command prints the lines that the page shows, in their order; ``...`` stands for lines left out."""
    page = (ROOT / "docs" / "handbook" / "register.md").read_text("utf-8")
    (block,) = re.findall(r"```console\n(.*?)```", page, re.DOTALL)
    (command,) = re.findall(r"```json\n(.*?)\n```", page)
    assert json.loads(command) in STORY and f"holds {len(STORY)} commands" in page
    shutil.copytree(ROOT / "deals", tmp_path / "deals")
    (tmp_path / "story.jsonl").write_text(lines(STORY))
    monkeypatch.chdir(tmp_path)
    for step in block.split("$ soke ")[1:]:
        asked, *expected = step.rstrip("\n").split("\n")
        status, out, err = soke(*shlex.split(asked))
        assert status == 0
        printed = [*out.splitlines(), *err.splitlines()]
        for line in expected:
            assert line == "..." or line in printed, line


def test_terms_over_a_framework_of_ones_own_and_in_the_line_ends_of_windows(story: Path, soke: Run) -> None:
    folder = story / "deals"
    folder.mkdir()
    offer = (ROOT / "src/soke/deal/offer/england.toml").read_text("utf-8")
    (folder / "mine.toml").write_bytes(b"\xef\xbb\xbf" + offer.replace("\n", "\r\n").encode())
    deal = (ROOT / "deals/cornwall.toml").read_text("utf-8").replace('extends = "england"', 'extends = "mine.toml"')
    (folder / "cornwall.toml").write_bytes(deal.replace("\n", "\r\n").encode())
    status, _, err = soke("register", "record", story / "gm.db", "deal.proposed", "--deal", "cornwall", "--as",
                          "registrar", "--by", KEEPER, "--terms", folder / "cornwall.toml")  # fmt: skip
    assert (status, err) == (0, "")
    body = entries(story / "gm.db")[-1]["body"]
    assert (body["deal"], body["framework"], body["version"]) == (deal, offer, 1)
    assert soke("register", "verify", story / "gm.db")[0] == 0
