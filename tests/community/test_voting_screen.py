"""The screen finds project 67 of Wroclaw 2025 and is silent on every other published file with ages."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest

from soke.community.budgets.election import Ballots, Election, Project
from soke.community.budgets.pb import read_election
from soke.community.voting.screen import ALARM, screen, z_score


def published(source_dir: Path, name: str) -> Election:
    return read_election(source_dir / "community" / "pb" / f"{name}.pb")


def made(ages: list[str], chosen: list[int], **columns: list[str]) -> Election:
    ballots = Ballots(
        voters=tuple(map(str, range(len(ages)))), starts=np.arange(len(ages) + 1), chosen=np.array(chosen),
        columns={"age": tuple(ages), **{name: tuple(cells) for name, cells in columns.items()}},
    )  # fmt: skip
    projects = tuple(Project(id=f"p{number}", cost=100) for number in range(2))
    return Election(kind="choose-1", budget=300, projects=projects, ballots=ballots)


class TestZ:
    def test_by_hand(self) -> None:
        assert z_score(311, 2333, 428 / 56011) == pytest.approx(69.7, abs=0.05)
        expected = 2333 * 428 / 56011
        assert z_score(311, 2333, 428 / 56011) == (311 - expected) / math.sqrt(expected * (1 - 428 / 56011))

    def test_few_are_expected(self) -> None:
        for unusual, votes, share in ((19, 404, Fraction(396, 90494)), (3, 200, Fraction(1, 500))):
            less = sum(math.comb(votes, k) * share**k * (1 - share) ** (votes - k) for k in range(unusual))
            exact = -NormalDist().inv_cdf(float(1 - less))
            assert z_score(unusual, votes, float(share)) == pytest.approx(exact, rel=1e-9)
        plain = (19 - 404 * 396 / 90494) / math.sqrt(404 * 396 / 90494 * (1 - 396 / 90494))
        assert plain == pytest.approx(13.0, abs=0.05)  # what the formula for many would say
        assert z_score(19, 404, 396 / 90494) == pytest.approx(7.4, abs=0.05)

    def test_beyond_what_a_float_can_hold(self) -> None:
        near, far = z_score(230, 2000, 4.9 / 2000), z_score(260, 2000, 4.9 / 2000)
        assert 25 < near < far < 60
        tails = [z_score(count, 2000, 4.9 / 2000) for count in range(6, 500)]
        assert all(one < other for one, other in pairwise(tails))

    def test_at_the_edges(self) -> None:
        assert z_score(0, 300, 0.0) == z_score(300, 300, 1.0) == 0
        assert z_score(0, 300, 0.001) < 0
        assert z_score(300, 300, 0.01) > ALARM


class TestScreen:
    def test_a_pile_of_the_very_old_is_found(self) -> None:
        ages = ["40"] * 5000 + ["95"] * 60 + ["40"] * 400
        found = screen(made(ages, [0] * 5000 + [1] * 460))
        (sign,) = found.alarms
        assert (sign.project, sign.votes, sign.unusual) == ("p1", 460, 60) and sign.z > 20

    def test_the_same_pile_spread_over_both_is_not(self) -> None:
        ages = (["40"] * 90 + ["95"]) * 60
        assert not screen(made(ages, [number % 2 for number in range(len(ages))])).alarms

    def test_a_school_is_told_for_information_only(self) -> None:
        ages = ["40"] * 3000 + ["12"] * 200
        found = screen(made(ages, [0] * 2900 + [1] * 300))
        assert not found.alarms
        assert [one.trait for one in found.remarks] == ["aged 12"] and found.remarks[0].z > 20

    def test_tables_with_paper_and_runs_are_told_for_information_only(self) -> None:
        ways = ["internet"] * 3000 + ["paper"] * 300
        found = screen(made(["40"] * 3300, [number % 4 // 3 for number in range(3000)] + [1] * 300, voting_method=ways))
        assert not found.alarms
        assert [one.trait for one in found.remarks] == ["by paper"]
        assert any("301 equal ballots stand in a row" in one for one in found.notes)

    def test_what_cannot_be_screened_is_said(self) -> None:
        plain = made(["40"] * 300, [0] * 300)
        without = replace(plain, ballots=replace(plain.ballots, columns={}))
        found = screen(without)
        assert not found.judged and len(found.unscreened) == 2 and "no age" in found.unscreened[0]
        found = screen(made(["40"] * 100, [0] * 100))
        assert not found.judged and "No project has 200 ballots" in found.unscreened[0]
        empty = replace(plain, ballots=Ballots(voters=(), starts=np.zeros(1, np.int64), chosen=np.zeros(0, np.int64)))
        assert not screen(empty).judged

    def test_ages_that_nobody_has_are_told(self) -> None:
        found = screen(made(["200", "142", "", "-5", "1e3", "nan", "40.0"] + ["40"] * 300, [0] * 307))
        assert any("2 of 307 ballots say an age above 110" in one for one in found.notes)
        assert any("4 of 307 ballots say no age" in one for one in found.notes)
        assert not found.alarms


class TestPublished:
    def test_project_67_of_wroclaw_2025(self, source_dir: Path) -> None:
        found = screen(published(source_dir, "Poland_Wroclaw_2025"))
        (sign,) = found.alarms
        assert (sign.project, sign.unusual, sign.votes) == ("67", 311, 2333)
        assert sign.z == pytest.approx(69.7, abs=0.05)
        assert found.judged[1].z < 0.5  # the next highest
        assert any("2 of 56,011 ballots say an age above 110" in one for one in found.notes)

    @pytest.mark.parametrize(
        ("name", "highest"),
        [("Poland_Gdynia_2022_Chylonia__large", 2.4), ("Poland_Warszawa_2023_Mokotow", 1.8)],
    )
    def test_others_are_silent(self, source_dir: Path, name: str, highest: float) -> None:
        found = screen(published(source_dir, name))
        assert not found.alarms and found.judged[0].z == pytest.approx(highest, abs=0.05)

    @pytest.mark.slow
    def test_every_other_file_with_ages_is_silent(self, source_dir: Path) -> None:
        highest: dict[str, float] = {}
        with_ages = 0
        for path in sorted((source_dir / "community" / "pb").glob("*.pb")):
            election = read_election(path)
            if path.stem == "Poland_Wroclaw_2025" or "age" not in election.ballots.columns:
                continue
            with_ages += 1
            if judged := screen(election).judged:
                highest[path.stem] = judged[0].z
        assert with_ages == 39 and len(highest) == 35
        assert max(highest.values()) < ALARM
        top = sorted(highest, key=highest.__getitem__)[-2:]
        assert top == ["Poland_Lodz_2022", "Poland_Wroclaw_2015_150_-_500"]
        assert [round(highest[one], 1) for one in top] == [7.4, 9.2]
