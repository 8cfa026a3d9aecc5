"""Places like a place, and where it stands among its class: by hand, and over all places."""

from __future__ import annotations

import math

import numpy as np
import pytest

from soke.england.alike import CLASSES, class_of, most_particular, peers
from soke.england.baseline import baseline
from soke.england.measures import measure, measures
from soke.england.places import places

KINDS = tuple(CLASSES)


@pytest.mark.parametrize("kind", KINDS)
def test_every_place_of_a_class_has_others_like_it_and_never_itself(kind: str) -> None:
    found = peers(kind)
    many = 8 if len(found.keys) >= 40 else 4
    for key in found.keys:
        like = found.alike(key)
        assert len(like) == min(many, len(found.keys) - 1) and key not in {one.key for one in like}
        assert [one.distance for one in like] == sorted(one.distance for one in like)


def test_the_nearest_is_the_nearest_by_hand() -> None:
    """Distances of one district to all others, from the columns themselves."""
    b, known = baseline(), [p.code for p in places().authorities if p.kind == "shire-district"]
    at = [b.codes.index(code) for code in known]
    people, km2, need = b["population"][at], b.area_km2[at], b["imd_score"][at]
    figures = [[math.log(p), math.log(p / k), n] for p, k, n in zip(people, km2, need, strict=True)]
    spread = [float(np.std(column)) for column in zip(*figures, strict=True)]
    scaled = {code: [x / s for x, s in zip(row, spread, strict=True)] for code, row in zip(known, figures, strict=True)}
    far = {code: math.dist(scaled["E07000149"], row) for code, row in scaled.items() if code != "E07000149"}
    nearest = sorted(far, key=lambda code: far[code])[:8]
    assert [one.key for one in peers("shire-district").alike("E07000149")] == nearest


def test_a_district_stands_where_its_figure_stands() -> None:
    stands = {one.measure.id: one for one in peers("shire-district").standings("E07000149")}
    grown = stands["people-since-1998"]
    assert (round(grown.value, 2), grown.rank, grown.among, round(grown.middle, 2)) == (0.35, 8, 164, 0.16)
    bill = stands["bill"]
    assert round(bill.value, 2) == 2056.76  # the published Band D of the area, parishes included
    assert most_particular([*stands.values()])[0] is grown


@pytest.mark.parametrize("kind", KINDS)
def test_ranks_run_from_the_top_and_what_kind_of_place_it_is_is_no_finding(kind: str) -> None:
    found = peers(kind)
    for one in measures():
        ranks = sorted(stand.rank for key in found.keys for stand in found.standings(key) if stand.measure.id == one.id)
        assert ranks[0] == 1 and all(rank <= len(found.keys) for rank in ranks)
    told = most_particular(found.standings(found.keys[0]))
    assert not any(stand.measure.kind_of_place for stand in told)
    assert [stand.from_the_end for stand in told] == sorted(stand.from_the_end for stand in told)


def test_an_area_has_the_figure_of_all_its_people() -> None:
    gm, b = places().members("E47000001"), baseline()
    inside = b.mask(gm)
    assert measure("people").of(gm) == pytest.approx(b["population"][inside].sum())
    assert measure("density").of(gm) == pytest.approx(b["population"][inside].sum() / b.area_km2[inside].sum())
    assert measure("output").of(gm) == pytest.approx(1e6 * b["gva"][inside].sum() / b["population"][inside].sum())


def test_what_has_no_class_is_said() -> None:
    assert class_of("country") == "" and class_of("combined-authority") == "strategic"
    with pytest.raises(KeyError):
        peers("country")
    with pytest.raises(ValueError, match="not in"):
        peers("county").alike("E07000149")
