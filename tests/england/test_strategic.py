"""Strategic authorities: who had which tier on which day, with whom, and every name that people give them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soke.england.importers.strategic import SOURCE as TABLE
from soke.england.importers.strategic import strategic_authorities as compiled
from soke.england.places import places
from soke.england.settlement import find_authority
from soke.england.sources import source
from soke.england.strategic import (
    SOURCE,
    StrategicAuthority,
    around,
    of_members,
    strategic_authorities,
    strategic_authority,
    tier_on,
)
from soke.england.tables import read_table, read_text
from soke.errors import SokeError
from soke.model.funding.area import chosen

ALL = strategic_authorities()
CODED = [area for area in ALL if area.code]
WITHOUT = [area for area in ALL if not area.code]
each = pytest.mark.parametrize("area", ALL, ids=lambda area: area.name)
CHANGED = ("Cambridgeshire and Peterborough", "East Midlands", "West of England", "York and North Yorkshire")


def tiers(at: dt.date) -> Counter[str]:
    return Counter(tier for area in ALL if (tier := tier_on(area.name, at)))


def test_how_many_had_which_tier() -> None:
    """18 in all, as the National Audit Office counts at 1 July 2026; eleven established since 31 July."""
    assert tiers(dt.date(2026, 7, 30)) == {"established-mayoral": 7, "mayoral": 11, "foundation": 2}
    assert tiers(dt.date(2026, 7, 31)) == {"established-mayoral": 11, "mayoral": 7, "foundation": 2}
    assert len(ALL) == 22 and [area.name for area in ALL if area.made is None] == [
        "Greater Essex", "Norfolk and Suffolk",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("area", "day", "tier"),
    [
        ("Lancashire", "2026-09-15", "foundation"),
        ("E47000015", "2026-09-15", "foundation"),
        ("Lancashire", "2025-02-04", None),  # made the day after
        ("Hampshire and the Solent", "2026-06-03", None),
        ("Hampshire and the Solent", "2026-06-04", "mayoral"),
        ("Greater Manchester", "2012-04-01", None),  # made, but there were no tiers
        ("Greater Essex", "2026-09-15", None),
        ("Kent", "2026-09-15", None),
        *((name, "2026-07-30", "mayoral") for name in CHANGED),
        *((name, "2026-07-31", "established-mayoral") for name in CHANGED),
    ],
)
def test_the_tier_on_a_day(area: str, day: str, tier: str | None) -> None:
    assert tier_on(area, dt.date.fromisoformat(day)) == tier


@each
def test_an_area_is_whole(area: StrategicAuthority) -> None:
    assert area.members == tuple(sorted(area.members)) and set(area.members) <= set(places().codes)
    assert of_members(area.members) is area and all(around(code) is area for code in area.members)
    assert [spell.tier for spell in area.spells] in (["foundation"], ["mayoral"], ["established-mayoral"],
                                                     ["mayoral", "established-mayoral"])  # fmt: skip
    for before, after in zip(area.spells, area.spells[1:], strict=False):
        assert before.until == after.since
    assert area.last.until is None and (area.last.since is None) == (area.made is None)
    assert "read second-hand" in area.last.told and (not area.elects) == (area.last.tier == "foundation")
    if area.code:
        assert area.members == places().members(area.code)


def test_nobody_is_in_two_of_them_and_no_code_is_made_up() -> None:
    members = Counter(code for area in ALL for code in area.members)
    assert set(members.values()) == {1}
    coded = {p.code for kind in ("combined-authority", "strategic-authority") for p in places().of_kind(kind)}  # type: ignore[arg-type]
    assert {area.code for area in CODED} == coded
    assert sorted(area.name for area in WITHOUT) == [
        "Cheshire and Warrington", "Cumbria", "Greater Essex", "Hampshire and the Solent", "Norfolk and Suffolk",
        "Sussex and Brighton",
    ]  # fmt: skip
    assert {area.name for area in ALL if area.last.mayor is False} == {
        *(area.name for area in WITHOUT), "Lancashire", "Devon and Torbay",
    }  # fmt: skip


def test_all_of_it_is_read_second_hand() -> None:
    assert {row["grade"] for row in read_table("strategic_authorities")} == {"unverified"}
    assert source(SOURCE).grade == "unverified" and "second-hand" in source(SOURCE).title


def ways(area: StrategicAuthority) -> list[str]:
    """What people call the body of an area, and the area."""
    words = [w for w in area.legal_name.replace("Mayoral ", "").split() if w not in ("and", "of", "the")]
    said = [area.legal_name, area.legal_name.upper(), f"the {area.legal_name}", area.legal_name.replace(" and ", " & "),
            f"{area.name} Mayoral Strategic Authority", area.legal_name.replace("Authority", "Authority ").strip(),
            f"{area.legal_name} (ABC)", *area.formerly]  # fmt: skip
    if area.code and area.name != "Greater London":
        said += [f"{area.name} Mayoral Combined Authority", f"{area.name} Combined County Authority",
                 f"{area.name} MCA", f"{area.name} CA"]  # fmt: skip
    if len(words) > 3 or area.name == "Greater London":
        said.append("".join(w[0] for w in words))
    if " and " in area.name:
        first, second = area.name.split(" and ", 1)
        said += [f"{first} & {second}", f"{second.removeprefix('the ')} and {first}", f"{first} \N{EN DASH} {second}"]
    return said


@each
def test_every_name_of_it_is_found(area: StrategicAuthority) -> None:
    for said in (area.name, area.code or area.name, *ways(area)):
        assert strategic_authority(said) is area, said


@pytest.mark.parametrize("area", CODED, ids=lambda area: area.name)
def test_a_place_is_found_by_every_name_of_its_authority(area: StrategicAuthority) -> None:
    for said in (area.code, *ways(area)):
        assert places().find(said).code == area.code, said
    assert places().area(area.legal_name)[1] == area.members


@pytest.mark.parametrize("area", WITHOUT, ids=lambda area: area.name)
def test_one_without_a_code_names_its_members(area: StrategicAuthority) -> None:
    assert places().area(area.name) == places().area(area.legal_name) == (area.name, area.members)
    with pytest.raises(SokeError, match="Name its members") as caught:
        places().find(area.legal_name)
    for code in places().gathered(area.members):
        assert code in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("said", "near"),
    [
        ("Norfolk Combined County Authority", "Norfolk (E10000020)"),
        ("Manchester Combined Authority", "Greater Manchester (E47000001)"),
        ("Devon CCA", "Devon and Torbay (E47000015)"),
        ("North Yorkshire Mayoral Combined Authority", "York and North Yorkshire (E47000012)"),
        ("Combined Authority", "soke places"),
        ("CCA", "soke places"),
        ("MCA", "soke places"),
    ],
)
def test_a_body_that_is_none_is_no_county_or_district(said: str, near: str) -> None:
    assert strategic_authority(said) is None
    with pytest.raises(SokeError) as caught:
        places().find(said)
    assert near in str(caught.value)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("Lancashire County Council", "E10000017"),
        ("Hull City Council", "E06000010"),
        ("Durham County Council", "E06000047"),
        ("London Borough of Hammersmith & Fulham", "E09000013"),
        ("Newcastle City Council", "E08000021"),
    ],
)
def test_a_council_means_its_place(said: str, code: str) -> None:
    assert places().find(said).code == code


def test_the_settlement_knows_the_same_names() -> None:
    assert find_authority("GMCA") is find_authority("Greater Manchester Combined Authority")
    here = places().codes
    found = chosen(["East Midlands Combined County Authority"], 2022, here)  # made since: its area
    assert found.area == "East Midlands" and found.codes


@given(st.text(max_size=40))
def test_any_text_is_one_or_none(text: str) -> None:
    found = strategic_authority(text)
    assert found is None or found in ALL


def test_compiled_from_the_table(source_dir: Path) -> None:
    assert compiled(source_dir) == read_text("strategic_authorities")
    assert (source_dir / TABLE).exists()
