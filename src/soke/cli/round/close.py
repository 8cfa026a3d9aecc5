"""``soke round close`` and ``find``: the roll of a closed round, and whether a ballot stands in it as it was cast."""

from __future__ import annotations

from pathlib import Path

import typer

from soke.cli.output import CSV_OPTION, JSON_OPTION, say, show, tell
from soke.cli.round.open import BOX
from soke.community.voting.statement import ELECTION
from soke.register.ballot_box import BallotBox
from soke.register.round_files import PUBLISHED, check_folder, find_ballot, publish_round
from soke.register.verify import Failed
from soke.report.tables.round import turnout
from soke.text import one_line


def close(
    box: Path = BOX,
    out: Path = typer.Option(help="The folder to write in."),
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Close a round for good, check that it adds up, and write what is published.

    roll.csv has each ballot by its number; round.pb is for `soke budget count`; reconciliation.json has the codes by
    channel; round.pub is the key; statement.txt, signed and written last, vouches for the others by their SHA-256.
    Where the round asks for more than the choice, round.pb holds it: only its owner can read that file, and what
    `soke round publish` makes of it can be published. On a round that is closed it writes the same files again.

    Exit status 1: the codes and the ballots do not add up. Then the round stays open, and nothing is written.

    Example: soke round close elm.box --out elm-result
    """
    check_folder(box, out)
    with BallotBox.open(box) as opened:
        faults = () if opened.is_closed else opened.close_round()
        counts = opened.reconciliation()
        if not faults:
            publish_round(opened, out)
    show(turnout(counts, opened.name, "NOT CLOSED" if faults else "closed"), as_json=as_json, as_csv=as_csv)
    if faults:
        say("soke: the round does not add up. It stays open and nothing was written: find out why first.")
        raise typer.Exit(1)
    say(f"Wrote {', '.join(PUBLISHED)} in {out}: {counts.ballots:,} ballots.")


def find(
    receipt: Path = typer.Argument(metavar="RECEIPT", help="The receipt: a text file."),
    roll: Path = typer.Argument(metavar="ROLL", help="The published roll of the round, roll.csv."),
    key: Path | None = typer.Option(None, help="The key of the round; without it, round.pub beside the roll is taken."),
    statement: Path | None = typer.Option(
        None, help="The signed statement; without it, statement.txt beside the roll."
    ),
) -> None:
    """Look whether the ballot of a receipt stands in the published roll as it was cast.

    Three things are checked: the round signed the receipt, the roll is the one that the round vouches for, and the
    ballot in it is what the receipt commits to. Where round.pb, which is counted, lies beside the roll, it must be the
    one that the round vouches for too, and hold the same ballots: `soke round verify` checks the rest. Take the key
    from a source that you trust, best from before the vote.

    Exit status 0: found as cast; 1: not in the roll, different, forged, or the roll was altered; 2: cannot be read.

    Example: soke round find my-receipt.txt roll.csv --key elm.box.key.pub
    """
    try:
        ballot = find_ballot(receipt, roll, key, statement)
    except Failed as error:
        tell(one_line(f"NOT FOUND AS CAST. {error}"))
        raise typer.Exit(1) from None
    if ballot.unread:
        say(f"{roll.parent / ELECTION} is not yours to read: it was not compared.")
    tell(f"FOUND AS CAST. The ballot is one of the {ballot.ballots:,} in the roll of {ballot.round}.")
    if ballot.counted:
        tell(f"{ELECTION}, which is counted, holds the same ballots.")
    tell(f"Its number: {ballot.number}")
    if key is None:
        say("The key was taken from beside the roll; a key from before the vote proves more (--key).")
