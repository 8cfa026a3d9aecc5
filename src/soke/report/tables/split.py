"""Tables of a fund that is split: every figure for CSV, and what people read on a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from soke import text
from soke.community.split_reasons import Beside, beside, cause, costs, gainers_and_losers, summary
from soke.community.split_record import result_sha256
from soke.community.split_terms import Given, notes
from soke.community.splitting import Share, Split, percent, pounds, to_the_penny
from soke.table import Answer, Cell, Column, Table
from soke.text import capital

PLACES, DISTRICTS, CHANGES = "split", "split-districts", "split-changes"
DECIDED = {"weight": "its weight", "floor": "its floor", "cap": "its cap", "none": "no weight, no floor"}


def every_place(found: Split, other: Split | None = None) -> Table:
    """One row an area, whole pence: all that decides its amount, and the amount under another rule."""
    used = list(dict.fromkeys(name for term in found.rule.terms for name in term.columns if name != "population"))
    columns = [
        Column("place_code", "Code"), Column("name", "Place"), Column("within", "District"),
        Column("population_persons", "People", "count"), *(Column(f"figure_{name}", name) for name in used),
        Column("weight_share", "Weight", "share"),
        Column("pence", "Pence", "count"), Column("pence_a_head", "Pence a head", "plain"),
        Column("floor_pence", "Floor", "count"), Column("cap_pence", "Cap", "count"),
        Column("pence_by_weight_alone", "By weight alone", "count"), Column("decided_by", "Decided by"),
        Column("why", "Why"),
    ]  # fmt: skip
    if other is not None:
        columns += [
            Column("pence_by_the_other_rule", "By the other rule", "count"),
            Column("change_pence", "Change", "count"),
        ]
    columns.append(Column("grade", "Grade", "grade"))
    pairs = beside(found, other) if other is not None else [None] * len(found.shares)
    rows = [_row(found, share, used, pair) for share, pair in zip(found.shares, pairs, strict=True)]
    return Table.of(PLACES, "Every place", columns, rows)


def _row(found: Split, share: Share, used: list[str], pair: Beside | None) -> list[Cell]:
    area = share.area
    head = None if share.a_head is None else float(share.a_head)
    compared: list[Cell] = [] if pair is None else [pair.other.pence, pair.change]
    return [
        area.code, area.name, area.within, area.population, *(area.figures[name] for name in used),
        float(share.weight), share.pence, head, share.floor, share.cap, share.plain, DECIDED[share.how],
        cause(found, share), *compared, found.areas.grade,
    ]  # fmt: skip


def answer(given: Given, made: Split, other: Split | None = None) -> Answer:
    """Every area with whole pence; beside them the sentences that say what was shared and what it changes."""
    table = every_place(made, other)
    said = [line for line in (costs(made), gainers_and_losers(made, other) if other else "") if line]
    facts = {
        "summary": summary(made), "said": said, "fund_pence": made.fund, "unit": "pence", "by": made.rule.text,
        "against": other.rule.text if other else None, "areas_sha256": made.areas.sha256,
        "result_sha256": result_sha256(made.pence), "about": dict(made.areas.about), "grade": made.areas.grade,
    }  # fmt: skip
    by_district = Table.of(
        "districts", "Each district with what its places have together",
        (Column("name", "District"), Column("pence", "Pence", "count")), list(made.districts),
    )  # fmt: skip
    return Answer(replace(table, notes=tuple(notes(given, made))), facts, (by_district,))


def shown_places(found: Split, other: Split | None = None) -> Table:
    """What people read: pounds, a head, and why; one row an area."""
    people, districts = found.areas.with_people, bool(found.areas.districts)
    columns = [
        Column("name", "Place"), *([Column("within", "District")] if districts else []),
        *([Column("people", "People", "count")] if people else []), Column("amount", "Gets", "pounds"),
        *([Column("head", "A head", "pounds")] if people else []),
        *([Column("change", "Against the other rule", "pounds")] if other is not None else []), Column("why", "Why"),
    ]  # fmt: skip
    rows: list[list[Cell]] = []
    changes = [pair.change for pair in beside(found, other)] if other is not None else []
    for k, share in enumerate(found.shares):
        why = cause(found, share)
        rows.append([
            share.area.name, *([share.area.within] if districts else []), *([share.area.population] if people else []),
            pounds(share.pence), *([_head(share)] if people else []),
            *([signed(changes[k])] if other is not None else []), f"{capital(why)}.",
        ])  # fmt: skip
    return Table.of("places", "Place by place", columns, rows)


def shown_districts(found: Split) -> Table:
    """Each district with what its places have together."""
    rows: list[list[Cell]] = []
    for name, pence in found.districts:
        inside = [share for share in found.shares if share.area.within == name]
        people = sum(share.area.population or 0 for share in inside)
        weight = sum((share.weight for share in inside), Fraction(0))
        head = to_the_penny(Fraction(pence, people)) if people else text.NO_FIGURE
        rows.append([name, len(inside), people or None, pounds(pence), head, percent(weight)])
    columns = [Column("name", "District"), Column("places", "Places", "count"), Column("people", "People", "count"),
               Column("amount", "Gets", "pounds"), Column("head", "A head", "pounds"),
               Column("weight", "Of the whole weight", "share")]  # fmt: skip
    return Table.of(DISTRICTS, "Each district, to which the fund goes first", columns, rows)


def _head(share: Share) -> str:
    return text.NO_FIGURE if share.a_head is None else to_the_penny(share.a_head)


def signed(pence: int) -> str:
    """``+£1,100``: a change."""
    return f"+{pounds(pence)}" if pence > 0 else pounds(pence)


def recounted(differences: Sequence[str]) -> Answer:
    """Where a split that was made again is not the same."""
    table = Table.of("split_differences", "", (Column("difference", "where it differs"),), [(d,) for d in differences])
    return Answer(table, {"same": not differences})
