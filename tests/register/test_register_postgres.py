"""What only a register in PostgreSQL can suffer: URLs with passwords, rights, settings, a lost connection, kill -9."""

from __future__ import annotations

import subprocess
import sys
import threading
import zlib
from pathlib import Path
from typing import Any

import psycopg
import pytest
from private_postgres import Server
from registers import Keeper, draft, fill

from soke.errors import SokeError
from soke.register import postgres as adaptor
from soke.register import storage
from soke.register.storage import Conflict, InDoubt, Log, NothingNew


@pytest.fixture
def where(postgres: Server, request: pytest.FixtureRequest) -> str:
    return postgres.url(f"only_{zlib.crc32(request.node.name.encode())}")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://ann:s3cret@db.example:5433/deals?schema=gm&sslmode=disable",
         "postgresql://ann@db.example:5433/deals?schema=gm"),
        ("postgres://ann@db.example/deals", "postgresql://ann@db.example/deals?schema=soke"),
        ("postgresql://ann:s3%40cr%2Fet@a.example:1,b.example:2/deals?password=s3cret",
         "postgresql://ann@a.example:1,b.example:2/deals?schema=soke"),
        ("postgresql:///deals?host=/run/postgresql&user=ann&password=s3cret",
         "postgresql://ann@/deals?host=/run/postgresql&schema=soke"),
    ],
)  # fmt: skip
def test_a_url_is_shown_without_its_password(url: str, shown: str) -> None:
    place = adaptor.place(url)
    assert (place.shown, str(place), repr(place)) == (shown, shown, shown)
    assert adaptor.place(shown).shown == shown


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ann:s3cret/x@db.example/deals", "postgresql://ann:12/s3cret@db/deals", "postgresql://ann:[s3cret",
        "postgresql://ann:1?s3cret@db/deals", "postgresql://ann:1#s3cret@db/deals", "postgresql://ann:s3cret@db@x/deals",
        "postgresql://ann:s3cret@db/deals?sche=gm", "postgresql://ann:s3cret@db:s3cret/deals", "postgresql://ann@s3cret@",
        "postgresql://ann:s3cret@db/deals?schema=Robert'); DROP", "postgresql://ann:s3cret@db/deals?schema",
        "postgresql://ann:s3cret@db/deals?schema=", "postgresql://ann:s3cret@db/%zz",
    ],
)  # fmt: skip
def test_what_is_no_url_is_refused_and_nothing_secret_is_shown(url: str) -> None:
    with pytest.raises(SokeError) as error:
        Log.open(url)
    assert "s3cret" not in str(error.value)
    with pytest.raises(SokeError) as error:
        Log.create(Path(url))  # a path loses a slash
    assert "s3cret" not in str(error.value)
    assert "URL" in error.value.fact or "schema" in error.value.fact


