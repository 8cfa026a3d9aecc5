"""Promises that a side made beside what the deal says: as the register shows them, or as others confirmed them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from soke.register.promise import Promise, Said, came_to
from soke.register.promises.line import PromiseLine, side_of, when
from soke.register.promises.money import Came, came_of_promises
from soke.register.standing import rounded
from soke.register.state import DealState
from soke.text import day as in_words

SAYS = {"delivered": "says that it is kept", "confirmed": "confirmed it", "broken": "says that it is broken"}


def made(state: DealState, day: dt.date) -> Iterator[PromiseLine]:
    """Each of them by itself."""
    money = came_of_promises(state)
    for promise in state.promises.values():
        on = kept_on(state, promise, money)
        yield PromiseLine(
            side=side_of(state, promise.by), what=promise.title,
            status=promise.status(day) if on is None else came_to(promise.due, on, day),
            detail=" ".join(_told(state, promise, money, on, day)), due=promise.due, on=on,
            evidence=_evidence(state, promise, on), about=f"promise:{promise.id}",
        )  # fmt: skip


def kept_on(state: DealState, promise: Promise, money: Mapping[str, Came]) -> dt.date | None:
    """The day on which a promise was kept, as the register shows, or as it is confirmed. ``money``: what came of
    those of money."""
    if promise.fund:
        return money[promise.id].on
    if promise.power:
        held = all(state.powers.get(power) == "held" for power in promise.powers)
        return max(promise.made, *(state.since[power] for power in promise.powers)) if held else None
    if promise.answer:
        answer = state.partners.answers.get(promise.answer)
        return answer.answered if answer else None
    return promise.kept_on


def _told(
    state: DealState, promise: Promise, money: Mapping[str, Came], on: dt.date | None, day: dt.date
) -> Iterator[str]:  # fmt: skip
    if promise.fund and on is None:
        yield f"{rounded(money[promise.id].paid)} of {rounded(promise.pence)} is paid."
    yield when(promise.due, on, day)
    yield f"Promised by {state.party_name(promise.by)}."
    if promise.due != promise.first_due:
        yield f"First promised for {in_words(promise.first_due)}; the later day was agreed."
    asked, delivery = promise.asked_day, promise.delivery
    if asked is not None and asked.day is not None and on is None:
        yield f"A later day is asked for, {in_words(asked.day)}, and not agreed."
    if delivery is not None and delivery.day is not None and promise.verdict is None:
        yield f"It is said to be kept since {in_words(delivery.day)}, and nobody has confirmed it."
    if promise.contested is not None:
        yield _word(state, promise.contested, "disputes that")


def _evidence(state: DealState, promise: Promise, on: dt.date | None) -> str:
    if on is not None and promise.shown:
        return "The register itself shows it."
    word = promise.verdict or promise.delivery
    if word is None:
        return ""
    delivered = promise.delivery.why if promise.delivery and word.said == "confirmed" else ""
    return _word(state, word, SAYS[word.said], delivered)


def _word(state: DealState, word: Said, said: str, otherwise: str = "") -> str:
    why = (word.why or otherwise).rstrip(".")
    return f"{state.party_name(word.party)} {said}, {in_words(word.on)}" + (f": {why}." if why else ".")
