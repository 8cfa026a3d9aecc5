"""``soke assembly ask``: what a panel recommends, as questions to the authority that must be answered by a day."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from soke.cli.for_register import DEAL, PERSON, ROLE, write_commands
from soke.cli.output import CSV_OPTION, JSON_OPTION, Column, emit, say
from soke.community.asking import Asked, read_asking
from soke.community.toml_file import LARGEST
from soke.errors import SokeError
from soke.files import not_an_input, read_whole
from soke.register.kinds import check_body

KIND = "answer.asked"
COLUMNS = (
    Column("id", "id"),
    Column("due", "answer due"),
    Column("community", "community"),
    Column("panel", "panel"),
    Column("text", "recommendation"),
)


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
    found = read_asking(read_whole(file, str(file), LARGEST), str(file))
    acts = [(KIND, _body(one)) for one in found]
    rows = [{"id": one.id, "due": one.due.isoformat(), "community": one.community, "panel": one.panel, "text": one.text}
            for one in found]  # fmt: skip
    if commands is not None:
        not_an_input(commands, [file])
        write_commands(commands, deal, role, person, acts)
    emit(rows, COLUMNS, as_json=as_json, as_csv=as_csv, title="What is asked")
    if commands is not None:
        many = f"{len(acts)} question{'' if len(acts) == 1 else 's'}"
        say(f"Wrote {many} in {commands}, for soke register record --file {commands}.")


def _body(one: Asked) -> dict[str, Any]:
    """The fields of the entry. SokeError with the place in the file where the register would not take one."""
    body: dict[str, Any] = {"answer": one.id, "question": one.text, "due": one.due.isoformat()}
    body |= {name: value for name, value in (("community", one.community), ("panel", one.panel)) if value}
    written = {"answer": "id", "question": "text", "due": "due", "community": "community", "panel": "panel"}
    for name in body:
        try:
            check_body(KIND, {"answer": "x", "question": "x", "due": "2026-04-01"} | {name: body[name]})
        except SokeError as error:
            fact = error.fact.replace(f'"{name}" of an entry {KIND}', f'"{written[name]}"')
            raise SokeError(fact, "Correct it.", one.where(written[name])) from None
    return body
