"""DF: funds and pools."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from soke.deal.burden import first_year
from soke.deal.fund_kinds import MECHANISMS
from soke.deal.likely import likely
from soke.deal.registry import Context, Fault, rule
from soke.deal.rules.forms import ids
from soke.deal.types import Deal, Fund, FundYear
from soke.text import did_you_mean, financial_year, sterling

PRICES = re.compile(r"cash|real (\d{4})-(\d{2})", re.ASCII)
ROUNDING = Decimal(1000)  # pounds: headlines are published rounded, lines to the pound


@rule(
    "DF301", "error", "The payer or the payee is not a party",
    why="Every pound has a payer and a receiver, and both must be parties who can be held to it.",
    bad='[[fund]]\nid = "skills"\nfrom = "treasury-cat"', good='[[fund]]\nid = "skills"\nfrom = "dfe"',
    reads=("party",),
)  # fmt: skip
def payer_and_payee(deal: Deal, context: Context) -> Iterator[Fault]:
    parties = ids(deal, ["party"])
    for fund in deal.funds:
        for key, named in (("from", fund.payer), ("to", fund.payee)):
            if named not in parties:
                verb = "paid from" if key == "from" else "paid to"
                fact = f'The fund "{fund.id}" is {verb} "{named}", which is no party of the deal.'
                yield fund.where(key), fact, did_you_mean(named, parties, "Name a party, or add one.")


@rule(
    "DF303", "error", "The lines do not add up to the profile",
    why="If the parts do not make the whole, one of them is wrong, and the register could not be reconciled.",
    bad='[[fund]]\nid = "skills"\nlines = { courses = 90_000_000 }',
    good='[[fund]]\nid = "skills"\nlines = { courses = 60_000_000, free_courses_for_jobs = 40_000_000 }',
    reads=(),
)  # fmt: skip
def lines_add_up(deal: Deal, context: Context) -> Iterator[Fault]:
    for fund in deal.funds:
        total = sum(fund.lines.values(), Decimal(0))
        if fund.lines and fund.profile and total != first_year(fund):
            gap = abs(total - first_year(fund))
            fact = (
                f'The lines of "{fund.id}" add up to {sterling(total)}; '
                f"its first year is {sterling(first_year(fund))}, a difference of {sterling(gap)}."
            )
            yield fund.where("lines"), fact, "Correct a line or the profile."


@rule(
    "DF304", "error", "A profile with a gap, or with no year",
    why="Money that stops for a year and starts again is nearly always a line that was forgotten.",
    bad='[[fund]]\nid = "skills"\n'
    'profile = [{ year = "2026-27", revenue = 100_000_000 }, { year = "2028-29", revenue = 100_000_000 }]',
    good='[[fund]]\nid = "skills"\n'
    'profile = [{ year = "2026-27", revenue = 100_000_000 }, { year = "2027-28", revenue = 100_000_000 }]',
    reads=(),
)  # fmt: skip
def gaps(deal: Deal, context: Context) -> Iterator[Fault]:
    for fund in deal.funds:
        years = sorted({row.year for row in fund.profile})
        if not years:
            yield fund.where("profile"), f'The fund "{fund.id}" has no year.', "Give its pounds by year."
            continue
        gone = [year for year in range(years[0], years[-1]) if year not in years]
        if gone:
            fact = (
                f'The fund "{fund.id}" pays nothing in {", ".join(map(financial_year, gone))}, and then starts again.'
            )
            yield fund.where("profile"), fact, "Add the year, with nought if nought is meant."


@rule(
    "DF312", "error", "A year twice in a fund",
    why="One of the two amounts would be lost.",
    bad='[[fund]]\nid = "skills"\n'
    'previous_spend = [{ year = "2025-26", revenue = 9_000_000 }, { year = "2025-26", capital = 4_000_000 }]',
    good='[[fund]]\nid = "skills"\nprevious_spend = [{ year = "2025-26", revenue = 9_000_000, capital = 4_000_000 }]',
    reads=(),
)  # fmt: skip
def twice(deal: Deal, context: Context) -> Iterator[Fault]:
    for fund in deal.funds:
        for key, rows in (("profile", fund.profile), ("previous_spend", fund.previous_spend)):
            years = [row.year for row in rows]
            for index, year in enumerate(years):
                if year in years[:index]:
                    fact = f'The fund "{fund.id}" has {financial_year(year)} twice in its {key.replace("_", " ")}.'
                    yield fund.where(key, index), fact, "Write one entry, with revenue and capital."


@rule(
    "DF305", "error", "The funds do not add up to the pool's headline",
    why="A headline that its own lines do not bear out is how a settlement looks larger than it is.",
    bad='[[pool]]\nid = "settlement"\nheadline = 200_000_000',
    good='[[pool]]\nid = "settlement"\nheadline = 100_000_000',
    reads=("fund",),
)  # fmt: skip
def pools_add_up(deal: Deal, context: Context) -> Iterator[Fault]:
    for pool in deal.pools:
        total = sum((_in_year(fund, pool.year) for fund in deal.funds if fund.pooled_in == pool.id), Decimal(0))
        if abs(total - pool.headline) >= ROUNDING:
            fact = (
                f'The funds pooled in "{pool.id}" add up to {sterling(total)} in {financial_year(pool.year)}; '
                f"the headline is {sterling(pool.headline)}."
            )
            meant = likely(pool.headline, [total])
            fix = "Correct the headline, or add the missing lines as a remainder."
            yield pool.where("headline"), fact, f"Did you mean {sterling(meant)}? {fix}" if meant else fix


def _in_year(fund: Fund, year: int) -> Decimal:
    return sum((row.total for row in fund.profile if row.year == year), Decimal(0))


@rule(
    "DF306", "warning", "A remainder, not a source figure",
    why="The amount is a headline less the lines that could be read. It must not be quoted as published.",
    bad='[[fund]]\nid = "skills"\nremainder = true',
    good='[[fund]]\nid = "skills"\n'
    '# soke: ignore DF306 reason="the headline less the published lines, until the rest are published"\n'
    "remainder = true",
    reads=(),
)  # fmt: skip
def remainders(deal: Deal, context: Context) -> Iterator[Fault]:
    for fund in deal.funds:
        if fund.remainder:
            fact = f'"{fund.id}" ({sterling(first_year(fund))} in its first year) is a remainder, not a source figure.'
            yield fund.where("remainder"), fact, "Replace it with the published lines when there are any."


@rule(
    "DF309", "error", "Real or cash prices not said",
    why="Pounds of 2026 and pounds of 2030 are not the same money; the deal must say which it means.",
    bad='prices = "pounds"', good='prices = "real 2026-27"',
    reads=(),
)  # fmt: skip
def prices_said(deal: Deal, context: Context) -> Iterator[Fault]:
    match = PRICES.fullmatch(deal.prices)
    if not match or (match.group(1) and int(match.group(2)) != (int(match.group(1)) + 1) % 100):
        fact = f'Prices are "{deal.prices[:60]}".'
        yield deal.where("prices"), fact, 'Write "cash", or the year of constant prices: "real 2026-27".'


@rule(
    "DF310", "error", "A bidding round",
    why="Funds go at once to all who qualify. Bidding costs staff and time, and rewards the best-staffed.",
    bad='[[fund]]\nid = "skills"\nmechanism = "bid"', good='[[fund]]\nid = "skills"\nmechanism = "national-formula"',
    reads=(),
)  # fmt: skip
def bidding(deal: Deal, context: Context) -> Iterator[Fault]:
    for fund in deal.funds:
        if MECHANISMS[fund.mechanism].by_bid:
            fact = f'The fund "{fund.id}" is given by a bidding round.'
            yield fund.where("mechanism"), fact, "Give it by a formula that is the same for all areas of the tier."


@rule(
    "DF311", "warning", "Smaller than what was spent before",
    why="A power can be handed over with less money than it used to cost. The trimming on the way should be seen.",
    bad='[[fund]]\nid = "skills"\nprevious_spend = [{ year = "2025-26", revenue = 120_000_000 }]',
    good='[[fund]]\nid = "skills"\nprevious_spend = [{ year = "2025-26", revenue = 97_000_000 }]',
    reads=(),
)  # fmt: skip
def trimmed(deal: Deal, context: Context) -> Iterator[Fault]:
    for fund in deal.funds if PRICES.fullmatch(deal.prices) else ():
        if not fund.previous_spend or not fund.profile:
            continue
        before = max(fund.previous_spend, key=lambda row: row.year)
        after = min(fund.profile, key=lambda row: row.year)
        worth = _worth(before, after.year, deal, context)
        if worth > 0 and after.total < worth - ROUNDING:
            fact = (
                f'The fund "{fund.id}" starts at {sterling(after.total)}, {(1 - after.total / worth) * 100:.1f} per '
                f"cent less in real terms than the {sterling(before.total)} spent on the same functions in "
                f"{financial_year(before.year)}{_basis(deal, context)}."
            )
            meant = likely(after.total, [before.total]) or likely(before.total, [after.total])
            fix = "Say why, or make up the difference."
            yield fund.where("previous_spend"), fact, f"{fix} Or was {sterling(meant)} meant?" if meant else fix


@rule(
    "DF313", "warning", "Money that moves, with no word on what was spent before",
    why="What was spent here before is there without the deal too. Where it is not said, it is taken to equal the "
    "fund, so that a trimmed fund would look as if nothing were lost.",
    bad='[[fund]]\nid = "skills"\nprevious_spend = []',
    good='[[fund]]\nid = "skills"\nprevious_spend = [{ year = "2025-26", revenue = 97_000_000 }]',
    reads=(),
)  # fmt: skip
def spent_before(deal: Deal, context: Context) -> Iterator[Fault]:
    for fund in deal.unsaid_before:
        fact = f'The fund "{fund.id}" says the money was spent here before but not how much.'
        yield fund.where("previous_spend"), fact, "Add previous_spend, the pounds of the year before."


def _worth(before: FundYear, year: int, deal: Deal, context: Context) -> Decimal:
    """Earlier spending in the prices of a later year; unchanged where the deal's figures are real already."""
    if deal.prices.startswith("real"):
        return before.total
    return before.total * (1 + context.assumptions.price_growth) ** max(0, year - before.year)


def _basis(deal: Deal, context: Context) -> str:
    if deal.prices.startswith("real"):
        return ""
    return f" (prices assumed to rise {context.assumptions.price_growth * 100:.1f} per cent a year)"
