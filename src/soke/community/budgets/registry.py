"""The one registry of rules: a rule is a function ``(election, parameters) -> Outcome`` in :data:`RULES`."""

from __future__ import annotations

from collections.abc import Callable

from soke.community.budgets.election import Election
from soke.community.budgets.outcome import Outcome
from soke.community.budgets.rule import Parameters
from soke.errors import SokeError

Rule = Callable[[Election, Parameters], Outcome]
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
