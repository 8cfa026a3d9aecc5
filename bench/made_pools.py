"""Pools and quotas made from a seed: as large, as skewed and as tightly bound as those of real assemblies, and more so.

Who comes forward differs from the population, more for some values than for others; quotas follow the population, now
widely, now to the person, now so that some minimum asks for nearly everybody there is. Some pools have households.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]

SIZES = (20, 24, 30, 40, 50, 60, 75, 100, 120, 150)  # of panels
PLAY = (0, 1, 2, 4, 8)  # people by which a quota may miss its share


@dataclass(frozen=True, slots=True)
class Made:
    """What was made: how many ``people`` and ``categories``, the panel's ``size``, the column of households or none."""

    pool: Path
    quotas: Path
    people: int
    categories: int
    size: int
    household: str


def make(seed: int, folder: Path) -> Made:
    """Write ``pool.csv`` and ``quotas.csv`` of a seed into ``folder``."""
    chance = np.random.default_rng(seed)
    people = round(float(np.exp(chance.uniform(np.log(200), np.log(5_000)))))
    size = int(chance.choice([each for each in SIZES if each * 4 <= people]))
    names = [f"c{number}" for number in range(int(chance.integers(2, 8)))]
    columns, quotas = [], []
    play = int(chance.choice(PLAY))
    for name in names:
        count = int(chance.integers(2, 7))
        share = chance.dirichlet(np.full(count, 6.0))
        came = share * np.exp(chance.normal(0.0, chance.choice([0.1, 0.4, 0.9]), count))
        column = chance.choice(count, people, p=came / came.sum())
        columns.append(column)
        for value in range(count):
            wanted, there = share[value] * size, int((column == value).sum())
            least, most = max(0, int(wanted) - play), int(np.ceil(wanted)) + play
            if chance.random() < 0.97:  # else the quota stands although too few came
                least = min(least, there)
            quotas.append((name, f"v{value}", least, max(least, most)))
    homes = int(chance.integers(people // 2, people)) if chance.random() < 0.2 else 0
    return _written(folder, size, names, columns, quotas, chance.integers(0, homes, people) if homes else None)


def large(folder: Path) -> Made:
    """10,000 people in six categories, as many as a national call brings, for a panel of 100."""
    chance, size = np.random.default_rng(1), 100
    shares = {
        "gender": (0.5, 0.335, 0.165), "age": (0.4, 0.29, 0.205, 0.105), "area": (0.335, 0.27, 0.195, 0.13, 0.07),
        "education": (0.505, 0.33, 0.165), "ethnicity": (0.39, 0.285, 0.215, 0.11), "climate": (0.51, 0.33, 0.16),
    }  # fmt: skip
    columns = [chance.choice(len(share), 10_000, p=share) for share in shares.values()]
    quotas = [("gender", "v0", 45, 55), ("gender", "v1", 45, 55), ("gender", "v2", 0, 6)]
    for name, share in list(shares.items())[1:]:
        even = round(size / len(share))
        quotas += [(name, f"v{value}", even - 6, even + 8) for value in range(len(share))]
    return _written(folder, size, list(shares), columns, quotas, None)


def _written(
    folder: Path, size: int, names: list[str], columns: list[Whole], quotas: list[tuple[str, str, int, int]],
    homes: Whole | None,
) -> Made:  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    people, pool_file, quotas_file = len(columns[0]), folder / "pool.csv", folder / "quotas.csv"
    with pool_file.open("w", newline="") as out:
        table = csv.writer(out)
        table.writerow(["id", *names, *(["home"] if homes is not None else [])])
        for row in range(people):
            home = [] if homes is None else [f"h{homes[row]}"]
            table.writerow([row + 1, *(f"v{column[row]}" for column in columns), *home])
    with quotas_file.open("w", newline="") as out:
        csv.writer(out).writerows([("category", "feature", "min", "max"), *quotas])
    return Made(pool_file, quotas_file, people, len(names), size, "" if homes is None else "home")
