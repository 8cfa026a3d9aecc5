"""Powers: conferred by a giver, exercised or given back by who holds them. What is recalled nobody holds."""

from __future__ import annotations

from soke.errors import SokeError
from soke.register.acts.act import Act, rule
from soke.register.state import GIVERS, DealState


@rule("power.conferred")
def _conferred(state: DealState, act: Act) -> None:
    givers = state.parties(*GIVERS)
    named = act.body["powers"]
    if len(set(named)) < len(named):
        raise SokeError("A power is named twice.", "Name each once.")
    for name in named:
        power = state.power(name)
        giving = set(state.now(power.giver)) & set(givers)
        act.only(sorted(giving) or givers, "the department that gives the power")
        if state.powers[name] == "held":
            raise SokeError(f'"{name}" was conferred already.', f"It is {state.power_status(name, act.day)}.")
        if power.in_force is not None and act.day < power.in_force:
            raise SokeError(f'"{name}" is in force from {power.in_force} only.', "Record it from that day.")
    for name in named:
        state.powers[name], state.since[name] = "held", act.day


def _holding(state: DealState, act: Act) -> str:
    power = state.power(act.body["power"])
    act.only([power.holder])
    return power.id


@rule("power.exercised")
def _exercised(state: DealState, act: Act) -> None:
    name = _holding(state, act)
    status = state.power_status(name, act.day)
    if status != "held":
        matter = state.held_back(name, act.day)
        why = f" (matter {matter.id})" if matter else ""
        raise SokeError(f'"{name}" is {status}{why}, so nobody can exercise it.', "Wait until it is held again.")


@rule("power.returned")
def _returned(state: DealState, act: Act) -> None:
    name = _holding(state, act)
    if state.powers[name] != "held":
        raise SokeError(f'"{name}" is {state.powers[name]}.', "Only what is held can be given back.")
    if state.power(name).needs_order:
        raise SokeError(f'"{name}" was given by law, and goes back by an order.', "Record the order once it is made.")
    state.powers[name], state.since[name] = "returned", act.day
