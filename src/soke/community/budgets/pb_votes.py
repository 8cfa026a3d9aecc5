"""The VOTES section of a ``.pb`` file as arrays.

A block of rows without quotation marks or empty lines, which is what every published file has, is taken apart by whole
columns: 90,000 ballots take a quarter of a second. Any other block is read row by row.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from soke.community.budgets.election import Ballots, Ints, Invalid, Kind, Policy, Project
from soke.community.budgets.pb_ids import no_project
from soke.community.budgets.pb_rows import header, rows_of, wrong_cells
from soke.errors import MOST_FAULTS, Faults, Location, SokeError

_POINTS = re.compile(r"(-?\d{1,9})(?:\.0+)?", re.ASCII)  # a ballot's points stay far inside 64 bits
_NONE, _UNKNOWN = -1, -2  # in the place of a project: an empty choice, and one that is no project
_EMPTY = "has a choice that is empty"
_INVALID = "Take such ballots out as invalid, or correct META; --invalid keep or drop counts all the same."


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What META allows on one ballot; None where it says nothing. ``max_sum_cost`` in hundredths."""

    min_length: int | None = None
    max_length: int | None = None
    min_points: int | None = None
    max_points: int | None = None
    max_sum_points: int | None = None
    max_sum_cost: int | None = None


@dataclass(frozen=True, slots=True)
class _Rows:
    columns: dict[str, tuple[str, ...]]
    lines: Sequence[int]
    shown: str
    lost: int = 0  # rows that are none

    def where(self, number: int) -> Location:
        return Location(self.shown, self.lines[number])


def read_ballots(
    text: str, before: int, faults: Faults, kind: Kind, projects: Sequence[Project], limits: Limits,
    invalid: Policy = "refuse", told: Callable[[int], None] = lambda _: None,
) -> Ballots:  # fmt: skip
    """``text`` is the file after the line VOTES, which is line ``before``. ``told`` gets how many ballots the file
    has. SokeError with file and line where it is no table; all else that is wrong is left in ``faults``, and the
    ballots are whole only where nothing is."""
    needed = ("voter_id", "vote", *(("points",) if kind in ("cumulative", "scoring") else ()))
    rows = _plain(text, before, faults.shown, needed) or _quoted(text, before, faults, needed)
    voters = tuple(map(str.strip, rows.columns["voter_id"]))
    with faults.caught():
        told(len(voters) + rows.lost)
    _check_voters(voters, rows, faults)
    starts, tokens = _cells(rows.columns["vote"])
    chosen = _numbers(tokens, starts, projects, rows, faults)
    points = _points(starts, rows, kind == "scoring", tokens, faults) if "points" in rows.columns else None
    others = {name: cells for name, cells in rows.columns.items() if name not in ("voter_id", "vote", "points")}
    ballots = Ballots(voters=voters, starts=starts, chosen=chosen, points=points, columns=others)
    if faults.found and invalid != "refuse":
        return ballots
    broken = _broken(ballots, projects, limits, kind == "scoring")
    if invalid == "refuse":
        for number, why in broken.items():
            fact = "A choice is empty." if why == _EMPTY else f"This ballot {why}."
            faults.found.append(SokeError(fact, _INVALID, rows.where(number)))
        return ballots
    return _settled(ballots, broken, invalid, rows)


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


def _quoted(text: str, before: int, faults: Faults, needed: tuple[str, ...]) -> _Rows:
    shown = faults.shown
    rows = list(rows_of(io.StringIO(text), shown, before))
    if not rows:
        raise SokeError("The section VOTES is empty.", "Write its header and a row for each ballot.", shown)
    names = header(rows[0][1], needed, "VOTES", Location(shown, rows[0][0]))
    whole = []
    for line, row in rows[1:]:
        while len(row) > len(names) and not row[-1].strip():
            row.pop()
        with faults.caught():
            if len(row) != len(names):
                wrong_cells(len(row), len(names), Location(shown, line))
            whole.append((line, row))
    if len(rows) == 1:
        fix = "Write a row for each ballot below it."
        raise SokeError("There are no ballots.", fix, Location(shown, rows[0][0]))
    cells = [tuple(row[number] for _, row in whole) for number in range(len(names))]
    return _Rows(dict(zip(names, cells, strict=True)), [line for line, _ in whole], shown, len(rows) - 1 - len(whole))


