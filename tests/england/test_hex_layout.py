"""The hexagon layout: borders as the topology says, one cell a place, better than the layout published for 2023."""

from __future__ import annotations

import csv
import json
import time
from pathlib import Path

import numpy as np
import pytest

from soke.england.importers import hex_layout
from soke.england.importers.borders import read_borders, read_coast
from soke.england.importers.hex_layout import Cell, distance, layout
from soke.errors import SokeError

TABLES = Path(__file__).parents[2] / "src/soke/england/tables"
# Open Innovations' layout of districts, 2023, on the same 752 borders: 450 adjacent, 674 within two steps.
PUBLISHED_ADJACENT, PUBLISHED_WITHIN_TWO = 450 / 752, 674 / 752
Borders = list[tuple[str, str]]


def quality(cells: dict[str, Cell], borders: Borders) -> tuple[float, float]:
    """Shares of the borders (0 to 1) whose two places lie one step apart, and at most two."""
    steps = [distance(cells[a], cells[b]) for a, b in borders]
    return sum(d <= 1 for d in steps) / len(steps), sum(d <= 2 for d in steps) / len(steps)


def lattice(side: int) -> tuple[list[str], list[float], list[float], Borders]:
    """A square country of places a third of a degree apart, each bordering east, north and north-east."""
    at = {f"P{x}{y}": (x, y) for x in range(side) for y in range(side)}
    borders = [
        (a, b) for a, (x, y) in at.items() for b, (u, v) in at.items() if (u - x, v - y) in {(1, 0), (0, 1), (1, 1)}
    ]
    return list(at), [52 + y / 3 for _, y in at.values()], [-1.5 + x / 2 for x, _ in at.values()], borders


def components(cells: list[Cell]) -> list[int]:
    """Sizes of the groups of adjoining cells, smallest first."""
    left, sizes = set(cells), []
    while left:
        group = [left.pop()]
        for q, r in group:
            for step in hex_layout.NEIGHBOURS:
                near = (q + step[0], r + step[1])
                if near in left:
                    left.remove(near)
                    group.append(near)
        sizes.append(len(group))
    return sorted(sizes)


def check_england(cells: dict[str, Cell], borders: Borders) -> None:
    adjacent, within_two = quality(cells, borders)
    assert adjacent >= 0.65 > PUBLISHED_ADJACENT
    assert within_two >= 0.92 > PUBLISHED_WITHIN_TWO
    assert len(cells) == len(set(cells.values())) == 296
    assert components(list(cells.values())) == [1, 1, 294], "a mainland in one piece, and two islands"
    taken = set(cells.values())
    beside = {(q + u, r + v) for q, r in taken for u, v in hex_layout.NEIGHBOURS} - taken
    for q, r in beside:
        assert sum((q + u, r + v) in taken for u, v in hex_layout.NEIGHBOURS) < 6, "a hole in the land"
    check_compass(cells)


def check_compass(cells: dict[str, Cell]) -> None:
    """Each corner of England is in its corner of the drawing, as a share of its width and height."""
    east = {code: q + r / 2 for code, (q, r) in cells.items()}
    south = {code: float(r) for code, (_, r) in cells.items()}

    def share(of: dict[str, float], code: str) -> float:
        least, most = min(of.values()), max(of.values())
        return (of[code] - least) / (most - least)

    northumberland, cornwall, great_yarmouth, dover, westminster, liverpool = (
        "E06000057",
        "E06000052",
        "E07000145",
        "E07000108",
        "E09000033",
        "E08000012",
    )
    assert share(south, northumberland) < 0.15
    assert share(south, cornwall) > 0.7 and share(east, cornwall) < 0.2
    assert share(east, great_yarmouth) > 0.8
    assert share(south, dover) > 0.8 and share(east, dover) > 0.8
    assert share(south, westminster) > 0.5 and share(east, westminster) > 0.5
    assert share(south, liverpool) < 0.5 and share(east, liverpool) < 0.3


def test_lattice_of_triangles_is_laid_out_without_loss() -> None:
    codes, lat, lon, borders = lattice(5)
    cells = dict(zip(codes, layout(codes, lat, lon, borders), strict=True))
    assert len(set(cells.values())) == 25
    assert quality(cells, borders)[0] >= 0.9
    assert components(list(cells.values())) == [25]
    north = np.mean([cells[f"P{x}4"][1] for x in range(5)])
    assert north < np.mean([cells[f"P{x}0"][1] for x in range(5)]) - 2, "north is up: a smaller r"


def test_same_input_gives_same_layout() -> None:
    codes, lat, lon, borders = lattice(4)
    assert layout(codes, lat, lon, borders) == layout(codes, lat, lon, tuple(reversed(borders)))


