"""Scale: amounts that no place could hold, measured against the published figures of the deal's own places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache

from soke.deal.beside import affordable, which_sum, while_built
from soke.deal.likely import did_you_mean, number
from soke.deal.registry import Check, Context, Fault, rule
from soke.deal.types import Deal
from soke.england.baseline import baseline
from soke.england.tables import read_table
from soke.errors import Location
from soke.evidence import parameters
from soke.text import financial_year, sterling

ACCOUNTED = 2023  # financial year of the newest regional accounts
# The line of the regional accounts that a fund's function is part of.
LINES = {
    "transport": "4. of which: transport",
    "skills": "9. Education (includes training)",
    "employment": "4. of which: employment policies",
    "housing": "6. Housing and community amenities",
    "planning": "6. Housing and community amenities",
    "local-growth": "4. of which: enterprise and economic development",
    "environment": "5. Environment protection",
    "health": "7. Health",
    "social-care": "10. Social protection",
    "children": "10. Social protection",
    "public-safety": "3. Public order and safety",
}


def _sum(column: str, codes: Iterable[str]) -> float:
    """A column of the baseline over authorities; codes that it does not hold count for nothing."""
    base = baseline()
    return float(base[column][base.mask(codes)].sum())


def _output(deal: Deal) -> Decimal:
    """Pounds that the deal's places produce in a year: more than all public spending there."""
    return Decimal(round(_sum("gva", deal.members))) * 1_000_000


@rule(
    "DF314", "error", "More money than the whole place produces",
    why="Public spending is less than what a place produces in a year. A fund beyond that is pence for pounds, or a "
    "nought too many.",
    bad='[[fund]]\nid = "skills"\nprofile = [{ year = "2026-27", revenue = 100_000_000 }, '
    '{ year = "2027-28", revenue = 900_000_000_000 }]',
    good='[[fund]]\nid = "skills"\nprofile = [{ year = "2026-27", revenue = 100_000_000 }, '
    '{ year = "2027-28", revenue = 90_000_000 }]',
    reads=(),
)  # fmt: skip
def beyond_the_place(deal: Deal, context: Context) -> Iterator[Fault]:
    most = _output(deal)
    totals: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    for fund in deal.funds if deal.members else ():
        for key, rows in (("profile", fund.profile), ("previous_spend", fund.previous_spend)):
            for index, row in enumerate(rows):
                before = totals[key, row.year]
                totals[key, row.year] += row.total
                if before <= most < totals[key, row.year]:  # said once, where the sum passes it
                    fact = (
                        f'With "{fund.id}", the funds come to {sterling(before + row.total)} in '
                        f"{financial_year(row.year)}; all that is produced in the place in a year is {sterling(most)}."
                    )
                    fix = "Write pounds, not pence, and check the noughts."
                    yield (
                        fund.where(key, index),
                        fact,
                        which_sum(deal, fund, row, fix),
                    )


@cache
def _by_head(line: str) -> dict[str, float]:
    """GBP million for each head of a region on a line of the regional accounts, by the region's code."""
    year = str(ACCOUNTED)
    people = {row["code"]: float(row[year]) for row in read_table("regional_population")}
    rows = (row for row in read_table("regional_spending") if row["line"] == f"identifiable: {line}" and row[year])
    return {row["code"]: float(row[year]) / people[row["code"]] for row in rows if row["code"] in people}


def spent_here(deal: Deal, line: str) -> Decimal:
    """Pounds of public spending on a line in the deal's places: their regions', by head."""
    base, by_head = baseline(), _by_head(line)
    here = base.mask(deal.members)
    heads = zip(
        base["population"][here], (r for r, in_it in zip(base.regions, here, strict=True) if in_it), strict=True
    )
    return Decimal(round(sum(n * by_head.get(region, 0.0) for n, region in heads))) * 1_000_000


@rule(
    "DF315", "warning", "More money than all that is spent on the same here",
    why="A fund is part of what the public sector spends on its function in a place. Above the whole of it, the "
    "function is another, several years stand in one, or the money is a multiple of today's and should be said to be.",
    bad='[[fund]]\nid = "skills"\nprofile = [{ year = "2026-27", revenue = 100_000_000 }, '
    '{ year = "2027-28", revenue = 15_000_000_000 }]',
    good='[[fund]]\nid = "skills"\nprofile = [{ year = "2026-27", revenue = 100_000_000 }, '
    '{ year = "2027-28", revenue = 90_000_000 }]',
    reads=(),
)  # fmt: skip
def beyond_the_function(deal: Deal, context: Context) -> Iterator[Fault]:
    most, totals = _output(deal), defaultdict[tuple[str, int], Decimal](Decimal)
    funds = [fund for fund in deal.funds if deal.members and fund.function in LINES]
    here = {line: spent_here(deal, line) for line in {LINES[fund.function] for fund in funds}}
    for fund in funds:
        line = LINES[fund.function]
        for index, row in enumerate(fund.profile):
            spent, before = here[line], totals[line, row.year]
            totals[line, row.year] += row.total
            if before <= spent < totals[line, row.year] <= most:  # more than all that is produced: DF314
                fact = (
                    f'With "{fund.id}", funds for {fund.function} come to {sterling(totals[line, row.year])} in '
                    f"{financial_year(row.year)}; public spending there on {_in_words(line)} was {sterling(spent)} in "
                    f"{financial_year(ACCOUNTED)} (regional accounts, by head)."
                )
                fix = "Check the noughts and the function, or say why in a note."
                yield (
                    fund.where("profile", index),
                    fact,
                    which_sum(deal, fund, row, fix),
                )


