"""Own figures of public bodies: nothing lost or counted twice, areas as they were then, and what stands in."""

from __future__ import annotations

from pathlib import Path

import pytest

from soke.england.importers.own_figures import EARLIER, NOT_OF_A_PLACE, RECENT, SERVICES
from soke.england.importers.tidy import rows
from soke.england.places import places
from soke.england.tables import read_table
from soke.model.accounts.components import Piece, pieces
from soke.model.accounts.own import shipped

WESTMORLAND, BIRMINGHAM, NORTH_OF_TYNE = "E06000064", "E08000025", "E47000011"
DORSET, BOURNEMOUTH = "E06000059", "E06000058"
NEWCASTLE, DURHAM, HALTON = "E08000021", "E06000047", "E06000006"


def piece(component: str, year: int) -> Piece:
    return next(p for p in pieces(year) if p.component.id == component)


def figure(name: str, area: str, year: int) -> float:
    return shipped().amounts[name][year].get(area, 0.0)


@pytest.mark.parametrize("service", SERVICES)
def test_own_figures_of_a_service_sum_to_what_was_filed(source_dir: Path, service: str) -> None:
    """Every body that is of a place, once; what stands in for those who filed nothing apart."""
    new, old = SERVICES[service]
    filed: dict[int, float] = {}
    for file, variable in ((RECENT, new), (EARLIER, old)):
        for row in rows(source_dir, file):
            park = NOT_OF_A_PLACE.fullmatch(row["gss_code"]) or NOT_OF_A_PLACE.fullmatch(row.get("ecode", ""))
            if row["variable"] == variable and row.get("status", "submitted") == "submitted" and not park:
                year = int(row["year"][:4])
                filed[year] = filed.get(year, 0.0) + float(row["value"] or 0) / 1e6
    for year, amounts in shipped().amounts[service].items():
        own = sum(v for area, v in amounts.items() if (service, area, year) not in shipped().estimated)
        assert own == pytest.approx(filed[year], abs=0.3), (service, year)  # rounded to a thousand pounds, each


def test_an_heir_of_a_county_that_filed_nothing_has_its_part_of_the_county() -> None:
    """Westmorland and Furness: in 2022-23 schools and care were Cumbria's, in 2023-24 its own, and it filed nothing."""
    for name in ("education", "adult-social-care", "childrens-social-care", "public-health"):
        county, here = figure(name, "E10000006", 2022), figure(name, WESTMORLAND, 2023)
        assert 0.42 < here / county < 0.56, name  # 45 per cent of Cumbria's people
        assert (name, WESTMORLAND, 2023) in shipped().estimated
    assert figure("fire", WESTMORLAND, 2023) == 0  # the commissioner's since
    assert "its part by people of Cumbria County Council" in next(
        r["how"] for r in read_table("own_estimates") if r["area"] == WESTMORLAND and r["figure"] == "education"
    )


def test_growth_of_filers_is_of_the_same_places_in_both_years() -> None:
    """Somerset filed districts' services for 2022-23 and a county's too for 2023-24: that is no growth of a council."""
    for name, least, most in (("education", 1.06, 1.08), ("adult-social-care", 1.13, 1.16)):
        ratio = figure(name, BIRMINGHAM, 2023) / figure(name, BIRMINGHAM, 2022)
        same = [a for a, v in shipped().amounts[name][2022].items() if v and a[:3] in ("E08", "E09")
                and (name, a, 2023) not in shipped().estimated]  # fmt: skip
        assert least < ratio < most
        assert ratio == pytest.approx(sum(figure(name, a, 2023) for a in same) /
                                      sum(figure(name, a, 2022) for a in same), abs=0.03)  # fmt: skip


def test_a_combined_authority_that_filed_nothing_is_not_lost() -> None:
    assert figure("education", NORTH_OF_TYNE, 2022) == pytest.approx(29.4, abs=0.1)
    assert figure("education", NORTH_OF_TYNE, 2023) == pytest.approx(31.6, abs=0.5)
    assert ("education", NORTH_OF_TYNE, 2023) in shipped().estimated


def test_christchurch_was_dorset_s_until_2019() -> None:
    """50,000 of the county's 434,000 people live in Bournemouth, Christchurch and Poole today."""
    county = next(f for f in piece("social-protection.adult-social-care", 2013).own)
    row = county.areas.index("E10000009")
    here = {code: county.split[row, places().codes.index(code)] for code in (DORSET, BOURNEMOUTH)}
    assert sum(here.values()) == pytest.approx(1.0)
    assert here[BOURNEMOUTH] == pytest.approx(0.116, abs=0.03)
    assert 0.85 < county.people[row, places().codes.index(DORSET)] < 0.99  # so that Dorset's is measured wider


def test_transport_authorities_had_the_places_of_then() -> None:
    """Tyne and Wear's was Newcastle's too and not Durham's; Merseyside's was not Halton's until 2014."""
    areas: dict[str, set[str]] = {}
    for row in read_table("areas"):
        areas.setdefault(row["area"], set()).add(row["place"])
    transport = shipped().amounts["highways-transport"]
    assert transport[2013]["E6345"] == pytest.approx(84.5, abs=0.1)
    assert NEWCASTLE in areas["E6345"]
    assert DURHAM not in areas["E6345"]
    assert HALTON not in areas["E6343"]
    assert {"E6343", "E6345"} & set(transport[2014]) == set()
    assert {NEWCASTLE, DURHAM} <= areas["E47000014"]
    assert transport[2014]["E47000014"] == pytest.approx(93.6, abs=0.1)
    assert "E47000010" not in transport[2014]  # of four authorities, and of 2018


def test_every_area_of_a_figure_is_known() -> None:
    known = {row["area"] for row in read_table("areas")} | set(places().codes)
    assert {a for years in shipped().amounts.values() for by in years.values() for a in by} <= known
