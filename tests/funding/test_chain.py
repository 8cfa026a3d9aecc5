"""The chain of local funding: money is conserved, baselines are neutral, resets go by need, pools and terms act."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soke.deal.reader import read_scenario
from soke.deal.types import BusinessRates, Scenario
from soke.england.baseline import Baseline, baseline
from soke.england.settlement import settlement
from soke.errors import Location, SokeError
from soke.model.funding import chain, course, levy, outlook, rates_shares, regime
from soke.model.funding.chain import Recipients, Terms
from soke.model.funding.dated import Rules, rules
from soke.model.funding.drift import drift, yardstick
from soke.model.funding.estimates import Estimates, average_band_d, carried, estimates
from soke.model.funding.resource_adjustment import fair_funding_allocation

BANDS = levy.Schedule((1.0, 1.1, 2.0), (0.1, 0.3, 0.45))
PLACES, OTHERS = 6, 2
SIZE = PLACES + OTHERS
SEEDS = st.integers(0, 2**32 - 1)
England = tuple[Baseline, Estimates, Scenario, tuple[int, ...]]


def made_terms(**changes: Any) -> Terms:
    """Six places, a county above the first four and a fire authority above all; half of all rates stay."""
    billing = np.array([0.4, 0.4, 0.4, 0.4, 0.49, 0.49])
    upper = np.array([[0.09, 0.01]] * 4 + [[0.0, 0.01]] * 2)
    made = Terms(
        billing=billing, upper=upper, rolled_in=np.zeros(SIZE), levied=np.ones(SIZE), schedule=BANDS,
        safety_net=np.full(SIZE, 0.925), reset=np.ones(SIZE, dtype=bool),
    )  # fmt: skip
    return replace(made, **changes)


def more_kept(terms: Terms, share: float) -> Terms:
    """The same areas with a larger local share, which takes the grant into the baseline."""
    rolled = np.full(SIZE, (share - 0.5) / 0.5)
    return replace(terms, billing=terms.billing * share / 0.5, upper=terms.upper * share / 0.5, rolled_in=rolled)


def made_world(seed: int, draws: int = 3) -> tuple[np.ndarray, ...]:
    """Rates (draw, place), need, notional tax and grant (authority,)."""
    rng = np.random.default_rng(seed)
    rates = rng.lognormal(4, 1, (draws, PLACES))
    need = rng.lognormal(0, 1, SIZE)
    return rates, need / need.sum(), rng.lognormal(1, 1, SIZE), rng.lognormal(3, 1, SIZE)


def started(seed: int, terms: Terms) -> tuple[np.ndarray, chain.Standing]:
    rates, need, tax, grant = made_world(seed)
    return rates, chain.reset(None, rates, made_terms(), terms, need, tax, grant[None, :])


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.floats(0.5, 1.0), st.booleans())
def test_money_neither_appears_nor_vanishes(seed: int, share: float, pooled: bool) -> None:
    terms = more_kept(made_terms(), share)
    if pooled:
        terms = replace(terms, pools=(np.array([0, 1, 6]),))
    rates, standing = started(seed, terms)
    collected = rates * np.random.default_rng(seed).lognormal(0, 0.5, rates.shape)
    settled = chain.settle(collected, standing, terms)
    whole = settled.retained.sum(axis=1) + chain.treasury(collected, standing, settled, terms)
    assert whole == pytest.approx(collected.sum(axis=1), rel=1e-12)
    assert (settled.levy * settled.safety_net == 0).all()  # never both


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_tariffs_and_top_ups_sum_to_nought_on_the_half_basis(seed: int) -> None:
    rates, standing = started(seed, made_terms())
    assert standing.tariff.sum(axis=1) == pytest.approx(np.zeros(len(rates)), abs=1e-9 * rates.sum())
    settled = chain.settle(rates, standing, made_terms())
    assert np.allclose(settled.retained, standing.funding)  # at its baseline nobody pays and nobody is paid


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.floats(0.55, 1.0))
def test_who_keeps_more_starts_with_the_same_money(seed: int, share: float) -> None:
    rates, half = started(seed, made_terms())
    terms = more_kept(made_terms(), share)
    _, more = started(seed, terms)
    before, after = (chain.settle(rates, s, t).resources(s) for s, t in ((half, made_terms()), (more, terms)))
    assert np.allclose(before, after)
    assert (more.grant <= half.grant + 1e-9).all()
    moved = chain.change_terms(half, made_terms(), terms, rates)  # the same between resets
    assert np.allclose(chain.settle(rates, moved, terms).resources(moved), before)


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_a_reset_shares_all_of_it_by_need_less_notional_tax(seed: int) -> None:
    rates, need, tax, grant = made_world(seed)
    terms = made_terms()
    standing = chain.reset(None, rates, terms, terms, need, tax, grant[None, :])
    pot = rates.sum(axis=1) * 0.5 + grant.sum()
    expected = fair_funding_allocation(need, tax, pot).amounts
    assert np.allclose(standing.funding + standing.grant, expected)
    untaxed = chain.reset(None, rates, terms, terms, need, np.zeros(SIZE), grant[None, :])
    resources = chain.settle(rates, untaxed, terms).resources(untaxed)
    assert np.allclose(resources / resources.sum(axis=1, keepdims=True), need)


def test_growth_counts_for_all_at_the_next_reset() -> None:
    terms = made_terms(levied=np.zeros(SIZE))
    rates, need, _, grant = made_world(1, draws=1)
    standing = chain.reset(None, rates, terms, terms, need, np.zeros(SIZE), grant[None, :])
    grown = rates.copy()
    grown[0, 0] += 10.0
    ahead = chain.settle(grown, standing, terms).retained - standing.funding
    assert ahead[0, [0, 6, 7]] == pytest.approx([4.0, 0.9, 0.1])  # until then it stays where it grew
    assert np.delete(ahead[0], [0, 6, 7]) == pytest.approx(np.zeros(5), abs=1e-9)
    again = chain.reset(standing, grown, terms, terms, need, np.zeros(SIZE), standing.grant_half)
    gained = chain.settle(grown, again, terms).resources(again) - chain.settle(rates, standing, terms).resources(
        standing
    )
    assert gained[0] == pytest.approx(5.0 * need)


def test_who_does_not_reset_keeps_its_baselines() -> None:
    some = np.array([True] * 4 + [False] * 2 + [True] * 2)
    terms = made_terms()
    rates, standing = started(2, terms)
    _, need, tax, _ = made_world(2)
    again = chain.reset(standing, 2 * rates, terms, replace(terms, reset=some), need, tax, standing.grant_half)
    for name in ("funding", "grant", "tariff", "rates_baseline"):
        assert np.allclose(
            getattr(again, name)[:, ~some], np.broadcast_to(getattr(standing, name), (3, SIZE))[:, ~some]
        )
    assert np.allclose(again.rates_baseline[:, some], 2 * standing.rates_baseline[:, some])


def test_full_retention_without_reset_freezes_transfers() -> None:
    """On a course of years: what each keeps of growth is all of it, and tariffs do not move."""
    terms = more_kept(made_terms(levied=np.zeros(SIZE), safety_net=np.zeros(SIZE)), 1.0)
    rates, first = started(3, terms)
    still = replace(terms, reset=np.zeros(SIZE, dtype=bool))
    held = made_outlook(3, 4)
    law = regime.Regime(made_recipients(), (), (), 0, made_terms(), (terms, still, still, still))
    standing = course.advance(held, law, None, 0, rates, rates).standing
    for year in (1, 2, 3):
        grown = rates * 1.1**year
        funded = course.advance(held, law, standing, year, grown, grown)
        assert np.allclose(funded.standing.tariff, standing.tariff)
        growth = chain.income(grown, terms) - chain.income(rates, terms)
        assert np.allclose(funded.settled.retained, funded.standing.funding + growth)
        standing = funded.standing
    assert first.tariff.shape == standing.tariff.shape


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_a_pool_is_one_authority_and_moves_nobody_else(seed: int) -> None:
    members = np.array([0, 1, 6])
    alone = made_terms()
    pooled = replace(alone, pools=(members,))
    rates, standing = started(seed, alone)
    collected = rates * np.random.default_rng(seed).lognormal(0, 0.3, rates.shape)
    one, together = chain.settle(collected, standing, alone), chain.settle(collected, standing, pooled)
    rest = np.setdiff1d(np.arange(SIZE), members)
    assert np.array_equal(one.retained[:, rest], together.retained[:, rest])
    income, funding = one.income[:, members].sum(axis=1), standing.funding[:, members].sum(axis=1)
    due = levy.graduated(income, funding, BANDS)
    safe = np.maximum(0.925 * funding - income, 0.0)
    assert together.retained[:, members].sum(axis=1) == pytest.approx(income - due + safe)
    change = together.retained.sum(axis=1) - one.retained.sum(axis=1)  # what members gain the Treasury loses
    towards = chain.treasury(collected, standing, together, pooled) - chain.treasury(collected, standing, one, alone)
    assert change + towards == pytest.approx(np.zeros(len(rates)), abs=1e-9 * collected.sum())


def test_a_grant_that_moves_reaches_who_keeps_more_through_the_tariff() -> None:
    terms = more_kept(made_terms(), 0.75)
    _, standing = started(4, terms)
    change = np.linspace(-1, 1, SIZE)
    moved = chain.move_grant(standing, change, terms)
    assert np.allclose(moved.grant - standing.grant, 0.5 * change)
    assert np.allclose(moved.tariff - standing.tariff, 0.5 * change)
    assert chain.move_grant(standing, np.zeros(SIZE), terms) is standing


def made_recipients() -> Recipients:
    spread = np.array([[0.25] * 4 + [0.0] * 2, [1 / 6] * 6])
    codes = tuple(f"E{k:08d}" for k in range(SIZE))
    return Recipients(codes, codes, ("shire-district",) * 4 + ("unitary",) * 2 + ("county", "fire"), PLACES, spread)


def made_outlook(seed: int, years: int) -> outlook.Outlook:
    _, need, tax, grant = made_world(seed)
    share = np.tile(need, (years, 1))
    known = {"need": share, "notional_tax": tax, "share": share, "grant": float(grant.sum()), "funding_share": need,
             "published_funding": 100.0}  # fmt: skip
    return outlook.Outlook(**{f.name: known[f.name] for f in dataclasses.fields(outlook.Outlook)})


def test_money_of_those_above_goes_to_their_places() -> None:
    who = made_recipients()
    money = np.arange(1.0, SIZE + 1)[None, :]
    placed = who.by_place(money)
    assert placed.sum() == pytest.approx(money.sum())
    assert placed[0, 0] == pytest.approx(1.0 + 7.0 / 4 + 8.0 / 6)


def test_drift_is_one_where_resources_follow_need() -> None:
    who, held = made_recipients(), made_outlook(5, 2)
    stick = yardstick(who, held, [0, 1], ("shire-district", "unitary"))
    need = who.by_place(held.need)[0]
    fit = drift(stick, (100.0 + stick.tax.sum()) * need[None, :] - stick.tax, 0)
    assert fit.near[0] == 1.0
    assert fit.area[0] == pytest.approx(1.0)
    assert fit.classes[0] == pytest.approx([1.0, 1.0])
    off = (100.0 + stick.tax.sum()) * need
    off[0] *= 1.5
    worse = drift(stick, (off - stick.tax)[None, :], 0)
    assert worse.near[0] < 1.0
    assert worse.area[0] > 1.0 > worse.classes[0, 1]


# Real places


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
    made = regime.under_deal(law, deal(), years, area, rules())
    here = regime.inside(law.recipients, area)
    reset = {year: t.reset for year, t in zip(years, made.terms, strict=True)}
    assert reset[2026].all()  # the opening, before the deal
    assert not reset[2029][here].any()
    assert reset[2029][~here].all()
    assert reset[2032][here].all()
    assert not reset[2032][~here].any()
    assert reset[2034].all()  # afterwards with all others
    assert made.terms[2].kept_here[area] == pytest.approx(np.full(5, 0.75))
    assert regime.under_deal(law, None, years, area, rules()) is law
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
        regime.under_deal(the_law(england), deal(pool=pool), years, [0], rules())


def test_a_deal_may_set_its_safety_net_and_pool(england: England) -> None:
    base, _, _, years = england
    area = [base.index("E08000035"), base.index("E08000036")]
    made = regime.under_deal(
        the_law(england), deal(safety_net=Decimal("0.97"), pool=("E08000035", "E08000036")), years, area, rules()
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
    weighted = np.ones((len(years), 296))
    return outlook.outlook(held, years, weighted, 1.1, 1.02, rules())


def test_the_opening_holds_the_published_totals_and_balances(england: England) -> None:
    """RSG of 2026-27 and half of all rates are shared out whole; on the half basis tariffs sum to nought."""
    base, _, _, years = england
    law, given_ = the_law(england), the_outlook(england)
    rates = (base["rateable_value"] * 0.4)[None, :]
    standing = outlook.opening(given_, rates, law.half, law.half, 1)
    assert given_.grant == pytest.approx(15048 / 1.02)
    assert np.sum(standing.grant_half) == pytest.approx(given_.grant)
    assert np.sum(standing.funding_half) == pytest.approx(0.5 * rates.sum())
    assert np.sum(standing.tariff) == pytest.approx(0.0, abs=1e-6)
    assert given_.share.sum(axis=1) == pytest.approx(np.ones(len(years)))
    assert given_.need.sum(axis=1) == pytest.approx(np.ones(len(years)))
    # What moves in the transition adds nothing to the whole.
    for year in (2, 3, 4):
        assert outlook.grant_change(given_, year, 1).sum() == pytest.approx(0.0, abs=1e-6)
    assert not outlook.grant_change(given_, 1, 1).any()


def test_need_follows_people(england: England) -> None:
    _, held, _, _ = england
    weighted = np.ones((2, 296))
    weighted[1, 0] = 1.5
    moved = outlook.need_by_year(held.recipients, held.need, weighted)
    assert moved[1, 0] / moved[0, 0] > 1.4
    assert moved.sum(axis=1) == pytest.approx([1.0, 1.0])


def test_a_course_of_england_conserves_money_each_year(england: England) -> None:
    """Before the regime, at its opening, in the transition, at a reset: always what was collected."""
    base, _, _, years = england
    law, given_ = the_law(england), the_outlook(england)
    rng = np.random.default_rng(7)
    standing = None
    for year in range(len(years)):
        expected = np.tile(base["rateable_value"] * 0.4 * 1.02**year, (4, 1))
        collected = expected * rng.lognormal(0, 0.1, expected.shape)
        funded = course.advance(given_, law, standing, year, expected, collected)
        standing = funded.standing
        paid = expected if year < law.start else collected
        central = chain.treasury(paid, standing, funded.settled, law.terms[year])
        assert funded.settled.retained.sum(axis=1) + central == pytest.approx(paid.sum(axis=1))
        whole = funded.settled.retained.sum(axis=1) + np.sum(np.atleast_2d(standing.grant), axis=1)
        assert funded.resources.sum(axis=1) == pytest.approx(whole)


def test_shares_of_every_place_sum_to_one(england: England) -> None:
    _, held, _, _ = england
    for one in held.billing:
        part = rates_shares.split(one, 2026)
        assert part.central + part.billing + part.upper + part.fire + part.combined == pytest.approx(1.0)
