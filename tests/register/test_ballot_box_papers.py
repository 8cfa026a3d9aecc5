"""Papers that came in a pile, codes of districts, and codes that were tried and not taken."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soke.community.voting.codes import new_code
from soke.community.voting.paper import Ballot, Invalid, Paper, read_paper
from soke.community.voting.receipt import find, read_receipt
from soke.errors import Location, SokeError
from soke.register import ballot_box, box_tried
from soke.register.ballot_box import BallotBox
from soke.register.box_tables import AlreadyUsed

PAPER = (
    "META\nkey;value\ndescription;made up\nbudget;1000\nvote_type;approval\nnum_projects;5\nnum_votes;0\n"
    "min_length;1\nmax_length;2\nPROJECTS\nproject_id;cost;district\n1;100;North\n2;200;South\n3;300;\n4;400;North\n"
    "5;500;\nVOTES\nvoter_id;vote\n"
)
AT = Location("typed.csv", 2)


def paper() -> Paper:
    return read_paper(PAPER.encode(), "paper.pb")


@pytest.fixture
def box(tmp_path: Path) -> Iterator[BallotBox]:
    with BallotBox.create(tmp_path / "elm.box", "elm-ward-2026", paper()) as made:
        yield made


class TestInvalidPapers:
    def test_one_is_received_and_not_counted_and_the_others_are_cast(self, box: BallotBox) -> None:
        codes = box.issue(4, "paper")
        said = zip(codes, ("1,2", "1,2,3", "", "9"), strict=True)
        invalid = box.cast_papers([(AT, code, box.paper.received(chosen)) for code, chosen in said])
        assert [one.reason for _, one in invalid] == ["too_many", "too_few", "unknown"]
        assert invalid[0] == (AT, Invalid("too_many", ("1,2,3", ""), ""))
        for code in codes[1:]:
            with pytest.raises(AlreadyUsed, match="was received already, and is invalid"):
                box.cast(code, box.paper.ballot("1"))
        counts = box.reconciliation()
        assert counts.faults() == () and counts.ballots == 1
        assert counts.rows()[0] == {
            "channel": "paper", "issued": 4, "cast": 1, "invalid": 3, "spoiled": 0, "unused": 0, "turnout_percent": 100,
        }  # fmt: skip
        assert {reason for reason, count in counts.reasons.items() if count} == {"too_many", "too_few", "unknown"}
        assert box.close_round() == () and len(box.ballots()) == 1

    def test_another_code_can_be_given_for_one_and_only_once(self, box: BallotBox) -> None:
        (code,) = box.issue(1, "paper")
        box.cast_papers([(AT, code, box.paper.received("1,2,3"))])
        fresh = box.replace(code)
        with pytest.raises(SokeError, match="was spoiled"):
            box.replace(code)
        box.cast(fresh, box.paper.ballot("1"))
        counts = box.reconciliation()
        assert (counts.total.invalid, counts.total.spoiled, counts.total.cast, counts.replaced) == (0, 1, 1, 1)
        assert counts.reasons["too_many"] == 1 and counts.faults() == () and box.close_round() == ()

    def test_a_code_that_cannot_be_used_stops_all_of_them(self, box: BallotBox) -> None:
        used, good, invalid = box.issue(3, "paper")
        box.cast(used, box.paper.ballot("1"))
        given_ = [(Location("t.csv", line), code, box.paper.received(chosen))
                  for line, (code, chosen) in enumerate(
                      [(good, "1"), (used, "1"), (invalid, "9"), (new_code(), "1"), (good, "2")], 2)]  # fmt: skip
        with pytest.raises(AlreadyUsed) as refused:
            box.cast_papers(given_)
        assert str(refused.value).startswith("t.csv:3:1: A ballot was cast with this code already.")
        assert "line 5: This round has no such code" in str(refused.value)
        assert "line 6: This code stands here twice" in str(refused.value)
        total = box.reconciliation().total
        assert (total.cast, total.invalid, total.unused) == (1, 0, 2)

    def test_nothing_changes_behind_the_back_of_the_box(self, box: BallotBox) -> None:
        (code,) = box.issue(1, "paper")
        box.cast_papers([(AT, code, box.paper.received("9"))])
        with closing(sqlite3.connect(box.path, isolation_level=None)) as other:
            for said in (
                "UPDATE code SET state = 'u'", "UPDATE code SET state = 'c'", "UPDATE code SET district = 'x'",
                "UPDATE invalid SET papers = x'0000000000000000'", "DELETE FROM invalid", "DELETE FROM tried",
                "UPDATE invalid SET papers = x'01'",
            ):  # fmt: skip
                if said == "DELETE FROM tried":
                    other.execute("INSERT INTO tried VALUES ('2026-06-01T14', 'used', 1)")
                with pytest.raises(sqlite3.IntegrityError):
                    other.execute(said)
            other.execute("DROP TRIGGER invalid_rises")
            other.execute("UPDATE invalid SET papers = x'0000000000000000'")
        assert box.close_round() == ("1 papers are invalid, and 0 have a reason.",)

    def test_no_reason_stands_with_a_code(self, box: BallotBox) -> None:
        """What was on a paper cannot be read from the code that came with it."""
        codes = box.issue(3, "paper")
        box.cast_papers(
            [(AT, code, box.paper.received(said)) for code, said in zip(codes, ("9", "", "1,2,3"), strict=True)]
        )
        with closing(sqlite3.connect(box.path)) as other:
            held = {row[1:] for row in other.execute("SELECT * FROM code")}
        assert held == {("paper", "i", "")}

    def test_the_file_does_not_tell_in_which_order_papers_came(
        self, box: BallotBox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        codes = box.issue(40, "paper", district="North")
        box.close()
        other = box.path.with_name("other.box")
        for ending in ("", ".key", ".key.pub"):
            shutil.copy2(f"{box.path}{ending}", f"{other}{ending}")
        chance = random.Random(2)
        given_ = [(code, chance.choice(("1", "3,4", "", "9", "1,3,4", "2", "1,1"))) for code in codes[:30]]
        into = dict(zip(codes, chance.sample(range(80), 40), strict=True))
        nonces = {slot: chance.randbytes(16) for slot in range(80)}
        drawn: list[int] = []
        monkeypatch.setattr(ballot_box, "_draw", lambda _: drawn[-1])
        monkeypatch.setattr(ballot_box.secrets, "token_bytes", lambda _: nonces[drawn[-1]])
        contents = []
        for path, order in ((box.path, given_), (other, chance.sample(given_, 30))):
            with BallotBox.open(path) as opened:
                for code, choice in order:
                    drawn.append(into[code])
                    opened.cast_papers([(AT, code, opened.paper.received(choice))])
            contents.append(path.read_bytes())
        assert contents[0] == contents[1]


class TestDistricts:
    def test_a_code_chooses_in_its_own_district_and_in_none(self, box: BallotBox) -> None:
        north, south, any_ = (box.issue(2, "letter", district=of) for of in ("north", "South", ""))
        with pytest.raises(SokeError, match=r"code is of North, and project 2 is of South\..*Nothing was cast"):
            box.cast(north[0], box.paper.ballot("2,3"))
        with pytest.raises(SokeError, match="code is of South, and project 1 is of North"):
            box.cast(south[0], box.paper.ballot("1"))
        notes = [box.cast(north[0], box.paper.ballot("1,3")), box.cast(any_[0], box.paper.ballot("1,2"))]
        ((_, invalid),) = box.cast_papers([(AT, south[0], box.paper.received("4"))])
        assert invalid.reason == "district"
        counts = box.reconciliation()
        assert [(one.district, one.cast, one.invalid) for one in counts.channels] == [
            ("", 1, 0), ("North", 1, 0), ("South", 0, 1)
        ]  # fmt: skip
        assert box.close_round() == ()
        roll = {line.number: line for line, _ in box.ballots()}
        assert sorted((line.district, line.chosen) for line in roll.values()) == [
            ("", ("1", "2")),
            ("North", ("1", "3")),
        ]
        for note in notes:
            receipt = read_receipt(note.decode().split("\n\n")[0] + "\n")
            assert receipt is not None and find(receipt, roll) == ""

    def test_the_code_in_the_place_of_another_is_of_its_district(self, box: BallotBox) -> None:
        (code,) = box.issue(1, "letter", district="North")
        kept: list[str] = []
        fresh = box.replace(code, lambda *told: kept.extend(told))
        assert kept == [fresh, "letter", "North"] and box.districts_of([(None, fresh)]) == ["North"]
        with pytest.raises(SokeError, match="code is of North"):
            box.cast(fresh, box.paper.ballot("2"))

    def test_a_district_that_there_is_not(self, box: BallotBox) -> None:
        with pytest.raises(SokeError, match=r'of the district "Nort". Did you mean North\?'):
            box.issue(1, "letter", district="Nort")
        assert box.reconciliation().channels == ()


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32))
def test_whatever_papers_come_the_box_adds_up(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    """Against a model of a few lines: what each paper is, worked out from the rules of the paper alone."""
    chance = random.Random(seed)
    of = {"1": "North", "2": "South", "3": "", "4": "North", "5": ""}
    with BallotBox.create(tmp_path_factory.mktemp("any") / "b", "any", paper()) as box:
        expected: dict[str, list[tuple[str, ...]]] = {"North": [], "South": [], "": []}
        invalid = 0
        for district, good_ones in expected.items():
            papers = []
            for code in box.issue(chance.randint(1, 8), "paper", district=district):
                ids = [chance.choice("123456") for _ in range(chance.randint(0, 3))]
                good = 1 <= len(ids) <= 2 and len(set(ids)) == len(ids) and "6" not in ids
                good = good and (not district or all(of[one] in ("", district) for one in ids))
                if good:
                    good_ones.append(tuple(sorted(ids)))
                invalid += not good
                papers.append((AT, code, box.paper.received(",".join(ids))))
            box.cast_papers(papers)
        assert box.reconciliation().total.invalid == invalid and box.close_round() == ()
        found: dict[str, list[tuple[str, ...]]] = {"North": [], "South": [], "": []}
        for _, ballot in box.ballots():
            found[ballot.district].append(ballot.chosen)
        assert {one: sorted(said) for one, said in found.items()} == {
            one: sorted(said) for one, said in expected.items()
        }


class TestTried:
    def test_each_kind_is_counted_in_its_hour(self, box: BallotBox, monkeypatch: pytest.MonkeyPatch) -> None:
        used, spoiled = box.issue(2, "letter")
        ballot = box.paper.ballot("1")
        box.cast(used, ballot)
        box.spoil(spoiled)
        tries = [("14", new_code()), ("14", new_code()), ("15", used), ("15", spoiled), ("15", used[:-1]), ("16", "?")]
        for hour, code in tries:
            monkeypatch.setattr(box_tried, "_hour", lambda hour=hour: f"2026-06-01T{hour}")
            with pytest.raises(SokeError):
                box.cast(code, ballot)
        with pytest.raises(SokeError):
            box.spoil(new_code())
        assert [tuple(one) for one in box.tried()] == [
            ("2026-06-01T14", "unknown", 2), ("2026-06-01T15", "mistyped", 1), ("2026-06-01T15", "spoiled", 1),
            ("2026-06-01T15", "used", 1), ("2026-06-01T16", "mistyped", 1), ("2026-06-01T16", "unknown", 1),
        ]  # fmt: skip
        assert box.close_round() == ()
        assert len(box.tried()) == 6

    def test_nothing_of_what_was_typed_is_kept(self, box: BallotBox) -> None:
        box.issue(1, "letter")
        typed = [new_code() for _ in range(20)]
        for code in typed:
            with pytest.raises(SokeError, match="no such code"):
                box.cast(code, box.paper.ballot("1"))
        content = box.path.read_bytes() + Path(f"{box.path}-journal").read_bytes()
        assert not any(code.replace("-", "").encode() in content or code.encode() in content for code in typed)
        assert not any(box._hash(code) in content for code in typed)

    @pytest.mark.parametrize("every", [0.0, 1e9])
    def test_one_there_is_not_and_one_that_was_used_take_the_same_steps(
        self, every: float, box: BallotBox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """No timing tells them apart: the very statements that the database runs are the same, whether what was tried
        is written now or later."""
        monkeypatch.setattr(box_tried, "EVERY", every)
        (used,) = box.issue(1, "letter")
        ballot: Ballot = box.paper.ballot("1")
        box.cast(used, ballot)
        with pytest.raises(SokeError):
            box.cast(new_code(), ballot)
        ran: list[list[str]] = []
        for code in (used, new_code(), used, new_code()):
            ran.append([])
            box._connection.set_trace_callback(ran[-1].append)
            with pytest.raises(SokeError):
                box.cast(code, ballot)
        box._connection.set_trace_callback(None)
        shapes = [[said.split("x'")[0].split("('20")[0] for said in one] for one in ran]
        assert shapes[0] == shapes[1] == shapes[2] == shapes[3]
        assert shapes[0][-1] == ("COMMIT" if every == 0 else "ROLLBACK")

    def test_somebody_who_guesses_fast_is_counted_and_does_not_wear_the_disk(self, box: BallotBox) -> None:
        box.issue(1, "letter")
        ballot = box.paper.ballot("1")
        with BallotBox.open(box.path) as guesser:
            for _ in range(300):
                with pytest.raises(SokeError, match="no such code"):
                    guesser.cast(new_code(), ballot)
            written = sum(one.times for one in box.tried())
        assert 1 <= written < 300
        assert sum(one.times for one in box.tried()) == 300
