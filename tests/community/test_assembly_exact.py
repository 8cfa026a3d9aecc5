"""Stages solved to the last digit: equations, the identity of bound and level, and large pools drawn and verified."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soke.community.assemblies import certificate
from soke.community.assemblies.ceiling import ceiling
from soke.community.assemblies.certificate import Stage
from soke.community.assemblies.checking import check_files
from soke.community.assemblies.equations import independent, solution
from soke.community.assemblies.exact import HIGH, INSIDE, LOW, Programme
from soke.community.assemblies.leximin import leximin
from soke.community.assemblies.making import prepare
from soke.community.assemblies.pool import Pool, Quota
from soke.community.assemblies.record import BOUND, read_stages
from soke.community.assemblies.types import Types, types_of

QUICK = settings(max_examples=25, deadline=None, derandomize=True)
SHARES = {
    "gender": (0.5, 0.335, 0.165), "age": (0.4, 0.29, 0.205, 0.105), "area": (0.335, 0.27, 0.195, 0.13, 0.07),
    "education": (0.505, 0.33, 0.165), "ethnicity": (0.39, 0.285, 0.215, 0.11),
}  # fmt: skip


def national(people: int, seed: int) -> Pool:
    """People of five categories, some values of which come forward five times as often as others."""
    chance = np.random.default_rng(seed)
    columns = [chance.choice(len(share), people, p=share) for share in SHARES.values()]
    values = tuple(tuple(f"v{one}" for one in row) for row in zip(*columns, strict=True))
    return Pool(tuple(SHARES), tuple(map(str, range(people))), values, ("",) * people)


def even_quotas(size: int, below: int, above: int) -> tuple[Quota, ...]:
    """Quotas that ask for as many of each value, give or take some, but for few of the third gender."""
    quotas = [Quota("gender", f"v{value}", *ends) for value, ends in enumerate([(45, 55), (45, 55), (0, 6)])]
    for name, share in list(SHARES.items())[1:]:
        even = round(size / len(share))
        quotas += [Quota(name, f"v{value}", even - below, even + above) for value in range(len(share))]
    return tuple(quotas)


def levels_are_exact(types: Types, stages: tuple[Stage, ...], within: Fraction = Fraction(0)) -> None:
    """Each stage proves its own level, to the last digit, with whole numbers."""
    settled: dict[int, Fraction] = {}
    for stage in stages:
        proved = certificate.bound(types.polytope, stage, settled)
        assert abs(proved.highest - stage.level) <= within and proved.settled <= within
        numbers = [*stage.weights.values(), *stage.held.values(), *stage.rows.values()]
        assert all(each.denominator == 1 and abs(each) < 10**12 for each in numbers)
        settled.update(dict.fromkeys(stage.settles, stage.level))
    assert set(settled) == set(range(len(types.members)))


@QUICK
@given(st.integers(1, 6), st.data())
def test_equations_are_solved_without_an_error(size: int, data: st.DataObject) -> None:
    table = data.draw(
        st.lists(st.lists(st.integers(-3, 3), min_size=size, max_size=size), min_size=size, max_size=size)
    )
    right = data.draw(st.lists(st.fractions(-5, 5, max_denominator=7), min_size=size, max_size=size))
    equations = [{k: each for k, each in enumerate(row) if each} for row in table]
    columns = [{i: row[k] for i, row in enumerate(table) if row[k]} for k in range(size)]
    names = independent(enumerate(columns), size)
    assert len(names) == np.linalg.matrix_rank(np.array(table, dtype=float))
    if len(names) < size:
        with pytest.raises(ZeroDivisionError):
            solution(equations, right)
        return
    found = solution(equations, right)
    for row, total in zip(table, right, strict=True):
        assert sum(a * x for a, x in zip(row, found, strict=True)) == total


@settings(QUICK, max_examples=12)
@given(st.integers(0, 10_000), st.integers(30, 90), st.integers(0, 2))
def test_every_stage_of_the_ceiling_proves_its_level_exactly(seed: int, people: int, per_household: int) -> None:
    chance = np.random.default_rng(seed)
    values = tuple(tuple(f"v{one}" for one in chance.integers(0, [2, 3, 4])) for _ in range(people))
    homes = tuple(f"h{one}" for one in chance.integers(0, people, people))
    pool = Pool(("a", "b", "c"), tuple(map(str, range(people))), values, homes)
    quotas = tuple(
        Quota(name, f"v{value}", 12 // count - int(chance.integers(0, 2)), 12 // count + int(chance.integers(0, 3)))
        for name, count in zip("abc", (2, 3, 4), strict=True)
        for value in range(count)
    )
    types = types_of(pool, quotas, 12, per_household)
    highest = ceiling(types.polytope)
    if highest is None:
        return
    levels_are_exact(types, highest.stages)
    places = list(highest.places)
    for t, level in enumerate(highest.exact):
        assert level is not None and level * int(types.polytope.people[t]) <= places[t] <= int(types.polytope.upper[t])
    for row, least, most in zip(types.polytope.rows, types.polytope.least, types.polytope.most, strict=True):
        assert int(least) <= sum(int(a) * x for a, x in zip(row, places, strict=True)) <= int(most)


def test_a_wrong_guess_is_mended_by_steps() -> None:
    """From where every row is free and everybody at the bottom, or where the solver's z is the highest there is."""
    types = types_of(national(300, 1), even_quotas(100, 20, 40), 100)
    polytope, count, rows = types.polytope, len(types.members), len(types.polytope.rows)
    programme = Programme(polytope, [None] * count)
    starts = [
        [*[where] * count, *[INSIDE] * rows, HIGH] for where in (LOW, HIGH)
    ] + [programme.guess(polytope.upper.astype(float), 1.0, np.zeros(rows))]  # fmt: skip
    highest = ceiling(polytope)
    assert highest is not None and highest.stages[0].level > 0
    for standing in starts:
        answer = programme.solve(standing)
        assert answer is not None and answer.level == highest.stages[0].level


