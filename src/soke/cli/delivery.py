"""``soke delivery``: services that community groups deliver; money, outcomes, reports and the break clause."""

from __future__ import annotations

from pathlib import Path

import typer

from soke.cli import for_register
from soke.cli.asset.shared import KIND, ON, STRICT, day_asked, report
from soke.cli.output import CSV_OPTION, JSON_OPTION, say, show
from soke.community.delivery import CheckedAgreement, check_agreement, follow_delivery, read_agreement
from soke.files import not_an_input
from soke.register.handed_over.deliveries import delivery_entries
from soke.report.tables.delivery import delivery_due, delivery_status
from soke.text import day as in_words

FILE = typer.Argument(help="The file of an agreement.")


def check(
    agreement: Path = FILE,
    strict: bool = STRICT,
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Check a delivery agreement: money, days, outcomes, reports, what was paid, the break clause.

    Exit status 0 clean or warnings only, 1 errors found, 2 the file cannot be read.

    Example: soke delivery check lunch-club.toml
    """
    checked = check_agreement(agreement)
    findings = checked.findings if isinstance(checked, CheckedAgreement) else tuple(checked)
    report(findings, "Clean.", strict=strict, as_json=as_json, as_csv=as_csv)


def due(
    agreement: Path = FILE,
    on: str = ON,
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """List what is due under an agreement on a day: reports, payments, and the end. What was done is left out.

    Exit status 0 also where something is overdue, 2 the agreement has an error.

    Example: soke delivery due lunch-club.toml --on 2027-11-01
    """
    followed = follow_delivery(read_agreement(agreement), day_asked(on))
    answer = delivery_due(followed)
    if answer.table.rows or as_json or as_csv:
        show(answer, as_json=as_json, as_csv=as_csv)
    else:
        say(f"Nothing is due on {in_words(followed.on)}.")


def status(
    agreement: Path = FILE,
    on: str = ON,
    commands: Path | None = for_register.FILE,
    kind: list[str] = KIND,
    deal: str = for_register.DEAL,
    role: str = for_register.ROLE,
    person: str = for_register.PERSON,
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Show an agreement on a day: money agreed, paid and left; outcomes against targets; when notice would end it.

    Example: soke delivery status lunch-club.toml --on 2027-11-01
    """
    followed = follow_delivery(read_agreement(agreement), day_asked(on))
    if commands is not None:
        not_an_input(commands, [agreement])
        for_register.write_commands(commands, deal, role, person, delivery_entries(followed, kind))
    show(delivery_status(followed), as_json=as_json, as_csv=as_csv)
