"""What does a place raise and spend, and what is its gap made of? The answer of ``soke place``."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from soke.england.places import places
from soke.errors import SokeError
from soke.model.accounts import account, by_class
from soke.model.accounts.account import spread
from soke.model.accounts.apportion import Basis, check_basis
from soke.model.accounts.claims import claims_of_every_year
from soke.model.accounts.comparison import compared
from soke.model.accounts.explain import explain, explain_every
from soke.model.accounts.history import account_history, history_notes
from soke.model.accounts.outlook import PUBLISHED, base_year, newest
from soke.model.accounts.own import Figures
from soke.model.accounts.types import Account
from soke.report.account_words import commuting, how_known, sentence
from soke.report.place_contents import PlaceContents
from soke.report.tables import account as made
from soke.report.tables.explained import explained
from soke.report.tables.figures import makers
from soke.report.tables.sum_figures import sums
from soke.result import Answered
from soke.table import Answer, Table
from soke.text import financial_year, listed


def place_account(
    names: Sequence[str], year: int, basis: str = "residence", figures: Path | None = None, accept: bool = False
) -> Answered[Account]:
    """The account of one place, or of several as one area, in the financial year that starts in ``year``.

    ``names``: names or ONS codes. ``basis``: ``residence``, ``economy`` (taxes where they are generated) or ``single``.
    ``figures``: a folder of imported official figures, which take the place of keys; ``accept`` those that do not go
    with the published regional amounts. Money is GBP million cash. Tables:
    ``account_lines``, ``account``, ``account_bases``, ``account_base_year`` (of the newest year), ``account_totals``,
    ``account_classes``, ``account_claims``. SokeError for an unknown place, a year without accounts, or no basis.
    """
    asked, codes, title = check_basis(basis), *_area(names)
    own = _own(figures, accept)
    on: Basis = "single" if asked == "single" else "residence"
    a = account(codes, year, on, title, own)
    tables = [
        made.account_summary(a), made.account_bases(a, spread(codes, year, own)), made.account_totals(a),
        made.account_classes(by_class(codes, year, on, own)), made.account_claims(a),
    ]  # fmt: skip
    if year == PUBLISHED and on == "residence":
        start = base_year(newest(), figures=own)
        tables.insert(1, made.account_base_year(compared(a, start, codes)))
    if asked == "economy":
        tables.insert(1, made.account_economy(codes, a, own))
    tables = [made.for_size(made.without_ranges(table, a), a) for table in tables]
    facts = {**_facts(a), "basis": asked, "authorities": len(codes), **_numbers(a)}
    shown = dataclasses.replace(tables[0], caption=f"{a.name}, {financial_year(year)}. {sentence(a)}", notes=a.notes)
    lines = dataclasses.replace(lines_of(a), notes=a.notes)
    return Answered(a, Answer(lines, facts, tuple(tables)), shown)


def account_years(names: Sequence[str], figures: Path | None = None, accept: bool = False) -> Table:
    """What an area raised and spent in every year from 1999-00, GBP million cash. SokeError for an unknown place."""
    codes, title = _area(names)
    own = _own(figures, accept)
    return made.account_history(account_history(codes, own), title, "+".join(codes), history_notes())


def explained_line(
    names: Sequence[str],
    year: int,
    line: str,
    basis: str = "residence",
    figures: Path | None = None,
    accept: bool = False,
) -> Answer:
    """The sum behind a line or a total of an area's account: ``explained`` in words, and tables with every figure; or
    that behind a figure of :mod:`soke.report.tables.figures`, such as its council tax bill.

    SokeError as :func:`place_account`, and for a line that is none, naming the nearest.
    """
    asked, codes, title = check_basis(basis), *_area(names)
    own = _own(figures, accept)
    known = {name.casefold(): name for name in makers()}
    figure = known.get(" ".join(line.split()).casefold())
    if figure and asked != "residence":
        raise SokeError(f"{figure} is of the people who live here.", "Leave out --basis.")
    if figure:
        return _explained_figure(figure, account(codes, year, name=title, figures=own), own)
    done = explain(codes, year, line, asked, own, also=known.values())
    facts = {"place_code": "+".join(codes), "name": title, "year": financial_year(year), "basis": asked}
    table = made.of_place(explained(done, title, year), "+".join(codes), title, year)
    return Answer(table, {**facts, "line": done.title, "gbp_million_cash": done.value}, sums(done))


def _explained_figure(name: str, a: Account, own: Figures | None) -> Answer:
    """The steps to a figure of an area, which has years of its own. SokeError where the area has none."""
    figure = makers(own)[name](a)
    if figure is None:
        raise SokeError(f"There is no {name[:1].lower()}{name[1:]} of {a.name} to hand.",
                        "Its councils were others when it was published, or it is all of England.",
                        code="unknown-name")  # fmt: skip
    place_code = "+".join(a.codes)
    table = made.of_place(figure.table(a.name), place_code, a.name, figure.year)
    facts = {"place_code": place_code, "name": a.name, "year": figure.year, "line": name, "figure": figure.said}
    return Answer(table, facts)


def place_contents(
    names: Sequence[str], year: int, basis: str = "residence", figures: Path | None = None, accept: bool = False
) -> PlaceContents:
    """All that the page of a place's account shows. SokeError as :func:`place_account`, and for another basis than
    residence: the page is of that, with the others beside it."""
    if check_basis(basis) != "residence":
        raise SokeError("The page is of the account where people live.", "Leave out --basis: it shows the others too.")
    codes, title = _area(names)
    own = _own(figures, accept)
    a = account(codes, year, name=title, figures=own)
    start = base_year(newest(), figures=own) if year == PUBLISHED else None
    return PlaceContents(
        account=a, base_year=compared(a, start, codes) if start else None, bases=spread(codes, year, own),
        economy=made.account_economy(codes, a, own) if commuting(a) else None,
        classes=by_class(codes, year, figures=own), claims=claims_of_every_year(codes),
        history=account_history(codes, own),
        sums=explain_every(a, own), imported=own.files if own else (),
    )  # fmt: skip


def _own(folder: Path | None, accept: bool) -> Figures | None:
    """Own figures with those that the user imported; None for those that are shipped."""
    if folder is None:
        return None
    # drawn in where a folder is given: it is a third of the start of the command
    from soke.england.imported import read_imported  # noqa: PLC0415
    from soke.model.accounts.importing import figures_with  # noqa: PLC0415

    return figures_with(read_imported(folder), accept)


def _area(names: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """The codes of the authorities of the places named, and a name for them all."""
    asked = [part for name in names for part in name.split("+")]  # as Soke's own tables join several codes
    chosen = list(dict.fromkeys(places().area(name) for name in asked))
    if not chosen:
        raise SokeError("No place is named.", "Name one, such as Leeds.", code="unknown-place")
    codes = tuple(sorted({code for _, members in chosen for code in members}))
    return codes, listed([name for name, _ in chosen])


def _facts(a: Account) -> dict[str, object]:
    return {"place_code": a.place, "name": a.name, "year": financial_year(a.year), "population_persons": a.population}


def _numbers(a: Account) -> dict[str, object]:
    return {
        "sentence": sentence(a), "commuting": commuting(a), "how_known": how_known(a),
        "receipts_gbp_million_cash": a.receipts, "spending_gbp_million_cash": a.spending,
        "gap_gbp_million_cash": a.gap, "gap_half_width_gbp_million_cash": a.gap_half_width,
        "low_gap_over_bases_gbp_million_cash": a.gap_low, "high_gap_over_bases_gbp_million_cash": a.gap_high,
        "gap_split_gbp_million_cash": dataclasses.asdict(a.split),
        "known_shares": None if a.published or a.basis == "single" else dataclasses.asdict(a.known),
        "pay_ratio": a.economy.pay_ratio,
    }  # fmt: skip


def lines_of(a: Account) -> Table:
    """The lines without those that are nothing here and in England: the rows of ``soke place --csv``."""
    return made.account_lines(a).where(lambda row: row["gbp_million_cash"] != 0.0 or row["england_gbp_per_head"] != 0.0)
