"""What law is in force is said once: the small print of deals and the rules of assets read the same table."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from soke.community.assets.rules import parse_regime, regime, shipped
from soke.deal.reader import read_framework
from soke.england.law import LawId, laws
from soke.errors import SokeError
from soke.report.tables.assets import clocks, regimes

RULES = Path(__file__).parents[2] / "src" / "soke" / "community" / "assets" / "rules"


def test_every_law_has_its_source_day_and_grade() -> None:
    assert {"", *laws()} == set(get_args(LawId))
    for law in laws().values():
        assert law.source and law.as_of and law.title in law.standing and law.grade in law.standing
        assert (law.in_force is None) == ("not known to be in force" in law.standing)


def test_the_small_print_and_the_rules_of_assets_say_the_same_of_the_act_of_2026() -> None:
    act = laws()["devolution-2026"]
    assert regime("community-right-to-buy").in_force == act.in_force
    clauses = [clause for clause in read_framework("england").clauses if clause.law]
    assert [clause.law for clause in clauses] == [act.id] and act.standing in clauses[0].said
    assert act.standing in regimes().notes
    assert act.standing in clocks(regime("community-right-to-buy")).table.notes
    offer = Path(__file__).parents[2] / "src" / "soke" / "deal" / "offer" / "england.toml"
    assert "once it is an Act" not in offer.read_text("utf-8")


def test_rules_that_ship_take_their_day_from_the_table() -> None:
    for name in shipped():
        assert regime(name).act and regime(name).in_force == laws()[regime(name).act].in_force
    text = (RULES / "asset-transfer.toml").read_text("utf-8")
    with pytest.raises(SokeError, match="Leave one of them out"):
        parse_regime(text.replace("[roles]", "in_force = 2003-08-04\n\n[roles]", 1).encode(), "own.toml")
    with pytest.raises(SokeError, match="disposal-consent-2003"):
        parse_regime(text.replace("disposal-consent-2003", "disposal-consent-2030").encode(), "own.toml")
