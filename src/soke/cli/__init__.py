"""The command line. Every message is a sentence; no command ends in a traceback.

Exit status: 0 fine (warnings included), 1 errors found or a failed verification, 2 bad input, 130 interrupted.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from pathlib import Path

# The same bytes on every run need one thread in the linear algebra; it must be said before numpy is imported.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import typer

from soke import __version__
from soke.cli import accounts, compare, deals, imports, runs
from soke.cli.output import say
from soke.errors import SokeError

app = typer.Typer(
    name="soke",
    help="Devolution as code for England: what places raise and spend, what a deal says, what would follow.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
data = typer.Typer(help="The tables of published figures that Soke ships.", no_args_is_help=True)
app.add_typer(data, name="data")
app.command("place")(accounts.place)
app.command("places")(accounts.list_places)
app.command("new")(deals.new)
app.command("check")(deals.check)
app.command("explain")(deals.explain)
app.command("diff")(deals.diff)
app.command("sheet")(deals.sheet)
app.command("run")(runs.run)
app.command("compare")(compare.compare)


@app.callback(invoke_without_command=True)
def _root(version: bool = typer.Option(False, "--version", help="Print the version and stop.")) -> None:
    if version:
        typer.echo(f"soke {__version__}")
        raise typer.Exit


data.command("import")(imports.import_workbooks)


@data.command("build")
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
    from soke.england.importers.compile import compile_tables, stale, write_tables  # noqa: PLC0415 - a build-time import

    tables = compile_tables(source)
    if check:
        old = stale(tables, out)
        for name in old:
            typer.echo(f"{name}.csv differs from what the sources give.")
        typer.echo(f"{len(tables) - len(old)} of {len(tables)} tables are current.")
        raise typer.Exit(1 if old else 0)
    size = write_tables(tables, out)
    typer.echo(f"Wrote {len(tables)} tables, {size / 1e6:.2f} MB, to {out}.")


def main() -> None:
    """Entry point: runs the app and turns every declared error into a sentence and an exit status."""
    _streams()
    try:
        status = app(standalone_mode=False)
        sys.stdout.flush()
        sys.exit(status if isinstance(status, int) else 0)
    except SokeError as error:
        say(f"soke: {error}")
        sys.exit(2)
    except KeyboardInterrupt:
        say("soke: stopped. Nothing was left half-written.")
        sys.exit(130)
    except BrokenPipeError:
        _drop_output()
        sys.exit(0)
    except OSError as error:
        _drop_output()
        what = f"{error.filename}: " if error.filename else "The output cannot be written: "
        say(f"soke: {what}{error.strerror or error}. Make room, or choose another place.")
        sys.exit(2)
    except typer.Abort:
        sys.exit(130)
    except typer.TyperException as error:
        say(f"soke: {error.format_message()} Run `soke --help`.")
        sys.exit(2)


def _drop_output() -> None:
    """What is still waiting to be printed goes nowhere, so that the end of the process does not fail on it too."""
    with contextlib.suppress(OSError, ValueError):  # a stand-in for standard output has no file beneath
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _streams() -> None:
    """Let standard output and error take any text: nowhere if they are closed, else with letters they lack named."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - until the process ends
        if isinstance(stream := getattr(sys, name), io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
