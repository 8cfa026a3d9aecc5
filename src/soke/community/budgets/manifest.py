"""The manifest of a count: everything that decided who won, in one small JSON object whose hash can be published.

Two rules that are both called "add1" elect different winners; so a result without its parameters cannot be checked. The
manifest holds every parameter, whether or not the rule reads it (a lot, projects that were withdrawn and points by the
length of a ballot only where there are any), the hash of the ballots, and the hash of the outcome.
Whoever has the ballots can count again from the manifest alone and must get the same rule, ballots and outcome, bit for
bit. The digest is of these alone: which version counted, what it met on its way, and the bytes of the file are told and
not hashed. So the file that was counted, the one that the count wrote, and one with the voters blurred have one digest.

Money is in whole hundredths, fractions are text such as ``"1/20"``. The hash of the election is the SHA-256 of its
canonical JSON (kind, budget; id, cost, district and name of each project), a line end, and then the ballots: of each
how many projects it chose, their numbers (rising, but for ranked ballots, whose order counts) and their points, as
little-endian 64-bit integers, the ballots in the order of these bytes. Names of voters, their other columns and the
order of the ballots in the file are no part of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from fractions import Fraction
from hashlib import sha256
from itertools import pairwise
from typing import Any, get_args

import numpy as np

from soke.community.budgets.election import Election, Policy
from soke.community.budgets.outcome import Outcome
from soke.community.budgets.rule import Completion, Parameters, Satisfaction, Stop, Tie
from soke.errors import SokeError
from soke.version import __version__

FORMAT = "soke budget manifest 1"
HASHED = ("format", "rule", "ballots", "outcome")  # of the ballots all but the bytes of their file
INVALID = "invalid_ballots"
FILE, ELECTION = "file_sha256", "election_sha256"
LATER = frozenset({"withdrawn", "tie_order", "by_length"})
LARGEST = 10**15  # hundredths or points: more is a slip of the pen
Json = dict[str, Any]


def manifest(outcome: Outcome, notes: Sequence[str] = (), ties: Sequence[Json] = ()) -> Json:
    """What decided ``outcome``, as plain JSON values; ``notes`` and the ``ties`` that decided are told with it and not
    hashed."""
    election = outcome.election
    return {
        "format": FORMAT,
        "soke": __version__,
        "rule": rule_as_json(outcome.parameters),
        "ballots": {
            FILE: election.sha256,
            ELECTION: election_digest(election),
            "kind": election.kind,
            "number": len(election.ballots),
            "projects": len(election.projects),
            "budget_hundredths": election.budget,
        },
        "outcome": {
            "winners": list(outcome.ids),
            "total_hundredths": outcome.total,
            "endowment_hundredths": None if outcome.endowment is None else str(outcome.endowment),
            "steps_sha256": _steps_digest(outcome),
        },
        "facts": dict(outcome.facts),
        **({"ties": list(ties)} if ties else {}),
        **_invalid(election),
        "notes": list(notes),
    }


def _invalid(election: Election) -> Json:
    """Which ballots broke the limits of META, and what was done: told, and not hashed, since the ballots as they were
    counted are. Nothing where there are none."""
    invalid = election.ballots.invalid
    if invalid is None:
        return {}
    ballots = [{"line": line, "why": why} for line, why in invalid.ballots]
    return {INVALID: {"policy": invalid.policy, "number": len(ballots), "ballots": ballots}}


def invalid_policy(made: object) -> Policy | None:
    """What a manifest says was done about invalid ballots; None where it says nothing."""
    said = made.get(INVALID) if isinstance(made, Mapping) else None
    policy = said.get("policy") if isinstance(said, Mapping) else None
    if said is not None and policy not in ("keep", "drop"):
        raise _wrong(INVALID, said, "an object that says keep or drop")
    return "keep" if policy == "keep" else "drop" if policy == "drop" else None


def digest(made: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON of what decides and what came out, in hexadecimal."""
    hashed = {part: made[part] for part in HASHED}
    hashed["ballots"] = {key: value for key, value in made["ballots"].items() if key != FILE}
    return sha256(canonical(hashed)).hexdigest()


