"""What local work is, what it pays, and who is here to do it, as far as published figures go.

Not to hand by place: jobs by the level that they need, people by level and sector, learners by level. So whether
learning meets local work (``skl.match``) is judged; here stands what is known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from soke.england.baseline import Baseline
from soke.england.tables import read_table

# Industries by the letters of their sections: output is published by some sections taken together, jobs by others.
INDUSTRIES = {
    "Agriculture, mining and utilities": "ABDE", "Manufacturing": "C", "Construction": "F",
    "Retail, wholesale and motor trades": "G", "Transport and storage": "H", "Accommodation and food": "I",
    "Information and communication": "J", "Finance and insurance": "K", "Property": "L",
    "Professional, scientific and technical": "M", "Business support": "N", "Public administration": "O",
    "Education": "P", "Health and care": "Q", "Arts, recreation and other services": "RSTU",
}  # fmt: skip
MOSTLY = 0.5  # of the jobs of an area that a pay figure must stand for
MISSING = (
    "Missing by place: jobs by the level they need, people by level and sector, learners by level. Until they are to "
    "hand, the match of learning with local work is judged (skl.match)."
)


@dataclass(frozen=True, slots=True)
class Industry:
    """One industry here: output in GBP million of 2022, its share here and in England, jobs where published."""

    title: str
    output: float
    share: float
    england: float
    jobs: float | None


def pay_at(members: Sequence[str], percentile: int) -> float | None:
    """Yearly pay of residents of an area at a percentile, pounds of 2024: the mean of its authorities' by their jobs,
    since the survey does not publish areas. None where too few authorities have a figure."""
    rows = [row for row in _pay() if row["code"] in set(members) and row["jobs"]]
    jobs = np.array([float(row["jobs"]) for row in rows])
    held = np.array([bool(row[f"p{percentile}"]) for row in rows], dtype=bool)
    if not rows or jobs[held].sum() < MOSTLY * jobs.sum():
        return None
    pay = [float(row[f"p{percentile}"]) for row in rows if row[f"p{percentile}"]]
    return float(np.average(pay, weights=jobs[held]))


@cache
def _pay() -> tuple[Mapping[str, str], ...]:
    return tuple(read_table("pay_deciles"))


def industries(members: Sequence[str], area: str) -> list[Industry]:
    """Every industry, for places by code; jobs where ``area`` is a combined authority with figures. None for no place
    that is known."""
    rows = read_table("gva_sections")
    here = [row for row in rows if row["code"] in set(members)]
    if not here:
        return []
    jobs = next((row for row in read_table("sector_jobs") if row["code"] == area), {})
    whole, all_of_it = (_output(part, "".join(INDUSTRIES.values())) for part in (here, rows))
    return [
        Industry(
            title, output := _output(here, letters), output / whole, _output(rows, letters) / all_of_it,
            _jobs(jobs, letters) if jobs else None,
        )
        for title, letters in INDUSTRIES.items()
    ]  # fmt: skip


def _output(rows: Sequence[Mapping[str, str]], letters: str) -> float:
    return sum(float(row[name]) for row in rows for name in row if name != "code" and name[0] in letters)


def _jobs(row: Mapping[str, str], letters: str) -> float:
    """Broad groups name their sections in brackets: ``Retail (Part G)``, ``Arts (R,S,T and U)``."""
    groups = {title: re.findall(r"\b[A-U]\b", title[title.rindex("(") :]) for title in row if title != "code"}
    return sum(float(row[title]) for title, found in groups.items() if found and found[0] in letters)


def level_3(baseline: Baseline, members: Sequence[str]) -> tuple[float, float] | None:
    """Share of people of 16 to 64 at level 3 or above, of an area and of England; None for no place that is known."""
    here, people = baseline.mask(members), baseline["population_16_64"]
    if not here.any():
        return None
    share = baseline["level3"] / 100.0
    return float(np.average(share[here], weights=people[here])), float(np.average(share, weights=people))
