"""The statement of a run: what the difference is made of, what the model cannot see, and every assumption used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from soke.deal.types import Deal, Scenario
from soke.england.places import places
from soke.evidence import Parameter, overridden, parameters
from soke.model.economy import employment, saturation
from soke.model.economy.effective_density import DECAYS
from soke.model.funding import assigned_income_tax, council_tax_lifted, earn_back, kept_growth
from soke.model.funding.dated import ALL, rules
from soke.model.funding.regime import FIRST_YEAR
from soke.model.funding.settings import changed
from soke.model.money import investment_costs, moved_money
from soke.model.run.setup import Setup
from soke.model.run.years import HELD, drawn, own_parameters
from soke.model.stake import bidding
from soke.model.stake.conditions import NOTICES
from soke.text import financial_year

TREASURY = "HM Treasury"
COUNCILS = "councils and combined authority here"
TAXPAYERS = "taxpayers here"
CLAIMANTS = "people here who find work"
SERVICES = "services here"
ENGLAND_TAXED = "taxpayers of England"
BUILDERS = "who builds and runs the works"
INCOMERS = "incomers_served"
UNKNOWN, UNKNOWN_OUTPUT = "structural_england", "structural_england_gva"


@dataclass(frozen=True, slots=True)
class Line:
    """The cash flow of a part in the ledger: who pays whom, and which model owns it."""

    item: str
    payer: str
    receiver: str
    owner: str
    # public money that stays here, paid by residents, saved, spent on who comes, and beyond what works were to cost
    kind: Literal["retained-growth", "tax", "saving", "services", "overrun"]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the difference, a series of the area. ``line``: none where the ledger has it by other names."""

    title: str
    line: Line | None = None


PARTS: Mapping[str, Part] = {
    "benefits_saved": Part("Benefit payments saved", Line("benefits", CLAIMANTS, TREASURY, "benefit_model", "saving")),
    "jobs_gross": Part("Residents who find work"),
    "jobs_displaced_here": Part("Jobs that others here lose to them"),
    "jobs_displaced_elsewhere": Part("Jobs that others elsewhere lose to them"),
    "jobs_leaked": Part("More jobs at workplaces outside, held by residents"),
    "jobs_kept": Part("More jobs at workplaces here"),
    "new_money": Part("New public money spent here"),
    INCOMERS: Part("Services for people who come", Line("services", TREASURY, SERVICES, "service_cost", "services")),
    "kept_growth": Part(
        "Business rates kept and government grant here",
        Line("business-rates", TREASURY, COUNCILS, "tax_model", "retained-growth"),
    ),
    kept_growth.TIMING: Part("Of what is kept more: by the deal's resets and shares, on growth that comes anyway"),
    kept_growth.NEED: Part("Of what is kept more: by the need of people whom the deal moves"),
    kept_growth.GROWTH: Part("Of what is kept more: by growth that the deal brings"),
    kept_growth.HELD: Part("Already held: kept at the share of today, above what the ordinary half would keep"),
    "proceeds_spent": Part("Proceeds of growth spent here"),
    assigned_income_tax.SERIES: Part(
        "Income tax assigned, less the grant given up for it",
        Line("income-tax", TREASURY, COUNCILS, "tax_model", "retained-growth"),
    ),
    earn_back.SERIES: Part(
        "Earned back from growth", Line("earn-back", TREASURY, COUNCILS, "tax_model", "retained-growth")
    ),
    council_tax_lifted.SERIES: Part(
        "Council tax raised above today's bills", Line("council-tax", TAXPAYERS, COUNCILS, "tax_model", "tax")
    ),
    investment_costs.OVERRUN: Part(
        "Overrun of works, borne by the authority", Line("overrun", COUNCILS, BUILDERS, "service_cost", "overrun")
    ),
    investment_costs.RUNNING_COST: Part(
        "Running cost of links, borne by the authority",
        Line("running-cost", COUNCILS, BUILDERS, "service_cost", "overrun"),
    ),
    investment_costs.OF_GOVERNMENT: Part(
        "Overrun of works, borne by government",
        Line("overrun-of-government", ENGLAND_TAXED, BUILDERS, "service_cost", "overrun"),
    ),
    UNKNOWN: Part("Tax of all England, by what nobody knows of being devolved"),
    UNKNOWN_OUTPUT: Part("Output of all England, by what nobody knows of being devolved"),
}
SWITCHED_ON = "SWITCHED ON"  # how what is assumed without evidence is said
NEVER_SEEN = (
    "What being devolved does to growth is not known: the published studies find none, give or take .3 points a year. "
    "It is drawn and shown apart, and never part of the listed items.",
    "Housing and health investments are not modelled: only connections, public capital, employment support and skills.",
    "People move a little to where output grows, as far as homes are built; firms do not, and no house prices move.",
    "Jobs do not follow from higher productivity, and productivity does not follow from more jobs within a year.",
    "No demand effects: spending has no multiplier, and no item here brings jobs that sell elsewhere and so others.",
    "Construction jobs are not counted.",
    "Money raised from the rest of England for new funds is counted as a bill, not as slower growth there.",
    "Journey times are estimates from distance; a connection acts through the ratio of its stated minutes.",
    "Council tax bills rise by one rate for all of England: councils' own choices on council tax are not modelled.",
    "Appeals and collection-fund timing are part of the yearly swing of rates, not modelled apart.",
    "Services are counted in pounds: better health, safety or care for the same money is not seen.",
    "Savings to the health service when people find work are not counted: they are told beside the value of a job.",
    "National growth, prices, interest and tax rules are the scenario's; recessions are drawn, the same on both paths.",
)


