"""Follows the steps of a case through the rules: what stands, which clocks run, what was late, what was not allowed.

One walk over the steps in their order. Between two steps, what has run out lapses. A clock that a step starts is
*done* when one of its ``done_by`` is taken, *stopped* when the step that started it no longer stands for another
reason, and otherwise runs to its last day. Whether a step is in time is judged by the last of its windows, used or
not: a right that was used once is not open for ever, and a window that has lapsed takes nothing from a later one. See
:mod:`soke.community.assets.rules` for what each kind means.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from soke.community.assets.calendar import ONE_DAY, last_day
from soke.community.assets.rules import EVERYTHING, Clock, Regime, StepRule, StepTaken, regime, time_of
from soke.community.money import pence_said
from soke.errors import SokeError
from soke.text import day as said

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


@dataclass(frozen=True, slots=True)
class Gone:
    """A step that stood and stands no more: since when it stood, and the clock or the step that ended it, and when."""

    since: dt.date
    ended: dt.date  # the first day on which it does not stand
    by: Clock | StepTaken

    def __str__(self) -> str:
        """`` of 31 August 2026 lapsed: ...``, to be put after its name."""
        if isinstance(self.by, Clock):
            return f" of {said(self.since)} lapsed: its last day was {said(self.ended - ONE_DAY)} ({self.by.law})"
        return f' of {said(self.since)} ended with "{self.by.step}" on {said(self.ended)}'


@dataclass(slots=True)
class Walk:
    """Where a case stands. ``stands`` is each step that stands and since when, in order; lapses stand too."""

    regime: Regime
    terms: Mapping[str, str]
    stands: dict[str, dt.date] = field(default_factory=dict)
    clocks: list[Running] = field(default_factory=list)
    late: list[Late] = field(default_factory=list)
    gone: dict[str, Gone] = field(default_factory=dict)  # how each step that stood before ended, the last time
    values: dict[str, int] = field(default_factory=dict)  # pence of each valuation that stands
    unvalued: list[StepTaken] = field(default_factory=list)  # a price for which no valuation stood

    @property
    def valued(self) -> int | None:
        """Pence of the last valuation that stands."""
        return next((self.values[name] for name in reversed(self.stands) if name in self.values), None)

    @property
    def entered(self) -> StepRule | None:
        """The step by which the asset is on a list, the first of the table where several stand; None on none."""
        return next((step for step in self.regime.step if step.enters and step.id in self.stands), None)

    def upto(self, on: dt.date) -> None:
        """Let everything lapse whose last day is before ``on``, in order of time."""
        while True:
            over = [run for run in self.clocks if run.open and run.clock.kind == "lapse" and run.last < on]
            if not over:
                return
            first = min(over, key=lambda run: run.last)
            first.stopped = first.last + ONE_DAY
            self._clear(first.clock.clears, first.stopped, first.clock)
            if first.clock.into:
                self.stands[first.clock.into] = first.stopped
                self.clocks += self._started(StepTaken(first.clock.into, first.stopped))

    def take(self, taken: StepTaken) -> None:
        """Take one step. SokeError where it is not allowed; nothing is then changed."""
        step, started, window = self._allowed(taken), self._started(taken), self._window(taken.step)
        if self.regime.limit and step.money == "price" and self.valued is None:
            self.unvalued.append(taken)
        self._clear(step.clears, taken.on, taken)
        self.stands.pop(taken.step, None)  # so that what was taken last stands last
        self.stands[taken.step] = taken.on
        for run in self.clocks:
            if run.open and taken.step in run.clock.done_by:
                missed = run.clock.kind == "window" and run.last < taken.on and run is not window
                run.done = None if missed else taken
                if run.clock.kind == "deadline" and run.last < taken.on:
                    self.late.append(Late(taken, run.last, run.clock))
        if window and window.last < taken.on:
            self.late.append(Late(taken, window.last, window.clock))
        for run in self._extended(step):
            run.last = taken.until or run.last
        self.values.pop(taken.step, None)
        if step.money == "valuation" and taken.pence is not None:
            self.values[taken.step] = taken.pence
        self.clocks += started

    def barred(self, name: str, on: dt.date) -> Running | None:
        """The clock that forbids a step on a day, the one that ends last; None where nothing does."""
        bars = [run for run in self.clocks if name in run.clock.bars and self._bars(run, on)]
        return max(bars, key=lambda run: run.last, default=None)

    def _bars(self, run: Running, on: dt.date) -> bool:
        holds = not run.clock.when or run.clock.when in self.stands
        return run.clock.kind == "bar" and run.open and holds and on <= run.last

    def shut(self, name: str, on: dt.date) -> Running | None:
        """The window for a step, where it closed before the day and late is refused."""
        window = self._window(name)
        return window if window and window.last < on and window.clock.late == "refused" else None

    def _window(self, name: str) -> Running | None:
        """Of the windows for a step whose starting step stands, used or not, the one that closes last."""
        windows = [
            run for run in self.clocks
            if run.clock.kind == "window" and name in run.clock.done_by and run.stopped is None
        ]  # fmt: skip
        return max(windows, key=lambda run: run.last, default=None)

    def missing(self, step: StepRule) -> tuple[str, str] | None:
        """Why a step has no place now, and what to do; None where it has."""
        order = "Put the steps in their order, or correct the name."
        for held, name in step.bound.items():
            if held in self.stands and name not in self.stands:
                why, fix = self._why((name,))
                return f'The step "{step.id}" comes after "{name}" while "{held}" stands, and {why}.', fix or order
        if step.needs and not any(name in self.stands for name in step.needs):
            why, fix = self._why(step.needs)
            return f'The step "{step.id}" comes after {_either(step.needs)}, and {why}.', fix or order
        against = [name for name in step.unless if name in self.stands]
        if against:
            since = said(self.stands[against[0]])
            return f'The step "{step.id}" has no place while "{against[0]}" stands, since {since}.', order
        if step.id in self.stands and not step.again:
            return f'The step "{step.id}" was taken already, on {said(self.stands[step.id])}.', order
        return None

    def _why(self, names: Sequence[str]) -> tuple[str, str]:
        """Why none of these steps stands: how the one that stood last ended, and what to do about it."""
        name = max((name for name in names if name in self.gone), key=lambda name: self.gone[name].ended, default=None)
        if name is None:
            return "that does not stand", ""
        lapsed = isinstance(self.gone[name].by, Clock)
        fix = f'Correct the day; or take the step "{name}" again before it, if it was.' if lapsed else ""
        return (f'"{name}"' if len(names) > 1 else "that") + str(self.gone[name]), fix

    def _allowed(self, taken: StepTaken) -> StepRule:
        step = self.regime.find(taken.step)
        if step is None:
            names = ", ".join(step.id for step in self.regime.step)
            fact = f'There is no step "{taken.step[:60]}" under {self.regime.title}.'
            raise SokeError(fact, f"The steps are {names}.", taken.at)
        if missing := self.missing(step):
            raise SokeError(*missing, taken.at)
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

    def _price(self, step: StepRule, taken: StepTaken) -> None:
        """Land may go below its value by no more than the law lets it, unless somebody above consented."""
        for limit in self.regime.limit if step.money == "price" and taken.pence is not None else ():
            valued = self.valued
            under = (valued or 0) - (taken.pence or 0)
            if valued is not None and under > limit.pence and limit.consent not in self.stands:
                fact = f"The price is {pence_said(under)} below the valuation, more than {pence_said(limit.pence)}"
                raise SokeError(f"{fact} ({limit.law}).", f'Take the step "{limit.consent}" first.', taken.at)

    def _extended(self, step: StepRule) -> list[Running]:
        return [run for run in self.clocks if step.extends and run.clock.id == step.extends and run.open]

    def _longer(self, step: StepRule, taken: StepTaken) -> None:
        for run in self._extended(step) if taken.until else ():
            if taken.until and taken.until <= run.last:
                fact = f"{said(taken.until)} is no later than the last day as it is, {said(run.last)}."
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
            if taken.step in clock.starts and clock.holds_on(taken.on) and self._wanted(clock)
        ]

    def _wanted(self, clock: Clock) -> bool:
        """A reminder of what follows while something stands is none where it does not."""
        return clock.kind != "reminder" or not clock.when or clock.when in self.stands

    def _clear(self, names: Sequence[str], on: dt.date, by: Clock | StepTaken) -> None:
        for name in [*self.stands] if EVERYTHING in names else [name for name in names if name in self.stands]:
            self.gone[name] = Gone(self.stands.pop(name), on, by)
            self.values.pop(name, None)
            self._stop_from(name, on, by)

    def _stop_from(self, name: str, on: dt.date, by: Clock | StepTaken) -> None:
        """Clocks that a step started stop with it, but for those that the step which clears it fulfils."""
        for run in self.clocks:
            fulfilled = isinstance(by, StepTaken) and by.step in run.clock.done_by
            if run.stopped is None and run.by.step == name and not fulfilled:
                run.stopped = on


def _body(rules: Regime, step: StepRule, taken: StepTaken) -> None:
    """Who may: a kind of body that the table names, with members enough. Not asked where no kind is on record."""
    if not step.body or not taken.kind:
        return
    may = rules.bodies(step.id)
    body = next((body for body in may if body.id == taken.kind), None)
    if body is None:
        fact = f'A body of the kind "{taken.kind[:60]}" may not take the step "{step.id}" ({step.law}).'
        raise SokeError(fact, f"Those who may: {', '.join(body.id for body in may)}.", taken.at)
    if body.members and taken.members is None:
        fact = f"{body.title} needs at least {body.members} members ({body.law}), and it is not said how many it has."
        raise SokeError(fact, f"Write members = {body.members}, or how many there are.", taken.at)
    if body.members and (taken.members or 0) < body.members:
        fact = f"{taken.members} members are too few: {body.title} needs at least {body.members} ({body.law})."
        raise SokeError(fact, "Find more members, or ask another body to take the step.", taken.at)


def _ground(step: StepRule, taken: StepTaken) -> None:
    if taken.ground and taken.ground not in step.grounds:
        fix = f"The grounds are {', '.join(step.grounds)}." if step.grounds else "Leave it out."
        raise SokeError(f'"{taken.ground[:60]}" is no ground for the step "{step.id}" ({step.law}).', fix, taken.at)


def walk(
    rules: Regime, steps: Sequence[StepTaken], *, terms: Mapping[str, str] | None = None,
    commencement: dt.date | None = None, upto: dt.date | None = None, refused: list[SokeError] | None = None,
) -> Walk:  # fmt: skip
    """Take the steps, those after ``upto`` left out, and let lapse what has by then.

    SokeError at the first that is not allowed: unknown, out of order, before the Act, in a moratorium, too late, by
    somebody who may not. Where ``refused`` is given, such errors go there and the steps are left out.
    """
    if len(steps) > MOST_STEPS:
        raise SokeError(f"A case of {len(steps):,} steps is more than {MOST_STEPS:,}.", "Split it.", steps[0].at)
    made = Walk(rules, terms or {})
    before: StepTaken | None = None
    for taken in steps:
        if upto is not None and taken.on > upto:
            continue
        try:
            _in_order(before, taken)
            rules.check_day(taken.on, commencement)
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
