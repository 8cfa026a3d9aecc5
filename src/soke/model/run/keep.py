"""The keep: of the next pound of tax from growth here, who keeps how many pence, until the reset.

The next pound comes from each tax in proportion to its receipts here times its elasticity to output (council tax, tied
to dwellings, gives none of it: :func:`keep_council_tax` says who keeps the pound of a new home). The part that is
business rates goes through the year's own terms: it is put into the chain of the funding rules on top of rates that
stand at their baseline, and what each authority then retains is counted. What the levy takes pays for safety nets
elsewhere. An assigned share of income tax, before its grant adjustment moves, and a share earned back, until its cap,
stay with the combined authority. The Treasury has the rest.
"""

from __future__ import annotations

from soke.england.baseline import Floats
from soke.model.economy.tax_bases import ELASTICITIES
from soke.model.funding import chain, outlook
from soke.model.funding.council_tax_bill import TIERS as BILL_TIERS
from soke.model.funding.council_tax_bill import council_tax_bill
from soke.model.run.result import Keep
from soke.model.run.setup import Setup
from soke.model.run.years import Levers

GROWING = ("pay", "contributions", "spending", "income", "output", "floorspace")
STEP = 1e-3  # part of the rates collected that the next pound stands for: small beside every band of the levy
TIERS = {
    "county": "county", "strategic-authority": "county", "fire": "fire", "combined-authority": "combined_authority",
}  # fmt: skip


def keep(setup: Setup, levers: Levers, year: int) -> Keep:
    """Pence by keeper in a year of the run, at the centre of every elasticity."""
    area = list(setup.members)
    grown = {base: setup.table[ELASTICITIES[base]].central * setup.country.base.taxes[base][area] for base in GROWING}
    whole = float(sum(values.sum() for values in grown.values()))
    tiers = retained_of_rates(setup, levers, year, grown["floorspace"] * levers.funding.market[area])
    begun = levers.assigned is not None and levers.assigned.first <= year
    assigned = levers.assigned.share * float(grown["pay"].sum()) if levers.assigned and begun else 0.0
    tiers["combined_authority"] += assigned
    if levers.earned and levers.earned.cap[year] > 0:  # of what the Treasury would have; until the cap
        tiers["combined_authority"] += levers.earned.share * (whole - sum(tiers.values()))
    pence = {name: 100.0 / whole * amount for name, amount in tiers.items()}
    return Keep(**pence, treasury=100.0 - sum(pence.values()))


def keep_rates(setup: Setup, levers: Levers, year: int) -> Keep:
    """Pence of the next pound of the market's business rates here, grown alike in every place of the area."""
    more = (setup.country.base.taxes["floorspace"] * levers.funding.market)[list(setup.members)]
    kept = retained_of_rates(setup, levers, year, more)
    pence = {tier: 100.0 * amount / float(more.sum()) for tier, amount in kept.items()}
    return Keep(**pence, treasury=100.0 - sum(pence.values()))


def retained_of_rates(setup: Setup, levers: Levers, year: int, more: Floats) -> dict[str, float]:
    """GBP million of ``more`` (member,) rates that each tier retains, through the year's terms."""
    regime = levers.funding.regime
    year = min(max(year, regime.start), len(regime.terms) - 1)
    terms = regime.terms[year]
    expected = (setup.country.base.taxes["floorspace"] * levers.funding.market)[None, :]
    baselines = outlook.opening(levers.funding.outlook, expected, regime.half, terms, year)
    grown = expected.copy()
    grown[0, list(setup.members)] += STEP * more
    before, after = (chain.settle(rates, baselines, terms) for rates in (expected, grown))
    kinds = regime.recipients.kinds
    retained = (after.retained - before.retained)[0] / STEP
    tiers = dict.fromkeys(("councils", "county", "fire", "combined_authority"), 0.0)
    for kind, amount in zip(kinds, retained, strict=True):
        tiers[TIERS.get(kind, "councils")] += float(amount)
    tiers["levy_account"] = float((after.levy - before.levy).sum()) / STEP
    return tiers


def keep_council_tax(setup: Setup) -> dict[str, float]:
    """Pence of the next pound of council tax from a new home here, by tier, as bills of 2022-23 are made up.

    All of it stays until the allocation counts the home in notional council tax.
    """
    tiers = dict.fromkeys(BILL_TIERS, 0.0)
    for part in council_tax_bill([setup.places[i] for i in setup.members]):
        tiers[part.tier] += part.pounds
    whole = sum(tiers.values())
    return {tier: 100.0 * amount / whole for tier, amount in tiers.items() if amount} if whole else {}
