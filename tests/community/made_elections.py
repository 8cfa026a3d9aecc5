"""Elections made for tests, and equal shares as the papers define it: plain, slow, in fractions."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np

from soke.community.budgets.election import Ballots, Election, Project


def election(
    budget: int, costs: Sequence[int], votes: Sequence[Sequence[int] | Mapping[int, int]], kind: str = "approval"
) -> Election:
    """An election from costs and ballots: lists of project numbers, or the points that each number gets."""
    chosen = [one for ballot in votes for one in ballot]
    given = [ballot[one] for ballot in votes if isinstance(ballot, Mapping) for one in ballot]
    starts = np.cumsum([0, *(len(ballot) for ballot in votes)])
    return Election(
        kind=kind,  # type: ignore[arg-type]
        budget=budget,
        projects=tuple(Project(id=f"p{number}", cost=cost) for number, cost in enumerate(costs)),
        ballots=Ballots(
            voters=tuple(f"v{number}" for number in range(len(votes))), starts=starts.astype(np.int64),
            chosen=np.array(chosen, np.int64), points=np.array(given, np.int64) if given else None,
        ),
    )  # fmt: skip


def drawn(rng: random.Random) -> Election:
    """A random election, often with ties: few costs, few voters, equal ballots; sometimes costs far apart."""
    voters, projects = rng.choice([1, 2, 3, 4, 6, 9, 12, 25]), rng.randint(1, 7)
    top = rng.choice([1, 2, 6, 100, 10**9])
    costs = [rng.randint(1, top) for _ in range(projects)]
    points = rng.random() < 0.3
    kinds: list[Sequence[int] | Mapping[int, int]] = []
    for _ in range(rng.randint(1, voters)):
        chosen = rng.sample(range(projects), rng.randint(0, projects))
        kinds.append({one: rng.choice([1, 1, 2, 3, 10]) for one in chosen} if points else chosen)
    votes = [rng.choice(kinds) for _ in range(voters)]
    budget = rng.randint(max(1, min(costs)), max(1, sum(costs)))
    if rng.random() < 0.3:  # costs that an endowment of whole numbers pays to the penny
        budget = voters * rng.randint(1, 3)
        costs = [rng.randint(1, max(1, budget // 2)) for _ in range(projects)]
    return election(budget, costs, votes, "cumulative" if points else "approval")


def ballots_of(made: Election) -> list[dict[int, int]]:
    """Points by project of each ballot."""
    starts, chosen, points = made.ballots.starts, made.ballots.chosen, made.ballots.points
    return [
        {int(chosen[k]): 1 if points is None else int(points[k]) for k in range(starts[i], starts[i + 1])}
        for i in range(len(made.ballots))
    ]


def plain_equal_shares(made: Election, endowment: Fraction, satisfaction: str = "cost") -> list[tuple[int, Fraction]]:
    """Projects bought and their rho, from the definition. Ties: more points, then lower cost, then file order."""
    ballots = ballots_of(made)
    left = [endowment] * len(ballots)
    score = [sum(ballot.get(p, 0) for ballot in ballots) for p in range(len(made.projects))]
    bought: list[tuple[int, Fraction]] = []
    while True:
        found = []
        for number, project in enumerate(made.projects):
            if project.cost <= made.budget and number not in [one for one, _ in bought]:
                worth = {i: b[number] * (project.cost if satisfaction == "cost" else 1)
                         for i, b in enumerate(ballots) if number in b}  # fmt: skip
                rho = _rho(project.cost, worth, left)
                if rho is not None:
                    found.append((rho, -score[number], project.cost, number, worth))
        if not found:
            return bought
        rho, _, _, number, worth = min(found, key=lambda one: one[:4])
        bought.append((number, rho))
        for one, value in worth.items():
            left[one] -= min(left[one], rho * value)


def _rho(cost: int, worth: Mapping[int, int], left: Sequence[Fraction]) -> Fraction | None:
    """The least rho at which all pay ``cost``: tried at each number of supporters who pay all that they have."""
    if sum((left[i] for i in worth), Fraction(0)) < cost:
        return None
    order = sorted(worth, key=lambda i: left[i] / worth[i])
    for poor in range(len(order)):
        rich = order[poor:]
        rho = (cost - sum((left[i] for i in order[:poor]), Fraction(0))) / sum(worth[i] for i in rich)
        if rho * worth[rich[0]] <= left[rich[0]]:
            return rho
    raise AssertionError
