"""What counts each time that it is said: sent twice by mistake, it is not counted twice."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

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


def check_not_said(state: DealState, act: Act) -> None:
    """SokeError where the same was recorded within a day, and nobody says that it is meant again."""
    if act.kind not in COUNTED or act.body.get("again"):
        return
    before = state.said.get(_content(act))
    if before is not None and act.at - before < WITHIN:
        fact = f"The same was recorded at {before:%H:%M} on {before:%Y-%m-%d} (UTC)."
        raise SokeError(fact, 'If it is meant a second time, say so with --again ("again": true in its body).')


def note_said(state: DealState, act: Act) -> None:
    if act.kind not in COUNTED:
        return
    content = _content(act)
    state.said.pop(content, None)
    state.said[content] = act.at
    for old in list(state.said):
        if len(state.said) <= MOST and act.at - state.said[old] < WITHIN:
            break
        del state.said[old]


def _content(act: Act) -> str:
    """Legs follow from the rest."""
    body = {name: value for name, value in act.body.items() if name not in ("again", "legs")}
    spelled = json.dumps([act.kind, act.party, body], sort_keys=True)
    return hashlib.blake2b(spelled.encode(), digest_size=8).hexdigest()
