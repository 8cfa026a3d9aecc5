"""The rule of a count of a file: what is asked for, and what the META section of the file says itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from soke.community.budgets.asked import check_types, completed, of_no_use, read_rule, rule_called, with_points
from soke.community.budgets.election import Election
from soke.community.budgets.pb_write import RULE_KEY
from soke.community.budgets.rule import Parameters
from soke.community.budgets.rule_of_meta import (
    clash_of,
    increment_said,
    least_score,
    marked_withdrawn,
    parameters_of,
    usual_increment,
    withdrawn_said,
)
from soke.community.budgets.told import bars as bars_in_words
from soke.community.budgets.told import in_words, rule_as_counted
from soke.errors import SokeError

_BARS = ("least_votes", "least_share", "least_score", "conflicts")  # what META rules out, whatever the rule
_NAMED = ("rule", "completion", "comparison", "part_funding", "least_score")  # what META has words for


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenRule:
    """The rule of a count. ``why``: where nobody asked for a rule, whose it is; ``warnings``: where it is not what META
    says; ``notes``: what META adds to it."""

    parameters: Parameters
    why: str = ""
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def told(self) -> tuple[str, ...]:
        """What the manifest tells of the rule beside it."""
        return tuple(filter(None, (self.why, *self.warnings, *self.notes)))

    @property
    def line(self) -> str:
        """The rule as counted, and whose it is."""
        return f"{rule_as_counted(self.parameters)} {self.why}".strip()


def rule_for(election: Election, asked: Mapping[str, Any]) -> ChosenRule:
    """The rule of META where no option or manifest names one, else what is asked for. Thresholds and conflicts of META
    hold with any rule but a manifest's, unless an option says another. Equal shares completes by add1 where nothing
    says otherwise.

    SokeError where an option cannot be read, or META contradicts itself and nobody says which rule it is.
    """
    check_types(asked)
    given = {name for name, value in asked.items() if value}
    chosen = "rule" in given or "manifest" in given
    clash = clash_of(election)
    if clash and not chosen:
        raise SokeError(clash, "Say which rule it is, with --rule or --manifest.")
    held, nothing = (None, "") if clash else _held(election, asked)
    fits = held is not None and not chosen and not of_no_use(rule_called(held.rule), asked)
    if fits:
        assert held is not None
        options = read_rule({**asked, "rule": held.rule})
        parameters = replace(held, **{name: getattr(options, name) for name in given})
        if "points" in given:
            parameters = replace(parameters, by_length=options.by_length)
    else:
        parameters = completed(read_rule(asked), asked)
    notes: list[str] = []
    warnings = [clash] if clash else []
    if not fits and "manifest" not in given:
        parameters, notes = _barred(election, held, parameters, given)
    whole = "manifest" in given or (fits and RULE_KEY in election.meta)
    parameters, points = with_points(election, parameters)
    if not whole:
        marked = {*parameters.withdrawn, *marked_withdrawn(election)}
        parameters = replace(parameters, withdrawn=tuple(sorted(marked)))
    notes += withdrawn_said(election, parameters)
    if not whole and "increment" not in given:
        parameters = replace(parameters, increment=usual_increment(election, parameters))
        notes += increment_said(election, parameters)
    if held is not None and _contradict(election, held, parameters):
        by = "the manifest" if "manifest" in given else "the options"
        warnings.append(f"META says another rule, {in_words(held)}: {by} decided.")
    names = "META names this rule, but for what the options say." if warnings else "META names this rule."
    why = "" if chosen else names if fits else _by_default(nothing, parameters)
    return ChosenRule(parameters=parameters, why=why, warnings=tuple(warnings), notes=(*points, *notes))


def _by_default(nothing: str, parameters: Parameters) -> str:
    added = " with add1" if parameters.completion == "add1" else ""
    reason = nothing or "The options do not fit the rule that META names"
    return f"{reason}: equal shares{added} is counted then."


def _held(election: Election, asked: Mapping[str, Any]) -> tuple[Parameters | None, str]:
    """The rule of META; or None, and why there is none."""
    named = election.meta.get("rule", "").strip().lower()
    if RULE_KEY not in election.meta and named in ("", "unknown"):
        return None, "META names no rule"
    asked_for = read_rule({"rule": "greedy", "points": asked.get("points")})
    try:
        held = parameters_of(election, asked_for.points, by_length=asked_for.by_length)
    except SokeError as error:
        return None, error.fact.rstrip(".")
    if RULE_KEY in election.meta:
        return held, ""
    return replace(held, points=asked_for.points, by_length=asked_for.by_length), ""


def _barred(
    election: Election, held: Parameters | None, parameters: Parameters, given: set[str]
) -> tuple[Parameters, list[str]]:
    """The parameters with what META rules out, and sentences that say so."""
    says = held or Parameters(rule="greedy", least_score=least_score(election))
    held_too = {name: getattr(says, name) for name in _BARS if name not in given and getattr(says, name)}
    if not held_too:
        return parameters, []
    said = "; ".join(bars_in_words(Parameters(rule="", **held_too)))
    return replace(parameters, **held_too), [f"META says {said}: that holds here too."]


def _contradict(election: Election, held: Parameters, parameters: Parameters) -> bool:
    """Whether the one decides otherwise than the other in anything that META says."""
    if RULE_KEY in election.meta:
        return held != parameters
    return any(getattr(held, name) != getattr(parameters, name) for name in _NAMED)
