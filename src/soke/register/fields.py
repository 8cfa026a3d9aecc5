"""The fields of an entry as people write them on the command line: typed by the kind, money exact to the penny."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from soke.errors import SokeError
from soke.files import read_whole
from soke.register.kinds import KINDS
from soke.register.verify import LARGEST_LINE, Refused, read_json

WHOLE = ("pence", "sum", "change", "count", "tally", "number", "entry")
LISTS = ("ids", "persons", "witnesses")
AS_JSON = ("takes", "loses", "legs", "changes", "heirs")
_WHOLE = re.compile(r"-?\d{1,16}", re.ASCII)
_POUNDS = re.compile(r"(?:GBP |£)?(\d{1,3}(?:,\d{3})*|\d{1,14})(?:\.(\d\d))?", re.ASCII)
YES = {"true": True, "yes": True, "false": False, "no": False}


def body_of(kind: str, settings: Sequence[str], file: Path | None) -> dict[str, Any]:
    """The body of an entry from ``name=value`` settings and a JSON file. Values take the types of the kind's fields.

    What the kind does not know stays text, for its check to refuse by name. ``loses.residents=...`` sets a part, and
    ``right.pounds=...`` what an entry should have said.
    """
    body: dict[str, Any] = {}
    if file is not None:
        try:
            found = read_json(read_whole(file, str(file), LARGEST_LINE))
        except Refused as error:
            raise SokeError(str(error), "Nothing was recorded.", str(file)) from None
        if not isinstance(found, dict):
            raise SokeError("The body is not an object with the fields of the entry.", "Write {...}.", str(file))
        body.update(found)
    types = types_of(kind)
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not equals or not name:
            raise SokeError(f'"{setting[:60]}" sets nothing.', "Write --set name=value.")
        whole, dot, part = name.partition(".")
        if dot and types.get(whole) in AS_JSON:
            parts = body.setdefault(whole, {})
            if not isinstance(parts, dict) or part in parts:
                raise SokeError(f'"{name[:60]}" is set twice.', "Set it once.")
            parts[part] = _changed(part, text) if types[whole] == "changes" else text
            continue
        if name in body:
            if types.get(name) not in LISTS or not isinstance(body[name], list):
                raise SokeError(f'"{name[:60]}" is set twice.', "Set it once.")
            body[name] = [*body[name], *_value(types[name], name, text)]
        else:
            body[name] = _value(types.get(name, "text"), name, text)
    return with_pence(kind, body)


def types_of(kind: str) -> dict[str, str]:
    return dict(KINDS[kind].types) if kind in KINDS else {}


def with_pence(kind: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """The body, with ``pounds`` (text, such as "1,234.56") turned into ``pence`` where the kind has pence; also in
    what an entry that is corrected should have said."""
    types = types_of(kind)
    found = _in_pence(body) if "pence" in types and "pounds" not in types else dict(body)
    for name, type_ in types.items():
        if type_ == "changes" and isinstance(found.get(name), dict):
            found[name] = _in_pence(found[name])
    return found


def _in_pence(body: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(body)
    if "pounds" not in found:
        return found
    if "pence" in found:
        raise SokeError("The amount is given in pounds and in pence.", "Give one of them.")
    found["pence"] = pence_of(found.pop("pounds"))
    return found


def pence_of(text: Any) -> int:
    """``1,234.56`` as 123456. Exact: no fraction of a penny, no float."""
    if not isinstance(text, str):
        raise SokeError("Pounds are written as text.", 'Write "1,234.56", in quotation marks.')
    match = _POUNDS.fullmatch(text.strip())
    if match is None:
        raise SokeError(f'"{text[:40]}" is no amount in pounds.', "Write it as 1234, 1,234 or 1,234.56.")
    return int(match[1].replace(",", "")) * 100 + int(match[2] or 0)


def _changed(name: str, text: str) -> Any:
    """A field of an entry of a kind that is not known here: typed as fields of that name are in any kind."""
    types = {row.types[name] for row in KINDS.values() if name in row.types}
    if types & set(WHOLE) and _WHOLE.fullmatch(text.strip()):
        return int(text)
    (typed,) = types if len(types) == 1 and types <= {"yes", *LISTS} else ("text",)
    return _value(typed, f"right.{name}", text)


def _value(kind: str, name: str, text: str) -> Any:
    if kind in WHOLE:
        if not _WHOLE.fullmatch(text.strip()):
            pounds = " For pounds, write pounds=1,234.56." if kind == "pence" else ""
            raise SokeError(f'"{name[:60]}" is "{text[:40]}", which is no whole number.', f"Write digits only.{pounds}")
        return int(text)
    if kind == "yes":
        if text.lower() not in YES:
            raise SokeError(f'"{name[:60]}" is "{text[:40]}", which is neither true nor false.', "Write yes or no.")
        return YES[text.lower()]
    if kind in LISTS:
        return [part.strip() for part in text.split(",")]
    if kind in AS_JSON:
        try:
            return read_json(text.encode("utf-8", "surrogatepass"))
        except Refused as error:
            fix = "Write it as JSON, or put it into a --body file."
            fix = f"Write a share for each heir: --set {name[:60]}.north=1." if kind == "heirs" else fix
            raise SokeError(f'"{name[:60]}": {error}', fix) from None
    return text
