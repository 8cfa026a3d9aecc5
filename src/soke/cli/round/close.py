"""``soke round close`` and ``find``: the roll of a closed round, and whether a ballot stands in it as it was cast."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import typer

from soke.cli.output import CSV_OPTION, JSON_OPTION, say
from soke.cli.round.open import BOX, emit_reconciliation, read
from soke.community.budgets.pb import parse_election
from soke.community.budgets.pb_write import write_election
from soke.community.voting.receipt import find as find_in
from soke.community.voting.receipt import read_receipt
from soke.community.voting.reconciliation import write_reconciliation
from soke.community.voting.roll import RollLine, read_roll, write_roll
from soke.community.voting.statement import (
    COUNTS,
    ELECTION,
    KEY,
    ROLL,
    STATEMENT,
    Statement,
    read_statement,
    statement_of,
)
from soke.community.voting.verification import differences
from soke.errors import SokeError
from soke.files import create_whole, not_an_input, read_whole, write_whole
from soke.register.ballot_box import BallotBox, key_file
from soke.register.checkpoint import read_verifier_key
from soke.register.notes import open_note
from soke.register.verify import LARGEST_NOTE, Failed, Refused, VerifierKey
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
    for name in (ROLL, ELECTION, COUNTS, KEY, STATEMENT):
        not_an_input(out / name, [box, key_file(box), Path(f"{key_file(box)}.pub")])
    with BallotBox.open(box) as opened:
        faults = () if opened.is_closed else opened.close_round()
        counts = opened.reconciliation()
        if not faults:
            _publish(opened, out)
    title = f"{opened.name}, {'NOT CLOSED' if faults else 'closed'}"
    emit_reconciliation(counts, title, {"round": opened.name}, as_json=as_json, as_csv=as_csv)
    if faults:
        say("soke: the round does not add up. It stays open and nothing was written: find out why first.")
        raise typer.Exit(1)
    say(f"Wrote {', '.join((ROLL, ELECTION, COUNTS, KEY, STATEMENT))} in {out}: {counts.ballots:,} ballots.")


def _publish(box: BallotBox, out: Path) -> None:
    pairs, counts = box.ballots(), box.reconciliation()
    contents = {
        ROLL: write_roll(line for line, _ in pairs),
        ELECTION: write_election(box.paper.filled((line.number, ballot) for line, ballot in pairs)),
        COUNTS: write_reconciliation(box.name, counts),
        KEY: box.verifier.encode() + b"\n",
    }
    with suppress(FileNotFoundError, NotADirectoryError):
        (out / STATEMENT).unlink()  # it vouches for files that belong together
    for name, content in contents.items():
        if name == ELECTION and box.paper.asked:
            _write_for_owner(out / name, content)
        else:
            write_whole(out / name, content)
    write_whole(out / STATEMENT, box.sign(statement_of(box.name, len(pairs), contents).text))


def _write_for_owner(path: Path, content: bytes) -> None:
    with suppress(FileNotFoundError):
        path.unlink()
    create_whole(path, content, 0o600)


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
    public = read_verifier_key(key or roll.parent / KEY)
    signed, content = statement or roll.parent / STATEMENT, read(roll)
    try:
        found = read_receipt(opened_note(receipt, public, "receipt"))
        vouched = read_statement(opened_note(signed, public, "statement"))
        if found is None or vouched is None:
            where, what = (receipt, "receipt") if found is None else (signed, "statement")
            raise SokeError(f"This is signed by the round, but it is no {what}.", f"Name the {what}.", str(where))
        if hashlib.sha256(content).hexdigest() != vouched.files.get(ROLL):
            raise Failed("The roll is not the one that the round vouches for: it was altered or is of another round.")
        lines = read_roll(content, str(roll))
        if fault := find_in(found, lines):
            raise Failed(fault)
        counted = _check_counted(roll.parent / ELECTION, vouched, lines)
    except Failed as error:
        print(one_line(f"NOT FOUND AS CAST. {error}"))
        raise typer.Exit(1) from None
    print(f"FOUND AS CAST. The ballot is one of the {vouched.ballots:,} in the roll of {found.round}.")
    if counted:
        print(f"{ELECTION}, which is counted, holds the same ballots.")
    print(f"Its number: {found.number}")
    if key is None:
        say("The key was taken from beside the roll; a key from before the vote proves more (--key).")


def _check_counted(path: Path, vouched: Statement, roll: Mapping[str, RollLine]) -> bool:
    """Whether the ballots that are counted lie beside the roll. Failed where they are not those of the roll."""
    if not path.exists():
        return False
    if not os.access(path, os.R_OK):  # where the round asks for more than the choice only its keeper reads it
        say(f"{path} is not yours to read: it was not compared.")
        return False
    content = read(path)
    if hashlib.sha256(content).hexdigest() != vouched.files.get(ELECTION):
        raise Failed(f"The roll holds it, but {ELECTION} beside it is not the one that the round vouches for.")
    if wrong := differences(parse_election(content, str(path)), roll):
        raise Failed(f"The roll holds it, but {ELECTION} beside it holds other ballots. {' '.join(wrong)}")
    return True


def opened_note(path: Path, key: VerifierKey, what: str) -> str:
    """The signed text in a file. SokeError where it is none; Failed where another signed it."""
    content = read_whole(path, str(path), LARGEST_NOTE)
    try:
        return open_note(content, key)
    except Refused as error:
        raise SokeError(str(error), f"Name the {what} as it was given.", str(path)) from None
    except Failed as error:
        raise Failed(f"The {what} is not one of this round. {error}") from None
