"""Regime, outlook and estimates on the real places: terms of the law and of a deal, what is shared out at the start."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from soke.deal.reader import read_scenario
from soke.deal.types import BusinessRates, Scenario
from soke.england.baseline import Baseline, baseline
from soke.england.settlement import settlement
from soke.errors import Location, SokeError
from soke.model.economy.population import People
from soke.model.funding import chain, course, outlook, rates_shares, regime
from soke.model.funding.dated import Rules, rules
from soke.model.funding.estimates import Estimates, average_band_d, carried, estimates

England = tuple[Baseline, Estimates, Scenario, tuple[int, ...]]


@pytest.fixture(scope="module")
def england() -> England:
    return baseline(), estimates(baseline()), read_scenario(), tuple(range(2025, 2036))


def test_estimates_cover_every_authority_and_sum_to_one(england: England) -> None:
    base, held, _, _ = england
    who = held.recipients
    assert len(set(who.codes)) == len(who.codes)
    assert who.codes[:296] == base.codes
    assert held.need.sum() == pytest.approx(1.0)
    assert (held.need >= 0).all()
    assert who.spread.sum(axis=1) == pytest.approx(np.ones(len(who.codes) - 296))
    # SFA of the settlement of 2019-20, carried to the authorities of today, is all there.
    assert held.assessment.sum() == pytest.approx(settlement(2019)["sfa"].sum(), rel=1e-9)


def test_notional_tax_is_the_base_at_one_band_d(england: England) -> None:
    base, held, _, _ = england
    local, district, fire = average_band_d()
    whole = base["tax_base"].sum() * local / 1e6
    assert whole <= held.notional_tax.sum() <= whole * (1 + fire / local) + 1e-6
    adur = base.index("E07000223")
    assert held.notional_tax[adur] == pytest.approx(base["tax_base"][adur] * local * district / 1e6)


def test_a_divided_authority_goes_to_its_heirs_by_people(england: England) -> None:
    base, *_ = england
    cumbria = carried({"E10000006": 100.0}, 2022, base)
    people = {code: float(base["population"][base.index(code)]) for code in ("E06000063", "E06000064")}
    assert cumbria == pytest.approx({code: 100.0 * n / sum(people.values()) for code, n in people.items()})
    assert carried({"E08000003": 5.0}, 2019, base) == {"E08000003": 5.0}


def the_law(england: England, law: Rules | None = None, **changes: Any) -> regime.Regime:
    base, held, scenario, years = england
    changed = replace(scenario, **changes)
    return regime.as_law(held.recipients, held.billing, years, base, changed, law or rules())


def test_terms_of_the_law(england: England) -> None:
    base, held, _, _ = england
    law = the_law(england)
    at = {code: i for i, code in enumerate(held.recipients.codes)}
    opening = law.terms[1]
    assert opening.billing[at["E08000003"]] == pytest.approx(0.99)  # Manchester keeps all but fire's
    assert opening.rolled_in[at["E08000003"]] == pytest.approx(1.0)
    assert opening.levied[at["E08000003"]] == 0.0
    assert opening.kept_here[base.index("E08000035")] == pytest.approx(0.5)  # Leeds
    assert opening.levied[at["E08000035"]] == 1.0
    assert [float(t.safety_net[0]) for t in law.terms[1:5]] == [1.0, 0.97, 0.925, 0.925]
    assert [year for year, t in zip(england[3], law.terms, strict=True) if t.reset.all()] == [2026, 2029, 2034]
    assert law.half.kept_here == pytest.approx(np.full(296, 0.5))


def test_a_setting_of_the_ordinary_share_leaves_other_shares_alone(england: England) -> None:
    base, *_ = england
    held = rules().with_settings({"business_rates.retention": "0.75"})
    before, after = the_law(england).terms[-1], the_law(england, held).terms[-1]
    assert after.kept_here[base.index("E08000035")] == pytest.approx(0.75)
    for code in ("E08000003", "E09000033"):
        assert after.kept_here[base.index(code)] == pytest.approx(before.kept_here[base.index(code)])


def deal(**changes: Any) -> BusinessRates:
    given_ = {"retention": Decimal("0.75"), "from_year": 2027, "reset": 2032, **changes}
    return BusinessRates(at=Location("deal.toml"), **given_)


def test_a_deal_spares_its_area_the_resets_of_others_until_its_own(england: England) -> None:
    base, _, _, years = england
    area = [base.index(code) for code in ("E08000032", "E08000033", "E08000034", "E08000035", "E08000036")]
    law = the_law(england)
    made = regime.under_deal(law, deal(), 2026, years, area, rules())
    here = regime.inside(law.recipients, area)
    reset = {year: t.reset for year, t in zip(years, made.terms, strict=True)}
    assert reset[2026].all()  # the opening, before the deal
    assert not reset[2029][here].any()
    assert reset[2029][~here].all()
    assert reset[2032][here].all()
    assert not reset[2032][~here].any()
    assert reset[2034].all()  # afterwards with all others
    assert made.terms[2].kept_here[area] == pytest.approx(np.full(5, 0.75))
    assert regime.under_deal(law, None, 2026, years, area, rules()) is law
    # The West Yorkshire fire authority lies wholly in the area, the county of nobody does.
    assert {law.recipients.kinds[i] for i in np.flatnonzero(here)} <= {
        "metropolitan-district",
        "fire",
        "combined-authority",
    }


def test_inside_needs_every_place(england: England) -> None:
    base, held, _, _ = england
    four = [base.index(code) for code in ("E08000032", "E08000033", "E08000034", "E08000035")]
    assert int(regime.inside(held.recipients, four).sum()) == 4


@pytest.mark.parametrize(
    ("pool", "said"),
    [(("E08000035", "E08000035"), "twice"), (("W06000015", "E08000035"), "no share of business rates")],
)
def test_a_pool_that_cannot_be_is_an_error(england: England, pool: tuple[str, ...], said: str) -> None:
    _, _, _, years = england
    with pytest.raises(SokeError, match=said):
        regime.under_deal(the_law(england), deal(pool=pool), 2026, years, [0], rules())


def test_a_deal_may_set_its_safety_net_and_pool(england: England) -> None:
    base, _, _, years = england
    area = [base.index("E08000035"), base.index("E08000036")]
    made = regime.under_deal(
        the_law(england), deal(safety_net=Decimal("0.97"), pool=("E08000035", "E08000036")), 2026, years, area, rules()
    )
    assert made.terms[5].safety_net[area].tolist() == [0.97, 0.97]
    assert made.terms[5].safety_net[0] == 0.925
    assert made.terms[5].pools[0].tolist() == area
    assert made.terms[1].pools == ()


def test_an_area_that_is_none_is_an_error(england: England) -> None:
    with pytest.raises(SokeError, match="not an area of England"):
        the_law(england, retention_as_is={"E99999999": 0.6})


def the_outlook(england: England) -> outlook.Outlook:
    _, held, _, years = england
    return outlook.outlook(held, years, 1.1, 1.02, rules(), dict.fromkeys(outlook.TRANSITION, 0.035))


def test_the_opening_holds_the_published_totals_and_balances(england: England) -> None:
    """RSG of 2026-27 and half of all rates are shared out whole; on the half basis tariffs sum to nought."""
    base, _, _, years = england
    law, given_ = the_law(england), the_outlook(england)
    rates = (base["rateable_value"] * 0.4)[None, :]
    baselines = outlook.opening(given_, rates, law.half, law.half, 1)
    assert given_.grant == pytest.approx(15048 / 1.02)
    assert np.sum(baselines.grant_half) == pytest.approx(given_.grant)
    assert np.sum(baselines.funding_half) == pytest.approx(0.5 * rates.sum())
    assert np.sum(baselines.tariff) == pytest.approx(0.0, abs=1e-6)
    assert given_.share.sum(axis=1) == pytest.approx(np.ones(len(years)))
    assert given_.need.sum() == pytest.approx(1.0)
    # What moves in the transition adds nothing to the whole.
    for year in (2, 3, 4):
        assert outlook.grant_change(given_, year, 1).sum() == pytest.approx(0.0, abs=1e-6)
    assert not outlook.grant_change(given_, 1, 1).any()


def test_need_follows_people(england: England) -> None:
    _, held, _, _ = england
    groups = np.ones((5, 296))
    moving = outlook.moving_need(held.recipients, held.need, groups)
    young, old = np.ones((2, 296)), np.ones((2, 296))
    old[1, 0] = 1.5
    moved = moving.of(People(young + old, young, old, groups))
    assert moved[0] == pytest.approx(held.need)
    assert moved[1, 0] / moved[0, 0] > 1.3, "older people cost councils more"
    assert moved.sum(axis=1) == pytest.approx([1.0, 1.0])


def test_a_course_of_england_conserves_money_each_year(england: England) -> None:
    """Before the regime, at its opening, in the transition, at a reset: always what was collected."""
    base, _, _, years = england
    law, given_ = the_law(england), the_outlook(england)
    rng = np.random.default_rng(7)
    state = course.start(course.Lever(given_, law))
    for year in range(len(years)):
        expected = np.tile(base["rateable_value"] * 0.4 * 1.02**year, (4, 1))
        collected = expected * rng.lognormal(0, 0.1, expected.shape)
        funded = course.advance(state, year, expected, collected, given_.need)
        baselines = funded.baselines
        paid = expected if year < law.start else collected
        central = chain.treasury(paid, baselines, funded.settled, law.terms[year])
        assert funded.settled.retained.sum(axis=1) + central == pytest.approx(paid.sum(axis=1))
        whole = funded.settled.retained.sum(axis=1) + np.sum(np.atleast_2d(baselines.grant), axis=1)
        assert funded.resources.sum(axis=1) == pytest.approx(whole)


def test_shares_of_every_place_sum_to_one(england: England) -> None:
    _, held, _, _ = england
    for one in held.billing:
        part = rates_shares.split(one, 2026)
        assert part.central + part.billing + part.upper + part.fire + part.combined == pytest.approx(1.0)
