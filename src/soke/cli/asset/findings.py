"""What the groups ``asset`` and ``delivery`` share: findings as ``soke check`` prints them, the day, what goes out."""

from __future__ import annotations

from collections.abc import Sequence

import typer

from soke.cli.findings import FINDINGS, finding_rows
from soke.cli.output import emit
from soke.deal.finding import Finding
from soke.errors import SokeError
from soke.text import clean

ON = typer.Option("", "--on", help="As of which day, such as 2026-04-20; else today.")
KIND = typer.Option([], "--kind", help="With --commands: only entries of this kind. May be repeated.")
STRICT = typer.Option(False, "--strict", help="Warnings count as errors.")


def report(findings: Sequence[Finding], clear: str, *, strict: bool, as_json: bool, as_csv: bool) -> None:
    """Print findings and end with 1 where one is an error, or a warning under ``strict``. ``clear`` is said of none."""
    errors = sum(one.severity == "error" for one in findings)
    warnings = len(findings) - errors
    if as_json or as_csv:
        emit(finding_rows(findings), FINDINGS, as_json=as_json, as_csv=as_csv,
             extra={"errors": errors, "warnings": warnings})  # fmt: skip
    else:
        for one in findings:
            typer.echo(clean(str(one)))
        counts = f"{errors} error{'' if errors == 1 else 's'}, {warnings} warning{'' if warnings == 1 else 's'}."
        typer.echo(counts if findings else clear)
    if errors or (strict and warnings):
        raise typer.Exit(1)


def picked(kinds: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """The kinds of entry to hand over: those named by ``--kind``, or all. SokeError for one that is not ``known``."""
    for kind in kinds:
        if kind not in known:
            raise SokeError(f'"{clean(kind[:40])}" is no kind of entry here.', f"Kinds: {', '.join(known)}.", "--kind")
    return tuple(kinds) or tuple(known)
