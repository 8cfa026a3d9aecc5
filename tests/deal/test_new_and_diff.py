"""A first deal for any place, what differs between deals, and readiness."""

import dataclasses
from pathlib import Path

import pytest

from soke.deal.check import check_reading
from soke.deal.diff import diff
from soke.deal.new import new_deal
from soke.deal.reader import load_deal, read_text
from soke.deal.readiness import readiness
from soke.deal.types import Deal
from soke.england.places import places
from soke.errors import SokeError

MANCHESTER = Path("deals/greater-manchester.toml").read_text("utf-8")
UNCHANGED = ("at", "keys", "framework")
HOLDERS = [
    place
    for kind in ("combined-authority", "strategic-authority", "county", "unitary")
    for place in places().of_kind(kind)  # type: ignore[arg-type]
]


def read(text: str) -> Deal:
    reading = read_text(text, places())
    assert reading.deal is not None and not reading.findings
    return reading.deal


@pytest.mark.parametrize("place", HOLDERS, ids=lambda place: place.name)
def test_a_first_deal_is_sound(place) -> None:  # type: ignore[no-untyped-def]
    checked = check_reading(read_text(new_deal(place.code, places()), places()), places())
    assert checked.findings == ()
    assert checked.deal is not None
    assert checked.deal.members == places().members(place.code)


@pytest.mark.parametrize(
    ("place", "instead"),
    [("Trafford", "E47000001"), ("Norwich", "Norfolk"), ("North West", "combined authority")],
)
def test_what_cannot_hold_a_deal_says_who_can(place: str, instead: str) -> None:
    with pytest.raises(SokeError, match=instead):
        new_deal(place, places())


def test_a_deal_does_not_differ_from_itself() -> None:
    deal = read(MANCHESTER)
    assert diff(deal, deal) == []
    assert diff(deal, read("# moved a line down\n" + MANCHESTER)) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("retention = 1.00", "retention = 0.5", "The business rates: retention 100 per cent becomes 50 per cent."),
        ('ends = "2029-30"', 'ends = "2030-31"', "The deal: ends 2029-30 becomes 2030-31."),
        ("headline = 630_000_000", "headline = 630_000_001",
         'The pool "integrated-settlement": headline £630,000,000 becomes £630,000,001.'),
        ("capital = 215_506_000 }]\nprev", "capital = 215_000_000 }]\nprev",
         'The fund "sustainable-transport": profile 2026-27 capital £215,506,000 becomes £215,000,000.'),
        ('  "adult-skills", "local-transport",', '  "adult-skills", "local-transport", "micromobility",',
         'The power "micromobility" is added.'),
        ("mayoral_precept = true", "", "The council tax: mayoral precept yes becomes no."),
        ('[[case]]\nname = "a late report"\ngiven = { joint-decisions = "missing" }\nafter_days = 91\n'
         'then = { partners-decide = "overdue" }', "", 'The case "a late report" is taken out.'),
    ],
)  # fmt: skip
def test_each_change_is_one_sentence(old: str, new: str, said: str) -> None:
    assert MANCHESTER.count(old) == 1
    assert told(read(MANCHESTER), read(MANCHESTER.replace(old, new))) == [said]


def test_what_comes_and_goes_is_said_with_its_money() -> None:
    manchester = read(MANCHESTER)
    cornwall = load_deal("deals/cornwall.toml", places())
    there, back = told(manchester, cornwall), told(cornwall, manchester)
    every = "£120,000,000 a year, 2026-27 to 2029-30, of it capital £100,000,000"
    assert f'The fund "connection-and-work" is taken out ({every}).' in there
    assert f'The fund "connection-and-work" is added ({every}).' in back
    assert 'The pool "integrated-settlement" is taken out (headline £630,000,000).' in there
    joined = next(line for line in there if line.startswith("These authorities"))
    assert "join: Cornwall (E06000052). These authorities leave: Bolton (E08000001), Bury" in joined
    assert "The deal: place Greater Manchester (E47000001) becomes Cornwall (E06000052)." in there


def told(before: Deal, after: Deal) -> list[str]:
    return [change.sentence for change in diff(before, after)]


def changed(old: str, new: str) -> list[tuple[object, ...]]:
    assert MANCHESTER.count(old) == 1
    found = diff(read(MANCHESTER), read(MANCHESTER.replace(old, new)))
    return [(change.path, change.before, change.after) for change in found]


def test_every_year_and_part_that_changes_is_told() -> None:
    three = '  { year = "2028-29", revenue = 20_000_000, capital = 100_000_000 },\n'
    path = "fund.connection-and-work.profile"
    assert changed(three, '  { year = "2028-29", revenue = 30_000_000, capital = 90_000_000 },\n') == [
        (f"{path}.2028-29.revenue", 20_000_000, 30_000_000),
        (f"{path}.2028-29.capital", 100_000_000, 90_000_000),
    ], "a total that stays hides nothing"
    assert changed(three, "") == [
        (f"{path}.2028-29.revenue", 20_000_000, None), (f"{path}.2028-29.capital", 100_000_000, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "path", "before", "after"),
    [
        ("low = 34, central", "low = 33.5, central", "investment.orbital-link.effect.minutes_after.low", 34, 33.5),
        ("older_care = 0.30\nchildren = 0.30", "older_care = 0.35\nchildren = 0.25", "proceeds.older_care", 0.3, 0.35),
        ("since = 2017-05-08", "since = 2017-05-09", "standing.established-mayor.since", "2017-05-08", "2017-05-09"),
        ("retention = 1.00", "retention = 0.5", "fiscal.business_rates.retention", 1, 0.5),
    ],
)
def test_each_change_has_its_path_and_its_values(old: str, new: str, path: str, before: object, after: object) -> None:
    assert (path, before, after) == changed(old, new)[0]


@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(Deal) if field.name not in UNCHANGED])
def test_nothing_of_a_deal_changes_unseen(name: str) -> None:
    deal = read(MANCHESTER)
    value = getattr(deal, name)
    other = load_deal("deals/cornwall.toml", places())
    new = value[1:] if isinstance(value, tuple) and value else getattr(other, name)
    if value != new:
        assert diff(deal, dataclasses.replace(deal, **{name: new})), name


def test_readiness_answers_each_test_with_its_fact() -> None:
    answers = {answer.test.id: answer for answer in readiness(read(MANCHESTER), places())}
    assert answers["established-mayor"].met is True
    assert answers["established-mayor"].answer.startswith("Since 8 May 2017: 106 months by 1 April 2026")
    assert answers["established-mayor"].grade == "unverified"
    assert answers["established-accounts"].met is None
    size = next(a for a in readiness(read(MANCHESTER), places(), "foundation") if a.test.measure == "population")
    assert size.met is True and size.answer.startswith("2,911,744 people")


def test_readiness_counts_months_and_pieces() -> None:
    late = read(MANCHESTER.replace("since = 2017-05-08", "since = 2024-10-02"))
    answer = next(one for one in readiness(late, places()) if one.test.id == "established-mayor")
    assert answer.met is False and "17 months" in answer.answer
    apart = dataclasses.replace(late, members=("E06000052", "E08000003", "E08000006"))
    pieces = next(one for one in readiness(apart, places(), "foundation") if one.test.measure == "contiguous")
    assert pieces.met is False and "2 pieces" in pieces.answer and "Cornwall" in pieces.answer
    small = next(one for one in readiness(apart, places(), "foundation") if one.test.measure == "population")
    assert small.met is False
