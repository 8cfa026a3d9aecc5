"""What happened in real life, from files: each fact with its day or month, who did it, its public source, its grade.

A fact is ``official`` only where a page of the body itself was read; what stands in the press alone, or is recalled, is
``unverified``. A fact that the register has a kind of entry for names it; all others say nothing about any condition.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from soke.deal.document import parse_document
from soke.deal.finding import Finding
from soke.errors import SokeError
from soke.files import read_whole
from soke.register.kinds import KINDS
from soke.text import capital
from soke.text import day as in_words

SCHEMA = "soke-replay/1"
LARGEST = 1_000_000  # bytes; a case is some thousands
SHIPPED = Path(__file__).parent / "replays"
GRADES = ("official", "unverified")
SAID = {"decision.asked": "", "decision.confirmed": "confirmed", "decision.disputed": "disputed"}
NOTICE = "notice.published"
UNDATED = "undated"  # the page, as read, bears no date
FIRST_YEAR, LAST_YEAR = 1990, 2100
_MONTH = re.compile(r"(\d{4})-(\d\d)", re.ASCII)
_DATED = re.compile(r"undated|\d{4}(-\d\d){0,2}", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class When:
    """A day. Where a source names the month alone, ``day`` is the last of that month: by then it had happened."""

    day: dt.date
    exact: bool = True

    def __str__(self) -> str:
        return in_words(self.day) if self.exact else f"{self.day:%B %Y}, day not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """``read``: the page was read. ``kind`` is official for a page of the body, the government or the evaluator."""

    id: str
    title: str
    publisher: str
    date: str
    address: str
    kind: str
    read: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    id: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One fact. ``ends`` names earlier facts that it brings to an end; money is in pounds."""

    when: When
    what: str
    who: str
    sources: tuple[Source, ...]
    grade: str
    id: str = ""
    kind: str = ""
    condition: str = ""
    decisions: tuple[Decision, ...] = ()
    ends: tuple[str, ...] = ()
    recovered: bool = False
    held_back: int = 0
    released: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """The outcome of one review that money for the next years waits for."""

    area: str
    when: When
    round: int
    passed: bool
    sources: tuple[Source, ...]
    grade: str
    tranche: int = 0  # pounds; 0: no sum was read
    submitted: When | None = None
    case: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case of one area with its events, or the gates of many areas. ``deal`` is the file of terms to try it under."""

    id: str
    title: str
    area: str
    deal: Path
    residents: str
    services: str
    events: tuple[Event, ...] = ()
    gates: tuple[Gate, ...] = ()
    years: int = 0  # from one gate to the next
    areas: int = 0  # how many areas the last round has

    @property
    def facts(self) -> tuple[Event | Gate, ...]:
        return (*self.events, *self.gates)

    @property
    def read_until(self) -> dt.date:
        """The last day of the month of the last fact or dated page: what came later is not known here."""
        dates = [source.date for fact in self.facts for source in fact.sources if source.date != UNDATED]
        return max([*map(_last_day, dates), *(fact.when.day for fact in self.facts)])


def _last_day(date: str) -> dt.date:
    year, month = int(date[:4]), int(date[5:7] or 12)
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def case_names() -> list[str]:
    """The ids of the cases that the package ships; the cases of areas first."""
    return sorted((path.stem for path in SHIPPED.glob("*.toml")), key=lambda name: (name == "gateways", name))


def find_case(name: str) -> Case:
    """A shipped case by its id, or one from a file of your own. SokeError where there is none."""
    if name in case_names():
        return read_case(SHIPPED / f"{name}.toml")
    path = Path(name)
    if path.suffix != ".toml":
        raise SokeError(f'There is no case "{name[:80]}".', f"Cases: {', '.join(case_names())}; or a file of your own.")
    return read_case(path)


def read_case(path: Path) -> Case:
    """The case in a file. SokeError, with the file and the item, for the first thing that is wrong."""
    content = read_whole(path, str(path), LARGEST)
    unread = parse_document(content, str(path))
    if isinstance(unread, Finding):
        raise SokeError(f"The file cannot be read. {unread.fact}", unread.fix, unread.at)
    given = tomllib.loads(content.decode("utf-8-sig"))
    top = _Item(given, str(path), "the case")
    if top.text("schema") != SCHEMA:
        raise top.wrong("schema", f'is not "{SCHEMA}"')
    sources = {source.id: source for source in map(_source, top.items("source"))}
    events = tuple(_event(item, sources) for item in top.items("event"))
    gates = tuple(_gate(item, sources) for item in top.items("gate"))
    deal = path.parent / top.text("deal")
    case = Case(
        id=top.text("id"), title=top.text("title"), area=top.text("area"), deal=deal, residents=top.text("residents"),
        services=top.text("services"), events=events, gates=gates, years=top.pounds("years"), areas=top.pounds("areas"),
    )  # fmt: skip
    top.done()
    _check_order(case, str(path))
    return case


def _check_order(case: Case, where: str) -> None:
    if bool(case.events) == bool(case.gates):
        raise SokeError("A case has events, or gates; this one has both or neither.", "Give one of them.", where)
    if case.gates and not case.years:
        raise SokeError("The case does not say how many years lie between two gates.", "Add years.", where)
    days = [fact.when.day for fact in case.facts]
    if days != sorted(days):
        late = next(after for before, after in pairwise(days) if after < before)
        raise SokeError(f"The fact of {in_words(late)} stands after a later one.", "Put them in order.", where)
    named: set[str] = set()
    for event in case.events:
        unknown = [earlier for earlier in event.ends if earlier not in named]
        if unknown:
            fact = f'"{unknown[0]}" is said to end on {event.when}, but no earlier fact has that id.'
            raise SokeError(fact, "Correct ends, or give the earlier fact its id.", where)
        named.add(event.id)


def _source(item: _Item) -> Source:
    date = item.text("date")
    if not _DATED.fullmatch(date) or (date != UNDATED and not 1 <= int(date[5:7] or 12) <= 12):
        raise item.wrong("date", "is not undated, nor a day, a month or a year, as 2024-03-05, 2024-03 or 2024")
    made = Source(
        id=item.text("id"), title=item.text("title"), publisher=item.text("publisher"), date=date,
        address=item.text("address", ""), kind=item.choice("kind", ("official", "press", "recalled")),
        read=item.yes("read"),
    )  # fmt: skip
    item.done()
    return made


def _event(item: _Item, sources: Mapping[str, Source]) -> Event:
    when, kind = item.when("on"), item.text("kind", "")
    if kind and kind not in (NOTICE, *SAID):
        known = "is no kind of entry" if kind not in KINDS else "is not one that real life is replayed with"
        raise item.wrong("kind", f"{known}: use {', '.join((NOTICE, *SAID))}, or leave it out")
    if kind and not when.exact:
        raise item.wrong(
            "on", "is a month, but an entry of the register needs its day: leave out kind, or find the day"
        )
    decisions = tuple(Decision(id=table.text("id"), title=table.text("title")) for table in item.items("decisions"))
    condition = item.text("condition", "")
    if (kind in SAID) != bool(decisions) or (kind == NOTICE) != bool(condition):
        raise item.wrong("kind", f"does not fit: {NOTICE} names a condition, and an entry about decisions names them")
    event = Event(
        when=when, what=item.text("what"), who=item.text("who"), sources=item.sources(sources), grade=item.grade(),
        id=item.text("id", ""), kind=kind, condition=condition, decisions=decisions, ends=item.texts("ends"),
        recovered=item.yes("recovered", False), held_back=item.pounds("held_back"), released=item.pounds("released"),
        note=item.text("note", ""),
    )  # fmt: skip
    _check_grade(item, event.sources, event.grade)
    item.done()
    return event


def _gate(item: _Item, sources: Mapping[str, Source]) -> Gate:
    submitted = item.when("submitted") if "submitted" in item.given else None
    gate = Gate(
        area=item.text("area"), when=item.when("on"), round=item.pounds("round"), passed=item.yes("passed"),
        sources=item.sources(sources), grade=item.grade(), tranche=item.pounds("tranche"), submitted=submitted,
        case=item.text("case", ""), note=item.text("note", ""),
    )  # fmt: skip
    _check_grade(item, gate.sources, gate.grade)
    item.done()
    return gate


def _check_grade(item: _Item, sources: Sequence[Source], grade: str) -> None:
    if grade == "official" and not any(source.read and source.kind == "official" for source in sources):
        raise item.wrong("grade", "is official, but no official page among its sources was read")


class _Item:
    """A table of the file; what is taken from it is checked, and what is left over is refused."""

    def __init__(self, given: Mapping[str, Any], where: str, called: str) -> None:
        self.given, self.where, self.called = given, where, called
        self._taken: set[str] = {"source"} if called == "the case" else set()

    def wrong(self, key: str, words: str) -> SokeError:
        fact = f'"{key}" of {self.called} {words}.'
        return SokeError(fact, "Correct the file.", self.where)

    def _get(self, key: str, default: Any, test: type, words: str) -> Any:
        self._taken.add(key)
        if key not in self.given:
            if default is None:
                raise SokeError(f'{capital(self.called)} lacks "{key}".', "Add it.", self.where)
            return default
        value = self.given[key]
        if type(value) is not test:
            raise self.wrong(key, words)
        return value

    def text(self, key: str, default: str | None = None) -> str:
        value: str = self._get(key, default, str, "is not text")
        if key in self.given and not value.strip():
            raise self.wrong(key, "is empty")
        return value

    def yes(self, key: str, default: bool | None = None) -> bool:
        value: bool = self._get(key, default, bool, "is neither true nor false")
        return value

    def pounds(self, key: str) -> int:
        value: int = self._get(key, 0, int, "is not a whole number")
        if value < 0:
            raise self.wrong(key, "is below zero")
        return value

    def choice(self, key: str, choices: Sequence[str]) -> str:
        value = self.text(key)
        if value not in choices:
            raise self.wrong(key, f"is not one of: {', '.join(choices)}")
        return value

    def grade(self) -> str:
        return self.choice("grade", GRADES)

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._get(key, [], list, "is not a list")
        if not all(isinstance(text, str) and text for text in value):
            raise self.wrong(key, "is not a list of text")
        return tuple(value)

    def when(self, key: str) -> When:
        text = self.text(key)
        try:
            if not FIRST_YEAR <= int(text[:4]) <= LAST_YEAR:
                raise ValueError
            month = _MONTH.fullmatch(text)
            if month is None:
                return When(dt.date.fromisoformat(text))
            year, number = int(month[1]), int(month[2])
            return When(dt.date(year, number, calendar.monthrange(year, number)[1]), False)
        except ValueError:
            raise self.wrong(key, "is not a day or a month, written as 2024-03-05 or 2024-03") from None

    def sources(self, known: Mapping[str, Source]) -> tuple[Source, ...]:
        named = self.texts("source")
        if not named:
            raise SokeError(f"{capital(self.called)} has no source.", "Name one.", self.where)
        for source in named:
            if source not in known:
                raise self.wrong("source", f'names "{source[:80]}", which the file does not list')
        return tuple(known[source] for source in named)

    def items(self, key: str) -> list[_Item]:
        value = self._get(key, [], list, "is not a list of tables")
        if not all(isinstance(table, dict) for table in value):
            raise self.wrong(key, "is not a list of tables")
        return [_Item(table, self.where, f"{key} {number}") for number, table in enumerate(value, 1)]

    def done(self) -> None:
        left = [key for key in self.given if key not in self._taken]
        if left:
            raise SokeError(f'{capital(self.called)} has a key "{left[0][:80]}" that means nothing.',
                            "Correct its name, or remove it.", self.where)  # fmt: skip
