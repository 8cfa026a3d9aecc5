"""Every parameter and dated figure behind the model: range, unit, grade, source, where it is used, what it moves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from soke.evidence.parameters import AWAITED
from soke.report.charts.bars import Bar, bars
from soke.report.markup import Child, Element, el
from soke.report.read_by import read_by
from soke.report.shell import contents, panel
from soke.report.source_links import linked
from soke.report.table import folded, grade_mark, to_html
from soke.report.tables import parameters as made
from soke.report.tables.parameters import FAMILIES, SUBJECTS, dated, effects, families, graded
from soke.report.tables.scoreboard import rule_name
from soke.site.check.parts import STYLE, as_a_file, block, captioned, facts, ways
from soke.site.contents import Mover, Page, Run, Site
from soke.site.frame import CHECK, link, site_page
from soke.site.links import slug
from soke.site.words import term
from soke.table import Cell, Table
from soke.text import NO_FIGURE, about, capital, counted, listed, sign

PARAMETERS, FOLDER = "check/parameters.html", "check/parameters"
SOURCES = "check/sources.html"
COMMAND = "soke run deals/greater-manchester.toml --out out/greater-manchester"
TRAIL = (("Check it", CHECK),)
BELOW = (*TRAIL, ("Parameters and rules", PARAMETERS))
MANY_ROWS = 12  # of one dated figure: more are folded
MOST_BARS = 8  # of what moves a run's headline
SHORT = {"official": "official", "derived": "derived", "estimate": "estimated", "unverified": "not checked"}
KNOWN_BARS = {"official": "here", "derived": "here", "estimate": "other", "unverified": "loss"}
OTHERS = "As a file, with all others"
ROWS = ("whom", "years", "value", "unit", "grade", "source", "note")


def pages(site: Site) -> Iterator[Page]:
    """The way in, a page a family of parameters and a subject of rules, the sources, and all as files."""
    yield Page(PARAMETERS, _parameters, (site.moved,))
    for family in families():
        yield Page(family_path(family), partial(_family, family=family), (site.moved,))
    for subject in subjects():
        yield Page(family_path(subject), partial(_subject, subject=subject))
    yield Page(SOURCES, _sources)
    for name in FILES:
        yield Page(f"check/{name}.csv", partial(_csv, name=name))


FILES: Mapping[str, Callable[[], Table]] = {
    "effects": effects, "dated_rules": dated, "laws": made.law, "sources": made.source_list,
}  # fmt: skip


def _csv(site: Site, name: str) -> str:
    return FILES[name]().csv()


def subjects() -> tuple[str, ...]:
    """The subjects of dated figures that there are."""
    there = {str(row["subject"]) for row in dated()}
    return tuple(subject for subject in SUBJECTS if subject in there)


def family_path(name: str) -> str:
    """The page of a family of parameters, or of a subject of the rules."""
    return f"{FOLDER}/{name.replace('_', '-')}.html"


# --- the way in ---


def _parameters(site: Site) -> str:
    rows = {str(row["grade"]): row for row in graded()}
    every = sum(_count(row["all"]) for row in rows.values())
    unsure = _count(rows["unverified"]["all"])
    title = f"The model stands on {every:,} figures, and {unsure} of them are not checked yet"
    lead: list[Child] = ["Each has a ", term("grade", "grade"), " and a source. What is ",
                         term("not checked", "unverified"), " was written down from memory."]  # fmt: skip
    return site_page(
        site, PARAMETERS, "Parameters and rules", el("h1", title), el("p", *lead, class_="lead"),
        el("div", _grades(), _whole(), class_="two"), _families(), _subjects(), _movers(site.moved),
        _laws(), trail=TRAIL, style=STYLE,
    )  # fmt: skip


def _count(cell: Cell) -> int:
    return int(cell or 0)


def _grades() -> Element:
    found = [
        Bar(str(row["grade"]).capitalize(), float(_count(row["all"])), f"{_count(row['all']):,}",
            note=str(row["what"]), kind=KNOWN_BARS[str(row["grade"])])
        for row in graded()
    ]  # fmt: skip
    return panel("grades", "How well they are known", bars("Figures by grade", found))


def _whole() -> Element:
    return panel(
        "in-all", "What is here",
        el("p", f"{counted(len(effects()), 'parameter')} say what follows from what: how long a job lasts, "
                "what care costs."),
        el("p", f"{counted(len(dated()), 'figure')} are the funding rules, each with its years and its law."),
        el("p", "As files: ", link(PARAMETERS, "effects.csv", "check/effects.csv"), " and ",
           link(PARAMETERS, "dated_rules.csv", "check/dated_rules.csv"), "."),
        el("p", link(PARAMETERS, "Where the published figures come from", SOURCES)),
    )  # fmt: skip


def _families() -> Element:
    found = ((_title(family), family_path(family), f"{_finding(effects(family))}.") for family in families())
    return block("effects", "What follows from what", ways(PARAMETERS, found, many=True))


def _subjects() -> Element:
    found = ((SUBJECTS[name], family_path(name), f"{_finding(dated(name))}.") for name in subjects())
    return block("rules", "Funding rules, year by year", ways(PARAMETERS, found, many=True))


def _title(family: str) -> str:
    return FAMILIES.get(family, family.capitalize())


def _finding(table: Table) -> str:
    """How many figures a page has, and how many of each grade."""
    of = Counter(str(row["grade"]) for row in table)
    parts = [f"{of[grade]} {words}" for grade, words in SHORT.items() if of[grade]]
    return f"{counted(len(table), 'figure')}: {listed(parts)}"


def _unsure(table: Table) -> str:
    unsure = sum(row["grade"] == "unverified" for row in table)
    return counted(len(table), "figure") + (f", {unsure} not checked" if unsure else "")


def _laws() -> Element:
    return block("laws", "The laws that we rely on", to_html(made.law()))


# --- what moves the headline ---


def _movers(runs: Sequence[Run]) -> Element:
    said = "How much does each figure move the result? A run of a deal tells."
    if not runs:
        return block("moves", "What moves the headline: not worked out here", el("p", said),
                     el("p", "This site shows runs, and makes none. This command does; see its table drivers.csv."),
                     el("pre", COMMAND))  # fmt: skip
    parts: list[Child] = []
    for number, run in enumerate(runs):
        top = sorted(run.movers, key=lambda m: -abs(m.high - m.low))[:MOST_BARS]
        parts += [el("h3", run.title, id=f"run-{number}"), bars(f"What moves {run.title}", [_bar(m) for m in top])]
    return block(
        "moves", "What moves the headline", el("p", said),
        el("p", "A deal makes a yearly difference. Each bar is how far that moves when one figure goes from its lowest "
                "fifth to its highest."), *parts,
    )  # fmt: skip


def _bar(mover: Mover) -> Bar:
    note = f"from {_level(mover.low)} to {_level(mover.high)}; {mover.parameter}"
    return Bar(mover.meaning, abs(mover.high - mover.low), about(abs(mover.high - mover.low)), kind="other", note=note)


def _level(million: float) -> str:
    """GBP million to a tenth, so that two levels near each other are told apart."""
    return sign(million, f"£{abs(million):,.1f}m", plus=True)


def _moves(parameter: str, runs: Sequence[Run]) -> Iterator[str]:
    """What a parameter does to the headline of each run, in sentences; one for all runs that it hardly moves."""
    moved = [(run, m) for run in runs for m in run.movers if m.parameter == parameter]
    for run, found in moved:
        by = about(abs(found.high - found.low))
        yield f"{run.title}: by {by} a year, from {_level(found.low)} to {_level(found.high)}."
    rest = len(runs) - len(moved)
    if rest:
        more = " more" if moved else ""
        yield f"Little in {counted(rest, 'run')}{more}: it is not among the figures that move it most."


# --- a family ---


def _family(site: Site, family: str) -> str:
    path, table = family_path(family), effects(family)
    title = f"{_title(family)}: {_unsure(table)}"
    items = (_parameter(row, site.moved) for row in table)
    return site_page(
        site, path, _title(family), el("h1", title), el("p", *_lead(family), class_="lead"),
        None if site.moved or family == AWAITED else _not_here(), *items,
        as_a_file(path, "check/effects.csv", OTHERS),
        trail=BELOW, style=STYLE,
    )  # fmt: skip


def _lead(family: str) -> list[Child]:
    if family == AWAITED:
        return ["These were gathered for later. No run reads them, so they move nothing."]
    return ["Each has a low, a middle and a high value. The truth is taken to lie between low and high ",
            term("four times in five", "four-in-five"), "."]  # fmt: skip


def _not_here() -> Element:
    return el("div", el("p", "How much they move the headline is not worked out here. This command does it:"),
              el("pre", COMMAND))  # fmt: skip


def _parameter(row: dict[str, Cell], runs: Sequence[Run]) -> Element:
    central, low, high = (_plain(row[key]) for key in ("central", "low", "high"))
    between = f", between {low} and {high}" if low != high else ", fixed"
    moves = list(_moves(str(row["parameter"]), runs))
    known: list[tuple[str, Child]] = [
        ("Unit", str(row["unit"])), ("Dated", str(row["year"]) or "not said"), ("Source", str(row["source"])),
        ("Note", str(row["note"])), ("Used in", _used(str(row["parameter"]), "nothing yet")),
        ("Moves", " ".join(moves)), ("Name", el("code", str(row["parameter"]))),
    ]  # fmt: skip
    return el(
        "section", el("h2", capital(str(row["meaning"]).strip()).removesuffix("."), class_="name"),
        el("p", central, el("small", between), " ", grade_mark(str(row["grade"])),
           el("small", f" {row['grade']}", aria_hidden="true"), class_="value"),
        facts(known), class_="item", id=str(row["parameter"]),
    )  # fmt: skip


def _used(id_: str, otherwise: str) -> Child:
    """The modules that read a figure, each with what it is for."""
    found = read_by(id_)
    if not found:
        return otherwise
    items = (el("li", f"{reader.title} ", el("code", reader.path)) for reader in found)
    return el("ul", *items, class_="bare")


def _plain(cell: Cell) -> str:
    return (
        NO_FIGURE if cell is None else f"{cell:,.0f}" if isinstance(cell, float) and abs(cell) >= 1e4 else f"{cell:.4g}"
    )


# --- a subject of the rules ---


def _subject(site: Site, subject: str) -> str:
    path, table = family_path(subject), dated(subject)
    title = f"{SUBJECTS[subject]}: {_unsure(table)}"
    ids = dict.fromkeys(str(row["parameter"]) for row in table)
    return site_page(
        site, path, SUBJECTS[subject], el("h1", title),
        el("p", "Each figure holds for some years and for somebody. No rule takes another year’s figure by itself.",
           class_="lead"),
        el("p", "What if one were different? Set it yourself:"),
        el("pre", 'soke settle "Greater Manchester" --set business_rates.retention=0.75 --reset 5'),
        *(_dated(id_, table) for id_ in ids),
        as_a_file(path, "check/dated_rules.csv", OTHERS),
        trail=BELOW, style=STYLE,
    )  # fmt: skip


def _name(id_: str) -> str:
    return rule_name(id_).replace(": ", ", ")


def _dated(id_: str, every: Table) -> Element:
    table = every.where(lambda row: row["parameter"] == id_)
    shown = captioned(table.showing(*ROWS), f"{_name(id_)}: values", slug(id_))
    used = _used(id_, "no rule: kept to compare with")
    grid = (
        folded(shown, counted(len(shown), "value"), file=False)
        if len(shown) > MANY_ROWS
        else to_html(shown, file=False)
    )
    return el("section", el("h2", _name(id_), class_="name"), grid,
              facts([("Used in", used), ("Name", el("code", id_))]), class_="item", id=id_)  # fmt: skip


# --- sources ---


def _sources(site: Site) -> str:
    table = made.source_list()
    publishers: dict[str, list[dict[str, Cell]]] = {}
    for row in table:
        publishers.setdefault(str(row["publisher"]), []).append(row)
    lost = sum(not row["url"] for row in table)
    said = "Each leads to its publisher’s own page."
    said += f" Of {counted(lost, 'source')} we know no page." if lost else ""
    return site_page(
        site, SOURCES, "Sources",
        el("h1", f"{len(table)} published sources from {len(publishers)} publishers stand behind the figures"),
        el("p", said, class_="lead"),
        contents((slug(name), f"{name}, {len(those)}") for name, those in publishers.items()),
        *(block(slug(name), name, *map(_source, those)) for name, those in publishers.items()),
        as_a_file(SOURCES, "check/sources.csv"),
        trail=TRAIL, style=STYLE,
    )  # fmt: skip


def _source(row: dict[str, Cell]) -> Element:
    known: list[tuple[str, Child]] = [
        ("Year", str(row["dated"])), ("Licence", str(row["licence"])), ("Tables", str(row["tables"] or "")),
        ("Shares out", f"by {row['keys']}" if row["keys"] else ""),
        ("Used in", _used(str(row["source"]), "the tables that Soke compiles")),
        ("Name", el("code", str(row["source"]))),
    ]  # fmt: skip
    return el(
        "section", el("h3", linked(str(row["title"]), row["url"]), " ", grade_mark(str(row["grade"]))), facts(known),
        class_="item", id=str(row["source"]),
    )  # fmt: skip
