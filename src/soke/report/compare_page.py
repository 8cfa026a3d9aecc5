"""The page of two runs side by side."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from soke.files import not_an_input, write_whole
from soke.report.markup import el
from soke.report.run.compare import Comparison
from soke.report.run.draws import FILE as DRAWS
from soke.report.run.record import RUN
from soke.report.shell import document, section
from soke.report.table import to_html
from soke.text import clean


def page(found: Comparison) -> str:
    """The whole HTML text: nothing runs and nothing is fetched."""
    sides = (("First", found.first), ("Second", found.second))
    said = [el("p", el("strong", f"{order}: "), clean(side.words), ".") for order, side in sides]
    series, page_rows = found.series, found.series.page_rows or ()
    shown = replace(series, rows=tuple(series.rows[k] for k in page_rows), page_rows=None, notes=series.notes[2:])
    numbers = to_html(found.numbers, file=False) if found.numbers.rows else None
    return document(
        f"Two runs: {clean(found.sentence)}", "Skip to the figures", "figures",
        el("div", el("h1", clean(found.sentence)), *said, class_="first"),
        section("numbers", "The four numbers", [numbers]),
        section("figures", "Draw by draw", [to_html(shown, file=False)]),
    )  # fmt: skip


def write_page(path: Path, found: Comparison) -> None:
    """Write it. SokeError where the folder refuses, and for a file of one of the runs."""
    inputs = [side.folder / name for side in (found.first, found.second) for name in (RUN, DRAWS)]
    not_an_input(path, inputs)
    write_whole(path, page(found).encode())
