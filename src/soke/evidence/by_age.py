"""What a person of each age costs, relative to others: one table for the accounts and for the projection."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def spending_by_age() -> Mapping[str, Mapping[str, float]]:
    """Function -> age group ("0-15" to "85+") -> relative cost. Only ratios within a function mean anything."""
    text = files("soke.evidence").joinpath("spending_by_age.csv").read_text(encoding="utf-8")
    found: dict[str, dict[str, float]] = {}
    for row in csv.DictReader(text.splitlines()):
        found.setdefault(row["function"], {})[row["age"]] = float(row["weight"])
    return found
