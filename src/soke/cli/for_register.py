"""Options of the commands that hand over what a community decided, for ``soke register record --file``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import typer

from soke.errors import SokeError
from soke.files import write_whole
from soke.register.commands import handed_over

FILE = typer.Option(None, "--commands", help="Write what happened as commands for `soke register record --file`.")
DEAL = typer.Option("", "--deal", help="With --commands: the id of the deal.")
ROLE = typer.Option("", "--as", help="With --commands: the party that records it.")
PERSON = typer.Option("", "--by", help="With --commands: the person who records it.")


def write_commands(
    path: Path, deal: str, role: str, person: str, acts: Iterable[tuple[str, Mapping[str, Any]]]
) -> None:
    """Write ``acts`` (kind and body) as commands. SokeError names a missing option, or a field that is not right."""
    for option, value in (("--deal", deal), ("--as", role), ("--by", person)):
        if not value:
            raise SokeError(f"{option} is missing.", "With --commands, say which deal it is, which party and who.")
    write_whole(path, handed_over(deal, role, person, acts))
