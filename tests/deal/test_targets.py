"""Partners' own targets: which conditions pull a partner against its own, and what is refused."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soke.deal.check import check_reading
from soke.deal.condition import Condition
from soke.deal.diff import diff
from soke.deal.finding import Finding
from soke.deal.reader import read_terms, read_text
from soke.deal.rules.targets import against, pushes, ties
from soke.deal.types import Deal
from soke.england.places import places

MINIMAL = Path("src/soke/deal/rules/minimal.toml").read_text("utf-8")
WAITS = """
[[indicator]]
id = "waits"
title = "Hours that people wait"
unit = "hours"
better = "down"
period = "year"
publisher = "NHS England"
lag_days = 30
revision = "restate"
{indicator}
origin = "illustrative"

[[condition]]
id = "short-waits"
title = "People wait less"
kind = "performance"
indicator = "waits"
{condition}
reported_by = "{reported_by}"
checked_by = "panel"
due_days = 90
origin = "illustrative"

[[target]]
id = "four-hours"
title = "Most are seen within four hours"
partner = "nhs"
indicator = "turnout"
better = "up"
{target}
origin = "illustrative"
"""


def text(target: str = "", condition: str = "at_most = 5", indicator: str = "", reported_by: str = "authority") -> str:
    return MINIMAL + WAITS.format(target=target, condition=condition, indicator=indicator, reported_by=reported_by)


@cache
def found(deal: str) -> tuple[Finding, ...]:
    codes = ("DC214", "DC215", "DV")
    return tuple(
        one for one in check_reading(read_text(deal, places()), places()).findings if one.code.startswith(codes)
    )


def read(deal: str) -> Deal:
    reading = read_text(deal, places())
    assert reading.deal is not None and reading.findings == ()
    return reading.deal


class TestPull:
    @pytest.mark.parametrize(
        ("target", "condition", "pulls"),
        [
            ('raises = ["waits"]', "at_most = 5", True),
            ('raises = ["waits"]', "at_least = 5", False),
            ('lowers = ["waits"]', "at_least = 5", True),
            ('lowers = ["waits"]', "at_most = 5", False),
            ('raises = ["waits"]', "", True),  # no threshold: the indicator is better lower
            ('lowers = ["waits"]', "", False),
            ('raises = ["waits"]', "at_least = 3\nat_most = 5", True),
            ('lowers = ["waits"]', "at_least = 3\nat_most = 5", True),
            ("", "at_most = 5", False),
        ],
    )  # fmt: skip
    def test_a_push_against_a_threshold(self, target: str, condition: str, pulls: bool) -> None:
        assert [one.code for one in found(text(target, condition))] == ["DC214"] * pulls

    def test_of_a_band_a_push_towards_it_is_none_against_it(self) -> None:
        band = "at_least = 3\nat_most = 5"
        assert found(text('raises = ["waits"]', band, "baseline_value = 2")) == ()
        assert found(text('lowers = ["waits"]', band, "baseline_value = 7")) == ()
        assert len(found(text('lowers = ["waits"]', band, "baseline_value = 4"))) == 1

    def test_its_own_indicator_counts_too(self) -> None:
        deal = text().replace('indicator = "turnout"\nbetter = "up"', 'indicator = "waits"\nbetter = "up"')
        (one,) = found(deal)
        assert 'asks for at most 5 of "waits"' in one.fact and one.severity == "warning"
        assert deal.splitlines()[one.at.line - 1] == 'better = "up"'

    def test_it_names_condition_partner_and_target_and_how_the_partner_is_tied(self) -> None:
        (one,) = found(text('raises = ["waits"]', reported_by="nhs"))
        for words in (
            "short-waits",
            "four-hours",
            "Most are seen within four hours",
            "which reports it,",
            "pushes it up",
        ):
            assert words in one.fact
        assert "[[bargain]]" in one.fix
        assert "which" not in found(text('raises = ["waits"]'))[0].fact

    def test_a_reason_silences_it(self) -> None:
        deal = text('# soke: ignore DC214 reason="the board has set it aside here"\nraises = ["waits"]')
        assert found(deal) == ()


class TestTies:
    def test_who_pays_receives_pools_and_holds(self) -> None:
        deal = read(text(condition='at_most = 5\ntie = "settlement"').replace(
            'headline = 100_000_000', 'partners = ["nhs"]\nheadline = 100_000_000'))  # fmt: skip
        condition = next(one for one in deal.conditions if one.id == "short-waits")
        tied = ties(deal, condition)
        assert tied["nhs"] == 'pools money in "settlement"' and tied["dfe"] == 'pays the fund "skills"'
        assert (tied["authority"], tied["panel"]) == ("reports it", "checks it")
        pooled = next(one for one in deal.conditions if one.indicator == "pooled-contributions")
        assert ties(deal, pooled)["nhs"] == 'pools money in "settlement"'
        power = read(text(condition='at_most = 5\ntie = "adult-skills"', reported_by="nhs"))
        tied = ties(power, next(one for one in power.conditions if one.tie == "adult-skills"))
        assert tied[power.powers[0].holder] == 'holds the power "adult-skills"'


class TestRefused:
    @pytest.mark.parametrize("party", ["residents", "authority", "panel", "moon"])
    def test_a_target_of_no_partner(self, party: str) -> None:
        (one,) = found(text().replace('partner = "nhs"', f'partner = "{party}"'))
        assert (one.code, one.severity) == ("DC215", "error") and f'of "{party}"' in one.fact

    def test_an_unknown_indicator_wherever_it_stands(self) -> None:
        for deal in (
            text().replace('indicator = "turnout"', 'indicator = "turnouts"'),
            text('raises = ["wait"]'), text('lowers = ["happiness"]'),
        ):  # fmt: skip
            (one,) = found(deal)
            assert one.code == "DC215" and "no indicator of the deal" in one.fact

    def test_both_ways(self) -> None:
        assert [one.code for one in found(text('raises = ["waits"]\nlowers = ["waits"]', "at_least = 1"))] == [
            "DC214", "DC215",
        ]  # fmt: skip
        assert "up and down" in found(text('lowers = ["turnout"]'))[-1].fact

    def test_form(self) -> None:
        assert {one.code for one in found(text('rises = ["waits"]'))} == {"DV002"}
        assert {one.code for one in found(text().replace('better = "up"', 'better = "more"'))} == {"DV005"}


def test_what_is_added_and_changed_is_told() -> None:
    before = read(text('raises = ["waits"]'))
    (change,) = diff(before, read(text('raises = ["waits", "turnout"]')))
    assert change.path.startswith("target.four-hours.raises")
    assert any('The target "four-hours" is added' in one.sentence for one in diff(read(MINIMAL), before))


def test_a_target_of_the_framework_holds_in_every_deal() -> None:
    offer = Path("src/soke/deal/offer/england.toml").read_text("utf-8")
    own = '\n[[target]]\nid = "own"\ntitle = "T"\npartner = "nhs"\nindicator = "turnout"\nbetter = "down"\n'
    deal = read_terms(MINIMAL, f'{offer}{own}origin = "illustrative"\n', places()).deal
    assert deal is not None and [list(pushes(one)) for one in deal.targets] == [[("better", "turnout", "down")]]


@given(
    least=st.none() | st.integers(0, 10), most=st.none() | st.integers(0, 10), way=st.sampled_from(["up", "down"]),
)  # fmt: skip
def test_no_threshold_is_against_both_ways_but_a_band(least: int | None, most: int | None, way: str) -> None:
    deal = read(MINIMAL)
    condition = Condition(
        at=deal.at, id="c", title="C", kind="policy", indicator="turnout",
        at_least=None if least is None else Decimal(least), at_most=None if most is None else Decimal(most),
    )  # fmt: skip
    both = [bool(against(condition, deal, "turnout", one)) for one in ("up", "down")]
    assert all(both) == (least is not None and most is not None) and any(both)
    assert against(condition, deal, "waits", way) == ""  # type: ignore[arg-type]
