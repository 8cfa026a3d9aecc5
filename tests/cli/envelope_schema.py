"""The schema of the JSON envelope and the page on tables of the handbook, made from the tables that commands print."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import soke
from soke.errors import CODES
from soke.table import WORDS, Column, Table

SCHEMA = Path(soke.__file__).parent / "envelope.schema.json"
PAGE = Path(__file__).parents[2] / "docs" / "handbook" / "tables.md"
OPEN = {"panel_members/1", "budget_split/1"}  # with columns that the user's own file names
KINDS = {
    "text": "text", "grade": "grade: official, derived, estimate or unverified", "count": "whole number",
    "money": "number", "change": "number", "pounds": "number", "pounds-change": "number", "pence": "number",
    "pence-change": "number", "share": "share, 0 to 1", "share-change": "change of a share", "plain": "number",
    "plain-change": "number",
}  # fmt: skip
UNITS = (  # end of a key -> its unit
    ("_gbp_million_cash", "£ million of the year"), ("_gbp_million", "£ million, in the prices that the table names"),
    ("_gbp_per_head", "£ a head"), ("_gbp", "£"), ("_pence", "pence"), ("_hundredths", "hundredths of the currency"),
    ("_persons", "people"), ("_percent", "per cent"), ("_chance", "chance, 0 to 1"), ("_share", "share, 0 to 1"),
    ("_day", "day, 2026-04-01"), ("_log_points", "log points: .10 is about 10 per cent"),
)  # fmt: skip
HEAD = """# Tables and JSON

Every command that prints a table prints the same table as JSON (`--json`) and as CSV (`--csv`); a report holds its
tables as CSV and in one workbook; `import soke` gives them as objects. One key names a column on every face. A column
whose cells must not be added up, such as what is raised beside what is spent, is not in files: they have each side in a
column of its own.

## The envelope

Every `--json` prints one object. `soke` is the version, `schema` the name and number of the form of the rows,
`command` what was asked, `rows` the table, a row an object by key, `notes` what to know before using a figure, `facts`
what stands beside the table by key, `tables` further tables by their id, each with `schema`, `caption`, `rows` and
`notes`. The number of a schema rises when a key changes its meaning or goes. `src/soke/envelope.schema.json` describes
it all, and a test holds every command to it.

Where bad input stops a command that was asked for JSON, standard output is empty, the exit status is 2, and the last
line of standard error is an envelope without rows whose `error` has `code`, `fact`, `fix` and `where`.

| code | means |
|---|---|
{codes}

## Keys

A figure that is missing is `null` in JSON and an empty cell in CSV. `place_code` is an ONS code, `name` a name for
people, `year` the label of a financial year (`2026-27`), `year_of_run` a year of a projection counted from its base
year. Ranges are `p10_` and `p90_`, true four times in five; `low_` and `high_` are over methods. What a key ends in
says its unit:

| ends in | unit |
|---|---|
{units}

## Every table

{tables}
"""


def merged(tables: Sequence[Table]) -> list[tuple[Column, bool]]:
    """The columns of all tables of one schema, each with whether every table has it."""
    by_key: dict[str, Column] = {}
    for table in tables:
        for column in table.columns:
            by_key.setdefault(column.key, column)
    return [
        (column, all(any(c.key == key for c in table.columns) for table in tables)) for key, column in by_key.items()
    ]


def types_of(tables: Sequence[Table], key: str) -> list[str]:
    """JSON types of a column: those of its kind, and of what it was seen to hold."""
    held = [value for table in tables if any(c.key == key for c in table.columns) for value in table.column(key)]
    column = next(c for table in tables for c in table.columns if c.key == key)
    found = {"string"} if column.kind in WORDS else {"number"}
    found |= {"string" for value in held if isinstance(value, str)}
    found |= {"number" for value in held if isinstance(value, int | float)}
    return [*sorted(found), "null"]


def rows_of(schema: str, tables: Sequence[Table]) -> dict[str, Any]:
    """The JSON Schema of a row."""
    if schema in OPEN:
        columns = [(column, always) for column, always in merged(tables) if always]
        extra: Any = {"type": ["string", "number", "null"]}
    else:
        columns, extra = merged(tables), False
    return {
        "type": "object",
        "properties": {
            column.key: {"type": types_of(tables, column.key), "description": meaning(column)} for column, _ in columns
        },
        "required": [column.key for column, always in columns if always],
        "additionalProperties": extra,
    }


def meaning(column: Column) -> str:
    said = next((unit for end, unit in UNITS if f"_{column.key}".endswith(end)), KINDS[column.kind])
    return f"{column.title}: {said}" if column.title else said


def schema_of(tables: Mapping[str, Sequence[Table]]) -> str:
    """The schema as it is shipped."""
    names = sorted(tables)
    rows = {name.replace("/", "-"): rows_of(name, tables[name]) for name in names}
    by_name = [
        {
            "if": {"properties": {"schema": {"const": name}}, "required": ["schema"]},
            "then": {"properties": {"rows": {"items": {"$ref": f"#/$defs/{name.replace('/', '-')}"}}}},
        }
        for name in names
    ]
    by_schema = [{"$ref": "#/$defs/rows-by-schema"}]
    table = {
        "schema": {"enum": [*names]}, "rows": {"type": "array"},
        "notes": {"type": "array", "items": {"type": "string"}},
    }  # fmt: skip
    error = {
        "type": "object", "required": ["code", "fact", "fix", "where"], "additionalProperties": False,
        "properties": {
            "code": {"enum": [*CODES]}, "fact": {"type": "string"}, "fix": {"type": "string"},
            "where": {"type": ["string", "null"]},
        },
    }  # fmt: skip
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What every --json of Soke prints",
        "type": "object",
        "required": ["soke", "schema", "command", "rows", "notes"],
        "additionalProperties": False,
        "properties": {
            "soke": {"type": "string"}, "command": {"type": "string"}, **table,
            "schema": {"enum": [*names, "error/1"]}, "facts": {"type": "object"},
            "tables": {"type": "object", "additionalProperties": {"$ref": "#/$defs/table"}}, "error": error,
        },
        "allOf": by_schema,
        "$defs": {
            "rows-by-schema": {"allOf": by_name},
            "table": {
                "type": "object", "required": ["schema", "caption", "rows", "notes"], "additionalProperties": False,
                "properties": {**table, "caption": {"type": "string"}}, "allOf": by_schema,
            },
            **rows,
        },
    }  # fmt: skip
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def page_of(tables: Mapping[str, Sequence[Table]]) -> str:
    """The page of the handbook."""
    parts = []
    for name in sorted(tables):
        lines = [f"### {name}", "", "| key | what it is |", "|---|---|"]
        for column, always in merged(tables[name]):
            if name in OPEN and not always:
                continue
            said = meaning(column).replace("|", "\\|")
            lines.append(f"| `{column.key}` | {said}{'' if always else '; not in every answer'} |")
        if name in OPEN:
            lines.append("| … | and a column for each that your own file names |")
        parts.append("\n".join(lines))
    codes = "\n".join(f"| `{code}` | {said} |" for code, said in CODES.items())
    units = "\n".join(f"| `{end}` | {unit} |" for end, unit in UNITS)
    return HEAD.format(codes=codes, units=units, tables="\n\n".join(parts))
