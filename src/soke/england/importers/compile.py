"""Compile the tables that the package ships from a folder of official tables: ``soke data build SOURCE_DIR``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from soke.england.importers import (
    authorities,
    bodies,
    borders,
    commuting,
    education,
    hex_layout,
    history,
    outlook,
    own_figures,
    regional,
    settlement,
    strategic,
    work,
)
from soke.england.importers.figures import Figure, figures
from soke.england.importers.sources import sources
from soke.england.importers.tidy import number, table
from soke.errors import SokeError
from soke.files import write_whole

HISTORY: dict[str, Callable[[Path], str]] = {
    "regional_revenue": history.regional_revenue,
    "regional_spending": history.regional_spending,
    "regional_population": history.regional_population,
    "local_government": history.local_government,
    "population_history": history.population,
    "gva_history": history.gva,
    "gva_volume": history.gva_volume,
    "ages": history.ages,
    "council_tax_history": history.council_tax,
    "outlook": outlook.outlook,
}

REGIONAL: dict[str, Callable[[Path], str]] = {
    "regional_subfunctions": regional.subfunctions,
    "trading_profits": regional.trading_profits,
    "gva_sections": regional.gva_sections,
    "income_history": regional.income_history,
    "income_areas": regional.income_areas,
    "household_income": regional.household_income,
    "claimants": regional.claimants,
    "areas": own_figures.areas,
    "nhs_weights": own_figures.nhs_weights,
    "pay_deciles": work.pay_deciles,
    "sector_jobs": work.sector_jobs,
}

FINANCE: dict[str, Callable[[Path], str]] = {
    "finance_authorities": bodies.finance_authorities,
    "finance_successors": settlement.successors,
    "settlement": settlement.settlement,
    "council_tax_levels": settlement.council_tax_levels,
    "precepts": settlement.precepts,
    "rates_2013": settlement.rates_2013,
    "education_numbers": education.education_numbers,
}


def compile_tables(source: Path) -> dict[str, str]:
    """``{name: csv text}`` of every compiled table. Deterministic. Raises SokeError on a missing or broken source."""
    try:
        return _compile(source)
    except KeyError as error:
        fact = f"A source table lacks the column, row or code {error.args[0]!r}."
        raise SokeError(fact, "Copy the tables again from their publishers.", str(source)) from error
    except ValueError as error:
        fact = f"A source table holds what is no figure: {error}."
        raise SokeError(fact, "Copy the tables again from their publishers.", str(source)) from error


def _compile(source: Path) -> dict[str, str]:
    columns = figures(source)
    merge = authorities.merger(source)
    jobs = next(c for c in columns if c.name == "jobs").values
    tables = {"places": authorities.places_table(source), "successors": authorities.successors_table(source)}
    tables["strategic_authorities"] = strategic.strategic_authorities(source)
    tables |= _baseline(columns, merge.current)
    tables |= {name: make(source) for name, make in (HISTORY | REGIONAL | FINANCE).items()}
    tables["own_figures"], tables["own_estimates"] = own_figures.own_figures(source)
    tables["commuting"] = commuting.commuting(source, merge, jobs)
    tables |= _layout(source)
    tables["sources"] = sources(source)
    return tables


def _baseline(columns: list[Figure], codes: tuple[str, ...]) -> dict[str, str]:
    out: dict[str, str] = {}
    for subject in dict.fromkeys(c.table for c in columns):
        mine = [c for c in columns if c.table == subject]
        body = [[code, *[number(c.values[code], 4) for c in mine]] for code in codes]
        out[subject] = table(["code", *[c.name for c in mine]], body)
    out["columns"] = table(
        ["name", "table", "unit", "year", "source", "grade", "note"],
        [[c.name, c.table, c.unit, c.year, c.source, c.grade, c.note] for c in columns],
    )
    out["estimates"] = table(
        ["column", "code", "how"], [[c.name, code, how] for c in columns for code, how in sorted(c.estimates.items())]
    )
    return out


def _layout(source: Path) -> dict[str, str]:
    rows = authorities.lower_tier(source)
    codes = [r["gss_code"] for r in rows]
    topology = source / "maps" / "ons_uk_topo_2014_2025.json"
    pairs = borders.read_borders(topology)
    coast = set(borders.read_coast(topology))
    hexes = hex_layout.layout(codes, [float(r["lat"]) for r in rows], [float(r["long"]) for r in rows], pairs)
    # The tidal Thames is no seaside: London is left out of the coast.
    coast -= {code for code in codes if code.startswith("E09")}
    body = [[c, str(q), str(r), "yes" if c in coast else ""] for c, (q, r) in zip(codes, hexes, strict=True)]
    return {
        "borders": table(["code_a", "code_b"], [list(p) for p in pairs]),
        "hexes": table(["code", "q", "r", "coast"], body),
    }


def write_tables(tables: dict[str, str], folder: Path) -> int:
    """Write every table, each whole or not at all; returns the bytes written. SokeError where the folder refuses."""
    for name, text in tables.items():
        write_whole(folder / f"{name}.csv", text.encode())
    return sum(len(text.encode()) for text in tables.values())


def stale(tables: dict[str, str], folder: Path) -> list[str]:
    """Names of the tables whose file in ``folder`` is missing or differs."""
    files = {name: folder / f"{name}.csv" for name in tables}
    return [n for n, path in files.items() if not path.exists() or path.read_text(encoding="utf-8") != tables[n]]
