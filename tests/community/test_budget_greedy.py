"""Greedy rules: by hand, against a slow count, and what each step says."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from budget_files import election
from hypothesis import given, settings
from hypothesis import strategies as st

from soke.community.budgets.districts import count, pots
from soke.community.budgets.election import Election
from soke.community.budgets.outcome import Outcome
from soke.community.budgets.rule import Parameters
from soke.community.budgets.tally import tally
from soke.errors import SokeError

# votes: a 4, b 3, c 3, d 1, e 0
FIVE = ["a;60;Swings", "b;70;Trees", "c;50;Bench", "d;40;Lamp", "e;1;Bin"]
VOTES = ["1;a,b", "2;a,c", "3;a,b,c", "4;a,d", "5;b,c"]


def five(**meta: str) -> Election:
    return election(FIVE, VOTES, meta={"budget": "115", **meta})


def ids(found: Outcome) -> str:
    return "".join(found.ids)


def why(found: Outcome, project: str) -> str:
    (said,) = [one.why for one in found.steps if found.election.projects[one.number].id == project]
    return said


class TestByHand:
    def test_skips_what_does_not_fit(self) -> None:
        found = count(five(), Parameters(rule="greedy"))
        assert ids(found) == "ac" and found.total == 11_000
        assert why(found, "a") == "4 votes; it costs 60 of the 115 that was left."
        assert why(found, "b") == "3 votes; it costs 70 and 5 was left."
        assert why(found, "e") == "0 votes; nobody chose it."

    def test_stops_at_the_first_that_does_not_fit(self) -> None:
        found = count(five(), Parameters(rule="greedy-stop", ties=("higher-cost",)))
        assert ids(found) == "a"
        assert why(found, "c") == "3 votes; the count had ended at project b, the first that did not fit."

    def test_by_votes_for_each_unit_of_cost(self) -> None:
        assert ids(count(five(), Parameters(rule="greedy-cost"))) == "ac"  # 4/60 > 3/50 > 3/70 > 1/40
        close = election(["x;30000000001;X", "y;30000000000;Y"], ["1;x,y"], meta={"budget": "30000000001"})
        assert ids(count(close, Parameters(rule="greedy-cost"))) == "y"  # equal as floats, not as fractions
        assert ids(count(close, Parameters(rule="greedy"))) == "y"
        assert ids(count(close, Parameters(rule="greedy", ties=("higher-cost",)))) == "x"

    @pytest.mark.parametrize(
        ("ties", "first"),
        [(("file-order",), "b"), (("lower-cost",), "c"), (("higher-cost",), "b"), (("id",), "b"), ((), "b")],
    )
    def test_ties(self, ties: tuple[str, ...], first: str) -> None:
        found = count(five(budget="1000"), Parameters(rule="greedy", ties=ties))  # type: ignore[arg-type]
        assert ids(found)[1] == first

    @pytest.mark.parametrize(
        ("least", "winners", "said"),
        [
            ({"least_votes": 4}, "a", "3 votes; at least 4 votes are needed."),
            ({"least_share": Fraction(4, 5)}, "a", "3 votes; at least 80% of 5 ballots are needed, 4."),
            ({"least_share": Fraction(601, 1000)}, "a", "3 votes; at least 60.1% of 5 ballots are needed, 4."),
            ({"least_share": Fraction(3, 5)}, "ac", "3 votes; it costs 70 and 5 was left."),
            ({"least_score": 4}, "a", "3 votes; at least 4 votes are needed."),
        ],
    )
    def test_thresholds(self, least: dict[str, object], winners: str, said: str) -> None:
        found = count(five(), Parameters(rule="greedy", **least))  # type: ignore[arg-type]
        assert ids(found) == winners and why(found, "b") == said

    def test_a_barred_project_ends_nothing(self) -> None:
        stop = Parameters(rule="greedy-stop", conflicts=(frozenset("ab"),))
        found = count(five(), stop)
        assert ids(found) == "ac" and "carried out together with project a, which won" in why(found, "b")

    def test_one_of_a_set_of_conflicts(self) -> None:
        found = count(five(budget="1000"), Parameters(rule="greedy", conflicts=(frozenset("acd"), frozenset("be"))))
        assert ids(found) == "ab"

    def test_a_conflict_with_no_project_is_a_slip(self) -> None:
        with pytest.raises(SokeError, match='no project "zz"'):
            count(five(), Parameters(rule="greedy", conflicts=(frozenset({"a", "zz"}),)))

    def test_a_reserve_pays_the_rest_from_four_fifths_on(self) -> None:
        part = Parameters(rule="greedy-stop", part_funding=Fraction(4, 5), ties=("higher-cost",))
        found = count(five(budget="116"), part)  # 56 left of 70: exactly 80%
        assert ids(found) == "ab" and found.facts == {"part_funded": "b", "reserve_pays": 1_400}
        assert found.total == 13_000 and why(found, "b").endswith("at least 80% of its cost: a reserve pays the rest.")
        less = count(five(budget="115.99"), part)
        assert ids(less) == "a" and why(less, "b") == (
            "3 votes; it costs 70 and 55.99 was left, less than 80% of its cost."
        )
        skip = count(five(budget="115.99"), replace(part, rule="greedy"))
        assert ids(skip) == "ac"  # only the first that does not fit is funded in part

    def test_only_the_first_that_does_not_fit_is_funded_in_part(self) -> None:
        four = ["a;60;x", "b;100;x", "c;50;x", "d;10;x"]
        votes = ["1;a,b,c,d", "2;a,b,c", "3;a,b", "4;a"]
        part = Parameters(rule="greedy", part_funding=Fraction(4, 5))
        assert (
            ids(count(election(four, votes, meta={"budget": "105"}), part)) == "ad"
        )  # 45 is 90% of c, but b was first
        assert ids(count(election(four, votes, meta={"budget": "145"}), part)) == "ab"  # nothing is left after b

    def test_points(self) -> None:
        points = election(FIVE, ["1;a,b;1,9", "2;c;5"], header="voter_id;vote;points", meta={"vote_type": "cumulative"})
        found = count(points, Parameters(rule="greedy"))
        assert ids(found) == "bc" and why(found, "b").startswith("9 points from 1 vote; ")
        assert ids(count(points, Parameters(rule="greedy", least_score=6))) == "b"

    def test_points_by_place(self) -> None:
        ranked = election(FIVE, ["1;a,b,c", "2;b,a", "3;c"], meta={"vote_type": "ordinal", "budget": "60"})
        assert ids(count(ranked, Parameters(rule="greedy", points=(3, 2, 1)))) == "a"  # a 5, b 5, c 4
        nothing = count(ranked, Parameters(rule="greedy", points=(1,)))  # 1 each; a and c fit
        assert ids(nothing) == "c"
        assert why(count(ranked, Parameters(rule="greedy", points=(1, 0, 0), ties=("id",))), "c").startswith("1 point")
        for wrong in ((1, 2), (0, 0), (-1,), (10**9,), (3, -1)):
            with pytest.raises(SokeError, match="Points by place cannot be"):
                count(ranked, Parameters(rule="greedy", points=wrong))
        with pytest.raises(SokeError, match="are for ranked ballots"):
            count(five(), Parameters(rule="greedy", points=(3, 2, 1)))

    def test_no_such_rule(self) -> None:
        with pytest.raises(SokeError, match='no rule "best"'):
            count(five(), Parameters(rule="best"))


@st.composite
def cases(draw: st.DrawFn) -> tuple[Election, Parameters]:
    names = "abcdefg"[: draw(st.integers(1, 7))]
    costs = {one: draw(st.integers(1, 30)) for one in names}
    votes = draw(st.lists(st.sets(st.sampled_from(names)), min_size=1, max_size=9))
    made = election(
        [f"{one};{cost};x" for one, cost in costs.items()],
        [f"{number};{','.join(sorted(vote))}" for number, vote in enumerate(votes)],
        meta={"budget": str(draw(st.integers(1, 60)))},
    )
    parameters = Parameters(
        rule=draw(st.sampled_from(["greedy", "greedy-cost", "greedy-stop"])), ties=("lower-cost", "file-order"),
        least_votes=draw(st.integers(0, 3)), least_share=Fraction(draw(st.integers(0, 5)), 9),
        conflicts=tuple(map(frozenset, draw(st.lists(st.sets(st.sampled_from(names), min_size=2), max_size=2))))
        if len(names) > 1 else (),
    )  # fmt: skip
    return made, parameters


def slow_count(made: Election, parameters: Parameters) -> list[str]:
    """The rules said once more, in the plainest way."""
    ballots = made.ballots
    votes = [int((ballots.chosen == number).sum()) for number in range(len(made.projects))]
    winners: list[str] = []
    left = made.budget
    while True:
        best: tuple[Fraction, int, int] | None = None
        for number, one in enumerate(made.projects):
            key = Fraction(votes[number], one.cost if parameters.rule == "greedy-cost" else 1)
            barred = any(one.id in group and group & set(winners) for group in parameters.conflicts)
            enough = votes[number] >= max(1, parameters.least_votes, parameters.least_share * len(ballots))
            fits = one.cost <= left or parameters.rule == "greedy-stop"
            candidate = (-key, one.cost, number)
            if enough and fits and not barred and one.id not in winners and (best is None or candidate < best):
                best = candidate
        if best is None or best[1] > left:
            return winners
        winners.append(made.projects[best[2]].id)
        left -= best[1]


@given(cases())
@settings(max_examples=100)
def test_the_count_is_the_slow_count(case: tuple[Election, Parameters]) -> None:
    made, parameters = case
    found = count(made, parameters)
    assert list(found.ids) == slow_count(made, parameters)
    assert found.total <= made.budget
    assert sorted(one.number for one in found.steps) == list(range(len(made.projects)))
    assert tuple(one.number for one in found.steps if one.taken) == found.winners


@given(cases())
@settings(max_examples=30)
def test_the_order_of_the_ballots_decides_nothing(case: tuple[Election, Parameters]) -> None:
    made, parameters = case
    ballots = made.ballots
    starts = ballots.starts.tolist()
    rows = [ballots.chosen[a:b].tolist() for a, b in pairwise(starts)][::-1]
    names = [one.id for one in made.projects]
    turned = election(
        [f"{one.id};{one.cost / 100:.2f};x" for one in made.projects],
        [f"{number};{','.join(names[one] for one in row)}" for number, row in enumerate(rows)],
        meta={"budget": f"{made.budget / 100:.2f}"},
    )
    assert count(turned, parameters).ids == count(made, parameters).ids


class TestDistricts:
    PROJECTS = ("n1;60;;North", "n2;50;;North", "s1;90;;South", "c1;80;;", "c2;30;;")
    VOTERS = ("1;n1,c1", "2;n1,c1", "3;n2,c2", "4;s1,c1", "5;s1")

    def made(self, **meta: str) -> Election:
        said = {"budget": "280", **meta}
        return election(self.PROJECTS, self.VOTERS, columns="project_id;cost;name;district", meta=said)

    def test_each_pot_has_its_projects_and_the_ballots_that_choose_them(self) -> None:
        pot = Parameters(rule="greedy", districts={"North": 10_000, "South": 8_000})
        found = count(self.made(), pot)
        assert found.ids == ("n1", "c1") and found.facts["pots"] == 3
        assert found.facts["pot of North"] == "100, 3 ballots, 1 winner for 60"
        assert found.facts["pot of South"] == "80, 2 ballots, 0 winners for 0"
        assert found.facts["pot of city-wide"] == "100, 4 ballots, 1 winner for 80"
        assert why(found, "n1") == "Pot of North: 2 votes; it costs 60 of the 100 that was left."
        assert sorted(one.number for one in found.steps) == [0, 1, 2, 3, 4]

    @pytest.mark.parametrize("rule", ["equal_shares", "phragmen", "greedy-cost", "greedy-stop"])
    def test_any_rule_counts_a_pot(self, rule: str) -> None:
        found = count(self.made(), Parameters(rule=rule, districts={"North": 10_000, "South": 9_000}))
        for pot in pots(self.made(), Parameters(rule=rule, districts={"North": 10_000, "South": 9_000})):
            assert pot.outcome.total <= pot.outcome.election.budget
            assert {pot.numbers[one] for one in pot.outcome.winners} <= set(found.winners)
        assert found.total <= 28_000

    def test_a_share_is_of_the_pots_ballots(self) -> None:
        pot = Parameters(rule="greedy", districts={"North": 10_000, "South": 9_000}, least_share=Fraction(2, 3))
        assert count(self.made(), pot).ids == ("n1", "s1", "c1")

    def test_a_ranked_ballot_keeps_its_places(self) -> None:
        ranked = election(
            ["n1;60;;North", "n2;60;;North", "c1;10;;"], ["1;c1,n1,n2", "2;n2,c1,n1"],
            columns="project_id;cost;name;district", meta={"vote_type": "ordinal", "budget": "70"},
        )  # fmt: skip
        found = count(ranked, Parameters(rule="greedy", points=(5, 1, 0), districts={"North": 6_000}))
        assert found.ids == ("n2", "c1")  # n1 has 1 point; places counted within the pot would give it 6
        assert why(found, "n1").startswith("Pot of North: 1 point from 2 votes")

    @pytest.mark.parametrize(
        ("districts", "said"),
        [
            ({"North": 1, "South": 1, "West": 1}, 'There is a pot for "West", and no project'),
            ({"North": 1}, 'The district "South" has projects and no pot.'),
            ({"North": 1, "South": 0}, 'The pot of "South" is 0.'),
            ({"North": 20_000, "South": 20_000}, "The pots of the districts are 120 more than the budget, 280."),
            ({"North": 18_000, "South": 10_000}, "take the whole budget, and there are city-wide projects."),
            ({"North": 1, "South": 1, "City-wide": 5}, 'A district is called "City-wide", as the pot'),
        ],
    )
    def test_pots_that_do_not_fit(self, districts: dict[str, int], said: str) -> None:
        with pytest.raises(SokeError, match=said):
            count(self.made(), Parameters(rule="greedy", districts=districts))

    def test_a_district_that_is_called_like_the_pot_without_one(self) -> None:
        made = election(["a;50;;city-wide", "b;60;;North", "c;70;;"], ["1;a,b,c"],
                        columns="project_id;cost;name;district")  # fmt: skip
        with pytest.raises(SokeError, match="Leave the district of city-wide projects empty"):
            count(made, Parameters(rule="greedy", districts={"city-wide": 6_000, "North": 6_000}))


def test_votes_and_points_are_exact_far_beyond_floats() -> None:
    points = election(["a;1;x"], [f"{n};a;999999999" for n in range(10)], header="voter_id;vote;points",
                      meta={"vote_type": "cumulative"})  # fmt: skip
    assert tally(points, Parameters(rule="greedy")).score.tolist() == [9_999_999_990]
