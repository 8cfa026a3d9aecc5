"""What a count found: the winners, why each step was taken, who paid, and why a project did not win."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from soke.community.budgets.election import Election, Ints
from soke.community.budgets.rule import Parameters
from soke.community.budgets.supporters import Supporters
from soke.community.budgets.words import PLAIN, Say, Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class CountStep:
    """One decision of a count, in order: project ``number`` was taken or passed over, and why, in plain words.

    ``say``: the same in the voice of a page. ``price``: for equal shares and Phragmen the exact rho or load at which it
    was bought; None for greedy rules.
    """

    number: int
    taken: bool
    why: str
    price: Fraction | None = None
    say: Say | None = field(default=None, compare=False, repr=False)

    @classmethod
    def of(cls, number: int, taken: bool, say: Say, price: Fraction | None = None) -> CountStep:
        """The step that ``say`` gives words to."""
        return cls(number=number, taken=taken, why=say(PLAIN), price=price, say=say)

    def told(self, voice: Voice) -> str:
        """Why, as that voice says it."""
        return self.why if self.say is None else self.say(voice)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """``winners``: numbers of projects in the order in which they won. ``endowment``: what each voter had, in
    hundredths, exact; None for rules without one. ``facts``: what the rule found on its way (increments tried,
    greedy preferred by so many), for the report. ``open_at``: after how many increments of add1 a count met a tie of
    projects of which not all could be bought."""

    election: Election
    parameters: Parameters
    winners: tuple[int, ...]
    steps: tuple[CountStep, ...] = ()
    endowment: Fraction | None = None
    facts: Mapping[str, str | int] = field(default_factory=dict)
    open_at: tuple[int, ...] = ()

    @property
    def total(self) -> int:
        """Cost of the winners, in hundredths."""
        return sum(self.election.projects[winner].cost for winner in self.winners)

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(self.election.projects[winner].id for winner in self.winners)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """What supporters paid for project ``number``: each ballot of the groups ``of`` paid ``amounts[which]``
    hundredths."""

    number: int
    of: Ints
    which: Ints
    amounts: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyNot:
    """Project ``number`` and why it did not win; ``words`` say it in sentences, ``reason`` the same without
    its votes and cost. Money in hundredths.

    ``left`` is what its supporters had left together and ``short`` what they lacked of its cost (rules with an
    endowment). ``wins_at``: an endowment at which it would have been bought; at ``loses_at`` it would not have been,
    which is one increment less, or further on at most a sixty-fourth of the way less. There may be a lower one: a
    project can be bought at some endowment and not at a higher one. ``more_votes``: how many votes (points) more would
    have made it win, all else the same, whether or not those who voted had as many to give; None where none would, or
    where votes are not what decides. ``instead``: winners, and how many of its supporters support them; ``nothing``:
    how many of them got no winner at all. ``tied``: whether a tie decided on it.
    """

    number: int
    won: bool
    votes: int
    cost: int
    left: Fraction | None = None
    short: Fraction | None = None
    wins_at: Fraction | None = None
    loses_at: Fraction | None = None
    more_votes: int | None = None
    instead: tuple[tuple[int, int], ...] = ()
    nothing: int = 0
    tied: bool = False
    reason: str = ""
    words: str = ""


FromMeta = Callable[[Election], Parameters]  # what a name of META stands for; SokeError where META leaves it open
Explain = Callable[[WhyNot], WhyNot]  # fills in why a rule did not take a project that nothing barred


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What a rule explains its losers from. ``left_with``: what the supporters of a project have left together, in
    hundredths, where the rule has a ledger. ``voice``: how amounts and projects are said."""

    outcome: Outcome
    who: Supporters
    left_with: Callable[[int], Fraction]
    voice: Voice = PLAIN
