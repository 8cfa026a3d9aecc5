"""A thousand equal panels, households, replacements, reasons, the number, and what is published."""

from __future__ import annotations

import dataclasses
import hashlib
from collections import Counter
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soke.community.assemblies import draw
from soke.community.assemblies.form import read_form
from soke.community.assemblies.infeasible import explain
from soke.community.assemblies.leximin import leximin
from soke.community.assemblies.making import furthest, prepare
from soke.community.assemblies.measures import geometric_mean, gini
from soke.community.assemblies.pool import Pool, Quota
from soke.community.assemblies.published import published_outcomes
from soke.community.assemblies.record import decimal_text
from soke.community.assemblies.replacements import vacancy
from soke.community.assemblies.rounding import equal_panels, people_of
from soke.community.assemblies.types import types_of
from soke.errors import SokeError

SEED = hashlib.sha256(b"a seed of a test").hexdigest()
QUICK = settings(max_examples=6, deadline=None, derandomize=True)


def made_pool(people: int, seed: int, homes: int = 0) -> Pool:
    """People of two sexes and three ages at random; ``homes`` households share some of them."""
    chance = np.random.default_rng(seed)
    values = tuple((str(chance.choice(["f", "m"])), str(chance.choice(["y", "a", "o"]))) for _ in range(people))
    homes_of = tuple(f"h{chance.integers(homes)}" if homes and chance.random() < 0.6 else "" for _ in range(people))
    return Pool(("sex", "age"), tuple(str(100 + number) for number in range(people)), values, homes_of)


QUOTAS = (
    Quota("sex", "f", 2, 4), Quota("sex", "m", 2, 4), Quota("age", "y", 1, 3), Quota("age", "a", 1, 3),
    Quota("age", "o", 1, 3),
)  # fmt: skip


@QUICK
@given(st.integers(0, 10_000), st.integers(0, 2))
def test_each_person_is_on_as_many_of_the_panels_as_is_fair_down_or_up(seed: int, per_household: int) -> None:
    pool = made_pool(30, seed, homes=8)
    if explain(pool, QUOTAS, 6, per_household):
        return
    types = types_of(pool, QUOTAS, 6, per_household)
    lottery = leximin(types.polytope)
    named = people_of(types, pool, equal_panels(types.polytope, lottery, 200), "mix")
    assert len(named) == 200 and all(len(set(rows)) == 6 for rows in named)
    for rows in named:
        counts = Counter(value for row in rows for value in pool.values[row])
        assert all(quota.least <= counts[quota.value] <= quota.most for quota in QUOTAS)
        homes = Counter(pool.households[row] for row in rows if pool.households[row])
        assert not per_household or all(many <= per_household for many in homes.values())
    times = Counter(pool.ids[row] for rows in named for row in rows)
    assert furthest(types, pool, times, lottery.levels, 200) < (1.001 if not per_household else 2)


def test_a_couple_counts_once() -> None:
    """Four people, two of them a couple; two are drawn: 5 panels of 6, and each can have an even chance."""
    pool = Pool(("x",), tuple("1234"), (("a",),) * 4, ("home", "home", "", ""))
    quotas = (Quota("x", "a", 0, 2),)
    types = types_of(pool, quotas, 2, 1)
    lottery = leximin(types.polytope)
    chances = {pool.ids[row]: lottery.chances[t] for row, t in types.of_person.items()}
    assert chances == pytest.approx({"1": 0.5, "2": 0.5, "3": 0.5, "4": 0.5}, abs=1e-6)
    three = types_of(pool, (Quota("x", "a", 0, 3),), 3, 1)
    assert leximin(three.polytope).chances == pytest.approx([1.0, 0.5], abs=1e-6)
    one_taken = types_of(pool, quotas, 2, 1, {"home": 1})
    never = {pool.ids[row]: leximin(one_taken.polytope).chances[t] for row, t in one_taken.of_person.items()}
    assert never == pytest.approx({"1": 0, "2": 0, "3": 1, "4": 1}, abs=1e-6)


