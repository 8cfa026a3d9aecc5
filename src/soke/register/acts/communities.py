"""Community power, counted from what happened: rounds of budgets, answers to those who were asked, assets handed over.

The community room emits these entries; nothing here is self-reported twice. A round counts when what residents decided
is adopted as they decided it, to the penny.
"""

from __future__ import annotations

import dataclasses
import datetime as dt

from soke.community.assets.clock import check_steps
from soke.community.assets.rules import StepTaken
from soke.deal.counts import Answer, Delivery, Round, Transfer
from soke.deal.words import day as in_words
from soke.errors import SokeError
from soke.register.acts.act import Act, known, new_id, rule
from soke.register.acts.partners import LOCAL, fair_day
from soke.register.ledger import amount
from soke.register.state import COMMUNITIES, PLACE, WITNESSES, DealState


def _undertaking(state: DealState, act: Act) -> None:
    """SokeError unless the entry is about an undertaking to communities that the deal has."""
    named = [one.id for one in state.deal.community]
    if act.body["community"] not in named:
        fact = f'"{act.body["community"]}" is no undertaking to communities in the deal.'
        raise SokeError(fact, f"Those that it has: {', '.join(named) or 'none'}.")


@rule("round.opened")
def _opened(state: DealState, act: Act) -> None:
    act.only(state.parties(*PLACE, *COMMUNITIES))
    _undertaking(state, act)
    name = new_id(state.partners.rounds, act.body["round"], "round")
    state.partners.rounds[name] = Round(id=name, pence=act.body["pence"], due=act.ahead("due"))
    state.partners.titles["round", name] = act.body["community"]


@rule("round.decided")
def _decided(state: DealState, act: Act) -> None:
    act.only(state.parties(*WITNESSES))
    one = known(state.partners.rounds, act.body["round"], "round")
    if one.id in state.partners.decided:
        raise SokeError(f'What residents decided in "{one.id}" is on record already.', "Open another round.")
    if act.body["pence"] > one.pence:
        raise SokeError(f"The round had {amount(one.pence)} to decide.", "Lower the amount.")
    ballots, eligible = act.body.get("ballots"), act.body.get("eligible")
    if (ballots is None) != (eligible is None):
        raise SokeError("Turnout is two numbers: ballots, and eligible people.", "Give both, or neither.")
    if ballots is not None and eligible is not None and ballots > eligible:
        raise SokeError(f"{ballots:,} ballots are more than the {eligible:,} who could vote.", "Check both numbers.")
    state.partners.decided[one.id] = act.body["pence"]
    decided = dataclasses.replace(one, pence=act.body["pence"], ballots=ballots, eligible=eligible)
    state.partners.rounds[one.id] = decided


@rule("round.adopted")
def _adopted(state: DealState, act: Act) -> None:
    act.only(state.parties(*PLACE))
    one = known(state.partners.rounds, act.body["round"], "round")
    decided = state.partners.decided.get(one.id)
    if decided is None:
        raise SokeError(f'Nothing was decided in "{one.id}" yet.', "Adopt it once residents have decided.")
    if one.adopted is not None:
        raise SokeError(f'The round "{one.id}" was adopted already.', "Nothing is left to do.")
    if act.body["pence"] != decided:
        fact = f"Residents decided {amount(decided)}, and this would adopt {amount(act.body['pence'])}."
        raise SokeError(fact, "Only what is adopted as they decided it counts.")
    state.partners.rounds[one.id] = dataclasses.replace(one, adopted=act.day)


@rule("answer.asked")
def _asked(state: DealState, act: Act) -> None:
    act.only(state.parties(*COMMUNITIES))
    name = new_id(state.partners.answers, act.body["answer"], "recommendation")
    if "community" in act.body:
        _time_to_answer(state, act)
    panel = act.body.get("panel", "")
    if panel:
        known(state.partners.panels, panel, "panel")
    state.partners.answers[name] = Answer(id=name, due=fair_day(state, act), asked=act.day, panel=panel)
    state.partners.titles["answer", name] = act.body["question"]


def _time_to_answer(state: DealState, act: Act) -> None:
    """The place has the days that it promised: nobody may ask for less."""
    _undertaking(state, act)
    days = next(one.answer_due_days for one in state.deal.community if one.id == act.body["community"])
    if days is not None and (act.date("due") - act.day).days < days:
        fact = f'The deal gives {days} days to answer what "{act.body["community"]}" recommends.'
        raise SokeError(fact, f"Name {in_words(act.day + dt.timedelta(days))} or a later day.")


@rule("answer.given")
def _given(state: DealState, act: Act) -> None:
    act.only(state.parties(*PLACE))
    one = known(state.partners.answers, act.body["answer"], "recommendation")
    if one.answered is not None:
        raise SokeError(f'"{one.id}" was answered already.', "Nothing is left to do.")
    by = act.ahead("by") if "by" in act.body else None
    if by is not None and not act.body["adopted"]:
        raise SokeError("What is not adopted has no day to be done by.", 'Leave out "by".')
    state.partners.answers[one.id] = dataclasses.replace(
        one, answered=act.day, said=act.body["said"], adopted=act.body["adopted"], by=by
    )


