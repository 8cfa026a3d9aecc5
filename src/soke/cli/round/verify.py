"""``soke round verify``: whether all that a round published belongs together."""

from __future__ import annotations

from pathlib import Path

import typer

from soke.cli.output import say, tell
from soke.community.voting.statement import ELECTION, ROLL
from soke.register.round_files import check_round
from soke.text import counted, one_line


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
    checked = check_round(folder, key, blurred)
    if checked.statement is None or checked.faults:
        tell(f"NOT VERIFIED. {counted(len(checked.faults), 'thing is', 'things are')} wrong:")
        for fault in checked.faults:
            tell(one_line(fault))
        raise typer.Exit(1)
    tell(f"VERIFIED. The round {checked.statement.round} vouches for {', '.join(checked.files)}.")
    where = [*([ELECTION] if ELECTION in checked.files else []), *([str(blurred)] if blurred else [])]
    tell(one_line(f"The {checked.statement.ballots:,} ballots of {ROLL} are those of {' and of '.join(where)}; as many "
                  "codes were used."))  # fmt: skip
    if ELECTION not in checked.files:
        say(f"Without {ELECTION}, hold budget and costs in {blurred} against the ballot paper yourself.")
    if key is None:
        say("The key was taken from the folder; a key from before the vote proves more (--key).")
