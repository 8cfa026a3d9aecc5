"""Which edition of which workbook a file is: all its sheets are there, and its headings where the layout has them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from soke.england.official.columns import Head, columns, shown
from soke.england.official.grid import Book
from soke.england.official.layouts import Layout, year_of
from soke.errors import SokeError
from soke.text import financial_year

Key = tuple[str, str]  # kind and edition


@dataclass(frozen=True, slots=True)
class Laid:
    """A sheet of a workbook under its layout."""

    sheet: str
    layout: Layout
    head: Head
    year: int | None  # that the sheet's name says


@dataclass(frozen=True, slots=True)
class Edition:
    """What a workbook is: its layouts, the sheets to read, and what was left out."""

    layouts: tuple[Layout, ...]
    sheets: tuple[Laid, ...]
    left_out: tuple[str, ...]


def edition(book: Book, every: tuple[Layout, ...]) -> Edition:
    """The one edition that the workbook is. SokeError with what was found against what was expected."""
    groups: dict[Key, list[Layout]] = {}
    for layout in every:
        groups.setdefault((layout.kind, layout.edition), []).append(layout)
    here = set(book.sheets)
    held = {key: [n for a in group for n in a.there(here)] for key, group in groups.items()}
    whole = [k for k, g in groups.items() if held[k] and all(a.optional or set(a.sheets()) <= here for a in g)]
    problems: list[SokeError] = []
    for key in sorted(whole, key=lambda k: -len(held[k])):
        try:
            return _laid(book, groups[key])
        except SokeError as error:
            problems.append(error)
    if "" in here and len(problems) > 1:
        raise _no_table(book, [groups[k] for k in whole])
    if problems:
        raise problems[0]
    raise _no_workbook(book, groups, held)


def _laid(book: Book, group: list[Layout]) -> Edition:
    sheets: list[Laid] = []
    left_out: list[str] = []
    _newest(book, group)
    for layout in group:
        for sheet, year in layout.there(book.sheets).items():
            try:
                sheets.append(Laid(sheet, layout, columns(book, sheet, layout, year), year))
            except SokeError as error:
                if not layout.lenient:
                    raise
                left_out.append(f"Sheet {sheet!r} was left out: {error.fact}")
    if not sheets:
        raise SokeError(f"The workbook has none of the sheets of {group[0].title}.", left_out[0], book.name)
    return Edition(tuple(group), tuple(sheets), tuple(left_out))


def _newest(book: Book, group: list[Layout]) -> None:
    """A workbook with a sheet a year has one of the year in its name. SokeError where it has not."""
    years = [y for a in group if a.optional for y in a.there(book.sheets).values() if y is not None]
    named = year_of(Path(book.name).stem)
    if years and named is not None and named not in years:
        fact = f"The file's name says {financial_year(named)}, and it has no sheet of that year; the newest is "
        fix = "Name the file after the newest year of its figures, or download it again."
        raise SokeError(f"{fact}{financial_year(max(years))}.", fix, book.name)


def _no_table(book: Book, groups: list[list[Layout]]) -> SokeError:
    head = ", ".join(shown(c) for c in (book.sheets[""] or [()])[0][:8])
    expected = "; ".join(f"{g[0].title} ({g[0].code}, {g[0].wanted[0].header})" for g in groups)
    fact = f"This table has the headings {head}, of no layout that is known."
    return SokeError(fact, f"Expected are {expected}.", book.name)


def _no_workbook(book: Book, groups: dict[Key, list[Layout]], held: dict[Key, list[str]]) -> SokeError:
    needed = {key: [n for a in group for n in a.sheets()] for key, group in groups.items()}
    near = max(groups, key=lambda k: len(held[k]) / len(needed[k]))
    missing = [n for n in needed[near] if n not in book.sheets]
    have = ", ".join(repr(n[:40]) for n in list(book.sheets)[:12])
    if len(missing) < len(needed[near]):
        fact = f"The workbook has no sheet {', '.join(map(repr, missing[:6]))}; it has {have}."
        head = groups[near][0]
        return SokeError(fact, f"{head.title}, edition {head.edition}, was expected with these sheets.", book.name)
    titles = "; ".join(
        f"{g[0].title}, edition {g[0].edition} (sheet {needed[k][0]!r})" for k, g in groups.items() if needed[k][0]
    )
    return SokeError(f"No layout is known for a workbook with the sheets {have}.", f"Known are: {titles}.", book.name)
