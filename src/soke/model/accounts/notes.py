"""What a reader of an account must know: distrusted years, breaks of series, what stands in for what is missing."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from soke.england.baseline import baseline
from soke.england.places import places
from soke.england.tables import read_table
from soke.model.accounts import own
from soke.model.accounts.components import pieces
from soke.model.accounts.truth import Pounds
from soke.text import counted, financial_year, listed, percent

DISTRUSTED = {
    2020: "2020-21 is a year of Covid: receipts and spending are not typical.",
    2021: "2021-22 is a year of Covid: receipts and spending are not typical.",
    2022: "2022-23 carries unusual debt interest and energy support.",
}
# Breaks of the published series: the first year after each, the lines, and what changed. Never read as growth.
BREAKS = (
    (2004, ("national-insurance",), "social contributions break in 2004-05: another method of the publisher"),
    (2009, ("health",), "health breaks in 2009-10: spending was classified anew"),
    (2020, (), "all lines break in 2020-21: the pandemic, and its support"),
)
FEW = 3  # parts that a note names; more are counted
UNITED = "Published for whole regions; the publisher, the Office for National Statistics, itself apportions some lines."


def account_notes(
    codes: Sequence[str], year: int, here: NDArray[np.bool_], parts: Sequence[Pounds], own_figures: own.Figures | None,
    whole: bool,
) -> tuple[str, ...]:  # fmt: skip
    """Sentences about one account where people live, most important first; own figures as shipped where None."""
    figures = own_figures or own.shipped()
    notes = [*distrusted(year)]
    if year > 2022:
        notes.append("Keys of 2022 are carried to 2023-24: a place's share moves by about 2 per cent in a year.")
    if whole:
        return (*notes, UNITED)
    if cut := cut_counties(codes):
        notes.append(
            f"Part of {listed(cut)} only: county services are the county's own figure, split by people or pupils."
        )
    if absent := not_filed(year, here):
        notes.append(
            f"{listed(absent)} filed no spending for {financial_year(year)}: the nearest filed year, moved by the "
            "growth of those who filed, shares in its place and is not counted as measured."
        )
    notes += estimated(codes)
    notes += imported_notes(figures)
    if stands := missing(parts, figures):
        notes.append(stands)
    if far := far_parts(year, own_figures):
        of = listed(far) if len(far) <= FEW else counted(len(far), "part")
        notes.append(
            f"No own figure within a year of {financial_year(year)} for {of}: the shares of another year, or a key, "
            "stand in, and nothing of them counts as measured."
        )
    return tuple(notes)


def distrusted(year: int) -> tuple[str, ...]:
    """That a year is not typical, where it is not."""
    return (DISTRUSTED[year],) if year in DISTRUSTED else ()


def far_parts(year: int, own_figures: own.Figures | None) -> list[str]:
    """Titles of the components with own figures, of which none is of the year or of one either side."""
    figures = own_figures or own.shipped()
    return [p.component.title for p in pieces(year, own_figures)
            if not p.near and any(figures.years(name) for name in p.component.figures)]  # fmt: skip


def estimated(codes: Sequence[str]) -> list[str]:
    """Authorities here without a published figure for what a key is made of, and what stands in."""
    drivers = {row["name"] for row in read_table("columns") if row["table"] in ("drivers", "tax")}
    by: dict[str, dict[str, list[str]]] = {}
    for row in read_table("estimates"):
        if row["code"] in codes and row["column"] in drivers:
            how = re.sub(r"E\d{8}", lambda code: places().name(code[0]), row["how"]).removeprefix("estimate: ")
            by.setdefault(row["code"], {}).setdefault(how, []).append(row["column"].replace("_", " "))
    return [
        f"{places().name(code)} has no published figure of its own for {listed(names)}: {how}."
        for code, ways in sorted(by.items()) for how, names in ways.items()
    ]  # fmt: skip


def imported_notes(figures: own.Figures) -> list[str]:
    """Figures that the user imported; and that a layout was never held against a real file, where it was not."""
    return [f"Imported: {name.replace('-', ' ')}, {said}." for name, said in sorted(figures.workbooks.items())]


def missing(parts: Sequence[Pounds], figures: own.Figures) -> str:
    """What official tables would add, which are not to hand: the keys that stand in for them."""
    gone = [p for p in parts if p.component.figures and not any(figures.years(name) for name in p.component.figures)]
    whole = sum(abs(p.value) for p in parts)
    if not gone or not whole:
        return ""
    share = sum(abs(p.value) for p in gone) / whole
    named = listed([p.component.title for p in gone])
    return (
        f"No figure by place is shipped for {named}: keys stand in, for {percent(share)} of all pounds here. "
        "The command soke data import reads the official tables that would measure them (benefits, DWP; rates, NNDR3)."
    )


def cut_counties(codes: Sequence[str]) -> list[str]:
    """Names of the counties of which some shire districts are in the area and some are not."""
    wanted = set(codes)
    counties = {p.county for code in codes if (p := places().get(code)) is not None and p.county}
    return [places().name(c) for c in sorted(counties) if not set(places().members(c)) <= wanted]


def not_filed(year: int, here: NDArray[np.bool_]) -> list[str]:
    """Names of the authorities here that filed no outturn for a year."""
    mine = {code for code, inside in zip(baseline().codes, here, strict=True) if inside}
    return sorted({places().name(area) for _, area, when in own.shipped().estimated if when == year and area in mine})
