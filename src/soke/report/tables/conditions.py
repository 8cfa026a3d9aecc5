"""Tables of what the conditions put at stake, and of bidding against devolving with recall."""

from __future__ import annotations

import math

from soke import text
from soke.model.stake.bidding import Span
from soke.model.stake.conditions import Risk
from soke.model.stake.recall import Conditions, Stake
from soke.report.contents import RunReport
from soke.table import Cell, Column, Table

NOT_KNOWN, NOT_TESTED, NO_MONEY = "not known", "not tested", "no money"
KNOWN_BY = {"figure": "noise of the figure", "count": "cases counted", "notices": "notices elsewhere"}


def known(value: float, risk: Risk) -> Cell:
    """A chance or a sum; in words where it is not known, or the condition is not tested in that year: never nought."""
    if not math.isnan(value):
        return value
    return NOT_KNOWN if risk.basis == "not-known" else NOT_TESTED


def first_tested(risk: Risk) -> int:
    """The first year, counted from 0, in which a condition is tested; 0 where none is known."""
    return next((k for k, value in enumerate(risk.missed) if not math.isnan(value)), 0)


def stake_of(found: Conditions, condition: str) -> Stake | None:
    return next((stake for stake in found.stakes if stake.condition == condition), None)


def scope_words(stake: Stake | None) -> str:
    """What a recall could take, in words."""
    if stake is None:
        return "nothing"
    money = [f"up to {text.percent(fund.share)} of {fund.title}" for fund in stake.funds]
    return "; ".join([*money, *stake.flexibilities]) or "nothing that is projected"


def conditions(report: RunReport) -> Table:
    """One row a condition: its chances in the first year of its test, what could be recalled, and how soon."""
    found = report.projection.conditions
    titles = {condition.id: condition for condition in report.deal.conditions}
    rows: list[tuple[Cell, ...]] = []
    for risk in found.risks if found else ():
        assert found is not None
        condition, stake, first = titles[risk.condition], stake_of(found, risk.condition), first_tested(risk)
        amount = stake.amount if stake else None
        rows.append(
            (
                condition.title,
                condition.kind,
                *(known(float(values[first]), risk) for values in (risk.near, risk.missed, risk.low, risk.high)),
                known(float(risk.ever[-1]), risk),
                scope_words(stake),
                NO_MONEY if amount is None else float(amount[first]),
                f"{stake.soonest:%B %Y}" if stake and stake.soonest else "",
                stake.soonest.isoformat() if stake and stake.soonest else "",
                risk.grade,
                KNOWN_BY.get(risk.basis, NOT_KNOWN),
                risk.why,
            )
        )
    last = text.financial_year(found.years[-1]) if found and found.years else "the end"
    return Table.of(
        "conditions",
        "Conditions: the chance that a place which stays as it is misses them by luck, and what could be recalled",
        (
            Column("condition", "Condition"),
            Column("kind", "Kind"),
            Column("near_miss_chance", "Near miss, a year", "share"),
            Column("miss_chance", "Miss, a year", "share"),
            Column("miss_chance_p10", "Low", "share", people=False),
            Column("miss_chance_p90", "High", "share", people=False),
            Column("missed_once_chance", f"Missed once by {last}", "share"),
            Column("could_be_recalled", "What could be recalled"),
            Column("at_stake_gbp_million", "£m a year", "money"),
            Column("soonest_recall", "Soonest"),
            Column("soonest_day", "First day", people=False),
            Column("grade", "Grade", "grade"),
            Column("known_by", "Chance from", people=False),
            Column("why", "What drives it", people=False),
        ),
        rows,
    )


def conditions_by_year(report: RunReport) -> Table:
    """Each condition and year: states told apart, and the money, had government always recalled, and never."""
    found = report.projection.conditions
    titles = {condition.id: condition.title for condition in report.deal.conditions}
    rows: list[tuple[Cell, ...]] = []
    for risk in found.risks if found else ():
        assert found is not None
        stake = stake_of(found, risk.condition)
        amount = stake.amount if stake else None
        for k, year in enumerate(found.years):
            chances = (risk.met, risk.near, risk.missed, risk.low, risk.high, risk.ever)
            money: tuple[Cell, ...] = (NO_MONEY, "", "")
            if stake and amount is not None:
                money = float(amount[k]), known(float(stake.always[k]), risk), 0.0
            said = text.financial_year(year)
            rows.append((titles[risk.condition], said, *(known(float(values[k]), risk) for values in chances), *money))
    return Table.of(
        "conditions_by_year",
        "Conditions by year of the deal: chances of a place that stays as it is, and money at stake",
        (
            Column("condition", "Condition"),
            Column("year", "Year"),
            Column("met_chance", "Met", "share"),
            Column("near_miss_chance", "Near miss", "share"),
            Column("miss_chance", "Missed", "share"),
            Column("miss_chance_p10", "Low", "share"),
            Column("miss_chance_p90", "High", "share"),
            Column("missed_once_chance", "Once by then", "share"),
            Column("at_stake_gbp_million", "At stake, £m", "money"),
            Column("held_if_always_recalled_gbp_million", "Always recalled, £m", "money"),
            Column("held_if_never_recalled_gbp_million", "Never, £m", "money"),
        ),
        rows,
        "Low and high: what the usual level may truly be. Always and never recalled are bounds, not forecasts.",
    )


def bidding(report: RunReport) -> Table:
    """Months, bids and pounds of administration, both ways, each with its range."""
    found = report.projection.bidding
    rows: list[tuple[Cell, ...]] = []
    if found:
        pairs: tuple[tuple[str, Span, str], ...] = (
            ("Months to first money: bidding", found.months_bidding, "months"),
            ("Months to first money: devolved", found.months_devolved, "months"),
            ("Months sooner when devolved", found.months_sooner, "months"),
            ("Money that comes sooner, in all", found.money_sooner, "£m"),
            ("Bids a year, to win as much", found.bids, "bids"),
            ("Administration a year: bidding", found.cost_bidding, "£m"),
            ("Administration a year: devolved, with recall", found.cost_devolved, "£m"),
            ("Administration saved a year", found.saved, "£m"),
            ("Share of competitive awards whose end was put back", found.extended, "share"),
        )
        rows = [(what, span.low, span.central, span.high, unit) for what, span, unit in pairs]
    return Table.of(
        "bidding",
        "Bidding, had all of the deal’s money been bid for, against devolving it with recall",
        (
            Column("what", "What"),
            Column("p10", "Low", "plain"),
            Column("central", "Middle", "plain"),
            Column("p90", "High", "plain"),
            Column("unit", "Unit"),
        ),
        rows,
        "Estimates; each assumption and its source is in the assumptions log (bid. and dev.). Running the programmes"
        " themselves is left out on both sides.",
    )
