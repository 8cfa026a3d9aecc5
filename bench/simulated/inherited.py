"""Succession by hand: the text of a deal as it reads afterwards, and whether each heir has its share and no more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

Text = dict[str, Any]
Accounts = Counter[tuple[str, ...]]
SLACK = 100  # pence by which a part may differ from its share: each commitment is rounded by itself


def renamed(text: Text, body: dict[str, Any]) -> dict[str, list[str]]:
    """Old ids -> those in their place, in one text: a party's powers and funds are cut where it has several heirs."""
    thing, named, heirs = body["thing"], body["named"], sorted(body["by"])
    if thing in ("fund", "power"):
        return {named: heirs}
    if thing != "party" or len(heirs) == 1:
        return {}
    cut = [name for name, one in text["powers"].items() if one["holder"] == named]
    cut += [name for name, one in text["funds"].items() if named in (one["from"], one["to"])]
    return {name: [f"{name}.{heir}" for heir in heirs] for name in cut}


def text_after(text: Text, body: dict[str, Any]) -> Text:
    """The text with the heirs; unchanged where it does not name what was succeeded."""
    thing, named, heirs = body["thing"], body["named"], sorted(body["by"])
    if thing in ("condition", "community") or named not in text["parties" if thing == "party" else f"{thing}s"]:
        return text
    names = renamed(text, body)
    found = {**text, "parties": dict(text["parties"]), "due_process": dict(text["due_process"])}
    if thing == "party":
        del found["parties"][named]
    for kind, sides in (("powers", ("holder", "from")), ("funds", ("from", "to"))):
        items: dict[str, Any] = {}
        for name, one in text[kind].items():
            if name in names and thing != "party":
                continue  # its heirs stand there already
            for place, new in enumerate(names.get(name, [name])):
                heir = heirs[place] if thing == "party" else named
                items[new] = one | {side: heir for side in sides if thing == "party" and one.get(side) == named}
        found[kind] = items
    found["conditions"] = {
        name: one | ({"recall": one["recall"] | {"scope": replaced(one["recall"]["scope"], names)}}
                     if "recall" in one else {})
        for name, one in text["conditions"].items()
    }  # fmt: skip
    return found


def replaced(ids: Iterable[str], names: dict[str, list[str]]) -> list[str]:
    return list(dict.fromkeys(new for name in ids for new in names.get(name, [name])))


def totals(accounts: Accounts) -> Accounts:
    """Pence by year, use and account, over all funds."""
    found: Accounts = Counter()
    for key, pence in accounts.items():
        found[key[1:]] += pence
    return found


def check_shares(
    hold: Callable[[bool, str], None], seq: int, text: Text, body: dict[str, Any], before: Accounts, after: Accounts
) -> None:
    """All that the old funds had is with the heirs, each has its share, and nobody else has a penny more or less."""
    names, shares = renamed(text, body), [Decimal(body["by"][heir]) for heir in sorted(body["by"])]
    hold(sum(shares) == 1, f"entry {seq}: the shares sum to {sum(shares)}")
    had, has = totals(before), totals(after)
    for key in sorted(had.keys() | has.keys()):
        said = f"the successors have {has[key]} pence in {' '.join(key)}, and there were {had[key]}"
        hold(had[key] == has[key], f"entry {seq}: {said}")
    funds = {name: new for name, new in names.items() if name in text["funds"]}
    for key, pence in sorted(before.items()):
        if key[0] in funds:
            hold(after[key] == 0, f"entry {seq}: {after[key]} pence stayed behind in {' '.join(key)}")
            for share, heir in zip(shares, funds[key[0]], strict=True):
                came = after[(heir, *key[1:])] - before[(heir, *key[1:])]
                hold(abs(came - share * pence) <= SLACK, f"entry {seq}: {heir} has {came} of {pence} pence")
    touched = {*funds, *(heir for new in funds.values() for heir in new)}
    for key in sorted(before.keys() | after.keys()):
        hold(key[0] in touched or before[key] == after[key], f"entry {seq}: {' '.join(key)} changed")
