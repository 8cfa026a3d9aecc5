"""``soke asset import`` and ``export``: a council's register of assets in the draft national form."""

from __future__ import annotations

from pathlib import Path

import typer

from soke.cli.asset.shared import ON, day_asked
from soke.cli.output import say
from soke.community.assets.cases import read_cases
from soke.community.assets.national import register_csv
from soke.community.assets.register_import import import_register, imported_words
from soke.files import not_an_input, write_whole
from soke.text import clean


def import_command(
    file: Path = typer.Argument(metavar="FILE", help="The register: a CSV in the draft national form."),
    out: Path = typer.Option(help="A folder for the cases, a file each."),
) -> None:
    """Make a case of each asset of a council's register, a CSV in the draft national form.

    What the form leaves open is filled in the way that changes no clock, noted in the case, and told.

    Exit status 0 when done, 2 when a row cannot be a case: all of them are told, and nothing is written.

    Example: soke asset import register.csv --out cases
    """
    made = import_register(file)
    made.write(out)
    for words in imported_words(made, out):
        say(words)


def export_command(
    cases: list[Path] = typer.Argument(help="Files of cases, or folders of them."),
    on: str = ON,
    out: Path | None = typer.Option(None, "--out", help="A file for it; else it is printed."),
) -> None:
    """Write a council's register as a CSV in the draft national form, as it stands on a day.

    Exit status 0 when done, 2 when a case has an error: it is left out and named.

    Example: soke asset export cases --out register.csv
    """
    day = day_asked(on)
    read = read_cases(cases).on(day)
    text = register_csv(read.cases, day)
    if out is None:
        typer.echo(clean(text), nl=False)
    else:
        not_an_input(out, read.files)
        write_whole(out, text.encode())
        say(f"Wrote {out}.")
    read.stop()
