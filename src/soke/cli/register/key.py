"""``soke register key``: which key signs for a register, and how another comes to follow it."""

from __future__ import annotations

from pathlib import Path

import typer

from soke.cli.output import say, tell
from soke.cli.register.shared import REGISTER, opened
from soke.deal.words import moment
from soke.errors import SokeError
from soke.register.key_changes import Changed, make, name_first, reanchor, rotate
from soke.register.keys import keys_in_words
from soke.register.verify import key_text


def key(
    register: str = REGISTER,
    key: Path | None = typer.Option(None, help="The signing key in force; of an old register, the one to be named."),
    new: Path | None = typer.Option(None, help="The new key; made where it is not there."),
    lost: str | None = typer.Option(None, help="How the key in force was lost. All sides must have agreed."),
    person: str | None = typer.Option(None, "--by", help="The registrar who records it."),
    at: str | None = typer.Option(None, help="In a rehearsal: when, such as 2026-04-01."),
) -> None:
    """Show the keys of a register, or have a new key take the place of the old one: the log says so.

    The register alone lists its keys. --key OLD --new NEW: the old key signs the new one, which signs from then on.
    --new NEW: a key is made, and nothing recorded. --new NEW --lost HOW: the new key takes the place of a lost one,
    once both sides and a witness of each deal in force have recorded deal.key-lost. --key OLD: a register from before
    November 2026, whose entries name no key, gets its own.

    Example, list: soke register key gm.db

    Example, change: soke register key gm.db --key gm.key --new gm-2.key --by "Ann Keeper"

    Example, lost: soke register key gm.db --new gm-2.key --lost "The safe burnt out" --by "Ann Keeper"
    """
    if key is None and new is None and lost is None:
        with opened(register, write=False) as log:
            for line in keys_in_words(log):
                tell(line)
        return
    if (key is not None or lost is not None) and not person:
        raise SokeError("--by is missing.", "Name the registrar who records it.")
    when = moment(at) if at else None
    with opened(register, write=key is not None or lost is not None) as log:
        if key is not None and lost is not None:
            raise SokeError("A key that is at hand is not lost.", "Leave out --key or --lost.")
        if new is None and lost is not None:
            raise SokeError("--new is missing.", "Name the key that is to take the place of the lost one.")
        if new is None and key is not None:
            _say(name_first(log, key, str(person), when), key)
        elif new is not None and lost is not None:
            _say(reanchor(log, new, lost, str(person), when), new)
        elif new is not None and key is not None:
            _say(rotate(log, key, new, str(person), when), new)
        elif new is not None:
            _say(make(log, new), new)


def _say(done: Changed, where: Path) -> None:
    if done.made:
        say(f"Made {where}, which is secret, and {where}.pub, which everybody may have.")
    if done.number is not None:
        say(f"Entry {done.number} names the key that signs from there on. Publish with it, and give {where}.pub out:")
    elif not done.made:
        say("It is there already; nothing was left to do:")
    tell(key_text(done.key))
