"""What the commands of ``soke assembly`` have in common: files in, the secret, sentences out."""

from __future__ import annotations

import secrets
from pathlib import Path

import typer

from soke.cli.output import say
from soke.community.assemblies.draw import read_seed
from soke.community.assemblies.pool import LARGEST, Pool, Quota, read_pool, read_quotas
from soke.community.assemblies.record import STATEMENT
from soke.errors import SokeError
from soke.files import create_whole, read_whole, write_whole

POOL = typer.Argument(help="CSV of those who may be drawn, a row each.")
QUOTAS = typer.Argument(help="CSV of the quotas: category,feature,min,max.")
ID = typer.Option("", "--id", help="Column of the pool with ids. Without it people are numbered by row, from 1.")
HOUSEHOLD = typer.Option("", "--household", help="Column that says who lives together; empty for nobody.")
PER_HOUSEHOLD = typer.Option(1, "--per-household", help="With --household: how many of one household at most.")
SECRET = typer.Option(None, "--secret", help="File of the secret: made if missing. Keep it out of the folder.")
PUBLIC = typer.Option(
    "", "--public", help="What the public value will be, of millions that it could be: ten dice, lottery numbers."
)
_LARGEST_SECRET = 1_000


def inputs(pool: Path, quotas: Path, id_column: str, household: str) -> tuple[Pool, tuple[Quota, ...]]:
    """The pool and the quotas of two files."""
    wanted = read_quotas(read_whole(quotas, str(quotas), LARGEST), str(quotas))
    return read_pool(read_whole(pool, str(pool), LARGEST), str(pool), wanted, id_column, household), wanted


def households(column: str, many: int) -> int:
    """How many of one household at most; 0 where households do not count."""
    if not column:
        return 0
    if many < 1:
        raise SokeError(f"--per-household {many} would draw nobody.", "Choose 1 or more.")
    return many


def seed_of(path: Path | None, folder: Path, *, make: bool) -> str:
    """The seed in a file. With ``make`` a missing one is made, for its owner's eyes only."""
    if path is None:
        raise SokeError("--secret is missing.", "Name a file for the secret, outside the published folder.")
    if folder.resolve() in path.resolve().parents:
        raise SokeError("The secret would lie in the published folder.", "Name a file elsewhere.", str(path))
    if make and not path.exists():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            create_whole(path, f"{secrets.token_hex(32)}\n".encode(), 0o600)
        except FileExistsError:
            raise SokeError("Somebody else made this file just now.", "Try again.", str(path)) from None
        say(f"Made the secret {path}. Keep it to yourself, with a copy, until the draw.")
    return read_seed(read_whole(path, str(path), _LARGEST_SECRET), str(path))


def check_promise(public: str) -> None:
    """SokeError where nobody is told what the public value will be."""
    if not public.strip():
        fix = 'Say what the public value will be, such as "ten dice thrown at the meeting of 5 May".'
        raise SokeError("--public is missing.", fix)


def new_folder(folder: Path) -> None:
    """SokeError where a draw is published already, or a file has that name."""
    if (folder / STATEMENT).exists():
        raise SokeError("A draw is published here already.", "It stands: name another folder.", str(folder))
    if folder.exists() and not folder.is_dir():
        raise SokeError("This is a file, not a folder.", "Name a folder.", str(folder))


def write_round(folder: Path, files: dict[str, bytes]) -> None:
    """The files of a draw; the statement, which vouches for the others, last."""
    for name, content in files.items():
        if name != STATEMENT:
            write_whole(folder / name, content)
    write_whole(folder / STATEMENT, files[STATEMENT])
