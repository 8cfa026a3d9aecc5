"""Figures of a place beside its account: each step can be worked out by hand, and comes to what the page shows."""

from __future__ import annotations

import re

import pytest

from soke.england.measures import measures
from soke.england.places import places
from soke.errors import SokeError
from soke.model.accounts import account
from soke.model.accounts.types import Account
from soke.model.funding.council_tax_bill import council_tax_bill
from soke.model.funding.next_pound import KEEPERS, next_pound
from soke.report.place_account import explained_line
from soke.report.tables.figures import (
    BILL,
    NEXT_POUND,
    OF_ENGLAND,
    SETTLEMENT,
    WHO_SPENDS,
    beside_england,
    figures,
    makers,
)

HUNDRED = re.compile(r"£([\d.]+) of each £100")


def of(name: str) -> Account:
    title, codes = places().area(name)
    return account(codes, 2023, name=title)


def number(said: str) -> float:
    return float(re.sub(r"[^\d.]", "", said))


@pytest.mark.parametrize("name", ["South Norfolk", "Greater Manchester", "Norfolk", "London", "Isles of Scilly"])
def test_parts_of_a_hundred_pounds_sum_to_it(name: str) -> None:
    made = figures(of(name))
    for title in (BILL, WHO_SPENDS):
        parts = [float(found[1]) for step in made[title].steps if (found := HUNDRED.search(step[1]))]
        assert sum(parts) == pytest.approx(100, abs=0.03), (title, made[title].steps)


def test_a_precept_is_that_of_its_body_by_the_homes_that_lie_here() -> None:
    """Published: Norfolk County Council asked for GBP 462.2m in 2022-23, over 304,692 Band D homes."""
    (norfolk,) = (part for part in council_tax_bill(["E07000149"]) if part.name == "Norfolk")
    assert norfolk.pounds == pytest.approx(norfolk.requirement * norfolk.base_here / norfolk.base)
    steps = dict(step[:2] for step in figures(of("South Norfolk"))[BILL].steps)
    assert steps["Norfolk"] == "asks for £462.2m x 51,430 / 304,692 Band D homes = £78.0m: £73.75 of each £100"
    assert steps["a Band D home"] == "£105.8m / 51,430 homes, counted as Band D = £2,056.76"


def test_several_councils_ask_together_for_what_each_asks() -> None:
    here = places().members("E10000020")
    whole = sum(part.pounds for part in council_tax_bill(here))
    assert whole == pytest.approx(sum(part.pounds for code in here for part in council_tax_bill([code])))
    (county,) = (part for part in council_tax_bill(here) if part.tier == "county")
    assert county.base_here == pytest.approx(county.base)


@pytest.mark.parametrize("name", ["Cornwall", "West Yorkshire", "East of England", "London"])
def test_weighed_pence_sum_to_a_pound(name: str) -> None:
    found = next_pound(places().area(name)[1])
    assert sum(group.weight for group in found.groups) == pytest.approx(1)
    assert sum(found.pence(keeper) for keeper in KEEPERS) == pytest.approx(100)
    for _, arithmetic, _ in figures(of(name))[NEXT_POUND].steps:
        if " x " in arithmetic:
            sum_, pence = arithmetic.split(" = ")
            by_hand = sum(number(a) * number(b) for a, b in (part.split(" x ") for part in sum_.split(" + ")))
            assert by_hand == pytest.approx(number(pence), abs=0.15)


def test_settlement_funding_is_grant_and_baseline_of_each_year() -> None:
    steps = figures(of("Greater Manchester"))[SETTLEMENT].steps
    assert steps[0][1] == "main grant 605.7 + baseline of kept rates 658.0 = 1,263.7; 11 bodies, as published"
    each = dict(step[:2] for step in steps)["2015-16, each"]
    summed = sum(float(part.rsplit(" ", 1)[1].replace(",", "")) for part in each.split("; "))
    assert summed == pytest.approx(1263.7, abs=0.6)
    assert SETTLEMENT in figures(of("Somerset"))  # its county and districts until 2023 served nobody else
    assert SETTLEMENT not in figures(of("Cumberland"))  # half a county: whose money it was cannot be told


def test_a_share_of_england_is_people_over_people() -> None:
    every = beside_england(places().area("Leeds")[1])
    assert (every[0].year, every[-1].year) == (1998, 2022)
    last = figures(of("Leeds"))[OF_ENGLAND].steps[-1][1]
    here, whole, share = (number(part) for part in re.split(r" / | = ", last))
    assert 100 * here / whole == pytest.approx(share, abs=0.01)
    assert OF_ENGLAND not in figures(of("England"))


@pytest.mark.parametrize("name", ["Leeds", "Norfolk", "England"])
def test_what_places_are_compared_by_is_a_sum_over_a_sum(name: str) -> None:
    made = figures(of(name))
    for one in measures():
        ((_, arithmetic, source),) = made[one.title].steps
        assert source, one.title
        if " / " not in arithmetic:
            continue
        sum_, shown = arithmetic.split(" = ")
        above, below = (number(re.split(r" [a-zA-Z]", part)[0]) for part in sum_.split(" / "))
        said = number(shown) / (100 if shown.endswith("%") else 1)
        assert above / below == pytest.approx(said, rel=0.05, abs=0.0006), (one.title, arithmetic)


def test_the_command_prints_each_and_names_the_nearest() -> None:
    for title in makers():
        answer = explained_line(["Leeds"], 2023, title.upper())
        row = next(iter(answer.table.records()))
        assert answer.facts["line"] == title and row["arithmetic"] and row["year"] == answer.facts["year"]
    with pytest.raises(SokeError, match="Did you mean Council tax bill"):
        explained_line(["Leeds"], 2023, "council tax bil")
    with pytest.raises(SokeError, match="There is no share of England of England"):
        explained_line(["England"], 2023, "Share of England")
    with pytest.raises(SokeError, match="Leave out --basis"):
        explained_line(["Leeds"], 2023, "People", "economy")