def canonical(value: object) -> bytes:
    """JSON with sorted keys, no spaces, in UTF-8: the same bytes for the same content."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def election_digest(election: Election) -> str:
    """SHA-256 of all of an election that a rule reads, and of the names under which projects were voted for."""
    head = {
        "kind": election.kind,
        "budget_hundredths": election.budget,
        "projects": [[project.id, project.cost, project.district, project.name] for project in election.projects],
    }
    return sha256(canonical(head) + b"\n" + b"".join(sorted(_each_ballot(election)))).hexdigest()


def _each_ballot(election: Election) -> list[bytes]:
    """Of each ballot: how many choices, their projects, and their points."""
    ballots = election.ballots
    sizes = np.diff(ballots.starts)
    rows = [part for part in (ballots.chosen, ballots.points) if part is not None]
    if election.kind != "ordinal":
        order = np.lexsort((ballots.chosen, np.repeat(np.arange(len(ballots)), sizes)))
        rows = [part[order] for part in rows]
    width = len(rows)
    first = ballots.starts[:-1] * width + np.arange(len(ballots))  # where each ballot begins in ``flat``
    flat = np.empty(len(ballots) + width * len(ballots.chosen), "<i8")
    flat[first] = sizes
    place = np.arange(len(ballots.chosen)) - np.repeat(ballots.starts[:-1], sizes)
    for number, part in enumerate(rows):
        flat[np.repeat(first + 1 + number * sizes, sizes) + place] = part
    content, ends = flat.tobytes(), [*(8 * first).tolist(), 8 * len(flat)]
    return [content[begin:end] for begin, end in pairwise(ends)]


def differences(made: Mapping[str, Any], outcome: Outcome) -> list[str]:
    """In what a manifest and an outcome differ, a sentence each; none where the outcome is the manifest's.

    Another file with the same election is no difference: see :func:`another_file`.
    """
    now, sentences = manifest(outcome), []
    words = {
        "rule": "The rule is not the manifest's",
        "ballots": "The ballots are not the manifest's",
        "outcome": "The outcome is not the manifest's",
    }
    for part, sentence in words.items():
        before = made.get(part)
        if not isinstance(before, Mapping):
            sentences.append(f'The manifest has no part "{part}".')
            continue
        for key in sorted({*before, *now[part]}):
            there, here = before.get(key), now[part].get(key)
            if there != here and not (key == FILE and another_file(made, outcome)):
                sentences.append(f"{sentence}: {key} is {_short(there)} there and {_short(here)} here.")
    return sentences


def another_file(made: Mapping[str, Any], outcome: Outcome) -> bool:
    """Whether the outcome was counted from another file than the manifest's, with the same election in it."""
    before, election = made.get("ballots"), outcome.election
    if not isinstance(before, Mapping) or before.get(FILE) == election.sha256:
        return False
    return bool(before.get(ELECTION) == election_digest(election))


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 70 else text[:67] + "..."


def _steps_digest(outcome: Outcome) -> str:
    ids = [project.id for project in outcome.election.projects]
    steps = [[ids[s.number], s.taken, None if s.price is None else str(s.price)] for s in outcome.steps]
    return sha256(canonical(steps)).hexdigest()


def rule_as_json(parameters: Parameters) -> Json:
    """Every parameter, as plain JSON values. What came to the format later stands in it only where it is used, so that
    digests stay what they were."""
    later = {name: getattr(parameters, name) for name in LATER if getattr(parameters, name)}
    return {
        "rule": parameters.rule,
        "satisfaction": parameters.satisfaction,
        "points": list(parameters.points),
        "least_votes": parameters.least_votes,
        "least_share": str(parameters.least_share),
        "least_score": parameters.least_score,
        "conflicts": sorted(sorted(ids) for ids in parameters.conflicts),
        "ties": list(parameters.ties),
        "completion": parameters.completion,
        "increment": parameters.increment,
        "start": parameters.start,
        "stop": parameters.stop,
        "comparison": parameters.comparison,
        "part_funding": None if parameters.part_funding is None else str(parameters.part_funding),
        "districts": dict(sorted(parameters.districts.items())),
        **{name: list(value) if isinstance(value, tuple) else value for name, value in later.items()},
    }


