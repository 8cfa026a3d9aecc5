"""Who decides on what, for any place: one table of rules, ``responsibilities.csv``, and the bodies that it means there.

A rule says for a subject (``buses``) and some places who decides, since when and under which law. Of the rules of a
subject the first that fits a place holds; a subject without one that fits is left out there. A rule is ``official``
where the words of the law that it names were read, and its day too: Acts as they were last revised where that text was
to be had, orders as they were made. ``source`` is their address; ``reading`` says how they were read and what was not.
All others are ``unverified``: their ``source`` is the address of what was read instead or in part, or ``MEMORY``.

Laws name kinds: where one says "county council", a unitary council stands in its place (SI 1994/867 and the orders that
made it); where one says "Secretary of State", the department is named here.

``where``   ``*``, kinds of authority (``unitary shire-district``), or a list after what it is a list of:
            ``strategic:Cumbria|Lancashire``, ``tier:``, ``county:``, ``council:``, ``police:``, ``fire:``, ``waste:``.
``holder``  who decides: the place's own ``council``, the ``upper`` one of its two, its ``strategic`` authority or the
            ``mayor`` of that, its ``police``, ``fire`` or ``waste`` body, its ``board`` of the NHS. Where the table has
            no such body: what kind of body it is, ``=`` and its name.
``since``   a day; ``made``: since the strategic authority was made. Empty: not known. A council that is younger than
            the day decides since it began.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Literal, cast

from soke.england.baseline import Grade
from soke.england.places import Place, places
from soke.england.strategic import StrategicAuthority, around
from soke.england.tables import read_table
from soke.errors import SokeError
from soke.text import capital

MEMORY = "named from memory, not checked"  # the source of a rule for which nothing was read
LATEST_START = dt.date(1998, 4, 1)  # a single council of today whose start is not known began by then
NAMED = 3  # bodies that are named where they differ within an area; of more only the kinds are said
LEAST_OF_A_BOARD = 0.02  # of a place's people: a smaller part in another board's area is a slip of the border
WORDS = {
    "council": "your own council", "upper": "your county council", "strategic": "your combined authority",
    "mayor": "your mayor", "london": "Transport for London in London", "police": "your police commissioner",
    "fire": "your fire authority", "waste": "your waste authority", "board": "your local board of the NHS",
    "government": "the government",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decider:
    """Who decides on one subject: ``bodies`` by name, ``who`` in words, ``role`` its kind. ``since`` None: not known,
    or, where it ``differs``, not the same throughout the area. ``source``: the address of what was read; ``MEMORY``; or
    none where it is not the same throughout. ``reading``: how the law was read, and what of it was not."""

    subject: str
    title: str
    who: str
    bodies: tuple[str, ...]
    since: dt.date | None
    under: str
    grade: Grade
    source: str
    note: str = ""
    reading: str = ""
    role: str = ""
    differs: bool = False

    @property
    def how(self) -> Literal["read", "second-hand", "memory"]:
        """How it is known: the law itself was read; only a part of it, or what others say; or nothing."""
        if self.grade == "official":
            return "read"
        return "memory" if self.source == MEMORY else "second-hand"


@dataclass(frozen=True, slots=True)
class _Rule:
    subject: str
    title: str
    where: str
    holder: str
    since: str
    under: str
    grade: Grade
    source: str
    note: str
    reading: str


@cache
def _rules() -> Mapping[str, tuple[_Rule, ...]]:
    """The rules of each subject, in the order of the table."""
    text = files(__package__).joinpath("responsibilities.csv").read_text(encoding="utf-8")
    out: dict[str, list[_Rule]] = {}
    for row in csv.DictReader(io.StringIO(text)):
        row["grade"] = cast(Grade, row["grade"])
        out.setdefault(row["subject"], []).append(_Rule(**row))  # type: ignore[arg-type]
    return {subject: tuple(rules) for subject, rules in out.items()}


def subjects() -> tuple[tuple[str, str], ...]:
    """Id and title of every subject, in the order of the table: ``("buses", "Buses")``."""
    return tuple((subject, rules[0].title) for subject, rules in _rules().items())


def deciders(members: str | Iterable[str]) -> tuple[Decider, ...]:
    """Who decides on each subject in a place, by its code, or in all of several authorities, by theirs.

    SokeError for a code that is none.

    >>> {d.subject: d.who for d in deciders("E07000149")}["buses"]
    'Norfolk County Council'
    """
    codes = places().members(members) if isinstance(members, str) else tuple(members)
    told = [_of_one(code) for code in codes]
    out = []
    for subject in _rules():
        those = [by[subject] for by in told if subject in by]
        if those and len(those) == len(told):
            out.append(_merged(those))
    return tuple(out)


def decider(members: str | Iterable[str], subject: str) -> Decider | None:
    """Who decides on one subject; None where nothing is told of it for the whole of the area."""
    return next((one for one in deciders(members) if one.subject == subject), None)


# --- one authority ---


@dataclass(frozen=True, slots=True)
class _Here:
    """A lower-tier or unitary authority, and the bodies around it."""

    place: Place
    county: Place | None
    body: StrategicAuthority | None

    @property
    def upper(self) -> Place:
        return self.county or self.place


@cache
def _of_one(code: str) -> Mapping[str, Decider]:
    place = places().get(code)
    if place is None or places().members(code) != (code,):
        raise SokeError(f"{code[:60]!r} is not the code of a council of today.", "See soke places.",
                        code="unknown-place")  # fmt: skip
    body = around(code)
    here = _Here(place, places().get(place.county), body if body and body.made else None)
    out = {}
    for subject, rules in _rules().items():
        rule = next((rule for rule in rules if _fits(rule.where, here)), None)
        if rule is not None:
            out[subject] = _decider(rule, here)
    return out


def _fits(where: str, here: _Here) -> bool:
    kind, mark, names = where.partition(":")
    if not mark:
        return where == "*" or here.place.kind in where.split()
    return _of(kind, here) in names.split("|")


def _of(kind: str, here: _Here) -> str:
    """What an authority is by one way of telling them apart: its county's code, its strategic authority's name."""
    place, body = here.place, here.body
    told = {"council": place.code, "county": place.county, "police": place.police, "fire": place.fire,
            "waste": _waste().get(place.code, ""), "strategic": body.name if body else "",
            "tier": body.last.tier if body else ""}  # fmt: skip
    return told[kind]


def _decider(rule: _Rule, here: _Here) -> Decider:
    who, bodies = _holder(rule.holder, here)
    role = rule.holder.partition("=")[0]
    role = "council" if role == "upper" and here.county is None else role
    return Decider(rule.subject, rule.title, who, bodies, _since(rule, here), rule.under, rule.grade, rule.source,
                   rule.note, rule.reading, role)  # fmt: skip


def _holder(holder: str, here: _Here) -> tuple[str, tuple[str, ...]]:
    """Who a rule means here: in words, and the bodies by name."""
    if "=" in holder:
        name = holder.partition("=")[2]
        return name, (name,)
    if holder == "mayor" and here.body:
        return f"Mayor of {here.body.name}", (f"Mayor of {here.body.name}", here.body.legal_name)
    if holder == "board":
        boards = _boards()[here.place.code]
        return f"NHS integrated care board of {', or of '.join(boards)}", boards
    name = {
        "council": lambda: here.place.council, "upper": lambda: here.upper.council,
        "strategic": lambda: here.body.legal_name if here.body else "",
        "police": lambda: f"Police and Crime Commissioner for {_name(here.place.police).removesuffix(' Police')}",
        "fire": lambda: f"{_name(here.place.fire)} Authority", "waste": lambda: _name(_waste()[here.place.code]),
    }[holder]()  # fmt: skip
    return name, (name,)


def _since(rule: _Rule, here: _Here) -> dt.date | None:
    if rule.since == "made":
        return here.body.made if here.body else None
    if not rule.since:
        return None
    day = dt.date.fromisoformat(rule.since)
    if rule.holder not in ("council", "upper"):
        return day
    council = here.place if rule.holder == "council" else here.upper
    began = _began(council)
    if began is None:
        return day if council.kind != "unitary" or day >= LATEST_START else None
    return max(day, began)


def _began(council: Place) -> dt.date | None:
    """The day on which a council began, where it is told: councils begin on a 1 April. The table of codes also has days
    on which a border was moved."""
    day = dt.date.fromisoformat(council.started) if council.started else None
    return day if day and (day.month, day.day) == (4, 1) else None


@cache
def _areas() -> Mapping[str, tuple[str, str, Mapping[str, float]]]:
    """Name, kind and people by authority of the areas of other bodies, by code."""
    out: dict[str, tuple[str, str, dict[str, float]]] = {}
    for row in read_table("areas"):
        out.setdefault(row["area"], (row["name"], row["kind"], {}))[2][row["place"]] = float(row["people"])
    return out


def _name(area: str) -> str:
    return _areas()[area][0]


@cache
def _waste() -> Mapping[str, str]:
    """The area of a waste authority that an authority lies in."""
    return {code: area for area, (_, kind, people) in _areas().items() if kind == "waste" for code in people}


@cache
def _boards() -> Mapping[str, tuple[str, ...]]:
    """The boards of the NHS of each authority, the one with most of its people first."""
    found: dict[str, list[tuple[float, str]]] = {}
    for name, kind, people in _areas().values():
        if kind == "integrated-care-board":
            for code, number in people.items():
                found.setdefault(code, []).append((number, name))
    out = {}
    for code, those in found.items():
        whole = sum(number for number, _ in those)
        kept = [(number, name) for number, name in those if number >= LEAST_OF_A_BOARD * whole]
        out[code] = tuple(name for _, name in sorted(kept, key=lambda each: (-each[0], each[1])))
    return out


# --- several authorities ---


def _merged(those: Sequence[Decider]) -> Decider:
    """Who decides in all of several authorities: one body, a few by name, or what kind of body."""
    first = those[0]
    if all(one == first for one in those):
        return first
    days, laws = {one.since for one in those}, tuple(dict.fromkeys(one.under for one in those))
    notes, sources = {one.note for one in those}, {one.source for one in those}
    grade: Grade = first.grade if len({one.grade for one in those}) == 1 else "unverified"
    return replace(
        first, who=_who(those), bodies=tuple(dict.fromkeys(name for one in those for name in one.bodies)),
        since=first.since if len(days) == 1 else None, differs=len(days) > 1,
        under=laws[0] if len(laws) == 1 else "differs from place to place", grade=grade,
        source=MEMORY if MEMORY in sources else first.source if len(sources) == 1 else "",
        note=first.note if len(notes) == 1 else "",
        reading=first.reading if len({one.reading for one in those}) == 1 else "",
    )  # fmt: skip


def _who(those: Sequence[Decider]) -> str:
    names = tuple(dict.fromkeys(one.who for one in those))
    if len(names) == 1:
        return names[0]
    if len(names) <= NAMED and not all(one.role == "council" for one in those):
        return _or(names)
    counted = Counter(WORDS[one.role] for one in those)
    said = _or([kind for kind, _ in sorted(counted.items(), key=lambda each: (-each[1], each[0]))])
    return capital(said)


def _or(names: Sequence[str]) -> str:
    """``a``, ``a or b``, ``a, b or c``; semicolons where a name has a comma."""
    mark = "; " if any("," in name for name in names) else ", "
    return " or ".join(filter(None, (mark.join(names[:-1]), names[-1])))
