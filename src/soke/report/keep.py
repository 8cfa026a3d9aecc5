"""The keep in words: who has how many pence of the next pound, of tax from growth and of council tax."""

from __future__ import annotations

import math
from collections.abc import Mapping

from soke import text as words
from soke.model.run.result import Keep
from soke.report.contents import RunReport
from soke.text import capital

DUST = 1e-6  # pence: less is rounding, and nobody's
COUNTY = "county"
TIERS = (
    "councils", "county", "fire", "police", "combined_authority", "parishes", "levy_account", "treasury",
)  # fmt: skip
NAMES = {
    "fire": "fire",
    "police": "police",
    "combined_authority": "combined authority",
    "parishes": "parishes",
    "levy_account": "the levy account for safety nets",
    "treasury": "Treasury",
}
# what the councils of a place are, by the first letters of its code, and who stands above them
OWN = {"E06": "unitary councils", "E07": "district councils", "E08": "councils", "E09": "boroughs"}


def tier_name(tier: str, area: tuple[str, ...]) -> str:
    """A tier in plain words, as it is called in this area."""
    kinds = {code[:3] for code in area}
    if tier == "councils" and len(area) == 1:
        return "borough" if kinds == {"E09"} else "council"
    if tier == "councils":
        return OWN.get(next(iter(kinds)), "councils") if len(kinds) == 1 else _several(kinds)
    if tier == COUNTY:
        return "Greater London Authority" if kinds == {"E09"} else "county councils"
    return NAMES[tier]


def _several(kinds: set[str]) -> str:
    return "district and unitary councils" if kinds == {"E06", "E07"} else "councils"


def pence_by_tier(keep: Keep) -> dict[str, float]:
    """Pence of the next pound of tax from growth, for those who get something of it, in the order of the tiers."""
    return _held({tier: getattr(keep, tier, 0.0) for tier in TIERS})


def council_tax_by_tier(report: RunReport) -> dict[str, float]:
    """Pence of the next pound of council tax from a new home, for those who get something of it."""
    return _held(report.projection.keep_council_tax)


def _held(pence: Mapping[str, float]) -> dict[str, float]:
    return {tier: pence[tier] for tier in TIERS if pence.get(tier, 0.0) > DUST}


def rounded(pence: Mapping[str, float], step: float) -> dict[str, float]:
    """Pence rounded to ``step`` so that what is printed adds up to what the whole rounds to (largest remainder)."""
    scaled = {tier: value / step for tier, value in pence.items()}
    down = {tier: math.floor(value + 1e-9) for tier, value in scaled.items()}
    left = round(sum(scaled.values())) - sum(down.values())
    first = sorted(scaled, key=lambda tier: down[tier] - scaled[tier])[: max(left, 0)]
    return {tier: (down[tier] + (tier in first)) * step for tier in scaled}


def stays(keep: Keep) -> str:
    """The pence that stay here, whoever holds them, in words."""
    return words.pence(round(keep.local, 1) or keep.local)


def keep_words(report: RunReport, keep: Keep) -> str:
    """``Councils 6.8p, combined authority 0.2p; the levy account for safety nets 0.5p, Treasury 92.5p.``"""
    said = _each(report, rounded(pence_by_tier(keep), 0.1), 0.1)
    here = [text for tier, text in said.items() if tier not in ("levy_account", "treasury")]
    away = [text for tier, text in said.items() if tier in ("levy_account", "treasury")]
    whole = "; ".join(", ".join(part) for part in (here, away) if part)
    return f"{capital(whole)}."


def council_tax_words(report: RunReport) -> str:
    """The same of council tax from a new home, in whole pence; nothing where it is not known."""
    found = council_tax_by_tier(report)
    if not found:
        return ""
    said = words.listed(list(_each(report, rounded(found, 1.0), 1.0, held_within(found)).values()))
    return f"Next £1 of council tax from a new home: {said}."


def held_within(pence: Mapping[str, float]) -> dict[str, str]:
    """What a tier's bill holds besides its own: where no bill is sent for police (or fire), whoever stands above the
    councils has them."""
    holder = "combined_authority" if "combined_authority" in pence else COUNTY if COUNTY in pence else ""
    if not holder or "police" in pence:
        return {}
    both = "fire" not in pence and (holder == COUNTY or COUNTY not in pence)
    return {holder: " with police and fire" if both else " with police"}


def _each(
    report: RunReport, pence: Mapping[str, float], step: float, within: Mapping[str, str] | None = None
) -> dict[str, str]:
    named = {tier: tier_name(tier, report.projection.area) + (within or {}).get(tier, "") for tier in pence}
    return {
        tier: f"{named[tier]} {value:.{0 if step == 1 else 1}f}p".replace(".0p", "p")
        if value
        else f"{named[tier]} under {step:g}p"
        for tier, value in pence.items()
    }


def resets(report: RunReport) -> tuple[int, int]:
    """The financial years of the next resets after the deal's terms begin: as is, and for the deal's area."""
    scenario, terms = report.scenario, report.deal.fiscal.business_rates
    first = max(report.projection.years[0] + 1, max(report.deal.starts, terms.from_year) if terms else 0)
    cycles = max(0, math.floor((first - scenario.reset_as_is) / scenario.reset_every) + 1)
    as_is = scenario.reset_as_is + cycles * scenario.reset_every
    held = terms.existing(report.deal.starts) if terms else None
    if held and held.reset and held.reset > first:  # spared by an earlier agreement, whatever the deal says
        as_is = held.reset
    return as_is, terms.reset if terms and terms.reset > first else as_is
