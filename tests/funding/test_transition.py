"""The transition by hand, and its floors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soke.errors import SokeError
from soke.model.funding.dated import rules
from soke.model.funding.transition import Phase, blend, floors, phase, weight

OLD, NEW = [0.6, 0.4], [0.3, 0.7]


def path(pots: dict[int, Any], old: Any, new: Any, before: Any, floor: Any, names: Any = None) -> list[Phase]:
    """All years of ``pots`` in turn; each year's floor is on the year before."""
    out: list[Phase] = []
    for year, pot in pots.items():
        out.append(phase(year, pot, old, new, out[-1].amounts if out else before, floor, names))
    return out


def test_three_years_by_hand() -> None:
    """Shares go .6, .5, .4, .3; without a floor the first place has them of 100."""
    found = path({2026: 100, 2027: 100, 2028: 100}, OLD, NEW, [60, 40], 0.0)
    np.testing.assert_allclose([p.amounts for p in found], [[50, 50], [40, 60], [30, 70]])
    assert [p.cost for p in found] == [0, 0, 0]
    assert [round(weight(year), 6) for year in (2026, 2027, 2028, 2031)] == [0.333333, 0.666667, 1, 1]


def test_a_floor_is_on_the_year_before_and_the_others_pay() -> None:
    """95 per cent of 60, then of 57, then of 54.15; in 2026-27 that is 7 above its blend of 50."""
    found = path({2026: 100, 2027: 100, 2028: 100}, OLD, NEW, [60, 40], [0.95, 0.95], ["Westminster", "Hull"])
    np.testing.assert_allclose([p.amounts[0] for p in found], [57, 54.15, 51.4425])
    np.testing.assert_allclose([p.amounts.sum() for p in found], 100)
    assert [p.held(["Westminster", "Hull"]) for p in found] == [("Westminster",)] * 3
    assert found[0].cost == pytest.approx(7)


def test_floors_by_place() -> None:
    """Everybody's is cash; the six with the lowest council taxes are remembered at 95 per cent."""
    found = floors(["london-borough", "unitary"], ["E09000033", "E06000001"], 2026)
    assert found.tolist() == [0.95, 1.0]
    assert rules().row("fair_funding.floor", 2026, "E09000033").grade == "unverified"


@given(st.integers(0, 2**31), st.integers(2, 8), st.floats(0, 1))
def test_nobody_below_a_floor_and_nothing_lost(seed: int, size: int, floor: float) -> None:
    rng = np.random.default_rng(seed)
    old, new = rng.dirichlet(np.ones(size), 3), rng.dirichlet(np.ones(size), 3)
    pots = {year: np.array([90.0, 100.0, 110.0]) + 20 * (year - 2026) for year in (2026, 2027, 2028)}
    before = old * 85
    last = before
    for found in path(pots, old, new, before, floor):
        assert (found.amounts >= floor * last - 1e-9).all()
        np.testing.assert_allclose(found.amounts.sum(-1), pots[found.year], rtol=1e-12)
        above = ~found.at_floor & (blend(old, new, found.weight) > 1e-9)
        plain = pots[found.year][:, None] * blend(old, new, found.weight)
        assert (found.amounts[above] <= plain[above] + 1e-9).all()  # the floors' cost never makes another richer
        last = found.amounts


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: phase(2026, 100, OLD, NEW, [90, 40], 1.0, ["A", "B"]), "floors sum to 130, more than the pot of 100"),
        (lambda: phase(2026, 100, [0.6, 0.6], NEW, [60, 40], 1.0), "Old shares sum to 1.200000, not one."),
        (lambda: phase(2025, 100, OLD, NEW, [60, 40], 1.0), "no figure for 2025-26. It has figures for 2026-27"),
    ],
)
def test_refuses(call: object, said: str) -> None:
    with pytest.raises(SokeError) as caught:
        call()  # type: ignore[operator]
    assert said in str(caught.value)
