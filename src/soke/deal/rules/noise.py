"""DC209 and DC211: what chance alone does to a condition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from soke.deal.chance import Chances, by_luck, noise_faults
from soke.deal.registry import Context, Fault, rule
from soke.deal.types import Condition, Deal, Indicator, Item
from soke.errors import Location

TOO_OFTEN = 0.2  # one time in five
NO_LUCK = 0.95  # so sure a miss is no luck: the condition asks for a real change
_FINEST = 200  # tolerances are tried in steps of half a hundredth
_LUCKY = '[[indicator]]\nid = "joint-decisions"\nbaseline_value = 0.84\nusual_cases = 6'


@rule(
    "DC209", "warning", "Chance alone would often miss it",
    why="A place in which nothing real changes would miss this condition by chance more than one time in five. Then a "
    "notice says little about the place, and a recall would punish bad luck. It is worked out from the starting figure "
    "and the indicator's own noise: binomial for a share of cases, normal for a published figure. Where a place at its "
    "starting point would miss nearly always (19 times in 20 or more), the condition asks for a real change, and this "
    "rule says nothing.",
    bad=_LUCKY, good=f'{_LUCKY}\n\n[[condition]]\nid = "partners-decide"\ntolerance = 0.25',
    reads=("indicator",),
)  # fmt: skip
def luck(deal: Deal, context: Context) -> Iterator[Fault]:
    declared = {indicator.id: indicator for indicator in deal.indicators}
    for condition in deal.conditions:
        indicator = declared.get(condition.indicator or "")
        chances = by_luck(condition, indicator) if indicator else None
        if indicator and chances and TOO_OFTEN < chances.missed < NO_LUCK:
            yield _written(deal, condition, indicator), _fact(condition, indicator, chances), _fix(condition, indicator)


def _fact(condition: Condition, indicator: Indicator, chances: Chances) -> str:
    noise = (
        f"{indicator.usual_cases} cases" if indicator.usual_cases is not None
        else f"a yearly noise of {indicator.yearly_noise:,f}"
    )  # fmt: skip
    missed, near = round(100 * chances.missed), round(100 * chances.near)
    return (
        f'A place that stays at {indicator.baseline_value:,f} {indicator.unit} would miss "{condition.id}" by chance '
        f"{missed} times in 100, and nearly miss it {near} times, with {noise}."
    )


def _fix(condition: Condition, indicator: Indicator) -> str:
    other = "test more cases or a longer window" if indicator.usual_cases is not None else "test a mean of years"
    wanted = _enough(condition, indicator)
    start = "Move the threshold" if wanted is None else f"Set tolerance to {wanted} or more"
    return f"{start}, or {other}."


def _enough(condition: Condition, indicator: Indicator) -> Decimal | None:
    """The least tolerance with which chance misses at most one time in five; None where none does."""
    low, high = 0, _FINEST

    def missed(step: int) -> float:
        found = by_luck(replace(condition, tolerance=Decimal(step) / _FINEST), indicator)
        return 1.0 if found is None else found.missed

    if missed(high) > TOO_OFTEN:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if missed(middle) <= TOO_OFTEN else (middle, high)
    return (Decimal(high) / _FINEST).normalize()


def _written(deal: Deal, condition: Condition, indicator: Indicator) -> Location:
    """Where this deal itself says what the chance rests on; else the condition."""
    tables: tuple[tuple[Item, str], ...] = (
        (indicator, "usual_cases"), (indicator, "yearly_noise"), (condition, "tolerance"), (condition, "at_least"),
        (condition, "at_most"), (indicator, "baseline_value"),
    )  # fmt: skip
    written = [table.keys[key] for table, key in tables if key in table.keys]
    return next((at for at in written if at.file == deal.at.file), condition.at)


@rule(
    "DC211", "error", "Noise that cannot be",
    why="The chance of a miss rests on it. No noise at all would claim that a figure never varies: leave it out where "
    "it is not known, and the chance is said to be not known.",
    bad='[[indicator]]\nid = "joint-decisions"\nusual_cases = 0',
    good='[[indicator]]\nid = "joint-decisions"\nusual_cases = 24',
    reads=("indicator",),
)  # fmt: skip
def impossible_noise(deal: Deal, context: Context) -> Iterator[Fault]:
    for indicator in deal.indicators:
        for key, what in noise_faults(indicator):
            fact = f'The indicator "{indicator.id}" has {what}.'
            fix = "A rate is a share from 0 to 1; noise and cases are above nought. Leave out what is not known."
            yield indicator.where(key), fact, fix