def _check_voters(voters: tuple[str, ...], rows: _Rows, faults: Faults) -> None:
    if len(set(voters)) == len(voters) and "" not in voters:
        return
    first: dict[str, int] = {}
    for number, voter in enumerate(voters):
        with faults.caught():
            if not voter:
                fix = "Give each ballot an id of its own."
                raise SokeError("This ballot has no voter_id.", fix, rows.where(number))
            if voter in first:
                raise SokeError(
                    f'The voter "{voter[:60]}" has two ballots (first on line {rows.lines[first[voter]]}).',
                    "Keep the one that counts under the rules of the vote, and say so in the record.",
                    rows.where(number),
                )
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


def _numbers(tokens: list[str], starts: Ints, projects: Sequence[Project], rows: _Rows, faults: Faults) -> Ints:
    """The number of the project of each choice. One that is no project is left in ``faults``."""
    index = {project.id: number for number, project in enumerate(projects)}
    try:
        return np.fromiter(map(index.__getitem__, tokens), np.int64, len(tokens))
    except KeyError:
        pass
    index[""] = _NONE
    numbers = np.array([index.get(token.strip(), _UNKNOWN) for token in tokens], np.int64)
    del index[""]
    seen = -1
    for place in np.flatnonzero(numbers == _UNKNOWN).tolist():
        token, number = tokens[place].strip(), _ballot(starts, place)
        if number != seen:  # one word for each ballot
            if token[0] in "{[":
                token = ",".join(tokens[place : int(starts[number + 1])])
            hinted = index if len(faults.found) < MOST_FAULTS else ()
            faults.found.append(SokeError(*no_project(token, hinted), rows.where(number)))
            seen = number
    return numbers


def _points(starts: Ints, rows: _Rows, signed: bool, choices: list[str], faults: Faults) -> Ints:
    """The points of each choice; 0 for what is none, which is left in ``faults``."""
    where, tokens = _cells(rows.columns["points"])
    if (off := np.flatnonzero(np.diff(where) != np.diff(starts))).size:
        for number in off.tolist():
            chosen, given = int(np.diff(starts[number : number + 2])[0]), int(np.diff(where[number : number + 2])[0])
            fact = f"This ballot chooses {chosen} projects and has {given} numbers of points."
            fix = "Give each choice its points, with commas between them."
            faults.found.append(SokeError(fact, fix, rows.where(number)))
        return np.zeros(len(choices), np.int64)
    known = {token: _read_points(token.strip(), signed) for token in set(tokens)}
    if None in known.values():
        seen = -1
        for place, token in enumerate(tokens):
            if known[token] is None and choices[place].strip() and seen != (seen := _ballot(starts, place)):
                fact = f'This ballot gives "{token.strip()[:40]}" points.'
                fix = "Points are whole numbers." if signed else "Points are whole numbers of 1 or more."
                faults.found.append(SokeError(fact, fix, rows.where(seen)))
    return np.array([known[token] or 0 for token in tokens], np.int64)


def _read_points(token: str, signed: bool) -> int | None:
    match = _POINTS.fullmatch(token)
    return None if match is None or (token[0] == "-" and not signed) else int(match[1])


