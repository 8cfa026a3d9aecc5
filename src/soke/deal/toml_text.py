"""Values as TOML text."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

WIDEST = 120  # characters of a line, where a list can be broken
_BARE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


def toml_text(root: Mapping[str, Any]) -> str:
    """A tree of dictionaries, lists, texts, numbers, dates and booleans as a TOML file.

    Tables at the top and lists of them get headers of their own; tables inside those are written in line.
    """
    plain = {key: value for key, value in root.items() if not _has_header(value)}
    lines = [*_pairs(plain)]
    for key, value in root.items():
        if isinstance(value, Mapping):
            lines += _table(_key(key), value)
        elif key not in plain:
            lines += [line for item in value for line in ("", f"[[{_key(key)}]]", *_pairs(item))]
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """A TOML text; JSON's escapes are TOML's, but for one character that TOML wants escaped too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _has_header(value: Any) -> bool:
    many = isinstance(value, list) and bool(value) and all(isinstance(item, Mapping) for item in value)
    return isinstance(value, Mapping) or many


def _table(name: str, table: Mapping[str, Any]) -> Iterator[str]:
    """A table with a header; one that holds nothing but tables gives each of them a header instead."""
    if table and all(isinstance(inner, Mapping) for inner in table.values()):
        for key, inner in table.items():
            yield from _table(f"{name}.{_key(key)}", inner)
    else:
        yield from ("", f"[{name}]", *_pairs(table))


def _pairs(table: Mapping[str, Any]) -> Iterator[str]:
    for key, value in table.items():
        line = f"{_key(key)} = {_value(value)}"
        if isinstance(value, list) and value and len(line) > WIDEST:
            yield from (f"{_key(key)} = [", *(f"  {_value(item)}," for item in value), "]")
        else:
            yield line


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{_key(key)} = {_value(inner)}' for key, inner in value.items())} }}" if value else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return f"{value:,f}".replace(",", "_") if isinstance(value, Decimal) else f"{value:_}"
    return value.isoformat() if isinstance(value, dt.date) else quoted(value)


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else quoted(key)
