"""Place accounts: published figures, sums that must hold, grades from membership, ranges, bases, claims."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soke.england.baseline import baseline
from soke.england.places import places
from soke.errors import SokeError
from soke.model.accounts import BASES, account, by_class, line_matrix
from soke.model.accounts import regional as pub
from soke.model.accounts.claims import published_claims
from soke.model.accounts.components import by_region, components, pieces, region_of, regions
from soke.model.accounts.definitions import DEFINITIONS, place_totals
from soke.model.accounts.history import account_history
from soke.model.accounts.keys import keys, pay_ratio
from soke.model.accounts.own import shipped
from soke.model.accounts.truth import pounds
from soke.model.accounts.types import Account

GM = places().members("E47000001")
YEARS = st.integers(pub.FIRST, pub.LAST)
GAP_BASIS = st.sampled_from(["residence", "single"])
ANY_BASIS = st.sampled_from(list(BASES))


def members(name: str) -> tuple[str, ...]:
    return places().members(places().find(name).code)


@cache
def of(name: str, year: int = 2022) -> Account:
    return account(members(name), year)


def line(name: str, line_id: str, year: int = 2022) -> float:
    return next(x.value for x in of(name, year).lines if x.line.id == line_id)


def total(a: Account, definition: str) -> float:
    return next(t.value for t in a.totals if t.definition == definition) / 1e3


# What is published, and what was measured on all 296 places when the method was made: to its tolerance.


def test_england_is_the_published_account() -> None:
    assert (of("England").receipts, of("England").spending) == pytest.approx((886_569, 959_761), abs=1)
    assert (of("England", 2023).receipts, of("England", 2023).spending) == pytest.approx((942_335, 1_019_334), abs=1)
    assert of("England").published
    assert of("England").gap_half_width is None


def test_income_tax_is_summed_from_constituencies() -> None:
    piece = next(p for p in pieces(2022) if p.component.id == "income-tax")
    here = baseline().mask(GM)
    assert piece.own_places.sum() == pytest.approx(214_136, abs=1)
    assert piece.own_places[here].sum() == pytest.approx(6_763, abs=1)
    north_west = regions().index("E12000002")
    assert piece.q[north_west] == pytest.approx(1.0483, abs=0.001)
    assert ((piece.q > 1.04) & (piece.q < 1.051)).all()
    assert line("Greater Manchester", "income-tax") == pytest.approx(7_090, abs=5)
    assert line("Surrey", "income-tax") == pytest.approx(10_326, abs=2)


def test_health_allocations() -> None:
    nhs, people = shipped(), baseline()["population"]
    board = "E54000057"
    for year, core in ((2023, 5_708.2), (2024, 5_777.4), (2025, 6_714.0)):
        assert nhs.amounts["nhs-core"][year][board] == pytest.approx(core, abs=0.2)
    streams = ("nhs-core", "nhs-primary-medical", "nhs-other-primary", "nhs-running-costs")
    assert sum(nhs.amounts[s][2023][board] for s in streams) == pytest.approx(6_645.8, abs=0.2)
    assert sum(sum(nhs.amounts[s][2023].values()) for s in streams) == pytest.approx(122_248, abs=2)
    districts = baseline().mask(GM)
    assert nhs.get("nhs-core", 2023, people).places[districts].sum() == pytest.approx(5_708.2, abs=0.2)


@pytest.mark.parametrize(
    ("name", "line_id", "year", "expected", "share"),
    [
        ("Greater Manchester", "health", 2022, 9_473, 0.02),
        ("Liverpool City Region", "health", 2022, 5_725, 0.02),
        ("Surrey", "health", 2022, 3_296, 0.02),
        ("Greater Manchester", "health", 2023, 9_998, 0.02),
        ("Greater Manchester", "vat", 2022, 6_825, 0.03),
        ("Greater Manchester", "national-insurance", 2022, 6_417, 0.03),
        ("Greater Manchester", "corporation-tax", 2022, 2_186, 0.03),
        ("Greater Manchester", "business-rates", 2022, 943, 0.03),
        ("Greater Manchester", "education", 2022, 4_555, 0.03),
        ("Greater Manchester", "social-protection", 2022, 14_355, 0.03),
        ("Greater Manchester", "public-order", 2022, 1_972, 0.03),
        ("Greater Manchester", "enterprise", 2022, 2_453, 0.03),
        ("Surrey", "vat", 2022, 3_263, 0.001),
        ("Westminster", "corporation-tax", 2022, 5_015, 0.08),
    ],
)
def test_lines_of_places(name: str, line_id: str, year: int, expected: float, share: float) -> None:
    assert line(name, line_id, year) == pytest.approx(expected, rel=share)


GAPS = {"Greater Manchester": 14.6, "Liverpool City Region": 10.5, "West Yorkshire": 9.7, "Cornwall": 2.7,
        "Norfolk": 3.5, "Surrey": -10.1}  # fmt: skip


@pytest.mark.parametrize(("name", "gap"), GAPS.items())
def test_gaps_of_2022_23(name: str, gap: float) -> None:
    assert of(name).gap / 1e3 == pytest.approx(gap, abs=0.3)


def test_police_and_the_q_of_services() -> None:
    police = shipped().amounts["police"][2022]
    assert police["E23000005"] == pytest.approx(791, abs=1)  # Greater Manchester
    assert police["E23000010"] == pytest.approx(557, abs=1)  # West Yorkshire
    ranges = {
        "public-order.police": (1.03, 1.06), "social-protection.childrens-social-care": (0.97, 1.01),
        "health.public-health": (1.00, 1.04), "education.councils": (1.04, 1.11),
        "social-protection.adult-social-care": (1.06, 1.27),
    }  # fmt: skip
    for piece in pieces(2022):
        if piece.component.id in ranges:
            low, high = ranges[piece.component.id]
            assert piece.q.min() == pytest.approx(low, abs=0.01)
            assert piece.q.max() == pytest.approx(high, abs=0.01)


def test_housing_only_shares_and_who_filed_nothing() -> None:
    housing = next(p for p in pieces(2022) if p.component.id == "housing.councils")
    assert sum(rule == "share" for rule in housing.rule) == 8
    absent = {area for _, area, year in shipped().estimated if year == 2023}
    assert len(absent - {"E47000011"}) == 13  # authorities; and the North of Tyne's combined authority
    assert "E08000025" in absent  # Birmingham


def test_pay_of_jobs_over_pay_of_residents() -> None:
    for name, ratio in (("Manchester", 2.21), ("Westminster", 3.45), ("Greater Manchester", 1.04), ("Surrey", 0.68)):
        assert pay_ratio(baseline().mask(members(name))) == pytest.approx(ratio, abs=0.03)


def groups() -> list[str]:
    return [p.code for kind in ("combined-authority", "county") for p in places().of_kind(kind)]


def test_what_is_measured_here() -> None:
    for name, least in (("Greater Manchester", 0.24), ("Surrey", 0.31), ("Cornwall", 0.20)):
        assert of(name).known.here >= least
    for name in ("Liverpool City Region", "West Yorkshire", "Norfolk"):
        assert of(name).known.here <= 0.18
    assert len(groups()) == 36
    for code in groups():
        known = account(places().members(code), 2022).known
        assert known.here + known.wider >= 0.23


def test_care_boards_inside_a_place() -> None:
    nhs = next(p for p in pieces(2022) if p.component.id == "health.nhs").own[0]
    inside = {}
    for name in ("Greater Manchester", "Cornwall", "Liverpool City Region", "West Yorkshire", "Norfolk", "Westminster"):
        here = baseline().mask(members(name))
        if name == "Cornwall":
            here = here | baseline().mask(["E06000053"])  # Cornwall and the Isles of Scilly
        inside[name] = (nhs.people[:, here].sum(axis=1) >= 0.99).any()
    assert inside == {"Greater Manchester": True, "Cornwall": True, "Liverpool City Region": False,
                      "West Yorkshire": False, "Norfolk": False, "Westminster": False}  # fmt: skip


WIDTHS = {  # raised, spent, gap: bn, as computed when the method was made
    "Greater Manchester": (1.8, 1.4, 2.3), "Liverpool City Region": (1.0, 0.8, 1.3), "West Yorkshire": (1.7, 0.7, 1.8),
    "Cornwall": (0.6, 0.3, 0.7), "Norfolk": (0.5, 0.3, 0.5), "Surrey": (1.0, 0.4, 1.1), "Westminster": (1.9, 0.4, 2.0),
}  # fmt: skip


@pytest.mark.parametrize(("name", "widths"), WIDTHS.items())
def test_half_widths(name: str, widths: tuple[float, ...]) -> None:
    a = of(name)
    here = [w / 1e3 for w in (a.receipts_half_width, a.spending_half_width, a.gap_half_width) if w is not None]
    assert here == pytest.approx(list(widths), abs=0.2)
    assert a.gap_half_width == pytest.approx(math.hypot(*(x.half_width or 0.0 for x in a.lines)), rel=1e-9)


# Sums that must hold.


@settings(max_examples=20, deadline=None)
@given(YEARS, GAP_BASIS)
def test_places_sum_to_their_region_and_regions_to_england(year: int, basis: str) -> None:
    matrix = line_matrix(year, basis)  # type: ignore[arg-type]
    england = {"revenue": 0.0, "spending": 0.0}
    for spec, row in zip(pub.line_specs(), matrix.values, strict=True):
        want = np.array([pub.regional(code, spec, year) for code in regions()])
        np.testing.assert_allclose(by_region(row), want, atol=1e-8)
        england[spec.side] += want.sum()
    assert england["revenue"] == pytest.approx(pub.published(pub.ENGLAND, pub.RECEIPTS, year), abs=1e-6)
    assert england["spending"] == pytest.approx(pub.published(pub.ENGLAND, pub.TME, year), abs=5)


@settings(max_examples=10, deadline=None)
@given(YEARS)
def test_the_economy_basis_moves_taxes_and_makes_none(year: int) -> None:
    home, work = line_matrix(year), line_matrix(year, "economy")
    assert {item.side for item in work.lines} == {"revenue"}
    np.testing.assert_allclose(work.values.sum(axis=1), home.side("revenue").sum(axis=1), atol=1e-6)
    np.testing.assert_array_equal(work.row("council-tax"), home.row("council-tax"))


def test_published_leaves_make_their_total_and_the_residual_is_small() -> None:
    for year in range(pub.FIRST, pub.LAST + 1):
        for region in places().of_kind("region"):
            for spec in pub.line_specs()[-2:]:
                assert abs(pub.regional(region.code, spec, year)) <= (1e-6 if spec.side == "revenue" else 3)


@settings(max_examples=15, deadline=None)
@given(st.sets(st.sampled_from(baseline().codes), min_size=1, max_size=40), YEARS)
def test_every_pound_has_one_grade(codes: set[str], year: int) -> None:
    here = baseline().mask(codes)
    for part, piece in zip(pounds(year, here), pieces(year), strict=True):
        assert part.value == pytest.approx(piece.values[here].sum(), abs=1e-6)
        assert part.year_off <= abs(part.here) + abs(part.wider) + 1e-9
        assert part.half_width >= 0


@settings(max_examples=15, deadline=None)
@given(st.sets(st.sampled_from(baseline().codes), min_size=2, max_size=40), YEARS, GAP_BASIS)
def test_any_list_of_places_has_an_account_that_adds_up(codes: set[str], year: int, basis: str) -> None:
    a = account(sorted(codes), year, basis)  # type: ignore[arg-type]
    assert a.split.borrowing + a.split.lower_tax + a.split.higher_spending == pytest.approx(a.gap, abs=1e-6)
    assert sum((a.known.here, a.known.wider, a.known.key, a.known.head)) == pytest.approx(1.0)
    assert a.gap_low - 1e-9 <= a.gap <= a.gap_high + 1e-9
    for t in a.totals:
        assert t.low <= t.value <= t.high


def test_a_split_by_soke_never_raises_the_grade_of_a_place_below_the_area() -> None:
    """Greater Manchester is a whole board, a whole force; none of its districts is."""
    whole = {p.component.id: p for p in pounds(2022, baseline().mask(GM))}
    for code in GM:
        for part in pounds(2022, baseline().mask([code])):
            if part.component.id in ("health.nhs", "public-order.police", "public-order.fire"):
                assert part.here == 0
                assert part.wider > 0
    assert whole["health.nhs"].wider == whole["public-order.police"].wider == 0
    assert whole["health.nhs"].here > 0


@settings(max_examples=10, deadline=None)
@given(YEARS)
def test_definitions_nest(year: int) -> None:
    sums = {d.name: place_totals(d.name, year).sum() for d in DEFINITIONS if year >= d.first}
    assert sums["core-taxes"] < sums["all-taxes"] < sums["all-receipts"]
    assert sums["identifiable"] < sums["total-managed-expenditure"]
    if year >= 2008:
        assert sums["local-government"] < sums["identifiable"]


def test_a_whole_region_is_published_not_apportioned() -> None:
    a = of("North West")
    assert a.published
    assert a.gap_half_width is None
    assert {x.line.grade for x in a.lines if not x.line.id.endswith("-residual")} == {"official"}
    assert any("apportions" in note for note in a.notes)
    assert a.gap_low == pytest.approx(a.gap_high)


def test_totals_by_class_sum_to_england() -> None:
    classes = by_class(baseline().codes, 2022)
    assert {c.kind for c in classes} == {"london-borough", "metropolitan-district", "unitary", "shire-district"}
    assert sum(c.receipts for c in classes) == pytest.approx(pub.published(pub.ENGLAND, pub.RECEIPTS, 2022))
    assert sum(c.authorities for c in classes) == 296
    assert [c.kind for c in by_class(GM, 2022)] == ["metropolitan-district"]


def test_every_key_is_a_weight_in_every_year() -> None:
    for key in keys().values():
        for year in (1999, 2008, 2013, 2019, 2023):
            weights = key.weights(year)
            assert weights.shape == (296,)
            assert np.isfinite(weights).all()
            assert (weights >= 0).all()
            assert (by_region(weights) > 0).all()


def test_every_line_has_components_that_leave_nothing_over() -> None:
    assert {c.line for c in components()} == {spec.id for spec in pub.line_specs()}
    for item in {c.line for c in components()}:
        mine = [c.control for c in components() if c.line == item]
        assert mine == [""] or mine.count("rest") == 1 or all("/" in c for c in mine)


def test_every_year_says_what_was_measured_and_what_is_carried() -> None:
    years = account_history(GM)
    assert [y.year for y in years] == list(range(1999, 2024))
    assert all(y.half_width and y.half_width > 0 for y in years)
    by = {y.year: y for y in years}
    assert by[2000].known.here < by[2013].known.here < by[2022].known.here  # council tax, then services, then more
    assert "2010-11" in by[2005].carried
    assert "2023-24" in by[2022].carried


# What others published.


def test_claims_are_compared_on_their_basis_and_told() -> None:
    by = {c.words: c for c in account(GM, 2013).claims}
    raised, spent = by["raises about £17bn"], by["spends £21bn to £22bn"]
    assert raised.reproduced
    assert raised.here == pytest.approx(17.2, abs=0.05)
    assert not spent.reproduced
    assert spent.here == pytest.approx(24.6, abs=0.05)
    assert not account(GM, 2012).claims
    assert all(row["basis"] in BASES for row in published_claims())


def test_greater_manchester_by_one_share() -> None:
    """The published back-of-envelope: one share of output for revenue, of people for spending."""
    a = account(GM, 2013, "single")
    assert total(a, "Core taxes") == pytest.approx(17.17, abs=0.01)
    assert a.receipts / 1e3 == pytest.approx(23.7, abs=0.05)
    assert total(a, "Identifiable spending") == pytest.approx(24.77, abs=0.01)
    assert a.spending / 1e3 == pytest.approx(32.66, abs=0.01)
    assert a.gap / 1e3 == pytest.approx(9.0, abs=0.05)
    split = (a.split.borrowing / 1e3, a.split.lower_tax / 1e3, a.split.higher_spending / 1e3)
    assert split == pytest.approx((4.3, 4.3, 0.3), abs=0.05)


def test_residence_and_economy_differ_where_people_commute() -> None:
    """Westminster is worked in, Wandsworth is lived in; so is Surrey, whose pay is earned over the region's border."""
    assert of("Westminster").economy.generated > 1.5 * of("Westminster").economy.paid
    assert of("Wandsworth").economy.generated < of("Wandsworth").economy.paid
    assert of("Surrey").economy.differs
    assert not of("Greater Manchester").economy.differs
    assert of("London").economy.generated > of("London").economy.paid


# Bad input.


@pytest.mark.parametrize("year", [1998, 2024, 0, -5, 10**9])
def test_years_without_accounts_are_refused(year: int) -> None:
    with pytest.raises(SokeError, match="There is no account"):
        account(GM, year)


def test_unknown_codes_are_refused() -> None:
    with pytest.raises(SokeError, match="E99999999"):
        account(["E99999999"], 2022)
    with pytest.raises(SokeError):
        account([], 2022)
    with pytest.raises(SokeError, match="taxes only"):
        account(GM, 2022, "economy")


def test_region_of_every_authority() -> None:
    assert [regions()[r] for r in region_of()] == list(baseline().regions)
