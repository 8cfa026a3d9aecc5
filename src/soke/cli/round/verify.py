"""``soke round verify``: whether all that a round published belongs together."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import typer

from soke.cli.output import say
from soke.cli.round.close import opened_note
from soke.cli.round.open import read
from soke.community.budgets.pb import read_election
from soke.community.voting.statement import ELECTION, KEY, ROLL, STATEMENT, read_statement
from soke.community.voting.verification import faults
from soke.errors import SokeError
from soke.register.checkpoint import read_verifier_key
from soke.register.verify import Failed, VerifierKey
from soke.text import one_line


def verify(
    folder: Path = typer.Argument(metavar="FOLDER", help="What the round published: the folder that close wrote."),
    key: Path | None = typer.Option(None, help="The key of the round; without it, round.pub in the folder is taken."),
    blurred: Path | None = typer.Option(
        None, help="What soke round publish made of round.pb, where round.pb itself is not published."
    ),
) -> None:
    """Check what a round published, before you count it: signature, files, ballots, and numbers.

    The statement is signed by the round, and names the SHA-256 of each file; each ballot of round.pb is that of
    roll.csv, by number; and there are as many as codes that were used. With --blurred each choice must stand as often
    in that file as in roll.csv. Take the key from a source that you trust, best from before the vote.

    Exit status 0: VERIFIED; 1: NOT VERIFIED, and what differs; 2: a file cannot be read.

    Example: soke round verify elm-result --key elm.box.key.pub
    """
    if not folder.is_dir():
        raise SokeError("There is no such folder.", "Name the folder that soke round close wrote.", str(folder))
    public = read_verifier_key(key or folder / KEY)
    try:
        statement = read_statement(opened_note(folder / STATEMENT, public, "statement"))
    except Failed as error:
        _stop([str(error)])
    if statement is None:
        fix = f"Fetch {STATEMENT} of the round again."
        raise SokeError("This is signed by the round, but it is no statement.", fix, str(folder / STATEMENT))
    contents = {
        name: read(folder / name) for name in dict.fromkeys((*statement.files, ROLL, ELECTION, KEY))
        if (folder / name).exists()
    }  # fmt: skip
    found = faults(statement, contents, read_election(blurred) if blurred else None, str(blurred))
    if key is not None and KEY in contents and _key(folder / KEY) != public:
        found.append(f"{KEY} is another key than {key}.")
    if found:
        _stop(found)
    print(f"VERIFIED. The round {statement.round} vouches for {', '.join(contents)}.")
    where = [*([ELECTION] if ELECTION in contents else []), *([str(blurred)] if blurred else [])]
    print(one_line(f"The {statement.ballots:,} ballots of {ROLL} are those of {' and of '.join(where)}; as many codes "
                   "were used."))  # fmt: skip
    if ELECTION not in contents:
        say(f"Without {ELECTION}, hold budget and costs in {blurred} against the ballot paper yourself.")
    if key is None:
        say("The key was taken from the folder; a key from before the vote proves more (--key).")


def _key(path: Path) -> VerifierKey | None:
    try:
        return read_verifier_key(path)
    except SokeError:
        return None


def _stop(found: list[str]) -> NoReturn:
    print(f"NOT VERIFIED. {len(found)} thing{' is' if len(found) == 1 else 's are'} wrong:")
    for one in found:
        print(one_line(one))
    raise typer.Exit(1)
