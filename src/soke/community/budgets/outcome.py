"""What a count found: the winners, why each step was taken, and who paid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from soke.community.budgets.election import Election
from soke.community.budgets.rule import Parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One decision of a count, in order: project ``number`` was taken or passed over, and why, in plain words.

    ``price``: for equal shares and Phragmen the exact rho or load at which it was bought; None for greedy rules.
    """

    number: int
    taken: bool
    why: str
    price: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """``winners``: numbers of projects in the order in which they won. ``endowment``: what each voter had, in
    hundredths, exact; None for rules without one. ``facts``: what the rule found on its way (increments tried,
    greedy preferred by so many), for the report."""

    election: Election
    parameters: Parameters
    winners: tuple[int, ...]
    steps: tuple[Step, ...] = ()
    endowment: Fraction | None = None
    facts: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Cost of the winners, in hundredths."""
        return sum(self.election.projects[one].cost for one in self.winners)

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(self.election.projects[one].id for one in self.winners)
