"""Income tax and incomes by place of residence: the published survey, less rows that cannot be its own.

Six rows of the copy to hand are not the publisher's. Five authorities carry one and the same row, and two a row that
is not in whole thousands of people, as the survey publishes. Of copies, the one nearest to England's taxpayers per
head is kept. The rest are estimated from household income: ``log(amount per head) = a + b log(income per head)``,
fitted on the sound rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from soke.england.importers import tidy

FILE = "hmrc_spi_income_tax_la.csv"
PAYERS, TAX = "total_tax_count", "total_tax_amount"
HOW = "estimate: household income per head, fitted on the other authorities; the row to hand is another's"


def unsound(source: Path, people: Mapping[str, float]) -> tuple[str, ...]:
    """Codes whose row is a copy of another authority's, or not a survey row at all."""
    payers, tax = tidy.figures(source, FILE, PAYERS), tidy.figures(source, FILE, TAX)
    usual = sum(payers.values()) / sum(people[c] for c in payers)
    bad = {c for c, n in payers.items() if n % 1000 != 0}
    same: dict[tuple[float, float], list[str]] = {}
    for code in sorted(set(payers) - bad):
        same.setdefault((payers[code], tax[code]), []).append(code)
    for copies in same.values():
        own = min(copies, key=lambda c: abs(payers[c] / people[c] - usual))
        bad |= set(copies) - {own}
    return tuple(sorted(bad))


def incomes(
    source: Path, variable: str, people: Mapping[str, float], income_per_head: Mapping[str, float]
) -> tuple[dict[str, float], dict[str, str]]:
    """One variable of the survey in GBP million by current code, and how each estimated one was made.

    ``people`` of 2022 and ``income_per_head`` (household income, pounds) by current code.
    """
    published = {c: v / 1e6 for c, v in tidy.figures(source, FILE, variable).items() if c in people}
    bad = unsound(source, people)
    sound = sorted(set(published) - set(bad))
    x = np.log([income_per_head[c] for c in sound])
    y = np.log([published[c] / people[c] for c in sound])
    slope, level = np.polyfit(x, y, 1)
    guess = {c: people[c] * float(np.exp(level + slope * np.log(income_per_head[c]))) for c in bad}
    return published | guess, dict.fromkeys(bad, HOW)
