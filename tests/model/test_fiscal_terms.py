"""Income tax assigned, earn-back, council tax without a limit, pools: what each adds, and who pays."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from invented_country import AT, connection, deal, fund, rates, scenario

from soke.deal.types import CouncilTax, EarnBack, Fiscal, IncomeTax, Range
from soke.errors import SokeError


def nothing(value=0.0):
    return Range(low=value, central=value, high=value)


ALIKE = {"growth.slope.itl2": nothing(), "growth.slope.place": nothing(), "growth.vol": nothing(1e-9),
         "people.slope": nothing(), "people.fading": nothing(), "people.noise": nothing(1e-12),
         "people.old.migration": nothing()}  # fmt: skip


def assigned(method="indexed-per-capita", share="0.5"):
    return deal(fiscal=Fiscal(income_tax=IncomeTax(at=AT, assigned_share=Decimal(share), adjustment=method)))


def test_assigned_tax_gains_nothing_in_the_first_year_and_follows_the_place_against_the_rest(project):
    found = project(assigned()).series["assigned_tax"].deal
    assert not found[:, 0].any()
    assert np.abs(found[:, 1]).max() > 0, "places grow apart from the first year"
    spread = found.std(axis=0)
    assert spread[4] > spread[1] and spread[-1] > spread[4], "the longer, the further apart"
    assert abs(found[:, 1].mean()) < 3 * found[:, 1].std(), "no gain by construction"


def test_assigned_tax_moves_nothing_when_places_grow_alike(project):
    alike = scenario(effects=ALIKE)
    by_head = project(assigned(), alike).series["assigned_tax"].deal
    tax = project(assigned(), alike).series["receipts"].as_is
    assert np.abs(by_head).max() < 1e-4 * tax.max()


def test_methods_of_adjustment_differ_and_an_unknown_one_is_refused(project):
    last = {m: project(assigned(m), draws=20).series["assigned_tax"].deal[:, -1].mean()
            for m in ("indexed-per-capita", "comparable-model", "indexed", "levels-deduction")}  # fmt: skip
    assert len({round(value, 6) for value in last.values()}) == 4
    with pytest.raises(SokeError, match="no block grant adjustment called"):
        project(assigned("barter"))


def test_earn_back_pays_a_share_of_extra_tax_up_to_its_cap_for_its_years(project):
    terms = EarnBack(at=AT, share=Decimal("0.5"), cap=Decimal(2_000_000), from_year=2030, years=3)
    made = deal(funds=(fund(),), investments=(connection(),), fiscal=Fiscal(earn_back=terms))
    found = project(made)
    paid, extra = found.series["earned_back"].deal, found.series["receipts"].difference
    on = [found.years.index(year) for year in (2030, 2031, 2032)]
    off = [i for i in range(len(found.years)) if i not in on]
    assert not paid[:, off].any()
    assert (paid[:, on] <= 2.0).all() and (paid[:, on] >= 0).all() and paid[:, on].any()
    below = 0.5 * np.maximum(extra[:, on], 0.0)
    assert (paid[:, on] <= below + 1e-9).all()


def test_council_tax_without_a_limit_is_paid_here_spent_here_and_moves_no_gap(project):
    lifted = scenario(council_tax_rise_lifted=Range(low=0.01, central=0.02, high=0.03), council_tax_lifted_years=3)
    made = deal(fiscal=Fiscal(council_tax=CouncilTax(at=AT, referendum_limit="removed")))
    found = project(made, lifted)
    raised = found.series["council_tax_raised"].deal
    assert (raised[:, 1:] > 0).all() and not raised[:, 0].any()
    for name in ("receipts", "spending", "budget"):
        assert np.allclose(found.series[name].difference, raised), name
    assert np.allclose(found.series["gap_narrowing"].difference, 0.0, atol=1e-9)
    assert not found.bill.new_money.any()
    assert (np.diff(raised[:, 1:4]) > 0).all(), "it grows for three years, then with the stock of homes"
    flows = {(flow.item, flow.payer) for flow in found.flows}
    assert ("council-tax", "taxpayers here") in flows
    same = project(made, scenario())
    assert not same.series["budget"].difference.any(), "no rise assumed, none made"


def test_a_pool_shares_the_levy_and_the_safety_net_among_its_members(project):
    here = rates("0.5", 2040).business_rates
    alone = project(deal(fiscal=Fiscal(business_rates=replace(here, safety_net=None))))
    pool = replace(here, safety_net=None, pool=("T000", "T001", "T002"))
    together = project(deal(fiscal=Fiscal(business_rates=pool)))
    a, b = alone.standing.safety_net_chance[1], together.standing.safety_net_chance[1]
    assert (b != a).any(), "a pool changes who is on the safety net"
    with pytest.raises(SokeError, match="no share of business rates"):
        project(deal(fiscal=Fiscal(business_rates=replace(pool, pool=("T000", "X")))))
    with pytest.raises(SokeError, match="twice"):
        project(deal(fiscal=Fiscal(business_rates=replace(pool, pool=("T000", "T000")))))


def test_a_rule_that_the_scenario_sets_is_used_and_printed(project):
    free = project(deal(fiscal=rates("0.5")), scenario(funding_rules={"levy.band.1.rate": 0.0}))
    taxed = project(deal(fiscal=rates("0.5")))
    assert free.keep_as_is.levy_account == 0 < taxed.keep_as_is.levy_account
    assert any("levy.band.1.rate" in text for text in free.limits)
    rows = {row["id"]: row for row in free.assumptions}
    assert rows["levy.band.1.rate"]["value"] == "0.0" and rows["levy.band.1.rate"]["grade"] == "estimate"
    with pytest.raises(SokeError, match=r"levy\.band"):
        project(deal(), scenario(funding_rules={"levy.bond.1.rate": 0.0}))


def test_the_keep_of_a_two_tier_place_names_its_tiers(project):
    found = project(deal(fiscal=rates("0.5")), draws=5).keep_as_is
    whole = found.local + found.levy_account + found.treasury
    assert whole == pytest.approx(100)
    assert found.councils > 0 and found.county > 0 and found.fire > 0, "one member is a district"
    assert found.combined_authority == 0
