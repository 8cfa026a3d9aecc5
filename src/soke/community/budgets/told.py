"""A count in sentences that a clerk reads: the rule with all that decides, and what happened on the way."""

from __future__ import annotations

from collections.abc import Iterator

from soke.community.budgets.outcome import Outcome
from soke.community.budgets.rule import Parameters
from soke.community.budgets.words import money, several

ADD1 = ("add1", "add1-utilitarian")
_ENDED = {  # what add1 found, after raising and where it never raised
    "the next increment costs too much": (
        "until the next raise would have cost more than the budget",
        "the first raise would have cost more than the budget",
    ),
    "nothing is left to buy": ("until all that can be bought was", "all that can be bought was"),
    "no project left is affordable": (
        "until nothing more fitted the money that was left",
        "nothing more fitted the money that was left",
    ),
}


def rule_as_counted(parameters: Parameters) -> str:
    """``Rule as counted: equal_shares; satisfaction cost; completion add1, in steps of 1; ...``: all that it read."""
    return f"Rule as counted: {in_words(parameters)}."


def in_words(parameters: Parameters) -> str:
    """The rule and all that it read, between semicolons."""
    return "; ".join([parameters.rule, *_decides(parameters)])


def _decides(parameters: Parameters) -> Iterator[str]:
    if parameters.rule == "equal_shares":
        yield f"satisfaction {parameters.satisfaction}"
        steps = f", in steps of {money(parameters.increment)}; stop {parameters.stop}"
        yield f"completion {parameters.completion}{steps if parameters.completion in ADD1 else ''}"
        if parameters.start is not None:
            yield f"start {money(parameters.start)}"
        if parameters.comparison:
            yield "comparison with greedy"
    if parameters.part_funding is not None:
        yield f"part funding from {parameters.part_funding} of the cost"
    if parameters.points:
        yield f"points by place {', '.join(map(str, parameters.points))}"
    yield from bars(parameters)
    for name, pot in parameters.districts.items():
        yield f"pot of {name} {money(pot)}"
    yield f"ties {', '.join(parameters.ties)}"


def bars(parameters: Parameters) -> Iterator[str]:
    """What keeps projects from winning under any rule."""
    for said, least in (("votes", parameters.least_votes), ("points", parameters.least_score)):
        if least:
            yield f"at least {least:,} {said}"
    if parameters.least_share:
        yield f"at least {parameters.least_share} of the ballots"
    for one in parameters.conflicts:
        yield f"one at most of {', '.join(sorted(one))}"


def on_the_way(outcome: Outcome) -> list[str]:
    """What the rule found before it had its winners, a sentence each; nothing where there is nothing to tell."""
    facts, said = outcome.facts, []
    if "increments" in facts:
        said.append(_raised(int(facts["increments"]), outcome.parameters.increment, str(facts["ended"])))
    if "preferred" in facts:
        said.append(
            f"{several(int(facts['prefer greedy']), 'voter')} would rather have what greedy funds, and "
            f"{int(facts['prefer equal shares']):,} what equal shares funds: {facts['preferred']} it is."
        )
    if "part_funded" in facts:
        project, reserve = facts["part_funded"], money(int(facts["reserve_pays"]))
        said.append(f"For project {project} the budget did not reach: a reserve pays {reserve} of its cost.")
    return said + [f"{key[0].upper()}{key[1:]}: {fact}." for key, fact in facts.items() if key.startswith("pot of ")]


def _raised(times: int, step: int, ended: str) -> str:
    until, never = _ENDED[ended]
    if not times:
        return f"No voter's share was raised: {never}."
    often = "once" if times == 1 else f"{times:,} times"
    return f"Every voter's share was raised {often}, by {money(step)}{' each' if times > 1 else ''}, {until}."
