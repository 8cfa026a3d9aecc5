"""Who gets the council tax that people of an area pay: each council, county, fire, police and combined authority, and
the parishes, as bills of 2022-23 are made up."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

from soke.england.settlement import PRECEPT_YEAR, council_tax_levels, heirs, precepts

BillTier = Literal["councils", "county", "fire", "police", "combined_authority", "parishes"]
TIERS: tuple[BillTier, ...] = ("councils", "county", "fire", "police", "combined_authority", "parishes")
KINDS: dict[str, BillTier] = {
    "county": "county", "strategic-authority": "county", "fire": "fire", "combined-authority": "combined_authority",
    "police": "police",
}  # fmt: skip
PARISHES = "parishes"


@dataclass(frozen=True, slots=True)
class BillPart:
    """What one body gets of the bills of an area, GBP; all parishes together have no code. ``requirement``: what it
    asks for wherever it precepts, GBP; ``base_here`` of its tax base ``base``, Band D homes, lies in the area."""

    code: str
    name: str
    tier: BillTier
    pounds: float
    requirement: float = 0.0
    base_here: float = 0.0
    base: float = 0.0


def council_tax_bill(area: Collection[str]) -> tuple[BillPart, ...]:
    """The parts of an area's council tax by body, the largest first. ``area``: codes of today's lower-tier and unitary
    authorities; those of 2022-23 that became one count where it is in the area. Empty where none had a bill."""
    levels, heir = council_tax_levels(PRECEPT_YEAR), heirs(PRECEPT_YEAR + 1)
    kind, name = (dict(zip(levels.codes, values, strict=True)) for values in (levels.kinds, levels.names))
    base, precept = levels.by_code("tax_base"), levels.by_code("precept_requirement")
    own, parish = levels.by_code("requirement_excl_parish"), levels.by_code("parish_precepts")
    found: dict[tuple[str, BillTier], BillPart] = {}

    def add(code: str, tier: BillTier, pounds: float, asked: float, here: float, of: float) -> None:
        had = found.get((code, tier), BillPart(code, str(name.get(code, PARISHES)), tier, 0.0, asked, 0.0, of))
        found[code, tier] = replace(had, pounds=had.pounds + pounds, base_here=had.base_here + here)

    for code, above in precepts().items():
        if not set(area) & {code, *(later.code for later in heir.get(code, ()))}:
            continue
        add(code, "councils", own[code], own[code], base[code], base[code])
        add("", "parishes", parish.get(code, 0.0), 0.0, base[code], 0.0)
        for upper in above.codes:
            if upper in precept:
                add(upper, KINDS[str(kind[upper])], precept[upper] * base[code] / base[upper], precept[upper],
                    base[code], base[upper])  # fmt: skip
    return tuple(sorted((part for part in found.values() if part.pounds), key=lambda part: (-part.pounds, part.code)))
