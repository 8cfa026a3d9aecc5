"""``soke assembly ask``: what a panel recommends, as questions to the authority that must be answered by a day."""

from __future__ import annotations

from pathlib import Path

import typer

from soke.cli.for_register import DEAL, PERSON, ROLE, write_commands
from soke.cli.output import CSV_OPTION, JSON_OPTION, say, show
from soke.community.asking import read_questions
from soke.files import not_an_input
from soke.register.handed_over.panels import question_entries
from soke.report.tables import answers
from soke.text import counted


def ask(
    file: Path = typer.Argument(help="A TOML file: [[recommendation]] with id, text, due; panel and community too."),
    commands: Path | None = typer.Option(
        None, "--commands", help="Write them as commands for `soke register record --file`; else they are listed."
    ),
    deal: str = DEAL,
    role: str = ROLE,
    person: str = PERSON,
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Ask the authority for an answer to each recommendation of a panel, by a day.

    The register's own rules decide whether a party may ask, and whether the day leaves the time that the deal gives.

    Exit status 0 fine, 2 the file has a fault, said with its line.

    Example: soke assembly ask panel.toml --commands asked.jsonl --deal greater-manchester --as residents --by "Ann Lee"
    """
    asked = read_questions(file)
    entries = question_entries(asked)
    if commands is not None:
        not_an_input(commands, [file])
        write_commands(commands, deal, role, person, entries)
    show(answers.questions(asked), as_json=as_json, as_csv=as_csv)
    if commands is not None:
        many = counted(len(entries), "question")
        say(f"Wrote {many} in {commands}, for soke register record --file {commands}.")