def already_said(deal: Deal, context: Context, *checks: Check) -> set[Location]:
    """Where heavier rules have something to say: a slip is said once."""
    return {at for check in checks for at, _, _ in check(deal, context)}


def _in_words(line: str) -> str:
    """``4. of which: transport`` as ``transport``."""
    return line.split(". ", 1)[1].removeprefix("of which: ").lower()


@rule(
    "DI556", "warning", "More public capital than its places have",
    why="What public capital adds to output is known from changes by some per cents. Beyond a doubling of all public "
    "capital here there is no evidence; a projection holds output per job within a quarter of as is.",
    bad='[[investment]]\nid = "tram"\ncapital = 90_000_000_000\neffect = { channel = "public-capital" }',
    good='[[investment]]\nid = "tram"\ncapital = 90_000_000\neffect = { channel = "public-capital" }',
    reads=(),
)  # fmt: skip
def beyond_the_capital(deal: Deal, context: Context) -> Iterator[Fault]:
    ratio, most = parameters()["pub.cap.ratio"], _output(deal)
    for investment in deal.investments if deal.members else ():
        if investment.effect.channel != "public-capital":
            continue
        known = [code for code in investment.places if context.places.get(code) is not None]
        meant = {one for code in known for one in context.places.members(code)}
        there = Decimal(round(ratio.central * _sum("gva", meant))) * 1_000_000
        if known and there < investment.capital <= most:  # more than all that is produced: DI553
            fact = (
                f'"{investment.id}" builds for {sterling(investment.capital)}; all public capital of its places is '
                f"about {sterling(there)} ({ratio.central:g} years of output; {ratio.source})."
            )
            fix = "Check the noughts and the places, or take it in parts."
            yield (
                investment.where("capital"),
                fact,
                did_you_mean(investment.capital, while_built(deal, investment), sterling, fix),
            )


@rule(
    "DI553", "error", "An investment beyond the size of its places",
    why="Support for more people than live there, or capital beyond all that is produced, would give an effect that "
    "nobody could have.",
    bad='[[investment]]\nid = "tram"\n'
    'effect = { channel = "employment", people_a_year = { low = 800, central = 1_000, high = 120_000_000 } }',
    good='[[investment]]\nid = "tram"\n'
    'effect = { channel = "employment", people_a_year = { low = 800, central = 1_000, high = 1_200 } }',
    reads=(),
)  # fmt: skip
def beyond_its_places(deal: Deal, context: Context) -> Iterator[Fault]:
    most = _output(deal)
    for investment in deal.investments:
        cost = investment.capital + investment.revenue
        if deal.members and cost > most:
            fact = f'"{investment.id}" costs {sterling(cost)}; its places produce {sterling(most)} in a year.'
            fix = "Write pounds, not pence, and check the noughts."
            yield investment.where("capital"), fact, did_you_mean(cost, while_built(deal, investment), sterling, fix)
        known = [code for code in investment.places if context.places.get(code) is not None]
        people = investment.effect.people_a_year
        there = _sum("population_16_64", {one for code in known for one in context.places.members(code)})
        if people and known and people.high > there:
            fact = (
                f'"{investment.id}" supports up to {people.high:,.0f} people a year; '
                f"{there:,.0f} people aged 16 to 64 live in its places."
            )
            fix = "Give the people supported in one year."
            likely = did_you_mean(Decimal(people.high), affordable(deal, investment), number, fix)
            yield investment.where("effect", "people_a_year"), fact, likely


@rule(
    "DI555", "warning", "Support for more people than a programme could reach",
    why="Of those out of work, many study, care or are too ill to look for work. No programme has been tried on more "
    "than a part of the rest in one year; a projection holds it at that part.",
    bad='[[investment]]\nid = "tram"\n'
    'effect = { channel = "employment", people_a_year = { low = 800, central = 1_000, high = 20_000 } }',
    good='[[investment]]\nid = "tram"\n'
    'effect = { channel = "employment", people_a_year = { low = 800, central = 1_000, high = 1_200 } }',
    reads=(),
)  # fmt: skip
def beyond_reach(deal: Deal, context: Context) -> Iterator[Fault]:
    known, base = parameters(), baseline()
    reach, cap = known["emp.reach"].central, known["emp.cap.people"].central
    for investment in deal.investments:
        people = investment.effect.people_a_year
        if people is None or investment.effect.channel != "employment":
            continue
        there = {one for code in investment.places if context.places.get(code) for one in context.places.members(code)}
        idle = float(base.out_of_work[base.mask(there)].sum())
        if there and cap * reach * idle < people.high <= _sum("population_16_64", there):  # more than live there: DI553
            fact = (
                f'"{investment.id}" supports up to {people.high:,.0f} people a year; {idle:,.0f} people of 16 to 64 '
                f"are out of work in its places, and {reach * idle:,.0f} of them within reach."
            )
            fix = f"How many of those out of work? Give at most {cap * reach * idle:,.0f}: more is held at that."
            likely = did_you_mean(Decimal(people.high), affordable(deal, investment), number, fix)
            yield investment.where("effect", "people_a_year"), fact, likely
