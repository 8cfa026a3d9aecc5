"""The rule that people ask for: what can be read, and what is refused."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest

from soke.community.budgets.asked import read_rule
from soke.errors import SokeError


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"rule": "luck"}, 'There is no rule "luck". The rules: equal_shares, greedy,'),
        ({"rule": "greedy", "stop": "overshoot"}, "--stop is nothing that greedy reads."),
        ({"part_funding": "80%"}, "--part-funding is nothing that equal_shares reads."),
        ({"rule": "phragmen", "comparison": True}, "--comparison is nothing that phragmen reads."),
        ({"increment": "0"}, '--increment is "0", not above zero.'),
        ({"increment": "1e400"}, "not an amount such as 250 or 0.50"),
        ({"increment": "nan"}, "not an amount"),
        ({"start": "-5"}, "not an amount"),
        ({"start": "9999999999999999"}, "not an amount"),
        ({"least_share": "101%"}, "not a share such as 5%"),
        ({"least_share": "1/0"}, "not a share such as 5%"),
        ({"least_votes": "²"}, "not a whole number"),
        ({"ties": "id,luck"}, "not one of more-votes, lower-cost"),
        ({"conflicts": ["a"]}, "not two ids or more"),
        ({"districts": ["north"]}, "not NAME=AMOUNT"),
        ({"districts": ["north=1", "north=2"]}, 'names "north" twice'),
        ({"points": "3;2"}, "not a whole number"),
        ({"completion": "add2"}, "not one of none, add1"),
    ],
)
def test_options_that_cannot_be_read(asked: dict[str, object], said: str) -> None:
    with pytest.raises(SokeError, match=re.escape(said)):
        read_rule(asked)


def test_options_that_can(tmp_path: Path) -> None:
    read = read_rule({"rule": "equal-shares", "start": "0.5", "least_share": "2.5%", "conflicts": ["a, b", "c,d"],
                      "districts": ["old town=12.30"], "ties": "id, file-order", "points": "3,1"})  # fmt: skip
    assert (read.rule, read.start, read.least_share, read.points) == ("equal_shares", 50, Fraction(1, 40), (3, 1))
    assert read.conflicts == (frozenset("ab"), frozenset("cd")) and read.districts == {"old town": 1230}
    assert read.ties == ("id", "file-order")
    assert read_rule({"rule": "greedy", "part_funding": "4/5"}).part_funding == Fraction(4, 5)


@pytest.mark.parametrize("content", [b"\xff", b"[" * 10**5, b"{}", b"[]", b'{"rule": {}}', b"1" * 10**5])
def test_a_manifest_that_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.json").write_bytes(content)
    with pytest.raises(SokeError, match="manifest"):
        read_rule({"manifest": tmp_path / "bad.json"})
