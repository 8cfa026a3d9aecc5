"""Seeded paired sampling: the same draws for both paths, the same bytes for any number of workers.

Draws come in chunks of :data:`CHUNK`, so that a (draw, place) array of float64 is about 128 kB. Each chunk has its own
Philox generators, keyed by (seed, chunk), and each kind of number its own counter block, so that asking for one more
parameter, or running a chunk elsewhere, moves no other number.

The ridge: a published path pins down the elasticity of output to public capital *over* the ratio of public capital to
output, not either alone (.07 with .4, .085 with .5 and .10 with .6 fit alike). The elasticity is drawn; the ratio
follows it along the line through the two centres; depreciation is drawn beside them.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from soke.england.baseline import Floats
from soke.errors import SokeError
from soke.evidence.distribution import quantile
from soke.evidence.parameters import LowCentralHigh, Parameter, overridden

CHUNK = 50
MOST_DRAWS = 1_000_000
NATIONAL, PLACES, YEARS = 0, 1, 2  # counter blocks of a chunk's generators
PLACE_DEVIATES = (
    "emp.effect", "emp.effect.area", "growth.place", "people.slope", "people.fading", "people.old.migration",
    "cuts.place",
)  # fmt: skip
RIDGE = ("pub.cap.elas", "pub.cap.ratio", "pub.cap.dep")


@dataclass(frozen=True, slots=True)
class Draws:
    """One chunk of draws, or all of them.

    ``national``: parameter id -> (draw,), one value a draw for the whole country. ``place``: name -> (draw, place),
    standard normal deviates, one per draw and place, for effects and growth that differ between places.
    ``first`` is the number of the first draw.
    """

    first: int
    national: Mapping[str, Floats]
    place: Mapping[str, Floats]

    def __getitem__(self, name: str) -> Floats:
        return self.national[name]

    def __len__(self) -> int:
        return len(next(iter(self.national.values())))

    def only(self, row: int) -> Draws:
        """One draw alone, as a chunk of one."""
        rows = slice(row, row + 1)
        return Draws(
            self.first + row,
            {name: values[rows] for name, values in self.national.items()},
            {name: values[rows] for name, values in self.place.items()},
        )


def generator(seed: int, chunk: int, block: int, name: str = "") -> np.random.Generator:
    """The Philox generator of one kind of number in one chunk; ``name`` gives a generator of its own."""
    own = zlib.crc32(name.encode()) if name else 0
    return np.random.Generator(np.random.Philox(key=[seed, chunk], counter=[0, 0, own, block]))


def chunks(draws: int) -> Iterator[tuple[int, int]]:
    """(chunk, number of draws in it). SokeError unless 1 to a million draws are asked for."""
    if not 1 <= draws <= MOST_DRAWS:
        raise SokeError(f"{draws} draws cannot be run.", f"Ask for 1 to {MOST_DRAWS:,}.", "draws")
    return ((k, min(CHUNK, draws - k * CHUNK)) for k in range(-(-draws // CHUNK)))


def checked_seed(seed: int) -> int:
    """A seed that the generators take: 0 to 2^63 - 1."""
    if not 0 <= seed < 2**63:
        raise SokeError(f"{seed} cannot be a seed.", "Give a whole number from 0 to 2^63 - 1.", "seed")
    return seed


def sample_chunk(table: Mapping[str, Parameter], seed: int, chunk: int, size: int, places: int) -> Draws:
    """Draws of one chunk. ``table`` id -> parameter; rows beyond the package's own add themselves, moving no other."""
    national = {}
    for name, row in table.items():
        u = generator(seed, chunk, NATIONAL, name).random(CHUNK)[:size]
        u = np.clip(u, 2.0**-54, None)  # a draw of exactly nought has no finite deviate
        shape = row.distribution if row.distribution != "ridge" else _ridge_shape(row)
        national[name] = quantile(shape, u, row.low, row.central, row.high)
    if RIDGE[1] in table and table[RIDGE[1]].distribution == "ridge":
        line = table[RIDGE[1]].central / table[RIDGE[0]].central
        national[RIDGE[1]] = line * national[RIDGE[0]]
    place = {
        name: generator(seed, chunk, PLACES, name).standard_normal((CHUNK, places))[:size] for name in PLACE_DEVIATES
    }
    return Draws(chunk * CHUNK, national, place)


def _ridge_shape(row: Parameter) -> str:
    return "lognormal" if row.low > 0 else "normal"


def sample(
    overrides: Mapping[str, LowCentralHigh],
    draws: int,
    seed: int,
    places: int,
    extra: Sequence[Parameter] = (),
) -> Draws:
    """All draws at once: chunk after chunk, the same numbers that the chunks get one by one.

    ``overrides``: parameter id -> range; ``extra``: parameters of this run alone, such as a project's own figures.
    """
    table = {**overridden(overrides), **{row.id: row for row in extra}}
    parts = [sample_chunk(table, checked_seed(seed), k, size, places) for k, size in chunks(draws)]
    return Draws(
        0,
        {name: np.concatenate([part.national[name] for part in parts]) for name in table},
        {name: np.concatenate([part.place[name] for part in parts]) for name in PLACE_DEVIATES},
    )
