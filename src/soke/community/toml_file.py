"""A small TOML file of the community room as typed values, with the file, line and column of every fault."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar, cast

from soke.deal.document import Document, parse_document
from soke.deal.finding import Finding
from soke.deal.typed import BAD, Typed
from soke.errors import SokeError
from soke.files import read_whole

LARGEST = 1_000_000  # bytes; a case or an agreement is some thousands
T = TypeVar("T")


def read_table(kind: type[T], path: Path, label: str) -> T | Sequence[Finding]:
    """The whole file as one ``kind``; else the findings that say why not. SokeError where it cannot be read at all."""
    return parse_table(kind, read_whole(path, str(path), LARGEST), str(path), label)


def parse_table(kind: type[T], content: bytes, file: str, label: str) -> T | Sequence[Finding]:
    """As :func:`read_table`, of bytes that are read already. ``file`` is the name that findings give."""
    found = parse_document(content, file)
    if not isinstance(found, Document):
        return (found,)
    typed = Typed()
    made = typed.table(kind, found.root, label)
    return tuple(sorted(typed.findings)) if made is BAD or typed.findings else cast(T, made)


def table_or_error(kind: type[T], content: bytes, file: str, label: str) -> T:
    """As :func:`parse_table`; SokeError with the first fault instead of findings."""
    made = parse_table(kind, content, file, label)
    if isinstance(made, tuple):
        raise as_error(made)
    return cast(T, made)


def as_error(findings: Sequence[Finding]) -> SokeError:
    """The first finding as an error, and how many more there are."""
    more = f" ({len(findings) - 1} more.)" if len(findings) > 1 else ""
    return SokeError(findings[0].fact, f"{findings[0].fix}{more}", findings[0].at)
