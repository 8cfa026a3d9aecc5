"""Who keeps the next pound of business rates from growth in a place, by the shares of the law."""

from __future__ import annotations

from collections.abc import Sequence

from soke import text
from soke.england.baseline import baseline
from soke.england.places import places
from soke.model.funding.rates_shares import Split, billing, split
from soke.report.charts.bars import Bar, bars
from soke.report.markup import Element, el
from soke.report.shell import panel
from soke.report.table import grade_mark
from soke.site.places.facts import PlaceFacts

YEAR = 2025  # of the shares: the last whose law was read
LEAST = 0.0005  # of a pound: less is nobody's share
TIERS = (("billing", "here"), ("upper", "other"), ("fire", "other"), ("combined", "here"), ("central", "other"))


def keep(facts: PlaceFacts) -> Element:
    """Pence of the next pound by who keeps them, before levy and until the next reset."""
    splits = [split(billing(places().by_code[code], YEAR), YEAR) for code in facts.area.members]
    pence = pence_of(facts.area.members, splits)
    rows = [Bar(_called(tier, facts), pence[tier], _pence(pence[tier]), kind=kind)
            for tier, kind in TIERS if pence[tier] >= 100 * LEAST]  # fmt: skip
    return panel(
        "next-pound", "Who keeps the next £1 of business rates?", bars("", rows),
        el("p", f"Of growth here, {text.financial_year(YEAR)}, before any levy and until the next reset. "
           f"{splits[0].source}. ", *map(grade_mark, sorted({one.grade for one in splits})), class_="small"),
    )  # fmt: skip


def pence_of(members: Sequence[str], splits: Sequence[Split]) -> dict[str, float]:
    """Pence by tier; of several councils their shares, weighed by what their rates are worth."""
    weights = baseline()["rateable_value"][[baseline().index(code) for code in members]]
    shares = {tier: [getattr(one, tier) for one in splits] for tier, _ in TIERS}
    return {tier: 100 * float((weights * held).sum() / weights.sum()) for tier, held in shares.items()}


def _pence(value: float) -> str:
    return f"{value:.0f}p" if value >= 9.5 else f"{value:.1f}p".replace(".0p", "p")


def _called(tier: str, facts: PlaceFacts) -> str:
    alone = len(facts.area.members) == 1
    place = facts.area.place
    county = places().get(place.county) if place and alone and place.county else None
    upper = f"{county.name} County Council" if county else "Greater London Authority" if _london(facts) else "Counties"
    council = place.council if place and alone and place.council else "Councils here"
    return {"billing": council, "upper": upper, "fire": "Fire authority", "combined": "Combined authority",
            "central": "Government"}[tier]  # fmt: skip


def _london(facts: PlaceFacts) -> bool:
    return all(code.startswith("E09") for code in facts.area.members)
