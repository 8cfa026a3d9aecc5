"""``soke register verify``: a register, or a copy of one, checked in every way that there is, and what none shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import typer

from soke.cli.output import progress_bar, say, tell
from soke.cli.register.shared import opened
from soke.errors import SokeError
from soke.register import verify as alone
from soke.register.checking import NO_CHECKPOINT, check_guarded, check_published, check_register, is_register
from soke.register.checkpoint import load_checkpoint
from soke.register.keys import Trusted, trust_of
from soke.register.verify import Checkpoint, Failed, Trust, check_trust
from soke.text import one_line


def verify(
    register: str = typer.Argument(metavar="REGISTER", help="A register; or the published copy of one, a .jsonl file."),
    checkpoint: Path | None = typer.Option(None, help="A published checkpoint."),
    key: Path | None = typer.Option(None, help="The public key of the register, from a source that you trust."),
    hashes: Path | None = typer.Option(None, help="For a copy: the published hashes, which tell what was changed."),
    proof: bool = typer.Option(False, "--proof", help="The file is a proof that soke register prove wrote."),
    no_signature: bool = typer.Option(False, "--no-signature", help="Do not ask who signed the checkpoint."),
    witness: list[Path] = typer.Option([], help="The public key of a witness whom you trust; again for each."),
    need: int | None = typer.Option(None, help="How many of these witnesses you want; all, where you do not say."),
) -> None:
    """Check a register: every entry from disk, every rule replayed, every account, and the published checkpoint.

    A copy (log.jsonl) is checked against its checkpoint, as `python3 verify.py` does without Soke.

    Exit status 0 verified, 1 not what it should be, 2 a file cannot be read.

    Example: soke register verify gm.db --checkpoint public/checkpoint --key public/key.pub

    Example: soke register verify log.jsonl --checkpoint checkpoint --key key.pub --hashes hashes.txt
    """
    if proof or not is_register(register):
        files: dict[str, Sequence[Path | None]] = {
            "--checkpoint": [checkpoint],
            "--key": [key],
            "--hashes": [hashes],
            "--witness": witness,
        }
        more = ["--no-signature"] * no_signature + ([] if need is None else ["--need", str(need)])
        raise typer.Exit(_verify_file(register, files, more, proof=proof))
    if hashes is not None:
        raise SokeError("The hashes are for a copy.", "For a register, give its checkpoint.", str(hashes))
    published = load_checkpoint(checkpoint) if checkpoint else None
    trusted = Trusted.read(key if not no_signature else None, witness, need)
    try:
        trust = _checked(register, published)
        tell("No check can show what was never recorded, nor whether what was recorded is true.")
        whole = published is None or _is_signed(published, trust, trusted, no_signature)
    except (Failed, SokeError) as error:
        if isinstance(error, SokeError) and error.code != "damaged":
            raise
        tell(one_line(f"NOT VERIFIED. {error}"))
        raise typer.Exit(1) from None
    if not whole:
        raise typer.Exit(1)


def _checked(register: str, published: Checkpoint | None) -> Trust:
    """What the register says of its keys by the checkpoint, once it was checked: each finding is told, and between them
    a bar, on a terminal, shows how far it is."""
    with opened(register, write=False) as log, progress_bar(False, "Checking") as bar:
        task = bar.add_task("entries", total=None)
        for line in check_register(log, lambda done, total: bar.update(task, completed=done, total=total)):
            bar.stop()
            tell(one_line(line))
            bar.start()
        bar.stop()
        if published is not None:
            tell(one_line(check_published(log, published)))
        elif len(log):
            tell(NO_CHECKPOINT)
        check_guarded(log)
        return trust_of(log, published.size if published else None)


def _is_signed(published: Checkpoint, trust: Trust, trusted: Trusted, no_signature: bool) -> bool:
    """Whether nothing is left to ask about signatures. Failed where the key that is trusted did not sign."""
    if trusted.key is None:
        say("The signature was not checked: " + ("you asked for that." if no_signature else "you gave no key (--key)."))
        return no_signature
    said, signed = check_trust(published, trust, trusted.key, trusted.witnesses, trusted.need)
    for line in said:
        tell(one_line(line))
    tell(f"VERIFIED. The checkpoint is signed with {signed}.")
    return True


def _verify_file(file: str, files: Mapping[str, Sequence[Path | None]], more: Sequence[str], *, proof: bool) -> int:
    """The exit status of the program that checks without Soke; it prints what it finds."""
    if files["--checkpoint"] == [None]:
        raise SokeError("A copy is checked against a checkpoint.", "Add --checkpoint FILE and --key FILE.", file)
    arguments = ["--proof", file] if proof else [file]
    for named in (Path(file), *(path for paths in files.values() for path in paths if path is not None)):
        if named.exists() and not named.is_file():
            raise SokeError("This is a folder, a pipe or a device, not a file.", "Name a file.", str(named))
    for option, paths in files.items():
        arguments += [part for path in paths if path is not None for part in (option, str(path))]
    return alone.main([*arguments, *more])
