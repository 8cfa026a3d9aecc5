"""What the government promised in the deal: powers handed over, money paid; and breaches that were reported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from soke.deal.types import Power
from soke.register.promise import Status, came_to
from soke.register.promises.line import PromiseLine, number, when
from soke.register.promises.money import FundCame, came_of_funds
from soke.register.standing import rounded
from soke.register.state import DealState, OpenMatter
from soke.text import day as in_words

MOST_NAMED = 3


# --- powers ---


def powers(state: DealState, day: dt.date) -> Iterator[PromiseLine]:
    """Those handed over in time together, those on offer without a day together, each other by itself.

    Powers of councils or of Parliament are the government's to hand over too: it makes the order.
    """
    handed: list[dt.date] = []
    undated: list[str] = []
    promised = {power for one in state.promises.values() for power in one.powers}
    for power in state.deal.powers:
        due, on = _due(state, power), _handed_over(state, power.id)
        if on is not None and (due is None or on <= due):
            handed.append(on)
        elif due is not None:
            yield PromiseLine(side="government", what=f"Power handed over: {power.title}",
                              status=came_to(due, on, day), detail=when(due, on, day), due=due, on=on,
                              evidence="Who gives it recorded it." if on else "",
                              about=f"power:{power.id}")  # fmt: skip
        elif power.id not in promised:
            undated.append(power.title)
    if handed:
        first, last = min(handed), max(handed)
        detail = f"All on {in_words(first)}." if first == last else f"From {in_words(first)} to {in_words(last)}."
        yield PromiseLine(side="government", what=f"{number(len(handed), 'power', 'powers')} handed over",
                          status="kept", detail=detail, due=None, on=last,
                          evidence="Who gives each power recorded it.", about="power", many=len(handed))  # fmt: skip
    if undated:
        what = f"{number(len(undated), 'power', 'powers')} on offer, not handed over"
        yield PromiseLine(side="government", what=what, status="no-day", due=None, on=None, evidence="",
                          detail=f"{_some(undated)}. The deal names no day. Ask for one.", about="power",
                          many=len(undated))  # fmt: skip


def _some(names: Sequence[str]) -> str:
    rest = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
    return "; ".join(names[:MOST_NAMED]) + rest


def _handed_over(state: DealState, named: str) -> dt.date | None:
    """The day on which a power was conferred; of one that was given back since, the day of that."""
    return None if state.powers.get(named, "offered") == "offered" else state.since.get(named)


def _due(state: DealState, power: Power) -> dt.date | None:
    """The day from which a power is in force; or on which it was agreed, or the deal begins, if that is later."""
    if power.in_force is None or state.powers.get(power.id) == "returned":
        return None
    first = next((terms for terms in state.versions if any(one.id == power.id for one in terms.deal.powers)), None)
    agreed = max((on.date() for on in first.signed.values()), default=power.in_force) if first else power.in_force
    begins = max(state.begun or agreed, dt.date(state.deal.years.start, 4, 1))
    return max(power.in_force, agreed, begins)


# --- money ---


def money(state: DealState, day: dt.date) -> Iterator[PromiseLine]:
    """Each fund, over the financial years that have begun: late by itself, the others by what they came to."""
    alike: dict[Status, list[FundCame]] = {}
    for one in came_of_funds(state, day):
        if one.late:
            yield _late(state, one)
        else:
            alike.setdefault(one.status, []).append(one)
    for status, every in alike.items():
        paid, total, undated = (sum(getattr(one, name) for one in every) for name in ("paid", "total", "undated"))
        detail = f"{rounded(paid)} of {rounded(total)} is paid."
        if status == "no-day":
            detail += f" For {rounded(undated)} the deal names no day. Ask for one."
        elif status == "awaited":
            detail += " The rest has its day."
        what = f"Money paid, {number(len(every), 'fund', 'funds').lower()}"
        yield PromiseLine(side="government", what=what, status=status, detail=detail, due=None, on=None,
                          evidence="Who pays recorded each payment." if paid else "", about="fund",
                          many=len(every))  # fmt: skip


def _late(state: DealState, one: FundCame) -> PromiseLine:
    detail = f"{rounded(one.paid)} of {rounded(one.total)} is paid, and {rounded(one.late)} is late."
    detail += f" For {rounded(one.undated)} the deal names no day." if one.undated else ""
    return PromiseLine(side="government", what=f"Money paid: {state.fund(one.fund).title}", status="late",
                       detail=detail, due=one.late_since, on=None,
                       evidence="Who pays recorded each payment." if one.paid else "",
                       about=f"fund:{one.fund}")  # fmt: skip


# --- breaches ---


def breaches(state: DealState, day: dt.date) -> Iterator[PromiseLine]:
    """Each that was reported, unless it was dismissed or withdrawn."""
    for matter in state.matters.values():
        if matter.ground == "breach" and not matter.matter.on("dismiss") and not matter.matter.on("withdraw"):
            yield _breach(state, matter)


def _breach(state: DealState, matter: OpenMatter) -> PromiseLine:
    """It counts as broken once it is found, or once the government has let the time to answer pass."""
    steps, last = matter.matter, matter.matter.taken[-1]
    status: Status = "awaited"
    if steps.on("make-good"):
        status, said = "kept-late", "A breach was reported, and made good."
    elif steps.on("find"):
        status, said = "broken", f"Found to be a breach on {in_words(steps.on('find') or last.on)}."
    elif steps.on("suspend-duty"):
        status, said = "broken", "A breach was reported, and the government did not answer in time."
    elif steps.on("dispute"):
        said = "A breach was reported, and the government disputes it."
    else:
        said = "A breach was reported, and the government has time to answer."
    reason = next((step.reason for step in reversed(steps.taken) if step.reason), "")
    evidence = f"{state.party_name(last.party)}, {in_words(last.on)}" + (f": {reason.rstrip('.')}." if reason else ".")
    return PromiseLine(side="government", what=steps.subject.rstrip("."), status=status,
                       detail=f"{said} Matter {matter.id}.", due=None, on=steps.on("make-good"), evidence=evidence,
                       about=f"matter:{matter.id}")  # fmt: skip
