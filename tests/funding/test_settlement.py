"""The settlement by rule against the published tables of each year, and against arithmetic by hand."""

from __future__ import annotations

import math

import pytest

from soke.england.settlement import council_tax_levels, finance_authorities, merge, settlement, settlement_years
from soke.errors import SokeError
from soke.model.funding.area import authorities_of
from soke.model.funding.dated import rules
from soke.model.funding.settlement import roster, settle, years
from soke.model.funding.settlement_figures import Figure
from soke.model.funding.tier_rule import published_baseline

MANCHESTER, ADUR, CAMBRIDGESHIRE, EAST_SUFFOLK = "E08000003", "E07000223", "E10000003", "E07000244"
BUCKINGHAMSHIRE, FIVE = "E06000060", ("E10000002", "E07000004", "E07000005", "E07000006", "E07000007")
GLA, DORSET, NORTHAMPTONSHIRE, SCILLY = "E61000001", "E06000059", "E10000021", "E06000053"


def figure(code: str, year: int, column: str) -> Figure:
    return settle(year, [code])[code].figures[column]


def test_manchester_2020_as_published() -> None:
    """The settlement of 2020-21, of which no table is to hand: by rule from that of 2019-20."""
    found = settle(2020, [MANCHESTER])[MANCHESTER]
    assert found.value("sfa") == pytest.approx(236.7379223, rel=1e-6)
    assert found.value("under_indexation") == pytest.approx(7.16502774, rel=1e-6)
    assert found.value("baseline_funding") == pytest.approx(178.767, abs=5e-4)
    assert found.value("revenue_support_grant") == pytest.approx(57.970, abs=5e-4)


def test_adur_2020_as_published() -> None:
    assert figure(ADUR, 2020, "sfa").value == pytest.approx(1.767153393, rel=1e-6)


def test_buckinghamshire_is_its_five_predecessors() -> None:
    before = settlement(2019).by_code("sfa")
    assert figure(BUCKINGHAMSHIRE, 2020, "sfa").value == pytest.approx(sum(before[c] for c in FIVE) * 499 / 491)
    named = [i.about for i in figure(BUCKINGHAMSHIRE, 2020, "baseline_before").inputs if i.about]
    assert len(named) == 5
    assert "Buckinghamshire county" in named  # the council that ended, not the one that came


def test_medway_2016_fall_of_grant() -> None:
    """Published: 28.031, a fall of 12.097 or 30.1 per cent."""
    before, now = (figure("E06000035", y, "revenue_support_grant").value for y in (2015, 2016))
    assert (now, before - now, (before - now) / before) == pytest.approx((28.031, 12.097, 0.301), abs=5e-4)


def test_cambridgeshire_by_hand() -> None:
    """k (SFA + CT) - CT, with the published figures of 2018-19 and 2015-16."""
    raw = 0.96865 * (66.817994 + 244.3986) - 244.3986
    level = 1.4415214 * 48.0 / 1.1 * 49.1 / 48.0
    assert figure(CAMBRIDGESHIRE, 2019, "sfa_unfloored").value == pytest.approx(raw, abs=1e-9)
    assert figure(CAMBRIDGESHIRE, 2019, "negative_grant").value == pytest.approx(level - raw, abs=1e-9)
    assert figure(CAMBRIDGESHIRE, 2019, "revenue_support_grant").value == 0.0
    assert figure(CAMBRIDGESHIRE, 2019, "sfa").published == pytest.approx(level, rel=1e-6)


def test_negative_grant_goes_on_from_the_rule() -> None:
    """Buckinghamshire had no grant in 2018-19: the published figure of that year is the baseline, not the rule's."""
    (before, *_) = figure("E10000002", 2019, "sfa_unfloored").inputs
    assert before.value == pytest.approx(figure("E10000002", 2018, "sfa_unfloored").value)
    assert before.value < settlement(2018).value("sfa", "E10000002")


def test_merged_districts_are_lifted_each_before_they_are_summed() -> None:
    """Suffolk Coastal was below its baseline, Waveney above: the published sum has the lift of the one."""
    found = figure(EAST_SUFFOLK, 2019, "sfa")
    assert found.difference == pytest.approx(0.0, abs=0.003)
    merged = merge(published_baseline(2018), 2019)[EAST_SUFFOLK] * 49.1 / 48.0
    unlifted = max(figure(EAST_SUFFOLK, 2019, "sfa_unfloored").value, merged)
    assert found.value - unlifted == pytest.approx(0.321, abs=0.001)


@pytest.mark.parametrize(("year", "without"), [(2016, 0), (2017, 15), (2018, 56), (2019, 158), (2020, 154)])
def test_authorities_without_grant(year: int, without: int) -> None:
    found = [a for a in settle(year).authorities if a.value("revenue_support_grant") is not None]
    assert sum(abs(a.value("revenue_support_grant") or 0.0) < 1e-6 * (a.value("sfa") or 0.0) for a in found) == without


