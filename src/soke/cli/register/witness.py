"""``soke register witness``, ``request`` and ``compare``: others look at what a register shows, and at whether it
shows everybody the same."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import typer

from soke.cli.output import say, tell
from soke.deal.words import moment
from soke.errors import SokeError
from soke.files import write_whole
from soke.register.checkpoint import read_verifier_key
from soke.register.key_files import kept_or_made
from soke.register.verify import COSIGNATURE, Failed, key_text
from soke.register.views import compare as compared
from soke.register.views import read_view
from soke.register.witness import request as asked
from soke.register.witness import witness as cosigned
from soke.text import counted, one_line


def witness(
    source: Path | None = typer.Argument(None, help="A published folder, or what soke register request wrote."),
    key: Path = typer.Option(help="The signing key of this witness."),
    seen: Path | None = typer.Option(None, help="The folder where this witness keeps what it saw last."),
    to: Path | None = typer.Option(None, help="Where to write the cosigned checkpoint; else into the folder."),
    log_key: Path | None = typer.Option(None, help="The public key of the register, from a source that you trust."),
    new_key: bool = typer.Option(False, "--new-key", help="Make the key of this witness."),
    name: str | None = typer.Option(None, help="With --new-key: who this witness is, such as audit.example/witness."),
    at: str | None = typer.Option(None, help="For a rehearsal: when, such as 2026-04-01."),
) -> None:
    """Sign what a register shows, once it is seen to go on from what it showed before. Others run this, not its keeper.

    First make the key of the witness (--new-key), once; then sign each time that the register is published. What does
    not go on from what was seen last is never signed: it is a split view, and both checkpoints are kept as evidence.

    Exit status 0 signed, 1 refused, 2 a file cannot be read.

    Example: soke register witness --new-key --name audit.example/witness --key witness.key

    Example: soke register witness published --key witness.key --seen seen
    """
    if new_key:
        if source is not None or not name:
            raise SokeError("--new-key takes a --name, and signs nothing.", "Make the key first, then sign with it.")
        made = kept_or_made(key, name, COSIGNATURE)[0]
        say(f"Keep {key} secret. Give {key}.pub to the keepers of registers, and to everybody:")
        tell(key_text(made.verifier))
        return
    if source is None or seen is None:
        raise SokeError(f"{'SOURCE' if source is None else '--seen'} is missing.", "See soke register witness --help.")
    try:
        said = moment(at) if at else None
        done = cosigned(source, key, seen, dt.datetime.now(dt.UTC), said=said, to=to, log_key=log_key)
    except Failed as error:
        tell(one_line(f"NOT SIGNED. {error}"))
        raise typer.Exit(1) from None
    for line in done.said:
        say(one_line(line))
    before = "seen for the first time" if done.before is None else f"which go on from the {done.before:,} seen last"
    tell(f"Signed: {counted(done.checkpoint.size, 'entry', 'entries')} of {done.checkpoint.origin}, {before}.")
    say(f"Wrote {' and '.join(map(str, done.written))}.")


def request(
    folder: Path = typer.Argument(help="A published folder."),
    old: int = typer.Option(0, min=0, help="How many entries the witness saw last; 0 if it never saw the register."),
    to: Path = typer.Option(help="The file to write."),
) -> None:
    """Write what a witness is asked with who does not read the whole folder: a checkpoint, and how it goes on.

    The form is that of C2SP tlog-witness (add-checkpoint).

    Example: soke register request published --old 131 --to request
    """
    content = asked(old, read_view(folder))
    write_whole(to, content)
    say(f"Wrote {to}. A witness signs it: soke register witness {to.name} --key KEY --seen FOLDER --to FILE")


def compare(
    first: Path = typer.Argument(help="A checkpoint, or a published folder."),
    second: Path = typer.Argument(help="Another of the same register."),
    key: Path | None = typer.Option(None, help="The public key of the register, from a source that you trust."),
) -> None:
    """Compare what a register showed here and there: the same, one goes on from the other, or a split view, which is
    two histories that cannot both be true.

    Checkpoints of one size are enough to tell that. With the folders of both, those of two sizes are compared too, and
    the first entry in which they differ is named.

    Exit status 0 for one history, 1 for a split view, 2 where it cannot be told.

    Example: soke register compare checkpoint-from-the-newspaper published
    """
    found = compared(read_view(first), read_view(second), read_verifier_key(key) if key else None)
    for line in found.said:
        tell(one_line(line))
    if found.verdict == "split":
        raise typer.Exit(1)
