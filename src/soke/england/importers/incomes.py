"""Income tax and incomes by place of residence: the survey of 2021-22, completed.

The survey gives Torbay's tax only as what its region leaves over, and nothing of the Isles of Scilly. What is missing
is estimated from household income: ``log(amount per head) = a + b log(income per head)``, fitted on the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from soke.england.importers import tidy

FILE = "measured/hmrc_spi_la_2021_22_corrected.csv"
HOW = "estimate: household income per head, fitted on the other authorities; the survey has no figure"
LEFT = "the region's total less all other authorities: good to 10 million"


def incomes(
    source: Path, variable: str, people: Mapping[str, float], income_per_head: Mapping[str, float]
) -> tuple[dict[str, float], dict[str, str]]:
    """One variable of the survey in GBP million by current code, and how each that is not its own row was made.

    ``people`` of 2022 and ``income_per_head`` (household income, pounds) by current code.
    """
    values: dict[str, float] = {}
    how: dict[str, str] = {}
    for row in tidy.rows(source, FILE):
        if row["variable"] == variable and row["value"]:
            values[row["gss_code"]] = float(row["value"]) / 1e6
            if not row["flag"].startswith("A"):  # sums of the districts before are the survey's own figures
                how[row["gss_code"]] = LEFT
    known = sorted(set(values) & set(people))
    x = np.log([income_per_head[c] for c in known])
    y = np.log([values[c] / people[c] for c in known])
    slope, level = np.polyfit(x, y, 1)
    gone = sorted(set(people) - set(values))
    guess = {c: people[c] * float(np.exp(level + slope * np.log(income_per_head[c]))) for c in gone}
    return values | guess, how | dict.fromkeys(gone, HOW)
