"""``soke register record``: what a person wants recorded, one entry or a file of them."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import typer

from soke.cli.output import CSV_OPTION, JSON_OPTION, progress_bar, say, show, tell
from soke.cli.register.shared import REGISTER, opened
from soke.deal.words import moment, on_day
from soke.errors import SokeError
from soke.register.book import Command
from soke.register.commands import Order, read_orders, record_all
from soke.register.fields import body_of
from soke.register.history import Tellers, as_recorded
from soke.report.tables import register as tables


def record(
    register: str = REGISTER,
    kind: str | None = typer.Argument(None, help="The kind of entry, such as fund.paid; --kinds lists them."),
    deal: str | None = typer.Option(None, help="The id of the deal."),
    role: str | None = typer.Option(None, "--as", help="In which role: the id of a party, or registrar."),
    person: str | None = typer.Option(None, "--by", help="Who records it: a person who acts for that party."),
    settings: list[str] = typer.Option([], "--set", help="A field: name=value. pounds=1,234.56 stands for pence."),
    body: Path | None = typer.Option(None, help="A JSON file with the fields."),
    terms: Path | None = typer.Option(None, help="For deal.proposed: the deal file. It must check without errors."),
    id: str = typer.Option("", help="An id of this command: sent again with it, it is recorded once."),
    at: str | None = typer.Option(None, help="In a rehearsal: when, such as 2026-04-01 or 2026-04-01T09:30:00Z."),
    again: bool = typer.Option(False, "--again", help="Record it, although the same was recorded within a day."),
    today: str | None = typer.Option(None, help="Say what day it is, where the last entry is long past: 2027-03-01."),
    file: Path | None = typer.Option(None, "--file", help="Many commands, one JSON object a line."),
    root: Path | None = typer.Option(None, help="Where the terms named in --file lie; else beside it."),
    quiet: bool = typer.Option(False, "--quiet", help="Do not print each entry."),
    kinds: bool = typer.Option(False, "--kinds", help="List the kinds of entry and who may record them."),
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Record what was done, as one entry or as a file of commands. What a rule of the deal forbids is refused.

    A command in a file is an object with deal, kind, role, person, body; it may have an id, in a rehearsal a time (at),
    and for deal.proposed the path of a deal file (terms). They are recorded in order, until one is refused. The same
    file sent again records nothing twice.

    Exit status 0 recorded (or recorded before), 2 refused: a sentence says why, and nothing of it is written.

    Example: soke register record gm.db fund.paid --deal greater-manchester --as mhclg --by "Min Smith"
    --set fund=growth-and-place --set year=2026-27 --set use=revenue --set pounds=15,000,000

    Example, a slip set right: soke register record gm.db entry.corrected --deal greater-manchester --as mhclg
    --by "Min Smith" --set entry=45 --set "reason=A nought too many" --set right.pounds=1,500,000

    Example: soke register record gm.db --file commands.jsonl
    """
    if kinds:
        show(tables.kinds(), as_json=as_json, as_csv=as_csv)
        return
    if file is not None:
        if any((kind, deal, role, person, settings, body, terms, id, at, again)):
            raise SokeError("--file brings its commands with it.", "Leave out the kind and the other options.")
        _record(register, read_orders(file, root or file.parent), today, quiet=quiet, of_file=True)
        return
    _check_given({"KIND": kind, "--deal": deal, "--as": role, "--by": person})
    command = Command(deal=str(deal), kind=str(kind), role=str(role), person=str(person),
                      body=body_of(str(kind), settings, body) | ({"again": True} if again else {}), id=id)  # fmt: skip
    order = Order(command=command, at=moment(at) if at else None, terms=terms)
    _record(register, [order], today, quiet=quiet, of_file=False)


def _check_given(options: Mapping[str, str | None]) -> None:
    missing = [name for name, value in options.items() if not value]
    if missing:
        raise SokeError(f"{missing[0]} is missing.", "soke register record --help shows an example.")


def _record(register: str, orders: Sequence[Order], today: str | None, *, quiet: bool, of_file: bool) -> None:
    """Record and tell each entry; where nothing of a file is told on a terminal, a bar shows how far it is."""
    count: Counter[bool] = Counter()
    told_here = not quiet and sys.stdout.isatty()
    with opened(register, write=True) as log, progress_bar(told_here or not of_file, "Recording") as bar:
        tellers, task = Tellers(log), bar.add_task("entries", total=len(orders))
        for entry in record_all(log, orders, on_day(today) if today else None):
            count[entry.again] += 1
            bar.advance(task)
            if not quiet:
                tell(as_recorded(tellers.tell(entry.deal, entry.number), again=entry.again))
    if of_file:
        say(f"{count[False]} recorded." + (f" {count[True]} were there already." if count[True] else ""))
