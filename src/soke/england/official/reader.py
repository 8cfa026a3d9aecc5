"""One reader for every official workbook: finds its layout, then takes each figure or says why it cannot.

Nothing is guessed. A heading that is not where the layout says, an authority twice, unknown or missing, a text where a
number belongs, a number that cannot be, an identity that does not hold: each stops the import with the sheet, the cell,
and what was expected.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from soke.england.official import checks, identities, plausible
from soke.england.official.bodies import name_of
from soke.england.official.edition import Edition, edition
from soke.england.official.grid import read_book
from soke.england.official.layouts import LONG, Layout, layouts
from soke.england.official.sheet import Figure, Sheet
from soke.england.official.years import COVERS, of_cover
from soke.text import financial_year, listed

__all__ = ["Figure", "Reading", "read_workbook"]


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one workbook gave. ``unverified`` names the variables whose place nobody has seen in a real file."""

    kind: str
    edition: str
    title: str
    workbook: str
    sha256: str
    figures: tuple[Figure, ...]
    unverified: tuple[str, ...]
    absent: tuple[str, ...]  # variables that the layout knows and this workbook lacks
    notes: tuple[str, ...] = ()  # sentences: what was left out, what does not agree

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(sorted({f.year for f in self.figures}))

    @property
    def given(self) -> set[str]:
        """The variables that it gave."""
        return {f.variable for f in self.figures}


def read_workbook(path: Path, year: int | None = None, known_layouts: tuple[Layout, ...] | None = None) -> Reading:
    """The figures of one official workbook.

    ``year`` is the financial year of a workbook that does not say its own. Raises SokeError for anything that does not
    fit a known layout; then nothing of the workbook is taken.
    """
    every = layouts() if known_layouts is None else known_layouts
    headings = {text.casefold() for a in every if not a.sheet for text in _headings(a)} - {""}
    long = {name: LONG for a in every if a.long for name in a.sheets()}
    wanted = {name for a in every for name in a.sheets() if name}
    book = read_book(path, wanted | set(COVERS), headings, long)
    laid = edition(book, every, year)
    cover = of_cover(dict(book.sheets))
    figures: dict[tuple[str, int, str], Figure] = {}
    notes = list(laid.left_out)
    charges: dict[str, dict[str, float]] = {}
    levies: list[float] = []
    for part in laid.sheets:
        read = Sheet(book, part, year, cover)
        for figure in read.figures():
            key = figure.code, figure.year, figure.variable
            if key in figures:
                what = f"{figure.variable} of {name_of(figure.code)} for {financial_year(figure.year)}"
                checks.one_figure(figures[key].value, figure.value, what, read.place)
            figures[key] = figures.get(key, figure)
        notes += read.notes
        charges |= read.charges
        levies += read.levies
    identities.levied(charges, levies, book.name)
    head = laid.layouts[0]
    given = tuple(figures[k] for k in sorted(figures))
    notes += plausible.compared({key: figure.value for key, figure in figures.items()}, head, book.name)
    notes += _beyond(head, {f.year for f in given})
    return Reading(
        head.kind, head.edition, head.title, book.name, book.sha256, given, _unverified(laid), _absent(laid),
        tuple(dict.fromkeys(notes)),
    )  # fmt: skip


def _beyond(layout: Layout, years: set[int]) -> list[str]:
    """That a workbook is of years of which the layout was not read off."""
    notes = []
    later = sorted(y for y in years if layout.last is not None and y > layout.last)
    if later and layout.last is not None:
        said = ", ".join(map(financial_year, later))
        notes.append(f"The layout is known to {financial_year(layout.last)}; this is of {said}.")
    if layout.read_off and (other := sorted(years - set(layout.read_off))):
        real, these = (listed([financial_year(y) for y in those]) for those in (layout.read_off, other))
        notes.append(f"The layout was read off real files of {real}; none of {these} was to hand.")
    return notes


def _unverified(laid: Edition) -> tuple[str, ...]:
    """The variables read whose place nobody has seen, sums of them included."""
    columns = [c.wanted for part in laid.sheets for c in part.head.columns if c.wanted.unverified]
    given = {w.variable for w in columns if w.use != "check"} | {w.part_of for w in columns}
    return tuple(sorted(given - {""}))


def _absent(laid: Edition) -> tuple[str, ...]:
    found = {c.wanted.variable for part in laid.sheets for c in part.head.columns}
    return tuple(sorted({w.variable for a in laid.layouts for w in a.wanted if w.use != "check"} - found))


def _headings(layout: Layout) -> list[str]:
    column = layout.years.partition("column:")[2]
    filters = [rule.partition("=")[0] for rule in layout.skip if "=" in rule]
    keys = [t.removesuffix("?") for t in (layout.code, layout.ecode, layout.name)]
    years = layout.span or (0,)
    return [*keys, column, *filters, *[w.header.format(year=y) for w in layout.wanted for y in years]]
