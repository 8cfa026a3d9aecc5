"""A chunk as it leaves a worker: sums over the area draw by draw, and the cells of every place, coded where bins are
laid (an eighth of their size)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from soke.england.baseline import Floats
from soke.model.run.chunk import DIFFERENCES, LEVELS, ChunkResult, in_area, run_chunk
from soke.model.run.reduction import Bins, Coded
from soke.model.run.setup import Setup

OWN = ("gva", "jobs", "receipts", "spending", "budget", "people")  # differences that are series themselves
BY_PLACE = (*OWN, "gap_narrowing", "balance", "structural", "structural_gva")
CELLS = len(LEVELS) + len(BY_PLACE)  # series that are reduced for every place: levels as is, then differences


@dataclass(frozen=True, slots=True)
class Block:
    """``chunk``: without its levels and differences by place; ``area``: BY_PLACE -> (path, draw, year); ``cells``: each
    series of CELLS (year, draw, place), to be gone through once, or coded."""

    chunk: ChunkResult
    area: dict[str, Floats]
    cells: Iterable[Floats] | Coded


def block(
    setup: Setup, number: int, size: int, bins: Bins | None = None, memory: tuple[Floats, Floats] | None = None
) -> Block:
    """Run a chunk; ``memory`` as for :func:`soke.model.run.chunk.run_chunk`."""
    result = run_chunk(setup, number, size, memory)
    if bins is None:
        cells: Iterable[Floats] | Coded = list(_cells(setup, result))
    else:
        cells = bins.coded(_cells(setup, result), held_draws(result))
    nothing = np.empty(0)
    return Block(replace(result, as_is=nothing, difference=nothing), _area(setup, result), cells)


def held_draws(result: ChunkResult) -> npt.NDArray[np.bool_]:
    """(draw,): those that did not fail."""
    held = np.ones(len(result.below), dtype=bool)
    held[list(result.failed)] = False
    return held


def _cells(setup: Setup, result: ChunkResult) -> Iterator[Floats]:
    yield from result.as_is
    for name in BY_PLACE:
        yield _change(setup, result, name)


def _change(setup: Setup, result: ChunkResult, name: str) -> Floats:
    """(year, draw, place) deal less as is."""
    if name == "gap_narrowing":
        return _change(setup, result, "receipts") - _change(setup, result, "spending")
    if name == "balance":
        return _change(setup, result, "public_money") - result.cost.T[:, :, None] * setup.bill_shares
    return np.asarray(result.difference[DIFFERENCES.index(name)])


def _area(setup: Setup, result: ChunkResult) -> dict[str, Floats]:
    """Sums over the area, BY_PLACE -> (path, draw, year)."""
    today = dict(zip(LEVELS, (in_area(setup, level).T for level in result.as_is), strict=True))
    change = dict(zip(DIFFERENCES, (in_area(setup, values).T for values in result.difference), strict=True))
    change["gap_narrowing"] = change["receipts"] - change["spending"]
    change["balance"] = change["public_money"] - result.cost * in_area(setup, setup.bill_shares)
    area = {}
    for name in BY_PLACE:
        as_is = today.get(name, np.zeros(result.cost.shape))
        area[name] = np.stack((as_is, as_is + change[name]))
    return area
