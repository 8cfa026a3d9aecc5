"""Draws: exact percentiles, the same bytes for every way of asking, joint where the evidence is joint."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soke.deal.types import Range
from soke.errors import SokeError
from soke.evidence import Parameter, overridden, parameters, sample
from soke.evidence.distribution import quantile
from soke.evidence.sampling import CHUNK, chunks, sample_chunk

P = np.array([0.1, 0.5, 0.9])


@pytest.mark.parametrize("row", parameters().values(), ids=lambda row: row.id)
def test_low_central_high_are_the_tenth_fiftieth_and_ninetieth_percentile(row):
    shape = "lognormal" if row.distribution == "ridge" else row.distribution
    found = quantile(shape, P, row.low, row.central, row.high)
    expected = [row.central] * 3 if shape == "fixed" else [row.low, row.central, row.high]
    assert np.allclose(found, expected, rtol=1e-12, atol=1e-15)


@given(st.lists(st.floats(0.01, 0.99), min_size=3, max_size=3).map(sorted), st.floats(0.001, 0.999))
def test_shapes_stay_in_their_domain_and_rise(values, at):
    for shape in ("normal", "lognormal", "logit-normal", "clipped-normal"):
        low, here, high = quantile(shape, np.array([at / 2, at, (1 + at) / 2]), *values)
        assert low <= here <= high
        if shape == "lognormal":
            assert low > 0
        if shape.endswith(("logit-normal", "clipped-normal")):
            assert 0 <= low <= high <= 1


def test_sampled_percentiles_come_near_the_stated_ones():
    draws = sample({}, 4000, 5, 2)
    for name in ("agg.adjust", "emp.effect.mean", "tax.el.br_gva", "pub.cap.lag"):
        row = parameters()[name]
        low, middle, high = np.quantile(draws[name], P)
        width = row.high - row.low
        assert abs(low - row.low) < 0.06 * width
        assert abs(middle - row.central) < 0.06 * width
        assert abs(high - row.high) < 0.09 * width


def test_asking_for_more_draws_or_more_parameters_moves_no_draw():
    few, many = sample({}, CHUNK + 3, 9, 4), sample({}, 3 * CHUNK, 9, 4)
    own = Parameter(
        id="own", group="run", meaning="m", central=2, low=1, high=3, unit="u", year="", grade="estimate",
        distribution="normal", source="s",
    )  # fmt: skip
    more = sample({}, CHUNK + 3, 9, 4, extra=[own])
    for name, values in few.national.items():
        assert values.tobytes() == many[name][: CHUNK + 3].tobytes() == more[name].tobytes()
    for name, values in few.place.items():
        assert values.tobytes() == many.place[name][: CHUNK + 3].tobytes() == more.place[name].tobytes()
    assert "own" in more.national


def test_an_override_moves_its_own_parameter_only():
    plain, other = sample({}, 20, 1, 3), sample({"agg.adjust": Range(low=0.2, central=0.3, high=0.4)}, 20, 1, 3)
    assert (plain["agg.adjust"] != other["agg.adjust"]).all()
    assert plain["emp.effect.mean"].tobytes() == other["emp.effect.mean"].tobytes()


def test_seeds_and_chunks_differ():
    table = overridden({})
    first, second = (sample_chunk(table, 1, number, CHUNK, 3) for number in (0, 1))
    other = sample_chunk(table, 2, 0, CHUNK, 3)
    assert (first["agg.adjust"] != second["agg.adjust"]).all()
    assert (first["agg.adjust"] != other["agg.adjust"]).all()
    assert second.first == CHUNK


def test_the_ridge_of_public_capital_is_drawn_jointly():
    draws = sample({}, 500, 3, 2)
    ratio = draws["pub.cap.elas"] / draws["pub.cap.ratio"]
    assert np.ptp(ratio) < 1e-12, "elasticity over ratio is what the published path pins down"
    assert abs(np.corrcoef(draws["pub.cap.elas"], draws["pub.cap.dep"])[0, 1]) < 0.2
    assert np.std(draws["pub.cap.elas"]) > 0.01


def test_place_deviates_are_standard_normal_and_the_spread_exceeds_the_mean():
    draws = sample({}, 1000, 4, 20)
    deviates = draws.place["emp.effect"]
    assert abs(deviates.mean()) < 0.03 and abs(deviates.std() - 1) < 0.03
    assert parameters()["emp.effect.sd.cityregion"].central > parameters()["emp.effect.mean"].central


@pytest.mark.parametrize("draws", [0, -1, 10_000_000])
def test_impossible_numbers_of_draws_are_refused(draws):
    with pytest.raises(SokeError, match="cannot be run"):
        chunks(draws)


def test_an_impossible_seed_is_refused():
    with pytest.raises(SokeError, match="seed"):
        sample({}, 5, -1, 2)