def test_the_same_input_gives_the_same_bytes_and_the_order_of_rows_does_not_matter() -> None:
    pool = made_pool(40, 7, homes=9)
    turned = Pool(pool.categories, pool.ids[::-1], pool.values[::-1], pool.households[::-1])
    asked = {
        "aim": "leximin",
        "panels": 300,
        "per_household": 1,
        "seed": SEED,
        "value": "ten dice",
        "form": "10 digits 1-6",
    }
    first, again, other = (prepare(one, QUOTAS, 6, **asked) for one in (pool, pool, turned))  # type: ignore[arg-type]
    assert first == again == other
    assert all(home not in first["people.csv"].decode() for home in set(pool.households) - {""})


def test_quotas_that_cannot_be_kept_are_explained_with_the_smallest_change() -> None:
    pool = made_pool(30, 3)
    there = Counter(values[0] for values in pool.values)["f"]
    wanted = (Quota("sex", "f", there + 2, 30), *QUOTAS[1:])
    reasons = explain(pool, wanted, 28)
    assert reasons is not None
    assert reasons.why[0] == f"sex f asks for at least {there + 2} and the pool has {there}."
    sums = explain(pool, (Quota("sex", "f", 4, 5), Quota("sex", "m", 4, 5), *QUOTAS[2:]), 6)
    assert sums is not None
    assert sums.why == ("The minima of sex add up to 8: more than the 6 people of the panel.",)
    assert sum(change.quota.least - change.least for change in sums.changes) == 2
    assert explain(pool, QUOTAS, 31).why == ("The panel asks for 31 people and the pool has 30.",)  # type: ignore[union-attr]
    assert explain(pool, QUOTAS, 0) is not None and explain(pool, QUOTAS, 6) is None
    few = explain(pool, (Quota("sex", "f", 0, 1), Quota("sex", "m", 0, 1), *QUOTAS[2:]), 6)
    assert few is not None and "The maxima of sex add up to 2" in few.why[0]


def test_quotas_of_two_categories_that_exclude_each_other() -> None:
    pool = Pool(("sex", "age"), tuple("123456"), (("f", "o"),) * 3 + (("m", "y"),) * 3, ("",) * 6)
    quotas = (Quota("sex", "f", 3, 3), Quota("sex", "m", 0, 4), Quota("age", "o", 0, 2), Quota("age", "y", 2, 4))
    reasons = explain(pool, quotas, 4)
    assert reasons is not None
    assert "together with all the other quotas the pool can give" in reasons.why[0]
    assert len(reasons.changes) >= 1
    mended = tuple(
        dataclasses.replace(quota, least=change.least, most=change.most) if change else quota
        for quota in quotas
        for change in [next((one for one in reasons.changes if one.quota == quota), None)]
    )
    assert explain(pool, mended, 4) is None
    couples = Pool(("sex",), tuple("1234"), (("f",),) * 4, ("a", "a", "b", "b"))
    crowded = explain(couples, (Quota("sex", "f", 0, 4),), 3, 1)
    assert crowded is not None and crowded.household and "households" in crowded.mend


@QUICK
@given(st.integers(0, 10_000))
def test_the_smallest_change_mends_and_one_person_less_does_not(seed: int) -> None:
    pool = made_pool(12, seed)
    chance = np.random.default_rng(seed)
    quotas = []
    for quota in QUOTAS:
        least = int(chance.integers(0, 5))
        quotas.append(Quota(quota.category, quota.value, least, int(chance.integers(least, 7))))
    reasons = explain(pool, tuple(quotas), 6)
    if reasons is None:
        return
    changes = {change.quota: change for change in reasons.changes}
    mended = [
        dataclasses.replace(quota, least=changes[quota].least, most=changes[quota].most) if quota in changes else quota
        for quota in quotas
    ]
    assert explain(pool, tuple(mended), 6) is None
    for number, quota in enumerate(mended):
        was = quotas[number]
        for part in ("least", "most"):
            step = np.sign(getattr(was, part) - getattr(quota, part))
            if step:
                back = [*mended]
                back[number] = dataclasses.replace(quota, **{part: getattr(quota, part) + int(step)})
                assert explain(pool, tuple(back), 6) is not None


