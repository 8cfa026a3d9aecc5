"""Who answers for each power and each fund of a deal, and how many layers it makes and ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from soke.deal.oversight import Answerable, Layer, LayerKind, Role
from soke.deal.types import Deal, Fund, Power

MANY: dict[LayerKind, str] = {"body": "bodies", "board": "boards", "post": "posts", "return": "returns"}
# What is missing where nobody has a role, as a sentence goes on: "nobody ..."
MISSING: dict[Role, str] = {
    "election": "is elected for it", "scrutiny": "scrutinises it", "audit": "audits it",
    "questions": "answers for it in public",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LayerCount:
    """What a deal makes and ends of one kind."""

    kind: LayerKind
    made: int
    ended: int


@dataclass(frozen=True, slots=True)
class Answering:
    """One power or fund, the party that holds it, and who answers for it: titles by role."""

    kind: Literal["power", "fund"]
    item: Power | Fund
    holder: str
    by_role: dict[Role, tuple[str, ...]]


def answering(deal: Deal) -> Iterator[Answering]:
    """Every power and fund of a deal with who answers for it, the particular before the general."""
    for power in deal.powers:
        yield Answering("power", power, power.holder, _by_role(deal, power.id, power.holder))
    for fund in deal.funds:
        yield Answering("fund", fund, fund.payee, _by_role(deal, fund.id, fund.payee))


def _by_role(deal: Deal, name: str, holder: str) -> dict[Role, tuple[str, ...]]:
    found: dict[Role, list[tuple[bool, str]]] = {}
    for one in deal.accountability:
        if one.role is not None and (not one.covers or name in one.covers or holder in one.covers):
            found.setdefault(one.role, []).append((name not in one.covers, one.title))
    return {role: tuple(title for _, title in sorted(titles, key=lambda one: one[0])) for role, titles in found.items()}


def needed(deal: Deal) -> tuple[Answerable, ...]:
    """What the framework asks for in the deal's tier."""
    return tuple(one for one in deal.framework.answerable if not one.tiers or deal.tier in one.tiers)


def layer_counts(layers: tuple[Layer, ...], returns: int = 0) -> tuple[LayerCount, ...]:
    """Of each kind, how many are made and ended. ``returns``: those a year that the conditions ask for, made too."""
    counts = []
    for kind in MANY:
        made, ended = (
            sum(one.count for one in layers if one.kind == kind and one.change == change)
            for change in ("made", "ended")
        )
        counts.append(LayerCount(kind, made + (returns if kind == "return" else 0), ended))
    return tuple(counts)


def own_layers(deal: Deal) -> tuple[Layer, ...]:
    """The layers that the deal itself makes and ends, without those of the offer that it takes up."""
    offered = {one.id for one in deal.framework.layers}
    return tuple(one for one in deal.layers if one.id not in offered)
