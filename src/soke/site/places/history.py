"""A place over the years: its main grant by rule, and its share of England's people and output."""

from __future__ import annotations

from functools import cache

import numpy as np

from soke import text
from soke.england.baseline import Floats, baseline
from soke.england.history import years
from soke.england.places import places
from soke.england.settlement import settlement_years
from soke.england.tables import read_table
from soke.errors import SokeError
from soke.model.funding.settlement_figures import SettlementByRule
from soke.report.charts.bars import Bar, bars
from soke.report.charts.plot import Label, Panel, plot
from soke.report.markup import Child, Element, el
from soke.report.settled import settle
from soke.report.table import folded
from soke.site.areas import Area, by_code
from soke.site.frame import DATA, link
from soke.table import Column, Table

GRANT = "revenue_support_grant"
MOST = 0.8  # of the councils of a region, where some were others then
GONE = 0.005  # GBP million: a grant under that is nothing


def grant(area: Area) -> Element | None:
    """The main government grant to the councils of the place, year by year; nothing where none is to hand."""
    found = grants(area)
    if not found:
        return None
    rows = [Bar(text.financial_year(year), value, text.money(value) if value >= GONE else "£0", kind="spent")
            for year, value in found]  # fmt: skip
    (first, then), (last, now) = found[0], found[-1]
    fell = 1 - now / then if then else 0.0
    title = "The main grant went to nothing" if now < GONE else f"The main grant fell by {text.percent(fell)}"
    if fell <= 0:
        title = "The main grant"
    whose = "the council" if area.rank == "council" else "councils and other bodies here"
    return el(
        "section", el("h2", title, el("span", f"{text.financial_year(first)} to {text.financial_year(last)}")),
        el("p", f"Revenue Support Grant to {whose}, prices not taken out. Worked out from the published settlement. ",
           link(area.path, "Its rows", f"{DATA}#settlement"), ".", class_="small"),
        bars("", rows),
    )  # fmt: skip


def grants(area: Area) -> list[tuple[int, float]]:
    """GBP million by year; none where the councils of today were others then, with other duties."""
    found: list[tuple[int, float]] = []
    for year in settlement_years():
        settled = _settled(area, year)
        value = settled.total(GRANT) if settled else None
        if settled is None:
            return []
        if value is not None:
            found.append((year, max(value, 0.0)))
    return found


def _settled(area: Area, year: int) -> SettlementByRule | None:
    """A year of the area by its name, with fire services and others of its own; else of its councils and counties."""
    counties = {place.county for code in area.members if (place := places().by_code[code]).county}
    each = [area.code] if area.rank == "council" else [*area.members, *sorted(counties)]
    for names in ([area.name], each):
        try:
            settled = settle(names, year).value
        except SokeError:  # the places are not among those of that year's settlement
            continue
        there = {authority.code for authority in settled.authorities}
        known = {code for code in there if (named := by_code().get(code)) and named.rank == "council"}
        most = area.rank in ("region", "country") and len(known) >= MOST * len(area.members)
        if known == set(area.members) or (most and known <= set(area.members)):
            return settled
    return None


# --- people and output ---


@cache
def _history(name: str) -> tuple[tuple[int, ...], Floats]:
    """Years, and (296, year) figures in the baseline's order."""
    rows = {row["code"]: row for row in read_table(name)}
    there = years(name)
    return there, np.array([[float(rows[code][str(year)]) for year in there] for code in baseline().codes])


def shares_of_england(area: Area) -> Table:
    """People and output of the place as shares of England's, in every year that has both."""
    (people_years, people), (output_years, output) = _history("population_history"), _history("gva_history")
    inside = baseline().mask(area.members)
    both = [year for year in people_years if year in output_years]
    rows = []
    for year in both:
        counts, made = people[:, people_years.index(year)], output[:, output_years.index(year)]
        rows.append((str(year), float(counts[inside].sum() / counts.sum()), float(made[inside].sum() / made.sum())))
    return Table.of(
        "shares_of_england", f"{area.name}: share of England's people and output",
        (Column("year", "Year"), Column("people_share", "people", "share", digits=4),
         Column("output_share", "output", "share", digits=4)), rows,
    )  # fmt: skip


def output(area: Area) -> list[Child]:
    """Its share of England's output beside its share of England's people, as two lines."""
    table = shares_of_england(area)
    if area.rank == "country":
        return []
    drawn, people, made = ([float(row[k] or 0) for row in table.rows] for k in range(3))
    low, high = min(people + made), max(people + made)
    room = (high - low) * 0.15 or high * 0.1
    first_digits = 1 if high >= 0.02 else 2

    def share(value: float) -> str:
        return f"{value:.{first_digits}%}"

    chart = Panel(drawn[0], drawn[-1], low - room, high + room, 130, share, 3)
    chart.line([*zip(drawn, people, strict=True)], "was")
    chart.line([*zip(drawn, made, strict=True)], "raised")
    chart.ends.append(Label(people[-1], f"people {share(people[-1])}"))
    chart.ends.append(Label(made[-1], f"output {share(made[-1])}", "raised"))
    told = (f"In {drawn[0]:.0f} it had {share(people[0])} of England's people and {share(made[0])} of its output. "
            f"In {drawn[-1]:.0f}: {share(people[-1])} and {share(made[-1])}.")  # fmt: skip
    return [
        el("h2", "Output beside its people"), el("p", told),
        plot("output", "Share of England's people and output", told, [chart],
             [(year, f"{year:.0f}") for year in (drawn[0], drawn[-1])]),
        el("p", "The axis does not start at nought. Output counts where people work; people where they live.",
           class_="small"),
        folded(table, "Every year", file=False),
    ]  # fmt: skip
