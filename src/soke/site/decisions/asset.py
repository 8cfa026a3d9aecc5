"""An asset on its way to a community, and a service that a community delivers: the step, what is due, by whom, when."""

from __future__ import annotations

import datetime as dt
import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from soke.community.assets.case import Case, read_case
from soke.community.assets.due import Done, Due, Status, follow
from soke.community.delivery import DeliveryDue, DeliveryStatus, follow_delivery, read_agreement
from soke.community.money import pence_said
from soke.errors import SokeError
from soke.report.markup import Child, Element, el
from soke.report.sections import grade_legend
from soke.report.shell import panel, section
from soke.report.table import folded, to_html
from soke.report.tables.assets import asset_status
from soke.report.tables.delivery import NOTHING_TO_DO, delivery_status
from soke.site.decided import Decided, altered, plain_name, said_plainly, stamp_of, tag_of
from soke.site.decisions.parts import check
from soke.table import Table
from soke.text import day as in_words
from soke.text import one_line

TITLES = {"day": "Day", "stands": "Where it stands", "what": "What", "who": "Who"}  # as a page has them
ASSET_TITLES = TITLES | {"law": "Law", "grade": "How well known"}
OUTCOME_TITLES = {
    "measure": "What should change", "baseline": "Before", "target": "Agreed for each period",
    "last_reported": "Last reported", "period_end_day": "For the period to", "met": "Reached",
    "periods_met": "Periods in which it was reached",
}  # fmt: skip
FIGURES = ("baseline", "target", "last_reported")
OF_DAYS = ("day", "stands", "period_end_day")  # columns that hold days, and no text of anybody
_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")
LAST = 4  # steps that the first screen names
OWNER = "owner"  # may be a private person: named by role alone
PRESSING = ("overdue", "due", "may", "reminder", "runs", "ends")
SIGNS: Mapping[str, tuple[str, str, str]] = {  # class, sign, and words before the day
    "overdue": ("bad", "✗", "Late. It was due by"), "due": ("wait", "", "Due by"),
    "may": ("wait", "", "May be done until"),
    "reminder": ("wait", "", "To remember:"), "runs": ("wait", "", "Until"), "ends": ("wait", "", "Ends on"),
}  # fmt: skip


def read_asset(path: Path, where: str, content: bytes, today: dt.date) -> Decided:
    """The file of a case, as it stands on a day; owners are left out, since they may be private people."""
    files = {path.name: content}
    try:
        case = _without_owner(read_case(path))
        status = follow(case, today)
    except SokeError as error:
        return altered("asset", path.stem, where, [f"{path.name}: {said_plainly(error, str(path.parent))}"], files)
    title = plain_name(case.file.title)
    since = f", since {in_words(status.since)}" if status.since else ""
    late = [due for due in status.due if due.state == "overdue"]
    finding = f"{title}: {status.state}{since}"
    if late:
        finding = f"{title}: {late[0].what.lower()} is late; {late[0].who} had to, by {in_words(late[0].last)}"
    return Decided(
        kind="asset", name=title, finding=one_line(finding), where=where, stamp=stamp_of(files, today),
        day=max((done.taken.on for done in status.done), default=None), tag=tag_of(_head(content), case.file.note),
        files={}, body=status, named=tuple(filter(None, [case.file.who.get("council", "")])),
        late=bool(late),
    )  # fmt: skip


def _without_owner(case: Case) -> Case:
    """The case with the owner named by role, also where a step says who took it."""
    own = case.file.who.get(OWNER, "")
    said = case.regime.roles.get(OWNER, "the owner")
    who = {role: name for role, name in case.file.who.items() if role != OWNER}
    theirs = {step.id for step in case.regime.step if step.who == OWNER}
    steps = tuple(
        replace(taken, by=said if taken.by and (taken.by == own or taken.step in theirs) else taken.by)
        for taken in case.steps
    )
    return replace(case, file=replace(case.file, who=who), steps=steps)


def _head(content: bytes) -> str:
    """The comments of a file, where it may say that it is made up."""
    lines = content.decode("utf-8", "replace").splitlines()
    return "\n".join(line for line in lines if line.startswith("#"))


def asset_main(one: Decided, status: Status) -> list[Child]:
    """All that stands under the heading of a case."""
    case, day = status.case, status.on
    where = f"{case.file.address}. " if case.file.address else ""
    table = _for_people(asset_status(status).table, f"As of {in_words(day)}", ASSET_TITLES)
    return [
        el("p", f"{where}As of {in_words(day)}, under {case.regime.title}.", class_="lead"),
        el("div", panel("due", "What is due, by whom and when", _due_list(status.due)),
           panel("done", "What was done last", _done_list(status.done[-LAST:])), class_="two"),
        section("steps", "Every step, with its law", [to_html(table, file=False), grade_legend()]),
        check(one, el("p", "The days follow from the law that each line names. Whoever has the file of the case can "
                           "work them out again."),
              commands=[("Work the case out again:", _asked("asset", one, day))]),
    ]  # fmt: skip


