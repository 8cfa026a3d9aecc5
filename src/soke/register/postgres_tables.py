"""The tables of a register in PostgreSQL, what guards them, and the statements that need more than a line.

``{s}`` is the schema. Triggers refuse what would change or remove a row, or insert one out of order. They name the
tables without a schema, which may be renamed, so that their plans are made once for a connection: where its search path
leads elsewhere they set it for as long as they run.
"""

from __future__ import annotations

import re

TABLES = """
CREATE SCHEMA {s};
CREATE TABLE {s}.entry (seq bigint PRIMARY KEY, line bytea NOT NULL);
CREATE TABLE {s}.tag (tag text COLLATE "C" NOT NULL, seq bigint NOT NULL, PRIMARY KEY (tag, seq));
CREATE FUNCTION {s}.kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  RAISE EXCEPTION 'the register only grows' USING ERRCODE = 'restrict_violation';
END $$;
CREATE FUNCTION {s}.entry_next() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE path text; BEGIN
  IF to_regclass('entry') IS DISTINCT FROM to_regclass(quote_ident(TG_TABLE_SCHEMA) || '.entry') THEN
    path := current_setting('search_path');
    PERFORM set_config('search_path', quote_ident(TG_TABLE_SCHEMA) || ', pg_temp', true);
  END IF;
  IF NOT (SELECT first IS NULL OR (last - first + 1 = number AND (SELECT max(seq) FROM entry) = last
    AND (SELECT coalesce(max(seq), -1) FROM entry WHERE seq < first) = first - 1)
    FROM (SELECT min(seq) AS first, max(seq) AS last, count(*) AS number FROM added) AS a) THEN
    RAISE EXCEPTION 'the register only grows at its end' USING ERRCODE = 'restrict_violation';
  END IF;
  IF path IS NOT NULL THEN
    PERFORM set_config('search_path', path, true);
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION {s}.tag_next() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE path text; BEGIN
  IF to_regclass('entry') IS DISTINCT FROM to_regclass(quote_ident(TG_TABLE_SCHEMA) || '.entry') THEN
    path := current_setting('search_path');
    PERFORM set_config('search_path', quote_ident(TG_TABLE_SCHEMA) || ', pg_temp', true);
  END IF;
  IF EXISTS (SELECT FROM added LEFT JOIN entry AS e USING (seq)
    WHERE e.xmin IS DISTINCT FROM pg_current_xact_id()::xid) THEN
    RAISE EXCEPTION 'the register only grows at its end' USING ERRCODE = 'restrict_violation';
  END IF;
  IF path IS NOT NULL THEN
    PERFORM set_config('search_path', path, true);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER next AFTER INSERT ON {s}.entry REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION {s}.entry_next();
CREATE TRIGGER next AFTER INSERT ON {s}.tag REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION {s}.tag_next();
CREATE TRIGGER kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {s}.entry FOR EACH STATEMENT EXECUTE FUNCTION {s}.kept();
CREATE TRIGGER kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {s}.tag FOR EACH STATEMENT EXECUTE FUNCTION {s}.kept();
{snapshot};
ALTER TABLE {s}.entry ENABLE ALWAYS TRIGGER next, ENABLE ALWAYS TRIGGER kept;
ALTER TABLE {s}.tag ENABLE ALWAYS TRIGGER next, ENABLE ALWAYS TRIGGER kept;
COMMENT ON SCHEMA {s} IS {mark};
"""
SNAPSHOT = """CREATE TABLE IF NOT EXISTS {s}.snapshot (of text COLLATE "C" NOT NULL, seq bigint NOT NULL,
  day text COLLATE "C" NOT NULL, program text NOT NULL, digest bytea NOT NULL, body bytea NOT NULL,
  PRIMARY KEY (of, seq))"""
KEPT = "SELECT of, seq, day, program, digest, body FROM {s}.snapshot"
TO_WRITE = """
BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL synchronous_commit = off; SET LOCAL lock_timeout = {wait};
SELECT pg_advisory_xact_lock({soke}, hashtext({table}::regclass::oid::text))
"""
# A commit whose record is behind all that was committed before: when it returns, all of that is on disk.
ON_DISK = """BEGIN; SET LOCAL synchronous_commit = on; SELECT pg_logical_emit_message(true, 'soke', '')
  WHERE NOT pg_is_in_recovery(); COMMIT"""
# The entries get their numbers here, under the lock: nothing is inserted where a tag has news.
PUT = """WITH put AS (
  INSERT INTO {s}.entry SELECT size + place - 1, head || convert_to((size + place - 1)::text, 'UTF8') || tail
  FROM (SELECT coalesce(max(seq), -1) + 1 AS size FROM {s}.entry) AS before,
    unnest({heads}::bytea[], {tails}::bytea[]) WITH ORDINALITY AS given (head, tail, place)
  WHERE NOT EXISTS (SELECT FROM unnest({asked}::text[], {since}::bigint[]) AS asked (name, known)
    WHERE (SELECT max(seq) FROM {s}.tag WHERE tag = name) > known)
  RETURNING seq
), tagged AS (
  INSERT INTO {s}.tag SELECT name, first + place
  FROM (SELECT min(seq) AS first FROM put) AS numbered,
    unnest({tags}::text[], {places}::bigint[]) AS given (name, place)
  WHERE first IS NOT NULL
) SELECT min(seq) AS first FROM put"""
GIVEN = {"heads": "bytea[]", "tails": "bytea[]", "tags": "text[]", "places": "bigint[]", "asked": "text[]",
         "since": "bigint[]"}  # fmt: skip
APPEND = f"{TO_WRITE}; {PUT}; COMMIT; {ON_DISK}"
PREPARE = f"""SET search_path = {{s}}, pg_temp; SET synchronous_commit = on;
PREPARE {{name}} ({", ".join(GIVEN.values())}) AS {PUT}"""
# Before and after the values.
AGAIN = f"{TO_WRITE}; EXECUTE {{name}} (", "); COMMIT; SELECT pg_logical_emit_message(true, 'soke', '')"
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
# The same two functions as registers before December 2026 have them, planning anew at each append: SHA-256.
EARLIER = {
    "4804655359cd75883c32e04bf4deaa5f64c3fa848eb6d80acddb580742af77ad": SOURCES["entry_next"].strip(),
    "1e8ea8e46c28dd619c6e16b8372aa2935b76c0f9776742ed0582750abe4b9078": SOURCES["tag_next"].strip(),
}
