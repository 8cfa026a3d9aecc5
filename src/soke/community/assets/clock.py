"""Follows the steps of a case through the rules: what stands, which clocks run, what was late, what was not allowed.

One walk over the steps in their order. Between two steps, what has run out lapses. A clock that a step starts is
*done* when one of its ``done_by`` is taken, *stopped* when the step that started it no longer stands for another
reason, and otherwise runs to its last day. See :mod:`soke.community.assets.rules` for what each kind means.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from soke.community.assets.calendar import ONE_DAY, last_day
from soke.community.assets.rules import EVERYTHING, Clock, Regime, Step, StepTaken, regime, time_of
from soke.deal.words import day as said
from soke.errors import SokeError

__all__ = ["StepTaken", "Walk", "check_steps", "walk"]
MOST_STEPS, MOST_CLOCKS = 500, 2_500


@dataclass(slots=True)
class Running:
    """A clock that a step started: its period, both days included, and how it ended, if it has."""

    clock: Clock
    since: dt.date
    last: dt.date
    by: StepTaken  # the step that started it
    done: StepTaken | None = None
    stopped: dt.date | None = None

    @property
    def open(self) -> bool:
        return self.done is None and self.stopped is None


@dataclass(frozen=True, slots=True)
class Late:
    """A step that was taken after its last day, and counts all the same."""

    step: StepTaken
    last: dt.date
    clock: Clock


@dataclass(slots=True)
class Walk:
    """Where a case stands. ``stands`` is each step that stands and since when, in order; lapses stand too."""

    regime: Regime
    terms: Mapping[str, str]
    stands: dict[str, dt.date] = field(default_factory=dict)
    clocks: list[Running] = field(default_factory=list)
    late: list[Late] = field(default_factory=list)
    valued: int | None = None  # pence of the last valuation

    def upto(self, on: dt.date) -> None:
        """Let everything lapse whose last day is before ``on``, in order of time."""
        while True:
            over = [one for one in self.clocks if one.open and one.clock.kind == "lapse" and one.last < on]
            if not over:
                return
            first = min(over, key=lambda one: one.last)
            first.stopped = first.last + ONE_DAY
            self._clear(first.clock.clears, first.stopped)
            if first.clock.into:
                self.stands[first.clock.into] = first.stopped
                self.clocks += self._started(StepTaken(first.clock.into, first.stopped))

    def take(self, taken: StepTaken) -> None:
        """Take one step. SokeError where it is not allowed; nothing is then changed."""
        step, started = self._allowed(taken), self._started(taken)
        self._clear(step.clears, taken.on, taken)
        self.stands.pop(taken.step, None)  # so that what was taken last stands last
        self.stands[taken.step] = taken.on
        for one in self.clocks:
            if one.open and taken.step in one.clock.done_by:
                one.done = taken
                if taken.on > one.last and one.clock.kind != "reminder":
                    self.late.append(Late(taken, one.last, one.clock))
        for one in self._extended(step):
            one.last = taken.until or one.last
        if step.money == "valuation" and taken.pence is not None:
            self.valued = taken.pence
        self.clocks += started

    def barred(self, name: str, on: dt.date) -> Running | None:
        """The clock that forbids a step on a day, the one that ends last; None where nothing does."""
        bars = [one for one in self.clocks if name in one.clock.bars and self._bars(one, on)]
        return max(bars, key=lambda one: one.last, default=None)

    def _bars(self, one: Running, on: dt.date) -> bool:
        holds = not one.clock.when or one.clock.when in self.stands
        return one.clock.kind == "bar" and one.open and holds and on <= one.last

    def shut(self, name: str, on: dt.date) -> Running | None:
        """The window for a step that closed before the day, where none is open and late is refused."""
        windows = [one for one in self.clocks if one.clock.kind == "window" and name in one.clock.done_by and one.open]
        strict = [one for one in windows if one.clock.late == "refused"]
        return strict[-1] if strict and all(one.last < on for one in windows) else None

    def missing(self, step: Step) -> str:
        """Why a step has no place now; empty where it has."""
        needs = [name for name in step.needs if name in self.stands]
        if step.needs and not needs:
            return f'The step "{step.id}" comes after {_either(step.needs)}, and that does not stand.'
        against = [name for name in step.unless if name in self.stands]
        if against:
            since = said(self.stands[against[0]])
            return f'The step "{step.id}" has no place while "{against[0]}" stands, since {since}.'
        if step.id in self.stands and not step.again:
            return f'The step "{step.id}" was taken already, on {said(self.stands[step.id])}.'
        return ""

    def _allowed(self, taken: StepTaken) -> Step:
        step = self.regime.find(taken.step)
        if step is None:
            names = ", ".join(one.id for one in self.regime.step)
            fact = f'There is no step "{taken.step[:60]}" under {self.regime.title}.'
            raise SokeError(fact, f"The steps are {names}.", taken.at)
        if fact := self.missing(step):
            raise SokeError(fact, "Put the steps in their order, or correct the name.", taken.at)
        if bar := self.barred(taken.step, taken.on):
            fact = f'"{taken.step}" on {said(taken.on)} falls in {bar.clock.what}, to {said(bar.last)}'
            fix = "These rules forbid it: correct the day, or leave the step out."
            raise SokeError(f"{fact} ({bar.clock.law}).", fix, taken.at)
        if window := self.shut(taken.step, taken.on):
            fact = f'"{taken.step}" on {said(taken.on)} is too late: the last day was {said(window.last)}'
            raise SokeError(f"{fact} ({window.clock.law}).", "Correct the day, or leave the step out.", taken.at)
        _body(self.regime, step, taken)
        _ground(step, taken)
        self._price(step, taken)
        self._longer(step, taken)
        return step

    def _price(self, step: Step, taken: StepTaken) -> None:
        """Land may go below its value by no more than the law lets it, unless somebody above consented."""
        for limit in self.regime.limit if step.money == "price" and taken.pence is not None else ():
            under = (self.valued or 0) - (taken.pence or 0)
            if self.valued is not None and under > limit.pence and limit.consent not in self.stands:
                fact = f"The price is {pence_said(under)} below the valuation, more than {pence_said(limit.pence)}"
                raise SokeError(f"{fact} ({limit.law}).", f'Take the step "{limit.consent}" first.', taken.at)

    def _extended(self, step: Step) -> list[Running]:
        return [one for one in self.clocks if step.extends and one.clock.id == step.extends and one.open]

    def _longer(self, step: Step, taken: StepTaken) -> None:
        for one in self._extended(step) if taken.until else ():
            if taken.until and taken.until <= one.last:
                fact = f"{said(taken.until)} is no later than the last day as it is, {said(one.last)}."
                raise SokeError(fact, "Name the later day that was agreed.", taken.at)

    def _started(self, taken: StepTaken) -> list[Running]:
        """The clocks that a step starts, in the version that is in force on its day."""
        if len(self.clocks) > MOST_CLOCKS:
            fact = f"More than {MOST_CLOCKS:,} clocks were started: the rules start them in a ring."
            raise SokeError(fact, "Let no lapse start itself again.", taken.at)
        return [
            Running(
                clock, taken.on, last_day(taken.on, time_of(clock, self.terms), clock.counts, rolls=clock.rolls), taken
            )
            for clock in self.regime.clock
            if taken.step in clock.starts and clock.holds_on(taken.on)
        ]

    def _clear(self, names: Sequence[str], on: dt.date, by: StepTaken | None = None) -> None:
        for name in [*self.stands] if EVERYTHING in names else [one for one in names if one in self.stands]:
            del self.stands[name]
            self._stop_from(name, on, by)

    def _stop_from(self, name: str, on: dt.date, by: StepTaken | None) -> None:
        """Clocks that a step started stop with it, but for those that the step which clears it fulfils."""
        for one in self.clocks:
            if one.open and one.by.step == name and not (by and by.step in one.clock.done_by):
                one.stopped = on


def _body(found: Regime, step: Step, taken: StepTaken) -> None:
    """Who may: a kind of body that the table names, with members enough. Not asked where no kind is on record."""
    if not step.body or not taken.kind:
        return
    may = found.bodies(step.id)
    body = next((one for one in may if one.id == taken.kind), None)
    if body is None:
        fact = f'A body of the kind "{taken.kind[:60]}" may not take the step "{step.id}" ({step.law}).'
        raise SokeError(fact, f"Those who may: {', '.join(one.id for one in may)}.", taken.at)
    if body.members and taken.members is None:
        fact = f"{body.title} needs at least {body.members} members ({body.law}), and it is not said how many it has."
        raise SokeError(fact, f"Write members = {body.members}, or how many there are.", taken.at)
    if body.members and (taken.members or 0) < body.members:
        fact = f"{taken.members} members are too few: {body.title} needs at least {body.members} ({body.law})."
        raise SokeError(fact, "Find more members, or ask another body to take the step.", taken.at)


def _ground(step: Step, taken: StepTaken) -> None:
    if taken.ground and taken.ground not in step.grounds:
        fix = f"The grounds are {', '.join(step.grounds)}." if step.grounds else "Leave it out."
        raise SokeError(f'"{taken.ground[:60]}" is no ground for the step "{step.id}" ({step.law}).', fix, taken.at)


def walk(
    found: Regime, steps: Sequence[StepTaken], *, terms: Mapping[str, str] | None = None,
    commencement: dt.date | None = None, upto: dt.date | None = None, refused: list[SokeError] | None = None,
) -> Walk:  # fmt: skip
    """Take the steps, those after ``upto`` left out, and let lapse what has by then.

    SokeError at the first that is not allowed: unknown, out of order, before the Act, in a moratorium, too late, by
    somebody who may not. Where ``refused`` is given, such errors go there and the steps are left out.
    """
    if len(steps) > MOST_STEPS:
        raise SokeError(f"A case of {len(steps):,} steps is more than {MOST_STEPS:,}.", "Split it.", steps[0].at)
    made = Walk(found, terms or {})
    before: StepTaken | None = None
    for taken in steps:
        if upto is not None and taken.on > upto:
            continue
        try:
            _in_order(before, taken)
            found.check_day(taken.on, commencement)
            made.upto(taken.on)
            made.take(taken)
            before = taken
        except SokeError as error:
            told = SokeError(error.fact, error.fix, error.where or taken.at)
            if refused is None:
                raise told from None
            refused.append(told)
    if upto is not None:
        made.upto(upto)
    return made


def _in_order(before: StepTaken | None, taken: StepTaken) -> None:
    if before and taken.on < before.on:
        fact = f'"{taken.step}" on {said(taken.on)} stands after "{before.step}" on {said(before.on)}.'
        raise SokeError(fact, "Write the steps in order of time, or correct the day.", taken.at)


def check_steps(regime_id: str, steps: Sequence[StepTaken], *, commencement: dt.date | None = None) -> None:
    """SokeError where the sequence is not allowed under a regime that comes with Soke, or days run backwards.

    What was only late is allowed. The kind of a body, its members, grounds and prices are checked where they are given.
    """
    walk(regime(regime_id), steps, commencement=commencement)


def _either(names: Sequence[str]) -> str:
    return " or ".join(f'"{name}"' for name in names)


def pence_said(pence: int) -> str:
    """``£1,234``, with pence only where there are some."""
    return f"£{pence // 100:,}" if pence % 100 == 0 else f"£{pence // 100:,}.{pence % 100:02d}"
