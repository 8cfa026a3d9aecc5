"""``soke delivery``: services that community groups deliver; money, outcomes, reports and the break clause."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from soke.cli import for_register
from soke.cli.asset.findings import KIND, ON, STRICT, picked, report
from soke.cli.output import CSV_OPTION, JSON_OPTION, Column, emit, say
from soke.community.delivery import (
    CheckedAgreement,
    DeliveryDue,
    DeliveryStatus,
    check_agreement,
    follow_delivery,
    read_agreement,
)
from soke.community.money import pence_said, to_pence
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
    Column("pounds", "still to pay (£)", 2),
)
FOR_PROGRAMS = (*LINES[:4], Column("kind", "kind"), Column("still_to_pay_pence", "still to pay, pence", 0))
OUTCOMES = (
    Column("measure", "outcome"),
    Column("baseline", "baseline"),
    Column("target", "target a period"),
    Column("value", "last reported"),
    Column("period_end", "for the period to"),
    Column("met", "met"),
    Column("periods", "periods met"),
)
KINDS = ("delivery.agreed", "delivery.received", "delivery.outcome", "delivery.ended")
FILE = typer.Argument(help="The file of an agreement.")


def check(
    agreement: Path = FILE,
    strict: bool = STRICT,
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Check a delivery agreement: money, days, outcomes, reports, what was paid, the break clause.

    Exit status 0 clean or warnings only, 1 errors found, 2 the file cannot be read.

    Example: soke delivery check lunch-club.toml
    """
    found = check_agreement(agreement)
    findings = found.findings if isinstance(found, CheckedAgreement) else tuple(found)
    report(findings, "Clean.", strict=strict, as_json=as_json, as_csv=as_csv)


