"""Council tax, exact to the penny: bands, and the next Band D as core spending power supposes it.

    part of a bill = round(Band D of a preceptor x ratio of the band, half a penny up)
    Band D of next year = down to the penny of max(Band D (1 + x + a), Band D + y)

x the core limit, a adult social care, added and never compounded, y the limit in pounds. The ratios are ninths of
Band D (Local Government Finance Act 1992, section 5); the rise is that of the explanatory notes to core spending power.
Money here is Decimal: in binary, 141.42 x 100 falls below 14,142 and its floor loses a penny. The array kernel at the
end is for draws and agrees to the penny.
"""

from __future__ import annotations

from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike

from soke.england.baseline import Floats
from soke.errors import SokeError
from soke.model.funding.dated import Rules, rules

PENNY = Decimal("0.01")
BANDS = ("a_disabled", "a", "b", "c", "d", "e", "f", "g", "h")
NINTHS = 9
HAIR = 1e-6  # of a penny: rates have at most four decimals, so no true amount lies this close below a whole penny


def half_up(amount: Decimal) -> Decimal:
    """To the nearest penny, half a penny up."""
    return amount.quantize(PENNY, ROUND_HALF_UP)


def floor_penny(amount: Decimal) -> Decimal:
    """Down to the penny."""
    return amount.quantize(PENNY, ROUND_FLOOR)


# Bands


def ratio(band: str, year: int, law: Rules | None = None) -> Fraction:
    """A band's bill as a part of Band D: ``ratio("h", 2025) == 2``. ``a_disabled`` is 5/9."""
    name = band.lower()
    if name not in BANDS:
        raise SokeError(f"There is no council tax band {band!r}.", f"Bands are {', '.join(BANDS)}.")
    return Fraction((law or rules()).exact(f"council_tax.band.{name}", year)) / NINTHS


def in_band(band_d: Decimal, part: Fraction) -> Decimal:
    """One preceptor's Band D at a band's ratio, half a penny up, without rounding in between."""
    pence = Fraction(band_d) * part * 100
    return Decimal((2 * pence.numerator + pence.denominator) // (2 * pence.denominator)).scaleb(-2)


# The projection of core spending power


def next_band_d(current: Decimal, percent: Decimal, pounds: Decimal, adult_care: Decimal = Decimal(0)) -> Decimal:
    """Next year's Band D as core spending power supposes it: the most allowed, down to the penny.

    ``percent`` and ``adult_care`` are shares (0.03), ``pounds`` GBP. At the limit itself, which in law is a penny
    more than a council may set without a vote where a percentage decides. SokeError where there is no limit.
    """
    if not (percent + pounds + adult_care).is_finite():
        raise SokeError(
            "Without a limit on council tax nothing says how far Band D would rise.",
            "Give the rise that is supposed, as an assumption.",
        )
    return floor_penny(max(current * (1 + percent + adult_care), current + pounds))


# Mayoral precepts


def mayoral_precept(code: str, year: int, part: str = "general", law: Rules | None = None) -> Decimal:
    """The published Band D of a mayor's precept, GBP; ``part`` is ``general`` or ``police``."""
    return (law or rules()).exact(f"council_tax.mayoral_precept.{part}", year, code)


# Array kernel


def band_d_next(band_d: ArrayLike, percent: ArrayLike, pounds: ArrayLike, asc: ArrayLike = 0.0) -> Floats:
    """:func:`next_band_d` on arrays that broadcast: Band D in GBP, shares, GBP, shares. No checks."""
    now, x, y, a = (np.asarray(v, np.float64) for v in (band_d, percent, pounds, asc))
    most = np.maximum(now * (1.0 + (x + a)), now + y)
    return np.asarray(np.floor(most * 100.0 + HAIR) / 100.0)
