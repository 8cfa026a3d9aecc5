"""A published outcome counted again: are the votes right, and did the projects win that win under the rule?

The rule is the one that the META section names. Where votes are tied META names no rule, and the order of the file
decides, which in published files is the order of the published list. A tie that decided is told; and where another
order of what is tied makes the published winners, they are reproduced: a tie decided.

Our own outcome files hold the whole rule, as JSON, beside its name. Where the two contradict one another, winners that
fit the JSON alone are not reproduced: anybody can write a line into a file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from soke.community.budgets.districts import count
from soke.community.budgets.election import Election
from soke.community.budgets.greedy import EXCLUSIVE
from soke.community.budgets.left_out import Differ, left_out, others_of_conflicts
from soke.community.budgets.marks import Marks, marks, named_together
from soke.community.budgets.outcome import Outcome
from soke.community.budgets.pb_write import RULE_KEY
from soke.community.budgets.rule import Parameters
from soke.community.budgets.rule_of_meta import (
    BY_LENGTH,
    clash_of,
    increment_said,
    parameters_of,
    points_of_scores,
    points_said,
    withdrawn_said,
)
from soke.community.budgets.tally import tally
from soke.community.budgets.ties import Ties, ties
from soke.errors import SokeError

__all__ = ["Audit", "Difference", "audit", "parameters_of", "points_of_scores"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A figure of project ``number`` that is not what the ballots give; ``figure`` is votes or points."""

    number: int
    figure: str
    published: int
    counted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What was compared and what differs. ``figures``: how many votes and scores were compared. ``unchecked``: why the
    winners could not be compared, empty where they were. ``published``: the winners that they were compared with;
    ``missed``: those that do not win here; ``added``: winners here that are not published; all numbers of projects.
    ``ties``: those that decided. ``clash``: how the rule that META names and the one that it holds contradict one
    another, empty where they do not."""

    election: Election
    parameters: Parameters | None
    outcome: Outcome | None
    figures: int
    differences: tuple[Difference, ...]
    published: tuple[int, ...] = ()
    missed: tuple[int, ...] = ()
    added: tuple[int, ...] = ()
    unchecked: str = ""
    notes: tuple[str, ...] = ()
    clash: str = ""
    ties: Ties = field(default_factory=Ties)

    @property
    def reproduced(self) -> bool:
        """Nothing that was compared differs, and no winners were published that could not be compared."""
        return not (self.differences or self.missed or self.added or self.clash or self.unnamed)

    @property
    def tied(self) -> bool:
        """Whether the winners are those of one order of equal projects, and of another they are not."""
        return self.outcome is not None and bool(self.ties.decided)

    @property
    def unnamed(self) -> bool:
        """Winners are published, and not the rule by which they won, or not all of it."""
        return self.outcome is None and _says_who_won(self.election)

    @property
    def empty(self) -> bool:
        """There was nothing to compare with: no votes, no winners, or no rule."""
        return not self.figures and bool(self.unchecked)


def audit(
    election: Election,
    parameters: Parameters | None = None,
    *,
    fixed: bool = False,
    added: Parameters | None = None,
    conflicts: tuple[frozenset[str], ...] = (),
) -> Audit:
    """The election's published figures compared with a new count, under ``parameters`` or the rule that META names.

    ``added`` adds to META what it cannot say (points, conflicts, projects that were withdrawn, a lot), and so does
    ``conflicts`` alone. ``fixed``: the order of what is tied is part of ``parameters``, and no other makes the outcome.
    A rule that META does not name leaves the winners unchecked; SokeError is raised where a rule does not fit the
    election.
    """
    given, why, clash = parameters, "", ""
    if given is None:
        clash = clash_of(election)
        try:
            more = added or Parameters(rule="")
            given = _with(parameters_of(election, more.points, by_length=more.by_length), more, conflicts)
        except SokeError as error:
            why = f"{error.fact} {error.fix}".strip()
    points, by_length, _ = points_said(election)
    fallback = Parameters(rule="", points=points, by_length=by_length)
    figures, differences = _figures(election, given or fallback)
    notes = (BY_LENGTH,) if by_length and (given or fallback).by_length else ()
    said = marks(election, given)
    why = _not_said(election) or why
    plain = Audit(election=election, parameters=given, outcome=None, figures=figures, differences=differences,
                  published=tuple(sorted(said.won)), unchecked=why, clash=clash, notes=notes)  # fmt: skip
    if why or given is None:
        return plain
    outcome = count(election, given)
    if not _says_who_won(election) and outcome.winners and RULE_KEY not in election.meta:
        return replace(plain, unchecked="No winner is marked in the file: nothing is selected yet, or nothing won.")
    free = not fixed and RULE_KEY not in election.meta and not given.tie_order
    return _compared(plain, outcome, said, free=free, of_meta=parameters is None)


def _with(parameters: Parameters, added: Parameters, conflicts: tuple[frozenset[str], ...]) -> Parameters:
    return replace(
        parameters, conflicts=conflicts or added.conflicts or parameters.conflicts,
        tie_order=added.tie_order or parameters.tie_order,
        withdrawn=tuple(sorted({*parameters.withdrawn, *added.withdrawn})),
    )  # fmt: skip


def _says_who_won(election: Election) -> bool:
    return any(project.published for project in election.projects)


def _not_said(election: Election) -> str:
    if all(project.published is None for project in election.projects):
        return "The file does not say which projects won: PROJECTS has no column selected."
    return ""


def _compared(plain: Audit, outcome: Outcome, said: Marks, *, free: bool, of_meta: bool) -> Audit:
    """The audit with its winners: those of the rule, else of another order of what is tied, else of a conflict that was
    resolved otherwise."""
    election, parameters = outcome.election, outcome.parameters

    def differ(winners: Iterable[int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
        here = set(winners)
        return tuple(sorted(said.won - here)), tuple(sorted(here - said.won - said.open))

    found, notes = ties(outcome), list[str]()
    order = _order(outcome, found, said, differ) if free and any(differ(outcome.winners)) else ()
    if order:
        base, outcome = outcome, count(election, replace(parameters, tie_order=order))
        names = _names(election, set(base.winners) ^ set(outcome.winners))
        notes.append(f"A tie decides between {names}: META has no rule for ties, and the published winners are those "
                     "of another order than that of the file.")  # fmt: skip
        found, outcome = ties(outcome), replace(outcome, parameters=parameters)
    elif found.decided and of_meta and parameters.ties == ("file-order",) and not parameters.tie_order:
        changed = {number for tie in found.decided for number in (*tie.instead, *tie.out)}
        tied = {number for tie in found.decided for number in tie.tied}
        names = _names(election, changed if len(changed) > 1 else changed | tied)
        notes.append(f"A tie decides between {names}: META has no rule for ties, and the order of the file was taken.")
    missed, added = differ(outcome.winners)
    if missed or added:
        kept = others_of_conflicts(outcome, said.won, differ)
        if kept is not None:
            outcome, sentence = kept
            notes.append(sentence)
            missed, added = differ(outcome.winners)
        else:
            notes += left_out(outcome, added, differ)
    notes = [*plain.notes, *_exclusive(election, parameters), *said.told(election, frozenset(outcome.winners)), *notes]
    notes += withdrawn_said(election, parameters)
    if of_meta and RULE_KEY not in election.meta:
        notes += increment_said(election, parameters)
    return replace(plain, outcome=outcome, missed=missed, added=added, notes=tuple(notes), ties=found)


def _order(outcome: Outcome, found: Ties, said: Marks, differ: Differ) -> tuple[str, ...]:
    """An order of equal projects under which the published winners win; none where there is none that is known."""
    for winners, order in found.others:
        if not any(differ(winners)):
            return order
    projects = outcome.election.projects  # many are equal: what is published first, then what is least likely to fit
    guess = sorted(range(len(projects)), key=lambda number: (number not in said.won, -projects[number].cost))
    order = tuple(projects[number].id for number in guess)
    again = count(outcome.election, replace(outcome.parameters, tie_order=order))
    return () if any(differ(again.winners)) else order


def _names(election: Election, numbers: Iterable[int]) -> str:
    return ", ".join(election.projects[number].id for number in sorted(numbers))


def _exclusive(election: Election, parameters: Parameters) -> list[str]:
    if election.meta.get("rule", "").strip().lower() != EXCLUSIVE or parameters.conflicts:
        return []
    said = "Under greedy-exclusive some projects exclude one another, and the file does not list them: say which."
    options = " ".join(f"--conflict {','.join(ids)}" for ids in named_together(election))
    return [f"{said} Its comment names some together: {options}." if options else said]


def _figures(election: Election, parameters: Parameters) -> tuple[int, tuple[Difference, ...]]:
    counted = tally(election, parameters)
    compared = 0
    differences = []
    for number, project in enumerate(election.projects):
        for figure, said, here in (
            ("votes", project.votes, int(counted.votes[number])),
            ("points", project.score, int(counted.score[number])),
        ):
            compared += said is not None
            if said is not None and said != here:
                differences.append(Difference(number=number, figure=figure, published=said, counted=here))
    return compared, tuple(differences)
