"""Productivity: output per job moves a part of the way, each year, to what the jobs within reach support.

    gain' = gain + adjustment x (what effective density supports in the long run - gain)

Connections bring jobs within reach (:mod:`soke.model.economy.effective_density`). A pair of places that two connections
serve counts for the first. Entrants to work add no density: see :mod:`soke.model.economy.entrants`. Of each connection
four figures are drawn apart:

    mode_share     of the trips between its places, that go by it: as the deal states, or by the evidence on its mode
    minutes_ratio  minutes after over minutes before, of those trips: the deal's
    benefit        what becomes of what was promised: the rise of a pair's density is multiplied by it
    delay          years by which it opens late; a part of a year opens it for that part
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from soke.deal.link_kinds import MODES
from soke.deal.types import Effect, Investment, Range
from soke.england.baseline import Floats
from soke.errors import SokeError
from soke.evidence import Draws, Parameter, stated
from soke.model.economy import effective_density
from soke.model.economy.effective_density import Connection
from soke.model.economy.trend import Country, Trend
from soke.model.money.investments import Frame, drawn_of, opened, own_of

DRAWN = (*effective_density.DRAWN, "agg.adjust")
CHANNEL = "connection"
BENEFIT, DELAY = "link.benefit", "link.delay"


@dataclass(frozen=True, slots=True)
class Lever:
    """The connections of a deal, first to open first; none as is."""

    connections: tuple[Connection, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """What the draws give a connection. Per sector: ``pairs`` as of :meth:`Connection.pairs`, and ``gains`` (draw,),
    by how much the density of a pair rises once it is open. ``delay`` (draw,) years."""

    connection: Connection
    pairs: tuple[Floats, ...]
    gains: tuple[Floats, ...]
    delay: Floats

    def open(self, year: int) -> Floats:
        """(draw,) the part of a year of the run in which it is open."""
        return opened(year, self.connection.opens, self.delay)


@dataclass(slots=True)
class State:
    """What the draws give, and the gain so far."""

    lever: Lever
    adjustment: Floats  # (draw, 1) part of the way in a year
    elasticities: tuple[Floats, ...]  # per sector (draw, 1), of output per job to density
    links: tuple[Link, ...]
    gain: Floats  # (draw, place) log output per job over the trend's


def own_parameters(investment: Investment, evidence: Mapping[str, Parameter]) -> list[Parameter]:
    """Minutes and the share of trips are the deal's; the rest is drawn for this link by the evidence. SokeError where
    the deal gives no mode, or no minutes to take a ratio of."""
    effect = investment.effect
    before, after = effect.minutes_before, effect.minutes_after
    if after is None or effect.channel != CHANNEL:
        return []
    if before is None or before <= 0 or after.low <= 0:
        raise SokeError(f"{investment.id} has no minutes before and after.", "Give both, above 0.", investment.at)
    ratio = Range(low=after.low / before, central=after.central / before, high=after.high / before)
    title = f"Minutes after over minutes before, {investment.title}"
    return [
        stated(drawn_of(investment.id, "minutes_ratio"), title, ratio, "ratio", "lognormal", "deal"),
        _share_of_trips(investment, effect, evidence),
        own_of(investment, "benefit", evidence[BENEFIT]),
        own_of(investment, "delay", evidence[DELAY]),
    ]


def _share_of_trips(investment: Investment, effect: Effect, evidence: Mapping[str, Parameter]) -> Parameter:
    if effect.mode is None:
        fix = f"Say by what its trips go: {', '.join(MODES)}."
        raise SokeError(f"{investment.id} has no mode.", fix, investment.at)
    given = effect.mode_share
    if given is None:
        return own_of(investment, "mode_share", evidence[MODES[effect.mode].share])
    if not 0 <= given.low <= given.central <= given.high <= 1:
        fact = f"{investment.id} takes {given.low:g} to {given.high:g} of the trips between its places."
        raise SokeError(fact, "Give shares from 0 to 1, in rising order.", investment.at)
    shape = "logit-normal" if given.low > 0 and given.high < 1 else "clipped-normal"
    title = f"Share of trips that go by {effect.mode}, {investment.title}"
    row = stated(drawn_of(investment.id, "mode_share"), title, given, "share", shape, "deal")
    return replace(row, distribution=shape)


def lever(frame: Frame, country: Country) -> Lever:
    """The deal's connections. SokeError for one without two sides."""
    connections: list[Connection] = []
    places = len(country.base.gva)
    served = np.zeros((places, places), dtype=bool)
    for investment, effect in frame.ahead(CHANNEL):
        between = investment.effect.between
        if between is None:
            raise SokeError(f"{investment.id} connects nothing.", 'Give "between", two sets of places.', investment.at)
        near, far = (frame.expand(side) for side in between)
        opens = frame.year_of(investment.opens)
        connections.append(effective_density.serve(investment.id, opens, effect, (near, far), served))
        served[np.ix_(near, far)] = served[np.ix_(far, near)] = True
    return Lever(tuple(connections))


def start(lever: Lever, draws: Draws, country: Country) -> State:
    """Nothing gained yet."""
    return State(
        lever=lever,
        adjustment=draws["agg.adjust"][:, None],
        elasticities=tuple(draws[name][:, None] for name in effective_density.DRAWN),
        links=tuple(_link(connection, draws, country) for connection in lever.connections),
        gain=np.zeros((len(draws), len(country.base.gva))),
    )


def _link(connection: Connection, draws: Draws, country: Country) -> Link:
    reach = country.nearness.of(draws.first)
    share, ratio, benefit, delay = (
        draws[drawn_of(connection.id, figure)] for figure in ("mode_share", "minutes_ratio", "benefit", "delay")
    )
    acting = connection.effect * benefit * share
    gains = tuple(acting * (ratio**-decay - 1.0) for decay in reach.decays)
    return Link(connection, connection.pairs(reach), gains, delay)


def advance(country: Country, state: State, trend: Trend) -> Floats:
    """Log output per trend job over the base year's, (draw, place): the trend's and the gain. The state moves."""
    open_now = [link for link in state.links if trend.year >= link.connection.opens]
    if trend.year > 0 and open_now:
        state.gain += state.adjustment * (supported(country, state, trend, open_now) - state.gain)
    return trend.log_output + state.gain


def supported(country: Country, state: State, trend: Trend, open_now: Sequence[Link]) -> Floats:
    """Long-run log output per job over that as is, (draw, place), with open connections."""
    near = [total.copy() for total in trend.near]
    for link in open_now:
        places = link.connection.places
        gains = [gain * link.open(trend.year) for gain in link.gains]
        effective_density.add_connection(near, trend.jobs[:, places], places, link.pairs, gains)
    return effective_density.log_output(trend.near, near, country.weights, state.elasticities)


def first_year(lever: Lever) -> int | None:
    """The year of the run in which the first connection opens; None without one."""
    return lever.connections[0].opens if lever.connections else None
