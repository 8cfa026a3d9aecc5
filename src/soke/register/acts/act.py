"""An entry as its rule sees it, and the table of rules by kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from soke.errors import SokeError
from soke.register.kinds import KINDS, REGISTRAR
from soke.register.state import DealState
from soke.text import day as in_words

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Act:
    """``party`` is the role that the person acts in: the id of a party of the deal, or the registrar."""

    kind: str
    at: dt.datetime
    party: str
    person: str
    body: Mapping[str, Any]
    seq: int = -1  # the number of its entry

    @property
    def day(self) -> dt.date:
        return self.at.date()

    def date(self, name: str) -> dt.date:
        return dt.date.fromisoformat(self.body[name])

    def past(self, name: str) -> dt.date:
        """A day of the body that has come. SokeError where it lies ahead."""
        day = self.date(name)
        if day > self.day:
            fact = f'"{name}" is {in_words(day)}, which lies ahead of the day of the entry, {in_words(self.day)}.'
            raise SokeError(fact, "Record it once it has happened.")
        return day

    def ahead(self, name: str) -> dt.date:
        """A day of the body that is still to come. SokeError where it is here or past."""
        day = self.date(name)
        if day <= self.day:
            fact = f'"{name}" is {in_words(day)}: nobody could keep a day that is here or past.'
            raise SokeError(fact, "Name a later day.")
        return day

    def only(self, parties: Iterable[str], words: str = "") -> None:
        """SokeError unless one of these parties records it."""
        allowed = tuple(dict.fromkeys(parties))
        if self.party not in allowed:
            who = words or KINDS[self.kind].who
            named = ", ".join(allowed) or "nobody under this deal"
            fact = f'{self.kind} is for {who} to record, not for "{self.party[:80]}".'
            raise SokeError(fact, f"Who may: {named}.")


def act_of(entry: Mapping[str, Any]) -> Act:
    at = dt.datetime.fromisoformat(entry["at"])
    return Act(entry["kind"], at, entry["by"]["role"], entry["by"]["person"], entry["body"], entry["seq"])


Rule = Callable[[DealState, Act], None]
Filling = Callable[[DealState, Act], Mapping[str, Any]]
RULES: dict[str, Rule] = {}
CHECKS: dict[str, Rule] = {}  # asked of who records, not of a record: such a rule may change with the law
SINCE: dict[str, list[tuple[int, Rule]]] = {}  # further rules, each from a number of ``rules`` of a register on
FILLINGS: dict[str, Filling] = {}  # fields that the software works out: legs, statuses


def rule(*kinds: str) -> Callable[[Rule], Rule]:
    def register(function: Rule) -> Rule:
        RULES.update(dict.fromkeys(kinds, function))
        return function

    return register


def when_recorded(*kinds: str) -> Callable[[Rule], Rule]:
    """A check of what is about to be recorded. It changes nothing, and what was recorded before it stays as it is."""

    def register(function: Rule) -> Rule:
        CHECKS.update(dict.fromkeys(kinds, function))
        return function

    return register


def since(rules: int, *kinds: str) -> Callable[[Rule], Rule]:
    """A rule that came later. It holds for all that is recorded from now on; on record it is asked in registers whose
    first entry says ``rules`` of that number or more, so that an older one reads as it always did. It changes nothing.
    """

    def register(function: Rule) -> Rule:
        for kind in kinds:
            SINCE.setdefault(kind, []).append((rules, function))
        return function

    return register


def filling(*kinds: str) -> Callable[[Filling], Filling]:
    def register(function: Filling) -> Filling:
        FILLINGS.update(dict.fromkeys(kinds, function))
        return function

    return register


def new_id(known: Iterable[str], named: str, what: str) -> str:
    """The id, where it is not taken."""
    if named in known:
        raise SokeError(f'There is a {what} "{named}" already.', "Give the new one an id of its own.")
    return named


def known(things: Mapping[str, T], named: str, what: str) -> T:
    """The thing of that id. SokeError where there is none."""
    if named not in things:
        some = ", ".join(list(things)[-5:]) or "none yet"
        raise SokeError(f'There is no {what} "{named}" in this deal.', f"The last ones: {some}.")
    return things[named]


def agreed_by(state: DealState, act: Act, what: str) -> set[str]:
    """Those who have agreed to something, with who agrees now. SokeError where it did so before."""
    agreed = state.consents.get(what, {})
    if act.party in agreed:
        fact = f'"{act.party}" agreed to this on {in_words(agreed[act.party])} already.'
        raise SokeError(fact, "It waits for the other side.")
    state.consents[what] = agreed | {act.party: act.day}
    return set(state.consents[what])


def registrar_only(act: Act) -> None:
    act.only([REGISTRAR], "the registrar")
