"""``soke register init``: opens a register with its key."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import typer

from soke.cli.output import say
from soke.cli.register.shared import REGISTER, opened
from soke.deal.words import moment
from soke.errors import SokeError
from soke.register.opening import open_register


def init(
    register: str = REGISTER,
    name: str = typer.Option(help="The name of the register, such as soke.example/greater-manchester."),
    registrar: list[str] = typer.Option(help="Who keeps the register; give it again for each further person."),
    key: Path = typer.Option(help="Where to write the signing key; its public half goes beside it, as KEY.pub."),
    rehearsal: bool = typer.Option(False, "--rehearsal", help="It shows what could be: its users say what time it is."),
    at: str | None = typer.Option(None, help="In a rehearsal: when it is opened, such as 2026-04-01."),
) -> None:
    """Open a register: its first entry names it and who keeps it, and its signing key is made. All, or nothing.

    Stopped half-way it can be run again: it goes on with a key of the same name. A register that exists is never
    touched.

    Example: soke register init gm.db --name soke.example/gm --registrar "Ann Keeper" --key gm.key

    Example: soke register init rehearsal.db --name soke.example/try --registrar Ann --key try.key --rehearsal
    """
    if at is not None and not rehearsal:
        raise SokeError("Only a rehearsal is told what time it is.", "Leave out --at, or add --rehearsal.")
    now = dt.datetime.now(dt.UTC) if at is None else moment(at)
    kept = open_register(register, name, registrar, key, now, rehearsal=rehearsal)
    with opened(register, write=False) as log:
        say(f"Opened the register {name} in {log.where}." + (" It is a rehearsal." if rehearsal else ""))
    if kept:
        say(f"Its key is the one that was in {key}. Never publish two registers under one name.")
    say(f"Keep {key} secret: who has it can sign for the register. Give {key}.pub to everybody.")
