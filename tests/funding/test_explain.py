"""The worked example: a person with a calculator gets the same, and can see where every number is from."""

from __future__ import annotations

import re

import pytest

from soke.errors import SokeError
from soke.model.funding.dated import rules
from soke.model.funding.settlement import settle
from soke.model.funding.truth.explain import explain, money, steps, thousands

SHOWN = (
    ("Manchester", 2019), ("Cambridgeshire", 2019), ("Adur", 2020), ("Buckinghamshire", 2020), ("E10000002", 2019),
    ("E07000244", 2019), ("Kent county", 2018), ("E31000001", 2017), ("Greater London Authority", 2019),
    ("Dorset", 2019), ("Leeds", 2022), ("Medway", 2015), ("Telford and Wrekin", 2016),
)  # fmt: skip
_SUM = re.compile(r"^   (?:[A-Z][^:]*: )?([−\d.,()×÷+− ]+) = (−?[\d.,]+)", re.M)


def calculated(text: str) -> list[tuple[float, float]]:
    """Each sum as a calculator has it, and the result printed beside it."""
    out = []
    for sum_, result in _SUM.findall(text):
        keyed = sum_.replace(",", "").replace("×", "*").replace("÷", "/").replace("−", "-")
        assert re.fullmatch(r"[\d.+\-*/() ]+", keyed), keyed
        out.append((float(eval(keyed)), float(result.replace(",", "").replace("−", "-"))))
    return out


@pytest.mark.parametrize(("place", "year"), SHOWN)
def test_a_calculator_gets_every_sum_to_the_thousand_pounds(place: str, year: int) -> None:
    sums = calculated(explain(place, year))
    assert sums
    for keyed, printed in sums:
        assert keyed == pytest.approx(printed, abs=5e-5)


def test_every_sum_is_checked() -> None:
    text = explain("E07000244", 2019)  # two predecessors: sums for each and of both
    lines = [x for x in text.splitlines() if " = " in x and not x.startswith("   Rule: ")]
    assert len(lines) == len(calculated(text)) == 11


@pytest.mark.parametrize(("place", "year"), SHOWN)
def test_every_input_says_where_it_is_from(place: str, year: int) -> None:
    text = explain(place, year)
    sources = {int(n) for n in re.findall(r"^  \[(\d+)\] \S", text, re.M)}
    cited = {int(n) for n in re.findall(r"(?:official|derived|estimate|unverified) \[(\d+)\]$", text, re.M)}
    assert sources == cited == set(range(1, len(sources) + 1))
    assert all(len(line) <= 130 for line in text.splitlines())


def test_manchester_reads_as_published() -> None:
    text = explain("Manchester", 2019)
    for said in ("£175.901m", "Published, read back from that year's grant: £175.901m. Difference: £2.",
                 "175.9014329 × 1.6 ÷ 49.1 = 5.7320223", "As published: £57.041m", "116,014.8 × 1,370.77",
                 "mixes tiers of service"):  # fmt: skip
        assert said in text


def test_negative_grant_is_shown() -> None:
    text = explain("Cambridgeshire", 2019)
    assert "0.96865 × (66.817994 + 244.3986) − 244.3986 = 57.0613538" in text
    assert "= −7.2829196, negative: paid off" in text
    assert re.search(r"Negative Revenue Support Grant, paid off +7\.283", text)


def test_the_year_before_by_the_same_rule_is_worked_out_too() -> None:
    assert "In 2018-19, before negative grant was paid off: 0.970206 × (49.640198 + 232.64431)" in explain(
        "E10000002", 2019
    )


def test_five_predecessors_are_named() -> None:
    text = explain("Buckinghamshire", 2020)
    for name in ("Aylesbury Vale", "Chiltern", "South Bucks", "Wycombe", "Buckinghamshire county"):
        assert f"Settlement funding assessment of {name}, 2019-20" in text
    assert "no published figure to hand" in text


def test_a_what_if_is_cited_as_one() -> None:
    text = explain("Manchester", 2019, rules().with_settings({"under_indexation.gap": 2}))
    assert "] what if" in text
    assert "Difference: £1.433m." in text


def test_steps_follow_each_other() -> None:
    settled = settle(2019, ["E10000003"])
    found = [s.figure.column for s in steps(settled.authorities[0], settled.rules)]
    assert found[:6] == ["baseline_before", "baseline_funding", "under_indexation", "sfa_unfloored", "sfa",
                         "revenue_support_grant"]  # fmt: skip


def test_amounts_as_people_read_them() -> None:
    assert money(3.9407653) == "3.9407653"
    assert money(-1234.5) == "−1,234.500"
    assert thousands(-0.0001) == "£0.000m"
    assert thousands(-7.2829) == "−£7.283m"


def test_bad_input() -> None:
    with pytest.raises(SokeError, match="Atlantis"):
        explain("Atlantis", 2019)
    with pytest.raises(SokeError, match="2012-13"):
        explain("Manchester", 2012)
