"""Tables of a delivery agreement: what is due, and outcomes against their targets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from soke.community.delivery import DeliveryDue, DeliveryStatus, Reached
from soke.community.money import pence_said
from soke.table import Answer, Cell, Column, Table
from soke.text import counted
from soke.text import day as in_words

STANDS = {"overdue": "OVERDUE, due by", "due": "due by"}
NOTHING_TO_DO = ("done", "late")
DUE = (
    Column("day", "day"), Column("state", "state", people=False), Column("stands", ""), Column("what", "what"),
    Column("who", "who"), Column("kind", "kind", people=False),
    Column("still_to_pay_pence", "still to pay, pence", "count", people=False),
    Column("still_to_pay_gbp", "still to pay (£)", "plain", digits=2, missing=""),
)  # fmt: skip
OUTCOMES = (
    Column("measure", "outcome"), Column("baseline", "baseline"), Column("target", "target a period"),
    Column("last_reported", "last reported"), Column("period_end_day", "for the period to"), Column("met", "met"),
    Column("periods_met", "periods met"),
)  # fmt: skip


def delivery_due(status: DeliveryStatus) -> Answer:
    """What is still to be done under an agreement; its outcomes in a further table."""
    waiting = [due for due in status.due if due.state not in NOTHING_TO_DO]
    return Answer(_due(waiting, status), _facts(status), (_outcomes(status),))


def delivery_status(status: DeliveryStatus) -> Answer:
    """Outcomes against targets, with the money in sentences; all that was and is due in a further table."""
    return Answer(_outcomes(status), _facts(status), (_due(status.due, status),))


def _due(entries: Iterable[DeliveryDue], status: DeliveryStatus) -> Table:
    caption = f"Due on {in_words(status.on)}: {status.agreement.service}"
    return Table.of("delivery_due", caption, DUE, [_due_row(due) for due in entries])


def _due_row(due: DeliveryDue) -> dict[str, Cell]:
    return {
        "day": due.day.isoformat(), "state": due.state, "stands": STANDS.get(due.state, due.state), "what": due.what,
        "who": due.who, "kind": due.kind, "still_to_pay_pence": due.pence,
        "still_to_pay_gbp": None if due.pence is None else due.pence / 100,
    }  # fmt: skip


def _outcomes(status: DeliveryStatus) -> Table:
    agreement = status.agreement
    caption = f"{agreement.service}, by {agreement.group} for {agreement.commissioner}, on {in_words(status.on)}"
    rows = [_outcome(reached) for reached in status.outcomes]
    return Table.of("delivery_outcomes", f"{caption}: {status.state}", OUTCOMES, rows, *_notes(status))


def _outcome(reached: Reached) -> dict[str, Cell]:
    outcome = reached.outcome
    return {
        "measure": outcome.measure, "baseline": f"{outcome.baseline:f}", "target": f"{outcome.target:f}",
        "last_reported": "" if reached.value is None else f"{reached.value:f}",
        "period_end_day": reached.period_end.isoformat() if reached.period_end else "",
        "met": "not reported" if reached.met is None else "yes" if reached.met else "no",
        "periods_met": f"{reached.periods_met} of {reached.periods}",
    }  # fmt: skip


def _notes(status: DeliveryStatus) -> Iterator[str]:
    late = sum(due.pence or 0 for due in status.due if due.kind == "payment" and due.state == "overdue")
    yield (
        f"Money: {pence_said(status.agreed_pence)} agreed at most, {pence_said(status.fallen_due_pence)} fallen due, "
        f"{pence_said(status.paid_pence)} paid, {pence_said(status.left_pence)} left."
        + (f" {pence_said(late)} is overdue." if late else "")
        + (f" {pence_said(status.beyond_pence)} was paid beyond what fell due." if status.beyond_pence else "")
    )
    if status.soonest_end:
        yield f"Either side may end it: notice today would end it on {in_words(status.soonest_end)}."
    waiting = sum(due.kind == "report" and due.state == "overdue" for due in status.due)
    if waiting:
        yield f"{counted(waiting, 'report')} overdue."
    agreement = status.agreement
    for about, text in (("Staff", agreement.tupe), ("Insurance", agreement.insurance), ("Data", agreement.data)):
        if text:
            yield f"{about}: {text}"


def _facts(status: DeliveryStatus) -> dict[str, object]:
    return {
        "delivery": status.agreement.delivery, "day": status.on.isoformat(), "state": status.state,
        "agreed_pence": status.agreed_pence, "fallen_due_pence": status.fallen_due_pence,
        "paid_pence": status.paid_pence, "most_pence": status.most_pence, "left_pence": status.left_pence,
        "beyond_pence": status.beyond_pence,
        "soonest_end_day": status.soonest_end.isoformat() if status.soonest_end else None,
    }  # fmt: skip
