"""The rule of a count as people ask for it: every parameter that decides who wins as text, or a manifest of them all.

``asked`` maps the names of :class:`~soke.community.budgets.rule.Parameters`, and ``manifest``, to what was given: text,
texts (``conflicts``, ``districts``, ``withdrawn``), true (``comparison``), a path (``manifest``); None, "", [] or False
for nothing. ``points`` may be ``length``: by the length of each ballot.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

from soke.community.budgets.election import Election
from soke.community.budgets.manifest import LARGEST, parameters_from
from soke.community.budgets.registry import RULES, find, unread
from soke.community.budgets.rule import Completion, Parameters, Satisfaction, Stop, Tie
from soke.community.budgets.rule_of_meta import points_said
from soke.errors import SokeError, of_type
from soke.files import read_whole
from soke.text import clean, did_you_mean

DEFAULT = "equal_shares"
LARGEST_MANIFEST = 5_000_000
_SINGULAR = {"conflicts": "conflict", "districts": "district", "withdrawn": "withdrawn"}  # may be given again
LENGTH = "length"  # in place of points by place
LARGEST_LOT = 1_000_000


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
    by_length = str(given.get("points", "")).strip().lower() == LENGTH
    if by_length:
        del given["points"]
    read = {field: _READ[field](spelled(field), value) for field, value in given.items()}
    return Parameters(rule=name, by_length=by_length, **read)


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
    own = parameters.points or parameters.by_length or election.ballots.points is not None
    if election.kind != "ordinal" or own:
        return parameters, []
    points, by_length, exact = points_said(election)
    if not exact:
        raise SokeError(
            "The ballots are ranked, and nothing says how many points a place gives.",
            "Say it: --points 3,2,1 gives the first place 3 points; --points length gives the first of n projects n.",
        )
    if by_length:
        said = (
            "Points by the length of each ballot, worked out from the scores of the file: of n projects the first gets"
        )
        return replace(parameters, by_length=True), [f"{said} n, the last 1."]
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


def _withdrawn(_: str, texts: list[str]) -> tuple[str, ...]:
    return tuple(sorted({project.strip() for text in texts for project in text.split(",")} - {""}))


def _tie_order(option: str, text: str) -> tuple[str, ...]:
    """Ids as a lot was drawn: in a file, a line each or with commas between them; or as they are typed."""
    path, shown = Path(text), clean(text[:60])
    listed = "," in text and not path.exists()
    try:
        drawn = text if listed else read_whole(path, shown, LARGEST_LOT).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SokeError("The file is not UTF-8 text.", "Write an id on each line.", shown) from None
    except SokeError as error:
        if error.code != "no-file":
            raise
        fact = f'{option} is "{shown}", neither a file nor ids with commas between them.'
        raise SokeError(fact, "Name the file of the lot, or give its order: 15,12,7.") from None
    ids = [project.strip() for line in drawn.splitlines() for project in line.split(",") if project.strip()]
    for project in ids:
        if ids.count(project) > 1:
            raise SokeError(f'{option} has "{clean(project[:60])}" twice.', "Give each project one place.")
    if len(ids) < 2:
        raise SokeError(f"{option} puts fewer than two projects in order.", "Give all that the lot was drawn between.")
    return tuple(ids)


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
    "withdrawn": _withdrawn,
    "tie_order": _tie_order,
    "completion": _one_of(*get_args(Completion)),
    "increment": _increment,
    "start": _money,
    "stop": _one_of(*get_args(Stop)),
    "comparison": lambda option, value: value,
    "part_funding": _share,
    "districts": _pots,
}
