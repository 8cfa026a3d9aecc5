"""DF316 and DF317: sums far from the year before, and from the published settlement's line for each head."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from soke.deal.beside import last_before, lines_a_head, people_of, which_sum
from soke.deal.likely import likely
from soke.deal.registry import Context, Fault, rule
from soke.deal.rules.conditions import costs_more
from soke.deal.rules.funds import trimmed
from soke.deal.rules.scale import LINES, already_said, beyond_the_function, beyond_the_place
from soke.deal.types import Deal, Fund, FundYear
from soke.errors import Location
from soke.evidence import Parameter, parameters
from soke.text import financial_year, sterling

FIX = "Check the noughts, or say in a note why it is so."


def bound(known: Parameter) -> str:
    """A bound of the checks as people read it, with where it comes from."""
    return f"({known.grade}: {known.source})"


def _pounds(amount: Decimal) -> str:
    """Pounds and, below ten, pence: of a head."""
    return sterling(amount.quantize(Decimal("0.01") if amount < 10 else Decimal(1)))


@rule(
    "DF316", "warning", "A leap from one year to the next",
    why="A sum of another size than the year before is nearly always a slip: thousands for pounds, pence for pounds, a "
    "nought too many. Where it is meant, whoever pays it will ask too.",
    bad='[[fund]]\nid = "skills"\nprevious_spend = [{ year = "2025-26", revenue = 98_000 }]',
    good='[[fund]]\nid = "skills"\nprevious_spend = [{ year = "2025-26", revenue = 98_000_000 }]',
    reads=(),
)  # fmt: skip
def leaps(deal: Deal, context: Context) -> Iterator[Fault]:
    said = already_said(deal, context, beyond_the_place, beyond_the_function, trimmed)
    for fund in deal.funds:
        smaller = fund.where("previous_spend") in said
        for index, row in enumerate(fund.profile):
            at = fund.where("profile", index)
            fact = "" if at in said else _leap(deal, fund, row) or ("" if smaller else _leap_of_a_part(fund, row))
            if fact:
                yield _which(deal, fund, row, at, fact)


def _which(deal: Deal, fund: Fund, row: FundYear, at: Location, fact: str) -> Fault:
    """Of a year of a fund and the year before it, which are of different sizes, the one that lies further from the
    published line for each head is the slip."""
    year, before = last_before(fund)
    line = lines_a_head().of(fund.function) * people_of(deal.members)
    meant = likely(before, [row.total])
    if meant is None or not line or _apart(row.total, line) > _apart(before, line):
        return at, fact, which_sum(deal, fund, row, FIX)
    return fund.where("previous_spend"), fact, f"Did you mean {sterling(meant)} in {financial_year(year)}? {FIX}"


def _apart(pounds: Decimal, line: Decimal) -> float:
    return abs(float((pounds / line).ln())) if pounds else 0.0


def _leap(deal: Deal, fund: Fund, row: FundYear) -> str:
    """What to say of a year far above what was spent before, and above or below every other year of the fund."""
    most, year = parameters()["check.leap"], financial_year(row.year)
    times = Decimal(most.central)
    year_before, before = last_before(fund)
    if before and row.total >= times * before:
        return (
            f'"{fund.id}" pays {sterling(row.total)} in {year}, {row.total / before:,.0f} times the {sterling(before)} '
            f"spent on the same functions in {financial_year(year_before)}; more than "
            f"{times:g} times is asked about {bound(most)}."
        )
    return _among_its_years(deal, fund, row)


def _among_its_years(deal: Deal, fund: Fund, row: FundYear) -> str:
    """What to say of a year of another size than every other year of the fund. Of two, the one that lies further from
    the published line is meant."""
    most, least = parameters()["check.leap"], parameters()["check.leap.part"]
    line = lines_a_head().of(fund.function) * people_of(deal.members)
    rest = [other.total for other in fund.profile if other is not row and other.total]
    if not rest or not row.total:
        return ""
    high, low = row.total >= Decimal(most.central) * max(rest), row.total * Decimal(least.central) <= min(rest)
    nearest = max(rest) if high else min(rest)
    if not (high or low) or (line and _apart(row.total, line) < _apart(nearest, line)):
        return ""
    word, times, known = (
        ("at most", "more than {:g} times", most) if high else ("at least", "less than one in {:g}", least)
    )
    return (
        f'"{fund.id}" pays {sterling(row.total)} in {financial_year(row.year)} and {word} {sterling(nearest)} in its '
        f"other years; {times.format(known.central)} is asked about {bound(known)}."
    )


def _leap_of_a_part(fund: Fund, row: FundYear) -> str:
    """What to say where the revenue or the capital alone is of another size than in every other year."""
    most = parameters()["check.leap.part"]
    times = Decimal(most.central)
    for part in ("revenue", "capital"):
        own = getattr(row, part)
        rest = [getattr(one, part) for one in (*fund.previous_spend, *fund.profile) if one is not row]
        rest = [pounds for pounds in rest if pounds]
        if own and rest and (own >= times * max(rest) or own * times <= min(rest)):
            return (
                f'The {part} of "{fund.id}" is {sterling(own)} in {financial_year(row.year)}, and '
                f"{sterling(min(rest, key=lambda pounds: abs(pounds - own)))} in the year nearest to it; more than "
                f"{times:g} times either way is asked about {bound(most)}."
            )
    return ""


@rule(
    "DF317", "warning", "Far from the published line for each head",
    why="What areas like this one hold for each of their people is published. A fund of another size by far is of "
    "another kind, or has noughts too many or too few.",
    bad='[[fund]]\nid = "skills"\nprofile = [{ year = "2026-27", revenue = 24_780 }]\n'
    'previous_spend = [{ year = "2025-26", revenue = 24_000 }]\n\n[[pool]]\nid = "settlement"\nheadline = 24_780\n\n'
    '[[community]]\nid = "local-budgets"\namount = 1_000\n\n[[investment]]\nid = "tram"\ncapital = 9_000',
    good='[[fund]]\nid = "skills"\nprofile = [{ year = "2026-27", revenue = 101_000_000 }]\n\n'
    '[[pool]]\nid = "settlement"\nheadline = 101_000_000',
    reads=("fund",),
)  # fmt: skip
def far_from_the_line(deal: Deal, context: Context) -> Iterator[Fault]:
    people, spoken_of = people_of(deal.members), _spoken_of(deal, context)
    for fund in deal.funds if people else ():
        rows = [(row, index) for index, row in enumerate(fund.profile) if row.total]
        if not rows or fund.id in spoken_of:
            continue
        row, index = max(rows, key=lambda one: one[0].total)
        fact = _above(deal, fund, row) or _below(deal, fund, row) or _too_small_to_assure(deal, fund, row, context)
        if fact:
            meant = which_sum(deal, fund, row, FIX)
            yield fund.where("profile", index), fact, meant
    terms, most = deal.fiscal.earn_back, lines_a_head().settlement * people * Decimal(_over().central)
    if terms is not None and people and terms.cap > most:
        fact = (
            f"Earn-back pays up to {sterling(terms.cap)} a year; {_over().central:g} times all of the settlement of "
            f"{lines_a_head().source} for each head is {sterling(most.quantize(Decimal(1)))} here {bound(_over())}."
        )
        yield terms.where("cap"), fact, FIX


def _spoken_of(deal: Deal, context: Context) -> set[str]:
    """Funds of whose size another rule has something to say already."""
    said = already_said(deal, context, beyond_the_place, beyond_the_function, leaps, trimmed, costs_more)
    scopes = (
        one.recall.scope for one in deal.conditions if one.recall and one.where("recall", "max_share_of_fund") in said
    )
    sized = {fund.id for fund in deal.funds if not said.isdisjoint([fund.keys.get("previous_spend"), *_rows_of(fund)])}
    return sized.union(*scopes)


def _rows_of(fund: Fund) -> list[Location]:
    return [fund.where("profile", index) for index, _ in enumerate(fund.profile)]


def _over() -> Parameter:
    return parameters()["check.line.over"]


def _line(fund: Fund, people: Decimal) -> str:
    lines = lines_a_head()
    what = f"the line for {fund.function}" if fund.function in lines.by_function else "all of the settlement"
    pounds = lines.of(fund.function)
    return f"{what} of {lines.source} is {_pounds(pounds)}, {_pounds(pounds * people)} here"


def _above(deal: Deal, fund: Fund, row: FundYear) -> str:
    people, known = people_of(deal.members), _over()
    if row.total <= lines_a_head().of(fund.function) * people * Decimal(known.central):
        return ""
    if fund.function not in lines_a_head().by_function and fund.function in LINES:
        return ""  # of all public spending on it here, DF315 tells more
    return (
        f'"{fund.id}" pays {sterling(row.total)} in {financial_year(row.year)}, {_pounds(row.total / people)} a head; '
        f"{_line(fund, people)}. More than {known.central:g} times is asked about {bound(known)}."
    )


def _below(deal: Deal, fund: Fund, row: FundYear) -> str:
    people, known, lines = people_of(deal.members), parameters()["check.line.under"], lines_a_head()
    alike = [one for one in deal.funds if one.function == fund.function]
    together = sum((max((year.total for year in one.profile), default=Decimal(0)) for one in alike), Decimal(0))
    if fund.function not in lines.by_function or together * Decimal(known.central) >= lines.of(fund.function) * people:
        return ""
    return (
        f'"{fund.id}" pays {sterling(row.total)} in {financial_year(row.year)}, {_pounds(row.total / people)} a head; '
        f"{_line(fund, people)}. Less than one in {known.central:g} is asked about {bound(known)}."
    )


def _too_small_to_assure(deal: Deal, fund: Fund, row: FundYear, context: Context) -> str:
    days = parameters()["dev.assurance.days"]
    cost = Decimal(days.high) * context.assumptions.officer_day_cost
    part = (
        lines_a_head().of(fund.function) * people_of(deal.members) / Decimal(parameters()["check.line.under"].central)
    )
    if row.total > min(cost, part) or fund.remainder:
        return ""
    return (
        f'"{fund.id}" pays {sterling(row.total)} in {financial_year(row.year)}, its largest year; to assure and report '
        f"on a fund may take {days.high:g} officer-days a year, {sterling(cost)} {bound(days)}."
    )
