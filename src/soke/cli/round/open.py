"""``soke round``: what its commands share, and ``open``, ``codes`` and ``status``."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import typer

from soke.cli.output import CSV_OPTION, JSON_OPTION, Column, emit, say
from soke.community.budgets.pb import LARGEST
from soke.community.voting.codes import CHANNELS
from soke.community.voting.paper import read_paper
from soke.community.voting.reconciliation import Reconciliation
from soke.errors import SokeError
from soke.files import create_whole, read_whole
from soke.register.ballot_box import BallotBox, key_file

BOX = typer.Argument(metavar="BOX", help="The ballot box of the round: a file.")
COLUMNS = (
    Column("channel", "channel"),
    Column("issued", "issued", 0),
    Column("cast", "cast", 0),
    Column("spoiled", "spoiled", 0),
    Column("unused", "unused", 0),
    Column("turnout_percent", "turnout %", 1),
)
NOTHING = "Nothing was issued or spoiled."


def read(path: Path) -> bytes:
    """The bytes of a file that somebody handed in. SokeError where it cannot be read, or is too large for a round."""
    try:
        return read_whole(path, str(path), LARGEST)
    except SokeError as error:
        if "larger than" in error.fact:
            raise SokeError(error.fact, "Give the file of one round.", str(path)) from None
        raise


def open_round(
    box: Path = BOX,
    paper: Path = typer.Argument(metavar="PAPER", help="The ballot paper: a .pb file without ballots."),
    name: str = typer.Option(help="The name of the round, such as elm-ward-2026. Each round has one of its own."),
) -> None:
    """Open a round: make its ballot box from a ballot paper, and the key that signs its receipts.

    The paper is a .pb file whose section VOTES has a header and no ballots (num_votes;0). META sets the limits of a
    ballot: min_length, max_length, max_sum_cost, max_points, max_sum_points, min_age. The header of VOTES says what
    else is asked, such as age; what is not asked cannot leak.

    Example: soke round open elm.box elm.pb --name elm-ward-2026
    """
    made = read_paper(read(paper), str(paper))
    with BallotBox.create(box, name, made):
        pass
    asked = f"; it also asks {', '.join(made.asked)}" if made.asked else ""
    say(f"Opened the round {name} in {box}: {len(made.election.projects)} projects{asked}.")
    key = key_file(box)
    say(f"Keep {key} secret: who has it can sign receipts. Publish {key}.pub now, before anybody votes.")


def codes(
    box: Path = BOX,
    count: int = typer.Option(help="How many codes."),
    channel: str = typer.Option(help=f"How they reach people: {', '.join(CHANNELS)}."),
    out: Path = typer.Option(help="Where to write them: a new file, which only its owner can read."),
) -> None:
    """Issue eligibility codes, one for each person who may vote. Each is good for one ballot.

    The box keeps them in a form from which nobody can read them: this file is the only place where they stand. Send
    them out, then delete it. A list of who got which code, if you must keep one, belongs apart from the box.

    Example: soke round codes elm.box --count 500 --channel letter --out letter-codes.csv
    """
    kept = CodeFile(out)
    with BallotBox.open(box) as opened:
        opened.issue(count, channel, lambda made: kept.write(made, channel), kept.drop)
    say(
        f"Issued {count:,} code{'' if count == 1 else 's'} by {channel}, in {out}. Send them out, then delete the file."
    )


class CodeFile:
    """Codes are written down before they count as issued, and taken back where they do not come to."""

    def __init__(self, path: Path) -> None:
        self.path, self.written = path, False

    def write(self, made: list[str], channel: str) -> None:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([("code", "channel"), *((one, channel) for one in made)])
        try:
            create_whole(self.path, text.getvalue().encode(), 0o600)
            self.written = True
        except FileExistsError:
            fact = "This file exists, and codes are never overwritten."
            raise SokeError(fact, f"{NOTHING} Name a new file.", str(self.path)) from None
        except OSError as error:
            fact = f"The codes cannot be written: {error.strerror}."
            raise SokeError(fact, f"{NOTHING} Name another folder.", str(self.path)) from None

    def drop(self) -> None:
        if self.written:
            self.path.unlink(missing_ok=True)


def status(box: Path = BOX, as_json: bool = JSON_OPTION, as_csv: bool = CSV_OPTION) -> None:
    """Print the turnout by channel. Nothing of what was chosen is told while the round is open.

    Example: soke round status elm.box
    """
    with BallotBox.open(box) as opened:
        found, closed, name = opened.reconciliation(), opened.is_closed, opened.name
    state = "closed" if closed else "open"
    emit_reconciliation(found, f"{name}, {state}", {"round": name, "state": state}, as_json=as_json, as_csv=as_csv)


def emit_reconciliation(
    found: Reconciliation, title: str, extra: dict[str, object], *, as_json: bool, as_csv: bool
) -> None:
    total = found.total
    adds = f"Issued {total.issued:,} = cast {total.cast:,} + spoiled {total.spoiled:,} + unused {total.unused:,}."
    notes = found.faults() or (f"{adds} Ballots in the box: {found.ballots:,}.",)
    extra = {**extra, "ballots": found.ballots, "adds_up": not found.faults()}
    emit(found.rows(), COLUMNS, as_json=as_json, as_csv=as_csv, title=title, extra=extra, notes=notes)
