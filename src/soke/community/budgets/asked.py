"""The rule of a count as people ask for it: every parameter that decides who wins as text, or a manifest of them all.

``asked`` maps the names of :class:`~soke.community.budgets.rule.Parameters`, and ``manifest``, to what was given: text,
texts (``conflicts``, ``districts``), true (``comparison``), a path (``manifest``); None, "", [] or False for nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

from soke.community.budgets.audit import points_of_scores
from soke.community.budgets.election import Election
from soke.community.budgets.manifest import LARGEST, parameters_from
from soke.community.budgets.registry import RULES, find, unread
from soke.community.budgets.rule import Completion, Parameters, Satisfaction, Stop, Tie
from soke.errors import SokeError, of_type
from soke.files import read_whole
from soke.text import clean, did_you_mean

DEFAULT = "equal_shares"
LARGEST_MANIFEST = 5_000_000
_SINGULAR = {"conflicts": "conflict", "districts": "district"}  # what may be given again has the name of one


def spelled(field: str) -> str:
    """How a parameter is spelled where people ask for it: ``least_votes`` is ``--least-votes``."""
    return "--" + _SINGULAR.get(field, field).replace("_", "-")


def completed(parameters: Parameters, asked: Mapping[str, Any]) -> Parameters:
    """The parameters with what their rule does where neither an option nor a manifest says otherwise: equal shares is
    completed by ``add1``, since the bare rule may leave half of the money, which nobody expects who asked for nothing.
    """
    if asked.get("manifest"):
        return parameters
    unless_asked = find(parameters.rule).unless_asked
    return replace(parameters, **{name: value for name, value in unless_asked.items() if not asked.get(name)})


def check_types(asked: Mapping[str, Any]) -> None:
    """SokeError that names what is no parameter of a rule, or holds a value that is none of those it may hold."""
    for name, value in asked.items():
        if name not in {*_READ, "rule", "manifest"}:
            fix = did_you_mean(name, _READ, f"There are {', '.join(sorted(_READ))}.")
            raise SokeError(f'No rule has a parameter "{clean(name[:60])}".', fix, code="unknown-name")
        if value is None:
            continue
        if name == "comparison":
            of_type(value, bool, name, "Give True or False.")
        elif name == "manifest":
            of_type(value, (str, Path), name, "Give the path of a manifest.")
        else:
            for text in of_type(value, (list, tuple), name, "Give a list of texts.") if name in _SINGULAR else [value]:
                of_type(text, str, name, f"Give text, as after {spelled(name)}.")


def read_rule(asked: Mapping[str, Any]) -> Parameters:
    """The parameters that are asked for. SokeError where one cannot be read, or the rule has no use for it."""
    given = {name: value for name, value in asked.items() if value}
    if "manifest" in given:
        if len(given) > 1:
            other = spelled(next(name for name in given if name != "manifest"))
            raise SokeError(f"{other} and --manifest cannot be given together.", "The manifest has the whole rule.")
        return read_manifest(given["manifest"])
    name = rule_called(given.pop("rule", DEFAULT))
    for field in of_no_use(name, given):
        raise SokeError(f"{spelled(field)} is nothing that {name} reads.", "Leave it out, or choose another --rule.")
    return Parameters(rule=name, **{field: _READ[field](spelled(field), value) for field, value in given.items()})


def of_no_use(name: str, asked: Mapping[str, Any]) -> list[str]:
    """The parameters asked for that the rule ``name`` does not read."""
    return sorted(field for field in unread(name) if asked.get(field))


def rule_called(text: str) -> str:
    """The name of a rule, with ``_`` or ``-`` between its words. SokeError names the rules that there are."""
    for name in (text, text.replace("-", "_"), text.replace("_", "-")):
        if name in RULES:
            return name
    return find(text).name


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


def read_manifest(path: Path | str) -> Parameters:
    """The parameters in a manifest. SokeError where the file is none."""
    return parameters_from(manifest_object(path))


def manifest_object(path: Path | str) -> Any:
    """The JSON of a manifest as it stands. SokeError where it is not JSON."""
    shown = clean(str(path))
    try:
        return json.loads(read_whole(Path(path), shown, LARGEST_MANIFEST))
    except (ValueError, RecursionError):  # bad JSON, bad UTF-8, a number of ten thousand digits, brackets without end
        raise SokeError(
            "This is not a manifest: it is not JSON.", "Name the file that --manifest-to wrote.", shown
        ) from None


def _wrong(option: str, text: str, wanted: str) -> SokeError:
    return SokeError(f'{option} is "{clean(text[:60])}", not {wanted}.', "See --help.")


def _one_of(*choices: str) -> Callable[[str, str], str]:
    def read(option: str, text: str) -> str:
        if text not in choices:
            raise _wrong(option, text, "one of " + ", ".join(choices))
        return text

    return read


def _number(option: str, text: str) -> int:
    if not re.fullmatch(r"\d{1,15}", text.strip(), re.ASCII):
        raise _wrong(option, text, "a whole number")
    return int(text)


def _money(option: str, text: str) -> int:
    """Hundredths."""
    if not re.fullmatch(r"\d{1,12}(\.\d{1,2})?", text.strip(), re.ASCII) or Fraction(text) * 100 > LARGEST:
        raise _wrong(option, text, "an amount such as 250 or 0.50")
    return int(Fraction(text) * 100)


def _increment(option: str, text: str) -> int:
    if (amount := _money(option, text)) == 0:
        raise _wrong(option, text, "above zero")
    return amount


def _share(option: str, text: str) -> Fraction:
    match = re.fullmatch(
        r"(\d{1,9}(?:\.\d{1,9})?)\s*%|(\d(?:\.\d{1,12})?|\d{1,9}/[1-9]\d{0,8})", text.strip(), re.ASCII
    )
    share = None if match is None else Fraction(match[1]) / 100 if match[1] else Fraction(match[2])
    if share is None or share > 1:
        raise _wrong(option, text, "a share such as 5%, 0.05 or 1/20")
    return share


def _ids(option: str, texts: list[str]) -> tuple[frozenset[str], ...]:
    conflicts = []
    for text in texts:
        ids = frozenset(project.strip() for project in text.split(",")) - {""}
        if len(ids) < 2:
            raise _wrong(option, text, "two ids or more, such as 12,15")
        conflicts.append(ids)
    return tuple(conflicts)


def _ties(option: str, text: str) -> tuple[str, ...]:
    return tuple(_one_of(*get_args(Tie))(option, tie.strip()) for tie in text.split(","))


def _pots(option: str, texts: list[str]) -> dict[str, int]:
    pots: dict[str, int] = {}
    for text in texts:
        name, sign, pot = text.rpartition("=")
        if not sign or not name.strip():
            raise _wrong(option, text, "NAME=AMOUNT")
        if name.strip() in pots:
            raise SokeError(f'{option} names "{clean(name.strip()[:60])}" twice.', "Give each district one pot.")
        pots[name.strip()] = _money(option, pot)
    return pots


_READ: dict[str, Callable[[str, Any], Any]] = {
    "satisfaction": _one_of(*get_args(Satisfaction)),
    "points": lambda option, text: tuple(_number(option, number) for number in text.split(",")),
    "least_votes": _number,
    "least_share": _share,
    "least_score": _number,
    "conflicts": _ids,
    "ties": _ties,
    "completion": _one_of(*get_args(Completion)),
    "increment": _increment,
    "start": _money,
    "stop": _one_of(*get_args(Stop)),
    "comparison": lambda option, value: value,
    "part_funding": _share,
    "districts": _pots,
}
