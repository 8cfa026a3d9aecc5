"""The what-if of ``soke settle``: today's law beside the law with settings, for every place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from soke import text as words
from soke.cli.output import Column, console, emit
from soke.deal.reader import read_scenario
from soke.england.baseline import Floats, baseline
from soke.england.imported import read_imported
from soke.england.places import places
from soke.england.replacement import replaced
from soke.england.settlement import find_authority
from soke.errors import SokeError
from soke.files import write_whole
from soke.model.accounts import line_matrix
from soke.model.funding.settings import parsed
from soke.model.funding.what_if import Asked, WhatIf
from soke.model.funding.what_if import what_if as computed
from soke.report import what_if_page as shown
from soke.report.tables import what_if as made
from soke.table import Cell, Table
from soke.text import clean

ACCOUNT_YEAR = 2022
_CODE = re.compile(r"[A-Z]\d{8}")
_DIGITS = {"count": 0, "money": 1, "change": 1, "pounds": 2, "pounds-change": 2, "plain": 1, "share": 2}
_WHOLE = ("all", "england")


def what_if(
    names: list[str], settings: list[str], reset: int | None, pool: list[str], years: int, out: Path | None,
    as_json: bool, as_csv: bool, figures: Path | None,
) -> None:  # fmt: skip
    """Answer a what-if: print it, or every place as JSON or CSV; with ``out`` also write a page and a CSV there.

    ``names``: places to mark and to show first, none or ``all`` for no place in particular. SokeError for bad input.
    """
    if as_json and as_csv:
        raise SokeError("--json and --csv cannot be asked for together.", "Choose one.")
    asked = Asked(parsed(settings), reset, tuple(_authority(name) for name in pool), years)
    area = _area(names)
    imported = read_imported(figures)
    base = replaced(baseline(), imported)
    result = computed(asked, base, line_matrix(ACCOUNT_YEAR), read_scenario(), imported)
    written = _write(result, area, out) if out is not None else []
    if as_json or as_csv:
        _print_all(result, area, as_json)
    else:
        _print(result, area)
        for path in written:
            console().print(clean(f"Wrote {path}"), markup=False, soft_wrap=True)


def _authority(text: str) -> str:
    """The code of a member of a pool; one that looks like a code is checked with the pool."""
    wanted = text.strip().upper()
    return wanted if _CODE.fullmatch(wanted) else find_authority(text).code


def _area(names: Sequence[str]) -> tuple[str, ...]:
    named = [name for name in names if name.strip().lower() not in _WHOLE]
    return tuple(dict.fromkeys(code for name in named for code in places().members(places().find(name).code)))


def _write(result: WhatIf, area: Sequence[str], out: Path) -> list[Path]:
    if str(out) == "" or out.is_file():
        raise SokeError(f"{out} is no folder.", "Name a folder with --out.")
    written = []
    for name, content in shown.render(result, area).items():
        write_whole(out / name, content)
        written.append(out / name)
    return written


def _print_all(result: WhatIf, area: Sequence[str], as_json: bool) -> None:
    every = made.every_place(result)
    rows = [row for row in _rows(every) if not area or row["place_code"] in area]
    extra = {
        "sentence": shown.sentence(result), "settings": dict(result.asked.settings), "reset": result.asked.reset,
        "pool": list(result.asked.pool), "unit": f"GBP, prices of {words.financial_year(result.base_year)}",
        **{name: _rows(build(result)) for name, build in made.TABLES.items() if name != "places"},
    }  # fmt: skip
    columns = [Column(column.key, column.title) for column in every.columns]
    emit(rows, columns, as_json=as_json, as_csv=not as_json, extra=extra, notes=shown.notes(result))


def _rows(table: Table) -> list[dict[str, Cell]]:
    return [dict(zip([column.key for column in table.columns], row, strict=True)) for row in table.rows]


def _print(result: WhatIf, area: Sequence[str]) -> None:
    out = console()
    out.print(clean(shown.sentence(result)), style="bold", markup=False, soft_wrap=True)
    out.print()
    index = {code: i for i, code in enumerate(result.codes)}
    every = made.every_place(result)
    if area:
        _table(
            every, f"The places asked for, {made.span(result)}", [code for code in result.codes if code in set(area)]
        )
    else:
        for title, found in (("gain", made.gainers(result)), ("lose", made.losers(result))):
            if found:
                most = f"The {len(found)} that {title} most a head"
                _table(every, most, [result.codes[i] for i in found])
    for table in (*([made.each_alone(result)] if result.parts else []), made.by_class(result), made.next_pound(result)):
        _table(table, table.caption)
    few = [index[code] for code in area[:3]] or made.losers(result)[:1] or made.gainers(result)[:1]
    for i in few:
        out.print(clean(shown.household_words(result, i)), markup=False, soft_wrap=True)
    out.print(clean(_ledger(result)), markup=False, soft_wrap=True)
    for note in shown.notes(result):
        out.print(clean(note), markup=False, soft_wrap=True)
    out.print("Every place's figure is an estimate. Add --out FOLDER for the map, --csv for every place.", style="dim")


_SHORT = {
    "name": "place", "class": "class", "difference_gbp_per_head": "£ a head", "difference_p10_gbp_per_head": "low",
    "difference_p90_gbp_per_head": "high", "difference_gbp_million": "£m a year",
    "last_year_difference_gbp_per_head": "£ a head, last year", "band_d_to_make_good_gbp": "Band D to make it good, £",
}  # fmt: skip


def _table(table: Table, title: str, codes: Sequence[str] = ()) -> None:
    """A table for people; of the table of every place, the rows of ``codes`` in their order and a few columns."""
    rows, columns = _rows(table), list(table.columns)
    if codes:
        rows = sorted((r for r in rows if r["place_code"] in codes), key=lambda r: codes.index(str(r["place_code"])))
        columns = [replace(column, title=_SHORT[column.key]) for column in columns if column.key in _SHORT]
    emit(
        rows, [Column(column.key, column.title, _DIGITS.get(column.kind)) for column in columns],
        as_json=False, as_csv=False, title=title,
    )  # fmt: skip
    console().print()


def _ledger(result: WhatIf) -> str:
    """That money neither appears nor vanishes, with its figures."""
    before, after = result.before, result.after
    return (
        f"The ledger of {words.financial_year(result.years[-1])}: of {_million(result.collected)} collected, councils"
        f" keep {_million(after.retained)} ({_million(before.retained)} as the law stands), the Treasury has"
        f" {_million(after.treasury)} ({_million(before.treasury)}) and pays {_million(after.grant)}"
        f" ({_million(before.grant)}) in grant. Councils {words.money(float(result.last.sum()), plus=True)},"
        f" the Treasury {words.money(float(result.treasury[-1]), plus=True)}."
    )


def _million(by_year: Floats) -> str:
    return f"£{by_year[-1]:,.0f}m"
