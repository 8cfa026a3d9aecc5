"""A rule's example as it would be found: laid over the smallest sound deal, so that it is read like any other file."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from soke.deal.check import check_reading
from soke.deal.document import Document, parse_document
from soke.deal.finding import Finding
from soke.deal.reader import Reading, read_layers
from soke.deal.registry import RULES
from soke.england.places import places

HERE = Path(__file__).parent / "rules"
BASE, EXAMPLE = "minimal.toml", "example.toml"


def laid_over(example: str) -> Reading:
    """Deal-file text laid over the smallest sound deal, as a file that extends another."""
    base = parse_document((HERE / BASE).read_bytes(), BASE)
    top = parse_document(example.encode(), EXAMPLE)
    assert isinstance(base, Document)
    if isinstance(top, Finding):
        return Reading(None, (top,))
    return read_layers([base, top], places(), HERE)


@cache
def found_in_example(code: str) -> tuple[Finding, ...]:
    """What `soke check` says of the bad example of a rule: each fact, and what to do about it. KeyError for no rule."""
    return check_reading(laid_over(RULES[code].bad), places()).findings
