"""The kinds of entry, one row each: who may record it and when, its sentence, its fields and what they name.

This table is the vocabulary of the register. A body has the fields of its kind and no others. Every body may also carry
a ``note`` and, for what is known from elsewhere, a ``source`` and its ``grade``. Whether a person may take a step *now*
depends on all that went before: :mod:`soke.register.state`. A row writes each field in words:

    pence="pence"                           it must be there, and is of this type (soke.register.field_types)
    due="[day]"                             it may be missing
    legs="worked-out legs"                  the software fills it in, where nobody wrote it
    power="id of power"                     it names a power: the entry is tagged with it, and told with its title
    scope="untagged ids of fund or pool"    it names things, each of one of these kinds, and no tag comes of it
    decision="new id of decision"           it names a joint decision for the first time
    title="title of decision"               text: what that decision is called from then on

Tags follow from the body for good: a kind of which entries are on record gains no tag and loses none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from soke.errors import SokeError
from soke.register.field_types import TYPES
from soke.register.kinds import agreement, communities, evidence, matters, money, partners, promises
from soke.register.kinds.row import (
    ANYWHERE,
    AT_ANY_TIME,
    BEFORE_THE_END,
    EVER_SINCE,
    IN_FORCE,
    NOT_ENDED,
    OF_REGISTER,
    REGISTER,
    REGISTRAR,
    RULES_NOW,
    THINGS,
    DealStatus,
    Kind,
)  # fmt: skip

__all__ = [
    "ANYWHERE", "AT_ANY_TIME", "BEFORE_THE_END", "EVER_SINCE", "IN_FORCE", "KINDS", "NOT_ENDED", "OF_REGISTER",
    "REGISTER", "REGISTRAR", "RULES_NOW", "STEPS", "THINGS", "DealStatus", "Kind", "check_body",
]  # fmt: skip

GROUPS = (agreement, money, evidence, partners, promises, communities, matters)
STEPS = tuple(kind.name for kind in matters.STEPS)
KINDS: Mapping[str, Kind] = {kind.name: kind for group in GROUPS for kind in group.ROWS}


def check_body(kind: str, body: Mapping[str, Any], *, whole: bool = True) -> Kind:
    """The kind, where the body has its fields in their types; unless ``whole``, but for those that are worked out.

    SokeError otherwise, with the field and its form.
    """
    row = KINDS.get(kind)
    if row is None:
        near = [name for name in KINDS if name.split(".")[0] == str(kind).split(".")[0]]
        raise SokeError(f'There is no kind of entry "{str(kind)[:60]}".', f"Kinds: {', '.join(near or KINDS)}.")
    types = row.types
    for name in row.needed:
        if name not in body and (whole or name not in row.worked_out):
            raise SokeError(f'An entry {kind} needs "{name}", {TYPES[types[name]].words}.', "Add it.")
    for name, value in body.items():
        if name not in types:
            raise SokeError(f'An entry {kind} has no field "{str(name)[:60]}".', f"Its fields: {', '.join(types)}.")
        if not TYPES[types[name]].test(value):
            fact = f'"{name}" of an entry {kind} is not {TYPES[types[name]].words}.'
            raise SokeError(fact, "Correct it; nothing was written.")
    return row
