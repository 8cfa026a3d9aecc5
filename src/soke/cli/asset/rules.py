"""``soke asset rules``: the tables of steps and clocks, each row with its law, its grade and its source."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import typer

from soke.cli.output import CSV_OPTION, JSON_OPTION, Column, emit
from soke.community.assets.rules import Regime, read_regime, regime, shipped
from soke.deal.words import day_asked
from soke.table import Cell
from soke.text import day as in_words

REGIMES = (
    Column("id", "id"),
    Column("title", "title"),
    Column("in_force", "in force from"),
    Column("clocks", "clocks", 0),
    Column("law", "law"),
    Column("grade", "grade"),
)
CLOCKS = (
    Column("id", "id"),
    Column("kind", "kind"),
    Column("what", "what"),
    Column("who", "who"),
    Column("starts", "starts from"),
    Column("time", "length"),
    Column("law", "law"),
    Column("grade", "grade"),
)
FOR_PROGRAMS = (
    *CLOCKS, Column("counts", "counts"), Column("days", "days"), Column("rolls", "rolls"), Column("when", "when"),
    Column("done_by", "done by"), Column("bars", "bars"), Column("late", "late"), Column("first", "in force from"),
    Column("until", "until"), Column("source", "source"), Column("note", "note"),
)  # fmt: skip


def rules(
    name: str = typer.Argument("", help="The id of a regime, or a file of rules of your own; none: which there are."),
    on: str = typer.Option("", "--on", help="Only clocks in force on this day."),
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Print the rules: which clock starts from which step, how long it runs, under which law, how far to trust it.

    --json and --csv have every column, with the source and the note of each row.

    Example: soke asset rules

    Example: soke asset rules community-right-to-bid --on 2026-04-20 --csv
    """
    if not name:
        rows = [_regime(regime(one)) for one in shipped()]
        emit(rows, REGIMES, as_json=as_json, as_csv=as_csv, title="Rules that come with Soke")
        return
    found = read_regime(Path(name)) if name.endswith(".toml") else regime(name)
    if on:
        found.check_day(day_asked(on, dt.date.today()))
    shown = [
        _clock(found, number)
        for number, one in enumerate(found.clock)
        if not on or one.holds_on(day_asked(on, dt.date.today()))
    ]
    columns = FOR_PROGRAMS if as_json or as_csv else CLOCKS
    since = f"in force since {in_words(found.in_force)}" if found.in_force else "not known to be in force"
    emit(shown, columns, as_json=as_json, as_csv=as_csv, title=f"{found.title}: {since}",
         extra={"regime": found.id, "law": found.law, "note": found.note},
         notes=() if as_json or as_csv else (f"{found.law}. {found.note}",))  # fmt: skip


def _regime(one: Regime) -> dict[str, Cell]:
    return {"id": one.id, "title": one.title, "in_force": one.in_force.isoformat() if one.in_force else "not known",
            "clocks": len(one.clock), "law": one.law, "grade": one.grade}  # fmt: skip


def _clock(found: Regime, number: int) -> dict[str, Cell]:
    one = found.clock[number]
    first, until = one.first or found.in_force, one.until or found.until
    counted = {"after": "after the day of the step", "beginning": "beginning with the day of the step"}[one.counts]
    return {
        "id": one.id, "kind": one.kind, "what": one.what, "who": found.roles[one.who], "starts": ", ".join(one.starts),
        "time": one.time, "law": one.law, "grade": one.grade, "counts": counted, "days": one.days,
        "rolls": "to the next working day" if one.rolls else "no", "when": one.when, "done_by": ", ".join(one.done_by),
        "bars": ", ".join(one.bars), "late": one.late, "first": first.isoformat() if first else "",
        "until": until.isoformat() if until else "", "source": one.source, "note": one.note,
    }  # fmt: skip
