"""``soke data build``: compile the tables that the package ships."""

from __future__ import annotations

from pathlib import Path

import typer

from soke.cli.output import tell
from soke.england.importers.compile import compile_tables, stale, write_tables


def build(
    source: Path = typer.Argument(help="Folder of official tables."),
    out: Path = typer.Option(Path("src/soke/england/tables"), help="Folder to write the compiled tables to."),
    check: bool = typer.Option(
        False, "--check", help="Write nothing; compare with what is there (exit 1 if it differs)."
    ),
) -> None:
    """Compile the embedded tables from the official files.

    Example: soke data build ../shared/data
    """
    tables = compile_tables(source)
    if check:
        old = stale(tables, out)
        for name in old:
            tell(f"{name}.csv differs from what the sources give.")
        tell(f"{len(tables) - len(old)} of {len(tables)} tables are current.")
        raise typer.Exit(1 if old else 0)
    size = write_tables(tables, out)
    tell(f"Wrote {len(tables)} tables, {size / 1e6:.2f} MB, to {out}.")
