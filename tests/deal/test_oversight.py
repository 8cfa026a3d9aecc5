"""Accountability grows with powers, and layers are counted: from a deal's file to what the check and the burden say."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from soke.deal.burden import burden
from soke.deal.check import check_reading
from soke.deal.finding import Finding
from soke.deal.new import new_deal
from soke.deal.reader import load_deal, read_framework, read_text
from soke.deal.types import Deal
from soke.deal.who_answers import MISSING, answering, layer_counts, own_layers
from soke.england.places import places
from soke.report.checked import check

DEALS = sorted(path for path in Path("deals").glob("*.toml") if path.name != "broken.toml")
MANCHESTER = Path("deals/greater-manchester.toml").read_text("utf-8")


def found(text: str, code: str) -> list[Finding]:
    checked = check_reading(read_text(text, places(), "deal.toml"), places())
    return [one for one in checked.findings if one.code == code]


def deal_of(text: str) -> Deal:
    deal = read_text(text, places()).deal
    assert deal is not None
    return deal


@pytest.mark.parametrize("path", DEALS, ids=lambda path: path.stem)
def test_each_power_and_fund_of_the_shipped_deals_is_answered_for(path: Path) -> None:
    rows = list(answering(load_deal(path, places())))
    assert rows and all({"election", "scrutiny", "audit"} <= row.by_role.keys() for row in rows)
    assert not found(path.read_text("utf-8"), "DA654")


def test_first_deals_are_answered_for_by_what_the_framework_gives_their_tier() -> None:
    for code in ("E47000001", "E06000052", "E10000020", "E06000053"):
        assert not found(new_deal(code, places()), "DA654")


def test_a_particular_body_comes_before_the_general() -> None:
    police = next(row for row in answering(deal_of(MANCHESTER)) if row.item.id == "police-and-crime")
    assert police.by_role["scrutiny"] == (
        "Police and crime panel", "Overview and scrutiny under the national scrutiny protocol",
    )  # fmt: skip


def test_a_fund_paid_to_another_body_says_its_own_or_is_found() -> None:
    text = MANCHESTER.replace('id = "bus-and-rail"', 'id = "bus-and-rail"', 1)
    start = text.index('id = "bus-and-rail"')
    text = text[:start] + text[start:].replace('to = "authority"', 'to = "nhs"', 1)
    (one,) = found(text, "DA654")
    assert one.fact == (
        'Nobody is elected for it, scrutinises it and audits it: the fund "bus-and-rail", paid to The integrated care '
        "board."
    )
    audited = text + '\n[[accountability]]\nid = "a"\ntitle = "A"\nto = "b"\nevery = "year"\nrole = "audit"\n'
    audited += 'covers = ["nhs"]\norigin = "illustrative"\n'
    (one,) = found(audited, "DA654")
    assert "is elected for it and scrutinises it:" in one.fact


def test_a_large_sum_a_head_needs_questions_in_public() -> None:
    quiet = MANCHESTER.replace('role = "questions"\n', "")
    (one,) = found(quiet, "DA654")
    assert "£258 a head in 2026-27" in one.fact and "From £200 a head on" in one.fact and "derived" in one.fact
    smaller = quiet.replace("capital = 100_000_000 }", "capital = 1_000_000 }")
    smaller = smaller.replace("capital = 215_506_000", "capital = 115_506_000")
    assert not found(smaller, "DA654")
    bound = {one.id: one.from_a_head for one in read_framework("england").answerable}
    assert bound == {"each": Decimal(0), "settlement": Decimal(200)}


def test_a_framework_that_asks_for_nothing_finds_nothing() -> None:
    deal = deal_of(MANCHESTER)
    bare = replace(deal, framework=replace(deal.framework, answerable=()), accountability=())
    assert set(MISSING) and not [one for one in check(bare).value.findings if one.code == "DA654"]


def test_layers_are_counted_with_the_returns_of_the_conditions() -> None:
    counted = burden(deal_of(MANCHESTER))
    by_kind = {one.kind: (one.made, one.ended) for one in counted.layers}
    assert by_kind == {"body": (3, 0), "board": (1, 0), "post": (0, 0), "return": (counted.returns, 6)}
    assert sum(one.made for one in layer_counts(deal_of(MANCHESTER).layers)) == 4
    assert {one.id for one in own_layers(deal_of(MANCHESTER))} == {"fares-assembly-sits", "returns-of-grants"}


def test_the_check_says_how_many_layers_and_asks_where_none_ends() -> None:
    ended = MANCHESTER.index('[[layer]]\nid = "returns-of-grants"')
    text = MANCHESTER[:ended] + MANCHESTER[MANCHESTER.index("[[standard]]") :]
    (one,) = found(text, "DA655")
    assert one.fact == "The deal makes 1 body, and ends none."
    answered = check(Path("deals/greater-manchester.toml"))
    assert answered.answer.facts["burden"]["layers"]["returns"] == {"made": 6, "ended": 6}
    silent = check(Path("src/soke/deal/rules/minimal.toml"))
    assert silent.value.findings == () and silent.answer.facts["burden"]["layers"]["posts"] == {"made": 0, "ended": 0}
