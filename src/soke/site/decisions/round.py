"""A round of a vote that closed: how many voted, and what it published for anybody to check."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from soke.community.budgets.election import Election
from soke.community.budgets.manifest import election_digest
from soke.community.budgets.pb import parse_election
from soke.community.budgets.words import voice_of
from soke.community.voting.first_paper import BEGINS, ENDS, day_of
from soke.community.voting.reconciliation import ChannelCount, read_reconciliation
from soke.community.voting.statement import COUNTS, ELECTION, KEY, ROLL, STATEMENT
from soke.errors import SokeError
from soke.register.round_files import check_round
from soke.report.markup import Child, el
from soke.report.shell import panel
from soke.site.decided import Decided, altered, plain_name, said_plainly, stamp_of, tag_of
from soke.site.decisions.parts import check
from soke.text import counted, one_line

PUBLISHED = (ROLL, ELECTION, COUNTS, KEY, STATEMENT)
CHECKS = (
    ("See whether the files belong together:", "soke round verify ."),
    ("Find your own ballot, with your receipt:", f"soke round find my-receipt.txt {ROLL}"),
)
NOBODY = ChannelCount(channel="all", issued=0, cast=0, spoiled=0, unused=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What the paper of a vote says: its title, the digest of its ballots, its last day, each project and its cost,
    and names of a place."""

    title: str = ""
    digest: str = ""
    day: dt.date | None = None
    projects: tuple[tuple[str, str], ...] = ()
    named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """``counts``: of all codes together, since a table by way of sending could tell of few people. ``paper``: empty
    where the ballots are not published. ``faults``: what does not belong together."""

    name: str
    paper: Paper
    counts: ChannelCount
    files: Mapping[str, bytes]
    faults: tuple[str, ...]
    where: str
    stamp: str

    @property
    def usable(self) -> int:
        """Codes that could be used: all that were sent, but for those that were spoiled."""
        return self.counts.issued - self.counts.spoiled


def read_round(folder: Path, where: str, files: Mapping[str, bytes]) -> Round:
    """A published round, checked: signature, files, ballots, and numbers. Faults stand in it."""
    wrong: list[str] = []
    name, counts, election = folder.name, NOBODY, None
    try:
        checked = check_round(folder, None, None)
        wrong += checked.faults
        name = checked.statement.round if checked.statement else name
        counts = read_reconciliation(files[COUNTS], COUNTS)[1].total if COUNTS in files else NOBODY
        election = parse_election(files[ELECTION], ELECTION) if ELECTION in files else None
    except SokeError as error:
        wrong.append(said_plainly(error, str(folder)))
    bare = election is not None and not election.ballots.columns
    kept = {part: files[part] for part in PUBLISHED if part in files and (part != ELECTION or bare)}
    return Round(name=one_line(name), paper=_paper(election), counts=counts, files=kept, where=where,
                 faults=tuple(dict.fromkeys(wrong)), stamp=stamp_of(files))  # fmt: skip


def _paper(election: Election | None) -> Paper:
    if election is None:
        return Paper()
    voice = voice_of(election)
    return Paper(
        title=election.meta.get("description", ""), digest=election_digest(election), day=day_voted(election),
        projects=tuple((one_line(each.name or each.id)[:160], voice.money(each.cost)) for each in election.projects),
        named=places_named(election),
    )  # fmt: skip


def day_voted(election: Election) -> dt.date | None:
    """The last day of a vote, else its first; None where its paper says neither."""
    return day_of(election.meta, ENDS) or day_of(election.meta, BEGINS)


def places_named(election: Election) -> tuple[str, ...]:
    """What the paper says of where the vote is held, the most exact first."""
    return tuple(filter(None, (election.meta.get(key, "").strip() for key in ("subunit", "unit"))))


def round_alone(found: Round) -> Decided:
    """A round whose count was not handed in, or does not hold: that has a page of its own."""
    name = found.paper.title or found.name
    if found.faults:
        return altered("round", name, found.where, found.faults, found.files)
    called = plain_name(name)
    voted = f"{found.counts.cast:,} of {found.usable:,} people voted, and no count that holds is here"
    return Decided(
        kind="round", name=called, finding=f"{called}: {voted}", where=found.where, stamp=found.stamp,
        day=found.paper.day, tag=tag_of(name), files=found.files, body=found, named=found.paper.named,
    )  # fmt: skip


def turnout(found: Round) -> str:
    """How many codes were sent, and what became of them."""
    counts = found.counts
    parts = [(counts.cast, "used"), (counts.invalid, "on a paper that could not be counted"),
             (counts.spoiled, "spoiled"), (counts.unused, "not used")]  # fmt: skip
    became = ", ".join(f"{count:,} {words}" for count, words in parts if count)
    return f"{counted(counts.issued, 'code was', 'codes were')} sent: {became}."


def main(one: Decided, body: Round) -> list[Child]:
    """All that stands under the heading."""
    rows = [el("li", el("b", name), el("span", cost, class_="cost")) for name, cost in body.paper.projects]
    listed = el("ul", *rows, class_="win") if rows else el("p", "The paper is not published.")
    return [
        el("p", "Who won is not known here. That takes the ballots, counted by a published rule.",
           class_="lead"),
        el("div", panel("paper", "What could be chosen", listed),
           check(one, el("p", turnout(body)), commands=CHECKS), class_="two"),
    ]  # fmt: skip
