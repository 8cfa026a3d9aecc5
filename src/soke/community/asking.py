"""A short file of recommendations, as a panel hands it over: each with an id, a text and a day for the answer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from soke.community.toml_file import table_or_error
from soke.deal.located import Located
from soke.errors import SokeError

LABEL = "The file of recommendations"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Located):
    """One recommendation. ``due``: by when it is to be answered. ``panel`` and ``community`` are ids of the deal."""

    id: str
    text: str
    due: dt.date
    panel: str = ""
    community: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking(Located):
    """``panel`` and ``community`` at the head of the file hold for each that does not name its own."""

    recommendation: tuple[Asked, ...]
    panel: str = ""
    community: str = ""


def read_asking(content: bytes, file: str) -> tuple[Asked, ...]:
    """The recommendations of a file, with what its head says. SokeError with the place of the first fault."""
    found = table_or_error(Asking, content, file, LABEL)
    if not found.recommendation:
        raise SokeError(
            "The file holds no recommendation.", "Write [[recommendation]] with id, text and due.", found.at
        )
    seen: dict[str, Asked] = {}
    made = []
    for one in found.recommendation:
        if one.id in seen:
            fix = f"It is that of line {seen[one.id].at.line} too: give each its own."
            raise SokeError(f'The id "{one.id}" is there twice.', fix, one.where("id"))
        if not one.text.strip():
            raise SokeError(f'"{one.id}" says nothing.', "Write what the panel recommends in text.", one.where("text"))
        seen[one.id] = one
        panel, community = one.panel or found.panel, one.community or found.community
        keys = {name: found.where(name) for name in ("panel", "community")} | dict(one.keys)
        made.append(Asked(at=one.at, keys=keys, id=one.id, text=one.text.strip(), due=one.due, panel=panel,
                          community=community))  # fmt: skip
    return tuple(made)
