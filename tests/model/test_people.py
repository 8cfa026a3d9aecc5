"""How people are drawn: moments by formula and by simulation, the process found again, and ages that add up."""

from __future__ import annotations

import numpy as np
import pytest

from soke.deal.reader import read_scenario
from soke.england.baseline import Baseline, baseline
from soke.evidence.parameters import parameters
from soke.evidence.sampling import sample_chunk
from soke.model.economy import growth, population

EVIDENCE = {name: row.central for name, row in parameters().items()}


@pytest.fixture(scope="module")
def england() -> Baseline:
    return baseline()


@pytest.fixture(scope="module")
def drawn() -> np.ndarray:
    """(year, draw, place) log shares of places of which nothing is known, 250 draws."""
    process = population.held(EVIDENCE)
    root = np.diag([process.slope, process.fading])
    nothing = population.Drift(process, growth.nest_of(baseline()), np.ones(296), np.zeros((2, 296)), root)
    parts = []
    for chunk in range(5):
        draws = sample_chunk({}, 5, chunk, 50, 296)
        shares = population.drifting(nothing, draws.place, 5, draws.first)
        parts.append(np.stack([shares.apart.copy(), *(population.move(shares).copy() for _ in range(31))]))
    return np.concatenate(parts, axis=1)


def by_formula(process: population.Process, years: int) -> float:
    lag = np.abs(np.subtract.outer(np.arange(1, years + 1), np.arange(1, years + 1)))
    fading = process.fading**2 * np.sum(process.phi**lag)
    return float(np.sqrt(years**2 * process.slope**2 + fading + years * process.noise**2))


@pytest.mark.parametrize(("years", "sd"), [(5, 0.027), (10, 0.046), (20, 0.076)])
def test_spread_by_simulation_by_formula_and_as_it_was(
    england: Baseline, drawn: np.ndarray, years: int, sd: float
) -> None:
    people = england.past.people
    shares = np.log(people / people.sum(axis=0))
    assert (shares[:, years:] - shares[:, :-years]).std() == pytest.approx(sd, abs=0.0006), "as published"
    formula = by_formula(population.held(EVIDENCE), years)
    assert formula == pytest.approx(sd, rel=0.05)
    assert drawn[years].std() == pytest.approx(formula, rel=0.02)


def test_the_process_is_found_again_in_what_it_draws(drawn: np.ndarray) -> None:
    found = [population.fitted(drawn[:, draw].T, growth.nest_of(baseline())) for draw in range(0, 250, 10)]
    for name, within in (("slope", 0.1), ("fading", 0.05), ("phi", 0.05), ("noise", 0.05)):
        mean_square = np.mean([getattr(one, name) ** 2 for one in found])
        assert np.sqrt(mean_square) == pytest.approx(EVIDENCE[dict(zip(("slope", "fading", "phi", "noise"),
            population.PROCESS, strict=False))[name]], rel=within), name  # fmt: skip


def test_ages_and_places_add_up_in_every_draw_and_year(england: Baseline) -> None:
    """L2 and L11: the age groups of a place are its people, and the places are England, to 1e-9."""
    scenario = read_scenario()
    ahead = population.ahead(england, EVIDENCE, scenario, 12)
    draws = sample_chunk({}, 3, 0, 8, 296)
    state = population.start(ahead, draws.place, 3, 0)
    for year in range(12):
        people = population.advance(state)
        assert people.weighted(np.ones(5)) == pytest.approx(people.total, rel=1e-9)
        assert people.by_age(range(296)).sum(axis=0) == pytest.approx(people.total, rel=1e-9)
        assert people.total.sum(axis=1) == pytest.approx(np.full(8, ahead.england[year]), rel=1e-9)
        assert people.total.min() > 0.0 and people.by_age(range(296)).min() > 0.0
    assert people.total.std(axis=0).min() > 0.0, "no place is certain"


def test_classes_that_moved_more_are_drawn_wider(england: Baseline) -> None:
    """Specified: .83, .90, 1.07 and 1.42, by a way that is not stated; here by changes over five years."""
    people = england.past.people
    scale = population.scales(np.log(people / people.sum(axis=0)), england.classes)
    kinds = ("metropolitan-district", "shire-district", "unitary", "london-borough")
    found = [float(scale[england.classes.index(kind)]) for kind in kinds]
    assert found == pytest.approx([0.95, 0.84, 0.98, 1.62], abs=0.02)
    assert max(found[:3]) < found[3], "as specified, London's boroughs move most"
