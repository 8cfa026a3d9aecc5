"""The VOTES section of a ``.pb`` file as arrays.

A block of rows without quotation marks or empty lines, which is what every published file has, is taken apart by whole
columns: 90,000 ballots take a quarter of a second. Any other block is read row by row.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from soke.community.budgets.election import Ballots, Ints, Kind, Project
from soke.community.budgets.pb_rows import header, rows_of, wrong_cells
from soke.errors import Location, SokeError

LONGEST_POINTS = 9  # digits: a ballot's points stay far inside 64 bits


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What META allows on one ballot; None where it says nothing. ``max_sum_cost`` in hundredths."""

    min_length: int | None = None
    max_length: int | None = None
    max_points: int | None = None
    max_sum_points: int | None = None
    max_sum_cost: int | None = None


@dataclass(frozen=True, slots=True)
class _Rows:
    columns: dict[str, tuple[str, ...]]
    lines: Sequence[int]
    shown: str

    def where(self, number: int) -> Location:
        return Location(self.shown, self.lines[number])


def read_ballots(
    text: str, before: int, shown: str, kind: Kind, projects: Sequence[Project], limits: Limits
) -> Ballots:
    """``text`` is the file after the line VOTES, which is line ``before``. Raises SokeError with file and line."""
    needed = ("voter_id", "vote", *(("points",) if kind == "cumulative" else ()))
    rows = _plain(text, before, shown, needed) or _quoted(text, before, shown, needed)
    voters = tuple(map(str.strip, rows.columns["voter_id"]))
    _check_voters(voters, rows)
    starts, tokens = _cells(rows.columns["vote"])
    chosen = _numbers(tokens, starts, projects, rows)
    _check_choices(starts, chosen, projects, limits, rows)
    points = _points(starts, rows, limits) if "points" in rows.columns else None
    others = {name: cells for name, cells in rows.columns.items() if name not in ("voter_id", "vote", "points")}
    return Ballots(voters=voters, starts=starts, chosen=chosen, points=points, columns=others)


def _plain(text: str, before: int, shown: str, needed: tuple[str, ...]) -> _Rows | None:
    """The rows, where none needs a second look: no quotation marks, no empty lines, every row as long as the header."""
    lines = text.rstrip("\n").split("\n")
    if '"' in text or len(lines) < 2 or not lines[0].strip():
        return None
    names = header(lines[0].split(";"), needed, "VOTES", Location(shown, before + 1))
    width, ballots = len(names), len(lines) - 1
    if {line.count(";") for line in lines} != {width - 1}:
        return None
    flat = text.rstrip("\n").replace("\n", ";").split(";")  # one list: a list for each row takes twice as long
    pool: dict[str, str] = {}  # a text that many ballots share is kept once
    columns = {}
    for number, name in enumerate(names):
        cells = flat[width + number :: width]
        if name == "voter_id" and "" in cells:  # perhaps a row with nothing in it
            return None
        columns[name] = tuple(cells) if name == "voter_id" else tuple(map(pool.setdefault, cells, cells))
    return _Rows(columns, range(before + 2, before + 2 + ballots), shown)


def _quoted(text: str, before: int, shown: str, needed: tuple[str, ...]) -> _Rows:
    rows = list(rows_of(io.StringIO(text), shown, before))
    if not rows:
        raise SokeError("The section VOTES is empty.", "Write its header and a row for each ballot.", shown)
    names = header(rows[0][1], needed, "VOTES", Location(shown, rows[0][0]))
    for line, row in rows[1:]:
        while len(row) > len(names) and not row[-1].strip():
            row.pop()
        if len(row) != len(names):
            wrong_cells(len(row), len(names), Location(shown, line))
    if len(rows) == 1:
        fix = "Write a row for each ballot below it."
        raise SokeError("There are no ballots.", fix, Location(shown, rows[0][0]))
    cells = [tuple(column) for column in zip(*(row for _, row in rows[1:]), strict=True)]
    return _Rows(dict(zip(names, cells, strict=True)), [line for line, _ in rows[1:]], shown)


def _check_voters(voters: tuple[str, ...], rows: _Rows) -> None:
    if len(set(voters)) == len(voters) and "" not in voters:
        return
    first: dict[str, int] = {}
    for number, voter in enumerate(voters):
        if not voter:
            raise SokeError("This ballot has no voter_id.", "Give each ballot an id of its own.", rows.where(number))
        if voter in first:
            raise SokeError(
                f'The voter "{voter[:60]}" has two ballots (first on line {rows.lines[first[voter]]}).',
                "Keep the one that counts under the rules of the vote, and say so in the record.", rows.where(number),
            )  # fmt: skip
        first[voter] = number


