"""Quantiles of draws that are counted, beside those of the draws themselves: smooth, skewed, heavy-tailed, heaped,
constant and partly failed. The figures are those that the docstring of the module states."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soke.model.run import reduction
from soke.model.run.reduction import CODES, EXACT, KNOTS, SIZES, Reduction, scratch
from soke.model.run.result import QUANTILES

PLACES, CHUNK, DRAWS = 40, 50, 10_000


@pytest.fixture(autouse=True)
def files_given_back(monkeypatch):
    made, real = [], Reduction.__post_init__
    monkeypatch.setattr(Reduction, "__post_init__", lambda self: (real(self), made.append(self)))
    yield
    for each in made:
        each.close()


def heaped(rng, size):
    return np.where(rng.random(size) < 0.5, -10, 10) + 0.1 * rng.standard_normal(size)


# what the draws are like, and how far a quantile may be off, of the distance from the 10th to the 90th percentile
KINDS = {
    "normal": (lambda rng, size: rng.standard_normal(size), 0.003),
    "Cauchy": (lambda rng, size: rng.standard_cauchy(size), 0.01),
    "t with 2 degrees": (lambda rng, size: rng.standard_t(2, size), 0.01),
    "lognormal": (lambda rng, size: np.exp(2 * rng.standard_normal(size)), 0.03),
    "exponential": (lambda rng, size: rng.exponential(1, size), 0.005),
    "nought in most": (lambda rng, size: np.where(rng.random(size) < 0.6, 0.0, rng.standard_normal(size)), 0.007),
    "whole numbers": (lambda rng, size: rng.poisson(3, size).astype(float), 0.012),
    "rarely huge": (lambda rng, size: np.where(rng.random(size) < 0.01, 1e6, rng.standard_normal(size)), 0.004),
    "two heaps": (heaped, 0.035),
    "two values": (lambda rng, size: np.where(rng.random(size) < 0.4, -1.0, 2.0), 0.0),
    "constant": (lambda rng, size: np.full(size, 3.7), 0.0),
    "nought": (lambda rng, size: np.zeros(size), 0.0),
}


def drawn(kind, seed=1, draws=DRAWS):
    """Chunks (year, draw, place) of one year."""
    rng = np.random.default_rng(seed)
    return [KINDS[kind][0](rng, (1, CHUNK, PLACES)) for _ in range(draws // CHUNK)]


def reduced(chunks, held=None, draws=None):
    """A reduction of one series, and its draws (draw, place), without those that failed."""
    held = [np.ones(chunk.shape[1], dtype=bool) for chunk in chunks] if held is None else held
    found = Reduction(1, 1, chunks[0].shape[2], draws or sum(chunk.shape[1] for chunk in chunks))
    for chunk, each in zip(chunks, held, strict=True):
        found.add([chunk], each)
    return found, np.concatenate([chunk[0][each] for chunk, each in zip(chunks, held, strict=True)])


def off(found, draws):
    """How far each quantile is from that of the draws, (quantile, place), and the 10th-to-90th distance (place,)."""
    exact = np.quantile(draws, QUANTILES, axis=0)
    return np.abs(found.quantiles(0, 0) - exact), exact[4] - exact[0]


@pytest.mark.parametrize("kind", KINDS)
def test_a_counted_quantile_is_as_near_as_is_said(kind):
    found, draws = reduced(drawn(kind))
    error, span = off(found, draws)
    assert found.bins is not None
    assert (error <= KINDS[kind][1] * span).all()
    assert np.allclose(found.mean(0, 0), draws.mean(axis=0), rtol=1e-12, atol=1e-12)
    assert np.array_equal(found.below_zero(0, 0), (draws < 0).mean(axis=0))


@pytest.mark.parametrize("kind", KINDS)
def test_a_counted_quantile_is_off_by_less_than_the_width_of_its_bin(kind):
    """The bound that holds whatever the draws are, where none of the quantiles lies beyond the pilot."""
    found, draws = reduced(drawn(kind))
    knots = found.bins.knots[0, 0]
    ordered = np.sort(draws, axis=0)
    for number, p in enumerate(QUANTILES):
        at = p * (len(draws) - 1)
        for place in range(PLACES):
            sides = ordered[int(np.floor(at)), place], ordered[int(np.ceil(at)), place]
            segments = [int((knots[:, place] < side).sum()) for side in sides]
            assert all(0 < s < len(KNOTS) for s in segments), "within the pilot"
            widths = [(knots[s, place] - knots[s - 1, place]) / SIZES[s] for s in segments]
            exact = sides[0] + (sides[1] - sides[0]) * (at % 1)
            assert abs(found.quantiles(0, 0)[number, place] - exact) <= max(widths) * (1 + 1e-9) + 1e-15


def test_draws_that_failed_are_left_out():
    chunks = drawn("lognormal", draws=4_000)
    rng = np.random.default_rng(5)
    held = [rng.random(CHUNK) < (0.0 if number < 3 else 0.7) for number in range(len(chunks))]
    for chunk, each in zip(chunks, held, strict=True):
        chunk[:, ~each] = np.nan
    found, draws = reduced(chunks, held)
    error, span = off(found, draws)
    assert found.held == len(draws) and np.isfinite(found.quantiles(0, 0)).all()
    assert (error <= 0.03 * span).all()


def test_where_too_few_draws_held_for_a_pilot_quantiles_are_exact():
    chunks = drawn("normal", draws=2_000)
    held = [np.arange(CHUNK) < 3 for _ in chunks]
    found, draws = reduced(chunks, held)
    assert found.bins is None and not off(found, draws)[0].max() > 1e-12


def test_up_to_a_thousand_draws_quantiles_are_those_of_the_draws():
    chunks = drawn("lognormal", draws=EXACT)
    found, draws = reduced(chunks)
    assert found.bins is None
    assert np.allclose(found.quantiles(0, 0), np.quantile(draws, QUANTILES, axis=0), rtol=1e-12)
    more, _ = reduced([*chunks, chunks[0][:, :1]])
    assert more.bins is not None


@pytest.mark.parametrize("kind", ["normal", "nought in most"])
def test_it_is_the_same_whether_chunks_are_coded_elsewhere_or_here(kind):
    chunks = drawn(kind, draws=2_000)
    here, _ = reduced(chunks)
    there = Reduction(1, 1, PLACES, 2_000)
    for chunk in chunks:
        held = np.ones(CHUNK, dtype=bool)
        there.add([chunk] if there.bins is None else there.bins.coded([chunk], held), held)
    for how in ("quantiles", "mean", "below_zero"):
        assert getattr(here, how)(0, 0).tobytes() == getattr(there, how)(0, 0).tobytes()


@settings(max_examples=60)
@given(
    st.lists(st.floats(-1e300, 1e300) | st.sampled_from([0.0, -0.0, 1.0]), min_size=1, max_size=12),
    st.integers(0, 1_000),
)
def test_bins_never_fall_as_values_rise_and_no_quantile_leaves_the_draws(values, seed):
    """Any floats, heaped as they come: at a knot, a hair beside it, subnormal, huge."""
    rng = np.random.default_rng(seed)
    pool = np.unique(np.concatenate([values, np.nextafter(values, np.inf), np.nextafter(values, -np.inf)]))
    chunks = [rng.choice(pool, (1, CHUNK, 2)) for _ in range(24)]
    with np.errstate(over="ignore"):
        found, draws = reduced(chunks)
        at = np.sort(np.concatenate([pool, found.bins.knots[0, 0, :, 0]]))
        codes = reduction._codes(found.bins.knots[0, 0], np.column_stack([at, at]))[:, 0].astype(int)
        quantiles = found.quantiles(0, 0)
    assert (np.diff(codes) >= 0).all() and 0 <= codes.min() <= codes.max() < CODES
    if np.ptp(pool) < 1e300:
        assert (quantiles >= draws.min(axis=0)).all() and (quantiles <= draws.max(axis=0)).all()


def test_a_byte_names_every_bin():
    assert sum(SIZES) == CODES == 256 and len(SIZES) == len(KNOTS) + 1


def test_scratch_is_bounded_by_the_pilot_and_its_files_are_given_back(monkeypatch):
    series, years = 3, 2
    found = Reduction(series, years, PLACES, 5_000)
    most = 0
    for _ in range(100):
        most = max(most, sum(file.seek(0, 2) for file in found.files if not file.closed))
        found.add([np.random.default_rng(1).random((years, CHUNK, PLACES))] * series, np.ones(CHUNK, dtype=bool))
    assert 0 < most <= scratch(series, years, PLACES, 5_000)
    assert all(file.closed for file in found.files)
    assert scratch(series, years, PLACES, 1_000_000) == scratch(series, years, PLACES, 5_000)
    assert scratch(series, years, PLACES, 1_000) == 1_000 * series * years * PLACES * 8


def test_a_full_disk_is_a_sentence():
    found = Reduction(1, 1, PLACES, 100)

    class Full:
        closed = False

        def seek(self, *_):
            return 0

        def write(self, _):
            raise OSError(28, "No space left on device")

        def close(self):
            pass

    found.close()
    found.files = [Full()]
    with pytest.raises(reduction.SokeError, match=r"scratch files.*No space left.*fewer draws"):
        found.add([np.zeros((1, CHUNK, PLACES))], np.ones(CHUNK, dtype=bool))
