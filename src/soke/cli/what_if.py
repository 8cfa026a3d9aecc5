"""The what-if of ``soke settle``: today's law beside the law with settings, for every place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from soke.cli.output import console, print_table, show
from soke.errors import SokeError
from soke.model.funding.settings import parsed
from soke.report import what_if_page as words
from soke.report.tables import what_if as made
from soke.report.what_ifs import WhatIf
from soke.report.what_ifs import what_if as computed
from soke.table import Table
from soke.text import clean

_DIGITS = {"count": 0, "money": 1, "change": 1, "pounds": 2, "pounds-change": 2, "plain": 1, "share": 2}


def what_if(
    names: list[str], settings: list[str], reset: int | None, pool: list[str], years: int, out: Path | None,
    as_json: bool, as_csv: bool, figures: Path | None,
) -> None:  # fmt: skip
    """Answer a what-if: print it, or every place as JSON or CSV; with ``out`` also write a page and a CSV there.

    ``names``: places to mark and to show first, none or ``all`` for no place in particular. SokeError for bad input.
    """
    if as_json and as_csv:
        raise SokeError("--json and --csv cannot be asked for together.", "Choose one.")
    found = computed(parsed(settings), reset=reset, pool=pool, years=years, names=names, figures=figures)
    written = found.write(out) if out is not None else []
    if as_json or as_csv:
        show(found.answer, as_json=as_json, as_csv=as_csv)
        return
    _print(found)
    for path in written:
        console().print(clean(f"Wrote {path}"), markup=False, soft_wrap=True)


def _print(found: WhatIf) -> None:
    out, result, area = console(), found.value, found.area
    out.print(clean(found.sentence), style="bold", markup=False, soft_wrap=True)
    out.print()
    every = found.table("what_if")
    if area:
        asked_for = [code for code in result.codes if code in set(area)]
        _print_places(every, f"The places asked for, {made.span(result)}", asked_for)
    else:
        for title, most in (("gain", made.gainers(result)), ("lose", made.losers(result))):
            if most:
                codes = [result.codes[i] for i in most]
                _print_places(every, f"The {len(most)} that {title} most a head", codes)
    for table in (*([made.each_alone(result)] if result.parts else []), made.by_class(result), made.next_pound(result)):
        _print_rounded(table)
    index = {code: i for i, code in enumerate(result.codes)}
    few = [index[code] for code in area[:3]] or made.losers(result)[:1] or made.gainers(result)[:1]
    lines = [*(words.household_words(result, i) for i in few), words.ledger_words(result), *words.notes(result)]
    for line in lines:
        out.print(clean(line), markup=False, soft_wrap=True)
    out.print("Every place's figure is an estimate. Add --out FOLDER for the map, --csv for every place.", style="dim")


_SHORT = {
    "name": "place", "class": "class", "difference_gbp_per_head": "£ a head", "difference_p10_gbp_per_head": "low",
    "difference_p90_gbp_per_head": "high", "difference_gbp_million": "£m a year",
    "last_year_difference_gbp_per_head": "£ a head, last year", "band_d_to_make_good_gbp": "Band D to make it good, £",
}  # fmt: skip


def _print_places(every: Table, title: str, codes: Sequence[str]) -> None:
    """The rows of ``codes`` in their order, and a few columns."""
    found = every.where(lambda row: row["place_code"] in codes)
    order = sorted(range(len(found)), key=lambda k: codes.index(str(found.column("place_code")[k])))
    few = tuple(key for key in found.columns if key.key in _SHORT)
    shown = replace(found, caption=title, notes=(), page_rows=tuple(order)).showing(*(c.key for c in few), **_SHORT)
    _print_rounded(shown)


def _print_rounded(table: Table) -> None:
    """A table with as many decimals in all of its rows, and without its notes: those come last."""
    columns = tuple(replace(c, digits=_DIGITS.get(c.kind)) for c in table.columns)
    print_table(replace(table, columns=columns, notes=()))
    console().print()
