"""What published files say of their winners beyond yes and no: paid otherwise, withdrawn, excluded, not yet decided."""

from __future__ import annotations

from typing import Any

import pytest
from budget_files import election

from soke.community.budgets.asked import read_rule
from soke.community.budgets.audit import Audit, audit
from soke.community.budgets.counted import counted
from soke.community.budgets.districts import count
from soke.community.budgets.election import Election
from soke.community.budgets.manifest import manifest, parameters_from
from soke.community.budgets.marks import named_together
from soke.community.budgets.pb import parse_election, read_election
from soke.community.budgets.pb_write import decided, write_election
from soke.community.budgets.rule import Parameters
from soke.community.budgets.rule_of_meta import marked_withdrawn
from soke.community.budgets.tally import tally
from soke.community.budgets.why import Reasons
from soke.errors import SokeError

WON = "project_id;cost;name;votes;selected"
BALLOTS = ("1;a,b", "2;a,b", "3;a,c")
PRIZE = "#1: Projects marked with selected=2 were paid by the city outside this budget. #2: Voters were 16 or older."
RESERVE = (
    "#1: If the rest is enough for at least 80% of that project, a reserve pays. We mark such project with number 2 in "
    "the selected column. #2: Other districts leave funds. We mark such projects with number 3 in the selected column"
)


def made(marks: str, **meta: str) -> Election:
    a, b, c = marks.split()
    projects = (f"a;100;Swings;3;{a}", f"b;70;Trees;2;{b}", f"c;50;Bench;1;{c}")
    return election(projects, BALLOTS, columns=WON, meta=meta)


def ids(found: Audit, numbers: tuple[int, ...]) -> list[str]:
    return [found.election.projects[one].id for one in numbers]


class TestMarks:
    def test_a_mark_that_the_comment_explains(self) -> None:
        found = audit(made("1 2 1", comment=PRIZE))
        assert found.reproduced and ids(found, found.published) == ["a", "c"]
        assert found.notes == (
            'The file marks as selected with 2, not 1: b. It says: "Projects marked with selected=2 were paid by the '
            'city outside this budget." So they are no winners of the vote.',
        )
        outside = audit(made("1 0 2", comment=PRIZE))  # the rule itself funds c
        assert (
            not outside.reproduced and ids(outside, outside.added) == ["c"] and "Here c would win." in outside.notes[0]
        )
        assert not audit(made("2 1 1", comment=PRIZE)).reproduced

    def test_a_mark_that_nobody_explains(self) -> None:
        for marks in ("1 2 1", "1 0 2", "1 2 2"):
            found = audit(made(marks, comment="#1: Edition 2 of 2024."))
            assert found.reproduced and "does not say what 2 means: whether they won is not compared" in found.notes[0]
        assert not audit(made("1 2 0")).reproduced

    def test_a_mark_of_what_the_rule_funds_in_part(self) -> None:
        poznan = {"rule": "greedy-custom", "comment": RESERVE, "budget": "160"}
        found = audit(made("1 2 3", **poznan))
        assert found.reproduced and ids(found, found.published) == ["a", "b"]
        assert len(found.notes) == 1 and found.notes[0].startswith("The file marks as selected with 3, not 1: c.")
        assert not audit(made("1 3 2", **poznan)).reproduced and not audit(made("1 0 3", **poznan)).reproduced

    def test_nothing_is_selected_yet(self) -> None:
        found = audit(made("0 0 0"))
        assert found.reproduced and not found.empty and not found.unnamed and "No winner is marked" in found.unchecked
        assert not audit(made("0 0 0", budget="10")).unchecked  # nothing could win: nothing does
        ours = count(made("0 0 0"), Parameters(rule="greedy"))
        written = write_election(decided(ours, tally(ours.election, ours.parameters))).replace(b";1\n", b";0\n")
        assert not audit(parse_election(written, "elm.pb")).reproduced  # our own file says who won

    def test_marks_are_written_as_they_were_read(self) -> None:
        assert parse_election(write_election(made("1 2 3")), "x").projects == made("1 2 3").projects
        assert made("1.0 2.0 0.0").projects[1].extra == {"selected": "2"}
        assert [one.published for one in made("True false 1").projects] == [True, False, True]

    @pytest.mark.parametrize(
        ("comment", "explains"),
        [
            ("#1: Status 2: paid by the mayor.", True), ("Projects coded as 2 were paid by a sponsor", True),
            ("A 2 in the column selected stands for a prize.", True), ("2 projects were marked by hand.", False),
            ("selected on 12.2.2024, 2% of all", False), ("", False),
        ],
    )  # fmt: skip
    def test_which_remark_explains_a_mark(self, comment: str, explains: bool) -> None:
        assert ("It says" in audit(made("1 2 1", comment=comment)).notes[0]) == explains


