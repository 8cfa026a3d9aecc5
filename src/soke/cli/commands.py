"""Every command: the group it stands in, its name, and the module and function that answer it.

A module is imported when one of its commands is asked for: each draws in much.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Where = tuple[str, str]  # module within soke.cli, function


@dataclass(frozen=True, slots=True)
class Group:
    """Commands of one subject. Those of a ``flat`` group are typed without its name: ``soke place``. On the first
    screen of the help a ``joined`` one stands under the words of the group before it."""

    words: str
    commands: dict[str, Where]
    flat: bool = False
    joined: bool = False


GROUPS: dict[str, Group] = {
    "account": Group(
        "What places raise and spend, and what the funding rules give them.",
        {
            "place": ("accounts", "place"),
            "places": ("accounts", "list_places"),
            "settle": ("settle", "settlement_command"),
            "verify": ("verify", "verify"),
        },
        flat=True,
    ),
    "deal": Group(
        "Deals: written, checked, explained, compared.",
        {
            "new": ("deals", "new"),
            "check": ("deals", "check"),
            "explain": ("deals", "explain"),
            "cases": ("cases", "cases"),
            "diff": ("deals", "diff"),
            "sheet": ("deals", "sheet"),
        },
        flat=True,
    ),
    "projection": Group(
        "What would follow from a deal, for every place in England.",
        {"run": ("runs", "run"), "compare": ("compare", "compare"), "backtest": ("back_test", "backtest")},
        flat=True,
    ),
    "register": Group(
        "The register: what was done under a deal, for anyone to check.",
        {
            "init": ("register.init", "init"),
            "record": ("register.record", "record"),
            "status": ("register.status", "status"),
            "history": ("register.history", "history"),
            "verify": ("register.verify", "verify"),
            "publish": ("register.publish", "publish"),
            "prove": ("register.publish", "prove"),
            "key": ("register.key", "key"),
            "witness": ("register.witness", "witness"),
            "request": ("register.witness", "request"),
            "compare": ("register.witness", "compare"),
            "export": ("register.export", "export"),
            "backup": ("register.export", "backup"),
            "replay": ("register.replay", "replay"),
        },
    ),
    "budget": Group(
        "Neighbourhood budgets: funds shared out, ballots counted, outcomes explained.",
        {
            "count": ("budget.count", "count"),
            "audit": ("budget.count", "audit"),
            "why": ("budget.why", "why"),
            "split": ("budget.split", "split_fund"),
            "screen": ("budget.screen", "screen_command"),
        },
    ),
    "round": Group(
        "A vote of residents: codes, ballots, receipts, a roll that anybody can check.",
        {
            "new": ("round.new", "new"),
            "paper": ("round.new", "ballot_paper"),
            "open": ("round.open", "open_round"),
            "codes": ("round.open", "codes"),
            "letters": ("round.new", "letters"),
            "status": ("round.open", "status"),
            "cast": ("round.cast", "cast"),
            "spoil": ("round.cast", "spoil"),
            "close": ("round.close", "close"),
            "verify": ("round.verify", "verify"),
            "find": ("round.close", "find"),
            "publish": ("round.publish", "publish_command"),
        },
    ),
    "assembly": Group(
        "Assemblies and service-user panels: drawn by lot, for anyone to check.",
        {
            "check": ("assembly.check", "check"),
            "draw": ("assembly.draw", "draw"),
            "verify": ("assembly.verify", "verify"),
            "replace": ("assembly.replace", "replace"),
            "ask": ("assembly.ask", "ask"),
            "answers": ("assembly.answers", "answers"),
        },
    ),
    "asset": Group(
        "Assets of community value: each step on its day, what is due, by whom and when.",
        {
            "check": ("asset.check", "check"),
            "status": ("asset.check", "status"),
            "due": ("asset.due", "due"),
            "list": ("asset.due", "list_assets"),
            "import": ("asset.register", "import_command"),
            "export": ("asset.register", "export_command"),
            "rules": ("asset.rules", "rules"),
        },
    ),
    "delivery": Group(
        "Services that community groups deliver: money, outcomes, the break clause.",
        {"check": ("delivery", "check"), "due": ("delivery", "due"), "status": ("delivery", "status")},
    ),
    "data": Group(
        "Published figures, or official workbooks instead; the public site of it all.",
        {"import": ("imports", "import_workbooks"), "build": ("build", "build")},
    ),
    "site": Group(
        "The public site: a page for every place, deal, register and decision.",
        {"build": ("site", "build"), "preview": ("site", "preview")},
        joined=True,
    ),
}


def bare() -> Mapping[str, Where]:
    """The commands that are typed without the name of their group."""
    return {name: where for group in GROUPS.values() if group.flat for name, where in group.commands.items()}


def named() -> Mapping[str, Group]:
    """The groups whose name is typed before that of a command."""
    return {name: group for name, group in GROUPS.items() if not group.flat}


def function_of(where: Where) -> Callable[..., None]:
    module, name = where
    function: Callable[..., None] = getattr(importlib.import_module(f"soke.cli.{module}"), name)
    return function
