"""Cuts by place: what the 2010s took from each, the rule fitted to it, and the factors on services of a year.

Golden figures: services a head from 2010-11 to 2017-18, constant prices, per cent.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soke.deal.reader import read_scenario
from soke.deal.scenario import Cuts, Scenario
from soke.england.baseline import Floats, baseline
from soke.england.places import places
from soke.errors import Location, SokeError
from soke.evidence import parameters
from soke.model.accounts import own
from soke.model.accounts.keys import population
from soke.model.services import cuts

HELD = {name: parameters()[name].central for name in cuts.HELD}
MEAN, SLOPE = (np.array([parameters()[name].central]) for name in cuts.DRAWN)
GM, CORNWALL, SURREY = "E47000001", "E06000052", "E10000030"
HERE = Location("s.toml")


def of_kind(*kinds: str) -> np.ndarray:
    return np.isin(np.array(baseline().classes), kinds)


def inside(code: str) -> np.ndarray:
    return baseline().mask(places().members(code))


def a_head(name: str, year: int, here: np.ndarray) -> float:
    return float(baseline()[f"services_{name}_{year}"][here].sum() * 1e6 / population(year)[here].sum())


def fall(here: np.ndarray, *names: str) -> float:
    """Per cent change a head from 2010-11 to 2017-18."""
    before, after = (sum(a_head(name, year, here) for name in names) for year in (2010, 2017))
    return 100.0 * (after / before - 1.0)


EVERYWHERE = np.ones(296, dtype=bool)
LONDON = of_kind("london-borough") & (np.array(baseline().codes) != "E09000001")


@pytest.mark.parametrize(
    ("here", "whole", "care", "other"),
    [
        (EVERYWHERE, -18.8, -2.4, -37.2),
        (of_kind("metropolitan-district"), -24.1, -7.5, -43.9),
        (LONDON, -24.9, -11.4, -40.8),
        (of_kind("unitary"), -17.1, 3.9, -38.9),
        (of_kind("shire-district"), -12.8, 1.2, -28.5),
        (inside(GM), -30.4, -15.1, -50.0),
    ],
    ids=["England", "metropolitan", "London", "unitaries", "shires", "Greater Manchester"],
)
def test_the_table_by_class(here: np.ndarray, whole: float, care: float, other: float) -> None:
    """London is without the City: with it other services come to -40.4, which is not within .3 of the table's."""
    assert fall(here, "care", "other") == pytest.approx(whole, abs=0.3)
    assert fall(here, "care") == pytest.approx(care, abs=0.3)
    assert fall(here, "other") == pytest.approx(other, abs=0.3)


def test_pounds_a_head() -> None:
    for here, before, after in ((EVERYWHERE, 961, 781), (inside(GM), 995, 692)):
        assert a_head("care", 2010, here) + a_head("other", 2010, here) == pytest.approx(before, abs=3)
        assert a_head("care", 2017, here) + a_head("other", 2017, here) == pytest.approx(after, abs=3)


@pytest.mark.parametrize(
    ("fifth", "per_cent", "pounds"), [(0, -9.3, -76), (1, -13.4, -113), (2, -15.3, -138), (3, -21.6, -220),
                                      (4, -25.0, -276)],
)  # fmt: skip
def test_the_table_by_fifth_of_deprivation(fifth: int, per_cent: float, pounds: float) -> None:
    """Fifths of places, least deprived first. Everything within .3 of a point; pounds within 2.5."""
    here = np.zeros(296, dtype=bool)
    here[np.array_split(np.argsort(baseline()["imd_score"]), 5)[fifth]] = True
    assert fall(here, "care", "other") == pytest.approx(per_cent, abs=0.3)
    lost = sum(a_head(name, 2017, here) - a_head(name, 2010, here) for name in ("care", "other"))
    assert lost == pytest.approx(pounds, abs=2.5)


@pytest.mark.parametrize(
    ("name", "per_cent"),
    [
        ("Salford", -48.6), ("Manchester", -35.6), ("Wigan", -32.2), ("Oldham", -31.7), ("Trafford", -27.9),
        ("Rochdale", -26.0), ("Bury", -23.7), ("Bolton", -23.5), ("Stockport", -19.0), ("Tameside", -15.0),
    ],
)  # fmt: skip
def test_the_boroughs_of_greater_manchester(name: str, per_cent: float) -> None:
    code = next(code for code in places().members(GM) if places().name(code) == name)
    assert fall(inside(code), "care", "other") == pytest.approx(per_cent, abs=0.3)
    assert 100.0 * np.expm1(cuts.measured(baseline())[inside(code)][0]) == pytest.approx(per_cent, abs=0.3)


@pytest.mark.parametrize(("code", "per_cent"), [(CORNWALL, -11.1), (SURREY, -0.5)])
def test_two_shires(code: str, per_cent: float) -> None:
    assert fall(inside(code), "care", "other") == pytest.approx(per_cent, abs=0.3)


