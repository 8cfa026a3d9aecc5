"""Published outcomes of budgets counted again: every ``.pb`` file of a folder.

A figure that is not reproduced is explained only where ``published_notes.csv`` has the same file with the same
difference: a file that differs in any other way is a failure.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np

from soke.community.budgets.audit import Audit, audit
from soke.community.budgets.beside import funded
from soke.community.budgets.election import Election
from soke.community.budgets.pb import read_election
from soke.community.budgets.registry import find
from soke.community.budgets.rule import Parameters
from soke.community.budgets.words import money
from soke.community.published import PublishedOutcome
from soke.errors import SokeError
from soke.text import counted

ROOM = "budgets"
VOTES, WINNERS = "votes and points of every project", "winners and what they cost"
SOURCE = "pabulib.org"
WIELICZKA = "Poland_Wieliczka_2023_Green_Budget"
REPORT = "equalshares.net, Wieliczka 2023"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Why a figure of a file is not reproduced, with exactly the ids that differ; ``*`` stands for any."""

    published_only: frozenset[str]
    counted_only: frozenset[str]
    conflict: frozenset[str]
    why: str
    source: str

    def explains(self, published_only: Iterable[str], counted_only: Iterable[str]) -> bool:
        any_of = frozenset({"*"})
        return self.published_only in (any_of, frozenset(published_only)) and self.counted_only in (
            any_of, frozenset(counted_only),
        )  # fmt: skip


def notes() -> Mapping[tuple[str, str], Note]:
    """The exceptions, by file (without its ending) and figure (``votes`` or ``winners``)."""
    text = files(__package__).joinpath("published_notes.csv").read_text(encoding="utf-8")
    return {
        (row["file"], row["figure"]): Note(
            published_only=frozenset(row["published_only"].split()),
            counted_only=frozenset(row["counted_only"].split()),
            conflict=frozenset(row["conflict"].split()), why=row["why"], source=row["source"],
        )
        for row in csv.DictReader(text.splitlines())
    }  # fmt: skip


def published_outcomes(folder: Path) -> tuple[PublishedOutcome, ...]:
    """Votes and winners of every ``.pb`` file in ``folder``/community/pb, counted again; and for Wieliczka 2023 what
    was reported about its voters. SokeError where there are no such files."""
    paths = sorted((folder / "community" / "pb").glob("*.pb"))
    if not paths:
        raise SokeError("There are no .pb files in community/pb.", "Name the folder of official files.", str(folder))
    known = notes()
    outcomes: list[PublishedOutcome] = []
    for path in paths:
        outcomes += of_file(path, known)
    return tuple(outcomes)


def of_file(path: Path, known: Mapping[tuple[str, str], Note]) -> list[PublishedOutcome]:
    """What the file publishes, compared."""
    election = read_election(path, path.name, "keep")
    note = known.get((path.stem, "winners"))
    audited = audit(election, conflicts=(note.conflict,) if note and note.conflict else ())
    rows = [_votes(path.stem, audited, known.get((path.stem, "votes")))] if audited.figures else []
    if any(project.published for project in election.projects):
        rows.append(_winners(path.stem, audited, note))
    if path.stem == WIELICZKA and audited.outcome is not None and audited.parameters is not None:
        rows += _wieliczka(path.stem, election, audited.outcome.winners, audited.parameters)
    return rows


def _votes(where: str, audited: Audit, note: Note | None) -> PublishedOutcome:
    wrong = [audited.election.projects[difference.number].id for difference in audited.differences]
    explained = note is not None and bool(wrong) and note.explains(wrong, wrong)
    here = f"{audited.figures - len(wrong):,} the same"
    if wrong:
        here += "; " + "; ".join(
            f"{name} has {difference.counted:,} {difference.figure}, published {difference.published:,}"
            for name, difference in zip(wrong[:5], audited.differences[:5], strict=True)
        )
    return PublishedOutcome(
        room=ROOM, where=where, figure=VOTES, published=counted(audited.figures, "figure"), here=here,
        matches=not wrong, explained=note.why if note and explained else "", source=SOURCE,
    )  # fmt: skip


def _winners(where: str, audited: Audit, note: Note | None) -> PublishedOutcome:
    projects = audited.election.projects
    won = audited.published
    published = _said(len(won), sum(projects[number].cost for number in won))
    if audited.outcome is None:
        here, matches, explained = "not counted", False, note is not None and note.explains((), ())
    else:
        missed, added = ([projects[number].id for number in group] for group in (audited.missed, audited.added))
        here = _said(len(audited.outcome.winners), audited.outcome.total)
        here += f"; without {', '.join(missed)}" if missed else ""
        here += f"; with {', '.join(added)}" if added else ""
        matches = not missed and not added
        explained = not matches and note is not None and note.explains(missed, added)
    return PublishedOutcome(
        room=ROOM, where=where, figure=WINNERS, published=published, here=here, matches=matches,
        explained=note.why if note and explained else "", source=SOURCE,
    )  # fmt: skip


def _said(winners: int, total: int) -> str:
    return f"{counted(winners, 'project')} for {money(total)}"


def _wieliczka(
    where: str, election: Election, winners: tuple[int, ...], parameters: Parameters
) -> list[PublishedOutcome]:
    """What the organisers reported about the voters, and about greedy beside it."""
    greedy = find("greedy").count(election, Parameters(rule="greedy", ties=parameters.ties)).winners
    counts, beside, ballots = funded(election, winners), funded(election, greedy), len(election.ballots)
    figures = [
        ("voters with no project funded, per cent", "18", 100 * counts[0] / ballots),
        ("voters with one project funded, per cent", "45", 100 * counts[1] / ballots),
        ("voters with two projects funded, per cent", "21.2", 100 * counts[2] / ballots),
        ("projects funded for each voter", "1.61", _mean(counts)),
        ("voters with no project funded under greedy, per cent", "28", 100 * beside[0] / ballots),
        ("projects funded for each voter under greedy", "1.47", _mean(beside)),
    ]
    rows = [(figure, said, f"{here:.3f}", _near(here, said)) for figure, said, here in figures]
    votes = np.bincount(election.ballots.chosen, minlength=len(election.projects))
    ours, theirs = set(winners) - set(greedy), set(greedy) - set(winners)
    for figure, said, only in (
        ("projects that only equal shares funds, and their votes", "11 projects, 2,414 votes", ours),
        ("projects that only greedy funds, and their votes", "4 projects, 1,453 votes", theirs),
    ):
        shown = f"{counted(len(only), 'project')}, {counted(int(votes[sorted(only)].sum()), 'vote')}"
        rows.append((figure, said, shown, shown == said))
    return [
        PublishedOutcome(room=ROOM, where=where, figure=figure, published=said, here=here, matches=matches,
                         source=REPORT)
        for figure, said, here, matches in rows
    ]  # fmt: skip


def _mean(counts: tuple[int, ...]) -> float:
    return sum(winners * count for winners, count in enumerate(counts)) / sum(counts)


def _near(here: float, said: str) -> bool:
    """Within one of the last digit that was published: some of these figures were rounded and some were cut off."""
    return abs(here - float(said)) < 10.0 ** -len(said.partition(".")[2])
