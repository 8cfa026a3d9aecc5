"""What a community decided, as commands for the register: one JSON object a line, for ``soke register record --file``.

The commands of the community rooms never write into a register themselves. They hand over what happened, and the
register's own rules decide whether it may be recorded, by whom, and when.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import typer

from soke.errors import SokeError
from soke.files import write_whole
from soke.register.kinds import check_body

FILE = typer.Option(None, "--commands", help="Write what happened as commands for `soke register record --file`.")
DEAL = typer.Option("", "--deal", help="With --commands: the id of the deal.")
ROLE = typer.Option("", "--as", help="With --commands: the party that records it.")
PERSON = typer.Option("", "--by", help="With --commands: the person who records it.")


def write_commands(
    path: Path, deal: str, role: str, person: str, acts: Iterable[tuple[str, Mapping[str, Any]]]
) -> None:
    """Write ``acts`` (kind and body) as commands. SokeError names a missing option, or a field that is not right.

    A command has an id that follows from what it says: handed over twice, it is recorded once.
    """
    for option, value in (("--deal", deal), ("--as", role), ("--by", person)):
        if not value:
            raise SokeError(f"{option} is missing.", "With --commands, say which deal it is, which party and who.")
    lines = []
    for kind, body in acts:
        check_body(kind, body)
        command: dict[str, Any] = {"deal": deal, "kind": kind, "role": role, "person": person, "body": dict(body)}
        spelled = json.dumps([deal, kind, dict(body)], sort_keys=True, ensure_ascii=False)
        command["id"] = hashlib.sha256(spelled.encode()).hexdigest()[:32]
        lines.append(json.dumps(command, ensure_ascii=False) + "\n")
    write_whole(path, "".join(lines).encode())
