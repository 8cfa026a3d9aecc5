"""``soke register publish`` and ``prove``: what others need to check a register without trusting who keeps it."""

from __future__ import annotations

import shlex
from pathlib import Path

import typer

from soke.cli.output import say, tell
from soke.cli.register.shared import REGISTER, opened
from soke.files import write_whole
from soke.register.clock import REHEARSAL
from soke.register.publication import CHECKPOINT, HASHES, KEY, LOG, PROGRAM, proof, publication
from soke.report.register_pages import register_pages
from soke.report.register_parts import HISTORY, STATUS
from soke.text import counted


def publish(
    register: str = REGISTER,
    key: Path = typer.Option(help="The signing key of the register."),
    to: Path = typer.Option(help="The folder to publish in; the same one each time."),
    cosigned: list[Path] = typer.Option([], help="A checkpoint that a witness signed and handed back; again for each."),
) -> None:
    """Sign the head of a register, and write a folder with all that anyone needs to check it offline: log, hashes, key,
    program; and with status.html and history.html, which say it in plain words, in any browser.

    Each earlier checkpoint stays under its size, and what witnesses signed stays on it. A register that no longer
    begins with what it once vouched for publishes nothing, nor does a key that its own entries do not name.

    Example: soke register publish gm.db --key gm.key --to public
    """
    with opened(register, write=False) as log:
        made = publication(log, key, to, cosigned)
        pages = register_pages(log, made)
        for file, content in (*made.files.items(), *pages.items()):
            write_whole(to / file, content)
    if made.rehearsal:
        say(REHEARSAL)
    kept = f" It goes on from {counted(made.earlier, 'earlier checkpoint')}." if made.earlier else ""
    say(f"Published the {made.entries:,} entries of {made.name} in {to}.{kept} To check them offline:")
    tell(
        f"cd {shlex.quote(str(to))} && python3 {PROGRAM} {LOG} --checkpoint {CHECKPOINT} --key {KEY} --hashes {HASHES}"
    )
    if made.cosigned:
        say(made.cosigned)
    say(f"Put {CHECKPOINT} and {KEY} also where you cannot change them: only there does a rewritten history show.")
    say(f"{STATUS} and {HISTORY} say it in plain words, in any browser.")


def prove(
    register: str = REGISTER,
    number: int = typer.Argument(help="The number of the entry."),
    to: Path = typer.Option(help="The file to write."),
    checkpoint: Path | None = typer.Option(None, help="Prove it for this published checkpoint; else for all entries."),
    since: Path | None = typer.Option(None, help="Prove too that the log goes on from this older checkpoint."),
) -> None:
    """Write a proof that an entry is in the register, small enough for a letter: no copy of the log is needed for it.

    It is checked against a signed checkpoint: python3 verify.py --proof FILE --checkpoint FILE --key FILE

    Example: soke register prove gm.db 44 --to entry-44.json --checkpoint public/checkpoint
    """
    with opened(register, write=False) as log:
        made = proof(log, number, checkpoint, since)
    write_whole(to, made.content)
    say(f"Wrote {to}: entry {number} of {made.size:,}, with {made.hashes} hashes. Whoever has the signed "
        f"checkpoint of {made.size:,} entries can check it: python3 verify.py --proof {to.name} --checkpoint "
        f"{CHECKPOINT} --key {KEY}")  # fmt: skip
