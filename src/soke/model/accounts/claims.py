"""What others published of a place, beside what Soke has on the basis and by the definition that they use.

``claims.csv`` has the claims; no parameter is fitted to them. What Soke does not reproduce is told as such.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from soke.england.baseline import baseline
from soke.england.places import places
from soke.model.accounts.apportion import BASES, check_basis
from soke.model.accounts.definitions import DEFINITIONS, place_totals
from soke.model.accounts.types import Claim


@cache
def published_claims() -> tuple[dict[str, str], ...]:
    """Rows of ``claims.csv``: code, year, side, definition, basis, low and high in GBP billion, words, source."""
    text = files(__package__).joinpath("claims.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(io.StringIO(text)))


def claims(codes: Sequence[str], year: int, here: NDArray[np.bool_]) -> tuple[Claim, ...]:
    """Claims about an area in a year; ``here`` is its mask of the 296."""
    members = tuple(sorted(codes))
    return tuple(
        _claim(row, here) for row in published_claims()
        if int(row["year"]) == year and places().members(row["code"]) == members
    )  # fmt: skip


def claims_of_every_year(codes: Sequence[str]) -> tuple[tuple[int, Claim], ...]:
    """Every claim about an area with the start of its financial year, the newest year first."""
    members, here = tuple(sorted(codes)), baseline().mask(codes)
    rows = [row for row in published_claims() if places().members(row["code"]) == members]
    return tuple((int(row["year"]), _claim(row, here)) for row in sorted(rows, key=lambda r: -int(r["year"])))


def _claim(row: dict[str, str], here: NDArray[np.bool_]) -> Claim:
    basis = check_basis(row["basis"])
    title = next(d.title for d in DEFINITIONS if d.name == row["definition"])
    return Claim(
        words=row["words"], source=row["source"], definition=title, basis=BASES[basis], low=float(row["low"]),
        high=float(row["high"]), here=float(place_totals(row["definition"], int(row["year"]), basis)[here].sum()) / 1e3,
    )  # fmt: skip
