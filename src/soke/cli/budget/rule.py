"""The rule of a count, as options of a command: every parameter that decides who wins, or a manifest that has them."""

from __future__ import annotations

import functools
import inspect
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

import typer

from soke.community.budgets import completion, greedy, phragmen  # noqa: F401 - each enters its rules into the registry
from soke.community.budgets.audit import points_of_scores
from soke.community.budgets.election import Election
from soke.community.budgets.manifest import LARGEST, parameters_from
from soke.community.budgets.registry import RULES
from soke.community.budgets.rule import Completion, Parameters, Stop, Tie
from soke.errors import SokeError
from soke.files import read_whole
from soke.text import clean

LARGEST_MANIFEST = 5_000_000
_EQUAL_SHARES = frozenset({"satisfaction", "completion", "increment", "start", "stop", "comparison"})
_GREEDY = frozenset({"part_funding"})

_OPTIONS: dict[str, tuple[Any, Any]] = {
    "rule": (str | None, typer.Option(None, "--rule", help="The rule: equal_shares, phragmen, greedy, greedy-cost "
             "(by votes for each unit of cost) or greedy-stop. [default: what META names, else equal_shares]")),
    "satisfaction": (str | None, typer.Option(None, "--satisfaction", help="Equal shares: what a winner is worth to a "
                     "supporter: its cost, or 1 (cardinality). [default: cost]")),
    "points": (str | None, typer.Option(None, "--points", help="Ranked ballots: what first, second, ... place gives: "
               "3,2,1.")),
    "least_votes": (str | None, typer.Option(None, "--least-votes", help="A project with fewer votes cannot win.")),
    "least_share": (str | None, typer.Option(None, "--least-share", help="The same as a share of all ballots: 5%.")),
    "least_score": (str | None, typer.Option(None, "--least-score", help="A project with fewer points cannot win.")),
    "conflicts": (list[str], typer.Option([], "--conflict", help="Ids of which one at most wins: 12,15. May be "
                  "given again.")),
    "ties": (str | None, typer.Option(None, "--ties", help="Who goes first where two are tied. "
             "[default: more-votes,lower-cost,file-order]")),
    "completion": (str | None, typer.Option(None, "--completion", help="Equal shares: none, add1, add1-utilitarian or "
                   "utilitarian; none asks for the bare rule, which often leaves much unspent. [default: add1]")),
    "increment": (str | None, typer.Option(None, "--increment", help="add1: by how much the endowment grows, in the "
                  "currency: 1 or 0.50. [default: 1]")),
    "start": (str | None, typer.Option(None, "--start", help="Equal shares: the first endowment. "
              "[default: budget / voters, exact]")),
    "stop": (str | None, typer.Option(None, "--stop", help="add1 ends at the first outcome that leaves nothing "
             "affordable (exhaustive), or only when the next one costs too much (overshoot). [default: overshoot]")),
    "comparison": (bool, typer.Option(False, "--comparison", help="Equal shares: greedy wins instead where more "
                   "voters prefer it.")),
    "part_funding": (str | None, typer.Option(None, "--part-funding", help="Greedy: the first project that does not "
                     "fit wins where the rest covers this share of its cost: 80%.")),
    "districts": (list[str], typer.Option([], "--district", help="A district's own pot: NAME=AMOUNT. The rest of the "
                  "budget is city-wide. May be given again.")),
    "manifest": (Path | None, typer.Option(None, "--manifest", help="Take the rule from the manifest of a count.")),
}  # fmt: skip