def _broken(ballots: Ballots, projects: Sequence[Project], limits: Limits, signed: bool) -> dict[int, str]:
    """The ballots that break a limit of META, and how, as the rest of a sentence."""
    broken: dict[int, str] = {}
    starts, chosen, lengths = ballots.starts, ballots.chosen, np.diff(ballots.starts)
    owner = np.repeat(np.arange(len(lengths)), lengths)
    empty = chosen == _NONE

    def note(numbers: Ints, words: Callable[[int], str]) -> None:
        for number in numbers.tolist():
            broken.setdefault(number, words(number))

    if empty.any():
        note(np.unique(owner[empty]), lambda _: _EMPTY)
    keys = owner * len(projects) + chosen
    order = np.argsort(keys, kind="stable")
    again = order[1:][(keys[order][1:] == keys[order][:-1]) & (chosen[order][1:] >= 0)]
    first = dict(zip(owner[again][::-1].tolist(), chosen[again][::-1].tolist(), strict=True))
    note(np.array(sorted(first), np.int64), lambda n: f'has project "{projects[first[n]].id[:60]}" twice')
    filled = np.bincount(owner[~empty], minlength=len(lengths))
    most, least = limits.max_length, limits.min_length
    if most is not None:
        note(np.flatnonzero(filled > most),
             lambda n: f"chooses {filled[n]:,} projects; {most:,} are allowed (max_length)")  # fmt: skip
    if least is not None:
        note(np.flatnonzero(filled < least),
             lambda n: f"chooses {filled[n]:,} projects; at least {least:,} are needed (min_length)")  # fmt: skip
    if (dear := limits.max_sum_cost) is not None:
        costs = np.append(np.array([project.cost for project in projects], np.int64), (0, 0))[chosen]
        sums = _sums(starts, costs)
        note(np.flatnonzero(sums > dear), lambda n: f"chooses projects for {int(sums[n]) / 100:,.2f}; "
             f"{dear / 100:,.2f} are allowed (max_sum_cost)")  # fmt: skip
    if ballots.points is not None:
        _broken_points(ballots.points, starts, owner, limits, signed, note)
    return dict(sorted(broken.items()))


def _broken_points(
    points: Ints, starts: Ints, owner: Ints, limits: Limits, signed: bool,
    note: Callable[[Ints, Callable[[int], str]], None],
) -> None:  # fmt: skip
    most, least, total = limits.max_points, limits.min_points, limits.max_sum_points
    if least is None and not signed:  # who gives nothing does not choose
        note(np.unique(owner[points == 0]), lambda _: 'gives "0" points')
    for limit, wrong, words in (
        (most, points > (most or 0), "are allowed"), (least, points < (least or 0), "are the least"),
    ):  # fmt: skip
        if limit is not None and wrong.any():
            places = {int(owner[place]): int(points[place]) for place in np.flatnonzero(wrong)[::-1].tolist()}
            note(np.array(sorted(places), np.int64), lambda n, given=places, limit=limit, words=words:  # type: ignore[misc]
                 f"gives {given[n]:,} points to one project; {limit:,} {words}")  # fmt: skip
    if total is not None:
        sums = _sums(starts, points)
        note(np.flatnonzero(sums > total),
             lambda n: f"gives {sums[n]:,} points; {total:,} are allowed (max_sum_points)")  # fmt: skip


def _settled(ballots: Ballots, broken: Mapping[int, str], policy: Policy, rows: _Rows) -> Ballots:
    """The ballots with those that are ``broken`` kept, without choices that are empty, or dropped."""
    if not broken:
        return ballots
    owner = np.repeat(np.arange(len(ballots)), np.diff(ballots.starts))
    stays = np.ones(len(ballots), bool)
    if policy == "drop":
        stays[list(broken)] = False
        if not stays.any():
            fix = "Look at the limits in META: they may not be those of the vote."
            raise SokeError("Every ballot breaks the limits of META: none is left to count.", fix, rows.shown)
    kept = stays[owner] & (ballots.chosen != _NONE)
    lengths = np.bincount(owner[kept], minlength=len(ballots))[stays]
    numbers = np.flatnonzero(stays).tolist()
    return Ballots(
        voters=tuple(ballots.voters[number] for number in numbers),
        starts=np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)]), chosen=ballots.chosen[kept],
        points=None if ballots.points is None else ballots.points[kept],
        columns={name: tuple(cells[number] for number in numbers) for name, cells in ballots.columns.items()},
        invalid=Invalid(policy=policy, ballots=tuple((rows.lines[number], why) for number, why in broken.items())),
    )  # fmt: skip


def _sums(starts: Ints, values: Ints) -> Ints:
    total = np.concatenate([np.zeros(1, np.int64), np.cumsum(values)])
    sums: Ints = total[starts[1:]] - total[starts[:-1]]
    return sums
