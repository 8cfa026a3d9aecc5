"""What stands beside both paths, and no deal moves: what adult social care takes more, and cuts that are assumed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from soke.deal.types import Scenario
from soke.england.baseline import Baseline, Floats
from soke.evidence import Draws
from soke.model.accounts.own import Figures, shipped
from soke.model.economy.population import People
from soke.model.services import care, cuts

DRAWN = care.DRAWN
HELD = (*care.HELD, *cuts.HELD)
BESIDE = ("care_pressure", "care_people", "cut")  # GBP million a year of the area


@dataclass(frozen=True, slots=True)
class Councils:
    """What councils spend in the base year's prices, by place: on care of adults, and on all services they run."""

    care: care.Care
    services: cuts.Services


def councils(baseline: Baseline, held: Mapping[str, float], price: float, figures: Figures | None = None) -> Councils:
    """The outturn of 2022-23. ``price``: level of the base year over then; ``figures``: those that are shipped."""
    own = figures or shipped()
    spent = cuts.services_now(baseline, own)
    services = cuts.Services(spent.care * price, spent.other * price)
    return Councils(care.care_now(baseline, own, held, price), services)


@dataclass(frozen=True, slots=True)
class Beside:
    """Care of the area's places, (member,), and their people of the base year, (age group, member); what councils spend
    on services, (place,) GBP million; and the cuts, none unless the scenario has some."""

    members: tuple[int, ...]
    care: care.Care
    people: Floats
    services: Floats
    cuts: cuts.Lever | None


def beside(
    scenario: Scenario, baseline: Baseline, spent: Councils, held: Mapping[str, float], members: Sequence[int],
    groups: Floats,
) -> Beside:  # fmt: skip
    """``groups`` (age group, place) people of the base year."""
    here = list(members)
    return Beside(
        members=tuple(members),
        care=care.Care(spent.care.amounts[here], spent.care.older[here]),
        people=groups[:, here],
        services=spent.services.care + spent.services.other,
        cuts=cuts.lever(scenario, baseline, spent.services, held),
    )


def drawn(scenario: Scenario) -> tuple[str, ...]:
    """The evidence that is drawn: that of cuts only where there are some."""
    return DRAWN if scenario.cuts is None else (*DRAWN, *cuts.DRAWN)


def changes(held: Beside, draws: Draws) -> Floats | None:
    """Log change of services a head over the years of the cuts, (draw, place); None without cuts."""
    if held.cuts is None:
        return None
    return cuts.change(held.cuts, draws["cuts.mean"], draws["cuts.slope"], draws.place[cuts.PLACE])


def cut(held: Beside, change: Floats, year: int, growth: Floats) -> Floats:
    """What is cut in a year, GBP million (draw, place). ``growth`` (draw, place): people over the start's."""
    assert held.cuts is not None
    return np.asarray(held.services * growth * (1.0 - cuts.factors(held.cuts, change, year).whole))


def pressure(held: Beside, people: People, year: int, draws: Draws, figures: Mapping[str, float]) -> care.Pressure:
    """What care of the area takes more than in the base year, GBP million (draw, member)."""
    now = people.by_age(held.members)
    unit, prevalence = (draws[name] for name in care.DRAWN)
    return care.pressure(held.care, held.people, now, year, unit, prevalence, figures)