def rule_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of a rule: its keyword argument ``asked`` gets them as they were given, for
    :func:`soke.cli.budget.meta.rule_for` to read beside the file. One with a keyword argument ``manifest`` gets the
    path of the manifest too."""
    signature = inspect.signature(command, eval_str=True)
    own = [one for one in signature.parameters.values() if one.name not in ("asked", "manifest")]
    wanted = {"manifest"} & set(signature.parameters)
    added = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=option, annotation=kind)
        for name, (kind, option) in _OPTIONS.items()
    ]

    @functools.wraps(command)
    def with_rule(**given: Any) -> None:
        asked = {name: given.pop(name) for name in _OPTIONS}
        command(**given, **{name: asked[name] for name in wanted}, asked=asked)

    keyword = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in own]
    with_rule.__signature__ = inspect.Signature([*keyword, *added])  # type: ignore[attr-defined]
    with_rule.__annotations__ = {one.name: one.annotation for one in [*keyword, *added]}
    return with_rule


def completed(parameters: Parameters, asked: Mapping[str, Any]) -> Parameters:
    """Equal shares with ``add1`` where neither a completion nor a manifest is asked for: the bare rule may leave half
    of the money, which nobody expects who asked for nothing."""
    if parameters.rule != "equal_shares" or asked.get("completion") or asked.get("manifest"):
        return parameters
    return replace(parameters, completion="add1")


def read_rule(asked: Mapping[str, Any]) -> Parameters:
    """The parameters that the options ask for. SokeError where one cannot be read, or the rule has no use for it."""
    given = {name: value for name, value in asked.items() if value}
    if "manifest" in given:
        if len(given) > 1:
            other = _flag(next(name for name in given if name != "manifest"))
            raise SokeError(f"{other} and --manifest cannot be given together.", "The manifest has the whole rule.")
        return read_manifest(given["manifest"])
    name = _rule(given.pop("rule", "equal_shares"))
    of_others = _GREEDY if name == "equal_shares" else _EQUAL_SHARES if name.startswith("greedy") else None
    for field in sorted(set(given) & (_GREEDY | _EQUAL_SHARES if of_others is None else of_others)):
        raise SokeError(f"{_flag(field)} is nothing that {name} reads.", "Leave it out, or choose another --rule.")
    return Parameters(rule=name, **{field: _READ[field](_flag(field), value) for field, value in given.items()})


def with_points(election: Election, parameters: Parameters) -> tuple[Parameters, list[str]]:
    """Ranked ballots need points by place: those asked for, those of the ballots, or those that make the file's scores;
    a note says so then. SokeError where there are none."""
    if election.kind != "ordinal" or parameters.points or election.ballots.points is not None:
        return parameters, []
    points, exact = points_of_scores(election)
    if not exact:
        raise SokeError("The ballots are ranked, and nothing says how many points a place gives.",
                        "Say it: --points 3,2,1 gives the first place 3 points.")  # fmt: skip
    shown = ",".join(map(str, points))
    return replace(parameters, points=points), [f"Points by place, worked out from the scores of the file: {shown}."]


def read_manifest(path: Path) -> Parameters:
    """The parameters in a manifest. SokeError where the file is none."""
    return parameters_from(manifest_object(path))


def manifest_object(path: Path) -> Any:
    """The JSON of a manifest as it stands. SokeError where it is not JSON."""
    shown = clean(str(path))
    try:
        return json.loads(read_whole(path, shown, LARGEST_MANIFEST))
    except (ValueError, RecursionError):  # bad JSON, bad UTF-8, a number of ten thousand digits, brackets without end
        raise SokeError(
            "This is not a manifest: it is not JSON.", "Name the file that --manifest-to wrote.", shown
        ) from None


def _flag(field: str) -> str:
    return str(_OPTIONS[field][1].param_decls[0])


def _rule(text: str) -> str:
    for name in (text, text.replace("-", "_"), text.replace("_", "-")):
        if name in RULES:
            return name
    raise SokeError(f'There is no rule "{clean(text[:60])}".', f"The rules: {', '.join(sorted(RULES))}.")


def _wrong(flag: str, text: str, wanted: str) -> SokeError:
    return SokeError(f'{flag} is "{clean(text[:60])}", not {wanted}.', "See --help.")


def _one_of(*choices: str) -> Callable[[str, str], str]:
    def read(flag: str, text: str) -> str:
        if text not in choices:
            raise _wrong(flag, text, "one of " + ", ".join(choices))
        return text

    return read


def _number(flag: str, text: str) -> int:
    if not re.fullmatch(r"\d{1,15}", text.strip(), re.ASCII):
        raise _wrong(flag, text, "a whole number")
    return int(text)


def _money(flag: str, text: str) -> int:
    """Hundredths."""
    if not re.fullmatch(r"\d{1,12}(\.\d{1,2})?", text.strip(), re.ASCII) or Fraction(text) * 100 > LARGEST:
        raise _wrong(flag, text, "an amount such as 250 or 0.50")
    return int(Fraction(text) * 100)


def _increment(flag: str, text: str) -> int:
    if (found := _money(flag, text)) == 0:
        raise _wrong(flag, text, "above zero")
    return found


def _share(flag: str, text: str) -> Fraction:
    match = re.fullmatch(
        r"(\d{1,9}(?:\.\d{1,9})?)\s*%|(\d(?:\.\d{1,12})?|\d{1,9}/[1-9]\d{0,8})", text.strip(), re.ASCII
    )
    share = None if match is None else Fraction(match[1]) / 100 if match[1] else Fraction(match[2])
    if share is None or share > 1:
        raise _wrong(flag, text, "a share such as 5%, 0.05 or 1/20")
    return share


def _ids(flag: str, texts: list[str]) -> tuple[frozenset[str], ...]:
    found = []
    for text in texts:
        ids = frozenset(one.strip() for one in text.split(",")) - {""}
        if len(ids) < 2:
            raise _wrong(flag, text, "two ids or more, such as 12,15")
        found.append(ids)
    return tuple(found)


def _ties(flag: str, text: str) -> tuple[str, ...]:
    return tuple(_one_of(*get_args(Tie))(flag, one.strip()) for one in text.split(","))


def _pots(flag: str, texts: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for text in texts:
        name, sign, pot = text.rpartition("=")
        if not sign or not name.strip():
            raise _wrong(flag, text, "NAME=AMOUNT")
        if name.strip() in found:
            raise SokeError(f'{flag} names "{clean(name.strip()[:60])}" twice.', "Give each district one pot.")
        found[name.strip()] = _money(flag, pot)
    return found


_READ: dict[str, Callable[[str, Any], Any]] = {
    "satisfaction": _one_of("cost", "cardinality"),
    "points": lambda flag, text: tuple(_number(flag, one) for one in text.split(",")),
    "least_votes": _number,
    "least_share": _share,
    "least_score": _number,
    "conflicts": _ids,
    "ties": _ties,
    "completion": _one_of(*get_args(Completion)),
    "increment": _increment,
    "start": _money,
    "stop": _one_of(*get_args(Stop)),
    "comparison": lambda flag, value: value,
    "part_funding": _share,
    "districts": _pots,
}
