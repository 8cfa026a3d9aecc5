"""The sum behind a number of an account: in words for people, and every figure of it for a calculator."""

from __future__ import annotations

from collections.abc import Sequence

from soke import text
from soke.england.places import places
from soke.england.sources import named
from soke.model.accounts.explain import AreaPart, ComponentPart, LineSum, MovedPart, RegionPart, TotalSum
from soke.model.accounts.truth import Pounds
from soke.report.account_words import PUBLISHED
from soke.table import Cell, Column, Table

TEN = 10  # bodies that are named one by one
FEW = 5  # lines of a total that say most of its range
DUST = 1e-6  # GBP million
SIGNED = {"gap": ": what is spent, less what is raised"}
KINDS = {
    "constituency": ("constituency", "constituencies"),
    "integrated-care-board": ("integrated care board", ""),
    "police": ("police force", ""),
    "fire": ("fire authority", "fire authorities"),
    "county": ("county", "counties"),
    "combined-authority": ("combined authority", "combined authorities"),
    "authority": ("council", ""),
    "waste": ("waste authority", "waste authorities"),
    "transport": ("transport authority", "transport authorities"),
    "strategic-authority": ("strategic authority", "strategic authorities"),
}
RULES = {
    "scaled": "between .9 and 1.1, so each is multiplied by it and counts as measured",
    "kept": "over 1.1, so each stands as it is and the rest is other money",
    "share": "under .9, so they hold money of other lines too: they only say how to share, and none counts as measured",
    "none": "nobody has a figure of its own, so the rule shares all of it",
}
FIGURE_SOURCES = {
    "income-tax": "hmrc-constituencies-2022-23", "council-tax": "mhclg-council-tax-levels, mhclg-band-d",
    **dict.fromkeys(("nhs-core", "nhs-primary-medical", "nhs-other-primary", "nhs-running-costs"),
                    "nhs-icb-allocations"),
}  # fmt: skip
IMPORTED = "an official workbook that the user imported"
OUTTURN, OUTTURN_EARLIER = "mhclg-revenue-outturn", "mhclg-revenue-outturn-2010-2017"


def explained(done: LineSum | TotalSum, name: str, year: int) -> Table:
    """The steps of the sum in order: region, own, fit, here, grade, range; each with its arithmetic and source."""
    rows = _line_rows(done) if isinstance(done, LineSum) else _total_rows(done)
    return steps_table(f"{done.title}, {name}, {text.financial_year(year)}: {_headline(done)}", rows)


def steps_table(caption: str, rows: Sequence[tuple[Cell, ...]]) -> Table:
    """A table ``explained`` of steps: of which part, the step, its arithmetic, its source."""
    parts = any(row[0] not in ("", "all") for row in rows)
    return Table.of(
        "explained", caption,
        (Column("part", "part", people=parts), Column("step", "step"), Column("arithmetic", "sum"),
         Column("source", "source")), rows,
    )  # fmt: skip


def _headline(done: LineSum | TotalSum) -> str:
    if isinstance(done, TotalSum):
        return text.money(done.value)
    a_head = f"{text.pounds(done.per_head)} a head; England {text.pounds(done.england_per_head)}"
    digits = 0 if abs(done.value) >= 10 else 2
    here = text.sign(done.value, f"£{abs(done.value):,.{digits}f}m", plus=False)
    return f"{here} here ({a_head})"


def _line_rows(done: LineSum) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    for part in done.components:
        rows += _component_rows(part, done, alone=len(done.components) == 1)
    if done.published:
        rows.append(("all", "grade", PUBLISHED, ""))
    if len(done.components) > 1:
        values = " + ".join(_figure(p.pounds.value) for p in done.components)
        total = sum(p.pounds.value for p in done.components)
        rows.append(("all", "here", f"{values} = {_figure(total)}", ""))
    if done.moved:
        rows += [_moved_row(part, done.basis) for part in done.moved]
        rows.append((done.basis, "range", "none: no range is tested on this basis", ""))
    elif done.basis == "residence" and not done.published:
        said = _range(done.half_width) if done.half_width else _no_range(done)
        rows.append(("all", "range", said, "basis: residence (economy basis: --basis economy)"))
    return rows


def _moved_row(m: MovedPart, basis: str) -> tuple[Cell, ...]:
    stays = f"{1 - m.moved_share:.2f} x {m.home:,.0f} + {m.moved_share:.2f} x " if m.moved_share < 1 else ""
    return (
        basis, places().name(m.region),
        f"{stays}{_figure(m.region_generated)} x {m.weight_here:,.0f} / {m.weight_region:,.0f}"
        f" ({m.weight_here / m.weight_region:.4f}, by {m.key}) = {_figure(m.value)}",
        named(m.sources),
    )  # fmt: skip


