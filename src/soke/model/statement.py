"""What the model cannot see, which switches are on, and the log of every assumption used."""

from __future__ import annotations

from collections.abc import Mapping

from soke.deal.types import Deal, Scenario
from soke.evidence import overridden
from soke.model.levers import own_parameters
from soke.model.setup import DRAWN, HELD

NEVER_SEEN = (
    "No growth comes from being devolved as such: the published studies of England find none.",
    "Skills, housing and health investments are not modelled: only connections, public capital and employment support.",
    "People and firms do not move in answer: no migration, no house prices, no land use.",
    "Jobs do not follow from higher productivity, and productivity does not follow from more jobs within a year.",
    "No demand effects: spending has no multiplier. Construction jobs are not counted.",
    "Money raised from the rest of England for new funds is counted as a bill, not as slower growth there.",
    "Journey times are estimates from distance; a connection acts through the ratio of its stated minutes.",
    "Council tax bills are held in real terms: choices on council tax are not modelled.",
    "Business rates use one share kept and one levy; tariffs, top-ups, pools and appeals are not modelled.",
    "Services are counted in pounds: better health, safety or care for the same money is not seen.",
    "Savings to the health service when people find work are not counted.",
    "National growth, prices, interest and tax rules are the scenario's; no recession is drawn.",
)


def limits(deal: Deal, scenario: Scenario) -> tuple[str, ...]:
    """What this model cannot see, of any deal and of this one, and switches that are on."""
    found = list(NEVER_SEEN)
    if scenario.devolution_growth:
        found.append(f"SWITCHED ON: {scenario.devolution_growth:+.2%} growth a year for being devolved. No evidence.")
    if scenario.moved_money_gain:
        found.append(
            f"SWITCHED ON: {scenario.moved_money_gain:.0%} of money that only moves acts as if new. No evidence."
        )
    unseen = [i.title for i in deal.investments if i.effect.channel == "none"]
    if unseen:
        found.append(f"No effect on output is claimed for: {'; '.join(unseen)}.")
    moved = {fund.id for fund in deal.funds if fund.additionality != "new"}
    idle = [i.title for i in deal.investments if i.fund in moved and i.effect.channel != "none"]
    if idle and not scenario.moved_money_gain:
        found.append(f"Paid from money that only moves, so taken as happening anyway: {'; '.join(idle)}.")
    kept = [fund.title for fund in deal.funds if deal.is_kept_tax(fund)]
    if kept:
        found.append(f"Counted once, as business-rates growth, not as funds: {'; '.join(kept)}.")
    if deal.fiscal.council_tax and deal.fiscal.council_tax.referendum_limit == "removed":
        found.append("The freedom to raise council tax is not used in this projection.")
    return tuple(found)


def assumptions(deal: Deal, scenario: Scenario) -> tuple[Mapping[str, str], ...]:
    """One row per parameter and scenario figure used: id, meaning, value, unit, grade, source."""
    known = overridden(scenario.effects)
    rows = [known[name] for name in (*DRAWN, *HELD)] + own_parameters(deal, scenario)
    drawn = [
        {
            "id": row.id,
            "meaning": row.meaning,
            "value": f"{row.central:g}" if row.id in HELD else f"{row.central:g} ({row.low:g} to {row.high:g})",
            "unit": row.unit,
            "grade": row.grade,
            "source": row.source,
        }
        for row in rows
    ]
    return (*drawn, *_scenario_rows(scenario), *_unsaid_rows(deal))


def _unsaid_rows(deal: Deal) -> list[Mapping[str, str]]:
    """What the deal leaves unsaid about earlier spending, and what is taken for it."""
    return [
        {"id": f"{fund.id}.previous_spend", "meaning": f"Spent here before on what {fund.title} pays for",
         "value": "equal to the fund", "unit": "", "grade": "unverified", "source": "nobody: the deal does not say"}
        for fund in deal.unsaid_before
    ]  # fmt: skip


def _scenario_rows(scenario: Scenario) -> list[Mapping[str, str]]:
    own_prices = {} if scenario.inflation is None else {"inflation": "Growth of prices a year, for the evidence's"}
    figures = own_prices | {
        "carry_gva_real": "Real output, base year over 2022-23",
        "carry_price": "Prices, base year over 2022-23",
        "job_growth": "Growth of jobs in England a year",
        "place_growth_sd": "Spread between places of trend growth a year, standard deviation",
        "envelope": "Spending envelope",
        "financing": "How England shares the cost of new money",
        "business_rates_volatility": "Standard deviation of a yearly change of a place's rating income",
        "reset_as_is": "Year of the next reset of business rates as is",
        "moved_money_gain": "Gain in effect of each moved pound",
        "devolution_growth": "Growth a year for being devolved",
    }
    return [
        {"id": name, "meaning": meaning, "value": str(getattr(scenario, name)), "unit": "", "grade": "estimate",
         "source": "the scenario file"}
        for name, meaning in figures.items()
    ]  # fmt: skip
