"""``soke place`` and ``soke places``: what places raise and spend, and which places there are."""

from __future__ import annotations

import dataclasses
from typing import cast, get_args

import typer

from soke.cli.output import CSV_OPTION, JSON_OPTION, Column, console, emit
from soke.england.baseline import baseline
from soke.england.places import CLASS_NAMES, Kind, places
from soke.errors import SokeError
from soke.model.accounts import METHODS, account, by_class, district_account, has_whole_account
from soke.model.accounts.apportion import Method
from soke.model.accounts.types import Account, PartialAccount
from soke.table import Cell
from soke.text import financial_year, start_year

LINES = (
    Column("line", "line"),
    Column("gbp_million", "£m", 0),
    Column("gbp_per_head", "£ a head", 0),
    Column("england_gbp_per_head", "England, £ a head", 0),
    Column("measure", "how known"),
    Column("grade", "grade"),
    Column("key", "shared by"),
)
PLACES = (
    Column("place_code", "code"),
    Column("name", "name"),
    Column("kind", "kind"),
    Column("region", "region"),
    Column("members", "authorities", 0),
    Column("population_persons", "people 2022", 0),
)
KINDS = get_args(Kind)


def place(
    name: list[str] = typer.Argument(help="Name or ONS code; several make one area."),
    year: str = typer.Option("2022-23", help="Financial year, 1999-00 to 2023-24."),
    method: str = typer.Option("own", help="How regional lines are shared: " + ", ".join(METHODS) + "."),
    lines: bool = typer.Option(False, "--lines", help="Print every tax and every spending function."),
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Show what a place raises and spends, and what its gap is made of.

    Example: soke place "Greater Manchester" --year 2013-14

    Example: soke place Leeds Bradford Wakefield --lines

    Example: soke place E10000020 --method workplace --csv
    """
    start = start_year(year)
    if method not in METHODS:
        raise SokeError(f"{method[:40]!r} is not a method.", f"Use one of {', '.join(METHODS)}.")
    found = list(dict.fromkeys(places().find(n) for n in name))
    codes = tuple(sorted({code for p in found for code in places().members(p.code)}))
    title = found[0].name if len(found) == 1 else " and ".join(p.name for p in found)
    if has_whole_account(codes):
        _whole(account(codes, start, method, title), codes, method, lines, as_json, as_csv)
    else:
        _partial(district_account(codes[0], start), as_json, as_csv)


def _whole(a: Account, codes: tuple[str, ...], method: Method, lines: bool, as_json: bool, as_csv: bool) -> None:
    rows = _line_rows(a)
    if as_json or as_csv:
        extra = {
            "place_code": a.place, "name": a.name, "year": financial_year(a.year), "unit": "GBP million, cash",
            "population_persons": a.population, "receipts_gbp_million": a.receipts, "spending_gbp_million": a.spending,
            "gap_gbp_million": a.gap, "gap_low_gbp_million": a.gap_low, "gap_high_gbp_million": a.gap_high,
            "gap_split_gbp_million": dataclasses.asdict(a.split),
            "methods": _method_rows(codes, a.year), "totals": _total_rows(a),
            "classes": _class_rows(codes, a.year, method),
        }  # fmt: skip
        emit(rows, LINES, as_json=as_json, as_csv=as_csv, extra=extra, notes=a.notes)
        return
    out = console()
    members = "1 authority" if len(codes) == 1 else f"{len(codes)} authorities"
    out.print(f"[bold]{a.name}[/], {financial_year(a.year)}, {a.population / 1e6:.2f} million people, {members}")
    out.print(
        f"Raises £{a.receipts / 1e3:.1f}bn, spends £{a.spending / 1e3:.1f}bn: £{a.gap / 1e3:.1f}bn short "
        f"(£{a.gap_low / 1e3:.1f}bn to £{a.gap_high / 1e3:.1f}bn by method)."
        if a.gap > 0
        else f"Raises £{a.receipts / 1e3:.1f}bn, spends £{a.spending / 1e3:.1f}bn: £{-a.gap / 1e3:.1f}bn over."
    )
    out.print()
    _print_methods(codes, a.year)
    _print_totals(a)
    _print_classes(codes, a.year, method)
    if lines:
        emit(rows, LINES, as_json=False, as_csv=False, title="Every line")
        out.print()
    out.print(
        f"{a.measured_share:.0%} measured here, {a.apportioned_share:.0%} apportioned by a named key, "
        f"{a.per_head_share:.0%} per head. Source: ONS country and regional public sector finances, shared by Soke."
    )
    for note in a.notes:
        out.print(note, markup=False)
    if not lines:
        out.print("Add --lines to see every tax and spending function with its key.", style="dim")


def _print_methods(codes: tuple[str, ...], year: int) -> None:
    columns = (
        Column("method", "shared by"),
        *(Column(f"{k}_gbp_million", t, 0) for k, t in (
            ("receipts", "raised £m"), ("spending", "spent £m"), ("gap", "gap £m"), ("borrowing", "UK borrowing"),
            ("lower_tax", "lower tax a head"), ("higher_spending", "higher spending a head"),
        )),
    )  # fmt: skip
    emit(
        _method_rows(codes, year),
        columns,
        as_json=False,
        as_csv=False,
        title="The gap, and what it is made of, by method",
    )
    console().print()


def _method_rows(codes: tuple[str, ...], year: int) -> list[dict[str, Cell]]:
    out: list[dict[str, Cell]] = []
    for method, words in METHODS.items():
        a = account(codes, year, method)
        out.append({
            "method": words, "receipts_gbp_million": a.receipts, "spending_gbp_million": a.spending,
            "gap_gbp_million": a.gap, "borrowing_gbp_million": a.split.borrowing,
            "lower_tax_gbp_million": a.split.lower_tax, "higher_spending_gbp_million": a.split.higher_spending,
        })  # fmt: skip
    return out


def _total_rows(a: Account) -> list[dict[str, Cell]]:
    return [
        {"definition": t.definition, "side": t.side, "gbp_million": t.value, "low_gbp_million": t.low,
         "high_gbp_million": t.high, "gbp_per_head": t.value * 1e6 / a.population}
        for t in a.totals
    ]  # fmt: skip


def _print_totals(a: Account) -> None:
    columns = (
        Column("definition", "definition"),
        Column("gbp_million", "£m", 0),
        Column("low_gbp_million", "low £m", 0),
        Column("high_gbp_million", "high £m", 0),
        Column("gbp_per_head", "£ a head", 0),
    )
    emit(_total_rows(a), columns, as_json=False, as_csv=False, title="By definition, with the range over methods")
    console().print()


CLASSES = (
    Column("class", "class of authority"),
    Column("authorities", "authorities", 0),
    Column("receipts_gbp_million", "raised £m", 0),
    Column("spending_gbp_million", "spent £m", 0),
    Column("receipts_gbp_per_head", "raised £ a head", 0),
    Column("spending_gbp_per_head", "spent £ a head", 0),
)


def _class_rows(codes: tuple[str, ...], year: int, method: Method) -> list[dict[str, Cell]]:
    return [
        {"class": CLASS_NAMES[c.kind], "authorities": c.authorities, "receipts_gbp_million": c.receipts,
         "spending_gbp_million": c.spending, "receipts_gbp_per_head": c.receipts * 1e6 / c.population,
         "spending_gbp_per_head": c.spending * 1e6 / c.population}
        for c in by_class(codes, year, method)
    ]  # fmt: skip


def _print_classes(codes: tuple[str, ...], year: int, method: Method) -> None:
    rows = _class_rows(codes, year, method)
    if len(rows) > 1:
        emit(rows, CLASSES, as_json=False, as_csv=False, title="By class of authority")
        console().print()


def _partial(a: PartialAccount, as_json: bool, as_csv: bool) -> None:
    extra = {"place_code": a.place, "name": a.name, "year": financial_year(a.year), "unit": "GBP million, cash"}
    emit(
        _line_rows(a), LINES, as_json=as_json, as_csv=as_csv, extra=extra, notes=a.notes,
        title=f"{a.name}, {financial_year(a.year)}, {a.population:,.0f} people",
    )  # fmt: skip


def _line_rows(a: Account | PartialAccount) -> list[dict[str, Cell]]:
    return [
        {"place_code": a.place, "name": a.name, "year": financial_year(a.year), "line_id": x.line.id,
         "line": x.line.title, "side": x.line.side, "gbp_million": x.value, "gbp_per_head": x.per_head,
         "england_gbp_per_head": x.england_per_head, "measure": x.line.measure, "grade": x.line.grade,
         "key": x.line.key, "source": x.line.source}
        for x in a.lines
        if x.value != 0.0 or x.england_per_head != 0.0
    ]  # fmt: skip


def list_places(
    kind: str = typer.Option("", help="Only one kind: " + ", ".join(KINDS) + "."),
    within: str = typer.Option("", help="Only the authorities of one place."),
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """List the places that Soke knows.

    Example: soke places --kind combined-authority

    Example: soke places --within "South East" --csv
    """
    if kind and kind not in KINDS:
        raise SokeError(f"{kind[:40]!r} is not a kind of place.", f"Use one of {', '.join(KINDS)}.")
    chosen = list(places().by_code.values())
    if within:
        members = set(places().members(places().find(within).code))
        chosen = [p for p in chosen if p.code in members]
    if kind:
        chosen = [p for p in chosen if p.kind == cast(Kind, kind)]
    base = baseline()
    rows: list[dict[str, Cell]] = [
        {"place_code": p.code, "name": p.name, "kind": p.kind, "region": places().name(p.region), "year": "2022",
         "unit": "persons", "members": len(places().members(p.code)),
         "population_persons": float(base["population"][base.mask(places().members(p.code))].sum())}
        for p in chosen
    ]  # fmt: skip
    emit(rows, PLACES, as_json=as_json, as_csv=as_csv)
