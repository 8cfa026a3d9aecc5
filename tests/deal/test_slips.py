"""Slips of scale, typed into each number of the shipped deals: what is found, and that sound deals are not asked."""

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from soke.deal.beside import lines_a_head, people_of
from soke.deal.check import check_reading
from soke.deal.finding import Finding
from soke.deal.fund_kinds import AFTERWARDS
from soke.deal.likely import ALIKE, likely
from soke.deal.reader import read_text
from soke.deal.types import Deal, Function
from soke.england.places import places
from soke.text import financial_year

DEALS = sorted(path for path in Path("deals").glob("*.toml") if path.name != "broken.toml")
NUMBER = re.compile(r"([\w-]+)\s*=\s*(\d[\d_]*(?:\.\d+)?)(?![\w.:-])")
MONEY = {
    "revenue", "capital", "headline", "amount", "public_spend", "tax_raised", "stated_gap", "running_cost", "cap",
}  # fmt: skip
PEOPLE = {"low", "central", "high", "size_min", "size_max"}


@dataclass(frozen=True)
class Field:
    """One number of a deal: its key, its line, and where it stands in the text."""

    key: str
    line: int
    start: int
    end: int
    value: Decimal

    @property
    def kind(self) -> str:
        return "money" if self.key in MONEY else "people" if self.key in PEOPLE and self.value >= 100 else "other"


def fields_of(text: str) -> Iterator[Field]:
    """Every number that a key is set to, outside texts and comments."""
    plain = re.sub(r'"[^"\n]*"|#[^\n]*', lambda match: "·" * len(match.group()), text)
    for match in NUMBER.finditer(plain):
        start, end = match.span(2)
        yield Field(match[1], text.count("\n", 0, start) + 1, start, end, Decimal(match[2].replace("_", "")))


@cache
def said(text: str) -> frozenset[tuple[str, str]]:
    findings = check_reading(read_text(text, places(), "deal.toml"), places()).findings
    return frozenset((finding.code, finding.fact) for finding in findings)


def slipped(text: str, field: Field, factor: Decimal) -> str:
    """The deal with one number multiplied, written as people write it."""
    value = field.value * factor
    whole = value == value.to_integral_value()
    return f"{text[: field.start]}{int(value) if whole else f'{value.normalize():f}'}{text[field.end :]}"


def found(factor: Decimal, kinds: tuple[str, ...]) -> tuple[Counter[str], list[str]]:
    """How many fields of each kind there are and how many slips are found, and the ones that are not."""
    count: Counter[str] = Counter()
    missed = []
    for path in DEALS:
        text = path.read_text("utf-8")
        for field in fields_of(text):
            if field.kind in kinds and field.value:
                count[field.kind] += 1
                if said(slipped(text, field, factor)) - said(text):
                    count[f"{field.kind} found"] += 1
                else:
                    missed.append(f"{path.name}:{field.line} {field.key} = {field.value}")
    return count, missed


# Of the slips in money, at least so many parts of all are found, by factor. A twelfth is often within what varies.
LEAST = {Decimal(1000): 1.0, Decimal(100): 0.98, Decimal(12): 0.75, Decimal("0.001"): 0.8, Decimal("0.1"): 0.5}


@pytest.mark.slow
@pytest.mark.parametrize("factor", LEAST)
def test_slips_in_the_numbers_of_the_shipped_deals_are_found(factor: Decimal) -> None:
    count, missed = found(factor, ("money", "people"))
    assert count["money"] >= 60 and count["people"] >= 15
    assert count["money found"] >= LEAST[factor] * count["money"], missed
    if factor == 1000:
        assert count["people found"] == count["people"], missed


FUND = """
[[fund]]
id = "slip"
title = "A fund"
theme = "t"
function = "{function}"
from = "mhclg"
to = "authority"
mechanism = "national-formula"
additionality = "new"
after_profile = "{after}"
powers = ["adult-skills"]
profile = [{profile}]
origin = "illustrative"
"""


def deal(name: str) -> str:
    return (Path("deals") / f"{name}.toml").read_text("utf-8")


def new_findings(sound: str, text: str) -> list[Finding]:
    checked = check_reading(read_text(text, places(), "deal.toml"), places())
    return [one for one in checked.findings if (one.code, one.fact) not in said(sound)]


@pytest.mark.parametrize("name", ["greater-manchester", "cornwall", "norfolk-and-suffolk"])
@pytest.mark.parametrize("function", get_args(Function))
def test_a_fund_in_thousands_of_pounds_is_asked_about_whatever_it_is_for(name: str, function: str) -> None:
    start = read_text(deal(name), places()).deal
    assert start is not None
    row = f'{{ year = "{financial_year(start.starts)}", revenue = 24_780_000_000 }}'
    findings = new_findings(deal(name), deal(name) + FUND.format(function=function, after="ends", profile=row))
    assert [one.code for one in findings if one.code in ("DF314", "DF315", "DF317")]
    right = FUND.format(function=function, after="ends", profile=row.replace("24_780_000_000", "24_780_000"))
    beyond = "DF315" if (name, function) == ("cornwall", "employment") else ""  # with the fund that is there
    assert [one for one in new_findings(deal(name), deal(name) + right) if one.code != beyond] == []


