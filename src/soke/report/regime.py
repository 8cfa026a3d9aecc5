"""The section on the funding rules at work: who keeps which pound, and whether money follows need."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from soke import text
from soke.england.baseline import Floats
from soke.england.places import CLASS_NAMES
from soke.model.funding.dated import rules
from soke.model.funding.regime import FIRST_YEAR
from soke.report.charts.drift import drift_chart
from soke.report.contents import RunReport
from soke.report.keep import resets, stays
from soke.report.markup import Child, el
from soke.report.table import folded, to_html
from soke.report.tables.funding import AS_IS, DEAL, first_years
from soke.table import Table

NET = "safety_net.share"
SMALL = 5e-4  # of England's funding: less is no difference worth a word


def funding_rules(report: RunReport, tables: Mapping[str, Table]) -> list[Child]:
    """Keep, levy and safety net, drift from need, shire against city, and what all that rests on."""
    drawn = _chart(report)
    return [
        el("h3", "Who keeps the next pound"),
        el("p", keep_sentence(report)),
        to_html(tables["keep"]),
        el("h3", "Does funding follow need?"),
        el("p", need_sentence(report)),
        drawn,
        el("p", f"{near_sentence(report)} Source: this run; what need rests on is below.", class_="note"),
        el("h3", "Shire against city"),
        el("p", class_sentence(report)),
        to_html(tables["funding_by_class"]),
        el("h3", "Levy and safety net"),
        el("p", risk_sentence(report)),
        folded(tables["funding_by_year"], "Year by year"),
        el("h3", "How good these figures are"),
        to_html(tables["funding_notes"]) if tables["funding_notes"].rows else None,
    ]


def keep_sentence(report: RunReport) -> str:
    """What stays here, today and with the deal, and until when."""
    now, then = stays(report.projection.keep_as_is), stays(report.projection.keep_deal)
    as_is, deal = resets(report)
    paths = "with the deal or without" if now == then else f"with the deal, {now} today"
    start = f"Of the next £1 of tax from growth here {then} stays here {paths}"
    until = text.financial_year(deal)
    if deal != as_is:
        until = f"{text.financial_year(deal)} with the deal and {text.financial_year(as_is)} as is"
    return f"{start}. What of it is business rates is shared out again by need at the reset, assumed in {until}."


def need_sentence(report: RunReport) -> str:
    """How the area stands to England in the headline year, on both paths, and where the deal moves it most."""
    year, area, held = report.headline_year(), report.projection.standing.area, list(first_years(report))
    now, then = float(area[AS_IS, year]) - 1.0, float(area[DEAL, year]) - 1.0
    start = f"In year {year} this place has {_against(now)}, as is"
    moved = area[DEAL, held] - area[AS_IS, held]
    most = int(np.abs(moved).argmax())
    if abs(moved[most]) < SMALL:
        return f"{start}. The deal changes that by less than a tenth of a per cent in any year."
    beside = "as much" if abs(then - now) < SMALL else _against(then)
    when = text.financial_year(report.projection.years[held[most]])
    far = text.percent(float(moved[most]), 1, plus=True)
    return f"{start}; {beside} with the deal. The deal makes most difference in {when}: {far} of England’s."


def _against(share: float) -> str:
    if abs(share) < SMALL:
        return "as much for each unit of need as England"
    return f"{text.percent(abs(share), 1)} {'more' if share > 0 else 'less'} for each unit of need than England"


def class_sentence(report: RunReport) -> str:
    """The year in which the kinds of authority stand furthest apart as is, and who then stands where."""
    kinds, held = report.projection.standing.classes, list(first_years(report))
    values = np.array([kinds[kind][AS_IS, held] - 1.0 for kind in kinds])
    if not values.size:
        return "There is no figure by kind of authority."
    year = int(np.ptp(values, axis=0).argmax())
    order = [list(kinds)[i] for i in values[:, year].argsort()]
    least, most = (
        (CLASS_NAMES.get(kind, kind), kinds[kind][AS_IS, held[year]] - 1.0) for kind in (order[0], order[-1])
    )
    when = text.financial_year(report.projection.years[held[year]])
    said = text.listed([f"{name} {text.percent(float(share), 1, plus=True)}" for name, share in (most, least)])
    return f"Widest apart, as is, in {when}, against England’s funding for each unit of need: {said}."


def near_sentence(report: RunReport) -> str:
    """The share of places near their need, at the start and in the headline year, as is."""
    near, first, year = report.projection.standing.near, first_years(report)[0], report.headline_year()
    start = f"Places within 2 per cent of need, as is: {text.percent(float(near[AS_IS, first]))} in year {first}"
    return f"{start}, {text.percent(float(near[AS_IS, year]))} in year {year}." if year > first else f"{start}."


def risk_sentence(report: RunReport) -> str:
    """The chance of the safety net in its worst year and over the others, and the levy over the run, on both paths."""
    standing, held = report.projection.standing, list(first_years(report))
    chances, levies = standing.safety_net_chance[:, held], standing.levy[:, held].mean(axis=1)
    worst = int(chances.max(axis=0).argmax())
    year = max(report.projection.years[held[worst]], FIRST_YEAR)
    law = rules().with_settings(report.scenario.funding_rules).row(NET, year)
    safe, doubt = float(law.value), "" if law.grade == "official" else f" ({law.grade})"
    most = _paths(*map(text.chance, chances[:, worst].tolist()))
    others = np.delete(chances, worst, axis=1).mean(axis=1) if len(held) > 1 else None
    rest = "" if others is None else f" In the other years, on average: {_paths(*map(text.chance, others.tolist()))}."
    return (
        "The safety net pays an authority whose business rates fall too far; the levy takes from those that grow."
        f" Chance that an authority here is on the safety net in the worst year, {text.financial_year(year)}, when the"
        f" law’s net stands at {_net(safe)} of baseline funding{doubt}: {most}."
        f"{rest} Levy paid: {_paths(*(f'{text.money(levy)} a year' for levy in levies.tolist()))}."
    )


def _paths(as_is: str, deal: str) -> str:
    return f"{as_is}, with the deal or without" if as_is == deal else f"{as_is} as is, {deal} with the deal"


def _net(share: float) -> str:
    return f"{100 * share:.4g}%"


def _chart(report: RunReport) -> Child:
    held = first_years(report)
    years, standing = [report.projection.years[k] for k in held], report.projection.standing

    def above(values: Floats, path: int) -> list[float]:
        return [float(values[path, k]) - 1.0 for k in held]

    marked = [report.projection.years[k] for k in report.marked_years() if k in held]
    return drift_chart(
        "drift", years, above(standing.area, AS_IS), above(standing.area, DEAL),
        (above(standing.low, AS_IS), above(standing.high, AS_IS)), marked,
    )  # fmt: skip
