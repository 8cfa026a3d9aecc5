"""Leximin and maximin against every panel there is, on pools small enough to list them."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

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
from soke.community.assemblies.pool import Pool, Quota
from soke.community.assemblies.types import Types, types_of
from soke.errors import SokeError

PATIENT = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


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
        level = -_most(member, settled, free, None)
        for row in free:
            if -_most(member, settled | dict.fromkeys(free, level), [row], row) < level + 1e-6:
                settled[row] = level
    return np.array([settled[row] for row in range(people)])


def _most(member: np.ndarray, floor: dict[int, float], free: list[int], _: int | None) -> float:
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


@PATIENT
@given(drawn())
def test_leximin_is_what_listing_every_panel_gives(case: tuple[Pool, tuple[Quota, ...], int, int]) -> None:
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
