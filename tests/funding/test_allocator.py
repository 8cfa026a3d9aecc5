"""The allocator against exact fractions, against a quadratic programme, and on what must be refused."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from soke.errors import SokeError
from soke.model.funding.allocator import allocate, allocate_pence


@st.composite
def cases(draw: st.DrawFn) -> tuple[float, list[float], list[float], list[float]]:
    """A feasible pot in whole units, so that fractions hold it exactly: weights, floors, caps (some without end)."""
    size = draw(st.integers(1, 8))
    weights = draw(st.lists(st.integers(0, 50), min_size=size, max_size=size).filter(any))
    floors = draw(st.lists(st.integers(0, 20), min_size=size, max_size=size))
    spans = draw(st.lists(st.one_of(st.none(), st.integers(0, 30)), min_size=size, max_size=size))
    caps = [np.inf if s is None else f + s for f, s in zip(floors, spans, strict=True)]
    able = sum(c if w else f for w, f, c in zip(weights, floors, caps, strict=True))
    pot = draw(st.integers(sum(floors), int(min(able, sum(floors) + 300))))
    return float(pot), [float(w) for w in weights], [float(f) for f in floors], [float(c) for c in caps]


def by_fixing(pot: float, weights: list[float], floors: list[float], caps: list[float]) -> list[Fraction]:
    """A second exact way, without sorting: fix whichever of floors or caps misses by more, until nobody misses."""
    free = {i for i, w in enumerate(weights) if w}
    fixed = {i: Fraction(floors[i]) for i in range(len(weights)) if i not in free}
    while True:
        total = sum((Fraction(weights[i]) for i in free), Fraction(0))
        rate = (Fraction(pot) - sum(fixed.values())) / total if total else Fraction(0)
        want = {i: rate * Fraction(weights[i]) for i in free}
        low = {i: Fraction(floors[i]) - x for i, x in want.items() if x < floors[i]}
        high = {i: x - Fraction(caps[i]) for i, x in want.items() if x > caps[i]}
        if not low and not high:
            return [fixed.get(i, want.get(i, Fraction(0))) for i in range(len(weights))]
        miss = sum(low.values()) - sum(high.values())
        fixed |= {i: Fraction(floors[i]) for i in low if miss >= 0}
        fixed |= {i: Fraction(caps[i]) for i in high if miss <= 0}
        free -= set(fixed)


@given(cases())
def test_agrees_with_exact_fractions(case: tuple[float, list[float], list[float], list[float]]) -> None:
    pot, weights, floors, caps = case
    found = allocate(pot, weights, floors, caps)
    exact = by_fixing(pot, weights, floors, caps)
    np.testing.assert_allclose(found.amounts, [float(x) for x in exact], rtol=1e-12, atol=1e-12)
    assert found.amounts.sum() == pytest.approx(pot, rel=1e-14)


@given(cases())
def test_whole_pence_are_the_exact_amounts_to_a_penny(
    case: tuple[float, list[float], list[float], list[float]],
) -> None:
    pot, weights, floors, caps = case
    limits = [None if np.isinf(c) else int(c) for c in caps]
    found = allocate_pence(int(pot), weights, [int(f) for f in floors], limits)
    exact = by_fixing(pot, weights, floors, caps)
    assert sum(found) == pot
    assert all(abs(x - y) < 1 for x, y in zip(found, exact, strict=True))
    assert all(f <= x <= c for f, x, c in zip(floors, found, caps, strict=True))


@given(st.lists(cases(), min_size=1, max_size=4), st.integers(1, 3))
@example(
    [(0.0, [1.0], [0.0], [np.inf]), (7.0, [25.0], [7.0], [np.inf]), (1.0, [0.0, 1.0], [1.0, 0.0], [np.inf] * 2)], 1
)
def test_draws_are_shared_one_by_one(
    many: list[tuple[float, list[float], list[float], list[float]]], times: int
) -> None:
    size = max(len(case[1]) for case in many)
    padded = [[*part, *[0.0] * (size - len(part))] for case in many * times for part in case[1:]]
    arrays = [np.array(padded[i::3]) for i in range(3)]
    together = allocate(np.array([case[0] for case in many * times]), *arrays)
    for row, case in enumerate(many * times):
        alone = allocate(*case)
        np.testing.assert_allclose(together.amounts[row, : len(case[1])], alone.amounts, rtol=1e-12)
        # where the weight gives the floor to the last digit, either may be said to decide
        decided = ~np.isclose(alone.rate * np.array(case[1]), case[2], rtol=1e-12, atol=0)
        assert together.at_floor[row, : len(case[1])][decided].tolist() == alone.at_floor[decided].tolist()


@pytest.mark.parametrize("seed", range(4))
def test_agrees_with_a_quadratic_programme(seed: int) -> None:
    """clip(rate w) is where the sum of x^2 / 2w is least, subject to the same limits."""
    rng = np.random.default_rng(seed)
    weights, floors = rng.uniform(0.5, 3, 6), rng.uniform(0, 2, 6)
    caps = floors + rng.uniform(0.2, 3, 6)
    pot = float(rng.uniform(floors.sum(), caps.sum()))
    solved = minimize(
        lambda x: (x**2 / weights).sum() / 2, (floors + caps) / 2, jac=lambda x: x / weights, method="SLSQP",
        bounds=list(zip(floors, caps, strict=True)), options={"ftol": 1e-14, "maxiter": 500},
        constraints={"type": "eq", "fun": lambda x: x.sum() - pot, "jac": lambda x: np.ones(6)},
    )  # fmt: skip
    assert solved.success
    np.testing.assert_allclose(allocate(pot, weights, floors, caps).amounts, solved.x, atol=1e-5)


@given(cases(), st.sampled_from([1e-9, 1.0, 1e9]))
def test_unit_of_weight_does_not_matter(case: tuple[float, list[float], list[float], list[float]], unit: float) -> None:
    pot, weights, floors, caps = case
    np.testing.assert_allclose(
        allocate(pot, weights, floors, caps).amounts,
        allocate(pot, np.array(weights) * unit, floors, caps).amounts, rtol=1e-9, atol=1e-9,
    )  # fmt: skip


def test_weights_of_very_different_size() -> None:
    """Sums over the large must not drown the small: one unit of weight beside a million million."""
    found = allocate(1e12 + 1.0, [1e12, 1.0], floor=[0.0, 0.5], cap=[1e12 - 5.0, np.inf])
    np.testing.assert_allclose(found.amounts, [1e12 - 5.0, 6.0], rtol=1e-11)


def test_says_who_is_held_and_why() -> None:
    found = allocate(10, [1, 1, 2, 0], floor=[4, 0, 0, 0], cap=[9, 9, 3.5, 9])
    np.testing.assert_allclose(found.amounts, [4, 2.5, 3.5, 0])
    assert found.at_floor.tolist() == [True, False, False, False]
    assert found.at_cap.tolist() == [False, False, True, False]
    assert found.rate == 2.5
    assert found.explain(["Adur", "Bath", "Crewe", "Derby"])[:3] == (
        "Adur: 4.000, at its floor.", "Bath: 2.500, by its weight.", "Crewe: 3.500, at its cap.",
    )  # fmt: skip
    over_draws = allocate([10.0, 20.0], [1, 1], floor=[6, 0])
    assert over_draws.explain(["Adur", "Bath"])[0] == "Adur: on average 8.000, at its floor in 1 of 2 draws."


def test_ties_in_pence_go_in_order() -> None:
    assert allocate_pence(100, [1, 1, 1]) == (34, 33, 33)
    assert allocate_pence(100, [1, 1, 1], [0, 50, 0], [10, None, None]) == (10, 50, 40)
    assert allocate_pence(2, [Fraction(1, 3), Fraction(2, 3)]) == (1, 1)


@pytest.mark.parametrize(
    ("pot", "weights", "limits", "said"),
    [
        (10, [1, 1], {"floor": [6, 7]}, "floors sum to 13, more than the pot of 10 by 3. The largest are Bath 7"),
        (10, [1, 0], {"cap": 4}, "caps sum to 4, less than the pot of 10 by 6"),
        ([1, 30], [1, 1], {"cap": 6}, "In draw 1 the caps sum to 12, less than the pot of 30 by 18"),
        (10, [1, -1], {}, "The weight of Bath is -1."),
        (10, [1, np.nan], {}, "The weight of Bath is nan."),
        (10, [np.inf, 1], {}, "The weight of Adur is inf."),
        (10, [1, 1], {"floor": [5, 0], "cap": [4, 9]}, "The floor of Adur, 5, is above its cap, 4."),
        (10, [1, 1], {"floor": -1}, "The floor of everybody is -1."),
        (10, [[1, 1], [1, -2]], {}, "The weight of Bath in draw 1 is -2."),
        (np.nan, [1, 1], {}, "The pot is not a number."),
        (-1, [1, 1], {}, "floors sum to 0, more than the pot of -1 by 1"),
        (10, [0, 0], {}, "less than the pot of 10 by 10 (members of weight nought only take their floor)"),
        (10, [1, 1], {"floor": [0, 0, 0]}, "do not fit each other: (), (2,), (3,), ()"),
        ([[1, 2]], [1, 1], {}, "do not fit each other: (1, 2), (2,), (), ()"),
        (10, [], {}, "nobody to share the pot between"),
    ],
)
def test_refuses_what_cannot_be(pot: object, weights: object, limits: dict[str, object], said: str) -> None:
    with pytest.raises(SokeError) as caught:
        allocate(pot, weights, names=["Adur", "Bath"], **limits)  # type: ignore[arg-type]
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ((10, [1, -1]), "The weight of Bath is -1."),
        ((10, [1, float("nan")]), "The weight of Bath is nan."),
        ((10, [1, 1], [6, 6]), "The floors sum to 12 pence, 2 above the pot."),
        ((10, [1, 0], 0, [4, None]), "The caps sum to 4 pence, 6 below the pot."),
        ((10, [1, 1], [5, 0], [4, None]), "The floor of Adur, 5 pence, is above its cap, 4."),
        ((10, [1, 1], [-5, 0]), "The floor of Adur is -5 pence."),
        ((10, [1, 1], [0]), "2 weights, 1 floors, 2 caps."),
    ],
)
def test_refuses_what_cannot_be_in_pence(call: tuple[object, ...], said: str) -> None:
    with pytest.raises(SokeError) as caught:
        allocate_pence(*call, names=["Adur", "Bath"])  # type: ignore[arg-type]
    assert said in str(caught.value)


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1), st.booleans())
def test_a_whole_country_sums_to_the_pot(seed: int, capped: bool) -> None:
    rng = np.random.default_rng(seed)
    weights, floor = rng.gamma(0.3, 1, (8, 383)), rng.uniform(0, 0.9, (8, 383))
    cap = floor + rng.gamma(2, 1, (8, 383)) if capped else np.inf
    pot = rng.uniform(floor.sum(-1), (floor + 0.5).sum(-1))
    found = allocate(pot, weights, floor, cap)
    assert np.abs(found.amounts.sum(-1) / pot - 1).max() < 1e-14
    assert (found.amounts >= floor - 1e-12).all() and (found.amounts <= cap + 1e-12).all()
    free = ~found.at_floor & ~found.at_cap
    earned = np.where(free, found.amounts / weights, found.rate[:, None])
    np.testing.assert_allclose(earned, np.broadcast_to(found.rate[:, None], free.shape), rtol=1e-9)


@pytest.mark.parametrize("per_draw", ["pot", "weights", "floor", "cap"])
def test_what_differs_by_draw_may_be_any_one_of_them(per_draw: str) -> None:
    """300 draws, more than are worked on at a time; the other three are shared by all draws."""
    rng = np.random.default_rng(7)
    given = {"pot": 30.0, "weights": rng.gamma(1, 1, 20), "floor": rng.uniform(0, 1, 20), "cap": 4.0}
    varied = {
        "pot": rng.uniform(25, 40, 300), "weights": rng.gamma(1, 1, (300, 20)),
        "floor": rng.uniform(0, 1, (300, 20)), "cap": rng.uniform(2, 5, (300, 20)),
    }[per_draw]  # fmt: skip
    together = allocate(**(given | {per_draw: varied}))  # type: ignore[arg-type]
    assert together.amounts.shape == (300, 20)
    for draw in (0, 127, 128, 255, 256, 299):
        alone = allocate(**(given | {per_draw: varied[draw]}))  # type: ignore[arg-type]
        np.testing.assert_allclose(together.amounts[draw], alone.amounts, rtol=1e-12)
        assert together.rate[draw] == pytest.approx(float(alone.rate), rel=1e-12)
