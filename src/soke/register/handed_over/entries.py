"""One entry that is handed over, and which kinds of them are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeAlias

from soke.errors import SokeError
from soke.text import clean

Entry: TypeAlias = tuple[str, dict[str, Any]]  # kind and body


def of_kinds(entries: Iterable[Entry], kinds: Sequence[str]) -> Iterator[Entry]:
    """The entries of these kinds."""
    return ((kind, body) for kind, body in entries if kind in kinds)


def asked_kinds(kinds: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """The kinds of entry to hand over: those asked for, or all. SokeError for one that is not ``known``."""
    for kind in kinds:
        if kind not in known:
            fact = f'"{clean(kind[:40])}" is no kind of entry here.'
            raise SokeError(fact, f"Kinds: {', '.join(known)}.", "--kind", code="unknown-name")
    return tuple(kinds) or tuple(known)
