"""``soke asset check`` and ``status``: an asset from nomination to transfer, by its file and the clocks of the law."""

from __future__ import annotations

from pathlib import Path

import typer

from soke.cli import for_register
from soke.cli.asset.shared import KIND, ON, STRICT, day_asked, report
from soke.cli.output import CSV_OPTION, JSON_OPTION, show
from soke.community.assets.case import Checked, check_case, read_case
from soke.community.assets.due import follow
from soke.files import not_an_input
from soke.register.handed_over.assets import asset_entries
from soke.report.tables.assets import asset_status

CASE = typer.Argument(help="The file of a case.")


def check(
    case: Path = CASE,
    strict: bool = STRICT,
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Check the case of an asset: steps that are known, in order, allowed, in time, taken by those who may.

    A step that came after its last day but counts is a warning; one that the law forbids, or that lapsed, an error.

    Exit status 0 clean or warnings only, 1 errors found, 2 the file cannot be read.

    Example: soke asset check village-hall.toml
    """
    checked = check_case(case)
    findings = checked.findings if isinstance(checked, Checked) else tuple(checked)
    steps = f"{len(checked.case.steps)} steps" if isinstance(checked, Checked) else ""
    report(findings, f"Clean: {steps}.", strict=strict, as_json=as_json, as_csv=as_csv)


def status(
    case: Path = CASE,
    on: str = ON,
    commands: Path | None = for_register.FILE,
    kind: list[str] = KIND,
    deal: str = for_register.DEAL,
    role: str = for_register.ROLE,
    person: str = for_register.PERSON,
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Show how an asset stands on a day: what was done, what is due and by whom, what may be done now.

    Each line names the law it is from and how far to trust the number. Steps after the day are not seen.

    Exit status 0 also where something is overdue, 2 the case has an error.

    Example: soke asset status village-hall.toml --on 2026-04-20

    Example: soke asset status village-hall.toml --commands steps.jsonl --deal my-deal --as council --by "Ann Lee"
    """
    followed = follow(read_case(case), day_asked(on))
    if commands is not None:
        not_an_input(commands, followed.case.files)
        for_register.write_commands(commands, deal, role, person, asset_entries(followed, kind))
    show(asset_status(followed), as_json=as_json, as_csv=as_csv)
