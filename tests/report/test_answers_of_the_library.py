"""What a script gets: results with tables by id, a summary, and a sentence for every bad argument."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from soke.deal.reader import load_deal, read_scenario
from soke.deal.types import Deal
from soke.england.places import places
from soke.errors import SokeError
from soke.model.accounts.types import Account
from soke.report.checked import check
from soke.report.place_account import place_account
from soke.report.run.draws import read_draws
from soke.report.run.inputs import inputs_for
from soke.report.run.project import Run, project
from soke.report.settled import settle
from soke.report.tables.known_places import known_places
from soke.report.what_ifs import what_if

ROOT = Path(__file__).parents[2]
GM = ROOT / "deals" / "greater-manchester.toml"


@pytest.fixture(scope="module")
def deal() -> Deal:
    return load_deal(GM, places())


@pytest.fixture(scope="module")
def run(deal: Deal) -> Run:
    return project(deal, draws=3)


def test_an_account_has_its_tables_and_one_that_sums_it_up() -> None:
    found = place_account(["Greater Manchester"], 2013)
    assert isinstance(found.value, Account)
    assert list(found.tables) == [
        "account_lines",
        "account",
        "account_bases",
        "account_totals",
        "account_classes",
        "account_claims",
    ]
    assert "account_base_year" in place_account(["Greater Manchester"], 2023).tables
    assert "account_economy" in place_account(["Leeds"], 2022, "economy").tables
    spent = [r["gbp_million_cash"] for r in found.table("account_lines") if r["side"] == "spent"]
    assert sum(spent) == pytest.approx(found.value.spending)  # type: ignore[arg-type]
    assert str(found).startswith("Greater Manchester, 2013-14. Raises £") and "<caption>" in found._repr_html_()


def test_a_table_that_is_not_there_names_the_nearest() -> None:
    with pytest.raises(SokeError, match="Did you mean account_") as error:
        place_account(["Leeds"], 2022).table("account_lin")
    assert error.value.code == "unknown-name"


def test_places_within_a_place() -> None:
    inside = known_places("metropolitan-district", "Greater Manchester")
    assert len(inside) == 10 and set(inside.column("kind")) == {"metropolitan-district"}
    with pytest.raises(SokeError, match="not a kind of place"):
        known_places("village")


def test_a_check_of_a_deal_at_hand_is_that_of_its_file(deal: Deal) -> None:
    assert check(deal).answer == check(GM).answer
    changed = replace(deal, ends=deal.starts - 1)
    assert check(changed).answer.facts["errors"] > check(deal).answer.facts["errors"] == 0
    assert "error" in check(changed).summary().caption


@pytest.mark.slow
def test_a_deal_at_hand_is_projected_as_its_file_says(run: Run, tmp_path: Path) -> None:
    assert len(run.tables) > 30 and "four_numbers" in run.tables
    assert [row["id"] for row in run.summary()] == ["gap", "difference", "keep", "bill"]
    assert run.summary().caption == run.answer.facts["sentence"]
    assert run.report.meta.command.endswith("greater-manchester.toml --draws 3")
    assert run.write(tmp_path).page.is_file() and (tmp_path / "run.json").is_file()


def test_a_deal_that_is_not_as_its_file_says_has_no_record(deal: Deal, run: Run, tmp_path: Path) -> None:
    inputs = inputs_for(replace(deal, title="Another"), None, 3, None, None)
    assert inputs.files == () and inputs.deal.title == "Another" and inputs.draws == 3
    other = inputs_for(deal, replace(read_scenario(), draws=7), None, None, None)
    assert other.files == () and other.draws == 7
    with pytest.raises(SokeError, match="no record could give it again"):
        Run(replace(run.report, meta=replace(run.report.meta, files=()))).write(tmp_path)


def test_what_cannot_be_projected_is_said(deal: Deal) -> None:
    with pytest.raises(SokeError, match="deal is of the type int") as error:
        project(5)  # type: ignore[arg-type]
    assert error.value.code == "bad-type"
    with pytest.raises(SokeError, match="check shows them all"):
        project(replace(deal, ends=deal.starts - 1))
    with pytest.raises(SokeError, match="0 draws cannot be run"):
        project(deal, draws=0)


def test_a_settlement_and_a_what_if_have_tables() -> None:
    settled = settle(["Kent"], 2019)
    assert len(settled.table("settlement")) == 14 and "settlement funding £m" in str(settled)
    found = what_if({"business_rates.retention": "0.75"}, names=["Leeds"])
    assert len(found.table("what_if")) == 296 and len(found.answer.table) == 1
    assert found.summary().caption.startswith("If councils kept 75% of business rates")


def test_a_draw_of_infinity_is_no_figure() -> None:
    text = "series,draw,2026-27\nexchequer,0,inf\nexchequer,1,-inf\nexchequer,2,1.0\n"
    values = read_draws(text, 3)["exchequer"]["2026-27"]
    assert np.isnan(values[:2]).all() and values[2] == 1.0


def test_errors_are_told_apart_by_code() -> None:
    for wrong, code in ((lambda: place_account(["Leedz"], 2022), "unknown-place"),
                        (lambda: place_account(["Leeds"], 1980), "bad-year"),
                        (lambda: settle(["Camelot"], 2019), "unknown-place"),
                        (lambda: settle([], 2012), "bad-year")):  # fmt: skip
        with pytest.raises(SokeError) as error:
            wrong()
        assert error.value.code == code
