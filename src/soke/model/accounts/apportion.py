"""Sharing the published regional lines among the 296 authorities, by one of three methods.

``own``        each line by its own key, where people live (the default)
``workplace``  the same, but tax on work counted where it is earned
``single``     one share for all: GVA for revenue, population for spending (the published back-of-envelope)
"""

from __future__ import annotations

from functools import cache
from typing import Literal

import numpy as np

from soke.england.baseline import Floats, baseline
from soke.england.places import places
from soke.model.accounts.keys import KEYS, Key
from soke.model.accounts.regional import LineSpec, check_year, line_specs, regional
from soke.model.accounts.types import Line, LineMatrix, Side

Method = Literal["own", "workplace", "single"]
METHODS: dict[Method, str] = {
    "own": "each line by its own key, where people live",
    "workplace": "each line by its own key, tax on work where it is earned",
    "single": "one share for all lines: GVA for revenue, population for spending",
}


def key_of(spec: LineSpec, method: Method) -> Key:
    """The key that shares one line under one method."""
    if method == "single":
        return KEYS["gva" if spec.side == "revenue" else "population"]
    if method == "workplace" and spec.workplace_key:
        return KEYS[spec.workplace_key]
    return KEYS[spec.key]


@cache
def shares(key: str, year: int) -> Floats:
    """Each place's share of its region by one key, (296,); sums to one over each region."""
    regions = np.array(baseline().regions)
    weights = KEYS[key].weights(year)
    out = np.empty(len(regions))
    for code in np.unique(regions):
        here = regions == code
        out[here] = weights[here] / weights[here].sum()
    out.setflags(write=False)
    return out


@cache
def line_matrix(year: int, method: Method = "own") -> LineMatrix:
    """Every line for every authority, GBP million cash, financial year starting in ``year``.

    Raises SokeError for a year without accounts. Over the places of a region each line sums to the published figure.
    """
    check_year(year)
    specs = line_specs()
    codes = [place.code for place in places().of_kind("region")]
    rows = np.array(baseline().regions)
    published = {code: np.array([regional(code, spec, year) for spec in specs]) for code in codes}
    by_place = np.stack([published[code] for code in rows], axis=1)
    keys = [key_of(spec, method) for spec in specs]
    values = by_place * np.stack([shares(key.name, year) for key in keys])
    values.setflags(write=False)
    lines = tuple(_line(spec, key) for spec, key in zip(specs, keys, strict=True))
    return LineMatrix(year=year, codes=baseline().codes, lines=lines, values=values)


def _line(spec: LineSpec, key: Key) -> Line:
    residual = spec.id.endswith("-residual")
    return Line(
        id=spec.id, title=spec.title.removeprefix("1. of which: ").removesuffix(", of which:"), side=spec.side,
        basis="residual" if residual else key.basis, key=key.words, measure=key.measure, grade=key.grade,
        source=f"D03, {key.source}",
    )  # fmt: skip


def side_total(year: int, side: Side, method: Method) -> Floats:
    """All receipts or total managed expenditure of each authority, (296,), GBP million."""
    total: Floats = line_matrix(year, method).side(side).sum(axis=0)
    return total
