"""The index of baseline funding levels against every authority of the published settlements 2015-16 to 2019-20."""

from __future__ import annotations

import numpy as np
import pytest

from soke.england.settlement import merge, settlement
from soke.errors import SokeError
from soke.model.funding import baseline_funding
from soke.model.funding.under_indexation import baseline_from_grant

SCILLY, NORTHAMPTONSHIRE = "E06000053", "E10000021"
LOCAL_SHARE_2013 = 10_898.6


def published(year: int) -> dict[str, float]:
    """Baseline funding levels by the published grant for under-indexation."""
    table = settlement(year)
    return dict(zip(table.codes, baseline_from_grant(table["under_indexation"], year).tolist(), strict=True))


@pytest.mark.parametrize(
    ("year", "compared", "missed"),
    [
        (2016, 383, set()),
        (2017, 383, set()),
        (2018, 383, {SCILLY}),
        (2019, 367, {SCILLY, NORTHAMPTONSHIRE}),
    ],
)
def test_every_baseline_moves_by_the_index(year: int, compared: int, missed: set[str]) -> None:
    before, now = published(year - 1), published(year)
    same = sorted(before.keys() & now.keys())
    assert len(same) == compared
    got = baseline_funding.uprated(np.array([before[c] for c in same]), year)
    gap = np.abs(got / np.array([now[c] for c in same]) - 1.0)
    assert {c for c, off in zip(same, gap, strict=True) if off > 1e-4} == missed


def test_merged_authorities_move_by_the_index_too() -> None:
    before, now = merge(published(2018), 2019), published(2019)
    new = sorted(before.keys() - published(2018).keys())
    assert new, "there were mergers in 2019"
    for code in new:
        assert before[code] * baseline_funding.index(2019) == pytest.approx(now[code], rel=1e-4), code


def test_case_7_the_index_of_2017_is_the_retail_prices_index_not_the_multiplier() -> None:
    assert baseline_funding.index(2017) == 264.9 / 259.6
    assert abs(46.6 / 48.4 - baseline_funding.index(2017)) > 0.05


def test_case_7_the_chain_back_to_the_local_share_of_2013_14() -> None:
    for year in (2015, 2016, 2017, 2018):
        england = sum(published(year).values())
        assert england / baseline_funding.chained(2013, year) == pytest.approx(LOCAL_SHARE_2013, abs=0.05)


def test_case_2_mole_valley() -> None:
    assert baseline_funding.index(2019) == pytest.approx(491 / 480, rel=1e-15)
    assert baseline_funding.uprated(np.array([1.0]), 2019) == pytest.approx(1.0229166674, abs=1e-8)


def test_the_index_of_each_year() -> None:
    expected = {
        2014: 47.1 / 46.2, 2015: 48.0 / 47.1, 2016: 48.4 / 48.0, 2018: 48.0 / 46.6, 2020: 49.9 / 49.1, 2021: 1.0,
        2022: 1.0, 2023: 1.0374,
    }  # fmt: skip
    assert {year: baseline_funding.index(year) for year in expected} == pytest.approx(expected, rel=1e-15)


def test_from_2024_each_authority_has_its_own_index() -> None:
    got = baseline_funding.weighted_index(2024, np.array([1.0, 0.0, 0.5]))
    assert got == pytest.approx([1.0, 54.6 / 51.2, (1 + 54.6 / 51.2) / 2])
    with pytest.raises(SokeError, match="In 2024-25 each authority's baseline has its own index"):
        baseline_funding.index(2024)
    with pytest.raises(SokeError, match=r"small multiplier is 1\.5"):
        baseline_funding.weighted_index(2024, np.array([0.5, 1.5]))
    with pytest.raises(SokeError, match=r"2023-24.*2024-25 to 2025-26"):
        baseline_funding.weighted_index(2023, np.array([0.5]))


@pytest.mark.parametrize(
    ("year", "said"), [(2013, "set anew in 2013-14"), (2026, "set anew in 2026-27"), (2027, "no figure for 2027-28")]
)
def test_years_without_an_index(year: int, said: str) -> None:
    with pytest.raises(SokeError, match=said):
        baseline_funding.index(year)


def test_a_chain_does_not_run_backwards() -> None:
    assert baseline_funding.chained(2016, 2016) == 1.0
    with pytest.raises(SokeError, match="runs backwards"):
        baseline_funding.chained(2018, 2016)
