"""Which edition of which workbook a file is: all its sheets are there, and its headings where the layout has them."""

from __future__ import annotations

from dataclasses import dataclass

from soke.england.official.columns import Head, columns
from soke.england.official.grid import Book
from soke.england.official.headings import matching, nearest, sought
from soke.england.official.layouts import Layout
from soke.england.official.years import agree, of_sheets
from soke.errors import SokeError

Key = tuple[str, str]  # kind and edition
FIT = 0.5  # share of a layout's headings from which on a table is meant to be of it


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


def edition(book: Book, every: tuple[Layout, ...], asked: int | None = None) -> Edition:
    """The one edition that the workbook is. SokeError with what was found against what was expected."""
    groups: dict[Key, list[Layout]] = {}
    for layout in every:
        groups.setdefault((layout.kind, layout.edition), []).append(layout)
    here = set(book.sheets)
    held = {key: [n for a in group for n in a.there(here)] for key, group in groups.items()}
    whole = [k for k, g in groups.items() if held[k] and all(a.optional or set(a.sheets()) <= here for a in g)]
    fit = {k: round(_fit(book, groups[k]), 2) for k in whole}
    best = max(fit.values(), default=0.0)
    problems: list[SokeError] = []
    # What fits one layout best and breaks it is not read as another that it fits less.
    for key in sorted((k for k in whole if fit[k] == best), key=lambda k: -sum(map(len, held[k]))):
        try:
            return _laid(book, groups[key], asked)
        except SokeError as error:
            problems.append(error)
    if problems and ("" not in here or best >= FIT or not whole[1:]):
        raise problems[0]
    if problems:
        raise _no_table(book, [groups[k] for k in whole])
    raise _no_workbook(book, groups, held)


def _fit(book: Book, group: list[Layout]) -> float:
    """The share of the headings of an edition that stand in one row of the sheets that it names."""
    found = sought_ = 0
    for layout in group:
        texts = [t.removesuffix("?") for t in (layout.code, layout.ecode, layout.name) if t and not t.startswith("=")]
        texts += [w.header for w in layout.wanted if w.required and "{" not in w.header]
        for name in layout.there(book.sheets):
            cells = [cell for row in book.sheets[name][:20] for cell in row if cell is not None]
            sought_ += len(texts)
            found += sum(bool(matching(cells, text)) for text in texts)
    return found / sought_ if sought_ else 0.0


def _laid(book: Book, group: list[Layout], asked: int | None) -> Edition:
    sheets: list[Laid] = []
    left_out: list[str] = []
    of_sheets(group, set(book.sheets), book.name, asked)
    for layout in group:
        for sheet, year in layout.there(book.sheets).items():
            try:
                sheets.append(Laid(sheet, layout, columns(book, sheet, layout, year), year))
            except SokeError as error:
                if not layout.lenient:
                    raise
                left_out.append(f"Sheet {sheet!r} was left out: {error.fact}")
    agree({c.year for part in sheets for c in part.head.columns if c.year is not None}, book.name, asked)
    if not sheets:
        raise SokeError(f"The workbook has none of the sheets of {group[0].title}.", left_out[0], book.name)
    return Edition(tuple(group), tuple(sheets), tuple(left_out))


def _no_table(book: Book, groups: list[list[Layout]]) -> SokeError:
    head = (book.sheets[""] or [()])[0]
    near = nearest(head, groups[0][0].code, lambda _: "")
    expected = "; ".join(f"{g[0].title} ({g[0].code}, {sought(g[0].wanted[0].header)})" for g in groups)
    fact = f"This table has the headings {near}, of no layout that is known."
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
