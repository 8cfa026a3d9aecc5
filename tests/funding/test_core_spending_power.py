"""Core spending power: published sums, the components of a year, and national council tax checks."""

from __future__ import annotations

import numpy as np
import pytest

from soke.england.settlement import council_tax_levels, settlement
from soke.errors import SokeError
from soke.model.funding.core_spending_power import components, missing
from soke.model.funding.dated import rules

BILLING = ("shire-district", "unitary", "metropolitan-district", "london-borough")


@pytest.mark.parametrize("year", range(2015, 2020))
def test_council_tax_of_the_tables(year: int) -> None:
    published = rules().value("core_spending_power.council_tax", year)
    assert round(float(settlement(year)["council_tax"].sum())) == published


def national(year: int) -> tuple[float, float, float]:
    """Requirement and parish precepts, GBP million, and the average Band D, of Table 9."""
    table = council_tax_levels(year)
    billing = np.isin(np.array(table.kinds), BILLING)
    requirement = np.nansum(table["requirement_incl_parish"]) + np.nansum(table["precept_requirement"])
    return (
        float(requirement) / 1e6,
        float(np.nansum(table["parish_precepts"])) / 1e6,
        float(requirement / np.nansum(table["tax_base"][billing])),
    )


@pytest.mark.parametrize("year", [2019, 2020])
def test_average_band_d_as_published(year: int) -> None:
    """1,750 and 1,818 pounds, from the requirement and tax base of every authority."""
    assert round(national(year)[2]) == rules().value("council_tax.average_band_d", year)


def test_requirement_as_published() -> None:
    """33.1 billion in 2020-21; and 68 pounds or 3.9 per cent more a home than the year before."""
    assert round(national(2020)[0] / 100) * 100 == rules().value("council_tax.requirement", 2020)
    before, after = (round(national(year)[2]) for year in (2019, 2020))
    assert after - before == 68
    assert round(100 * (after / before - 1), 1) == 3.9


def test_published_rise_of_2025() -> None:
    law = rules()
    before, after = (law.exact("council_tax.average_band_d", year) for year in (2024, 2025))
    assert after - before == 109
    assert round(100 * (after / before - 1), 1) == 5


@pytest.mark.parametrize(
    ("year", "both", "apart"),
    [
        (2015, 382, set()),
        (2016, 383, {"Surrey"}),
        (2017, 383, {"Essex", "Essex Fire", "Norfolk"}),
        (2018, 382, {"Kent"}),
        (
            2019,
            374,
            {"Greater Manchester Combined Authority", "Avon Fire"},
        ),  # the former's precept has the police in it
    ],
)
def test_council_tax_is_the_requirement_of_table_9(year: int, both: int, apart: set[str]) -> None:
    """Two published tables, authority by authority: they agree within 4,000 pounds but for those named."""
    table = council_tax_levels(year)
    required = table.by_code("requirement_excl_parish") | table.by_code("precept_requirement")
    counted = settlement(year).by_code("council_tax")
    gaps = {code: tax - required[code] / 1e6 for code, tax in counted.items() if code in required}
    names = dict(zip(settlement(year).codes, settlement(year).names, strict=True))
    assert len(gaps) == both
    assert {names[code] for code, gap in gaps.items() if abs(gap) > 0.004} == apart


def figures(year: int) -> dict[str, np.ndarray]:
    keys = {c.key for c in components(year)}
    table = settlement(year)
    return {key: table[key] for key in table.columns if key in keys}


def test_what_is_not_to_hand_is_said() -> None:
    """The improved Better Care Fund and two social care grants of 2019-20."""
    assert missing(2015, figures(2015)) == ()
    lacking = missing(2019, figures(2019))
    assert "Improved Better Care Fund" in lacking and len(lacking) == 3


def test_the_printed_total_of_2026_is_not_the_sum_of_its_parts() -> None:
    """15,048 and 13,696 make 28,744; the page prints 16,841. Kept as printed, with the reason, and not used."""
    law = rules()
    parts = law.exact("fair_funding.rsg", 2026) + law.exact("fair_funding.baseline_funding", 2026)
    printed = law.row("fair_funding.allocation.printed", 2026)
    assert parts == 28_744 != printed.value
    assert "28,744" in printed.note and "not explained" in printed.note


def test_lists_differ_by_year() -> None:
    keys = {year: {c.key for c in components(year)} for year in (2015, 2019, 2026)}
    assert "nhb_returned" in keys[2015] and "nhb_returned" not in keys[2019]
    assert "fair_funding_allocation" in keys[2026] and "sfa" not in keys[2026]
    assert "council_tax" in keys[2026]
    assert all(c.grade == "official" for c in components(2015))


def test_a_year_without_a_list() -> None:
    with pytest.raises(SokeError, match=r"no list of components for 2014-15\. It has one from 2015-16 on"):
        components(2014)
