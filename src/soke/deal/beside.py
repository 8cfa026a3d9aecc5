"""What a sum of a deal stands beside: the years around it, and the published settlement's line for each head."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from soke.deal.likely import did_you_mean, likely
from soke.deal.packaged import first_funds
from soke.deal.types import Deal, Fund, FundYear, Investment
from soke.england.baseline import baseline
from soke.evidence import parameters
from soke.text import sterling


@dataclass(frozen=True, slots=True)
class Lines:
    """The published settlement, pounds a head a year: by the function of its lines, and all of it."""

    by_function: dict[str, Decimal]
    settlement: Decimal
    source: str

    def of(self, function: str) -> Decimal:
        """The line of a function; of one that has none, all of the settlement, which no fund is far above."""
        return self.by_function.get(function, self.settlement)


@cache
def lines_a_head() -> Lines:
    """The lines that `soke new` starts a deal with, ``offer/first-funds.toml``."""
    data = first_funds()
    lines: dict[str, Decimal] = {}
    for fund in data["fund"]:
        pounds = Decimal(fund["revenue_per_head"]) + Decimal(fund["capital_per_head"])
        if pounds:
            lines[fund["function"]] = lines.get(fund["function"], Decimal(0)) + pounds
    return Lines(lines, Decimal(data["settlement_per_head"]), data["published"])


def people_of(members: Iterable[str]) -> Decimal:
    """People who live in authorities, by their codes; nought where none is known."""
    figures = baseline()
    return Decimal(round(float(figures["population"][figures.mask(members)].sum())))


def last_before(fund: Fund) -> tuple[int, Decimal]:
    """The last year before a fund of which its spending is said, and the pounds; nought where none is said."""
    year = max((row.year for row in fund.previous_spend), default=0)
    return year, sum((row.total for row in fund.previous_spend if row.year == year), Decimal(0))


def others(fund: Fund, row: FundYear) -> Iterator[Decimal]:
    """What a year of a fund stands beside, the nearest first: what was spent on the same before, its other years."""
    yield from (before.total for before in sorted(fund.previous_spend, key=lambda one: -one.year))
    yield from sorted(other.total for other in fund.profile if other is not row)


def references(deal: Deal, fund: Fund, row: FundYear) -> list[Decimal]:
    """The same, and the published line for each head of the place; all of the settlement only for what is far above."""
    lines, people = lines_a_head(), people_of(deal.members)
    line = lines.of(fund.function) * people
    near = fund.function not in lines.by_function and row.total < line * 10
    return [amount for amount in (*others(fund, row), Decimal(0) if near else line) if amount > 0]


def which_sum(deal: Deal, fund: Fund, row: FundYear, otherwise: str) -> str:
    """What to do about a year of a fund: the part of it that was probably meant otherwise, or all of it."""
    for part in ("revenue", "capital"):
        own: Decimal = getattr(row, part)
        rows = [*sorted(fund.previous_spend, key=lambda one: -one.year), *fund.profile]
        beside = [pounds for one in rows if one is not row and (pounds := getattr(one, part))]
        if own != row.total and (meant := likely(own, beside)) is not None:
            return f"Did you mean {sterling(meant)} of {part}? {otherwise}"
    return did_you_mean(row.total, references(deal, fund, row), sterling, otherwise)


def paid(fund: Fund, year: int) -> Decimal:
    """Pounds that a fund pays in a year; after its profile the last year again, where it goes on."""
    rows = sorted(fund.profile, key=lambda row: row.year)
    goes_on = rows and year > rows[-1].year and fund.afterwards.factor(0.0) > 0
    return rows[-1].total if goes_on else sum((row.total for row in rows if row.year == year), Decimal(0))


def in_all(fund: Fund, years: int) -> Decimal:
    """Pounds of a fund in its profile; of one that goes on after it, of so many years."""
    if not fund.profile:
        return Decimal(0)
    first, last = (pick(row.year for row in fund.profile) for pick in (min, max))
    goes_on = paid(fund, last + 1) > 0
    return sum((paid(fund, year) for year in range(first, max(last + 1, first + years * goes_on))), Decimal(0))


def while_built(deal: Deal, investment: Investment) -> list[Decimal]:
    """What the cost of an investment stands beside: its fund in the years from its start to its opening."""
    fund = deal.fund(investment.fund)
    years = range(investment.starts, max(investment.opens, investment.starts + 1))
    return [sum((paid(fund, year) for year in years), Decimal(0))] if fund else []


def a_year_of(deal: Deal, investment: Investment) -> Decimal:
    """Pounds a year for people: the revenue of an investment, else all that its fund pays in the year it opens."""
    fund = deal.fund(investment.fund)
    return investment.revenue or (paid(fund, investment.opens) if fund else Decimal(0))


COST_OF = {"employment": "emp.cost.client", "skills": "skl.cost.learner"}  # of a person, by channel: the evidence's id


def affordable(deal: Deal, investment: Investment) -> list[Decimal]:
    """What the people of a programme stand beside: those whom its money would pay for at the evidence's cost."""
    known = parameters().get(COST_OF.get(investment.effect.channel, ""))
    return [a_year_of(deal, investment) / Decimal(known.central)] if known else []