def _cells(column: tuple[str, ...]) -> tuple[Ints, list[str]]:
    """Where each ballot's list begins and ends, and all lists one after another; an empty cell is an empty list."""
    full = [cell for cell in column if cell]
    tokens = ",".join(full).split(",") if full else []
    starts = np.zeros(len(column) + 1, np.int64)
    lengths = (cell.count(",") + 1 if cell else 0 for cell in column)
    np.cumsum(np.fromiter(lengths, np.int64, len(column)), out=starts[1:])
    return starts, tokens


def _ballot(starts: Ints, place: int) -> int:
    """Number of the ballot on which the choice at ``place`` stands."""
    return int(np.searchsorted(starts, place, side="right")) - 1


def _numbers(tokens: list[str], starts: Ints, projects: Sequence[Project], rows: _Rows) -> Ints:
    index = {project.id: number for number, project in enumerate(projects)}
    try:
        return np.fromiter(map(index.__getitem__, tokens), np.int64, len(tokens))
    except KeyError:
        pass
    bare = [token.strip() for token in tokens]
    for place, token in enumerate(bare):
        if token not in index:
            number = _ballot(starts, place)
            fact = f'This ballot chooses "{token[:60]}", which is no project.' if token else "A choice is empty."
            fix = "Put ids of PROJECTS in the column vote, with commas between them."
            raise SokeError(fact, fix, rows.where(number))
    return np.array([index[token] for token in bare], np.int64)


def _check_choices(starts: Ints, chosen: Ints, projects: Sequence[Project], limits: Limits, rows: _Rows) -> None:
    lengths = np.diff(starts)
    keys = np.repeat(np.arange(len(lengths)) * len(projects), lengths) + chosen
    ordered = np.sort(keys)
    if (again := np.flatnonzero(ordered[1:] == ordered[:-1])).size:
        ballot, project = divmod(int(ordered[again[0]]), len(projects))
        fact = f'This ballot has project "{projects[project].id[:60]}" twice.'
        raise SokeError(fact, "Keep it once.", rows.where(ballot))
    most, least = limits.max_length, limits.min_length
    _refuse(lengths, most, "chooses {:,} projects; {:,} are allowed (max_length)", rows)
    if least is not None and (short := np.flatnonzero(lengths < least)).size:
        fact = f"This ballot chooses {lengths[short[0]]:,} projects; at least {least:,} are needed (min_length)."
        raise SokeError(fact, "Take the ballot out as invalid, or correct min_length.", rows.where(int(short[0])))
    if limits.max_sum_cost is not None:
        sums = _sums(starts, np.array([project.cost for project in projects], np.int64)[chosen])
        _refuse(sums, limits.max_sum_cost, "chooses projects for {:,.2f}; {:,.2f} are allowed (max_sum_cost)", rows)


def _refuse(found: Ints, most: int | None, words: str, rows: _Rows) -> None:
    if most is not None and (over := np.flatnonzero(found > most)).size:
        by = 100 if "cost" in words else 1
        said = words.format(int(found[over[0]]) / by if by > 1 else int(found[over[0]]), most / by if by > 1 else most)
        raise SokeError(f"This ballot {said}.", "Take the ballot out as invalid, or correct META.",
                        rows.where(int(over[0])))  # fmt: skip


def _sums(starts: Ints, values: Ints) -> Ints:
    total = np.concatenate([np.zeros(1, np.int64), np.cumsum(values)])
    sums: Ints = total[starts[1:]] - total[starts[:-1]]
    return sums


def _points(starts: Ints, rows: _Rows, limits: Limits) -> Ints:
    where, tokens = _cells(rows.columns["points"])
    if (off := np.flatnonzero(np.diff(where) != np.diff(starts))).size:
        number = int(off[0])
        choices, given = int(np.diff(starts)[number]), int(np.diff(where)[number])
        fact = f"This ballot chooses {choices} projects and has {given} numbers of points."
        raise SokeError(fact, "Give each choice its points, with commas between them.", rows.where(number))
    known = {token: int(token) for token in set(map(str.strip, tokens)) if _is_points(token)}
    values = [known.get(token.strip(), 0) for token in tokens]
    if 0 in values:
        place = values.index(0)
        fact = f'This ballot gives "{tokens[place].strip()[:40]}" points.'
        fix = "Points are whole numbers of 1 or more."
        raise SokeError(fact, fix, rows.where(_ballot(starts, place)))
    points = np.array(values, np.int64)
    if limits.max_points is not None and (over := np.flatnonzero(points > limits.max_points)).size:
        place = int(over[0])
        fact = f"This ballot gives {points[place]:,} points to one project; {limits.max_points:,} are allowed."
        fix = "Take the ballot out as invalid, or correct max_points."
        raise SokeError(fact, fix, rows.where(_ballot(starts, place)))
    _refuse(_sums(starts, points), limits.max_sum_points, "gives {:,} points; {:,} are allowed (max_sum_points)", rows)
    return points


def _is_points(token: str) -> bool:
    return token.isascii() and token.isdigit() and len(token) <= LONGEST_POINTS
