"""The ballot box of a round: one SQLite file, in which a ballot lies without anything that says whose it is.

A code is kept as HMAC-SHA256 under a key derived from the signing key of the round, which lies in a file beside the
box. A code has 69 random bits, so a plain keyed hash is enough: whoever has the box but not the key cannot test a
guess, and whoever has both would have to test some 2^69 of them.

**What the file tells.** The table of codes says which were used, the table of slots what was chosen, and nothing ties
a row of one to a row of the other: no time, no number, no order. Slots are made when codes are issued, twice as many
as codes so that a free one is soon found; a ballot goes into one drawn at random, each free one as likely as the next
(by its place among all, not by its key: a slot after a wide gap would fill early), and overwrites it in place, byte for
byte of the same length. The places are counted anew whenever slots are added, and the file is written anew whenever
codes are. So the bytes of the file depend on which codes were used and which slots filled, and not on the
order in which that happened (a test compares two files byte for byte). There is no write-ahead log, which would keep
the two pages of each ballot side by side; the rollback journal holds one ballot, and is emptied when it is cast. What
SQLite would put into a temporary file elsewhere stays in memory: writing the file anew would spill ballots there.

**What it does not hide.** Whoever can read the file can read the ballots in it, before the round closes too; and who
has two copies of it from different times sees which codes and which slots were filled between them. So the box belongs
on an encrypted disk, without snapshots from minute to minute. Who has the box and its key can cast ballots for codes
that were not used: only the count of codes issued, held against the list of electors, speaks against that.

One code, one ballot: cast in one transaction that holds the write lock from its start, on disk (synchronous=FULL) when
:meth:`BallotBox.cast` returns. Of ballots the box knows no time. Of codes that were **not** taken it keeps how many and
in which hour, never what was typed; a code that there is not and one that was used take the same steps.
"""

from __future__ import annotations

import hmac
import re
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from soke.community.voting.codes import check_channel, check_count, new_code, read_code
from soke.community.voting.paper import Ballot, Invalid, Paper, read_paper
from soke.community.voting.receipt import receipt_of
from soke.community.voting.reconciliation import Reconciliation
from soke.community.voting.roll import RollLine, line_of
from soke.community.voting.slot import pack, size, unpack
from soke.community.voting.tried import MISTYPED, USED, Tried
from soke.errors import Location, SokeError, all_of
from soke.register import box_tables as tables
from soke.register.box_tables import CAST, INVALID, SPOILED, THING, UNUSED, AlreadyUsed, Code, NotTaken
from soke.register.box_tried import TriedCodes
from soke.register.checkpoint import SigningKey, new_key, read_signing_key, verifier_text, write_key
from soke.register.database import Taken, damaged
from soke.register.sqlite import Plainly, Sqlite, closed_on_failure

WAIT_MS = 30_000  # how long a cast waits for others: in a queue at a table nobody is sent away
SLOTS_EACH = 2
TRIES = 100  # of two slots one at least is free, so that so many draws never miss them all
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9./_-]{0,99}", re.ASCII)
Given = Sequence[tuple[Location | None, str, Ballot | Invalid]]  # where each stands, its code, what was on the paper


