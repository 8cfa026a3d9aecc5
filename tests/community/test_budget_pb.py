"""Reading and writing .pb files: every fault has its line, and what is written reads back the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from budget_files import election, pb_text
from hypothesis import given, settings
from hypothesis import strategies as st

from soke.community.budgets.election import Ballots, Election, Project
from soke.community.budgets.pb import amount, parse_election, read_election
from soke.community.budgets.pb_findings import findings
from soke.community.budgets.pb_write import write_election
from soke.community.budgets.rule import Parameters
from soke.community.budgets.tally import tally
from soke.errors import SokeError

LINE_OF_A, LINE_OF_VOTE_1 = 12, 17  # of pb_text


def refused(content: str | bytes) -> str:
    with pytest.raises(SokeError) as error:
        parse_election(content.encode() if isinstance(content, str) else content, "elm.pb")
    assert error.value.fix
    return str(error.value)


class TestReading:
    def test_a_plain_file(self) -> None:
        found = election()
        assert (found.kind, found.budget) == ("approval", 15_000)
        assert [(one.id, one.cost, one.name) for one in found.projects] == [
            ("a", 10_000, "Swings"), ("b", 5_000, "Trees"), ("c", 7_000, "Bench"),
        ]  # fmt: skip
        assert found.ballots.voters == ("1", "2")
        assert found.ballots.starts.tolist() == [0, 2, 3] and found.ballots.chosen.tolist() == [0, 1, 1]
        assert len(found.sha256) == 64 and found.meta["currency"] == "GBP"

    @pytest.mark.parametrize(
        "change",
        [
            lambda text: "\ufeff" + text,
            lambda text: text.replace("\n", "\r\n"),
            lambda text: text.replace("\n", "\r\n", 9),
            lambda text: text.replace("\n", "\r"),
            lambda text: text.replace("VOTES\n", "VOTES;;\n").replace("META\n", "meta\n"),
            lambda text: text.replace("1;a,b", '"1";"a,b"'),
            lambda text: text.replace("1;a,b", "1; a , b "),
            lambda text: text.replace("a;100;Swings", "a;100.00;Swings;;;"),
            lambda text: text + "\n\n;\n  \n",
            lambda text: text + ";\n",
            lambda text: text.replace("PROJECTS", "\n\nPROJECTS"),
        ],
    )
    def test_the_same_election_otherwise_written(self, change: object) -> None:
        found = parse_election(change(pb_text()).encode(), "elm.pb")  # type: ignore[operator]
        plain = election()
        assert found.projects == plain.projects and found.ballots.voters == plain.ballots.voters
        assert found.ballots.chosen.tolist() == plain.ballots.chosen.tolist() and found.meta == plain.meta

    def test_quoted_cells_hold_semicolons_quotes_and_line_ends(self) -> None:
        found = election(['a;100;"Swings; ""big"" ones\nand small"'], ['1;a;"Elm; Road"', "2;a;"],
                         header="voter_id;vote;street")  # fmt: skip
        assert found.projects[0].name == 'Swings; "big" ones\nand small'
        assert found.ballots.columns["street"] == ("Elm; Road", "")

    def test_a_semicolon_in_meta_belongs_to_the_value(self) -> None:
        assert election(meta={"comment": "first; second"}).meta["comment"] == "first; second"

    def test_points_ranks_and_money(self) -> None:
        points = election(votes=["1;a,b;2,1", "2;c;3"], header="voter_id;vote;points", meta={"vote_type": "cumulative"})
        assert points.ballots.points is not None and points.ballots.points.tolist() == [2, 1, 3]
        assert tally(points, Parameters(rule="greedy")).score.tolist() == [2, 1, 3]
        ranked = election(votes=["1;c,a", "2;a"], meta={"vote_type": "ordinal"})
        assert tally(ranked, Parameters(rule="greedy", points=(3, 2))).score.tolist() == [5, 0, 3]
        assert tally(ranked, Parameters(rule="greedy", points=(3,))).score.tolist() == [3, 0, 3]
        assert election(meta={"max_sum_cost": "150"}).kind == "knapsack"
        assert election(meta={"vote_type": "knapsack"}).kind == "knapsack"

    def test_what_the_file_says_was_published(self) -> None:
        found = election(["a;9;5;7;1;x", "b;9;4;6;0;y", "c;9;;;2;z"], ["1;a"],
                         columns="project_id;cost;votes;score;selected;colour")  # fmt: skip
        assert [(one.published, one.votes, one.score) for one in found.projects] == [
            (True, 5, 7), (False, 4, 6), (True, None, None),
        ]  # fmt: skip
        assert found.projects[2].extra == {"colour": "z", "selected": "2"}

    @pytest.mark.parametrize(
        ("text", "hundredths"),
        [
            ("1", 100), ("1.5", 150), ("0.01", 1), ("1000000", 10**8), ("1.234", None), ("1e5", None), ("-1", None),
            ("", None), ("1,5", None), ("nan", None), ("inf", None), ("9" * 30, None), ("٣", None),
            ("100000000000.01", None),
        ],
    )  # fmt: skip
    def test_amounts(self, text: str, hundredths: int | None) -> None:
        assert amount(text) == hundredths


FAULTS = {
    "no meta": ("hello", "elm.pb:1:1: The file does not begin with the line META."),
    "a spreadsheet": (b"PK\x03\x04\xff\xfe", "elm.pb:1:1: This line holds bytes that are no UTF-8"),
    "bytes": (pb_text().encode().replace(b"Trees", b"Tr\xe9es"), "elm.pb:13:1: This line holds bytes"),
    "zero byte": (pb_text().replace("Trees", "Tr\0es"), "elm.pb:13:1: This line holds a zero byte"),
    "empty": ("", "The file is empty."),
    "blank": ("\n\n", "The file is empty."),
    "no votes": (pb_text().replace("VOTES", "BALLOTS"), "There is no section VOTES."),
    "no projects": (pb_text().replace("PROJECTS", "PROJECT"), "There is no section PROJECTS."),
    "twice": (pb_text().replace("VOTES", "META"), "elm.pb:15:1: The section META begins twice."),
    "open quote": (pb_text().replace("Trees", '"Trees'), "elm.pb:13:1: A quotation mark in this row is not closed"),
    "after quote": (pb_text().replace("Trees", '"Trees" x'), "elm.pb:13:1: A quotation mark"),
    "no budget": (pb_text(meta={"budget": None}), 'META has no "budget"'),
    "empty budget": (pb_text(meta={"budget": ""}), 'META has no "budget"'),
    "no type": (pb_text(meta={"vote_type": None}), 'META has no "vote_type"'),
    "type": (pb_text(meta={"vote_type": "stars"}), 'elm.pb:7:1: vote_type is "stars".'),
    "budget 0": (pb_text(meta={"budget": "0"}), 'elm.pb:6:1: The budget is "0"; it must be above zero'),
    "budget words": (pb_text(meta={"budget": "a lot"}), 'elm.pb:6:1: The budget is "a lot"'),
    "budget comma": (pb_text(meta={"budget": "1,000"}), 'elm.pb:6:1: The budget is "1,000"'),
    "budget nan": (pb_text(meta={"budget": "nan"}), 'elm.pb:6:1: The budget is "nan"'),
    "budget 1e400": (pb_text(meta={"budget": "1e400"}), 'elm.pb:6:1: The budget is "1e400"'),
    "budget huge": (pb_text(meta={"budget": "1" * 31}), "elm.pb:6:1: The budget is"),
    "key twice": (pb_text(meta={"edition": "1\nedition;2"}), 'elm.pb:11:1: META says "edition" twice (first on'),
    "no key": (pb_text(meta={"edition": "1\n;2"}), "elm.pb:11:1: This line of META has no key."),
    "projects said": (pb_text(meta={"num_projects": "4"}), "elm.pb:4:1: META says 4 projects; the file has 3."),
    "votes said": (pb_text(meta={"num_votes": "3"}), "elm.pb:5:1: META says 3 ballots; the file has 2."),
    "votes words": (pb_text(meta={"num_votes": "two"}), 'elm.pb:5:1: num_votes is "two", not a whole number.'),
    "limit words": (pb_text(meta={"max_length": "-1"}), 'max_length is "-1", not a whole number.'),
    "no cost": (pb_text(columns="project_id;price;name"), 'elm.pb:11:1: PROJECTS has no column "cost".'),
    "column twice": (pb_text(columns="project_id;cost;cost"), 'PROJECTS has two columns "cost"'),
    "column unnamed": (pb_text(columns="project_id;;cost"), "PROJECTS has a column without a name"),
    "cells": (pb_text().replace("b;50;Trees", "b;50"), "elm.pb:13:1: This row has 2 cells; the header has 3."),
    "cost cut": (pb_text(["a;0.001;x"]), f'elm.pb:{LINE_OF_A}:1: The cost of project "a" is "0.001"; it must be zero'),
    "cost negative": (pb_text(["a;-5;x"]), 'The cost of project "a" is "-5"'),
    "cost thirds": (pb_text(["a;1.234;x"]), 'The cost of project "a" is "1.234"'),
    "cost empty": (pb_text(["a;;x"]), 'The cost of project "a" is empty'),
    "cost huge": (pb_text(["a;999999999999;x"]), 'The cost of project "a" is "999999999999"'),
    "id twice": (pb_text(["a;1;x", "a;2;y"]), 'elm.pb:13:1: The project "a" stands twice (first on line 12).'),
    "id empty": (pb_text([";1;x"]), "elm.pb:12:1: This project has no id."),
    "id comma": (pb_text(['"a,b";1;x']), 'elm.pb:12:1: The project id "a,b" has a comma in it.'),
    "no project": (pb_text([]), "There are no projects."),
    "selected": (pb_text(["a;1;maybe"], columns="project_id;cost;selected"), 'selected is "maybe"'),
    "votes column": (pb_text(["a;1;many"], columns="project_id;cost;votes"), 'votes is "many"'),
    "no ballots": (pb_text(votes=[]), "There are no ballots."),
    "no vote column": (pb_text(header="voter_id;choice"), 'elm.pb:16:1: VOTES has no column "vote".'),
    "no points": (pb_text(meta={"vote_type": "cumulative"}), 'elm.pb:16:1: VOTES has no column "points".'),
    "vote cells": (pb_text(votes=["1;a", "2;b;c"]), "elm.pb:18:1: This row has 3 cells; the header has 2."),
    "voter twice": (pb_text(votes=["1;a", "7;b", "7;c"]), 'elm.pb:19:1: The voter "7" has two ballots (first on'),
    "voter empty": (pb_text(votes=["1;a", ";b"]), "elm.pb:18:1: This ballot has no voter_id."),
    "unknown": (pb_text(votes=["1;a", "2;a,zebra"]), 'elm.pb:18:1: This ballot chooses "zebra", which is no project.'),
    "unknown after blank line": (pb_text(votes=["1;a", "", "2;zebra"], meta={"num_votes": "2"}), "elm.pb:19:1"),
    "empty choice": (pb_text(votes=["1;a,,b"]), "elm.pb:17:1: A choice is empty."),
    "choice twice": (pb_text(votes=["1;b", "2;a,b,a"]), 'elm.pb:18:1: This ballot has project "a" twice.'),
    "two of one": (pb_text(meta={"vote_type": "choose-1"}), "elm.pb:17:1: This ballot chooses 2 projects; 1 are"),
    "too many": (pb_text(votes=["1;a,b,c"], meta={"max_length": "2"}), "This ballot chooses 3 projects; 2 are"),
    "too few": (pb_text(votes=["1;a,b", "2;"], meta={"min_length": "1"}), "elm.pb:19:1: This ballot chooses 0"),
    "too dear": (pb_text(votes=["1;b", "2;a,c"], meta={"max_sum_cost": "150.5"}),
                 "elm.pb:19:1: This ballot chooses projects for 170.00; 150.50 are allowed"),
}  # fmt: skip
POINTS = {
    "count": (["1;a,b;2"], "elm.pb:19:1: This ballot chooses 2 projects and has 1 numbers of points."),
    "zero": (["1;a;1", "2;a;0"], 'elm.pb:20:1: This ballot gives "0" points.'),
    "negative": (["1;a;-3"], 'This ballot gives "-3" points.'),
    "part": (["1;a;1.5"], 'This ballot gives "1.5" points.'),
    "nan": (["1;a;nan"], 'This ballot gives "nan" points.'),
    "huge": (["1;a;" + "9" * 30], "This ballot gives"),
    "underscore": (["1;a;1_0"], 'This ballot gives "1_0" points.'),
    "one": (["1;a;4"], "This ballot gives 4 points to one project; 3 are allowed."),
    "all": (["1;a,b;3,3"], "This ballot gives 6 points; 5 are allowed (max_sum_points)."),
}


class TestFaults:
    @pytest.mark.parametrize("name", FAULTS)
    def test_each_has_its_line(self, name: str) -> None:
        content, said = FAULTS[name]
        assert said in refused(content)

    @pytest.mark.parametrize("name", POINTS)
    def test_points(self, name: str) -> None:
        votes, said = POINTS[name]
        meta = {"vote_type": "cumulative", "max_points": "3", "max_sum_points": "5"}
        assert said in refused(pb_text(votes=votes, header="voter_id;vote;points", meta=meta))

    def test_long_names_and_names_without_end(self) -> None:
        assert len(election(["a;100;" + "x" * 100_000], ["1;a"]).projects[0].name) == 100_000
        assert "elm.pb:12:1: A cell of this row has more than" in refused(pb_text(["a;100;" + "x" * 200_000]))
        assert "elm.pb:12:1: A quotation mark" in refused(pb_text(['a;100;"Swings']))

    def test_files_that_are_none(self, tmp_path: Path) -> None:
        for path, said in ((tmp_path, "folder"), (tmp_path / "none.pb", "no such file")):
            with pytest.raises(SokeError, match=said):
                read_election(path)

    @given(st.binary(max_size=300), st.integers(0, 300), st.integers(0, 40))
    @settings(max_examples=150)
    def test_damage_is_a_sentence_or_an_election(self, noise: bytes, place: int, length: int) -> None:
        whole = pb_text(votes=["1;a;2", "2;b,c;1,1"], header="voter_id;vote;points", meta={"vote_type": "cumulative"})
        content = whole.encode()
        damaged = content[:place] + noise[:20] + content[place + length :]
        for one in (noise, damaged):
            try:
                parse_election(one, "elm.pb")
            except SokeError as error:
                assert error.fact


class TestFindings:
    def test_what_cannot_change_the_count_is_told(self) -> None:
        odd = election(
            ["a;100;x", "b;500;y"], ["1;a;200;2", "2;b;-1;1", "3;;40;", "4;a;;2"],
            header="voter_id;vote;age;points", meta={"vote_type": "cumulative", "min_sum_points": "2"},
        )  # fmt: skip
        assert findings(odd) == (
            "2 ballots with an age that nobody has (-1, 200). They are counted as published.",
            "1 ballot with no project chosen; they count among the voters.",
            "2 ballots with fewer points than META asks for (2). They are counted as published.",
            "1 of 2 projects cost more than the whole budget: b.",
        )
        assert findings(election()) == ()

    def test_published_files(self, source_dir: Path) -> None:
        folder = source_dir / "community" / "pb"
        names = ("Poland_Wroclaw_2025.pb", "Poland_Wroclaw_2018_Rejon_nr_4_250.pb")
        odd, plain = (findings(read_election(folder / name)) for name in names)
        assert "2 ballots with an age that nobody has (142, 200)" in odd[0] and not plain


WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=12).map(str.strip)
IDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r,"), min_size=1, max_size=6).filter(
    lambda text: text == text.strip() != ""
)


@st.composite
def elections(draw: st.DrawFn) -> Election:
    kind = draw(st.sampled_from(["approval", "choose-1", "cumulative", "ordinal", "knapsack"]))
    projects = tuple(
        Project(id=one, cost=draw(st.integers(1, 10**13)), name=draw(WORDS), district=draw(WORDS),
                published=draw(st.sampled_from([None, True, False])), votes=draw(st.none() | st.integers(0, 99)),
                extra={"note": draw(WORDS)})
        for one in draw(st.lists(IDS, min_size=1, max_size=5, unique=True))
    )  # fmt: skip
    voters = draw(st.lists(IDS, min_size=1, max_size=6, unique=True))
    most = 1 if kind == "choose-1" else len(projects)
    votes = [draw(st.lists(st.integers(0, len(projects) - 1), max_size=most, unique=True)) for _ in voters]
    flat = [one for vote in votes for one in vote]
    points = np.array([draw(st.integers(1, 9)) for _ in flat], np.int64) if kind == "cumulative" else None
    starts = np.cumsum([0, *map(len, votes)])
    ballots = Ballots(voters=tuple(voters), starts=starts, chosen=np.array(flat, np.int64), points=points,
                      columns={"age": tuple(draw(WORDS) for _ in voters)})  # fmt: skip
    budget = 10**13 if kind == "knapsack" else draw(st.integers(1, 10**13))
    meta = {"description": draw(WORDS), "vote_type": "knapsack"} if kind == "knapsack" else {"description": draw(WORDS)}
    return Election(kind=kind, budget=budget, projects=projects, ballots=ballots, meta=meta)  # type: ignore[arg-type]


class TestWriting:
    @given(elections())
    @settings(max_examples=60)
    def test_what_is_written_reads_back_the_same(self, made: Election) -> None:
        written = write_election(made)
        found = parse_election(written, "elm.pb")
        assert (found.kind, found.budget, found.projects) == (made.kind, made.budget, made.projects)
        assert found.ballots.voters == made.ballots.voters and found.ballots.columns == made.ballots.columns
        assert found.ballots.starts.tolist() == made.ballots.starts.tolist()
        assert found.ballots.chosen.tolist() == made.ballots.chosen.tolist()
        assert (found.ballots.points is None) == (made.ballots.points is None)
        assert made.ballots.points is None or np.array_equal(found.ballots.points, made.ballots.points)  # type: ignore[arg-type]
        assert {key: found.meta[key] for key in made.meta} == dict(made.meta)
        assert write_election(found) == written

    def test_what_cannot_be_read_back_is_refused(self) -> None:
        plain = election()
        for bad in (
            replace(plain, projects=(replace(plain.projects[0], id="a,b"),)),
            replace(plain, projects=(replace(plain.projects[0], id=""),)),
            replace(plain, ballots=replace(plain.ballots, voters=("1", " 2"))),
            replace(plain, meta={"VOTES": ""}),
            replace(plain, projects=(replace(plain.projects[0], name="\ud800"), *plain.projects[1:])),
        ):
            with pytest.raises(SokeError):
                write_election(bad)

    def test_money_beyond_the_budget_makes_a_knapsack(self) -> None:
        knapsack = replace(election(votes=["1;a", "2;b"]), kind="knapsack")
        found = parse_election(write_election(knapsack), "elm.pb")
        assert (found.kind, found.meta["vote_type"], found.meta["max_sum_cost"]) == ("knapsack", "approval", "150")
