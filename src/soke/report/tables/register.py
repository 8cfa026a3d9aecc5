"""Tables of a register: its entries in words, and the kinds of entry that it knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from soke.register.history import Told
from soke.register.kinds import KINDS, Kind
from soke.table import Answer, Column, Table


def entries(told: Sequence[Told], deal: str | None, about: Sequence[str], *, rehearsal: bool) -> Answer:
    """Entries, one plain sentence each, of a deal (of all where none is named) and about some things, if any."""
    table = Table.of(
        "register_entries",
        "What was recorded",
        (
            Column("number", "number", "count"),
            Column("at", "at"),
            Column("deal", "deal"),
            Column("kind", "kind"),
            Column("role", "role"),
            Column("party", "party"),
            Column("person", "person"),
            Column("sentence", "what was recorded"),
            Column("rehearsal", "rehearsal"),
        ),
        [
            (one.number, f"{one.at:%Y-%m-%dT%H:%M:%SZ}", one.deal, one.kind, one.role, one.party, one.person,
             one.sentence, yes_or_no(rehearsal))
            for one in told
        ],
    )  # fmt: skip
    return Answer(table, {"rehearsal": rehearsal, "deal": deal, "about": list(about)})


def kinds() -> Table:
    """The vocabulary of the register, one row a kind; without the fields that the software works out."""
    return Table.of(
        "register_kinds",
        "Kinds of entry",
        (
            Column("kind", "kind"),
            Column("who", "who may"),
            Column("fields", "fields"),
            Column("optional_fields", "may have"),
        ),
        [
            (kind.name, kind.who, _asked_for(kind, kind.needed), _asked_for(kind, kind.optional))
            for kind in KINDS.values()
        ],
    )


def _asked_for(kind: Kind, fields: Mapping[str, str]) -> str:
    return ", ".join(name for name in fields if name not in kind.worked_out)


def yes_or_no(value: bool) -> str:
    """A truth value as a cell."""
    return "yes" if value else "no"