def test_a_slip_is_shown_beside_its_bound_and_what_was_probably_meant() -> None:
    text = deal("greater-manchester").replace(
        'previous_spend = [{ year = "2025-26", revenue = 102_000_000 }]',
        'previous_spend = [{ year = "2025-26", revenue = 102_000 }]',
    )
    (one,) = new_findings(deal("greater-manchester"), text)
    assert one.code == "DF316"
    assert "1,000 times the £102,000" in one.fact and "derived: HM Treasury" in one.fact
    assert one.fix.startswith("Did you mean £102,000,000 in 2025-26?")
    text = deal("greater-manchester").replace("revenue = 102_000_000", "revenue = 24_780_000_000", 1)
    (one,) = [one for one in new_findings(deal("greater-manchester"), text) if one.code.startswith("DF31")]
    assert "£24,780,000,000" in one.fact and "Did you mean £24,780,000?" in one.fix
    (one,) = new_findings(
        deal("greater-manchester"),
        deal("greater-manchester")
        + FUND.format(function="finance", after="ends", profile='{ year = "2026-27", revenue = 24_780 }'),
    )
    assert one.code == "DF317" and "officer-days" in one.fact
    text = deal("greater-manchester").replace("revenue = 102_000_000", "revenue = 24_780", 1)
    smaller = [one for one in new_findings(deal("greater-manchester"), text) if one.code.startswith("DF31")]
    assert [one.code for one in smaller] == ["DF311"] and "£24,780,000 meant?" in smaller[0].fix


MANY = "low = 780_000, central = 800_000, high = 820_000"


def test_people_pounds_and_minutes_are_held_against_each_other() -> None:
    text = deal("greater-manchester")
    many = text.replace("low = 6_000, central = 8_000, high = 10_000", MANY)
    (one,) = new_findings(text, many)
    assert "820,000 people" in one.fact and "Did you mean 8,200?" in one.fix
    cheap = text.replace("low = 6_000, central = 8_000, high = 10_000", "low = 6, central = 8, high = 10")
    (one,) = new_findings(text, cheap)
    assert one.code == "DI558" and "£2,500,000 each" in one.fact and "Did you mean 8,000?" in one.fix
    dear = text.replace("capital = 400_000_000", "capital = 40_000_000_000")
    (one,) = new_findings(text, dear)
    assert one.code == "DI557" and "£480,000,000 in all" in one.fact and "Did you mean £400,000,000?" in one.fix
    fast = text.replace("minutes_before = 48, minutes_after = { low = 34, central = 38, high = 44 }",
                        "minutes_before = 85, minutes_after = { low = 14, central = 15, high = 16 }")  # fmt: skip
    (one,) = new_findings(text, fast)
    assert one.code == "DI563" and "saves 82% of today's 85 minutes" in one.fact and "unverified" in one.fact


@given(st.integers(10_000, 10**10), st.sampled_from([10**6, 1000, 100, 10]), st.floats(0.7, 1.4), st.booleans())
def test_the_likely_amount_is_the_one_before_the_slip(meant: int, slip: int, beside: float, more: bool) -> None:
    # Ten times too little lies beside twelve times too little: where both fit, it is the months.
    assume(slip != 10 or min(abs(math.log(beside / year)) for year in (1.2, 1 / 1.2)) > math.log(ALIKE) + 1e-9)
    written = Decimal(meant) * slip if more else Decimal(meant) / slip
    if written == written.quantize(Decimal("0.01")):
        assert likely(written, [Decimal(meant) * Decimal(beside)]) == meant
    assert likely(Decimal(meant), [Decimal(meant) * Decimal(beside)]) is None


@pytest.mark.slow
@given(
    st.sampled_from(["greater-manchester", "cornwall", "norfolk-and-suffolk"]),
    st.sampled_from(sorted(lines_a_head().by_function)),
    st.lists(st.floats(0.2, 3.0), min_size=1, max_size=4), st.floats(0.0, 1.0), st.sampled_from(list(AFTERWARDS)),
    st.floats(0.05, 0.9), st.integers(2_000, 6_000),
)  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_a_plausible_deal_is_asked_nothing(
    name: str, function: str, sizes: list[float], split: float, after: str, part: float, each: int
) -> None:
    start = read_text(deal(name), places()).deal
    assert start is not None
    line = float(lines_a_head().of(function) * people_of(start.members)) / 2
    rows = [
        f'{{ year = "{financial_year(start.starts + k)}", revenue = {line * size * split:.0f}, '
        f"capital = {line * size * (1 - split):.0f} }}"
        for k, size in enumerate(sizes)
    ]
    spent, people = sum(line * size for size in sizes) * (1 - split), part * line * min(sizes) * split / each
    added = FUND.format(function=function, after=after, profile=", ".join(rows))
    added += investment("built", start, f"capital = {part * spent:.0f}", 'channel = "public-capital"')
    if people >= 10:
        count = f"low = {people * 0.8:.0f}, central = {people:.0f}, high = {people * 1.2:.0f}"
        effect = f'channel = "skills", level = "l3_nvq", people_a_year = {{ {count} }}'
        added += investment("taught", start, f"revenue = {people * each:.0f}", effect)
    assert [
        one for one in new_findings(deal(name), deal(name) + added) if one.code not in ("DI556", "DF315", "DA654")
    ] == []


def investment(name: str, start: Deal, money: str, effect: str) -> str:
    return (
        f'\n[[investment]]\nid = "{name}"\ntitle = "T"\nkind = "skills"\nfund = "slip"\norigin = "illustrative"\n'
        f'places = ["{start.members[0]}"]\nstarts = "{financial_year(start.starts)}"\n'
        f'opens = "{financial_year(start.starts)}"\n{money}\neffect = {{ {effect} }}\n'
    )
