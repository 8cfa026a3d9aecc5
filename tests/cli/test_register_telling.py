"""``soke register status`` and ``history``: what people and programs read."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from register_story import FUND, GM, KEEPER, NAME, OPENED, STORY, Run, lines, opened, record, rows_of

from soke.register.storage import Draft, Log


class TestStatus:
    def card(self, soke: Run, register: Path, *more: str) -> str:
        status, out, err = soke("register", "status", register, *more)
        assert (status, err) == (0, "")
        shown = out.splitlines()
        assert max(map(len, shown)) <= 100 and len(shown) <= 70
        return out

    def test_as_it_stands(self, whole: Path, soke: Run) -> None:
        out = self.card(soke, whole / "recalled.db")
        assert out.startswith("REHEARSAL: what could be, not what is.\n")
        for heading in ("WHO DECIDES", "WITH WHOSE MONEY", "ON WHICH CONDITIONS", "MATTERS", "WHAT IS DUE"):
            assert heading in out
        flat = " ".join(out.split())
        for said in (
            "In force since 20 March 2026, version 1; as of 21 February 2028.",
            "In short: 1 of 13 powers held; recalled: Moving up to a tenth of each theme of the settlement to another",
            "RECALLED 21 Feb 2028 majority m1",
            "2026-27 43.2 30.0 15.0 3.8 1.2 10.0 15.0",
            "MISSED Communities decide a real share (community) 2026-27: 0.21% (£63,000 of £30.0m), asked at least 1%",
            "m1: Communities decide a real share, 2026-27. Stands at: recalled, since 21 February 2028.",
            "Who loses what: 14 neighbourhoods wait; Grants in town centres wait.",
            "The control lapses on 21 February 2029.",
            "Given back: two periods in a row met",
            'OVERDUE 26 Dec 2027 Report "Bus passenger journeys starting in Greater Manchester"',
            "from 21 Feb 2028 Restore what was recalled (matter m1)",
        ):
            assert said in flat, said

    @pytest.mark.parametrize(
        ("on", "said"),
        [
            ("2026-03-10", "PROPOSED, NOT YET IN FORCE"),
            ("2026-05-01", "£15.0m LATE"),
            ("2026-06-15", "by 1 Aug 2026 Confirm or dispute the joint decision"),
            ("2027-05-01", "by 26 Jun 2027 Respond to the notice (matter m1)"),
            ("2027-12-25", "by 31 Jan 2028 Appeal (matter m1): Greater Manchester Combined Authority, Mayor"),
            ("2028-06-21", "No longer open: m1 (given back)."),
        ],
    )
    def test_a_day_in_the_past_as_it_stood(self, on: str, said: str, whole: Path, soke: Run) -> None:
        assert said in " ".join(self.card(soke, whole / "gm.db", GM, "--on", on).split())

    def test_exact_pence_for_programs(self, whole: Path, soke: Run) -> None:
        _, out, _ = soke("register", "status", whole / "recalled.db", "--json")
        found = json.loads(out)
        funds = found["tables"]["register_funds"]["rows"]
        (fund,) = (one for one in funds if (one["fund"], one["year"]) == (FUND, "2026-27"))
        assert (fund["spent_pence"], fund["committed_pence"], fund["recalled_pence"]) == (
            123_456_789,
            376_543_211,
            1_500_000_000,
        )
        assert found["facts"]["rehearsal"] is True and found["facts"]["day"] == "2028-02-21"
        _, out, _ = soke("register", "status", whole / "recalled.db", "--csv")
        rows = rows_of(out)
        assert {row["section"] for row in rows} == {
            "power",
            "fund",
            "condition",
            "communities",
            "promise",
            "matter",
            "due",
        }
        (row,) = (row for row in rows if row["id"] == FUND and row["year"] == "2026-27")
        assert (row["spent_pence"], row["who"]) == ("123456789", fund["payer"])
        assert rows == [
            {key: "" if value is None else str(value) for key, value in one.items()} for one in found["rows"]
        ]

    def test_many_of_one_kind_hide_nothing_else(self, story: Path, soke: Run) -> None:
        asked = [{"deal": GM, "kind": "answer.asked", "role": "residents", "person": "Residents Person",
                  "at": "2028-02-22", "body": {"answer": f"a{n}", "question": f"Why {n}?", "due": "2028-03-21"}}
                 for n in range(10, 40)]  # fmt: skip
        (story / "many.jsonl").write_text(lines(asked))
        assert soke("register", "record", story / "recalled.db", "--file", story / "many.jsonl", "--quiet")[0] == 0
        _, out, _ = soke("register", "status", story / "recalled.db", "--on", "2028-03-01")
        flat = " ".join(out.split())
        assert (
            'Answer "Why 12?": Greater Manchester Combined Authority, Mayor of Greater Manchester (and 27 more' in flat
        )
        assert "Why 13?" not in flat and "Restore what was recalled (matter m1)" in flat

    def test_bad_days_and_deals(self, whole: Path, soke: Run) -> None:
        for arguments, said in ((("york",), 'no deal "york"'), ((GM, "--on", "2026-01-01"), "there was no deal"),
                                ((GM, "--on", "1 May"), "is no day"), ((GM, "--on", "20260101"), "is no day"),
                                ((GM, "--json", "--csv"), "cannot be asked for together")):  # fmt: skip
            status, out, err = soke("register", "status", whole / "gm.db", *arguments)
            assert (status, out) == (2, "") and said in err

    def test_a_register_without_a_deal_and_with_two(self, tmp_path: Path, soke: Run) -> None:
        register = opened(tmp_path, "--rehearsal", "--at", OPENED)
        status, _, err = soke("register", "status", register)
        assert status == 0 and "no deal in this register yet" in err
        two = [STORY[0], STORY[0] | {"deal": "cornwall", "terms": "deals/cornwall.toml", "id": "k"}]
        record(tmp_path, two)
        status, out, _ = soke("register", "status", register)
        assert status == 0 and "cornwall" in out and GM in out
        status, out, _ = soke("register", "status", register, "cornwall")
        assert status == 0 and "Cornwall" in out
        status, out, _ = soke("register", "history", register)
        assert "cornwall: Version 1 of the deal" in out


class TestHistory:
    def test_one_plain_sentence_an_entry(self, whole: Path, soke: Run) -> None:
        status, out, err = soke("register", "history", whole / "gm.db", GM)
        assert (status, err) == (0, "") and max(map(len, out.splitlines())) <= 100
        assert len(re.findall(r"^ +\d+  \d", out, re.M)) == len(STORY) + 1
        flat = " ".join(out.split())
        for said in (
            f"0 1 Mar 2026 {KEEPER} opened the register {NAME}. Registrars: {KEEPER}. It is a rehearsal:",
            'Ministry of Housing, Communities and Local Government conferred "Moving up to a tenth of each theme of '
            'the settlement to another theme" and "Spatial development strategy". (Mhclg Person)',
            'Greater Manchester Combined Authority spent £1,234,567.89 of "Local growth, formerly the UK Shared '
            'Prosperity Fund" (revenue, 2026-27) on the first stage. (Authority Person)',
            "asked Greater Manchester Combined Authority and the ten constituent councils for a joint decision by "
            "1 August 2026: Join up hospital discharge.",
            'The ten constituent councils disputed the joint decision "Join up hospital discharge": Nobody pays for '
            "the beds. (Councils Person)",
            "Residents' panel, drawn by lot, recorded what residents decided in the round spring: £63,000. 14 projects",
            'recalled the power "Moving up to a tenth of each theme of the settlement to another theme" and '
            '£15,000,000 of "Local growth, formerly the UK Shared Prosperity Fund" (2026-27, revenue). Not put right. '
            "Residents lose: 14 neighbourhoods wait. Services lose: Grants in town centres wait.",
        ):
            assert said in flat, said
        assert ".." not in out and "{" not in out and "pence" not in out

    def test_only_about_some_things(self, whole: Path, soke: Run) -> None:
        _, out, _ = soke("register", "history", whole / "gm.db", "--about", "matter:m1", "--json")
        kinds = [row["kind"] for row in json.loads(out)["rows"]]
        assert kinds == [f"matter.{step}" for step in ("report", "notice", "response", "cure", "hearing", "decision",
                                                       "recall", "restore")]  # fmt: skip
        _, out, _ = soke("register", "history", whole / "gm.db", "--about", "condition:communities-decide", "--csv")
        assert [row["kind"] for row in rows_of(out)] == ["condition.evaluated", *kinds]
        both = ("--about", "power:settlement-flexibility", "--about", f"fund:{FUND}")
        _, out, _ = soke("register", "history", whole / "gm.db", GM, *both, "--last", "2", "--csv")
        assert [row["kind"] for row in rows_of(out)] == ["fund.spent", "matter.recall"]
        status, out, err = soke("register", "history", whole / "gm.db", "--about", "fund:none")
        assert (status, out) == (0, "") and "No entry is about fund:none." in err
        for thing in ("fund", "fund:", "planet:mars"):
            assert soke("register", "history", whole / "gm.db", "--about", thing)[0] == 2

    def test_hostile_text_past_the_rules_cannot_steer_a_terminal(self, story: Path, soke: Run) -> None:
        """Who writes past the rules is found by replaying; who only reads must not be fooled meanwhile."""
        with Log.open(story / "gm.db") as log:
            evil, tags, at = "Eve\x1b[2J\u202egnissim", frozenset({f"deal:{GM}"}), "2028-07-01T12:00:00Z"
            log.append([
                Draft(GM, "person.appointed", at, evil, evil, tags, {"name": evil, "for_party": "nhs", "note": "a\rb"}),
                Draft(GM, "made.up", at, "x", "y", tags, {}),
                Draft(GM, "matter.recall", at, "x", "y", tags, {"takes": [1, {"fund": []}], "matter": {}}),
            ])  # fmt: skip
        for more in ((), ("--csv",), ("--json",)):
            status, out, _ = soke("register", "history", story / "gm.db", "--last", "3", *more)
            assert status == 0 and not set("\x1b\r\u202e") & set(out) and "made.up" in out
        for command in ("status", "verify"):
            status, out, err = soke("register", command, story / "gm.db")
            assert status in (1, 2) and "breaks a rule" in out + err and not set("\x1b\u202e") & set(out + err)

    def test_a_name_that_a_spreadsheet_would_run(self, story: Path, soke: Run) -> None:
        status, _, _ = soke("register", "record", story / "gm.db", "person.appointed", "--deal", GM, "--as", "nhs",
                            "--by", "Nhs Person", "--set", "name==HYPERLINK(1)", "--set", "for_party=nhs")  # fmt: skip
        _, out, _ = soke("register", "history", story / "gm.db", "--last", "1", "--csv")
        assert status == 0 and rows_of(out)[0]["sentence"].startswith("'=HYPERLINK(1) may now act for")
