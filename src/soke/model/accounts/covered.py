"""Whether the range holds the truth: whole totals of measured spending and tax, keyed as if nobody had measured them.

And what own outturn is worth: local government's spending in single-tier councils, keyed and measured.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from soke.england.baseline import Floats, baseline
from soke.england.tables import read_table
from soke.model.accounts import regional as published
from soke.model.accounts.components import REST, Piece, by_region, pieces, region_of, regions, shared
from soke.model.accounts.tested import (
    CAP,
    YEAR,
    YEARS,
    Masks,
    Trial,
    groups,
    log_ratio,
    p80,
    piece,
    single_tier,
    within_regions,
)
from soke.model.accounts.truth import SINGLE, Size
from soke.model.accounts.types import Side

Rule = Literal["within", "between"]
SIZES: tuple[Size, Size] = ("single", "group")


@dataclass(frozen=True, slots=True)
class Case:
    """Totals of one side and size: whether each place's truth was in its range, (places,)."""

    side: Side
    size: Size
    held: Masks


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often the range holds the truth of measured totals, with widths (9,) fitted without each region."""

    cases: tuple[Case, ...]
    widths: Floats

    def share(self, side: Side | None = None, size: Size | None = None) -> float:
        """Of all totals, or those of a side or a size."""
        chosen = [c.held for c in self.cases if side in (None, c.side) and size in (None, c.size)]
        return float(np.concatenate(chosen).mean())


@cache
def coverage(rule: Rule = "within") -> Coverage:
    """Ranges of measured totals, keyed as if unmeasured, each on the region left out of their fit.

    ``range = width x sqrt(sum (q80 x keyed pounds)^2)``. ``within``: q80 is each trial's p80 on the other regions.
    ``between``: q80 is the key's error between regions, 1.9 times it for a single authority: the rule for lines that no
    one measures. Either way the width is what covers four totals in five on the other regions, singles and groups,
    spending and tax together. A group in two regions is in neither fit, and tested with that of most of its members.
    """
    kinds = [(side, size) for side in YEARS for size in SIZES]
    errors = [_totals(side, size, rule) for side, size in kinds]
    widths, held = np.zeros(len(regions())), [np.zeros(len(masks), bool) for masks, _ in errors]
    for r in range(len(regions())):
        widths[r] = np.quantile(np.concatenate([z[r, ~_touches(masks, r)] for masks, z in errors]), 0.8)
        for (masks, z), inside in zip(errors, held, strict=True):
            here = _home(masks) == r
            inside[here] = z[r, here] <= widths[r]
    return Coverage(tuple(Case(*kind, inside) for kind, inside in zip(kinds, held, strict=True)), widths)


def whole(side: Side, size: Size) -> Floats:
    """Errors of all measured spending, or tax, of a place when its lines are keyed as if unmeasured."""
    masks, chosen = _places(side, size), _in_total(side)
    keyed, truth = (np.sum([getattr(t, name) for t in chosen], axis=0) for name in ("keyed", "truth"))
    return log_ratio(masks @ keyed, masks @ truth)


def _in_total(side: Side) -> list[Trial]:
    return [t for t in within_regions() if t.total and piece(t.component).component.spec.side == side]


def _places(side: Side, size: Size) -> Masks:
    if size == "group":
        return groups()
    every = np.eye(len(region_of()), dtype=bool)
    return every[single_tier()] if side == "spending" else every


def _touches(masks: Masks, region: int) -> Masks:
    """Which places lie in a region at least in part, (places,)."""
    out: Masks = np.any(masks[:, region_of() == region], axis=1)
    return out


def _home(masks: Masks) -> NDArray[np.int64]:
    """The region of most members of each place."""
    out: NDArray[np.int64] = np.argmax(by_region(masks.astype(np.float64)), axis=-1)
    return out


def _totals(side: Side, size: Size, rule: Rule) -> tuple[Masks, Floats]:
    """Masks of places, and (9, places) the error of each total over its range at width one, fitted without a region."""
    masks, chosen = _places(side, size), _in_total(side)
    keyed, truth = (np.stack([masks @ getattr(t, name) for t in chosen]) for name in ("keyed", "truth"))
    missed = np.abs(keyed.sum(axis=0) - truth.sum(axis=0))
    out = np.zeros((len(regions()), len(masks)))
    for r in range(len(regions())):
        others = ~_touches(masks, r)
        q80 = [p80(log_ratio(k, t)[others]) for k, t in zip(keyed, truth, strict=True)]
        if rule == "between":
            q80 = [min(t.between, CAP) * (SINGLE if size == "single" else 1.0) for t in chosen]
        out[r] = missed / np.sqrt(np.sum((np.array(q80)[:, None] * keyed) ** 2, axis=0))
    return masks, out


# Local government


def local_government() -> tuple[Floats, Floats]:
    """Errors of local government's spending in each single-tier council, keyed and with own outturn; (councils,) each.

    The account's spending by local government in 2022-23 is every published sub-function of that sector, shared as its
    component is. The truth is net current expenditure of councils, all services, schools and housing benefit included;
    police, fire and combined authorities apart. Both as a share of the region's. Keyed: components with an own figure
    are shared by the keys of the trials. What is left with own outturn is capital, fees, and the other authorities.
    """
    keys_of = {t.component: t.weights for t in reversed(within_regions())}
    measured, keyed = np.zeros(len(region_of())), np.zeros(len(region_of()))
    for each in pieces(YEAR):
        control = local_control(each)
        unmeasured = control[region_of()] * shared(keys_of.get(each.component.id, each.weights))
        keyed += unmeasured
        measured += each.values if each.component.local else unmeasured
    truth = share_of_region(baseline()["council_spending"])
    errors = [log_ratio(share_of_region(x), truth)[single_tier()] for x in (keyed, measured)]
    return errors[0], errors[1]


def share_of_region(values: Floats) -> Floats:
    """Each authority over its region, (296,)."""
    out: Floats = values / by_region(values)[region_of()]
    return out


def local_control(each: Piece) -> Floats:
    """The part of a component's control that local government spends, GBP million by region, (9,)."""
    component = each.component
    line = component.line
    if line not in {published.functions()[row["function"]].id for row in read_table("regional_subfunctions")}:
        return np.zeros(len(regions()))
    if component.control == REST:
        others = [p for p in pieces(each.year) if p.component.line == line and p.component.control != REST]
        rest: Floats = _local(line, "*", each.year) - np.sum([local_control(p) for p in others], axis=0)
        return rest
    return _local(line, component.control or "*", each.year)


def _local(line: str, control: str, year: int) -> Floats:
    """Of what a control names, what is local government's; (9,)."""
    terms = [term.partition("/") for term in control.split(";")]
    chosen = ";".join(f"{what}/LG" for what, _, sector in terms if sector in ("", "LG"))
    if not chosen:
        return np.zeros(len(regions()))
    return np.array([published.control(code, line, chosen, year) for code in regions()])
