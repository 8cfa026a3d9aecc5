"""Referendum principles: how far a council may raise its Band D before the voters must agree.

A rise is excessive, and needs a vote (Local Government Finance Act 1992, sections 52ZB and 52ZC), where it is

    at or above the percentage (core + adult social care), and above the amount in pounds

so that budgets stop at 4.99 per cent, while those with a limit in pounds raise by exactly that: 26 of 35 police
commissioners by 24 pounds in 2019-20. Where a class has both, the larger counts. The test is on Band D without
parishes. Principles differ by class and year; some councils are given their own, some have none, mayoral combined
authorities have none. :func:`published_rises` holds them against every published rise of a billing authority: that is
what principles graded derived rest on.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from soke.england.baseline import Grade
from soke.england.settlement import council_tax_levels, council_tax_years
from soke.errors import SokeError
from soke.model.funding.council_tax import half_up
from soke.model.funding.dated import NO_LIMIT, Rules, rules

CORE = "council_tax.referendum.core"
ADULT_CARE = "council_tax.referendum.adult_care"
POUNDS = "council_tax.referendum.pounds"
POUNDS_LOW = "council_tax.referendum.pounds_low"
BAND_D = "band_d_excl_parish"
DEFERRED = "council_tax.referendum.adult_care_deferred"
WORST: tuple[Grade, ...] = ("unverified", "estimate", "derived", "official")


class Limit(NamedTuple):
    """``percent`` and ``asc`` shares of Band D, ``pounds`` GBP of Band D; infinite ``percent``: no limit.

    ``grade`` is the weakest of the figures, ``note`` what is said about them.
    """

    percent: Decimal
    pounds: Decimal
    asc: Decimal
    grade: Grade = "official"
    note: str = ""

    @property
    def removed(self) -> bool:
        return self.percent == NO_LIMIT


def limit(
    kind: str,
    year: int,
    code: str = "",
    lowest_quartile: bool = False,
    adult_care_before: Decimal | None = None,
    law: Rules | None = None,
) -> Limit:
    """The principle for a class of authority in a year; ``code`` looks for a council's own first.

    ``lowest_quartile``: it is among the class's lowest taxes, for the years in which those had pounds of their own.
    ``adult_care_before``: the share of adult social care it used the year before, where what is left carries over.
    SokeError for a year or class without principles, which says what exists.
    """
    held = law or rules()
    principles = [held.row(name, year, _who(held, name, year, kind, code)) for name in (CORE, POUNDS, ADULT_CARE)]
    if lowest_quartile and _has(held, POUNDS_LOW, year, kind):
        principles[1] = held.row(POUNDS_LOW, year, kind)
    core, pounds, adult_care = principles
    more = Decimal(0)
    if adult_care_before is not None and _has(held, DEFERRED, year, kind):
        principles.append(held.row(DEFERRED, year, kind))
        more = max(principles[-1].value - adult_care_before, Decimal(0))
    grade = min((row.grade for row in principles), key=WORST.index)
    notes = "; ".join(dict.fromkeys(row.note for row in principles if row.note))
    return Limit(core.value, pounds.value, adult_care.value + more, grade, notes)


def _who(law: Rules, name: str, year: int, kind: str, code: str) -> str:
    return code if code and _has(law, name, year, code) else kind


def _has(law: Rules, name: str, year: int, who: str) -> bool:
    return any(r.who == who and r.first <= year <= r.last for r in law.rows.get(name, ()))


def excessive(before: Decimal, after: Decimal, principle: Limit, adult_care: Decimal | None = None) -> bool:
    """Whether Band D from ``before`` to ``after`` (GBP, without parishes, taken to the penny) needs a referendum.

    ``adult_care``: the part of the rise that is for adult social care, as a share; where it is not given, the whole
    allowance. SokeError where that is more than allowed, or ``before`` is nought, from which no percentage is taken.
    """
    used = principle.asc if adult_care is None else adult_care
    if used > principle.asc:
        raise SokeError(
            f"Adult social care of {used:%} is above the {principle.asc:%} that is allowed.", "Give the part within it."
        )
    if principle.removed:
        return False
    if before <= 0:
        raise SokeError("There was no Band D the year before, so no rise to test.", "Test from the second year on.")
    before, after = half_up(before), half_up(after)
    rise = after - before
    return bool(rise >= before * (principle.percent + used) and rise > principle.pounds)


@dataclass(frozen=True, slots=True)
class Rise:
    """A published rise of a billing authority's Band D without parishes, GBP, and whether it was excessive."""

    code: str
    kind: str
    before: Decimal
    after: Decimal
    principle: Limit
    excessive: bool


def published_rises(year: int, law: Rules | None = None) -> tuple[Rise, ...]:
    """Every billing authority with a Band D in Table 9 both in ``year`` and the year before, against its principle.

    Adult social care used the year before is its published precept over last year's base and the Band D before that;
    unknown where that Band D is. SokeError for a year without a table.
    """
    now, last = council_tax_levels(year), council_tax_levels(year - 1)
    earlier = council_tax_levels(year - 2).by_code(BAND_D) if year - 2 in council_tax_years() else {}
    before, after = last.by_code(BAND_D), now.by_code(BAND_D)
    care, base = last.by_code("asc_precept"), last.by_code("tax_base")
    out = []
    for code, kind in zip(now.codes, now.kinds, strict=True):
        if not (before.get(code, 0) > 0 and after.get(code, 0) > 0):
            continue
        used = care.get(code, 0.0) / base[code] / earlier[code] if earlier.get(code, 0) > 0 else None
        principle = limit(kind, year, code, adult_care_before=None if used is None else Decimal(str(used)), law=law)
        was, set_at = Decimal(str(before[code])), Decimal(str(after[code]))
        out.append(Rise(code, kind, was, set_at, principle, excessive(was, set_at, principle)))
    return tuple(out)
