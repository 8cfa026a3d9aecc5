"""Whether the files that a round published belong together: the statement vouches for each, the ballots that are
counted are those of the roll, and their number is that of the codes that were used.

A count reads the ballots of ``round.pb``; a voter finds theirs in ``roll.csv``. A receipt is worth something only if
the two hold the same ballots, so they are compared number by number. Ballots that were blurred have no such numbers:
there, each choice must stand as often in the one as in the other.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import islice, pairwise
from typing import TypeVar

from soke.community.budgets.election import Election
from soke.community.budgets.pb import parse_election
from soke.community.voting.reconciliation import Reconciliation, read_reconciliation
from soke.community.voting.roll import RollLine, read_roll
from soke.community.voting.statement import COUNTS, ELECTION, KEY, ROLL, Statement
from soke.errors import SokeError

Roll = Mapping[str, RollLine]
Choice = tuple[tuple[str, ...], tuple[int, ...]]  # ids of projects, and the points of each where there are any
SHOWN = 3  # ballots that are named where more differ
Read = TypeVar("Read")


def differences(election: Election, roll: Roll) -> list[str]:
    """In which ballots the two differ, number by number, in sentences; none where they hold the same."""
    counted = dict(zip(election.ballots.voters, _choices(election), strict=True))
    found = (
        _difference(number, roll.get(number), counted.get(number))
        for number in sorted(roll.keys() | counted.keys())
        if number not in roll or counted.get(number) != (roll[number].chosen, roll[number].points)
    )
    said = list(islice(found, SHOWN))
    more = sum(1 for _ in found)
    return [*said, f"{more:,} more ballot{' differs' if more == 1 else 's differ'}."] if more else said


def blurred_differences(election: Election, roll: Roll, shown: str) -> list[str]:
    """The same for ballots that were numbered anew: whether each choice stands as often in one as in the other."""
    ranked = election.kind == "ordinal"
    counted = Counter(_unordered(one, ranked) for one in _choices(election))
    rolled = Counter(_unordered((line.chosen, line.points), ranked) for line in roll.values())
    added, gone = (counted - rolled).total(), (rolled - counted).total()
    fact = f"{shown} holds other choices than {ROLL}: {added:,} that are not in the roll, and {gone:,} of it are not"
    return [f"{fact} there."] if added or gone else []


def district_faults(election: Election, roll: Roll) -> list[str]:
    """Which ballots of a code of a district chose what is of another, or are of a district that has no project."""
    of = {one.id: one.district for one in election.projects}
    found = []
    for line in sorted(roll.values(), key=lambda one: one.number):
        others = [one for one in line.chosen if line.district and of.get(one, "") not in ("", line.district)]
        said = f"Ballot {line.number} was cast with a code of {line.district[:60]}, and "
        if others:
            found.append(f"{said}chooses {', '.join(others)[:60]}, of another.")
        elif line.district and line.district not in of.values():
            found.append(f"{said}no project is of that district.")
    more = len(found) - SHOWN
    return [*found[:SHOWN], *([f"{more:,} more with choices of another district."] if more > 0 else [])]


def faults(statement: Statement, contents: Mapping[str, bytes], blurred: Election | None, shown: str) -> list[str]:
    """What is wrong with what was published, in sentences. ``contents`` by the names of the files that are there.
    ``blurred``: the ballots that stand for ``round.pb`` where that is not published, from the file ``shown``."""
    needed = [name for name in (ROLL, ELECTION, COUNTS, KEY) if name != ELECTION or blurred is None]
    found = [f"The statement does not vouch for {name}." for name in needed if name not in statement.files]
    for name in dict.fromkeys((*needed, *contents)):
        if name not in contents:
            found.append(f"{name} is not there.")
        elif name in statement.files and hashlib.sha256(contents[name]).hexdigest() != statement.files[name]:
            found.append(f"{name} is not the file that the round vouches for: it was altered or is of another round.")

    def whole(name: str, read: Callable[[bytes, str], Read]) -> Read | None:
        try:
            return read(contents[name], name) if name in contents else None
        except SokeError as error:
            found.append(f"{name} cannot be read: {error.fact}")
            return None

    roll, election = whole(ROLL, read_roll), whole(ELECTION, parse_election)
    if roll is not None:
        found += differences(election, roll) if election is not None else []
        found += blurred_differences(blurred, roll, shown) if blurred is not None else []
        of_projects = election if election is not None else blurred
        found += district_faults(of_projects, roll) if of_projects is not None else []
        if len(roll) != statement.ballots:
            found.append(f"{ROLL} holds {len(roll):,} ballots, and the statement says {statement.ballots:,}.")
    counts = whole(COUNTS, read_reconciliation)
    if counts is not None:
        name, numbers = counts
        found += numbers.faults()
        if name != statement.round:
            found.append(f"{COUNTS} is of another round.")
        if numbers.ballots != statement.ballots:
            found.append(f"{COUNTS} says {numbers.ballots:,} ballots, and the statement {statement.ballots:,}.")
        rolled = Counter(line.district for line in (roll or {}).values())
        for district in sorted(rolled.keys() | numbers.by_district.keys() if roll is not None else ()):
            if district and rolled[district] != (cast := numbers.by_district[district]):
                found.append(
                    f"{ROLL} holds {rolled[district]:,} ballots of {district[:60]}, and {COUNTS} says {cast:,}."
                )
    return found


def _not_as_counted(roll: Roll, numbers: Reconciliation) -> list[str]:
    """Of which districts the roll holds more or fewer ballots than codes were used."""
    rolled, cast = Counter(line.district for line in roll.values()), numbers.by_district
    return [
        f"{ROLL} holds {rolled[one]:,} ballots of {one[:60]}, and {COUNTS} says {cast[one]:,}."
        for one in sorted(rolled.keys() | cast.keys())
        if one and rolled[one] != cast[one]
    ]


def _choices(election: Election) -> list[Choice]:
    """What each ballot chose, in the order of the file."""
    ballots, ids = election.ballots, [one.id for one in election.projects]
    chosen = ballots.chosen.tolist()
    points = [] if ballots.points is None else ballots.points.tolist()
    return [
        (tuple(ids[number] for number in chosen[start:end]), tuple(points[start:end]))
        for start, end in pairwise(ballots.starts.tolist())
    ]


def _unordered(choice: Choice, ranked: bool) -> object:
    """The order counts on ranked ballots only."""
    chosen, points = choice
    return choice if ranked else frozenset(zip(chosen, points, strict=True)) if points else frozenset(chosen)


def _difference(number: str, line: RollLine | None, counted: Choice | None) -> str:
    if line is None:
        return f"Ballot {number[:40]} is in {ELECTION}, and not in {ROLL}."
    if counted is None:
        return f"Ballot {number} is in {ROLL}, and not in {ELECTION}."
    return f"Ballot {number} is {_said((line.chosen, line.points))} in {ROLL}, and {_said(counted)} in {ELECTION}."


def _said(choice: Choice) -> str:
    chosen, points = choice
    ids = ",".join(chosen)[:60] or "empty"
    return f"{ids} with {','.join(map(str, points))[:60]} points" if points else ids
