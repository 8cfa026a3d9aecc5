"""``soke round``: what its commands share, and ``open``, ``codes`` and ``status``."""

from __future__ import annotations

from pathlib import Path

import typer

from soke.cli.output import CSV_OPTION, JSON_OPTION, say, show
from soke.community.voting.codes import CHANNELS
from soke.community.voting.paper import read_paper
from soke.register.ballot_box import BallotBox, key_file
from soke.register.round_files import CodeFile, read_round_file
from soke.report.tables.round import turnout
from soke.text import counted, listed

BOX = typer.Argument(metavar="BOX", help="The ballot box of the round: a file.")


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
    made = read_paper(read_round_file(paper), str(paper))
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
    district: str = typer.Option("", help="The district of those who get them, as the paper names it."),
) -> None:
    """Issue eligibility codes, one for each person who may vote. Each is good for one ballot.

    The box keeps them in a form from which nobody can read them: this file is the only place where they stand. Send
    them out, then delete it. A list of who got which code, if you must keep one, belongs apart from the box.

    Where projects are of districts, --district binds codes to one: they choose among its projects and those of none.

    Example: soke round codes elm.box --count 500 --channel letter --out letter-codes.csv

    Example: soke round codes town.box --count 200 --channel letter --district North --out north-codes.csv
    """
    kept = CodeFile(out)
    with BallotBox.open(box) as opened:
        of = opened.paper.district(district) if district else ""
        opened.issue(count, channel, lambda made: kept.write(made, channel, of), kept.drop, of)
        districts = opened.paper.districts
    whose = f" for {of}" if of else ""
    say(f"Issued {counted(count, 'code')} by {channel}{whose}, in {out}. Send them out, then delete the file.")
    if districts and not of:
        say(f"They are bound to no district: with them one can choose any project of {listed(districts)}.")


def status(box: Path = BOX, as_json: bool = JSON_OPTION, as_csv: bool = CSV_OPTION) -> None:
    """Print the turnout by channel, invalid papers, and how many codes were tried and not taken.

    Nothing of what was chosen is told while the round is open. Of codes that were not taken the box keeps number, kind
    and hour, never what was typed: thousands that are not of this round say that somebody guesses.

    Example: soke round status elm.box
    """
    with BallotBox.open(box) as opened:
        counts, name, state = opened.reconciliation(), opened.name, "closed" if opened.is_closed else "open"
        tried = opened.tried()
    show(turnout(counts, name, state, tried), as_json=as_json, as_csv=as_csv)
