"""What counts each time that it is said: sent twice by mistake, it is not counted twice."""

from __future__ import annotations

import datetime as dt
import hashlib

from soke.errors import SokeError
from soke.register.acts.act import Act
from soke.register.state import DealState

COUNTED = frozenset({
    "fund.allotted", "fund.paid", "fund.released", "fund.spent", "fund.carry-over-allowed", "fund.carried-over",
    "fund.moved", "fund.increase-agreed", "contribution.confirmed", "power.exercised", "notice.published",
    "indicator.revised", "excuse.accepted", "asset.step",
})  # fmt: skip  # of all other kinds the second of two alike is refused by its own rule, or changes nothing
WITHIN = dt.timedelta(days=1)
MOST = 1_000  # of the last so many the register knows whether they were said before


def content_of(act: Act) -> str:
    """What an act says, in short; nothing where saying it again changes nothing. Legs follow from the rest."""
    if act.kind not in COUNTED:
        return ""
    body = sorted(item for item in act.body.items() if item[0] not in ("again", "legs"))
    spelled = f"{act.kind} {act.party} {body!r}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(spelled, digest_size=8).hexdigest()


def check_not_said(state: DealState, act: Act, content: str) -> None:
    """SokeError where the same was recorded within a day, and nobody says that it is meant again."""
    before = state.said.get(content)
    if before is not None and act.at - before < WITHIN and not act.body.get("again"):
        fact = f"The same was recorded at {before:%H:%M} on {before:%Y-%m-%d} (UTC)."
        raise SokeError(fact, 'If it is meant a second time, say so with --again ("again": true in its body).')


def note_said(state: DealState, act: Act, content: str) -> None:
    said = state.said
    said.pop(content, None)
    said[content] = act.at
    first = next(iter(said))
    while len(said) > MOST or act.at - said[first] >= WITHIN:
        del said[first]
        first = next(iter(said))
