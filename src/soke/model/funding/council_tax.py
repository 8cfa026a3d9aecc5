"""Council tax, exact to the penny: bands, bills, tax base, Band D, and the projection of core spending power.

    bill of a band = sum over preceptors of round(Band D x ratio, half a penny up)
    base of a band = (H - Q + E + J - Z) ratio,    tax base = collection rate x sum + contributions
    Band D = requirement / tax base
    Band D of next year = down to the penny of max(Band D (1 + x + a), Band D + y)
    tax base of next year = tax base x g,    g = (base_t / base_{t-4})^(1/4)

H chargeable dwellings, Q discounts, E premiums, J expected changes, Z council tax support, all in dwellings of the
band; x the core limit, a adult social care, added and never compounded, y the limit in pounds. The ratios are ninths
of Band D (Local Government Finance Act 1992, section 5); the tax base is that of SI 2012/2914; the projection is that
of the explanatory notes to core spending power. Money here is Decimal: in binary, 141.42 x 100 falls below 14,142 and
its floor loses a penny. The array kernels at the end are for draws and agree to the penny.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike

from soke.england.baseline import Floats
from soke.errors import SokeError
from soke.model.funding.dated import Rules, rules

PENNY = Decimal("0.01")
BANDS = ("a_disabled", "a", "b", "c", "d", "e", "f", "g", "h")
NINTHS = 9
DIGITS = 40
HAIR = 1e-6  # of a penny: rates have at most four decimals, so no true amount lies this close below a whole penny
GROWTH_YEARS = 4


def half_up(amount: Decimal) -> Decimal:
    """To the nearest penny, half a penny up."""
    return amount.quantize(PENNY, ROUND_HALF_UP)


def floor_penny(amount: Decimal) -> Decimal:
    """Down to the penny."""
    return amount.quantize(PENNY, ROUND_FLOOR)


# Bands and bills


def ratio(band: str, year: int, law: Rules | None = None) -> Fraction:
    """A band's bill as a part of Band D: ``ratio("h", 2025) == 2``. ``a_disabled`` is 5/9."""
    name = band.lower()
    if name not in BANDS:
        raise SokeError(f"There is no council tax band {band!r}.", f"Bands are {', '.join(BANDS)}.")
    return Fraction((law or rules()).exact(f"council_tax.band.{name}", year)) / NINTHS


def band_of(value: Decimal, law: Rules | None = None) -> str:
    """The band of a home worth ``value`` GBP on 1 April 1991."""
    if not value >= 0:
        raise SokeError(f"A home cannot be worth {value} pounds.", "Give its value on 1 April 1991.")
    tops = [(band, (law or rules()).exact(f"council_tax.band_top.{band}", 1993)) for band in "abcdefg"]
    return next((band for band, top in tops if value <= top), "h")


@dataclass(frozen=True, slots=True)
class Bill:
    """A year's bill for one home: each preceptor's part in pounds and pence, and the sum."""

    band: str
    parts: Mapping[str, Decimal]

    @property
    def total(self) -> Decimal:
        return sum(self.parts.values(), Decimal(0))


def bill(band_d: Mapping[str, Decimal], band: str, year: int, law: Rules | None = None) -> Bill:
    """What a home of this band pays. ``band_d`` GBP by preceptor; each part is rounded by itself, then added."""
    part = ratio(band, year, law)
    return Bill(band, {who: in_band(amount, part) for who, amount in band_d.items()})


