"""Whether what was read can be whole: who is missing, whether sums agree with the table's own totals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from soke.england.official.bodies import (
    CONSTITUENCIES,
    FIRE_OR_MAYOR,
    TODAY,
    billing,
    name_of,
    planned_to_end,
    precepting,
    upper,
    vintages,
)
from soke.england.official.layouts import Layout
from soke.england.settlement import settlement, settlement_years
from soke.errors import SokeError
from soke.text import counted, financial_year, listed

Records = Mapping[tuple[str, int], Mapping[str, float]]  # by code and year: amounts by variable
UNIVERSAL_CREDIT = "benefit_universal_credit"
SCILLY = "E06000053"  # 2,200 people: some tables leave them out
FEW = 3  # returns that may be missing from a table of 150: said, not refused
OVER, UNDER = 1.03, 0.9  # a sum of places against their region: figures have three digits, and some are suppressed
CENT = 0.01  # GBP million: two tables of one survey print the same digits
AGAIN = "Download the whole workbook again."


def covered(layout: Layout, records: Records, rows: set[tuple[str, int]], where: str, new: bool = False) -> list[str]:
    """What to say of those who are missing. ``rows`` are all codes and years that stand in the table; ``new``: whether
    there are authorities in it that Soke does not know, in whose place others may have ended.

    SokeError where more are missing than may be.
    """
    return [
        note
        for year in sorted({y for _, y in rows})
        for cover in filter(None, layout.cover.split(";"))
        for note in _covered(cover, layout, records, {c for c, y in rows if y == year}, year, where, new)
    ]


def _covered(
    cover: str, layout: Layout, records: Records, here: set[str], year: int, where: str, new: bool
) -> list[str]:
    if cover == "billing":
        required = {w.variable for w in layout.wanted if w.required}
        full = {c for (c, y), record in records.items() if y == year and required <= set(record)}
        ended = {c for c in billing(year) if new and c not in full and planned_to_end(c, year)}
        _none_gone([("billing authorities", billing(year))], full | ended, year, where)
        said = f"{financial_year(year)}: {_names(sorted(ended))} ended, or were announced to end."
        return [said] if ended else []
    if cover == "rows":
        ways = [("billing authorities", billing(v)) for v in vintages(year)]
        _none_gone(ways, here | {SCILLY}, year, where)
        return _suppressed(layout, records, here, year)
    if cover == "settled" and year in settlement_years():
        _none_gone([("authorities of the settlement", settlement(year).codes)], here, year, where)
    elif cover == "said":
        return _said(here, year)
    elif cover == "constituencies":
        _constituencies(len(here), year, where)
    elif cover == "education":
        return _returns(here, year, where)
    else:
        fire, mayor = FIRE_OR_MAYOR
        here = here | {fire} if mayor in here else here
        return _precepting(cover, here, year, where)
    return []


def _precepting(cover: str, here: set[str], year: int, where: str) -> list[str]:
    """Mayors have taken over police and fire since the last year of which everybody is known: that is said."""
    notes = []
    for what, codes in precepting(year).items():
        gone = [c for c in codes if c not in here]
        if gone and year > TODAY and what.split()[0] in ("fire", "police"):
            notes.append(f"{financial_year(year)}: no row of {_names(gone)}; a mayor may have their powers now.")
        elif cover in ("precepting", what.split()[0]):
            _none_gone([(what, codes)], here, year, where)
    return notes


def _none_gone(ways: list[tuple[str, tuple[str, ...]]], here: set[str], year: int, where: str) -> None:
    gone, what, codes = min(
        (([c for c in codes if c not in here], what, codes) for what, codes in ways),
        key=lambda way: len(way[0]), default=([], "", ()),
    )  # fmt: skip
    if gone:
        fact = f"{len(gone)} of {len(codes)} {what} of {financial_year(year)} are missing: {_names(gone)}."
        raise SokeError(fact, AGAIN, where)


def _said(here: set[str], year: int) -> list[str]:
    """How many of each class a table lists that may be of some of them."""
    ways = [("billing authorities", billing(year)), *precepting(year).items()]
    lists = [f"{sum(c in here for c in codes)} of {len(codes)} {what}" for what, codes in ways]
    gone = [c for _, codes in ways for c in codes if c not in here]
    return [f"{financial_year(year)}: figures of {listed(lists)}."] if gone else []


def _names(codes: list[str]) -> str:
    return ", ".join(f"{name_of(c)} ({c})" for c in codes[:5]) + (" and others" if len(codes) > 5 else "")


def _suppressed(layout: Layout, records: Records, here: set[str], year: int) -> list[str]:
    """Who has a row and no figure of what the table is for."""
    required = next((w.variable for w in layout.wanted if w.required), "")
    live = next((set(billing(v)) for v in vintages(year) if set(billing(v)) <= here | {SCILLY}), set())
    none = sorted(c for c in live if required not in records.get((c, year), {}))
    return [f"{financial_year(year)}: no {required} is published for {_names(none)}."] if none else []


def _constituencies(count: int, year: int, where: str) -> None:
    if count not in CONSTITUENCIES:
        fact = f"{counted(count, 'constituency', 'constituencies')} of England stand here for {financial_year(year)}; "
        now, before = CONSTITUENCIES
        raise SokeError(f"{fact}there are {now} since 2024, and {before} before.", AGAIN, where)


def _returns(here: set[str], year: int, where: str) -> list[str]:
    everybody = upper(vintages(year)[0]) if vintages(year) else ()
    gone = [c for c in everybody if c not in here]
    if not gone:
        return []
    fact = f"{len(gone)} of {len(everybody)} authorities are missing for {financial_year(year)}: {_names(gone)}."
    if len(gone) > FEW:
        raise SokeError(fact, AGAIN, where)
    return [fact]


def totals(total: str, records: Records) -> list[str]:
    """How the printed total of each year compares with the sum of its parts: said, never refused.

    Some years of a table leave one part out of it, others hold parts that have no column.
    """
    notes: list[str] = []
    for year in sorted({y for _, y in records}):
        rows = {c: r for (c, y), r in records.items() if y == year and total in r}
        parts = {c: sum(v for k, v in r.items() if k != total) for c, r in rows.items()}
        without = {c: parts[c] - r.get(UNIVERSAL_CREDIT, 0.0) for c, r in rows.items()}
        agree = {c for c, r in rows.items() if _near(parts[c], r[total])}
        lack = {c for c, r in rows.items() if c not in agree and _near(without[c], r[total])}
        rest = sorted(set(rows) - agree - lack, key=lambda c: -abs(rows[c][total] - parts[c]))
        label, of = financial_year(year), f"of {len(rows)} authorities"
        if lack:
            notes.append(f"{label}: the printed total of {len(lack)} {of} leaves Universal Credit out.")
        if rest:
            worst, c = rows[rest[0]], rest[0]
            notes.append(
                f"{label}: the printed total of {len(rest)} {of} is not the sum of the benefits read "
                f"({name_of(c)}: {worst[total]:,.1f} against {parts[c]:,.1f}): "
                "either it holds benefits without a column here, or a column is not what its heading says."
            )
    return notes


def _near(a: float, b: float) -> bool:
    return abs(a - b) <= max(1.0, 0.005 * abs(b))


def regions(variable: str, regional: Mapping[str, tuple[float, float]], where: str) -> None:
    """``regional`` is, by region, the table's own figure and the sum of the places below it.

    SokeError where they cannot be of one table: then rows or columns have moved against their names.
    """
    for code, (own, places) in regional.items():
        if own and not UNDER * own <= places <= OVER * own:
            fact = f"{variable} of the places of {code} sums to {places:,.0f}; the row of the region says {own:,.0f}."
            raise SokeError(fact, "Rows may have moved against their names: download the workbook again.", where)


def one_figure(before: float, after: float, what: str, where: str) -> None:
    """SokeError where two sheets of a workbook give one figure differently."""
    if abs(before - after) > max(CENT, 0.005 * abs(before)):
        fact = f"{what} is {after:,g} here and {before:,g} in another sheet."
        raise SokeError(fact, "Check both sheets against the publisher's.", where)


def sums(record: Mapping[str, float], parts: Mapping[str, Iterable[str]]) -> dict[str, float]:
    """The figures that are sums of others, where all of their parts are there."""
    return {
        whole: sum(record[part] for part in needed) for whole, needed in parts.items() if set(needed) <= set(record)
    }
