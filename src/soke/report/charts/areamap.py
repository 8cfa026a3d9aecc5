"""Neighbourhoods as hexagons or circles, coloured by size of a figure, each with its name and amount where it fits."""

from __future__ import annotations

import itertools
import math
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from soke.report.charts.frame import ON_PALE, PAPER, frame, text
from soke.report.charts.hexmap import centre
from soke.report.charts.plot import path
from soke.report.markup import Child, Element, el

COLOURS = ("#e3eef2", "#b9d6e0", "#86b8cb", "#2f7894", "#174e66")
DARK = 3  # from this colour on text is white
SIDE, ZOOM = 40.0, 4.0  # a hexagon's side here, and against that of the map of England
MOST_LABELS = 80  # above this many there is no room for words
WIDTH, LARGEST, SMALLEST = 600.0, 46.0, 3.0  # of a map of circles, and their radii
WITH_WORDS = 24.0  # radius of the smallest circle that takes words
LETTERS, LONGEST = 10, 12  # of a line of a name, and of a word that has a line of its own
PHONE, PHONE_LETTER, BROAD = 343.0, 10.0, 0.62  # pixels of a map there and of a letter; its width by its height
FEWEST_LETTERS, MOST_LINES = 5, 3  # of a name there
HALF_WIDTH = math.sqrt(3) / 2  # of a hexagon, by its side
Mark = Literal["", "floor", "cap"]
EDGES: dict[Mark, tuple[str, float, str | None]] = {
    "": (PAPER, 1.5, None),
    "floor": (ON_PALE, 2.0, "4 3"),
    "cap": (ON_PALE, 3.0, None),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One neighbourhood. ``value`` sets its colour, ``size`` the area of its circle; ``label`` stands in it, and a
    screen reader speaks ``said``. ``group``: hexagons of two groups have a line between them."""

    name: str
    label: str
    said: str
    value: float
    size: float
    mark: Mark = ""
    group: str = ""
    cell: tuple[int, int] | None = None
    point: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Steps:
    """``limits`` rising, one less than the colours used; a value takes the colour of the first limit it is below."""

    limits: tuple[float, ...]

    def colour(self, value: float) -> int:
        """Which of the colours: used from the middle where there are few."""
        return sum(value >= limit for limit in self.limits) + (len(COLOURS) - 1 - len(self.limits)) // 2

    def legend(self, write: str) -> list[tuple[str, str]]:
        """Colour and meaning, from low to high. ``write`` is a format with ``{}`` for the figure."""
        said = [write.format(_short(limit)) for limit in self.limits]
        between = [f"{low} to {high}" for low, high in itertools.pairwise(said)]
        meanings = [f"under {said[0]}", *between, f"{said[-1]} or more"] if said else ["all about the same"]
        first = (len(COLOURS) - len(meanings)) // 2
        return [(COLOURS[first + k], meaning) for k, meaning in enumerate(meanings)]


def steps_for(values: Sequence[float]) -> Steps:
    """Round limits near the fifths of the values, so that one far out does not leave all others the same colour."""
    ordered = sorted(values)
    limits: list[float] = []
    for k in range(1, len(COLOURS)):
        limit = _round(ordered[len(ordered) * k // len(COLOURS)])
        if limit > ordered[0] and limit <= ordered[-1] and limit not in limits:
            limits.append(limit)
    return Steps(tuple(limits))


def _round(value: float) -> float:
    """To two digits."""
    if value <= 0:
        return 0.0
    power = 10.0 ** (math.floor(math.log10(value)) - 1)
    return round(round(value / power) * power, 6)


def _short(value: float) -> str:
    return f"£{value:,.0f}" if value >= 10 or value == round(value) else f"£{value:,.2f}"


def areamap(chart_id: str, title: str, told: str, spots: Sequence[Spot], steps: Steps) -> Element | None:
    """A map of hexagons where all have a cell, else of circles where all have a point; None where neither is so."""
    if not spots:
        return None
    if all(spot.cell is not None for spot in spots):
        return _hexagons(chart_id, title, told, spots, steps)
    if all(spot.point is not None for spot in spots):
        return _circles(chart_id, title, told, spots, steps)
    return None


def _hexagons(chart_id: str, title: str, told: str, spots: Sequence[Spot], steps: Steps) -> Element:
    middles = []
    for spot in spots:
        assert spot.cell is not None
        x, y = centre(*spot.cell)
        middles.append((x * ZOOM, y * ZOOM))
    left, upper = min(x for x, _ in middles) - SIDE, min(y for _, y in middles) - SIDE - 2
    width, height = max(x for x, _ in middles) - left + SIDE, max(y for _, y in middles) - upper + SIDE + 2
    at = [(x - left, y - upper) for x, y in middles]
    drawn: list[Child] = []
    for spot, (x, y) in sorted(zip(spots, at, strict=True), key=lambda pair: EDGES[pair[0].mark][1]):
        edge, thick, dash = EDGES[spot.mark]
        inner = SIDE - (thick if spot.mark else 0)
        drawn.append(el("path", el("title", spot.said), d=path(_corners(x, y, inner), closed=True), stroke=edge,
                        fill=COLOURS[steps.colour(spot.value)], stroke_width=thick, stroke_dasharray=dash))  # fmt: skip
    drawn += _borders(spots, at)
    if len(spots) <= MOST_LABELS:
        for spot, (x, y) in zip(spots, at, strict=True):
            drawn += _label(spot, x, y, steps)
            drawn += _on_a_telephone(spot, x, y, steps, room=2 * SIDE * HALF_WIDTH, width=width)
    return frame(chart_id, title, told, width, height, *drawn)


def _corners(x: float, y: float, side: float) -> list[tuple[float, float]]:
    """From the top, clockwise."""
    half = HALF_WIDTH * side
    return [(x, y - side), (x + half, y - side / 2), (x + half, y + side / 2),
            (x, y + side), (x - half, y + side / 2), (x - half, y - side / 2)]  # fmt: skip


_NEIGHBOURS = ((1, -1), (1, 0), (0, 1), (-1, 1), (-1, 0), (0, -1))  # across the sides, from the upper right clockwise


def _borders(spots: Sequence[Spot], at: Sequence[tuple[float, float]]) -> Iterator[Element]:
    """A line where two groups meet."""
    groups = {spot.cell: spot.group for spot in spots}
    for spot, (x, y) in zip(spots, at, strict=True):
        assert spot.cell is not None
        corners = _corners(x, y, SIDE)
        for k, (q, r) in enumerate(_NEIGHBOURS[:3]):
            other = groups.get((spot.cell[0] + q, spot.cell[1] + r))
            if other is not None and other != spot.group:
                (x1, y1), (x2, y2) = corners[k], corners[(k + 1) % 6]
                yield el("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=ON_PALE, stroke_width=5, stroke_linecap="round")


def _circles(chart_id: str, title: str, told: str, spots: Sequence[Spot], steps: Steps) -> Element:
    xs, ys = [spot.point[0] for spot in spots if spot.point], [spot.point[1] for spot in spots if spot.point]
    span = max(max(xs) - min(xs), max(ys) - min(ys)) or 1.0
    largest = max(spot.size for spot in spots) or 1.0
    scale, edge = (WIDTH - 2 * LARGEST) / span, LARGEST + 3
    width, height = (max(xs) - min(xs)) * scale + 2 * edge, (max(ys) - min(ys)) * scale + 2 * edge
    drawn: list[Child] = []
    for spot in sorted(spots, key=lambda one: -one.size):  # the small ones on top
        assert spot.point is not None
        x, y = (spot.point[0] - min(xs)) * scale + edge, (max(ys) - spot.point[1]) * scale + edge
        radius = max(LARGEST * math.sqrt(spot.size / largest), SMALLEST)
        line, thick, dash = EDGES[spot.mark]
        drawn.append(el("circle", el("title", spot.said), cx=x, cy=y, r=radius, stroke=line, stroke_width=thick,
                        fill=COLOURS[steps.colour(spot.value)], stroke_dasharray=dash))  # fmt: skip
        if len(spots) <= MOST_LABELS:
            drawn += _label(spot, x, y, steps) if radius >= WITH_WORDS else [_beside(spot, x, y + radius)]
            drawn += _on_a_telephone(spot, x, y, steps, room=2 * radius, width=width)
    return frame(chart_id, title, told, width, height, *drawn)


def _label(spot: Spot, x: float, y: float, steps: Steps) -> list[Child]:
    """The name on one or two lines, and the amount under it."""
    fill = _ink(spot, steps)
    lines = _lines(spot.name)
    first = y - 2 - 5 * (len(lines) - 1)
    named = [
        text(x, first + 10.5 * k, line, anchor="middle", size=10, fill=fill, class_="name on-desk")
        for k, line in enumerate(lines)
    ]
    amount = text(x, first + 10.5 * len(lines) + 4, spot.label, anchor="middle", size=13, fill=fill, font_weight="700",
                  class_="amount on-desk")  # fmt: skip
    return [*named, amount]


def _on_a_telephone(spot: Spot, x: float, y: float, steps: Steps, *, room: float, width: float) -> list[Child]:
    """The name alone, in letters that are as large there as elsewhere; nothing where there is no room for them."""
    size = PHONE_LETTER * width / PHONE
    letters = int(room * 0.94 / (size * BROAD))
    if letters < FEWEST_LETTERS:
        return []
    lines = [part for word in spot.name.split() for part in _broken(word, letters)]
    joined = textwrap.wrap(" ".join(lines), letters, break_on_hyphens=False)[:MOST_LINES]
    first = y - size * 1.05 * (len(joined) - 1) / 2 + size * 0.35
    fill = _ink(spot, steps)
    return [
        text(x, first + size * 1.05 * k, line, anchor="middle", size=size, fill=fill, class_="on-phone")
        for k, line in enumerate(joined)
    ]


def _broken(word: str, letters: int) -> list[str]:
    """A word, in parts with hyphens where it is longer than a line."""
    if len(word) <= letters:
        return [word]
    cut = min(letters - 1, len(word) - 3)
    return [f"{word[:cut]}-", *_broken(word[cut:], letters)]


def _ink(spot: Spot, steps: Steps) -> str:
    return "#ffffff" if steps.colour(spot.value) >= DARK else ON_PALE


def _lines(name: str) -> list[str]:
    """A name on at most two lines; a word that is too long for one is cut."""
    words = [word if len(word) <= LONGEST else f"{word[: LONGEST - 1]}…" for word in name.split()]
    lines = textwrap.wrap(" ".join(words), LETTERS, break_long_words=False, break_on_hyphens=False)
    return lines if len(lines) < 3 else [lines[0], f"{lines[1][: LONGEST - 1]}…"]


def _beside(spot: Spot, x: float, foot: float) -> Element:
    """Under a circle that is too small for words."""
    return text(x, foot + 11, f"{spot.name} {spot.label}", anchor="middle", size=10, class_="name on-desk")
