"""What must hold whatever the deal: no lever no change, every pound paid and received, parts that sum, balance."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invented_country import connection, deal, full_deal, fund, investment, programme, rates, scenario, years

from soke.deal.types import Fiscal, IncomeTax, Range
from soke.model.money import investment_costs

SLOW = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


OFF = {"devolution.growth": Range(low=0.0, central=0.0, high=0.0)}  # what nobody knows, left out


def same(projection):
    """Both paths equal to the last bit, and no place with a difference."""
    for series in projection.series.values():
        changed = series.difference if series.name == "gap_narrowing" else series.deal - series.as_is
        assert not changed.any(), series.name
        assert series.deal.tobytes() == series.as_is.tobytes(), series.name
    for series in projection.by_place.values():
        assert not series.difference.any() and not series.mean_difference.any(), series.name
        assert not series.below_chance.any()
    assert projection.bill.below_chance == 0
    assert not projection.bill.below_chance_by_place.any()
    assert projection.drivers == ()


def test_no_levers_no_change_to_the_last_bit(project):
    same(project(deal(), scenario(effects=OFF)))


def test_money_that_only_moves_changes_nothing_but_who_decides(project):
    moved = fund("moved", "moved", 200_000_000, after_profile="flat_real")
    bought = (connection(of="moved"), programme(of="moved", opens=2026))
    found = project(deal(funds=(moved,), investments=bought), scenario(effects=OFF))
    same(found)
    assert [flow.kind for flow in found.flows] == ["moved"]
    assert found.bill.moved["moved"][1] > 100 and not found.bill.new_money.any()


def test_the_same_rates_regime_as_today_changes_nothing(project):
    today = replace(rates("0.5", 2029).business_rates, safety_net=None)
    same(project(deal(fiscal=Fiscal(business_rates=today)), scenario(effects=OFF)))


def test_after_a_common_reset_equal_shares_keep_the_same(project):
    """Spared the reset of 2029 the place keeps more until 2033; then both paths start again from the same baseline."""
    terms = replace(rates("0.5", 2033).business_rates, safety_net=None)
    found = project(deal(fiscal=Fiscal(business_rates=terms)), scenario(reset_as_is=2029, reset_every=4))
    kept, reset = found.series["kept_growth"], found.years.index(2033)
    spared = np.abs(kept.difference[:, found.years.index(2029) : reset])
    assert np.median(spared) > 1e-4 * np.median(np.abs(kept.as_is[:, reset:]))
    assert np.allclose(kept.deal[:, reset:], kept.as_is[:, reset:], rtol=1e-9)
    assert kept.as_is[:, reset:].any()


def test_a_place_outside_the_baseline_is_untouched_by_new_money_spent_elsewhere(project):
    found = project(deal(funds=(fund(),)))
    outside = [i for i, code in enumerate(found.places) if code not in found.area]
    for name in ("gva", "jobs", "receipts", "spending", "budget"):
        assert not found.by_place[name].mean_difference[:, outside].any(), name


@SLOW
@given(
    pounds=st.integers(0, 10**9), retention=st.decimals(0, 1, places=2), reserves=st.decimals(0, 1, places=2),
    people=st.floats(10, 20_000), after=st.floats(20, 90), kind=st.sampled_from(["new", "moved", "consolidated"]),
    tail=st.sampled_from(["ends", "flat_real", "grows"]), share=st.decimals(0, 1, places=2),
    bears=st.sampled_from(["authority", "government"]),
)  # fmt: skip
def test_every_pound_has_a_payer_and_a_receiver_and_parts_sum(
    project, pounds, retention, reserves, people, after, kind, tail, share, bears
):
    base = full_deal()
    a_deal = replace(
        base,
        funds=(fund(), fund("x", kind, pounds, after_profile=tail, previous_spend=years(90_000_000, 2025, 1))),
        investments=(
            connection(after, overrun_falls_on=bears),
            programme(people, opens=2026),
            investment("public-capital", "roads"),
        ),
        fiscal=replace(rates(str(retention)), income_tax=IncomeTax(at=base.at, assigned_share=share)),
        proceeds=replace(base.proceeds, reserves=reserves, older_care=(1 - reserves) / 2),
    )
    holds(project(a_deal, draws=20))


def mean(series):
    return series.difference.mean(axis=0)


def ledger(projection, *kinds):
    found = [flow.amount for flow in projection.flows if flow.kind in kinds]
    return np.sum(found, axis=0) if found else np.zeros(len(projection.years))


def holds(projection):
    series, flows = projection.series, projection.flows
    assert projection.failures == ()
    assert all(
        flow.payer and flow.receiver and flow.payer != flow.receiver and (flow.amount >= 0).all() for flow in flows
    )
    # each mechanism's flows in the ledger are that mechanism's series, and nothing else is
    close = {"rtol": 1e-9, "atol": 1e-6}
    assert np.allclose(ledger(projection, "new") - ledger(projection, "trimmed"), mean(series["new_money"]), **close)
    assert np.allclose(ledger(projection, "financing"), ledger(projection, "new"), **close)
    assert np.allclose(ledger(projection, "tax") - ledger(projection, "tax-lost"), mean(series["receipts"]), **close)
    assert np.allclose(
        ledger(projection, "saving") - ledger(projection, "saving-lost"), mean(series["benefits_saved"]), **close
    )
    kept = mean(series["kept_growth"]) + mean(series["assigned_tax"])
    assert np.allclose(
        ledger(projection, "retained-growth") - ledger(projection, "retained-growth-lost"), kept, **close
    )
    over = sum(mean(series[name]) for name in investment_costs.SERIES)
    assert np.allclose(ledger(projection, "overrun") - ledger(projection, "overrun-lost"), over, **close)
    gone = [ledger(projection, kind) - ledger(projection, f"{kind}-lost") for kind in ("proceeds", "reserves")]
    assert np.allclose(sum(gone), kept, **close), "what is kept is spent or put by"
    # the difference is its parts
    parts = series["receipts"].difference + series["benefits_saved"].difference
    for spent in ("new_money", "proceeds_spent", "incomers_served", "overrun_of_government"):
        parts = parts - series[spent].difference
    assert np.allclose(series["gap_narrowing"].difference, parts, **close)
    assert np.allclose(series["gap_narrowing"].difference, -series["gap"].difference, rtol=1e-6, atol=1e-5)
    # parts sum to England: what one place gains all places pay for
    assert np.abs(projection.by_place["balance"].mean_difference.sum(axis=1)).max() < 1e-6
    here = [projection.places.index(code) for code in projection.area]
    for name in ("gva", "receipts", "spending", "budget", "jobs", "gap_narrowing", "balance", "structural"):
        by_place = projection.by_place[name].mean_difference[:, here].sum(axis=1)
        assert np.allclose(by_place, mean(series[name]), rtol=1e-7, atol=1e-6), name
    for keep in (projection.keep_as_is, projection.keep_deal):
        pence = (keep.councils, keep.county, keep.fire, keep.combined_authority, keep.levy_account, keep.treasury)
        assert sum(pence) == pytest.approx(100) and min(pence) >= 0


def test_england_adds_up_in_the_base_year(project, lines, baseline):
    found, assumed = project(deal()), scenario()
    revenue, spent = lines.side("revenue").sum(), lines.side("spending").sum()
    receipts = found.by_place["receipts"].as_is[2, 0].sum()
    assert receipts == pytest.approx(revenue * 1.15 * 1.03, rel=1e-12), "the lines of the base year, and no carry more"
    assert found.by_place["spending"].as_is[2, 0].sum() == pytest.approx(spent * 1.15, rel=1e-12)
    gva = found.by_place["gva"].as_is[2, 0].sum()
    assert gva == pytest.approx(baseline["gva"].sum() * assumed.carry_price * assumed.carry_gva_real, rel=1e-12)
    assert found.by_place["jobs"].as_is[2, 0].sum() == pytest.approx(baseline["jobs"].sum(), rel=1e-12)


def test_the_spending_envelope_is_kept_in_every_year(project, lines, baseline):
    found = project(deal())
    names = [line.id for line in lines.lines if line.side == "spending"]
    england = lines.side("spending").sum(axis=1) * 1.15
    growth = {"health": [1.0, 1.03, 1.03 * 1.02, 1.03 * 1.02**2]}
    expected = [
        sum(
            total * growth.get(name, [1.01**t for t in range(4)])[t] for name, total in zip(names, england, strict=True)
        )
        for t in range(4)
    ]
    assert np.allclose(found.by_place["spending"].as_is[2, :1].sum(axis=1), expected[:1], rtol=1e-12)
    whole = project(deal(members=baseline.codes)).series["spending"].as_is
    assert np.allclose(whole[:, :4], expected, rtol=1e-12), "of all places together in every draw"


def test_more_of_a_lever_never_gives_less(project):
    def narrowing(a_deal):
        return np.median(project(a_deal, draws=30).series["receipts"].difference[:, -1])

    rail = [narrowing(deal(funds=(fund(),), investments=(connection(after),))) for after in (60.0, 50.0, 35.0)]
    assert rail[0] < rail[1] < rail[2]
    built = [
        narrowing(deal(funds=(fund(),), investments=(replace(investment("public-capital"), capital=Decimal(pounds)),)))
        for pounds in (0, 10**8, 10**9)
    ]
    assert built[0] == 0 < built[1] < built[2]
    steady = scenario(effects={"rates.swing": Range(low=0.0, central=0.0, high=0.0)})  # a larger share of luck is luck
    kept = [
        np.median(project(deal(fiscal=rates(share, 2040)), steady, draws=30).series["kept_growth"].difference[:, -1])
        for share in ("0.5", "0.75", "1")
    ]
    assert kept[0] < kept[1] < kept[2]


def test_no_draw_of_one_path_depends_on_the_other(project):
    plain, other = project(deal(), draws=20), project(full_deal(), draws=20)
    for name in ("gva", "receipts", "jobs", "kept_growth"):
        assert plain.series[name].as_is.tobytes() == other.series[name].as_is.tobytes(), "draws are paired"
