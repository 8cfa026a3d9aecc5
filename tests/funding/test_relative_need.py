"""Relative need as a settlement implies it."""

from __future__ import annotations

import numpy as np
import pytest

from soke.england.settlement import council_tax_levels, settlement
from soke.errors import SokeError
from soke.model.funding.relative_need import from_baseline
from soke.model.funding.resource_adjustment import fair_funding_allocation


def test_need_that_a_settlement_implies_gives_that_settlement_back() -> None:
    """2018-19: with the same notional tax and the same pot the resource adjustment returns what was published."""
    table, tax = settlement(2018), council_tax_levels(2018).by_code("tax_base")
    codes = [c for c in table.codes if c in tax]
    funding = np.array([table.value("sfa", c) for c in codes])
    notional = np.array([tax[c] for c in codes]) * 0.98 * 1_400 / 1e6
    need = from_baseline(funding, notional)
    assert need.grade == "estimate"
    assert len(codes) == 326
    np.testing.assert_allclose(
        fair_funding_allocation(need.share, notional, funding.sum()).amounts, funding, rtol=1e-9, atol=1e-9
    )


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: from_baseline([1, -1], [1, 1], "AB"), "The settlement funding of B is -1."),
        (lambda: from_baseline([1, 1], [1, np.nan], "AB"), "The notional council tax of B is nan."),
        (lambda: from_baseline([1, 1, 1], [1, 1]), "Settlement funding has 3 authorities, notional council tax 2."),
        (lambda: from_baseline([0, 0], [0, 0]), "all nought"),
    ],
)
def test_refuses(call: object, said: str) -> None:
    with pytest.raises(SokeError) as caught:
        call()  # type: ignore[operator]
    assert said in str(caught.value)