def limits(deal: Deal, scenario: Scenario, setup: Setup) -> tuple[str, ...]:
    """What this model cannot see, of any deal and of this one, and switches that are on."""
    lines = [*NEVER_SEEN, *([setup.start_words] if setup.standing == "not-moved" else [])]
    if scenario.moved_money_gain:
        lines += _moved_words(deal, scenario.moved_money_gain)
    lines += _job_switches(scenario)
    wanted, most = employment.asked(setup.deal.programmes, setup.table)
    if wanted > most:
        lines.append(
            f"Held at the cap: programmes would support up to {wanted:,.0f} people a year; {most:,.0f} can be reached."
        )
    if scenario.deterrence:
        lines.append(deterrence_words(scenario))
    unseen = [i.title for i in deal.investments if i.effect.channel == "none"]
    if unseen:
        lines.append(f"No effect on output is claimed for: {'; '.join(unseen)}.")
    moved = {fund.id for fund in deal.funds if fund.kind.spent_before}
    idle = [i.title for i in deal.investments if i.fund in moved and i.effect.channel != "none"]
    if idle and not scenario.moved_money_gain:
        lines.append(f"Paid from money that only moves, so taken as happening anyway: {'; '.join(idle)}.")
    kept = [fund.title for fund in deal.funds if deal.is_kept_tax(fund)]
    if kept:
        lines.append(f"Counted once, as business-rates growth, not as funds: {'; '.join(kept)}.")
    lifted = deal.fiscal.council_tax and deal.fiscal.council_tax.referendum_limit == "removed"
    if lifted and scenario.council_tax_rise_lifted is None:
        lines.append("The freedom to raise council tax is not used in this projection.")
    elif lifted:
        lines.append(
            "How far council tax is raised where the limit is lifted is an assumption, paid by residents here."
        )
    if scenario.retention_as_is:
        said = ", ".join(f"{code} {share:.0%}" for code, share in scenario.retention_as_is.items())
        lines.append(f"SWITCHED ON: shares of business rates kept that are not the law's: {said}.")
    if scenario.income_tax and scenario.income_tax.share:
        share, since = scenario.income_tax.share, financial_year(scenario.income_tax.from_year)
        lines.append(
            f"{SWITCHED_ON}: the law assigns {share:.0%} of income tax to areas like this from {since}, on both paths. "
            "Announced in July 2026; its share and terms are not set."
        )
    if scenario.funding_rules:
        lines.append(f"SWITCHED ON: funding rules other than the law's: {', '.join(sorted(scenario.funding_rules))}.")
    return tuple(lines)


