"""A table as files: CSV that no spreadsheet runs, JSON, and the schema of each; types are read from the cells."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from soke.spreadsheets import inert
from soke.table import Answer, Cell, Table
from soke.text import clean
from soke.version import __version__

Type = Literal["integer", "number", "date", "string"]
WHOLE = re.compile(r"-?(?:0|[1-9]\d*)")
NUMBER = re.compile(r"-?(?:(?:0|[1-9]\d*)(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
DRAFT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its key, the type of its cells, whether none is empty, and what it is in words."""

    name: str
    type: Type
    whole: bool
    words: str

    def table_schema(self) -> dict[str, Any]:
        """As a field of a Frictionless Table Schema."""
        said: dict[str, Any] = {"name": self.name, "type": self.type}
        return said | ({"description": self.words} if self.words else {}) | (
            {"constraints": {"required": True}} if self.whole else {}
        )  # fmt: skip

    def json_schema(self) -> dict[str, Any]:
        """As a property of a JSON schema."""
        kind = "string" if self.type == "date" else self.type
        said: dict[str, Any] = {"type": kind if self.whole else [kind, "null"]}
        said |= {"format": "date"} if self.type == "date" else {}
        return said | ({"description": self.words} if self.words else {})


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its files. ``envelope``: what the command that prints it says in JSON, where one does."""

    id: str
    fields: tuple[Field, ...]
    rows: tuple[tuple[Cell, ...], ...]
    csv: str
    notes: tuple[str, ...] = ()
    envelope: dict[str, Any] | None = field(default=None, hash=False)

    def json(self) -> str:
        """Its rows as objects by key, within what ``--json`` prints where a command prints it."""
        body = self.envelope
        if body is None:
            keys = [each.name for each in self.fields]
            rows = [dict(zip(keys, row, strict=True)) for row in self.rows]
            body = {"soke": __version__, "schema": f"{self.id}/1", "notes": list(self.notes), "rows": rows}
        return json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"

    def schema(self, title: str) -> str:
        """The JSON schema of :meth:`json`."""
        cells = {each.name: each.json_schema() for each in self.fields}
        row = {"type": "object", "required": list(cells), "additionalProperties": False, "properties": cells}
        body = {"$schema": DRAFT, "title": title, "type": "object", "required": ["soke", "schema", "notes", "rows"],
                "properties": {"rows": {"type": "array", "items": row}}}  # fmt: skip
        return json.dumps(body, ensure_ascii=False, indent=1) + "\n"


def of_table(id_: str, table: Table, answer: Answer | None = None, command: str = "") -> Sheet:
    """A table as its files have it. ``answer``: the whole that ``command`` prints of it."""
    filed = table.filed()
    fields = tuple(
        _field(column.key, column.title, [row[k] for row in filed.rows]) for k, column in enumerate(filed.columns)
    )
    envelope = answer.envelope(command, __version__) if answer else None
    return Sheet(id_, fields, filed.rows, table.csv(), table.notes, envelope)


def of_text(id_: str, text: str, words: Sequence[tuple[str, str]] = ()) -> Sheet:
    """A shipped CSV file: its bytes as they are, but for text that a spreadsheet would run. ``words``: of columns."""
    header, *rows = csv.reader(io.StringIO(text))
    said = dict(words)
    columns = list(zip(*rows, strict=True)) if rows else [() for _ in header]
    types = [_type_of_texts(column) for column in columns]
    cells = tuple(tuple(_read(cell, kind) for cell, kind in zip(row, types, strict=True)) for row in rows)
    fields = tuple(_field(name, said.get(name, ""), [row[k] for row in cells], types[k])
                   for k, name in enumerate(header))  # fmt: skip
    return Sheet(id_, fields, cells, _inert(header, rows, types, text))


def _inert(header: Sequence[str], rows: Sequence[Sequence[str]], types: Sequence[Type], text: str) -> str:
    safe = [
        [inert(clean(cell)) if kind == "string" else cell for cell, kind in zip(row, types, strict=True)]
        for row in rows
    ]
    if safe == rows:
        return text
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows([header, *safe])
    return out.getvalue()


def _type_of_texts(cells: Iterable[str]) -> Type:
    held = [cell for cell in cells if cell]
    if not held:
        return "string"
    if all(map(WHOLE.fullmatch, held)):
        return "integer"
    if all(map(NUMBER.fullmatch, held)):
        return "number"
    return "date" if all(map(_is_day, held)) else "string"


def _is_day(cell: str) -> bool:
    try:
        return DAY.fullmatch(cell) is not None and dt.date.fromisoformat(cell) is not None
    except ValueError:
        return False


def _read(cell: str, kind: Type) -> Cell:
    if not cell:
        return None
    return int(cell) if kind == "integer" else float(cell) if kind == "number" else cell


def _field(name: str, words: str, cells: Sequence[Cell], kind: Type | None = None) -> Field:
    return Field(name, kind or _type_of_cells(cells), bool(cells) and all(c not in (None, "") for c in cells), words)


def _type_of_cells(cells: Sequence[Cell]) -> Type:
    held = [cell for cell in cells if cell is not None]
    if not held or any(isinstance(cell, str) for cell in held):
        return "date" if held and all(isinstance(cell, str) and _is_day(cell) for cell in held) else "string"
    return "number" if any(isinstance(cell, float) for cell in held) else "integer"
