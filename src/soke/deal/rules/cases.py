"""DT: the worked cases that a deal carries."""

from __future__ import annotations

from collections.abc import Iterator

from soke.deal.evaluation import cases_of_nothing, worked_cases
from soke.deal.registry import Context, Fault, rule
from soke.deal.types import Deal

_CASE = '[[case]]\nname = "all well"\n'


@rule(
    "DT801", "error", "The case names an unknown condition",
    why="A case that tests nothing proves nothing.",
    bad=_CASE + 'given = {}\nthen = { nothing = "met" }',
    good=_CASE + 'given = { joint-decisions = 0.9 }\nthen = { partners-decide = "met" }',
    reads=("condition",),
)  # fmt: skip
def unknown_condition(deal: Deal, context: Context) -> Iterator[Fault]:
    for one in cases_of_nothing(deal):
        fact = f'The case "{one.case}" expects something of "{one.condition}", which is no condition of the deal.'
        yield one.at, fact, "Name a condition of the deal."


@rule(
    "DT802", "error", "The case and the deal disagree",
    why="The deal's own worked example comes out otherwise than its authors say: one of the two is wrong.",
    bad=_CASE + 'given = { joint-decisions = 0.1 }\nthen = { partners-decide = "met" }',
    good=_CASE + 'given = { joint-decisions = 0.1 }\nthen = { partners-decide = "missed" }',
    reads=("condition", "indicator"),
)  # fmt: skip
def disagree(deal: Deal, context: Context) -> Iterator[Fault]:
    for one in worked_cases(deal):
        if not one.agrees:
            fact = f'The case "{one.case}" expects "{one.condition}" to be {one.says}; its terms make it {one.gives}.'
            yield one.at, fact, "Correct the case or the condition."
