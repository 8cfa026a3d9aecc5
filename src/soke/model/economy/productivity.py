"""Productivity: output per job moves a part of the way, each year, to what the jobs within reach support.

    gain' = gain + adjustment x (what effective density supports in the long run - gain)

Connections bring jobs within reach (:mod:`soke.model.economy.effective_density`). A pair of places that two connections
serve counts for the first. Entrants to work add no density: see :mod:`soke.model.economy.entrants`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from soke.deal.types import Investment, Range
from soke.england.baseline import Floats
from soke.errors import SokeError
from soke.evidence import Draws, Parameter, stated
from soke.model.economy import effective_density
from soke.model.economy.effective_density import Connection
from soke.model.economy.trend import Country, Trend
from soke.model.money.investments import Frame

DRAWN = (*effective_density.DRAWN, "agg.adjust")
CHANNEL = "connection"


@dataclass(frozen=True, slots=True)
class Lever:
    """The connections of a deal, first to open first; none as is."""

    connections: tuple[Connection, ...] = ()


@dataclass(slots=True)
class State:
    """What the draws give, and the gain so far."""

    lever: Lever
    adjustment: Floats  # (draw, 1) part of the way in a year
    elasticities: tuple[Floats, ...]  # per sector (draw, 1), of output per job to density
    ratios: Mapping[str, Floats]  # (draw,) minutes after over minutes before, by the id of the parameter
    gain: Floats  # (draw, place) log output per job over the trend's


def own_parameters(investment: Investment) -> list[Parameter]:
    """The ratio of minutes is the deal's figure. SokeError where it gives no minutes to take one of."""
    before, after = investment.effect.minutes_before, investment.effect.minutes_after
    if after is None or investment.effect.channel != CHANNEL:
        return []
    if before is None or before <= 0 or after.low <= 0:
        raise SokeError(f"{investment.id} has no minutes before and after.", "Give both, above 0.", investment.at)
    ratio = Range(low=after.low / before, central=after.central / before, high=after.high / before)
    title = f"Minutes after over minutes before, {investment.title}"
    return [stated(effective_density.ratio_of(investment.id), title, ratio, "ratio", "lognormal", "deal")]


def lever(frame: Frame, country: Country) -> Lever:
    """The deal's connections. SokeError for one without two sides."""
    connections: list[Connection] = []
    served = np.zeros(country.matrices[0].shape, dtype=bool)
    for investment, effect in frame.ahead(CHANNEL):
        between = investment.effect.between
        if between is None:
            raise SokeError(f"{investment.id} connects nothing.", 'Give "between", two sets of places.', investment.at)
        near, far = (frame.expand(side) for side in between)
        left = tuple(np.where(served, 0.0, matrix) for matrix in country.matrices)
        opens = frame.year_of(investment.opens)
        connections.append(effective_density.serve(investment.id, opens, effect, (near, far), left))
        served[np.ix_(near, far)] = served[np.ix_(far, near)] = True
    return Lever(tuple(connections))


def start(lever: Lever, draws: Draws, places: int) -> State:
    """Nothing gained yet."""
    return State(
        lever=lever,
        adjustment=draws["agg.adjust"][:, None],
        elasticities=tuple(draws[name][:, None] for name in effective_density.DRAWN),
        ratios={connection.ratio: draws[connection.ratio] for connection in lever.connections},
        gain=np.zeros((len(draws), places)),
    )


def advance(country: Country, state: State, trend: Trend) -> Floats:
    """Log output per trend job over the base year's, (draw, place): the trend's and the gain. The state moves."""
    open_now = [connection for connection in state.lever.connections if trend.year >= connection.opens]
    if trend.year > 0 and open_now:
        state.gain += state.adjustment * (supported(country, state, trend, open_now) - state.gain)
    return trend.log_output + state.gain


def supported(country: Country, state: State, trend: Trend, open_now: Sequence[Connection]) -> Floats:
    """Long-run log output per job over that as is, (draw, place), with open connections."""
    near = [total.copy() for total in trend.near]
    for connection in open_now:
        served = trend.jobs[:, connection.places]
        ratio = state.ratios[connection.ratio]
        effective_density.add_connection(near, served, connection, ratio, country.decays)
    return effective_density.log_output(trend.near, near, country.weights, state.elasticities)


def first_year(lever: Lever) -> int | None:
    """The year of the run in which the first connection opens; None without one."""
    return lever.connections[0].opens if lever.connections else None
