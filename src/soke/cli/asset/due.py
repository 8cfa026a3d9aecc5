"""``soke asset due`` and ``soke asset list``: what is due over many cases, and the two lists that a council keeps."""

from __future__ import annotations

from pathlib import Path

import typer

from soke.cli.asset.shared import ON, day_asked
from soke.cli.output import CSV_OPTION, JSON_OPTION, say, show
from soke.community.assets.cases import Cases, read_cases
from soke.community.assets.due import calendar_file
from soke.files import not_an_input, write_whole
from soke.report.tables.assets import asset_lists, assets_due
from soke.text import counted
from soke.text import day as in_words

NAMED = 8  # files that are passed over, in a sentence; programs get all


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

    Exit status 0 also where something is overdue, 2 a case has an error, or a .toml file cannot be read: it is left
    out and named, and the others are shown.

    Example: soke asset due cases --on 2026-04-20 --within 60

    Example: soke asset due village-hall.toml library.toml --ics reminders.ics
    """
    day = day_asked(on)
    read = read_cases(cases).on(day)
    entries = read.due(day, within_days)
    if ics is not None:
        not_an_input(ics, read.files)
        write_whole(ics, calendar_file(entries, day).encode())
    if entries or as_json or as_csv:
        show(assets_due(read, entries, day), as_json=as_json, as_csv=as_csv)
    else:
        say(f"Nothing is due in {counted(len(read.cases), 'case')} on {in_words(day)}.")
    _say_passed_over(read)
    read.stop()


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
    read = read_cases(cases).on(day)
    show(asset_lists(read, day), as_json=as_json, as_csv=as_csv)
    _say_passed_over(read)
    read.stop()


def _say_passed_over(read: Cases) -> None:
    """On the other stream, so that a table for programs stays one: nobody should miss a case without being told."""
    names = read.names_passed_over
    if names:
        count = len(names)
        more = f" and {count - NAMED:,} more" if count > NAMED else ""
        files = "1 file that is no case" if count == 1 else f"{count:,} files that are no cases"
        say(f"Passed over {files}: {', '.join(names[:NAMED])}{more}.")