def test_a_place_is_filled_from_those_who_keep_the_quotas_and_can_be_asked() -> None:
    pool = Pool(
        ("sex",), tuple("12345678"), tuple((one,) for one in "ffffmmmm"), ("", "a", "a", "", "", "", "", "")
    )  # fmt: skip
    quotas = (Quota("sex", "f", 2, 2), Quota("sex", "m", 2, 2))
    places = vacancy(pool, quotas, ("1", "2", "5", "6"), ("1", "5"), ("8",), 1)
    assert places.size == 2 and places.pool.ids == ("4", "7")
    assert [(quota.least, quota.most) for quota in places.quotas] == [(1, 1), (1, 1)]
    with pytest.raises(SokeError, match="not on the panel"):
        vacancy(pool, quotas, ("1", "2"), ("3",), (), 0)
    with pytest.raises(SokeError, match="not in the pool"):
        vacancy(pool, quotas, ("1", "2"), ("1",), ("99",), 0)
    with pytest.raises(SokeError, match="fill: 1; people left in the pool: 0"):
        vacancy(pool, quotas, ("1", "5", "6"), ("1",), ("2", "3", "4", "7", "8"), 0)


def test_the_number_is_equally_likely_and_follows_from_each_part() -> None:
    secret = draw.secret(SEED, 0)
    numbers = Counter(draw.number("a" * 64, secret, f"throw {throw}", 7) for throw in range(7_000))
    assert set(numbers) == set(range(7)) and max(abs(many - 1_000) for many in numbers.values()) < 150
    first = draw.number("a" * 64, secret, "1234567890", 10**6)
    assert first == draw.number("a" * 64, secret, "1234567890", 10**6)
    assert first != draw.number("b" * 64, secret, "1234567890", 10**6)
    assert first != draw.number("a" * 64, draw.secret(SEED, 1), "1234567890", 10**6)
    assert first != draw.number("a" * 64, secret, "1234567891", 10**6)


def test_the_number_as_anybody_works_it_out() -> None:
    """The recipe of the handbook, by hand."""
    text = f"soke assembly draw 2\n{'a' * 64}\n{draw.secret(SEED, 0)}\n42611536\n0\n"
    expected = int(hashlib.sha256(text.encode()).hexdigest()[:16], 16) % 1000
    assert draw.number("a" * 64, draw.secret(SEED, 0), "42611536", 1000) == expected


def test_the_secret_of_a_round_is_the_promise_of_the_next() -> None:
    for turn in range(1, 5):
        assert draw.commitment(draw.secret(SEED, turn)) == draw.secret(SEED, turn - 1)
    with pytest.raises(SokeError, match="64 rounds"):
        draw.secret(SEED, 64)


@pytest.mark.parametrize(
    "text",
    ["", "dice", "8 digits", "3 digits 1-6", "10 digits 6-1", "10 digits 1-10", "2 numbers 1-59", "99 digits 0-9",
     "3 letters or digits", "10 digits 1-6 or so", "0 digits 0-9", "60 numbers 1-59"],
)  # fmt: skip
def test_a_form_names_one_of_a_million_values_or_more(text: str) -> None:
    with pytest.raises(SokeError):
        read_form(text)


def test_a_value_has_one_spelling_under_its_form() -> None:
    dice, balls, word = map(read_form, ("10 digits from 1 to 6", "6 numbers 1 to 59", "9 Letters or digits"))
    assert (dice.words, balls.words, word.words) == ("10 digits 1-6", "6 numbers 1-59", "9 letters or digits")
    assert dice.outcomes == 6**10 and balls.outcomes == 45_057_474
    assert dice.value("1 2 3 4 5 6 1 2 3 4") == dice.value("\uff11234561234.") == "1234561234"
    assert dice.value("2134561234") != "1234561234"
    assert balls.value("5 11 23 42 7 59") == balls.value("59, 42, 23, 11, 07, 05") == "050711234259"
    assert word.value("AB12-cd34 e") == "ab12cd34e"
    for form, bad in (
        (dice, "1 2 3 4 5 6 1 2 3 7"), (balls, "5 5 11 23 42 59"), (balls, "0 11 23 42 7 59"), (word, "\u00e4b12cd34e"),
        (balls, "5 11 23 42 7 59 or 58"), (balls, "5 11 23 42 7"), (dice, "12345612341"),
    ):  # fmt: skip
        with pytest.raises(SokeError, match="as the statement says"):
            form.value(bad)


