"""How well the projection would have done: started from an earlier year, with nothing that was published later.

The functions are those of a run (:mod:`growth`, :mod:`nation`, :mod:`population`), given what was known at the start
(``Past.until``): the constants of the process are fitted on those years alone, what lasts of each place's growth is
judged from them, and the range of England's growth is their mean with its standard error. The spread of
``growth.vol``, how much calmer or wilder the years to come may be, is the one constant that was judged with later years
in view. Every outcome is the log of a place's output, or people, at the end over those at the start.

Beside it stand simple rules with a normal range, its spread the root mean square of all yearly changes so far times the
root of the years: no growth (in output, or apart from England where England's total is known), England's mean growth so
far, and the place's own mean growth so far (of people: over the last ten years).

``back_test.csv`` ships what :func:`back_test` gives; ``bench/back_test.py`` writes it and a test holds it to the code.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import Any, Literal, get_type_hints

import numpy as np

from soke.england.baseline import Baseline, Floats
from soke.england.history import Past
from soke.england.places import CLASS_NAMES
from soke.errors import SokeError
from soke.evidence.distribution import Z90
from soke.evidence.parameters import Parameter, parameters
from soke.evidence.sampling import Draws, checked_seed, chunks, sample_chunk
from soke.model.economy import growth, nation, population, scores
from soke.model.economy.growth import Index, Nest

Subject = Literal["output", "people"]
England = Literal["known", "drawn"]  # England's total at the end

TABLE = "back_test.csv"
LAST = 2019  # output of 2020 to 2022 is the pandemic's
STARTS = (2010, 2015, 2007)
PEOPLE = ((2010, 5), (2011, 5), (2012, 5), (2016, 5), (2009, 10), (2010, 10), (2011, 10), (2012, 10))  # start, years
YEARS_OF_PEOPLE = (5, 10)
OWN_YEARS_OF_PEOPLE = 10  # of the own trend
DRAWS, SEED = 2000, 20260401
FEWEST_DRAWS, MOST_DRAWS = 100, 20_000
EVERYWHERE, SUBREGIONS, REGIONS = "all places", "ITL2 areas", "regions"
RATE = "growth.gva"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """The score of one window and group of places; ``count`` outcomes. Errors are log points of the whole window.

    ``held_50`` and so on: share of outcomes in the range. A rule that says the same as another has no figures.
    """

    subject: Subject
    start: int
    end: int
    england: England
    group: str
    count: int
    held_50: float
    held_80: float
    held_90: float
    rms: float
    crps: float
    no_growth_rms: float
    no_growth_crps: float
    national_rms: float | None
    national_crps: float | None
    own_rms: float
    own_crps: float

    @property
    def rules(self) -> dict[str, tuple[float, float]]:
        """The simple rules by name: rms and crps."""
        found = {
            "no growth": (self.no_growth_rms, self.no_growth_crps),
            "national trend": (self.national_rms, self.national_crps), "own trend": (self.own_rms, self.own_crps),
        }  # fmt: skip
        return {name: (rms, crps) for name, (rms, crps) in found.items() if rms is not None and crps is not None}

    @property
    def best_rule(self) -> str:
        """The simple rule with the lowest crps."""
        return min(self.rules, key=lambda name: self.rules[name][1])

    @property
    def beaten_by(self) -> tuple[str, ...]:
        """The simple rules with a lower crps than the projection's."""
        return tuple(name for name, (_, crps) in self.rules.items() if crps < self.crps)


@dataclass(frozen=True, slots=True)
class Window:
    """``levels`` (unit, year) so far, ``later`` (unit,) at the end, ``apart`` (draw, unit) drawn log change apart from
    England's, ``england`` (draw, 1) hers where it was drawn."""

    subject: Subject
    start: int
    end: int
    levels: Floats
    later: Floats
    apart: Floats
    england: Floats | None = None

    def within(self, areas: Index) -> Window:
        """The same by area: ``areas`` (unit,) the number of each unit's."""
        member = np.eye(int(areas.max()) + 1)[areas]
        weight = self.levels[:, -1:] * member
        apart = np.log(np.exp(self.apart) @ weight / weight.sum(axis=0))
        return Window(
            self.subject, self.start, self.end, member.T @ self.levels, self.later @ member, apart, self.england
        )


