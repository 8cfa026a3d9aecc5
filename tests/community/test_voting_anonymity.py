"""Published ballots: every combination of what they say of people holds k ballots; the choices are untouched."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soke.community.budgets.election import Ballots, Election, Project
from soke.community.budgets.pb import parse_election, read_election
from soke.community.budgets.pb_write import write_election
from soke.community.voting.anonymity import publish, smallest_group
from soke.errors import SokeError


def election(rows: list[tuple[list[int], dict[str, str]]], pointed: bool = False, random_ids: bool = False) -> Election:
    starts = np.cumsum([0, *(len(chosen) for chosen, _ in rows)])
    chosen = np.array([one for part, _ in rows for one in part], np.int64)
    names = list(rows[0][1]) if rows else []
    ballots = Ballots(
        voters=tuple(f"{number:032x}" if random_ids else f"E{number}" for number in range(len(rows))),
        starts=starts, chosen=chosen, points=chosen + 1 if pointed else None,
        columns={name: tuple(said[name] for _, said in rows) for name in names},
    )  # fmt: skip
    projects = tuple(Project(id=f"p{number}", cost=100) for number in range(5))
    return Election(kind="cumulative" if pointed else "approval", budget=300, projects=projects, ballots=ballots)


def choices(one: Election) -> Counter[tuple[tuple[int, int], ...]]:
    ballots, found = one.ballots, Counter[tuple[tuple[int, int], ...]]()
    points = ballots.points if ballots.points is not None else ballots.chosen * 0
    for first, last in zip(ballots.starts, ballots.starts[1:], strict=False):
        pairs = zip(ballots.chosen[first:last].tolist(), points[first:last].tolist(), strict=True)
        found[tuple(sorted(pairs))] += 1
    return found


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32), st.integers(2, 12), st.booleans())
def test_every_combination_holds_k_ballots_and_no_choice_changes(seed: int, k: int, pointed: bool) -> None:
    chance = random.Random(seed)
    towns = ["", *(f"t{one}" for one in range(chance.randint(1, 12)))]
    rows = [
        (
            chance.sample(range(5), chance.randint(0, 4)),
            {"age": chance.choice(["", "200", "x", str(chance.randint(0, 99))]), "sex": chance.choice("MF"),
             "town": chance.choice(towns)},
        )
        for _ in range(chance.randint(1, 300))
    ]  # fmt: skip
    given_ = election(rows, pointed, random_ids=chance.random() < 0.5)
    found = publish(given_, k)
    columns = found.election.ballots.columns
    groups = Counter(zip(*columns.values(), strict=True))
    assert all(count >= k for count in groups.values())
    assert found.smallest == smallest_group(found.election.ballots) == min(groups.values(), default=len(rows))
    assert choices(found.election) == choices(given_)
    assert len(set(found.election.ballots.voters)) == len(rows)
    assert set(found.columns) == {"age", "sex", "town"}
    assert parse_election(write_election(found.election), "public.pb").ballots.columns.keys() == columns.keys()


def test_what_many_share_stays_and_what_few_say_goes() -> None:
    rows = [([0], {"age": str(30 + one % 2), "sex": "MF"[one % 2]}) for one in range(100)]
    found = publish(election(rows), 10)
    assert found.columns == {"age": "in years", "sex": "as it is"} and found.blanked == 0 and found.smallest == 50
    rows = [([0], {"age": str(one % 80), "sex": "MF"[one % 2]}) for one in range(400)]
    found = publish(election(rows), 10)
    assert found.columns["sex"] == "as it is" and "band" in found.columns["age"]
    assert "age" not in found.election.ballots.columns and found.election.ballots.columns["age_band"][0].count("-") == 1
    found = publish(election(rows[:9]), 10)
    assert found.election.ballots.columns == {} and set(found.columns.values()) == {"left out"}


def test_one_man_of_eighty_three_is_blanked_with_nine_others() -> None:
    rows = [([0], {"age": "40", "sex": "F"})] * 700 + [([1], {"age": "40", "sex": "M"})] * 30
    found = publish(election([*rows, ([2], {"age": "83", "sex": "M"})]), 10)
    assert found.columns == {"age": "in years", "sex": "as it is"}
    assert found.blanked == 31  # the smallest other combination hides him
    assert Counter(found.election.ballots.columns["age"]) == {"40": 700, "": 31}


@pytest.mark.parametrize("random_ids", [False, True])
def test_ids_and_order_of_a_file_are_never_published_though_an_id_looks_random(random_ids: bool) -> None:
    """32 signs from 0 to f may be the MD5 of an address."""
    rows = [([3], {"sex": "F"}), ([1], {"sex": "F"})] * 20
    found = publish(election(rows, random_ids=random_ids), 10).election.ballots
    assert found.voters == tuple(map(str, range(1, 41)))
    assert found.chosen.tolist() == [1] * 20 + [3] * 20
    ranked = replace(election([([3, 1], {"sex": "F"})] * 20), kind="ordinal")
    assert publish(ranked, 10).election.ballots.chosen.tolist() == [3, 1] * 20


def test_k_out_of_range() -> None:
    for k in (-1, 0, 1, 1001, 10**30):
        with pytest.raises(SokeError, match="Choose 2 to 1,000"):
            publish(election([([0], {})]), k)


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["Poland_Katowice_2023", "Poland_Gdynia_2021_Dabrowa__large", "Switzerland_Zurich_D10"]
)
def test_published_elections(source_dir: Path, name: str) -> None:
    path = source_dir / "community" / "pb" / f"{name}.pb"
    found = publish(read_election(path), 10)
    assert smallest_group(found.election.ballots) >= 10
    assert choices(found.election) == choices(read_election(path))