def _job_switches(scenario: Scenario) -> list[str]:
    """What is assumed of jobs against the evidence, or without any."""
    lines = []
    if scenario.displacement != 1.0:
        lines.append(f"{SWITCHED_ON}: only {scenario.displacement:.0%} of the displacement that the evidence has.")
    if scenario.skills_match:
        lines.append(
            f"{SWITCHED_ON}: {scenario.skills_match:.0%} more of a devolved skills budget meets what local work needs. "
            "No evidence."
        )
    if scenario.healthy_life_years:
        lines.append(
            f"{SWITCHED_ON}: {scenario.healthy_life_years:g} more years of healthy life here, after ten years. "
            "Whether being devolved does that is not known."
        )
    return lines


def assumptions(deal: Deal, scenario: Scenario, setup: Setup) -> tuple[Mapping[str, str], ...]:
    """One row per parameter and scenario figure used: id, meaning, value, unit, grade, source."""
    known = overridden(scenario.effects)
    beside = (*bidding.PARAMETERS, *((NOTICES,) if deal.conditions else ()))
    rows = [known[name] for name in (*drawn(scenario), *DECAYS, *HELD, *beside)] + own_parameters(deal, scenario)

    def fixed(row: Parameter) -> bool:
        return row.id in HELD or row.low == row.high

    stated = [
        {
            "id": row.id,
            "meaning": row.meaning,
            "value": f"{row.central:g}" if fixed(row) else f"{row.central:g} ({row.low:g} to {row.high:g})",
            "unit": row.unit,
            "grade": row.grade,
            "source": row.source,
        }
        for row in rows
    ]
    own = (*_unsaid_rows(deal), *_noise_rows(deal))
    return (*stated, *_rule_rows(scenario), *_scenario_rows(scenario), *_start_rows(setup), *own)


def _start_rows(setup: Setup) -> list[Mapping[str, str]]:
    """How the base year's taxes and spending came from the published account: a row for each UK figure."""
    if setup.standing != "moved":
        grade = "official" if setup.standing == "published" else "unverified"
        return [{"id": "outlook", "meaning": setup.start_words, "value": setup.standing, "unit": "", "grade": grade,
                 "source": "regional accounts"}]  # fmt: skip
    return [
        {"id": f"outlook.{move.head}", "meaning": f"UK {move.head}, base year over the newest published account",
         "value": f"{move.ratio:.4g}", "unit": "ratio", "grade": move.grade, "source": setup.start_words}
        for move in setup.moved_by
    ]  # fmt: skip


def _moved_words(deal: Deal, gain: float) -> list[str]:
    """What a gain on money that only moves means here, and what it does not reach."""
    said = [f"{SWITCHED_ON}: {gain:.0%} of money that only moves acts as if new. No evidence."]
    if idle := moved_money.without_channel(deal):
        said.append(f"Has no channel to act through, so its revenue does nothing: {'; '.join(idle)}.")
    return said


def held_words(held: int, draws: int) -> str:
    """What is said where output per job was held at its cap."""
    cap = f"{parameters()[saturation.CAP].central:.0%}"
    return f"Levers go beyond their evidence: output per job is held within {cap} of as is in {held} of {draws} draws."


def deterrence_words(scenario: Scenario) -> str:
    """What is said wherever the prospect of recall is assumed to prevent misses."""
    share = f"{scenario.deterrence:.0%}"
    return f"{SWITCHED_ON}: the prospect of recall prevents {share} of misses. An assumption, not a finding."


LAW = (
    "business_rates.retention", "levy.band.1.rate", "levy.band.2.rate", "levy.band.3.rate", "levy.band.2.bound",
    "levy.band.3.bound", "fair_funding.rsg", "fair_funding.baseline_funding", "safety_net.share",
    "fair_funding.transition.weight", "fair_funding.floor", "fair_funding.cpi", "settlement.cpi",
    "estimates.small_share",
)  # fmt: skip


BEFORE = ("settlement.cpi", "estimates.small_share")  # which carry the last settlement to the first year


