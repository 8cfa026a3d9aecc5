"""Where published winners are not those of the rule: would they be, were one left out that the file does not fund?

A city may find that two projects are for one place, or that one cannot be built, and not say so in the file. What is
found here is a guess, said as one; only where a conflict was named is it taken for what happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from math import asin, cos, radians, sin, sqrt

from soke.community.budgets.districts import count
from soke.community.budgets.election import Election
from soke.community.budgets.outcome import Outcome

MOST_LEFT_OUT = 8
NEAR = 250  # metres within which two projects may be for one place
Differ = Callable[[Iterable[int]], tuple[tuple[int, ...], tuple[int, ...]]]


def others_of_conflicts(outcome: Outcome, won: frozenset[int], differ: Differ) -> tuple[Outcome, str] | None:
    """The outcome where of each conflict the project stays that the file funds, and a sentence; None where the winners
    still differ. The rule keeps the one that comes first; cities have kept another."""
    election, parameters = outcome.election, outcome.parameters
    out, sentences = set(parameters.withdrawn), []
    for ids in parameters.conflicts:
        numbers = {election.index[one] for one in ids}
        kept, here = numbers & won, numbers & set(outcome.winners)
        if kept and kept != here:
            out |= {election.projects[number].id for number in numbers - won}
            names = ", ".join(sorted(ids))
            sentences.append(f"Of the conflicting projects {names} the file funds {_ids(election, kept)}, and the rule "
                             f"keeps {_ids(election, here) or 'none'}: it is counted as the file has it.")  # fmt: skip
    if not sentences:
        return None
    again = count(election, replace(parameters, withdrawn=tuple(sorted(out))))
    return None if any(differ(again.winners)) else (replace(again, parameters=parameters), " ".join(sentences))


def left_out(outcome: Outcome, added: tuple[int, ...], differ: Differ) -> list[str]:
    """A sentence where the published winners win as soon as a few projects are left out that the file does not fund."""
    election, again = outcome.election, outcome
    out: list[int] = []
    while added and len(out) < MOST_LEFT_OUT:
        first = next(number for number in again.winners if number in added)
        out.append(first)
        ids = tuple(sorted({*outcome.parameters.withdrawn, *(election.projects[number].id for number in out)}))
        again = count(election, replace(outcome.parameters, withdrawn=ids))
        missed, added = differ(again.winners)
        if not missed and not added:
            near = [words for number in out if (words := _near(election, number))]
            names = _ids(election, out)
            return [" ".join([f"Were {names} left out, the winners would be as published: perhaps withdrawn, or "
                              "excluded by another project; the file does not say so.", *near,
                              f"--withdrawn {','.join(names.split(', '))} counts so."])]  # fmt: skip
    return []


def _ids(election: Election, numbers: Iterable[int]) -> str:
    return ", ".join(election.projects[number].id for number in sorted(numbers))


def _near(election: Election, number: int) -> str:
    """The nearest project that the file funds, where it is near enough for both to be for one place."""
    here = _place(election, number)
    places = [(_metres(here, there), other) for other, project in enumerate(election.projects)
              if here and project.published and (there := _place(election, other))]  # fmt: skip
    metres, other = min(places, default=(NEAR + 1.0, -1))
    if metres > NEAR:
        return ""
    return f"{election.projects[number].id} is {metres:.0f} metres from {election.projects[other].id}, which is funded."


def _place(election: Election, number: int) -> tuple[float, float] | None:
    extra = election.projects[number].extra
    try:
        place = float(extra.get("latitude", "")), float(extra.get("longitude", ""))
    except ValueError:
        return None
    return place if abs(place[0]) <= 90 and abs(place[1]) <= 180 else None


def _metres(one: tuple[float, float] | None, other: tuple[float, float]) -> float:
    """Along the great circle."""
    assert one is not None
    (north, east), (north_too, east_too) = (tuple(map(radians, place)) for place in (one, other))
    half = sin((north_too - north) / 2) ** 2 + cos(north) * cos(north_too) * sin((east_too - east) / 2) ** 2
    return 2 * 6_371_000 * asin(sqrt(half))
