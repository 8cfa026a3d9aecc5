"""Imported official figures as own figures: what they change, what is refused, and what never moves."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import pytest

from soke.england.baseline import baseline
from soke.england.imported import NOTHING, Imported
from soke.errors import SokeError
from soke.model.accounts import account, line_matrix
from soke.model.accounts.components import by_region, pieces, region_of
from soke.model.accounts.explain import explain
from soke.model.accounts.importing import figures_with
from soke.model.accounts.truth import known, pounds
from soke.report.tables.explained import explained

YEAR = 2022


def imported(**variables: np.ndarray) -> Imported:
    """Figures by authority for the year, as ``soke data import`` would have written them."""
    values = {
        (name, YEAR): MappingProxyType(dict(zip(baseline().codes, map(float, amounts), strict=True)))
        for name, amounts in variables.items()
    }
    return Imported(MappingProxyType(values), MappingProxyType({}), MappingProxyType({}), (), ())


def pension(times: float = 0.97) -> np.ndarray:
    """A made-up table of pensions: each region's published amount, by people over 75 instead of Soke's key."""
    control = next(p for p in pieces(YEAR) if p.component.id == "social-protection.pensions").control
    people = baseline()["population_75_plus"]
    return times * control[region_of()] * people / by_region(people)[region_of()]


def test_an_imported_table_takes_the_place_of_the_key_and_is_measured() -> None:
    figures = figures_with(imported(benefit_state_pension=pension()))
    before = next(p for p in pieces(YEAR) if p.component.id == "social-protection.pensions")
    after = next(p for p in pieces(YEAR, figures) if p.component.id == "social-protection.pensions")
    assert set(before.rule) == {"none"} and set(after.rule) == {"scaled"}
    np.testing.assert_allclose(after.values, pension(1.0), rtol=1e-9)
    np.testing.assert_allclose(by_region(after.values), by_region(before.values), atol=1e-8)
    here = baseline().mask(["E08000003"])
    gained = known(pounds(YEAR, here, figures)).here - known(pounds(YEAR, here)).here
    with_it, without = account(["E08000003"], YEAR, figures=figures), account(["E08000003"], YEAR)
    whole = sum(abs(line.value) for line in with_it.lines)
    assert gained == pytest.approx(after.values[here].sum() / whole, rel=0.02)
    assert with_it.spending_half_width is not None and without.spending_half_width is not None
    assert with_it.spending_half_width < without.spending_half_width
    assert line_matrix(YEAR).values.sum() == pytest.approx(line_matrix(YEAR, "residence", figures).values.sum())


def test_nothing_imported_changes_nothing() -> None:
    np.testing.assert_array_equal(
        line_matrix(YEAR, "residence", figures_with(NOTHING)).values, line_matrix(YEAR).values
    )


@pytest.mark.parametrize(("times", "said"), [(0.5, "2.00 times its sum"), (1e-6, "times its sum"), (2.5, "0.40 times")])
def test_a_table_that_is_another_thing_is_refused_unless_confirmed(times: float, said: str) -> None:
    """Half the pensions, pounds for millions, pensions of two years."""
    given = imported(benefit_state_pension=pension(times))
    with pytest.raises(SokeError, match="cannot be that of") as error:
        figures_with(given)
    assert said in error.value.fact and "--accept-figures" in str(error.value)
    accepted = pieces(YEAR, figures_with(given, accept=True))
    for piece in (p for p in accepted if p.component.id == "social-protection.pensions"):
        np.testing.assert_allclose(by_region(piece.values), piece.control, atol=1e-8)
        if times > 1:
            assert set(piece.rule) == {"share"}  # it only shares: nothing of it counts as measured
            assert not any(p.here for p in pounds(YEAR, np.ones(296, bool), figures_with(given, accept=True))
                           if p.component.id == piece.component.id)  # fmt: skip


def test_a_table_below_nought_or_of_noughts_is_refused() -> None:
    below = pension()
    below[3] = -5.0
    with pytest.raises(SokeError, match="is below nought in Stockton-on-Tees"):
        figures_with(imported(benefit_state_pension=below), accept=True)
    with pytest.raises(SokeError, match="is not nought, and its sum is"):
        figures_with(imported(benefit_state_pension=pension(0.0)))


def test_an_imported_figure_is_not_said_to_be_of_a_shipped_source() -> None:
    """Council tax by authority is shipped too, of other years: the page must name the workbook's."""
    amounts = next(p for p in pieces(YEAR) if p.component.id == "council-tax").values
    base, band = np.full(296, 1e5), amounts * 10  # GBP million is base x band / 1e6
    figures = figures_with(imported(tax_base=base, band_d=band))
    own = {p.component.id: p.own for p in pieces(YEAR, figures)}
    assert [f.imported for f in own["council-tax"]] == [True]
    assert not any(f.imported for name, those in own.items() if name != "council-tax" for f in those)
    done = explain(["E08000003"], YEAR, "council tax", figures=figures)
    assert any("imported" in str(row[3]) for row in explained(done, "Manchester", YEAR).rows)
    assert not any("imported" in str(row[3]) for row in
                   explained(explain(["E08000003"], YEAR, "council tax"), "Manchester", YEAR).rows)  # fmt: skip


def test_a_table_that_misses_an_authority_is_refused() -> None:
    whole = imported(benefit_state_pension=pension())
    values = {
        key: MappingProxyType({c: v for c, v in by.items() if c != "E08000025"}) for key, by in whole.values.items()
    }
    with pytest.raises(SokeError, match="no figure of Birmingham"):
        figures_with(Imported(MappingProxyType(values), MappingProxyType({}), MappingProxyType({}), (), ()))
