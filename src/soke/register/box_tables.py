"""The tables of a ballot box, in one SQLite file: what a row holds, and what no row may become.

Counts that rise as ballots come are kept in eight bytes each, and all their rows are there from the beginning: a row
that grew would move others about, and where things lie would tell in which order they came.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from soke.community.voting.paper import REASONS
from soke.community.voting.reconciliation import ChannelCount, Reconciliation
from soke.community.voting.tried import UNKNOWN, USED, WAS_SPOILED
from soke.errors import Location, SokeError
from soke.register.leftovers import BOX, check_without_log
from soke.register.sqlite import connect

VERSION = 3  # of its tables
THING = "ballot box"
UNUSED, CAST, INVALID, SPOILED = "ucis"
REPLACED = "replaced"  # beside the reasons: papers that were invalid, and for which another code was given
SCHEMA = f"""
CREATE TABLE round (name TEXT PRIMARY KEY, paper BLOB NOT NULL, verifier TEXT NOT NULL,
                    closed INTEGER NOT NULL CHECK (closed IN (0, 1))) WITHOUT ROWID;
CREATE TABLE channel (name TEXT NOT NULL, district TEXT NOT NULL, issued INTEGER NOT NULL,
                      PRIMARY KEY (name, district)) WITHOUT ROWID;
