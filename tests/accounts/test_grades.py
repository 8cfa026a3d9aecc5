"""Grades and sizes of a place that try to look better known than they are."""

from __future__ import annotations

import numpy as np
import pytest

from soke.england.places import places
from soke.model.accounts import account
from soke.model.accounts.account import mask
from soke.model.accounts.components import Piece, pieces, region_of
from soke.model.accounts.tested import groups
from soke.model.accounts.truth import component_pounds, size_of, truth_errors

GM = places().members("E47000001")
BIRMINGHAM, SCILLY = "E08000025", "E06000053"


def piece(component: str, year: int) -> Piece:
    return next(p for p in pieces(year) if p.component.id == component)


def test_a_region_whose_own_figure_only_shares_changes_no_grade_elsewhere() -> None:
    """London's fire of 2013-14 holds money of other lines (q .87): what is left elsewhere is still per head."""
    fire = piece("public-order.fire", 2013)
    assert "share" in fire.rule
    services = piece("public-and-common-services.councils", 2022)
    kept = services.rule.index("kept")
    assert "share" in services.rule
    p = component_pounds(services, region_of() == kept)
    assert p.head > 0
    assert p.key == pytest.approx(0, abs=1e-6)
    shares = component_pounds(services, region_of() == services.rule.index("share"))
    assert (shares.here, shares.head) == (0, 0)
    both = component_pounds(services, np.isin(region_of(), [kept, services.rule.index("share")]))
    assert (both.head, both.key) == (pytest.approx(p.head), pytest.approx(shares.key))


def test_what_stands_in_for_a_body_that_filed_nothing_is_by_a_key() -> None:
    """Birmingham's own figure of the year before shares; only what is left beside it goes by people."""
    environment = piece("environment.councils", 2023)
    p = component_pounds(environment, mask([BIRMINGHAM]))
    stands_in = next(float(f.amounts[f.areas.index(BIRMINGHAM)]) for f in environment.own if BIRMINGHAM in f.areas)
    assert p.key == pytest.approx(stands_in, rel=0.1)
    assert p.here == pytest.approx(0, abs=3)


def test_a_sliver_beside_an_authority_makes_no_group() -> None:
    assert size_of(mask([BIRMINGHAM])) == size_of(mask([BIRMINGHAM, SCILLY])) == "single"
    alone, beside = account([BIRMINGHAM], 2022), account([BIRMINGHAM, SCILLY], 2022)
    assert alone.gap_half_width is not None
    assert beside.gap_half_width is not None
    assert beside.gap_half_width >= alone.gap_half_width
    assert {size_of(g) for g in groups()} == {"group"}


@pytest.mark.parametrize("year", [1999, 2013, 2018, 2022, 2023])
def test_no_unmeasured_pound_is_without_a_range_but_by_convention(year: int) -> None:
    chance = np.random.default_rng(year)
    for _ in range(10):
        here = np.zeros(len(region_of()), bool)
        here[chance.choice(len(here), chance.integers(1, 40), replace=False)] = True
        for each in pieces(year):
            p = component_pounds(each, here)
            assert p.value == pytest.approx(float(each.values[here].sum()), abs=1e-6)
            if truth_errors()[each.component.id].how != "convention" and abs(p.key + p.head) > 1e-6:
                assert p.half_width > 0, each.component.id


def test_by_one_share_nothing_is_measured() -> None:
    a = account(["E08000035"], 2022, "single")
    assert (a.known.here, a.known.wider, a.known.year_off) == (0, 0, 0)
    assert a.known.key == pytest.approx(a.receipts / (a.receipts + a.spending))
    assert a.known.key + a.known.head == pytest.approx(1)
    assert {(x.line.side, x.known.key, x.known.head) for x in a.lines} == {("revenue", 1, 0), ("spending", 0, 1)}
    assert not any("filed" in note or "own figure" in note for note in a.notes)


@pytest.mark.parametrize(
    ("year", "said"), [(2005, "for 14 parts:"), (2016, "for Income Tax and NHS:"), (2020, "for 14 parts:"), (2022, "")]
)
def test_an_account_says_what_no_own_figure_is_near(year: int, said: str) -> None:
    notes = " ".join(account(["E08000035"], year).notes)
    assert said in notes
    assert bool(said) == ("within a year of" in notes)