def test_what_hinders_the_connection_is_a_sentence_without_the_password(
    postgres: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with psycopg.connect(postgres.url().partition("&schema")[0], autocommit=True) as connection:
        connection.execute("CREATE ROLE guarded LOGIN PASSWORD 'open sesame'")
    at = f"@/postgres?host={postgres.folder}"
    for url, said in (
        (f"postgresql://guarded:wr0ng{at}", "refuses: password authentication failed"),
        (f"postgresql://guarded:guarded{at}", "password authentication failed"),
        (postgres.url(database="nowhere"), 'refuses: database "nowhere" does not exist'),
        (f"postgresql://ann:wr0ng@/deals?host={tmp_path}", "cannot be reached: No such file or directory. Check that"),
        ("postgresql://ann:wr0ng@127.0.0.1:9/deals", "cannot be reached: Connection refused. Check that it runs"),
    ):
        for reach in (Log.open, Log.create):
            with pytest.raises(SokeError, match=said) as error:
                reach(url)
            assert "wr0ng" not in str(error.value) and ":guarded" not in str(error.value)
    with pytest.raises(SokeError, match="no such register"):
        Log.open(f"postgresql://guarded:open%20sesame{at}")
    with pytest.raises(SokeError, match="may not do this: permission denied"):
        Log.create(f"postgresql://guarded:open%20sesame{at}&schema=new")
    monkeypatch.setitem(sys.modules, "soke.register.postgres", None)
    with pytest.raises(SokeError, match="needs psycopg"):
        Log.open(postgres.url())


def test_schemas_that_are_no_register_are_refused_and_left_alone(log: Log, where: str, keeper: Keeper) -> None:
    with pytest.raises(SokeError, match="schema exists"):
        Log.create(where)
    keeper.execute("CREATE SCHEMA IF NOT EXISTS somebody_else")
    other = where.replace(keeper.schema, "somebody_else")
    for reach, said in ((Log.create, "schema exists"), (Log.open, "not a register"), (log.backup, "schema exists")):
        with pytest.raises(SokeError, match=said):
            reach(other)
    keeper.execute("COMMENT ON SCHEMA somebody_else IS 'Soke register, version 9'")
    with pytest.raises(SokeError, match="another version"):
        Log.open(other)
    fill(log)
    with Log.create(f"{where}_beside") as beside:  # several registers in one database
        assert (len(beside), len(log)) == (0, 20)


def test_a_server_that_would_lose_acknowledged_entries_is_refused(log: Log, where: str, keeper: Keeper) -> None:
    fill(log)
    try:
        for setting in ("fsync", "full_page_writes"):
            keeper.execute(f"ALTER SYSTEM SET {setting} = off", "SELECT pg_reload_conf()", "SELECT pg_sleep(0.2)")
            for reach in (Log.open, lambda where: Log.create(f"{where}_new")):
                with pytest.raises(SokeError, match=f"runs with {setting} off"):
                    reach(where)
            with Log.open(where, write=False) as reader:
                assert len(reader.verify()) == 20
            keeper.execute(f"ALTER SYSTEM RESET {setting}")
    finally:
        keeper.execute("ALTER SYSTEM RESET ALL", "SELECT pg_reload_conf()", "SELECT pg_sleep(0.2)")


def test_an_append_is_durable_whatever_the_session_says(log: Log, where: str, keeper: Keeper) -> None:
    settings = {"synchronous_commit": "off", "default_transaction_isolation": "serializable"}
    keeper.execute(*(f"ALTER ROLE soke SET {name} = '{value}'" for name, value in settings.items()))
    try:
        with Log.open(where) as mine, Log.open(where) as other:
            base: Any = mine._database
            base.begin(write=True)
            assert base._one("SHOW synchronous_commit") == ("off",)  # what is behind it waits for the disk
            assert base._one("SHOW transaction_isolation") == ("read committed",)
            base.rollback()
            assert base._one("SHOW synchronous_commit") == ("off",)
            waiting = threading.Thread(target=lambda: other.append([draft(1)]))
            base.begin(write=True)
            waiting.start()
            base.insert(0, [storage._unnumbered(draft()).row(0)])
            base.commit()
            waiting.join()
    finally:
        keeper.execute(*(f"ALTER ROLE soke RESET {name}" for name in settings))
    assert len(log.verify()) == 2


def test_rights_to_read_and_to_append_are_enough(log: Log, where: str, postgres: Server, keeper: Keeper) -> None:
    fill(log)
    for role, rights in (("reads", "SELECT"), ("appends", "SELECT, INSERT")):
        keeper.execute(
            f"CREATE ROLE {role} LOGIN", f"GRANT USAGE ON SCHEMA {keeper.schema} TO {role}",
            f"GRANT {rights} ON ALL TABLES IN SCHEMA {keeper.schema} TO {role}",
        )  # fmt: skip
    with Log.open(postgres.url(keeper.schema, "appends")) as mine:
        assert mine.append([draft(20, "fund:1")], [NothingNew(frozenset({"fund:1"}), 19)]) == range(20, 21)
    with Log.open(postgres.url(keeper.schema, "reads"), write=False) as reader:
        assert len(reader.verify()) == 21
    with Log.open(postgres.url(keeper.schema, "reads")) as reader, pytest.raises(SokeError, match="may not do this"):
        reader.append([draft()])
    assert len(log) == 21


def test_triggers_hold_for_a_replica_session_too(log: Log, keeper: Keeper) -> None:
    fill(log)
    keeper.execute("SET session_replication_role = replica")
    with pytest.raises(psycopg.Error, match="only grows"):
        keeper.execute("DELETE FROM entry WHERE seq = 3")


def test_a_writer_who_goes_round_the_lock_meets_the_primary_key(log: Log, where: str, keeper: Keeper) -> None:
    fill(log)
    base: Any = log._database
    base.begin(write=True)
    keeper.execute("INSERT INTO entry VALUES (20, '{}')")
    with pytest.raises(Conflict, match="came first"), base.plainly:
        base.insert(20, [(b"{}", [])])
    base.rollback()


def test_a_lost_connection_says_what_is_known(log: Log, where: str, keeper: Keeper) -> None:
    fill(log)

    def cut(base: Any) -> None:
        keeper.execute(f"SELECT pg_terminate_backend({base.connection.info.backend_pid}), pg_sleep(0.1)")

    with Log.open(where) as mine:
        cut(mine._database)
        with pytest.raises(InDoubt, match="written whole, or not at all"):  # it may be that the answer is what was lost
            mine.append([draft()])
        with pytest.raises(SokeError, match="connection to the database was lost; nothing was written"):
            mine.read()
    with Log.open(where) as mine, Log.open(where) as other:
        holds: Any = other._database
        holds.begin(write=True)
        late = threading.Timer(0.3, lambda: cut(mine._database))
        late.start()
        with pytest.raises(InDoubt, match="written whole, or not at all"):  # while it waits for its turn
            mine.append([draft()])
        late.join()
        holds.rollback()
    assert len(log.verify()) == 20


def test_who_appends_often_is_planned_once_and_refused_as_ever(log: Log, where: str) -> None:
    fill(log)
    with Log.open(where) as mine:
        for number in range(4):
            assert mine.append([draft(number, "a'b\\"), draft(number)])[0] == 20 + 2 * number
        base: Any = mine._database
        assert base.planned is not None
        with pytest.raises(Conflict, match=r"Entry 26 about a'b\\ came first"):
            mine.append([draft(9)], [NothingNew(frozenset({"a'b\\", "other"}), 20)])
        base.connection.execute("DEALLOCATE ALL")  # as behind a pooler that gives each turn to another session
        assert mine.append([draft(9, "other")], [NothingNew(frozenset({"other"}))]) == range(28, 29)
        assert mine.append([draft(9)]) == range(29, 30) and base.planned is None
        assert mine.append([]) == range(30, 30)
    assert len(log.verify()) == 30


def test_the_guard_holds_wherever_the_search_path_leads_and_after_a_new_name(
    log: Log, where: str, postgres: Server, keeper: Keeper
) -> None:
    fill(log)
    elsewhere, anew = f"x_{keeper.schema}", f"n_{keeper.schema}"
    keeper.execute(
        f"CREATE SCHEMA {elsewhere}", f"SET search_path = {elsewhere}", "CREATE TEMPORARY TABLE entry (seq bigint)",
        f"CREATE TABLE {elsewhere}.entry (seq bigint, line bytea)",
        f"INSERT INTO {elsewhere}.entry VALUES (29, '{{}}')",
    )  # fmt: skip
    with pytest.raises(psycopg.Error, match="only grows at its end"):
        keeper.execute(f"INSERT INTO {keeper.schema}.entry VALUES (30, '{{}}')")
    keeper.execute("BEGIN", f"INSERT INTO {keeper.schema}.entry VALUES (20, '{{}}')")
    assert keeper._connection.execute("SHOW search_path").fetchone() == (elsewhere,)
    keeper.execute("ROLLBACK", f"ALTER SCHEMA {keeper.schema} RENAME TO {anew}")
    with Log.open(postgres.url(anew)) as mine:
        for number in range(3):
            mine.append([draft(number, "a")])
        assert len(mine.verify()) == 23 and mine.unguarded() == ""


def test_triggers_that_plan_at_each_append_as_they_once_did_are_ours(log: Log, keeper: Keeper) -> None:
    for name, declared, query, bad in (
        ("entry_next", "good",
         """SELECT first IS NULL OR (last - first + 1 = number AND (SELECT max(seq) FROM %1$I.entry) = last
    AND (SELECT coalesce(max(seq), -1) FROM %1$I.entry WHERE seq < first) = first - 1)
    FROM (SELECT min(seq) AS first, max(seq) AS last, count(*) AS number FROM added) AS a""", "NOT good"),
        ("tag_next", "late", """SELECT EXISTS (SELECT FROM added LEFT JOIN %I.entry AS e USING (seq)
    WHERE e.xmin IS DISTINCT FROM pg_current_xact_id()::xid)""", "late"),
    ):  # fmt: skip
        keeper.execute(f"""CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE {declared} boolean; BEGIN
  EXECUTE format('{query}', TG_TABLE_SCHEMA) INTO {declared};
  IF {bad} THEN
    RAISE EXCEPTION 'the register only grows at its end' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$""")  # noqa: E501
    fill(log)
    assert log.unguarded() == "" and len(log.verify()) == 20


def test_a_flipped_byte_in_the_table_is_said(log: Log, where: str, postgres: Server) -> None:
    fill(log, 200)
    base: Any = log._database
    (name,) = base._one("SELECT pg_relation_filepath((%s)::regclass)", f"{base.place.schema}.entry")
    log.close()
    postgres.stop()
    table = postgres.folder / "data" / name
    content = bytearray(table.read_bytes())
    content[9000] ^= 0x41
    table.write_bytes(content)
    postgres.start()
    with pytest.raises(SokeError, match=r"damaged or was changed\. PostgreSQL says: invalid page"):
        Log.open(where)


@pytest.mark.slow
def test_writers_and_server_killed_at_once_lose_nothing_that_was_acknowledged(postgres: Server) -> None:
    bench = Path(__file__).parents[2] / "bench" / "register.py"
    command = [sys.executable, str(bench), "--kill", "3", "--postgres"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "3 rounds" in done.stdout and ", 0 lost" in done.stdout
