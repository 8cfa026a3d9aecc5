"""Published outcomes counted again: the 69 files, what is not reproduced, and files that were altered."""

from __future__ import annotations

import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from budget_files import election
from hypothesis import given, settings
from hypothesis import strategies as st
from test_budget_greedy import cases

from soke.community.budgets.audit import Audit, audit, parameters_of, points_of_scores
from soke.community.budgets.beside import beside
from soke.community.budgets.districts import count
from soke.community.budgets.election import Election
from soke.community.budgets.pb import parse_election, read_election
from soke.community.budgets.pb_write import LEFT_OUT, RULE_KEY, decided, write_election
from soke.community.budgets.published import VOTES, WINNERS, notes, of_file, published_outcomes
from soke.community.budgets.rule import Parameters
from soke.community.budgets.tally import tally
from soke.errors import SokeError

WON = "project_id;cost;name;votes;selected"
PROJECTS = ("a;100;Swings;3;1", "b;70;Trees;2;0", "c;50;Bench;1;1")
BALLOTS = ("1;a,b", "2;a,b", "3;a,c")


def audited(projects: tuple[str, ...] = PROJECTS, votes: tuple[str, ...] = BALLOTS, **meta: str) -> Audit:
    return audit(election(projects, votes, columns=WON, meta=meta))


def ids(found: Audit, numbers: tuple[int, ...]) -> list[str]:
    return [found.election.projects[one].id for one in numbers]


