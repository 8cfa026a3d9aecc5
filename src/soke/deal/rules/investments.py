"""DI: investments."""

from __future__ import annotations

from collections.abc import Iterator

from soke.deal.registry import Context, Fault, rule
from soke.deal.types import Deal
from soke.text import financial_year

# What an effect must say, by the channel that it acts through.
NEEDED = {
    "connection": ("between", "mode", "minutes_before", "minutes_after"),
    "employment": ("people_a_year",),
    "skills": ("people_a_year", "level"),
    "public-capital": (),
    "none": (),
}


@rule(
    "DI551", "error", "An effect without what its channel needs",
    why="An effect is computed from what it changes, with a range. What is left out would be taken for nought.",
    bad='[[investment]]\nid = "tram"\neffect = { channel = "employment" }',
    good='[[investment]]\nid = "tram"\n'
    'effect = { channel = "employment", people_a_year = { low = 800, central = 1_000, high = 1_200 } }',
    reads=(),
)  # fmt: skip
def incomplete(deal: Deal, context: Context) -> Iterator[Fault]:
    for investment in deal.investments:
        effect = investment.effect
        lacking = [name for name in NEEDED[effect.channel] if getattr(effect, name) is None]
        if lacking:
            fact = f'The effect of "{investment.id}" acts through {effect.channel}, and has no {" or ".join(lacking)}.'
            yield investment.where("effect"), fact, f"Add {', '.join(lacking)}."


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
