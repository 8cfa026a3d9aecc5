"""Collaboration, as the partners themselves record it: joint decisions, contributions to pooled budgets, disputes."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Literal

from soke.deal.counts import Contribution, Dispute, JointDecision, Word
from soke.errors import SokeError
from soke.register.acts.act import Act, known, new_id, rule
from soke.register.ledger import amount
from soke.register.state import GIVERS, PLACE, RECEIVERS, DealState
from soke.text import day as in_words
from soke.text import sterling

PARTNERS = (*GIVERS, *PLACE, "consenting-council", "partner")  # who decides and pays; judges and panels do not
LOCAL = (*PLACE, "consenting-council")


def later(day: dt.date, days: int) -> str:
    """A day so many days later, in words; the last there is, where that lies beyond."""
    return in_words(day + dt.timedelta(min(days, (dt.date.max - day).days)))


def fair_day(state: DealState, act: Act) -> dt.date:
    """The day due. SokeError where it leaves less time than the deal gives to answer a notice."""
    due, least = act.ahead("due"), state.ladder.process.response_days
    if (due - act.day).days < least:
        fact = f"The day due, {in_words(due)}, leaves {(due - act.day).days} days."
        raise SokeError(fact, f"The deal gives {least} days to answer: name {later(act.day, least)}.")
    return due


def _two_sides(state: DealState, parties: Sequence[str]) -> bool:
    """Whether the place or its councils are among them, and somebody else than the place."""
    local, place = set(state.parties(*LOCAL)), set(state.parties(*PLACE))
    return bool(local & set(parties)) and bool(set(parties) - place)


@rule("decision.asked")
def _asked(state: DealState, act: Act) -> None:
    parties, partners = state.parties(*PARTNERS), act.body["partners"]
    act.only(parties, "those who decide and pay under the deal")
    name = new_id(state.partners.decisions, act.body["decision"], "joint decision")
    strangers = [party for party in partners if party not in parties]
    if strangers:
        raise SokeError(f'"{strangers[0]}" is no partner of the deal.', f"Partners: {', '.join(parties)}.")
    if act.party in partners or len(set(partners)) < len(partners):
        raise SokeError("A partner is asked once, and not by itself.", "Name the others, each once.")
    if not _two_sides(state, (act.party, *partners)):
        fact = "A joint decision is one of the place or its councils with somebody else."
        raise SokeError(fact, "What one side decides by itself is not counted.")
    due = fair_day(state, act)
    state.partners.decisions[name] = JointDecision(id=name, partners=tuple(partners), asked=act.day, due=due)
    state.partners.titles["decision", name] = act.body["title"]


@rule("decision.confirmed", "decision.disputed")
def _said(state: DealState, act: Act) -> None:
    decision = known(state.partners.decisions, act.body["decision"], "joint decision")
    act.only(state.now(*decision.partners))
    said: Literal["confirmed", "disputed"] = "confirmed" if act.kind == "decision.confirmed" else "disputed"
    last = {word.partner: word.said for word in decision.words}
    # An heir speaks for itself, where it was asked, and for each that was asked and whose place it has.
    asked = [one for one in decision.partners if act.party in state.now(one) and last.get(one) != said]
    if not asked:
        raise SokeError(f'"{act.party}" has {said} "{decision.id}" already.', "Nothing is left to do.")
    words = (Word(partner=one, said=said, on=act.day) for one in asked)
    state.partners.decisions[decision.id] = dataclasses.replace(decision, words=(*decision.words, *words))


@rule("contribution.promised")
def _promised(state: DealState, act: Act) -> None:
    """What the government gives are funds, and who holds the pool cannot promise to itself."""
    act.only(state.parties("consenting-council", "partner"))
    pools = {pool.id: pool for pool in state.deal.pools}
    pool = pools.get(act.body["pool"])
    if pool is None:
        raise SokeError(f'"{act.body["pool"]}" is no pool of the deal.', f"Its pools: {', '.join(pools) or 'none'}.")
    if act.body["pence"] > pool.headline * 100:
        raise SokeError(f"This is more than the pool's headline, {sterling(pool.headline)}.", "Lower the amount.")
    name = new_id(state.partners.contributions, act.body["contribution"], "contribution")
    due = fair_day(state, act)
    state.partners.promised_on[name] = act.day
    state.partners.contributions[name] = Contribution(id=name, pence=act.body["pence"], due=due)
    state.partners.promised_by[name] = act.party
    state.partners.titles["contribution", name] = act.body["pool"]


@rule("contribution.confirmed")
def _confirmed(state: DealState, act: Act) -> None:
    """Who holds the pool says that the money came: nobody can say so of its own."""
    contribution = known(state.partners.contributions, act.body["contribution"], "contribution")
    act.only(state.parties(*RECEIVERS))
    on, pence = act.past("paid_on"), act.body["pence"]
    promised = state.partners.promised_on[contribution.id]
    if on < promised:
        raise SokeError(f"It was promised on {in_words(promised)}, and this was paid before.", "Check the day.")
    paid = sum(before for _, before in contribution.payments)
    if paid + pence > contribution.pence:
        rest = amount(contribution.pence - paid)
        raise SokeError(f"Of this contribution {rest} is still to come.", "Lower the amount.")
    payments = (*contribution.payments, (on, pence))
    state.partners.contributions[contribution.id] = dataclasses.replace(contribution, payments=payments)


@rule("dispute.raised")
def _raised(state: DealState, act: Act) -> None:
    act.only(state.parties(*PARTNERS), "those who decide and pay under the deal")
    name = new_id(state.partners.disputes, act.body["dispute"], "dispute")
    state.partners.disputes[name] = Dispute(id=name, due=fair_day(state, act))
    state.partners.raised_by[name] = act.party
    state.partners.titles["dispute", name] = act.body["about"]


@rule("dispute.settled")
def _settled(state: DealState, act: Act) -> None:
    dispute = known(state.partners.disputes, act.body["dispute"], "dispute")
    act.only(state.now(state.partners.raised_by[dispute.id]))
    if dispute.settled is not None:
        raise SokeError(f'The dispute "{dispute.id}" is settled already.', "Nothing is left to do.")
    state.partners.disputes[dispute.id] = dataclasses.replace(dispute, settled=act.day)
