"""The one registry of rules: every check has a code, a severity, a reason, a bad and a good example, one signature."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from soke.deal.burden import Assumptions
from soke.deal.finding import Finding, Severity
from soke.deal.reader import PlaceNames
from soke.deal.types import Deal
from soke.errors import Location, SokeError


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may know besides the deal. ``named`` are the member codes as the file gives them."""

    places: PlaceNames
    assumptions: Assumptions
    named: tuple[str, ...] = ()


Fault = tuple[Location, str, str]  # where, the fact, the fix
Check = Callable[[Deal, Context], Iterator[Fault]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """``reads`` are the kinds of item that the rule looks at: if some could not be read, the rule stands back.

    ``check`` is None for what the reader itself reports. The examples are deal-file text laid over a sound deal.
    """

    code: str
    severity: Severity
    title: str
    why: str
    bad: str
    good: str
    reads: tuple[str, ...] = ()
    check: Check | None = None

    def run(self, deal: Deal, context: Context) -> Iterator[Finding]:
        if self.check is None:
            return
        for at, fact, fix in self.check(deal, context):
            yield Finding(at, self.code, self.severity, fact, fix)


RULES: dict[str, Rule] = {}  # filled while the rule modules are imported, then only read


def rule(
    code: str, severity: Severity, title: str, *, why: str, bad: str, good: str, reads: tuple[str, ...]
) -> Callable[[Check], Check]:
    """Register a check under its code. The check yields where, fact and fix."""

    def register(check: Check) -> Check:
        _add(Rule(code=code, severity=severity, title=title, why=why, bad=bad, good=good, reads=reads, check=check))
        return check

    return register


def read_rule(code: str, title: str, *, why: str, bad: str, good: str) -> None:
    """Register what the reader reports by itself, so that it can be explained."""
    _add(Rule(code=code, severity="error", title=title, why=why, bad=bad, good=good))


def _add(new: Rule) -> None:
    if new.code in RULES:
        raise ValueError(f"two rules have the code {new.code}")
    RULES[new.code] = new


def explain(code: str) -> str:
    """Why a rule matters, a bad example, a good one. SokeError for a code that is no rule."""
    found = RULES.get(code.strip().upper())
    if found is None:
        near = difflib.get_close_matches(code.strip().upper()[:20], RULES, n=3)
        families = {rule[:2]: (min(codes), max(codes)) for rule in sorted(RULES) if (codes := _family(rule[:2]))}
        spans = ", ".join(f"{first} to {last}" if first != last else first for first, last in families.values())
        fix = f"Did you mean {', '.join(near)}?" if near else f"The codes run {spans}."
        raise SokeError(f'There is no rule "{code[:20]}".', fix)
    bad, good = (_indented(text) for text in (found.bad, found.good))
    return f"{found.code} {found.title} ({found.severity})\n\n{found.why}\n\nBad:\n{bad}\n\nGood:\n{good}\n"


def _family(letters: str) -> list[str]:
    return [code for code in RULES if code.startswith(letters)]


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" if line else "" for line in text.strip("\n").splitlines())
