"""A hexagon for every place, so that each counts the same to the eye: neighbours kept together, north kept up.

Three steps, none of them left to chance:

1. *Relax.* The places' centres become points held apart by repulsion and together by a spring along each border,
   each spring also pulling towards the border's true bearing, until crowded London takes as much room as Cornwall.
2. *Assign.* Points go to cells of a hexagonal grid at the least total squared distance (an exact assignment).
3. *Anneal.* Places swap cells, or move to a free one, while a falling temperature sometimes accepts a loss. The cost
   of a layout is the sum over true borders of how far apart the two places lie and how far the bearing is off, plus a
   charge for straying from the relaxed point, for free cells that places surround (holes) and for places with hardly
   any neighbour (spikes).

Costs are whole numbers and the random numbers are Philox with a fixed seed: the same input gives the same layout.
Coordinates are axial (q, r), r growing southwards: a pointy-top cell's centre is x = sqrt(3) (q + r/2), y = 3/2 r.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from soke.errors import SokeError

Floats = NDArray[np.float64]
Cell = tuple[int, int]
Pair = tuple[int, int]

NEIGHBOURS: tuple[Cell, ...] = ((1, 0), (1, -1), (0, -1), (-1, 0), (-1, 1), (0, 1))
ROW_HEIGHT = 3**0.5 / 2  # cells are one apart, rows this much
SEED = 2025
SAME_CODES = "Use the same codes for places and borders."
STEPS_PER_PLACE = 7000
HOTTEST, COLDEST = 150.0, 4.0  # temperatures, in the unit of the costs below

DISTANCE_COST = (0, 0, 100, 240, 480, 800)  # by steps between two places that share a border; then 400 a step
BEARING_COST = 80  # for a right angle off the true bearing; twice that when the wrong way round
AWAY_COST = 8.0  # for a place one step off its relaxed point, growing with the square: keeps coasts in shape
SECTORS = 48  # bearings are told apart to 7.5 degrees
HOLE_COST = (0, 0, 0, 0, 60, 250, 600)  # of a free cell, by how many of its six neighbours are taken
SPIKE_COST = (900, 200, 0, 0, 0, 0, 0)  # of a taken cell, likewise
MARGIN = 8  # free cells kept round the layout while it anneals


def layout(
    codes: Sequence[str], lat: Sequence[float], lon: Sequence[float], borders: Iterable[tuple[str, str]]
) -> list[Cell]:
    """Axial (q, r) whole-number coordinates, one cell for each of ``codes``, in their order; least q and r are 0.

    ``lat`` and ``lon`` are the centres in degrees; ``borders`` are pairs of ``codes``. A place without a border is
    an island: it is put in the free cell nearest its true bearing from the nearest place, with a cell of sea
    between. Raises SokeError for a code given twice, a border with a code not among them, or a centre that is not
    a number.
    """
    pairs = _index_pairs(codes, borders)
    points = _project(codes, lat, lon)
    mainland = sorted({place for pair in pairs for place in pair})
    cells: dict[int, Cell] = {}
    if mainland:
        renumber = {place: number for number, place in enumerate(mainland)}
        local = [(renumber[a], renumber[b]) for a, b in pairs]
        cells = dict(zip(mainland, _lay_mainland(points[mainland], local), strict=True))
    for island in sorted(set(range(len(codes))) - set(mainland)):
        cells[island] = _lay_island(island, points, cells)
    least_q, least_r = (min((cell[axis] for cell in cells.values()), default=0) for axis in (0, 1))
    return [(cells[i][0] - least_q, cells[i][1] - least_r) for i in range(len(codes))]


def distance(a: Cell, b: Cell) -> int:
    """Steps from one axial cell to another."""
    q, r = a[0] - b[0], a[1] - b[1]
    return max(abs(q), abs(r), abs(q + r))


def _index_pairs(codes: Sequence[str], borders: Iterable[tuple[str, str]]) -> list[Pair]:
    pairs = list(borders)
    place = {code: i for i, code in enumerate(codes)}
    if len(place) != len(codes):
        raise SokeError("A place is given twice.", "Give each code once.", "hex layout")
    unknown = sorted({code for pair in pairs for code in pair} - set(place))
    if unknown:
        raise SokeError(f"Borders name places not in the list: {', '.join(unknown[:5])}.", SAME_CODES)
    return sorted({(min(a, b), max(a, b)) for a, b in ((place[a], place[b]) for a, b in pairs) if a != b})


def _project(codes: Sequence[str], lat: Sequence[float], lon: Sequence[float]) -> Floats:
    """(n, 2) points, east and south, in degrees of latitude: true enough over a country."""
    north, east = np.asarray(lat, dtype=np.float64), np.asarray(lon, dtype=np.float64)
    if north.shape != (len(codes),) or east.shape != (len(codes),):
        raise SokeError(f"{len(codes)} places but {north.size} latitudes and {east.size} longitudes.", "Give one each.")
    if not (np.isfinite(north).all() and np.isfinite(east).all()):
        bad = codes[int(np.argmin(np.isfinite(north) & np.isfinite(east)))]
        raise SokeError(f"The centre of {bad} is not a number.", "Give its latitude and longitude in degrees.")
    middle = float(north.mean()) if len(codes) else 0.0
    return np.column_stack([east * np.cos(np.radians(middle)), -north])


def _lay_mainland(points: Floats, pairs: list[Pair]) -> list[Cell]:
    ends = np.array(pairs)
    bearings = _unit(points[ends[:, 1]] - points[ends[:, 0]])
    relaxed = _to_scale(_relax(points, ends, bearings))
    return _Annealer(_assign(relaxed), pairs, bearings, relaxed).run()


def _unit(vectors: Floats) -> Floats:
    length = np.sqrt((vectors**2).sum(axis=1, keepdims=True))
    return np.asarray(vectors / np.maximum(length, 1e-9), dtype=np.float64)


def _relax(points: Floats, ends: NDArray[np.int64], bearings: Floats, steps: int = 300) -> Floats:
    """Points about one apart: springs along borders (a quarter of the pull is towards the bearing), repulsion else."""
    a, b = ends.T
    spread = points - points.mean(axis=0)
    spread = spread / np.median(np.sqrt(((spread[b] - spread[a]) ** 2).sum(axis=1)))
    first, second = np.triu_indices(len(points), 1)
    for _ in range(steps):
        push = np.zeros_like(spread)
        along = spread[b] - spread[a]
        pull = 0.09 * (along - _unit(along)) + 0.05 * (along - bearings)
        np.add.at(push, a, pull)
        np.add.at(push, b, -pull)
        apart = spread[second] - spread[first]
        near = (apart**2).sum(axis=1) < 1.35**2
        i, j, gap = first[near], second[near], apart[near]
        repel = 0.12 * (gap - 1.35 * _unit(gap))
        np.add.at(push, i, repel)
        np.add.at(push, j, -repel)
        spread += push
    return np.asarray(spread, dtype=np.float64)


def _assign(points: Floats) -> list[Cell]:
    """The cell of each point, at the least total squared distance, among cells within two of any point."""
    candidates = _cells_near(points, 2.0)
    centres = np.array([_centre(cell) for cell in candidates])
    _, chosen = linear_sum_assignment(cdist(points, centres, "sqeuclidean"))
    return [candidates[k] for k in chosen]


def _to_scale(points: Floats) -> Floats:
    """The points drawn together or apart until they cover (come within 0.8 of) about as many cells as there are."""
    covered = len(_cells_near(points, 0.8))
    return np.asarray(points * (len(points) / max(covered, 1)) ** 0.5, dtype=np.float64)


def _cells_near(points: Floats, reach: float) -> list[Cell]:
    low, high = points.min(axis=0) - reach, points.max(axis=0) + reach
    cells = [
        (q, r)
        for r in range(int(low[1] / ROW_HEIGHT) - 1, int(high[1] / ROW_HEIGHT) + 2)
        for q in range(int(low[0] - r / 2) - 1, int(high[0] - r / 2) + 2)
    ]
    centres = np.array([_centre(cell) for cell in cells])
    near = cdist(centres, points).min(axis=1) <= reach
    return [cell for cell, keep in zip(cells, near, strict=True) if keep]


def _centre(cell: Cell) -> tuple[float, float]:
    return cell[0] + cell[1] / 2, cell[1] * ROW_HEIGHT


class _Annealer:
    """Cells are numbered row by row on a board wide enough for the difference of two numbers to tell their offset.

    So the cost of a border is one look-up: a table for the sector of its bearing, at that difference.
    """

    def __init__(self, cells: list[Cell], pairs: list[Pair], bearings: Floats, home: Floats) -> None:
        least = [min(cell[axis] for cell in cells) - MARGIN for axis in (0, 1)]
        spans = [max(cell[axis] for cell in cells) + MARGIN + 1 - least[axis] for axis in (0, 1)]
        self.origin, self.rows, self.width = least, spans[1], 2 * spans[0]
        self.right = spans[0]
        self.size = self.rows * self.width
        self.around = [q + r * self.width for q, r in NEIGHBOURS]
        self.cell = [self._number(cell) for cell in cells]
        self.holder = [-1] * self.size
        for place, number in enumerate(self.cell):
            self.holder[number] = place
        self.away = self._costs_away(home)
        self.taken = [sum(self._holds(n + step) for step in self.around) for n in range(self.size)]
        tables = self._tables()
        self.borders: list[list[tuple[int, list[int]]]] = [[] for _ in cells]
        for (a, b), bearing in zip(pairs, bearings, strict=True):
            turn = float(np.arctan2(bearing[1], bearing[0])) / (2 * np.pi) * SECTORS
            self.borders[a].append((b, tables[round(turn) % SECTORS]))
            self.borders[b].append((a, tables[round(turn + SECTORS / 2) % SECTORS]))

    def _number(self, cell: Cell) -> int:
        return (cell[0] - self.origin[0]) + (cell[1] - self.origin[1]) * self.width

    def _holds(self, number: int) -> bool:
        return 0 <= number < self.size and self.holder[number] >= 0

    def _on_board(self, number: int) -> bool:
        """Inside the board's frame of one cell, so that every neighbour has a number."""
        row, column = divmod(number, self.width)
        return 0 < row < self.rows - 1 and 0 < column < self.right - 1

    def _costs_away(self, home: Floats) -> list[list[int]]:
        """For each place, what every cell costs by its squared distance from the place's relaxed point."""
        centres = np.array([_centre(self._cell_of(number)) for number in range(self.size)])
        costs: list[list[int]] = np.rint(AWAY_COST * cdist(home, centres, "sqeuclidean")).astype(np.int64).tolist()
        return costs

    def _tables(self) -> list[list[int]]:
        """For each sector, the cost of a border by the number of its far place less that of its near one.

        A negative difference reads the list from its end, as Python does: the list is two boards long.
        """
        half = self.width // 2
        offsets = [(q, r) for r in range(-self.rows, self.rows) for q in range(-half, half)]
        steps = np.array([distance(offset, (0, 0)) for offset in offsets])
        capped = np.minimum(steps, len(DISTANCE_COST) - 1)
        apart = np.array(DISTANCE_COST)[capped] + 400 * (steps - capped)
        heading = _unit(np.array([_centre(offset) for offset in offsets]))
        index = np.array([q + r * self.width for q, r in offsets])
        tables = []
        for sector in range(SECTORS):
            angle = 2 * np.pi * sector / SECTORS
            off = 1 - heading @ np.array([np.cos(angle), np.sin(angle)])
            table = np.zeros(2 * self.size + self.width, dtype=np.int64)
            table[index] = apart + np.rint(BEARING_COST * off).astype(np.int64)
            tables.append(table.tolist())
        return tables

    def run(self) -> list[Cell]:
        places = len(self.cell)
        steps = STEPS_PER_PLACE * places
        random = np.random.Generator(np.random.Philox(SEED))
        done, block = 0, 1 << 14
        while done < steps:
            count = min(block, steps - done)
            who = random.integers(places, size=count).tolist()
            beside = random.integers(1 << 30, size=count).tolist()
            way = random.integers(6, size=count).tolist()
            heat = HOTTEST * (COLDEST / HOTTEST) ** (np.arange(done, done + count) / steps)
            slack = np.rint(heat * random.exponential(size=count)).astype(np.int64).tolist()
            for place, other, step, allowed in zip(who, beside, way, slack, strict=True):
                self._try(place, other, self.around[step], allowed)
            done += count
        return [self._cell_of(number) for number in self.cell]

    def _cell_of(self, number: int) -> Cell:
        r, q = divmod(number, self.width)
        return q + self.origin[0], r + self.origin[1]

    def _try(self, place: int, other: int, step: int, allowed: int) -> None:
        """Move a place beside one of its neighbours (or a step aside) if the cost rises by ``allowed`` at most."""
        mine = self.borders[place]
        pick = other % (len(mine) + 1)
        target = (self.cell[mine[pick][0]] if pick < len(mine) else self.cell[place]) + step
        source = self.cell[place]
        if target == source:
            return
        tenant = self.holder[target]
        if tenant >= 0:
            before = self._cost(place) + self._cost(tenant)
            self._put(place, target)
            self._put(tenant, source)
            if self._cost(place) + self._cost(tenant) - before > allowed:
                self._put(place, source)
                self._put(tenant, target)
        elif self._on_board(target):
            before = self._cost(place)
            shape = self._move(place, target)
            if self._cost(place) - before + shape > allowed:
                self._move(place, source)

    def _put(self, place: int, number: int) -> None:
        self.cell[place] = number
        self.holder[number] = place

    def _cost(self, place: int) -> int:
        here, cell = self.cell[place], self.cell
        cost = self.away[place][here]
        for other, table in self.borders[place]:
            cost += table[cell[other] - here]
        return cost

    def _move(self, place: int, target: int) -> int:
        """Put a place in a free cell; what that adds to the cost of holes and spikes."""
        source = self.cell[place]
        touched = {source, target}
        for step in self.around:
            touched.add(source + step)
            touched.add(target + step)
        before = sum(map(self._shape_cost, touched))
        self._put(place, target)
        self.holder[source] = -1
        for step in self.around:
            self.taken[source + step] -= 1
            self.taken[target + step] += 1
        return sum(map(self._shape_cost, touched)) - before

    def _shape_cost(self, number: int) -> int:
        return (HOLE_COST if self.holder[number] < 0 else SPIKE_COST)[self.taken[number]]


def _lay_island(island: int, points: Floats, cells: dict[int, Cell]) -> Cell:
    """A free cell with sea round it, two steps off the nearest place, nearest the true bearing."""
    if not cells:
        return (0, 0)
    placed = sorted(cells)
    gaps = ((points[placed] - points[island]) ** 2).sum(axis=1)
    nearest = placed[int(np.argmin(gaps))]
    aim = np.array(_centre(cells[nearest])) + 2 * _unit(points[[island]] - points[[nearest]])[0]
    taken = set(cells.values())
    for reach in range(2, len(cells) + 3):
        sea = [cell for cell in _ring(cells[nearest], reach) if not taken & {cell, *_ring(cell, 1)}]
        if sea:
            return min(sea, key=lambda cell: (round(float(np.hypot(*(np.array(_centre(cell)) - aim))), 9), cell))
    raise AssertionError("a finite layout leaves some cell free")


def _ring(cell: Cell, reach: int) -> list[Cell]:
    """Cells exactly ``reach`` steps away."""
    around = range(-reach, reach + 1)
    offsets = [(q, r) for q in around for r in around if distance((q, r), (0, 0)) == reach]
    return [(cell[0] + q, cell[1] + r) for q, r in offsets]
