"""A published outcome counted again: are the votes right, and did the projects win that win under the rule?

The rule is the one that the META section names. Where votes are tied META names no rule, and the order of the file
decides, which in published files is the order of the published list; a tie that decided is told.

Our own outcome files hold the whole rule, as JSON, beside its name. Where the two contradict one another, winners that
fit the JSON alone are not reproduced: anybody can write a line into a file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

import numpy as np

from soke.community.budgets.districts import count
from soke.community.budgets.election import Election
from soke.community.budgets.greedy import EXCLUSIVE
from soke.community.budgets.manifest import parameters_from
from soke.community.budgets.outcome import Outcome
from soke.community.budgets.pb import LEAST_KEY, PARTLY
from soke.community.budgets.pb_write import CUSTOM, RULE_KEY, rule_name
from soke.community.budgets.registry import NAMES_IN_META
from soke.community.budgets.rule import Parameters
from soke.community.budgets.tally import place_counts, tally
from soke.community.budgets.told import in_words
from soke.errors import SokeError

MOST_PLACES = 100  # of a ranked ballot whose points are worked out


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
    winners could not be compared, empty where they were. ``missed``: published winners that do not win here;
    ``added``: winners here that are not published; both numbers of projects. ``clash``: how the rule that META names
    and the one that it holds contradict one another, empty where they do not."""

    election: Election
    parameters: Parameters | None
    outcome: Outcome | None
    figures: int
    differences: tuple[Difference, ...]
    missed: tuple[int, ...] = ()
    added: tuple[int, ...] = ()
    unchecked: str = ""
    notes: tuple[str, ...] = ()
    clash: str = ""

    @property
    def reproduced(self) -> bool:
        """Nothing that was compared differs, and no winners were published that could not be compared."""
        return not (self.differences or self.missed or self.added or self.clash or self.unnamed)

    @property
    def unnamed(self) -> bool:
        """Winners are published, and not the rule by which they won, or not all of it."""
        return self.outcome is None and any(project.published is not None for project in self.election.projects)

    @property
    def empty(self) -> bool:
        """There was nothing to compare with: no votes, no winners, or no rule."""
        return not self.figures and bool(self.unchecked)


def audit(
    election: Election,
    parameters: Parameters | None = None,
    *,
    points: tuple[int, ...] = (),
    conflicts: tuple[frozenset[str], ...] = (),
) -> Audit:
    """The election's published figures compared with a new count, under ``parameters`` or the rule that META names.

    ``points`` and ``conflicts`` add to META what it cannot say. A rule that META does not name leaves the winners
    unchecked; SokeError is raised where a rule does not fit the election.
    """
    given, why, clash = parameters, "", ""
    if given is None:
        clash = clash_of(election)
        try:
            given = parameters_of(election, points)
            given = replace(given, conflicts=conflicts or given.conflicts)
        except SokeError as error:
            why = f"{error.fact} {error.fix}".strip()
    figures, differences = _figures(election, given or Parameters(rule="", points=points_of_scores(election)[0]))
    published = {number for number, project in enumerate(election.projects) if project.published}
    if all(project.published is None for project in election.projects):
        why = "The file does not say which projects won: PROJECTS has no column selected."
    if why or given is None:
        return Audit(election=election, parameters=given, outcome=None, figures=figures, differences=differences,
                     unchecked=why, clash=clash)  # fmt: skip
    outcome = count(election, given)
    here = set(outcome.winners)
    return Audit(
        election=election, parameters=given, outcome=outcome, figures=figures, differences=differences,
        missed=tuple(sorted(published - here)), added=tuple(sorted(here - published)),
        notes=tuple(_notes(election, given, here, tied=parameters is None)), clash=clash,
    )  # fmt: skip


def clash_of(election: Election) -> str:
    """How the name of the rule in META contradicts the whole rule that META holds as JSON; empty where it does not,
    or where one of them cannot be read. A name that ends in ``-custom`` leaves the rule to the JSON."""
    name = election.meta.get("rule", "").strip().lower()
    if RULE_KEY not in election.meta or name not in NAMES_IN_META or name.endswith(CUSTOM):
        return ""
    try:
        held, named = _written(election.meta[RULE_KEY]), NAMES_IN_META[name](election)
        named = replace(named, least_score=least_score(election))
    except SokeError:
        return ""
    here, there = (replace(rule, conflicts=()) if name == EXCLUSIVE else rule for rule in (held, named))
    if rule_name(here) == rule_name(there) and here.least_score == there.least_score:
        return ""
    return f"META names the rule {name[:60]}, and its {RULE_KEY} says another: {in_words(held)}."


