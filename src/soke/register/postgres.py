"""A register in a schema of a PostgreSQL database: ``postgresql://user@host/database?schema=name`` (default ``soke``).

The rest of the URL is libpq's own, with its defaults from the environment and ``~/.pgpass``, where a password belongs.
Durable whatever the server is set to: each append asks for synchronous_commit, and a server without fsync is refused.
Writers take turns by an advisory lock on the table of entries; whoever goes round it meets the primary key. To append,
a user needs SELECT and INSERT on both tables and USAGE on the schema, no more. What an index hides from a look-up is
found by PostgreSQL's own ``pg_amcheck``.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import psycopg
from psycopg import conninfo, errors, sql

from soke.errors import SokeError
from soke.register import database
from soke.register.database import Conflict, InDoubt, Row, Taken, damaged

MARK = "Soke register, version 1"
SCHEMA_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
NAME = re.compile(r"[\w.$-]*", re.ASCII)
HOST = re.compile(r"[\w.,:/+-]*", re.ASCII)
PORT = re.compile(r"(\d+(,\d+)*)?", re.ASCII)
CONNECT_SECONDS = 10
TABLES = """
CREATE SCHEMA {s};
CREATE TABLE {s}.entry (seq bigint PRIMARY KEY, line bytea NOT NULL);
CREATE TABLE {s}.tag (tag text COLLATE "C" NOT NULL, seq bigint NOT NULL, PRIMARY KEY (tag, seq));
CREATE FUNCTION {s}.kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  RAISE EXCEPTION 'the register only grows' USING ERRCODE = 'restrict_violation';
END $$;
CREATE FUNCTION {s}.entry_next() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE good boolean; BEGIN
  EXECUTE format('SELECT first IS NULL OR (last - first + 1 = number AND (SELECT max(seq) FROM %1$I.entry) = last
    AND (SELECT coalesce(max(seq), -1) FROM %1$I.entry WHERE seq < first) = first - 1)
    FROM (SELECT min(seq) AS first, max(seq) AS last, count(*) AS number FROM added) AS a', TG_TABLE_SCHEMA) INTO good;
  IF NOT good THEN
    RAISE EXCEPTION 'the register only grows at its end' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION {s}.tag_next() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE late boolean; BEGIN
  EXECUTE format('SELECT EXISTS (SELECT FROM added LEFT JOIN %I.entry AS e USING (seq)
    WHERE e.xmin IS DISTINCT FROM pg_current_xact_id()::xid)', TG_TABLE_SCHEMA) INTO late;
  IF late THEN
    RAISE EXCEPTION 'the register only grows at its end' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER next AFTER INSERT ON {s}.entry REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION {s}.entry_next();