def due(
    agreement: Path = FILE,
    on: str = ON,
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """List what is due under an agreement on a day: reports, payments, and the end. What was done is left out.

    Exit status 0 also where something is overdue, 2 the agreement has an error.

    Example: soke delivery due lunch-club.toml --on 2027-11-01
    """
    found = follow_delivery(read_agreement(agreement), day_asked(on, dt.date.today()))
    rows = [_row(one, as_json or as_csv) for one in found.due if one.state not in ("done", "late")]
    if not rows and not (as_json or as_csv):
        say(f"Nothing is due on {in_words(found.on)}.")
        return
    _table(rows, found, f"Due on {in_words(found.on)}: {found.agreement.service}", as_json=as_json, as_csv=as_csv)


def status(
    agreement: Path = FILE,
    on: str = ON,
    commands: Path | None = for_register.FILE,
    kind: list[str] = KIND,
    deal: str = for_register.DEAL,
    role: str = for_register.ROLE,
    person: str = for_register.PERSON,
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Show an agreement on a day: money agreed, paid and left; outcomes against targets; when notice would end it.

    Example: soke delivery status lunch-club.toml --on 2027-11-01
    """
    found = follow_delivery(read_agreement(agreement), day_asked(on, dt.date.today()))
    if commands is not None:
        not_an_input(commands, [agreement])
        for_register.write_commands(commands, deal, role, person, acts(found, kind))
    if as_json or as_csv:
        rows = [_row(one, True) for one in found.due]
        _table(rows, found, "", as_json=as_json, as_csv=as_csv)
        return
    emit([_outcome(found, number) for number in range(len(found.outcomes))], OUTCOMES, as_json=False, as_csv=False,
         title=_title(found), notes=tuple(_notes(found)))  # fmt: skip


def _table(rows: list[dict[str, Cell]], found: DeliveryStatus, title: str, *, as_json: bool, as_csv: bool) -> None:
    extra: dict[str, object] = {
        "delivery": found.agreement.delivery, "on": found.on.isoformat(), "state": found.state,
        "agreed_pence": found.agreed_pence, "fallen_due_pence": found.fallen_due_pence, "paid_pence": found.paid_pence,
        "most_pence": found.most_pence, "left_pence": found.left_pence, "beyond_pence": found.beyond_pence,
        "soonest_end": found.soonest_end.isoformat() if found.soonest_end else None,
        "outcomes": [_outcome(found, number) for number in range(len(found.outcomes))],
    }  # fmt: skip
    columns = FOR_PROGRAMS if as_json or as_csv else LINES
    emit(rows, columns, as_json=as_json, as_csv=as_csv, title=title, extra=extra)


def _row(one: DeliveryDue, for_programs: bool) -> dict[str, Cell]:
    row: dict[str, Cell] = {"day": one.day.isoformat(), "state": one.state, "what": one.what, "who": one.who}
    if for_programs:
        return row | {"kind": one.kind, "still_to_pay_pence": one.pence}
    shown = "OVERDUE, due by" if one.state == "overdue" else "due by" if one.state == "due" else one.state
    return row | {"state": shown, "pounds": "" if one.pence is None else one.pence / 100}


def _outcome(found: DeliveryStatus, number: int) -> dict[str, Cell]:
    one = found.outcomes[number]
    met = "not reported" if one.met is None else "yes" if one.met else "no"
    return {
        "measure": one.outcome.measure, "baseline": f"{one.outcome.baseline:f}", "target": f"{one.outcome.target:f}",
        "value": "" if one.value is None else f"{one.value:f}",
        "period_end": one.period_end.isoformat() if one.period_end else "", "met": met,
        "periods": f"{one.periods_met} of {one.periods}",
    }  # fmt: skip


def _title(found: DeliveryStatus) -> str:
    one = found.agreement
    return f"{one.service}, by {one.group} for {one.commissioner}, on {in_words(found.on)}: {found.state}"


def _notes(found: DeliveryStatus) -> Iterator[str]:
    late = sum(one.pence or 0 for one in found.due if one.kind == "payment" and one.state == "overdue")
    yield (
        f"Money: {pence_said(found.agreed_pence)} agreed at most, {pence_said(found.fallen_due_pence)} fallen due, "
        f"{pence_said(found.paid_pence)} paid, {pence_said(found.left_pence)} left."
        + (f" {pence_said(late)} is overdue." if late else "")
        + (f" {pence_said(found.beyond_pence)} was paid beyond what fell due." if found.beyond_pence else "")
    )
    if found.soonest_end:
        yield f"Either side may end it: notice today would end it on {in_words(found.soonest_end)}."
    waiting = sum(one.kind == "report" and one.state == "overdue" for one in found.due)
    if waiting:
        yield f"{waiting} report{'' if waiting == 1 else 's'} overdue."
    one = found.agreement
    for about, text in (("Staff", one.tupe), ("Insurance", one.insurance), ("Data", one.data)):
        if text:
            yield f"{about}: {text}"


def acts(found: DeliveryStatus, kinds: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What happened by the day, as entries of the register. SokeError where the agreement does not say which fund of
    the deal pays, or which undertaking it is under."""
    wanted, one = picked(kinds, KINDS), found.agreement
    for key, what in (
        ("fund", "which fund of the deal pays"),
        ("community", "which undertaking it is under"),
    ):
        if "delivery.agreed" in wanted and not getattr(one, key):
            raise SokeError(f"The agreement does not say {what}.", f'Write {key} = "...", its id in the deal.', one.at)
    for kind, body in _acts(found):
        if kind in wanted:
            yield kind, body


def _acts(found: DeliveryStatus) -> Iterator[tuple[str, dict[str, Any]]]:
    one, name = found.agreement, found.agreement.delivery
    yield "delivery.agreed", {
        "delivery": name, "community": one.community, "fund": one.fund, "group": one.group, "service": one.service,
        "pence": found.agreed_pence, "first": one.first.isoformat(), "last": one.last.isoformat(),
        "break_days": one.break_days,
    }  # fmt: skip
    happened: list[tuple[str, str, dict[str, Any]]] = [
        (paid.on.isoformat(), "delivery.received",
         {"delivery": name, "payment": payment, "pence": to_pence(paid.pounds), "paid_on": paid.on.isoformat()})
        for payment, paid in one.payments
        if paid.on <= found.on
    ]  # fmt: skip
    for came in one.reported:
        if came.on <= found.on:
            met = all(outcome.met(came.values[outcome.id]) for outcome in one.outcome)
            body = {"delivery": name, "period_end": came.period_end.isoformat(), "met": met, "said": came.said}
            happened.append((came.on.isoformat(), "delivery.outcome", body))
    if one.ended and one.ended.notice_on <= found.on:
        body = {"delivery": name, "ends": one.ended.ends.isoformat(), "reason": one.ended.reason}
        happened.append((one.ended.notice_on.isoformat(), "delivery.ended", body))
    for _, kind, body in sorted(happened, key=lambda each: each[0]):
        yield kind, body