class TestAudit:
    def test_what_is_right_is_reproduced(self) -> None:
        found = audited()
        assert found.reproduced and not found.empty and found.figures == 3 and not found.unchecked and not found.notes
        assert found.parameters == Parameters(rule="greedy", ties=("file-order",))

    @pytest.mark.parametrize(
        ("projects", "missed", "added"),
        [
            (("a;100;Swings;3;1", "b;70;Trees;2;1", "c;50;Bench;1;0"), ["b"], ["c"]),
            (("a;100;Swings;3;1", "b;70;Trees;2;0", "c;50;Bench;1;0"), [], ["c"]),
            (("a;100;Swings;3;1", "b;70;Trees;2;1", "c;50;Bench;1;1"), ["b"], []),
        ],
    )
    def test_altered_winners(self, projects: tuple[str, ...], missed: list[str], added: list[str]) -> None:
        found = audited(projects)
        assert not found.reproduced
        assert ids(found, found.missed) == missed and ids(found, found.added) == added

    def test_altered_votes_costs_and_ballots(self) -> None:
        wrong = audited(("a;100;Swings;3;1", "b;70;Trees;9;0", "c;50;Bench;1;1"))
        ((one),) = wrong.differences
        assert (one.number, one.figure, one.published, one.counted) == (1, "votes", 9, 2) and not wrong.reproduced
        assert not audited(votes=("1;a,b", "2;a,c", "3;a,c")).reproduced
        assert not audited(("a;100;Swings;3;1", "b;50;Trees;2;0", "c;50;Bench;1;1")).reproduced

    def test_the_rule_is_the_one_that_meta_names(self) -> None:
        greedy = {"ties": ("file-order",)}
        comment = "sort by votes; if the rest is at least 80% of that project, fund it"
        for rule, more, wanted in (
            ("greedy-no-skip", {}, Parameters(rule="greedy-stop", **greedy)),  # type: ignore[arg-type]
            ("greedy-threshold", {"min_project_score_threshold": "2"},
             Parameters(rule="greedy", least_score=2, **greedy)),  # type: ignore[arg-type]
            ("greedy-custom", {"comment": comment},
             Parameters(rule="greedy-stop", part_funding=Fraction(4, 5), **greedy)),  # type: ignore[arg-type]
            ("equalshares", {}, Parameters(rule="equal_shares")),
            ("equalshares/add1", {}, Parameters(rule="equal_shares", completion="add1")),
            ("equalshares/add1-comparison", {},
             Parameters(rule="equal_shares", completion="add1", comparison=True)),
        ):  # fmt: skip
            assert parameters_of(election(meta={"rule": rule, **more})) == wanted

    @pytest.mark.parametrize(
        ("meta", "said"),
        [
            ({"rule": "unknown"}, "META names no rule"),
            ({"rule": ""}, "META names no rule"),
            ({"rule": "lottery"}, 'not known here: "lottery"'),
            ({"rule": "greedy-threshold"}, "has no min_project_score_threshold"),
            ({"rule": "greedy-custom"}, "its comment does not describe one"),
            ({"min_project_score_threshold": "many"}, 'is "many", not a whole number'),
            ({RULE_KEY: "{"}, "that is not JSON"),
            ({RULE_KEY: "[" * 100_000}, "that is not JSON"),
            ({RULE_KEY: "[]"}, "not a manifest"),
            ({"vote_type": "ordinal"}, "how many points a place"),
        ],
    )
    def test_without_a_rule_the_votes_are_compared_and_the_winners_not(self, meta: dict[str, str], said: str) -> None:
        found = audited(**meta)
        assert said in found.unchecked and found.outcome is None and not found.differences and found.figures == 3
        assert found.unnamed and not found.reproduced  # whoever altered the winners may have taken the rule away too

    def test_nothing_published_is_nothing_to_compare(self) -> None:
        found = audit(election())
        assert found.empty and found.reproduced and "no column selected" in found.unchecked

    def test_parameters_that_are_given(self) -> None:
        unknown = election(PROJECTS, BALLOTS, columns=WON, meta={"rule": "unknown"})
        assert audit(unknown, Parameters(rule="greedy")).reproduced
        assert not audit(unknown, Parameters(rule="greedy-stop")).reproduced
        exclusive = election(PROJECTS, BALLOTS, columns=WON, meta={"rule": "greedy-exclusive", "budget": "500"})
        assert "say which" in audit(exclusive).notes[0] and not audit(exclusive).reproduced
        assert audit(exclusive, conflicts=(frozenset("ab"),)).reproduced

    def test_a_tie_that_decides_is_told(self) -> None:
        found = audited(("a;100;Swings;2;1", "b;70;Trees;2;0"), ("1;a,b", "2;a,b"), budget="100")
        assert found.reproduced
        assert found.notes == (
            "A tie decides between a, b: META has no rule for ties, and the order of the file was taken.",
        )

    def test_points_by_place_come_from_the_scores(self) -> None:
        def ranked(scores: str) -> tuple[tuple[int, ...], bool]:
            projects = [f"{one};9;{score}" for one, score in zip("abc", scores.split(), strict=True)]
            votes = ["1;a,b,c", "2;b,a", "3;b"]
            return points_of_scores(election(projects, votes, columns="project_id;cost;score",
                                             meta={"vote_type": "ordinal"}))  # fmt: skip

        assert ranked("5 8 1") == ((3, 2, 1), True)
        assert ranked("15 25 1") == ((10, 5, 1), True)
        assert ranked("5 9 1") == ((4, 1, 1), True)
        assert ranked("5 5 5") == ((3, 2, 1), False)
        unclear = election(["a;9;15", "b;9;15", "c;9;11"], ["1;a,b,c", "2;b,a", "3;c"],
                           columns="project_id;cost;score", meta={"vote_type": "ordinal"})  # fmt: skip
        assert points_of_scores(unclear) == ((3, 2, 1), False)  # 9, 6, 2 and 10, 5, 1 both make these scores
        assert points_of_scores(election()) == ((), True)

    def test_our_own_outcome_file_holds_its_rule(self) -> None:
        rule = Parameters(rule="equal_shares", completion="add1-utilitarian", stop="exhaustive", increment=7)
        ranked = replace(election(votes=["1;a,b", "2;b"]), meta={"description": "Elm Road", "rule": "greedy"})
        for made, parameters in (
            (election(), rule), (election(), Parameters(rule="greedy", conflicts=(frozenset("ab"),), least_votes=1)),
            (replace(ranked, kind="ordinal"), Parameters(rule="greedy-cost", points=(3, 1))),
        ):  # fmt: skip
            outcome = count(made, parameters)
            written = write_election(decided(outcome, tally(made, parameters)))
            found = audit(parse_election(written, "elm.pb"))
            assert found.reproduced and found.parameters == parameters and found.figures >= 3
            assert found.outcome is not None and found.outcome.ids == outcome.ids

    def test_a_rule_that_holds_more_than_its_name_says(self) -> None:
        made = election(PROJECTS, BALLOTS, columns=WON, meta={"budget": "170"})
        for rule in (Parameters(rule="greedy", conflicts=(frozenset("ab"),)), Parameters(rule="greedy", least_votes=2)):
            outcome = count(made, rule)
            own = decided(outcome, tally(made, rule))
            assert own.meta["rule"] == "greedy-custom" and audit(own).reproduced
            forged = audit(replace(own, meta={**own.meta, "rule": "greedy"}))
            assert not forged.missed and not forged.added and not forged.reproduced
            assert forged.clash.startswith("META names the rule greedy, and its soke_rule says another: greedy; ")
        assert "at least 2 votes" in forged.clash
        scored = decided(count(made, Parameters(rule="greedy", least_score=2)), tally(made, Parameters(rule="greedy")))
        assert scored.meta["min_project_score_threshold"] == "2" and audit(scored).reproduced
        assert not audit(replace(scored, meta={**scored.meta, "min_project_score_threshold": "1"})).reproduced

    def test_our_own_outcome_file_says_nothing_of_voters(self) -> None:
        made = election(PROJECTS, ("Ann;a,b;34;Elm 1", "Bob;a,b;35;Elm 2", "Cy;a,c;36;Elm 3"), columns=WON,
                        header="voter_id;vote;age;street")  # fmt: skip
        written = write_election(
            decided(count(made, Parameters(rule="greedy")), tally(made, Parameters(rule="greedy")))
        )
        assert written.decode().split("VOTES\n")[1] == "voter_id;vote\n1;a,b\n2;a,b\n3;a,c\n"
        assert b"Elm 1" not in written and LEFT_OUT.encode() in written
        assert audit(parse_election(written, "elm.pb")).reproduced

    def test_greedy_beside(self) -> None:
        made = election(PROJECTS, BALLOTS, columns=WON)
        found = beside(count(made, Parameters(rule="greedy-stop")))
        assert found.greedy_ids == ("a", "c") and (found.only_here, found.only_greedy) == ((), ("c",))
        assert found.funded == (0, 3) and found.greedy_total == 15_000


