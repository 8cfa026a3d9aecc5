"""Published lotteries worked out again: the replication files of Flanigan et al., Nature 2021.

For each instance they give the chance of each person under two algorithms, sorted, and statistics of them. The pools of
real assemblies were never published; the one of ``example_small`` was, so its lottery is found here from the start.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
from scipy.special import betaincinv

from soke.community.assemblies.leximin import leximin
from soke.community.assemblies.measures import geometric_mean, gini
from soke.community.assemblies.polytope import Floats
from soke.community.assemblies.pool import read_pool, read_quotas
from soke.community.assemblies.types import types_of
from soke.community.published import PublishedOutcome
from soke.errors import SokeError
from soke.files import read_whole

SOURCE = "Flanigan, Gölz, Gupta, Hennig and Procaccia, Nature 596 (2021), files of the replication"
ALGORITHMS = {"LEGACY": "Legacy", "LEXIMIN": "LexiMin"}
TRIES = 10_000  # draws behind each chance of LEGACY
PRIVATE = "The pool of this assembly was never published, only the chances: they are measured, not drawn again."
_LARGEST = 5_000_000
_PERCENT = re.compile(r"[0-9]+(?:\.[0-9]+)?", re.ASCII)
_PROPORTION = re.compile(r"proportion ([0-9.]+) and")


def published_outcomes(folder: Path) -> tuple[PublishedOutcome, ...]:
    """Every published figure under ``folder``/community/sortition. SokeError where a file is not what it should be."""
    root = folder / "community" / "sortition"
    found: list[PublishedOutcome] = []
    for path in sorted((root / "reference_output").glob("*_statistics.txt")):
        name = path.name.removesuffix("_statistics.txt")
        said = _statistics(path)
        chances = _allocations(path.with_name(f"{name}_prob_allocs_data.csv"))
        found += _measured(name, said, chances)
        found.append(_drawn_again(root / name, name, said))
    return tuple(found)


def _statistics(path: Path) -> dict[str, str]:
    """The lines ``name:<tab>value`` of a file of statistics."""
    text = read_whole(path, str(path), _LARGEST).decode("utf-8", errors="replace")
    return dict(line.split(":\t", 1) for line in text.splitlines() if ":\t" in line)


def _allocations(path: Path) -> dict[str, Floats]:
    """Chances by algorithm: the columns are algorithm, percentile, chance."""
    chances: dict[str, list[float]] = {}
    for number, line in enumerate(read_whole(path, str(path), _LARGEST).decode().splitlines()[1:], start=2):
        cells = line.split(",")
        try:
            chances.setdefault(cells[0], []).append(float(cells[2]))
        except (IndexError, ValueError):
            raise SokeError("This line has no chance.", "Fetch the file again.", f"{path}:{number}") from None
    return {name: np.array(each) for name, each in chances.items()}


def _measured(name: str, said: dict[str, str], chances: dict[str, Floats]) -> list[PublishedOutcome]:
    """Statistics of the published chances."""
    rows = []
    leximin_chances, legacy = chances[ALGORITHMS["LEXIMIN"]], chances[ALGORITHMS["LEGACY"]]
    figures: dict[str, tuple[float, str]] = {}
    for algorithm, key in ALGORITHMS.items():
        once, note = _once(chances[key])
        figures[f"gini coefficient of {algorithm}"] = (gini(chances[key]), "")
        figures[f"geometric mean of {algorithm}"] = (geometric_mean(once), note)
    least = float(leximin_chances.min())
    figures["mean selection probability k/n"] = (float(leximin_chances.mean()), "")
    figures["LEXIMIN minimum probability (exact)"] = (least, "")
    figures["share selected by LEGACY with probability below LEXIMIN minimum selection probability"] = (
        float((legacy < least).mean()),
        "",
    )
    if proportion := _PROPORTION.search(said.get("LEGACY minimum probability", "")):
        hits = float(proportion[1]) * TRIES
        figures["LEGACY minimum probability"] = (float(betaincinv(hits + 0.5, TRIES - hits + 0.5, 0.99)), "")
    for figure, (here, note) in figures.items():
        rows.append(_row(name, figure, said.get(figure, ""), here, note))
    return rows


def _once(chances: Floats) -> tuple[Floats, str]:
    """Who was drawn in none of the tries counts as drawn once, as in the published figure."""
    never = int((chances <= 0).sum())
    if not never:
        return chances, ""
    return np.where(chances <= 0, 1 / TRIES, chances), f" ({never} drawn in none of {TRIES:,} tries counted as once)"


def _drawn_again(folder: Path, name: str, said: dict[str, str]) -> PublishedOutcome:
    figure, published = "leximin drawn again: smallest chance", said.get("LEXIMIN minimum probability (exact)", "")
    if not (folder / "respondents.csv").is_file():
        return PublishedOutcome(
            room="assemblies", where=name, figure=figure, published=published, here="not checked", matches=False,
            explained=PRIVATE, source=SOURCE,
        )  # fmt: skip
    quotas = read_quotas(read_whole(folder / "categories.csv", name, _LARGEST), f"{name}/categories.csv")
    pool = read_pool(read_whole(folder / "respondents.csv", name, _LARGEST), f"{name}/respondents.csv", quotas, "", "")
    lottery = leximin(types_of(pool, quotas, int(said["panel size k"])).polytope)
    return _row(name, figure, published, lottery.smallest, "")


def _row(name: str, figure: str, published: str, here: float, note: str) -> PublishedOutcome:
    """Matches where the figure rounds to what is published, to as many decimals."""
    number = _PERCENT.search(published)
    digits = len(number[0].partition(".")[2]) if number else 1
    shown = f"{100 * here:.{digits}f}%"
    return PublishedOutcome(
        room="assemblies", where=name, figure=figure, published=published.partition(" (")[0], here=shown + note,
        matches=number is not None and shown == f"{number[0]}%", source=SOURCE,
    )  # fmt: skip
