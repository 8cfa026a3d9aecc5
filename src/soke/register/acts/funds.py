"""Funds: allotted, paid, committed, released, spent, carried over, moved; each with the legs of its double entry."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from soke.deal.types import Fund, Pool
from soke.errors import SokeError
from soke.register.acts.act import Act, filling, known, new_id, rule
from soke.register.ledger import Leg, amount, leg_of, moved, year_of
from soke.register.state import FLEXIBILITY, Allotment, Commitment, DealState, PayBy
from soke.text import financial_year

KINDS = (
    "fund.allotted", "fund.paid", "fund.committed", "fund.released", "fund.spent", "fund.carried-over", "fund.moved",
)  # fmt: skip


def legs_of(state: DealState, act: Act) -> tuple[Leg, ...]:
    """The legs that an entry about a fund must have."""
    body = act.body
    fund, year, use, pence = body["fund"], year_of(body["year"]), body["use"], body["pence"]
    if act.kind == "fund.carried-over":
        return (
            *moved(fund, year, use, "held", "carried", pence),
            *moved(fund, year + 1, use, "carried", "held", pence),
        )
    if act.kind == "fund.moved":
        return (
            *moved(fund, year, use, "held", "moved", pence),
            *moved(body["to_fund"], year, use, "moved", "held", pence),
        )
    spends_promised = act.kind == "fund.spent" and "commitment" in body
    source, target = {
        "fund.allotted": ("promised", "allotted"), "fund.paid": ("allotted", "held"),
        "fund.committed": ("held", "committed"), "fund.released": ("committed", "held"),
        "fund.spent": ("committed" if spends_promised else "held", "spent"),
    }[act.kind]  # fmt: skip
    return moved(fund, year, use, source, target, pence)


@filling(*KINDS)
def _legs(state: DealState, act: Act) -> Mapping[str, Any]:
    return {"legs": [leg.body() for leg in legs_of(state, act)]}


def _post(state: DealState, act: Act) -> None:
    state.ledger.post([leg_of(leg) for leg in act.body["legs"]])


def _fund(state: DealState, act: Act, side: str) -> Fund:
    """The fund of an entry, which is for its payer or its payee to record, in a year of the deal."""
    fund = state.fund(act.body["fund"])
    act.only([fund.payer] if side == "payer" else [fund.payee])
    year = year_of(act.body["year"])
    years = state.deal.years
    if year not in years and not (act.kind in ("fund.spent", "fund.released") and year == years.stop):
        fact = f"The deal covers {financial_year(years.start)} to {financial_year(years.stop - 1)}, "
        raise SokeError(f"{fact}not {financial_year(year)}.", "Name one of its years.")
    return fund


def _free(state: DealState, act: Act, fund: Fund) -> None:
    """SokeError where an emergency holds the fund back: what is promised to others already may still be spent."""
    matter = state.held_back(fund.id, act.day)
    if matter is not None and matter.ground == "emergency":
        fact = f'The fund "{fund.id}" is suspended in an emergency (matter {matter.id}).'
        raise SokeError(fact, "What was committed before may be spent; the rest waits.")


@rule("fund.allotted")
def _allotted(state: DealState, act: Act) -> None:
    fund = _fund(state, act, "payer")
    year, use, pence = year_of(act.body["year"]), act.body["use"], act.body["pence"]
    if state.deal.prices == "cash" and year in {row.year for row in fund.profile}:
        row = next(row for row in fund.profile if row.year == year)
        most = int((row.revenue if use == "revenue" else row.capital) * 100)
        before = -state.ledger.balance(fund.id, year, use, "promised")
        if before + pence > most:
            fact = f'The deal gives "{fund.id}" {amount(most)} of {use} in {financial_year(year)}; '
            raise SokeError(f"{fact}this would make it {amount(before + pence)}.", "Amend the deal first.")
    due = act.ahead("pay_by") if "pay_by" in act.body else None
    _post(state, act)
    if use == "revenue":
        state.revenue.append(Allotment(year, pence, act.day))
    if due is not None:
        state.pay_by.append(PayBy(fund.id, year, use, pence, due))


@rule("fund.paid")
def _paid(state: DealState, act: Act) -> None:
    _fund(state, act, "payer")
    _post(state, act)
    days = state.paid.setdefault((act.body["fund"], year_of(act.body["year"]), act.body["use"]), [])
    before = days.pop()[1] if days and days[-1][0] == act.day else 0
    days.append((act.day, before + act.body["pence"]))


@rule("fund.committed")
def _committed(state: DealState, act: Act) -> None:
    fund, body = _fund(state, act, "payee"), act.body
    _free(state, act, fund)
    _leaves_in_reach(state, act, fund, "decision")
    name = new_id(state.commitments, body["commitment"], "commitment")
    _post(state, act)
    state.commitments[name] = Commitment(fund.id, year_of(body["year"]), body["use"], body["purpose"], body["pence"])


def _commitment(state: DealState, act: Act) -> Commitment:
    body = act.body
    commitment = known(state.commitments, body["commitment"], "commitment")
    if (commitment.fund, commitment.year, commitment.use) != (body["fund"], year_of(body["year"]), body["use"]):
        pot = f'"{commitment.fund}", {financial_year(commitment.year)}, {commitment.use}'
        fact = f'The commitment "{body["commitment"]}" is of {pot}.'
        raise SokeError(fact, "Name the same fund, year and use.")
    if body["pence"] > commitment.pence:
        raise SokeError(f"Of this commitment {amount(commitment.pence)} is left.", "Lower the amount.")
    return commitment


@rule("fund.released")
def _released(state: DealState, act: Act) -> None:
    _fund(state, act, "payee")
    commitment = _commitment(state, act)
    _post(state, act)
    commitment.pence -= act.body["pence"]


@rule("fund.spent")
def _spent(state: DealState, act: Act) -> None:
    fund = _fund(state, act, "payee")
    if "commitment" not in act.body:
        _free(state, act, fund)
        _leaves_in_reach(state, act, fund, "decision")
        _post(state, act)
        return
    commitment = _commitment(state, act)
    _post(state, act)
    commitment.pence -= act.body["pence"]


def _pool(state: DealState, fund: Fund) -> Pool | None:
    return next((pool for pool in state.deal.pools if pool.id == fund.pooled_in), None)


@rule("fund.carry-over-allowed")
def _carry_over_allowed(state: DealState, act: Act) -> None:
    """The payer lets more be carried over than the pool's rules do; the place then does it or does not."""
    fund = _fund(state, act, "payer")
    key = (fund.id, year_of(act.body["year"]))
    state.carry_allowed[key] = state.carry_allowed.get(key, 0) + act.body["pence"]


