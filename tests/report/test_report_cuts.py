"""Cuts that a scenario assumes, in a report."""

from dataclasses import replace

import numpy as np
from made_up_run import AREA, DRAWS, YEARS, make, projection, series

from soke.report.value_sections import _cuts


def test_a_cut_says_what_goes_with_it_in_months_of_life() -> None:
    """100 pounds a head: 1.3 months for men, 1.2 for women."""
    plain = projection()
    a_head = 100 * sum(make().population[code] for code in AREA) / 1e6
    cut = series("cut", "Cut", a_head, np.zeros((DRAWS, len(YEARS))), 0.0)
    found = "".join(map(str, _cuts(make(projection=replace(plain, series={**plain.series, "cut": cut})))))
    assert "£100 a head less goes with 1.3 months less of life for men and 1.2 for women" in found
    assert not _cuts(make())
