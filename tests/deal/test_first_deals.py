"""First deals for every strategic authority and for lists of places: true tier and name, and examples that check."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soke.deal.check import Checked, check_reading
from soke.deal.first_area import first_area
from soke.deal.first_questions import Given, first_deal_by_questions
from soke.deal.new import new_deal
from soke.deal.reader import read_text
from soke.deal.types import Deal
from soke.england.places import places
from soke.england.strategic import StrategicAuthority, strategic_authorities
from soke.errors import SokeError

ALL = strategic_authorities()
each = pytest.mark.parametrize("area", ALL, ids=lambda area: area.name)
EXAMPLE = re.compile(r"# ?(\[\[\w+\]\]|[a-z_0-9]+ = .*)$")


def checked(text: str) -> Checked:
    return check_reading(read_text(text, places()), places())


def deal_of(text: str) -> Deal:
    found = checked(text)
    assert found.findings == () and found.deal is not None
    return found.deal


def uncommented(text: str) -> str:
    """Each line behind a comment sign that is a header or a key, without the sign."""
    return "\n".join(match[1] if (match := EXAMPLE.match(line)) else line for line in text.splitlines())


@each
def test_a_first_deal_says_who_it_is_for(area: StrategicAuthority) -> None:
    text = new_deal(area.name, places())
    deal = deal_of(text)
    assert deal.members == area.members and deal.tier == area.last.tier
    assert deal.place == (area.code or area.name) and deal.id == area.name.lower().replace(" ", "-")
    party = deal.party("authority")
    assert party is not None and party.name == area.legal_name and party.place == (area.code or None)
    assert "read second-hand" in " ".join(line.removeprefix("# ") for line in text.splitlines()[:6])
    assert deal.starts == (2028 if area.made is None else 2026)
    assert new_deal(area.legal_name, places()) == text == new_deal(area.code or area.legal_name.upper(), places())


@each
def test_its_examples_check_when_the_signs_are_taken_away(area: StrategicAuthority) -> None:
    text = new_deal(area.name, places())
    bare, deal = deal_of(text), deal_of(uncommented(text))
    assert not bare.investments and not bare.community
    assert {i.effect.channel for i in deal.investments} == {"employment", "connection"}
    assert {fund.id for fund in deal.funds} - {fund.id for fund in bare.funds} == {"work-money", "link-money"}
    assert [c.id for c in deal.community] == ["neighbourhood-budgets"]
    assert "support-reaches-people" in {c.id for c in deal.conditions}
    assert {test.test for test in deal.standing} >= {test.test for test in bare.standing}
    for investment in deal.investments:  # what it costs is in its fund
        fund = deal.fund(investment.fund)
        assert fund is not None and set(investment.places) <= set(places().by_code)
        assert investment.capital == sum(year.capital for year in fund.profile)
        assert investment.revenue in (0, fund.profile[0].revenue)
    assert len([line for line in text.splitlines() if line.startswith("# [[")]) == len(
        re.findall(r"(?m)^\[\[", uncommented(text))
    ) - len(re.findall(r"(?m)^\[\[", text))  # fmt: skip


@each
def test_the_condition_on_communities_can_be_met(area: StrategicAuthority) -> None:
    deal = deal_of(uncommented(new_deal(area.name, places())))
    revenue = sum((fund.profile[0].revenue for fund in deal.funds), Decimal(0))
    asked = next(c.at_least for c in deal.conditions if c.id == "communities-decide")
    assert asked and deal.community[0].amount / revenue >= asked


@pytest.mark.parametrize("place", ["Isles of Scilly", "City of London and Camden", "Kent", "Rutland", "Essex county"])
def test_examples_of_small_and_single_places_have_no_errors(place: str) -> None:
    said = ["City of London", "Camden"] if " and " in place else place
    text = new_deal(said, places(), name=place if " and " in place else "")
    assert checked(uncommented(text)).errors == ()
    assert ("connection" in text) is (len(deal_of(text).members) > 1)


@pytest.mark.parametrize(
    ("said", "name", "members"),
    [
        (["Leeds", "York", "Hull"], "Three cities", ("E06000010", "E06000014", "E08000035")),
        (["Camden", "Islington", "City of London"], "Central London", ("E09000001", "E09000007", "E09000019")),
        (["Greater Manchester", "Cheshire and Warrington"], "The North West's middle", None),
        (["Durham", "Newcastle"], "Two councils", ("E06000047", "E08000021")),
        (["Kent", "Medway"], "Kent and Medway", None),
    ],
)
def test_a_list_of_places(said: list[str], name: str, members: tuple[str, ...] | None) -> None:
    text = new_deal(said, places(), name=name)
    deal = deal_of(text)
    assert deal.place == name and deal.tier == "foundation" and deal.title == f"{name}: a first deal"
    assert members is None or deal.members == members
    assert checked(uncommented(text)).errors == ()
    head = " ".join(line.removeprefix("# ") for line in text.splitlines()[:8])
    assert "No strategic authority of just these places is known" in head
    assert ("Leeds lies in West Yorkshire (established-mayoral)" in head) is ("Leeds" in said)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (["Cumberland", "Westmorland and Furness"], "Cumbria"),
        (["Norfolk", "Suffolk"], "Norfolk and Suffolk"),
        (["London"], "Greater London"),
        (["GLA"], "Greater London"),
        (["Lancashire county", "Blackpool", "Blackburn with Darwen"], "Lancashire"),
        ([*places().members("E47000002")], "South Yorkshire"),
    ],
)
def test_places_that_make_up_an_area_are_that_area(said: list[str], meant: str) -> None:
    assert new_deal(said, places()) == new_deal(meant, places())


def test_districts_that_make_up_a_county_are_the_county() -> None:
    assert new_deal(places().members("E10000020"), places()) == new_deal("Norfolk", places())


@pytest.mark.parametrize(
    ("said", "name", "fact"),
    [
        (["Camden"], "", r"London borough.*Greater London \(E61000001\)"),
        (["Leeds"], "Our Leeds", r"metropolitan district.*West Yorkshire \(E47000003\)"),
        (["Eastbourne"], "", r"Sussex and Brighton or East Sussex county \(E10000011\)"),
        (["Leeds", "Leeds"], "x", "named twice"),
        (["Leeds", "West Yorkshire"], "x", "overlap: both hold Leeds"),
        (["Leeds", "York"], "", 'together have no name.*--name "Leeds and York"'),
        (["Norwich", "Ipswich"], "x", r"part of Norfolk.*Norfolk county \(E10000020\)"),
        (["Leeds", "York"], "Lancashire", "another area"),
        (["Leeds", "York"], "E08000035", "another area"),
        (["Leeds", "York"], " \N{EM DASH} ", "no letter or digit"),
        (["Leeds", "York"], "x" * 81, "81 characters"),
        (["North West"], "", "Name a combined authority"),
        (["Leeds", "Atlantis"], "x", "No place in England is called 'Atlantis'"),
        ([], "x", "No place is named"),
    ],
)
def test_what_cannot_be_a_deal_says_why(said: list[str], name: str, fact: str) -> None:
    with pytest.raises(SokeError, match=fact):
        new_deal(said, places(), name=name)


@settings(max_examples=15)
@given(st.text(max_size=90))
def test_any_name_gives_a_sound_deal_or_a_sentence(name: str) -> None:
    try:
        text = new_deal(["Leeds", "York"], places(), name=name)
    except SokeError:
        return
    assert checked(text).errors == ()


def answering(*answers: str) -> Callable[[str, str], str]:
    left = iter(answers)
    return lambda question, default: next(left)


def refuse(error: SokeError) -> None:
    raise error


def test_five_answers_are_a_deal(tmp_path: Path) -> None:
    out = tmp_path / "three.toml"
    ask = answering("Leeds, York, Hull", "Three cities", "2027-28", "LINK", str(out))
    done = first_deal_by_questions(ask, refuse, places(), Given())
    deal = deal_of(done.text)
    assert (deal.place, deal.starts, done.out) == ("Three cities", 2027, out) and not out.exists()
    assert [i.effect.channel for i in deal.investments] == ["connection"]
    assert done.text == new_deal(["Leeds", "York", "Hull"], places(), name="Three cities", starts=2027, levers=["link"])


def test_what_is_not_answered_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = first_deal_by_questions(
        answering(*[""] * 5), refuse, places(), Given(["Bournemouth, Christchurch and Poole"])
    )
    assert done.out == Path("bournemouth-christchurch-and-poole.toml")
    assert [i.effect.channel for i in deal_of(done.text).investments] == ["employment"]


def test_a_bad_answer_is_asked_again(tmp_path: Path) -> None:
    (tmp_path / "there.toml").touch()
    said: list[str] = []
    ask = answering(
        "Atlantis", "Leeds; York", "", "Lancashire", "Two cities", "1999-00", "soon", "2026-27", "bridge", "none",
        str(tmp_path / "there.toml"), str(tmp_path / "new.toml"),
    )  # fmt: skip
    done = first_deal_by_questions(ask, lambda error: said.append(error.fact), places(), Given())
    assert len(said) == 7 and done.out == tmp_path / "new.toml"
    assert deal_of(done.text).investments == ()


def test_years_of_a_first_deal() -> None:
    assert deal_of(new_deal("Greater Essex", places(), starts=2030)).years == range(2030, 2034)
    for place, year in (("Greater Essex", 2027), ("Cornwall", 2025), ("Cornwall", 2037)):
        with pytest.raises(SokeError, match="cannot start"):
            new_deal(place, places(), starts=year)
    with pytest.raises(SokeError, match="no lever"):
        new_deal("Cornwall", places(), levers=["link"])


def test_an_area_keeps_its_place_under_another_name() -> None:
    area = first_area(["Cumbria"], "Lakes", places())
    assert (area.name, area.body, area.tier) == ("Lakes", "Cumbria Combined Authority", "mayoral")
    assert deal_of(new_deal("Cumbria", places(), name="Lakes")).members == area.members
