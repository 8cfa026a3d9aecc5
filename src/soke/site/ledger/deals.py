"""Powers as deal files that were read have them: who holds each, since when, under which instrument."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from soke import text
from soke.deal.check import check
from soke.deal.types import Deal, Power, Status
from soke.england.places import places
from soke.errors import SokeError
from soke.report.tables.devolution import EXERCISE, NOT_KNOWN
from soke.site.contents import Asked
from soke.site.held_powers import DealPowers, Held, Powers
from soke.table import Column, Table

STATUS: dict[Status, str] = {
    "draft": "draft: nothing in it is agreed", "agreed": "agreed", "in-force": "in force", "suspended": "suspended",
    "ended": "ended",
}  # fmt: skip


def gather_powers(asked: Asked) -> Powers:
    """Of every deal file in the folder asked for, by name. A file with errors, and two deals of one id, say nothing."""
    read: list[DealPowers] = []
    unread: list[tuple[str, str]] = []
    for path in sorted(asked.deals.glob("*.toml")) if asked.deals else ():
        told = _told(path)
        if isinstance(told, tuple):
            unread.append(told)
        elif told is not None:
            read.append(told)
    named = Counter(deal.id for deal in read)
    twice = [(deal.file, "Another file has the same id.") for deal in read if named[deal.id] > 1]
    return Powers(tuple(deal for deal in read if named[deal.id] == 1), (*unread, *twice))


def _told(path: Path) -> DealPowers | tuple[str, str] | None:
    """What a file says; None of a file that is sound and no deal."""
    try:
        checked = check(path, places())
    except SokeError as error:
        return path.name, error.fact
    faults = len(checked.errors)
    if checked.deal is None or faults:
        return (path.name, f"The check finds {text.counted(faults, 'error')} in it.") if faults else None
    return _of(checked.deal, path.name)


def _of(deal: Deal, file: str) -> DealPowers:
    parties = {party.id: party.name for party in deal.parties}
    held = tuple(_held(power, parties.get(power.holder, power.holder)) for power in deal.powers)
    return DealPowers(file, deal.id, deal.title, deal.status, deal.members, held)


def _held(power: Power, holder: str) -> Held:
    return Held(power.title, holder, EXERCISE[power.exercise], power.in_force, power.statutory_basis, power.held_as)


def held_table(deal: DealPowers, number: int) -> Table:
    """One row for each power of a deal, which is the ``number``-th on its page."""
    return Table.of(
        f"powers-held-{number}",
        f"Powers under {text.one_line(deal.title)}",
        (
            Column("title", "Power"),
            Column("holder", "Who holds it"),
            Column("exercise", "Who must agree"),
            Column("since", "Since"),
            Column("under", "Under"),
            Column("grade", "Grade", "grade"),
        ),
        [
            (text.one_line(power.title), text.one_line(power.holder), power.exercise,
             text.day(power.since) if power.since else NOT_KNOWN, text.one_line(power.under) or NOT_KNOWN, power.grade)
            for power in deal.powers
        ],
    )  # fmt: skip


def of_area(deals: Sequence[DealPowers], members: Sequence[str]) -> tuple[DealPowers, ...]:
    """The deals of just these authorities, or of an area that all of them lie in."""
    return tuple(deal for deal in deals if members and set(members) <= set(deal.members))
