"""Who keeps the next pound of business rates from growth in an area, by the shares of the law: before any levy, until
the next reset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from soke.england.baseline import baseline
from soke.england.places import places
from soke.model.funding.rates_shares import Split, billing, split

NEXT_POUND_YEAR = 2025  # of the shares: the last whose law was read
KeptBy = Literal["billing", "upper", "fire", "combined", "central"]
KEEPERS: tuple[KeptBy, ...] = ("billing", "upper", "fire", "combined", "central")


@dataclass(frozen=True, slots=True)
class Group:
    """Councils of an area whose rates are shared out alike, and their part of the area's rateable value, 0 to 1."""

    codes: tuple[str, ...]
    split: Split
    weight: float

    def share(self, keeper: KeptBy) -> float:
        return float(getattr(self.split, keeper))


@dataclass(frozen=True, slots=True)
class NextPound:
    """Of several councils the shares are weighed by what their rates are worth."""

    groups: tuple[Group, ...]

    def pence(self, keeper: KeptBy) -> float:
        """What it keeps, pence of a pound."""
        return 100 * sum(group.weight * group.share(keeper) for group in self.groups)


def next_pound(codes: Sequence[str]) -> NextPound:
    """``codes``: today's lower-tier and unitary authorities. SokeError as
    :func:`soke.model.funding.rates_shares.split`."""
    alike: dict[Split, list[str]] = {}
    for code in codes:
        alike.setdefault(split(billing(places().by_code[code], NEXT_POUND_YEAR), NEXT_POUND_YEAR), []).append(code)
    b = baseline()
    worth = {one: float(b["rateable_value"][b.mask(those)].sum()) for one, those in alike.items()}
    whole = sum(worth.values())
    return NextPound(tuple(Group(tuple(those), one, worth[one] / whole) for one, those in alike.items()))
