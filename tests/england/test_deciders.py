"""Who decides on what: a named body everywhere, the right one where people know it, nothing surer than it is."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import replace
from importlib.resources import files

import pytest

from soke.england.deciders import MEMORY, Decider, _merged, decider, deciders, subjects
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
    assert one.how == "read" and one.since == dt.date(2019, 4, 4) and "chapter 23" in one.reading
    assert one.note == "Transport for Greater Manchester runs the services for the mayor."


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


@pytest.mark.parametrize(
    ("code", "subject", "since", "law"),
    [
        ("E08000003", "wider-plan", dt.date(2016, 12, 23), "SI 2016/1267"),  # the day after it was made
        ("E06000023", "wider-plan", dt.date(2018, 5, 8), "SI 2017/126"),  # West of England: a mayor's plan there too
        ("E08000019", "adult-skills", dt.date(2020, 7, 28), "SI 2020/806"),  # Sheffield
        ("E06000010", "buses", dt.date(2026, 3, 31), "SI 2025/113"),  # Hull: shared with its council until then
        ("E08000025", "buses", dt.date(2016, 6, 17), "SI 2016/653"),  # Birmingham
        ("E08000025", "fire", dt.date(1986, 4, 1), "Local Government Act 1985"),
        ("E06000046", "fire", dt.date(2021, 4, 1), "SI 2020/186"),  # Isle of Wight: with Hampshire since then
        ("E09000007", "schools", dt.date(1990, 4, 1), "SI 1989/1135"),  # Camden
        ("E09000001", "police", None, "Police Act 1996, section 6AZA"),
        ("E06000052", "adult-skills", dt.date(2025, 8, 1), "SI 2025/603"),  # Cornwall
    ],
)
def test_days_and_laws_are_those_that_were_read(code: str, subject: str, since: dt.date | None, law: str) -> None:
    one = found(code, subject)
    assert one.how == "read" and one.since == since and law in one.under


def test_a_grade_is_no_better_than_its_worst_part() -> None:
    gm, avon, england = found("E08000003", "fire"), found("E06000023", "fire"), found("E92000001", "fire")
    assert gm.how == "read" and gm.source == "https://www.legislation.gov.uk/uksi/2017/469"
    assert avon.how == england.how == "second-hand" and england.grade == "unverified"
    recalled = replace(avon, source=MEMORY)
    for those in ((gm, recalled), (recalled, avon), (gm, avon, recalled)):
        assert _merged(those).how == "memory"
    assert _merged((gm, avon)).how == "second-hand"


@pytest.mark.parametrize(
    ("hows", "said"),
    [
        (
            ("read",),
            "In 1 of 1 rows the law itself was read; none is second-hand or read in part; none is from memory.",
        ),
        (
            ("read", "second-hand", "memory"),
            "In 1 of 3 rows the law itself was read; 1 is second-hand or read in part; 1 is from memory.",
        ),
        (
            ("memory", "memory", "second-hand", "second-hand"),
            "In none of 4 rows the law itself was read; 2 are second-hand or read in part; 2 are from memory.",
        ),
        ((), "Nothing is told of it."),
    ],
)
def test_one_sentence_tells_what_was_read_what_is_second_hand_and_what_is_from_memory(
    hows: tuple[str, ...], said: str
) -> None:
    read = found("E08000003", "fire")
    by = {
        "read": read,
        "second-hand": replace(read, grade="unverified"),
        "memory": replace(read, grade="unverified", source=MEMORY),
    }
    assert how_good([by[how] for how in hows]) == said


@pytest.mark.parametrize(
    ("code", "read", "rows"),
    [
        ("E07000149", 22, 24),  # South Norfolk, a shire district
        ("E08000003", 24, 25),  # Manchester, a metropolitan district
        ("E09000007", 22, 25),  # Camden, a London borough
        ("E06000023", 23, 25),  # Bristol, a unitary
    ],
)
def test_most_rows_of_a_place_stand_on_a_law_that_was_read(code: str, read: int, rows: int) -> None:
    said = how_good(deciders(code))
    assert said.startswith(f"In {read} of {rows} rows the law itself was read; ") and said.endswith(
        "none is from memory."
    )


def test_every_rule_is_whole_and_used() -> None:
    text = files("soke.england").joinpath("responsibilities.csv").read_text(encoding="utf-8")
    rules = list(csv.DictReader(text.splitlines()))
    assert [subject for subject, _ in subjects()] == list(dict.fromkeys(rule["subject"] for rule in rules))
    used = {(one.subject, one.under, one.note, one.reading) for code in places().codes for one in deciders(code)}
    for rule in rules:
        assert (rule["subject"], rule["under"], rule["note"], rule["reading"]) in used, rule
        assert rule["grade"] in ("official", "unverified") and rule["under"], rule
        law = rule["source"].startswith("https://www.legislation.gov.uk/")
        assert law if rule["grade"] == "official" else rule["source"].startswith("https://") or rule["source"] == MEMORY
        assert rule["grade"] == "official" or rule["source"] == MEMORY or rule["note"] or rule["reading"], (
            rule
        )  # what was not read
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
