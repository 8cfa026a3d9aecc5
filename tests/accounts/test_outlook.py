"""The base year: carried lines, what an outlook may say, the back-test's golden values, the comparison."""

from dataclasses import replace

import numpy as np
import pytest

from soke.deal.reader import read_scenario
from soke.england.places import places
from soke.england.tables import read_table
from soke.errors import SokeError
from soke.model.accounts import account, gap_split, line_matrix
from soke.model.accounts import outlook as module
from soke.model.accounts.back_test import back_test
from soke.model.accounts.comparison import BaseYearAccount, Change, base_year_account, compared
from soke.model.accounts.outlook import (
    PUBLISHED,
    base_year,
    carried,
    moves,
    ratios,
    read_outlook,
    uk_lines,
    uk_totals,
    worst,
)
from soke.model.accounts.types import LineMatrix

PARTS = ("borrowing", "lower_tax", "higher_spending")


def row(head: str, value: float, year: str = "2025-26", grade: str = "official") -> dict[str, str]:
    return {"year": year, "head": head, "gbp_million": str(value), "source": "s", "grade": grade, "note": "n"}


def members(name: str) -> tuple[str, ...]:
    return places().members(places().find(name).code)


def sides(matrix: LineMatrix) -> dict[str, str]:
    return {line.id: line.side for line in matrix.lines}


# ---------------------------------------------------------------- the back-test, golden values of the specification
@pytest.mark.parametrize(
    ("known", "years_on", "steps", "england", "region"),
    [("lines", 1, 14, 3.0, 1.5), ("lines", 2, 13, 4.9, 1.7), ("totals", 1, 14, 3.3, 1.25)],
)
def test_the_back_test_gives_the_specified_errors(known, years_on, steps, england, region) -> None:
    found = back_test(known, years_on)
    assert found.steps == steps
    assert found.england / 1e3 == pytest.approx(england, abs=0.2)
    assert found.region / 1e3 == pytest.approx(region, abs=0.2)


def test_one_sign_in_126_is_wrong_one_year_on() -> None:
    found = back_test("lines", 1)
    assert (found.flips, found.signs) == (1, 126)


def test_a_back_test_needs_accounts_to_test_on() -> None:
    assert back_test("totals", PUBLISHED - 2009).steps == 1
    for years_on in (0, PUBLISHED - 2008):
        with pytest.raises(SokeError, match="No account can be carried"):
            back_test("totals", years_on)


# ---------------------------------------------------------------- carried lines
def test_with_two_totals_every_line_moves_as_its_side() -> None:
    start, before = base_year(2025), line_matrix(PUBLISHED)
    given = read_outlook(2025)
    assert given is not None and start.standing == "moved" and not given.own
    for side in ("revenue", "spending"):
        ratio = given.totals[side].value / uk_totals(PUBLISHED)[side]
        np.testing.assert_allclose(start.lines.side(side), before.side(side) * ratio, rtol=1e-12)
    assert {line.grade for line in start.lines.lines} == {"unverified"}
    assert [move.head for move in start.moved_by] == ["receipts", "spending"]
    assert start.lines.year == 2025 and start.lines.codes == before.codes


def test_the_uk_ratio_is_of_the_regional_accounts_own_total() -> None:
    assert uk_totals(PUBLISHED) == {"revenue": 1_095_788.0, "spending": 1_230_746.0}
    for side in ("revenue", "spending"):
        mine = [value for name, value in uk_lines(PUBLISHED).items() if sides(line_matrix(PUBLISHED))[name] == side]
        assert sum(mine) == pytest.approx(uk_totals(PUBLISHED)[side], abs=1)


def test_a_line_of_its_own_is_used_and_the_rest_takes_what_is_left() -> None:
    matrix, uk = line_matrix(PUBLISHED), uk_lines(PUBLISHED)
    doubled = 2 * uk["income-tax"]
    rows = [row("receipts", 1.5e6), row("spending", 1.3e6, grade="unverified"), row("income-tax", doubled)]
    given = read_outlook(2025, rows)
    assert given is not None
    by = moves(given, uk, sides(matrix))  # type: ignore[arg-type]
    assert by["income-tax"].ratio == pytest.approx(2.0) and by["income-tax"].head == "income-tax"
    left = (1.5e6 - doubled) / (uk_totals(PUBLISHED)["revenue"] - uk["income-tax"])
    assert by["vat"].ratio == pytest.approx(left) and by["vat"].head == "receipts"
    assert sum(
        by[name].ratio * value for name, value in uk.items() if sides(matrix)[name] == "revenue"
    ) == pytest.approx(1.5e6)
    after = carried(matrix, by, 2025)
    np.testing.assert_allclose(after.row("income-tax"), 2 * matrix.row("income-tax"))
    grades = {line.id: line.grade for line in after.lines}
    assert grades["health"] == "unverified" and grades["vat"] == worst([by["vat"].grade, _grade(matrix, "vat")])