def test_people_of_a_kind_meet_in_many_combinations() -> None:
    """Who orders or numbers the pool does not choose pairs: neighbours are together about as often as anybody."""
    pool = Pool(("x",), tuple(str(100 + number) for number in range(40)), (("a",),) * 40, ("",) * 40)
    types = types_of(pool, (Quota("x", "a", 0, 4),), 4)
    named = people_of(types, pool, equal_panels(types.polytope, leximin(types.polytope), 1000), "mix")
    assert Counter(row for rows in named for row in rows) == dict.fromkeys(range(40), 100)
    together = Counter(pair for rows in named for pair in combinations(rows, 2))
    assert len(together) > 770 and max(together.values()) < 25  # 7.7 in the mean
    assert len(set(named)) > 980
    for many in (7, 40):
        odd = types_of(pool, (Quota("x", "a", 0, many),), many)
        rows = people_of(odd, pool, equal_panels(odd.polytope, leximin(odd.polytope), 100), "mix")
        assert all(len(set(each)) == many for each in rows)


def test_a_small_chance_asks_for_more_panels() -> None:
    pool = Pool(("x",), tuple(str(number) for number in range(300)), (("a",),) * 300, ("",) * 300)
    asked = {"aim": "leximin", "per_household": 0, "seed": SEED, "value": "dice", "form": "10 digits 1-6"}
    with pytest.raises(SokeError, match="fewer than 3,000 panels do not show it"):
        prepare(pool, (Quota("x", "a", 0, 1),), 1, panels=1000, **asked)  # type: ignore[arg-type]
    made = prepare(pool, (Quota("x", "a", 0, 1),), 1, panels=0, **asked)  # type: ignore[arg-type]
    assert made["panels.csv"].count(b"\n") == 3001


def test_measures_of_chances() -> None:
    assert gini(np.full(9, 0.2)) == pytest.approx(0)
    assert gini(np.array([0.0, 0.0, 0.0, 1.0])) == pytest.approx(0.75)
    assert geometric_mean(np.array([0.1, 0.4])) == pytest.approx(0.2)
    assert geometric_mean(np.array([0.0, 0.4])) == 0
    each = np.random.default_rng(1).random(50)
    assert gini(each) == pytest.approx(np.abs(each[:, None] - each).mean() / (2 * each.mean()))


def test_decimal_fractions_are_written_exactly() -> None:
    for number in (Fraction(0), Fraction(-1, 8), Fraction(7, 1000), Fraction(12), Fraction(1, 10**12)):
        assert Fraction(decimal_text(number)) == number


def test_published_lotteries_are_measured_anew(source_dir: Path) -> None:
    """Gini and geometric mean of every published allocation, and the leximin of the one published pool."""
    found = published_outcomes(source_dir)
    assert len(found) == 63
    explained = [one for one in found if not one.matches]
    assert [one.where for one in explained] == ["mass_24", "nexus_170", "sf_a_35", "sf_b_20", "sf_c_44", "sf_d_40"]
    assert all("never published" in one.explained and one.here == "not checked" for one in explained)
    here = {(one.where, one.figure): one.here for one in found}
    assert here["sf_a_35", "gini coefficient of LEXIMIN"] == "37.3%"
    assert here["sf_c_44", "geometric mean of LEXIMIN"] == "16.3%"
    assert here["nexus_170", "gini coefficient of LEGACY"] == "30.8%"
    assert here["example_small_20", "leximin drawn again: smallest chance"] == "10.0%"
