"""The rule of a count as data: every parameter that decides who wins, and the one registry of rules.

Two counts with the same election and the same :class:`Parameters` have the same outcome; the manifest publishes both.
A rule is a function ``(election, parameters) -> Outcome`` in :data:`RULES`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from soke.community.budgets.election import Election
from soke.errors import SokeError

if TYPE_CHECKING:
    from soke.community.budgets.outcome import Outcome

Tie = Literal["more-votes", "lower-cost", "higher-cost", "file-order", "id"]
Completion = Literal["none", "add1", "add1-utilitarian", "utilitarian"]
Stop = Literal["exhaustive", "overshoot"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """All that decides. Each rule reads the fields that concern it; the manifest prints all of them.

    ``satisfaction``: what a funded project is worth to a supporter: its ``cost``, or 1 (``cardinality``), times the
    points that they gave it. ``points``: for ranked ballots, what first, second, ... place gives; () takes the points
    of the ballots, or 1 each. ``least_votes`` and ``least_share`` (of all ballots): a project with fewer votes cannot
    win; ``least_score`` the same in points. ``conflicts``: sets of project ids of which one at most wins.

    ``completion`` of equal shares: ``add1`` raises what every voter has by ``increment`` hundredths at a time and
    counts again, from ``start`` (None: budget / voters). ``stop``: at the first outcome that leaves nothing
    affordable (``exhaustive``), or only at the first that costs more than the budget (``overshoot``); either way the
    last outcome within the budget wins. ``utilitarian`` then fills up by votes. ``comparison``: greedy wins instead
    where more voters prefer it. ``part_funding``: the first project that greedy cannot afford wins where the money
    left covers at least this share of its cost (None: never), as in Poznan.
    """

    rule: str
    satisfaction: Literal["cost", "cardinality"] = "cost"
    points: tuple[int, ...] = ()
    least_votes: int = 0
    least_share: Fraction = Fraction(0)
    least_score: int = 0
    conflicts: tuple[frozenset[str], ...] = ()
    ties: tuple[Tie, ...] = ("more-votes", "lower-cost", "file-order")
    completion: Completion = "none"
    increment: int = 100
    start: int | None = None
    stop: Stop = "overshoot"
    comparison: bool = False
    part_funding: Fraction | None = None
    districts: Mapping[str, int] = field(default_factory=dict)  # pot of each, in hundredths; the rest is city-wide


Rule = Callable[[Election, Parameters], "Outcome"]
RULES: dict[str, Rule] = {}


def rule(name: str) -> Callable[[Rule], Rule]:
    def register(function: Rule) -> Rule:
        RULES[name] = function
        return function

    return register


def find(name: str) -> Rule:
    """The rule of that name. SokeError names those that there are."""
    if name not in RULES:
        raise SokeError(f'There is no rule "{name[:60]}".', f"The rules: {', '.join(sorted(RULES))}.")
    return RULES[name]
