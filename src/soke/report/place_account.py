"""What does a place raise and spend, and what is its gap made of? The answer of ``soke place``."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from soke.deal.reader import read_scenario
from soke.england.places import places
from soke.errors import SokeError
from soke.model import accounts
from soke.model.accounts import METHODS, by_class, district_account, has_whole_account
from soke.model.accounts.apportion import Method
from soke.model.accounts.comparison import BaseYearAccount, base_year_account
from soke.model.accounts.types import Account, PartialAccount
from soke.report.tables.account import (
    account_base_year,
    account_classes,
    account_lines,
    account_methods,
    account_totals,
)
from soke.result import Answered
from soke.table import Answer, Table
from soke.text import financial_year


def place_account(names: Sequence[str], year: int, method: str = "own") -> Answered[Account | PartialAccount]:
    """The account of one place, or of several as one area, in the financial year that starts in ``year``.

    ``names``: names or ONS codes. Money is GBP million cash. Tables: ``account_lines``; of all but a single district
    also ``account_methods``, ``account_base_year`` (newest account and base year of the scenario, whatever ``year``),
    ``account_totals`` and ``account_classes``. SokeError for an unknown place, a year without accounts, or a method
    that is none.
    """
    if method not in METHODS:
        raise SokeError(f"{method[:40]!r} is not a method.", f"Use one of {', '.join(METHODS)}.", code="unknown-name")
    found = list(dict.fromkeys(places().find(name) for name in names))
    if not found:
        raise SokeError("No place is named.", "Name one, such as Leeds.", code="unknown-place")
    codes = tuple(sorted({code for place in found for code in places().members(place.code)}))
    title = found[0].name if len(found) == 1 else " and ".join(place.name for place in found)
    if not has_whole_account(codes):
        return _partial(district_account(codes[0], year))
    by_method = {key: accounts.account(codes, year, key, title) for key in METHODS}
    return _whole(by_method, codes, method, base_year_account(codes, read_scenario().base_year, method, title))


def _whole(
    by_method: dict[Method, Account], codes: Sequence[str], method: Method, newest: BaseYearAccount
) -> Answered[Account]:
    a = by_method[method]
    methods, totals = account_methods(by_method), account_totals(a)
    classes = account_classes(by_class(codes, a.year, method))
    facts = {
        **_facts(a), "authorities": len(codes), "sentence": sentence(a), "how_known": how_known(a),
        "receipts_gbp_million_cash": a.receipts, "spending_gbp_million_cash": a.spending,
        "gap_gbp_million_cash": a.gap, "low_gap_gbp_million_cash": a.gap_low, "high_gap_gbp_million_cash": a.gap_high,
        "gap_split_gbp_million_cash": dataclasses.asdict(a.split),
    }  # fmt: skip
    shown = dataclasses.replace(methods, caption=f"{a.name}, {financial_year(a.year)}. {sentence(a)}", notes=a.notes)
    return Answered(a, Answer(_lines(a), facts, (methods, account_base_year(newest), totals, classes)), shown)


def _partial(a: PartialAccount) -> Answered[PartialAccount]:
    lines = _lines(a)
    caption = f"{a.name}, {financial_year(a.year)}, {a.population:,.0f} people"
    return Answered(a, Answer(lines, _facts(a)), dataclasses.replace(lines, caption=caption))


def _facts(a: Account | PartialAccount) -> dict[str, object]:
    return {"place_code": a.place, "name": a.name, "year": financial_year(a.year), "population_persons": a.population}


def _lines(a: Account | PartialAccount) -> Table:
    """The lines without those that are nothing here and in England."""
    lines = account_lines(a).where(lambda row: row["gbp_million_cash"] != 0.0 or row["england_gbp_per_head"] != 0.0)
    return dataclasses.replace(lines, notes=a.notes)


def sentence(a: Account) -> str:
    """What is raised, spent and short, with the range of the gap over methods."""
    start = f"Raises £{a.receipts / 1e3:.1f}bn, spends £{a.spending / 1e3:.1f}bn"
    if a.gap <= 0:
        return f"{start}: £{-a.gap / 1e3:.1f}bn over."
    return f"{start}: £{a.gap / 1e3:.1f}bn short (£{a.gap_low / 1e3:.1f}bn to £{a.gap_high / 1e3:.1f}bn by method)."


def how_known(a: Account) -> str:
    """What part of the account is measured here, and what is shared out; and the source."""
    return (
        f"{a.measured_share:.0%} measured here, {a.apportioned_share:.0%} apportioned by a named key, "
        f"{a.per_head_share:.0%} per head. Source: ONS country and regional public sector finances, shared by Soke."
    )
