"""What was probably meant by an amount that is out of all proportion: thousands for pounds, pence, months, a nought.

Of the usual slips, the one that brings the amount nearest to what it stands beside. None where none brings it near: a
guess that is no better than another helps nobody.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from decimal import Decimal

# A slip multiplies or divides by one of these: thousands or millions for pounds, pence for pounds, a nought.
SLIPS = (1_000_000, 1_000, 100, 10)
MONTHS = 12  # a year for a month, or a month for a year: only where it comes out as what it stands beside
THOUSAND = (1_000,)  # the commonest by far: taken before another that is not much nearer
ALIKE, CLOSE, NEAR, FAR = 1.02, 1.5, 3.0, 5.0  # times: what was meant is within so much of what it stands beside
PENNY = Decimal("0.01")


def likely(written: Decimal, beside: Iterable[Decimal]) -> Decimal | None:
    """The amount that was probably meant by ``written``: by the first of ``beside`` that one slip brings it near to.

    >>> likely(Decimal(24_780_000_000), [Decimal(25_000_000)]), likely(Decimal(24_780), [Decimal(25_000_000)])
    (Decimal('24780000'), Decimal('24780000'))
    """
    for reference in beside:
        if written <= 0 or reference <= 0 or _apart(written, reference) <= math.log(NEAR):
            continue
        for slips, near in (((MONTHS,), ALIKE), (SLIPS, CLOSE), (THOUSAND, FAR), (SLIPS, NEAR)):
            meant = [amount for slip in slips for amount in (written / slip, written * slip) if _sum(amount)]
            best = min(meant, key=lambda amount: _apart(amount, reference), default=written)
            if _apart(best, reference) <= math.log(near):
                return best.quantize(Decimal(1) if best == best.to_integral_value() else PENNY)
    return None


def did_you_mean(written: Decimal, beside: Iterable[Decimal], shown: Callable[[Decimal], str], otherwise: str) -> str:
    """What to do about an amount: the one that was probably meant, then what to do if it was not."""
    meant = likely(written, beside)
    return otherwise if meant is None else f"Did you mean {shown(meant)}? {otherwise}"


def number(amount: Decimal) -> str:
    """``1,234`` or ``0.05``."""
    return f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount.normalize():f}"


def _apart(one: Decimal, other: Decimal) -> float:
    return abs(float((one / other).ln()))


def _sum(amount: Decimal) -> bool:
    """Whether it is pounds and pence: a twelfth of most sums is no sum that anybody writes."""
    return abs(amount - amount.quantize(PENNY)) < Decimal("1e-9")
