"""Place accounts: published figures, sums that must hold, what is greyed and what is not reproduced."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soke.england.baseline import baseline
from soke.england.places import places
from soke.errors import SokeError
from soke.model.accounts import account, by_class, district_account, has_whole_account, line_matrix
from soke.model.accounts import regional as pub
from soke.model.accounts.apportion import METHODS
from soke.model.accounts.definitions import DEFINITIONS, place_totals
from soke.model.accounts.keys import KEYS
from soke.model.accounts.types import Account

GM = places().members("E47000001")
YEARS = st.integers(pub.FIRST, pub.LAST)
METHOD = st.sampled_from(list(METHODS))


def total(a: Account, definition: str) -> tuple[float, float, float]:
    t = next(t for t in a.totals if t.definition == definition)
    return t.value / 1e3, t.low / 1e3, t.high / 1e3


def test_greater_manchester_2013_by_one_share() -> None:
    """Published: raises about 17bn; identifiable spending and TME by population share."""
    a = account(GM, 2013, "single")
    assert total(a, "Core taxes")[0] == pytest.approx(17.17, abs=0.01)
    assert a.receipts / 1e3 == pytest.approx(23.7, abs=0.05)
    assert total(a, "Identifiable spending")[0] == pytest.approx(24.77, abs=0.01)
    assert a.spending / 1e3 == pytest.approx(32.66, abs=0.01)
    assert a.gap / 1e3 == pytest.approx(9.0, abs=0.05)
    split = (a.split.borrowing / 1e3, a.split.lower_tax / 1e3, a.split.higher_spending / 1e3)
    assert split == pytest.approx((4.3, 4.3, 0.3), abs=0.05)


def test_greater_manchester_2013_range_over_keys() -> None:
    """By own keys core is 16.3bn. With the six copied rows of the income survey left in, it would be 15.7bn."""
    value, low, high = total(account(GM, 2013), "Core taxes")
    assert value == low
    assert low == pytest.approx(16.28, abs=0.01)
    assert high == pytest.approx(17.2, abs=0.05)


def test_what_is_published_and_not_reproduced_is_said() -> None:
    notes = " ".join(account(GM, 2013).notes)
    assert "raises about £17bn" in notes
    assert "Reproduced: core taxes" in notes
    assert "£21bn to £22bn" in notes
    assert "Not reproduced by any published definition" in notes
    assert not account(GM, 2012).notes


def test_greater_manchester_2022() -> None:
    single = account(GM, 2022, "single")
    assert total(single, "Core taxes")[0] == pytest.approx(28.5, abs=0.05)
    assert single.receipts / 1e3 == pytest.approx(39.2, abs=0.05)
    assert single.spending / 1e3 == pytest.approx(50.8, abs=0.05)
    own = account(GM, 2022)
    assert total(own, "Core taxes")[0] == pytest.approx(25.79, abs=0.01)
    assert own.gap_low == pytest.approx(single.gap)
    assert own.gap_low <= own.gap <= own.gap_high


@settings(max_examples=20, deadline=None)
@given(YEARS, METHOD)
def test_places_sum_to_their_region_and_regions_to_england(year: int, method: str) -> None:
    matrix = line_matrix(year, method)  # type: ignore[arg-type]
    regions = np.array(baseline().regions)
    england = {"revenue": 0.0, "spending": 0.0}
    for code in np.unique(regions):
        for spec, row in zip(pub.line_specs(), matrix.values, strict=True):
            want = pub.regional(str(code), spec, year)
            assert row[regions == code].sum() == pytest.approx(want, abs=1e-8)
            england[spec.side] += want
    assert england["revenue"] == pytest.approx(pub.published(pub.ENGLAND, pub.RECEIPTS, year), abs=1e-6)
    assert england["spending"] == pytest.approx(pub.published(pub.ENGLAND, pub.TME, year), abs=5)


def test_published_leaves_make_their_total_and_the_residual_is_small() -> None:
    for year in range(pub.FIRST, pub.LAST + 1):
        for region in places().of_kind("region"):
            for spec in pub.line_specs()[-2:]:
                assert abs(pub.regional(region.code, spec, year)) <= (1e-6 if spec.side == "revenue" else 3)


@settings(max_examples=25, deadline=None)
@given(st.sets(st.sampled_from(baseline().codes), min_size=2, max_size=40), YEARS, METHOD)
def test_any_list_of_places_has_an_account_that_adds_up(codes: set[str], year: int, method: str) -> None:
    a = account(sorted(codes), year, method)  # type: ignore[arg-type]
    parts = a.split.borrowing + a.split.lower_tax + a.split.higher_spending
    assert parts == pytest.approx(a.gap, abs=1e-6)
    assert a.measured_share + a.apportioned_share + a.per_head_share == pytest.approx(1.0)
    assert a.gap_low - 1e-9 <= a.gap <= a.gap_high + 1e-9
    for t in a.totals:
        assert t.low <= t.value <= t.high


@settings(max_examples=10, deadline=None)
@given(YEARS)
def test_definitions_nest(year: int) -> None:
    of = {d.name: place_totals(d.name, year, "own").sum() for d in DEFINITIONS if year >= d.first}
    assert of["core-taxes"] < of["all-receipts"]
    assert of["identifiable"] < of["total-managed-expenditure"]
    if year >= 2008:
        assert of["local-government"] < of["identifiable"]


def test_residence_and_workplace_differ_where_people_commute() -> None:
    """Westminster is worked in, Wandsworth is lived in; over a closed region nothing moves."""
    own, work = line_matrix(2022), line_matrix(2022, "workplace")
    i, j = baseline().codes.index("E09000033"), baseline().codes.index("E09000032")
    assert work.row("income-tax")[i] > own.row("income-tax")[i]
    assert work.row("income-tax")[j] < own.row("income-tax")[j]
    np.testing.assert_array_equal(work.row("council-tax"), own.row("council-tax"))


def test_a_whole_region_is_published_not_apportioned() -> None:
    a = account(places().members("E12000002"), 2022)
    assert a.measured_share == 1.0
    assert {x.line.grade for x in a.lines if not x.line.id.endswith("-residual")} == {"official"}
    assert {x.line.grade for x in a.lines if x.line.id.endswith("-residual")} == {"derived"}
    assert any("apportions" in note for note in a.notes)
    assert a.gap_low == pytest.approx(a.gap_high)


def test_a_district_shows_the_lines_it_has_and_greys_the_rest() -> None:
    a = district_account("E07000008", 2022)  # Cambridge
    known = {x.line.id for x in a.lines if x.value is not None}
    assert {"income-tax", "council-tax", "business-rates"} <= known
    assert not known & {"health", "social-protection", "defence"}
    assert not has_whole_account(["E07000008"])
    assert has_whole_account(["E06000052"])
    assert has_whole_account(GM)


def test_totals_by_class_sum_to_england() -> None:
    classes = by_class(baseline().codes, 2022)
    assert {c.kind for c in classes} == {"london-borough", "metropolitan-district", "unitary", "shire-district"}
    assert sum(c.receipts for c in classes) == pytest.approx(pub.published(pub.ENGLAND, pub.RECEIPTS, 2022))
    assert sum(c.authorities for c in classes) == 296
    assert [c.kind for c in by_class(GM, 2022)] == ["metropolitan-district"]


def test_every_key_is_a_weight_and_has_a_grade() -> None:
    for key in KEYS.values():
        for year in (1999, 2013, 2023):
            weights = key.weights(year)
            assert weights.shape == (296,)
            assert np.isfinite(weights).all()
            assert (weights >= 0).all()


@pytest.mark.parametrize("year", [1998, 2024, 0, -5, 10**9])
def test_years_without_accounts_are_refused(year: int) -> None:
    with pytest.raises(SokeError, match="There is no account"):
        account(GM, year)


def test_unknown_codes_are_refused() -> None:
    with pytest.raises(SokeError, match="E99999999"):
        account(["E99999999"], 2022)
    with pytest.raises(SokeError):
        account([], 2022)
