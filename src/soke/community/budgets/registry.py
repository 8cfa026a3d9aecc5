"""The table of voting rules: a rule is a row of :data:`RULES` and the module that its row names.

What differs between rules stands in their rows, and nowhere else is a rule asked for its name: how it counts, what it
is called, which options it reads, who paid, and why a project did not win.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Any

from soke.community.budgets import completion, completion_orders, greedy, phragmen
from soke.community.budgets.election import Election
from soke.community.budgets.other_orders import Search
from soke.community.budgets.outcome import Counted, Explain, FromMeta, Outcome, Payment
from soke.community.budgets.rule import Parameters
from soke.community.budgets.supporters import Supporters
from soke.errors import SokeError
from soke.text import clean, did_you_mean


def _nothing_more(_: Parameters) -> Iterator[str]:
    return iter(())


def _straight(_: Outcome) -> list[str]:
    return []


@dataclass(frozen=True, slots=True, kw_only=True)
class VotingRule:
    """One rule.

    ``words`` say for people how it counts, ``hint`` what its name leaves open. ``count`` is its kernel;
    ``other_orders`` looks for what it would find with what is tied in another order. ``why`` makes, for one count, what
    explains a loser. ``payments``: who paid what, or a sentence that says why nobody did.
    ``options``: the parameters that it reads beside those that every rule reads; ``unless_asked``: what holds of them
    where nobody says otherwise. ``told``: these parameters in words; ``on_the_way``: what it found before it had its
    winners, a sentence each.

    ``pb_name``: what ``.pb`` files call it, its own name where empty. ``in_meta``: further names that META has for it,
    and the parameters that each stands for.
    """

    name: str
    words: str
    count: Callable[[Election, Parameters], Outcome]
    other_orders: Callable[[Outcome], Search]
    why: Callable[[Counted], Explain]
    payments: Callable[[Outcome, Supporters], tuple[Payment, ...] | str]
    hint: str = ""
    options: frozenset[str] = frozenset()
    unless_asked: Mapping[str, Any] = field(default_factory=dict)
    told: Callable[[Parameters], Iterator[str]] = _nothing_more
    on_the_way: Callable[[Outcome], list[str]] = _straight
    pb_name: str = ""
    in_meta: Mapping[str, FromMeta] = field(default_factory=dict)

    @property
    def called(self) -> str:
        """Its name in ``.pb`` files."""
        return self.pb_name or self.name


_TABLE = (
    VotingRule(
        name="equal_shares",
        words="equal shares: every voter has the same part of the money, and supporters pay together",
        count=completion.equal_shares, other_orders=completion_orders.other_orders,
        why=completion.why, payments=completion.payments,
        options=frozenset({"satisfaction", "completion", "increment", "start", "stop", "comparison"}),
        unless_asked={"completion": "add1"},  # the bare rule may leave half of the money
        told=completion.told, on_the_way=completion.on_the_way,
        pb_name="equalshares", in_meta=completion.IN_META,
    ),
    VotingRule(
        name="phragmen",
        words="Phragmen: all voters earn money at the same pace, and supporters buy together",
        count=phragmen.phragmen, other_orders=phragmen.other_orders, why=phragmen.why, payments=phragmen.payments,
    ),
    VotingRule(
        name="greedy",
        words="most votes first; what does not fit is passed over",
        count=greedy.greedy, other_orders=greedy.other_orders, why=greedy.why, payments=greedy.one_purse,
        options=greedy.OPTIONS, told=greedy.told, on_the_way=greedy.on_the_way, in_meta=greedy.IN_META,
    ),
    VotingRule(
        name="greedy-cost",
        words="most votes for each unit of cost first; what does not fit is passed over",
        hint="by votes for each unit of cost",
        count=greedy.greedy_cost, other_orders=greedy.other_orders_by_cost,
        why=greedy.why_by_cost, payments=greedy.one_purse,
        options=greedy.OPTIONS, told=greedy.told, on_the_way=greedy.on_the_way,
    ),
    VotingRule(
        name="greedy-stop",
        words="most votes first, until one does not fit",
        count=greedy.greedy_stop, other_orders=greedy.other_orders_stopped,
        why=greedy.why_stopped, payments=greedy.one_purse,
        options=greedy.OPTIONS, told=greedy.told, on_the_way=greedy.on_the_way,
        pb_name="greedy-no-skip", in_meta=greedy.IN_META_STOP,
    ),
)  # fmt: skip

RULES: Mapping[str, VotingRule] = MappingProxyType({rule.name: rule for rule in _TABLE})


def _plain(name: str, _: Election) -> Parameters:
    return Parameters(rule=name)


NAMES_IN_META: Mapping[str, FromMeta] = MappingProxyType(
    {rule.called: partial(_plain, rule.name) for rule in _TABLE}
    | {name: parameters for rule in _TABLE for name, parameters in rule.in_meta.items()}
)


def find(name: str) -> VotingRule:
    """The rule of that name. SokeError names those that there are."""
    if name not in RULES:
        fix = did_you_mean(name, RULES, f"The rules: {', '.join(sorted(RULES))}.")
        raise SokeError(f'There is no rule "{clean(name[:60])}".', fix, code="unknown-name")
    return RULES[name]


def unread(name: str) -> frozenset[str]:
    """The parameters that other rules read, and the rule of that name does not."""
    return frozenset().union(*(rule.options for rule in RULES.values())) - find(name).options
