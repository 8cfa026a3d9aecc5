"""The four numbers, each with its range, computed and then put into words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from soke import text
from soke.deal.fund_kinds import SPENT_BEFORE
from soke.model.accounts.comparison import BaseYearAccount
from soke.model.accounts.types import Account
from soke.model.run.result import Keep
from soke.report import keep as keeping
from soke.report.account_words import doubt, short_or_over
from soke.report.contents import RunReport
from soke.report.facts import KEPT, PENNY, a_head, nothing_changes, paid_by
from soke.report.spread import Spread, any_below, change, spread, summed
from soke.text import capital

Direction = Literal["none", "narrows", "widens", "unclear"]
NARROWING = "gap_narrowing"
BUDGET = "budget"
SPENT_HERE = (
    "new_money",
    "proceeds_spent",
    "council_tax_raised",
)  # what a deal adds to public spending here; below zero it takes away
SLIGHT = 0.05  # less spent here is named where it is more than this part of the difference
NEARLY_ALL = 0.9  # so many places that lose alike are not named one by one


@dataclass(frozen=True, slots=True)
class Number:
    """One of the four numbers. Values in ``unit``; ``sentence`` says it plainly, ``more`` what stands beside it.

    ``short``: the part of ``figure`` at its head that is printed large where there is little room; all of it if none.
    ``year``: the financial years that it is of, ``2026-27 to 2029-30``.
    """

    id: str
    title: str
    figure: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    sentence: str
    more: str
    short: str = ""
    year: str = ""


def direction(difference: Spread | None) -> Direction:
    """What the 10th to 90th percentile says of the gap; ``unclear`` where it holds zero."""
    if difference is None:
        return "unclear"
    if difference.low == difference.high == 0:
        return "none"
    if difference.low > 0:
        return "narrows"
    return "widens" if difference.high < 0 else "unclear"


def narrowing(report: RunReport, year: int) -> Spread | None:
    """Spread of the paired difference of the gap in one year of the run, GBP million; above zero is narrower."""
    return change(report, year, NARROWING)


def spent_less(report: RunReport, years: Sequence[int]) -> Spread | None:
    """How much less is spent on services here, GBP million a year on average over ``years``; None if not projected.

    Funds trimmed on the way and proceeds lost, net of new money, proceeds gained and council tax raised; benefits are
    not services.
    """
    found = summed(report, *SPENT_HERE)
    return None if found is None or not years else spread(-found[:, list(years)].mean(axis=1))


def loss(report: RunReport, year: int) -> float:
    """Median of what is spent less on services here in a year, GBP million; nought where it is slight beside the gap's
    change, or where more is spent."""
    less, difference = spent_less(report, [year]), narrowing(report, year)
    if less is None or difference is None or less.middle <= max(SLIGHT * abs(difference.middle), 0.0):
        return 0.0
    return less.middle


def mainly_less(difference: Spread | None, lost: float) -> bool:
    """Whether the gap narrows mainly because less is spent here."""
    return difference is not None and difference.low > 0 and lost > difference.middle / 2


def gap_then(report: RunReport, year: int) -> float:
    """The gap as is in one year of the run, GBP million: spending less receipts if both are projected.

    Falls back on the gap of the base year, where the projection starts.
    """
    spending, receipts = report.series("spending"), report.series("receipts")
    if spending is None or receipts is None:
        return report.base_year.gap.base
    then = spread(spending.as_is[:, year] - receipts.as_is[:, year])
    return then.middle if then else report.base_year.gap.base


def _from_to(difference: Spread) -> str:
    return text.a_range(text.about(difference.low, plus=True), text.about(difference.high, plus=True))


def starting_words(base: BaseYearAccount) -> str:
    """Where the projection starts, beside the published account: never a second gap without its year."""
    if base.standing == "published":
        return "The projection starts there."
    year = text.financial_year(base.base_year)
    if base.standing == "not-moved":
        return f"The projection starts from the same figures: there is no outlook for {year}."
    doubt = ", inside its own range" if base.grey else ""
    gap = short_or_over(base.gap.base, base.receipts.base)
    return f"In {year}, where the projection starts: {gap}{doubt} ({base.grade})."


def the_gap(account: Account, base: BaseYearAccount) -> Number:
    """1: short or over, within what range; and the base year's. The waterfall beside it shows what it is made of, the
    account below the spread over methods.
    """
    half = account.gap_half_width
    width = text.money(half, beside=account.receipts)
    ranged = f"Within plus or minus {width}, four times in five; tested." if half else "Published for this area."
    least, most = (None, None) if half is None else (account.gap - half, account.gap + half)
    return Number(
        "gap",
        f"The gap, {text.financial_year(account.year)}",
        short_or_over(account.gap, account.receipts),
        account.gap,
        least,
        most,
        "GBP million, cash",
        f"{ranged}{doubt(account)}",
        starting_words(base),
        year=text.financial_year(account.year),
    )


def the_difference(report: RunReport) -> Number:
    """2: what the deal adds a year, in pounds and as pence per pound of gap, with the chance that it is below zero."""
    year = report.headline_year()
    found, gap = narrowing(report, year), gap_then(report, year)
    title, unit = "The difference", report.projection.series[NARROWING].unit if report.series(NARROWING) else ""
    if found is None:
        return Number("difference", title, text.NO_FIGURE, None, None, None, unit, "There is no figure.", "")
    per_pound = f"{text.pence(100 * found.middle / gap)} for each £1 of that year’s gap." if gap > 0 else ""
    lost, figure = loss(report, year), text.about(found.middle, plus=True)
    service = f" In year {year} services here lose {text.money(lost)} a year." if lost else ""
    beside = [
        f"Year {k}: {text.about(other.middle, plus=True)} ({_from_to(other)})"
        for k in report.marked_years()
        if k != year and (other := narrowing(report, k)) is not None
    ]
    first = f" {beside[0].split(' (')[0]}." if beside else ""
    chance = f"Chance that it is below zero: {text.chance(found.below)}."
    said = f"{_verdict(found, lost)}: {_from_to(found)}.{service} {chance}"
    if nothing_changes(report):
        said, first = "This deal has no lever: add one, and run it again.", ""
    return Number(
        "difference",
        title,
        f"{figure} a year in year {year}",
        found.middle,
        found.low,
        found.high,
        unit,
        f"{said}{first}",
        " ".join(filter(None, [per_pound, ". ".join(beside) + "." if beside else "", _resets(report)])),
        figure,
        text.financial_year(report.projection.years[year]),
    )


def _resets(report: RunReport) -> str:
    """The reset dates that the difference rests on, where rates and grant kept differ between the paths."""
    kept = report.series("kept_growth")
    if kept is None or not np.nan_to_num(kept.difference).any():
        return ""
    (as_is, deal), every = keeping.resets(report), report.scenario.reset_every
    here = f"; with the deal {text.financial_year(deal)}" if deal != as_is else ""
    cycle = "every year" if every == 1 else f"every {every} years"
    return f"Resets of rates assumed: {text.financial_year(as_is)}, then {cycle}{here}."


def _verdict(found: Spread, lost: float) -> str:
    if mainly_less(found, lost):
        return "The gap narrows because less is spent here"
    return {
        "none": "No change",
        "narrows": "The gap narrows",
        "widens": "The gap widens",
        "unclear": "Unclear which way",
    }[direction(found)]


def local(keep: Keep) -> float:
    """Pence of the next pound that stay here, whoever holds them."""
    return keep.local


def the_keep(report: RunReport) -> Number:
    """3: of the next pound of tax from growth here, who keeps how much, today and under the deal, until the reset."""
    now, then = report.projection.keep_as_is, report.projection.keep_deal
    low, high = sorted((local(now), local(then)))
    same = keeping.stays(now) == keeping.stays(then)
    today = "As today" if same else f"Today {keeping.stays(now)}"
    until = text.financial_year(keeping.resets(report)[1])
    return Number(
        "keep",
        "The keep",
        f"{keeping.stays(then)} of the next £1 of tax stays here",
        local(then),
        low,
        high,
        "pence of the next pound of tax from growth here",
        f"{today}, by rule until the {until} reset.",
        f"{keeping.keep_words(report, then)} {keeping.council_tax_words(report)}".strip(),
        keeping.stays(then),
        f"until {until}",
    )


# money that would otherwise be spent elsewhere; council tax raised here is paid by residents here
PAID_BY_ENGLAND = ("new_money", *KEPT)
COUNCIL_TAX = "council_tax_raised"


def cost(report: RunReport) -> Spread | None:
    """What the deal costs England, GBP million a year on average over the budget years; None if not projected."""
    years, bill = list(report.budget_years()), report.projection.bill
    paid = bill.cost if bill else summed(report, *PAID_BY_ENGLAND)
    return None if paid is None or not years else spread(paid[:, years].mean(axis=1))


def _on_average(report: RunReport, *kinds: str) -> float:
    """What funds of these kinds of the ledger pay, GBP million a year on average over the budget years."""
    years = list(report.budget_years())
    return float(paid_by(report, *kinds)[years].mean()) if years else 0.0


def the_bill(report: RunReport) -> Number:
    """4: what it costs England a head in the budget years, who loses most, the chance of ending below as is."""
    whole, people = cost(report), sum(report.population.values())
    title, unit = "The bill", "pounds a head of England, a year"
    if whole is None or people <= 0:
        return Number("bill", title, text.NO_FIGURE, None, None, None, unit, "There is no figure.", "")
    low, middle, high = (1e6 * amount / people for amount in (whole.low, whole.middle, whole.high))
    only_moves = f"{report.over_budgets()}: {text.money(_on_average(report, *SPENT_BEFORE))} a year only moves."
    return Number(
        "bill",
        title,
        f"{text.pounds(middle)} a head of England",
        middle,
        low,
        high,
        unit,
        _paid_words(report, whole, text.a_range(text.pounds(low), text.pounds(high))),
        " ".join(
            filter(None, [only_moves, loser_words(report), _below_words(report), council_tax_raised_words(report)])
        ),
        text.pounds(middle),
        report.over_budgets(),
    )


def _paid_words(report: RunReport, whole: Spread, each: str) -> str:
    """Who pays, over the budget years; what is spared by spending less here is a loss of service, and no gain."""
    ranged = f"{capital(each)} each, " if " to " in each else ""
    start = f"{ranged}{'a' if ranged else 'A'} year, on average over {report.over_budgets()}"
    less = spent_less(report, report.budget_years())
    lost = text.money(less.middle) if less and less.middle > SLIGHT * abs(whole.middle) else ""
    if whole.middle < 0:
        why = f"services here lose {lost} a year" if lost else "this place has less of rates, grant and tax"
        return f"{start}: England pays less because {why}."
    service = f" In these years services here lose {lost} a year." if lost else ""
    if not (whole.low or whole.high):
        return f"No new money, {report.over_budgets()}: nobody elsewhere pays more.{service}"
    trimmed = _on_average(report, "trimmed")
    net = f", net of {text.money(trimmed)} trimmed from funds here" if trimmed >= text.LEAST else ""
    return f"{start}: {text.money(whole.middle)} of {_of_what(report)}{net}.{service}"


def _of_what(report: RunReport) -> str:
    """What England pays for over the budget years: new money, or tax and grant that stay here, or both."""
    years, kept = list(report.budget_years()), summed(report, *KEPT)
    held = kept is not None and bool(np.nan_to_num(kept[:, years]).any())
    new = _on_average(report, "new") >= text.LEAST
    return text.listed([*(["new money"] if new or not held else []), *(["tax and grant kept here"] if held else [])])


def _below_words(report: RunReport) -> str:
    """The chance that what the place has in its hands ends below as is in any of the budget years."""
    budget, years = report.series(BUDGET), report.budget_years()
    if budget is None or not years:
        return ""
    below = any_below(budget.difference[:, list(years)])
    return f"Chance that its budget falls below “as is” in any of these years: {text.chance(below)}."


def council_tax_raised_words(report: RunReport) -> str:
    """What residents here pay more in council tax; it adds to receipts and spending alike, so it moves no gap."""
    series, years = report.series(COUNCIL_TAX), list(report.budget_years())
    if series is None or not years:
        return ""
    found = spread(series.difference[:, years].mean(axis=1))
    if found is None or not (found.low or found.high):
        return ""
    each = text.a_range(text.money(found.low), text.money(found.high))
    return f"In these years residents here pay {each} a year more council tax; spent here, it moves no gap."


def loser_words(report: RunReport) -> str:
    """The place that loses most a head over the years of the bill, by name, and how many lose as much."""
    losses = losers(report)
    if not losses:
        return "No place loses a penny a head a year."
    code, worst = losses[0]
    said = f"{text.pounds(worst)} a head a year"
    alike = {other for other, head in losses if text.pounds(head) == text.pounds(worst)}
    others = set(report.projection.places) - set(report.projection.area)
    if alike == others and len(others) > 1:
        here = len(losses) - len(others)
        too = f" {text.counted(here, 'place')} of this deal {'loses' if here == 1 else 'lose'} less." if here else ""
        return f"Losers: every other place alike, {said}.{too}"
    if len(alike) > 1 and len(alike) >= NEARLY_ALL * len(others):
        some = f"{len(alike):,} of them " if len(losses) > len(alike) else ""
        return f"Losers: {text.counted(len(losses), 'place')}, {some}alike, {said}."
    beside = f", level with {text.counted(len(alike) - 1, 'other')}" if len(alike) > 1 else ""
    rest = f" {text.counted(len(losses), 'place')} lose a penny a head or more." if len(losses) > len(alike) else ""
    return f"Largest loser: {report.name(code)}, {said}{beside}.{rest}"


def losers(report: RunReport) -> list[tuple[str, float]]:
    """Places that lose a penny a head or more in the years of the bill: code and mean pounds a head, largest first."""
    heads = sorted((head, code) for code, head in a_head(report).items())
    return [(code, head) for head, code in heads if head < -PENNY]


def four_numbers(report: RunReport) -> tuple[Number, ...]:
    """The gap, the difference, the keep, the bill."""
    return the_gap(report.account, report.base_year), the_difference(report), the_keep(report), the_bill(report)
