"""Counts by pabutools (GPL-3.0), for test_equal_shares_pabutools.py: run by a Python that has it, in its own process.

It reads a JSON list of elections (budget, costs, ballots as lists of project numbers, increment) from standard input
and prints, for each, the winners under equal shares by cost and by number, with increments until the first exhaustive
outcome, and under Phragmen's sequential rule. Ties go by name; fractions are exact.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

from pabutools.election import ApprovalBallot, ApprovalProfile, Cardinality_Sat, Cost_Sat, Instance, Project
from pabutools.rules import method_of_equal_shares, sequential_phragmen


def count(budget: int, costs: list[int], ballots: list[list[int]], increment: int) -> list[list[int]]:
    projects = [Project(f"p{number}", cost) for number, cost in enumerate(costs)]
    instance = Instance(projects, budget_limit=budget)
    profile = ApprovalProfile([ApprovalBallot(projects[one] for one in ballot) for ballot in ballots])
    rules: list[Callable[[], list[Project]]] = [
        lambda: method_of_equal_shares(instance, profile, sat_class=Cost_Sat),
        lambda: method_of_equal_shares(instance, profile, sat_class=Cardinality_Sat),
        lambda: method_of_equal_shares(instance, profile, sat_class=Cost_Sat, voter_budget_increment=increment),
        lambda: sequential_phragmen(instance, profile),
    ]
    return [sorted(int(one.name[1:]) for one in rule()) for rule in rules]


if __name__ == "__main__":
    print(json.dumps([count(*asked) for asked in json.load(sys.stdin)]))
