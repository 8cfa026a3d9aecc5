"""Leximin and maximin against every panel there is, on pools small enough to list them."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from soke.community.assemblies import certificate
from soke.community.assemblies.ceiling import ceiling
from soke.community.assemblies.leximin import leximin, over_panels
from soke.community.assemblies.lottery import Lottery
from soke.community.assemblies.maximin import maximin
from soke.community.assemblies.pool import Pool, Quota, read_pool, read_quotas
from soke.community.assemblies.types import Types, types_of
from soke.errors import SokeError

QUICK = settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
LONG = settings(QUICK, max_examples=120)


def panels_by_hand(pool: Pool, quotas: tuple[Quota, ...], size: int, per_household: int) -> list[tuple[int, ...]]:
    """Every panel, by looking at each set of people."""
    place = {category: number for number, category in enumerate(pool.categories)}
    found = []
    for panel in combinations(range(len(pool)), size):
        counts = [sum(pool.values[row][place[q.category]] == q.value for row in panel) for q in quotas]
        homes = [pool.households[row] for row in panel if pool.households[row]]
        crowded = per_household and any(homes.count(home) > per_household for home in homes)
        if not crowded and all(q.least <= n <= q.most for q, n in zip(quotas, counts, strict=True)):
            found.append(panel)
    return found


def leximin_by_hand(people: int, panels: list[tuple[int, ...]]) -> np.ndarray:
    """The chance of each person, settled one by one: who cannot have more while the rest keep theirs."""
    member = np.zeros((people, len(panels)))
    for number, panel in enumerate(panels):
        member[list(panel), number] = 1
    settled: dict[int, float] = {}
    while len(settled) < people:
        free = [row for row in range(people) if row not in settled]
        level = -_most(member, settled, free)
        for row in free:
            if -_most(member, settled | dict.fromkeys(free, level), [row]) < level + 1e-6:
                settled[row] = level
    return np.array([settled[row] for row in range(people)])


def _most(member: np.ndarray, floor: dict[int, float], free: list[int]) -> float:
    """The negative of the largest z with chance >= z for each of ``free`` and >= ``floor`` for those."""
    count = member.shape[1]
    rows = [np.append(-member[row], 1.0) for row in free]
    rows += [np.append(-member[row], 0.0) for row in floor]
    limits = [0.0] * len(free) + [1e-9 - level for level in floor.values()]
    found = linprog(np.append(np.zeros(count), -1.0), np.array(rows), limits, np.append(np.ones(count), 0.0)[None, :],
                    [1.0], bounds=[(0, None)] * count + [(None, None)], method="highs-ds")  # fmt: skip
    assert found.status == 0
    return float(found.fun)


@st.composite
def drawn(draw: st.DrawFn) -> tuple[Pool, tuple[Quota, ...], int, int]:
    people = draw(st.integers(4, 9))
    size = draw(st.integers(2, min(4, people - 1)))
    sexes = draw(st.lists(st.sampled_from("fm"), min_size=people, max_size=people))
    ages = draw(st.lists(st.sampled_from("yao"), min_size=people, max_size=people))
    homes = draw(st.lists(st.sampled_from(["", "", "h1", "h2", "h3"]), min_size=people, max_size=people))
    quotas = []
    for category, values in (("sex", "fm"), ("age", "yao")):
        for value in values:
            least = draw(st.integers(0, 1))
            quotas.append(Quota(category, value, least, draw(st.integers(max(least, 1), size))))
    pool = Pool(
        ("sex", "age"), tuple(str(n) for n in range(people)), tuple(zip(sexes, ages, strict=True)), tuple(homes)
    )
    return pool, tuple(quotas), size, draw(st.integers(0, 2))


def chances_of_people(types: Types, lottery: Lottery) -> np.ndarray:
    of_person = types.of_person
    return np.array([lottery.chances[of_person[row]] for row in range(len(of_person))])


def problems(types: Types, lottery: Lottery, *, every: bool = True) -> list[str]:
    chances = {t: Fraction(float(each)) for t, each in enumerate(lottery.chances)}
    return certificate.check(types.polytope, lottery.stages, chances, every=every)


@QUICK
@given(drawn())
def test_leximin_is_what_listing_every_panel_gives(case: tuple[Pool, tuple[Quota, ...], int, int]) -> None:
    compare(case)


@pytest.mark.slow
@LONG
@given(drawn())
def test_leximin_is_what_listing_every_panel_gives_at_length(case: tuple[Pool, tuple[Quota, ...], int, int]) -> None:
    compare(case)


def compare(case: tuple[Pool, tuple[Quota, ...], int, int]) -> None:
    pool, quotas, size, per_household = case
    types = types_of(pool, quotas, size, per_household)
    panels = panels_by_hand(pool, quotas, size, per_household)
    if not panels:
        with pytest.raises(SokeError, match="No panel"):
            leximin(types.polytope)
        return
    best = leximin_by_hand(len(pool), panels)
    for lottery in (leximin(types.polytope), over_panels(types.polytope, None)):
        assert chances_of_people(types, lottery) == pytest.approx(best, abs=1e-5)
        assert all(types.polytope.admits(panel) for panel in lottery.panels)
        assert problems(types, lottery) == []
    weakest = maximin(types.polytope)
    assert weakest.smallest == pytest.approx(best.min(), abs=1e-5)
    assert problems(types, weakest, every=False) == []
    highest = ceiling(types.polytope)
    assert highest is not None and highest.levels.min() >= best.min() - 1e-6


def test_where_whole_panels_cannot_reach_the_average_the_bound_rests_on_a_search() -> None:
    """Two of four categories exclude each other: averages would give everybody an eighth, two panels are all."""
    people = ["0111", "0001", "0100", "0100", "0111", "0100", "0001", "1000", "1101"]
    bounds = [(1, 1), (0, 2), (1, 1), (0, 2), (1, 2), (0, 1), (1, 1), (0, 1)]
    quotas = tuple(
        Quota(f"c{number // 2}", str(number % 2), least, most) for number, (least, most) in enumerate(bounds)
    )
    pool = Pool(
        ("c0", "c1", "c2", "c3"), tuple(map(str, range(9))), tuple(tuple(one) for one in people), ("",) * 9
    )  # fmt: skip
    types = types_of(pool, quotas, 2)
    lottery = leximin(types.polytope)
    highest = ceiling(types.polytope)
    assert highest is not None and highest.levels.min() == pytest.approx(0.125)
    assert lottery.gap and lottery.smallest == 0
    assert all(stage.whole is not None for stage in lottery.stages)
    assert chances_of_people(types, lottery) == pytest.approx(
        leximin_by_hand(9, panels_by_hand(pool, quotas, 2, 0)), abs=1e-6
    )


@pytest.mark.parametrize(
    ("folder", "size", "least"),
    [
        ("example_small_20", 20, 0.10),
        ("synthetic/syn250_20", 20, 8 / 177),
        ("synthetic/syn312_35", 35, 10 / 189),
        ("synthetic/syn825_75", 75, 5 / 77),
    ],
)
@pytest.mark.slow
def test_pools_of_the_size_of_assemblies_reach_their_bound(
    source_dir: Path, folder: str, size: int, least: float
) -> None:
    """Every chance within 1e-5 of a bound that is proved by fractions alone; quotas kept by every panel."""
    types = of_folder(source_dir / "community" / "sortition" / folder, size)
    lottery = leximin(types.polytope)
    assert not lottery.gap
    assert lottery.smallest == pytest.approx(least, abs=1e-5)
    assert all(types.polytope.admits(panel) for panel in lottery.panels)
    assert lottery.weights.sum() == pytest.approx(1) and (lottery.weights >= 0).all()
    assert problems(types, lottery) == []
    assert all(abs(lottery.chances[t] - float(level)) <= 1e-5 for t, level in lottery.levels.items())
    weakest = maximin(types.polytope)
    assert weakest.smallest == pytest.approx(least, abs=1e-5)
    assert problems(types, weakest, every=False) == []


def of_folder(folder: Path, size: int) -> Types:
    quotas = read_quotas((folder / "categories.csv").read_bytes(), "categories.csv")
    return types_of(
        read_pool((folder / "respondents.csv").read_bytes(), "respondents.csv", quotas, "", ""), quotas, size
    )


def test_a_bound_that_claims_too_little_or_settles_too_many_proves_nothing() -> None:
    """Who publishes a bound cannot make an unfair lottery look fair."""
    pool = Pool(("sex",), tuple("123456"), tuple((one,) for one in "ffffmm"), ("",) * 6)
    types = types_of(pool, (Quota("sex", "f", 1, 2), Quota("sex", "m", 1, 2)), 3)
    lottery = leximin(types.polytope)
    fair = {0: Fraction(1, 2), 1: Fraction(1, 2)}
    assert problems(types, lottery) == []
    unfair = {0: Fraction(1, 4), 1: Fraction(1)}
    assert certificate.check(types.polytope, lottery.stages, unfair)
    low = (
        certificate.Stage(Fraction(1, 4), {0: Fraction(1)}, {}),
        certificate.Stage(Fraction(1), {1: Fraction(1)}, {}),
    )
    assert certificate.check(types.polytope, low, unfair)
    assert certificate.check(types.polytope, lottery.stages[:1], unfair)
    assert certificate.check(types.polytope, (), fair)
    for weights in ({}, {0: Fraction(-1), 1: Fraction(2)}, {99: Fraction(1)}):
        assert certificate.check(types.polytope, (certificate.Stage(Fraction(1, 2), weights, {}),), fair)


@QUICK
@given(drawn(), st.lists(st.fractions(-2, 2, max_denominator=50), min_size=12, max_size=12))
def test_whatever_the_multipliers_a_bound_is_never_too_low(
    case: tuple[Pool, tuple[Quota, ...], int, int], multipliers: list[Fraction]
) -> None:
    pool, quotas, size, per_household = case
    panels = panels_by_hand(pool, quotas, size, per_household)
    if not panels:
        return
    types = types_of(pool, quotas, size, per_household)
    count = len(types.members)
    rows = dict(zip(range(len(types.polytope.rows)), multipliers, strict=False))
    stage = certificate.Stage(Fraction(0), {t: Fraction(1, count) for t in range(count)}, {}, rows)
    highest = certificate.bound(types.polytope, stage, {}).highest
    smallest = leximin_by_hand(len(pool), panels).min()
    assert float(highest) >= smallest - 1e-9


def forged(*steps: tuple[float, str, dict[str, int], dict[int, Fraction]], aim: str = "leximin") -> list[str]:
    """What ``check`` says of a lottery that gives 40 A, 10 B and 10 C chances of 5%, 30% and 10%; six are drawn."""
    pool = Pool(("g",), tuple(map(str, range(60))), tuple((one,) for one in "A" * 40 + "B" * 10 + "C" * 10), ("",) * 60)
    types = types_of(pool, (Quota("g", "A", 0, 2), Quota("g", "B", 0, 3), Quota("g", "C", 0, 6)), 6)
    chances = dict(enumerate((Fraction(5, 100), Fraction(3, 10), Fraction(1, 10))))
    stages = tuple(
        certificate.Stage(
            Fraction(str(level)), {"ABC".index(who): Fraction(1)},
            {"ABC".index(one): Fraction(v) for one, v in held.items()}, rows,
        )
        for level, who, held, rows in steps
    )  # fmt: skip
    return certificate.check(types.polytope, stages, chances, every=aim == "leximin", within=Fraction(2, 1000))


def test_a_level_below_the_one_before_is_not_fair_though_each_step_proves_its_own() -> None:
    """The fair lottery gives B and C 20% each."""
    first = (0.05, "A", {}, {1: Fraction(1, 40)})
    said = forged(first, (0.30, "B", {}, {2: Fraction(1, 10)}), (0.10, "C", {"A": 4, "B": 1}, {0: Fraction(1, 10)}))
    assert any("below a step before it" in one for one in said)
    assert any("0.300000 to all that are left; somebody has 0.100000" in one for one in said)


def test_a_level_above_its_own_bound_does_not_lower_the_next() -> None:
    """A, claimed at 5.2% and so within the tolerance of a thousand panels, would make the bound of others too low."""
    said = forged((0.052, "A", {}, {1: Fraction(1, 40)}), (0.10, "C", {"A": 4}, {0: Fraction(1, 10)}))
    assert any("Step 1 claims 0.052000: 0.002000 more than is proved" in one for one in said)


def test_maximin_after_those_who_fit_no_panel_still_looks_at_everybody_else() -> None:
    said = forged((0.05, "A", {}, {1: Fraction(1, 40)}), (0.30, "B", {}, {2: Fraction(1, 10)}), aim="maximin")
    assert any("somebody has 0.100000" in one for one in said)
