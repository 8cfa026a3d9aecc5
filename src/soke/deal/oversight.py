"""Who answers for what a deal gives, to whom; and what layers it makes and ends, as typed values.

Accountability grows with powers: the framework says what each power and each fund needs (``[[answerable]]``), and what
more from so many pounds a head on. It says too who is elected, who scrutinises and who audits in each tier
(``[[accountability]]`` with a ``role``), so that a deal need say only what is its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from soke.deal.located import Item, Money

Role = Literal["election", "scrutiny", "audit", "questions"]
LayerKind = Literal["body", "board", "post", "return"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Accountability(Item):
    """Who answers to whom, how often. ``covers``: ids of parties, whose powers and funds it is for, or of powers and
    funds; none written means all. Without a ``role`` it is shown and counted, and covers nothing."""

    id: str
    title: str
    to: str
    every: str
    role: Role | None = None
    covers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answerable(Item):
    """In the framework: which roles each power and each fund needs; with ``from_a_head``, all funds of a party that
    come to so many pounds a head in their largest year."""

    id: str
    title: str
    needs: tuple[Role, ...]
    from_a_head: Money = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer(Item):
    """Bodies, boards, posts or yearly returns that the deal makes, or ends."""

    id: str
    title: str
    kind: LayerKind
    change: Literal["made", "ended"]
    count: int = 1
