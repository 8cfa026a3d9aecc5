"""Opening a register: its first entry names it and who keeps it, and its signing key is made. All, or nothing."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from soke.errors import SokeError
from soke.files import alone
from soke.register.book import open_book, opening_body
from soke.register.checkpoint import new_key, verifier_text, write_public_half, write_secret_half
from soke.register.database import Taken
from soke.register.key_files import key_there, public_half
from soke.register.kinds import check_body
from soke.register.storage import Log


def open_register(
    where: Path | str, name: str, registrars: Sequence[str], key: Path, now: dt.datetime, *, rehearsal: bool = False
) -> bool:
    """Make a register and its signing key, whose public half goes beside it as ``KEY.pub``.

    Stopped half-way it can be run again: it goes on with a key of the same name. A register that exists is never
    touched. Returns whether the key was there before. SokeError where the register or another key is there already.
    """
    made = new_key(name)
    check_body("register.opened", opening_body(name, registrars, "", rehearsal=rehearsal))
    public = public_half(key)
    with alone(key.parent), _taken_back(where) as written:
        kept = key_there(key, name)

        def write_key() -> None:
            """The last but one: the register appears when its key is there."""
            if kept is None:
                write_secret_half(made, key)
                written.append(key)
            if kept is None or not public.exists():
                write_public_half(kept or made, public)
                written.append(public)

        with tempfile.TemporaryDirectory(prefix="soke-") as folder, Log.create(Path(folder) / "new.db") as log:
            open_book(log, name, registrars, now, key=verifier_text((kept or made).verifier), rehearsal=rehearsal)
            log.backup(where, first=write_key)  # it appears whole or not at all, in either database
    return kept is not None


@contextmanager
def _taken_back(where: Path | str) -> Iterator[list[Path]]:
    """Files that are removed again if anything fails, unless it failed with the register in its place."""
    written: list[Path] = []
    try:
        yield written
    except BaseException as error:
        if isinstance(error, Taken) or not _is_there(where):
            for path in written:
                path.unlink(missing_ok=True)
        raise


def _is_there(where: Path | str) -> bool:
    try:
        Log.open(where, write=False).close()
    except SokeError:
        return False
    return True
