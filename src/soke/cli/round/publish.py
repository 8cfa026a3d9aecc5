"""``soke round publish``: ballots with what they say of people blurred, so that they can be published."""

from __future__ import annotations

from pathlib import Path

import typer

from soke.cli.output import CSV_OPTION, JSON_OPTION, say, show
from soke.community.budgets.pb import read_election
from soke.community.budgets.pb_write import write_election
from soke.community.voting.anonymity import publish
from soke.files import not_an_input, write_whole
from soke.report.tables.round import blurred


def publish_command(
    file: Path = typer.Argument(metavar="FILE", help="An election with its ballots: a .pb file."),
    out: Path = typer.Option(help="Where to write the file that can be published."),
    k: int = typer.Option(10, help="How many ballots must say the same of people, at least."),
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Blur what ballots say of people until each combination of it holds k ballots; the choices stay as they are.

    Ages become bands, other columns stay or are left out, and the few ballots that are still rare are blanked. Ids of
    voters are replaced, and the ballots stand in another order. It counts to the same outcome; `soke round verify
    --blurred` holds it against the roll. A choice of projects that nobody else made may still be known by it to
    somebody: see the handbook before you publish.

    Example: soke round publish result/round.pb --k 10 --out public.pb
    """
    not_an_input(out, [file])
    published = publish(read_election(file), k)
    write_whole(out, write_election(published.election))
    show(blurred(published, k), as_json=as_json, as_csv=as_csv)
    say(f"Wrote {out}.")
