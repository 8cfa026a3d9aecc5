"""What others published of places, beside what Soke has by the definition and on the basis that they use."""

from __future__ import annotations

from functools import cache

from soke.england.places import places
from soke.model.accounts.claims import claims_of_every_year, published_claims
from soke.table import Column, Table
from soke.text import financial_year


@cache
def place_claims() -> Table:
    """Every claim about any place, GBP billion; ``gap`` is how far Soke's figure lies outside of what was published,
    nought within it."""
    rows = []
    for code in dict.fromkeys(row["code"] for row in published_claims()):
        for year, claim in claims_of_every_year(places().members(code)):
            gap = min(claim.here - claim.low, 0.0) + max(claim.here - claim.high, 0.0)
            grade = next(row["grade"] for row in published_claims() if row["words"] == claim.words)
            said = f"{places().name(code)} {claim.words}, {financial_year(year)}"
            rows.append((said, financial_year(year), claim.low, claim.high, claim.here, gap,
                         "yes" if claim.reproduced else "no", claim.definition, claim.basis, grade, claim.source,
                         code))  # fmt: skip
    return Table.of(
        "place_claims",
        "What others published of places",
        (
            Column("claim", "what was said"), Column("year", "year"),
            Column("low_gbp_billion_cash", "from, £bn", "plain", digits=1),
            Column("high_gbp_billion_cash", "to, £bn", "plain", digits=1),
            Column("here_gbp_billion_cash", "here, £bn", "plain", digits=1),
            Column("gap_gbp_billion_cash", "outside by, £bn", "plain-change", digits=1),
            Column("reproduced", "reproduced"), Column("definition", "compared by"), Column("basis", "basis"),
            Column("grade", "grade", "grade"), Column("source", "source"), Column("place_code", "code", people=False),
        ),
        rows,
        "No parameter is fitted to these.",
    )  # fmt: skip
