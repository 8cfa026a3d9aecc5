"""Scores of forecasts against their definitions, worked out another way."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from soke.model.economy.scores import of_draws, of_normal


@given(arrays(float, (9, 4), elements=st.floats(-5, 5)), arrays(float, (4,), elements=st.floats(-5, 5)))
def test_the_score_of_draws_is_its_definition(drawn: np.ndarray, came: np.ndarray) -> None:
    pairs = np.abs(drawn[:, None] - drawn[None]).mean(axis=(0, 1))
    expected = (np.abs(drawn - came).mean(axis=0) - pairs / 2.0).mean()
    assert of_draws(drawn, came).crps == pytest.approx(expected, abs=1e-12)


def test_one_draw_scores_its_absolute_error() -> None:
    found = of_draws(np.array([[1.0, 2.0]]), np.array([1.5, 0.0]))
    assert found.crps == pytest.approx(1.25) and found.rms == pytest.approx(np.sqrt(4.25 / 2))


def test_draws_of_a_normal_score_as_the_normal() -> None:
    rng = np.random.default_rng(1)
    came = rng.normal(0.3, 1.2, 500)
    exact = of_normal(np.zeros(500), 1.0, came)
    drawn = of_draws(rng.standard_normal((4000, 500)), came)
    assert drawn.crps == pytest.approx(exact.crps, rel=0.01) and drawn.rms == pytest.approx(exact.rms, rel=0.01)
    assert drawn.held == pytest.approx(exact.held, abs=0.02)


def test_neither_a_wide_nor_a_narrow_range_pays() -> None:
    came = np.random.default_rng(2).standard_normal(20_000)
    score = {sd: of_normal(np.zeros(len(came)), sd, came) for sd in (0.5, 1.0, 3.0)}
    assert score[1.0].crps < min(score[0.5].crps, score[3.0].crps)
    assert score[1.0].held == pytest.approx((0.5, 0.8, 0.9), abs=0.01)
    assert score[3.0].held[2] > 0.99 > score[0.5].held[2]
