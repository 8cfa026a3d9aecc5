"""What the commands of ``soke assembly`` have in common: their options, and how a published draw is told."""

from __future__ import annotations

from pathlib import Path

import typer

from soke.cli.output import tell
from soke.community.assemblies.record import Statement, least_favoured

POOL = typer.Argument(help="CSV of those who may be drawn, a row each.")
QUOTAS = typer.Argument(help="CSV of the quotas: category,feature,min,max.")
ID = typer.Option("", "--id", help="Column of the pool with ids. Without it people are numbered by row, from 1.")
HOUSEHOLD = typer.Option(
    [], "--household", help="Column that says who lives together, or several: address1,postcode. Empty for nobody."
)
PER_HOUSEHOLD = typer.Option(1, "--per-household", help="With --household: how many of one household at most.")
SECRET = typer.Option(None, "--secret", help="File of the secret, made by step 1. Keep it out of the folder.")
REHEARSAL = typer.Option(
    None, "--rehearsal-secret", help="Step 1, instead of --secret: a secret that may be known. Only for rehearsals."
)
PUBLIC = typer.Option(
    "", "--public", help="What the public value will be, of millions that it could be: ten dice, lottery numbers."
)
FORM = typer.Option(
    "", "--form", help='How the public value is written: "10 digits 1-6", "6 numbers 1-59", "12 letters or digits".'
)


def tell_published(folder: Path, said: Statement) -> None:
    """What step 1 did, and what to do next."""
    tell(f"Published in {folder}: {said.panels:,} panels of {said.size} from a pool of {said.pool:,}, each as likely.")
    tell(f"{least_favoured(said)} No lottery under these quotas is fairer to them.")
    tell(f"SHA-256 of the statement: {said.hash}")
    if said.rehearsal:
        tell("REHEARSAL: the secret may be known, so this draw binds nobody.")
    tell(f"Publish the folder, then find the public value: {said.public_value} ({said.form}).")
