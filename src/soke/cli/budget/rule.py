"""The rule of a count, as options of a command: every parameter that decides who wins, or a manifest that has them."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer

from soke.community.budgets.asked import DEFAULT, spelled
from soke.community.budgets.registry import RULES


def _rules_in_words() -> str:
    """``equal_shares, phragmen, ... or greedy-stop``, each with what its name leaves open."""
    *names, last = [f"{rule.name} ({rule.hint})" if rule.hint else rule.name for rule in RULES.values()]
    return f"{', '.join(names)} or {last}"


_OPTIONS: dict[str, tuple[Any, Any, str]] = {
    "rule": (str | None, None, f"The rule: {_rules_in_words()}. [default: what META names, else {DEFAULT}]"),
    "satisfaction": (str | None, None, "Equal shares: what a winner is worth to a supporter: its cost, or 1 "
                     "(cardinality). [default: cost]"),
    "points": (str | None, None, "Ranked ballots: what first, second, ... place gives: 3,2,1; or length: of n projects "
               "on a ballot the first gets n, the last 1."),
    "least_votes": (str | None, None, "A project with fewer votes cannot win."),
    "least_share": (str | None, None, "The same as a share of all ballots: 5%."),
    "least_score": (str | None, None, "A project with fewer points cannot win."),
    "conflicts": (list[str], [], "Ids of which one at most wins: 12,15. May be given again."),
    "withdrawn": (list[str], [], "Ids of projects that were withdrawn: 12,15. They win nothing and stop no count. May "
                  "be given again."),
    "tie_order": (str | None, None, "A lot that was drawn: ids in its order, 15,12,7, or a file with one on each line. "
                  "Before --ties."),
    "ties": (str | None, None, "Who goes first where two are tied. [default: more-votes,lower-cost,file-order]"),
    "completion": (str | None, None, "Equal shares: none, add1, add1-utilitarian or utilitarian; none asks for the "
                   "bare rule, which often leaves much unspent. [default: add1]"),
    "increment": (str | None, None, "add1: by how much the endowment grows, in the currency: 1 or 0.50. [default: 1]"),
    "start": (str | None, None, "Equal shares: the first endowment. [default: budget / voters, exact]"),
    "stop": (str | None, None, "add1 ends at the first outcome that leaves nothing affordable (exhaustive), or only "
             "when the next one costs too much (overshoot). [default: overshoot]"),
    "comparison": (bool, False, "Equal shares: greedy wins instead where more voters prefer it."),
    "part_funding": (str | None, None, "Greedy: the first project that does not fit wins where the rest covers this "
                     "share of its cost: 80%."),
    "districts": (list[str], [], "A district's own pot: NAME=AMOUNT. The rest of the budget is city-wide. May be "
                  "given again."),
    "manifest": (Path | None, None, "Take the rule from the manifest of a count."),
}  # fmt: skip


def rule_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of a rule: its keyword argument ``asked`` gets them as they were given, for
    :func:`soke.community.budgets.rule_of_file.rule_for` to read beside the file. One with a keyword argument
    ``manifest`` gets the path of the manifest too."""
    signature = inspect.signature(command, eval_str=True)
    own = [argument for argument in signature.parameters.values() if argument.name not in ("asked", "manifest")]
    wanted = {"manifest"} & set(signature.parameters)
    added = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=kind,
                          default=typer.Option(default, spelled(name), help=text))
        for name, (kind, default, text) in _OPTIONS.items()
    ]  # fmt: skip

    @functools.wraps(command)
    def with_rule(**given: Any) -> None:
        asked = {name: given.pop(name) for name in _OPTIONS}
        command(**given, **{name: asked[name] for name in wanted}, asked=asked)

    keyword = [argument.replace(kind=inspect.Parameter.KEYWORD_ONLY) for argument in own]
    with_rule.__signature__ = inspect.Signature([*keyword, *added])  # type: ignore[attr-defined]
    with_rule.__annotations__ = {argument.name: argument.annotation for argument in [*keyword, *added]}
    return with_rule