def test_other_services_in_total_fell_by_a_third() -> None:
    """-33.7 per cent, people growing by 5.6; the National Audit Office has -32.6 to 2016-17."""
    total = {year: baseline()[f"services_other_{year}"].sum() for year in (2010, 2017)}
    change = 100.0 * (total[2017] / total[2010] - 1.0)
    assert change == pytest.approx(-33.7, abs=0.3) and change == pytest.approx(-32.6, abs=2.0)
    assert population(2017).sum() / population(2010).sum() - 1.0 == pytest.approx(0.056, abs=0.001)


def test_the_rule_is_fitted_to_the_table() -> None:
    """-.179 (.0055), -.080 (.0070), sd .095, R2 .31; fitted again -.1791 (.0056), -.0798 (.0070), .0957, .305."""
    change, score = cuts.measured(baseline()), baseline()["imd_score"]
    terms = np.column_stack([np.ones(296), (score - score.mean()) / 10.0])
    fitted, *_ = np.linalg.lstsq(terms, change, rcond=None)
    left = change - terms @ fitted
    sd = np.sqrt(left @ left / 294)
    se = sd * np.sqrt(np.diag(np.linalg.inv(terms.T @ terms)))
    assert score.mean() == pytest.approx(20.1, abs=0.05)
    np.testing.assert_allclose(fitted, [MEAN[0], SLOPE[0]], atol=0.0005)
    np.testing.assert_allclose(se, [0.0055, 0.0070], atol=0.0002)
    assert sd == pytest.approx(HELD["cuts.resid"], abs=0.001)
    assert 1.0 - left.var() / change.var() == pytest.approx(0.31, abs=0.006)
    for name, error in zip(cuts.DRAWN, se, strict=True):
        row = parameters()[name]
        assert (row.high - row.low) / 2.0 == pytest.approx(1.2816 * error, abs=0.0005)


# ------------------------------------------------------------------------------------------------- the scenario's cuts
def scenario(**changed: object) -> Scenario:
    terms = {"path": "2010s", "starts": 2026, **changed}
    file = terms.pop("cut_places", {})
    return Scenario(at=HERE, id="x", title="x", gva_growth=read_scenario().gva_growth, cuts=Cuts(at=HERE, **terms),
                    cut_places=file)  # type: ignore[arg-type]  # fmt: skip


@cache
def rule(scale: float = 1.0) -> cuts.Lever:
    return lever(scenario(scale=scale))


def lever(terms: Scenario) -> cuts.Lever:
    found = cuts.lever(terms, baseline(), cuts.services_now(baseline(), own.shipped()), HELD)
    assert found is not None
    return found


def drawn(draws: int, seed: int = 1) -> tuple[Floats, Floats, Floats]:
    normal = np.random.default_rng(seed).standard_normal
    return MEAN + 0.0055 * normal(draws), SLOPE + 0.0070 * normal(draws), normal((draws, 296))


def test_no_cuts_no_lever() -> None:
    assert cuts.lever(read_scenario(), baseline(), cuts.services_now(baseline(), own.shipped()), HELD) is None


def test_the_shipped_scenario_cuts() -> None:
    shipped = read_scenario("cuts-2010s")
    assert shipped.cuts and (shipped.cuts.path, shipped.cuts.scale, shipped.cuts.starts) == ("2010s", 1.0, 2026)
    assert lever(shipped).starts == 1


def test_a_scale_of_nought_is_the_plain_scenario_to_the_bit() -> None:
    for terms in (scenario(scale=0.0), scenario(scale=0.0, path="2010s-as-was")):
        flat = lever(terms)
        change = cuts.change(flat, *drawn(20))
        for year in range(20):
            found = cuts.factors(flat, change, year)
            assert (found.care == 1.0).all() and (found.other == 1.0).all() and (found.whole == 1.0).all()


def test_nothing_is_cut_before_the_cuts_start_and_all_is_by_year_seven() -> None:
    late = lever(scenario(starts=2030))
    change = cuts.change(late, *drawn(3))
    assert (cuts.factors(late, change, 4).whole == 1.0).all()
    assert [cuts.so_far(late, year) for year in (0, 4, 8, 11, 30)] == pytest.approx([0.0, 0.0, 0.65, 1.0, 1.0])
    np.testing.assert_allclose(cuts.factors(late, change, 11).whole, np.exp(change))
    np.testing.assert_array_equal(cuts.factors(late, change, 11).whole, cuts.factors(late, change, 30).whole)


def test_years_between_are_on_straight_lines() -> None:
    assert [cuts.so_far(rule(), year) for year in range(8)] == pytest.approx(
        [0.0, 0.1625, 0.325, 0.4875, 0.65, 0.65 + 0.35 / 3, 0.65 + 0.7 / 3, 1.0]
    )


