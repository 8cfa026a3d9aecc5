"""What the groups ``asset`` and ``delivery`` share: findings as ``soke check`` prints them, the day, what goes out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import typer

from soke.cli.output import show, tell
from soke.deal import words
from soke.deal.finding import Finding
from soke.report.tables import deals as tables
from soke.table import Answer
from soke.text import counted

ON = typer.Option("", "--on", help="As of which day, such as 2026-04-20; else today.")
KIND = typer.Option([], "--kind", help="With --commands: only entries of this kind. May be repeated.")
STRICT = typer.Option(False, "--strict", help="Warnings count as errors.")


def day_asked(on: str) -> dt.date:
    """The day of ``--on``; today where none is given."""
    return words.day_asked(on, dt.date.today())


def report(findings: Sequence[Finding], clear: str, *, strict: bool, as_json: bool, as_csv: bool) -> None:
    """Print findings and end with 1 where one is an error, or a warning under ``strict``. ``clear`` is said of none."""
    errors = sum(finding.severity == "error" for finding in findings)
    warnings = len(findings) - errors
    if as_json or as_csv:
        facts = {"errors": errors, "warnings": warnings}
        show(Answer(tables.findings(findings), facts), as_json=as_json, as_csv=as_csv)
    else:
        for finding in findings:
            tell(str(finding))
        tell(f"{counted(errors, 'error')}, {counted(warnings, 'warning')}." if findings else clear)
    if errors or (strict and warnings):
        raise typer.Exit(1)
