"""A council's register of assets in the draft national form, out of cases and into them.

The form is the working draft "Asset of community value" of the specifications for planning data of the Ministry of
Housing, Communities and Local Government (digital-land/specification, version 1.0.0, entry of 4 March 2025): a CSV with
one row an asset. It is a draft, and says so of itself: it may change, and obliges nobody. What it lacks of the list
that the Act asks for (Localism Act 2011, ss. 87, 93 and 97): the ends of the interim and the full moratorium, and the
day on which a group asked to bid. ``soke asset list --csv`` has those.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator, Mapping, Sequence

from soke.community.assets.case import Case, day_of
from soke.community.assets.clock import Running, Walk
from soke.community.assets.rules import StepRule, StepTaken
from soke.spreadsheets import inert

LISTED, REFUSED = "successful", "unsuccessful"
FORM: Mapping[str, str] = {
    "reference": "the reference of the register, else the id of the case",
    "name": "title",
    "address-text": "address",
    "description": "kept in [register]",
    "point": "kept in [register]: coordinates in WGS84",
    "geometry": "kept in [register]: a boundary as WKT",
    "organisation": "the code of the register, else the council",
    "nomination-date": "the day of the step nominated",
    "nominating-group": "who took it",
    "decision": f"{LISTED} where the step is listed, {REFUSED} where it is refused",
    "decision-date": "its day",
    "expiry-date": "last day of the listing",
    "notification-to-sell-date": "the day of the step notice, while the notice stands",
    "interested-group": "who asked to be treated as a bidder on that notice",
    "protected-period-start-date": "the day of the notice again: all periods begin with it",
    "notes": "the note of the decision",
    "entry-date": "kept in [register], else the day of the table",
    "start-date": "the day of the step nominated, once more",
    "end-date": "the day on which the land came off the list",
}


def register_csv(cases: Sequence[Case], on: dt.date) -> str:
    """The register as it stands on a day: every nomination that was decided, also of land that has come off since."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(FORM)
    rows = [row for case in cases if (row := register_row(case, on))]
    writer.writerows([inert(row[name]) for name in FORM] for row in sorted(rows, key=lambda row: row["reference"]))
    return out.getvalue()


def register_row(case: Case, on: dt.date) -> dict[str, str] | None:
    """The row of a case; None where nothing was decided by the day."""
    decision = next(_decisions(case, on), None)
    if decision is None:
        return None
    taken, step = decision
    walked = case.walk(upto=on)
    first = {one.id for one in case.regime.step if one.body and not one.needs}
    nomination = next((one for one in reversed(case.steps) if one.step in first and one.on <= taken.on), None)
    listed = step.enters == "assets-of-community-value"
    notice = next((run.by for run in walked.clocks if run.clock.id == "interim" and run.open), None)
    kept = case.file.register
    row = dict.fromkeys(FORM, "") | {name: kept.get(name, "") for name in ("description", "point", "geometry")}
    row |= {
        "reference": kept.get("reference") or case.asset, "name": case.file.title, "address-text": case.file.address,
        "organisation": kept.get("organisation") or case.file.who.get("council", ""),
        "decision": LISTED if listed else REFUSED, "decision-date": taken.on.isoformat(), "notes": taken.note,
        "entry-date": kept.get("entry-date") or on.isoformat(),
    }  # fmt: skip
    if nomination:
        row["nomination-date"] = row["start-date"] = day_of(nomination)
        row["nominating-group"] = nomination.by or case.file.who.get("nominator", "")
    if listed:
        row |= _of_the_listing(walked, taken, step)
    if notice:
        row["notification-to-sell-date"] = row["protected-period-start-date"] = notice.on.isoformat()
        row["interested-group"] = _asked(case, walked)
    return row


def _decisions(case: Case, on: dt.date) -> Iterator[tuple[StepTaken, StepRule]]:
    """The steps by which the asset came on a list, the last first."""
    for taken in reversed(case.steps):
        step = case.regime.named(taken.step)
        if step.enters and taken.on <= on:
            yield taken, step


def _of_the_listing(walked: Walk, taken: StepTaken, step: StepRule) -> dict[str, str]:
    """Until when the land is listed, and since when it is off the list."""
    run: Running | None = next((run for run in reversed(walked.clocks) if run.by == taken and run.clock.into), None)
    row = {"expiry-date": run.last.isoformat()} if run else {}
    gone = walked.gone.get(step.id)
    if step.id not in walked.stands and gone:
        row["end-date"] = gone.ended.isoformat()
    return row


def _asked(case: Case, walked: Walk) -> str:
    """Who asked to be treated as a bidder on the notice that stands."""
    asked = next((run.clock.when for run in walked.clocks if run.clock.id == "full" and run.open), "")
    if asked not in walked.stands:
        return ""
    taken = next(one for one in reversed(case.steps) if one.step == asked and one.on == walked.stands[asked])
    return taken.by or case.file.who.get(case.regime.named(asked).who, "")