class TestWithdrawn:
    def test_the_cost_that_marks_it(self) -> None:
        costs = {"999999999": True, "99999999": True, "9999999999": True, "999999.99": True, "1000000000": True,
                 "999999": True, "99999": False, "1000": False, "123456789": False, "100000": False}  # fmt: skip
        for cost, marked in costs.items():
            assert bool(marked_withdrawn(election([f"a;{cost};x"], ["1;a"]))) == marked, cost
        assert not marked_withdrawn(election(["a;999999;x"], ["1;a"], meta={"budget": "1000000"}))

    @pytest.mark.parametrize("rule", ["greedy-no-skip", "greedy", "phragmen", "equalshares/add1"])
    def test_it_is_passed_over_and_said(self, rule: str) -> None:
        gone = election(["z;999999999;gone;3;0", "a;100;Swings;2;1", "b;70;Trees;1;0"], ["1;z,a,b", "2;z,a", "3;z"],
                        columns=WON, meta={"rule": rule, "budget": "100"})  # fmt: skip
        found = audit(gone)
        assert found.reproduced and any("The cost of z is 999,999,999" in note for note in found.notes)
        result = counted(gone, {})
        assert result.outcome.ids == ("a",) and any("withdrawn" in note for note in result.chosen.notes)
        assert Reasons(result.outcome).why_not(0).words.count("It was withdrawn.") == 1
        again = parse_election(write_election(decided(result.outcome, result.received)), "x")
        assert audit(again).reproduced and counted(again, {}).digest == result.digest

    def test_it_is_asked_for(self) -> None:
        asked = read_rule({"rule": "greedy-stop", "withdrawn": ["b, a", "c"]})
        assert asked.withdrawn == ("a", "b", "c") and not count(made("0 0 0"), asked).winners
        one = read_rule({"rule": "greedy-stop", "withdrawn": ["a"]})
        outcome = count(made("0 0 0"), one)
        assert outcome.ids == ("b", "c") and parameters_from(manifest(outcome)) == one
        assert audit(made("0 1 1"), added=one).reproduced and not audit(made("0 1 1")).reproduced
        with pytest.raises(SokeError, match='no project "q" that was withdrawn'):
            count(made("0 0 0"), Parameters(rule="greedy", withdrawn=("q",)))


class TestLength:
    SCORES = ("1;60;6", "2;50;3", "3;40;4")
    VOTES = ("a;1,2,3", "b;1,3", "c;1", "d;3,2")

    def ranked(self, scores: Any = SCORES) -> Election:
        return election(scores, self.VOTES, columns="project_id;cost;score", meta={"vote_type": "ordinal"})

    def test_points_by_the_length_of_a_ballot(self) -> None:
        found = audit(self.ranked())
        assert not found.differences and found.figures == 3 and "of n projects the first gets n" in found.notes[0]
        assert not audit(self.ranked(("1;60;7", "2;50;3", "3;40;4"))).reproduced
        result = counted(self.ranked(), {"rule": "greedy"})
        assert result.outcome.parameters.by_length and result.manifest["rule"]["by_length"] is True
        assert tally(self.ranked(), read_rule({"rule": "greedy", "points": "length"})).score.tolist() == [6, 3, 4]
        pots = count(self.ranked(), Parameters(rule="greedy", by_length=True, districts={}))
        assert parameters_from(manifest(pots)).by_length and pots.ids == ("1", "3", "2")
        with pytest.raises(SokeError, match="for ranked ballots"):
            count(election(), Parameters(rule="greedy", by_length=True))

    def test_published(self, source_dir: Any) -> None:
        found = audit(read_election(source_dir / "community" / "pb" / "Switzerland_Zurich_S5R.pb"))
        assert not found.differences and found.reproduced


class TestConflicts:
    def test_of_conflicting_projects_the_file_keeps_another(self) -> None:
        least = made("0 0 1", budget="100")
        found = audit(least, conflicts=(frozenset("abc"),))
        assert found.reproduced and found.outcome is not None and found.outcome.ids == ("c",)
        assert "Of the conflicting projects a, b, c the file funds c, and the rule keeps a" in found.notes[-1]
        assert not audit(least).reproduced
        assert not audit(made("0 1 1", budget="100"), conflicts=(frozenset("abc"),)).reproduced

    def test_the_comment_names_some_together(self) -> None:
        said = "#1: Projects a and b could not be implemented simultaneously. #2: Projects a, c had maps."
        exclusive = made("1 0 1", rule="greedy-exclusive", comment=said, budget="500")
        assert named_together(exclusive) == [("a", "b")]
        assert "Its comment names some together: --conflict a,b." in audit(exclusive).notes[0]

    def test_what_would_have_to_be_left_out(self) -> None:
        columns = f"{WON};latitude;longitude"
        projects = ("a;100;x;3;1;52.3118;20.9527", "b;50;y;2;0;52.3121;20.9530", "c;50;z;1;1;;")
        found = audit(election(projects, BALLOTS, columns=columns))
        assert not found.reproduced and ids(found, found.added) == ["b"]
        assert found.notes == (
            "Were b left out, the winners would be as published: perhaps withdrawn, or excluded by another project; "
            "the file does not say so. b is 39 metres from a, which is funded. --withdrawn b counts so.",
        )
        assert audit(found.election, added=Parameters(rule="", withdrawn=("b",))).reproduced
        assert not audit(made("1 1 1")).notes
