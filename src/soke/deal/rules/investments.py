"""DI: investments."""

from __future__ import annotations

from collections.abc import Iterator

from soke.deal.registry import Context, Fault, rule
from soke.deal.types import Deal
from soke.deal.words import financial_year


@rule(
    "DI552", "error", "Opens before it starts",
    why="Nothing can be used before it is begun.",
    bad='[[investment]]\nid = "tram"\nstarts = "2032-33"', good='[[investment]]\nid = "tram"\nstarts = "2026-27"',
    reads=(),
)  # fmt: skip
def opens_before_start(deal: Deal, context: Context) -> Iterator[Fault]:
    for investment in deal.investments:
        if investment.opens < investment.starts:
            opens, starts = financial_year(investment.opens), financial_year(investment.starts)
            fact = f'"{investment.id}" opens in {opens} and starts in {starts}.'
            yield investment.where("starts"), fact, "Correct one of the two years."


@rule(
    "DI554", "error", "Opened before the base year",
    why="What was open by the end of the base year is already in the figures: to add its effect would count it twice.",
    bad='[[investment]]\nid = "tram"\nstarts = "2020-21"\nopens = "2024-25"',
    good='[[investment]]\nid = "tram"\nstarts = "2026-27"\nopens = "2029-30"',
    reads=(),
)  # fmt: skip
def already_open(deal: Deal, context: Context) -> Iterator[Fault]:
    base = context.assumptions.base_year
    for investment in deal.investments:
        if investment.opens <= base:
            opens, held = financial_year(investment.opens), financial_year(base)
            fact = f'"{investment.id}" opens in {opens}; figures up to {held} already hold it.'
            yield investment.where("opens"), fact, "Take it out, or leave only what opens later."