def _rule_rows(scenario: Scenario) -> list[Mapping[str, str]]:
    """The dated parameters of the funding rules that the run uses, in each year in which they change."""
    given = {name: str(value) for name, value in scenario.funding_rules.items()}
    held = changed(rules(), given, FIRST_YEAR)
    rows: list[Mapping[str, str]] = []
    for name in LAW:
        for row in held.rows[name]:
            if row.last >= FIRST_YEAR or name in BEFORE:
                since = financial_year(row.first if name in BEFORE else max(row.first, FIRST_YEAR))
                whose = "" if row.who == ALL else f", for {places().name(row.who)}"
                rows.append({
                    "id": name, "meaning": f"Funding rule from {since}{whose}{': ' + row.note if row.note else ''}",
                    "value": f"{row.value:f}"[:8], "unit": row.unit, "grade": row.grade, "source": row.source,
                })  # fmt: skip
    return rows


def funding_notes(setup: Setup) -> tuple[str, ...]:
    """What a reader must know of the funding figures: what is an estimate, and how they meet published sums."""
    funding = setup.as_is.funding
    law, rates = funding.regime, setup.country.base.taxes["floorspace"] * funding.market
    local = float((rates * law.half.kept_here).sum())
    published = funding.outlook.published_funding
    official = setup.imported_figures
    who = (
        f"{official:,} figures of the settlement were imported from official workbooks and used; what they leave open "
        "is an estimate from the last published settlement by authority (2019-20)."
        if official
        else "Who needs what is an estimate from the last published settlement by authority (2019-20), not the "
        "allocation of 2026-27, which is not to hand by authority. Import the official workbook to replace it."
    )
    return (
        who,
        f"The local half of rates in the accounts comes to £{local / 1e3:.1f}bn in base-year prices; the published "
        f"baseline funding of 2026-27 is £{published / 1e3:.1f}bn. The first is used; the gap is not tuned away.",
    )


def _unsaid_rows(deal: Deal) -> list[Mapping[str, str]]:
    """What the deal leaves unsaid about earlier spending, and what is taken for it."""
    return [
        {"id": f"{fund.id}.previous_spend", "meaning": f"Spent here before on what {fund.title} pays for",
         "value": "equal to the fund", "unit": "", "grade": "unverified", "source": "nobody: the deal does not say"}
        for fund in deal.unsaid_before
    ]  # fmt: skip


def _noise_rows(deal: Deal) -> list[Mapping[str, str]]:
    """What the deal says of its indicators' start and noise, which the chance of a miss rests on."""
    said = {"baseline_value": "start", "usual_cases": "usual cases in a window", "yearly_noise": "noise of a change"}
    return [
        {"id": f"{indicator.id}.{name}", "meaning": f"{indicator.title}: {meaning}",
         "value": f"{Decimal(getattr(indicator, name)):,f}", "unit": indicator.unit, "grade": indicator.held_as,
         "source": ", ".join(indicator.source) or f"the deal file, {indicator.origin}"}
        for indicator in deal.indicators
        for name, meaning in said.items()
        if getattr(indicator, name) is not None
    ]  # fmt: skip


def _scenario_rows(scenario: Scenario) -> list[Mapping[str, str]]:
    own_prices = {} if scenario.inflation is None else {"inflation": "Growth of prices a year, for the evidence's"}
    figures = own_prices | {
        "carry_gva_real": "Real output, base year over 2022",
        "carry_price": "Prices, base year over 2022-23",
        "job_growth": "Growth of jobs in England a year",
        "population_growth": "Growth of England's people a year",
        "envelope": "Spending envelope",
        "financing": "How England shares the cost of new money",
        "reset_as_is": "Year of the next reset of business rates as is",
        "reset_every": "Years between resets after that",
        "council_tax_lifted_years": "Years of faster rises where the referendum limit is lifted",
        "moved_money_gain": "Gain in effect of each moved pound",
        "displacement": "How far displacement is counted",
        "skills_match": "Rise of the match of learning with local work by a devolved budget",
        "healthy_life_years": "Years of healthy life gained here, after ten years",
        "deterrence": "Share of misses that the prospect of recall prevents",
    }
    return [
        {"id": name, "meaning": meaning, "value": str(getattr(scenario, name)), "unit": "", "grade": "estimate",
         "source": "the scenario file"}
        for name, meaning in figures.items()
    ]  # fmt: skip
