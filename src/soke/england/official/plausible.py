"""Whether imported figures can be what they are said to be, beside what is shipped: units, rows, years."""

from __future__ import annotations

from collections.abc import Mapping

from soke.england.official.bodies import name_of
from soke.england.official.identities import APART
from soke.england.official.layouts import Layout
from soke.england.official.shipped import Beside, beside
from soke.england.settlement import council_tax_years
from soke.errors import SokeError
from soke.text import financial_year

Values = Mapping[tuple[str, int, str], float]  # by code, year and variable
FEWEST = 10  # authorities beside which a sum says something
UNIT = 200.0  # a sum so many times off is in another unit: thousands for pounds, pounds for millions
APIECE = 2.5  # no authority's tax or base is so many times the shipped one of the nearest year
MOST_OFF = 0.03  # share of authorities that may be, since places merge and split
SAME, PENNY = 0.001, 0.006  # share, GBP: the same figure, printed with more or fewer decimals
AGREES = 0.9  # share of the shipped figures of one year that a table of that year repeats


def compared(values: Values, layout: Layout, where: str) -> list[str]:
    """What figures are beside the shipped ones, in sentences.

    SokeError where they are in another unit, where many are far from their own authority's, or where they are those
    of another year.
    """
    by: dict[tuple[str, int], dict[str, float]] = {}
    for (code, year, variable), value in values.items():
        by.setdefault((variable, year), {})[code] = value
    notes: list[str] = []
    for (variable, year), figures in sorted(by.items()):
        found = beside(variable, year)
        common = sorted(set(figures) & set(found.figures)) if found else []
        if not found or not common:
            continue
        what = f"{variable} of {financial_year(year)}"
        _unit(figures, found, common, what, where)
        if found.each:
            _each(figures, found, common, what, where)
            _other_year(figures, variable, year, where)
        if found.same:
            same = sum(_near(figures[c], found.figures[c]) for c in common)
            notes.append(f"{what}: {same} of {len(common)} figures are the shipped ones.")
            if len(common) >= FEWEST and same < len(common) * (1 - AGREES):
                fact = f"Of {what} only {same} of {len(common)} figures are the published ones that Soke ships."
                raise SokeError(fact, APART, where)
    return notes


def of_the_year_before(figures: Mapping[str, float], variable: str, year: int, where: str) -> None:
    """SokeError where the column of the year before ``year`` repeats the shipped figures of another year."""
    for other in council_tax_years():
        found = beside(variable, other)
        if other == year - 1 or not found or not found.same or not found.each:
            continue
        common = [c for c in figures if found.figures.get(c, 0) > 0]
        same = sum(abs(figures[c] - found.figures[c]) < PENNY for c in common)
        if len(common) >= FEWEST and same > len(common) / 2:
            fact = f"The column of the year before has the {variable} of {financial_year(other)} for {same} of "
            fact += f"{len(common)} authorities, and the table says that it is of {financial_year(year)}."
            raise SokeError(fact, "Check of which year the table is.", where)


def _near(a: float, b: float) -> bool:
    return abs(a - b) <= max(SAME * abs(b), PENNY)


def _unit(figures: Mapping[str, float], found: Beside, common: list[str], what: str, where: str) -> None:
    usual = found.usual * sum(found.figures[c] for c in common)
    total = sum(figures[c] for c in common)
    if len(common) < FEWEST or usual <= 0 or not total or usual / UNIT < abs(total) < usual * UNIT:
        return
    fact = f"{what} sums to {total:,.6g} over {len(common)} authorities; about {usual:,.6g} would be usual."
    raise SokeError(fact, "The figures may be in another unit: thousands, or millions, for pounds.", where)


def _each(figures: Mapping[str, float], found: Beside, common: list[str], what: str, where: str) -> None:
    pairs = [(c, figures[c], found.usual * found.figures[c]) for c in common if figures[c] > 0 < found.figures[c]]
    off = [(c, a, b) for c, a, b in pairs if not b / APIECE < a < b * APIECE]
    if len(pairs) >= FEWEST and len(off) > MOST_OFF * len(pairs):
        code, a, b = off[0]
        fact = f"{what} is far from what is shipped for {len(off)} of {len(pairs)} authorities: {name_of(code)} "
        raise SokeError(f"{fact}has {a:,.2f} here, and about {b:,.2f} would be usual.", APART, where)


def _other_year(figures: Mapping[str, float], variable: str, year: int, where: str) -> None:
    """SokeError where a table repeats the shipped figures of another year."""
    for other in (year - 1, year + 1):
        found, own = beside(variable, other), beside(variable, year)
        if not found or not found.same or (own and own.same):
            continue
        common = [c for c in figures if c in found.figures and found.figures[c] > 0]
        same = sum(abs(figures[c] - found.figures[c]) < PENNY for c in common)
        if len(common) >= FEWEST and same > len(common) / 2:
            fact = f"{variable} is that of {financial_year(other)} for {same} of {len(common)} authorities, "
            raise SokeError(f"{fact}and the table is of {financial_year(year)}.", APART, where)
