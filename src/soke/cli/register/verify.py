"""``soke register verify``: a register, or a copy of one, checked in every way that there is, and what none shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import typer

from soke.cli.output import progress_bar, say, tell
from soke.cli.register.shared import opened
from soke.errors import SokeError
from soke.register import verify as alone
from soke.register.checking import NO_CHECKPOINT, check_guarded, check_published, check_register, is_register
from soke.register.checkpoint import load_checkpoint, read_verifier_key
from soke.register.verify import Checkpoint, Failed, VerifierKey, check_signature


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
    if proof or not is_register(register):
        raise typer.Exit(_verify_file(register, checkpoint, key, hashes, proof=proof, no_signature=no_signature))
    if hashes is not None:
        raise SokeError("The hashes are for a copy.", "For a register, give its checkpoint.", str(hashes))
    published = load_checkpoint(checkpoint) if checkpoint else None
    trusted = read_verifier_key(key) if key else None
    try:
        for line in _findings(register, published):
            tell(line)
        whole = published is None or _is_signed(published, trusted, no_signature)
    except (Failed, SokeError) as error:
        if isinstance(error, SokeError) and error.code != "damaged":
            raise
        tell(f"NOT VERIFIED. {error}")
        raise typer.Exit(1) from None
    tell("No check can show what was never recorded, nor whether what was recorded is true.")
    if not whole:
        raise typer.Exit(1)


def _findings(register: str, published: Checkpoint | None) -> Iterator[str]:
    """What was checked, a sentence each; between them a bar, on a terminal, shows how far it is."""
    with opened(register, write=False) as log, progress_bar(False, "Checking") as bar:
        task = bar.add_task("entries", total=None)
        for line in check_register(log, lambda done, total: bar.update(task, completed=done, total=total)):
            bar.stop()
            yield line
            bar.start()
        bar.stop()
        if published is not None:
            yield check_published(log, published)
        elif len(log):
            yield NO_CHECKPOINT
        check_guarded(log)


def _is_signed(published: Checkpoint, trusted: VerifierKey | None, no_signature: bool) -> bool:
    """Whether nothing is left to ask about the signature. Failed where the key that is trusted did not sign."""
    if trusted is not None and not no_signature and check_signature(published, trusted):
        tell("VERIFIED. The checkpoint is signed with the key that you gave.")
        return True
    say("The signature was not checked: " + ("you asked for that." if no_signature else "you gave no key (--key)."))
    return no_signature


def _verify_file(
    file: str, checkpoint: Path | None, key: Path | None, hashes: Path | None, *, proof: bool, no_signature: bool
) -> int:
    """The exit status of the program that checks without Soke; it prints what it finds."""
    if checkpoint is None:
        raise SokeError("A copy is checked against a checkpoint.", "Add --checkpoint FILE and --key FILE.", file)
    for named in (Path(file), checkpoint, key, hashes):
        if named is not None and named.exists() and not named.is_file():
            raise SokeError("This is a folder, a pipe or a device, not a file.", "Name a file.", str(named))
    arguments = ["--proof", file] if proof else [file]
    for name, value in (("--checkpoint", checkpoint), ("--key", key), ("--hashes", hashes)):
        arguments += [name, str(value)] if value is not None else []
    return alone.main([*arguments, *(["--no-signature"] if no_signature else [])])
