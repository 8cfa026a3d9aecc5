"""Years, days, people and thresholds of another size than the rest of a deal: DV011, DM609, DC213, DX509."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from soke.deal.beside import people_of
from soke.deal.likely import did_you_mean, number
from soke.deal.registry import Context, Fault, rule
from soke.deal.rules.leaps import bound
from soke.deal.rules.scale import ACCOUNTED, spent_here
from soke.deal.states import already_met
from soke.deal.types import Condition, Deal, Indicator, Located
from soke.errors import Location
from soke.evidence import parameters
from soke.text import financial_year, sterling

IN_DAYS = {"_days": 1.0, "_last_months": 30.4}  # of a key that counts time, by how it ends: days of its unit
ALL_SPENDING = "Total identifiable expenditure"


def tables(item: Any) -> Iterator[Located]:
    """A table of a file and all tables below it, but not the framework that a deal was laid over."""
    if isinstance(item, Located):
        yield item
    for field in dataclasses.fields(item):
        value = getattr(item, field.name)
        for inner in value if isinstance(value, tuple) else (value,):
            if dataclasses.is_dataclass(inner) and field.name not in ("framework", "at"):
                yield from tables(inner)


@rule(
    "DV011", "warning", "A year or a time far from the rest",
    why="A year typed wrongly moves money out of sight, and a notice of ninety thousand days is never over.",
    bad='[[condition]]\nid = "partners-decide"\ndue_days = 90_000',
    good='[[condition]]\nid = "partners-decide"\ndue_days = 90',
    reads=(),
)  # fmt: skip
def far_in_time(deal: Deal, context: Context) -> Iterator[Fault]:
    most = parameters()["check.days"]
    for table in tables(deal):
        for field in dataclasses.fields(table):
            days = next((days for end, days in IN_DAYS.items() if field.name.endswith(end)), 0.0)
            count = getattr(table, field.name)
            if days and count is not None and count * days > most.central:
                fact = (
                    f'"{field.name}" is {count:,}, about {count * days / 365.25:,.0f} years; more than '
                    f"{most.central / 365.25:.0f} years is asked about {bound(most)}."
                )
                yield table.where(field.name), fact, "Check the number."
    for at, what, year, first, last in _years(deal):
        if not first <= year <= last:
            fact = f"{what} in {financial_year(year)}; {financial_year(first)} to {financial_year(last)} is usual here."
            yield at, fact, "Check the year, or say in a note why it is so."


def _years(deal: Deal) -> Iterator[tuple[Location, str, int, int, int]]:
    """Each year that can lie far off: where, what happens in it, and the years that are near the rest of the deal."""
    far, long = (round(parameters()[id_].central) for id_ in ("check.years.far", "check.years.long"))
    effective = deal.framework.effective.year
    yield deal.where("starts"), "The deal starts", deal.starts, effective - far, effective + far
    if not deal.years:
        return  # DV010
    yield deal.where("ends"), "The deal ends", deal.ends, deal.starts, deal.starts + long
    for fund in deal.funds:
        first = min((row.year for row in fund.profile), default=deal.starts)
        for index, row in enumerate(fund.profile):
            if row.year == first:
                at = fund.where("profile", index)
                yield at, f'The first year of "{fund.id}" is', row.year, deal.starts - far, deal.ends
        for index, row in enumerate(fund.previous_spend):
            at, what = fund.where("previous_spend", index), f'What was spent before "{fund.id}" was spent'
            yield at, what, row.year, first - far, max(first - 1, deal.starts)
    for one in deal.investments:
        first, last = deal.starts - far, deal.ends + far
        yield one.where("starts"), f'"{one.id}" starts', one.starts, first, last
        yield one.where("opens"), f'"{one.id}" opens', one.opens, first, max(one.starts, first) + long
    for condition in deal.conditions:
        if condition.from_year is not None:
            at, what = condition.where("from"), f'The condition "{condition.id}" begins'
            yield at, what, condition.from_year, deal.starts - far, deal.ends
    if deal.fiscal.business_rates is not None:
        at, last = deal.fiscal.business_rates.where("reset"), deal.ends + long
        yield at, "The reset is", deal.fiscal.business_rates.reset, deal.starts - far - long, last


@rule(
    "DM609", "warning", "Neighbourhoods larger than the place",
    why="A neighbourhood budget is for the people of a neighbourhood. Sizes beyond the place, or in the wrong order, "
    "leave no neighbourhood that could have one.",
    bad='[[community]]\nid = "local-budgets"\nsize_min = 5_000\nsize_max = 50_000_000',
    good='[[community]]\nid = "local-budgets"\nsize_min = 5_000\nsize_max = 50_000',
    reads=(),
)  # fmt: skip
def larger_than_the_place(deal: Deal, context: Context) -> Iterator[Fault]:
    people = people_of(deal.members)
    for one in deal.community:
        for key in ("size_min", "size_max"):
            size = getattr(one, key)
            if size is not None and people and size > people:
                fact = f'"{key}" of "{one.id}" is {size:,} people; {people:,} live in the place (ONS).'
                yield one.where(key), fact, "Give the people of one neighbourhood."
        if one.size_min is not None and one.size_max is not None and one.size_min > one.size_max:
            fact = (
                f'The neighbourhoods of "{one.id}" have at least {one.size_min:,} people and at most {one.size_max:,}.'
            )
            yield one.where("size_min"), fact, "Write the smaller number as size_min."


@rule(
    "DC213", "warning", "A threshold of another size than today's figure",
    why="A test that is ten times today's figure, or a share of more than the whole, is met never or always: a per "
    "cent for a share, or thousands for ones.",
    bad='[[condition]]\nid = "partners-decide"\nat_least = 85',
    good='[[condition]]\nid = "partners-decide"\nat_least = 0.85',
    reads=("indicator",),
)  # fmt: skip
def thresholds(deal: Deal, context: Context) -> Iterator[Fault]:
    declared = {indicator.id: indicator for indicator in deal.indicators}
    for condition in deal.conditions:
        indicator = declared.get(condition.indicator or "")
        for key in ("at_least", "at_most") if indicator is not None else ():
            value = getattr(condition, key)
            if value is not None and indicator is not None:
                yield from _threshold(condition, key, value, indicator)
    for case in deal.cases:
        for name, given in case.given.items():
            if isinstance(given, Decimal) and given > 1 and name in declared and _is_share(declared[name]):
                fact = f'The case "{case.name}" gives {number(given)} of what is measured as a {declared[name].unit}.'
                yield case.where("given", name), fact, _share_meant(given)
    for indicator in deal.indicators:
        start, noise = indicator.baseline_value, indicator.yearly_noise
        if start is not None and start > 1 and _is_share(indicator) and indicator.usual_cases is None:
            fact = f'"{indicator.id}" is measured as a {indicator.unit}, and starts at {number(start)}.'
            yield indicator.where("baseline_value"), fact, _share_meant(start)
        if start and noise is not None and noise > abs(start):
            fact = f'"{indicator.id}" starts at {number(start)} and varies by {number(noise)} a year by chance alone.'
            yield indicator.where("yearly_noise"), fact, "Check both: chance larger than the figure decides everything."


def _threshold(condition: Condition, key: str, value: Decimal, indicator: Indicator) -> Iterator[Fault]:
    start, most = indicator.baseline_value, parameters()["check.threshold"]
    times = Decimal(most.central)
    if value > 1 and _is_share(indicator):
        fact = f'"{condition.id}" asks for {number(value)} of what is measured as a {indicator.unit}.'
        yield condition.where(key), fact, _share_meant(value)
    elif start and value > 0 and not start / times < value < start * times and not already_met(condition, start):
        fact = (
            f'"{condition.id}" asks for {number(value)} {indicator.unit}; today\'s figure is {number(start)}. '
            f"{times:g} times more or less is asked about {bound(most)}."
        )
        yield condition.where(key), fact, did_you_mean(value, [start], number, "Check the noughts of both.")


def _is_share(indicator: Indicator) -> bool:
    return indicator.unit.startswith(("share", "proportion", "fraction"))


def _share_meant(value: Decimal) -> str:
    meant = f"Did you mean {number(value / 100)}? " if value <= 100 else ""
    return f"{meant}A share runs from 0 to 1."


@rule(
    "DX509", "warning", "An account of another size than the published one",
    why="What is spent in a place is published for its region. A stated account of another size is in thousands, in "
    "pence, or of another place.",
    bad="[account]\npublic_spend = 21_000_000\ntax_raised = 17_000_000\nstated_gap = 4_000_000",
    good="[account]\npublic_spend = 21_000_000_000\ntax_raised = 17_000_000_000\nstated_gap = 4_000_000_000",
    reads=("account",),
)  # fmt: skip
def stated_account(deal: Deal, context: Context) -> Iterator[Fault]:
    account, most = deal.account, parameters()["check.leap"]
    published = spent_here(deal, ALL_SPENDING)
    if account is None or not published or account.public_spend - account.tax_raised != account.stated_gap:
        return  # DX501: of two definitions, or a slip in one of the three
    for key, pounds in (("public_spend", account.public_spend), ("tax_raised", account.tax_raised)):
        if pounds and not published / Decimal(most.central) <= pounds <= published * Decimal(most.central):
            fact = (
                f'"{key}" is {sterling(pounds)} in {financial_year(account.year)}; {sterling(published)} was spent in '
                f"the place in {financial_year(ACCOUNTED)} (regional accounts, by head)."
            )
            yield account.where(key), fact, did_you_mean(pounds, [published], sterling, "Write pounds.")
