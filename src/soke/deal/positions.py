"""Where each key of a TOML text stands. The standard library's parser gives values only, so this walks the text again.

The text must already have parsed: the walk trusts the grammar and only keeps count of lines.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from soke.errors import Location

Path = tuple[str | int, ...]

_SPACE = re.compile(r"[ \t\n]*")
_COMMENT = re.compile(r"#[^\n]*")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})|\'\'\'.*?\'\'\'(?:\'{0,2})|"(?:\\.|[^"\\])*"|\'[^\']*\'', re.DOTALL
)
_SCALAR = re.compile(r"[^,\]}#\n]+")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPE = re.compile(r'\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(["\\btnfr]))')
_ESCAPED = {'"': '"', "\\": "\\", "b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}


@dataclass(slots=True)
class Positions:
    """The place of every table, key and list element, and every comment with whether it has the line to itself."""

    places: dict[Path, Location] = field(default_factory=dict)
    comments: list[tuple[int, str, bool]] = field(default_factory=list)


def positions(text: str, file: str) -> Positions:
    """Walk a TOML text that has parsed. Line ends must be ``\\n``."""
    return _Walk(text, file).document()


class _Walk:
    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.at = 0
        self.found = Positions()
        self.lists: dict[Path, int] = {}  # arrays of tables: index of the last element

    def document(self) -> Positions:
        table: Path = ()
        self._blank()
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._blank()
        return self.found

    def _place(self, at: int) -> Location:
        line = bisect_right(self.starts, at)
        return Location(self.file, line, at - self.starts[line - 1] + 1)

    def _note(self, path: Path, at: int) -> None:
        self.found.places.setdefault(path, self._place(at))

    def _blank(self) -> None:
        """Skip spaces, line ends and comments, keeping the comments."""
        while True:
            self.at = self._end(_SPACE)
            comment = _COMMENT.match(self.text, self.at)
            if not comment:
                return
            place = self._place(self.at)
            alone = not self.text[self.starts[place.line - 1] : self.at].strip()
            self.found.comments.append((place.line, comment.group(), alone))
            self.at = comment.end()

    def _end(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self.text, self.at)
        return match.end() if match else self.at

    def _header(self) -> Path:
        start = self.at
        double = self.text.startswith("[[", self.at)
        self.at += 2 if double else 1
        parts = self._dotted()
        self.at = self.text.index("]", self.at) + (2 if double else 1)
        path = (*self._within((), parts[:-1]), parts[-1])
        if double:
            self._note(path, start)
            self.lists[path] = self.lists.get(path, -1) + 1
            path += (self.lists[path],)
        elif path in self.lists:
            path += (self.lists[path],)
        self._note(path, start)
        return path

    def _within(self, table: Path, parts: list[str]) -> Path:
        """A dotted path below a table, where a list of tables means its last element."""
        for part in parts:
            table += (part,)
            self._note(table, self.at)
            if table in self.lists:
                table += (self.lists[table],)
        return table

    def _dotted(self) -> list[str]:
        parts = [self._key()]
        while True:
            self.at = self._end(_SPACE)
            if self.text[self.at] != ".":
                return parts
            self.at += 1
            parts.append(self._key())

    def _key(self) -> str:
        self.at = self._end(_SPACE)
        bare = _BARE.match(self.text, self.at)
        if bare:
            self.at = bare.end()
            return bare.group()
        start = self.at
        self.at = self._end(_STRING)
        quoted = self.text[start + 1 : self.at - 1]
        return quoted if self.text[start] == "'" else _ESCAPE.sub(_unescape, quoted)

    def _pair(self, table: Path) -> None:
        self.at = self._end(_SPACE)
        start = self.at
        parts = self._dotted()
        for depth in range(1, len(parts) + 1):
            self._note((*table, *parts[:depth]), start)
        self.at = self.text.index("=", self.at) + 1
        self._value((*table, *parts))

    def _value(self, path: Path) -> None:
        self.at = self._end(_SPACE)
        first = self.text[self.at]
        if first == "[":
            self._array(path)
        elif first == "{":
            self._inline(path)
        else:
            self.at = self._end(_STRING if first in "\"'" else _SCALAR)

    def _array(self, path: Path) -> None:
        self.at += 1
        index = 0
        self._blank()
        while self.text[self.at] != "]":
            self._note((*path, index), self.at)
            self._value((*path, index))
            index += 1
            self._comma()
        self.at += 1

    def _inline(self, path: Path) -> None:
        self.at += 1
        self._blank()
        while self.text[self.at] != "}":
            self._pair(path)
            self._comma()
        self.at += 1

    def _comma(self) -> None:
        self._blank()
        if self.text[self.at] == ",":
            self.at += 1
            self._blank()


def _unescape(match: re.Match[str]) -> str:
    short, long, simple = match.groups()
    return _ESCAPED[simple] if simple else chr(int(short or long, 16))