def test_every_year_adds_up() -> None:
    """SFA = BFL + RSG for everybody; by rule or published, what is shown is what is shown of the parts."""
    for year in (*settlement_years(), 2020):
        for a in settle(year).authorities:
            if (sfa := a.value("sfa")) is None:
                continue
            level = a.figures["baseline_funding"]
            shown = level.value if a.figures["sfa"].how == "rule" else (level.published or level.value)
            assert shown + (a.value("revenue_support_grant") or 0.0) == pytest.approx(sfa, abs=1e-9), (year, a.name)
            assert sfa >= shown * (1 - 1e-6)  # published to eight figures


def test_the_published_figure_stands_beside_the_rule() -> None:
    table = settlement(2019)
    found = settle(2019)
    for code in table.codes:
        for column in ("sfa", "under_indexation", "council_tax", "new_homes_bonus"):
            assert found[code].figures[column].published == table.value(column, code)


def test_where_no_rule_reaches_the_figure_is_as_published_and_says_why() -> None:
    assert figure(MANCHESTER, 2019, "sfa").how == "published"
    assert "mixes tiers" in figure(MANCHESTER, 2019, "sfa").why
    for code in (DORSET, NORTHAMPTONSHIRE):
        assert figure(code, 2019, "baseline_funding").how == "published"
        assert "no sum of authorities" in figure(code, 2019, "baseline_funding").why
    assert "no year before" in figure(GLA, 2015, "baseline_funding").why
    assert any("not computed" in note for note in settle(2019, [GLA]).notes)


def test_the_isles_of_scilly_are_shown_with_their_gap() -> None:
    assert figure(SCILLY, 2018, "baseline_funding").difference == pytest.approx(-0.012047, abs=1e-6)


def test_council_tax_is_base_times_band_d() -> None:
    table = council_tax_levels(2022)
    found = figure(MANCHESTER, 2022, "requirement")
    assert found.value == pytest.approx(127620.0 * 1541.34 / 1e6)
    assert found.published == pytest.approx(table.value("requirement_excl_parish", MANCHESTER) / 1e6)
    # A Band D of nought beside a requirement is a figure that was not filled in: it is not multiplied.
    assert figure(DORSET, 2019, "requirement").how == "published"
    assert "band_d" not in settle(2019, [DORSET])[DORSET].figures


def test_two_rows_of_one_fire_authority_are_one() -> None:
    assert figure("E31000027", 2019, "sfa").value == pytest.approx(8.5550296)


def test_a_setting_changes_the_year_and_not_the_facts() -> None:
    """The published grant of the year before is read by the law as it was, whatever is set."""
    law = rules().with_settings({"under_indexation.gap": 3.2})
    plain, changed = settle(2019, [MANCHESTER]), settle(2019, [MANCHESTER], law)
    was, now = plain[MANCHESTER], changed[MANCHESTER]
    assert now.value("baseline_funding") == was.value("baseline_funding")
    assert now.value("under_indexation") == pytest.approx(2 * (was.value("under_indexation") or math.nan))


def test_grades_follow() -> None:
    assert figure(MANCHESTER, 2019, "sfa").grade == "official"
    assert figure(MANCHESTER, 2019, "baseline_funding").grade == "derived"
    assert figure(ADUR, 2019, "sfa").grade == "estimate"  # the factor of districts of that year is


def test_bad_input() -> None:
    with pytest.raises(SokeError, match=r"2012-13 are to hand.*2015-16 to 2020-21, council tax for 2015-16 to 2022-23"):
        settle(2012)
    with pytest.raises(SokeError, match=r"Northamptonshire .* has no figures for 2022-23.*2015-16 to 2020-21"):
        settle(2022, [NORTHAMPTONSHIRE])
    with pytest.raises(SokeError, match="named twice"):
        settle(2019, [MANCHESTER, MANCHESTER])
    with pytest.raises(SokeError, match="E09999999"):
        settle(2019, ["E09999999"])


def test_rosters() -> None:
    assert years() == tuple(range(2015, 2023))
    for year in years():
        assert set(roster(year)) <= set(finance_authorities())


def test_areas() -> None:
    greater, partly = authorities_of("E47000001", 2018)
    assert len(greater) == 12  # ten districts, the combined authority, and the fire authority of that year
    assert greater[0] == "E08000001"
    assert not partly
    kent, partly = authorities_of("E10000016", 2019)
    assert len(kent) == 13
    assert partly == ("Kent Fire", "Kent Police")  # Medway too
    assert set(authorities_of(BUCKINGHAMSHIRE, 2019)[0]) == set(FIVE)
    london, _ = authorities_of("E12000007", 2019)
    assert len(london) == 34
    assert GLA in london


def test_the_regions_hold_every_billing_authority_once() -> None:
    billing = {"shire-district", "unitary", "metropolitan-district", "london-borough"}
    known = finance_authorities()
    for year in (2016, 2019, 2022):
        inside = [c for n in range(1, 10) for c in authorities_of(f"E1200000{n}", year)[0] if known[c].kind in billing]
        assert len(inside) == len(set(inside))
        assert set(inside) == {c for c in roster(year) if known[c].kind in billing}


def test_a_fire_authority_is_said_to_lack_a_factor() -> None:
    assert "factor of fire authorities" in figure("E31000001", 2017, "sfa").why
    assert "mixes tiers" in figure(GLA, 2017, "sfa").why