def back_test(base: Baseline, start: int | None = None, draws: int = DRAWS, seed: int = SEED) -> Iterator[Scored]:
    """The scores of every window, or of those from one year: output to 2019, people five and ten years on.

    SokeError for a start of which too little is known before or after, for too few or too many draws, and for a seed
    that is none.
    """
    checked_seed(seed)
    if not FEWEST_DRAWS <= draws <= MOST_DRAWS:
        fix = f"Ask for {FEWEST_DRAWS} to {MOST_DRAWS:,}: fewer show no range, more fill a small machine's memory."
        raise SokeError(f"The back-test cannot be run with {draws} draws.", fix, "draws")
    past = base.past
    starts = STARTS if start is None else (start,)
    for year in starts:
        past.until(year)
        if year >= LAST:
            fix = f"Start before {LAST}: the test ends there, since the pandemic is in what came after."
            raise SokeError(f"Nothing tests a projection that starts in {year}.", fix, "start", code="bad-year")
    ends = [(year, year + years) for year, years in PEOPLE] if start is None else [
        (start, start + years) for years in YEARS_OF_PEOPLE if start + years <= past.people_years[-1]
    ]  # fmt: skip
    output = (window_of_output(base, year, LAST, draws, seed) for year in starts)
    people = (window_of_people(base, year, end, draws, seed) for year, end in ends)
    return chain.from_iterable(tested(base, window) for window in chain(output, people))


def window_of_output(base: Baseline, start: int, end: int, draws: int, seed: int) -> Window:
    """Output from one year to another, as a run would have drawn it."""
    known = base.past.until(start)
    apart, england = drawn_output(known, growth.nest_of(base), end - start, draws, seed)
    later = base.past.volume[:, base.past.volume_years.index(end)]
    return Window("output", start, end, known.volume, later, apart, england)


def window_of_people(base: Baseline, start: int, end: int, draws: int, seed: int) -> Window:
    """People from one year to another, as a run would have drawn their shares."""
    known = base.past.until(start)
    apart = drawn_people(known, growth.nest_of(base), base.classes, end - start, draws, seed)
    return Window("people", start, end, known.people, base.past.people[:, base.past.people_years.index(end)], apart)


def drawn_output(known: Past, nest: Nest, years: int, draws: int, seed: int) -> tuple[Floats, Floats]:
    """Log change of output over ``years``: (draw, place) apart from England's, and (draw, 1) England's."""
    shares = growth.relative(known.volume)
    ahead = growth.outlook(shares, nest, growth.fitted(shares, nest))
    drawn = {row.id: row for row in (parameters()[growth.VOLATILITY], *england_so_far(known.volume))}
    apart, england = [], []
    for draw in _chunks(drawn, draws, seed, len(known.volume)):
        places = growth.start(ahead, draw.place[growth.SLOPES], draw[growth.VOLATILITY], seed, draw.first)
        whole = nation.start(draw[RATE], draw[nation.SPREAD], seed, draw.first)
        for _ in range(years):
            growth.advance(places)
            nation.advance(whole)
        apart.append(growth.adding_up(ahead.weight, places.apart))
        england.append(whole.output)
    return np.concatenate(apart), np.concatenate(england)


def drawn_people(known: Past, nest: Nest, classes: tuple[str, ...], years: int, draws: int, seed: int) -> Floats:
    """(draw, place) log change over ``years`` of each place's share of England's people."""
    process = population.fitted(np.log(known.people / known.people.sum(axis=0)), nest)
    drift = population.drift_of(known.people, classes, process, nest)
    apart = []
    for draw in _chunks({}, draws, seed, len(classes)):
        shares = population.drifting(drift, draw.place, seed, draw.first)
        for _ in range(years):
            population.move(shares)
        apart.append(growth.adding_up(known.people[:, -1], shares.apart))
    return np.concatenate(apart)


def england_so_far(volume: Floats) -> tuple[Parameter, Parameter]:
    """England's growth a year and the spread of good and bad years, from ``volume`` (place, year): a scenario's own
    range would have been written with later years in view."""
    change = np.diff(np.log(volume.sum(axis=0)))
    mean, spread = float(change.mean()), float(change.std(ddof=1))
    within = Z90 * spread / np.sqrt(len(change))
    low, central, high = (float(np.expm1(mean + side * within)) for side in (-1, 0, 1))
    return _so_far(RATE, low, central, high), _so_far(nation.SPREAD, spread, spread, spread)


