"""Every switch of a scenario about jobs, set off its default, moves a shipped deal."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from soke.deal.reader import load_deal, read_scenario
from soke.england.baseline import baseline
from soke.england.places import places
from soke.model.accounts.outlook import base_year
from soke.model.run.chunk import run_chunk
from soke.model.run.setup import Setup, prepare

SWITCHES = {"displacement": 0.0, "skills_match": 0.05, "healthy_life_years": 0.6}


def difference(**changes: float) -> np.ndarray:
    return run_chunk(prepared(**changes), 0, 4).difference


def prepared(**changes: float) -> Setup:
    deal, scenario = load_deal(Path("deals/greater-manchester.toml"), places()), replace(read_scenario(), **changes)
    return prepare(deal, scenario, baseline(), base_year(scenario.base_year), 7)


@pytest.mark.slow
def test_each_switch_moves_greater_manchester() -> None:
    plain = difference()
    for name, value in SWITCHES.items():
        moved = difference(**{name: value}) - plain
        assert np.abs(moved[0, 11]).sum() > 1e-3, name


@pytest.mark.slow
def test_a_gain_in_healthy_life_as_published_for_greater_manchester() -> None:
    """.60 years: .12 points of employment, 2,300 people, 27 million pounds a year to the public purse."""
    people = 0.20 * prepared(healthy_life_years=0.6).deal.health.jobs[10].sum()
    assert people == pytest.approx(2_300, rel=0.07)
    assert people * 11_892 / 1e6 == pytest.approx(27, rel=0.07)
