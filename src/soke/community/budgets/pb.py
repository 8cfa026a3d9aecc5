"""Reading ``.pb`` files, the open format of participatory budgets (Stolicki, Szufa and Talmon, arXiv 2012.06539).

A ``.pb`` file is text with three sections, ``META``, ``PROJECTS`` and ``VOTES``, each a table with a header and ``;``
between cells, ``"`` around cells that need it. Kinds of ballot: approval, choose-1, cumulative (points, from a sum),
ordinal (ranked, best first), scoring (points that may be below zero) and knapsack (projects up to a sum of money:
``vote_type`` is ``approval`` and META has ``max_sum_cost``; ``knapsack`` is read as well).

Whatever could change who wins is refused with file, line and fix, all that is wrong with a file in one list: a missing
section or column, a vote for an unknown project, an id that stands twice, an amount that is no amount, and numbers of
projects or ballots that differ from META, as after a download that broke off. A ballot that breaks the META section's
own limits is refused, kept or dropped, as is asked for: published counts include such ballots. What cannot change who
wins is a finding and no reason to refuse: see :mod:`soke.community.budgets.pb_findings`.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

import numpy as np

from soke.community.budgets.election import Ballots, Election, Kind, Policy, Project
from soke.community.budgets.pb_rows import header, rows_of, wrong_cells
from soke.community.budgets.pb_votes import Limits, read_ballots
from soke.errors import Faults, Location, SokeError
from soke.files import read_whole

LARGEST = 50_000_000  # bytes; the largest published file has some ten million
LARGEST_AMOUNT = 10**13  # hundredths: beyond any budget, and products with points and voters stay whole
SECTIONS = ("META", "PROJECTS", "VOTES")
NEEDED = ("budget", "vote_type", "num_projects", "num_votes")
LEAST_KEY = "min_project_score_threshold"  # in META: with fewer points no project wins
MARK = "selected"  # in Project.extra: the file's own mark where it is neither 0 nor 1

_AMOUNT = re.compile(r"(\d{1,12})(?:\.(\d{1,2})0*)?", re.ASCII)
_WHOLE = re.compile(r"(\d{1,12})(?:\.0+)?", re.ASCII)  # 3.0 is 3: programs write whole numbers so
_SIGNED = re.compile(r"(-?\d{1,12})(?:\.0+)?", re.ASCII)
_SECTION = re.compile(r"(META|PROJECTS|VOTES)", re.IGNORECASE)
_READ = ("project_id", "cost", "name", "district", "selected", "votes", "score")


def read_election(path: Path, shown: str | None = None, invalid: Policy = "refuse") -> Election:
    """The election of a ``.pb`` file. ``shown`` is its name in messages; ``invalid``: what is done about ballots that
    break the limits of META. Raises SokeError with file and line."""
    shown = str(path) if shown is None else shown
    return parse_election(read_whole(path, shown, LARGEST, "Give the file of one election."), shown, invalid)


def parse_election(content: bytes, shown: str, invalid: Policy = "refuse") -> Election:
    """The election that the bytes of a ``.pb`` file describe. Raises SokeError with file and line."""
    faults = Faults(shown)
    head, ballots = _whole_head(content, faults, free=True), None
    with faults.caught():
        ballots = read_ballots(
            head.votes, head.line, faults, head.kind, head.projects, head.limits, invalid,
            lambda number: _said(head.meta, "num_votes", number, "ballots"),
        )  # fmt: skip
    faults.refuse()
    assert ballots is not None
    return _election(head, ballots, hashlib.sha256(content).hexdigest())


def parse_paper(content: bytes, shown: str) -> tuple[Election, Limits, tuple[str, ...]]:
    """A ballot paper: a ``.pb`` file that has no ballots yet. Returns the election, what a ballot may hold, and the
    columns that the header of VOTES names. Raises SokeError with file and line."""
    faults = Faults(shown)
    head = _whole_head(content, faults, free=False)
    faults.refuse()
    if head.kind == "scoring":
        fact = "A round cannot ask for scores: points below zero are counted here, and not cast."
        raise SokeError(fact, "Write vote_type;cumulative, or another kind.", head.meta["vote_type"][1])
    rows = list(rows_of(io.StringIO(head.votes), shown, head.line))
    if not rows:
        fix = "Write its header, voter_id;vote."
        raise SokeError("The section VOTES has no header.", fix, Location(shown, head.line))
    needed = ("voter_id", "vote", *(("points",) if head.kind == "cumulative" else ()))
    columns = header(rows[0][1], needed, "VOTES", Location(shown, rows[0][0]))
    if len(rows) > 1:
        fix = "Take the ballots out, and write num_votes;0."
        raise SokeError("A ballot paper has no ballots yet, and this file has.", fix, Location(shown, rows[1][0]))
    _said(head.meta, "num_votes", 0, "ballots")
    none = Ballots(voters=(), starts=np.zeros(1, np.int64), chosen=np.zeros(0, np.int64))
    return _election(head, none, hashlib.sha256(content).hexdigest()), head.limits, tuple(columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """All of a file but its ballots, which are text still: ``votes`` is what comes after the line VOTES, ``line``.
    ``lost``: whether the id of a project could not be read."""

    meta: dict[str, tuple[str, Location]]
    kind: Kind
    budget: int
    projects: tuple[Project, ...]
    limits: Limits
    votes: str
    line: int
    lost: bool


def _whole_head(content: bytes, faults: Faults, *, free: bool) -> _Head:
    """META and PROJECTS, with what is wrong in them left in ``faults``. SokeError where it makes no sense to read on:
    the ballots of projects whose ids are not known. ``free``: whether a project may cost nothing."""
    head = None
    with faults.caught():
        head = _read_head(content, faults, free)
    if head is None or head.lost:
        faults.refuse()
    assert head is not None
    return head


def _read_head(content: bytes, faults: Faults, free: bool) -> _Head:
    """META and PROJECTS; what is wrong in them is left in ``faults``, with something in its place to read on by."""
    shown = faults.shown
    stream = io.StringIO(_text(content, shown))
    sections = _sections(stream, shown)
    meta = _meta(sections["META"], faults)
    _needed(meta, faults)
    kind, budget, limits = _kind(meta, faults), _budget(meta, faults), Limits()
    reader = _ProjectReader(faults, signed=kind == "scoring", least=0 if free else 1)
    projects, lost = reader.read(sections["PROJECTS"])
    with faults.caught():
        _said(meta, "num_projects", len(sections["PROJECTS"].rows) - 1, "projects")
    with faults.caught():
        limits = _limits(meta, kind, shown)
    return _Head(meta=meta, kind=kind, budget=budget, projects=projects, limits=limits, votes=stream.read(),
                 line=sections["VOTES"].lines[0], lost=lost)  # fmt: skip


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


def _meta(table: _Table, faults: Faults) -> dict[str, tuple[str, Location]]:
    """Value and place of each key. A semicolon that nobody put in quotation marks belongs to the value."""
    meta: dict[str, tuple[str, Location]] = {}
    for number, (line, row) in enumerate(zip(table.lines, table.rows, strict=True)):
        where = Location(faults.shown, line)
        key = row[0].strip()
        while len(row) > 2 and not row[-1].strip():
            row.pop()
        value = ";".join(row[1:]).strip()
        if number == 0 and key.lower() == "key":
            continue
        with faults.caught():
            if not key:
                raise SokeError("This line of META has no key.", "Write key;value.", where)
            if key in meta:
                raise SokeError(f'META says "{key}" twice (first on line {meta[key][1].line}).', "Keep one.", where)
            meta[key] = (value, where)
    return meta


def _needed(meta: Mapping[str, tuple[str, Location]], faults: Faults) -> None:
    for key in NEEDED:
        with faults.caught():
            if not meta.get(key, ("", faults.shown))[0]:
                raise SokeError(f'META has no "{key}".', f"Add a line {key};... to META.", faults.shown)


def _kind(meta: Mapping[str, tuple[str, Location]], faults: Faults) -> Kind:
    value, where = meta.get("vote_type", ("", None))
    kinds: Mapping[str, Kind] = {kind: kind for kind in get_args(Kind)}
    kind = kinds.get(value.lower(), "approval")
    with faults.caught():
        if value and value.lower() not in kinds:
            fact = f'vote_type is "{value[:40]}".'
            raise SokeError(fact, f"Kinds of ballot that can be counted: {', '.join(kinds)}.", where)
    with faults.caught():
        said, at = meta.get("default_score", ("", None))
        if kind == "scoring" and _whole(said or "0", "default_score", at, signed=True):
            raise SokeError(f"default_score is {said}, and projects that a ballot does not name get no points here.",
                            "Give each ballot all its scores, and write default_score;0.", at)  # fmt: skip
    return "knapsack" if kind == "approval" and "max_sum_cost" in meta else kind


def amount(text: str) -> int | None:
    """Hundredths that a cell says, in whole units or with one or two decimals and a full stop; None for other text."""
    match = _AMOUNT.fullmatch(text.strip())
    if match is None:
        return None
    hundredths = int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))
    return hundredths if hundredths <= LARGEST_AMOUNT else None


def _money(text: str, what: str, where: Location | None, least: int = 1) -> int:
    hundredths = amount(text)
    if hundredths is None or hundredths < least:
        shown = f'"{text.strip()[:40]}"' if text.strip() else "empty"
        lowest = "must be above zero" if least else "must be zero or more"
        raise SokeError(
            f"{what} is {shown}; it {lowest}, at most {LARGEST_AMOUNT // 100:,}, with two decimals at most.",
            "Write the amount in figures alone, with a full stop before decimals: 1250 or 1250.50.", where,
        )  # fmt: skip
    return hundredths


def _budget(meta: Mapping[str, tuple[str, Location]], faults: Faults) -> int:
    value, where = meta.get("budget", ("", None))
    with faults.caught():
        return _money(value, "The budget", where) if value else 1
    return 1


def _whole(text: str, what: str, where: Location | None, *, signed: bool = False) -> int:
    match = (_SIGNED if signed else _WHOLE).fullmatch(text.strip())
    if match is None:
        raise SokeError(f'{what} is "{text.strip()[:40]}", not a whole number.', "Write it in figures alone.", where)
    return int(match[1])


def _said(meta: Mapping[str, tuple[str, Location]], key: str, counted: int, what: str) -> None:
    value, where = meta.get(key, ("", None))
    if not value:
        return
    said = _whole(value, key, where)
    if said != counted:
        fix = f"Look whether the file is whole; if it is, write {key};{counted}."
        raise SokeError(f"META says {said:,} {what}; the file has {counted:,}.", fix, where)


def _limits(meta: Mapping[str, tuple[str, Location]], kind: Kind, shown: str) -> Limits:
    signed = kind == "scoring"

    def read(key: str) -> int | None:
        value, where = meta.get(key, ("", Location(shown)))
        return _whole(value, key, where, signed=signed and key.endswith("_points")) if value else None

    lengths = {"min_length": read("min_length"), "max_length": read("max_length")}
    if kind == "choose-1":
        lengths["max_length"] = 1
    cost, where = meta.get("max_sum_cost", ("", Location(shown)))
    most = _money(cost, "max_sum_cost", where) if cost else None
    return Limits(**lengths, min_points=read("min_points"), max_points=read("max_points"),
                  max_sum_points=read("max_sum_points"), max_sum_cost=most)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _ProjectReader:
    """The rows of PROJECTS. ``signed``: whether a score may be below zero; ``least``: the least cost, in hundredths."""

    faults: Faults
    signed: bool
    least: int

    def read(self, table: _Table) -> tuple[tuple[Project, ...], bool]:
        """The projects, and whether there are rows whose id cannot be read."""
        shown, faults = self.faults.shown, self.faults
        if not table.rows:
            raise SokeError("The section PROJECTS is empty.", "Write its header and a row for each project.", shown)
        names = header(table.rows[0], ("project_id", "cost"), "PROJECTS", Location(shown, table.lines[0]))
        projects: dict[str, Project] = {}
        lines: dict[str, int] = {}
        known = 0
        for line, row in zip(table.lines[1:], table.rows[1:], strict=True):
            where = Location(shown, line)
            with faults.caught():
                while len(row) > len(names) and not row[-1].strip():
                    row.pop()
                if len(row) != len(names):
                    wrong_cells(len(row), len(names), where)
                project = self._project(dict(zip(names, row, strict=True)), where)
                known += 1
                if project.id in projects:
                    fact = f'The project "{project.id[:60]}" stands twice (first on line {lines[project.id]}).'
                    raise SokeError(fact, "Give each project an id of its own.", where)
                projects[project.id], lines[project.id] = project, line
        if not table.rows[1:]:
            fix = "Write a row for each project."
            raise SokeError("There are no projects.", fix, Location(shown, table.lines[0]))
        return tuple(projects.values()), known < len(table.rows) - 1

    def _project(self, row: Mapping[str, str], where: Location) -> Project:
        """The project of a row. What is wrong but for its id is left in ``faults``: ballots may name it still."""
        name = row["project_id"].strip()
        if not name or "," in name:
            fact = f'The project id "{name[:60]}" has a comma in it.' if name else "This project has no id."
            raise SokeError(fact, "Give it an id without commas: ballots put commas between ids.", where)
        extra = {key: value for key, value in row.items() if key not in _READ}
        project = Project(id=name, cost=0, name=row.get("name", "").strip(), district=row.get("district", "").strip(),
                          extra=extra)  # fmt: skip
        caught = self.faults.caught
        with caught():
            cost = _money(row["cost"], f'The cost of project "{name[:60]}"', where, self.least)
            project = replace(project, cost=cost)
        with caught():
            project = _marked(project, row.get("selected", "").strip(), where)
        counts: dict[str, Any] = {}
        for key in ("votes", "score"):
            with caught():
                said, signed = row.get(key, "").strip(), self.signed and key == "score"
                counts[key] = _whole(said, key, where, signed=signed) if said else None
        return replace(project, **counts)


def _marked(project: Project, mark: str, where: Location) -> Project:
    """Whether the file says that it won; a mark of another kind is kept as it is."""
    if not mark:
        return project
    number = {"true": 1, "false": 0}.get(mark.lower())
    if number is None:
        number = _whole(mark, "selected", where)
    extra = project.extra if number in (0, 1) else {**project.extra, MARK: str(number)}
    return replace(project, published=number != 0, extra=extra)
