"""Why a project did not win: every number it gives is tried out."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_elections import ballots_of, drawn, election

from soke.community.budgets import districts
from soke.community.budgets.equal_shares import buy, market
from soke.community.budgets.ledger import payments
from soke.community.budgets.rule import Parameters
from soke.community.budgets.why import Reasons, losers
from soke.errors import SokeError

SHARES = Parameters(rule="equal_shares")


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32))
def test_the_endowment_that_is_named_would_have_bought_it(seed: int) -> None:
    rng = random.Random(seed)
    made = drawn(rng)
    asked = replace(SHARES, increment=max(1, made.budget // 40))
    outcome = districts.count(made, asked)
    reasons, paid, shop = Reasons(outcome), payments(outcome), market(made, asked)
    for number in losers(outcome):
        why = reasons.why_not(number)
        assert not why.won and why.words
        if why.left is not None:
            assert why.left == paid.left_with(number) and why.short == made.projects[number].cost - why.left > 0
            assert why.wins_at is not None and number in buy(shop, why.wins_at)
            assert why.loses_at is not None and number not in buy(shop, why.loses_at)
            assert outcome.endowment is not None
            steps = (why.wins_at - outcome.endowment) / asked.increment
            assert (why.wins_at - why.loses_at) / asked.increment <= max(1, steps / 64)
        assert why.nothing == sum(
            number in ballot and not set(ballot) & set(outcome.winners) for ballot in ballots_of(made)
        )


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(["greedy", "greedy-cost", "greedy-stop"]))
def test_with_the_votes_that_are_named_it_would_have_won_and_with_one_less_not(seed: int, rule: str) -> None:
    made = drawn(random.Random(seed))
    if made.ballots.points is not None:
        return
    outcome = districts.count(made, Parameters(rule=rule))
    ballots = [list(ballot) for ballot in ballots_of(made)]
    for number in losers(outcome):
        why = Reasons(outcome).why_not(number)
        if why.more_votes is not None:
            for more, wins in ((why.more_votes, True), (why.more_votes - 1, False)):
                votes = ballots + [[number]] * more
                again = election(made.budget, [one.cost for one in made.projects], votes)
                assert (number in districts.count(again, Parameters(rule=rule)).winners) is wins


def test_the_sentences_of_equal_shares() -> None:
    made = election(12_00, [6_00, 3_00, 9_00], [[0], [0], [0, 1], [1, 2]])
    outcome = districts.count(made, SHARES)
    assert Reasons(outcome).why_not(0).words == (
        "p0: 3 votes, costs 6. It won. 3 supporters paid the 6 between them, at most 2 each."
    )
    why = Reasons(outcome).why_not(2)
    assert why.words == (
        "p2: 1 vote, costs 9. Its 1 supporter had 1 of their 3 left at the end, 8 too little. With 11 for every voter, "
        "not 3, it would have been bought, but all that is bought then costs 6 more than the budget. "
        "Of the winners its supporters also chose p1 (1 of them); all of them got something."
    )
    assert (why.left, why.short, why.wins_at, why.instead) == (100, 800, 1100, ((1, 1),))


def test_the_sentences_of_the_other_rules() -> None:
    made = election(10_00, [6_00, 5_00, 4_00], [[0], [0], [0], [1], [1], [2]])
    greedy = districts.count(made, Parameters(rule="greedy"))
    found = Reasons(greedy).why_not(1)  # with 3 votes it is tied with p0, and costs less
    assert found.more_votes == 1
    assert "When its turn came 4 was left, 1 too little. With 1 vote more it would have won." in found.words
    stopped = districts.count(made, Parameters(rule="greedy-stop"))
    assert "ended before its turn came" in Reasons(stopped).why_not(2).words
    earned = districts.count(made, Parameters(rule="phragmen"))
    assert "There the count stopped." in Reasons(earned).why_not(1).words
    assert "the count stopped at p1" in Reasons(earned).why_not(2).words


def test_votes_that_nobody_had_to_give() -> None:
    greedy = Parameters(rule="greedy")
    found = Reasons(districts.count(election(10_00, [6_00, 7_00], [[0, 1]] * 3), greedy)).why_not(1)
    assert found.more_votes == 1 and "With 1 vote" not in found.words
    assert "It would have needed 1 vote more, and the 3 ballots had none left to give it." in found.words
    few = Reasons(districts.count(election(10_00, [6_00, 7_00], [[0]] * 4 + [[0, 1]] * 3), greedy)).why_not(1)
    assert "With 5 votes more" not in few.words and "and the 7 ballots had only 4 more to give it." in few.words
    points = districts.count(election(10_00, [6_00, 7_00], [{0: 2, 1: 1}] * 3, "cumulative"), greedy)
    assert "With 4 points more it would have won." in Reasons(points).why_not(1).words
    limited = replace(points, election=replace(points.election, meta={"max_points": "2"}))
    assert "needed 4 points more, and the 3 ballots had only 3 more" in Reasons(limited).why_not(1).words


def test_what_kept_a_project_out_from_the_start() -> None:
    made = election(10_00, [6_00, 4_00, 11_00, 4_00, 1_00], [[0, 2], [0], [0, 3], [1, 3]])
    asked = replace(SHARES, least_votes=2, conflicts=(frozenset({"p0", "p3"}),))
    words = {n: Reasons(districts.count(made, asked)).why_not(n).words for n in range(5)}
    assert "A project needs 2 votes to win: it is 1 vote short." in words[1]
    assert "A project needs 2 votes" in words[2] and "Nobody supports it." in words[4]
    assert "cannot be carried out together with p0, which won" in words[3]
    dear = districts.count(made, SHARES)
    assert "more than the whole budget of 10" in Reasons(dear).why_not(2).words
    scored = replace(SHARES, least_score=3)
    assert "needs 3 points to win: it is 1 point short" in Reasons(districts.count(made, scored)).why_not(3).words
    share = replace(SHARES, least_share=Fraction(3, 4))
    assert "A project needs 3 votes" in Reasons(districts.count(made, share)).why_not(3).words
    with pytest.raises(SokeError):
        Reasons(dear).why_not(5)


def test_greedy_that_was_preferred_and_pots() -> None:
    made = election(200_00, [190_00, 40_00, 40_00], [[0], [0], [0], [1], [2]])
    preferred = Reasons(districts.count(made, replace(SHARES, comparison=True))).why_not(1)
    assert "More voters preferred the greedy outcome." in preferred.words and preferred.more_votes == 2
    local = replace(made, projects=(made.projects[0], *(replace(one, district="north") for one in made.projects[1:])))
    outcome = districts.count(local, replace(SHARES, districts={"north": 60_00}))
    found = Reasons(outcome).why_not(0)
    assert found.number == 0 and found.words.startswith("Pot of city-wide: p0: 3 votes")
