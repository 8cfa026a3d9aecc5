"""What else to read of a deal: whose jobs they would have been, what it does for England, and what a cut is."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from soke import text as words
from soke.evidence import overridden
from soke.model.economy import local_work
from soke.model.economy.displacement import RINGS
from soke.report import facts, rounded
from soke.report.contents import RunReport
from soke.report.fact_words import held_words, said_range
from soke.report.markup import Child, el
from soke.report.spread import change, spread
from soke.report.table import folded, to_html
from soke.table import Table

CUT = "A smaller gap because less is spent is a cut, not growth."
FIFTH = 20  # percentile of residents' pay


def read_too(report: RunReport, tables: Mapping[str, Table]) -> list[Child]:
    held = held_words(report)
    return [
        el("h3", "Whose jobs"),
        *(el("p", said) for said in jobs_words(report)),
        el("p", el("a", "What becomes of them, and how good they are", href="#jobs-section")),
        el("h3", "For England"),
        el("p", words.unbroken(england_words(report))),
        folded(tables["for_england"]),
        *([el("h3", held[0]), el("p", held[1])] if held else []),
        el("h3", "A cut is not growth"),
        el("p", cuts_words(report)),
        to_html(tables["cuts_again"]),
    ]


def jobs_words(report: RunReport) -> list[str]:
    """How many would have been elsewhere, how often a programme loses jobs, and how these jobs pay."""
    year = report.headline_year()
    names = ("jobs_gross", "jobs_displaced_here", "jobs_displaced_elsewhere")
    found = [series.difference for name in names if (series := report.series(name))]
    if len(found) < len(names) or not np.nan_to_num(found[0]).any():
        return ["No item of this deal brings residents into work."]
    gross, here, elsewhere = (round(float(np.nanmean(drawn[:, year]))) for drawn in found)
    told = [
        f"In year {year} about {gross:,} residents have work through this deal. Others here lose {here:,} of these"
        f" jobs, others elsewhere in England {elsewhere:,}. For England that leaves {gross - here - elsewhere:,}."
    ]
    area = spread(found[0][:, report.marked_years()[0]])
    if area and area.below > 0:
        told.append(f"Of 100 such programmes in a place like this, {100 * area.below:.0f} should expect to lose jobs.")
    return [*told, *_pay_words(report)]


def _pay_words(report: RunReport) -> list[str]:
    entrant, fifth = overridden(report.scenario.effects)["job.pay"], local_work.pay_at(report.deal.members, FIFTH)
    if fifth is None:
        return []
    return [
        f"These jobs pay about {words.pounds(entrant.central)} a year. The lowest fifth of residents here earn up to"
        f" {words.pounds(fifth)}. None is counted as of high quality."
    ]


def england_words(report: RunReport) -> str:
    """England's output net of what others lose, and what taxpayers pay and get back."""
    told, year = [], report.headline_year()
    if facts.nothing_changes(report):
        return "This deal has no lever, so it changes nothing for England either."
    if found := change(report, year, "england_output"):
        told.append(
            f"England’s output in year {year} changes by {words.about(found.middle, plus=True)} ({said_range(found)})."
            " That is net of what others lose and of what paying for it crowds out."
        )
    told += _neighbours(report, year)
    if appraisal := report.projection.appraisal:
        worth = appraisal.worths[0]
        paid, back = float(worth.cost.mean()), float(worth.returned.mean())
        better = "better" if back > paid else "worse"
        said = [words.about(abs(one)) for one in (paid, back, back - paid)]
        apart = f" {rounded.NOTE}" if rounded.apart((said[1], said[2]), said[0]) and back <= paid else ""
        told.append(
            f"Over {worth.years} years the public purse pays {said[0]}, at today’s worth, and gets {said[1]} back."
            f" It is {said[2]} {better} off.{apart}"
        )
    return " ".join(told) or "There is no figure."


def _neighbours(report: RunReport, year: int) -> list[str]:
    """Which places outside lose most of their output to this one, by distance."""
    around, output = report.projection.around, report.projection.by_place.get("gva")
    if around is None or output is None:
        return []
    net = np.bincount(around.ring, weights=output.mean_difference[year], minlength=len(RINGS))
    worst = int(net.argmin())
    if net[worst] >= 0:
        return []
    lost = words.about(float(net[worst]), plus=True)
    return [f"Most output is lost by places {RINGS[worst]}: {lost} in year {year}."]


def cuts_words(report: RunReport) -> str:
    found = facts.cuts_again(report)
    if found is None:
        return CUT
    return cuts_said(found.rule, found.as_was, found.england)


def cuts_said(rule: float, as_was: float, england: float) -> str:
    """The same of shares of council services a head: by how poor a place is, as it was, and in England."""
    low, high = sorted((words.percent(rule), words.percent(as_was)), key=lambda said: int(said.strip("%")))
    return (
        f"{CUT} If the 2010s came again, this place would lose"
        f" {words.a_range(low, high)} of council services a head, England {words.percent(england)}."
    )
