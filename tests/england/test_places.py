from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soke.england.places import CLASS_NAMES, LOWER, places
from soke.errors import SokeError


def test_counts_are_those_of_may_2025() -> None:
    p = places()
    assert len(p.authorities) == 296
    assert len(p.of_kind("county")) == 21
    assert len(p.of_kind("combined-authority")) == 15
    assert len(p.of_kind("region")) == 9
    assert {k: len(p.of_kind(k)) for k in LOWER} == {
        "unitary": 63, "metropolitan-district": 36, "london-borough": 33, "shire-district": 164,
    }  # fmt: skip
    assert set(CLASS_NAMES) == set(LOWER)


def test_regions_tile_england_and_counties_hold_every_shire_district() -> None:
    p = places()
    in_regions = [code for region in p.of_kind("region") for code in p.members(region.code)]
    assert sorted(in_regions) == list(p.codes) == list(p.members("E92000001"))
    in_counties = {code for county in p.of_kind("county") for code in p.members(county.code)}
    assert in_counties == {place.code for place in p.of_kind("shire-district")}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("Greater Manchester", "E47000001"),
        ("e08000003", "E08000003"),
        ("manchester", "E08000003"),
        ("the City of London", "E09000001"),
        ("Lancashire", "E47000018"),
        ("Lancashire county", "E10000017"),
        ("Lancashire Combined County Authority", "E47000018"),  # not the county
        ("Lancashire County Council", "E10000017"),
        ("East Midlands Combined County Authority", "E47000013"),
        ("West Yorkshire Mayoral Combined Authority", "E47000003"),
        ("Greater Lincolnshire CCA", "E47000017"),
        ("North East MCA", "E47000014"),
        ("Wigan Metropolitan Borough Council", "E08000010"),
        ("London Borough of Camden", "E09000007"),
        ("Royal Borough of Windsor and Maidenhead", "E06000040"),
        ("Herefordshire, County of", "E06000019"),
        ("Barking & Dagenham", "E09000002"),
        ("England", "E92000001"),
        ("London", "E12000007"),
        ("South East", "E12000008"),
        ("Bristol", "E06000023"),
        ("Leeds City Council", "E08000035"),
        ("Greater London Authority", "E61000001"),
    ],
)
def test_find_by_code_or_name(said: str, code: str) -> None:
    assert places().find(said).code == code


@pytest.mark.parametrize(
    ("said", "parts"),
    [
        ("Mancester", ["Manchester (E08000003)"]),
        ("hull", ["Kingston upon Hull (E06000010)"]),
        ("Allerdale", ["1 April 2023", "Cumberland (E06000063)"]),
        ("E07000026", ["1 April 2023", "Cumberland (E06000063)"]),
        ("Northamptonshire", ["1 April 2021", "North Northamptonshire", "West Northamptonshire"]),
        ("Cumbria", ["Cumberland", "Westmorland and Furness"]),
        ("Dorset and Wiltshire fire", ["soke places"]),
        ("", ["soke places"]),
        ("x" * 5000, ["soke places"]),
    ],
)
def test_a_near_miss_or_an_ended_authority_gets_a_helpful_answer(said: str, parts: list[str]) -> None:
    with pytest.raises(SokeError) as caught:
        places().find(said)
    for part in parts:
        assert part in str(caught.value)
    assert len(str(caught.value)) < 400


@given(st.text(max_size=60))
def test_find_raises_only_its_own_error(text: str) -> None:
    try:
        place = places().find(text)
    except SokeError:
        return
    assert place.code in places().by_code


def test_what_ended_has_successors_that_stand() -> None:
    p = places()
    for gone in p.ended:
        if gone.successor:
            assert gone.successor in p.by_code
            assert gone.code not in p.by_code
    assert {s.successor for s in p.successors("E10000006")} == {"E06000063", "E06000064"}
    assert {s.ended for s in p.successors("E10000009")} == {2019}
    planned = p.successors("E10000030")  # Surrey: announced, not yet in force
    assert {s.grade for s in planned} == {"unverified"}
    assert {s.ended for s in planned} == {2027}


@pytest.mark.parametrize("name", ["Surrey Combined Authority", "Kent Combined County Authority", "Leeds MCA"])
def test_a_combined_authority_that_there_is_not_is_no_council_of_the_name(name: str) -> None:
    with pytest.raises(SokeError, match="No place in England is called"):
        places().find(name)
