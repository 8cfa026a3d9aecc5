"""The record of a split, by which anyone can make it again from the file of areas and find the same pennies."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from soke.community.areas import CODE, Areas
from soke.community.splitting import MOST_PENCE, Limit, Split, parse_rule, pounds, split
from soke.errors import SokeError

FORMAT = "soke-split/1"
LARGEST = 10_000_000  # bytes
_FRACTION = 40  # letters of a fraction, such as "250" or "1001/2"


def result_sha256(pence: Mapping[str, int]) -> str:
    """Of lines ``code,pence`` sorted by code."""
    return hashlib.sha256("".join(f"{code},{pence[code]}\n" for code in sorted(pence)).encode()).hexdigest()


def manifest(found: Split, *, deal: str = "", community: str = "") -> dict[str, Any]:
    """All that decides a split, and what came out, ready for JSON."""
    return {
        "format": FORMAT,
        "deal": deal,
        "community": community,
        "fund_pence": found.fund,
        "by": found.rule.text,
        "floors": [_written(limit) for limit in found.floors],
        "caps": [_written(limit) for limit in found.caps],
        "districts_first": bool(found.districts),
        "areas_sha256": found.areas.sha256,
        "pence": found.pence,
        "result_sha256": result_sha256(found.pence),
    }


def to_json(record: Mapping[str, Any]) -> bytes:
    return (json.dumps(record, indent=1, ensure_ascii=False) + "\n").encode()


def _written(limit: Limit) -> dict[str, str | bool]:
    return {"pence": str(limit.pence), "a_head": limit.a_head}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recount:
    """A split made again; ``differences`` says, a sentence each, where it is not what the record holds."""

    split: Split
    differences: tuple[str, ...]


def read_manifest(content: bytes, shown: str) -> dict[str, Any]:
    """A record in its form. SokeError says what is wrong with it."""
    try:
        record = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_each_once)
    except (ValueError, RecursionError) as error:
        reason = "It is nested too deeply" if isinstance(error, RecursionError) else str(error)[:100]
        raise SokeError(f"This is no record of a split: {reason}.", "Name a manifest.json.", shown) from None
    fault = _fault(record)
    if fault:
        raise SokeError(fault, "Name a manifest.json that `soke budget split --out` wrote.", shown)
    return dict(record)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is there twice")
    return found


def _fault(record: Any) -> str:
    """What is wrong with the form of a record; empty where nothing is."""
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        return f'This is no record of a split: it does not say "format": "{FORMAT}".'
    forms = {
        "deal": str, "community": str, "fund_pence": int, "by": str, "floors": list, "caps": list,
        "districts_first": bool, "areas_sha256": str, "pence": dict, "result_sha256": str,
    }  # fmt: skip
    for name, form in forms.items():
        if type(record.get(name)) is not form:
            return f'"{name}" of the record is missing or of the wrong kind.'
    if not 0 < record["fund_pence"] <= MOST_PENCE:
        return '"fund_pence" of the record is out of range.'
    if not all(CODE.fullmatch(code) for code in record["pence"]):
        return 'A code in "pence" of the record is none.'
    if any(type(pence) is not int or not 0 <= pence <= MOST_PENCE for pence in record["pence"].values()):
        return 'An amount in "pence" of the record is not whole pence.'
    return ""


def _limit(written: Any, shown: str) -> Limit:
    try:
        text, a_head = written["pence"], written["a_head"]
        if not isinstance(text, str) or len(text) > _FRACTION or type(a_head) is not bool:
            raise ValueError
        pence = Fraction(text)
        if not 0 < pence <= MOST_PENCE or "e" in text.lower():
            raise ValueError
    except (ValueError, TypeError, KeyError, ZeroDivisionError):
        raise SokeError(
            "A floor or cap of the record cannot be read.", "Take the record as it was written.", shown
        ) from None
    return Limit(pence, a_head)


def recount(record: Mapping[str, Any], areas: Areas, shown: str) -> Recount:
    """Make the split of a record again. ``record`` is one of :func:`read_manifest`."""
    floors = [_limit(one, shown) for one in record["floors"]]
    caps = [_limit(one, shown) for one in record["caps"]]
    again = split(areas, record["fund_pence"], parse_rule(record["by"]), floors, caps,
                  together=not record["districts_first"])  # fmt: skip
    return Recount(split=again, differences=tuple(_differences(record, again)))


def _differences(record: Mapping[str, Any], again: Split) -> list[str]:
    said = []
    if record["areas_sha256"] != again.areas.sha256:
        said.append(f"{again.areas.shown} is not the file of areas that was split: its SHA-256 is another.")
    if record["districts_first"] != bool(again.districts):
        said.append("The record says that districts came first, and this file names none to go first.")
    published: Mapping[str, int] = record["pence"]
    if record["result_sha256"] != result_sha256(published):
        said.append("The record contradicts itself: its amounts are not those that its result_sha256 was taken of.")
    if sum(published.values()) != record["fund_pence"]:
        said.append(
            f"The amounts of the record sum to {pounds(sum(published.values()))}, and its fund is"
            f" {pounds(record['fund_pence'])}."
        )
    names = {share.area.code: share.area.name for share in again.shares}
    for code, pence in again.pence.items():
        if code not in published:
            said.append(f"{names[code]} ({code}) is not in the record; here it has {pounds(pence)}.")
        elif published[code] != pence:
            said.append(f"{names[code]} ({code}): the record has {pounds(published[code])}, here {pounds(pence)}.")
    said += [f"{code} is in the record and not in the file of areas." for code in published if code not in names]
    return said
