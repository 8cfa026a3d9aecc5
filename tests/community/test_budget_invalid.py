"""One bad ballot blocks no file: kept, dropped or refused, all told at once; and numbers as programs write them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from budget_files import election, pb_text

from soke.community.budgets.audit import audit
from soke.community.budgets.counted import counted, read_file
from soke.community.budgets.districts import count
from soke.community.budgets.election import Election, Policy
from soke.community.budgets.fairness import ejr_plus, priceable
from soke.community.budgets.ledger import payments
from soke.community.budgets.pb import parse_election
from soke.community.budgets.pb_findings import findings
from soke.community.budgets.pb_write import decided, write_election
from soke.community.budgets.rule import Parameters
from soke.community.budgets.rule_of_meta import usual_increment
from soke.community.budgets.supporters import supporters
from soke.community.budgets.tally import tally
from soke.errors import Faults, Location, SokeError

LIMITS = {"max_length": "2", "min_length": "1", "max_sum_cost": "160"}
BALLOTS = (
    "1;a,b",
    "2;a,b,c",
    "3;",
    "4;b,b",
    "5;a,c",
    "6;c,,b",
    "7;b",
)  # lines 20 to 26


def read(policy: Policy, **more: Any) -> Election:
    return parse_election(pb_text(votes=BALLOTS, meta={**LIMITS, **more}).encode(), "elm.pb", policy)


def refused(text: str, policy: Policy = "refuse") -> str:
    with pytest.raises(SokeError) as error:
        parse_election(text.encode(), "elm.pb", policy)
    return str(error.value)


class TestPolicies:
    def test_refused_in_one_list(self) -> None:
        said = refused(pb_text(votes=BALLOTS, meta=LIMITS))
        assert said.startswith("elm.pb:21:1: This ballot chooses 3 projects; 2 are allowed (max_length). Take such")
        assert said.splitlines()[1:] == [
            "4 things more are wrong:",
            "  line 22: This ballot chooses 0 projects; at least 1 are needed (min_length).",
            '  line 23: This ballot has project "b" twice.',
            "  line 24: This ballot chooses projects for 170.00; 160.00 are allowed (max_sum_cost).",
            "  line 25: A choice is empty.",
        ]

    def test_kept_as_published_counts_keep_them(self) -> None:
        made = read("keep")
        assert len(made.ballots) == 7 and tally(made, Parameters(rule="greedy")).votes.tolist() == [3, 6, 3]
        assert made.ballots.invalid is not None and [line for line, _ in made.ballots.invalid.ballots] == [
            *range(21, 26)
        ]
        (told, *_) = findings(made)
        assert told.startswith(
            "5 ballots break the limits that META says, and are counted as they stand: line 21 (chooses"
        )
        who = supporters(made, Parameters(rule="equal_shares"))
        assert int(who.sizes[who.of[1]].sum()) == 5  # who names b twice supports it once
        for rule in ("equal_shares", "phragmen", "greedy"):
            outcome = count(made, Parameters(rule=rule))
            assert not (rule != "greedy" and not priceable(payments(outcome)).passes)

    def test_dropped(self) -> None:
        made = read("drop")
        assert made.ballots.voters == ("1", "7") and tally(made, Parameters(rule="greedy")).votes.tolist() == [1, 2, 0]
        assert "5 ballots break" in findings(made)[0] and "are left out: line 21" in findings(made)[0]
        assert "Every ballot breaks" in refused(pb_text(votes=["1;a,b", "2;b,c"], meta={"max_length": "1"}), "drop")
        assert "3 ballots; the file has 7" in refused(pb_text(votes=BALLOTS, meta={**LIMITS, "num_votes": "3"}), "drop")

    def test_what_is_no_ballot_at_all_is_refused_under_any_policy(self) -> None:
        policies: tuple[Policy, ...] = ("keep", "drop", "refuse")
        for policy in policies:
            said = refused(pb_text(votes=["1;a", "1;b", "2;zebra", ";c", "3;a;b"]), policy)
            assert said.splitlines()[1] == "3 things more are wrong:" and "line 18" not in said
            for wrong in ("two ballots", '"zebra"', "no voter_id", "3 cells"):
                assert wrong in said

    def test_the_manifest_says_which_and_a_count_is_made_again_as_it_says(self, tmp_path: Path) -> None:
        path, held = tmp_path / "elm.pb", tmp_path / "manifest.json"
        path.write_text(pb_text(votes=BALLOTS, meta=LIMITS))
        for policy in ("keep", "drop"):
            result = counted(read_file(path, policy), {})
            said = result.manifest["invalid_ballots"]
            assert (said["policy"], said["number"]) == (policy, 5)
            assert said["ballots"][0] == {"line": 21, "why": "chooses 3 projects; 2 are allowed (max_length)"}  # type: ignore[index]
            held.write_text(json.dumps(result.manifest))
            again = counted(read_file(path, "", held), {"manifest": held}, held)
            assert not again.differs and again.digest == result.digest
        for policy, said in (("", "--invalid"), ("perhaps", "keep, drop, refuse")):
            with pytest.raises(SokeError, match=said):
                read_file(path, policy)

    def test_a_published_count_that_kept_them(self) -> None:
        meta = {"max_sum_cost": "100", "budget": "100"}
        text = pb_text(["a;100;4;1", "b;50;2;0"], ["1;a,b", "2;a,b", "3;a", "4;a"], meta=meta,
                       columns="project_id;cost;votes;selected")  # fmt: skip
        assert audit(parse_election(text.encode(), "elm.pb", "keep")).reproduced
        assert not audit(parse_election(text.encode(), "elm.pb", "drop")).reproduced

    def test_a_ballot_of_points(self) -> None:
        meta = {"vote_type": "cumulative", "max_points": "3", "max_sum_points": "5"}
        votes = ("1;a,b;2,0", "2;a;4", "3;a,b;3,3", "4;c;1.0")
        text = pb_text(votes=votes, header="voter_id;vote;points", meta=meta)
        said = refused(text)
        assert 'gives "0" points' in said and "4 points to one project; 3" in said and "6 points; 5" in said
        made = parse_election(text.encode(), "elm.pb", "keep")
        assert tally(made, Parameters(rule="greedy")).score.tolist() == [9, 3, 1]
        assert [len(of) for of in supporters(made, Parameters(rule="equal_shares")).of] == [3, 1, 1]
        assert "1 choice with 0 points: the project is named, and not supported." in findings(made)
        allowed = election(votes=("1;a,b;2,0",), header="voter_id;vote;points",
                           meta={"vote_type": "cumulative", "min_points": "0"})  # fmt: skip
        assert allowed.ballots.invalid is None


class TestNumbers:
    def test_a_float_that_is_whole(self) -> None:
        meta = {
            "budget": "150.0",
            "num_votes": "2.0",
            "num_projects": "2.0",
            "max_length": "2.0",
            "vote_type": "cumulative",
        }
        made = election(["a;100.00;2.0;3.0;1.0", "b;60.000;1.0;1.0;0.0"], ["1;a;2.0", "2;a,b;1,1.0"], meta=meta,
                        columns="project_id;cost;votes;score;selected", header="voter_id;vote;points")  # fmt: skip
        assert [(one.cost, one.votes, one.score, one.published) for one in made.projects] == [
            (10_000, 2, 3, True), (6_000, 1, 1, False),
        ]  # fmt: skip
        assert made.ballots.points is not None and made.ballots.points.tolist() == [2, 1, 1] and audit(made).reproduced
        assert 'votes is "3.5", not a whole' in refused(pb_text(["a;1;3.5"], ["1;a"], columns="project_id;cost;votes"))

    @pytest.mark.parametrize(
        ("ids", "token", "said"),
        [
            ("001 002", "1", 'PROJECTS has "001": a spreadsheet takes leading zeros away.'),
            ("1 2", "01", 'PROJECTS has "1"'), ("101 102", "101102", 'Perhaps it was "101,102"'),
            ("101 102", "101.102", 'Perhaps it was "101,102"'),
            ("101 102", "101.0", 'PROJECTS has "101": a program took'),
            ("7.0 8.0", "7", 'PROJECTS has "7.0"'), ("101 102", "1.01E+05", "one large number"),
            ("1-2 3", "01-Feb", "made a date"), ("a1 b", "A1", "capitals and small"),
            ("1 2 3", '"{2,3}"', 'on one place together ("{2,3}"): ties between ranks are not read.'),
            ("1 2", "9", "Put ids of PROJECTS"),
        ],
    )  # fmt: skip
    def test_what_happened_to_an_id(self, ids: str, token: str, said: str) -> None:
        assert said in refused(pb_text([f"{one};9;x" for one in ids.split()], [f"v;{token}"]))

    def test_all_that_is_wrong_with_a_file_is_one_list(self) -> None:
        text = pb_text(["a;1,50;x", "b;9;y", "c;-1;z"], ["1;a,b", "2;q", "3;c"], meta={"edition": "1\nedition;2",
                       "budget": "lots", "max_length": "few", "num_projects": "4"})  # fmt: skip
        said = refused(text)
        for wrong in ("twice", '"lots"', '"few"', "4 projects", '"1,50"', '"-1"', '"q"'):
            assert wrong in said, said
        assert said.splitlines()[1] == "6 things more are wrong:"
        many = refused(pb_text(votes=[f"{one};z" for one in range(99)]))
        assert "The same on lines 18, 19," in many and "and 86 more. Put ids" in many and "\n" not in many
        apart = refused(pb_text(votes=[f"{one};z{one}" for one in range(99)]))
        assert "98 things more" in apart and apart.splitlines()[-1] == "  and 58 more."

    def test_faults_alone_and_none(self) -> None:
        faults = Faults("x")
        faults.refuse()
        with faults.caught():
            raise SokeError("Wrong.", "Mend it.", Location("x", 3))
        with pytest.raises(SokeError, match=r"^x:3:1: Wrong\. Mend it\.$"):
            faults.refuse()


class TestScores:
    VOTES = ("a;1,2;2,-1", "b;1,3;1,-2", "c;1;-1", "d;2,3;2,1")
    COLUMNS, META = "project_id;cost;votes;score", {"vote_type": "scoring", "min_points": "-2", "max_points": "2"}

    def made(self, **meta: str) -> Election:
        return election(["1;60;3;2", "2;50;2;1", "3;40;2;-1"], self.VOTES, columns=self.COLUMNS,
                        header="voter_id;vote;points", meta={**self.META, **meta})  # fmt: skip

    def test_points_below_zero_are_taken_off_and_support_nothing(self) -> None:
        made = self.made()
        found = audit(made)
        assert (
            found.figures == 6
            and not found.differences
            and "3 of the points on ballots are below zero" in findings(made)[0]
        )
        assert count(made, Parameters(rule="greedy")).ids == ("1", "2")  # 3 fits, and has more points against it
        assert "its points come to nothing" in count(made, Parameters(rule="greedy")).steps[-1].why
        who = supporters(made, Parameters(rule="equal_shares"))
        assert [int(who.sizes[of].sum()) for of in who.of] == [2, 1, 1]
        for rule in ("equal_shares", "phragmen", "greedy-cost", "greedy-stop"):
            outcome = count(made, Parameters(rule=rule, completion="utilitarian" if rule == "equal_shares" else "none"))
            assert "3" not in outcome.ids or rule == "phragmen"
            assert (
                parse_election(write_election(decided(outcome, tally(made, outcome.parameters))), "x").kind == "scoring"
            )

    def test_what_is_not_read(self) -> None:
        with pytest.raises(SokeError, match="default_score is 1"):
            self.made(default_score="1")
        with pytest.raises(SokeError, match="gives -2 points to one project; -1 are the least"):
            self.made(min_points="-1")


class TestFree:
    def test_what_costs_nothing_wins_where_its_votes_let_it(self) -> None:
        projects, votes = ["a;100;x", "b;0;y", "c;100;z", "d;0;w"], ["1;a,b", "2;a,c", "3;c,a"]
        made = election(projects, votes)
        assert "Projects that cost nothing, and win where their votes let them: b, d." in findings(made)
        for rule in ("greedy", "greedy-stop", "greedy-cost", "phragmen", "equal_shares"):
            for completion in ("none", "add1", "utilitarian") if rule == "equal_shares" else ("none",):
                outcome = count(made, Parameters(rule=rule, completion=completion))  # type: ignore[arg-type]
                assert "b" in outcome.ids and "d" not in outcome.ids, (rule, completion)  # nobody chose d
                (step,) = [one for one in outcome.steps if one.number == 1]
                assert "costs nothing" in step.why
                assert rule.startswith("greedy") or (
                    priceable(payments(outcome)).passes and ejr_plus(outcome) is not None
                )
        none = count(made, Parameters(rule="equal_shares", least_votes=2))
        assert "b" not in none.ids
        rival = count(made, Parameters(rule="equal_shares", conflicts=(frozenset("ab"),)))
        assert set(rival.ids) == {"b"} or "a" not in rival.ids

    def test_the_count_that_ended_takes_it_all_the_same(self) -> None:
        made = election(["a;100;x", "b;100;y", "c;0;z"], ["1;a,b,c", "2;a,b", "3;a"])
        assert count(made, Parameters(rule="greedy-stop")).ids == ("a", "c")


@pytest.mark.parametrize(
    ("budget", "voters", "increment"),
    [(1_000_000, 6_586, 100), (50_000, 1_500, 100), (9_999, 1, 100), (150_000, 1, 10_000), (200_000_000, 1_500, 10_000),
     (2_000, 5_000, 1), (900, 100, 5), (100_000_000, 1, 10_000_000)],
)  # fmt: skip
def test_the_increment_goes_by_an_equal_share(budget: int, voters: int, increment: int) -> None:
    """1 of the currency where an equal share is 10 to 10,000 of it, as it always was."""
    made = election(["a;1;x"], [f"{one};a" for one in range(voters)], meta={"budget": str(budget)})
    add1 = Parameters(rule="equal_shares", completion="add1")
    assert usual_increment(made, add1) == increment
    assert usual_increment(made, Parameters(rule="equal_shares")) == 100
    said = " ".join(counted(made, {"rule": "equal_shares"}).chosen.notes)
    assert ("Nobody said by how much add1 raises" in said) == (increment != 100)
    assert counted(made, {"rule": "equal_shares", "increment": "3"}).outcome.parameters.increment == 300