CREATE TRIGGER next AFTER INSERT ON {s}.tag REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION {s}.tag_next();
CREATE TRIGGER kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {s}.entry FOR EACH STATEMENT EXECUTE FUNCTION {s}.kept();
CREATE TRIGGER kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {s}.tag FOR EACH STATEMENT EXECUTE FUNCTION {s}.kept();
ALTER TABLE {s}.entry ENABLE ALWAYS TRIGGER next, ENABLE ALWAYS TRIGGER kept;
ALTER TABLE {s}.tag ENABLE ALWAYS TRIGGER next, ENABLE ALWAYS TRIGGER kept;
COMMENT ON SCHEMA {s} IS {mark};
"""
TO_WRITE = """
BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL synchronous_commit = on; SET LOCAL lock_timeout = {wait};
SELECT pg_advisory_xact_lock({soke}, hashtext({table}::regclass::oid::text))
"""
TRIGGERS = """
SELECT t.tgname, c.relname, t.tgenabled, t.tgtype::int, f.proname, btrim(f.prosrc)
FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_proc AS f ON f.oid = t.tgfoid
WHERE n.nspname = %s AND NOT t.tgisinternal AND c.relname IN ('entry', 'tag')
"""
SOURCES = dict(re.findall(r"CREATE FUNCTION \{s\}\.(\w+)\(\).*?AS \$\$(.*?)\$\$;", TABLES, re.DOTALL))
INSERTED, CHANGED = 4, 2 + 8 + 16 + 32  # pg_trigger.tgtype: after INSERT; before DELETE, UPDATE or TRUNCATE
WANTED = {
    f"{name} of {table}": ["A", type_, function, SOURCES[function].strip()]
    for table in ("entry", "tag")
    for name, type_, function in (("kept", CHANGED, "kept"), ("next", INSERTED, f"{table}_next"))
}
SOKE = 0x536F6B65  # keeps our locks apart from those of other programs


@dataclass(frozen=True, slots=True)
class Place:
    """Where a register is: what libpq is told (with the password, so it is never shown), and the schema."""

    told: str
    schema: str
    shown: str
    password: str

    def __repr__(self) -> str:
        return self.shown


def place(url: str) -> Place:
    """Read a URL. No part of one that cannot be understood is shown: a password may be anywhere in it."""
    try:
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True)) if parts.query else {}
        schema = options.pop("schema", "soke")
        told = f"postgresql://{parts.netloc}{parts.path}" + (f"?{urlencode(options)}" if options else "")
        settings: dict[str, Any] = dict(conninfo.conninfo_to_dict(told))
    except (ValueError, psycopg.ProgrammingError):
        raise _no_url() from None
    user, host, port, name = (str(settings.get(key) or "") for key in ("user", "host", "port", "dbname"))
    known = (NAME.fullmatch(user), HOST.fullmatch(host), PORT.fullmatch(port), NAME.fullmatch(name))
    if "://" not in url or parts.fragment or not all(known):
        raise _no_url()
    beside = {"schema": schema}
    if host.startswith("/"):
        beside, host = {"host": host} | beside, ""
    hosts = host.split(",")
    ports = port.split(",") if "," in port else [port] * len(hosts)
    pairs = zip(hosts, ports, strict=False)
    at = ",".join(f"{server}:{number}" if number else server for server, number in pairs)
    shown = f"postgresql://{f'{user}@' if user else ''}{at}/{name}?{urlencode(beside, safe='/')}"
    if not SCHEMA_NAME.fullmatch(schema):
        raise SokeError(
            "The name of the schema is not one.", "Use small letters, digits and _, 40 at most.",
            shown.partition("schema=")[0] + f"schema={quote(schema[:40])}",
        )  # fmt: skip
    settings.setdefault("connect_timeout", CONNECT_SECONDS)
    password = str(settings.get("password") or "")
    return Place(conninfo.make_conninfo(**(settings | {"client_encoding": "UTF8"})), schema, shown, password)


def _no_url() -> SokeError:
    return SokeError(
        "This is not the URL of a PostgreSQL database.",
        "Write postgresql://user@host/database?schema=name, with special characters as %40 and so on.",
        "postgresql://...",
    )


class Postgres:
    """The tables in one schema. An object belongs to one thread."""

    remark = ""

    def __init__(self, connection: psycopg.Connection[Any], place: Place, write: bool = True) -> None:
        self.connection, self.place, self.where, self.write = connection, place, place.shown, write
        self.plainly = _Plainly(connection, place.shown)

    @classmethod
    def create(cls, where: Path | str) -> Self:
        made = cls._connected(place(str(where)), write=True)
        try:
            with made.plainly:
                (encoding,) = made._one("SHOW server_encoding")
                if encoding != "UTF8":
                    raise SokeError(f"The database is in {encoding}.", "Make one in UTF8.", made.where)
                made.connection.execute("BEGIN; SET LOCAL synchronous_commit = on")
                made._do(TABLES, mark=sql.Literal(MARK))
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
            raise _unreachable(error, place) from None
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
            table = sql.Literal(f'"{self.place.schema}".entry')
            self._do(TO_WRITE, wait=sql.Literal(database.WAIT_MS), soke=sql.Literal(SOKE), table=table)
        except BaseException:
            self.rollback()
            raise

    def commit(self) -> None:
        self.plainly.committing = True
        self.connection.execute("COMMIT")
        self.plainly.committing = False

    def rollback(self) -> None:
        with suppress(psycopg.Error):
            self.connection.rollback()

    def size(self) -> int:
        (size,) = self._one("SELECT coalesce(max(seq), -1) + 1 FROM {s}.entry")
        return int(size)

    def count(self) -> int:
        (count,) = self._one("SELECT count(*) FROM {s}.entry")
        return int(count)

    def latest(self, tags: Sequence[str]) -> Sequence[int | None]:
        each = "unnest(%s::text[]) WITH ORDINALITY AS asked (name, place)"
        query = f"SELECT (SELECT max(seq) FROM {{s}}.tag WHERE tag = name) FROM {each} ORDER BY place"
        return [last for (last,) in self._do(query, list(tags))]

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

    def entries(self) -> Iterator[tuple[int, bytes]]:
        return self._rows("entries", "SELECT seq, line FROM {s}.entry ORDER BY seq")

    def tags(self) -> Iterator[tuple[int, str]]:
        return self._rows("tags", "SELECT seq, tag FROM {s}.tag ORDER BY seq, tag")

    def _rows(self, name: str, query: str) -> Iterator[tuple[int, Any]]:
        with self.connection.cursor(name) as cursor:
            cursor.itersize = database.PAGE
            cursor.execute(sql.SQL(query).format(s=sql.Identifier(self.place.schema)))
            yield from cursor

    def complaint(self) -> str:
        return ""  # it complains when it reads a damaged page

    def unguarded(self) -> str:
        found = self._do(TRIGGERS, self.place.schema).fetchall()
        return database.triggers_in_words(WANTED, {f"{name} of {table}": said for name, table, *said in found})


def _there(where: str, opened: Postgres) -> Taken:
    """What is said where a schema was to be made and there is one: it names what is in it."""
    try:
        with opened.plainly:
            opened._check_kind()
        what = database.lies_there(opened)
    except SokeError as error:
        what = error.fact
    return Taken(f"This schema exists, and nothing is overwritten. {what}", "Name a new one: ?schema=name.", where)


def _unreachable(error: psycopg.Error, place: Place) -> SokeError:
    """What libpq says, from the last ``failed:``; a password that it might repeat is struck out."""
    said = " ".join(str(error).rpartition("failed: ")[2].split("\n")[0].split())
    if place.password:
        said = said.replace(place.password, "***")
    if "FATAL" in said:
        said = said.partition("FATAL:")[2].strip()
        fact, fix = "The server refuses", "Check the user, the password (in ~/.pgpass) and the name of the database."
    else:
        fact, fix = "The server cannot be reached", "Check that it runs, and its host and port."
    return SokeError(f"{fact}: {said.rstrip('.')}.", fix, place.shown)


class _Plainly:
    """What PostgreSQL says, in a sentence."""

    def __init__(self, connection: psycopg.Connection[Any], where: str) -> None:
        self.connection, self.where = connection, where
        self.committing = False

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        committing, self.committing = self.committing, False
        if isinstance(error, psycopg.Error):
            raise self.sentence(error, committing) from None

    def sentence(self, error: psycopg.Error, committing: bool) -> SokeError:
        said = (error.diag.message_primary or type(error).__name__).rstrip(".")
        lost = self.connection.closed or isinstance(error, errors.AdminShutdown | errors.CrashShutdown)
        if lost and committing:
            return InDoubt(
                "The connection was lost while the entry was being confirmed: it was written whole, or not at all.",
                "Open the register again and look.", self.where,
            )  # fmt: skip
        if lost:
            return SokeError(
                "The connection to the database was lost; nothing was written.", "Open the register again.", self.where
            )
        if isinstance(error, errors.UniqueViolation | errors.SerializationFailure | errors.DeadlockDetected):
            return Conflict("Another writer came first.", "Read the register again, then decide.", self.where)
        if isinstance(error, errors.LockNotAvailable):
            return Conflict("Another writer keeps the register busy.", "Try again in a moment.", self.where)
        if isinstance(error, errors.DiskFull):
            return SokeError("The disk is full: nothing was written.", "Make room, then try again.", self.where)
        if isinstance(error, errors.DataCorrupted | errors.IndexCorrupted):
            return damaged(self.where, f"PostgreSQL says: {said}.")
        if isinstance(error, errors.UndefinedTable | errors.UndefinedColumn):
            return damaged(self.where, f"PostgreSQL says: {said}.")
        if isinstance(error, errors.DuplicateSchema):
            return Taken("This schema exists, and nothing is overwritten.", "Name a new one: ?schema=name.", self.where)
        if isinstance(error, errors.InsufficientPrivilege):
            return SokeError(f"The user may not do this: {said}.", "Ask the keeper of the database.", self.where)
        if isinstance(error, errors.ReadOnlySqlTransaction):
            return SokeError("The server can only be read.", "Name the one that is written to.", self.where)
        return SokeError(f"The register cannot be used: {said}.", "Check the server and its disk.", self.where)
