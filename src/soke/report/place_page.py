"""The page of a place's account: what is raised and spent in ten seconds, and below it the sum behind each number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from soke import text
from soke.england.sources import each
from soke.files import not_an_input, write_whole
from soke.model.accounts.comparison import BaseYearAccount
from soke.model.accounts.explain import LineSum
from soke.model.accounts.types import Account
from soke.report.account_words import LEAST_SHOWN, PUBLISHED, commuting, grades, parts, sentence, source, year_off
from soke.report.charts.waterfall import Widths, waterfall
from soke.report.markup import Child, Element, el
from soke.report.place_account import place_contents
from soke.report.place_contents import PlaceContents
from soke.report.place_history import over_the_years
from soke.report.place_sums import every_sum
from soke.report.shell import contents as links_to
from soke.report.shell import document, panel, section, shares
from soke.report.source_links import linked
from soke.report.table import folded, grade_mark, to_html
from soke.report.tables import account as tables
from soke.report.tables import place as made
from soke.report.tables.explained import sources_of
from soke.table import Table

LICENCE = "Open Government Licence v3.0"
STYLE = """
.half{margin-bottom:6px}
.known{list-style:none;margin:6px 0;padding:0;font-size:15px;line-height:1.4}
.known li{margin:0 0 2px;padding-left:1.5em;text-indent:-1.5em}
.first .table{margin:0}
.first caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.first table{min-width:100%;font-size:15px}
.first td,.first th{padding-right:10px}
.sum{border-bottom:1px solid var(--line);padding:2px 0}
.sum:target{border-left:5px solid var(--ink);padding-left:10px}
.sum:target::details-content{content-visibility:visible;block-size:auto}
.sum>summary{width:auto}
.sum:target>summary{list-style-type:disclosure-open}
.sum details{margin-left:14px}
#lines~.table td:last-child:not(.n){min-width:14rem}
.sum td{max-width:46rem}
@media (max-width:640px){#lines~.table td:last-child:not(.n){min-width:0}}
"""


def write_page(
    path: Path, names: Sequence[str], year: int, basis: str = "residence", figures: Path | None = None,
    accept: bool = False,
) -> None:  # fmt: skip
    """Write the page of a place's account whole or not at all, in the place of an older one. SokeError as
    :func:`soke.report.place_account.place_contents`, where the folder refuses, and for a file that is read here."""
    if figures is not None and figures.is_dir():
        not_an_input(path, figures.iterdir())
    write_whole(path, page(place_contents(names, year, basis, figures, accept)).encode())


def page(contents: PlaceContents) -> str:
    """The whole HTML text: nothing runs and nothing is fetched."""
    built = [(s, s.build(contents)) for s in SECTIONS]
    sections = [(s, inside) for s, inside in built if inside]
    below = [section(s.id, s.title, inside) for s, inside in sections]
    links = links_to((s.id, s.title) for s, _ in sections)
    title, first = _heading(contents.account), _first(contents)
    return document(title, "Skip to the lines", "lines", first, links, *below, style=STYLE)


def _heading(a: Account) -> str:
    return f"{a.name}: what is raised and spent, {text.financial_year(a.year)}"


# --- the first screen ---


def _first(contents: PlaceContents) -> Element:
    a = contents.account
    facts = [
        f"{a.population:,.0f} people", text.counted(len(a.codes), "authority", "authorities"),
        "all receipts against total managed expenditure", "published" if a.published else "where people live",
        source(a),
    ]  # fmt: skip
    return el(
        "div", el("h1", _heading(a)), *(el("p", text.unbroken(said), class_="lead") for said in _leads(a)),
        el("p", " · ".join(facts), class_="run"),
        el("div", el("div", _waterfall(a)), el("div", _how_known(a)), class_="two"),
        el("div", _in_short(a), _base_year(contents.base_year, a) if contents.base_year else None, class_="half"),
        class_="first",
    )  # fmt: skip


def _leads(a: Account) -> list[str]:
    return [said for said in (sentence(a), commuting(a)) if said]


def _waterfall(a: Account) -> Element:
    gap = text.money(abs(a.gap), beside=a.receipts)
    title = f"What the {gap} is made of" if a.gap > 0 else "From what is raised to what is spent"
    ranged = "" if a.published else "; thin lines hold four times in five"
    return panel(
        "from-raised-to-spent", title,
        waterfall(a.receipts, parts(a.split), a.spending, Widths(a.receipts_half_width, a.spending_half_width)),
        aside=f"a year, {text.financial_year(a.year)}{ranged}",
    )  # fmt: skip


WHY = {
    "measured": "in public bodies’ own figures for areas inside this place",
    "wider": "in figures of areas only partly inside, split by a stated key",
    "apportioned": "by what goes with it, such as pay or floorspace",
    "per-head": "by the number of people alone",
}


def _how_known(a: Account) -> Element:
    title = "How far this is known"
    if a.published:
        return panel("how-known", title, el("p", PUBLISHED))
    known = a.known
    listed = [
        el("li", el("i", class_=f"swatch {grade.id}"), el("b", f"{text.percent(grade.share)} {grade.words}"),
           f": {WHY[grade.id]}")
        for grade in grades(known) if grade.shown
    ]  # fmt: skip
    return panel(
        "how-known", title, shares((grade.id, grade.share) for grade in grades(known)),
        el("ul", *listed, class_="known"),
        el("p", year_off(known), class_="note") if known.year_off >= LEAST_SHOWN else None,
        folded(made.known_apart(a), "Raised and spent apart", file=False),
        aside="of every pound raised and spent",
    )  # fmt: skip


def _in_short(a: Account) -> Element:
    return panel("in-short", "The account in short", _table(made.in_short(a)), aside="a figure leads to its sum")


def _base_year(base: BaseYearAccount, a: Account) -> Element:
    table = tables.for_size(tables.account_base_year(base), a)
    marks = el("p", "Grade: ", grade_mark(base.grade), f" {base.grade}.", class_="note")
    shown = table.showing(*(c for c in table.shown if c.kind != "grade"), item="what")
    title = f"From the published year to {text.financial_year(base.base_year)}"
    return panel("base-year", title, _table(shown), marks, aside="where projections start")


# --- below ---


def _lines(contents: PlaceContents) -> list[Child]:
    a = contents.account
    how = PUBLISHED if a.published else "How each is known is said per pound, not per line."
    return [
        el("p", f"Each figure in £m leads to its sum. {how}"),
        _table(made.lines_of(contents, "revenue")), _table(made.lines_of(contents, "spending")),
        el("p", "Every line as CSV: ", _download(tables.account_lines(a), a), class_="note"),
    ]  # fmt: skip


def _definitions(contents: PlaceContents) -> list[Child]:
    return [_table(tables.for_size(made.definitions(contents.account), contents.account))]


def _bases(contents: PlaceContents) -> list[Child]:
    a = contents.account
    if a.published:
        return []
    shown: list[Child] = [
        el("p", "A basis is a question: what people here pay and get, or what the economy here generates. The spread"
           " between them is no range of error."),
        _table(tables.for_size(tables.account_bases(a, contents.bases), a)),
    ]  # fmt: skip
    if contents.economy is not None:
        taxes = tables.for_size(contents.economy, a)
        shown.append(folded(taxes, "Each tax: paid by people here, generated by the economy here", file=False))
    return shown


def _classes(contents: PlaceContents) -> list[Child]:
    caption = f"What each class of authority in {contents.account.name} raises and spends"
    table = replace(tables.account_classes(contents.classes), caption=caption)
    return [_table(tables.for_size(table, contents.account))] if len(table) > 1 else []


def _claims(contents: PlaceContents) -> list[Child]:
    return [_table(made.claims(contents))] if contents.claims else []


def _history(contents: PlaceContents) -> list[Child]:
    a, table = contents.account, made.history(contents)
    return [*over_the_years(a.name, contents.history), folded(table, "Every year", file=False),
            el("p", "Every year as CSV: ", _download(table, a), class_="note")]  # fmt: skip


def _notes(contents: PlaceContents) -> list[Child]:
    imported = [f"Official figures that a user imported stand in it: {said}." for said in contents.imported]
    said = [*contents.account.notes, *imported]
    return [el("ul", *(el("li", note) for note in said))] if said else []


def _sums(contents: PlaceContents) -> list[Child]:
    a = contents.account
    told = PUBLISHED if a.published else (
        "Of each part, in each region: own figures times q, which is the published amount over the sum of own figures;"
        " and what is left, shared by a key. GBP million."
    )  # fmt: skip
    return [el("p", told), *every_sum(contents)]


def _sources(contents: PlaceContents) -> list[Child]:
    a = contents.account
    ids = [] if a.published else [id_ for done in contents.sums.values() if isinstance(done, LineSum)
                                  for id_ in sources_of(done)]  # fmt: skip
    listed = [
        el(
            "li",
            linked(str(it), it.url),
            f", {it.year}",
            None if it.licence == LICENCE else f" ({it.licence})",
        )
        for it in each(["ons-regional-accounts", "ons-regional-population", "hmt-country-regional-analysis", *ids])
    ]
    return [el("p", f"Where nothing else is said: {LICENCE}."), el("ul", *listed)]


@dataclass(frozen=True, slots=True)
class Section:
    id: str
    title: str
    build: Callable[[PlaceContents], list[Child]]


SECTIONS = (
    Section("lines", "Line by line", _lines),
    Section("definitions", "Other definitions", _definitions),
    Section("bases", "Other bases: whose money?", _bases),
    Section("classes", "By class of authority", _classes),
    Section("claims", "What others published", _claims),
    Section("history", "Since 1999-00", _history),
    Section("notes", "What to know before using these figures", _notes),
    Section("sums", "How each number is worked out", _sums),
    Section("sources", "Where the figures come from", _sources),
)


def _table(table: Table) -> Element:
    return to_html(table, file=False)


def _download(table: Table, a: Account) -> Element:
    """A link that holds the whole table itself: nothing is fetched."""
    name = f"{a.name.casefold().replace(' ', '-')}-{table.file}"
    return el("a", table.file, href=f"data:text/csv;charset=utf-8,{quote(table.csv())}", download=name)
