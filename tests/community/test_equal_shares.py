"""Equal shares: the fast count is the definition, its bounds hold, and published elections come out as published."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_elections import ballots_of, drawn, election, plain_equal_shares

from soke.community.budgets import completion
from soke.community.budgets.completion import equal_shares
from soke.community.budgets.equal_shares import _Count, buy, market, pay
from soke.community.budgets.exact import ExactMoney
from soke.community.budgets.rule import Parameters
from soke.errors import SokeError

COST = Parameters(rule="equal_shares")


def _same(rng: random.Random) -> int:
    """Compare one random election with the definition. Returns how often floats could not decide."""
    made = drawn(rng)
    satisfaction = rng.choice(["cost", "cardinality"])
    endowment = Fraction(made.budget, len(made.ballots)) + rng.choice([0, 0, 1, Fraction(1, 3), made.budget])
    shop = market(made, replace(COST, satisfaction=satisfaction))
    bought = buy(shop, endowment)
    plain = plain_equal_shares(made, endowment, satisfaction)
    assert bought == [one for one, _ in plain], (made, endowment)
    assert [one.price / shop.scale[one.number] for one in pay(shop, endowment, bought)] == [rho for _, rho in plain]
    return shop.decided_exactly


def test_the_fast_count_is_the_definition() -> None:
    rng = random.Random(5)
    assert sum(_same(rng) > 0 for _ in range(300)) > 20  # and floats alone would have had to guess in many


@pytest.mark.slow
def test_the_fast_count_is_the_definition_in_10000_elections() -> None:
    rng = random.Random(2026)
    assert sum(_same(rng) > 0 for _ in range(10_000)) > 700


@pytest.mark.parametrize("voters", [30, 300])
def test_money_is_never_further_off_than_its_bound(voters: int) -> None:
    rng = random.Random(voters)
    for _ in range(6):
        costs = [rng.randint(1, 10 ** rng.randint(1, 7)) for _ in range(30)]
        votes = [rng.sample(range(30), rng.randint(1, 12)) for _ in range(voters)]
        made = election(sum(costs) // 2, costs, votes)
        shop, endowment = market(made, COST), Fraction(made.budget, voters)
        count = _Count(shop, endowment)
        bought = count.run()
        exact = ExactMoney(shop.who, made.costs, endowment)
        for one in bought:
            exact.buy(one)
        true = [Fraction(one, exact.unit) for one in exact.amounts]
        off = [abs(Fraction(float(count.money[g])) - true[exact.held[g]]) for g in range(len(shop.who.sizes))]
        assert all(one <= Fraction(float(bound)) for one, bound in zip(off, count.error, strict=True))
        assert len(bought) > 5


def test_larger_elections_come_out_the_same_when_everything_is_decided_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(8)
    for _ in range(6):
        costs = [rng.randint(1, 10**5) for _ in range(25)]
        votes = [dict.fromkeys(rng.sample(range(25), rng.randint(1, 9)), rng.randint(1, 3)) for _ in range(250)]
        shop = market(election(sum(costs) // 2, costs, votes, "cumulative"), COST)
        quick = buy(shop, Fraction(sum(costs), 500))
        before = shop.decided_exactly
        with monkeypatch.context() as patch:
            patch.setattr("soke.community.budgets.equal_shares.NEAR", 0.5)
            assert buy(shop, Fraction(sum(costs), 500)) == quick
        assert before < 5 and shop.decided_exactly - before > len(quick) > 5


def test_a_tie_that_floats_see_the_other_way_goes_by_the_rule() -> None:
    # rho is 1/3 of a ninth for both after p0 took a third of everybody's money: 0.1 + 0.2 against 0.3
    votes = [[0, 1], [0, 1], [0, 1], [0, 2], [0, 2], [0, 2]]
    made = election(60, [10, 7, 7], votes)
    shop = market(made, COST)
    assert buy(shop, Fraction(10)) == [0, 1, 2]
    other = replace(COST, ties=("id",))
    made = replace(made, projects=tuple(replace(p, id=f"q{9 - n}") for n, p in enumerate(made.projects)))
    assert buy(market(made, other), Fraction(10)) == [0, 2, 1]


def test_supporters_who_have_exactly_the_cost_buy_it() -> None:
    made = election(3, [1, 1, 1], [[0], [1], [2]])
    assert buy(market(made, COST), Fraction(1)) == [0, 1, 2]
    assert buy(market(made, COST), Fraction(10**30 - 1, 10**30)) == []


def test_equal_ballots_are_counted_together_and_only_they() -> None:
    made = election(30, [10, 5], [[0, 1], [1, 0], [0], [0, 1], []])
    who = market(made, COST).who
    assert who.sizes.tolist() == [3, 1, 1] and who.group.tolist() == [0, 0, 1, 0, 2]
    points = election(30, [10, 5], [{0: 1, 1: 2}, {0: 2, 1: 1}, {1: 2, 0: 1}], "cumulative")
    assert market(points, COST).who.group.tolist() == [0, 1, 0]


def test_ranked_ballots_give_the_points_of_the_rule() -> None:
    made = election(100, [50, 50], [[0, 1], [1, 0], [1]], "ordinal")
    who = market(made, replace(COST, points=(3, 1))).who
    assert who.score.tolist() == [4, 7] and who.votes.tolist() == [2, 3]
    only_first = market(made, replace(COST, points=(1,))).who
    assert [len(one) for one in only_first.of] == [1, 2]


def test_thresholds_and_conflicts() -> None:
    made = election(60, [10, 10, 10], [[0, 1], [0, 1], [0, 2], [0, 1]])
    assert equal_shares(made, COST).winners == (0, 1, 2)
    assert equal_shares(made, replace(COST, least_votes=2)).winners == (0, 1)
    assert equal_shares(made, replace(COST, least_share=Fraction(3, 4))).winners == (0, 1)
    apart = replace(COST, conflicts=(frozenset({"p0", "p1"}), frozenset({"p1", "p9"})))
    assert equal_shares(made, apart).winners == (0, 2)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32))
def test_add1_is_its_plain_definition(seed: int) -> None:
    rng = random.Random(seed)
    made = drawn(rng)
    if max(one.cost for one in made.projects) > 100:
        made = replace(made, budget=200, projects=tuple(replace(p, cost=p.cost % 97 + 1) for p in made.projects))
    stop = rng.choice(["exhaustive", "overshoot"])
    asked = replace(COST, completion="add1", increment=rng.choice([1, 3, 10]), stop=stop)  # type: ignore[arg-type]
    found = equal_shares(made, asked)
    endowment, last = Fraction(made.budget, len(made.ballots)), list[int]()
    supported = {p for ballot in ballots_of(made) for p in ballot if made.projects[p].cost <= made.budget}
    while True:
        bought = [one for one, _ in plain_equal_shares(made, endowment)]
        total = sum(made.projects[one].cost for one in bought)
        if total > made.budget:
            break
        last = bought
        rest = supported - set(bought)
        if not rest or (stop == "exhaustive" and all(made.projects[p].cost > made.budget - total for p in rest)):
            break
        endowment += asked.increment
    assert list(found.winners) == last


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32))
def test_every_completion_stays_within_the_budget_and_counts_the_same_again(seed: int) -> None:
    rng = random.Random(seed)
    made = drawn(rng)
    for way in ("none", "utilitarian", "add1", "add1-utilitarian"):
        asked = replace(COST, completion=way, increment=max(1, made.budget // 20), comparison=rng.random() < 0.3)
        found = equal_shares(made, asked)
        assert found.total <= made.budget
        assert len(set(found.winners)) == len(found.winners)
        again = equal_shares(made, asked)
        assert (again.winners, again.steps) == (found.winners, found.steps)
        if "utilitarian" in way and found.facts.get("preferred") != "greedy":
            rest = made.budget - found.total
            votes = {p for ballot in ballots_of(made) for p in ballot}
            assert all(made.projects[p].cost > rest for p in votes - set(found.winners))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32))
def test_the_order_and_the_names_of_voters_decide_nothing(seed: int) -> None:
    rng = random.Random(seed)
    made = drawn(rng)
    ballots = ballots_of(made)
    rng.shuffle(ballots)
    points = made.ballots.points is not None
    mixed = election(
        made.budget, [one.cost for one in made.projects], ballots if points else [list(b) for b in ballots], made.kind
    )
    asked = replace(COST, completion="utilitarian")
    assert equal_shares(made, asked).winners == equal_shares(mixed, asked).winners


def test_the_comparison_counts_voters_with_nothing_on_one_side() -> None:
    # shares: p1 and p2 (their voters have 40 each); greedy: p0 (three votes), which leaves no money for the others
    votes = [[0], [0], [0], [1], [2]]
    made = election(200, [190, 40, 40], votes)
    alone = equal_shares(made, COST)
    assert set(alone.winners) == {1, 2}
    compared = equal_shares(made, replace(COST, comparison=True))
    assert compared.winners == (0,) and compared.endowment is None
    assert (compared.facts["prefer greedy"], compared.facts["prefer equal shares"]) == (3, 2)


def test_parameters_that_cannot_be_counted_with_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(completion, "MOST_INCREMENTS", 500)
    made = election(100, [50], [[0]])
    for wrong in (replace(COST, increment=0), replace(COST, start=-1), replace(COST, part_funding=Fraction(1, 2))):
        with pytest.raises(SokeError):
            equal_shares(made, wrong)
    dear = election(100, [90, 90], [[0], [1]])
    with pytest.raises(SokeError, match="more than the budget"):
        equal_shares(dear, replace(COST, completion="add1", start=100))
    few = election(10**13, [10**13, 10**13], [[0], [1]])
    with pytest.raises(SokeError, match="larger increment"):
        equal_shares(few, replace(COST, completion="add1", increment=1))


def test_nobody_voted() -> None:
    assert equal_shares(election(100, [50], []), COST).winners == ()
    assert equal_shares(election(100, [50], [[], []]), replace(COST, completion="add1-utilitarian")).winners == ()


def test_satisfaction_beyond_64_bits() -> None:
    made = election(4 * 10**18, [10**18, 2 * 10**18], [{0: 10**4, 1: 1}, {1: 10**5}], "cumulative")
    assert equal_shares(made, replace(COST, comparison=True)).winners == (1, 0)
    assert np.iinfo(np.int64).max < 10**23
