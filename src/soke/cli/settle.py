"""``soke settle``: funding and council tax of any authority or area by rule, explained, and what if a rule changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import typer

from soke.cli.output import CSV_OPTION, JSON_OPTION, Column, console, emit
from soke.england.imported import Imported, read_imported
from soke.england.places import LOWER, Place, places
from soke.england.settlement import finance_authorities, find_authority
from soke.errors import SokeError
from soke.model.funding.area import authorities_of
from soke.model.funding.dated import NO_LIMIT, OPEN_END, rules, span
from soke.model.funding.settlement import roster, settle
from soke.model.funding.settlement_figures import MILLION, TITLES, AuthoritySettlement, Figure, SettlementByRule
from soke.model.funding.truth.explain import explain
from soke.table import Cell
from soke.text import financial_year, start_year

FUNDED = (
    Column("name", "authority"),
    Column("sfa_gbp_million", "settlement funding £m", 3),
    Column("baseline_funding_gbp_million", "baseline £m", 3),
    Column("revenue_support_grant_gbp_million", "RSG £m", 3),
    Column("revenue_support_grant_how", "RSG is"),
    Column("negative_grant_gbp_million", "negative RSG paid off £m", 3),
    Column("under_indexation_gbp_million", "under-indexation £m", 3),
    Column("council_tax_gbp_million", "council tax £m", 3),
    Column("new_homes_bonus_gbp_million", "New Homes Bonus £m", 3),
    Column("core_spending_power_gbp_million", "core spending power £m", 3),
    Column("requirement_gbp_million", "council tax, Table 9 £m", 3),
    Column("precept_gbp_million", "precept, Table 9 £m", 3),
    Column("fair_funding_allocation_gbp_million", "fair funding allocation £m", 3),
    Column("core_spending_power_published_gbp_million", "core spending power, published £m", 3),
    Column("largest_difference_gbp_million", "largest gap to published £m", 3),
)
TAX_ONLY = (
    Column("name", "authority"),
    Column("tax_base_band_d_dwellings", "tax base", 1),
    Column("band_d_gbp", "Band D £", 2),
    Column("requirement_gbp_million", "requirement £m", 3),
    Column("parish_precepts_gbp_million", "parishes £m", 3),
    Column("precept_gbp_million", "precept £m", 3),
)
PARAMETERS = (
    Column("id", "parameter"),
    Column("who", "who"),
    Column("years", "years"),
    Column("value", "value"),
    Column("unit", "unit"),
    Column("grade", "grade"),
    Column("source", "source"),
)
_KEYS = {"GBP million": "gbp_million", "GBP": "gbp", "Band D dwellings": "band_d_dwellings"}
_UNITS = {"tax_base": "Band D dwellings", "band_d": "GBP"}  # all other columns are GBP million
_SHOWN = tuple(c for c in TITLES if c != "baseline_before")
_ALL = ("all", "england")
_BODIES = (" county", " council", " authority", " fire", " police")  # the body itself is meant, not its area
_FUNDING = ("sfa", "baseline_funding", "under_indexation", "revenue_support_grant")


def settlement_command(
    name: list[str] = typer.Argument(None, help="Authorities, or an area for all of its authorities; none for all."),
    year: str = typer.Option("2019-20", help="Financial year: 2015-16 to 2020-21; council tax to 2022-23."),
    explain_: str = typer.Option("", "--explain", metavar="PLACE", help="One authority as a worked example."),
    parameters: bool = typer.Option(False, "--parameters", help="List every dated figure of the rules."),
    set_: list[str] = typer.Option(
        [], "--set", help="What if: a rule's figure, such as business_rates.retention=0.75."
    ),
    reset: int | None = typer.Option(None, "--reset", help="What if: years between resets of the baselines, 0 never."),
    pool: list[str] = typer.Option([], "--pool", help="What if: an authority of a pool; give two or more."),
    years: int = typer.Option(10, "--years", help="Years of a what-if."),
    out: Path | None = typer.Option(None, "--out", help="Folder for the page and the table of a what-if."),
    figures: Path | None = typer.Option(None, "--figures", help="Folder of imported official figures."),
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Settle funding and council tax by rule from the year before, beside what was published.

    Example: soke settle Manchester Salford --year 2018-19

    Example: soke settle --year 2019-20 --explain Manchester

    Example: soke settle "Greater Manchester" --set business_rates.retention=0.75 --reset 5
    """
    if as_json and as_csv:
        raise SokeError("--json and --csv cannot be asked for together.", "Choose one.")
    names = list(name or [])
    if set_ or reset is not None or pool or out is not None:
        from soke.cli.what_if import what_if  # noqa: PLC0415 - draws in the whole model

        what_if(names, set_, reset, pool, years, out, as_json, as_csv, figures)
    elif parameters:
        emit(_parameter_rows(), PARAMETERS, as_json=as_json, as_csv=as_csv, title="Dated figures of the rules")
    elif explain_:
        _explain(explain_, names, start_year(year), read_imported(figures), as_json or as_csv)
    else:
        _settle(names, start_year(year), read_imported(figures), as_json, as_csv)


def _explain(place: str, names: Sequence[str], year: int, official: Imported, table: bool) -> None:
    if names:
        raise SokeError(
            "--explain explains one authority.", f"Leave out {', '.join(names)[:60]}, or leave out --explain."
        )
    if table:
        raise SokeError("A worked example is text.", "Leave out --explain to have the figures as JSON or CSV.")
    console().print(explain(place, year, official=official), markup=False, soft_wrap=True)