def _for_people(table: Table, caption: str, titles: Mapping[str, str]) -> Table:
    """A table with heads and days in words, as a page has them; of the notes of a case the last, which names the
    law."""
    days = [column.key in OF_DAYS for column in table.columns]
    rows = tuple(
        tuple(_plainly(str(cell)) if of_day and cell else cell for cell, of_day in zip(row, days, strict=True))
        for row in table.rows
    )
    notes = table.notes[-1:] if titles is ASSET_TITLES else ()
    return replace(table, caption=caption, rows=rows, notes=notes).showing(**titles)


def _plainly(cell: str) -> str:
    days = _DAY.sub(lambda found: in_words(dt.date.fromisoformat(found[0])), cell)
    return days.replace("OVERDUE, due by", "✗ late, was due by")


def _asked(what: str, one: Decided, day: dt.date) -> str:
    return f"soke {what} status {shlex.quote(Path(one.where).name)} --on {day.isoformat()}"


def _due_list(due: Iterable[Due]) -> Element:
    rows = [_row(one.state, one.last, one.what, one.who) for one in due if one.state in PRESSING]
    return el("ul", *rows, class_="dues") if rows else el("p", "Nothing.")


def _row(state: str, day: dt.date, what: str, who: str, more: str = "") -> Element:
    kind, sign, words = SIGNS[state]
    when = f"{sign} {words} {in_words(day)}".strip()
    return el("li", el("b", one_line(what)), el("span", one_line(who)), el("b", f"{when}{more}", class_=kind))


def _done_list(those: Sequence[Done]) -> Element:
    rows = [
        el("li", el("b", one_line(done.title)), el("span", one_line(done.who)),
           el("span", in_words(done.taken.on)), el("b", f"✗ Late: by {in_words(done.late)}", class_="bad")
           if done.late else None)
        for done in reversed(those)
    ]  # fmt: skip
    return el("ul", *rows, class_="dues") if rows else el("p", "No step is on record yet.")


# --- a service that a group delivers ---


def read_delivery(path: Path, where: str, content: bytes, today: dt.date) -> Decided:
    """The file of a delivery agreement, as it stands on a day."""
    files = {path.name: content}
    try:
        status = follow_delivery(read_agreement(path), today)
    except SokeError as error:
        return altered("delivery", path.stem, where, [f"{path.name}: {said_plainly(error, str(path.parent))}"], files)
    agreement = status.agreement
    title = plain_name(agreement.service)
    late = [due for due in status.due if due.state == "overdue"]
    finding = f"{title}, by {agreement.group}: {status.state}"
    if late:
        finding = f"{title}: {late[0].what} is late; {late[0].who} had to, by {in_words(late[0].day)}"
    days = [*(paid.on for paid in agreement.paid), *(report.on for report in agreement.reported)]
    happened = [day for day in days if day <= today]
    return Decided(
        kind="delivery", name=title, finding=one_line(finding), where=where, stamp=stamp_of(files, today),
        day=max(happened, default=agreement.first if agreement.first <= today else None), files={},
        tag=tag_of(_head(content), agreement.note), body=status, named=(agreement.commissioner,), late=bool(late),
    )  # fmt: skip


def delivery_main(one: Decided, status: DeliveryStatus) -> list[Child]:
    """All that stands under the heading of an agreement."""
    agreement, answer = status.agreement, delivery_status(status)
    lead = f"{agreement.group} delivers it for {agreement.commissioner}. As of {in_words(status.on)}: {status.state}."
    waiting = [due for due in status.due if due.state not in NOTHING_TO_DO]
    return [
        el("p", one_line(lead), class_="lead"),
        el("div", panel("due", "What is due next, by whom and when", _waiting(waiting[:LAST])),
           panel("terms", "Money and terms", *(el("p", note) for note in answer.table.notes)), class_="two"),
        section("outcomes", "What should change, and what did", [
            to_html(_for_people(_outcomes(answer.table), f"As of {in_words(status.on)}", OUTCOME_TITLES), file=False),
            *(folded(_for_people(table, table.caption, TITLES), "All that was and is due", file=False)
              for table in answer.tables)]),
        check(one, el("p", "Whoever has the file of the agreement can work it out again."),
              commands=[("Work it out again:", _asked("delivery", one, status.on))]),
    ]  # fmt: skip


def _outcomes(table: Table) -> Table:
    """Figures with commas, and in words what is not there yet."""
    nothing = {"last_reported": "nothing yet", "period_end_day": "none yet"}
    keys = [column.key for column in table.columns]
    rows = []
    for row in table.rows:
        cells = dict(zip(keys, map(str, row), strict=True))
        cells |= {key: f"{Decimal(cells[key]):,f}" for key in FIGURES if cells[key]}
        cells |= {key: words for key, words in nothing.items() if not cells[key]}
        cells["periods_met"] = cells["periods_met"].replace("0 of 0", "none reported yet")
        rows.append(tuple(cells.values()))
    return replace(table, rows=tuple(rows))


def _waiting(due: Iterable[DeliveryDue]) -> Element:
    rows = [_row(one.state, one.day, one.what, one.who, f", {pence_said(one.pence)} still to pay" if one.pence else "")
            for one in due]  # fmt: skip
    return el("ul", *rows, class_="dues") if rows else el("p", "Nothing.")