def parameters_from(made: object) -> Parameters:
    """The parameters in a manifest, or in its part ``rule``. SokeError names what is missing, unknown or wrong."""
    if isinstance(made, Mapping) and isinstance(made.get("rule"), Mapping):
        if made.get("format") != FORMAT:
            raise SokeError(f'The manifest does not say "{FORMAT}".', "Name the manifest of a count by Soke.")
        made = made["rule"]
    if not isinstance(made, Mapping):
        raise SokeError("This is not a manifest: it is no object with the parts of one.", "Name a manifest of Soke.")
    known = {parameter.name for parameter in fields(Parameters)}
    for what, names in (("lacks", known - LATER - set(made)), ("has an unknown field:", set(map(str, made)) - known)):
        if names:
            raise SokeError(
                f"The rule of the manifest {what} {', '.join(sorted(names))[:100]}.", "Count again to get a whole one."
            )
    return Parameters(**{name: _READ[name](name, made[name]) for name in known & set(made)})


def _wrong(name: str, value: object, wanted: str) -> SokeError:
    return SokeError(f'In the manifest "{name}" is {_short(value)}, not {wanted}.', "Count again to get a whole one.")


def _text(name: str, value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 100:
        raise _wrong(name, value, "a short text")
    return value


def _one_of(*choices: str) -> Callable[[str, object], str]:
    def read(name: str, value: object) -> str:
        if not isinstance(value, str) or value not in choices:
            raise _wrong(name, value, "one of " + ", ".join(choices))
        return value

    return read


def _whole(least: int) -> Callable[[str, object], int]:
    def read(name: str, value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= LARGEST:
            raise _wrong(name, value, f"a whole number from {least}")
        return value

    return read


def _share(name: str, value: object) -> Fraction:
    if not isinstance(value, str) or not re.fullmatch(r"\d{1,15}(/[1-9]\d{0,14})?", value, re.ASCII):
        raise _wrong(name, value, 'a fraction such as "1/20"')
    if (share := Fraction(value)) > 1:
        raise _wrong(name, value, "a fraction from 0 to 1")
    return share


def _list(read: Callable[[str, object], Any]) -> Callable[[str, object], tuple[Any, ...]]:
    def read_all(name: str, value: object) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise _wrong(name, value, "a list")
        return tuple(read(name, item) for item in value)

    return read_all


def _maybe(read: Callable[[str, object], Any]) -> Callable[[str, object], Any]:
    return lambda name, value: None if value is None else read(name, value)


def _yes_or_no(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise _wrong(name, value, "true or false")
    return value


def _pots(name: str, value: object) -> dict[str, int]:
    if not isinstance(value, Mapping):
        raise _wrong(name, value, "an object of district and money")
    return {_text(name, key): _whole(0)(name, pot) for key, pot in value.items()}


_READ: dict[str, Callable[[str, object], Any]] = {
    "rule": _text,
    "satisfaction": _one_of(*get_args(Satisfaction)),
    "points": _list(_whole(0)),
    "least_votes": _whole(0),
    "least_share": _share,
    "least_score": _whole(0),
    "conflicts": _list(lambda name, value: frozenset(_list(_text)(name, value))),
    "withdrawn": _list(_text),
    "tie_order": _list(_text),
    "by_length": _yes_or_no,
    "ties": _list(_one_of(*get_args(Tie))),
    "completion": _one_of(*get_args(Completion)),
    "increment": _whole(1),
    "start": _maybe(_whole(0)),
    "stop": _one_of(*get_args(Stop)),
    "comparison": _yes_or_no,
    "part_funding": _maybe(_share),
    "districts": _pots,
}
