"""``soke assembly replace``: people drop out; others are drawn by lot so that the panel keeps its quotas."""

from __future__ import annotations

from pathlib import Path

import typer

from soke.cli.assembly.shared import FORM, PUBLIC, SECRET, tell_published
from soke.cli.output import say, told_while
from soke.community.assemblies.publication import publish_replacement
from soke.text import counted


def replace(
    folder: Path = typer.Argument(help="The published folder of a draw."),
    left: list[str] = typer.Option([], "--left", help="The id of somebody who left the panel. May be repeated."),
    away: list[str] = typer.Option(
        [], "--away", help="Somebody else who cannot be asked, and why: ID=reason. Published. May be repeated."
    ),
    public: str = PUBLIC,
    form: str = FORM,
    secret: Path = SECRET,
) -> None:
    """Draw people for the places of those who left, so that the panel keeps its quotas.

    The same two steps: this writes replacement-1 (then -2, ...) within the folder, with the next secret of the same
    chain. Publish it, then draw with `soke assembly draw --reveal`.

    Exit status 0 when done, 2 when the quotas can no longer be kept (with the smallest change).

    Example: soke assembly replace draw --left 17 --left 45 --secret s.txt --public "ten dice" --form "10 digits 1-6"
    """
    with told_while() as tell:
        replacement = publish_replacement(
            folder, left, secret=secret, public=public, form=form, away=away, tell=tell, warn=say
        )
    said = replacement.statement
    say(f"{replacement.stay} stay; {counted(said.size, 'place')} to fill from {said.pool} people.")
    if replacement.put_away:
        say(replacement.put_away)
    tell_published(replacement.folder, said)
