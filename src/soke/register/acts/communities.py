"""Community power, counted from what happened: rounds of budgets, answers to those who were asked, assets handed over.

The community room emits these entries; nothing here is self-reported twice. A round counts when what residents decided
is adopted as they decided it, to the penny.
"""

from __future__ import annotations

import dataclasses

from soke.deal.counts import Answer, Round, Transfer
from soke.errors import SokeError
from soke.register.acts.act import Act, known, new_id, rule
from soke.register.acts.partners import fair_day
from soke.register.ledger import amount
from soke.register.state import COMMUNITIES, PLACE, WITNESSES, DealState


@rule("round.opened")
def _opened(state: DealState, act: Act) -> None:
    act.only(state.parties(*PLACE, *COMMUNITIES))
    named = [one.id for one in state.deal.community]
    if act.body["community"] not in named:
        fact = f'"{act.body["community"]}" is no undertaking to communities in the deal.'
        raise SokeError(fact, f"Those that it has: {', '.join(named) or 'none'}.")
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
    state.partners.decided[one.id] = act.body["pence"]
    state.partners.rounds[one.id] = dataclasses.replace(one, pence=act.body["pence"])


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
    state.partners.answers[name] = Answer(id=name, due=fair_day(state, act))
    state.partners.titles["answer", name] = act.body["question"]


@rule("answer.given")
def _given(state: DealState, act: Act) -> None:
    act.only(state.parties(*PLACE))
    one = known(state.partners.answers, act.body["answer"], "recommendation")
    if one.answered is not None:
        raise SokeError(f'"{one.id}" was answered already.', "Nothing is left to do.")
    state.partners.answers[one.id] = dataclasses.replace(one, answered=act.day)


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
