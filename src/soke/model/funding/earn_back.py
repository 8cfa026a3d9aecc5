"""Earn-back: a share of the extra receipts that growth here brings, paid back up to a cap, for some years.

    paid = share x (receipts with the deal - receipts as is - what the place keeps of them already)

between nought and the cap of the year, in real terms.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from soke.england.baseline import Floats
from soke.model.money.investments import Frame

SERIES = "earned_back"


@dataclass(frozen=True, slots=True)
class Lever:
    """``share`` of the extra receipts, up to ``cap`` (year,) real GBP million, nought when not paid."""

    share: float
    cap: Floats
    area: tuple[int, ...]  # index of the deal's places
    by_head: Floats  # (member,) how it is spread over them


def lever(frame: Frame) -> Lever | None:
    """The deal's terms; None where it has none."""
    terms = frame.deal.fiscal.earn_back
    if terms is None:
        return None
    last = terms.from_year + terms.years
    cap = [frame.prices.real_million(float(terms.cap), year, "cash") for year in frame.years]
    paid = [terms.from_year <= year < last for year in frame.years]
    people = frame.baseline["population"][list(frame.members)]
    return Lever(float(terms.share), np.where(paid, cap, 0.0), frame.members, people / people.sum())


def advance(lever: Lever | None, year: int, with_deal: Floats, as_is: Floats, gained: Floats) -> Floats | None:
    """GBP million (draw, member); None where there is none.

    ``with_deal`` and ``as_is`` receipts, ``gained`` what the place keeps already, all (draw, place).
    """
    if lever is None or lever.cap[year] == 0:
        return None
    area = list(lever.area)
    extra = (with_deal[:, area] - as_is[:, area] - np.maximum(gained[:, area], 0.0)).sum(axis=1)
    return np.asarray(np.clip(lever.share * extra, 0.0, lever.cap[year])[:, None] * lever.by_head)
