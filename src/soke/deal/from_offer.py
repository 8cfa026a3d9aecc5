"""What a deal makes of the standing offer: what it takes as offered, what on other terms, what is its own.

The deal is set beside a deal that takes up all that the offer has for its tier, and nothing else; what differs between
the two (:mod:`soke.deal.diff`) is what the deal changes.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from soke.deal.diff import Change, diff
from soke.deal.keys import OFFERED, keys_of
from soke.deal.types import Deal, Framework, Power
from soke.england.strategic import Tier

Named: TypeAlias = tuple[str, str]  # kind and id of an item
OF_THE_DEAL = ("fund", "pool", "investment", "community", "standard", "programme", "bargain")  # no offer has these


@dataclass(frozen=True, slots=True)
class FromOffer:
    """``left``: powers on offer to the tier that the deal does not take. ``same``: what it takes as offered, ``other``:
    what it takes on other terms, each difference from the offer to the deal; ``own``: what the offer does not have."""

    left: tuple[Power, ...]
    same: tuple[Named, ...]
    other: tuple[Change, ...]
    own: tuple[Named, ...]


def from_offer(deal: Deal) -> FromOffer:
    """What a deal takes of the framework that it extends."""
    offer = offered(deal.framework, deal.tier)
    held = {kind: _by_id(getattr(deal, _field(kind))) for kind in (*_listed(), *OF_THE_DEAL)}
    open_ = {kind: _by_id(offer[kind]) for kind in _listed()}
    taken = {(kind, id_) for kind, items in open_.items() for id_ in items if id_ in held[kind]}
    changes = [change for change in diff(_as_offered(deal, offer), deal) if _belongs(change, taken)]
    changed = {(change.path.split(".")[0], _id(change.path, taken)) for change in changes}
    return FromOffer(
        tuple(power for power in offer["power"] if power.id not in held["power"]),
        tuple(sorted(taken - changed)),
        tuple(changes),
        tuple((kind, id_) for kind, items in held.items() for id_ in items if id_ not in open_.get(kind, {})),
    )


def offered(framework: Framework, tier: Tier) -> Mapping[str, tuple[Any, ...]]:
    """What the offer has for a tier, by kind of item."""
    return {
        kind: tuple(item for item in getattr(framework, _field(kind)) if not item.tiers or tier in item.tiers)
        for kind in _listed()
    }


def _listed() -> tuple[str, ...]:
    """The kinds of which the offer has lists; sources say nothing by themselves."""
    return tuple(kind for kind in OFFERED if kind not in ("due_process", "source"))


def _field(kind: str) -> str:
    return keys_of(Deal)[kind].field


def _by_id(items: Sequence[Any]) -> dict[str, Any]:
    return {item.id: item for item in items}


def _as_offered(deal: Deal, offer: Mapping[str, tuple[Any, ...]]) -> Deal:
    lists: dict[str, Any] = {_field(kind): items for kind, items in offer.items()}
    empty: dict[str, Any] = {f.name: () for f in dataclasses.fields(Deal) if isinstance(getattr(deal, f.name), tuple)}
    return replace(deal, **{**empty, "members": deal.members, **lists, "due_process": deal.framework.due_process})


def _belongs(change: Change, taken: set[Named]) -> bool:
    """Whether a difference is within something that the deal takes from the offer."""
    kind = change.path.split(".")[0]
    inside = change.path.startswith("due_process.") or bool(_id(change.path, taken))
    return inside and (kind == "due_process" or change.path != f"{kind}.{_id(change.path, taken)}")


def _id(path: str, taken: set[Named]) -> str:
    """The id that a path names; an id may hold dots."""
    kind = path.split(".", maxsplit=1)[0]
    inside = [id_ for named, id_ in taken if named == kind and (path + ".").startswith(f"{kind}.{id_}.")]
    return max(inside, key=len, default="")
