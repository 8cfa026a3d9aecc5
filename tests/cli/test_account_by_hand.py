"""Every number of an account, worked out again from what --explain --json prints, and from nothing else of Soke.

The arithmetic here is what a sceptic with a calculator does: it imports no module of the accounts.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., tuple[int, str, str]]
QUICK = (
    "Greater Manchester",
    "Liverpool City Region",
    "Westminster",
    "Surrey",
    "Greater Lincolnshire",
    "Isles of Scilly",
)
LATER = (
    "West Yorkshire", "South Yorkshire", "North East", "Tees Valley", "West of England", "East Midlands", "Cornwall",
    "Kent", "Norfolk", "Birmingham", "Leeds", "Cambridge", "Cumberland", "North West",
)  # fmt: skip
PLACES = [*QUICK, *(pytest.param(name, marks=pytest.mark.slow) for name in LATER)]
WIDTH = 1.2
CLOSE = {"rel": 1e-9, "abs": 1e-6}


def printed(soke: Run, *args: str) -> dict[str, Any]:
    status, out, err = soke("place", *args, "--json")
    assert status == 0, err
    answer: dict[str, Any] = json.loads(out)
    return answer


def rows(answer: dict[str, Any], table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = answer["tables"][table]["rows"]
    return found


def area_money(row: dict[str, Any]) -> float:
    return float(row["filed_gbp_million"] * row["growth"] * row["falls_here_share"])


def line_by_hand(answer: dict[str, Any]) -> tuple[float, float]:
    """The value of a line, and its half-width, from its regions, areas and components."""
    total = variance = 0.0
    regions, areas = rows(answer, "sum_regions"), rows(answer, "sum_areas")
    for component in rows(answer, "sum_components"):
        mine = [r for r in regions if r["component"] == component["component"]]
        value = measured = 0.0
        for region in mine:
            there = region["component"], region["region_code"]
            own = sum(area_money(a) for a in areas if (a["component"], a["region_code"]) == there)
            assert own == pytest.approx(region["own_here_gbp_million_cash"], **CLOSE)
            q = region["control_gbp_million_cash"] / region["own_region_gbp_million_cash"] if region["q"] else None
            factor = {"scaled": q, "share": q, "kept": 1.0, "none": 0.0}[region["rule"]]
            assert factor == pytest.approx(region["factor"], **CLOSE)
            if q is not None and region["rule"] != "none":
                assert region["rule"] == ("share" if q < 0.9 else "scaled" if q <= 1.1 else "kept")
            rest = region["control_gbp_million_cash"] - factor * region["own_region_gbp_million_cash"]
            share = region["key_weight_here"] / region["key_weight_region"] if region["key_weight_region"] else 0.0
            here = own * factor + rest * share
            assert here == pytest.approx(region["gbp_million_cash"], **CLOSE)
            value += here
            if region["rule"] in ("scaled", "kept"):
                measured += factor * sum(
                    area_money(a) for a in areas
                    if (a["component"], a["region_code"]) == there and a["filed_by_the_body"] == "yes"
                    and near(a["figure_year"], answer["facts"]["year"])
                )  # fmt: skip
        assert value == pytest.approx(component["gbp_million_cash"], **CLOSE)
        graded = [component[f"{grade}_gbp_million_cash"] for grade in
                  ("measured_here", "measured_wider", "by_key", "per_head")]  # fmt: skip
        assert sum(graded) == pytest.approx(value, **CLOSE)
        assert graded[0] + graded[1] == pytest.approx(measured, **CLOSE)
        total += value
        if component["half_width_gbp_million_cash"] is None:  # of a whole region: the publisher's own figure
            assert all(r["key_weight_here"] == pytest.approx(r["key_weight_region"]) for r in mine)
            continue
        unmeasured = value - measured
        least = WIDTH * component["key_error_share"] * abs(unmeasured if abs(unmeasured) > 1e-6 else 0.0)
        assert component["half_width_gbp_million_cash"] >= least - 1e-6
        if not graded[1]:  # nothing split from a wider area: the range is the key's alone
            assert component["half_width_gbp_million_cash"] == pytest.approx(least, abs=1e-6)
        variance += component["half_width_gbp_million_cash"] ** 2
    return total, math.sqrt(variance)


def near(figure: str, account: str) -> bool:
    return abs(int(figure[:4]) - int(account[:4])) <= 1


@pytest.mark.parametrize("name", PLACES)
def test_every_number_by_hand(soke: Run, name: str) -> None:
    answer = printed(soke, name, "--year", "2022-23")
    lines = {row["line_id"]: row for row in answer["rows"]}
    sums = {"raised": 0.0, "spent": 0.0}
    for line_id, row in lines.items():
        value, half_width = line_by_hand(printed(soke, name, "--year", "2022-23", "--explain", line_id))
        assert value == pytest.approx(row["gbp_million_cash"], **CLOSE)
        if row["half_width_gbp_million_cash"] is not None:
            assert half_width == pytest.approx(row["half_width_gbp_million_cash"], **CLOSE)
        people = answer["facts"]["population_persons"]
        assert row["gbp_per_head"] == pytest.approx(value * 1e6 / people, **CLOSE)
        sums[row["side"]] += value
    facts = answer["facts"]
    assert sums["raised"] == pytest.approx(facts["receipts_gbp_million_cash"], abs=1e-3)
    assert sums["spent"] == pytest.approx(facts["spending_gbp_million_cash"], abs=1e-3)
    widths = [row["half_width_gbp_million_cash"] or 0.0 for row in lines.values()]
    if facts["gap_half_width_gbp_million_cash"] is not None:
        assert math.hypot(*widths) == pytest.approx(facts["gap_half_width_gbp_million_cash"], rel=1e-6)
    _totals(soke, name, facts, sums)


def _totals(soke: Run, name: str, facts: dict[str, Any], sums: dict[str, float]) -> None:
    """The gap and its three parts, from their lines, the place's share of people and the UK's two totals."""
    split = facts["gap_split_gbp_million_cash"]
    for title, part in (("UK borrowing", "borrowing"), ("lower tax", "lower_tax"),
                        ("higher spending", "higher_spending")):  # fmt: skip
        answer = printed(soke, name, "--year", "2022-23", "--explain", title)
        (fact,) = rows(answer, "sum_facts")
        share, receipts, spending = (fact[key] for key in (
            "head_share", "uk_receipts_gbp_million_cash", "uk_spending_gbp_million_cash"))  # fmt: skip
        lines = sum(row["gbp_million_cash"] for row in rows(answer, "sum_lines"))
        by_hand = {"borrowing": share * (spending - receipts), "lower_tax": share * receipts + lines,
                   "higher_spending": lines - share * spending}[part]  # fmt: skip
        assert by_hand == pytest.approx(split[part], abs=1e-3)
    gap = printed(soke, name, "--year", "2022-23", "--explain", "gap")
    lines = sum(row["gbp_million_cash"] for row in rows(gap, "sum_lines"))
    assert lines == pytest.approx(sums["spent"] - sums["raised"], abs=1e-3)
    assert lines == pytest.approx(facts["gap_gbp_million_cash"], abs=1e-3)


@pytest.mark.parametrize("name", ["Westminster", "Surrey", "Leeds", "Greater Manchester"])
def test_taxes_where_they_are_generated_by_hand(soke: Run, name: str) -> None:
    *table, last = printed(soke, name, "--year", "2022-23", "--basis", "economy")["tables"]["account_economy"]["rows"]
    for column in ("paid_gbp_million_cash", "generated_gbp_million_cash"):
        assert sum(row[column] for row in table) == pytest.approx(last[column], **CLOSE)
    total = printed(soke, name, "--year", "2022-23", "--basis", "economy", "--explain", last["line_id"])
    assert total["facts"]["gbp_million_cash"] == pytest.approx(last["generated_gbp_million_cash"], **CLOSE)
    for row in table:
        answer = printed(soke, name, "--year", "2022-23", "--basis", "economy", "--explain", row["line_id"])
        moved = rows(answer, "sum_economy")
        if not moved:
            assert row["generated_gbp_million_cash"] == pytest.approx(row["paid_gbp_million_cash"], **CLOSE)
            continue
        by_hand = sum(
            (1 - m["moved_share"]) * m["paid_here_gbp_million_cash"] + m["moved_share"]
            * m["region_generated_gbp_million_cash"] * m["key_weight_here"] / m["key_weight_region"] for m in moved
        )  # fmt: skip
        assert by_hand == pytest.approx(row["generated_gbp_million_cash"], **CLOSE)
