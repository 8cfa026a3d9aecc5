"""A register in a schema of a PostgreSQL database: ``postgresql://user@host/database?schema=name`` (default ``soke``).

The rest of the URL is libpq's own, with its defaults from the environment and ``~/.pgpass``, where a password belongs.
Durable whatever the server is set to: each append waits until it is on disk, and a server without fsync is refused.
Writers take turns by an advisory lock on the table of entries; whoever goes round it meets the primary key. To append,
a user needs SELECT and INSERT on both tables and USAGE on the schema, no more. What an index hides from a look-up is
found by PostgreSQL's own ``pg_amcheck``.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

import psycopg
from psycopg import errors, sql

from soke.errors import SokeError
from soke.register import database
from soke.register.database import Kept, Row, Taken, Unnumbered
from soke.register.postgres_place import Place, place
from soke.register.postgres_tables import (
    AGAIN,
    APPEND,
    EARLIER,
    GIVEN,
    KEPT,
    ON_DISK,
    PREPARE,
    SNAPSHOT,
    TABLES,
    TO_WRITE,
    TRIGGERS,
    WANTED,
)
from soke.register.postgres_words import Plainly, unreachable

MARK = "Soke register, version 1"
PLANNED_FROM = 2  # the append of a connection from which on its statement is planned once
SOKE = 0x536F6B65  # keeps our locks apart from those of other programs


class Postgres:
    """The tables in one schema. An object belongs to one thread."""

    remark = ""

    def __init__(self, connection: psycopg.Connection[Any], place: Place, write: bool = True) -> None:
        self.connection, self.place, self.where, self.write = connection, place, place.shown, write
        self.plainly, self.appended = Plainly(connection, place.shown), 0
        self.planned: tuple[bytes, bytes] | None = None  # what stands before and after the values of an append

    @classmethod
    def create(cls, where: Path | str) -> Self:
        made = cls._connected(place(str(where)), write=True)
        try:
            with made.plainly:
                (encoding,) = made._one("SHOW server_encoding")
                if encoding != "UTF8":
                    raise SokeError(f"The database is in {encoding}.", "Make one in UTF8.", made.where)
                made.connection.execute("BEGIN; SET LOCAL synchronous_commit = on")
                snapshot = sql.SQL(SNAPSHOT).format(s=sql.Identifier(made.place.schema))
                made._do(TABLES, mark=sql.Literal(MARK), snapshot=snapshot)
                made.commit()
        except BaseException:
            made.rollback()
            made.close()
            raise
        return made

    @classmethod
    def open(cls, where: Path | str, write: bool) -> Self:
        opened = cls._connected(place(str(where)), write)
        try:
            with opened.plainly:
                opened._check_kind()
                if not write:
                    opened.connection.execute("SET default_transaction_read_only = on")
        except BaseException:
            opened.close()
            raise
        return opened

    def _check_kind(self) -> None:
        query = "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = %s"
        comment = self._one(query, self.place.schema)
        if comment is None:
            fix = "Check the name of the schema, or make one with init."
            raise SokeError("There is no such register.", fix, self.where)
        if str(comment[0]).startswith(MARK.partition(",")[0]) and comment[0] != MARK:
            raise SokeError("The register has another version.", "Use the Soke that wrote it.", self.where)
        if comment[0] != MARK:
            raise SokeError("This is not a register of Soke.", "Check the name of the schema.", self.where)

    @classmethod
    def _connected(cls, place: Place, write: bool) -> Self:
        try:
            connection = psycopg.connect(place.told, autocommit=True, prepare_threshold=None)
        except psycopg.Error as error:
            raise unreachable(error, place) from None
        made = cls(connection, place, write)
        try:
            with made.plainly:
                for setting in ("fsync", "full_page_writes") if write else ():
                    if made._one("SELECT current_setting(%s)", setting) != ("on",):
                        raise SokeError(
                            f"The server runs with {setting} off: an acknowledged entry would not survive a loss of "
                            "power.", f"Set {setting} = on in its configuration.", made.where,
                        )  # fmt: skip
        except BaseException:
            made.close()
            raise
        return made

    @classmethod
    @contextmanager
    def whole(cls, where: Path | str, check: Callable[[Path | str], object] = lambda _: None) -> Iterator[str]:
        final = place(str(where))
        schema = f"soke_part_{secrets.token_hex(8)}"
        parts = urlsplit(str(where))
        options = {**dict(parse_qsl(parts.query)), "schema": schema}
        keeper = cls._connected(final, write=True)
        try:
            with keeper.plainly:
                if keeper._one("SELECT 1 FROM pg_namespace WHERE nspname = %s", final.schema):
                    raise _there(final.shown, keeper)
            try:
                yield parts._replace(query=urlencode(options)).geturl()
                with keeper.plainly:
                    try:
                        keeper._rename(schema, final.schema)
                    except errors.UniqueViolation:  # as DuplicateSchema, of one who came in the same instant
                        raise _there(final.shown, keeper) from None
                try:
                    check(str(where))
                except SokeError:
                    with suppress(psycopg.Error):
                        keeper._rename(final.schema, schema)
                    raise
            except BaseException:
                with suppress(psycopg.Error):
                    keeper.connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))
                raise
        finally:
            keeper.close()

    def _rename(self, old: str, new: str) -> None:
        query = sql.SQL("ALTER SCHEMA {} RENAME TO {}")
        self.connection.execute(query.format(sql.Identifier(old), sql.Identifier(new)))

    def _do(self, query: str, *values: object, **parts: sql.Composable) -> psycopg.Cursor[Any]:
        """Execute, with ``{s}`` as the schema."""
        composed = sql.SQL(query).format(s=sql.Identifier(self.place.schema), **parts)
        return self.connection.execute(composed, values or None)

    def _one(self, query: str, *values: object) -> Any:
        return self._do(query, *values).fetchone()

    def close(self) -> None:
        self.connection.close()

    def begin(self, write: bool) -> None:
        if not write:
            self.connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            return
        if not self.write:
            raise SokeError("The register was opened to be read only.", "Open it to write.", self.where)
        try:
            self._do(TO_WRITE, **self._lock)
        except BaseException:
            self.rollback()
            raise

    @property
    def _lock(self) -> dict[str, sql.Composable]:
        """Writers take turns by a lock of their own on the table of entries."""
        table = sql.Literal(f'"{self.place.schema}".entry')
        return {"wait": sql.Literal(database.WAIT_MS), "soke": sql.Literal(SOKE), "table": table}

    def commit(self) -> None:
        self.plainly.committing = True
        self.connection.execute("COMMIT")
        self.settle()
        self.plainly.committing = False

    def settle(self) -> None:
        """Writers wait for the disk together: the lock is free as soon as the entry is committed in memory. Whoever
        saw an entry that a loss of power would undo built upon it behind it, so that both are lost, or neither; and
        nothing is acknowledged, verified or copied before it is on disk."""
        self.connection.execute(ON_DISK)

    def rollback(self) -> None:
        with suppress(psycopg.Error):
            self.connection.rollback()

    def size(self) -> int:
        (size,) = self._one("SELECT coalesce(max(seq), -1) + 1 FROM {s}.entry")
        return int(size)

    def count(self, since: int) -> int:
        (count,) = self._one("SELECT count(*) FROM {s}.entry WHERE seq >= %s", since)
        return int(count)

    def append(self, entries: Sequence[Unnumbered], since: Mapping[str, int]) -> int | None:
        """In one turn to the server and back: the shorter the lock is held, the more writers get through."""
        if not self.write:
            raise SokeError("The register was opened to be read only.", "Open it to write.", self.where)
        heads, tails, of = [e.head for e in entries], [e.tail for e in entries], [len(e.tags) for e in entries]
        given = {
            "heads": heads, "tails": tails, "tags": [tag for entry in entries for tag in entry.tags],
            "places": [place for place, many in enumerate(of) for _ in range(many)],
            "asked": [*since], "since": [*since.values()],
        }  # fmt: skip
        cursor = self._put({name: sql.Literal(values) for name, values in given.items()})
        first = None
        while first is None and cursor.nextset():
            first = cursor.fetchone() if cursor.description and cursor.description[0].name == "first" else None
        return None if first is None or first[0] is None else int(first[0])

    def _put(self, given: Mapping[str, sql.Literal]) -> psycopg.Cursor[Any]:
        """Who appends again has the statement planned once. A pooler that gives each turn to another session may not
        know it; then it is sent whole."""
        self.appended += 1
        if self.appended == PLANNED_FROM:
            self._plan()
        self.plainly.committing = True
        try:
            if self.planned:
                values = b", ".join(given[name].as_bytes(self.connection) for name in GIVEN)
                cursor = self.connection.execute(values.join(self.planned))
            else:
                cursor = self._do(APPEND, **self._lock, **given)
        except errors.InvalidSqlStatementName:
            self.rollback()
            self.planned = None
            cursor = self._do(APPEND, **self._lock, **given)
        self.plainly.committing = False
        return cursor

    def _plan(self) -> None:
        name = sql.Identifier(f"soke_{secrets.token_hex(8)}")
        numbered = {given: sql.SQL(f"${number}") for number, given in enumerate(GIVEN, 1)}
        self._do(PREPARE, name=name, **numbered)
        begin, end = (sql.SQL(part).format(name=name, **self._lock).as_bytes(self.connection) for part in AGAIN)
        self.planned = begin, end

    def latest(self, tags: Sequence[str]) -> Mapping[str, int]:
        query = "SELECT name, (SELECT max(seq) FROM {s}.tag WHERE tag = name) FROM unnest(%s::text[]) AS asked (name)"
        return {name: int(last) for name, last in self._do(query, list(tags)).fetchall() if last is not None}

    def insert(self, first: int, rows: Sequence[Row]) -> None:
        seqs, lines = [*range(first, first + len(rows))], [line for line, _ in rows]
        self._do("INSERT INTO {s}.entry SELECT * FROM unnest(%s::bigint[], %s::bytea[])", seqs, lines)
        tags = [(tag, seq) for seq, (_, tags) in enumerate(rows, first) for tag in tags]
        if tags:
            names, numbers = map(list, zip(*tags, strict=True))
            self._do("INSERT INTO {s}.tag SELECT * FROM unnest(%s::text[], %s::bigint[])", names, numbers)

    def page(self, since: int, tags: Sequence[str], most: int) -> list[tuple[int, bytes]]:
        among = "SELECT DISTINCT seq FROM {s}.tag WHERE tag = ANY(%s::text[]) AND seq > %s ORDER BY seq LIMIT %s"
        where = f"seq IN ({among})" if tags else "seq > %s"
        query = f"SELECT seq, line FROM {{s}}.entry WHERE {where} ORDER BY seq LIMIT %s"
        return self._do(query, *((list(tags), since, most) if tags else (since,)), most).fetchall()

    def last_page(self, tags: Sequence[str], most: int) -> list[tuple[int, bytes]]:
        among = "SELECT DISTINCT seq FROM {s}.tag WHERE tag = ANY(%s::text[]) ORDER BY seq DESC LIMIT %s"
        where = f"WHERE seq IN ({among})" if tags else ""
        query = f"SELECT seq, line FROM {{s}}.entry {where} ORDER BY seq DESC LIMIT %s"
        return self._do(query, *((list(tags), most) if tags else ()), most).fetchall()[::-1]

    def entries(self) -> Iterator[tuple[int, bytes]]:
        return self._rows("entries", "SELECT seq, line FROM {s}.entry ORDER BY seq")

    def tags(self) -> Iterator[tuple[int, str]]:
        return self._rows("tags", "SELECT seq, tag FROM {s}.tag ORDER BY seq, tag")

    def _rows(self, name: str, query: str) -> Iterator[tuple[int, Any]]:
        with self.connection.cursor(name) as cursor:
            cursor.itersize = database.PAGE
            cursor.execute(sql.SQL(query).format(s=sql.Identifier(self.place.schema)))
            yield from cursor

    def kept(self, of: str, program: str, last_day: str) -> Kept | None:
        if not self._may("SELECT"):
            return None
        query = f"{KEPT} WHERE of = %s AND program = %s AND day <= %s ORDER BY seq DESC LIMIT 1"
        row = self._one(query, of, program, last_day)
        return Kept(*row) if row else None

    def keep(self, kept: Kept, block: int) -> None:
        if not self._may("INSERT, DELETE", missing=True):
            return
        self.connection.execute("BEGIN; SET LOCAL synchronous_commit = off")  # a cache may be lost
        try:
            if not self._may("INSERT"):
                self._do(SNAPSHOT)
            gone = "DELETE FROM {s}.snapshot WHERE of = %s AND (program <> %s OR seq / %s = %s OR seq = %s)"
            self._do(gone, kept.of, kept.program, block, kept.seq // block, kept.seq)
            self._do("INSERT INTO {s}.snapshot VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING", *kept)
            self.connection.execute("COMMIT")
        except BaseException:
            self.rollback()
            raise

    def whole_cache(self) -> Iterator[Kept]:
        if self._may("SELECT"):
            yield from (Kept(*row) for row in self._do(f"{KEPT} ORDER BY of, seq").fetchall())

    def _may(self, rights: str, missing: bool = False) -> bool:
        """Whether the user has each of these rights on the cache; where it is missing, whether he may make it."""
        table = f'"{self.place.schema}".snapshot'
        if self._one("SELECT to_regclass(%s)", table) == (None,):
            asked = "SELECT has_schema_privilege(%s, 'CREATE')"
            return missing and self._one(asked, self.place.schema) == (True,)
        return all(
            self._one("SELECT has_table_privilege(%s, %s)", table, right) == (True,) for right in rights.split(", ")
        )

    def complaint(self) -> str:
        return ""  # it complains when it reads a damaged page

    def unguarded(self) -> str:
        found = self._do(TRIGGERS, self.place.schema).fetchall()
        rows = {f"{name} of {table}": [*said, _as_now(source)] for name, table, *said, source in found}
        return database.triggers_in_words(WANTED, rows)


def _as_now(source: str) -> str:
    """The function of a trigger; of an earlier one that guards the same, as it is now."""
    now: str = EARLIER.get(hashlib.sha256(source.encode()).hexdigest(), source)
    return now


def _there(where: str, opened: Postgres) -> Taken:
    """What is said where a schema was to be made and there is one: it names what is in it."""
    try:
        with opened.plainly:
            opened._check_kind()
        what = database.lies_there(opened)
    except SokeError as error:
        what = error.fact
    return Taken(f"This schema exists, and nothing is overwritten. {what}", "Name a new one: ?schema=name.", where)
