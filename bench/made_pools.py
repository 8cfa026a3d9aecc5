"""Pools and quotas made from a seed: as large, as skewed and as tightly bound as those of real assemblies, and more so.

Who comes forward differs from the population, more for some values than for others; quotas follow the population, now
widely, now to the person, now so that some minimum asks for nearly everybody there is. Some pools have households.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

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
    where = chance.integers(0, homes, people) if homes else np.full(people, -1)
    folder.mkdir(parents=True, exist_ok=True)
    pool_file, quotas_file = folder / "pool.csv", folder / "quotas.csv"
    with pool_file.open("w", newline="") as out:
        table = csv.writer(out)
        table.writerow(["id", *names, *(["home"] if homes else [])])
        for row in range(people):
            table.writerow([row + 1, *(f"v{c[row]}" for c in columns), *([f"h{where[row]}"] if homes else [])])
    with quotas_file.open("w", newline="") as out:
        csv.writer(out).writerows([("category", "feature", "min", "max"), *quotas])
    return Made(pool_file, quotas_file, people, len(names), size, "home" if homes else "")
