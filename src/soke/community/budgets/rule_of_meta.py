"""The rule that the META section of a file names, with what its scores, costs and amounts say beside it."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from math import floor

import numpy as np

from soke.community.budgets.completion import ADD1
from soke.community.budgets.election import Election
from soke.community.budgets.greedy import EXCLUSIVE
from soke.community.budgets.manifest import parameters_from
from soke.community.budgets.pb import LEAST_KEY
from soke.community.budgets.pb_write import CUSTOM, RULE_KEY, rule_name
from soke.community.budgets.registry import NAMES_IN_META
from soke.community.budgets.rule import Parameters
from soke.community.budgets.tally import place_counts, tally
from soke.community.budgets.told import in_words
from soke.community.budgets.words import money
from soke.errors import SokeError

BY_LENGTH = (
    "Points by the length of each ballot, worked out from the scores of the file: of n projects the first gets n, the "
    "last 1."
)
MOST_PLACES = 100  # of a ranked ballot whose points are worked out


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
    here, there = (
        replace(rule, withdrawn=(), conflicts=() if name == EXCLUSIVE else rule.conflicts) for rule in (held, named)
    )
    if rule_name(here) == rule_name(there) and here.least_score == there.least_score:
        return ""
    return f"META names the rule {name[:60]}, and its {RULE_KEY} says another: {in_words(held)}."


def parameters_of(election: Election, points: tuple[int, ...] = (), *, by_length: bool = False) -> Parameters:
    """The parameters that META and the score column describe, or ``points`` (or ``by_length``) in place of the scores.

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
    given = (points, by_length) if points or by_length else _points(election)
    named = replace(named, points=given[0], by_length=given[1], least_score=least_score(election))
    return replace(named, withdrawn=marked_withdrawn(election), increment=usual_increment(election, named))


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


def points_said(election: Election) -> tuple[tuple[int, ...], bool, bool]:
    """Points by place, whether they go by the length of each ballot instead, and whether either makes the scores of the
    file. The last place of the longest ballot gives 1, the one before it 2; else each ballot counts from its own last
    place; else what :func:`points_of_scores` works out."""
    points, exact = points_of_scores(election)
    if points and not (exact and points == tuple(range(len(points), 0, -1))) and _by_length(election):
        return (), True, True
    return points, False, exact


def _by_length(election: Election) -> bool:
    """Whether points by the length of each ballot make exactly the scores that the file has."""
    score = tally(election, Parameters(rule="", by_length=True)).score.tolist()
    said = [(project.score, here) for project, here in zip(election.projects, score, strict=True)]
    known = [(published, here) for published, here in said if published is not None]
    return bool(known) and all(published == here for published, here in known)


def _points(election: Election) -> tuple[tuple[int, ...], bool]:
    if election.kind == "ordinal" and all(project.score is None for project in election.projects):
        if election.ballots.points is None:
            fact = "The file does not say how many points a place on a ranked ballot gives."
            raise SokeError(fact, "Say it: 3,2,1 gives the first place 3 points.")
        return (), False
    return points_said(election)[:2]


def marked_withdrawn(election: Election) -> tuple[str, ...]:
    """The ids of projects whose cost is no cost but the mark of a project that was withdrawn: nines alone, or a one and
    noughts, far above the budget (999999999 in files of Pabulib)."""
    found = []
    for project in election.projects:
        whole, digits = project.cost // 100, str(project.cost // 100)
        nines = len(digits) >= 6 and set(digits) == {"9"}
        round_one = len(digits) >= 7 and digits.strip("0") == "1"
        if whole * 100 > (1 if nines and len(digits) >= 8 else 10 if nines else 100) * election.budget and (
            nines or round_one
        ):
            found.append(project.id)
    return tuple(sorted(found))


def withdrawn_said(election: Election, parameters: Parameters) -> list[str]:
    """What is to be said of projects that their cost marks as withdrawn, where that is how they are counted."""
    marked = [project for project in election.projects if project.id in parameters.withdrawn]
    marked = [project for project in marked if project.id in marked_withdrawn(election)]
    if not marked:
        return []
    ids = ", ".join(project.id for project in marked)
    costs = ", ".join(sorted({money(project.cost) for project in marked}))
    return [f"The cost of {ids} is {costs}, by which files mark a project that was withdrawn: it is passed over."]


def usual_increment(election: Election, parameters: Parameters) -> int:
    """By how much add1 raises where nobody says it: 1 of the currency; where an equal share of the money is below 10 or
    above 10,000 of it (in forints, say), the largest of 1, 2, 5, 10, ... hundredths that is no more than a hundredth,
    or a thousandth, of the share."""
    if not len(election.ballots) or parameters.completion not in ADD1:
        return parameters.increment
    share = parameters.start if parameters.start else Fraction(election.budget, len(election.ballots))
    if 1_000 <= share <= 1_000_000:
        return parameters.increment
    most = share / (100 if share < 1_000 else 1_000)
    steps = (base * 10**power for power in range(14) for base in (1, 2, 5))
    return max((step for step in steps if step <= most), default=1)


def increment_said(election: Election, parameters: Parameters) -> list[str]:
    """What is to be said of an increment that was chosen by the size of an equal share."""
    if parameters.completion not in ADD1 or parameters.increment == Parameters(rule="").increment:
        return []
    share = parameters.start if parameters.start else Fraction(election.budget, max(len(election.ballots), 1))
    return [f"Nobody said by how much add1 raises: it is {money(parameters.increment)}, since an equal share of the "
            f"money is {money(floor(share))}; --increment says another."]  # fmt: skip


def least_score(election: Election) -> int:
    """The threshold that META says, in points; 0 where it says none. SokeError where it is no whole number."""
    said = election.meta.get(LEAST_KEY, "").strip()
    if not said:
        return 0
    if not (said.isascii() and said.isdigit() and len(said) <= 12):
        fact = f'META says {LEAST_KEY} is "{said[:40]}", not a whole number.'
        raise SokeError(fact, "Say which rule it was.")
    return int(said)
