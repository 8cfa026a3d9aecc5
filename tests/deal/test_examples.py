"""Every rule's bad example, laid over a sound deal, finds that rule alone; its good example finds nothing."""

import pytest

from soke.deal.check import check, check_reading
from soke.deal.example import BASE, HERE, laid_over
from soke.deal.registry import RULES, explain
from soke.england.places import places
from soke.errors import SokeError

MINIMAL = HERE / BASE


def test_the_small_deal_is_sound() -> None:
    checked = check(MINIMAL, places())
    assert checked.findings == ()
    assert checked.not_run == ()
    assert checked.deal is not None and len(checked.deal.members) == 10


@pytest.mark.parametrize("code", sorted(RULES))
def test_the_bad_example_is_found(code: str) -> None:
    findings = check_reading(laid_over(RULES[code].bad), places()).findings
    assert {finding.code for finding in findings} == {code}
    assert {finding.severity for finding in findings} == {RULES[code].severity}
    for finding in findings:
        assert finding.fact.endswith(".") and finding.fix
        assert finding.at.file != BASE or code == "DV003"


@pytest.mark.parametrize("code", sorted(RULES))
def test_the_good_example_is_sound(code: str) -> None:
    assert check_reading(laid_over(RULES[code].good), places()).findings == ()


@pytest.mark.parametrize("code", sorted(RULES))
def test_every_rule_explains_itself(code: str) -> None:
    text = explain(code.lower())
    assert text.startswith(f"{code} {RULES[code].title}")
    assert RULES[code].why in text and "Bad:" in text and "Good:" in text


def test_an_unknown_code_is_answered_with_near_ones() -> None:
    with pytest.raises(SokeError, match="DX502"):
        explain("DX52")
