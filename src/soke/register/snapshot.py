"""What a deal added up to at an entry, in bytes, so that nobody reads the whole log again.

It is kept in the cache (:mod:`soke.register.cache`) by the program that made it: another program's is passed over.
:mod:`soke.register.checking` compares it with what the entries add up to. The terms of a deal are kept as the number of
the entry that laid them open.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import typing
from functools import cache
from typing import Any, TypedDict

import msgspec

from soke.errors import SokeError
from soke.register.acts import agreement
from soke.register.database import damaged
from soke.register.state import DealState, Earlier, Terms
from soke.version import program

ROOMS = ("deal", "register", "community", "england")  # what an entry means depends on their code and tables
OF_TEXT = ("versions", "current")  # fields of a state that are read from the text of the deal again


class _Version(msgspec.Struct, frozen=True, array_like=True):
    """A version of the deal: the entry that laid it open, and who has signed it."""

    seq: int
    since: int | None
    proposed: dt.datetime
    signed: dict[str, dt.datetime]


def own_program() -> str:
    """What tells this program from any other that may add entries up otherwise."""
    return program(*ROOMS)


@cache
def _coder() -> tuple[tuple[str, ...], msgspec.msgpack.Decoder[Any]]:
    """The fields that are kept, and what reads them by their types."""
    hints = typing.get_type_hints(DealState)
    names = tuple(f.name for f in dataclasses.fields(DealState) if f.compare and f.name not in OF_TEXT)
    kept = {name: hints[name] for name in names} | {"versions": list[_Version], "current": int | None}
    return names, msgspec.msgpack.Decoder(TypedDict("Kept", kept))  # type: ignore[operator]


def written(state: DealState) -> bytes:
    """A state in bytes."""
    names, _ = _coder()
    kept: dict[str, Any] = {name: getattr(state, name) for name in names}
    kept["versions"] = [_Version(terms.seq, terms.since, terms.proposed, terms.signed) for terms in state.versions]
    kept["current"] = None if state.current is None else state.versions.index(state.current)
    return msgspec.msgpack.encode(kept)


def read(content: bytes, earlier: Earlier, where: str) -> DealState:
    """The state again; ``earlier`` gives the entries that laid its versions open. SokeError where it is none."""
    names, decoder = _coder()
    try:
        kept = decoder.decode(content)
        state = DealState(kept["id"], earlier=earlier)
        for name in names:
            setattr(state, name, kept[name])
        state.versions = [_terms(version, number, earlier) for number, version in enumerate(kept["versions"], 1)]
        state.current = None if kept["current"] is None else state.versions[kept["current"]]
    except (msgspec.MsgspecError, SokeError, LookupError) as error:
        raise damaged(where, f"What was kept of a deal cannot be read: {error}") from None
    return state


def _terms(version: _Version, number: int, earlier: Earlier) -> Terms:
    body = earlier(version.seq)["body"]
    texts = body["deal"], body["framework"]
    deal, ladder = agreement.terms_of(*texts), agreement.ladder_of_texts(*texts)
    return Terms(number, deal, ladder, version.proposed, version.signed, seq=version.seq, since=version.since)
