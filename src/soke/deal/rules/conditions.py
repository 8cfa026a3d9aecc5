"""DC: conditions, and DA653, what they cost."""

from __future__ import annotations

from collections.abc import Iterator

from soke.deal.burden import burden, governed
from soke.deal.likely import did_you_mean, number
from soke.deal.registry import Context, Fault, rule
from soke.deal.rules.forms import ids
from soke.deal.states import already_met
from soke.deal.types import Condition, Deal, Indicator, Item
from soke.text import sterling


def _measured(deal: Deal) -> Iterator[tuple[Condition, Indicator]]:
    """Each condition with the indicator that it tests, where the deal declares it."""
    declared = {indicator.id: indicator for indicator in deal.indicators}
    for condition in deal.conditions:
        if condition.indicator in declared:
            yield condition, declared[condition.indicator or ""]


@rule(
    "DC201", "error", "The indicator is not declared",
    why="A condition that tests an indicator which nobody has defined can be argued either way.",
    bad='[[condition]]\nid = "partners-decide"\nindicator = "happiness"',
    good='[[condition]]\nid = "partners-decide"\nindicator = "joint-decisions"',
    reads=("indicator",),
)  # fmt: skip
def undeclared(deal: Deal, context: Context) -> Iterator[Fault]:
    declared = ids(deal, ["indicator"])
    for condition in deal.conditions:
        if condition.indicator is not None and condition.indicator not in declared:
            fact = f'Condition "{condition.id}" tests "{condition.indicator}", which is no indicator of the deal.'
            yield condition.where("indicator"), fact, "Declare it under [[indicator]], or name one that is declared."


@rule(
    "DC205", "error", "Due before the statistic exists",
    why="A return that is due before its figure is published is overdue every time, whatever the place does.",
    bad='[[condition]]\nid = "partners-decide"\ndue_days = 10',
    good='[[condition]]\nid = "partners-decide"\ndue_days = 120',
    reads=("indicator",),
)  # fmt: skip
def due_too_soon(deal: Deal, context: Context) -> Iterator[Fault]:
    for condition, indicator in _measured(deal):
        if condition.due_days < indicator.lag_days:
            fact = (
                f'Condition "{condition.id}" is due {condition.due_days} days after the period ends, but '
                f'"{indicator.id}" is not published until day {indicator.lag_days}. It would be overdue every time.'
            )
            yield condition.where("due_days"), fact, f"Set due_days to {indicator.lag_days} or more."


@rule(
    "DC206", "warning", "The threshold is already met",
    why="A test that the starting point already passes asks for nothing; it may be meant to hold a level, so say so.",
    bad='[[indicator]]\nid = "joint-decisions"\nbaseline_value = 0.99',
    good='[[indicator]]\nid = "joint-decisions"\nbaseline_value = 0.60',
    reads=(),
)  # fmt: skip
def met_already(deal: Deal, context: Context) -> Iterator[Fault]:
    for condition, indicator in _measured(deal):
        baseline = indicator.baseline_value
        if baseline is not None and already_met(condition, baseline):
            threshold = condition.at_least if condition.at_least is not None else condition.at_most
            tables: tuple[tuple[Item, str], ...] = (
                (condition, "at_least"), (condition, "at_most"), (indicator, "baseline_value"),
            )  # fmt: skip
            written = [table.keys[key] for table, key in tables if key in table.keys]
            at = next((at for at in written if at.file == deal.at.file), condition.at)  # what this deal itself says
            fact = (
                f'Condition "{condition.id}" asks for {threshold} {indicator.unit}; the starting point, {baseline}, '
                "meets it already."
            )
            fix = "Ask for more than the starting point, or say that the aim is to hold the level."
            yield at, fact, did_you_mean(threshold or baseline, [baseline], number, fix)


@rule(
    "DC208", "error", "The reporter checks itself",
    why="A report that nobody else checks is not evidence.",
    bad='[[condition]]\nid = "partners-decide"\nchecked_by = "authority"',
    good='[[condition]]\nid = "partners-decide"\nchecked_by = "panel"',
    reads=(),
)  # fmt: skip
def self_check(deal: Deal, context: Context) -> Iterator[Fault]:
    for condition in deal.conditions:
        if condition.reported_by and condition.reported_by == condition.checked_by:
            fact = f'Condition "{condition.id}" is both reported and checked by "{condition.checked_by}".'
            yield condition.where("checked_by"), fact, "Name another party to check it."


@rule(
    "DC210", "error", "Two conditions pull opposite ways",
    why="Where no figure can meet both, keeping one condition breaks the other: whatever the place does, it can be "
    "called to account.",
    bad='[[condition]]\nid = "few-decisions"\ntitle = "Partners are not troubled"\nkind = "collaboration"\n'
    'indicator = "joint-decisions"\nat_most = 0.5\ndue_days = 90\norigin = "illustrative"',
    good='[[condition]]\nid = "few-decisions"\ntitle = "Not every decision is joint"\nkind = "collaboration"\n'
    'indicator = "joint-decisions"\nat_most = 0.99\ndue_days = 90\norigin = "illustrative"',
    reads=("indicator",),
)  # fmt: skip
def opposite(deal: Deal, context: Context) -> Iterator[Fault]:
    measured = list(_measured(deal))
    for low, indicator in measured:
        for high, other in measured:
            least, most = low.at_least, high.at_most
            if other is not indicator or least is None or most is None or least <= most:
                continue
            wants = f'Condition "{low.id}" asks for at least {least} {indicator.unit}'
            and_so = "it" if low is high else f'condition "{high.id}"'
            written = ((high, "at_most"), (low, "at_least"))
            places = [one.keys[key] for one, key in written if key in one.keys]
            at = next((place for place in places if place.file == deal.at.file), high.at)
            fact = f"{wants}, and {and_so} for at most {most}: no figure meets both."
            yield at, fact, "Change one of them, so that some figure meets both."


@rule(
    "DA653", "warning", "The condition costs more to report than it governs",
    why="Each return takes officers away from services. A condition should hang on more money than it eats.",
    bad='[[fund]]\nid = "skills"\nrecallable_share = 0.000_001\n\n[[condition]]\nid = "partners-decide"\n'
    'tie = "skills"\nrecall = { scope = ["skills"], max_share_of_fund = 0.000_001 }',
    good='[[fund]]\nid = "skills"\nrecallable_share = 0.1\n\n[[condition]]\nid = "partners-decide"\ntie = "skills"\n'
    'recall = { scope = ["skills"], max_share_of_fund = 0.1 }',
    reads=("fund", "indicator", "condition"),
)  # fmt: skip
def costs_more(deal: Deal, context: Context) -> Iterator[Fault]:
    rows = {row.condition: row for row in burden(deal, context.assumptions).rows}
    for condition in deal.conditions:
        money = governed(condition, deal)
        cost = rows[condition.id].officer_days * context.assumptions.officer_day_cost
        if money is not None and cost > money:
            fact = (
                f'Condition "{condition.id}" takes {rows[condition.id].officer_days:g} officer-days a year to report '
                f"(about {sterling(cost)}), and governs {sterling(money)}."
            )
            yield condition.where("recall", "max_share_of_fund"), fact, "Drop it, or report it with another return."