def test_island_lies_off_its_coast_on_its_true_side() -> None:
    codes, lat, lon, borders = lattice(3)
    cells = dict(zip([*codes, "ISLE"], layout([*codes, "ISLE"], [*lat, 51.0], [*lon, -1.5], borders), strict=True))
    gaps = [distance(cells["ISLE"], cell) for code, cell in cells.items() if code != "ISLE"]
    assert min(gaps) >= 2, "a cell of sea between"
    assert distance(cells["ISLE"], cells["P00"]) <= 4
    assert cells["ISLE"][1] > max(cells[code][1] for code in ("P02", "P12", "P22"))


def test_only_islands_and_nothing() -> None:
    assert layout([], [], [], []) == []
    cells = layout(["A", "B"], [52.0, 53.0], [0.0, 0.0], [])
    assert distance(*cells) == 2
    assert min(q for q, _ in cells) == min(r for _, r in cells) == 0


@pytest.mark.parametrize(
    ("codes", "lat", "borders", "said"),
    [
        (["A", "A"], [52.0, 53.0], [], "given twice"),
        (["A", "B"], [52.0, 53.0], [("A", "C")], "not in the list: C"),
        (["A", "B"], [52.0, float("nan")], [("A", "B")], "centre of B"),
        (["A", "B"], [52.0], [("A", "B")], "1 latitudes"),
    ],
)
def test_bad_input_is_said_in_a_sentence(codes: list[str], lat: list[float], borders: Borders, said: str) -> None:
    with pytest.raises(SokeError, match=said):
        layout(codes, lat, [0.0, 1.0], borders)


def test_quality_counts_steps() -> None:
    cells = {"A": (0, 0), "B": (1, 0), "C": (1, 1), "D": (3, 0)}
    assert quality(cells, [("A", "B"), ("A", "C"), ("A", "D"), ("B", "C")]) == (0.5, 0.75)


def topology(tmp_path: Path, *areas: tuple[str, object, dict[str, int]]) -> Path:
    path = tmp_path / "topology.json"
    geometries = [{"arcs": arcs, "properties": {"areacd": code, **years}} for code, arcs, years in areas]
    path.write_text(json.dumps({"objects": {"ltla": {"geometries": geometries}}}))
    return path


def test_border_is_a_shared_arc_of_current_english_areas(tmp_path: Path) -> None:
    path = topology(
        tmp_path,
        ("E2", [[0, 1]], {}),
        ("E1", [[[~0, 2]], [[5]]], {"start": 2019}),
        ("W1", [[~2]], {}),
        ("E3", [[~1, 7]], {"end": 2018}),
        ("E08000038", [[~1, 3]], {"start": 2025}),
    )
    assert read_borders(path) == (("E08000016", "E2"), ("E1", "E2"))
    assert read_coast(path) == ("E08000016", "E1"), "a border with Wales is no coast"


def test_broken_topology_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SokeError, match="no such file"):
        read_borders(tmp_path / "absent.json")
    (tmp_path / "bad.json").write_text("[")
    with pytest.raises(SokeError, match="cannot be read"):
        read_borders(tmp_path / "bad.json")
    (tmp_path / "other.json").write_text('{"objects": {}}')
    with pytest.raises(SokeError, match="no layer ltla"):
        read_borders(tmp_path / "other.json")
    with pytest.raises(SokeError, match="outlines 3"):
        read_borders(topology(tmp_path, ("E1", [[0]], {}), ("E2", [[~0]], {}), ("E3", [[0]], {})))
    with pytest.raises(SokeError, match="current twice"):
        read_borders(topology(tmp_path, ("E1", [[0]], {}), ("E1", [[1]], {})))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_compiled_layout_beats_the_published_one() -> None:
    cells = {row["code"]: (int(row["q"]), int(row["r"])) for row in rows(TABLES / "hexes.csv")}
    borders = [(row["code_a"], row["code_b"]) for row in rows(TABLES / "borders.csv")]
    assert len(borders) == 752
    check_england(cells, borders)


@pytest.mark.slow
def test_england_from_the_source_files(source_dir: Path) -> None:
    areas = [row for row in rows(source_dir / "authorities.csv") if row["type"] not in {"CTY", "COMB", "SRA"}]
    codes = [row["gss_code"] for row in areas]
    borders = list(read_borders(source_dir / "maps/ons_uk_topo_2014_2025.json"))
    assert ("E08000016", "E08000019") in borders, "Barnsley and Sheffield"
    published = json.loads((source_dir / "maps/uk-local-authority-districts-2023.hexjson").read_text())["hexes"]
    odd_r = {code: (published[code]["q"] - published[code]["r"] // 2, published[code]["r"]) for code in codes}
    assert quality(odd_r, borders) == (PUBLISHED_ADJACENT, PUBLISHED_WITHIN_TWO)
    began = time.process_time()
    cells = layout(codes, [float(row["lat"]) for row in areas], [float(row["long"]) for row in areas], borders)
    assert time.process_time() - began < 60
    check_england(dict(zip(codes, cells, strict=True)), borders)
