"""A fund that was shared over neighbourhoods: the map, what each gets and why, and how to make it again."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from soke.community.areas import read_areas
from soke.community.split_reasons import limits
from soke.community.split_record import read_manifest, recount, result_sha256
from soke.community.splitting import Split, parse_rule, pounds
from soke.errors import SokeError
from soke.report.charts.bars import OTHER, Bar, bars
from soke.report.markup import Child, Element, el
from soke.report.own_folder import MANIFEST
from soke.report.shell import panel
from soke.report.split_page import FILE, MOST_BARS, below, heading_of, large, map_panel, numbers
from soke.report.table import folded, grade_mark
from soke.report.tables.split import every_place
from soke.site.decided import Decided, altered, plain_name, stamp_of, tag_of
from soke.site.decisions.parts import check
from soke.table import Column, Table
from soke.text import counted
from soke.text import day as in_words

AREAS = "areas.csv"
BARE = (Column("code", "Code"), Column("name", "Place"), Column("amount", "Gets"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """``split``: made again; None where the file of areas was not handed in, and ``amounts`` in pence stand as the
    record has them, by code, the most first: they sum to the fund, and their hash is right. ``names``: by code, as the
    table beside the record has them."""

    split: Split | None
    title: str
    basis: str
    rule: str
    amounts: tuple[tuple[str, int], ...]
    names: Mapping[str, str]


def read_split(where: str, files: Mapping[str, bytes], areas: Mapping[str, tuple[str, bytes]]) -> Decided:
    """A folder that ``soke budget split`` wrote. ``areas``: every CSV that was handed in, by its SHA-256."""
    name = f"A shared fund, in {where}"
    try:
        record = read_manifest(files[MANIFEST], MANIFEST)
        rule = parse_rule(record["by"]).words
        there = areas.get(record["areas_sha256"])
        held = read_areas(there[1], there[0]) if there else None
        again = recount(record, held, MANIFEST) if held else None
    except SokeError as error:
        return altered("split", name, where, [f"{MANIFEST}: {error.fact}"], files)
    faults = list(again.differences) if again else _contradicts(record)
    split = again.split if again else None
    rows = _rows(files.get(FILE))
    faults += _table(record["pence"], rows)
    title = held.about.get("title", "") if held else ""
    if faults:
        return altered("split", title or name, where, faults, files)
    body = Shared(
        split=split, title=plain_name(title or name), basis=_basis(record), rule=rule, amounts=_amounts(record),
        names={row.get("place_code", ""): plain_name(row.get("name") or "") for row in rows or ()},
    )  # fmt: skip
    return _decided(record, body, there[1] if there else b"", where, files)


def _decided(record: Mapping[str, Any], body: Shared, areas: bytes, where: str, files: Mapping[str, bytes]) -> Decided:
    split, beside = body.split, {MANIFEST: files[MANIFEST]}
    if split is not None:
        beside |= {FILE: every_place(split).csv().encode(), AREAS: areas}
    shared = heading_of(split, body.title) if split else f"{body.title}: {_large(record)}"
    return Decided(
        kind="split", name=body.title, finding=f"{shared}, shared {body.rule}", where=where,
        stamp=stamp_of({**files, AREAS: areas}), files=beside, body=body, deal=str(record["deal"]),
        tag=tag_of(*(split.areas.about.values() if split else ())),
    )  # fmt: skip


def _large(record: Mapping[str, Any]) -> str:
    return f"{large(record['fund_pence'])} over {counted(len(record['pence']), 'place')}"


def _contradicts(record: Mapping[str, Any]) -> list[str]:
    """What is wrong with a record in itself."""
    pence: Mapping[str, int] = record["pence"]
    said = []
    if record["result_sha256"] != result_sha256(pence):
        said.append(f"{MANIFEST}: its amounts are not those that its result_sha256 was taken of.")
    if sum(pence.values()) != record["fund_pence"]:
        said.append(f"{MANIFEST}: its amounts do not sum to its fund.")
    return said


def _rows(there: bytes | None) -> list[dict[str, str]] | None:
    """The rows of the table beside a record; None where none was handed in."""
    if there is None:
        return None
    try:
        return list(csv.DictReader(io.StringIO(there.decode("utf-8-sig", "replace"))))
    except csv.Error:
        return []


def _table(pence: Mapping[str, int], rows: Sequence[Mapping[str, str]] | None) -> list[str]:
    """Whether the table beside the record has other places or amounts."""
    if rows is None:
        return []
    said = {str(row.get("place_code")): str(row.get("pence")) for row in rows}
    same = said == {code: str(each) for code, each in pence.items()} and len(rows) == len(pence)
    return [] if same else [f"{FILE} has other places or amounts than the record: it was altered."]


def _basis(record: Mapping[str, Any]) -> str:
    if not record["deal"]:
        return ""
    return f'The fund is that of "{record["community"]}" in the deal {record["deal"]}, as the record says.'


def _amounts(record: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    pence: Mapping[str, int] = record["pence"]
    return tuple(sorted(pence.items(), key=lambda one: (-one[1], one[0])))


# --- the page ---


def main(one: Decided, body: Shared) -> list[Child]:
    """All that stands under the heading."""
    if body.split is None:
        said = "The file of places was not handed in. So the fund could not be shared again here, and there is no map."
        return [
            el("p", f"Shared {body.rule}. {body.basis}", class_="lead"), el("p", said, class_="said"),
            panel("each", "What each place gets", *_each(body)), _right(one, again=False),
        ]  # fmt: skip
    split = body.split
    bounded = limits(split)
    about = split.areas.about.get("date")
    lead = el("p", f"Shared {split.rule.words}{f', {bounded}' if bounded else ''}.", class_="lead")
    run = el("p", f"Figures of {_dated(about)}. " if about else "The file gives no date. ", "Grade: ",
             grade_mark(split.areas.grade), f" {split.areas.grade}.", class_="run")  # fmt: skip
    figures = el("section", *numbers(split, None), class_="numbers", aria_label="Four figures")
    return [lead, run, map_panel(split), figures, *below(split, None, body.basis, f"{one.slug}/"),
            _right(one, again=True)]  # fmt: skip


def _dated(said: str) -> str:
    """A day in words; what is none as the file has it."""
    try:
        return in_words(dt.date.fromisoformat(said))
    except ValueError:
        return said


def _each(body: Shared) -> list[Child]:
    """The places that get most as a chart, and all of them to the penny."""
    named = [(body.names.get(code) or code, pence) for code, pence in body.amounts]
    rows = [Bar(name, pence / 100, f"£{pence / 100:,.0f}", kind=OTHER) for name, pence in named[:MOST_BARS]]
    more = el("p", f"These {MOST_BARS} get most.", class_="small") if len(named) > MOST_BARS else None
    table = Table.of("amounts", f"All {counted(len(named), 'place')}, to the penny", BARE,
                     [(code, body.names.get(code, ""), pounds(pence)) for code, pence in body.amounts])  # fmt: skip
    named_by = f"The names are those of {FILE}: they could not be checked." if body.names else \
               "The record has codes alone, no names."  # fmt: skip
    return [bars("What each place gets, pounds", rows), more, el("p", named_by, class_="small"),
            folded(table, "Every place", file=False)]  # fmt: skip


def _right(one: Decided, *, again: bool) -> Element:
    said = (
        "It was shared again when this page was made, to the penny."
        if again
        else "The amounts sum to the fund, and their fingerprint is the one of the record. More could not be checked."
    )
    commands = [("Share the fund again:", f"soke budget split --manifest {MANIFEST} --areas {AREAS}")] if again else []
    return check(one, el("p", said), commands=commands)
