"""Which places share a border: the arcs that two areas of a topology file have in common."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from soke.errors import SokeError

LAYER = "ltla"
COUNTRY_PREFIX = "E"
# The file draws these two with their boundary of April 2025 under new codes; the other tables hold the codes before it.
CODES_BEFORE_2025: Mapping[str, str] = {"E08000038": "E08000016", "E08000039": "E08000019"}
FIX = "Use the ONS topology file of UK areas, 2014 to 2025."


def read_borders(path: Path | str) -> tuple[tuple[str, str], ...]:
    """Sorted pairs of codes (the smaller first) of current English lower-tier and unitary areas that share a border.

    Current areas are those of layer ``ltla`` without an ``end`` year. Two areas border each other when one arc of
    the file outlines both: land borders, and borders that run along a river or up an estuary where the published
    boundary does. Water between two coasts (the Mersey, the Solent) is no border, and touching at a corner is none,
    so the Isle of Wight and the Isles of Scilly have no border at all.

    Source: Office for National Statistics, topology of UK areas 2014 to 2025 (Open Government Licence v3.0).
    Raises SokeError when the file is missing, is not a topology file, or gives one arc to three current areas.
    """
    pairs = set()
    for arc, codes in _owners(Path(path)).items():
        if len(codes) > 2:
            areas = ", ".join(sorted(codes))
            raise SokeError(f"Arc {arc} outlines {len(codes)} current areas ({areas}).", FIX, str(path))
        if len(codes) == 2:
            first, second = sorted(codes)
            if first.startswith(COUNTRY_PREFIX) and second.startswith(COUNTRY_PREFIX):
                pairs.add((first, second))
    return tuple(sorted(pairs))


def read_coast(path: Path | str) -> tuple[str, ...]:
    """Sorted codes of the current English areas on the sea or an open estuary: an arc of theirs is nobody else's.

    Borders with Wales and Scotland are shared, so they are no coast. Source and errors as :func:`read_borders`.
    """
    owners = _owners(Path(path))
    alone = {next(iter(codes)) for codes in owners.values() if len(codes) == 1}
    return tuple(sorted(code for code in alone if code.startswith(COUNTRY_PREFIX)))


def _owners(path: Path) -> dict[int, set[str]]:
    """Which current areas of the United Kingdom each arc outlines."""
    owners: dict[int, set[str]] = {}
    for code, arcs in _current_areas(path):
        for arc in arcs:
            owners.setdefault(arc, set()).add(code)
    return owners


def _current_areas(path: Path) -> Iterator[tuple[str, frozenset[int]]]:
    """Each current area once: its code, and the numbers of the arcs that outline it."""
    seen = set()
    for area in _areas(path):
        properties = area["properties"]
        code = properties["areacd"]
        if "end" in properties:
            continue
        code = CODES_BEFORE_2025.get(code, code)
        if code in seen:
            raise SokeError(f"Area {code} is current twice.", FIX, str(path))
        seen.add(code)
        yield code, frozenset(_arc_numbers(area["arcs"]))


def _areas(path: Path) -> list[dict[str, Any]]:
    try:
        topology = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SokeError("There is no such file.", FIX, str(path)) from None
    except (OSError, ValueError) as error:
        raise SokeError(f"The file cannot be read as JSON: {error}.", FIX, str(path)) from error
    try:
        areas: list[dict[str, Any]] = topology["objects"][LAYER]["geometries"]
        for area in areas:
            area["properties"]["areacd"].startswith(COUNTRY_PREFIX)
            list(_arc_numbers(area["arcs"]))
    except (KeyError, TypeError, AttributeError) as error:
        raise SokeError(f"The file has no layer {LAYER} of areas with areacd and arcs.", FIX, str(path)) from error
    return areas


def _arc_numbers(arcs: list[Any]) -> Iterator[int]:
    """The arcs of a polygon or several, nested to any depth; ``~n`` is arc ``n`` walked backwards."""
    for arc in arcs:
        if isinstance(arc, list):
            yield from _arc_numbers(arc)
        else:
            yield arc if arc >= 0 else ~arc
