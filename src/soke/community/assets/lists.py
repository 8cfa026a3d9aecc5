"""The two lists that a council keeps, as rows of one standard form: assets of community value, and unsuccessful
nominations (Localism Act 2011, ss. 87 and 93).

While a notice of disposal stands the entry reveals the day of the notice and the ends of all three periods that follow
from it, over or not (s. 97(2)).

The columns are those that councils publish of their own accord (one has them as a map layer) under one set of names.
Days are written 2026-03-02; a cell without a value is empty. Owners are left out: they may be private people.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from soke.community.assets.case import Case, day_of
from soke.community.assets.clock import Running, Walk
from soke.community.assets.rules import StepTaken

COLUMNS: Mapping[str, str] = {
    "list": "assets-of-community-value or unsuccessful-nominations",
    "asset_id": "the id of the case",
    "name": "what the asset is called",
    "address": "its address",
    "uprn": "its unique property reference number",
    "council": "who keeps the list",
    "nominated_by": "the body that nominated it",
    "nominated_on": "day on which the council received the nomination",
    "decided_on": "day of the listing or the refusal",
    "reason": "the note of the decision",
    "expires_on": "last day of the listing",
    "notice_on": "day on which the council received the owner's notice of disposal",
    "interim_ends": "last day of the interim moratorium",
    "bid_requested_on": "day on which a group asked to be treated as a bidder",
    "bidder": "the group that asked",
    "full_ends": "last day of the full moratorium, which binds if a group asks in time",
    "protected_ends": "last day on which the owner may sell without a new notice",
    "state": "where the case stands, in words",
    "law": "the regime; a table of the council's own is marked",
    "as_of": "the day that the row is true of",
}


def list_row(case: Case, on: dt.date, state: str) -> dict[str, str] | None:
    """The row of a case on a day; None where it is on neither list."""
    walked = case.walk(upto=on)
    entered = walked.entered
    if entered is None:
        return None
    nomination = _nomination(case, walked.stands[entered.id])
    notice = _running(walked, "interim")
    asked = next((one.when for one in case.regime.clock if one.kind == "bar" and one.when in walked.stands), "")
    bid = _taken(case, asked, on) if asked else None
    row = {
        "list": entered.enters, "asset_id": case.asset, "name": case.file.title, "address": case.file.address,
        "uprn": case.file.uprn, "council": case.file.who.get("council", ""),
        "nominated_by": nomination[0], "nominated_on": nomination[1],
        "decided_on": walked.stands[entered.id].isoformat(), "reason": _taken(case, entered.id, on).note,
        "expires_on": _last(_running(walked, "listing")),
        "notice_on": notice.since.isoformat() if notice else "",
        "interim_ends": _last(notice),
        "bid_requested_on": day_of(bid) if bid else "", "bidder": _who(case, bid),
        "full_ends": _last(_running(walked, "full")),
        "protected_ends": _last(_running(walked, "protected")),
        "state": state, "law": _law(case), "as_of": on.isoformat(),
    }  # fmt: skip
    return {name: row[name] for name in COLUMNS}


def _nomination(case: Case, decided: dt.date) -> tuple[str, str]:
    """Who nominated the asset last before the decision, and when."""
    first = {one.id for one in case.regime.step if one.body and not one.needs}
    found = [one for one in case.steps if one.step in first and one.on <= decided]
    return (found[-1].by or case.name("nominator"), day_of(found[-1])) if found else ("", "")


def _taken(case: Case, step: str, on: dt.date) -> StepTaken:
    """The last time by the day that a step was taken which stands on it."""
    return [one for one in case.steps if one.step == step and one.on <= on][-1]


def _who(case: Case, taken: StepTaken | None) -> str:
    return (taken.by or case.name(case.regime.named(taken.step).who)) if taken else ""


def _running(walked: Walk, name: str) -> Running | None:
    """The clock of an id whose step stands, whether it is over or not."""
    return next((one for one in walked.clocks if one.clock.id == name and one.open), None)


def _law(case: Case) -> str:
    return f"{case.regime.id} [own rules: {case.file.rules}]" if case.file.rules else case.regime.id


def _last(run: Running | None) -> str:
    return run.last.isoformat() if run else ""
