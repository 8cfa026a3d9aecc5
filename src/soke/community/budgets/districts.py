"""Districts with pots of their own beside a city-wide pot, from one vote.

Each district's own projects are counted with the pot of that district and the ballots that choose at least one of
them; projects without a district are counted with the rest of the budget and the ballots that choose at least one of
those. One ballot may count in several pots. Any rule counts each pot; points of a ranked ballot go by
the place on the whole ballot. ``least_share`` is a share of the ballots of the pot, since turnout differs between
districts. What a pot leaves is not passed on.

Equal shares over the one election needs none of this: each voter's money follows their own choices, local or
city-wide, so no district can be outvoted and nobody must decide beforehand how much of the money is local. Pots are for
where a council has fixed that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from soke.community.budgets.election import Ballots, Election, Ints
from soke.community.budgets.outcome import CountStep, Outcome
from soke.community.budgets.registry import find
from soke.community.budgets.rule import Parameters
from soke.community.budgets.supporters import points_of
from soke.community.budgets.tally import check_points
from soke.community.budgets.words import Say, money
from soke.errors import SokeError
from soke.text import clean, counted

CITY = "city-wide"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pot:
    """The count of one pot. ``numbers``: which projects of the whole election those of ``outcome`` are."""

    name: str
    numbers: tuple[int, ...]
    outcome: Outcome


def count(election: Election, parameters: Parameters) -> Outcome:
    """The outcome under the rule that ``parameters`` name, by pots where they name districts.

    SokeError where there is no such rule, or points, conflicts or pots do not fit the election.
    """
    check_points(election, parameters)
    for ids, what in (
        (frozenset().union(*parameters.conflicts), "to conflict with"),
        (parameters.withdrawn, "that was withdrawn"), (parameters.tie_order, "in the order that was drawn"),
    ):  # fmt: skip
        for name in sorted(set(ids) - set(election.index)):
            raise SokeError(f'There is no project "{clean(name[:60])}" {what}.', "Name projects by their ids.")
    if parameters.districts:
        return merged(election, parameters, pots(election, parameters))
    return find(parameters.rule).count(election, parameters)


def pots(election: Election, parameters: Parameters) -> tuple[Pot, ...]:
    """The count of every pot: districts in the order of ``parameters.districts``, then the city's."""
    money_of = _money(election, parameters)
    own = replace(parameters, districts={}, points=(), by_length=False)
    given = points_of(election.ballots, parameters)
    plain = not parameters.points and not parameters.by_length and election.ballots.points is None
    pots = []
    for name, amount in money_of.items():
        district = "" if name == CITY else name
        numbers = [number for number, project in enumerate(election.projects) if project.district == district]
        if numbers:
            part = _part(election, numbers, amount, None if plain else given)
            outcome = find(parameters.rule).count(part, own)
            pots.append(Pot(name=name, numbers=tuple(numbers), outcome=outcome))
    return tuple(pots)


def merged(election: Election, parameters: Parameters, pots: Sequence[Pot]) -> Outcome:
    """One outcome out of the pots: winners one pot after another, each step saying which pot it was."""
    winners = [pot.numbers[winner] for pot in pots for winner in pot.outcome.winners]
    steps = [
        CountStep.of(pot.numbers[step.number], step.taken, _in_pot(pot.name, step), step.price)
        for pot in pots
        for step in pot.outcome.steps
    ]
    facts: dict[str, str | int] = {"pots": len(pots)}
    for pot in pots:
        part = pot.outcome.election
        facts[f"pot of {pot.name}"] = (
            f"{money(part.budget)}, {counted(len(part.ballots), 'ballot')}, "
            f"{counted(len(pot.outcome.winners), 'winner')} for {money(pot.outcome.total)}"
        )
    return Outcome(
        election=election, parameters=parameters, winners=tuple(winners), steps=tuple(steps), facts=facts
    )  # fmt: skip


def _in_pot(name: str, step: CountStep) -> Say:
    return lambda voice: f"Pot of {name}: {step.told(voice)}"


def _money(election: Election, parameters: Parameters) -> dict[str, int]:
    """Hundredths in each pot. SokeError where pots, projects and budget do not fit one another."""
    named = {project.district for project in election.projects} - {""}
    for name in sorted(named | set(parameters.districts)):
        if name.casefold() == CITY:
            fact = f'A district is called "{name}", as the pot is that no district has.'
            raise SokeError(fact, "Leave the district of city-wide projects empty; their pot is what the others leave.")
    for name, amount in parameters.districts.items():
        if name not in named:
            raise SokeError(f'There is a pot for "{name[:60]}", and no project is in that district.',
                            f"Districts of the projects: {', '.join(sorted(named)) or 'none'}.")  # fmt: skip
        if amount <= 0:
            raise SokeError(f'The pot of "{name[:60]}" is {money(amount)}.', "Give an amount above zero.")
    for name in sorted(named - set(parameters.districts)):
        raise SokeError(f'The district "{name[:60]}" has projects and no pot.', "Give each district a pot.")
    rest = election.budget - sum(parameters.districts.values())
    if rest < 0:
        fact = f"The pots of the districts are {money(-rest)} more than the budget, {money(election.budget)}."
        raise SokeError(fact, "Give smaller pots.")
    if not rest and any(not project.district for project in election.projects):
        fact = "The pots of the districts take the whole budget, and there are city-wide projects."
        raise SokeError(fact, "Leave money for them, or give each project a district.")
    return {**parameters.districts, CITY: rest}


def _part(election: Election, numbers: Sequence[int], budget: int, given: Ints | None) -> Election:
    """The election of one pot: its projects, and the ballots that choose one of them with what they choose of them."""
    ballots = election.ballots
    renumbered = np.full(len(election.projects), -1, np.int64)
    renumbered[list(numbers)] = np.arange(len(numbers))
    kept = renumbered[ballots.chosen] >= 0
    lengths = np.diff(ballots.starts)
    owner = np.repeat(np.arange(len(ballots)), lengths)
    left = np.bincount(owner[kept], minlength=len(ballots))
    some = np.flatnonzero(left)
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(left[some])])
    part = Ballots(
        voters=tuple(ballots.voters[ballot] for ballot in some.tolist()), starts=starts,
        chosen=renumbered[ballots.chosen[kept]], points=None if given is None else given[kept],
        invalid=ballots.invalid,
    )  # fmt: skip
    kind = election.kind if given is None or election.kind == "scoring" else "cumulative"
    projects = tuple(election.projects[number] for number in numbers)
    return Election(kind=kind, budget=budget, projects=projects, ballots=part, meta=election.meta)
