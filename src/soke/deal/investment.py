"""What a deal invests in, and what each investment acts through."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from soke.deal.link_kinds import MODES, ModeName, WorksName
from soke.deal.located import Item, Located, Money, Range, Year


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect(Located):
    """What an investment acts through. One investment, one channel, so that no job is counted twice.

    ``connection``: ``between`` two sets of places (ONS codes), by what ``mode``, door-to-door ``minutes_before`` and
    the range ``minutes_after``; acts through effective density, on the share of trips that go that way (``mode_share``;
    none stated: as the evidence has it for the mode).
    ``employment``: ``people_a_year`` supported; net effect per person drawn for the area and its districts.
    ``skills``: ``people_a_year`` taught, and the ``level`` they reach; acts through pay, work and local match.
    ``public-capital``: the capital itself, through the output elasticity of public capital.
    ``none``: no effect on output claimed.
    """

    channel: Literal["connection", "employment", "skills", "public-capital", "none"]
    between: tuple[tuple[str, ...], tuple[str, ...]] | None = None
    mode: ModeName | None = None
    mode_share: Range | None = None  # of the trips between the two sets of places
    minutes_before: float | None = None
    minutes_after: Range | None = None
    people_a_year: Range | None = None
    level: Literal["l2_nvq", "l2_btec", "l3_nvq", "l3_btec", "l3_rsa", "app3", "degree"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Investment(Item):
    id: str
    title: str
    kind: Literal["transport", "housing", "employability", "skills", "health", "local-growth", "environment"]
    fund: str
    places: tuple[str, ...]
    starts: Year
    opens: Year
    capital: Money = Decimal(0)  # in all, spread evenly from starts to opens
    revenue: Money = Decimal(0)  # a year, from opens
    works: WorksName | None = None  # what is built; none: by mode
    business_case: Literal["outline", "full"] = "outline"  # how far planned: how much overrun to expect
    overrun_falls_on: Literal["authority", "government"] = "authority"
    running_cost: Money | None = None  # of a link, a year from its opening, beside its funds; none: by the evidence
    effect: Effect

    @property
    def built(self) -> str:
        """What is built: as stated, else by the mode of a connection, else a building."""
        by_mode = MODES[self.effect.mode].works if self.effect.mode else "building"
        return self.works or by_mode
