"""Reading ``.pb`` files, the open format of participatory budgets (Stolicki, Szufa and Talmon, arXiv 2012.06539).

A ``.pb`` file is text with three sections, ``META``, ``PROJECTS`` and ``VOTES``, each a table with a header and ``;``
between cells, ``"`` around cells that need it. Kinds of ballot: approval, choose-1, cumulative (points, from a sum),
ordinal (ranked, best first) and knapsack (projects up to a sum of money: ``vote_type`` is ``approval`` and META has
``max_sum_cost``; ``knapsack`` is read as well).

Whatever could change who wins is refused with file, line and fix: a missing section or column, a vote for an unknown
project, an id that stands twice, an amount that is no amount, a ballot that breaks the META section's own limits, and
numbers of projects or ballots that differ from META, as after a download that broke off. What cannot change it is a
finding and no reason to refuse: see :mod:`soke.community.budgets.pb_findings`.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np

from soke.community.budgets.election import Ballots, Election, Kind, Project
from soke.community.budgets.pb_rows import header, rows_of, wrong_cells
from soke.community.budgets.pb_votes import Limits, read_ballots
from soke.errors import Location, SokeError
from soke.files import read_whole

LARGEST = 50_000_000  # bytes; the largest published file has some ten million
LARGEST_AMOUNT = 10**13  # hundredths: beyond any budget, and products with points and voters stay whole
SECTIONS = ("META", "PROJECTS", "VOTES")
NEEDED = ("budget", "vote_type", "num_projects", "num_votes")
LEAST_KEY = "min_project_score_threshold"  # in META: with fewer points no project wins
PARTLY = "selected"  # in Project.extra: the file's own mark where it is neither 0 nor 1

_AMOUNT = re.compile(r"(\d{1,12})(?:\.(\d{1,2}))?", re.ASCII)
_WHOLE = re.compile(r"\d{1,12}", re.ASCII)
_SECTION = re.compile(r"(META|PROJECTS|VOTES)", re.IGNORECASE)
_READ = ("project_id", "cost", "name", "district", "selected", "votes", "score")


def read_election(path: Path, shown: str | None = None) -> Election:
    """The election of a ``.pb`` file. ``shown`` is its name in messages. Raises SokeError with file and line."""
    shown = str(path) if shown is None else shown
    return parse_election(read_whole(path, shown, LARGEST, "Give the file of one election."), shown)


def parse_election(content: bytes, shown: str) -> Election:
    """The election that the bytes of a ``.pb`` file describe. Raises SokeError with file and line."""
    head = _read_head(content, shown)
    ballots = read_ballots(head.votes, head.line, shown, head.kind, head.projects, head.limits)
    _said(head.meta, "num_votes", len(ballots), "ballots", shown)
    return _election(head, ballots, hashlib.sha256(content).hexdigest())


def parse_paper(content: bytes, shown: str) -> tuple[Election, Limits, tuple[str, ...]]:
    """A ballot paper: a ``.pb`` file that has no ballots yet. Returns the election, what a ballot may hold, and the
    columns that the header of VOTES names. Raises SokeError with file and line."""
    head = _read_head(content, shown)
    rows = list(rows_of(io.StringIO(head.votes), shown, head.line))
    if not rows:
        fix = "Write its header, voter_id;vote."
        raise SokeError("The section VOTES has no header.", fix, Location(shown, head.line))
    needed = ("voter_id", "vote", *(("points",) if head.kind == "cumulative" else ()))
    columns = header(rows[0][1], needed, "VOTES", Location(shown, rows[0][0]))
    if len(rows) > 1:
        fix = "Take the ballots out, and write num_votes;0."
        raise SokeError("A ballot paper has no ballots yet, and this file has.", fix, Location(shown, rows[1][0]))
    _said(head.meta, "num_votes", 0, "ballots", shown)
    none = Ballots(voters=(), starts=np.zeros(1, np.int64), chosen=np.zeros(0, np.int64))
    return _election(head, none, hashlib.sha256(content).hexdigest()), head.limits, tuple(columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """All of a file but its ballots, which are text still: ``votes`` is what comes after the line VOTES, ``line``."""

    meta: dict[str, tuple[str, Location]]
    kind: Kind
    budget: int
    projects: tuple[Project, ...]
    limits: Limits
    votes: str
    line: int


def _read_head(content: bytes, shown: str) -> _Head:
    stream = io.StringIO(_text(content, shown))
    sections = _sections(stream, shown)
    meta = _meta(sections["META"], shown)
    kind = _kind(meta, shown)
    budget = _budget(meta, shown)
    projects = _projects(sections["PROJECTS"], shown)
    _said(meta, "num_projects", len(projects), "projects", shown)
    limits = _limits(meta, kind, shown)
    return _Head(meta=meta, kind=kind, budget=budget, projects=projects, limits=limits, votes=stream.read(),
                 line=sections["VOTES"].lines[0])  # fmt: skip


def _election(head: _Head, ballots: Ballots, digest: str) -> Election:
    words = {key: value for key, (value, _) in head.meta.items()}
    return Election(kind=head.kind, budget=head.budget, projects=head.projects, ballots=ballots, meta=words,
                    sha256=digest)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Table:
    """Rows of a section that are not empty, and the line on which each begins; of VOTES only where it begins."""

    rows: list[list[str]]
    lines: list[int]


def _text(content: bytes, shown: str) -> str:
    if not content.strip():
        raise SokeError("The file is empty.", "Give a .pb file: META, PROJECTS, VOTES.", shown)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        fix = "Save the file as UTF-8 text."
        raise SokeError("This line holds bytes that are no UTF-8 text.", fix, Location(shown, line)) from None
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise SokeError("This line holds a zero byte.", "Save the file as UTF-8 text.", Location(shown, line))
    return text


def _sections(stream: io.StringIO, shown: str) -> dict[str, _Table]:
    """META and PROJECTS whole; the stream then stands after the line ``VOTES``."""
    sections: dict[str, _Table] = {}
    for line, row in rows_of(stream, shown):
        name = row[0].strip().upper()
        if _SECTION.fullmatch(name) and not any(cell.strip() for cell in row[1:]):
            if name in sections:
                raise SokeError(f"The section {name} begins twice.", "Keep one.", Location(shown, line))
            sections[name] = _Table([], [line])
            if name == "VOTES":
                break
            sections[name].lines.clear()
        elif not sections:
            raise SokeError(
                "The file does not begin with the line META.", "Give a .pb file: META, PROJECTS, VOTES.",
                Location(shown, line),
            )  # fmt: skip
        else:
            table = next(reversed(sections.values()))
            table.rows.append(row)
            table.lines.append(line)
    for name in SECTIONS:
        if name not in sections:
            fix = f"Add a line {name} and its table below it; VOTES comes last."
            raise SokeError(f"There is no section {name}.", fix, shown)
    return sections


def _meta(table: _Table, shown: str) -> dict[str, tuple[str, Location]]:
    """Value and place of each key. A semicolon that nobody put in quotation marks belongs to the value."""
    meta: dict[str, tuple[str, Location]] = {}
    for number, (line, row) in enumerate(zip(table.lines, table.rows, strict=True)):
        where = Location(shown, line)
        key = row[0].strip()
        while len(row) > 2 and not row[-1].strip():
            row.pop()
        value = ";".join(row[1:]).strip()
        if number == 0 and key.lower() == "key":
            continue
        if not key:
            raise SokeError("This line of META has no key.", "Write key;value.", where)
        if key in meta:
            raise SokeError(f'META says "{key}" twice (first on line {meta[key][1].line}).', "Keep one.", where)
        meta[key] = (value, where)
    for key in NEEDED:
        if not meta.get(key, ("", shown))[0]:
            raise SokeError(f'META has no "{key}".', f"Add a line {key};... to META.", shown)
    return meta


def _kind(meta: Mapping[str, tuple[str, Location]], shown: str) -> Kind:
    value, where = meta["vote_type"]
    kinds: Mapping[str, Kind] = {kind: kind for kind in get_args(Kind)}
    kind = kinds.get(value.lower())
    if kind is None:
        fact = f'vote_type is "{value[:40]}".'
        raise SokeError(fact, f"Kinds of ballot that can be counted: {', '.join(kinds)}.", where)
    return "knapsack" if kind == "approval" and "max_sum_cost" in meta else kind


def amount(text: str) -> int | None:
    """Hundredths that a cell says, in whole units or with one or two decimals and a full stop; None for other text."""
    match = _AMOUNT.fullmatch(text.strip())
    if match is None:
        return None
    hundredths = int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))
    return hundredths if hundredths <= LARGEST_AMOUNT else None


def _money(text: str, what: str, where: Location) -> int:
    hundredths = amount(text)
    if hundredths is None or hundredths == 0:
        shown = f'"{text.strip()[:40]}"' if text.strip() else "empty"
        raise SokeError(
            f"{what} is {shown}; it must be above zero, at most {LARGEST_AMOUNT // 100:,}, with two decimals at most.",
            "Write the amount in figures alone, with a full stop before decimals: 1250 or 1250.50.", where,
        )  # fmt: skip
    return hundredths


def _budget(meta: Mapping[str, tuple[str, Location]], shown: str) -> int:
    value, where = meta["budget"]
    return _money(value, "The budget", where)


def _whole(text: str, what: str, where: Location) -> int:
    if _WHOLE.fullmatch(text.strip()) is None:
        raise SokeError(f'{what} is "{text.strip()[:40]}", not a whole number.', "Write it in figures alone.", where)
    return int(text)


def _said(meta: Mapping[str, tuple[str, Location]], key: str, counted: int, what: str, shown: str) -> None:
    value, where = meta[key]
    said = _whole(value, key, where)
    if said != counted:
        fix = f"Look whether the file is whole; if it is, write {key};{counted}."
        raise SokeError(f"META says {said:,} {what}; the file has {counted:,}.", fix, where)


def _limits(meta: Mapping[str, tuple[str, Location]], kind: Kind, shown: str) -> Limits:
    def read(key: str) -> int | None:
        value, where = meta.get(key, ("", Location(shown)))
        return _whole(value, key, where) if value else None

    lengths = {"min_length": read("min_length"), "max_length": read("max_length")}
    if kind == "choose-1":
        lengths["max_length"] = 1
    cost, where = meta.get("max_sum_cost", ("", Location(shown)))
    most = _money(cost, "max_sum_cost", where) if cost else None
    return Limits(**lengths, max_points=read("max_points"), max_sum_points=read("max_sum_points"), max_sum_cost=most)


def _projects(table: _Table, shown: str) -> tuple[Project, ...]:
    if not table.rows:
        raise SokeError("The section PROJECTS is empty.", "Write its header and a row for each project.", shown)
    names = header(table.rows[0], ("project_id", "cost"), "PROJECTS", Location(shown, table.lines[0]))
    projects: dict[str, Project] = {}
    lines: dict[str, int] = {}
    for line, row in zip(table.lines[1:], table.rows[1:], strict=True):
        where = Location(shown, line)
        while len(row) > len(names) and not row[-1].strip():
            row.pop()
        if len(row) != len(names):
            wrong_cells(len(row), len(names), where)
        project = _project(dict(zip(names, row, strict=True)), where)
        if project.id in projects:
            fact = f'The project "{project.id[:60]}" stands twice (first on line {lines[project.id]}).'
            raise SokeError(fact, "Give each project an id of its own.", where)
        projects[project.id], lines[project.id] = project, line
    if not projects:
        raise SokeError("There are no projects.", "Write a row for each project.", Location(shown, table.lines[0]))
    return tuple(projects.values())


def _project(row: Mapping[str, str], where: Location) -> Project:
    name = row["project_id"].strip()
    if not name or "," in name:
        fact = f'The project id "{name[:60]}" has a comma in it.' if name else "This project has no id."
        raise SokeError(fact, "Give it an id without commas: ballots put commas between ids.", where)
    cost = _money(row["cost"], f'The cost of project "{name[:60]}"', where)
    extra = {key: value for key, value in row.items() if key not in _READ}
    marked = row.get("selected", "").strip()
    if marked not in ("", "0", "1"):
        extra[PARTLY] = str(_whole(marked, "selected", where))
    counts: dict[str, Any] = {
        key: _whole(row[key], key, where) if row.get(key, "").strip() else None for key in ("votes", "score")
    }
    return Project(
        id=name, cost=cost, name=row.get("name", "").strip(), district=row.get("district", "").strip(),
        published=marked != "0" if marked else None, extra=extra, **counts,
    )  # fmt: skip
