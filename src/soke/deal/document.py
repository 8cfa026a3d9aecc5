"""A TOML file as a tree in which every value knows its line and column."""

from __future__ import annotations

import decimal
import math
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from soke.deal.file_kinds import other_kind
from soke.deal.finding import Finding
from soke.deal.mended import mended
from soke.deal.positions import Path as KeyPath
from soke.deal.positions import Positions, positions
from soke.errors import Location
from soke.files import read_whole

LARGEST = 5_000_000  # bytes; a deal is some thousands
_WHERE = re.compile(r"^(.*) \(at (?:line (\d+), column (\d+)|end of document)\)$", re.DOTALL)
_LONG = re.compile(r"\d[\d_]{4000,}", re.ASCII)
_ALONE = re.compile(r"\s*[\w.-]+\s*=[^\[\]{}]*|\s*[^\[\]{}=]*")  # a line that opens nothing and closes nothing
# What to do, by how a message of the parser starts.
_FIXES = {
    "Cannot declare": "It stands twice. For a list of tables write two brackets: [[fund]].",
    "Cannot overwrite": "The key stands twice here: leave one of them out.",
    "Unescaped": "Write a backslash twice, or / in its place.",
    "Invalid hex": "Write a backslash twice, or / in its place.",
    "Invalid date": "There is no such day: write one as 2026-04-30.",
}
_IGNORE = re.compile(r"#\s*soke:\s*ignore\s+([A-Z]{2}\d{3}(?:\s*,\s*[A-Z]{2}\d{3})*)(?:\s+reason\s*=\s*\"([^\"]*)\")?")


@dataclass(frozen=True, slots=True)
class Node:
    """A value and its place. A table holds nodes by key, a list holds nodes; anything else is the plain value."""

    value: Any
    at: Location

    @property
    def table(self) -> dict[str, Node]:
        """The keys of a table; nothing if it is no table."""
        return cast("dict[str, Node]", self.value) if isinstance(self.value, dict) else {}

    @property
    def items(self) -> list[Node]:
        """The elements of a list; nothing if it is no list."""
        return cast("list[Node]", self.value) if isinstance(self.value, list) else []

    def text(self, key: str) -> str:
        """A text below this table; empty if missing or not a text."""
        found = self.table.get(key)
        return found.value if found and isinstance(found.value, str) else ""


@dataclass(frozen=True, slots=True)
class Ignore:
    """``# soke: ignore DF306 reason="..."``: the codes that it silences, the lines that it covers, and why."""

    at: Location
    codes: tuple[str, ...]
    reason: str
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Document:
    root: Node
    ignores: tuple[Ignore, ...]


@dataclass(frozen=True, slots=True)
class Unread(Finding):
    """Why a file is not TOML: the first finding, and the ``others``; ``rest``, the file as it was probably meant, in
    which further faults may be found, and which is never gone by."""

    others: tuple[Finding, ...] = field(default=(), compare=False)
    rest: Document | None = field(default=None, compare=False)
    heads: tuple[int, ...] = field(default=(), compare=False)  # the lines of its tables' headers, in order
    left_out: bool = field(default=False, compare=False)  # lines that could not be mended are not in the rest

    @property
    def all(self) -> tuple[Finding, ...]:
        """Every finding, in order."""
        return (Finding(self.at, self.code, self.severity, self.fact, self.fix), *self.others)

    def touches(self, head: int) -> bool:
        """Whether a line that is spoken of belongs to the table that starts on a line: what is missing there may be on
        it."""
        end = next((line for line in self.heads if line > head), math.inf)
        return any(head <= finding.at.line < end for finding in self.all)


def all_faults(unread: Finding, read: Callable[[Document], Sequence[Finding]]) -> tuple[Finding, ...]:
    """What is wrong with a file that is not TOML, and what ``read`` finds wrong with the rest of it, as it was probably
    meant: all in one list. A line is spoken of once."""
    if not isinstance(unread, Unread):
        return (unread,)
    spoken_of = {finding.at.line for finding in unread.all}
    rest = read(unread.rest) if unread.rest else ()
    further = (one for one in rest if one.at.file != unread.at.file or one.at.line not in spoken_of)
    return (*unread.all, *(one for one in further if not (one.code == "DV003" and unread.touches(one.at.line))))


def read_document(path: Path, shown: str = "") -> Document | Finding:
    """Read a TOML file. A finding DV001 when it is not TOML; SokeError when it cannot be read at all."""
    shown = shown or str(path)
    return parse_document(read_whole(path, shown, LARGEST), shown)


def parse_document(content: bytes, file: str) -> Document | Finding:
    """Parse TOML bytes; the finding DV001 says where they stop being TOML. It is an :class:`Unread`, with all that can
    be found at once, where people type what is no TOML."""
    other = other_kind(content, file)
    if other:
        return _not_toml(Location(file), *other)
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - (content.rfind(b"\n", 0, error.start) + 1) + 1
        return _not_toml(Location(file, line, column), "The file is not UTF-8 text", "Save the file as UTF-8.")
    return _parsed(text, file)


