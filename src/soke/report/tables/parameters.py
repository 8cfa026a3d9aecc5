"""Every parameter, every dated figure of the rules, every law and every source, with the modules that read each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache

from soke.england.law import laws
from soke.england.places import places
from soke.england.settlement import finance_authorities
from soke.england.sources import sources
from soke.england.tables import read_table
from soke.evidence.parameters import AWAITED, parameters
from soke.model.accounts.keys import keys
from soke.model.funding.dated import ALL, NO_LIMIT, OPEN_END, rules, span
from soke.report.read_by import read_by
from soke.table import Cell, Column, Table
from soke.text import day, financial_year

GRADES = {
    "official": "published by the body that counts it", "derived": "worked out from published figures",
    "estimate": "estimated, or read in somebody's summary", "unverified": "recalled, not checked",
}  # fmt: skip
FAMILIES: Mapping[str, str] = {
    "growth": "Growth: links, skills and public works", "services": "Services, support into work and care",
    "jobs": "What a job is worth", "fiscal": "Taxes and benefits", "people": "People: births, deaths, moves",
    "links": "Railways, trams and roads", "access": "Journeys", "housing": "Homes", "prices": "Prices",
    "value": "Value: who pays for new money", "cba": "Value: years to come",
    "devolution": "What being devolved may add", "recall": "Recall", "bidding": "Bidding for funds",
    "check": "Bounds of the checks of a deal", AWAITED: "Gathered, and read by nothing yet",
}  # fmt: skip
SUBJECTS: Mapping[str, str] = {
    "business_rates": "Business rates: kept, levied, made up", "council_tax": "Council tax",
    "fair_funding": "Grants: fair funding and spending power", "tax_assignment": "Income tax, if a share were assigned",
    "others": "Other figures of the rules",
}  # fmt: skip
_PARTS = {
    "business_rates": ("business_rates", "levy", "safety_net", "baseline_funding", "under_indexation"),
    "council_tax": ("council_tax",),
    "fair_funding": ("fair_funding", "core_spending_power", "revenue_support_grant", "settlement", "recovery_grant",
                     "funding_guarantee"),
    "tax_assignment": ("tax_assignment", "barnett"),
}  # fmt: skip
NATIONS = {"W92000004": "Wales", "S92000003": "Scotland", "N92000002": "Northern Ireland"}
_RANGE = (Column("central", "middle", "plain"), Column("low", "low", "plain"), Column("high", "high", "plain"))


def families() -> tuple[str, ...]:
    """The groups of parameters, those with a title first; what nothing reads yet comes last."""
    there = dict.fromkeys(parameter.group for parameter in parameters().values())
    known = [group for group in FAMILIES if group in there]
    return tuple(sorted([*known, *(group for group in there if group not in FAMILIES)], key=AWAITED.__eq__))


@cache
def effects(family: str = "") -> Table:
    """One row a parameter of a family, or of all: ``low`` and ``high`` are the 10th and 90th percentile of belief."""
    chosen = [p for p in parameters().values() if family in ("", p.group)]
    return Table.of(
        "effects",
        "Parameters: what is taken to follow from what",
        (
            Column("meaning", "what it is"), *_RANGE, Column("unit", "unit"), Column("year", "dated"),
            Column("grade", "grade", "grade"), Column("source", "source"), Column("note", "note"),
            Column("parameter", "id"), Column("family", "family", people=False),
            Column("distribution", "shape", people=False), Column("read_by", "used in", people=False),
        ),
        [(p.meaning, p.central, p.low, p.high, p.unit, p.year, p.grade, p.source, p.note, p.id, p.group,
          p.distribution, readers(p.id)) for p in chosen],
        "Low and high: the truth is taken to lie between them four times in five.",
    )  # fmt: skip


def readers(id_: str) -> str:
    """The modules that read a figure, as a list in one cell."""
    return "; ".join(reader.path for reader in read_by(id_))


def subject_of(id_: str) -> str:
    """The subject of a dated figure of the rules."""
    first = id_.partition(".")[0]
    return next((subject for subject, parts in _PARTS.items() if first in parts), "others")


@cache
def dated(subject: str = "") -> Table:
    """One row for each dated figure of a subject of the funding rules, or of all: for whom, in which years, by what
    law or table."""
    rows = [row for held in rules().rows.values() for row in held if subject in ("", subject_of(row.id))]
    return Table.of(
        "dated_rules",
        "Dated figures of the funding rules",
        (
            Column("parameter", "id"), Column("whom", "for whom"), Column("years", "years"), Column("value", "value"),
            Column("unit", "unit"), Column("grade", "grade", "grade"), Column("source", "law or source"),
            Column("note", "note"), Column("subject", "subject", people=False),
            Column("first_year", "first year", people=False), Column("last_year", "last year", people=False),
            Column("read_by", "used in", people=False), Column("who", "code or class", people=False),
        ),
        [(r.id, whom(r.who), span(r.first, r.last), "no limit" if r.value == NO_LIMIT else f"{r.value:f}", r.unit,
          r.grade, r.source, r.note, subject_of(r.id), financial_year(r.first),
          None if r.last == OPEN_END else financial_year(r.last), readers(r.id), r.who) for r in rows],
    )  # fmt: skip


def whom(code: str) -> str:
    """Whom a dated figure is for: all, a class of authority, or an authority by its name."""
    if code == ALL:
        return "everybody"
    known = finance_authorities()
    return known[code].name if code in known else NATIONS.get(code) or places().name(code) or code.replace("-", " ")


@cache
def graded() -> Table:
    """How many parameters and dated figures there are of each grade."""
    effects_of = Counter[str](p.grade for p in parameters().values())
    rules_of = Counter[str](row.grade for held in rules().rows.values() for row in held)
    return Table.of(
        "figures_by_grade",
        "How well the figures behind the model are known",
        (
            Column("grade", "grade", "grade"), Column("what", "what that means"),
            Column("effects", "what follows from what", "count"), Column("rules", "funding rules", "count"),
            Column("all", "all", "count"),
        ),
        [(g, words, effects_of[g], rules_of[g], effects_of[g] + rules_of[g]) for g, words in GRADES.items()],
    )  # fmt: skip


def law() -> Table:
    """Acts and parts of Acts that are said to be in force, or not."""
    return Table.of(
        "laws",
        "Laws, and whether we say that they are in force",
        (
            Column("title", "law"), Column("passed", "passed"), Column("in_force", "in force from"),
            Column("as_of", "looked at"), Column("grade", "grade", "grade"), Column("source", "source"),
            Column("note", "note"), Column("law", "id", people=False),
        ),
        [(row.title, day(row.passed) if row.passed else "not known", day(row.in_force) if row.in_force else "not known",
          day(row.as_of), row.grade, row.source, row.note, row.id) for row in laws().values()],
    )  # fmt: skip


@cache
def source_list() -> Table:
    """Every source of published figures: publisher, title, year, licence, grade, address, and what is made of it."""
    columns, keyed = _columns(), _keys()
    return Table.of(
        "sources",
        "Where the published figures come from",
        (
            Column("title", "title", link="url"), Column("publisher", "publisher"), Column("dated", "year"),
            Column("licence", "licence"), Column("grade", "grade", "grade"), Column("tables", "tables"),
            Column("keys", "keys"), Column("columns", "columns", people=False),
            Column("read_by", "used in", people=False),
            Column("source", "id", people=False), Column("url", "address", people=False),
        ),
        [(s.heading, s.publisher, s.year, s.licence, s.grade, _tables(columns.get(id_, ())),
          "; ".join(keyed.get(id_, ())), "; ".join(columns.get(id_, ())), readers(id_), id_, s.url)
         for id_, s in sources().items()],
    )  # fmt: skip


def _columns() -> dict[str, list[str]]:
    """Columns of the compiled tables by source, as ``table.column``."""
    found: dict[str, list[str]] = {}
    for row in read_table("columns"):
        for id_ in row["source"].split(", "):
            found.setdefault(id_, []).append(f"{row['table']}.{row['name']}")
    return found


def _keys() -> dict[str, list[str]]:
    """What totals of the account are shared out by, in words, by source."""
    found: dict[str, list[str]] = {}
    for key in keys().values():
        for id_ in filter(None, key.source.split(", ")):
            found.setdefault(id_, []).append(key.words)
    return found


def _tables(columns: Iterable[str]) -> Cell:
    return "; ".join(dict.fromkeys(name.partition(".")[0] for name in columns))
