"""``soke register verify``: a register, or a copy of one, checked in every way that there is, and what none shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from soke.cli.output import say
from soke.cli.register.init import REHEARSAL, head_of, is_rehearsal, opened, place
from soke.errors import SokeError
from soke.register import verify as alone
from soke.register.book import register_name
from soke.register.checkpoint import check_still_there, load_checkpoint, read_verifier_key
from soke.register.database import damaged
from soke.register.kinds import REGISTER as ABOUT_ITSELF
from soke.register.meaning import state_of
from soke.register.merkle import Tree
from soke.register.storage import Log
from soke.register.verify import Checkpoint, Failed, check_signature
from soke.text import clean

EMPTY = "an empty register"
NO_CHECKPOINT = "NOT CHECKED: no checkpoint was given, and only one shows a cut end or a history rewritten as a whole."


def verify(
    register: str = typer.Argument(metavar="REGISTER", help="A register; or the published copy of one, a .jsonl file."),
    checkpoint: Path | None = typer.Option(None, help="A published checkpoint."),
    key: Path | None = typer.Option(None, help="The public key of the register, from a source that you trust."),
    hashes: Path | None = typer.Option(None, help="For a copy: the published hashes, which tell what was changed."),
    proof: bool = typer.Option(False, "--proof", help="The file is a proof that soke register prove wrote."),
    no_signature: bool = typer.Option(False, "--no-signature", help="Do not ask who signed the checkpoint."),
) -> None:
    """Check a register: every entry from disk, every rule replayed, every account, and the published checkpoint.

    A copy (log.jsonl) is checked against its checkpoint, as `python3 verify.py` does without Soke.

    Exit status 0 verified, 1 not what it should be, 2 a file cannot be read.

    Example: soke register verify gm.db --checkpoint public/checkpoint --key public/key.pub

    Example: soke register verify log.jsonl --checkpoint checkpoint --key key.pub --hashes hashes.txt
    """
    if proof or not _is_register(register):
        raise typer.Exit(_verify_file(register, checkpoint, key, hashes, proof=proof, no_signature=no_signature))
    if hashes is not None:
        raise SokeError("The hashes are for a copy.", "For a register, give its checkpoint.", str(hashes))
    published = load_checkpoint(checkpoint) if checkpoint else None
    trusted = read_verifier_key(key) if key else None
    whole = True
    try:
        with opened(register, write=False) as log:
            for line in _findings(log):
                typer.echo(clean(line))
            if published is not None:
                whole = _check_published(log, published, trusted, no_signature)
            elif head_of(log):
                typer.echo(NO_CHECKPOINT)
    except (Failed, SokeError) as error:
        if isinstance(error, SokeError) and not _is_finding(error):
            raise
        typer.echo(clean(f"NOT VERIFIED. {error}"))
        raise typer.Exit(1) from None
    typer.echo("No check can show what was never recorded, nor whether what was recorded is true.")
    if not whole:
        raise typer.Exit(1)


def _is_register(register: str) -> bool:
    """Whether it is a database; else it is read as a copy, which begins with an object."""
    file_name = place(register)
    if isinstance(file_name, str):
        return True
    if register.endswith(".jsonl"):
        return False
    if not file_name.is_file():
        return True  # the register says what is wrong with it; and a pipe would be waited for without end
    try:
        with file_name.open("rb") as file:
            return file.read(1) != b"{"
    except OSError:
        return True  # the register says what is wrong with it


def _verify_file(
    file: str, checkpoint: Path | None, key: Path | None, hashes: Path | None, *, proof: bool, no_signature: bool
) -> int:
    if checkpoint is None:
        raise SokeError("A copy is checked against a checkpoint.", "Add --checkpoint FILE and --key FILE.", file)
    for named in (Path(file), checkpoint, key, hashes):
        if named is not None and named.exists() and not named.is_file():
            raise SokeError("This is a folder, a pipe or a device, not a file.", "Name a file.", str(named))
    arguments = ["--proof", file] if proof else [file]
    for name, value in (("--checkpoint", checkpoint), ("--key", key), ("--hashes", hashes)):
        arguments += [name, str(value)] if value is not None else []
    return alone.main([*arguments, *(["--no-signature"] if no_signature else [])])


class _Broken(SokeError):
    """The register can be read, and is not what it should be."""


def _is_finding(error: SokeError) -> bool:
    return isinstance(error, _Broken) or error.fact.startswith(damaged("", "").fact.strip())


def _findings(log: Log) -> Iterator[str]:
    """What was checked, a sentence each. Raises what is wrong."""
    tree = log.verify()
    name = register_name(log) or EMPTY
    yield f"Read {len(tree):,} entries of {name} from disk: none missing, each in its one spelling."
    if is_rehearsal(log):
        yield REHEARSAL
    entries = log.read()
    deals = list(dict.fromkeys(entry["deal"] for entry in entries if entry["deal"] != ABOUT_ITSELF))
    moved = 0
    for deal in deals or [ABOUT_ITSELF]:
        try:
            state = state_of(deal, entries)
        except SokeError as error:
            raise _Broken(error.fact, error.fix, deal) from None
        for fault in state.ledger.faults():
            raise _Broken(fault, "The accounts do not balance.", deal)
        moved += len(state.ledger.balances)
    count = f"{len(deals)} deal{'' if len(deals) == 1 else 's'}"
    yield f"Replayed every rule from the first entry, for {count}: none is broken."
    yield f"The money balances to the penny: {moved} accounts, every movement sums to zero, none below zero."


def _check_published(log: Log, published: Checkpoint, trusted: Any, no_signature: bool) -> bool:
    """Whether the checkpoint holds and is signed. Raises Failed where it does not hold."""
    name = register_name(log) or EMPTY
    if published.origin != name:
        raise Failed(f"The checkpoint is of the log {published.origin}, and this register is {name}.")
    tree: Tree = log.tree()
    try:
        check_still_there(tree, published, log.where)
    except SokeError as error:
        raise _Broken(error.fact, error.fix, error.where) from None
    later = len(tree) - published.size
    typer.echo(
        f"The first {published.size:,} entries are those that the checkpoint vouches for"
        + (f"; for {later:,} newer ones it does not vouch." if later else ", and there are no others.")
    )
    if trusted is not None and not no_signature and check_signature(published, trusted):
        typer.echo("VERIFIED. The checkpoint is signed with the key that you gave.")
        return True
    say("The signature was not checked: " + ("you asked for that." if no_signature else "you gave no key (--key)."))
    return no_signature
