"""The rules of a regime as data: which steps there are, who may take them, which clock each starts, under which law.

One TOML table a regime in ``rules/``; a council may keep a table of its own in the same form. A clock is in force from
``first`` to ``until`` and the version in force on the day on which it starts goes on to its end. Nothing about a
regime is in code.

A step is taken when one of the steps that it ``needs`` stands, and none of those that it excludes (``unless``). A step
that it is ``bound`` to must stand as long as the other does (a sale needs a notice while the land is listed). It stands
until a later step, or the end of a ``lapse``, clears it.

| kind of clock | what its end means |
|---|---|
| deadline | one of ``done_by`` must be done by the last day; later is late, and counts |
| window   | one of ``done_by`` may be done by the last day; later not, nor once more, unless ``late = "allowed"`` |
| bar      | none of ``bars`` may be done before the period is over (only while ``when`` stands, where it is named) |
| lapse    | what ``clears`` names ends with the last day, and the step ``into`` stands from the next |
| reminder | no law: somebody should do one of ``done_by`` about then (only while ``when`` stands, where it is named) |
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

from soke.community.assets.calendar import Counts, Length, length
from soke.community.money import to_pence
from soke.community.toml_file import LARGEST, table_or_error
from soke.deal.located import Located, Money
from soke.england.baseline import Grade
from soke.england.law import LawId, laws
from soke.errors import Location, SokeError
from soke.files import read_whole
from soke.text import day as said

KINDS = Literal["deadline", "window", "bar", "lapse", "reminder"]
EVERYTHING = "*"


@dataclass(frozen=True, slots=True)
class StepTaken:
    """A step as somebody recorded it. Only ``step`` and ``on`` are always there; money is whole pence."""

    step: str
    on: dt.date
    by: str = ""
    kind: str = ""  # of body, where the regime says who may
    members: int | None = None
    ground: str = ""
    until: dt.date | None = None  # a longer time that was agreed in writing
    pence: int | None = None
    note: str = ""
    at: Location | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruled(Located):
    """What each row says of its law."""

    law: str
    grade: Grade
    source: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body(Ruled):
    """A kind of body, the steps that it may take, and how many members it must have."""

    id: str
    title: str
    may: tuple[str, ...]
    members: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRule(Ruled):
    """A step. ``who`` is a role of the regime."""

    id: str
    title: str
    who: str
    needs: tuple[str, ...] = ()  # one of these stands; none written: a case may begin with it
    unless: tuple[str, ...] = ()
    bound: Mapping[str, str] = field(default_factory=dict)  # while the first stands, the second must too
    clears: tuple[str, ...] = ()
    again: bool = False  # may be taken again while it stands
    body: bool = False  # only some kinds of body may
    grounds: tuple[str, ...] = ()
    money: Literal["", "valuation", "claim", "offer", "price"] = ""
    extends: str = ""  # a clock, to the day that was agreed in writing
    state: str = ""  # what the asset is while this stands
    enters: Literal["", "assets-of-community-value", "unsuccessful-nominations"] = ""  # the list that it stands on
    transfer: Literal["", "promised", "completed"] = ""  # what it is to a deal


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock(Ruled):
    """A period: from which step, how long, how counted, and what its end means."""

    id: str
    kind: KINDS
    what: str
    who: str
    starts: tuple[str, ...]
    time: str  # "8 weeks", "18 months", "20 working days"
    counts: Counts = "after"
    rolls: bool = False  # to the next working day
    when: str = ""
    done_by: tuple[str, ...] = ()
    bars: tuple[str, ...] = ()
    clears: tuple[str, ...] = ()
    into: str = ""
    state: str = ""  # what the asset is after a lapse, or after a bar while no later step says more
    late: Literal["refused", "allowed"] = "refused"
    remind: str = ""  # so long ahead of the end
    agreed: bool = False  # the parties may set another length in the case
    first: dt.date | None = None  # in force; none: as long as the regime
    until: dt.date | None = None

    @property
    def days(self) -> str:
        return "working days" if length(self.time).working else "calendar days"

    def holds_on(self, date: dt.date) -> bool:
        return (self.first is None or self.first <= date) and (self.until is None or date <= self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit(Ruled):
    """The most by which a price may be under the last valuation, unless the step ``consent`` was taken."""

    id: str
    pounds: Money
    consent: str

    @property
    def pence(self) -> int:
        return to_pence(self.pounds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime(Ruled):
    """One regime: its steps, bodies, clocks and limits. ``in_force`` is None for law that has not commenced; where the
    file names an ``act``, it is as the table of laws says."""

    id: str
    title: str
    roles: Mapping[str, str]
    act: LawId = ""  # the row of the table of laws that says since when it is in force
    in_force: dt.date | None = None
    until: dt.date | None = None
    body: tuple[Body, ...] = ()
    step: tuple[StepRule, ...]
    clock: tuple[Clock, ...] = ()
    limit: tuple[Limit, ...] = ()

    def find(self, name: str) -> StepRule | None:
        return next((step for step in self.step if step.id == name), None)

    def named(self, name: str) -> StepRule:
        """The step of a name that the table has."""
        return next(step for step in self.step if step.id == name)

    def bodies(self, step: str) -> tuple[Body, ...]:
        """The kinds of body that may take a step."""
        return tuple(body for body in self.body if step in body.may)

    def must_say_pounds(self, step: StepRule) -> bool:
        """Whether a step must say its sum. An owner need not tell a council what was offered or paid for land that is
        not the council's; where the law limits the price, it is the council's own."""
        return bool(step.money) and (bool(self.limit) or step.money not in ("offer", "price"))

    def begins(self, commencement: dt.date | None) -> dt.date:
        """The first day of the regime: its own, or the day that a user gives for law that had not commenced.

        SokeError where there is none, and where a day is given for law that has its own."""
        if self.in_force is None and commencement is None:
            fact = f'The rules "{self.id}" are not in force: no day of commencement is known for them.'
            raise SokeError(fact, 'If they have commenced since, write it: "commencement = 2027-04-01".')
        if self.in_force is not None and commencement is not None:
            fact = f'The rules "{self.id}" have been in force since {said(self.in_force)}.'
            raise SokeError(fact, "Leave commencement out.")
        return self.in_force or commencement or dt.date.min

    def check_day(self, on: dt.date, commencement: dt.date | None = None) -> None:
        """SokeError where the regime did not hold on the day."""
        first = self.begins(commencement)
        if on < first:
            fact = f"{said(on)} is before {self.title} began, on {said(first)}."
            raise SokeError(fact, "Correct the day, or name the rules that held then.")
        if self.until is not None and on > self.until:
            fact = f"{said(on)} is after {self.title} ended, on {said(self.until)}."
            raise SokeError(fact, "Name the rules that hold now.")


def shipped() -> tuple[str, ...]:
    """The ids of the regimes that come with Soke."""
    folder = files(__package__).joinpath("rules")
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


@cache
def regime(name: str) -> Regime:
    """A regime that comes with Soke. SokeError names those that there are."""
    if name not in shipped():
        fix = f"There are: {', '.join(shipped())}. Or name a file of rules of your own, that ends in .toml."
        raise SokeError(f'There are no rules "{name[:60]}".', fix, code="unknown-name")
    text = files(__package__).joinpath("rules", f"{name}.toml").read_bytes()
    return parse_regime(text, f"{name}.toml")


def read_regime(path: Path) -> Regime:
    """A table of rules that a council keeps itself. SokeError with the line of the first fault, and where it has the id
    of rules that come with Soke: nobody could tell the two apart."""
    rules = parse_regime(read_whole(path, str(path), LARGEST), str(path))
    if rules.id in shipped():
        fact = f'"{rules.id}" are rules that come with Soke; a table of your own cannot have their id.'
        raise SokeError(fact, 'Give it an id of its own, such as "our-council-transfers".', rules.where("id"))
    return rules


def parse_regime(content: bytes, file: str) -> Regime:
    """As :func:`read_regime`, of bytes. Every name that a row uses must be there."""
    rules = table_or_error(Regime, content, file, "A table of rules")
    for fact, fix, at in _faults(rules):
        raise SokeError(fact, fix, at)
    return replace(rules, in_force=laws()[rules.act].in_force) if rules.act else rules


def _faults(rules: Regime) -> Iterator[tuple[str, str, Location]]:
    if rules.act and rules.in_force:
        yield f'Since when it is in force is said of "{rules.act}".', "Leave one of them out.", rules.where("in_force")
    steps = {step.id for step in rules.step}
    into = {clock.into for clock in rules.clock if clock.into}
    yield from _twice(rules)
    for step in rules.step:
        uses = {"needs": step.needs, "unless": step.unless, "clears": step.clears}
        yield from _unknown(step, uses, steps | into | {EVERYTHING})
        yield from _unknown(step, {"bound": tuple(name for pair in step.bound.items() for name in pair)}, steps | into)
        if step.who not in rules.roles:
            yield _nobody(step.who, rules, step)
        if step.extends and step.extends not in {clock.id for clock in rules.clock}:
            yield f'There is no clock "{step.extends[:60]}".', "Name one of the table.", step.where("extends")
        if step.body and not rules.bodies(step.id):
            yield f'No body may take the step "{step.id}".', "Add a [[body]] that may.", step.where("body")
    for clock in rules.clock:
        uses = {"starts": clock.starts, "done_by": clock.done_by, "bars": clock.bars}
        yield from _unknown(clock, uses, steps | into)
        yield from _unknown(clock, {"clears": clock.clears}, steps | into | {EVERYTHING})
        yield from _unknown(clock, {"when": (clock.when,) if clock.when else ()}, steps)
        if clock.who not in rules.roles:
            yield _nobody(clock.who, rules, clock)
        yield from _misplaced(clock)
        for key in ("time", "remind"):
            if getattr(clock, key) or key == "time":
                try:
                    length(getattr(clock, key))
                except SokeError as error:
                    yield error.fact, error.fix, clock.where(key)
    for body in rules.body:
        yield from _unknown(body, {"may": body.may}, steps)
    for limit in rules.limit:
        yield from _unknown(limit, {"consent": (limit.consent,)}, steps)


OF_KIND: Mapping[str, tuple[str, ...]] = {
    "deadline": ("done_by",), "window": ("done_by",), "reminder": ("done_by",), "bar": ("bars",), "lapse": ("clears",),
}  # fmt: skip


def _misplaced(clock: Clock) -> Iterator[tuple[str, str, Location]]:
    """What a kind of clock must name, and what only another kind may."""
    for key in OF_KIND[clock.kind]:
        if not getattr(clock, key):
            yield f'A {clock.kind} without "{key}" has no effect.', f"Name the steps in {key}.", clock.at
    own = {"when": ("bar", "reminder"), "state": ("lapse", "bar"), "bars": ("bar",), "clears": ("lapse",),
           "into": ("lapse",), "done_by": ("deadline", "window", "reminder")}  # fmt: skip
    for key, kinds in own.items():
        if getattr(clock, key) and clock.kind not in kinds:
            yield f'"{key}" has no place in a {clock.kind}.', f"It belongs to a {kinds[0]}.", clock.where(key)


def _twice(rules: Regime) -> Iterator[tuple[str, str, Location]]:
    """Ids must be different, but for versions of a clock that hold at different times."""
    for rows in (rules.step, rules.body, rules.limit):
        seen: set[str] = set()
        for row in rows:
            if row.id in seen:
                yield f'"{row.id}" is there twice.', "Give each an id of its own.", row.where("id")
            seen.add(row.id)
    spans: dict[str, list[tuple[dt.date, dt.date]]] = {}
    for clock in rules.clock:
        span = clock.first or dt.date.min, clock.until or dt.date.max
        if any(span[0] <= last and first <= span[1] for first, last in spans.get(clock.id, [])):
            fact = f'Two versions of the clock "{clock.id}" hold on the same day.'
            yield fact, "End one before the other begins, by first and until.", clock.where("id")
        spans.setdefault(clock.id, []).append(span)


def _unknown(row: Located, uses: Mapping[str, tuple[str, ...]], known: set[str]) -> Iterator[tuple[str, str, Location]]:
    for key, names in uses.items():
        for name in names:
            if name not in known:
                yield f'"{key}" names the step "{name[:60]}", which is not there.', "Correct the name.", row.where(key)


def _nobody(who: str, rules: Regime, row: Located) -> tuple[str, str, Location]:
    return f'"{who[:60]}" is no role here.', f"The roles are {', '.join(rules.roles)}.", row.where("who")


def time_of(clock: Clock, terms: Mapping[str, str]) -> Length:
    """How long a clock runs in a case: as the rules say, or as the parties agreed where they may."""
    return length(terms.get(clock.id, clock.time))
