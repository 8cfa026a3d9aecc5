"""Where a figure is used: the modules of the package that read it, found in their source and so never out of date.

A module reads a figure if it writes out its id, or makes it up from a part of it: ``f"levy.band.{n}.rate"`` reads every
band. What a module is for stands in the first sentence of it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
CATALOGUE = "england/importers/sources.py"  # the list of sources names each, and uses none
ROOMS = ("england", "evidence", "deal", "model", "community")  # pages repeat what these worked out
LEAST = 5  # letters of what is written out of an id that is made up: less would fit anything
MADE_UP = re.compile(r"[a-z0-9_]+(?:\.[a-z0-9_]+)*\.")


@dataclass(frozen=True, slots=True)
class Reader:
    """A module: its path in the package without ``.py``, what it is for, and the ids that it writes out."""

    path: str
    words: str
    written: frozenset[str]
    patterns: tuple[re.Pattern[str], ...]

    @property
    def title(self) -> str:
        """What it is for, in few words."""
        return self.words.partition(": ")[0]

    def reads(self, id_: str) -> bool:
        return id_ in self.written or any(pattern.fullmatch(id_) for pattern in self.patterns)


def read_by(id_: str) -> tuple[Reader, ...]:
    """The modules that read the figure, or the source, of that id, in the order of their paths; none where nothing
    does."""
    return tuple(reader for reader in _readers() if reader.reads(id_))


@cache
def _readers() -> tuple[Reader, ...]:
    paths = (path for room in ROOMS for path in sorted((PACKAGE / room).rglob("*.py")))
    return tuple(_reader(path) for path in paths if path != PACKAGE / CATALOGUE)


def _reader(path: Path) -> Reader:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    told = " ".join((ast.get_docstring(tree) or "").partition("\n\n")[0].split())
    words = re.split(r"(?<=[.?]) |; ", told)[0].rstrip(".:")
    nodes = list(ast.walk(tree))
    written = frozenset(part for text in _texts(nodes) for part in text.split(", "))
    patterns = {*_joined(nodes), *(text for text in written if len(text) >= LEAST and MADE_UP.fullmatch(text))}
    found = tuple(re.compile(text if "(" in text else re.escape(text) + ".+") for text in sorted(patterns))
    return Reader(path.relative_to(PACKAGE).with_suffix("").as_posix(), words, written, found)


def _texts(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _joined(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Patterns of the ids that a module makes up: ``levy\\.band\\.([a-z0-9_]+)\\.rate``."""
    for node in nodes:
        if not isinstance(node, ast.JoinedStr):
            continue
        first = node.values[0]
        if not (isinstance(first, ast.Constant) and isinstance(first.value, str)):
            continue
        if len(first.value) < LEAST or not MADE_UP.fullmatch(first.value):
            continue
        yield "".join(
            re.escape(part.value) if isinstance(part, ast.Constant) and isinstance(part.value, str) else "([a-z0-9_]+)"
            for part in node.values
        )
