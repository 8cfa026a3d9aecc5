"""What people ask for about promises: to make one, to say that it is kept or broken, to dispute that, to move it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from simulated.wish import Drawing, Wish
from soke.register.acts.partners import PARTNERS
from soke.register.acts.promises import promised_to
from soke.register.promise import Promise
from soke.register.state import WITNESSES


def promise_wish(wishes: Drawing) -> Wish | None:
    """Mostly of a promise that nobody has confirmed yet."""
    state, rng = wishes.state, wishes.rng
    still = [one for one in state.promises.values() if one.kept_on is None]
    if not still or rng.random() < 0.35:
        return _made(wishes)
    promise, drawn = wishes.any(still), rng.random()
    if rng.random() < 0.05:
        promise = wishes.any(list(state.promises.values()))
    others = (*promised_to(state, promise), *state.parties(*WITNESSES))
    named = {"promise": promise.id}
    asked = promise.asked_day
    if asked is not None and asked.day is not None and drawn < 0.5:
        return wishes.of("promise.day-agreed", wishes.any(others), **named, due=str(asked.day))
    if promise.broken or (promise.delivery is not None and drawn < 0.3):
        if rng.random() < 0.5:
            party = promise.by if promise.broken else wishes.any(others)
            return wishes.of("promise.disputed", party, **named, reason="It was not so")
    elif promise.delivery is not None:
        told = {"on": str(wishes.today)} if rng.random() < 0.2 else {}
        return wishes.of("promise.confirmed", wishes.any((promise.by, *others)), **named, **told)
    return _told(wishes, promise, others)


def _made(wishes: Drawing) -> Wish:
    """Of money, of a power, of anything; a day that may be too soon or too far."""
    state, drawn = wishes.state, wishes.rng.random()
    far = 4000 if wishes.rng.random() < 0.03 else 90
    due = wishes.today + dt.timedelta(wishes.rng.randint(0, far))
    body: dict[str, Any] = {"promise": wishes.fresh("w"), "title": "It will be done", "due": str(due)}
    if drawn < 0.25:
        fund = wishes.any(state.deal.funds)
        year = wishes.any(list(state.deal.years))
        body |= {"fund": fund.id, "year": f"{year}-{(year + 1) % 100:02d}", "pence": wishes.rng.randint(1, 10**8)}
        return wishes.of("promise.made", fund.payer, **body)
    if drawn < 0.35:
        power = wishes.any(state.deal.powers)
        return wishes.of("promise.made", power.giver, **body, power=power.id)
    if drawn < 0.45:
        body |= {"to": wishes.any([party.id for party in state.deal.parties])}
    return wishes.of("promise.made", wishes.any(state.parties(*PARTNERS)), **body)


def _told(wishes: Drawing, promise: Promise, others: tuple[str, ...]) -> Wish:
    drawn, named = wishes.rng.random(), {"promise": promise.id}
    if drawn < 0.55:
        day = max(promise.made, wishes.today - dt.timedelta(wishes.rng.randint(0, 9)))
        return wishes.of("promise.delivered", promise.by, **named, on=str(day), evidence="It is on the page")
    if drawn < 0.75:
        return wishes.of("promise.broken", wishes.any((promise.by, *others)), **named, evidence="Nothing is there")
    later = promise.due + dt.timedelta(wishes.rng.randint(0, 60))
    return wishes.of("promise.day-asked", promise.by, **named, due=str(later), reason="It takes longer")
