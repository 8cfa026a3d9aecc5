"""``soke asset due`` and ``soke asset list``: what is due over many cases, and the two lists that a council keeps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import typer

from soke.cli.asset import WORDS
from soke.cli.asset_findings import ON, day_asked
from soke.cli.output import CSV_OPTION, JSON_OPTION, Cell, Column, emit, say
from soke.community.assets.case import Case, read_case
from soke.community.assets.due import Due, calendar_file, follow, within
from soke.community.assets.lists import COLUMNS, list_row
from soke.deal.words import day as in_words
from soke.errors import SokeError
from soke.files import write_whole

MOST_CASES = 20_000
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

    Overdue things, deadlines, rights that may still be used, moratoria and listings that end, and reminders.

    Exit status 0 also where something is overdue, 2 a case has an error.

    Example: soke asset due cases --on 2026-04-20 --within 60

    Example: soke asset due village-hall.toml library.toml --ics reminders.ics
    """
    day = day_asked(on)
    statuses = [follow(case, day) for case in read_cases(cases)]
    found = within(statuses, within_days)
    if ics is not None:
        write_whole(ics, calendar_file(found, day).encode())
    rows = [_row(one, (one.last - day).days) for one in found]
    if as_json or as_csv:
        emit(rows, FOR_PROGRAMS, as_json=as_json, as_csv=as_csv,
             extra={"on": day.isoformat(), "cases": len(statuses)})  # fmt: skip
        return
    cased = f"{len(statuses)} case{'' if len(statuses) == 1 else 's'}"
    if not rows:
        say(f"Nothing is due in {cased} on {in_words(day)}.")
        return
    emit([{**row, "state": WORDS[str(row["state"])]} for row in rows], LINES, as_json=False, as_csv=False,
         title=f"Due on {in_words(day)}, {cased}")  # fmt: skip


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
    day = day_asked(on)
    rows: list[dict[str, Cell]] = []
    for case in read_cases(cases):
        row = list_row(case, day, follow(case, day).state)
        if row:
            rows.append(dict(row))
    rows.sort(key=lambda row: (str(row["list"]), str(row["name"])))
    shown = LIST if as_json or as_csv else tuple(one for one in LIST if one.key in SHOWN)
    emit(rows, shown, as_json=as_json, as_csv=as_csv,
         title=f"Lists on {in_words(day)}", extra={"on": day.isoformat()})  # fmt: skip


def read_cases(named: Sequence[Path]) -> tuple[Case, ...]:
    """The cases of files and folders. SokeError for a folder without any, an error in one, or an id that two have."""
    found: dict[str, Path] = {}
    cases: list[Case] = []
    for path in _files(named):
        case = read_case(path)
        if case.asset in found:
            fact = f'The asset "{case.asset}" is in {found[case.asset]} too.'
            raise SokeError(fact, "Give each case an id of its own, or name it once.", str(path))
        found[case.asset] = path
        cases.append(case)
    return tuple(cases)


def _files(named: Sequence[Path]) -> Iterator[Path]:
    for path in named:
        if not path.is_dir():
            yield path
            continue
        inside = sorted(one for one in path.iterdir() if one.suffix == ".toml" and one.is_file() and _is_case(one))
        if not inside:
            raise SokeError("No case is in this folder.", 'A case is a .toml file with asset = "..."', str(path))
        if len(inside) > MOST_CASES:
            raise SokeError(f"More than {MOST_CASES:,} cases are in this folder.", "Name parts of it.", str(path))
        yield from inside


def _is_case(path: Path) -> bool:
    """Whether a file begins like a case: rules and agreements may stand in the same folder."""
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError:
        return True  # it will say why when it is read
    return any(line.lstrip().startswith(b"asset") for line in head.splitlines())