def parameters_of(election: Election, points: tuple[int, ...] = ()) -> Parameters:
    """The parameters that META and the score column describe, or ``points`` in place of the scores.

    SokeError where META names no rule, or not all of it.
    """
    if RULE_KEY in election.meta:
        return _written(election.meta[RULE_KEY])
    name = election.meta.get("rule", "").strip().lower()
    if name in ("", "unknown"):
        raise SokeError("META names no rule by which the projects won.", "Say which rule it was.")
    if name not in NAMES_IN_META:
        raise SokeError(f'META names a rule that is not known here: "{name[:60]}".', "Say which rule it was.")
    named = NAMES_IN_META[name](election)
    return replace(named, points=points or _points(election), least_score=least_score(election))


def points_of_scores(election: Election) -> tuple[tuple[int, ...], bool]:
    """What each place of a ranked ballot gives, and whether that makes exactly the scores that the file has.

    Worked out from the scores; where no one row of whole numbers makes them, the last place gives 1, the one before it
    2, and so
    on. () for other ballots, and for those that carry their points.
    """
    if election.kind != "ordinal" or election.ballots.points is not None:
        return (), True
    longest = int(np.diff(election.ballots.starts).max(initial=0))
    counted = tuple(range(longest, 0, -1))
    known = [number for number, project in enumerate(election.projects) if project.score is not None]
    if not known or not counted or longest > MOST_PLACES:
        return counted, False
    places = place_counts(election)
    scores = np.array([election.projects[number].score for number in known], np.int64)
    if (places[known] @ np.array(counted, np.int64) == scores).all():
        return counted, True
    least, _, rank, _ = np.linalg.lstsq(places[known].astype(float), scores.astype(float), rcond=None)
    solved = np.rint(least).astype(int)
    falling = bool((np.diff(solved) <= 0).all()) and solved[-1] >= 0 and solved[0] > 0
    if rank == len(counted) and falling and (places[known] @ solved == scores).all():
        return tuple(int(points) for points in solved), True
    return counted, False


def _written(text: str) -> Parameters:
    """The rule as our own outcome files hold it."""
    try:
        return parameters_from(json.loads(text))
    except (ValueError, RecursionError):
        raise SokeError(f"META has a {RULE_KEY} that is not JSON.", "Say which rule it was.") from None


def _points(election: Election) -> tuple[int, ...]:
    if election.kind == "ordinal" and all(project.score is None for project in election.projects):
        if election.ballots.points is None:
            fact = "The file does not say how many points a place on a ranked ballot gives."
            raise SokeError(fact, "Say it: 3,2,1 gives the first place 3 points.")
        return ()
    return points_of_scores(election)[0]


def least_score(election: Election) -> int:
    """The threshold that META says, in points; 0 where it says none. SokeError where it is no whole number."""
    said = election.meta.get(LEAST_KEY, "").strip()
    if not said:
        return 0
    if not (said.isascii() and said.isdigit() and len(said) <= 12):
        fact = f'META says {LEAST_KEY} is "{said[:40]}", not a whole number.'
        raise SokeError(fact, "Say which rule it was.")
    return int(said)


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


def _notes(election: Election, parameters: Parameters, here: set[int], *, tied: bool) -> list[str]:
    notes = []
    rule = election.meta.get("rule", "").strip().lower()
    if rule == EXCLUSIVE and not parameters.conflicts:
        notes.append("Under greedy-exclusive some projects exclude one another, and the file does not list them: say "
                     "which.")  # fmt: skip
    marks = {project.extra[PARTLY] for project in election.projects if PARTLY in project.extra}
    for mark in sorted(marks) if parameters.part_funding is None else ():
        ids = ", ".join(project.id for project in election.projects if project.extra.get(PARTLY) == mark)
        notes.append(f"The file marks as selected with {mark}, not 1: {ids}. They are taken as published winners.")
    if tied and parameters.ties == ("file-order",):
        other = set(count(election, replace(parameters, ties=("more-votes", "lower-cost", "id"))).winners)
        if other != here:
            names = ", ".join(election.projects[number].id for number in sorted(other ^ here))
            notes.append(f"A tie decides between {names}: META has no rule for ties, and the order of the file was "
                         "taken.")  # fmt: skip
    return notes
