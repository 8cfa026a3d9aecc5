"""The rule of a count as data: every parameter that decides who wins.

Two counts with the same election and the same :class:`Parameters` have the same outcome; the manifest publishes both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

Tie = Literal["more-votes", "lower-cost", "higher-cost", "file-order", "id"]
Completion = Literal["none", "add1", "add1-utilitarian", "utilitarian"]
Stop = Literal["exhaustive", "overshoot"]
Satisfaction = Literal["cost", "cardinality"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """All that decides. Each rule reads the fields that concern it; the manifest prints all of them.

    ``satisfaction``: what a funded project is worth to a supporter: its ``cost``, or 1 (``cardinality``), times the
    points that they gave it. ``points``: for ranked ballots, what first, second, ... place gives; () takes the points
    of the ballots, or 1 each. ``by_length``: for ranked ballots, a ballot of ``n`` projects gives its first ``n``
    points, its second ``n - 1``, its last 1. ``least_votes`` and ``least_share`` (of all ballots): a project with fewer
    votes cannot win; ``least_score`` the same in points. ``conflicts``: sets of project ids of which one at most wins.
    ``withdrawn``: ids of projects that cannot win, and stop no count. ``ties``: who goes first where two are tied;
    before these, ``tie_order``: ids as a lot was drawn, all before those that are not in it.

    ``completion`` of equal shares: ``add1`` raises what every voter has by ``increment`` hundredths at a time and
    counts again, from ``start`` (None: budget / voters). ``stop``: at the first outcome that leaves nothing
    affordable (``exhaustive``), or only at the first that costs more than the budget (``overshoot``); either way the
    last outcome within the budget wins. ``utilitarian`` then fills up by votes. ``comparison``: greedy wins instead
    where more voters prefer it. ``part_funding``: the first project that greedy cannot afford wins where the money
    left covers at least this share of its cost (None: never), as in Poznan.
    """

    rule: str
    satisfaction: Satisfaction = "cost"
    points: tuple[int, ...] = ()
    by_length: bool = False
    least_votes: int = 0
    least_share: Fraction = Fraction(0)
    least_score: int = 0
    conflicts: tuple[frozenset[str], ...] = ()
    withdrawn: tuple[str, ...] = ()
    ties: tuple[Tie, ...] = ("more-votes", "lower-cost", "file-order")
    tie_order: tuple[str, ...] = ()
    completion: Completion = "none"
    increment: int = 100
    start: int | None = None
    stop: Stop = "overshoot"
    comparison: bool = False
    part_funding: Fraction | None = None
    districts: Mapping[str, int] = field(default_factory=dict)  # pot of each, in hundredths; the rest is city-wide