@rule("fund.carried-over")
def _carried_over(state: DealState, act: Act) -> None:
    fund = _fund(state, act, "payee")
    year, pence = year_of(act.body["year"]), act.body["pence"]
    _free(state, act, fund)
    _leaves_in_reach(state, act, fund, "notice")
    pool = _pool(state, fund)
    share = pool.virement.carry_over_max if pool else Decimal(0)
    most = int(-state.ledger.total("promised", fund=fund.id, year=year) * share)
    most += state.carry_allowed.get((fund.id, year), 0)
    before = state.carried_out.get((fund.id, year), 0)
    if before + pence > most:
        fact = f'{amount(most)} of "{fund.id}" may be carried over from {financial_year(year)}; '
        fix = f'For more, "{fund.payer}" allows it first (fund.carry-over-allowed).'
        raise SokeError(f"{fact}this would make it {amount(before + pence)}.", fix)
    _post(state, act)
    state.carried_out[fund.id, year] = before + pence


def _leaves_in_reach(state: DealState, act: Act, fund: Fund, since: str) -> None:
    """SokeError where money would be put out of the reach of a recall that is under way.

    From the notice on, what the recall may take is not moved or carried away; from the decision on, it is not newly
    promised or spent either. Services go on until then.
    """
    year, pence = year_of(act.body["year"]), act.body["pence"]
    free = sum(state.ledger.total(account, fund=fund.id, year=year) for account in ("allotted", "held"))
    for matter in state.matters.values():
        under_way = matter.ground == "condition" and matter.open and not matter.takes
        begun = under_way and matter.matter.on(since) is not None
        if begun and {fund.id, fund.pooled_in} & set(matter.matter.scope):
            most = state.reach(matter, fund, year)
            if free - pence < most:
                fact = f'The matter {matter.id} may recall {amount(most)} of "{fund.id}" for {financial_year(year)}; '
                fact += f"this would leave {amount(free - pence)} that is free."
                raise SokeError(fact, "Lower the amount, or wait until the matter is closed.")


@rule("fund.moved")
def _moved(state: DealState, act: Act) -> None:
    """Within a pool; between themes up to the share that the deal allows, and only while that flexibility is held."""
    fund, to = _fund(state, act, "payee"), state.fund(act.body["to_fund"])
    year, pence = year_of(act.body["year"]), act.body["pence"]
    if fund.id == to.id:
        raise SokeError("The money would stay where it is.", "Name another fund.")
    _free(state, act, fund)
    _free(state, act, to)
    _leaves_in_reach(state, act, fund, "notice")
    pool = _pool(state, fund)
    if pool is None or to.pooled_in != pool.id:
        raise SokeError(f'"{fund.id}" and "{to.id}" are not in one pool.', "Money moves within a pool only.")
    flexible = [power.id for power in state.deal.powers if power.function == FLEXIBILITY]
    if not any(state.power_status(name, act.day) == "held" for name in flexible):
        said = ", ".join(f"{name} is {state.power_status(name, act.day)}" for name in flexible) or "the deal gives none"
        raise SokeError(f"The power to move money between funds is not held: {said}.", "It is needed for this.")
    if fund.theme != to.theme:
        theme = [other.id for other in state.deal.funds if other.theme == fund.theme and other.pooled_in == pool.id]
        whole = -sum(state.ledger.total("promised", fund=name, year=year) for name in theme)
        most = int(whole * pool.virement.between_themes_max)
        before = state.moved_out.get((fund.theme, year), 0)
        if before + pence > most:
            fact = f'The deal lets {amount(most)} be moved out of the theme "{fund.theme}" in {financial_year(year)}; '
            raise SokeError(f"{fact}this would make it {amount(before + pence)}.", "Lower the amount.")
        _post(state, act)
        state.moved_out[fund.theme, year] = before + pence
        return
    _post(state, act)
