"""A small TOML file of the community room as typed values, with the file, line and column of every fault."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar, cast

from soke.deal.document import Document, all_faults, parse_document
from soke.deal.finding import Finding
from soke.deal.located import Located
from soke.deal.typed import BAD, Typed
from soke.errors import SokeError
from soke.files import read_whole

LARGEST = 1_000_000  # bytes; a case or an agreement is some thousands
T = TypeVar("T")
PLAIN_ID = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,78}[a-z0-9])?", re.ASCII)


def read_table(kind: type[T], path: Path, label: str) -> T | Sequence[Finding]:
    """The whole file as one ``kind``; else the findings that say why not. SokeError where it cannot be read at all."""
    found = read_document(path)
    return table_of(kind, found, label)


def read_document(path: Path) -> Document | Finding:
    """The whole file as a tree; the finding where it is not TOML. SokeError where it cannot be read at all."""
    return parse_document(read_whole(path, str(path), LARGEST), str(path))


def plain_id(row: Located, key: str, code: str, example: str) -> Iterator[Finding]:
    """The error where the id of a file is not of the form that ids have: small letters, digits, dots and hyphens."""
    name = getattr(row, key)
    if not PLAIN_ID.fullmatch(name):
        fix = f'Write small letters, digits and hyphens, as "{example}".'
        yield Finding(row.where(key), code, "error", f'The id "{name[:80]}" has no plain form.', fix)


def parse_table(kind: type[T], content: bytes, file: str, label: str) -> T | Sequence[Finding]:
    """As :func:`read_table`, of bytes that are read already. ``file`` is the name that findings give."""
    found = parse_document(content, file)
    return table_of(kind, found, label)


def table_of(kind: type[T], found: Document | Finding, label: str) -> T | Sequence[Finding]:
    """As :func:`typed_table`; of a file that is not TOML, all that is wrong with it."""
    return typed_table(kind, found, label) if isinstance(found, Document) else faults_of(kind, found, label)


def faults_of(kind: type[T], unread: Finding, label: str) -> tuple[Finding, ...]:
    """What is wrong with a file that is not TOML, and with the rest of it as a ``kind``."""

    def further(rest: Document) -> Sequence[Finding]:
        made = typed_table(kind, rest, label)
        return made if isinstance(made, tuple) else ()

    return all_faults(unread, further)


def typed_table(kind: type[T], found: Document, label: str) -> T | Sequence[Finding]:
    """As :func:`read_table`, of a tree that is parsed already."""
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
