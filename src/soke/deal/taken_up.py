"""What a deal takes up of its framework: the powers that it picks by name, and all else that is for its tier."""

from __future__ import annotations

from soke.deal.document import Node, overlay
from soke.deal.keys import OFFERED
from soke.deal.typed import BAD, Typed
from soke.england.strategic import TIERS
from soke.errors import Location
from soke.text import nearest


def taken_up(offer: Node, root: Node, typed: Typed) -> Node:
    """The deal's tables over what the framework offers its tier."""
    tier = root.text("tier") if root.text("tier") in TIERS else ""
    own = {item.text("id") for item in root.table.get("power", Node([], root.at)).items}
    picks = _picks(offer, root, tier, own, typed)
    offered = {}
    for kind in OFFERED:
        node = offer.table.get(kind)
        if node is None:
            continue
        if kind == "power":
            kept = [_picked(item, picks) for item in node.items if item.text("id") in picks.keys() | own]
        else:
            kept = [item for item in node.items if _for_tier(item, tier)]
        offered[kind] = Node(kept, node.at) if isinstance(node.value, list) else node
    return overlay(Node(offered, root.at), root)


def _for_tier(item: Node, tier: str) -> bool:
    """Whether the offer gives an item to a tier; all of it where the deal's tier is not one."""
    tiers = [node.value for node in item.table["tiers"].items] if "tiers" in item.table else []
    return not tiers or not tier or tier in tiers


def _picked(item: Node, picks: dict[str, Location]) -> Node:
    """A power of the framework as picked: the deal's line is where a finding about it points."""
    at = picks.get(item.text("id"), item.at)
    return Node(item.value, at)


def _picks(offer: Node, root: Node, tier: str, own: set[str], typed: Typed) -> dict[str, Location]:
    """The powers picked by name, with the place of each pick; a finding for each that is not on offer."""
    picks: dict[str, Location] = {}
    on_offer = {item.text("id"): item for item in offer.table.get("power", Node([], offer.at)).items}
    node = root.table.get("powers", Node([], root.at))
    names = typed.value(tuple[str, ...], node, "powers")
    if names is BAD:
        typed.suspects.add("power")
        return picks
    for name, item in zip(names, node.items, strict=True):
        if name in picks:
            typed.find(item.at, "DV004", f'The power "{name}" is picked twice.', "Name it once.")
        elif name in on_offer and _for_tier(on_offer[name], tier):
            picks[name] = item.at
        elif name not in own:
            typed.suspects.add("power")
            _not_on_offer(name, item.at, tier, on_offer, typed)
    return picks


def _not_on_offer(name: str, at: Location, tier: str, on_offer: dict[str, Node], typed: Typed) -> None:
    if name in on_offer:
        tiers = ", ".join(str(node.value) for node in on_offer[name].table["tiers"].items)
        fact = f'The power "{name}" is open to {tiers} areas; this deal\'s tier is "{tier}".'
        typed.find(
            at, "DW207", fact, "Take it out, or write the power as a table of your own with its statutory basis."
        )
        return
    titles = {item.text("title"): id_ for id_, item in on_offer.items()}
    near = nearest(name, on_offer) or [titles[title] for title in nearest(name, titles)]
    near = near or [id_ for title, id_ in titles.items() if len(name) > 4 and name.casefold() in title.casefold()]
    fix = f'Did you mean "{near[0]}"?' if near else f"Pick from: {', '.join(sorted(on_offer))}."
    typed.find(at, "DW207", f'The framework offers no power called "{name[:80]}".', fix)
