"""What the commands of ``soke assembly`` have in common: files in, the secret, sentences out."""

from __future__ import annotations

import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from soke.cli.output import say
from soke.community.assemblies.draw import read_seed
from soke.community.assemblies.form import read_form
from soke.community.assemblies.pool import LARGEST, Pool, Quota, read_pool, read_quotas
from soke.community.assemblies.progress import Tell
from soke.community.assemblies.record import STATEMENT, sha256
from soke.community.assemblies.types import types_of
from soke.errors import SokeError
from soke.files import create_whole, read_whole, write_whole

POOL = typer.Argument(help="CSV of those who may be drawn, a row each.")
QUOTAS = typer.Argument(help="CSV of the quotas: category,feature,min,max.")
ID = typer.Option("", "--id", help="Column of the pool with ids. Without it people are numbered by row, from 1.")
HOUSEHOLD = typer.Option("", "--household", help="Column that says who lives together; empty for nobody.")
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
_LARGEST_SECRET = 1_000
MANY_KINDS = 800  # kinds of people that take minutes
BETWEEN = 20.0  # seconds between two lines where there is no terminal


def inputs(pool: Path, quotas: Path, id_column: str, household: str) -> tuple[Pool, tuple[Quota, ...]]:
    """The pool and the quotas of two files."""
    wanted = read_quotas(read_whole(quotas, str(quotas), LARGEST), str(quotas))
    return read_pool(read_whole(pool, str(pool), LARGEST), str(pool), wanted, id_column, household), wanted


def warn_of_kinds(pool: Pool, quotas: tuple[Quota, ...], size: int, at_most: int) -> None:
    """Say beforehand where the lottery will take long."""
    kinds = len(types_of(pool, quotas, size, at_most).members)
    if kinds > MANY_KINDS:
        say(
            f"{kinds:,} kinds of people, different in some category: 1,000 kinds take a few minutes, and twice as many "
            "take several times as long. Fewer categories or values make it quicker."
        )


@contextmanager
def progress() -> Iterator[Tell]:
    """One line of standard error that says how far it is; where that is no terminal, a line now and then."""
    shown = sys.stderr.isatty()
    last = time.monotonic()

    def tell(words: str) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < (0.2 if shown else BETWEEN):
            return
        last = now
        print(f"\r\x1b[K{words}" if shown else words, end="" if shown else "\n", file=sys.stderr, flush=True)

    try:
        yield tell
    finally:
        if shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def households(column: str, many: int) -> int:
    """How many of one household at most; 0 where households do not count."""
    if not column:
        return 0
    if many < 1:
        raise SokeError(f"--per-household {many} would draw nobody.", "Choose 1 or more.")
    return many


def seed_of(path: Path | None, folder: Path) -> str:
    """The seed in the file that step 1 made."""
    outside = _outside(path, folder)
    return read_seed(read_whole(outside, str(outside), _LARGEST_SECRET), str(outside))


def new_seed(path: Path | None, folder: Path, rehearsal: Path | None) -> str:
    """A seed that nobody knows, for a file that is not there yet; or the known one of a ``rehearsal``."""
    if rehearsal is not None:
        if path is not None:
            raise SokeError("A draw has one secret.", "Give --secret, or in a rehearsal --rehearsal-secret.")
        return seed_of(rehearsal, folder)
    if _outside(path, folder).exists():
        fact = "This file is there already. A secret serves one draw: one that was revealed would let anybody steer it."
        fix = "Name a file that is not there yet; a known secret, for a rehearsal, is named by --rehearsal-secret."
        raise SokeError(fact, fix, str(path))
    return secrets.token_hex(32)


def publish(folder: Path, files: dict[str, bytes], secret: Path | None, seed: str) -> None:
    """The new secret in its file, for its owner's eyes only, and then the folder; None in a rehearsal."""
    if secret is not None:
        promised = sha256(files[STATEMENT])
        about = f"{seed}\n# the secret of the draw in {folder.name!a}; SHA-256 of its statement: {promised}\n"
        try:
            secret.parent.mkdir(parents=True, exist_ok=True)
            create_whole(secret, about.encode(), 0o600)
        except FileExistsError:
            raise SokeError("Somebody else made this file just now.", "Try again.", str(secret)) from None
        except OSError as error:
            fact = f"The secret cannot be written: {error.strerror}."
            raise SokeError(fact, "Name another file.", str(secret)) from None
    try:
        write_round(folder, files)
    except SokeError:
        if secret is not None:
            secret.unlink()  # of a draw that never was
        raise
    if secret is not None:
        say(f"Made the secret {secret}. Keep it to yourself, with a copy, until the draw.")


def _outside(path: Path | None, folder: Path) -> Path:
    if path is None:
        raise SokeError("--secret is missing.", "Name a file for the secret, outside the published folder.")
    if folder.resolve() in path.resolve().parents:
        raise SokeError("The secret would lie in the published folder.", "Name a file elsewhere.", str(path))
    return path


def check_promise(public: str, form: str) -> None:
    """SokeError where nobody is told what the public value will be, or how it is written."""
    if not public.strip():
        fix = 'Say what the public value will be, such as "ten dice thrown at the meeting of 5 May".'
        raise SokeError("--public is missing.", fix)
    read_form(form)


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