class BallotBox:
    """One object for each thread; any number of processes may cast into the same box."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.path, self._connection, self._plainly = path, connection, Plainly(str(path), THING)
        self._secrets: tuple[SigningKey, bytes] | None = None
        self._tried = TriedCodes(connection)
        with self._plainly:
            row = connection.execute("SELECT name, paper, verifier FROM round").fetchone()
        if row is None:
            raise damaged(str(path), "It names no round.", THING)
        self.name, self.verifier = str(row[0]), str(row[2])
        self.paper: Paper = read_paper(bytes(row[1]), str(path))

    @classmethod
    def create(cls, path: Path, name: str, paper: Paper) -> Self:
        """A new box, with its signing key beside it. SokeError where any of the files is there already."""
        if not NAME.fullmatch(name):
            fix = "Use letters, digits, dots, dashes and strokes, such as elm-ward-2026."
            raise SokeError(f"{name[:60]!r} cannot be the name of a round.", fix)
        key, private, public = new_key(name), key_file(path), Path(f"{key_file(path)}.pub")
        written: list[Path] = []
        try:
            with Sqlite.whole(path) as part:
                with Plainly(str(path), THING), closed_on_failure(tables.connect_box(part)) as connection:
                    connection.executescript(f"BEGIN IMMEDIATE;{tables.SCHEMA}COMMIT;")
                    row = (name, paper.content, verifier_text(key.verifier))
                    connection.execute("INSERT INTO round VALUES (?, ?, ?, 0)", row)
                    connection.close()
                part.chmod(0o600)
                write_key(key, private, public)
                written = [private, public]
        except BaseException as error:
            for half in written:
                half.unlink(missing_ok=True)
            if type(error) is Taken:
                fact = "This file exists, and a ballot box is never overwritten."
                raise SokeError(fact, "Name a new file.", str(path)) from None
            raise
        return cls.open(path)

    @classmethod
    def open(cls, path: Path) -> Self:
        """An existing box. SokeError where it is something else."""
        if path.exists() and not path.is_file():
            raise SokeError("This is a folder, a pipe or a device.", "Name the file of the ballot box.", str(path))
        if not path.is_file():
            fix = "Check the name, or make one with soke round open."
            raise SokeError("There is no such ballot box.", fix, str(path))
        with Plainly(str(path), THING), closed_on_failure(tables.connect_box(path)) as connection:
            tables.check_kind(connection, path)
            for said in ("journal_mode = TRUNCATE", "synchronous = FULL", "secure_delete = ON"):
                connection.execute(f"PRAGMA {said}")
            connection.execute(f"PRAGMA busy_timeout = {WAIT_MS}")
            return cls(connection, path)

    def close(self) -> None:
        with suppress(SokeError, sqlite3.Error):  # a count of slips is no reason to fail
            self._write_tried()
        with self._plainly:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _keys(self) -> tuple[SigningKey, bytes]:
        """The signing key, from its file, and the key of the hashes. SokeError where it is missing or of another."""
        if self._secrets is None:
            path = key_file(self.path)
            key = read_signing_key(path)
            if verifier_text(key.verifier) != self.verifier:
                raise SokeError("This is the key of another ballot box.", f"Put that of {self.path} back.", str(path))
            self._secrets = key, hmac.digest(key.seed, b"soke codes\n" + self.name.encode(), "sha256")
        return self._secrets

    def sign(self, text: str) -> bytes:
        """A note signed with the key of the round."""
        return self._keys()[0].sign(text.encode())

    def _hash(self, code: str) -> bytes:
        return hmac.digest(self._keys()[1], read_code(code).encode(), "sha256")

    # --- codes ---

    def issue(
        self, count: int, channel: str, keep: Callable[[list[str]], object] = lambda _: None,
        drop: Callable[[], object] = lambda: None, district: str = "",
    ) -> list[str]:  # fmt: skip
        """New codes of a channel, and of a district of the paper where one is named: with them only its projects and
        those of no district can be chosen. ``keep`` writes them down, for the box cannot tell them again: they count as
        issued once it has returned. ``drop`` takes that back where they could not be issued."""
        codes = [new_code() for _ in range(check_count(count))]
        district = self.paper.district(district) if district else ""
        rows = [(self._hash(code), check_channel(channel), district) for code in codes]
        empty, nonce = bytes(size(self.paper)), bytes(16)
        slots = [(secrets.token_bytes(16), nonce, empty) for _ in range(SLOTS_EACH * count)]
        try:
            with self._writing():
                self._check_open()
                self._add(rows)
                self._connection.executemany("INSERT INTO slot VALUES (?, 0, ?, ?)", slots)
                self._connection.execute("DELETE FROM place")
                self._connection.execute(tables.PLACES)
                keep(codes)
        except BaseException:
            if not self._holds(rows[0][0]):
                drop()
            raise
        self._lay_out()
        return codes

    def _add(self, rows: Sequence[tuple[bytes, str, str]]) -> None:
        """Codes, all of one channel and district."""
        of = rows[0][1:]
        self._connection.executemany("INSERT INTO code VALUES (?, ?, 'u', ?)", sorted(rows))
        self._connection.execute("INSERT OR IGNORE INTO channel VALUES (?, ?, 0)", of)
        count = "UPDATE channel SET issued = issued + ? WHERE name = ? AND district = ?"
        self._connection.execute(count, (len(rows), *of))

    def _holds(self, code: bytes) -> bool:
        """Whether a code was issued after all: an interrupt may come when it is on disk already."""
        with suppress(sqlite3.Error):
            return self._connection.execute("SELECT 1 FROM code WHERE hash = ?", (code,)).fetchone() is not None
        return True

    def _lay_out(self) -> None:
        """Write the file anew in the order of its keys: which slots and codes came later is nobody's business."""
        with self._plainly, suppress(sqlite3.OperationalError):  # kept busy, or a full disk: what it holds is right
            self._connection.execute("VACUUM")

    def spoil(self, code: str) -> None:
        """Make a code useless that was lost or spoiled, or whose paper was invalid."""
        with self._writing():
            self._spoil(code)

    def _spoil(self, code: str) -> Code:
        (found,) = self._usable([(None, code)], (UNUSED, INVALID))
        self._mark(found, SPOILED)
        if found.state == INVALID:
            tables.add_invalid(self._connection, tables.REPLACED)
        return found

    def replace(
        self, code: str, keep: Callable[[str, str, str], object] = lambda *_: None,
        drop: Callable[[], object] = lambda: None,
    ) -> str:  # fmt: skip
        """Make a code useless, and issue another of its channel and district, which is returned. ``keep`` writes it,
        its channel and its district down before it counts, and ``drop`` takes that back, as in :meth:`issue`. The slots
        of the one serve the other: none is added, or it would tell which ballots came later."""
        fresh = new_code()
        issued = self._hash(fresh)
        try:
            with self._writing():
                old = self._spoil(code)
                self._add([(issued, old.channel, old.district)])
                keep(fresh, old.channel, old.district)
        except BaseException:
            if not self._holds(issued):
                drop()
            raise
        self._lay_out()
        return fresh

    def districts_of(self, codes: Sequence[tuple[Location | None, str]]) -> list[str]:
        """The district of each code, empty where it is of none. SokeError names all that cannot be used."""
        with self._plainly, self._transaction("BEGIN"):
            found = [self._look(*one, (UNUSED,)) for one in codes]
        if faults := [one.error for one in found if isinstance(one, NotTaken)]:
            raise all_of(faults)
        return [one.district for one in found if isinstance(one, Code)]

    def _usable(self, codes: Sequence[tuple[Location | None, str]], states: Sequence[str] = (UNUSED,)) -> list[Code]:
        """The codes, each of them once and in one of the ``states``. SokeError names all that are not, and these are
        counted as tried: at once on disk where none was in the last second, else with the next or at the end. Nothing
        else may have been done in the transaction yet."""
        self._check_open()
        found: dict[bytes, Code] = {}
        faults = []
        for where, typed in codes:
            one = self._look(where, typed, states)
            if isinstance(one, Code) and one.hashed in found:
                one = NotTaken(USED, AlreadyUsed("This code stands here twice.", "One code, one ballot.", where))
            if isinstance(one, Code):
                found[one.hashed] = one
            else:
                self._tried.count(one.kind)
                faults.append(one.error)
        if faults:
            if self._tried.due:
                self._tried.write()
                self._connection.execute("COMMIT")
            raise all_of(faults)
        return list(found.values())

    def _look(self, where: Location | None, typed: str, states: Sequence[str]) -> Code | NotTaken:
        try:
            read = read_code(typed)
        except SokeError as error:
            return NotTaken(MISTYPED, SokeError(error.fact, error.fix, where))
        return tables.look(self._connection, self._hash(read), states, where)

    def _mark(self, code: Code, state: str) -> None:
        self._connection.execute("UPDATE code SET state = ? WHERE hash = ?", (state, code.hashed))

    # --- casting ---

    def cast(self, code: str, ballot: Ballot) -> bytes:
        """Cast one ballot. When this returns it is on disk. Returns its receipt, a signed note. SokeError where the
        code is of a district and the ballot is not: then the code is as good as before."""
        return self.cast_all([(None, code, ballot)])[0]

    def cast_all(self, ballots: Sequence[tuple[Location | None, str, Ballot]]) -> list[bytes]:
        """Cast all the ballots, or none. SokeError names the places of those that cannot be cast."""
        return self._cast(ballots, invalid_too=False)[0]

    def cast_papers(self, papers: Given) -> list[tuple[Location | None, Invalid]]:
        """The same for papers that came in a pile, whose voters cannot put them right: one that is invalid is received,
        its code used up, and not counted. Returns those. SokeError for codes that cannot be used; then none is cast."""
        return self._cast(papers, invalid_too=True)[1]

    def _cast(self, given: Given, *, invalid_too: bool) -> tuple[list[bytes], list[tuple[Location | None, Invalid]]]:
        receipts, invalid = [], []
        with self._writing():
            codes = self._usable([(where, code) for where, code, _ in given])
            for code, (where, _, written) in zip(codes, given, strict=True):
                paper = self.paper.in_district(written, code.district)
                if isinstance(paper, Ballot):
                    self._mark(code, CAST)
                    receipts.append(self._fill(paper))
                elif invalid_too:
                    self._mark(code, INVALID)
                    tables.add_invalid(self._connection, paper.reason)
                    invalid.append((where, paper))
                else:
                    raise SokeError(paper.fact, "Nothing was cast: correct the ballot.", where)
        return receipts, invalid

    def _fill(self, ballot: Ballot) -> bytes:
        """Put a ballot into a slot. Returns its receipt."""
        number, nonce = self._free_slot(), secrets.token_bytes(16)
        query = "UPDATE slot SET filled = 1, nonce = ?, content = ? WHERE number = ?"
        self._connection.execute(query, (nonce, pack(ballot, self.paper), number))
        return self.sign(receipt_of(self.name, line_of(number, nonce, ballot)).text)

    def _free_slot(self) -> bytes:
        """A slot that no ballot lies in, each as likely as the next, drawn without regard to the code."""
        (last,) = self._connection.execute("SELECT max(place) FROM place").fetchone()
        query = "SELECT number FROM place JOIN slot USING (number) WHERE place = ? AND filled = 0"
        for _ in range(TRIES if last is not None else 0):
            if row := self._connection.execute(query, (_draw(last + 1),)).fetchone():
                return bytes(row[0])
        raise damaged(str(self.path), "It has no room for a ballot.", THING)

    # --- counting ---

    @property
    def is_closed(self) -> bool:
        with self._plainly:
            return bool(self._connection.execute("SELECT closed FROM round").fetchone()[0])

    def reconciliation(self) -> Reconciliation:
        """How many codes were issued and used, by channel and district, and how many ballots lie in the box."""
        with self._plainly, self._transaction("BEGIN"):
            return tables.reconciled(self._connection)

    def tried(self) -> list[Tried]:
        """How many codes were typed and not taken, by hour and kind."""
        self._write_tried()
        with self._plainly:
            return self._tried.read()

    def _write_tried(self) -> None:
        if self._tried:
            with self._writing():
                self._tried.write()

    def close_round(self) -> tuple[str, ...]:
        """Close the round: no ballot after this, and none half in. Returns what does not add up; then it stays open."""
        with self._writing():
            faults = tables.reconciled(self._connection).faults()
            (said,) = self._connection.execute("PRAGMA integrity_check(1)").fetchone()
            if said != "ok":
                raise damaged(str(self.path), f"SQLite says: {said}.", THING)
            if not faults:
                self._connection.execute("UPDATE round SET closed = 1 WHERE closed = 0")
        self._lay_out()
        return faults

    def ballots(self) -> list[tuple[RollLine, Ballot]]:
        """The ballots of a closed round, by their numbers. SokeError while it is open: who reads the box between two
        ballots knows how the second voter voted."""
        if not self.is_closed:
            raise SokeError("The round is open, and ballots are read when it has closed.", "Close it.", str(self.path))
        with self._plainly:
            query = "SELECT number, nonce, content FROM slot WHERE filled = 1 ORDER BY number"
            rows = self._connection.execute(query).fetchall()
        lines = []
        for number, nonce, content in rows:
            try:
                ballot = unpack(bytes(content), self.paper)
            except ValueError:
                raise damaged(str(self.path), f"Ballot {bytes(number).hex()} cannot be read.", THING) from None
            lines.append((line_of(number, nonce, ballot), ballot))
        return lines

    # --- transactions ---

    def _check_open(self) -> None:
        if self._connection.execute("SELECT closed FROM round").fetchone()[0]:
            raise SokeError("The round has closed.", "Nothing can be cast, issued or spoiled any more.", str(self.path))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._plainly, self._transaction("BEGIN IMMEDIATE"):
            yield

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        try:  # an interrupt between the two would leave the transaction open
            self._connection.execute(begin)
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:  # a full disk may have rolled it back already
                with suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
            raise


def key_file(box: Path) -> Path:
    """Where the signing key of a box is; its public half has ``.pub`` behind that."""
    return Path(f"{box}.key")


def _draw(below: int) -> int:
    return secrets.randbelow(below)
