"""DC214, DC215: partners' own targets, and the conditions of a deal that pull a partner against its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal

from soke.deal.registry import Context, Fault, rule
from soke.deal.rules.forms import ids
from soke.deal.types import Condition, Deal, Target
from soke.text import did_you_mean

Way = Literal["up", "down"]
KEYS: Mapping[str, Way] = {"raises": "up", "lowers": "down"}
HOLDS_TARGETS = ("partner", "consenting-council", "giver")  # those with whom the place decides and pays
POOLED = "pooled-contributions"
TARGET = (
    '[[target]]\nid = "own-books"\ntitle = "Balance its own books"\npartner = "nhs"\n'
    'indicator = "joint-decisions"\nbetter = "up"\n{}origin = "illustrative"'
)


def pushes(target: Target) -> Iterator[tuple[str, str, Way]]:
    """What reaching a target does: the key that says so, the indicator, and which way it goes."""
    yield "better", target.indicator, target.better
    for key, way in KEYS.items():
        for indicator in getattr(target, key):
            yield key, indicator, way


def ties(deal: Deal, condition: Condition) -> dict[str, str]:
    """Parties that a condition depends on, each with how: who reports and checks it, and whose money and powers it
    hangs on."""
    found: dict[str, str] = {}
    hangs_on = {condition.tie, *(condition.recall.scope if condition.recall else ())} - {""}
    for pool in deal.pools:
        if pool.id in hangs_on or condition.indicator == POOLED:
            found |= dict.fromkeys(pool.partners, f'pools money in "{pool.id}"')
    for fund in deal.funds:
        if {fund.id, fund.pooled_in} & hangs_on:
            found |= {fund.payer: f'pays the fund "{fund.id}"', fund.payee: f'receives the fund "{fund.id}"'}
    for power in deal.powers:
        if power.id in hangs_on:
            found |= {power.holder: f'holds the power "{power.id}"'}
    found |= {condition.checked_by: "checks it", condition.reported_by: "reports it"}
    return found


def against(condition: Condition, deal: Deal, indicator: str, way: Way) -> str:
    """The key of a condition that a push of its indicator runs against; nothing where it runs with it.

    Of a band, a push from outside it towards it runs with it.
    """
    if condition.indicator != indicator:
        return ""
    measured = next((one for one in deal.indicators if one.id == indicator), None)
    today = measured.baseline_value if measured else None
    least, most = condition.at_least, condition.at_most
    if least is None and most is None:
        return "indicator" if measured is not None and measured.better != way else ""
    if way == "up":
        below = least is not None and today is not None and today < least
        return "at_most" if most is not None and not below else ""
    above = most is not None and today is not None and today > most
    return "at_least" if least is not None and not above else ""


def _asked(condition: Condition, bound: str) -> str:
    """What a condition asks for, by the key that says so."""
    return "a better figure" if bound == "indicator" else f"{bound.replace('_', ' ')} {getattr(condition, bound)}"


@rule(
    "DC214", "warning", "A condition pulls a partner against its own target",
    why="A partner is judged by its own target, not by this deal. Where what keeps the one breaks the other, it will "
    "keep its own, and the place answers for the miss. The target is not the place's to change, so this is a warning: "
    "the deal may be signed, if both sides know it and say which gives way.",
    bad=TARGET.format('lowers = ["pooled-contributions"]\n'), good=TARGET.format('raises = ["pooled-contributions"]\n'),
    reads=("party", "indicator", "condition", "target", "fund", "pool", "power"),
)  # fmt: skip
def against_its_own_target(deal: Deal, context: Context) -> Iterator[Fault]:
    found = [
        (condition, target, key, indicator, way, bound)
        for target in deal.targets
        for key, indicator, way in pushes(target)
        for condition in deal.conditions
        if (bound := against(condition, deal, indicator, way))
    ]
    tied = {condition.id: ties(deal, condition) for condition, *_ in found}
    for condition, target, key, indicator, way, bound in sorted(
        found, key=lambda one: one[1].partner not in tied[one[0].id]
    ):
        partner = deal.party(target.partner)
        name = re.sub("^The ", "the ", partner.name) if partner else target.partner
        how = tied[condition.id].get(target.partner, "")
        who = f"{name}, which {how}," if how else name
        fact = (
            f'Condition "{condition.id}" asks for {_asked(condition, bound)} of "{indicator}"; the target '
            f'"{target.id}" ({target.title}) of {who} pushes it {way}.'
        )
        fix = (
            f"Agree with {name} which gives way: set its target aside here, change the condition, or settle it under "
            "[[bargain]]; then say so in a reason that silences this."
        )
        places = (target.where(key), condition.where(bound))
        yield next((at for at in places if at.file == deal.at.file), places[0]), fact, fix


@rule(
    "DC215", "error", "A target of nobody here, or of what is not measured",
    why="A target is compared with the conditions by its partner and its indicator. One that no partner has, or that "
    "moves a figure both ways, says nothing.",
    bad=TARGET.replace("nhs", "moon").format(""), good=TARGET.format(""),
    reads=("party", "indicator", "target"),
)  # fmt: skip
def no_target(deal: Deal, context: Context) -> Iterator[Fault]:
    parties, declared = {party.id: party for party in deal.parties}, ids(deal, ["indicator"])
    partners = [party.id for party in deal.parties if party.role in HOLDS_TARGETS]
    for target in deal.targets:
        said, party = f'The target "{target.id}"', parties.get(target.partner)
        if party is None or party.role not in HOLDS_TARGETS:
            what = "no party of the deal" if party is None else f"no partner but the deal's {party.role}"
            fix = did_you_mean(
                target.partner, partners, f"Name one of those who decide and pay: {', '.join(partners)}."
            )
            yield target.where("partner"), f'{said} is of "{target.partner}", which is {what}.', fix
        moved: dict[str, Way] = {}
        for key, indicator, way in pushes(target):
            at = target.where("indicator" if key == "better" else key)
            if indicator not in declared:
                fix = did_you_mean(indicator, declared, "Declare it under [[indicator]], or name one that is declared.")
                yield at, f'{said} names "{indicator}", which is no indicator of the deal.', fix
            elif moved.setdefault(indicator, way) != way:
                yield at, f'{said} pushes "{indicator}" up and down.', "Keep the one that reaching it does."
