"""``soke register export`` and ``backup``: a register for other programs, and a register that is a copy of one."""

from __future__ import annotations

import hashlib
import json
import re
from contextlib import suppress
from pathlib import Path

import typer

from soke.cli.output import say
from soke.cli.register.init import REGISTER, REHEARSAL, is_rehearsal, opened, place
from soke.files import write_whole
from soke.register.book import register_name
from soke.register.exports import balances_table, entries_table, journal, state_json
from soke.register.history import told
from soke.register.kinds import REGISTER as ABOUT_ITSELF
from soke.register.meaning import state_of

CONTENTS = "contents.json"
_UNFIT = re.compile(r"[^a-z0-9-]")


def export(register: str = REGISTER, to: Path = typer.Option(help="The folder to write in.")) -> None:
    """Write a register for other programs: entries and balances as CSV, each deal as JSON, the ledger as plain text.

    entries.csv has each entry in words and as it is; balances.csv each account in pence; ledger.journal is read by
    hledger; log.jsonl is the register itself, one entry a line. What breaks a rule is not exported, but said.
    contents.json, written last, lists the files with their SHA-256: where it is missing the export was not finished.

    Example: soke register export gm.db --to gm-export
    """
    with opened(register, write=False) as log:
        lines, rehearsal = list(log.lines()), is_rehearsal(log)
        entries = log.read()[: len(lines)]
        name, head = register_name(log), log.tree().root(len(lines))
    deals = list(dict.fromkeys(entry["deal"] for entry in entries if entry["deal"] != ABOUT_ITSELF))
    states = [state_of(deal, entries) for deal in deals]
    words = list(told(entries))
    contents = {
        "log.jsonl": b"".join(line + b"\n" for line in lines),
        "entries.csv": entries_table(words, entries, rehearsal=rehearsal).encode(),
        "balances.csv": balances_table(states).encode(),
        "ledger.journal": journal(name, words, entries, states).encode(),
    }
    for number, state in enumerate(states):
        fit = _UNFIT.sub("-", state.id)
        contents[f"deal-{fit if fit == state.id else f'{fit}-{number}'}.json"] = state_json(state).encode()
    listed = {
        "register": name, "rehearsal": rehearsal, "entries": len(entries), "head": head.hex(),
        "files": {file: hashlib.sha256(content).hexdigest() for file, content in contents.items()},
    }  # fmt: skip
    _write_all(to, contents, json.dumps(listed, indent=1).encode() + b"\n")
    if rehearsal:
        say(REHEARSAL)
    count = f"{len(states)} deal{'' if len(states) == 1 else 's'}"
    say(f"Wrote {', '.join(contents)} in {to}: {len(entries):,} entries, {count}.")


def _write_all(to: Path, contents: dict[str, bytes], listed: bytes) -> None:
    """Each file whole; and the list of them only while they belong together."""
    with suppress(FileNotFoundError, NotADirectoryError):
        (to / CONTENTS).unlink()
    for file, content in contents.items():
        write_whole(to / file, content)
    write_whole(to / CONTENTS, listed)


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
        size, root = log.backup(place(to))
    say(f"Copied {size:,} entries, verified; head {root.hex()[:16]}.")
