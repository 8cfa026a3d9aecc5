"""``soke assembly draw``: a panel drawn by lot in two steps, so that nobody can steer it and anybody can check it."""

from __future__ import annotations

from pathlib import Path

import typer

from soke.cli.assembly.shared import (
    FORM,
    HOUSEHOLD,
    ID,
    PER_HOUSEHOLD,
    PUBLIC,
    REHEARSAL,
    SECRET,
    tell_published,
)
from soke.cli.for_register import DEAL, FILE, PERSON, ROLE, write_commands
from soke.cli.output import CSV_OPTION, JSON_OPTION, say, show, told_while
from soke.community.assemblies.publication import publish_draw, publish_revealed, reveal_latest
from soke.errors import SokeError
from soke.register.handed_over.panels import panel_entries
from soke.report.tables import assemblies


def draw(
    pool: Path = typer.Argument(None, help="CSV of those who may be drawn, a row each."),
    quotas: Path = typer.Argument(None, help="CSV of the quotas: category,feature,min,max."),
    size: int = typer.Option(0, "--size", help="How many people the panel has."),
    panels: int = typer.Option(
        0, "--panels", help="How many panels: 1,000, or more for a small chance.", show_default=False
    ),
    aim: str = typer.Option("leximin", "--aim", help="leximin, or maximin: only the smallest chance."),
    id_column: str = ID,
    household: list[str] = HOUSEHOLD,
    per_household: int = PER_HOUSEHOLD,
    commit: Path = typer.Option(None, "--commit", help="Step 1: the folder to publish before the draw."),
    public: str = PUBLIC,
    form: str = FORM,
    secret: Path = SECRET,
    rehearsal: Path = REHEARSAL,
    opened: Path = typer.Option(None, "--reveal", help="Step 2: the folder that was published."),
    value: str = typer.Option("", "--value", help="Step 2: the public value, as it came out."),
    panel: str = typer.Option("", "--panel", help="With --commands: the id of the panel in the register."),
    community: str = typer.Option("", "--community", help="With --commands: the community of the deal."),
    commands: Path = FILE,
    deal: str = DEAL,
    role: str = ROLE,
    person: str = PERSON,
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Draw a panel by lot, in two steps.

    Step 1 (--commit) finds the fairest lottery under the quotas and writes it as panels, each as likely, with the
    commitment to a secret. Publish the folder. Step 2 (--reveal) reveals the secret; together with a public value that
    nobody knew it gives the number of the panel.

    Exit status 0 when done, 2 when no panel keeps the quotas (with the smallest change that mends them).

    Example: soke assembly draw POOL QUOTAS --size 20 --commit draw --secret s.txt --public dice --form "10 digits 1-6"

    Example: soke assembly draw --reveal draw --secret secret.txt --value "4 2 6 1 1 5 3 6 2 4"
    """
    _check_step(commit, opened, pool, quotas, size, rehearsal, commands)
    if opened is not None:
        revealed = reveal_latest(opened, secret, value)
        if commands is not None:
            write_commands(commands, deal, role, person, panel_entries(revealed.statement, panel, community))
        drawn = publish_revealed(revealed)
        show(assemblies.panel_members(revealed), as_json=as_json, as_csv=as_csv)
        say(f"Wrote {drawn}: publish it too, and the secret is no secret any more.")
        return
    with told_while() as tell:
        statement = publish_draw(
            pool, quotas, commit, size=size, panels=panels, aim=aim, id_column=id_column, household=household,
            per_household=per_household, public=public, form=form, secret=secret, rehearsal_secret=rehearsal,
            tell=tell, warn=say,
        )  # fmt: skip
    if secret is not None:
        say(f"Made the secret {secret}. Keep it to yourself, with a copy, until the draw.")
    tell_published(commit, statement)


def _check_step(
    commit: Path | None, opened: Path | None, pool: Path | None, quotas: Path | None, size: int,
    rehearsal: Path | None, commands: Path | None,
) -> None:  # fmt: skip
    """SokeError where the options are not those of one of the two steps."""
    if (commit is None) == (opened is None):
        raise SokeError("Is this the first step or the second?", "Name a folder with --commit, or with --reveal.")
    if opened is not None and pool is not None:
        raise SokeError("--reveal reads its folder only.", "Leave out the pool and the quotas.")
    if opened is not None and rehearsal is not None:
        raise SokeError("--rehearsal-secret is for step 1.", "Name the same file with --secret.")
    if opened is None and (pool is None or quotas is None or size < 1):
        fact = "A draw needs a pool, quotas and the size of the panel."
        raise SokeError(fact, "For example: soke assembly draw POOL QUOTAS --size 20 --commit FOLDER")
    if opened is None and commands is not None:
        raise SokeError("Nobody is drawn in the first step.", "Ask for --commands with --reveal.")
