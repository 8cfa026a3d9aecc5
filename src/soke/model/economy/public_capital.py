"""Public capital: a stock with a lag, depreciation, and an elasticity of output.

For extra public capital D of a place, beside the capital K that it would have anyway (K = ratio x output):

    D' = (1 - dep) D + I(t - lag)
    ln output' - ln output = elasticity x ln(1 + D / K)

The lag runs from spending to service and is a real number of years, drawn; a fraction splits a year's spending between
two years. Nothing enters service before its project opens. One per cent of output invested for ever gives +.47 per
cent after 5 years and +2.45 after 50 (Office for Budget Responsibility, 2024); the centre of the table gives .46, 2.45.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from soke.england.baseline import Floats
from soke.evidence import Draws
from soke.evidence.sampling import RIDGE
from soke.model.economy.trend import Country
from soke.model.money import moved_money
from soke.model.money.investments import Frame, Index, nowhere

DRAWN = (*RIDGE, "pub.cap.lag")
CHANNEL = "public-capital"


@dataclass(frozen=True, slots=True)
class Spending:
    """Capital of all projects that open in one year: ``opens`` an index of the run, ``amount`` (year, place)."""

    opens: int
    amount: Floats


@dataclass(frozen=True, slots=True)
class Lever:
    """The public capital of a deal; none as is."""

    spending: tuple[Spending, ...] = ()
    sites: Index = field(default_factory=nowhere)  # of the places that it is for
    output: Floats = field(default_factory=lambda: np.zeros(0))  # (site,) of the base year, GBP million


@dataclass(slots=True)
class State:
    """What the draws give, and the extra public capital so far."""

    lever: Lever
    lag: Floats  # (draw,) years
    depreciation: Floats  # (draw, 1) a year
    ratio: Floats  # (draw, 1) of all public capital to output
    elasticity: Floats  # (draw, 1) of output to it
    extra: Floats  # (draw, site) GBP million


def lever(frame: Frame, country: Country) -> Lever:
    """The deal's projects, each spread evenly from its start to its opening, and what acts of capital that only moves.

    What falls before year 1 is spent, and arrives when it opens.
    """
    moved, projects = moved_money.acting(frame).capital, []
    sites = np.union1d(frame.served(CHANNEL), frame.members) if moved.any() else frame.served(CHANNEL)
    for investment, effect in frame.ahead(CHANNEL):
        by_site = effect * frame.planned_capital(investment)[:, None] * frame.share(investment, sites, "population")
        projects.append(Spending(frame.year_of(investment.opens), by_site))
    if moved.any():
        projects.append(Spending(1, moved[:, None] * frame.by_head[sites]))
    return Lever(tuple(projects), sites, country.base.gva[sites])


def start(lever: Lever, draws: Draws) -> State:
    """Nothing built yet."""
    elasticity, ratio, depreciation = (draws[name][:, None] for name in RIDGE)
    extra = np.zeros((len(draws), len(lever.sites)))
    return State(lever, draws["pub.cap.lag"], depreciation, ratio, elasticity, extra)


def advance(state: State, year: int, log_output: Floats) -> None:
    """Capital enters service and wears out; its gain is added in place to ``log_output`` (draw, place) at its sites."""
    lever, sites = state.lever, state.lever.sites
    if not lever.spending:
        return
    arrived = np.zeros_like(state.extra)
    for spending in lever.spending:
        arrived += arrivals(spending, year, state.lag)
    state.extra = stock_after(state.extra, arrived, state.depreciation)
    output = lever.output * np.exp(log_output[:, sites])
    log_output[:, sites] += gain(state.extra, output, state.ratio, state.elasticity)


def stock_after(extra: Floats, arrived: Floats, depreciation: Floats) -> Floats:
    """Extra public capital a year on. ``extra``, ``arrived`` (draw, place) GBP million; ``depreciation`` (draw, 1)."""
    return (1.0 - depreciation) * extra + arrived


def gain(extra: Floats, output: Floats, ratio: Floats, elasticity: Floats) -> Floats:
    """Log of output over what it would be without the extra capital. All (draw, place) or (draw, 1)."""
    return np.asarray(elasticity * np.log1p(extra / (ratio * output)))


def arrivals(spending: Spending, year: int, lag: Floats) -> Floats:
    """Capital that enters service in ``year``, (draw, place) GBP million.

    ``lag`` (draw,) years, at least 0. Spending of year s arrives in max(s + lag, opens); a lag of 2.3 years brings .7
    of it after two years and .3 after three.
    """
    if year < spending.opens:
        return np.zeros((len(lag), spending.amount.shape[1]))
    spent = np.arange(float(len(spending.amount)))
    whole = np.floor(lag)[:, None]
    part = lag[:, None] - whole
    weight = (1.0 - part) * (_due(spent, whole, spending.opens) == year)
    weight = weight + part * (_due(spent, whole + 1, spending.opens) == year)
    return np.asarray(weight @ spending.amount)


def _due(spent: Floats, lag: Floats, opens: int) -> Floats:
    return np.maximum(spent[None, :] + lag, opens)
