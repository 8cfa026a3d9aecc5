"""``soke asset``: an asset of a community from nomination to transfer, by its file and the clocks of the law."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import typer

from soke.cli import for_register
from soke.cli.asset.findings import KIND, ON, STRICT, picked, report
from soke.cli.output import CSV_OPTION, JSON_OPTION, Column, emit
from soke.community.assets.case import Checked, check_case, read_case
from soke.community.assets.due import Done, Due, Status, follow
from soke.deal.words import day_asked
from soke.errors import SokeError
from soke.files import not_an_input
from soke.table import Cell
from soke.text import day as in_words

LINES = (
    Column("day", "day"),
    Column("state", ""),
    Column("what", "what"),
    Column("who", "who"),
    Column("law", "law"),
    Column("grade", "grade"),
)
FOR_PROGRAMS = (*LINES, Column("id", "id"), Column("since", "since"), Column("note", "note"))
WORDS: Mapping[str, str] = {
    "overdue": "OVERDUE, due by", "due": "due by", "may": "may, until", "runs": "until", "ends": "ends",
    "reminder": "remember", "lapsed": "lapsed",
}  # fmt: skip
KINDS = ("asset.step", "transfer.promised", "transfer.completed")
CASE = typer.Argument(help="The file of a case.")


def check(
    case: Path = CASE,
    strict: bool = STRICT,
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Check the case of an asset: steps that are known, in order, allowed, in time, taken by those who may.

    A step that came after its last day but counts is a warning; one that the law forbids, or that lapsed, an error.

    Exit status 0 clean or warnings only, 1 errors found, 2 the file cannot be read.

    Example: soke asset check village-hall.toml
    """
    found = check_case(case)
    findings = found.findings if isinstance(found, Checked) else tuple(found)
    steps = f"{len(found.case.steps)} steps" if isinstance(found, Checked) else ""
    report(findings, f"Clean: {steps}.", strict=strict, as_json=as_json, as_csv=as_csv)


def status(
    case: Path = CASE,
    on: str = ON,
    commands: Path | None = for_register.FILE,
    kind: list[str] = KIND,
    deal: str = for_register.DEAL,
    role: str = for_register.ROLE,
    person: str = for_register.PERSON,
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Show how an asset stands on a day: what was done, what is due and by whom, what may be done now.

    Each line names the law it is from and how far to trust the number. Steps after the day are not seen.

    Exit status 0 also where something is overdue, 2 the case has an error.

    Example: soke asset status village-hall.toml --on 2026-04-20

    Example: soke asset status village-hall.toml --commands steps.jsonl --deal my-deal --as council --by "Ann Lee"
    """
    found = follow(read_case(case), day_asked(on, dt.date.today()))
    if commands is not None:
        not_an_input(commands, found.case.files)
        for_register.write_commands(commands, deal, role, person, acts(found, kind))
    rows = [_done(one) for one in found.done] + [_due(one) for one in found.due]
    since = f", since {in_words(found.since)}" if found.since else ""
    title = f"{found.case.file.title} on {in_words(found.on)}: {found.state}{since}"
    extra: dict[str, object] = {
        "asset": found.case.asset, "regime": found.case.regime.id, "rules": found.case.file.rules or None,
        "on": found.on.isoformat(), "state": found.state,
        "since": found.since.isoformat() if found.since else None,
        "may": [{"step": step, "who": who} for step, who in found.may],
    }  # fmt: skip
    if as_json or as_csv:
        emit(rows, FOR_PROGRAMS, as_json=as_json, as_csv=as_csv, extra=extra)
        return
    emit([{**row, "state": WORDS.get(str(row["state"]), row["state"])} for row in rows], LINES, as_json=False,
         as_csv=False, title=title, notes=(*_may(found), _law(found)))  # fmt: skip


def _done(one: Done) -> dict[str, Cell]:
    state = f"late: by {one.late.isoformat()}" if one.late else "done"
    return {"day": one.taken.on.isoformat(), "state": state, "what": one.title, "who": one.who, "law": one.law,
            "grade": one.grade, "id": one.taken.step, "since": one.taken.on.isoformat(),
            "note": one.taken.note}  # fmt: skip


def _due(one: Due) -> dict[str, Cell]:
    return {"day": one.last.isoformat(), "state": one.state, "what": one.what, "who": one.who, "law": one.law,
            "grade": one.grade, "id": one.id, "since": one.since.isoformat(), "note": one.note}  # fmt: skip


def _may(found: Status) -> Iterator[str]:
    """Who may take which steps now, a line a role."""
    by: dict[str, list[str]] = {}
    for step, who in found.may:
        by.setdefault(who, []).append(step)
    for who, steps in by.items():
        yield f"Next may come, from {who}: {', '.join(steps)}."


def _law(found: Status) -> str:
    by = found.case.law(found.case.regime)
    return f"By {by}. What it does not settle, a lawyer does: this counts days, it gives no advice."


def acts(found: Status, kinds: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What happened, as entries of the register: each step; a transfer promised and completed.

    SokeError where steps are asked for that no register takes: it checks them by the rules that come with Soke.
    """
    wanted, file = picked(kinds, KINDS), found.case.file
    if "asset.step" in wanted and (file.rules or file.commencement):
        why = f"rules of your own ({file.rules})" if file.rules else "rules that are not known to be in force"
        fact = f"The case goes by {why}, and a register checks each step by the law that it knows."
        raise SokeError(fact, "Hand over what it takes: --kind transfer.promised --kind transfer.completed.")
    for kind, body in _acts(found):
        if kind in wanted:
            yield kind, body


def _acts(found: Status) -> Iterator[tuple[str, dict[str, Any]]]:
    """A transfer is promised where a day is known for it: ``until`` of its step, or the end of the clock it started."""
    case, promised = found.case, False
    ends = {id(run.by): run.last for run in case.walk(upto=found.on).clocks if run.clock.kind == "deadline"}
    for one in found.done:
        body = {"asset": case.asset, "regime": case.regime.id, "step": one.taken.step, "on": one.taken.on.isoformat(),
                "title": one.title}  # fmt: skip
        more = {"said": one.taken.note, "body_kind": one.taken.kind, "members": one.taken.members}
        yield "asset.step", body | {name: value for name, value in more.items() if value}
        transfer = case.regime.named(one.taken.step).transfer
        last = one.taken.until or ends.get(id(one.taken))
        if transfer == "promised" and last and not promised:
            promised = True
            yield "transfer.promised", {"transfer": case.asset, "asset": case.file.title, "to": case.name("group"),
                                        "due": last.isoformat()}  # fmt: skip
        if transfer == "completed" and promised:
            yield "transfer.completed", {"transfer": case.asset}
