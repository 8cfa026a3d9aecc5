"""Collaboration, as the partners themselves record it: joint decisions, contributions to pooled budgets, disputes."""

from __future__ import annotations

import dataclasses

from soke.deal.counts import Contribution, Dispute, JointDecision, Word
from soke.errors import SokeError
from soke.register.acts.act import Act, known, new_id, rule
from soke.register.ledger import amount
from soke.register.state import GIVERS, PLACE, RECEIVERS, DealState

PARTNERS = (*GIVERS, *PLACE, "consenting-council", "partner")  # who decides and pays; judges and panels do not


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
    due = act.ahead("due")
    state.partners.decisions[name] = JointDecision(id=name, partners=tuple(partners), asked=act.day, due=due)
    state.partners.titles["decision", name] = act.body["title"]


@rule("decision.confirmed", "decision.disputed")
def _said(state: DealState, act: Act) -> None:
    decision = known(state.partners.decisions, act.body["decision"], "joint decision")
    act.only(decision.partners)
    said = "confirmed" if act.kind == "decision.confirmed" else "disputed"
    last = next((word.said for word in reversed(decision.words) if word.partner == act.party), None)
    if last == said:
        raise SokeError(f'"{act.party}" has {said} "{decision.id}" already.', "Nothing is left to do.")
    word = Word(partner=act.party, said=said, on=act.day)  # type: ignore[arg-type]
    state.partners.decisions[decision.id] = dataclasses.replace(decision, words=(*decision.words, word))


@rule("contribution.promised")
def _promised(state: DealState, act: Act) -> None:
    act.only(state.parties(*PARTNERS), "those who decide and pay under the deal")
    pools = [pool.id for pool in state.deal.pools]
    if act.body["pool"] not in pools:
        raise SokeError(f'"{act.body["pool"]}" is no pool of the deal.', f"Its pools: {', '.join(pools) or 'none'}.")
    name = new_id(state.partners.contributions, act.body["contribution"], "contribution")
    due = act.ahead("due")
    state.partners.contributions[name] = Contribution(id=name, pence=act.body["pence"], due=due)
    state.partners.promised_by[name] = act.party
    state.partners.titles["contribution", name] = act.body["pool"]


@rule("contribution.confirmed")
def _confirmed(state: DealState, act: Act) -> None:
    """Who holds the pool says that the money came: nobody can say so of its own."""
    one = known(state.partners.contributions, act.body["contribution"], "contribution")
    holders = [party for party in state.parties(*RECEIVERS) if party != state.partners.promised_by[one.id]]
    act.only(holders or state.parties("assurer"))
    on, pence = act.past("paid_on"), act.body["pence"]
    paid = sum(before for _, before in one.payments)
    if paid + pence > one.pence:
        raise SokeError(f"Of this contribution {amount(one.pence - paid)} is still to come.", "Lower the amount.")
    state.partners.contributions[one.id] = dataclasses.replace(one, payments=(*one.payments, (on, pence)))


@rule("dispute.raised")
def _raised(state: DealState, act: Act) -> None:
    act.only(state.parties(*PARTNERS), "those who decide and pay under the deal")
    name = new_id(state.partners.disputes, act.body["dispute"], "dispute")
    state.partners.disputes[name] = Dispute(id=name, due=act.ahead("due"))
    state.partners.raised_by[name] = act.party
    state.partners.titles["dispute", name] = act.body["about"]


@rule("dispute.settled")
def _settled(state: DealState, act: Act) -> None:
    one = known(state.partners.disputes, act.body["dispute"], "dispute")
    act.only([state.partners.raised_by[one.id]])
    if one.settled is not None:
        raise SokeError(f'The dispute "{one.id}" is settled already.', "Nothing is left to do.")
    state.partners.disputes[one.id] = dataclasses.replace(one, settled=act.day)
