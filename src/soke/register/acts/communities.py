"""Community power, counted from what happened: rounds of budgets, answers to those who were asked, assets handed over.

The community room emits these entries; nothing here is self-reported twice. A round counts when what residents decided
is adopted as they decided it, to the penny.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from math import ceil

from soke.community.assets.clock import check_steps
from soke.community.assets.rules import StepTaken
from soke.community.assets.rules import regime as named_regime
from soke.deal.counts import Answer, Delivery, Round, Transfer
from soke.deal.succession import heirs_now, share_now
from soke.deal.types import Community
from soke.errors import SokeError
from soke.register.acts.act import Act, known, new_id, rule, when_recorded
from soke.register.acts.partners import LOCAL, fair_day, later
from soke.register.ledger import amount
from soke.register.state import COMMUNITIES, PLACE, WITNESSES, DealState
from soke.text import day as in_words
from soke.text import sterling, year_of

FARTHEST = 5 * 366  # days within which a promise is one


def _undertaking(state: DealState, act: Act, named: str = "") -> Community:
    """The undertaking to communities that an entry is about. SokeError where the deal has none of that name."""
    named = named or act.body["community"]
    undertaking = next((community for community in state.deal.community if community.id == named), None)
    if undertaking is None:
        ids = ", ".join(community.id for community in state.deal.community) or "none"
        fix = state.succeeded("community", named) or f"Those that it has: {ids}."
        raise SokeError(f'"{named}" is no undertaking to communities in the deal.', fix)
    return undertaking


@rule("round.opened")
def _opened(state: DealState, act: Act) -> None:
    act.only(state.parties(*PLACE, *COMMUNITIES))
    _undertaking(state, act)
    name = new_id(state.partners.rounds, act.body["round"], "round")
    state.partners.rounds[name] = Round(id=name, pence=act.body["pence"], due=act.ahead("due"))
    state.partners.opened[name] = act.day
    state.partners.to_decide[name] = act.body["pence"]
    state.partners.titles["round", name] = act.body["community"]


@when_recorded("round.opened")
def _within_undertaking(state: DealState, act: Act) -> None:
    """A round shares out money of a budget that the deal undertakes, and no more of it in a year than the deal says."""
    undertaking = _undertaking(state, act)
    if undertaking.mechanism != "participatory-budget":
        fact = f'"{undertaking.id}" is no budget for residents to decide.'
        raise SokeError(fact, "Open the round under one that is.")
    year, titles = year_of(act.day), state.partners.titles
    same = [
        ceil(other.pence * share_now(state.successions, "community", titles["round", other.id], undertaking.id))
        for other in state.partners.rounds.values() if year_of(state.partners.opened[other.id]) == year
    ]  # fmt: skip
    left = int(undertaking.amount * 100) - sum(same)
    if act.body["pence"] > left:
        fact = f'"{undertaking.id}" has {sterling(undertaking.amount)} a year, of which {amount(max(left, 0))} is left.'
        raise SokeError(fact, "Lower the amount.")


@rule("round.decided")
def _decided(state: DealState, act: Act) -> None:
    act.only(state.parties(*WITNESSES))
    budget_round = known(state.partners.rounds, act.body["round"], "round")
    if budget_round.id in state.partners.decided:
        raise SokeError(f'What residents decided in "{budget_round.id}" is on record already.', "Open another round.")
    if act.body["pence"] > budget_round.pence:
        raise SokeError(f"The round had {amount(budget_round.pence)} to decide.", "Lower the amount.")
    ballots, eligible = act.body.get("ballots"), act.body.get("eligible")
    if (ballots is None) != (eligible is None):
        raise SokeError("Turnout is two numbers: ballots, and eligible people.", "Give both, or neither.")
    if ballots is not None and eligible is not None and ballots > eligible:
        raise SokeError(f"{ballots:,} ballots are more than the {eligible:,} who could vote.", "Check both numbers.")
    manifest = act.body.get("manifest")
    if manifest is not None:
        if manifest in state.partners.manifests:
            fact = f'This count decided the round "{state.partners.manifests[manifest]}" already.'
            raise SokeError(fact, "Give the manifest of this round's own count.")
        state.partners.manifests[manifest] = budget_round.id
    state.partners.decided[budget_round.id] = act.body["pence"]
    decided = dataclasses.replace(budget_round, pence=act.body["pence"], ballots=ballots, eligible=eligible)
    state.partners.rounds[budget_round.id] = decided


@rule("round.adopted")
def _adopted(state: DealState, act: Act) -> None:
    act.only(state.parties(*PLACE))
    budget_round = known(state.partners.rounds, act.body["round"], "round")
    decided = state.partners.decided.get(budget_round.id)
    if decided is None:
        raise SokeError(f'Nothing was decided in "{budget_round.id}" yet.', "Adopt it once residents have decided.")
    if budget_round.adopted is not None:
        raise SokeError(f'The round "{budget_round.id}" was adopted already.', "Nothing is left to do.")
    if act.body["pence"] != decided:
        fact = f"Residents decided {amount(decided)}, and this would adopt {amount(act.body['pence'])}."
        raise SokeError(fact, "Only what is adopted as they decided it counts.")
    state.partners.rounds[budget_round.id] = dataclasses.replace(budget_round, adopted=act.day)


@rule("answer.asked")
def _asked(state: DealState, act: Act) -> None:
    act.only(state.parties(*COMMUNITIES))
    name = new_id(state.partners.answers, act.body["answer"], "recommendation")
    panel = act.body.get("panel", "")
    if panel and act.body.get("community", known(state.partners.panels, panel, "panel")[0]) not in (
        _of(state, panel), *heirs_now(state.successions, "community", _of(state, panel))
    ):  # fmt: skip
        fact = f'The panel "{panel}" was drawn for "{_of(state, panel)}".'
        raise SokeError(fact, "Ask under that undertaking, or leave it out.")
    state.partners.answers[name] = Answer(id=name, due=fair_day(state, act), asked=act.day, panel=panel)
    state.partners.titles["answer", name] = act.body["question"]


@when_recorded("answer.asked")
def _time_to_answer(state: DealState, act: Act) -> None:
    """The place has the days that it promised: nobody may ask for less, by a panel of that undertaking or without."""
    panel = act.body.get("panel", "")
    named = _of(state, panel) if panel in state.partners.panels else act.body.get("community")
    if named is None:
        return
    heirs = heirs_now(state.successions, "community", named) if panel in state.partners.panels else (named,)
    given = (_undertaking(state, act, heir).answer_due_days for heir in heirs)
    days = max((most for most in given if most is not None), default=None)
    if days is not None and (act.date("due") - act.day).days < days:
        fact = f'The deal gives {days} days to answer what "{named}" recommends.'
        raise SokeError(fact, f"Name {later(act.day, days)} or a later day.")


def _of(state: DealState, panel: str) -> str:
    """The undertaking that a panel was drawn for."""
    return state.partners.panels[panel][0]


@rule("answer.given")
def _given(state: DealState, act: Act) -> None:
    act.only(state.parties(*PLACE))
    answer = known(state.partners.answers, act.body["answer"], "recommendation")
    if answer.answered is not None:
        raise SokeError(f'"{answer.id}" was answered already.', "Nothing is left to do.")
    by = act.ahead("by") if "by" in act.body else None
    if by is not None and not act.body["adopted"]:
        raise SokeError("What is not adopted has no day to be done by.", 'Leave out "by".')
    state.partners.answers[answer.id] = dataclasses.replace(
        answer, answered=act.day, said=act.body["said"], adopted=act.body["adopted"], by=by
    )


@when_recorded("answer.given")
def _a_day_that_comes(state: DealState, act: Act) -> None:
    if "by" in act.body and (act.date("by") - act.day).days > FARTHEST:
        raise SokeError(f"{in_words(act.date('by'))} is too far off to be a promise.", "Name a day within five years.")


@rule("answer.done")
def _done(state: DealState, act: Act) -> None:
    """Those who wait for it say so, not who promised it."""
    act.only(state.parties(*WITNESSES))
    answer = known(state.partners.answers, act.body["answer"], "recommendation")
    if not answer.adopted:
        raise SokeError(f'"{answer.id}" was not adopted, so nothing was promised.', "Name one that was.")
    if answer.done is not None:
        raise SokeError(f'"{answer.id}" is done already.', "Nothing is left to do.")
    state.partners.answers[answer.id] = dataclasses.replace(answer, done=act.day)


@rule("panel.drawn")
def _drawn(state: DealState, act: Act) -> None:
    act.only(state.parties(*PLACE, *WITNESSES))
    _undertaking(state, act)
    name = new_id(state.partners.panels, act.body["panel"], "panel")
    if act.body["people"] > act.body["pool"]:
        raise SokeError("A panel cannot be larger than the pool it is drawn from.", "Check both numbers.")
    state.partners.panels[name] = (act.body["community"], act.body["people"])


@rule("transfer.promised")
def _promised(state: DealState, act: Act) -> None:
    act.only(state.parties(*PLACE))
    name = new_id(state.partners.transfers, act.body["transfer"], "transfer")
    state.partners.transfers[name] = Transfer(id=name, due=act.ahead("due"))
    state.partners.titles["transfer", name] = f"{act.body['asset']} to {act.body['to']}"


@rule("transfer.completed")
def _completed(state: DealState, act: Act) -> None:
    act.only(state.parties(*WITNESSES))
    transfer = known(state.partners.transfers, act.body["transfer"], "transfer")
    if transfer.completed is not None:
        raise SokeError(f'The transfer "{transfer.id}" is complete already.', "Nothing is left to do.")
    state.partners.transfers[transfer.id] = dataclasses.replace(transfer, completed=act.day)


@rule("asset.step")
def _asset(state: DealState, act: Act) -> None:
    """A step of a community right or of an asset transfer."""
    act.only(state.parties(*LOCAL, *WITNESSES))
    on, named = act.past("on"), act.body["asset"]
    regime, steps = state.partners.assets.get(named, (act.body["regime"], ()))
    if regime != act.body["regime"]:
        raise SokeError(
            f'"{named}" goes by the rules of "{regime}".', "Give a case under other rules an id of its own."
        )
    if steps and on < steps[-1].on:
        fact = f"The last step was on {in_words(steps[-1].on)}, and this would be before it."
        raise SokeError(fact, "Record steps in their order.")
    state.partners.assets[named] = (regime, (*steps, _step(act, on)))


@when_recorded("asset.step")
def _in_time(state: DealState, act: Act) -> None:
    """The clocks of the regime, as the law stands now, allow it. What was recorded under an older table stays."""
    regime, steps = state.partners.assets.get(act.body["asset"], (act.body["regime"], ()))
    if regime != act.body["regime"]:
        return
    step = _step(act, act.past("on"))
    check_steps(regime, (*steps, step))
    if named_regime(regime).named(step.step).body and not step.kind:
        fact = f'Only some kinds of body may take the step "{step.step}".'
        raise SokeError(fact, 'Say which kind took it, in "body_kind"; soke asset rules lists them.')


def _step(act: Act, on: dt.date) -> StepTaken:
    return StepTaken(step=act.body["step"], on=on, by=act.party, kind=act.body.get("body_kind", ""),
                     members=act.body.get("members"))  # fmt: skip


@rule("asset.step-withdrawn")
def _step_withdrawn(state: DealState, act: Act) -> None:
    """Who recorded the last step of a case takes it back: it was a slip."""
    regime, steps = known(state.partners.assets, act.body["asset"], "case of an asset")
    if not steps or steps[-1].step != act.body["step"]:
        last = f'"{steps[-1].step}"' if steps else "none"
        raise SokeError(f'"{act.body["step"]}" is not the last step of "{act.body["asset"]}".', f"The last: {last}.")
    act.only(state.now(steps[-1].by))
    state.partners.assets[act.body["asset"]] = (regime, steps[:-1])


@rule("delivery.agreed")
def _agreed(state: DealState, act: Act) -> None:
    act.only(state.parties(*LOCAL))
    _undertaking(state, act)
    name = new_id(state.partners.deliveries, act.body["delivery"], "delivery agreement")
    first, last, fund = act.date("first"), act.date("last"), state.fund(act.body["fund"])
    if last <= first:
        raise SokeError(f"It would end on {in_words(last)}, before it begins.", "Check both days.")
    if state.begun is not None and first < state.begun:
        fact = f"It would begin on {in_words(first)}, and the deal is in force from {in_words(state.begun)}."
        raise SokeError(fact, "What was agreed before the deal is not of the deal.")
    most = int(sum(row.total for row in fund.profile) * 100)
    promised = sum(paid.get(fund.id, 0) for paid in state.partners.paid_from.values())
    if act.body["pence"] > most - promised:
        fact = f'Of "{fund.title}", {amount(max(most - promised, 0))} is not yet promised to community groups.'
        raise SokeError(fact, "Lower the amount, or name another fund of the deal.")
    agreed = Delivery(id=name, pence=act.body["pence"], first=first, last=last, break_days=act.body["break_days"])
    state.partners.deliveries[name] = agreed
    state.partners.titles["delivery", name] = f"{act.body['service']} by {act.body['group']}"
    state.partners.paid_from[name] = {fund.id: agreed.pence}
    state.partners.agreed_by[name] = act.party


@rule("delivery.received")
def _received(state: DealState, act: Act) -> None:
    """The side of the group says that the money came: who pays cannot say so."""
    act.only(state.parties(*WITNESSES))
    delivery = known(state.partners.deliveries, act.body["delivery"], "delivery agreement")
    rest, paid_on = delivery.pence - sum(pence for _, pence in delivery.payments), act.past("paid_on")
    if act.body["pence"] > rest:
        raise SokeError(f"Of this agreement {amount(rest)} is still to come.", "Lower the amount.")
    if paid_on < delivery.first:
        raise SokeError(f"The agreement begins on {in_words(delivery.first)}.", "Check the day of the payment.")
    name = f"{delivery.id} {act.body['payment']}"
    state.partners.payments[new_id(state.partners.payments, name, "payment")] = delivery.id
    payments = (*delivery.payments, (paid_on, act.body["pence"]))
    state.partners.deliveries[delivery.id] = dataclasses.replace(delivery, payments=payments)


@rule("delivery.outcome")
def _outcome(state: DealState, act: Act) -> None:
    act.only(state.parties(*WITNESSES))
    delivery = known(state.partners.deliveries, act.body["delivery"], "delivery agreement")
    end = act.past("period_end")
    if not delivery.first <= end <= (delivery.ended or delivery.last):
        fact = f"The agreement runs from {in_words(delivery.first)} to {in_words(delivery.ended or delivery.last)}."
        raise SokeError(fact, "Name the end of a period within it.")
    if end in dict(delivery.outcomes):
        raise SokeError(f"The outcomes to {in_words(end)} are on record already.", "Name another period.")
    outcomes = (*delivery.outcomes, (end, act.body["met"]))
    state.partners.deliveries[delivery.id] = dataclasses.replace(delivery, outcomes=outcomes)


@rule("delivery.ended")
def _ended(state: DealState, act: Act) -> None:
    """The break clause: either side, with the notice that they agreed."""
    delivery = known(state.partners.deliveries, act.body["delivery"], "delivery agreement")
    act.only(
        (*state.now(state.partners.agreed_by[delivery.id]), *state.parties(*COMMUNITIES)),
        "who agreed it, or a community",
    )
    ends, soonest = act.date("ends"), act.day + dt.timedelta(delivery.break_days)
    if delivery.ended is not None or ends > delivery.last:
        fact = f"The agreement ends on {in_words(delivery.ended or delivery.last)} as it is."
        raise SokeError(fact, "Nothing is left to do.")
    if ends < soonest:
        fact = f"The agreement gives {delivery.break_days} days of notice."
        raise SokeError(fact, f"Name {in_words(soonest)} or a later day.")
    state.partners.deliveries[delivery.id] = dataclasses.replace(delivery, ended=ends)
