"""All tables to take away, as CSV and JSON with their schemas, and the page that lists them."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from functools import cache, partial

from soke.report.markup import Child, Element, el
from soke.report.source_links import titles_linked
from soke.report.table import grade_mark
from soke.site.contents import Page, Site
from soke.site.data import made as data_made
from soke.site.data.catalogue import ATTRIBUTION, GROUPS, LICENCES, PACKED, Listed, by_id, listed
from soke.site.data.package import data_day, data_package
from soke.site.frame import DATA, link, site_page
from soke.text import counted, day
from soke.version import program

FOLDER = DATA.rpartition("/")[0]
PACKAGE = f"{FOLDER}/datapackage.json"
FIRST = ("accounts-summary", "accounts", "accounts-years")  # what most people come for
KILO, MEGA = 1e3, 1e6
IN_PYTHON = """import soke
soke.account("Leeds").table("account_lines")
soke.account_years("Leeds")
soke.places()"""
UNPACKED = """import gzip, json
json.load(gzip.open("accounts.json.gz"))["rows"]"""
AT_A_TERMINAL = """soke place Leeds --csv
soke place Leeds --history --csv
soke places --csv"""


def pages(site: Site) -> Iterator[Page]:
    """The list, each table as CSV and JSON, their schemas, and the package of all."""
    yield Page(DATA, _index)
    for told in listed():
        for name in (f"{told.id}.csv", told.json_file):
            yield Page(f"{FOLDER}/{name}", partial(_write, path=name))
        yield Page(f"{FOLDER}/schema/{told.id}.json", partial(_schema, id_=told.id))
    yield Page(PACKAGE, _package)


def csv_of(id_: str) -> str:
    """The path of a table of the catalogue as CSV."""
    return f"{FOLDER}/{by_id()[id_].id}.csv"


@cache
def _read(path: str) -> bytes:
    """A file of the data by its path below the folder: made once, for its page and for the package."""
    name, _, form = path.partition(".")
    sheet = data_made.sheet(name)
    content = (sheet.csv if form == "csv" else sheet.json()).encode()
    return gzip.compress(content, mtime=0) if path.endswith(PACKED) else content


def _write(site: Site, path: str) -> bytes:
    return _read(path)


def _schema(site: Site, id_: str) -> str:
    return data_made.sheet(id_).schema(by_id()[id_].what)


def _package(site: Site) -> str:
    return data_package(site.version, _read)


# --- the page ---


def _index(site: Site) -> str:
    groups = [(id_, title, [told for told in listed() if told.group == id_]) for id_, title in GROUPS]
    parts = el("nav", el("ul", *(el("li", el("a", f"{title} ({len(those)})", href=f"#group-{id_}"))
                                 for id_, title, those in groups)), aria_label="Groups of tables")  # fmt: skip
    below = (
        el("section", el("h2", title, id=f"group-{id_}"), el("ul", *map(_entry, those), class_="sheets"),
           class_="block", aria_labelledby=f"group-{id_}")
        for id_, title, those in groups
    )  # fmt: skip
    return site_page(
        site, DATA, "All tables", el("h1", _finding()), el("p", LEAD, class_="lead"),
        el("div", _first(), _same(), class_="pair"), parts, *below, _small_print(site), style="data.css",
    )  # fmt: skip


NOTHING = ("", "none", "text")  # no year, no unit: nothing to say
LEAD = "Every figure of this site, to open in a spreadsheet or a program. Each table says who published it."


def _finding() -> str:
    official = sum(set(told.grades(data_made.sheet(told.id))) == {"official"} for told in listed())
    return f"Take any of {len(listed())} tables: {official} are official figures, the rest carry a grade"


def _first() -> Element:
    items = (el("li", el("a", by_id()[id_].what, href=f"#{id_}"), " ", _files(id_)) for id_ in FIRST)
    whole = el("li", "One place alone: ", el("code", "soke place Leeds --csv"), " prints its rows.")
    package = el("li", link(DATA, "All files with their columns and hashes", PACKAGE), ", as a data package.")
    return el("section", el("h2", "Most asked for", id="first"), el("ul", *items, whole, package, class_="asked"),
              aria_labelledby="first")  # fmt: skip


def _same() -> Element:
    return el(
        "section", el("h2", "The same figures yourself", id="same"),
        el("p", "Soke is free software. It prints the same figures on your own computer."),
        el("h3", "In Python"), el("pre", el("code", IN_PYTHON)), el("h3", "At a terminal"),
        el("pre", el("code", AT_A_TERMINAL)), aria_labelledby="same",
    )  # fmt: skip


def _entry(told: Listed) -> Element:
    sheet = data_made.sheet(told.id)
    facts = " · ".join(said for said in (counted(len(sheet.rows), "row"), told.year, told.unit) if said not in NOTHING)
    grades = told.grades(sheet)
    marks: list[Child] = []
    for grade, rows in grades.items():
        marks += [" ", grade_mark(grade), f" {grade}{f' {rows:,}' if rows and len(grades) > 1 else ''}"]
    ways = [el("code", way) for way in (told.same, told.command) if way]
    return el(
        "li", el("h3", told.id), el("p", told.what), el("p", facts, *marks, class_="small"),
        el("p", *_sources(told), f" · {told.licence}", class_="small"),
        el("p", *ways, class_="ways-to") if ways else None,
        el("p", _files(told.id, schema=True), class_="files"), id=told.id,
    )  # fmt: skip


def _sources(told: Listed) -> Iterator[Child]:
    yield "Source: "
    for number, words in enumerate(told.source_words):
        if number:
            yield "; "
        yield from titles_linked(words)


def _files(id_: str, *, schema: bool = False) -> Element:
    shown: list[Child] = []
    packed = by_id()[id_].packed
    for words, name in (("CSV", f"{id_}.csv"), ("JSON, packed" if packed else "JSON", by_id()[id_].json_file)):
        shown += [el("span", _file(words, id_, name), f" {_size(len(_read(name)))}"), " "]
    if schema:
        shown.append(el("span", _file("Schema", id_, f"schema/{id_}.json")))
    return el("span", *shown)


def _file(words: str, of: str, to: str) -> Element:
    return el("a", words, el("span", f" of {of}", class_="hidden"), href=to)


def _size(size: int) -> str:
    return f"{size / MEGA:.1f} MB" if size >= MEGA else f"{max(1, round(size / KILO))} kB"


def _small_print(site: Site) -> Element:
    built = (
        f"Made with Soke {site.version}, program and tables {program()}. The tables were looked at until "
        f"{day(data_day())}."
    )
    licences = (el("li", el("a", each.title, href=each.path, rel="noopener")) for each in LICENCES if each.path)
    packed = "The JSON of the largest tables is packed with gzip. A program reads it so:"
    return el(
        "section", el("h2", "Licence and version", id="licence"), *(el("p", said) for said in ATTRIBUTION),
        el("ul", *licences), el("p", packed), el("pre", el("code", UNPACKED)), el("p", built),
        class_="block", aria_labelledby="licence",
    )  # fmt: skip
