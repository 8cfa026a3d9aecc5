"""JSON Schemas of the three files, written from the types, so that editors complete and check what is typed.

They say what a key may hold; sums, references and places are for ``soke check``. TOML dates appear as ISO text.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import types as python_types
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from soke.deal.keys import BESIDE_FIELDS, OFFERED, SCHEMAS, item_type, keys_of
from soke.deal.layers import OWN
from soke.deal.typed import LARGEST_MONEY
from soke.deal.types import Deal, Scenario

Schema = dict[str, Any]
_YEAR = {"type": "string", "pattern": r"^(199\d|20\d\d|2100)-\d\d$", "description": 'a financial year, as "2026-27"'}
_MEANINGS: dict[str, Schema] = {
    "financial year": _YEAR,
    "pounds": {"type": "number", "minimum": 0, "maximum": int(LARGEST_MONEY), "description": "pounds"},
    "pounds, either sign": {"type": "number", "description": "pounds, of either sign"},
    "share": {"type": "number", "minimum": 0, "maximum": 1, "description": "a share of one"},
}
_PLAIN: dict[Any, Schema] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer", "minimum": 0},
    float: {"type": "number"},
    Decimal: {"type": "number"},
    dt.date: {"type": "string", "format": "date"},
}


def json_schema(name: str) -> Schema:
    """The schema of ``soke-deal/1``, ``soke-framework/1`` or ``soke-scenario/1``."""
    root_type = SCHEMAS[name]
    writer = _Writer(_overridable() if root_type is Deal else frozenset())
    root = writer.table(root_type)
    root["properties"]["schema"] = {"const": name}
    needed = [*(["extends"] if root_type is Deal else []), *root["required"]]
    root["required"] = ["schema"] if root_type is Scenario else ["schema", *needed]
    if root_type is Scenario:  # one that extends another says only what differs, and a name of its own
        root |= {"if": {"required": ["extends"]}, "then": {"required": list(OWN)}, "else": {"required": needed}}
    title = {"title": name, "description": (root_type.__doc__ or "").split("\n")[0]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **title, **root, "$defs": writer.definitions}


def _overridable() -> frozenset[type]:
    """Item types that a deal may take from its framework: overriding one needs its id and what changes."""
    hints = [keys_of(Deal)[name].hint for name in OFFERED]
    return frozenset(item_type(hint) or get_args(hint)[0] for hint in hints)


def file_name(name: str) -> str:
    """Where a schema is kept under ``docs/schema``: ``soke-deal-1.json``."""
    return f"{name.replace('/', '-')}.json"


def as_text(name: str) -> str:
    """The schema as it is committed."""
    return json.dumps(json_schema(name), indent=2, ensure_ascii=False) + "\n"


class _Writer:
    """Collects the definitions of one schema."""

    def __init__(self, overridable: frozenset[type]) -> None:
        self.overridable = overridable
        self.definitions: dict[str, Schema] = {}

    def table(self, cls: type) -> Schema:
        keys = keys_of(cls).values()
        properties = {name: self.value(hint) for name, hint in BESIDE_FIELDS.get(cls, {}).items()}
        properties |= {key.name: self.value(key.hint) for key in keys}
        required = [key.name for key in keys if key.required and (cls not in self.overridable or key.name == "id")]
        return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}

    def value(self, hint: Any) -> Schema:
        origin, arguments = get_origin(hint), get_args(hint)
        shapes: dict[Any, Callable[[tuple[Any, ...]], Schema]] = {
            Annotated: lambda parts: _MEANINGS[parts[1]],
            Literal: lambda parts: {"enum": list(parts)},
            Union: self._either,
            python_types.UnionType: self._either,
            tuple: self._list,
        }
        if origin in shapes:
            return shapes[origin](arguments)
        if origin is not None and issubclass(origin, Mapping):
            return {"type": "object", "additionalProperties": self.value(arguments[1])}
        if dataclasses.is_dataclass(hint) and isinstance(hint, type):
            return self._reference(hint)
        return dict(_PLAIN[hint])

    def _either(self, hints: tuple[Any, ...]) -> Schema:
        options = [self.value(hint) for hint in hints if hint is not type(None)]
        return options[0] if len(options) == 1 else {"anyOf": options}

    def _list(self, hints: tuple[Any, ...]) -> Schema:
        if hints[-1] is Ellipsis:
            return {"type": "array", "items": self.value(hints[0])}
        each = [self.value(hint) for hint in hints]
        return {"type": "array", "prefixItems": each, "minItems": len(each), "maxItems": len(each)}

    def _reference(self, cls: type) -> Schema:
        if cls.__name__ not in self.definitions:
            self.definitions[cls.__name__] = self.table(cls)
        return {"$ref": f"#/$defs/{cls.__name__}"}


def write_schemas(folder: Path) -> None:
    """Write all schemas into a folder."""
    for name in SCHEMAS:
        (folder / file_name(name)).write_text(as_text(name), "utf-8")


if __name__ == "__main__":
    write_schemas(Path(__file__).parents[3] / "docs" / "schema")
