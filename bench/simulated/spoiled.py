"""Wishes with something in them that never may be recorded: hostile, impossible, or somebody else's."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from typing import Any

from simulated.wish import Wish
from soke.register.kinds import KINDS, REGISTER, REGISTRAR

NEVER_TEXT = ("", " ", "a\x00b", "\ud800", "a\u202eb", "x" * 5_000)
NEVER_PENCE = (0, -5, 1.5, True, "12", 10**15, None)
ROLES = ("residents", "panel", "authority", "mhclg", "ministry", "mayor", REGISTRAR)
PAST, AHEAD = ("period_end", "published", "paid_on"), ("due", "pay_by")


def _deep() -> Any:
    deep: Any = []
    for _ in range(200):
        deep = [deep]
    return deep


def spoiled(wish: Wish, rng: random.Random, today: dt.date) -> Wish:
    """The wish, spoiled in one way; or in another role, which may be refused or not."""
    body, kind = dict(wish.body), KINDS[wish.kind]
    given = [name for name in kind.needed if name in body]
    texts = [name for name in given if kind.needed[name] == "text"]
    days = [name for name in (*PAST, *AHEAD) if name in body]
    way = rng.randrange(11)
    if way == 0:
        return replace(wish, person="Nobody At All", never="a person who acts for nobody")
    if way == 1:
        return replace(wish, body=body | {"surplus": rng.choice([1, "x", float("nan"), _deep()])}, never="a field more")
    if way == 2 and kind.needed.get("pence") == "pence":  # residents may decide nothing
        return replace(wish, body=body | {"pence": rng.choice(NEVER_PENCE)}, never="no pence")
    if way == 3 and "legs" in kind.needed and "pence" in body:
        return replace(wish, body=body | {"legs": _own_legs(body, rng)}, never="legs of its own")
    if way == 4 and days:
        day = today + dt.timedelta(400 if days[0] in PAST else -400)
        return replace(wish, body=body | {days[0]: str(day)}, never=f"{days[0]} on {day}")
    if way == 5 and texts:
        return replace(wish, body=body | {rng.choice(texts): rng.choice(NEVER_TEXT)}, never="no text")
    if way == 6 and wish.deal != REGISTER:
        return replace(wish, deal=rng.choice(["no-such-deal", "", "Quick", REGISTER]), never="no such deal")
    if way == 7:
        return replace(wish, kind=rng.choice(["fund.stolen", "", "register.opened "]), never="no such kind")
    if way == 8 and given:
        body.pop(rng.choice(given))
        return replace(wish, body=body, never="a field less")
    if way == 9:
        return replace(wish, body=body | {"note": rng.choice(NEVER_TEXT)}, never="no text in the note")
    return replace(wish, role=rng.choice(ROLES))


def _own_legs(body: dict[str, Any], rng: random.Random) -> list[dict[str, Any]]:
    """Legs that do not balance, or balance and are not those of the movement."""
    leg = {name: body[name] for name in ("fund", "year", "use", "pence")} | {"account": "held"}
    return rng.choice([[leg], [leg, leg | {"account": "promised", "pence": -body["pence"]}]])
