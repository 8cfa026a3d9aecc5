"""Shares of business rates: every place of every year sums to one, and those of 2013-14 are the published split."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soke.england.places import places
from soke.england.settlement import finance_authorities, rates_shares_2013
from soke.errors import SokeError
from soke.model.funding.rates_shares import (
    GLA,
    Billing,
    Split,
    billing,
    local_split,
    read_shares,
    share_matrix,
    split,
)

YEARS = range(2013, 2030)


def of(name: str, year: int) -> Split:
    return split(billing(places().find(name), year), year)


@pytest.mark.parametrize("year", YEARS)
def test_every_billing_authority_sums_to_one(year: int) -> None:
    for place in places().authorities:
        part = split(billing(place, year), year)
        assert part.central + part.billing + part.upper + part.fire + part.combined == pytest.approx(1.0, abs=1e-12)


def test_the_published_split_of_2013_14_for_all_326_billing_authorities() -> None:
    known = finance_authorities()
    published = rates_shares_2013()
    assert len(published) == 326
    for code, row in published.items():
        part = split(Billing(code, known[code].kind, row.county_or_gla, row.fire), 2013)
        assert part.central == 0.5
        local = (2 * part.billing, 2 * part.upper, 2 * part.fire)
        assert local == pytest.approx((row.share_billing, row.share_county_or_gla, row.share_fire)), code


def test_who_ran_the_fire_service_in_2013_14_is_as_published_where_the_authority_still_stands() -> None:
    published = rates_shares_2013()
    compared = 0
    for place in places().authorities:
        if place.code in published:
            assert bool(billing(place, 2013).fire) == bool(published[place.code].fire), place.name
            compared += 1
    assert compared > 270


@pytest.mark.parametrize(
    ("name", "year", "expected"),
    [
        ("Leeds", 2019, (0.5, 0.49, 0, 0.01, 0)),
        ("Norwich", 2019, (0.5, 0.4, 0.1, 0, 0)),
        ("Exeter", 2017, (0.5, 0.4, 0.09, 0.01, 0)),
        ("Exeter", 2018, (0, 0.4, 0.59, 0.01, 0)),
        ("Isle of Wight", 2019, (0.5, 0.5, 0, 0, 0)),
        ("Isle of Wight", 2022, (0.5, 0.49, 0, 0.01, 0)),
        ("Camden", 2013, (0.5, 0.3, 0.2, 0, 0)),
        ("Camden", 2017, (0.33, 0.3, 0.37, 0, 0)),
        ("Camden", 2018, (0, 0.64, 0.36, 0, 0)),
        ("Camden", 2019, (0.25, 0.48, 0.27, 0, 0)),
        ("Camden", 2026, (0.33, 0.3, 0.37, 0, 0)),
        ("Manchester", 2016, (0.5, 0.49, 0, 0.01, 0)),
        ("Manchester", 2017, (0, 0.99, 0, 0.01, 0)),
        ("Halton", 2020, (0, 0.99, 0, 0.01, 0)),
        ("Birmingham", 2026, (0, 0.99, 0, 0.01, 0)),
        ("Bristol, City of", 2020, (0, 0.94, 0, 0.01, 0.05)),
        ("Cornwall", 2016, (0.5, 0.5, 0, 0, 0)),
        ("Cornwall", 2017, (0, 1, 0, 0, 0)),
    ],
)
def test_regimes(name: str, year: int, expected: tuple[float, ...]) -> None:
    part = of(name, year)
    assert (part.central, part.billing, part.upper, part.fire, part.combined) == expected


def test_the_grade_falls_where_a_year_is_only_taken_to_stay() -> None:
    assert of("Leeds", 2025).grade == "official"
    assert of("Leeds", 2026).grade == "unverified"


def test_a_pilot_of_one_year_is_asked_for_by_name() -> None:
    exeter = billing(places().find("Exeter"), 2019)
    assert split(exeter, 2019, "pilot-75").local == 0.75
    with pytest.raises(SokeError, match=r"for 2018-19\..*There are shares for 2019-20\."):
        split(exeter, 2018, "pilot-75")
    with pytest.raises(SokeError, match="pilot-80"):
        split(exeter, 2019, "pilot-80")


def test_the_matrix_sends_each_share_to_its_recipient() -> None:
    names = ("Norwich", "Exeter", "Camden", "Bristol, City of")
    who = [billing(places().find(name), 2026) for name in names]
    parts = [split(b, 2026) for b in who]
    codes = sorted({c for b in who for c in (b.code, b.upper, b.fire, b.combined) if c})
    matrix = share_matrix(who, parts, codes)
    assert matrix.sum(axis=1) == pytest.approx([part.local for part in parts])
    assert matrix[0, codes.index("E10000020")] == 0.1
    assert matrix[2, codes.index(GLA)] == 0.37
    assert matrix[3, codes.index("E47000009")] == 0.05
    assert np.count_nonzero(matrix) == 2 + 3 + 2 + 3
    with pytest.raises(SokeError, match=r"E10000020 is to have 0.1"):
        share_matrix(who[:1], parts[:1], [who[0].code])
    with pytest.raises(SokeError, match=f"{who[0].code} is given twice"):
        share_matrix([who[0], who[0]], [parts[0], parts[0]], codes)


@given(
    retention=st.floats(0.0, 1.0),
    kind=st.sampled_from(["shire-district", "unitary", "metropolitan-district"]),
)
def test_a_freely_set_local_share_keeps_the_proportions(retention: float, kind: str) -> None:
    part = local_split(kind, True, retention)
    assert part.local == pytest.approx(retention)
    assert part.fire == pytest.approx(0.02 * retention)
    if kind == "shire-district":
        assert part.billing == pytest.approx(0.8 * retention)


def test_local_splits_by_class() -> None:
    assert local_split("shire-district", False, 0.75).upper == pytest.approx(0.15)
    assert local_split("london-borough", False, 1.0).upper == pytest.approx(0.4)
    with pytest.raises(SokeError, match=r"kept is 1.2"):
        local_split("unitary", True, 1.2)


def test_bad_shares_name_the_row() -> None:
    head = "kind,fire_service,area,first,last,central,billing,upper,fire,combined,grade,source,note\n"
    with pytest.raises(SokeError, match=r"unitary \(separate fire\) from 2013 sum to 0.99: central 0.5, billing 0.48"):
        read_shares(head + "unitary,separate,,2013,,0.5,0.48,0,0.01,0,official,x,\n")
    with pytest.raises(SokeError, match=r"is negative: central 0.5, billing 0.6, upper -0.1"):
        Split(0.5, 0.6, -0.1, 0.0, 0.0)
    with pytest.raises(SokeError, match="upper authority, but no such authority"):
        split(Billing("E07000148", "shire-district"), 2019)
    with pytest.raises(SokeError, match=r"2012-13.*2013-14 onwards"):
        split(billing(places().find("Leeds"), 2012), 2012)
    with pytest.raises(SokeError, match="does not bill"):
        billing(places().find("Norfolk county"), 2019)
    with pytest.raises(SokeError, match="class 'county'"):
        split(Billing("E10000020", "county"), 2019)
