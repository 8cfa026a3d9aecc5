"""What undoes an act: the state as if it had not been recorded, but for its legs, which are reversed beside it.

Each raises SokeError where something was built upon the act; then nothing is changed.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

from soke.deal.counts import Round, Word
from soke.deal.evaluation import Excuse
from soke.errors import SokeError
from soke.register.acts.act import Act
from soke.register.acts.funds import carry_over_left, moved_between_themes, stays_in_reach
from soke.register.ledger import year_of
from soke.register.state import Allotment, DealState, PayBy

Undo = Callable[[DealState, Act, Act], None]  # the state, the act, and the act that corrects it
UNDO: dict[str, Undo] = {}
T = TypeVar("T")


def undo(*kinds: str) -> Callable[[Undo], Undo]:
    def register(function: Undo) -> Undo:
        UNDO.update(dict.fromkeys(kinds, function))
        return function

    return register


def built(what: str) -> SokeError:
    return SokeError(what, "Correct that first.")


@undo("power.exercised")
def _nothing(state: DealState, act: Act, now: Act) -> None:
    """Nothing followed from it but the record."""


# --- money ---


@undo("fund.allotted")
def _allotted(state: DealState, act: Act, now: Act) -> None:
    body = act.body
    year, use, pence = year_of(body["year"]), body["use"], body["pence"]
    if use == "revenue":
        state.revenue.remove(Allotment(year, pence, act.day))
    if "pay_by" in body:
        state.pay_by.remove(PayBy(body["fund"], year, use, pence, act.date("pay_by")))


@undo("fund.increase-agreed")
def _increase(state: DealState, act: Act, now: Act) -> None:
    """Of what one side alone agreed to, its word; of what both did, the sum: what was allotted within it stays."""
    key = (act.body["fund"], year_of(act.body["year"]), act.body["use"])
    what = f"increase {key[0]} {key[1]} {key[2]} {act.body['pence']}"
    agreed = state.consents.get(what, {})
    if act.party in agreed:
        state.consents[what] = {party: on for party, on in agreed.items() if party != act.party}
    elif state.increases.get(key, 0) >= act.body["pence"]:
        state.increases[key] -= act.body["pence"]
    else:
        raise built("The other side took it back already.")


@undo("fund.paid")
def _paid(state: DealState, act: Act, now: Act) -> None:
    key = (act.body["fund"], year_of(act.body["year"]), act.body["use"])
    paid = list(_without(tuple(state.paid[key]), (act.day, act.body["pence"])))
    state.paid = {name: days for name, days in {**state.paid, key: paid}.items() if days}


@undo("fund.committed")
def _committed(state: DealState, act: Act, now: Act) -> None:
    name = act.body["commitment"]
    if state.commitments[name].pence != act.body["pence"]:
        raise built(f'Some of the commitment "{name}" was spent or released.')
    del state.commitments[name]


@undo("fund.released")
def _released(state: DealState, act: Act, now: Act) -> None:
    stays_in_reach(state, act.body["fund"], year_of(act.body["year"]), 0)
    _committed_again(state, act)


@undo("fund.spent")
def _spent(state: DealState, act: Act, now: Act) -> None:
    if "commitment" in act.body:
        _committed_again(state, act)


def _committed_again(state: DealState, act: Act) -> None:
    name = act.body["commitment"]
    commitment = state.commitments.get(name)
    if commitment is None:
        raise built(f'The commitment "{name}" was taken back.')
    state.commitments[name] = dataclasses.replace(commitment, pence=commitment.pence + act.body["pence"])


@undo("fund.carry-over-allowed")
def _carry_over_allowed(state: DealState, act: Act, now: Act) -> None:
    key = (act.body["fund"], year_of(act.body["year"]))
    if carry_over_left(state, *key) < act.body["pence"]:
        raise built("What it allows was carried over.")
    state.carry_allowed[key] -= act.body["pence"]


@undo("fund.carried-over")
def _carried_over(state: DealState, act: Act, now: Act) -> None:
    stays_in_reach(state, act.body["fund"], year_of(act.body["year"]) + 1, 0)
    state.carried_out[act.body["fund"], year_of(act.body["year"])] -= act.body["pence"]


@undo("fund.moved")
def _moved(state: DealState, act: Act, now: Act) -> None:
    year = year_of(act.body["year"])
    stays_in_reach(state, act.body["to_fund"], year, 0)
    theme = moved_between_themes(state, act)
    if theme:
        state.moved_out[theme, year] -= act.body["pence"]


@undo("contribution.promised")
def _contribution(state: DealState, act: Act, now: Act) -> None:
    name, partners = act.body["contribution"], state.partners
    if partners.contributions[name].payments:
        raise built(f'Some of the contribution "{name}" was confirmed.')
    del partners.contributions[name], partners.promised_by[name], partners.promised_on[name]
    del partners.titles["contribution", name]


@undo("contribution.confirmed")
def _contribution_came(state: DealState, act: Act, now: Act) -> None:
    name = act.body["contribution"]
    contribution = state.partners.contributions[name]
    payments = _without(contribution.payments, (act.date("paid_on"), act.body["pence"]))
    state.partners.contributions[name] = dataclasses.replace(contribution, payments=payments)


def _without(things: tuple[T, ...], gone: T) -> tuple[T, ...]:
    """All but the last of these."""
    left = list(things)[::-1]
    left.remove(gone)
    return tuple(left[::-1])


# --- evidence ---


@undo("indicator.reported", "indicator.revised")
def _reported(state: DealState, act: Act, now: Act) -> None:
    key = (act.body["indicator"], act.date("period_end"))
    same = [report for report in state.reports if (report.indicator, report.period_end) == key]
    if act.kind == "indicator.reported" and len(same) > 1:
        raise built("The figure was revised since.")
    value = Decimal(act.body["value"])
    gone = next(report for report in reversed(same) if report.on == act.day and report.value == value)
    state.reports.remove(gone)
    if state.checked.get(key) == act.party:
        del state.checked[key]


@undo("indicator.confirmed")
def _confirmed(state: DealState, act: Act, now: Act) -> None:
    state.checked.pop((act.body["indicator"], act.date("period_end")), None)


@undo("notice.published")
def _notice(state: DealState, act: Act, now: Act) -> None:
    state.notices[act.body["condition"]].remove(act.date("published"))


@undo("excuse.accepted")
def _excuse(state: DealState, act: Act, now: Act) -> None:
    state.excuses.remove(Excuse(condition=act.body["condition"], period_end=act.date("period_end"),
                                ground=act.body["ground"], accepted_by=act.party, on=act.day))  # fmt: skip


# --- partners ---


@undo("decision.asked")
def _asked(state: DealState, act: Act, now: Act) -> None:
    name = act.body["decision"]
    if state.partners.decisions[name].words:
        raise built(f'A partner spoke on the joint decision "{name}".')
    del state.partners.decisions[name], state.partners.titles["decision", name]


@undo("decision.confirmed", "decision.disputed")
def _said(state: DealState, act: Act, now: Act) -> None:
    decision = state.partners.decisions[act.body["decision"]]
    word = Word(partner=act.party, said=act.kind.removeprefix("decision."), on=act.day)  # type: ignore[arg-type]
    words = _without(decision.words, word)
    state.partners.decisions[decision.id] = dataclasses.replace(decision, words=words)


@undo("dispute.raised")
def _raised(state: DealState, act: Act, now: Act) -> None:
    name = act.body["dispute"]
    if state.partners.disputes[name].settled is not None:
        raise built(f'The dispute "{name}" was settled.')
    del state.partners.disputes[name], state.partners.raised_by[name], state.partners.titles["dispute", name]


# --- communities ---


@undo("round.opened")
def _opened(state: DealState, act: Act, now: Act) -> None:
    name, partners = act.body["round"], state.partners
    if name in partners.decided:
        raise built(f'Residents decided in the round "{name}".')
    del partners.rounds[name], partners.opened[name], partners.to_decide[name], partners.titles["round", name]


@undo("round.decided")
def _decided(state: DealState, act: Act, now: Act) -> None:
    name, partners = act.body["round"], state.partners
    if partners.rounds[name].adopted is not None:
        raise built(f'What was decided in the round "{name}" was adopted.')
    partners.rounds[name] = Round(id=name, pence=partners.to_decide[name], due=partners.rounds[name].due)
    del partners.decided[name]
    partners.manifests.pop(act.body.get("manifest", ""), None)


@undo("answer.asked")
def _question(state: DealState, act: Act, now: Act) -> None:
    name = act.body["answer"]
    if state.partners.answers[name].answered is not None:
        raise built(f'"{name}" was answered.')
    del state.partners.answers[name], state.partners.titles["answer", name]


@undo("answer.given")
def _answered(state: DealState, act: Act, now: Act) -> None:
    answer = state.partners.answers[act.body["answer"]]
    if answer.done is not None:
        raise built(f'What was promised on "{answer.id}" was done.')
    open_again = dataclasses.replace(answer, answered=None, said="", adopted=False, by=None)
    state.partners.answers[answer.id] = open_again


@undo("panel.drawn")
def _drawn(state: DealState, act: Act, now: Act) -> None:
    name = act.body["panel"]
    if any(answer.panel == name for answer in state.partners.answers.values()):
        raise built(f'The panel "{name}" asked for an answer.')
    del state.partners.panels[name]


@undo("transfer.promised")
def _transfer(state: DealState, act: Act, now: Act) -> None:
    name = act.body["transfer"]
    if state.partners.transfers[name].completed is not None:
        raise built(f'The transfer "{name}" is complete.')
    del state.partners.transfers[name], state.partners.titles["transfer", name]


@undo("delivery.agreed")
def _delivery(state: DealState, act: Act, now: Act) -> None:
    name, partners = act.body["delivery"], state.partners
    delivery = partners.deliveries[name]
    if delivery.payments or delivery.outcomes or delivery.ended:
        raise built(f'Money, outcomes or an end of "{name}" are on record.')
    del partners.deliveries[name], partners.agreed_by[name], partners.paid_from[name]
    del partners.titles["delivery", name]


@undo("delivery.received")
def _received(state: DealState, act: Act, now: Act) -> None:
    delivery = state.partners.deliveries[act.body["delivery"]]
    payments = _without(delivery.payments, (act.date("paid_on"), act.body["pence"]))
    state.partners.deliveries[delivery.id] = dataclasses.replace(delivery, payments=payments)
    del state.partners.payments[f"{delivery.id} {act.body['payment']}"]


@undo("delivery.outcome")
def _outcome(state: DealState, act: Act, now: Act) -> None:
    delivery = state.partners.deliveries[act.body["delivery"]]
    outcomes = _without(delivery.outcomes, (act.date("period_end"), act.body["met"]))
    state.partners.deliveries[delivery.id] = dataclasses.replace(delivery, outcomes=outcomes)


# --- what is done and nothing more: it is open again ---

DONE = {  # kind -> of which of the partners' records, by which field of the body, what it sets
    "dispute.settled": ("disputes", "dispute", "settled"), "round.adopted": ("rounds", "round", "adopted"),
    "answer.done": ("answers", "answer", "done"), "transfer.completed": ("transfers", "transfer", "completed"),
    "delivery.ended": ("deliveries", "delivery", "ended"),
}  # fmt: skip


@undo(*DONE)
def _open_again(state: DealState, act: Act, now: Act) -> None:
    records, named, field = DONE[act.kind]
    held = getattr(state.partners, records)
    held[act.body[named]] = dataclasses.replace(held[act.body[named]], **{field: None})
