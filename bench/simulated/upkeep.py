"""Wishes that set the record right: corrections of entries and of the clock, and what both sides agree to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from simulated.wish import Drawing, Wish
from soke.register.acts.undo import UNDO
from soke.register.kinds import REGISTER, REGISTRAR
from soke.text import financial_year

AHEAD = dt.timedelta(days=1)


def clock(wishes: Drawing, now: dt.datetime) -> Wish | None:
    """A registrar sets the clock right, where an entry of the deal or the register is ahead; now and then wrongly."""
    rng, state = wishes.rng, wishes.state
    kind, deal = rng.choice([("clock.corrected", state.id), ("clock.corrected", state.id),
                             ("register.clock-corrected", REGISTER)])  # fmt: skip
    ahead = [entry for entry in wishes.entries if entry["deal"] == deal and _at(entry) > now + AHEAD]
    if not ahead:
        return None
    first = ahead[0]["seq"] if rng.random() < 0.9 else rng.choice(wishes.entries)["seq"]
    right = now - dt.timedelta(minutes=rng.choice([0, 0, 0, 1, 60]))
    wish = wishes.of(kind, REGISTRAR, entry=first, right=f"{right:%Y-%m-%dT%H:%M:%SZ}", reason="The clock ran ahead")
    return replace(wish, deal=deal)


def upkeep(wishes: Drawing) -> Wish | None:
    rng, state = wishes.rng, wishes.state
    if rng.random() < 0.2:
        return _increase(wishes)
    own = [entry for entry in wishes.entries[-60:] if entry["deal"] == state.id and entry["kind"] in UNDO]
    if not own:
        return None
    entry = rng.choice(own[-4:] if rng.random() < 0.6 else own)
    consents = state.consents.get(f"correct {entry['seq']}", {})
    if consents and rng.random() < 0.5:
        asked = [*state.parties("giver")[:1], *state.parties("receiver")]
        return wishes.of("correction.agreed", rng.choice(asked), entry=entry["seq"], reason="We saw it")
    if rng.random() < 0.25:
        return wishes.of("correction.agreed", rng.choice(wishes.sides()), entry=entry["seq"], reason="It was a slip")
    body: dict[str, Any] = {"entry": entry["seq"], "reason": "A slip"}
    if rng.random() < 0.5:
        right = _right(wishes, entry)
        body |= {"right": right} if right else {}
    role = entry["by"]["role"] if rng.random() < 0.8 else rng.choice([REGISTRAR, *wishes.sides()])
    return wishes.of("entry.corrected", role, **body)


def _right(wishes: Drawing, entry: dict[str, Any]) -> dict[str, Any]:
    body, rng = entry["body"], wishes.rng
    if "pence" in body and rng.random() < 0.8:
        pence = body["pence"]
        return {"pence": max(1, pence + rng.choice([-1, 1, -pence // 2, pence, 9 * pence]))}
    texts = [name for name in ("purpose", "reason", "title", "about", "question", "decision") if name in body]
    return {rng.choice(texts): "As it should have been"} if texts and entry["kind"] != "decision.confirmed" else {}


def _increase(wishes: Drawing) -> Wish | None:
    rng, state = wishes.rng, wishes.state
    waiting = [words.split() for words in state.consents if words.startswith("increase ")]
    if waiting and rng.random() < 0.8:
        _, named, year, use, pence = rng.choice(waiting)
    else:
        fund = rng.choice(state.deal.funds)
        named, year, use = fund.id, str(rng.choice(fund.profile).year), rng.choice(["revenue", "capital"])
        pence = str(rng.randint(1, 10**6))
    fund = state.deal.fund(named)
    if fund is None:  # it was succeeded
        return None
    return wishes.of("fund.increase-agreed", rng.choice([fund.payer, fund.payee]), fund=named, use=use,
                     year=financial_year(int(year)), pence=int(pence), reason="For the floods")  # fmt: skip


def _at(entry: dict[str, Any]) -> dt.datetime:
    return dt.datetime.fromisoformat(entry["at"])


def first_ahead(entries: Sequence[dict[str, Any]], now: dt.datetime) -> bool:
    """Whether an entry lies far ahead of a time."""
    return any(_at(entry) > now + AHEAD for entry in entries[-30:])