def _component_rows(part: ComponentPart, done: LineSum, alone: bool) -> list[tuple[Cell, ...]]:
    title = "" if alone else part.pounds.component.title
    published = "ons-regional-accounts" if not part.pounds.component.control else (
        "ons-regional-accounts, hmt-country-regional-analysis")  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for region in part.regions:
        here = places().name(region.region)
        rows.append((title, "region", f"{here}, published {_figure(region.control)}", named(published)))
        if region.own_region:
            areas = [a for a in part.areas if a.region == region.region]
            rows.append((title, "own", _own_words(areas, region), _figure_titles(areas)))
            rows.append((title, "fit", _fit_words(region), ""))
        of_the_key = named(part.sources) if abs(region.rest) >= DUST and part.sources else ""
        rows.append((title, "here", _here_words(region, part), of_the_key))
    if done.published:  # the publisher's own figure: the sum shows that it is met
        return rows
    p = part.pounds
    rows.append((title, "grade", _grade_words(p), _wider_words(part)))
    if not alone:
        ranged = (_range(p.half_width), f"error {part.q80:.3f} of what is not measured, {part.how}")
        rows.append((title, "range", *(ranged if p.half_width else (_none(part), ""))))
    return rows


def _grade_words(p: Pounds) -> str:
    """How the pounds of a component are known; ways in which none is are not said."""
    ways = (
        ("measured here", p.here),
        ("measured for a wider area", p.wider),
        ("by a rule", p.key),
        ("by head", p.head),
    )
    said = [f"{way} {_figure(value)}" for way, value in ways if abs(value) >= DUST] or ["nothing is here"]
    return "; ".join([*said, *([f"of it {_figure(p.year_off)} by figures of another year"] if p.year_off else [])])


def _own_words(areas: list[AreaPart], region: RegionPart) -> str:
    if not areas:
        return "0: no body here has a figure"
    kinds: dict[str, list[AreaPart]] = {}
    for area in areas:
        kinds.setdefault(area.area.kind, []).append(area)
    said = []
    for kind, those in kinds.items():
        codes = {a.area.code: a for a in those}
        whole = sum(a.whole for a in codes.values())
        cut = len(codes) - whole
        names = f" ({text.listed([a.area.name for a in codes.values()])})" if len(codes) <= 2 else ""
        counts = [text.counted(whole, *KINDS[kind])] if whole else []
        counts += [f"{cut if whole else text.counted(cut, *KINDS[kind])} partly here"] if cut else []
        said.append(f"{' and '.join(counts)}{names}")
    when = text.listed(sorted({text.financial_year(a.year) for a in areas}))
    moved = f", times {region.growth:.4f} to bring it to this year" if region.growth != 1.0 else ""
    return f"{_figure(region.own_here)}, by {text.listed(said)} for {when}{moved}{_stand_ins(areas)}"


def _stand_ins(areas: list[AreaPart]) -> str:
    """Who filed nothing for the year, so that what is here is not the body's own."""
    absent = list(dict.fromkeys(a.area.name for a in areas if a.estimated))
    if not absent:
        return ""
    sum_ = sum(a.here for a in areas if a.estimated)
    who = text.listed(absent) if len(absent) <= TEN else f"{len(absent)} bodies"
    return f"; of it {_figure(sum_)} stands in for {who}, which filed nothing, and is not measured"


def sources_of(done: LineSum) -> list[str]:
    """Ids of the sources of a line's own figures and keys, each once."""
    ids = [id_ for part in done.components for id_ in (*_figure_sources(list(part.areas)), *part.sources.split(", "))]
    return [id_ for id_ in dict.fromkeys(ids) if id_]


def _figure_titles(areas: list[AreaPart]) -> str:
    """Titles of the sources of own figures, and that a user imported those that the package does not ship."""
    ids = _figure_sources(areas)
    imported = any(a.imported for a in areas)
    return "; ".join(filter(None, (named(ids) if ids else "", IMPORTED if imported else "")))


def _figure_sources(areas: list[AreaPart]) -> list[str]:
    return list(dict.fromkeys(
        source for a in areas if not a.imported
        for source in FIGURE_SOURCES.get(a.figure, OUTTURN if a.year >= 2022 else OUTTURN_EARLIER).split(", ")
    ))  # fmt: skip


