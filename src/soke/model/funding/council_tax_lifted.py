"""Council tax where a deal lifts the referendum limit: bills rise faster for some years, and residents here pay it all.

raised = council tax x ((1 + rise) ^ years of faster rises - 1)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from soke.deal.types import Deal, Scenario
from soke.england.baseline import Floats
from soke.evidence import Draws, Parameter, stated
from soke.model.money.investments import Frame

SERIES = "council_tax_raised"
RISE = "council_tax.rise.lifted"


@dataclass(frozen=True, slots=True)
class Lever:
    """``years`` (year,) of faster rises so far."""

    years: Floats
    area: tuple[int, ...]  # index of the deal's places


@dataclass(slots=True)
class State:
    """What the draws give: the extra real ``rise`` a year, (draw,)."""

    lever: Lever | None
    rise: Floats | None


def own_parameters(deal: Deal, scenario: Scenario) -> list[Parameter]:
    """How far bills rise is the scenario's figure; none where the limit stays or the scenario gives no rise."""
    rise, terms = scenario.council_tax_rise_lifted, deal.fiscal.council_tax
    if rise is None or terms is None or terms.referendum_limit != "removed":
        return []
    title = "Extra real rise of council tax where the limit is lifted"
    return [stated(RISE, title, rise, "a year", "normal", "scenario")]


def lever(frame: Frame) -> Lever | None:
    """From the deal's start for as many years as the scenario says; None as for :func:`own_parameters`."""
    if not own_parameters(frame.deal, frame.scenario):
        return None
    since = np.array(frame.years) - frame.deal.starts + 1.0
    return Lever(np.clip(since, 0.0, frame.scenario.council_tax_lifted_years), frame.members)


def start(lever: Lever | None, draws: Draws) -> State:
    """A freedom to raise bills lowers none."""
    return State(lever, None if lever is None else np.maximum(draws[RISE], 0.0))


def advance(state: State, year: int, council_tax: Floats) -> Floats | None:
    """GBP million (draw, member) of council tax above what bills as they are would bring; None where there is none."""
    lever, rise = state.lever, state.rise
    if lever is None or rise is None or lever.years[year] == 0:
        return None
    factor = np.expm1(lever.years[year] * np.log1p(rise))[:, None]
    return np.asarray(council_tax[:, list(lever.area)] * factor)
