"""The modes of a link and the kinds of works, one row each: which of the evidence's figures go with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Mode:
    """``share``, ``speed``: ids of the evidence's share of trips that go so, and of the fastest that anything goes so;
    ``works``: what is built for it."""

    share: str
    speed: str
    works: str


@dataclass(frozen=True, slots=True)
class Works:
    """``overrun``: id of the factor on planned cost; ``full_case``: of what is left of it at a full business case."""

    overrun: str
    full_case: str


MODES: Mapping[str, Mode] = {
    "rail": Mode("link.mode.rail_city", "link.speed.rail", "rail"),
    "tram": Mode("link.mode.within", "link.speed.tram", "rail"),
    "bus": Mode("link.mode.within", "link.speed.bus", "road"),
    "road": Mode("link.mode.road", "link.speed.road", "road"),
}
WORKS: Mapping[str, Works] = {
    "rail": Works("link.overrun.rail", "link.case.civil"),
    "fixed-link": Works("link.overrun.fixed", "link.case.civil"),
    "road": Works("link.overrun.road", "link.case.civil"),
    "building": Works("link.overrun.building", "link.case.building"),
}

if TYPE_CHECKING:  # a checker of types cannot read a table
    ModeName: TypeAlias = str
    WorksName: TypeAlias = str
else:
    ModeName = Literal[tuple(MODES)]
    WorksName = Literal[tuple(WORKS)]