def _grade(matrix: LineMatrix, name: str) -> str:
    return next(line.grade for line in matrix.lines if line.id == name)


def test_shares_of_places_are_those_of_the_newest_account() -> None:
    before, after = line_matrix(PUBLISHED), base_year(2025).lines
    for name in ("income-tax", "health"):
        np.testing.assert_allclose(after.row(name) / after.row(name).sum(), before.row(name) / before.row(name).sum())


def test_a_published_year_is_not_moved_and_a_year_without_an_outlook_says_so() -> None:
    then = base_year(2022)
    assert then.standing == "published" and then.lines.year == 2022 and then.council_tax_growth == pytest.approx(1.0)
    later = base_year(2040)
    assert later.standing == "not-moved" and later.lines.year == PUBLISHED
    assert later.words.startswith("There is no outlook for 2040-41: its figures are those of 2023-24, moved by nothing")
    with pytest.raises(SokeError, match="no account for 1998-99"):
        base_year(1998)


def test_a_total_that_is_not_given_follows_from_borrowing() -> None:
    by_receipts = read_outlook(2025, [row("receipts", 1000.0), row("borrowing", 100.0, grade="estimate")])
    by_spending = read_outlook(2025, [row("spending", 1100.0), row("borrowing", 100.0)])
    assert by_receipts is not None and by_spending is not None
    assert by_receipts.totals["spending"].value == 1100.0 and by_receipts.totals["spending"].grade == "estimate"
    assert by_spending.totals["revenue"].value == 1000.0 and by_spending.totals["revenue"].grade == "derived"
    for rows in ([row("receipts", 1000.0)], [row("borrowing", 100.0)], [row("receipts", 1.0, "2026-27")]):
        assert read_outlook(2025, rows) is None


def test_an_outlook_that_cannot_be_used_is_refused() -> None:
    with pytest.raises(SokeError, match="called 'window-tax'"):
        read_outlook(2025, [row("receipts", 1.0), row("spending", 1.0), row("window-tax", 1.0)])
    with pytest.raises(SokeError, match="'good' is no grade"):
        read_outlook(2025, [row("receipts", 1.0, grade="good")])
    uk, of = {"a": 60.0, "b": 40.0}, {"a": "revenue", "b": "revenue"}
    with pytest.raises(SokeError, match=r"leave -20 of its receipts for lines that were 40"):
        ratios(uk, of, {"a": 120.0}, {"revenue": 100.0})  # type: ignore[arg-type]
    with pytest.raises(SokeError, match="leave 20 of its receipts for lines that were 0"):
        ratios(uk, of, {"a": 70.0, "b": 30.0}, {"revenue": 120.0})  # type: ignore[arg-type]


def test_a_tax_that_did_not_exist_is_shared_with_the_rest() -> None:
    by = ratios({"a": 60.0, "b": 40.0, "new": 0.0}, dict.fromkeys(("a", "b", "new"), "revenue"),  # type: ignore[arg-type]
                {"a": 60.0, "new": 4.0}, {"revenue": 104.0})  # fmt: skip
    assert by["a"] == 1.0 and by["b"] == pytest.approx(44 / 40)


def test_the_shipped_outlook_adds_up_and_covers_the_default_base_year() -> None:
    assert base_year(read_scenario().base_year).standing == "moved"
    for year in {r["year"] for r in read_table("outlook")}:
        by = {r["head"]: float(r["gbp_million"]) for r in read_table("outlook") if r["year"] == year}
        assert by["spending"] - by["receipts"] == pytest.approx(by["borrowing"])


