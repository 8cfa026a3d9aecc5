"""``soke asset due`` and ``soke asset list``: what is due over many cases, and the two lists that a council keeps."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from soke.cli.asset.check import WORDS
from soke.cli.asset.findings import ON
from soke.cli.output import CSV_OPTION, JSON_OPTION, Column, emit, say
from soke.community.assets.case import Case, case_among, read_case
from soke.community.assets.due import Due, calendar_file, follow, within
from soke.community.assets.lists import COLUMNS, list_row
from soke.deal.words import day_asked
from soke.errors import SokeError
from soke.files import not_an_input, write_whole
from soke.table import Cell
from soke.text import day as in_words

MOST_CASES = 20_000
NAMED = 8  # files that are passed over, in a sentence; programs get all
LINES = (
    Column("day", "day"),
    Column("state", ""),
    Column("asset", "asset"),
    Column("what", "what"),
    Column("who", "who"),
    Column("law", "law"),
    Column("grade", "grade"),
)
FOR_PROGRAMS = (*LINES, Column("id", "id"), Column("since", "since"), Column("days_left", "days left", 0))
LIST = tuple(Column(name, name) for name in COLUMNS)
SHOWN = ("list", "name", "nominated_by", "decided_on", "expires_on", "state")


def due(
    cases: list[Path] = typer.Argument(help="Files of cases, or folders of them."),
    on: str = ON,
    within_days: int | None = typer.Option(None, "--within", min=0, help="Only what falls due in so many days."),
    ics: Path | None = typer.Option(None, "--ics", help="Write it as a calendar file too, with reminders."),
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """List what is due over all cases on a day: what, by whom, until when, under which law; the soonest first.

    Overdue things, deadlines, rights that may still be used, moratoria and listings that end, and reminders. A folder
    is read with the folders in it. Of its .toml files those with "asset" or "regime" are cases; the others are named.

    Exit status 0 also where something is overdue, 2 a case has an error, or a .toml file cannot be read.

    Example: soke asset due cases --on 2026-04-20 --within 60

    Example: soke asset due village-hall.toml library.toml --ics reminders.ics
    """
    day = day_asked(on, dt.date.today())
    read = read_cases(cases)
    statuses = [follow(case, day) for case in read.cases]
    found = within(statuses, within_days)
    if ics is not None:
        not_an_input(ics, [*(file for case in read.cases for file in case.files), *read.passed_over])
        write_whole(ics, calendar_file(found, day).encode())
    rows = [_row(one, (one.last - day).days) for one in found]
    if as_json or as_csv:
        emit(rows, FOR_PROGRAMS, as_json=as_json, as_csv=as_csv,
             extra={"on": day.isoformat(), "cases": len(statuses), "passed_over": read.names})  # fmt: skip
        _say_passed_over(read)
        return
    cased = f"{len(statuses)} case{'' if len(statuses) == 1 else 's'}"
    if not rows:
        say(f"Nothing is due in {cased} on {in_words(day)}.")
        _say_passed_over(read)
        return
    emit([{**row, "state": WORDS[str(row["state"])]} for row in rows], LINES, as_json=False, as_csv=False,
         title=f"Due on {in_words(day)}, {cased}")  # fmt: skip
    _say_passed_over(read)


def _row(one: Due, left: int) -> dict[str, Cell]:
    return {"day": one.last.isoformat(), "state": one.state, "asset": one.asset, "what": one.what, "who": one.who,
            "law": one.law, "grade": one.grade, "id": one.id, "since": one.since.isoformat(),
            "days_left": left}  # fmt: skip


def list_assets(
    cases: list[Path] = typer.Argument(help="Files of cases, or folders of them."),
    on: str = ON,
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Print the list of assets of community value and the list of unsuccessful nominations, as they stand on a day.

    --csv and --json have every column of the standard form; owners are left out of all.

    Example: soke asset list cases --on 2026-04-20 --csv
    """
    day = day_asked(on, dt.date.today())
    rows: list[dict[str, Cell]] = []
    read = read_cases(cases)
    for case in read.cases:
        row = list_row(case, day, follow(case, day).state)
        if row:
            rows.append(dict(row))
    rows.sort(key=lambda row: (str(row["list"]), str(row["name"])))
    shown = LIST if as_json or as_csv else tuple(one for one in LIST if one.key in SHOWN)
    emit(rows, shown, as_json=as_json, as_csv=as_csv,
         title=f"Lists on {in_words(day)}",
         extra={"on": day.isoformat(), "cases": len(read.cases), "passed_over": read.names})  # fmt: skip
    _say_passed_over(read)


@dataclass(frozen=True, slots=True)
class Read:
    """The cases that were read, and the .toml files of the folders that are none."""

    cases: tuple[Case, ...]
    passed_over: tuple[Path, ...]

    @property
    def names(self) -> list[str]:
        return [str(one) for one in self.passed_over]


def _say_passed_over(read: Read) -> None:
    """On the other stream, so that a table for programs stays one: nobody should miss a case without being told."""
    if read.passed_over:
        count = len(read.passed_over)
        more = f" and {count - NAMED:,} more" if count > NAMED else ""
        files = "1 file that is no case" if count == 1 else f"{count:,} files that are no cases"
        say(f"Passed over {files}: {', '.join(read.names[:NAMED])}{more}.")


def read_cases(named: Sequence[Path]) -> Read:
    """The cases of files and folders. SokeError for a folder without any, an error in one, a file that cannot be read,
    or an id that two have."""
    found: dict[str, Path] = {}
    cases: list[Case] = []
    passed_over: list[Path] = []
    for path in named:
        before = len(cases)
        for file, must in _files(path):
            case = read_case(file) if must else case_among(file) if file.is_file() else None
            if case is None:
                passed_over.append(file)
                continue
            if case.asset in found:
                fact = f'The asset "{case.asset}" is in {found[case.asset]} too.'
                raise SokeError(fact, "Give each case an id of its own, or name it once.", str(file))
            found[case.asset] = file
            cases.append(case)
        if len(cases) == before:
            raise SokeError("No case is in this folder.", 'A case is a .toml file with asset = "..."', str(path))
    return Read(tuple(cases), tuple(passed_over))


def _files(path: Path) -> Iterator[tuple[Path, bool]]:
    """What is named, which must be a case; of a folder its .toml files, which may be something else."""
    if not path.is_dir():
        yield path, True
        return
    count = 0
    for folder, folders, files in os.walk(path, onerror=_unreadable):
        folders.sort()
        for name in sorted(files):
            if name.lower().endswith(".toml"):
                count += 1
                if count > MOST_CASES:
                    raise SokeError(f"More than {MOST_CASES:,} .toml files are here.", "Name parts of it.", str(path))
                yield Path(folder, name), False
        for name in folders:
            if Path(folder, name).is_symlink():  # not followed: it may lead round in a ring
                yield Path(folder, name), False


def _unreadable(error: OSError) -> None:
    fact = f"The folder cannot be read: {error.strerror}."
    raise SokeError(fact, "Check its permissions, or name the files.", str(error.filename))