@given(cases(), st.sampled_from(["equal_shares", "phragmen", "greedy", "greedy-cost", "greedy-stop"]))
@settings(max_examples=60)
def test_recount_equals_count(case: tuple[Election, Parameters], rule: str) -> None:
    """What a count writes is reproduced from the file alone; and with any one mark turned round it is not."""
    made, drawn = case
    parameters = replace(drawn, rule=rule, completion="add1-utilitarian" if rule == "equal_shares" else "none")
    outcome = count(made, parameters)
    found = decided(outcome, tally(made, parameters))
    read = parse_election(write_election(found), "elm.pb")
    assert audit(read).reproduced
    for number, one in enumerate(found.projects):
        turned = replace(one, published=not one.published)
        projects = (*found.projects[:number], turned, *found.projects[number + 1 :])
        altered = audit(parse_election(write_election(replace(found, projects=projects)), "elm.pb"))
        assert (altered.missed, altered.added) == (((), (number,)) if one.published else ((number,), ()))


class TestPublished:
    def test_all_files(self, source_dir: Path) -> None:
        """Votes of all 69 files, winners of all 55 that publish them, and what was reported of Wieliczka."""
        found = published_outcomes(source_dir)
        assert len({one.where for one in found}) == len(list((source_dir / "community" / "pb").glob("*.pb"))) == 69
        assert sum(one.figure == VOTES for one in found) == 69 and sum(one.figure == WINNERS for one in found) == 55
        missing = {(one.where, one.figure) for one in found if not one.matches}
        assert missing == {
            ("Hungary_Budapest_2025_VIII_Jozsefvaros", WINNERS), ("Poland_Warszawa_2018_Las", WINNERS),
        }  # fmt: skip
        assert all(bool(one.explained) != one.matches for one in found)
        wieliczka = {one.figure: one for one in found if one.where == "Poland_Wieliczka_2023_Green_Budget"}
        assert wieliczka[WINNERS].here == "30 projects for 995,079" and len(wieliczka) == 10
        shown = [one.here for one in wieliczka.values()][2:]
        assert shown == ["17.795", "44.989", "21.227", "1.617", "27.634", "1.471", "11 projects, 2,414 votes",
                         "4 projects, 1,453 votes"]  # fmt: skip

    def test_a_note_explains_that_difference_only(self, source_dir: Path, tmp_path: Path) -> None:
        name = "Poland_Warszawa_2018_Las.pb"
        copy = tmp_path / name
        shutil.copyfile(source_dir / "community" / "pb" / name, copy)
        (explained,) = [one for one in of_file(copy, notes()) if one.explained]
        assert not explained.matches and "fully_funded" in explained.explained
        text = copy.read_bytes().decode()
        copy.write_bytes(text.replace("families with children;1\r\n", "families with children;0\r\n", 1).encode())
        (failing,) = [one for one in of_file(copy, notes()) if not one.matches]
        assert not failing.explained and "with 1431, 1649" in failing.here
        note = notes()["Poland_Warszawa_2018_Las", "winners"]
        assert note.explains([], ["1649"])
        assert not note.explains([], ["1431", "1649"]) and not note.explains(["x"], ["1649"])

    def test_conflicts_of_bemowo_and_the_reserve_of_poznan(self, source_dir: Path) -> None:
        folder = source_dir / "community" / "pb"
        bemowo = read_election(folder / "Poland_Warszawa_2022_Bemowo.pb")
        plain = audit(bemowo)
        assert ids(plain, plain.added) == ["153"]
        assert audit(bemowo, conflicts=(frozenset({"773", "153"}),)).reproduced
        poznan = audit(read_election(folder / "Poland_Poznan_2024_3_-_Piatkowo_Polnoc_Piatkowo__large.pb"))
        assert poznan.reproduced and poznan.outcome is not None
        assert poznan.outcome.facts == {"part_funded": "RD-III.4", "reserve_pays": 5_900_000}
        czyzyny = audit(read_election(folder / "Poland_Krakow_2022_Czyzyny.pb"))
        assert czyzyny.reproduced and "A tie decides between 26, 24" in czyzyny.notes[0]

    def test_a_folder_without_files(self, tmp_path: Path) -> None:
        with pytest.raises(SokeError, match=r"no \.pb files"):
            published_outcomes(tmp_path)
