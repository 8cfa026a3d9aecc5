"""Promises that either side makes beside what the deal says: made, delivered, confirmed, broken, disputed.

Who made a promise says that it is delivered; only whom it was promised, or a witness, can say that it is kept. What the
register shows by itself, such as money paid or a power conferred, nobody has to say. A promise keeps its day until
those whom it was promised agree to a later one.
"""

from __future__ import annotations

from decimal import Decimal

from soke.errors import SokeError
from soke.register.acts.act import Act, known, new_id, rule, when_recorded
from soke.register.acts.partners import PARTNERS
from soke.register.ledger import year_of
from soke.register.promise import PaidInto, Promise, Said, Saying, Voice
from soke.register.state import GIVERS, PLACE, WITNESSES, DealState
from soke.text import day as in_words
from soke.text import listed

FARTHEST = 5 * 366  # days within which a promise is one
OF_FUND = ("fund", "year", "pence")
SHOWN_BY = (*OF_FUND, "power", "answer")


def promised_to(state: DealState, promise: Promise) -> tuple[str, ...]:
    """Those who can say that it is kept, beside a witness: whom it was promised, else the other side."""
    if promise.to:
        return state.now(promise.to)
    return state.parties(*(PLACE if promise.by in state.parties(*GIVERS) else GIVERS))


@rule("promise.made")
def _made(state: DealState, act: Act) -> None:
    act.only(state.parties(*PARTNERS), "those who decide and pay under the deal")
    body, name = act.body, new_id(state.promises, act.body["promise"], "promise")
    due, to = act.ahead("due"), body.get("to", "")
    if to:
        _check_receiver(state, act, to)
    _check_shown_by(state, act)
    fund, power = body.get("fund", ""), body.get("power", "")
    state.promises[name] = Promise(
        id=name, title=body["title"], by=act.party, made=act.day, due=due, first_due=due, to=to,
        fund=fund, into=(PaidInto(fund, act.day, Decimal(1)),) if fund else (),
        year=year_of(body["year"]) if "year" in body else 0, pence=body.get("pence", 0),
        power=power, powers=(power,) if power else (), answer=body.get("answer", ""),
    )  # fmt: skip


def _check_receiver(state: DealState, act: Act, to: str) -> None:
    if state.deal.party(to) is None:
        known_parties = ", ".join(party.id for party in state.deal.parties)
        raise SokeError(f'"{to}" is no party of the deal.', f"Its parties: {known_parties}.")
    for side in (GIVERS, PLACE):
        if {act.party, to} <= set(state.parties(*side)):
            fact = f'"{to}" is on the side of "{act.party}".'
            raise SokeError(fact, "Promise it to somebody who can say that it was not kept.")


def _check_shown_by(state: DealState, act: Act) -> None:
    """What the register itself shows is one thing, whole, and that of who promises it."""
    body = act.body
    of_fund = [field for field in OF_FUND if field in body]
    if of_fund and len(of_fund) < len(OF_FUND):
        missing = listed([field for field in OF_FUND if field not in body])
        raise SokeError(f"A promise of money names fund, year and pence; there is no {missing}.", "Name all three.")
    if bool(of_fund) + ("power" in body) + ("answer" in body) > 1:
        raise SokeError("A promise is of one thing: money, a power or an answer.", "Make a promise of each.")
    if of_fund:
        fund = state.fund(body["fund"])
        act.only([fund.payer], "who pays the fund")
        if year_of(body["year"]) not in state.deal.years:
            raise SokeError(f"{body['year']} is no year of the deal.", "Name one of its years.")
    if "power" in body:
        power, givers = state.power(body["power"]), state.parties(*GIVERS)
        act.only([power.giver] if power.giver in givers else givers, "the department that gives the power")
        if state.powers[power.id] == "held":
            raise SokeError(f'"{power.id}" is conferred already.', "Nothing is left to promise.")
    if "answer" in body:
        act.only(state.parties(*PLACE), "the place")
        if known(state.partners.answers, body["answer"], "recommendation").answered is not None:
            raise SokeError(f'"{body["answer"]}" is answered already.', "Nothing is left to promise.")


@when_recorded("promise.made", "promise.day-asked")
def _a_day_that_comes(state: DealState, act: Act) -> None:
    if (act.date("due") - act.day).days > FARTHEST:
        raise SokeError(f"{in_words(act.date('due'))} is too far off to be a promise.", "Name a day within five years.")


def _promise(state: DealState, act: Act) -> Promise:
    return known(state.promises, act.body["promise"], "promise")


def _voice(state: DealState, promise: Promise, act: Act, *voices: Voice) -> Voice:
    """In which part the party speaks. SokeError where that is none of these."""
    parts: dict[Voice, tuple[str, ...]] = {
        "maker": state.now(promise.by), "other": promised_to(state, promise), "witness": state.parties(*WITNESSES),
    }  # fmt: skip
    act.only([party for voice in voices for party in parts[voice]])
    return next(voice for voice in voices if act.party in parts[voice])


def _say(state: DealState, act: Act, promise: Promise, voice: Voice, said: Saying, why: str, day: str = "") -> None:
    on = act.date(day) if day else None
    word = Said(party=act.party, voice=voice, said=said, on=act.day, why=why, day=on)
    state.promises[promise.id] = promise.with_word(word)


