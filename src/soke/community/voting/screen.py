"""A screen of ballots that are worth a second look. It accuses nobody: it says where to look, and a person looks.

**The one alarm.** Of all N ballots a share P comes from people aged 90 or more (ballots without an age count as
younger). A project with n ballots would get e = nP of them, with a deviation of sqrt(nP(1 - P)), if age had nothing to
do with it. With x of them,

    z = (x - e) / sqrt(e (1 - P))                 where e is 5 or more;
    z = the z of the normal distribution that has the tail P(X >= x) of the binomial distribution, where e is below 5

because the first, with fewer than five expected, calls a handful of grandparents a wonder: 19 where 1.8 were expected
would be 13.0, and is 7.4 (project L195 in Lodz 2022). Only projects with 200 ballots or more are judged, and z from 10
is an alarm. In Wroclaw 2025, where the council went to the prosecutor, project 67 has z = 69.7 (311 of 2,333 ballots);
in the 39 other published files with ages that were tried the highest is 9.2.

**For information only.** Single ages, ways of voting and runs of equal ballots are told with the same z, and are never
an alarm: a school that votes for its own playground gives a z of 20 or 60 in files that nobody has doubted, and a pile
of paper ballots from one table a z of 100.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from soke.community.budgets.election import Ballots, Election, Ints

OLD, ALARM, FEWEST_VOTES, FEWEST_EXPECTED = 90, 10.0, 200, 5.0
OLDEST = 110  # years: of people older than that a country has a handful
REMARKABLE = 5.0  # z from which the strongest sign of another trait is told, for information
_AGE = re.compile(r"(\d{1,4})(?:\.0+)?", re.ASCII)
_TERMS = 400  # of a tail that falls by half or more with each


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """Of ``votes`` ballots for a project, ``unusual`` have the trait, where ``expected`` would."""

    trait: str
    project: str
    name: str
    votes: int
    unusual: int
    expected: float
    z: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """``judged``: the alarm's trait for each project with enough ballots, the highest z first. ``remarks``: for
    information only. ``unscreened``: what could not be looked at, and why, in sentences."""

    judged: tuple[Sign, ...]
    remarks: tuple[Sign, ...]
    notes: tuple[str, ...]
    unscreened: tuple[str, ...]

    @property
    def alarms(self) -> tuple[Sign, ...]:
        return tuple(one for one in self.judged if one.z >= ALARM)


def screen(election: Election) -> Screen:
    ballots = election.ballots
    ages = _ages(ballots)
    judged: tuple[Sign, ...] = ()
    remarks: list[Sign] = []
    notes: list[str] = []
    unscreened: list[str] = []
    if ages is None:
        unscreened.append("The ballots say no age in years, so shares of ages could not be looked at.")
    else:
        judged = _signs(election, old_ballots(election), f"aged {OLD} or more")
        if not judged:
            unscreened.append(f"No project has {FEWEST_VOTES} ballots or more, so none was judged by ages.")
        unknown, odd = int((ages < 0).sum()), int((ages > OLDEST).sum())
        if unknown:
            notes.append(f"{unknown:,} of {len(ages):,} ballots say no age; they count as younger than {OLD}.")
        if odd:
            notes.append(
                f"{odd:,} of {len(ages):,} ballots say an age above {OLDEST}: look whether they were typed so."
            )
        remarks += _strongest(election, [f"aged {age}" if age >= 0 else "" for age in ages.tolist()])
    if "voting_method" in ballots.columns:
        ways = map(str.strip, ballots.columns["voting_method"])
        remarks += _strongest(election, [f"by {way}" if way else "" for way in ways])
    else:
        unscreened.append("The ballots do not say how they were cast, so shares of ways could not be looked at.")
    notes.append(_run(ballots))
    return Screen(judged=judged, remarks=tuple(remarks), notes=tuple(one for one in notes if one),
                  unscreened=tuple(unscreened))  # fmt: skip


def old_ballots(election: Election) -> NDArray[np.bool_]:
    """(ballot,): whether it says an age of 90 or more."""
    ages = _ages(election.ballots)
    return np.zeros(len(election.ballots), bool) if ages is None else ages >= OLD


def z_score(unusual: int, votes: int, share: float) -> float:
    """How far ``unusual`` of ``votes`` is above ``share`` of them, as the docstring of the module defines it."""
    expected = votes * share
    if not 0 < share < 1:
        return 0.0
    if expected >= FEWEST_EXPECTED or unusual <= expected:
        return (unusual - expected) / math.sqrt(expected * (1 - share))
    return _normal(_log_tail(unusual, votes, share))


def _log_tail(least: int, votes: int, share: float) -> float:
    """The logarithm of the chance of ``least`` or more of ``votes``, where that is above what is expected."""
    terms = [
        math.lgamma(votes + 1) - math.lgamma(k + 1) - math.lgamma(votes - k + 1)
        + k * math.log(share) + (votes - k) * math.log1p(-share)
        for k in range(least, min(votes, least + _TERMS) + 1)
    ]  # fmt: skip
    return terms[0] + math.log(math.fsum(math.exp(one - terms[0]) for one in terms))


def _normal(log_tail: float) -> float:
    """The z beyond which the normal distribution has this tail."""
    if log_tail > -600:
        return -NormalDist().inv_cdf(min(math.exp(log_tail), 1 - 1e-12))
    z = math.sqrt(-2 * log_tail)
    for _ in range(3):  # the tail is exp(-z^2 / 2) / (z sqrt(2 pi)) so far out
        z = math.sqrt(-2 * (log_tail + math.log(z * math.sqrt(2 * math.pi))))
    return z


def _ages(ballots: Ballots) -> Ints | None:
    """(ballot,) ages in whole years, -1 where there is none; None where no ballot says one."""
    found = [_AGE.fullmatch(one.strip()) for one in ballots.columns.get("age", ())]
    if not any(found):
        return None
    return np.array([int(one[1]) if one else -1 for one in found], np.int64)


def _signs(election: Election, unusual: NDArray[np.bool_], trait: str) -> tuple[Sign, ...]:
    """Each project with enough ballots, the highest z first."""
    ballots = election.ballots
    votes = np.bincount(ballots.chosen, minlength=len(election.projects))
    found = np.bincount(ballots.chosen[unusual[_whose(ballots)]], minlength=len(election.projects))
    share = float(unusual.mean()) if len(ballots) else 0.0
    enough = np.flatnonzero(votes >= FEWEST_VOTES).tolist()
    signs = [_sign(election, one, trait, int(votes[one]), int(found[one]), share) for one in enough]
    return tuple(sorted(signs, key=lambda one: -one.z))


def _sign(election: Election, project: int, trait: str, votes: int, unusual: int, share: float) -> Sign:
    one, z = election.projects[project], z_score(unusual, votes, share)
    return Sign(
        trait=trait, project=one.id, name=one.name, votes=votes, unusual=unusual, expected=votes * share, z=z
    )  # fmt: skip


def _whose(ballots: Ballots) -> Ints:
    """(choice,): the ballot on which each choice stands."""
    return np.repeat(np.arange(len(ballots)), np.diff(ballots.starts))


def _strongest(election: Election, traits: Sequence[str]) -> Sequence[Sign]:
    """The highest z of all traits of one kind, if it is above :data:`REMARKABLE`. ``traits`` (ballot,); "" is none."""
    ballots = election.ballots
    names, codes = np.unique(np.array(traits), return_inverse=True)
    cells = ballots.chosen * len(names) + codes[_whose(ballots)]
    table = np.bincount(cells, minlength=len(election.projects) * len(names)).reshape(-1, len(names))
    votes = np.bincount(ballots.chosen, minlength=len(election.projects))
    shares = np.bincount(codes, minlength=len(names)) / max(len(ballots), 1)
    expected = votes[:, None] * shares
    with np.errstate(divide="ignore", invalid="ignore"):
        plain = (table - expected) / np.sqrt(expected * (1 - shares))  # never below what is told
    likely = np.argwhere((plain > REMARKABLE) & (votes >= FEWEST_VOTES)[:, None] & (names != ""))
    signs = [
        _sign(election, one, str(names[trait]), int(votes[one]), int(table[one, trait]), float(shares[trait]))
        for one, trait in likely.tolist()
    ]
    top = max(signs, key=lambda one: one.z, default=None)
    return [top] if top is not None and top.z > REMARKABLE else []


def _run(ballots: Ballots) -> str:
    """The longest run of equal ballots, beside what chance would give, where it is far more."""
    starts, chosen = ballots.starts.tolist(), ballots.chosen.tolist()
    keys = [tuple(chosen[start:end]) for start, end in pairwise(starts)]
    longest, length, which = 0, 0, 0
    for place, key in enumerate(keys):
        length = length + 1 if place and key == keys[place - 1] else 1
        if length > longest:
            longest, which = length, place
    share = Counter(keys)[keys[which]] / len(keys) if keys else 1.0
    if share == 1.0:
        return ""
    chance = max(1.0, math.log(len(keys) * (1 - share)) / -math.log(share))
    if longest <= 5 * chance + 5:
        return ""
    return (
        f"{longest} equal ballots stand in a row, where a shuffled file would have about {chance:.0f}. That says "
        "something only if the file keeps the order in which they came, and a pile of paper does the same."
    )
