"""A council's register, a CSV in the draft national form, as the cases of its assets.

The form says less than a case: what it leaves open is filled in the way that changes no clock, written into a note, and
told. Nothing is written where a row cannot be followed by the Act; every such row is told at once.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from soke import meant
from soke.community.assets.calendar import last_day, length
from soke.community.assets.case import NO_DAY, NOT_KNOWN, Checked, check_bytes
from soke.community.assets.national import FORM, LISTED
from soke.community.assets.rules import regime
from soke.community.handed_in import cell_text, rows_of
from soke.deal.toml_text import toml_text
from soke.errors import Faults, SokeError
from soke.files import read_whole, write_whole
from soke.spreadsheets import RISKY
from soke.text import counted
from soke.text import day as said

REGIME = "community-right-to-bid"
LARGEST, LONGEST, MOST = 20_000_000, 100_000, 20_000  # bytes of the file, characters of a cell, rows
# Headings of the form that Soke prints, and others that councils use; dashes, underscores and capitals do not matter.
CALLED: Mapping[str, str] = {
    "asset-id": "reference", "id": "reference", "ref": "reference", "title": "name", "asset": "name",
    "asset-name": "name", "address": "address-text", "council": "organisation", "nominated-by": "nominating-group",
    "nominator": "nominating-group", "nominated-on": "nomination-date", "list": "decision", "status": "decision",
    "decided-on": "decision-date", "date-listed": "decision-date", "expires-on": "expiry-date",
    "notice-on": "notification-to-sell-date", "bidder": "interested-group", "reason": "notes",
    "bid-requested-on": "bid-requested-on", "uprn": "uprn",
}  # fmt: skip
NEEDED = ("name", "decision", "decision-date")
KEPT = ("description", "point", "geometry", "organisation", "entry-date")
YES = frozenset({LISTED, "success", "listed", "approved", "accepted", "registered", "yes", "assetsofcommunityvalue"})
NO = frozenset({"unsuccessful", "refused", "rejected", "notlisted", "declined", "no", "unsuccessfulnominations"})
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?", re.ASCII)
_UNFIT = re.compile(r"[^a-z0-9]+", re.ASCII)
_KINDS = (
    (re.compile(r"\b(parish|town) council\b"), "parish-council"),
    (re.compile(r"\bneighbourhood (planning )?forum\b"), "neighbourhood-forum"),
    (re.compile(r"\bc\.?i\.?c\b|\bcommunity interest company\b"), "community-interest-company"),
)


@dataclass(slots=True)
class Imported:
    """The text of each case by the name of its file, and what was assumed, each with its line."""

    texts: dict[str, str] = field(default_factory=dict)
    assumed: list[str] = field(default_factory=list)

    def write(self, folder: Path) -> None:
        """Write the cases into a folder. SokeError, and nothing is written, where a file of one of the names is."""
        there = next((folder / name for name in self.texts if (folder / name).exists()), None)
        if there:
            fact = f"{there} is there already; a case may say more than the register does."
            raise SokeError(fact, "Name a new folder with --out.", code="file-refused")
        for name, text in self.texts.items():
            write_whole(folder / name, text.encode())


def import_register(path: Path) -> Imported:
    """The cases of a register. SokeError with every row that cannot be one, and why."""
    shown, faults = str(path), Faults()
    rows = rows_of(read_whole(path, shown, LARGEST), shown, faults)
    _, header = next(rows)
    columns = _columns(header, shown)
    made, names = Imported(), dict[str, int]()
    for number, (line, row) in enumerate(rows, start=1):
        if number > MOST:
            raise SokeError(f"There are more than {MOST:,} assets.", "Split the register.", f"{shown}:{line}")
        try:
            cells = {name: _cell(row[at]) for name, at in columns.items()}
            case, assumed = _case(cells)
            name = f"{case['asset']}.toml"
            if name in names:
                fact = f'"{case["asset"]}" is the reference of line {names[name]} already.'
                raise SokeError(fact, "Give each asset a reference of its own.")
            names[name] = line
            made.texts[name] = toml_text(case)
            _followed(made.texts[name], name)
        except SokeError as error:
            faults.add(shown, line, error)
            continue
        made.assumed += [f"{shown}:{line}: {words}" for words in assumed]
    faults.refuse()
    if not made.texts:
        raise SokeError("There is no asset in this register.", "Add a row for each.", shown)
    return made


def _columns(header: Sequence[str], shown: str) -> dict[str, int]:
    """Where the columns of the form stand."""
    found: dict[str, int] = {}
    for at, heading in enumerate(header):
        name = _UNFIT.sub("-", heading.casefold()).strip("-")
        name = CALLED.get(name, name)
        if name in FORM or name in CALLED:
            found.setdefault(name, at)
    if missing := [name for name in NEEDED if name not in found]:
        fact = f'There is no column "{missing[0]}". The columns are {", ".join(header)[:200]}.'
        raise SokeError(fact, f"The form has {', '.join(FORM)}.", f"{shown}:1")
    return found


def _cell(cell: str) -> str:
    """Text on one line, without the apostrophe that keeps a spreadsheet from running it."""
    text = cell_text(" ".join(cell.split()), LONGEST)
    return text[1:] if text.startswith("'") and text[1:].startswith(RISKY) else text


def _case(cells: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    """A row as the tree of a case, and what was assumed."""
    title = cells["name"] or cells.get("address-text", "")
    if not title:
        raise SokeError("The name is empty.", "Name the asset.")
    reference = cells.get("reference", "")
    asset = _UNFIT.sub("-", (reference or title).casefold()).strip("-")[:80].strip("-")
    if not asset:
        raise SokeError(f'No id can be made of "{(reference or title)[:60]}".', "Give the asset a reference.")
    steps, assumed = _steps(cells)
    kept = {name: cells[name] for name in KEPT if cells.get(name)}
    if reference and reference != asset:
        kept["reference"] = reference
    case: dict[str, Any] = {"asset": asset, "title": title, "regime": REGIME}
    case |= {key: cells[name] for key, name in (("address", "address-text"), ("uprn", "uprn")) if cells.get(name)}
    if cells.get("organisation"):
        case["who"] = {"council": cells["organisation"]}
    return case | ({"register": kept} if kept else {}) | {"step": steps}, assumed


def _steps(cells: Mapping[str, str]) -> tuple[list[dict[str, Any]], list[str]]:
    """The steps of a row, in the order of their days."""
    days = {name: _day(text, name) for name, text in cells.items() if name.endswith(("-date", "-on"))}
    nominated, decided = days.get("nomination-date") or days.get("start-date"), days["decision-date"]
    listed = _listed(cells["decision"], decided)
    assumed: list[str] = []
    if not nominated and not decided:
        raise SokeError("There is neither a day of nomination nor of decision.", "Fill in one of them.")
    if nominated and decided and decided < nominated:
        fact = f"The decision, of {said(decided)}, is before the nomination, of {said(nominated)}."
        raise SokeError(fact, "Correct one of the two days.")
    if not nominated:
        assumed.append(f"{NO_DAY} of nomination: the day of the decision is taken.")
    steps = [_taken("nominated", nominated or decided, cells.get("nominating-group", ""), with_kind=True,
                    note="" if nominated else NO_DAY)]  # fmt: skip
    if listed is not None and decided:
        steps.append(_taken("listed" if listed else "refused", decided, note=cells.get("notes", "")))
    if listed and decided:
        steps += _after(cells, days, decided, assumed)
    return sorted(steps, key=lambda step: step["on"]), assumed


def _after(
    cells: Mapping[str, str], days: Mapping[str, dt.date | None], decided: dt.date, assumed: list[str]
) -> Iterator[dict[str, Any]]:
    """What came after a listing: a notice, a group that asked, the end."""
    five = next(clock for clock in regime(REGIME).clock if clock.id == "listing")
    last = last_day(decided, length(five.time), five.counts)
    notice, protected = days.get("notification-to-sell-date"), days.get("protected-period-start-date")
    ends = days.get("expiry-date") or last
    if abs((ends - last).days) > 1:
        assumed.append(f"the register ends the listing on {said(ends)}; by {five.law} it is {said(last)}.")
    if notice and protected and notice != protected:
        assumed.append(f"the protected period begins with the notice, {said(notice)}, not on {said(protected)}.")
    if notice := notice or protected:
        yield _taken("notice", notice)
    if group := cells.get("interested-group"):
        asked = days.get("bid-requested-on")
        if not notice:
            raise SokeError("A group asked to bid, and no day is given for the owner's notice.", "Fill it in.")
        if not asked:
            assumed.append(f"{NO_DAY} on which {group} asked to bid: the day of the notice is taken, no clock starts.")
        yield _taken("bid-requested", asked or notice, group, with_kind=True, note="" if asked else NO_DAY)
    if (end := days.get("end-date")) and end <= last:
        yield _taken("removed", end) | {"ground": NOT_KNOWN}


def _taken(
    step: str, on: dt.date | None, by: str = "", *, with_kind: bool = False, note: str = ""
) -> dict[str, Any]:  # fmt: skip
    more = {"by": by, "kind": _kind(by) if with_kind else "", "note": note}
    return {"step": step, "on": on} | {key: value for key, value in more.items() if value}


def _kind(by: str) -> str:
    """The kind of a body, where its name says it."""
    return next((kind for pattern, kind in _KINDS if pattern.search(by.casefold())), NOT_KNOWN)


def _listed(decision: str, decided: dt.date | None) -> bool | None:
    """Whether the nomination was successful; None where it is not decided."""
    word = "".join(letter for letter in decision.casefold() if letter.isalpha())
    if word in ("", "pending") and not decided:
        return None
    if word not in YES | NO:
        fact = f'The decision is "{decision[:40]}".' if decision else "The decision is empty, and its day is given."
        raise SokeError(fact, "Write successful or unsuccessful.")
    if not decided:
        raise SokeError("The decision has no day.", "Fill in decision-date.")
    return word in YES


def _day(text: str, name: str) -> dt.date | None:
    """A day as the form has it. SokeError that says how to write another."""
    if not text:
        return None
    if (match := _DAY.fullmatch(text)) and (day := meant.date(match[1])):
        return day
    raise SokeError(f'{name} is "{text[:30]}".', f"Write {meant.date(text) or '2021-04-30'}: year, month, day.")


def _followed(text: str, name: str) -> None:
    """SokeError where the Act does not let the case be followed."""
    checked = check_bytes(text.encode(), Path(name))
    findings = checked.findings if isinstance(checked, Checked) else tuple(checked)
    errors = [finding for finding in findings if finding.severity == "error"]
    if errors:
        raise SokeError(errors[0].fact, "Correct the row, or leave it out and write its case by hand.")


def imported_words(made: Imported, folder: Path) -> Iterator[str]:
    """What was written and what was assumed, the first few."""
    few = made.assumed[:20]
    yield from few
    if len(made.assumed) > len(few):
        yield f"... and {counted(len(made.assumed) - len(few), 'other assumption')}: each is in a note of its case."
    yield f"Wrote {counted(len(made.texts), 'case')} in {folder}. Look at them with soke asset list {folder}."
