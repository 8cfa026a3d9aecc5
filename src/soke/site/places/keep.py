"""Who keeps the next pound of business rates from growth in a place, by the shares of the law."""

from __future__ import annotations

from soke import text
from soke.england.places import places
from soke.model.funding.next_pound import KEEPERS, NEXT_POUND_YEAR, KeptBy, next_pound
from soke.report.charts.bars import Bar, bars
from soke.report.markup import Element, el
from soke.report.shell import panel
from soke.report.table import grade_mark
from soke.report.tables.figures import NEXT_POUND
from soke.site.places.facts import PlaceFacts, to_sum

LEAST = 0.05  # pence: less is nobody's share
HERE: tuple[KeptBy, ...] = ("billing", "combined")


def keep(facts: PlaceFacts) -> Element:
    """Pence of the next pound by who keeps them, before levy and until the next reset."""
    found = next_pound(facts.area.members)
    rows = [
        Bar(_called(keeper, facts), pence, _pence(pence), kind="here" if keeper in HERE else "other",
            link=to_sum(facts, NEXT_POUND))
        for keeper in KEEPERS if (pence := found.pence(keeper)) >= LEAST
    ]  # fmt: skip
    splits = [group.split for group in found.groups]
    sources = "; ".join(dict.fromkeys(split.source for split in splits))
    return panel(
        "next-pound", "Who keeps the next £1 of business rates?", bars("", rows),
        el("p", f"Of growth here, {text.financial_year(NEXT_POUND_YEAR)}, before any levy and until the next reset. "
           f"{sources}. ", *map(grade_mark, sorted({split.grade for split in splits})), class_="small"),
    )  # fmt: skip


def _pence(value: float) -> str:
    return f"{value:.0f}p" if value >= 9.5 else f"{value:.1f}p".replace(".0p", "p")


def _called(keeper: KeptBy, facts: PlaceFacts) -> str:
    alone = len(facts.area.members) == 1
    place = facts.area.place
    county = places().get(place.county) if place and alone and place.county else None
    upper = f"{county.name} County Council" if county else "Greater London Authority" if _london(facts) else "Counties"
    council = place.council if place and alone and place.council else "Councils here"
    return {"billing": council, "upper": upper, "fire": "Fire authority", "combined": "Combined authority",
            "central": "Government"}[keeper]  # fmt: skip


def _london(facts: PlaceFacts) -> bool:
    return all(code.startswith("E09") for code in facts.area.members)
