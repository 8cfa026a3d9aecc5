"""The split of a fund for the register: a round for each neighbourhood that gets anything."""

from __future__ import annotations

import datetime as dt
import re

from soke.community.split_terms import Given
from soke.community.splitting import Split
from soke.errors import SokeError
from soke.register.handed_over.entries import Entry

_SLUG = re.compile(r"[^a-z0-9.]+", re.ASCII)
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,18}[a-z0-9])?", re.ASCII)


def split_entries(given: Given, made: Split, due: dt.date | None, label: str | None) -> list[Entry]:
    """Rounds to be adopted by ``due``, their ids beginning with ``label`` or the year due.

    SokeError where no deal or day is named, or two areas would have one id.
    """
    if given.deal is None or given.undertaking is None:
        raise SokeError("--deal is missing.", "With --commands, name the deal file whose undertaking this is.")
    if given.districts:
        raise SokeError("These are districts, not neighbourhoods.", "Name the neighbourhoods with --areas.")
    if due is None:
        raise SokeError("--due is missing.", "With --commands, say by when the rounds are to be adopted: 2027-12-01.")
    head = label if label is not None else str(due.year)
    if not _LABEL.fullmatch(head):
        raise SokeError(f'The label "{head[:40]}" is none.', "Use small letters, digits, dots and hyphens, at most 20.")
    names: dict[str, str] = {}
    entries: list[Entry] = []
    for share in made.shares:
        round_id = f"{head}-{_SLUG.sub('-', share.area.code.lower())}".strip("-.")
        if round_id in names:
            fact = f'The codes of {names[round_id]} and {share.area.name} would both make the round "{round_id}".'
            raise SokeError(fact, "Change one of the codes.", share.area.at)
        names[round_id] = share.area.name
        if share.pence:
            body = {"round": round_id, "community": given.undertaking.id, "pence": share.pence,
                    "due": due.isoformat(), "note": share.area.name}  # fmt: skip
            entries.append(("round.opened", body))
    return entries
