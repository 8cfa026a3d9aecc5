"""A place over the years: its settlement funding by rule, and its share of England's people and output."""

from __future__ import annotations

from soke import text
from soke.model.funding.area_funding import FundingYear, area_funding
from soke.report.charts.bars import Bar, bars
from soke.report.charts.plot import Label, Panel, plot
from soke.report.markup import Child, Element, el
from soke.report.table import folded
from soke.report.tables.figures import OF_ENGLAND, SETTLEMENT, beside_england, shares_of_england
from soke.site.frame import DATA, link
from soke.site.places.facts import PlaceFacts, to_sum
from soke.site.words import term

GONE = 0.005  # GBP million: a grant under that is nothing


def funding(facts: PlaceFacts) -> Element | None:
    """Grant and kept rates of the councils of the place, year by year; nothing where none is to hand."""
    area = facts.area
    found = area_funding(area.members)
    if not found:
        return None
    whose = "the council" if area.rank == "council" else "councils and fire services here"
    return el(
        "section",
        el("h2", _title(found[0], found[-1]),
           el("span", f"{text.financial_year(found[0].year)} to {text.financial_year(found[-1].year)}")),
        el("p", term("Settlement funding", "settlement-funding"), f" of {whose}, prices not taken out. Filled: the main"
           f" grant, from {_money(found[0].grant)} to {_money(found[-1].grant)}. Outlined: business rates that are"
           " kept.", class_="small"),
        bars("", [_year(year, facts) for year in found]),
        el("p", "As published, or worked out from it by rule. ", link(area.path, "Its rows", f"{DATA}#settlement"),
           ". Later years are not to hand.", class_="small"),
    )  # fmt: skip


def _title(first: FundingYear, last: FundingYear) -> str:
    change = last.whole / first.whole - 1 if first.whole else 0.0
    how = "fell" if change < 0 else "rose"
    return f"Grant and kept rates {how} by {text.percent(abs(change))}"


def _year(year: FundingYear, facts: PlaceFacts) -> Bar:
    return Bar(text.financial_year(year.year), year.grant, _money(year.whole), kind="spent", of=year.whole,
               link=to_sum(facts, SETTLEMENT))  # fmt: skip


def _money(million: float) -> str:
    return text.money(million) if million >= GONE else "£0"


# --- people and output ---


def output(facts: PlaceFacts) -> list[Child]:
    """Its share of England's output beside its share of England's people, as two lines."""
    area = facts.area
    if area.rank == "country":
        return []
    every = beside_england(area.members)
    first, last = every[0], every[-1]
    met = [share for one in every for share in (one.people_share, one.output_share)]
    low, high = min(met), max(met)
    room = (high - low) * 0.15 or high * 0.1
    digits = 1 if high >= 0.02 else 2

    def share(value: float) -> str:
        return f"{value:.{digits}%}"

    chart = Panel(first.year, last.year, low - room, high + room, 130, share, 3)
    chart.line([(one.year, one.people_share) for one in every], "was")
    chart.line([(one.year, one.output_share) for one in every], "raised")
    chart.ends.append(Label(last.people_share, f"people {share(last.people_share)}"))
    chart.ends.append(Label(last.output_share, f"output {share(last.output_share)}", "raised"))
    told = (f"In {first.year} it had {share(first.people_share)} of England's people and {share(first.output_share)} of"
            f" its output. In {last.year}: {share(last.people_share)} and {share(last.output_share)}.")  # fmt: skip
    return [
        el("h2", "Output beside its people"),
        el("p", told, " ", el("a", "The sum", href=to_sum(facts, OF_ENGLAND), class_="to-sum"), "."),
        plot("output", "Share of England's people and output", told, [chart],
             [(year, str(year)) for year in (first.year, last.year)]),
        el("p", "The axis does not start at nought. Output counts where people work; people where they live.",
           class_="small"),
        folded(shares_of_england(area.name, area.members), "Every year", file=False),
    ]  # fmt: skip