@rule("answer.done")
def _done(state: DealState, act: Act) -> None:
    """Those who wait for it say so, not who promised it."""
    act.only(state.parties(*WITNESSES))
    one = known(state.partners.answers, act.body["answer"], "recommendation")
    if not one.adopted:
        raise SokeError(f'"{one.id}" was not adopted, so nothing was promised.', "Name one that was.")
    if one.done is not None:
        raise SokeError(f'"{one.id}" is done already.', "Nothing is left to do.")
    state.partners.answers[one.id] = dataclasses.replace(one, done=act.day)


@rule("panel.drawn")
def _drawn(state: DealState, act: Act) -> None:
    act.only(state.parties(*PLACE, *WITNESSES))
    _undertaking(state, act)
    name = new_id(state.partners.panels, act.body["panel"], "panel")
    if act.body["people"] > act.body["pool"]:
        raise SokeError("A panel cannot be larger than the pool it is drawn from.", "Check both numbers.")
    state.partners.panels[name] = act.body["people"]


@rule("transfer.promised")
def _promised(state: DealState, act: Act) -> None:
    act.only(state.parties(*PLACE))
    name = new_id(state.partners.transfers, act.body["transfer"], "transfer")
    state.partners.transfers[name] = Transfer(id=name, due=act.ahead("due"))
    state.partners.titles["transfer", name] = f"{act.body['asset']} to {act.body['to']}"


@rule("transfer.completed")
def _completed(state: DealState, act: Act) -> None:
    act.only(state.parties(*WITNESSES))
    one = known(state.partners.transfers, act.body["transfer"], "transfer")
    if one.completed is not None:
        raise SokeError(f'The transfer "{one.id}" is complete already.', "Nothing is left to do.")
    state.partners.transfers[one.id] = dataclasses.replace(one, completed=act.day)


@rule("asset.step")
def _asset(state: DealState, act: Act) -> None:
    """A step of a community right or of an asset transfer, where the clocks of its regime allow it."""
    act.only(state.parties(*LOCAL, *WITNESSES))
    on, named = act.past("on"), act.body["asset"]
    regime, steps = state.partners.assets.get(named, (act.body["regime"], ()))
    if regime != act.body["regime"]:
        raise SokeError(
            f'"{named}" goes by the rules of "{regime}".', "Give a case under other rules an id of its own."
        )
    taken = (*steps, StepTaken(step=act.body["step"], on=on))
    check_steps(regime, taken)
    state.partners.assets[named] = (regime, taken)


@rule("delivery.agreed")
def _agreed(state: DealState, act: Act) -> None:
    act.only(state.parties(*LOCAL))
    _undertaking(state, act)
    name = new_id(state.partners.deliveries, act.body["delivery"], "delivery agreement")
    first, last = act.date("first"), act.date("last")
    if last <= first:
        raise SokeError(f"It would end on {in_words(last)}, before it begins.", "Check both days.")
    agreed = Delivery(id=name, pence=act.body["pence"], first=first, last=last, break_days=act.body["break_days"])
    state.partners.deliveries[name] = agreed
    state.partners.titles["delivery", name] = f"{act.body['service']} by {act.body['group']}"


@rule("delivery.received")
def _received(state: DealState, act: Act) -> None:
    """The side of the group says that the money came: who pays cannot say so."""
    act.only(state.parties(*WITNESSES))
    one = known(state.partners.deliveries, act.body["delivery"], "delivery agreement")
    rest = one.pence - sum(pence for _, pence in one.payments)
    if act.body["pence"] > rest:
        raise SokeError(f"Of this agreement {amount(rest)} is still to come.", "Lower the amount.")
    payments = (*one.payments, (act.day, act.body["pence"]))
    state.partners.deliveries[one.id] = dataclasses.replace(one, payments=payments)


@rule("delivery.outcome")
def _outcome(state: DealState, act: Act) -> None:
    act.only(state.parties(*WITNESSES))
    one = known(state.partners.deliveries, act.body["delivery"], "delivery agreement")
    end = act.past("period_end")
    if not one.first <= end <= one.last:
        fact = f"The agreement runs from {in_words(one.first)} to {in_words(one.last)}."
        raise SokeError(fact, "Name the end of a period within it.")
    if end in dict(one.outcomes):
        raise SokeError(f"The outcomes to {in_words(end)} are on record already.", "Name another period.")
    outcomes = (*one.outcomes, (end, act.body["met"]))
    state.partners.deliveries[one.id] = dataclasses.replace(one, outcomes=outcomes)


@rule("delivery.ended")
def _ended(state: DealState, act: Act) -> None:
    """The break clause: either side, with the notice that they agreed."""
    act.only(state.parties(*LOCAL, *COMMUNITIES))
    one = known(state.partners.deliveries, act.body["delivery"], "delivery agreement")
    ends, soonest = act.date("ends"), act.day + dt.timedelta(one.break_days)
    if one.ended is not None or ends > one.last:
        fact = f"The agreement ends on {in_words(one.ended or one.last)} as it is."
        raise SokeError(fact, "Nothing is left to do.")
    if ends < soonest:
        fact = f"The agreement gives {one.break_days} days of notice."
        raise SokeError(fact, f"Name {in_words(soonest)} or a later day.")
    state.partners.deliveries[one.id] = dataclasses.replace(one, ended=ends)
