"""The files that the package ships: the English framework, and the scenarios, each by the name that a file may use."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from soke.deal.document import Document, parse_document
from soke.deal.finding import Finding

OFFER = Path(__file__).parent / "offer"
SHOWN = "soke/deal/offer"  # how findings and records name the folder, the same on every machine
OFFERS = ("england",)  # frameworks
DEFAULT_SCENARIO = "default"
SCENARIOS = {
    DEFAULT_SCENARIO: "scenario",
    "cuts-2010s": "cuts-2010s",
    "income-tax-2028": "income-tax-2028",
}  # by name: the stem of the file
PACKAGED = frozenset(f"{SHOWN}/{name}.toml" for name in OFFERS)


def content(stem: str) -> bytes:
    """The bytes of a shipped file."""
    return (OFFER / f"{stem}.toml").read_bytes()


@cache
def first_funds() -> dict[str, Any]:
    """The published lines that a first deal starts with, and that sums of a deal are held against."""
    return tomllib.loads(content("first-funds").decode("utf-8"), parse_float=Decimal)


@cache
def packaged(stem: str) -> Document | Finding:
    """A shipped file; its name is shown the same on every machine."""
    return parse_document(content(stem), f"{SHOWN}/{stem}.toml")


def scenario_name(shown: str) -> str | None:
    """The name of the shipped scenario that findings and records show as ``shown``; None where it is none."""
    return next((name for name, stem in SCENARIOS.items() if shown == f"{SHOWN}/{stem}.toml"), None)