def _so_far(name: str, low: float, central: float, high: float) -> Parameter:
    return Parameter(
        id=name, group="run", meaning="England's output up to the start", central=central, low=low, high=high,
        unit="a year", year="", grade="derived", distribution="normal", source="output by place, own computation",
    )  # fmt: skip


def _chunks(drawn: Mapping[str, Parameter], draws: int, seed: int, places: int) -> Iterator[Draws]:
    return (sample_chunk(drawn, seed, chunk, size, places) for chunk, size in chunks(draws))


# --- scores ---


def tested(base: Baseline, window: Window) -> Iterator[Scored]:
    """The scores of all places, of each class of authority, and of sub-regions and regions, each by what is known."""
    nest, classes = growth.nest_of(base), np.array(base.classes)
    every = np.ones(len(classes), dtype=bool)
    kinds = [(name, classes == kind) for kind, name in CLASS_NAMES.items() if kind in base.classes]
    wider = [(name, window.within(areas)) for name, areas in ((SUBREGIONS, nest.subregion), (REGIONS, nest.region))]
    for england in ("known", "drawn") if window.england is not None else ("known",):
        yield from _of_groups(window, england, [(EVERYWHERE, every), *kinds])
        for name, areas in wider:
            yield from _of_groups(areas, england, [(name, np.ones(len(areas.later), dtype=bool))])


def _of_groups(window: Window, england: England, groups: list[tuple[str, Floats]]) -> Iterator[Scored]:
    """The scores of groups of units: (name, mask)."""
    years, levels = window.end - window.start, window.levels
    whole = float(np.log(window.later.sum() / levels[:, -1].sum()))
    came = np.log(window.later / levels[:, -1])
    if window.england is None or england == "known":
        drawn, past, shift = window.apart + whole, growth.relative(levels), whole
    else:
        drawn, past, shift = window.apart + window.england, np.log(levels), 0.0
    change = np.diff(past, axis=1)
    spread = float(np.sqrt((change**2).mean() * years))
    own = change[:, -OWN_YEARS_OF_PEOPLE:] if window.subject == "people" else change
    national = np.diff(np.log(levels.sum(axis=0))).mean() * years
    for name, here in groups:
        seen = came[here]
        ours = scores.of_draws(drawn[:, here], seen)
        still, theirs, all_england = (
            scores.of_normal(np.broadcast_to(mean, len(came))[here], spread, seen)
            for mean in (shift, shift + own.mean(axis=1) * years, national)
        )
        also = all_england if england == "drawn" else None  # else it says what no growth says
        yield Scored(
            subject=window.subject, start=window.start, end=window.end, england=england, group=name, count=len(seen),
            held_50=ours.held[0], held_80=ours.held[1], held_90=ours.held[2], rms=ours.rms, crps=ours.crps,
            no_growth_rms=still.rms, no_growth_crps=still.crps, national_rms=also.rms if also else None,
            national_crps=also.crps if also else None, own_rms=theirs.rms, own_crps=theirs.crps,
        )  # fmt: skip


# --- what is shipped ---


@cache
def shipped() -> tuple[Scored, ...]:
    """The scores that are shipped: those of every window, to four decimals."""
    kinds = get_type_hints(Scored)
    text = files(__package__).joinpath(TABLE).read_text(encoding="utf-8")
    return tuple(Scored(**{name: _read(cell, kinds[name]) for name, cell in row.items()})
                 for row in csv.DictReader(text.splitlines()))  # fmt: skip


def _read(cell: str, kind: object) -> Any:
    if kind is int:
        return int(cell)
    if kind in (float, float | None):
        return float(cell) if cell else None
    return cell


def written(rows: Iterator[Scored]) -> Iterator[list[str]]:
    """The rows of the shipped table, its heading first."""
    names = [field.name for field in fields(Scored)]
    yield names
    for row in rows:
        cells = (getattr(row, name) for name in names)
        yield ["" if cell is None else f"{cell:.4f}" if isinstance(cell, float) else str(cell) for cell in cells]
