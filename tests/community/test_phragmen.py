"""Phragmen's sequential rule for budgets: against a plain count voter by voter, and by hand."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from made_elections import ballots_of, drawn, election

from soke.community.budgets.election import Election
from soke.community.budgets.phragmen import phragmen
from soke.community.budgets.rule import Parameters

RULE = Parameters(rule="phragmen")


def _plain(made: Election) -> list[tuple[int, Fraction]]:
    """Winners and times, from the definition. Ties: more points, then lower cost, then file order."""
    ballots = ballots_of(made)
    loads, left = [Fraction(0)] * len(ballots), made.budget
    score = [sum(ballot.get(p, 0) for ballot in ballots) for p in range(len(made.projects))]
    bought: list[tuple[int, Fraction]] = []
    while True:
        times = []
        for number, project in enumerate(made.projects):
            backers = [i for i, ballot in enumerate(ballots) if number in ballot]
            if backers and project.cost <= made.budget and number not in [one for one, _ in bought]:
                at = (project.cost + sum((loads[i] for i in backers), Fraction(0))) / len(backers)
                times.append((at, -score[number], project.cost, number, backers))
        if not times:
            return bought
        at, _, cost, number, backers = min(times)
        if cost > left:
            return bought
        left -= cost
        bought.append((number, at))
        for one in backers:
            loads[one] = at


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32))
def test_it_is_its_definition(seed: int) -> None:
    made = drawn(random.Random(seed))
    found = phragmen(made, RULE)
    taken = [(step.number, step.price) for step in found.steps if step.taken]
    assert taken == _plain(made)
    assert found.total <= made.budget


def test_by_hand() -> None:
    # p0 at 12/3 = 4; p1: v2 starts again from 4, so (12 + 4) / 2 = 8; p2 at 20/1 costs more than what is left
    made = election(30, [12, 12, 20], [[0], [0], [0, 1], [1], [2]])
    found = phragmen(made, RULE)
    assert [(step.number, step.price, step.taken) for step in found.steps] == [
        (0, 4, True),
        (1, 8, True),
        (2, None, False),
    ]
    assert found.endowment == 8
    apart = phragmen(made, replace(RULE, conflicts=(frozenset({"p0", "p1"}),)))
    assert apart.winners == (0,) and phragmen(made, replace(RULE, least_votes=3)).winners == (0,)
    assert phragmen(election(5, [1], []), RULE).winners == ()