def _fit_words(region: RegionPart) -> str:
    """How the own figures of a whole region fit what is published for it."""
    return (
        f"in all the region they sum to {_figure(region.own_region)}; {_figure(region.control)} / "
        f"{_figure(region.own_region)} = {region.q or 0.0:.4f}: {RULES[region.rule]}"
    )


def _here_words(region: RegionPart, part: ComponentPart) -> str:
    by_key = (
        f"{_figure(region.rest)} x {region.weight_here:,.0f} / {region.weight_region:,.0f}"
        f" ({region.weight_here / region.weight_region:.4f}, by {part.key})"
        if region.weight_region
        else ""
    )
    if not region.own_region or region.rule == "none":
        return f"{by_key} = {_figure(region.value)}"
    own = f"{_figure(region.own_here)} x {region.factor:.4f}"
    if abs(region.rest) < DUST:
        return f"{own} = {_figure(region.value)}"
    return f"{own} + {by_key} = {_figure(region.value)}"


def _wider_words(part: ComponentPart) -> str:
    cut = [a for a in part.areas if not a.whole and a.here]
    if not part.pounds.wider or not cut:
        return ""
    names = {a.area.code: a.area.name for a in cut}
    filed = {(a.area.code, a.figure): a.filed * a.growth for a in cut}  # once, where it lies in two regions
    whole = {code: sum(value for (area, _), value in filed.items() if area == code) for code in names}
    here = {code: sum(a.here for a in cut if a.area.code == code) for code in names}
    shown = sorted(names, key=lambda code: -abs(here[code]))[:3]
    return "wider: " + "; ".join(
        f"{names[code]} {_figure(whole[code])}, {here[code] / whole[code]:.0%} here" for code in shown
    )


def _range(half_width: float | None, none: str = "none") -> str:
    return f"within plus or minus {_figure(half_width)}, four times in five" if half_width else none


def _no_range(done: LineSum) -> str:
    """Why a line has no range."""
    return text.listed(list(dict.fromkeys(_none(part) for part in done.components)))


def _none(part: ComponentPart) -> str:
    p = part.pounds
    if not p.value:
        return "none: there is nothing here"
    return "none: all of it is measured" if p.here or p.wider else "none: per head by convention"


def _figure(value: float) -> str:
    digits = 0 if abs(value) >= 100 or not value else 1 if abs(value) >= 1 else 3
    return text.sign(value, f"{abs(value):,.{digits}f}", plus=False)


def _total_rows(done: TotalSum) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    if done.head_share is not None and done.uk_receipts is not None and done.uk_spending is not None:
        rows += [
            ("", "people", f"{done.head_share:.8f} of the people of the UK", named("ons-regional-population")),
            ("", "UK", f"receipts {done.uk_receipts:,.0f}; spending {done.uk_spending:,.0f}; borrowing "
                       f"{done.uk_spending - done.uk_receipts:,.0f}", named("ons-regional-accounts")),
        ]  # fmt: skip
    if not done.addends:
        share, borrowed = done.head_share or 0.0, (done.uk_spending or 0.0) - (done.uk_receipts or 0.0)
        return [*rows, ("", "here", f"{share:.8f} x {borrowed:,.0f} = {_figure(done.value)}", "")]
    lines = sum(a.value for a in done.addends)
    summed = f"{len(done.addends)} lines sum to {_figure(lines)}{SIGNED.get(done.title, '')}"
    rows.append(("", "lines", summed, "each by --explain LINE"))
    if done.title == "lower tax":
        share, uk = done.head_share or 0.0, done.uk_receipts or 0.0
        rows.append(("", "here", f"{share:.8f} x {uk:,.0f} {text.MINUS} {_figure(-lines)} = {_figure(done.value)}", ""))
    if done.title == "higher spending":
        share, uk = done.head_share or 0.0, done.uk_spending or 0.0
        rows.append(("", "here", f"{_figure(lines)} {text.MINUS} {share:.8f} x {uk:,.0f} = {_figure(done.value)}", ""))
    if done.half_width:
        rows.append(("", "range", _range(done.half_width), "root of the sum of squares of its lines'"))
    for addend in (a for a in done.addends[:FEW] if a.half_width):
        rows.append(("", addend.title, f"{_figure(addend.value)} ± {_figure(addend.half_width or 0.0)}",
                     f"{addend.squared_share:.0%} of the range, squared"))  # fmt: skip
    return rows
