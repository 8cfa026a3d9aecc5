"""``soke register status``: the scorecard of a deal, or the deals of a register."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import typer

from soke.cli.output import CSV_OPTION, JSON_OPTION, Column, emit, say
from soke.cli.register.card import STATUS, card
from soke.cli.register.init import REGISTER, REHEARSAL, head_of, is_rehearsal, known_deal, moment, on_day, opened
from soke.errors import SokeError
from soke.register.book import Book, register_name
from soke.register.kinds import REGISTER as ABOUT_ITSELF
from soke.register.meaning import state_of
from soke.register.scorecard import FundLine, Scorecard, scorecard
from soke.register.standing import FAILED
from soke.register.state import DealState
from soke.register.storage import Log
from soke.table import Cell
from soke.text import clean
from soke.text import day as in_words

DEALS = (
    Column("deal", "deal"),
    Column("title", "title"),
    Column("status", "status"),
    Column("since", "in force since"),
    Column("conditions_met", "met", 0),
    Column("conditions_missed", "missed", 0),
    Column("open_matters", "open matters", 0),
    Column("overdue", "overdue", 0),
)
FOR_PROGRAMS = (*DEALS, Column("rehearsal", "rehearsal"))
FLAT = tuple(
    Column(key, key)
    for key in (
        "section", "id", "title", "status", "who", "year", "day", "overdue", "allotted_pence", "paid_pence",
        "committed_pence", "spent_pence", "held_pence", "recalled_pence", "late_pence", "words",
        "rehearsal",
    )
)  # fmt: skip

IN_PENCE = ("agreed", "allotted", "paid", "committed", "spent", "held", "recalled", "brought_in", "late", "undated")


def status(
    register: str = REGISTER,
    deal: str | None = typer.Argument(None, help="The id of a deal; not needed where there is one only."),
    on: str | None = typer.Option(None, help="As of which day, such as 2027-05-01; else today."),
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Show how a deal stands: who decides, with whose money, on which conditions, how is it going, what is due.

    Without --on it is of today; in a rehearsal of the day of its last entry. A day in the past is shown as it stood.
    Money is rounded; --json and --csv have it in pence.

    Example: soke register status gm.db

    Example: soke register status gm.db greater-manchester --on 2027-05-01 --json
    """
    with opened(register, write=False) as log:
        book = Book(log)
        day = _day(log, on)
        if deal is None and len(deals := book.deals()) != 1:
            _list(log, deals, day, as_json=as_json, as_csv=as_csv)
            return
        found = scorecard(_state(log, known_deal(book, deal or book.deals()[0]), day), day)
        head = _head(log)
    rehearsal = "yes" if found.rehearsal else "no"
    if as_json or as_csv:
        extra = {**_plain(found), "register_head": head}
        rows = [row | {"rehearsal": rehearsal} for row in _rows(found)]
        emit(rows, FLAT, as_json=as_json, as_csv=as_csv, extra=extra)
        return
    for line in card(found, head):
        typer.echo(clean(" ".join(line.splitlines())))


def _day(log: Log, on: str | None) -> dt.date:
    if on is not None:
        return on_day(on)
    head = head_of(log) if is_rehearsal(log) else None
    return moment(head["at"]).date() if head else dt.datetime.now(dt.UTC).date()


def _state(log: Log, deal: str, day: dt.date) -> DealState:
    """The deal as it stood at the end of a day."""
    entries = log.read(tags=[f"deal:{deal}", f"deal:{ABOUT_ITSELF}"])
    state = state_of(deal, (entry for entry in entries if moment(entry["at"]).date() <= day))
    if not state.versions:
        raise SokeError(f'On {in_words(day)} there was no deal "{deal}" yet.', "Ask for a later day.")
    return state


def _head(log: Log) -> str:
    head = head_of(log)
    if head is None:
        return "The register is empty."
    root = log.tree().root().hex()
    at = in_words(moment(head["at"]).date())
    return f"Register {register_name(log)}: {len(log):,} entries, the last of {at}; head {root[:16]}."


def _list(log: Log, deals: list[str], day: dt.date, *, as_json: bool, as_csv: bool) -> None:
    rows: list[dict[str, Cell]] = []
    rehearsal = is_rehearsal(log)
    for deal in deals:
        try:
            found = scorecard(_state(log, deal, day), day)
        except SokeError as error:
            say(f"soke: {deal}: {error}")
            continue
        rows.append({
            "deal": deal, "title": found.title, "status": STATUS[found.status],
            "since": found.in_force_since.isoformat() if found.in_force_since else "",
            "conditions_met": sum(one.found.status == "met" for one in found.conditions),
            "conditions_missed": sum(
                one.found.status in FAILED or bool(one.untouched_before) for one in found.conditions
            ),
            "open_matters": sum(one.open for one in found.matters),
            "overdue": sum(one.overdue for one in found.due), "rehearsal": "yes" if rehearsal else "no",
        })  # fmt: skip
    columns = FOR_PROGRAMS if as_json or as_csv else DEALS
    title = f"{REHEARSAL} " * rehearsal + f"Deals on {in_words(day)}"
    emit(rows, columns, as_json=as_json, as_csv=as_csv, title=title,
         extra={"rehearsal": rehearsal, "day": day.isoformat()})  # fmt: skip
    if not deals and not (as_json or as_csv):
        say("There is no deal in this register yet. soke register record REGISTER deal.proposed puts one in.")


def _rows(found: Scorecard) -> Iterator[dict[str, Cell]]:
    """The scorecard as one flat table; money in pence."""
    for power in found.powers:
        yield {"section": "power", "id": power.id, "title": power.title, "status": power.status, "who": power.holder,
               "day": _iso(power.since), "words": f"{power.exercise}; recall: {power.recall}"}  # fmt: skip
    for fund in found.funds:
        yield {"section": "fund", "id": fund.id, "title": fund.title, "who": fund.payer, "year": fund.year,
               "status": "late" if fund.late else "", "allotted_pence": fund.allotted, "paid_pence": fund.paid,
               "committed_pence": fund.committed, "spent_pence": fund.spent, "held_pence": fund.held,
               "recalled_pence": fund.recalled, "late_pence": fund.late,
               "words": f"from {fund.payer} to {fund.payee}"}  # fmt: skip
    for one in found.conditions:
        yield {"section": "condition", "id": one.id, "title": one.title, "status": one.status,
               "who": f"{one.reported_by}; {one.checked_by}", "day": _iso(one.found.period_end),
               "words": f"{one.found.why} {one.before.why if one.before else ''}".strip()}  # fmt: skip
    for said in found.communities:
        yield {"section": "communities", "words": said}
    for matter in found.matters:
        yield {"section": "matter", "id": matter.id, "title": matter.title, "status": matter.stands,
               "day": _iso(matter.since), "words": "; ".join(matter.taken)}  # fmt: skip
    for due in found.due:
        yield {"section": "due", "id": due.about, "title": due.what, "who": "; ".join(due.who), "day": _iso(due.day),
               "status": "overdue" if due.overdue else "by" if due.last else "from",
               "overdue": "yes" if due.overdue else "no"}  # fmt: skip


def _iso(date: dt.date | None) -> str:
    return date.isoformat() if date else ""


def _plain(value: Any) -> Any:
    """Dataclasses, days and decimals as JSON has them: decimals as text, sums of a fund with their unit in the key."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        sums = IN_PENCE if isinstance(value, FundLine) else ()
        return {
            f"{item.name}_pence" if item.name in sums else item.name: _plain(getattr(value, item.name))
            for item in dataclasses.fields(value)
        }
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else value
