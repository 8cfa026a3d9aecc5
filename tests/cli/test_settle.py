"""``soke settle`` and ``soke verify`` as a finance officer meets them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from soke.england.settlement import settlement
from soke.model.funding.truth import scoreboard
from soke.model.funding.truth.scoreboard import Scoreboard

Run = Callable[..., tuple[int, str, str]]


def test_settle_one_authority(soke: Run) -> None:
    status, out, _ = soke("settle", "Manchester", "--year", "2019-20")
    assert status == 0
    for figure in ("232.943", "175.901", "57.041", "as published", "5.732", "159.030", "405.906"):
        assert figure in out
    assert "not computed" in out
    assert "Improved Better Care Fund" in out


def test_settle_an_area_with_its_total(soke: Run) -> None:
    status, out, _ = soke("settle", "Kent", "--json")
    rows = {r["name"]: r for r in json.loads(out)["rows"]}
    assert status == 0
    assert len(rows) == 14  # twelve districts, the county, the total
    parts = [r["sfa_gbp_million_cash"] for name, r in rows.items() if name != "Kent, total"]
    assert rows["Kent, total"]["sfa_gbp_million_cash"] == pytest.approx(sum(parts))
    assert rows["Kent"]["sfa_how"] == "by rule"
    assert rows["Kent"]["place_code"] == "E10000016"
    assert "Kent Fire, Kent Police" in json.loads(out)["notes"][0]


def test_settle_everybody_as_csv(soke: Run) -> None:
    status, out, _ = soke("settle", "--year", "2018-19", "--csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert status == 0
    table = settlement(2018)
    key = "sfa_published_gbp_million_cash"
    published = {r["place_code"]: float(r[key]) for r in rows if r[key]}
    assert published == table.by_code("sfa")
    assert rows[-1]["name"] == "England, total"
    assert {"year", "unit", "sfa_gbp_million_cash", "band_d_gbp_cash", "tax_base_band_d_dwellings"} <= set(rows[0])


def test_the_county_council_alone_is_asked_for_by_its_kind(soke: Run) -> None:
    _, out, _ = soke("settle", "Cambridgeshire county", "Greater London Authority", "--json")
    assert [r["place_code"] for r in json.loads(out)["rows"]] == ["E10000003", "E61000001"]


def test_an_authority_made_since_is_shown_as_its_predecessors(soke: Run) -> None:
    _, out, _ = soke("settle", "Buckinghamshire", "--year", "2019-20", "--json")
    assert len(json.loads(out)["rows"]) == 6
    _, out, _ = soke("settle", "Buckinghamshire", "--year", "2020-21")
    assert "54.435" in out
    assert "is not to hand" in out


def test_council_tax_alone_after_the_settlement(soke: Run) -> None:
    _, out, _ = soke("settle", "Leeds", "North Yorkshire Police", "--year", "2022-23")
    assert "369.377" in out
    assert "council tax alone" in out
    assert "baseline" not in out


def test_no_minus_nought(soke: Run) -> None:
    _, out, _ = soke("settle", "London")
    assert "\N{MINUS SIGN}0.000" not in out


def test_explain(soke: Run) -> None:
    status, out, _ = soke("settle", "--year", "2019-20", "--explain", "Manchester")
    assert status == 0
    assert "171.9606676 × 49.1 ÷ 48 = 175.9014329" in out
    assert "[1] Core Spending Power tables, MHCLG" in out


def test_parameters(soke: Run) -> None:
    status, out, _ = soke("settle", "--parameters", "--json")
    rows = json.loads(out)["rows"]
    assert status == 0
    (cap,) = [r for r in rows if r["id"] == "levy.cap"]
    assert (cap["value"], cap["grade"], cap["source"], cap["years"]) == (
        "0.5", "official", "SI 2013/737", "2013-14 to 2025-26",
    )  # fmt: skip
    assert all(r["source"] and r["unit"] and r["grade"] for r in rows)


def test_a_what_if_is_handed_over(soke: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr("soke.cli.what_if.what_if", lambda *a: asked.append(a))
    status, _, _ = soke(
        "settle", "Kent", "--set", "levy.band.2.rate=0.4", "--reset", 5, "--pool", "Kent county", "--json"
    )
    assert status == 0
    assert asked == [(["Kent"], ["levy.band.2.rate=0.4"], 5, ["Kent county"], 10, None, True, False, None)]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("Atlantis",), "No authority of the finance settlement is called 'Atlantis'"),
        (("Leeds", "Leeds"), "Leeds (E08000035) is named twice."),
        (("Greater Manchester", "Bolton"), "Bolton (E08000001) is named twice."),
        (("--year", "2012-13"), "No settlement figures for 2012-13 are to hand. Funding is settled for 2015-16 to"),
        (("--year", "last"), "'last' is not a financial year."),
        (("Northamptonshire county", "--year", "2022-23"), "has no figures for 2022-23. It has figures from 2015-16"),
        (("Cumbria Police", "--explain", "Leeds"), "--explain explains one authority."),
        (("--explain", "Leeds", "--csv"), "A worked example is text."),
        (("--json", "--csv"), "cannot be asked for together"),
    ],
)
def test_bad_input_is_a_sentence(soke: Run, args: tuple[str, ...], said: str) -> None:
    status, out, err = soke("settle", *args)
    assert status == 2
    assert out == ""
    assert said in err


def test_verify_prints_the_scoreboard(soke: Run) -> None:
    status, out, _ = soke("verify")
    assert status == 0
    assert "All match." in out
    for number in range(1, 16):
        assert f"\n{number:<3} " in out
    for gap in ("11.149816", "16841", "Surrey", "Richmond upon Thames", "Middlesbrough"):
        assert gap in out


def test_verify_as_json(soke: Run) -> None:
    status, out, _ = soke("verify", "--json", "--all")
    board = json.loads(out)
    assert status == 0
    assert board["facts"]["figures"] == board["facts"]["matching"] == len(board["rows"])
    assert len(board["tables"]["scoreboard_cases"]["rows"]) == 15
    assert board["tables"]["failing_figures"]["rows"] == []
    assert all(m["reason"] for m in board["tables"]["not_reproduced"]["rows"])


@pytest.mark.parametrize("form", [(), ("--json",), ("--csv",)])
def test_one_altered_value_is_exit_1_and_named(
    soke: Run, monkeypatch: pytest.MonkeyPatch, form: tuple[str, ...]
) -> None:
    rows = [r for r in scoreboard.expected() if r.case]
    altered = [replace(r, expected="28.040") if r.expected == "28.031" else r for r in rows]

    def board() -> Scoreboard:
        return scoreboard.scoreboard(rows=altered)

    monkeypatch.setattr("soke.report.truth.scoreboard", board)
    status, out, err = soke("verify", *form)
    assert status == 1
    assert "Medway, 2016-17" in out + err
    assert "28.04" in out + err


def imported(tmp_path: Path, *rows: str) -> Path:
    text = "code,name,year,variable,value,unit,workbook,sha256\n" + "".join(f"{r},CSP.xlsx,{'0' * 64}\n" for r in rows)
    (tmp_path / "figures.csv").write_text(text, encoding="utf-8")
    return tmp_path


def test_an_imported_figure_stands_beside_the_rule(soke: Run, tmp_path: Path) -> None:
    """The table of 2020-21 is not shipped: a user who has it sees the gap, here of a made-up figure."""
    folder = imported(tmp_path, "E08000003,Manchester,2020-21,settlement_funding_assessment,236.8,GBP million")
    status, out, _ = soke("settle", "Manchester", "--year", "2020-21", "--figures", folder, "--json")
    (row,) = json.loads(out)["rows"]
    assert status == 0
    assert row["sfa_how"] == "by rule"
    assert row["sfa_published_gbp_million_cash"] == 236.8
    assert row["largest_difference_gbp_million_cash"] == pytest.approx(236.7379223 - 236.8, abs=1e-5)
    assert "imported from CSP.xlsx" in json.loads(out)["notes"][0]
    _, out, _ = soke("settle", "--year", "2020-21", "--explain", "Manchester", "--figures", folder)
    assert "Published: £236.800m. Difference: −£0.062m." in out


def test_an_imported_year_is_shown_as_published(soke: Run, tmp_path: Path) -> None:
    """Cumberland was made after the shipped tables end."""
    folder = imported(
        tmp_path,
        "E06000063,Cumberland,2026-27,revenue_support_grant,90.5,GBP million",
        "E06000063,Cumberland,2026-27,council_tax_requirement,160000000,GBP",
    )
    status, out, _ = soke("settle", "Cumberland", "--year", "2026-27", "--figures", folder, "--json")
    (row,) = json.loads(out)["rows"]
    assert status == 0
    assert row["revenue_support_grant_how"] == "as published"
    assert (row["revenue_support_grant_gbp_million_cash"], row["requirement_gbp_million_cash"]) == (90.5, 160.0)
    status, out, _ = soke("settle", "North West", "--year", "2026-27", "--figures", folder)
    assert status == 0
    assert "90.500" in out
    assert "every figure is as imported" in out
    status, _, err = soke("settle", "Cumberland", "--year", "2026-27")
    assert status == 2
    assert "No settlement figures for 2026-27" in err