def _open(promise: Promise) -> None:
    if promise.kept_on is not None:
        raise SokeError(f'The promise "{promise.id}" is confirmed as kept already.', "Nothing is left to do.")


def _not_shown(promise: Promise, words: str) -> None:
    if promise.shown:
        fact = f'The register itself shows whether "{promise.id}" is kept: nobody {words} it.'
        raise SokeError(fact, f"Record {promise.kept_by}.")


@rule("promise.delivered")
def _delivered(state: DealState, act: Act) -> None:
    promise = _promise(state, act)
    voice = _voice(state, promise, act, "maker")
    _not_shown(promise, "says")
    _open(promise)
    on = act.past("on")
    if on < promise.made:
        raise SokeError(f"It was promised on {in_words(promise.made)}, and this was before.", "Check the day.")
    verdict = promise.verdict
    if promise.delivery is not None and verdict is None and promise.contested is None:
        raise SokeError(f'"{promise.id}" is said to be delivered already.', "Whom it was promised confirms it.")
    if verdict is not None and on < verdict.on:
        fact = f'On {in_words(verdict.on)} "{promise.id}" was found not to be kept.'
        raise SokeError(fact, "Dispute that, or name the later day on which it was.")
    _say(state, act, promise, voice, "delivered", act.body["evidence"], "on")


@rule("promise.confirmed")
def _confirmed(state: DealState, act: Act) -> None:
    promise = _promise(state, act)
    voice = _voice(state, promise, act, "other", "witness")
    _not_shown(promise, "confirms")
    _open(promise)
    delivery = promise.delivery
    if delivery is None or delivery.day is None:
        raise SokeError(f'Who promised "{promise.id}" has not said that it is delivered.', "It says so first.")
    _check_witness(promise, voice)
    if "on" not in act.body:
        word = Said(party=act.party, voice=voice, said="confirmed", on=act.day, why=act.body.get("evidence", ""),
                    day=delivery.day)  # fmt: skip
        state.promises[promise.id] = promise.with_word(word)
        return
    if act.past("on") < promise.made:
        raise SokeError(f"It was promised on {in_words(promise.made)}, and this was before.", "Check the day.")
    _say(state, act, promise, voice, "confirmed", act.body.get("evidence", ""), "on")


def _check_witness(promise: Promise, voice: Voice) -> None:
    """What a witness has found, only a witness finds otherwise."""
    verdict = promise.verdict
    if verdict is not None and verdict.voice == "witness" and voice != "witness":
        raise SokeError(f'"{verdict.party}" has found "{promise.id}" {verdict.said}.', "A witness may find otherwise.")


@rule("promise.broken")
def _broken(state: DealState, act: Act) -> None:
    promise = _promise(state, act)
    voice = _voice(state, promise, act, "maker", "other", "witness")
    if voice != "maker":
        _not_shown(promise, "judges")
    if voice != "witness":
        _open(promise)
    if voice != "maker" and act.day <= promise.due:
        fact = f'The promise "{promise.id}" is to be kept by {in_words(promise.due)}, and that day is not past.'
        raise SokeError(fact, "Until then only who made it can say that it is broken.")
    verdict = promise.verdict
    if verdict is not None and verdict.said == "broken" and (verdict.voice == "witness" or voice != "witness"):
        raise SokeError(f'The promise "{promise.id}" is on record as broken already.', "Nothing is left to do.")
    _check_witness(promise, voice)
    _say(state, act, promise, voice, "broken", act.body["evidence"])


@rule("promise.disputed")
def _disputed(state: DealState, act: Act) -> None:
    """Who made it disputes that it is broken; whom it was promised, that it was delivered. A witness decides."""
    promise = _promise(state, act)
    word = promise.last("delivered", "confirmed", "broken", "disputed")
    if word is None or word.said not in ("delivered", "broken") or (word.said, word.voice) == ("broken", "maker"):
        fact = f'Nothing was said last of the promise "{promise.id}" that could be disputed.'
        raise SokeError(fact, "Dispute that it was delivered, or that it is broken.")
    voice = _voice(state, promise, act, *(("other",) if word.said == "delivered" else ("maker",)))
    _say(state, act, promise, voice, "disputed", act.body["reason"])


@rule("promise.day-asked")
def _day_asked(state: DealState, act: Act) -> None:
    promise = _promise(state, act)
    voice = _voice(state, promise, act, "maker")
    _open(promise)
    if act.ahead("due") <= promise.due:
        fact = f'The promise "{promise.id}" is to be kept by {in_words(promise.due)}.'
        raise SokeError(fact, "Ask for a later day; to keep it earlier needs nobody's leave.")
    _say(state, act, promise, voice, "day-asked", act.body["reason"], "due")


@rule("promise.day-agreed")
def _day_agreed(state: DealState, act: Act) -> None:
    promise = _promise(state, act)
    voice = _voice(state, promise, act, "other")
    _open(promise)
    asked = promise.asked_day
    if asked is None or asked.day != act.date("due"):
        said = f"The day that was asked for is {in_words(asked.day)}." if asked and asked.day else "None was asked for."
        raise SokeError(f"{in_words(act.date('due'))} is not a day that was asked for.", said)
    _say(state, act, promise, voice, "day-agreed", "", "due")