def in_band(band_d: Decimal, part: Fraction) -> Decimal:
    """One preceptor's Band D at a band's ratio, half a penny up, without rounding in between."""
    pence = Fraction(band_d) * part * 100
    return Decimal((2 * pence.numerator + pence.denominator) // (2 * pence.denominator)).scaleb(-2)


# Tax base, Band D


@dataclass(frozen=True, slots=True)
class BandCount:
    """One band of a billing authority, in dwellings: what is chargeable, and what adds or takes away."""

    band: str
    chargeable: Decimal  # H
    discounts: Decimal = Decimal(0)  # Q
    premiums: Decimal = Decimal(0)  # E
    changes: Decimal = Decimal(0)  # J
    support: Decimal = Decimal(0)  # Z

    @property
    def dwellings(self) -> Decimal:
        return self.chargeable - self.discounts + self.premiums + self.changes - self.support


def support_in_dwellings(awarded: Decimal, area_band_d: Decimal, band: str, year: int) -> Decimal:
    """Council tax support of GBP ``awarded`` in a band, as dwellings that pay nothing: Z of the tax base."""
    full = in_band(area_band_d, ratio(band, year))
    if full <= 0:
        raise SokeError(f"An area Band D of {area_band_d} pounds gives no bill.", "Give the whole area's Band D.")
    return awarded / full


def tax_base(
    bands: Iterable[BandCount], collection_rate: Decimal, year: int, contributions: Decimal = Decimal(0)
) -> Decimal:
    """Dwellings as Band D. ``contributions`` are Ministry of Defence homes, added after collection. Not rounded.

    SokeError where a band has fewer than no dwellings, or the collection rate is not between nought and one.
    """
    if not 0 < collection_rate <= 1:
        raise SokeError(f"A collection rate of {collection_rate} is not a share.", "Give one such as 0.985.")
    total = Fraction(0)
    for count in bands:
        if count.dwellings < 0:
            raise SokeError(
                f"Band {count.band} has {count.dwellings} dwellings after discounts and support.",
                "Support and discounts cannot exceed the dwellings: check Q and Z.",
            )
        total += Fraction(count.dwellings) * ratio(count.band, year)
    whole = total * Fraction(collection_rate) + Fraction(contributions)
    with localcontext(prec=DIGITS):
        return Decimal(whole.numerator) / Decimal(whole.denominator)


def precepting_base(bases: Mapping[str, Decimal], members: Iterable[str]) -> Decimal:
    """A precepting authority's tax base: the sum of its billing authorities'.

    The GLA needs two: all of London, and all but the City for the police. SokeError names a member without a base.
    """
    wanted = list(members)
    missing = [code for code in wanted if code not in bases]
    if missing or not wanted:
        raise SokeError(f"No tax base for {', '.join(missing) or 'anybody'}.", "Give every billing authority's.")
    twice = sorted({code for code in wanted if wanted.count(code) > 1})
    if twice:
        raise SokeError(f"{', '.join(twice)} is in the precept twice.", "Name each billing authority once.")
    return sum((bases[code] for code in wanted), Decimal(0))


def band_d(requirement: Decimal, base: Decimal) -> Decimal:
    """The basic amount of council tax, to the penny: requirement in GBP over the tax base."""
    if base <= 0:
        raise SokeError(f"A tax base of {base} gives no Band D.", "Give a tax base above nought.")
    return half_up(requirement / base)


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


def base_growth(base: Decimal, four_years_before: Decimal) -> Decimal:
    """Mean yearly growth of the tax base over four years, as a factor."""
    if base <= 0 or four_years_before <= 0:
        raise SokeError(f"Tax bases of {four_years_before} and {base} have no growth.", "Give both above nought.")
    with localcontext(prec=DIGITS):
        return (base / four_years_before).sqrt().sqrt()


@dataclass(frozen=True, slots=True)
class ProjectedTax:
    """One year of the projection: tax base in Band D dwellings, Band D and council tax in GBP."""

    year: int
    base: Decimal
    band_d: Decimal

    @property
    def council_tax(self) -> Decimal:
        return half_up(self.base * self.band_d)


def project(
    start: ProjectedTax, four_years_before: Decimal, limits: Mapping[int, tuple[Decimal, Decimal, Decimal]]
) -> tuple[ProjectedTax, ...]:
    """Tax base and Band D from ``start`` through the years of ``limits``: (percent, pounds, adult social care)."""
    growth = base_growth(start.base, four_years_before)
    out = [start]
    for year, (percent, pounds, adult_care) in sorted(limits.items()):
        before = out[-1]
        if year != before.year + 1:
            raise SokeError(f"The limits jump from {before.year} to {year}.", "Give one for every year.")
        rise = next_band_d(before.band_d, percent, pounds, adult_care)
        with localcontext(prec=DIGITS):
            out.append(ProjectedTax(year, before.base * growth, rise))
    return tuple(out)


# Mayoral precepts


def mayoral_precept(code: str, year: int, part: str = "general", law: Rules | None = None) -> Decimal:
    """The published Band D of a mayor's precept, GBP; ``part`` is ``general`` or ``police``."""
    return (law or rules()).exact(f"council_tax.mayoral_precept.{part}", year, code)


# Array kernels


def band_d_next(band_d: ArrayLike, percent: ArrayLike, pounds: ArrayLike, asc: ArrayLike = 0.0) -> Floats:
    """:func:`next_band_d` on arrays that broadcast: Band D in GBP, shares, GBP, shares. No checks."""
    now, x, y, a = (np.asarray(v, np.float64) for v in (band_d, percent, pounds, asc))
    most = np.maximum(now * (1.0 + (x + a)), now + y)
    return np.asarray(np.floor(most * 100.0 + HAIR) / 100.0)


def base_growth_rate(base: ArrayLike, four_years_before: ArrayLike) -> Floats:
    """:func:`base_growth` on arrays. No checks."""
    now, before = np.asarray(base, np.float64), np.asarray(four_years_before, np.float64)
    return np.asarray((now / before) ** (1.0 / GROWTH_YEARS))
