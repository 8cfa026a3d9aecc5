"""A fund that was shared over neighbourhoods: the map, what each gets and why, and how to make it again."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from soke.community.areas import read_areas
from soke.community.split_reasons import limits
from soke.community.split_record import read_manifest, recount, result_sha256
from soke.community.splitting import Split, parse_rule, pounds
from soke.errors import SokeError
from soke.report.markup import Child, Element, el
from soke.report.own_folder import MANIFEST
from soke.report.shell import panel
from soke.report.split_page import FILE, below, heading_of, map_panel, numbers
from soke.report.table import grade_mark, to_html
from soke.report.tables.split import every_place
from soke.site.decided import Decided, altered, plain_name, stamp_of, tag_of
from soke.site.decisions.parts import check
from soke.table import Column, Table
from soke.text import counted

AREAS = "areas.csv"
BARE = (Column("code", "Code"), Column("amount", "Gets", "pounds"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """``split``: made again; None where the file of areas was not handed in, and ``amounts`` stand as the record has
    them: they sum to the fund, and their hash is right."""

    split: Split | None
    title: str
    basis: str
    rule: str
    amounts: Table


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
    faults += _table(split, files.get(FILE)) if split else []
    title = held.about.get("title", "") if held else ""
    if faults:
        return altered("split", title or name, where, faults, files)
    body = Shared(
        split=split, title=plain_name(title or name), basis=_basis(record), rule=rule, amounts=_amounts(record)
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
    return f"{pounds(record['fund_pence'])} over {counted(len(record['pence']), 'place')}"


def _contradicts(record: Mapping[str, Any]) -> list[str]:
    """What is wrong with a record in itself."""
    pence: Mapping[str, int] = record["pence"]
    said = []
    if record["result_sha256"] != result_sha256(pence):
        said.append(f"{MANIFEST}: its amounts are not those that its result_sha256 was taken of.")
    if sum(pence.values()) != record["fund_pence"]:
        said.append(f"{MANIFEST}: its amounts do not sum to its fund.")
    return said


def _table(split: Split, there: bytes | None) -> list[str]:
    """Whether the table beside the record has other places or amounts."""
    if there is None:
        return []
    rows = csv.DictReader(io.StringIO(there.decode("utf-8-sig", "replace")))
    said = {str(row.get("place_code")): str(row.get("pence")) for row in rows}
    same = said == {code: str(pence) for code, pence in split.pence.items()}
    return [] if same else [f"{FILE} has other places or amounts than the record: it was altered."]


def _basis(record: Mapping[str, Any]) -> str:
    if not record["deal"]:
        return ""
    return f'The fund is that of "{record["community"]}" in the deal {record["deal"]}, as the record says.'


def _amounts(record: Mapping[str, Any]) -> Table:
    pence: Mapping[str, int] = record["pence"]
    return Table.of("amounts", "What each place gets", BARE, [(code, pounds(each)) for code, each in pence.items()])


# --- the page ---


def main(one: Decided, body: Shared) -> list[Child]:
    """All that stands under the heading."""
    if body.split is None:
        said = "The file of places was not handed in. So the fund could not be shared again here, and there is no map."
        return [
            el("p", f"Shared {body.rule}. {body.basis}", class_="lead"), el("p", said, class_="said"),
            panel("each", "What each place gets", to_html(body.amounts, file=False)), _right(one, again=False),
        ]  # fmt: skip
    split = body.split
    bounded = limits(split)
    about = split.areas.about.get("date")
    lead = el("p", f"Shared {split.rule.words}{f', {bounded}' if bounded else ''}.", class_="lead")
    run = el("p", f"Figures of {about}. " if about else "The file gives no date. ", "Grade: ",
             grade_mark(split.areas.grade), f" {split.areas.grade}.", class_="run")  # fmt: skip
    figures = el("section", *numbers(split, None), class_="numbers", aria_label="Four figures")
    return [lead, run, map_panel(split), figures, *below(split, None, body.basis, f"{one.slug}/"),
            _right(one, again=True)]  # fmt: skip


def _right(one: Decided, *, again: bool) -> Element:
    said = (
        "It was shared again when this page was made, to the penny."
        if again
        else "The amounts sum to the fund, and their fingerprint is the one of the record. More could not be checked."
    )
    commands = [("Share the fund again:", f"soke budget split --manifest {MANIFEST} --areas {AREAS}")] if again else []
    return check(one, el("p", said), commands=commands)
