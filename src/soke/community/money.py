"""Money of the community room: whole pence, from pounds as a file has them, and as people write them."""

from __future__ import annotations

from decimal import Decimal

from soke.text import sterling


def to_pence(amount: Decimal) -> int:
    """Pounds as whole pence. Exact: the reader refuses anything finer than a penny."""
    return int(amount * 100)


def pence_said(pence: int) -> str:
    """``£1,234``, with pence only where there are some."""
    return sterling(Decimal(pence) / 100)