CREATE TABLE code (hash BLOB PRIMARY KEY, channel TEXT NOT NULL,
                   state TEXT NOT NULL CHECK (state IN ('u', 'c', 'i', 's')), district TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE slot (number BLOB PRIMARY KEY, filled INTEGER NOT NULL CHECK (filled IN (0, 1)), nonce BLOB NOT NULL,
                   content BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE place (place INTEGER PRIMARY KEY, number BLOB NOT NULL);
CREATE TABLE invalid (reason TEXT PRIMARY KEY, papers BLOB NOT NULL CHECK (length(papers) = 8)) WITHOUT ROWID;
CREATE TABLE tried (hour TEXT NOT NULL, kind TEXT NOT NULL, times INTEGER NOT NULL,
                    PRIMARY KEY (hour, kind)) WITHOUT ROWID;
INSERT INTO invalid VALUES {", ".join(f"('{reason}', x'{0:016x}')" for reason in (*REASONS, REPLACED))};
CREATE TRIGGER round_stays BEFORE DELETE ON round BEGIN SELECT RAISE(ABORT, 'a round stays'); END;
CREATE TRIGGER round_kept BEFORE UPDATE ON round WHEN OLD.closed = 1
  BEGIN SELECT RAISE(ABORT, 'a closed round stays closed'); END;
CREATE TRIGGER code_stays BEFORE DELETE ON code BEGIN SELECT RAISE(ABORT, 'a code stays'); END;
CREATE TRIGGER code_once BEFORE UPDATE ON code
  WHEN NOT (OLD.state = 'u' OR (OLD.state = 'i' AND NEW.state = 's')) OR (SELECT max(closed) FROM round)
  BEGIN SELECT RAISE(ABORT, 'a code is used once, while the round is open'); END;
CREATE TRIGGER code_kept BEFORE UPDATE ON code WHEN NEW.channel <> OLD.channel OR NEW.district <> OLD.district
  BEGIN SELECT RAISE(ABORT, 'a code stays in its channel and district'); END;
CREATE TRIGGER code_open BEFORE INSERT ON code WHEN (SELECT max(closed) FROM round)
  BEGIN SELECT RAISE(ABORT, 'the round is closed'); END;
CREATE TRIGGER slot_stays BEFORE DELETE ON slot BEGIN SELECT RAISE(ABORT, 'a ballot stays'); END;
CREATE TRIGGER slot_once BEFORE UPDATE ON slot WHEN OLD.filled = 1 OR (SELECT max(closed) FROM round)
  BEGIN SELECT RAISE(ABORT, 'a ballot is cast once, while the round is open'); END;
CREATE TRIGGER invalid_rises BEFORE UPDATE ON invalid
  WHEN NEW.papers < OLD.papers OR NEW.reason <> OLD.reason OR (SELECT max(closed) FROM round)
  BEGIN SELECT RAISE(ABORT, 'a paper that was received stays received'); END;
CREATE TRIGGER invalid_stays BEFORE DELETE ON invalid BEGIN SELECT RAISE(ABORT, 'a reason stays'); END;
CREATE TRIGGER tried_stays BEFORE DELETE ON tried BEGIN SELECT RAISE(ABORT, 'what was tried stays'); END;
PRAGMA application_id = {BOX};
PRAGMA user_version = {VERSION};
"""
PLACES = "INSERT INTO place SELECT row_number() OVER (ORDER BY number) - 1, number FROM slot"


class AlreadyUsed(SokeError):
    """A ballot was cast with this code before."""


class Code(NamedTuple):
    """What the box knows of a code."""

    hashed: bytes
    channel: str
    district: str
    state: str


class NotTaken(NamedTuple):
    """A code that cannot be used: what kind it is, and the sentence."""

    kind: str
    error: SokeError


def look(
    connection: sqlite3.Connection, hashed: bytes, states: Sequence[str], where: Location | None
) -> Code | NotTaken:
    """What the box knows of a code, where it is in one of the ``states``; else why it cannot be used. That there is
    none and that it was used take the same steps."""
    query = "SELECT channel, district, state FROM code WHERE hash = ?"
    channel, district, state = connection.execute(query, (hashed,)).fetchone() or ("", "", "")
    if state in states:
        return Code(hashed, channel, district, state)
    if not state:
        fix = "Look whether it is of another round."
        return NotTaken(UNKNOWN, SokeError("This round has no such code.", fix, where))
    if state == CAST:
        fix = "One code, one ballot: nothing was changed."
        return NotTaken(USED, AlreadyUsed("A ballot was cast with this code already.", fix, where))
    if state == INVALID:
        fix = "Nothing was changed; soke round spoil gives another code in its place."
        return NotTaken(USED, AlreadyUsed("A paper with this code was received already, and is invalid.", fix, where))
    fix = "Use the code that was given in its place."
    return NotTaken(WAS_SPOILED, SokeError("This code was spoiled.", fix, where))


def connect_box(path: Path) -> sqlite3.Connection:
    """A connection that writes nothing outside the folder of the box, where ballots would lie in plain sight."""
    check_without_log(path)
    connection = connect(str(path))
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection


def check_kind(connection: sqlite3.Connection, path: Path) -> None:
    """SokeError where a file is no ballot box, or one of another version."""
    try:
        (mark,) = connection.execute("PRAGMA application_id").fetchone()
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_NOTADB:
            raise
        mark = None
    if mark != BOX:
        raise SokeError("This is not a ballot box of Soke.", "Check the name.", str(path))
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version != VERSION:
        raise SokeError(f"The ballot box has version {version}.", "Use the Soke that made it.", str(path))


def reconciled(connection: sqlite3.Connection) -> Reconciliation:
    """How many codes were issued and used, by channel and district, why papers were invalid, and how many ballots lie
    in the box."""
    ask = connection.execute
    issued = {(name, district): count for name, district, count in ask("SELECT * FROM channel")}
    counts: dict[tuple[str, str], dict[str, int]] = {of: {} for of in issued}
    query = "SELECT channel, district, state, count(*) FROM code GROUP BY channel, district, state"
    for channel, district, state, count in ask(query):
        counts.setdefault((channel, district), {})[state] = count
    (ballots,) = ask("SELECT count(*) FROM slot WHERE filled = 1").fetchone()
    lines = tuple(
        ChannelCount(
            channel=of[0], district=of[1], issued=issued.get(of, 0), cast=by.get(CAST, 0),
            invalid=by.get(INVALID, 0), spoiled=by.get(SPOILED, 0), unused=by.get(UNUSED, 0),
        )
        for of, by in sorted(counts.items())
    )  # fmt: skip
    papers = {reason: int.from_bytes(count) for reason, count in ask("SELECT * FROM invalid")}
    replaced = papers.pop(REPLACED)
    return Reconciliation(lines, ballots, {reason: papers[reason] for reason in REASONS}, replaced)


def add_invalid(connection: sqlite3.Connection, reason: str, papers: int = 1) -> None:
    """One more paper, or so many, of a reason."""
    (before,) = connection.execute("SELECT papers FROM invalid WHERE reason = ?", (reason,)).fetchone()
    made = (int.from_bytes(before) + papers).to_bytes(8)
    connection.execute("UPDATE invalid SET papers = ? WHERE reason = ?", (made, reason))
