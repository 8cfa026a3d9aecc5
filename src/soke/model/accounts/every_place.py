"""The years of many places at once: what :mod:`soke.model.accounts.history` gives of one, as products of matrices.

All but two things are sums over the authorities of a place, so that one product does for every place: whether an area
lies inside a place, and how far the errors of its split reach, are asked of each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soke.england.baseline import Floats
from soke.model.accounts import own, regional
from soke.model.accounts.account import mask, whole_regions
from soke.model.accounts.components import Piece, pieces_once, region_of
from soke.model.accounts.history import AccountYear, carried_in
from soke.model.accounts.own import OwnFigure
from soke.model.accounts.truth import (
    CONSTITUENCY_SINGLE,
    DUST,
    INSIDE,
    SINGLE,
    WIDER,
    WIDER_ELSE,
    WIDTH,
    counted_factor,
    left_per_head,
    size_of,
    truth_errors,
)
from soke.model.accounts.types import Known

GRADES = ("here", "wider", "key", "head", "year_off")


@dataclass(frozen=True, slots=True)
class _Many:
    """Places, as a matrix of ones and noughts, (place, 296)."""

    masks: NDArray[np.bool_]
    inside: Floats
    single: NDArray[np.bool_]  # (place,) whose errors do not even out

    def sums(self, by_authority: Floats) -> Floats:
        """(..., 296) to (..., place)."""
        out: Floats = by_authority @ self.inside.T
        return out


def account_histories(areas: Sequence[Sequence[str]]) -> tuple[tuple[AccountYear, ...], ...]:
    """Every year with accounts of each area (codes of authorities), as :func:`account_history` has them of one but for
    the last digits of a float. SokeError for unknown codes."""
    if not areas:
        return ()
    masks = np.array([mask(codes) for codes in areas])
    many = _Many(masks, masks.astype(float), np.array([size_of(here) == "single" for here in masks]))
    whole = [whole_regions(here) for here in masks]
    years = [_year(year, many, whole) for year in range(regional.FIRST, regional.LAST + 1)]
    return tuple(zip(*years, strict=True))


def _year(year: int, many: _Many, whole: Sequence[bool]) -> list[AccountYear]:
    shape = (len(many.masks),)
    sides = {"revenue": np.zeros(shape), "spending": np.zeros(shape)}
    grades, variance = np.zeros((len(GRADES), *shape)), np.zeros(shape)
    made = pieces_once(year)
    for piece in made:
        here, wider, off, wrong = _measured(piece, many)
        left, head = _unmeasured(piece, many)
        sides[piece.component.spec.side] += here + wider + left
        grades += np.abs([here, wider, left - head, head, off])
        tested = truth_errors()[piece.component.id]
        variance += wrong + (np.where(many.single, tested.of("single"), tested.of("group")) * left) ** 2
    grades /= grades[:4].sum(axis=0)
    words, widths = carried_in(made, year), WIDTH * np.sqrt(variance)
    return [
        AccountYear(year, float(sides["revenue"][k]), float(sides["spending"][k]),
                    None if whole[k] else float(widths[k]), Known(*(float(share) for share in grades[:, k])), words)
        for k in range(*shape)
    ]  # fmt: skip


def _measured(piece: Piece, many: _Many) -> tuple[Floats, Floats, Floats, Floats]:
    """Measured here, measured wider, of another year, and the variance of what is split; each (place,)."""
    here, wider, off, wrong = (np.zeros(len(many.masks)) for _ in range(4))
    factor = counted_factor(piece)
    if not factor.any():
        return here, wider, off, wrong
    for figure in piece.own:
        money = many.sums(figure.split * factor * (figure.amounts * ~figure.estimated)[:, None])
        inside = many.sums(figure.people) >= INSIDE
        here += np.where(inside, money, 0.0).sum(axis=0)
        wider += np.where(inside, 0.0, money).sum(axis=0)
        off += money.sum(axis=0) if figure.year != piece.year else 0.0
        wrong += _wider_variance(figure, np.where(inside, 0.0, money), many)
    return here, wider, off, wrong


def _wider_variance(figure: OwnFigure, money: Floats, many: _Many) -> Floats:
    """Errors of splitting each kind of area, (place,); ``money`` (area, place) of those not inside."""
    out = np.zeros(len(many.masks))
    kinds = own.kinds_of(figure.areas)
    for kind in np.unique(kinds):
        group = WIDER.get(kind, WIDER_ELSE)
        single = CONSTITUENCY_SINGLE if kind == "constituency" else group * SINGLE
        out += (np.where(many.single, single, group) * money[kinds == kind].sum(axis=0)) ** 2
    return out


def _unmeasured(piece: Piece, many: _Many) -> tuple[Floats, Floats]:
    """What no own figure measures, and what people share of it; each (place,)."""
    everybody = np.ones(len(region_of()), dtype=bool)
    factor = counted_factor(piece)
    left = piece.values.copy()
    for figure in piece.own if factor.any() else ():
        left -= ((figure.amounts * ~figure.estimated) @ figure.split) * factor
    left[np.abs(left) <= DUST] = 0.0
    return many.sums(left), many.sums(left_per_head(piece, everybody, left, factor))