def _settle(names: Sequence[str], year: int, official: Imported, as_json: bool, as_csv: bool) -> None:
    here = roster(year, official)  # the year first: nobody has figures in a year that there is not
    codes, area, notes = _codes(names, year, here)
    settled = settle(year, codes, official=official)
    rows = [_row(a) for a in settled.authorities]
    if area and len(rows) > 1:
        rows.append(_total(settled, area))
    extra = {"year": financial_year(year), "unit": "as each key says; GBP million, cash"}
    if as_json or as_csv:
        columns = tuple(Column(key, key) for key in rows[0]) if as_csv else ()
        emit(rows, columns, as_json=as_json, as_csv=as_csv, extra=extra, notes=(*notes, *settled.notes))
        return
    title = f"Settlement {financial_year(year)}, cash"
    emit(*_for_people(rows), as_json=False, as_csv=False, title=title, notes=(*notes, *settled.notes))


def _for_people(rows: Sequence[dict[str, Cell]]) -> tuple[list[dict[str, Cell]], tuple[Column, ...]]:
    """Rows and columns that say something; figures that would print as minus nought print as nought."""
    funded = [r for r in rows if any(r[f"{c}_gbp_million"] is not None for c in (*_FUNDING, "fair_funding_allocation"))]
    shown = funded or list(rows)
    columns = _bearing(FUNDED if funded else TAX_ONLY, shown)
    if any(c.key == "council_tax_gbp_million" for c in columns):
        columns = tuple(c for c in columns if "Table 9" not in c.title)  # the same money once
    rounded = [{k: round(v, 3) + 0.0 if isinstance(v, float) else v for k, v in r.items()} for r in shown]
    return rounded, columns


def _codes(names: Sequence[str], year: int, here: Sequence[str]) -> tuple[list[str] | None, str, list[str]]:
    """Codes to settle, the name of their total ("" for none), and what to say about areas."""
    if not names or (len(names) == 1 and names[0].strip().casefold() in _ALL):
        return None, "England", []
    codes: list[str] = []
    notes: list[str] = []
    titles: list[str] = []
    for text in names:
        place = _place(text)
        if place is None:
            codes.append(find_authority(text).code)
            continue
        if place.kind in LOWER and place.code in here:
            codes.append(place.code)
            continue
        inside, partly = authorities_of(place.code, year, here)
        codes.extend(inside)
        titles.append(place.name)
        if partly:
            notes.append(f"Not in {place.name}, since they serve other places too: {', '.join(partly)}.")
    return codes, " and ".join(titles) if titles else "", notes


def _place(text: str) -> Place | None:
    """The place that a name means, where it means a place rather than the body that runs it."""
    said = text.strip()
    if said.casefold().endswith(_BODIES) or said.upper() in finance_authorities():
        return None
    try:
        return places().find(said)
    except SokeError:
        return None  # perhaps a fire or police authority: the finance table knows those


# Rows


def _row(a: AuthoritySettlement) -> dict[str, Cell]:
    row: dict[str, Cell] = {
        "place_code": a.code, "name": a.name, "kind": a.kind, "year": financial_year(a.year), "unit": MILLION,
    }  # fmt: skip
    for column in _SHOWN:
        figure = a.figures.get(column)
        key = f"{column}_{_KEYS[_UNITS.get(column, MILLION)]}"
        row[key] = None if figure is None else figure.value
        row[f"{column}_how"] = None if figure is None else "by rule" if figure.how == "rule" else "as published"
        row[f"{column}_published_{_KEYS[_UNITS.get(column, MILLION)]}"] = None if figure is None else figure.published
        row[f"{column}_grade"] = None if figure is None else figure.grade
    row["largest_difference_gbp_million"] = _largest(a.figures.values())
    return row


def _largest(figures: Iterable[Figure]) -> float | None:
    gaps = [f.difference for f in figures if f.difference is not None and f.column in _FUNDING]
    return max(gaps, key=abs) if gaps else None


def _total(settled: SettlementByRule, name: str) -> dict[str, Cell]:
    row: dict[str, Cell] = {
        "place_code": None, "name": f"{name}, total", "kind": "total", "year": financial_year(settled.year),
        "unit": MILLION,
    }  # fmt: skip
    for column in _SHOWN:
        key = _KEYS[_UNITS.get(column, MILLION)]
        # Band D is no sum, and a tax base counts each home once: a precepting authority's is over the same homes.
        summed = None if column in _UNITS else settled.total(column)
        row[f"{column}_{key}"] = summed
        row[f"{column}_how"] = None if summed is None else "sum"
        row[f"{column}_published_{key}"] = None
        row[f"{column}_grade"] = None if summed is None else "derived"
    row["largest_difference_gbp_million"] = max(
        (g for a in settled.authorities if (g := _largest(a.figures.values())) is not None), key=abs, default=None
    )
    return row


def _bearing(columns: Sequence[Column], rows: Sequence[dict[str, Cell]]) -> tuple[Column, ...]:
    """Columns that say something about somebody."""
    return tuple(c for c in columns if any(row.get(c.key) is not None for row in rows))


def _parameter_rows() -> list[dict[str, Cell]]:
    return [
        {"id": r.id, "who": r.who, "years": span(r.first, r.last),
         "first": financial_year(r.first), "last": None if r.last == OPEN_END else financial_year(r.last),
         "value": "none" if r.value == NO_LIMIT else str(r.value), "unit": r.unit, "grade": r.grade,
         "source": r.source, "note": r.note}
        for held in rules().rows.values() for r in held
    ]  # fmt: skip
