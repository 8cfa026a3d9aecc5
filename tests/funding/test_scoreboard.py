"""The scoreboard: all claimed figures match, and one altered rule or published value is found and named."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from soke.england.settlement import settlement
from soke.errors import SokeError
from soke.model.funding import revenue_support_grant, tax_assignment
from soke.model.funding.dated import rules
from soke.model.funding.truth.reproduced import RULES, WORDS, members
from soke.model.funding.truth.scoreboard import _TABLES, CASES, Scoreboard, expected, scoreboard, verdict


@pytest.fixture(scope="module")
def board() -> Scoreboard:
    return scoreboard()


def test_every_claimed_figure_matches(board: Scoreboard) -> None:
    assert board.whole, [f"{c.row.rule} {c.where}: {c.published} {c.here}" for c in board.failures[:5]]


def test_every_numbered_case_is_there(board: Scoreboard) -> None:
    assert [int(s.name) for s in board.cases()] == list(range(1, 16)) == list(CASES)
    assert all(s.whole for s in board.cases())


def test_whole_populations(board: Scoreboard) -> None:
    """383, 383, 382 (not Scilly), 365 of 367 (nor Northamptonshire), and the merged four apart."""
    count: dict[tuple[str, int, str], int] = {}
    for c in board.checks:
        key = (c.row.rule, c.row.year, c.row.code)
        count[key] = count.get(key, 0) + 1
    for rule in ("baseline_funding.index", "under_indexation.grant"):
        found = [count[rule, y, w] for y, w in ((2016, "each"), (2017, "each"), (2018, "each but E06000053"),
                                                (2019, "each but E06000053 E10000021"), (2019, "merged"))]  # fmt: skip
        assert found == [383, 383, 382, 365, 4]
    assert len(members("each", 2019)) == 367
    assert count["revenue_support_grant.factor", 2016, "shire-district"] == 201
    assert count["revenue_support_grant.factor", 2016, "county without fire"] == 16


def test_what_is_not_reproduced_says_why(board: Scoreboard) -> None:
    assert all(n.row.reason for n in board.not_reproduced)
    by_code = {n.row.code: n for n in board.not_reproduced if n.row.figure == "negative grant"}
    assert set(by_code) == {"E10000002", "E10000030", "E06000059", "E09000027"}
    assert by_code["E10000002"].gap == pytest.approx(0.25, abs=0.01)
    assert by_code["E10000030"].here is None
    assert any(n.published == "16841" for n in board.not_reproduced)


def test_the_summary_counts_every_figure_once(board: Scoreboard) -> None:
    assert sum(s.figures for s in board.summary()) == len(board.checks)
    assert sum(s.matching for s in board.summary()) == len(board.checks)
    assert sum(board.count(b)[0] for b in ("published", "by hand", "sum")) == len(board.checks)
    assert {s.name for s in board.summary()} <= set(RULES) == set(WORDS)


@pytest.mark.parametrize(
    ("setting", "value", "rule", "case"),
    [
        ("under_indexation.gap", "1.5", "under_indexation.grant", "6"),
        ("revenue_support_grant.factor", "0.95", "revenue_support_grant.factor", "4"),
        ("business_rates.multiplier.small", "50", "baseline_funding.index", "1"),
        ("levy.cap", "0.4", "levy.single_rate", "13"),
        ("levy.band.2.rate", "0.31", "levy.graduated", "14"),
        ("safety_net.share", "0.9", "pool.settle", "13"),
        ("council_tax.mayoral_precept.general", "129", "council_tax.band", "11"),
    ],
)
def test_one_altered_rule_is_found(setting: str, value: str, rule: str, case: str) -> None:
    rows = [r for r in expected() if r.case or r.rule == rule]
    board = scoreboard(rules().with_settings({setting: value}), rows)
    assert not board.whole
    assert rule in {c.row.rule for c in board.failures}
    assert case in {c.row.case for c in board.failures}


def test_one_altered_kernel_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revenue_support_grant, "effective", lambda settlement, baseline: settlement)
    board = scoreboard()
    assert {"revenue_support_grant.factor", "revenue_support_grant.negative"} <= {c.row.rule for c in board.failures}
    monkeypatch.setattr(tax_assignment, "reconciliation", lambda *a: np.asarray(a[2]) - np.asarray(a[3]))
    assert "9" in {c.row.case for c in scoreboard().failures}


@pytest.mark.parametrize("sign", [3, -3])
def test_any_altered_published_value_is_found(sign: int) -> None:
    """Each tolerance is tight enough to see a change of three times itself."""
    rows = [r for r in expected() if r.claimed and not r.expected.startswith("table:")]
    altered = []
    for row in rows:
        size = abs(float(row.expected)) if row.kind == "relative" else 1.0
        altered.append(replace(row, expected=repr(float(row.expected) + sign * max(row.tolerance * size, 1e-6))))
    board = scoreboard(rows=altered)
    assert len(board.checks) > 60
    assert {id(c.row) for c in board.failures} == {id(r) for r in altered}


def test_a_figure_that_drops_out_of_a_table_is_found() -> None:
    row = next(r for r in expected() if r.code == "each but E06000053" and r.year == 2018)
    board = scoreboard(rows=[replace(row, code=f"{row.code} E08000003")])
    (failure,) = board.failures
    assert failure.row.figure == "number of figures"
    assert (failure.published, failure.here) == (row.figures, row.figures - 1)


def test_one_altered_table_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    row = next(r for r in expected() if r.expected == "table:settlement.under_indexation" and r.year == 2017)

    def altered(year: int) -> dict[str, float]:
        return {c: v * (1 + 2e-6 * (c == "E08000035")) for c, v in settlement(year).by_code("under_indexation").items()}

    monkeypatch.setitem(_TABLES, "settlement.under_indexation", altered)
    assert [c.where for c in scoreboard(rows=[row]).failures] == ["Leeds, 2017-18"]


def test_expected_values_stand_in_the_data_file_alone() -> None:
    """No literal of the numbered cases is repeated in the code that works them out."""
    code = "".join(
        files("soke.model.funding").joinpath(f).read_text(encoding="utf-8")
        for f in ("truth/reproduced.py", "settlement.py", "tier_rule.py")
    )
    for row in expected():
        digits = row.expected.lstrip("-").replace(".", "")
        if not row.expected.startswith("table:") and len(digits) >= 5:
            assert row.expected.lstrip("-") not in code, row.expected


def test_a_bad_row_is_a_sentence() -> None:
    row = expected()[0]
    with pytest.raises(SokeError, match="no function for the rule 'no\\.rule'"):
        scoreboard(rows=[replace(row, rule="no.rule")])
    with pytest.raises(SokeError, match="no 'table:nothing'"):
        scoreboard(rows=[replace(row, expected="table:nothing")])
    with pytest.raises(SokeError, match="no population 'somebody'"):
        members("somebody", 2018)


def test_the_handbook_shows_this_scoreboard(board: Scoreboard) -> None:
    page = (Path(__file__).parents[2] / "docs" / "handbook" / "funding.md").read_text(encoding="utf-8")
    assert verdict(board) in page
    for s in board.summary():
        assert f"| {s.words} | {s.figures:,} | {s.matching:,} | {s.within} | {s.furthest} | {s.where} |" in page
    for s in board.cases():
        assert f"| {s.name} | {s.words} | {s.figures} | {s.matching} | {s.furthest} |" in page