def test_whoever_fits_no_panel_is_settled_with_a_proof() -> None:
    pool = Pool(("a", "b"), tuple("12345"), (("x", "y"), ("x", "z"), ("w", "y"), ("w", "z"), ("w", "z")), ("",) * 5)
    types = types_of(
        pool, (Quota("a", "x", 2, 2), Quota("a", "w", 0, 2), Quota("b", "y", 1, 1), Quota("b", "z", 1, 2)), 3
    )
    lottery = leximin(types.polytope)
    levels_are_exact(types, lottery.stages)
    assert [float(lottery.levels[t]) for t in sorted(lottery.levels)] == [0.0, 0.5, 1.0, 1.0]


def test_a_bound_published_with_twelve_decimals_still_verifies() -> None:
    """As lotteries were published before: weights that add up to one, rounded."""
    types = types_of(national(300, 1), even_quotas(100, 20, 40), 100)
    lottery = leximin(types.polytope)

    def rounded(numbers: dict[int, Fraction], total: Fraction) -> dict[int, Fraction]:
        return {key: Fraction(round(each / total * 10**12), 10**12) for key, each in numbers.items()}

    stages = []
    for stage in lottery.stages:
        total = sum(stage.weights.values(), Fraction(0))
        parts = (rounded(dict(each), total) for each in (stage.weights, stage.held, stage.rows))
        stages.append(Stage(Fraction(round(stage.level * 10**12), 10**12), *parts))
    chances = {t: Fraction(float(each)) for t, each in enumerate(lottery.chances)}
    assert certificate.check(types.polytope, tuple(stages), chances) == []


@pytest.mark.slow
@pytest.mark.parametrize(("people", "seed"), [(2000, 4), (3000, 2)])
def test_a_pool_of_thousands_is_drawn_so_that_it_verifies(people: int, seed: int) -> None:
    """Sizes at which rounded stages carried errors of up to a thousandth, so that nothing verified."""
    pool, quotas = national(people, seed), even_quotas(100, 6, 8)
    files = prepare(
        pool, quotas, 100, aim="leximin", panels=0, per_household=0, seed="0" * 64, value="ten dice",
        form="10 digits 1-6",
    )  # fmt: skip
    assert check_files(files, Path("draw")).wrong == []
    levels_are_exact(types_of(pool, quotas, 100), read_stages(files[BOUND], BOUND), within=Fraction(1, 10**12))
