"""Devolution in people and over time: sums to England, and a colour from a dated fact alone."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest

from soke.england.devolution import (
    Timeline,
    a_head,
    as_of,
    devolved_funds,
    people_by_tier,
    people_of,
    standing_of,
    timeline,
    with_tier,
    without,
)
from soke.england.places import places
from soke.england.strategic import strategic_authorities, strategic_authority, told_until

AT = dt.date(2026, 9, 15)


def test_people_sum_to_england() -> None:
    england, *kinds = people_by_tier(AT)
    assert england.all == pytest.approx(57_106_398, abs=1)
    assert sum(of.all for of in kinds) == pytest.approx(england.all, abs=1)
    for standing in england.by:
        assert sum(of.by[standing] for of in kinds) == pytest.approx(england.by[standing], abs=1)
    nothing = sum(people_of(places().members(code)) for code in without(AT))
    assert nothing == pytest.approx(england.by["none"], abs=1)
    tops = sum(people_of(body.members) for body in with_tier("established-mayoral", AT))
    assert tops == pytest.approx(england.by["established-mayoral"], abs=1)
    assert round(england.share("established-mayoral") * 100, 1) == 47.3


def test_before_the_tiers_nobody_had_one() -> None:
    england = people_by_tier(dt.date(2024, 1, 1))[0]
    assert england.share("planned", "none") == 1.0
    assert as_of(dt.date(2030, 1, 1)) == told_until() == AT


def line(name: str) -> Timeline:
    body = strategic_authority(name)
    assert body
    return timeline(body, AT)


def test_a_tier_has_a_colour_from_a_dated_fact_alone() -> None:
    """A tier that is read back from a later source is not known before the day on which that source speaks."""
    for body in strategic_authorities():
        for stretch in timeline(body, AT).stretches:
            if stretch.tier and stretch.first != body.made:
                assert stretch.first in {spell.as_of for spell in body.spells}, body.name
    gm = line("Greater Manchester")
    assert [(s.tier, s.last) for s in gm.stretches] == [(None, dt.date(2026, 7, 1)), ("established-mayoral", AT)]
    assert gm.moved is None and not gm.first_vote
    east = line("East Midlands")
    assert east.moved == dt.date(2026, 7, 31) and east.stretches[0].tier is None
    assert [s.tier for s in line("Lancashire").stretches] == ["foundation"]
    assert line("Greater Essex").stretches == () and line("Greater Essex").first_vote


@pytest.mark.parametrize("until", ["2010-01-01", "2025-03-01", "2026-06-30", "2026-07-31", "2026-09-15"])
def test_stretches_follow_one_another(until: str) -> None:
    day = dt.date.fromisoformat(until)
    for body in strategic_authorities():
        stretches = timeline(body, day).stretches
        if body.made is None or body.made > day:
            assert stretches == ()
            continue
        assert stretches[0].first == body.made and stretches[-1].last == day
        assert all(a.last == b.first for a, b in pairwise(stretches))
        if stretches[-1].tier:
            assert stretches[-1].tier == standing_of(body, day)


def test_funds_are_of_areas_that_there_are() -> None:
    names = {body.name for body in strategic_authorities()}
    for (area, _), fund in devolved_funds().items():
        assert area in names and fund.gbp_million > 0 and fund.grade == "unverified" and fund.source
    gm = strategic_authority("Greater Manchester")
    lancashire = strategic_authority("Lancashire")
    assert gm and lancashire
    assert a_head(gm, "investment") == pytest.approx(30e6 / 2_911_744)
    assert a_head(gm, "transport") == pytest.approx(1_070e6 / 5 / 2_911_744)
    assert a_head(gm, "settlement") == pytest.approx(216.37, abs=0.01)  # as the shipped first funds have it
    assert a_head(lancashire, "investment") is None
