"""Referendum principles: how far a council may raise its Band D before the voters must agree.

A rise is excessive, and needs a vote (Local Government Finance Act 1992, sections 52ZB and 52ZC), where it is

    at or above the percentage (core + adult social care), and above the amount in pounds

so that budgets stop at 4.99 per cent, while police commissioners with a limit of 14 pounds raise by exactly 14: Greater
Manchester did in 2025-26. Where a class has both, the larger counts. The test is on Band D without parishes. Principles
differ by class and year; some councils are given their own, some have none, mayoral combined authorities have none.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from soke.england.baseline import Grade
from soke.errors import SokeError
from soke.model.funding.council_tax import PENNY, floor_penny
from soke.model.funding.dated import NO_LIMIT, Rules, rules

CORE = "council_tax.referendum.core"
ADULT_CARE = "council_tax.referendum.adult_care"
POUNDS = "council_tax.referendum.pounds"
POUNDS_LOW = "council_tax.referendum.pounds_low"
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


REMOVED = Limit(NO_LIMIT, Decimal(0), Decimal(0), "estimate", "what if: limits removed")


def limit(kind: str, year: int, code: str = "", lowest_quartile: bool = False, law: Rules | None = None) -> Limit:
    """The principle for a class of authority in a year; ``code`` looks for a council's own first.

    ``lowest_quartile``: it is among the class's lowest taxes, for the years in which those had pounds of their own.
    SokeError for a year or class without principles, which says what exists.
    """
    held = law or rules()
    found = [held.row(name, year, _who(held, name, year, kind, code)) for name in (CORE, POUNDS, ADULT_CARE)]
    if lowest_quartile and _has(held, POUNDS_LOW, year, kind):
        found[1] = held.row(POUNDS_LOW, year, kind)
    core, pounds, adult_care = found
    grade = min((row.grade for row in found), key=WORST.index)
    notes = "; ".join(dict.fromkeys(row.note for row in found if row.note))
    return Limit(core.value, pounds.value, adult_care.value, grade, notes)


def _who(law: Rules, name: str, year: int, kind: str, code: str) -> str:
    return code if code and _has(law, name, year, code) else kind


def _has(law: Rules, name: str, year: int, who: str) -> bool:
    return any(r.who == who and r.first <= year <= r.last for r in law.rows.get(name, ()))


def excessive(before: Decimal, after: Decimal, principle: Limit, adult_care: Decimal | None = None) -> bool:
    """Whether Band D from ``before`` to ``after`` (GBP, without parishes) needs a referendum.

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
    rise = after - before
    return bool(rise >= before * (principle.percent + used) and rise > principle.pounds)


def highest(before: Decimal, principle: Limit, adult_care: Decimal | None = None) -> Decimal:
    """The largest Band D, to the penny, that needs no referendum. SokeError where nothing limits it."""
    if principle.removed:
        raise SokeError("No principle limits this council tax.", "Give the rise that is supposed, as an assumption.")
    used = principle.asc if adult_care is None else adult_care
    most = floor_penny(before * (1 + principle.percent + used))
    found = max(most, floor_penny(before + principle.pounds))
    return found - PENNY if excessive(before, found, principle, adult_care) else found


def adult_care_left(kind: str, used: Iterable[Decimal], law: Rules | None = None) -> Decimal:
    """What of the 6 per cent over 2017-18 to 2019-20 is left after the shares ``used``; never below nought."""
    most = (law or rules()).exact("council_tax.referendum.adult_care_three_years", 2017, kind)
    return max(most - sum(used, Decimal(0)), Decimal(0))