# ---------------------------------------------------------------- the comparison
@pytest.mark.parametrize("name", ["Greater Manchester", "Kent", "Surrey", "North West", "England"])
def test_the_identity_holds_in_both_years_and_in_the_change(name: str) -> None:
    found, held = base_year_account(members(name), 2025), account(members(name), PUBLISHED)
    assert found.gap.published == pytest.approx(held.gap) and found.receipts.published == pytest.approx(held.receipts)
    for when in ("published", "change", "base"):
        parts = [getattr(getattr(found, part), when) for part in PARTS]
        assert sum(parts) == pytest.approx(getattr(found.gap, when), abs=1e-6)
        assert getattr(found.spending, when) - getattr(found.receipts, when) == pytest.approx(
            getattr(found.gap, when), abs=1e-6
        )


def test_borrowing_is_the_head_share_of_uk_borrowing() -> None:
    found, held = base_year_account(members("Kent"), 2025), account(members("Kent"), PUBLISHED)
    share = held.population / 68_000_000  # about: the UK's people in the accounts
    assert found.borrowing.base == pytest.approx(share * 129_000, rel=0.02)
    assert found.borrowing.base / found.borrowing.published == pytest.approx(129_000 / (1_230_746 - 1_095_788))
    before = gap_split(held.receipts, held.spending, held.population, PUBLISHED)
    assert (found.lower_tax.published, found.higher_spending.published) == (before.lower_tax, before.higher_spending)


def test_a_gap_inside_its_own_range_is_grey_and_says_so() -> None:
    wide, sure = (base_year_account(members(name), 2025) for name in ("Isle of Wight", "Surrey"))
    codes, start = members("Surrey"), base_year(2025)
    held = account(codes, PUBLISHED)
    grey = compared(replace(held, lines=tuple(replace(x, half_width=2e4) for x in held.lines)), start, codes)
    assert not sure.grey and grey.grey
    assert wide.half_width and sure.half_width and sure.half_width > held.gap_half_width
    assert "inside its own range" in grey.notes[-1] and "either way" in grey.notes[-1]
    assert not any("inside its own range" in note for note in sure.notes)
    assert base_year_account(members("England"), 2025).half_width is None


def test_a_sign_that_turns_names_what_turned_it() -> None:
    """A base year in which income tax alone has grown: it, and nothing else, puts the place over."""
    codes, start = members("Greater Manchester"), base_year(2025)
    before = line_matrix(PUBLISHED)
    values = before.values.copy()
    at = [line.id for line in before.lines].index("income-tax")
    values[at] *= 6.0
    by = tuple(module.Move(m.line, 6.0 if m.line == "income-tax" else 1.0, m.line, "estimate") for m in start.moves)
    changed = replace(start, published=before, lines=replace(before, values=values), moves=by)
    found = compared(account(codes, PUBLISHED), changed, codes)
    assert found.gap.published > 0 > found.gap.base and found.flips
    assert found.flipped_by == ("Income Tax",)
    assert any("without the change of Income Tax it would still be short" in note for note in found.notes)
    still = base_year_account(codes, 2025)
    assert not still.flips and still.flipped_by == ()


def test_with_two_totals_no_single_tax_is_blamed_for_a_sign() -> None:
    """All receipts are one mover: which tax of them did it, nobody knows."""
    codes = members("Essex")
    start = base_year(2025)
    by = {m.line: replace(m, ratio=0.9 if m.head == "receipts" else 1.0) for m in start.moves}
    less = replace(start, lines=carried(start.published, by, 2025), moves=tuple(by.values()))
    found = compared(account(codes, PUBLISHED), less, codes)
    assert found.gap.published < 0 < found.gap.base and found.flipped_by == ("all receipts",)


def test_notes_say_how_and_how_well_tested() -> None:
    found = base_year_account(members("Kent"), 2025)
    assert "receipts from £1,096bn to £1,236bn (x 1.128, unverified)" in found.notes[0]
    assert found.notes[1].startswith(
        "Tested on 13 accounts since 2009-10 with the UK's totals known, carried 2 years on"
    )
    assert base_year_account(members("Kent"), 2040).notes[0].startswith("There is no outlook for 2040-41")
    same = base_year_account(members("Kent"), 2022)
    assert same.gap.change == pytest.approx(0, abs=1e-6) and same.published_year == same.base_year == 2022


def test_a_change_is_base_less_published() -> None:
    assert Change(100.0, 90.0).change == -10.0
    assert isinstance(base_year_account(members("Kent"), 2025), BaseYearAccount)
