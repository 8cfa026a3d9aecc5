"""What of each fund was promised, by which day it came, and what has no day: from the ledger and the payments."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from soke.deal.succession import shared
from soke.register.promise import Promise, Status
from soke.register.state import DealState
from soke.text import year_of

Pot = tuple[str, int, str]  # fund, year, use
Key = tuple[str, int]  # fund, year


@dataclass(frozen=True, slots=True, kw_only=True)
class FundCame:
    """A fund over the financial years that have begun, in pence. ``total`` is what was agreed for each or allotted,
    whichever is more; ``undated`` is not paid, and no day is set for it."""

    fund: str
    total: int
    paid: int
    late: int
    late_since: dt.date | None  # the first day that was missed
    undated: int
    was_late: bool

    @property
    def status(self) -> Status:
        if self.late:
            return "late"
        if self.undated:
            return "no-day"
        if self.paid < self.total:
            return "awaited"
        return "kept-late" if self.was_late else "kept"


def came_of_funds(state: DealState, day: dt.date) -> Iterator[FundCame]:
    """Each fund of which something was agreed for a year that has begun, or allotted."""
    accounts: Counter[tuple[str, int, str]] = Counter()
    for (name, year, _, account), pence in state.ledger.balances.items():
        accounts[name, year, account] += pence
    coming, late, since = _to_come(state, day)
    was_late = set(late_once(state, day))
    runs = state.status in ("in-force", "suspended")
    for fund in state.deal.funds:
        agreed = {row.year: int(row.total * 100) for row in fund.profile if runs and row.year <= year_of(day)}
        allotted_in = {year for name, year, account in accounts if name == fund.id and account == "promised"}
        total = paid = undated = 0
        for year in sorted(allotted_in | agreed.keys()):
            allotted, recalled = -accounts[fund.id, year, "promised"], accounts[fund.id, year, "recalled"]
            came = allotted - accounts[fund.id, year, "allotted"] - recalled
            owed = max(agreed.get(year, 0), allotted) - recalled
            total, paid = total + owed, paid + came
            undated += max(0, owed - came - coming[fund.id, year])
        if total > 0:
            yield FundCame(fund=fund.id, total=total, paid=paid, late=late[fund.id], late_since=since.get(fund.id),
                           undated=undated, was_late=fund.id in was_late)  # fmt: skip


def late_or_coming(state: DealState) -> Iterator[tuple[str, int, str, int, dt.date]]:
    """Fund, year, use, pence still to be paid, and the day that the payer set itself for them."""
    asked: dict[tuple[str, int, str], int] = {}  # all that was to be paid by the day so far
    for promise in sorted(state.pay_by, key=lambda promise: promise.due):
        pot = (promise.fund, promise.year, promise.use)
        covered = -state.ledger.balance(*pot, "promised") - state.ledger.balance(*pot, "allotted")
        before = asked.get(pot, 0)
        asked[pot] = before + promise.pence
        wanting = asked[pot] - max(covered, before)
        if wanting > 0:
            yield *pot, wanting, promise.due


def _to_come(state: DealState, day: dt.date) -> tuple[Counter[Key], Counter[str], dict[str, dt.date]]:
    """Pence still to be paid for which a day is set, by fund and year; what of it is late by the days of allotments,
    and since when, by fund.

    What was allotted with a day and promised besides is one sum of money, so the larger counts.
    """
    allotted, promised, late = Counter[Key](), Counter[Key](), Counter[str]()
    since: dict[str, dt.date] = {}
    for fund, year, _, pence, due in late_or_coming(state):
        allotted[fund, year] += pence
        if due < day:
            late[fund] += pence
            since[fund] = min(due, since.get(fund, due))
    for one in came_of_promises(state).values():
        into = one.promise.into
        parts = shared(one.promise.pence - one.paid, [to.share for to in into])
        for to, pence in zip(into, parts, strict=True):
            promised[to.fund, one.promise.year] += pence
    return allotted | promised, late, since


def late_once(state: DealState, day: dt.date) -> Iterator[str]:
    """Funds of which a payment was to come by a day that is past, and came later or not."""
    yield from state.late_once
    asked, came, read = Counter[Pot](), Counter[Pot](), Counter[Pot]()
    settled = {(one.fund, one.year, one.use): one.settled for one in state.pay_by if one.settled}
    for one in sorted(state.pay_by, key=lambda pay_by: pay_by.due):
        pot = (one.fund, one.year, one.use)
        if one.settled:
            continue
        paid = [(on, pence) for on, pence in state.paid.get(pot, ()) if on >= settled.get(pot, on)]
        while read[pot] < len(paid) and paid[read[pot]][0] <= one.due:
            came[pot] += paid[read[pot]][1]
            read[pot] += 1
        asked[pot] += one.pence
        if one.due < day and came[pot] < asked[pot]:
            yield one.fund


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What came of a promise of money: pence, and the day on which they were all there."""

    promise: Promise
    paid: int
    on: dt.date | None


def came_of_promises(state: DealState) -> dict[str, Came]:
    """By the id of each promise of money. A payment keeps one promise: that with the earliest day, of those made by
    then."""
    left: dict[Key, list[tuple[dt.date, int]]] = {}
    for pot, paid in state.paid.items():
        left.setdefault(pot[:2], []).extend(still_there(state, pot, paid))
    came: dict[str, Came] = {}
    for promise in sorted(state.promises.values(), key=lambda one: (one.due, one.id)):
        if not promise.fund:
            continue
        keys = {to.fund: (to.fund, promise.year) for to in promise.into}
        since = {to.fund: to.since for to in reversed(promise.into)}  # from the first on
        found = sorted((date, fund, pence) for fund, key in keys.items() for date, pence in left.pop(key, ()))
        wanting, on = promise.pence, None
        for date, fund, pence in found:
            taken = min(pence, wanting) if date >= since[fund] else 0
            wanting -= taken
            on = date if taken and not wanting else on
            if pence > taken:
                left.setdefault(keys[fund], []).append((date, pence - taken))
        came[promise.id] = Came(promise=promise, paid=promise.pence - wanting, on=on)
    return came


def still_there(state: DealState, pot: Pot, paid: list[tuple[dt.date, int]]) -> Iterator[tuple[dt.date, int]]:
    """Payments into a pot; what was undone since is off the last of them. Those into a fund that was succeeded stay as
    they stood on that day."""
    if all(fund.id != pot[0] for fund in state.deal.funds):
        yield from paid
        return
    there = -state.ledger.balance(*pot, "promised") - state.ledger.balance(*pot, "allotted")
    for on, pence in paid:
        counts = max(0, min(pence, there))
        there -= counts
        if counts:
            yield on, counts
