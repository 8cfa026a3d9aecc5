"""Who decides on what: a named body everywhere, the right one where people know it, nothing surer than it is."""

from __future__ import annotations

import csv
import datetime as dt
from importlib.resources import files

import pytest

from soke.england.deciders import Decider, decider, deciders, subjects
from soke.england.places import places
from soke.england.strategic import around, strategic_authorities, strategic_authority
from soke.errors import SokeError
from soke.report.tables.deciders import how_good, who_decides

AT = dt.date(2026, 9, 15)


def found(code: str, subject: str) -> Decider:
    one = decider(code, subject)
    assert one is not None
    return one


@pytest.mark.parametrize("subject", ["buses", "adult-care", "bins", "police", "fire", "planning", "schools"])
def test_each_of_296_councils_has_a_named_body(subject: str) -> None:
    for code in places().codes:
        one = found(code, subject)
        assert one.who.strip() and all(name.strip() for name in one.bodies), code
        assert one.under and one.source and one.grade in ("official", "unverified"), code
        assert not one.who.startswith(("Your", "=", " ")), (code, one.who)


@pytest.mark.parametrize(
    ("code", "subject", "who"),
    [
        ("E07000149", "buses", "Norfolk County Council"),  # South Norfolk
        ("E07000149", "bins", "South Norfolk District Council"),
        ("E07000149", "police", "Police and Crime Commissioner for Norfolk"),
        ("E07000149", "fire", "Norfolk County Council"),
        ("E08000003", "buses", "Mayor of Greater Manchester"),  # Manchester
        ("E08000003", "bins", "Manchester City Council"),
        ("E08000003", "police", "Mayor of Greater Manchester"),
        ("E08000010", "tips", "Wigan Metropolitan Borough Council"),
        ("E08000004", "tips", "Greater Manchester Combined Authority"),
        ("E09000007", "buses", "Transport for London, for the Mayor of London"),  # Camden
        ("E09000001", "police", "City of London Corporation"),
        ("E06000024", "buses", "North Somerset  Council"),  # beside the West of England, not in it
        ("E06000023", "buses", "West of England Combined Authority"),
        ("E06000049", "buses", "Cheshire East Council"),  # its combined authority is new
        ("E07000041", "buses", "Devon and Torbay Combined County Authority"),
        ("E06000052", "fire", "Cornwall Council"),
        ("E07000066", "fire", "Police, Fire and Crime Commissioner for Essex"),
    ],
)
def test_bodies_that_people_know(code: str, subject: str, who: str) -> None:
    assert found(code, subject).who == who


def test_the_mayor_of_greater_manchester_decides_on_buses_for_its_combined_authority() -> None:
    one = found("E47000001", "buses")
    assert one.bodies == ("Mayor of Greater Manchester", "Greater Manchester Combined Authority")
    assert one.grade == "unverified" and "was not" in one.note


def test_a_planned_authority_decides_on_nothing() -> None:
    planned = [body for body in strategic_authorities() if body.made is None]
    assert {body.name for body in planned} == {"Greater Essex", "Norfolk and Suffolk"}
    for body in planned:
        assert all(body.legal_name not in one.bodies for code in body.members for one in deciders(code))


def test_a_council_decides_from_no_day_before_it_began() -> None:
    for place in places().authorities:
        for one in deciders(place.code):
            if one.role == "council" and place.started[5:] == "04-01" and one.since:
                assert one.since >= dt.date.fromisoformat(place.started), (place.name, one.subject)
    assert found("E06000065", "bins").since == dt.date(2023, 4, 1)  # North Yorkshire: made then
    assert found("E06000043", "adult-care").since is None  # Brighton and Hove: its start is not told


def test_a_combined_authority_decides_from_no_day_before_it_was_made() -> None:
    for place in places().authorities:
        body = around(place.code)
        for one in deciders(place.code):
            if one.role == "strategic" and one.since:
                assert body and body.made and body.made <= one.since <= AT, (place.name, one.subject)


def test_several_councils_are_one_answer_or_say_on_what_it_depends() -> None:
    assert found("E10000020", "bins").who == "Your own council"
    assert found("E10000020", "buses").who == "Norfolk County Council"
    both = decider(strategic_authority("Norfolk and Suffolk").members, "buses")  # type: ignore[union-attr]
    assert both and both.who == "Norfolk County Council or Suffolk County Council"
    england = found("E92000001", "buses")
    assert "Transport for London in London" in england.who and england.differs and england.since is None
    assert decider("E92000001", "wider-plan") is None  # told of some of it only


def test_a_grade_is_no_better_than_its_worst_part() -> None:
    gm = found("E08000003", "fire")
    assert gm.read and gm.source == "https://www.legislation.gov.uk/uksi/2017/469"
    assert found("E92000001", "fire").grade == "unverified"
    for code in ("E07000149", "E08000003"):
        said = how_good(deciders(code))
        assert f"In {sum(one.read for one in deciders(code))} of {len(deciders(code))} rows" in said
    assert "was read: not checked" in how_good(deciders("E09000033"))


def test_every_rule_is_whole_and_used() -> None:
    text = files("soke.england").joinpath("responsibilities.csv").read_text(encoding="utf-8")
    rules = list(csv.DictReader(text.splitlines()))
    assert [subject for subject, _ in subjects()] == list(dict.fromkeys(rule["subject"] for rule in rules))
    used = {(one.subject, one.under, one.note) for code in places().codes for one in deciders(code)}
    for rule in rules:
        assert (rule["subject"], rule["under"], rule["note"]) in used, rule
        assert (rule["grade"] == "official") <= ("legislation.gov.uk" in rule["source"] or "House of" in rule["source"])
        assert not rule["since"] or rule["since"] == "made" or dt.date.fromisoformat(rule["since"])


@pytest.mark.parametrize("code", ["E99999999", "<script>", "E07000026"])
def test_an_unknown_code_is_a_sentence(code: str) -> None:
    with pytest.raises(SokeError):
        deciders(code)
    with pytest.raises(SokeError):
        deciders((code,))


def test_the_table_says_not_known_where_nothing_is() -> None:
    table = who_decides("South Norfolk", "E07000149")
    by = {row["subject"]: row for row in table}
    assert by["buses"]["since"] == "not known" and by["bins"]["since"] == "1 April 1974"
    assert by["buses"]["grade"] == "official" and len(table) == len(deciders("E07000149"))
