"""Imported official figures in the place of the baseline's: which variable is which column, for which places.

============================================  =====================================================================
imported                                      column
============================================  =====================================================================
``tax_base`` and ``band_d``, of one year      ``tax_base``, ``band_d`` and their product ``council_tax``: the three
                                              only together, so that they go on multiplying; official
``net_current_expenditure``                   ``council_spending``: a single-tier authority's own, official; a shire
                                              district's own and, by population, a share of its county's, where both
                                              were imported: an estimate, as in the embedded column
============================================  =====================================================================

What was read off a place that no real workbook has shown is unverified, whatever else it is.

Of each variable the newest year is taken, and none before the column's own. Other imported variables are no column of
the baseline: the funding rules read them from :mod:`soke.england.imported`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from soke.england.baseline import Baseline, Column, Grade, Origin
from soke.england.imported import Imported
from soke.england.places import places
from soke.text import financial_year

Figure = tuple[float, Grade, Origin]
FIRST = 2022  # the year of the columns that can be replaced


def replaced(base: Baseline, imported: Imported) -> Baseline:
    """The baseline with every imported figure that has a column, in its place."""
    if not imported:
        return base
    columns = dict(base.columns)
    for name, figures in (_council_tax(imported) | {"council_spending": _spending(base, imported)}).items():
        if figures:
            columns[name] = _column(columns[name], base.codes, figures)
    return replace(base, columns=columns)


def _newest(imported: Imported, *variables: str) -> int | None:
    """The newest year that has all the variables, and is not before the embedded column's."""
    years = set.intersection(*[set(imported.years(v)) for v in variables])
    return max((y for y in years if y >= FIRST), default=None)


def _council_tax(imported: Imported) -> dict[str, dict[str, Figure]]:
    year = _newest(imported, "tax_base", "band_d")
    if year is None:
        return {}
    base, band = imported.get("tax_base", year), imported.get("band_d", year)
    out: dict[str, dict[str, Figure]] = {"tax_base": {}, "band_d": {}, "council_tax": {}}
    for code in set(base) & set(band):
        origin = _origin(imported, "band_d", year, code)
        for name, value in (("tax_base", base[code]), ("band_d", band[code]),
                            ("council_tax", base[code] * band[code] / 1e6)):  # fmt: skip
            out[name][code] = (value, imported.source("band_d", year, code).grade("tax_base", "band_d"), origin)
    return out


def _spending(base: Baseline, imported: Imported) -> dict[str, Figure]:
    variable = "net_current_expenditure"
    year = _newest(imported, variable)
    if year is None:
        return {}
    own = imported.get(variable, year)
    out: dict[str, Figure] = {}
    for code in set(own) & set(base.codes):
        county = places().by_code[code].county
        if not county:
            out[code] = (own[code], imported.source(variable, year, code).grade(variable),
                         _origin(imported, variable, year, code))  # fmt: skip
        elif county in own:
            districts = base.mask(places().members(county))
            share = float(base["population"][base.index(code)] / base["population"][districts].sum())
            grade: Grade = imported.source(variable, year, code).grade(variable)
            grade = "estimate" if grade == "official" else grade
            out[code] = (own[code] + share * own[county], grade, _origin(imported, variable, year, code))
    return out


def _origin(imported: Imported, variable: str, year: int, code: str) -> Origin:
    return Origin(financial_year(year), str(imported.source(variable, year, code)))


def _column(column: Column, codes: tuple[str, ...], figures: Mapping[str, Figure]) -> Column:
    values, grades = column.values.copy(), list(column.grades)
    origins = dict.fromkeys(codes, Origin(column.year, column.source))
    for k, code in enumerate(codes):
        if code in figures:
            values[k], grades[k], origins[code] = figures[code]
    values.setflags(write=False)
    embedded = Origin(column.year, column.source)
    said = sorted(set(origins.values()), key=lambda o: (o != embedded, o.year, o.source))
    return replace(
        column, values=values, grades=tuple(grades), origins=origins,
        year=", ".join(dict.fromkeys(o.year for o in said)), source=", ".join(dict.fromkeys(o.source for o in said)),
    )  # fmt: skip
