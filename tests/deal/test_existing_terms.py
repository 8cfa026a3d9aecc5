"""Terms on business rates from before a deal: what may be said of them, and what is refused, in sentences."""

import re
from pathlib import Path

import pytest

from soke.deal.check import check_reading
from soke.deal.reader import read_text
from soke.england.places import places

MINIMAL = Path("src/soke/deal/rules/minimal.toml").read_text(
    "utf-8"
)  # starts in 2026-27, with terms of its own from then on


def found(*lines: str, **changed: str) -> dict[str, str]:
    """Findings on existing terms by code, where these lines are added to the terms and those keys changed."""
    text = MINIMAL.replace("retention = 0.5\n", "\n".join(("retention = 0.5", *lines, "")))
    for key, value in changed.items():
        text, count = re.subn(rf"(?m)(^retention[^\[]*?^){key} = [^\n]*", rf"\g<1>{key} = {value}", text)
        assert count == 1
    findings = check_reading(read_text(text, places()), places()).findings
    return {one.code: one.fact for one in findings if one.code in ("DX507", "DX508", "DX502", "DV007", "DF302")}


@pytest.mark.parametrize(
    ("lines", "begin", "code", "said"),
    [
        (('existing_until = "2023-24"',), '"2024-25"', "DX507", "would end in 2023-24, before it starts in 2024-25"),
        (('existing_until = "2025-26"',), '"2024-25"', "DX507", "ended in 2025-26, before the deal starts in 2026-27"),
        (
            ('existing_from = "2030-31"',),
            '"2026-27"',
            "DX507",
            "would start in 2030-31, not before the deal",
        ),
        (('existing_until = "2030-31"',), '"2026-27"', "DX507", "would start in 2026-27, not before the deal"),
        ((), '"2024-25"', "DX508", "begin in 2024-25, before the deal does in 2026-27: the area holds them already"),
        (("existing_retention = 0.5",), '"2026-27"', "DX508", "a share of 0.5 from 2026-27 on, which is held already"),
        (("existing_retention = 1.5",), '"2026-27"', "DX502", '"existing_retention" is 1.5: more than the whole'),
        (("existing_retention = -0.5",), '"2026-27"', "DV007", "is a negative share"),
        (('existing_until = "2030"',), '"2024-25"', "DF302", "not a financial year"),
    ],
)
def test_what_cannot_be_is_said(lines: tuple[str, ...], begin: str, code: str, said: str) -> None:
    assert said in found(*lines, **{"from": begin})[code]


@pytest.mark.parametrize(
    ("lines", "begin"),
    [
        ((), '"2026-27"'),
        (('existing_until = "2033-34"',), '"2024-25"'),
        (('existing_from = "2017-18"',), '"2024-25"'),
        (('existing_from = "2017-18"', 'existing_until = "2026-27"'), '"2024-25"'),
        (("existing_retention = 0.75", 'existing_until = "2028-29"'), '"2026-27"'),
        (("existing_retention = 0.5", 'existing_until = "2026-27"'), '"2027-28"'),
    ],
)
def test_what_can_be_is_let_through(lines: tuple[str, ...], begin: str) -> None:
    assert found(*lines, **{"from": begin}) == {}
