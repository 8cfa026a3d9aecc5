"""Amounts, years and days as people write them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal


def pounds(amount: Decimal) -> str:
    """``£1,234``, with pence only where there are some."""
    whole = amount == amount.to_integral_value()
    sign = "-" if amount < 0 else ""
    return f"{sign}£{abs(amount):,.0f}" if whole else f"{sign}£{abs(amount):,.2f}"


def financial_year(start: int) -> str:
    """``2026-27`` for 2026."""
    return f"{start}-{(start + 1) % 100:02d}"


def year_of(date: dt.date) -> int:
    """The financial year of a day, by its start."""
    return date.year - (date < dt.date(date.year, 4, 1))


def day(date: dt.date) -> str:
    """``29 February 2028``."""
    return f"{date.day} {date:%B} {date.year}"
