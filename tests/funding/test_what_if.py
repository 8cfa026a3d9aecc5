"""The what-if: today's law against the law with settings; the difference is the law's alone and money is conserved."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soke.deal.reader import read_scenario
from soke.england.baseline import baseline
from soke.england.places import places
from soke.england.settlement import council_tax_levels
from soke.errors import SokeError
from soke.model.accounts.outlook import base_year
from soke.model.funding import rates_growth
from soke.model.funding.dated import rules
from soke.model.funding.household import household
from soke.model.funding.settings import changed, parsed
from soke.model.funding.what_if import TIERS, Asked, WhatIf, what_if

LEEDS, MANCHESTER, CAMBRIDGE = (baseline().index(c) for c in ("E08000035", "E08000003", "E07000008"))


@cache
def answered(given_: str = "", reset: int | None = None, pool: tuple[str, ...] = (), years: int = 10) -> WhatIf:
    """A what-if of the default scenario; each is run once."""
    asked = Asked(parsed(given_.split()), reset, pool, years)
    scenario = read_scenario()
    return what_if(asked, baseline(), base_year(scenario.base_year), scenario)


RETENTION = "business_rates.retention=0.75"
CASES = [(RETENTION, 5), ("levy.band.1.rate=0", None), ("", 0), ("fair_funding.rsg=16000", None)]


@pytest.mark.parametrize(("given_", "reset"), CASES)
def test_what_councils_gain_the_treasury_loses_in_every_year(given_: str, reset: int | None) -> None:
    result = answered(given_, reset)
    for side in (result.before, result.after):
        assert side.retained + side.treasury == pytest.approx(result.collected)
        assert side.resources.sum(axis=1) == pytest.approx(side.retained + side.grant)
    assert result.change.sum(axis=1) + result.treasury == pytest.approx(np.zeros(10), abs=1e-6)
    assert np.abs(result.change).max() > 0.01  # and something did change


def test_the_same_law_said_again_changes_nothing() -> None:
    result = answered("business_rates.retention=0.5 safety_net.share=0.925")
    assert result.change[2:] == pytest.approx(np.zeros((8, 296)), abs=1e-9)  # from 2028-29 that is the law
    assert answered("council_tax.referendum.core=none").nothing


def test_nobody_gains_on_the_first_day() -> None:
    """A larger share moves tariffs: at the opening the same money, however much is kept."""
    assert answered(RETENTION, 5).change[0] == pytest.approx(np.zeros(296), abs=1e-6)


def test_a_larger_share_keeps_more_of_the_next_pound_until_the_reset() -> None:
    result = answered(RETENTION)  # the law's own resets on both sides
    for kind in ("unitary", "shire-district", "metropolitan-district"):
        assert result.after.keep[kind].sum() > result.before.keep[kind].sum() + 5
    assert result.before.keep["london-borough"] == pytest.approx([30.0, 37.0, 0.0, 0.0])  # a share of its own
    assert result.after.keep["london-borough"] == pytest.approx(result.before.keep["london-borough"])
    assert all(0 <= kept.sum() <= 100 + 1e-6 for kept in result.after.keep.values())
    assert len(result.after.keep["unitary"]) == len(TIERS)
    reset = result.years.index(2029)
    assert result.change[reset] == pytest.approx(np.zeros(296), abs=1e-6)  # baselines struck anew: neutral again
    assert np.abs(result.change[reset - 1]).max() > 0.1


def test_places_that_keep_all_gain_nothing_from_a_larger_ordinary_share_before_a_reset() -> None:
    result = answered(RETENTION)
    assert result.change[:, MANCHESTER] == pytest.approx(
        np.zeros(10), abs=0.05
    )  # but for the mayor's shared fire service
    assert abs(result.change[1, LEEDS]) > 0.01


def test_each_change_alone_where_there_are_several() -> None:
    result = answered(RETENTION, 5)
    (kept, by_share), (reset, by_reset) = result.parts
    assert (dict(kept.settings), kept.reset) == ({"business_rates.retention": "0.75"}, None)
    assert (dict(reset.settings), reset.reset) == ({}, 5)
    assert by_share == pytest.approx(answered(RETENTION).average)
    assert by_reset == pytest.approx(answered("", 5).average)
    assert answered(RETENTION).parts == ()


def test_without_resets_funding_leaves_need() -> None:
    result = answered("", 0)
    assert result.before.resets == (2029, 2034)
    assert result.after.resets == ()
    assert result.since_reset == (1, 9)
    assert result.after.near[-1] < result.before.near[-1] - 0.1
    assert result.change[:3] == pytest.approx(np.zeros((3, 296)), abs=1e-9)  # until the law's own reset
    # Who grows faster gains, and the other way round; not in the City, where a head says nothing.
    many = baseline()["population"] > 20_000
    ahead = rates_growth.ahead(baseline(), rules())
    slow, fast = np.quantile(ahead[many], (0.25, 0.75))
    assert result.a_head[many & (ahead > fast)].mean() > 1 > -1 > result.a_head[many & (ahead < slow)].mean()
    yearly = answered("", 1)
    assert yearly.after.resets == tuple(range(2027, 2036))
    assert yearly.after.near[3:].min() > 0.99


def test_a_reset_every_n_years_counts_from_the_opening() -> None:
    assert answered(RETENTION, 5).after.resets == (2031,)
    assert answered("", 3, years=7).after.resets == (2029, 2032)


def test_the_spread_is_about_good_and_bad_years() -> None:
    result = answered("safety_net.share=0")
    low, mean, high = result.spread
    assert (low <= high).all()
    assert mean.sum() < 0  # over good and bad years the net is missed
    assert (result.after.drawn <= result.before.drawn + 1e-9).all()  # by nobody more than with it
    assert result.after.drawn[0] == pytest.approx(result.after.resources.mean(axis=0))  # the first draw is central


def test_a_pool_moves_its_members_and_nobody_else() -> None:
    """A county with its districts: each other place has what it had; what the pool saves in levy the Treasury loses."""
    members = ("E10000003", "E07000008", "E07000010", "E07000012")  # Cambridgeshire and three districts
    result = answered("", None, members)
    inside = [baseline().index(code) for code in places().members("E10000003")]
    outside = np.setdiff1d(np.arange(296), inside)
    assert result.change[:, outside] == pytest.approx(np.zeros((10, len(outside))), abs=1e-9)
    assert np.abs(result.change[:, inside]).max() > 0.001
    assert result.after.levy.sum() <= result.before.levy.sum() + 1e-9


def test_more_grant_is_more_for_every_place() -> None:
    result = answered("fair_funding.rsg=16000")
    assert (result.a_head > 0).all()
    rise = (16000 - 15048) / (1.02**1)
    assert result.last.sum() == pytest.approx(rise, rel=0.03)  # in prices of the base year


@given(st.integers(0, 2**32 - 1), st.floats(-0.02, 0.05), st.integers(1, 12))
@settings(max_examples=30, deadline=None)
def test_england_grows_as_it_is_told_to(seed: int, national: float, years: int) -> None:
    rng = np.random.default_rng(seed)
    rates = rng.lognormal(4, 1, 20)
    found = rates_growth.projected(rates, rng.normal(0, 0.02, 20), national, years)
    assert found[0] == pytest.approx(rates)
    assert found.sum(axis=1) == pytest.approx(rates.sum() * (1 + national) ** np.arange(years))


def test_growth_of_the_past_is_damped_and_bounded() -> None:
    ahead = rates_growth.ahead(baseline(), rules())
    assert np.abs(ahead).max() <= 0.015
    whole = rates_growth.ahead(baseline(), rules().with_settings({"what_if.growth.kept": 1, "what_if.growth.most": 1}))
    assert np.abs(whole).max() > 0.03
    inner = np.abs(ahead) < 0.015
    assert ahead[inner] == pytest.approx(0.5 * whole[inner])


def test_the_household() -> None:
    """A hand-made change of a million pounds; the tax base and Band D of 2022-23 from the published table."""
    base = baseline()
    change = np.zeros(296)
    change[LEEDS], change[CAMBRIDGE] = -1.0, 2.0
    house = household(base, change, 2026, rules(), rules().with_settings({"council_tax.referendum.core": "none"}))
    assert house.needed[LEEDS] == pytest.approx(1e6 / base["tax_base"][LEEDS])
    assert house.needed[CAMBRIDGE] < 0  # bills could fall
    assert house.bill_published[LEEDS] == base["band_d"][LEEDS]
    # Carried so that England's average is the published one of 2025-26.
    average = (house.bill * base["tax_base"]).sum() / base["tax_base"].sum()
    assert average == pytest.approx(2280, abs=0.01)
    scale = house.bill[LEEDS] / base["band_d"][LEEDS]
    own = council_tax_levels(2022).value("band_d_excl_parish", "E08000035")
    assert house.room_before[LEEDS] == pytest.approx(0.05 * own * scale, abs=0.01)  # its own, without fire and police
    # A district may raise 3 per cent or 5 pounds, its county 5 per cent.
    assert 5 < house.room_before[CAMBRIDGE] < 0.05 * house.bill[CAMBRIDGE]
    assert np.isinf(house.room_after).all()
    assert not house.vote.any()
    change[LEEDS] = -100.0
    assert household(base, change, 2026, rules(), rules()).vote[LEEDS]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("business_rates.retension=0.75", "Did you mean business_rates.retention"),
        ("business_rates.retention=1.01", "share from 0 to 1"),
        ("business_rates.retention=-0.1", "share from 0 to 1"),
        ("business_rates.retention=NaN", "not a number"),
        ("business_rates.retention=1e999999", "cannot be 1e"),
        ("business_rates.retention=none", "no limit"),
        ("fair_funding.rsg=1e7", "from 0 to 1,000,000"),
        ("business_rates.decoupled=2", "has not been in force"),
        ("levy.cap=0.2", "since 2025-26"),
    ],
)
def test_a_setting_that_cannot_be_is_an_error(text: str, said: str) -> None:
    with pytest.raises(SokeError, match=said):
        changed(rules(), parsed([text]), 2026)


@pytest.mark.parametrize("text", ["levy", "=0.5", "levy.cap=", ""])
def test_a_setting_needs_a_name_and_a_value(text: str) -> None:
    with pytest.raises(SokeError, match="ID=VALUE"):
        parsed([text])


def test_a_setting_leaves_the_past_alone() -> None:
    law, held = rules(), changed(rules(), parsed(["business_rates.multiplier.small=40", "safety_net.share=0.9"]), 2026)
    assert held.value("business_rates.multiplier.small", 2024) == law.value("business_rates.multiplier.small", 2024)
    assert held.value("business_rates.multiplier.small", 2026) == 40
    assert [held.value("safety_net.share", year) for year in (2025, 2026, 2027, 2040)] == [0.925, 0.9, 0.9, 0.9]
    assert held.row("safety_net.share", 2027).grade == "estimate"
    # The ordinary share has one row over both regimes: it is divided where the setting begins.
    kept = changed(rules(), parsed(["business_rates.retention=0.75"]), 2026)
    assert [kept.value("business_rates.retention", year) for year in (2025, 2026)] == [0.5, 0.75]


def test_bands_of_the_levy_that_cross_are_an_error() -> None:
    with pytest.raises(SokeError, match="bands of the levy"):
        answered("levy.band.1.bound=3")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "No rule is changed"),
        ({"reset": -1}, "reset every -1"),
        ({"reset": 5, "years": 0}, "0 years"),
        ({"reset": 5, "years": 500}, "500 years"),
    ],
)
def test_what_cannot_be_asked(asked: dict[str, int], said: str) -> None:
    with pytest.raises(SokeError, match=said):
        Asked({}, **asked)


@pytest.mark.parametrize(
    ("pool", "said"),
    [
        (("E08000035",), "one member"),
        (("E08000035", "E08000035"), "twice"),
        (("E08000035", "W06000015"), "Wales"),
        (("E08000035", "E99999999"), "no authority"),
        (("E08000035", "E23000013"), "not among"),
    ],
)
def test_a_pool_that_cannot_be(pool: tuple[str, ...], said: str) -> None:
    with pytest.raises(SokeError, match=said):
        answered("", None, pool)