def test_as_was_is_the_table_and_is_not_drawn() -> None:
    was = lever(scenario(path="2010s-as-was", scale=0.5))
    change = cuts.change(was, *drawn(4))
    assert change.shape == (4, 296)
    np.testing.assert_allclose(change, np.broadcast_to(0.5 * cuts.measured(baseline()), (4, 296)))


def test_a_file_says_each_place() -> None:
    told = lever(scenario(path=None, cut_places={"E08000003": -0.4, "default": -0.1}))
    change = cuts.change(told, *drawn(2))
    assert change[0, baseline().index("E08000003")] == -0.4 and (change == -0.1).sum() == 2 * 295


@pytest.mark.parametrize(
    ("said", "words"),
    [({"E99999999": 0.1, "default": 0.0}, "E99999999"), ({"E08000003": 0.1}, "say nothing of E06000001"),
     ({"default": float("nan")}, "no finite number")],
)  # fmt: skip
def test_a_scenario_made_in_code_is_held_to_the_same(said: dict[str, float], words: str) -> None:
    with pytest.raises(SokeError, match=words):
        lever(scenario(path=None, cut_places=said))


def test_the_rule_cuts_deprived_places_most_and_keeps_its_spread() -> None:
    change = cuts.change(rule(), *drawn(4_000))
    score = baseline()["imd_score"]
    assert np.corrcoef(change.mean(axis=0), score)[0, 1] < -0.999
    assert change.std(axis=0).mean() == pytest.approx(0.096, abs=0.002)
    here = inside(GM)
    now = cuts.services_now(baseline(), own.shipped())
    weights = (now.care + now.other)[here]
    lost = 100.0 * (1.0 - np.exp(change[:, here]) @ weights / weights.sum())
    was = 100.0 * (1.0 - np.exp(cuts.measured(baseline())[here]) @ weights / weights.sum())
    assert np.median(lost) == pytest.approx(22.5, abs=0.5)  # the rule; as it was, 30
    assert was == pytest.approx(30.0, abs=1.0)


SHARE = st.floats(0.0, 0.95)


@given(change=st.floats(-3.0, 1.0), share=SHARE, speed=st.floats(0.05, 1.0))
def test_care_and_other_services_together_change_as_the_rule_says(change: float, share: float, speed: float) -> None:
    other = cuts.other_services(np.array([change]), np.array([share]), speed)
    together = share * np.exp(speed * other) + (1.0 - share) * np.exp(other)
    assert np.log(together)[0] == pytest.approx(change, abs=1e-9)
    assert np.sign(other[0]) == np.sign(change)


def test_care_is_cut_a_tenth_as_fast() -> None:
    found = cuts.factors(rule(), cuts.change(rule(), *drawn(50)), 7)
    np.testing.assert_allclose(np.log(found.care), 0.1 * np.log(found.other), atol=1e-12)
    share = rule().care_share
    np.testing.assert_allclose(share * found.care + (1.0 - share) * found.other, found.whole, rtol=1e-9)


def test_what_councils_spend_now_is_the_outturn_of_councils_alone() -> None:
    now, amounts = cuts.services_now(baseline(), own.shipped()), own.shipped().amounts
    for mine, names in ((now.care, cuts.CARE), (now.other, cuts.OTHER)):
        of = [amounts[name][2022] for name in names]
        councils = sum(v for by in of for code, v in by.items() if code.startswith(("E06", "E07", "E08", "E09", "E10")))
        assert mine.sum() == pytest.approx(councils, rel=1e-9)
    assert now.care.sum() / (now.care + now.other).sum() == pytest.approx(0.65, abs=0.01)
    assert (now.care_share > 0.1).all() and (now.care_share < 0.95).all()


def test_a_hundred_pounds_a_head_and_life_expectancy() -> None:
    men, women = (cuts.life_expectancy(-100.0, parameters()[name].central) for name in cuts.MONTHS)
    assert (men, women) == pytest.approx((-1.3, -1.2))


@pytest.mark.parametrize("area", [("E08000001", "E08000003", "E08000006"), ("E06000052",)])
def test_the_2010s_again_are_the_mean_of_many_draws_of_the_rule(area: tuple[str, ...]) -> None:
    """The rule for an area, told without a draw, is what 20,000 draws of its places' scatter come to."""
    held = baseline()
    known = {name: row.central for name, row in parameters().items() if name in (*cuts.DRAWN, *cuts.HELD)}
    found = cuts.again(held, area, known)
    at = [held.codes.index(code) for code in area]
    spent = (held["services_care_2017"] + held["services_other_2017"])[at]
    poor = (held["imd_score"] - held["imd_score"].mean())[at] / 10.0
    scatter = known["cuts.resid"] * np.random.default_rng(1).standard_normal((20_000, len(at)))
    left = np.exp(known["cuts.mean"] + known["cuts.slope"] * poor + scatter) @ spent / spent.sum()
    assert found.rule == pytest.approx(1.0 - left.mean(), abs=0.002)
    assert 0.0 < found.as_was < 0.5
