"""A deal's tier against the dated table of who had which tier: DP105."""

from __future__ import annotations

import json

import pytest

from soke.deal.check import check_reading
from soke.deal.finding import Finding
from soke.deal.reader import read_text
from soke.england.places import places
from soke.england.strategic import TIERS, strategic_authorities

DEAL = """schema = "soke-deal/1"
extends = "england"
id = "a-deal"
title = "A deal"
place = "{place}"
{members}tier = "{tier}"
status = "draft"
starts = "{starts}"
ends = "{ends}"
prices = "cash"
powers = []
"""


def found(place: str, tier: str, starts: int = 2026, ends: int = 2029, members: tuple[str, ...] = ()) -> list[Finding]:
    named = f"members = {json.dumps(members)}\n" if members else ""
    years = {"starts": f"{starts}-{(starts + 1) % 100}", "ends": f"{ends}-{(ends + 1) % 100}"}
    reading = read_text(DEAL.format(place=place, tier=tier, members=named, **years), places())
    return [f for f in check_reading(reading, places()).findings if f.code == "DP105"]


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("area", strategic_authorities(), ids=lambda area: area.name)
def test_a_tier_is_held_against_the_table(area, tier: str) -> None:  # type: ignore[no-untyped-def]
    """From 2028-29, when those that are planned are to be there."""
    finding = found(area.code or area.name, tier, 2028, 2031, () if area.code else area.members)
    assert bool(finding) is (tier != area.last.tier)
    for one in finding:
        assert one.severity == "warning" and "read second-hand" in one.fact and area.name in one.fact
        assert f'"{area.last.tier}"' in one.fix


@pytest.mark.parametrize(
    ("place", "tier", "years", "said"),
    [
        ("E47000018", "established-mayoral", (2026, 2029), "Lancashire is \"foundation\", with no mayor in post"),
        ("E47000015", "mayoral", (2026, 2029), "Devon and Torbay is \"foundation\""),
        ("E47000008", "mayoral", (2027, 2029), "is \"established-mayoral\", with a mayor in post"),
        ("E47000006", "established-mayoral", (2026, 2029), "NAO HC 263, at 1 July 2026, read second-hand"),
        ("E10000020", "mayoral", (2026, 2029), "no strategic authority on the list of 15 September 2026"),
        ("E06000052", "established-mayoral", (2026, 2029), "no strategic authority"),
        ("E12000002", "mayoral", (2026, 2029), "no strategic authority"),
    ],
)  # fmt: skip
def test_a_tier_that_the_area_has_not_is_a_finding(place: str, tier: str, years: tuple[int, int], said: str) -> None:
    (finding,) = found(place, tier, *years)
    assert said in finding.fact and finding.at.line == 6


@pytest.mark.parametrize(
    ("place", "tier", "years"),
    [
        ("E47000008", "mayoral", (2026, 2029)),  # until 31 July 2026
        ("E47000008", "established-mayoral", (2026, 2029)),  # since
        ("E47000008", "established-mayoral", (2027, 2029)),
        ("E61000001", "established-mayoral", (2026, 2029)),
        ("E06000052", "foundation", (2026, 2029)),
        ("E10000020", "foundation", (2026, 2029)),
        ("E47000001", "mayoral", (2015, 2019)),  # there were no tiers: nothing is said
    ],
)
def test_a_tier_that_it_has_on_a_day_of_the_deal_is_none(place: str, tier: str, years: tuple[int, int]) -> None:
    assert found(place, tier, *years) == []


def test_an_area_is_known_by_its_members_too() -> None:
    cumbria = ("E06000063", "E06000064")
    assert found("Our own name", "mayoral", members=cumbria) == []
    assert "Cumbria is" in found("Our own name", "established-mayoral", members=cumbria)[0].fact
    assert found("Norfolk and Suffolk", "mayoral", 2028, 2031, ("E10000020", "E10000029")) == []


def test_what_is_not_there_yet_is_said_with_its_day() -> None:
    both = ("E10000020", "E10000029")
    (finding,) = found("Norfolk and Suffolk", "mayoral", 2026, 2027, both)
    assert "it is planned, and elects its mayor in May 2028" in finding.fact
    assert "made on 4 June 2026" in found("Hampshire and the Solent", "mayoral", 2024, 2025, ("E10000014",))[0].fact
