"""``soke register export`` and ``backup``: a register for other programs, and a register that is a copy of one."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import typer

from soke.cli.output import say
from soke.cli.register.shared import REGISTER, opened
from soke.files import write_whole
from soke.register import exports
from soke.register.clock import REHEARSAL
from soke.register.exports import CONTENTS
from soke.text import counted


def export(register: str = REGISTER, to: Path = typer.Option(help="The folder to write in.")) -> None:
    """Write a register for other programs: entries and balances as CSV, each deal as JSON, the ledger as plain text.

    entries.csv has each entry in words and as it is; balances.csv each account in pence; ledger.journal is read by
    hledger; log.jsonl is the register itself, one entry a line. What breaks a rule is not exported, but said.
    contents.json, written last, lists the files with their SHA-256: where it is missing the export was not finished.

    Example: soke register export gm.db --to gm-export
    """
    with opened(register, write=False) as log:
        made = exports.export(log)
        with suppress(FileNotFoundError, NotADirectoryError):  # it lists the files only while they belong together
            (to / CONTENTS).unlink()
        for file, part in made.files.items():
            write_whole(to / file, part)
    write_whole(to / CONTENTS, made.contents())
    if made.rehearsal:
        say(REHEARSAL)
    say(f"Wrote {', '.join(made.files)} in {to}: {made.entries:,} entries, {counted(made.deals, 'deal')}.")


def backup(
    register: str = REGISTER,
    to: str = typer.Option(help="Where the copy is to be: a new file, or a new schema of a PostgreSQL database."),
) -> None:
    """Copy a register while others write to it, to a register like it, in either database.

    The copy is read again and compared; it appears whole or not at all, and nothing is overwritten. To restore, copy
    it back to a new place: a backup is a register.

    Example: soke register backup gm.db --to backups/gm-2026-11-22.db

    Example: soke register backup gm.db --to "postgresql://ann@host/deals?schema=gm"
    """
    with opened(register, write=False) as log:
        size, root = log.backup(to)
    say(f"Copied {size:,} entries, verified; head {root.hex()[:16]}.")
