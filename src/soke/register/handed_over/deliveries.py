"""A delivery agreement for the register: what was agreed, what the group received and reported, and its end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from soke.community.delivery import DeliveryStatus
from soke.community.money import to_pence
from soke.errors import SokeError
from soke.register.handed_over.entries import Entry, asked_kinds, of_kinds

KINDS = ("delivery.agreed", "delivery.received", "delivery.outcome", "delivery.ended")
NEEDED = (("fund", "which fund of the deal pays"), ("community", "which undertaking it is under"))


def delivery_entries(status: DeliveryStatus, kinds: Sequence[str] = ()) -> tuple[Entry, ...]:
    """What happened by the day of ``status``, of all ``kinds`` where none is named. SokeError where the agreement does
    not say which fund of the deal pays, or which undertaking it is under."""
    wanted, agreement = asked_kinds(kinds, KINDS), status.agreement
    for key, what in NEEDED:
        if "delivery.agreed" in wanted and not getattr(agreement, key):
            fix = f'Write {key} = "...", its id in the deal.'
            raise SokeError(f"The agreement does not say {what}.", fix, agreement.at)
    return tuple(of_kinds(_entries(status), wanted))


def _entries(status: DeliveryStatus) -> Iterator[Entry]:
    """What was agreed, then what happened in order of time."""
    agreement = status.agreement
    yield "delivery.agreed", {
        "delivery": agreement.delivery, "community": agreement.community, "fund": agreement.fund,
        "group": agreement.group, "service": agreement.service, "pence": status.agreed_pence,
        "first": agreement.first.isoformat(), "last": agreement.last.isoformat(),
        "break_days": agreement.break_days,
    }  # fmt: skip
    happened = [(on, kind, body) for on, (kind, body) in _happened(status)]
    for _, kind, body in sorted(happened, key=lambda each: each[0]):
        yield kind, body


def _happened(status: DeliveryStatus) -> Iterator[tuple[str, Entry]]:
    """Payments, reports and notice by the day, each with its own day."""
    agreement, name = status.agreement, status.agreement.delivery
    for payment, paid in agreement.payments:
        if paid.on <= status.on:
            on = paid.on.isoformat()
            body = {"delivery": name, "payment": payment, "pence": to_pence(paid.pounds), "paid_on": on}
            yield on, ("delivery.received", body)
    for report in agreement.reported:
        if report.on <= status.on:
            met = all(outcome.met(report.values[outcome.id]) for outcome in agreement.outcome)
            period_end = report.period_end.isoformat()
            body = {"delivery": name, "period_end": period_end, "met": met, "said": report.said}
            yield report.on.isoformat(), ("delivery.outcome", body)
    if agreement.ended and agreement.ended.notice_on <= status.on:
        body = {"delivery": name, "ends": agreement.ended.ends.isoformat(), "reason": agreement.ended.reason}
        yield agreement.ended.notice_on.isoformat(), ("delivery.ended", body)