def _parsed(text: str, file: str, then: Callable[[str, str, str], Finding] | None = None) -> Document | Finding:
    try:
        data = tomllib.loads(text, parse_float=_decimal)
        found = positions(text, file)
        root = tree(data, (), found, Location(file))
    except tomllib.TOMLDecodeError as error:
        return (then or _unread)(str(error), text, file)
    except RecursionError:
        return _not_toml(Location(file), "The file nests tables or lists too deeply", "Use fewer levels.")
    except ValueError:  # a number of more digits than Python will hold
        return _too_long(text, file)
    return Document(root, _ignores(found, file))


MOST_TRIES = 20  # lines that are left out, one after another, to read the rest


def _unread(message: str, text: str, file: str) -> Finding:
    """All that can be found in a file that is not TOML: what people type, then what else stops the parser."""
    slips, meant = mended(text)
    found = [
        _not_toml(Location(file, slip.line, slip.column), f"This is not TOML: {slip.fact}", slip.fix) for slip in slips
    ]
    rest = _parsed(meant, file, _syntax)
    for _ in range(MOST_TRIES):
        if isinstance(rest, Document):
            break
        if rest.at.line in {finding.at.line for finding in found}:
            break
        found.append(rest)
        lines = meant.split("\n")
        if not _ALONE.fullmatch(lines[rest.at.line - 1]):
            break
        lines[rest.at.line - 1] = ""
        meant = "\n".join(lines)
        rest = _parsed(meant, file, _syntax)
    first, *others = sorted(found) or [_syntax(message, text, file)]
    whole = rest if isinstance(rest, Document) else None
    heads = tuple(number for number, line in enumerate(meant.split("\n"), start=1) if line.lstrip().startswith("["))
    return Unread(
        first.at,
        first.code,
        first.severity,
        first.fact,
        first.fix,
        tuple(others),
        whole,
        heads,
        len(found) > len(slips),
    )


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except decimal.InvalidOperation:
        return Decimal("NaN")  # an exponent beyond all use; the typed reader refuses it at its line


def _syntax(message: str, text: str, file: str) -> Finding:
    match = _WHERE.match(message)
    if not match:
        return _not_toml(Location(file), message, "Correct the line.")
    what, line, column = match.groups()
    end = Location(file, text.count("\n") + 1, len(text) - text.rfind("\n"))
    at = Location(file, int(line), int(column)) if line else end
    fix = next(
        (fix for start, fix in _FIXES.items() if what.startswith(start)), "Correct this line or the one before it."
    )
    return _not_toml(at, f"This is not TOML: {what[:1].lower()}{what[1:200]}", fix)


def _too_long(text: str, file: str) -> Finding:
    found = _LONG.search(text)
    line = text.count("\n", 0, found.start()) + 1 if found else 1
    column = found.start() - text.rfind("\n", 0, found.start()) if found else 1
    return _not_toml(Location(file, line, column), "A number here has thousands of digits", "Correct the number.")


def _not_toml(at: Location, fact: str, fix: str) -> Finding:
    return Finding(at, "DV001", "error", f"{fact}.", fix)


def tree(value: Any, path: KeyPath, found: Positions, parent: Location) -> Node:
    """Parsed values as nodes; what has no place of its own takes that of the table around it."""
    at = found.places.get(path, parent)
    if isinstance(value, Mapping):
        return Node({key: tree(inner, (*path, key), found, at) for key, inner in value.items()}, at)
    if isinstance(value, list):
        return Node([tree(inner, (*path, index), found, at) for index, inner in enumerate(value)], at)
    return Node(value, at)


def _ignores(found: Positions, file: str) -> tuple[Ignore, ...]:
    ignores = []
    for line, comment, alone in found.comments:
        match = _IGNORE.match(comment)
        if match:
            codes = tuple(code.strip() for code in match.group(1).split(","))
            covered = (line, line + 1) if alone else (line,)
            ignores.append(Ignore(Location(file, line), codes, (match.group(2) or "").strip(), covered))
    return tuple(ignores)


def overlay(base: Node, top: Node, names: tuple[str, ...] = ("id",)) -> Node:
    """``top`` laid over ``base``: keys replace keys, tables merge, lists of tables merge by the first of ``names``
    that all of the base's items have.

    An item keeps the place of the file that has the last word on it; each key keeps its own.
    """
    if isinstance(base.value, dict) and isinstance(top.value, dict):
        merged = dict(base.table)
        for key, node in top.table.items():
            merged[key] = overlay(merged[key], node, names) if key in merged else node
        return Node(merged, top.at)
    name = _named_by(base, names)
    if name and isinstance(top.value, list) and all(isinstance(item.value, dict) for item in top.items):
        return Node(_overlay_items(base.items, top.items, name, names), top.at)
    return top


def _named_by(base: Node, names: tuple[str, ...]) -> str:
    """The key that tells the tables of a list apart; empty where they have none."""
    return next((name for name in names if base.items and all(name in item.table for item in base.items)), "")


def _overlay_items(base: list[Node], top: list[Node], name: str, names: tuple[str, ...]) -> list[Node]:
    own = list(top)
    merged = []
    for item in base:
        match = next((other for other in own if other.text(name) == item.text(name)), None)
        if match is not None:
            own.remove(match)
        merged.append(overlay(item, match, names) if match is not None else item)
    return merged + own
