"""Who spends in a place: bodies by their own figures, all others by what is left."""

from __future__ import annotations

import pytest

from soke.england.places import places
from soke.model.accounts import account
from soke.model.accounts.explain import LineSum, explain
from soke.model.accounts.spenders import OTHERS, spenders


@pytest.mark.parametrize("name", ["Greater Manchester", "South Norfolk", "Islington", "Cornwall", "England"])
def test_the_parts_sum_to_what_is_spent_and_none_is_below_nought(name: str) -> None:
    a = account(places().area(name)[1], 2023, name=name)
    spent = spenders(a)
    assert sum(body.pounds for body in spent) == pytest.approx(a.spending)
    assert all(body.pounds >= 0 for body in spent) and spent[-1].kind == OTHERS
    assert len({body.code for body in spent}) == len(spent)


def test_police_are_those_that_their_line_measures() -> None:
    codes = places().area("Greater Manchester")[1]
    a = account(codes, 2023)
    done = explain(codes, 2023, "public-order")
    assert isinstance(done, LineSum)
    police = sum(
        area.here * next(r.factor for r in part.regions if r.region == area.region)
        for part in done.components for area in part.areas if area.area.kind == "police"
    )  # fmt: skip
    assert sum(body.pounds for body in spenders(a) if body.kind == "police") >= police > 0


def test_a_shire_has_its_county_and_a_city_none() -> None:
    shire, city = (
        {body.kind: body.pounds for body in spenders(account(places().area(name)[1], 2023))}
        for name in ("South Norfolk", "Leeds")
    )
    assert shire["county"] > 5 * shire["authority"] and "county" not in city
    assert shire[OTHERS] / sum(shire.values()) > 0.6
