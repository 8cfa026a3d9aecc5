"""What people ask for about keys: one follows another, one is lost and replaced, witnesses are named.

A key that had ended may sign that another follows it; the new one may be one that was there before, or nobody's.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from simulated.keyring import MOST, NAME, WITNESSES, register_key, secret_of, text_of, witness_key
from simulated.wish import Drawing, Wish
from soke.register.checkpoint import SigningKey
from soke.register.keys import naming, reanchoring, rotation
from soke.register.kinds import REGISTER, REGISTRAR
from soke.register.state import GIVERS, RECEIVERS
from soke.register.state import WITNESSES as SEEING
from soke.register.verify import COSIGNATURE


def key_wish(wishes: Drawing) -> Wish | None:
    drawn = wishes.rng.random()
    if not wishes.state.keys:
        return _named(wishes) if drawn < 0.8 else None
    if drawn < 0.5:
        return _rotated(wishes)
    return key_lost(wishes) if drawn < 0.75 else _witnesses(wishes)


def _of_register(wishes: Drawing, kind: str, never: str, body: dict[str, Any]) -> Wish:
    return replace(wishes.of(kind, REGISTRAR, **body), deal=REGISTER, never=never)


def _fresh(wishes: Drawing) -> SigningKey:
    """A key that has not been in force."""
    unused = [number for number in range(MOST) if text_of(register_key(number)) not in wishes.state.keys]
    return register_key(wishes.any(unused[:4]))


def _named(wishes: Drawing) -> Wish:
    return _of_register(wishes, "key.named", "", naming(NAME, _fresh(wishes)))


def _rotated(wishes: Drawing) -> Wish:
    rng, keys = wishes.rng, wishes.state.keys
    old, new, drawn, never = secret_of(keys[-1]), _fresh(wishes), rng.random(), ""
    if drawn < 0.15 and len(keys) > 1:
        old, never = secret_of(rng.choice(keys[:-1])), "the signature of a key that had ended"
    elif drawn < 0.25:
        new, never = secret_of(rng.choice(keys)), "a key that was in force before"
    body = rotation(NAME, keys, old, new)
    if 0.25 < drawn < 0.3:
        body, never = body | {"proof": body["signature"]}, "no proof that anybody has the new key"
    return _of_register(wishes, "key.rotated", never, body)


def key_lost(wishes: Drawing) -> Wish:
    """The parties of the deal agree, one after the other; then the registrar puts the new key in its place."""
    state, rng = wishes.state, wishes.rng
    process = state.terms.ladder.process
    lapses = dt.timedelta(process.notice_days + process.response_days)
    new = register_key(MOST // 2 + len(state.keys) % (MOST // 2))  # in each deal the same
    if rng.random() < 0.05:
        return replace(wishes.of("deal.key-lost", rng.choice(wishes.sides()), key=rng.choice(state.keys),
                                 reason="A fire"), never="a key that was in force before")  # fmt: skip
    agreed = {party for party, on in state.key_lost.get(text_of(new), {}).items() if wishes.today <= on + lapses}
    sides = [found for roles in (GIVERS, RECEIVERS, SEEING) if (found := state.parties(*roles))]
    wanting = [side for side in sides if not agreed & set(side)]
    if not wanting or rng.random() < 0.05:
        body = reanchoring(NAME, state.keys, new, "The safe burnt out")
        return _of_register(wishes, "key.reanchored", "", body)
    return wishes.of("deal.key-lost", rng.choice(rng.choice(wanting)), key=text_of(new), reason="The safe burnt out")


def _witnesses(wishes: Drawing) -> Wish:
    rng, drawn = wishes.rng, wishes.rng.random()
    keys, never = [witness_key(number) for number in rng.sample(range(WITNESSES), rng.randint(1, 4))], ""
    if drawn < 0.08:
        keys, never = [*keys, keys[0]], "a witness named twice"
    elif drawn < 0.16:
        keys, never = [*keys, replace(keys[0], name="witness.example/other")], "two witnesses with one key"
    elif drawn < 0.24:
        own = replace(secret_of(rng.choice(wishes.state.keys)), name="witness.example/own", kind=COSIGNATURE)
        keys, never = [*keys, own], "the register's own key for a witness"
    need = rng.randint(1, len(keys))
    if drawn > 0.95:
        need, never = len(keys) + 1, "more witnesses needed than named"
    return _of_register(wishes, "witness.named", never, {"witnesses": [text_of(key) for key in keys], "need": need})
