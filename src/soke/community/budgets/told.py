"""A count in sentences that a clerk reads: the rule with all that decides, and what happened on the way."""

from __future__ import annotations

from collections.abc import Iterator

from soke.community.budgets.outcome import Outcome
from soke.community.budgets.registry import RULES, find
from soke.community.budgets.rule import Parameters
from soke.community.budgets.words import money
from soke.text import capital

_SHOWN = 12  # ids of a lot that are told


def rule_as_counted(parameters: Parameters) -> str:
    """``Rule as counted: equal_shares; satisfaction cost; completion add1, in steps of 1; ...``: all that it read."""
    return f"Rule as counted: {in_words(parameters)}."


def in_words(parameters: Parameters) -> str:
    """The rule and all that it read, between semicolons. A file may name a rule that there is not."""
    return "; ".join([parameters.rule, *_decides(parameters)])


def _decides(parameters: Parameters) -> Iterator[str]:
    if parameters.rule in RULES:
        yield from RULES[parameters.rule].told(parameters)
    if parameters.by_length:
        yield "points by the length of each ballot, the last place 1"
    if parameters.points:
        yield f"points by place {', '.join(map(str, parameters.points))}"
    yield from bars(parameters)
    for name, pot in parameters.districts.items():
        yield f"pot of {name} {money(pot)}"
    if parameters.tie_order:
        shown = ", ".join(parameters.tie_order[:_SHOWN])
        more = len(parameters.tie_order) - _SHOWN
        yield f"ties by lot: {shown}{f' and {more:,} more' if more > 0 else ''}"
    yield f"ties {', '.join(parameters.ties)}"


def bars(parameters: Parameters) -> Iterator[str]:
    """What keeps projects from winning under any rule."""
    for said, least in (("votes", parameters.least_votes), ("points", parameters.least_score)):
        if least:
            yield f"at least {least:,} {said}"
    if parameters.least_share:
        yield f"at least {parameters.least_share} of the ballots"
    for ids in parameters.conflicts:
        yield f"one at most of {', '.join(sorted(ids))}"
    if parameters.withdrawn:
        yield f"withdrawn {', '.join(parameters.withdrawn)}"


def on_the_way(outcome: Outcome) -> list[str]:
    """What the rule found before it had its winners, a sentence each; nothing where there is nothing to tell."""
    facts = outcome.facts
    said = [f"{capital(key)}: {fact}." for key, fact in facts.items() if key.startswith("pot of ")]
    return find(outcome.parameters.rule).on_the_way(outcome) + said
