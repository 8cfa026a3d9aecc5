"""The section on what the conditions put at stake: chance, partial recall, and bidding against devolving."""

from __future__ import annotations

import math
from calendar import month_name
from collections.abc import Mapping

from soke import text as words
from soke.model.run.statement import deterrence_words
from soke.model.stake.bidding import Bidding, Span
from soke.model.stake.recall import Conditions, Stake
from soke.report.contents import RunReport
from soke.report.markup import Child, el
from soke.report.table import folded, to_html
from soke.table import Table
from soke.text import day

MONTHS = tuple(month_name)[1:]
SLIGHT = 0.01  # a chance below this is not worth a word


def at_stake(report: RunReport, tables: Mapping[str, Table]) -> list[Child]:
    """A sentence, a small table, who would lose what, and one sentence on bidding; all the rest is folded."""
    found = report.projection.conditions
    if found is None or not found.risks:
        return [
            el("p", "No condition of the deal file is tested within this run: nothing can be recalled."),
            *_bidding(report, tables),
        ]
    assumed = deterrence_words(report.scenario) if found.deterrence else ""
    told = [el("li", text) for text in drivers(report)]
    lost = [el("li", text) for stake in found.stakes if (text := loss_sentence(report, stake))]
    return [
        el("p", lead_sentence(found)),
        el("p", el("strong", assumed)) if assumed else None,
        to_html(tables["conditions"]),
        folded(tables["conditions_by_year"], "Year by year, with what is expected to be held back"),
        el("details", el("summary", "What drives each chance"), el("ul", *told)),
        el("h3", "Who would lose what"),
        el("p", choice_sentence(found)),
        el("ul", *lost) if lost else None,
        *_bidding(report, tables),
    ]


def _bidding(report: RunReport, tables: Mapping[str, Table]) -> list[Child]:
    compared = report.projection.bidding
    if compared is None:
        return [el("p", "Bidding and devolving are not compared: the deal has no money that is projected.")]
    return [
        el("h3", "Bidding, or devolving with recall"),
        el("p", bidding_sentence(compared, report.projection.conditions, report.deal.starts)),
        folded(tables["bidding"], "Both ways, with ranges"),
    ]


def lead_sentence(found: Conditions) -> str:
    """What the chances are of, how many are not known, and how soon anything could be recalled."""
    unknown = sum(risk.basis == "not-known" for risk in found.risks)
    missing = ""
    if unknown:
        missing = (
            f" For {unknown} of {words.counted(len(found.risks), 'condition')} it is not known: the deal file does not"
            " say where the place starts, or how much luck moves the figure. Not known is not nought."
        )
    soonest = min((stake.soonest for stake in found.stakes if stake.soonest), default=None)
    first = " Nothing can be recalled."
    if soonest:
        first = f" Nothing can be recalled before {day(soonest)}: from notice to recall takes {found.least_days} days."
    return (
        "The chance that a place which goes on as at its start misses each condition by luck alone. It says nothing of"
        f" how hard the place tries, and a person decides what follows from a miss.{missing}{first}"
    )


def drivers(report: RunReport) -> list[str]:
    """What the chance of each condition rests on, or what is missing."""
    titles = {condition.id: condition.title for condition in report.deal.conditions}
    found = report.projection.conditions
    return [f"{titles[risk.condition]}: {risk.why}" for risk in (found.risks if found else ())]


def choice_sentence(found: Conditions) -> str:
    """The two bounds, and that which of them comes is government's choice."""
    sums = [float(stake.always.mean()) for stake in found.stakes if stake.funds]
    known = [value for value in sums if math.isfinite(value)]
    start = "Government may recall, and need not: what it would do is a choice, not a forecast."
    if not sums:
        return f"{start} No money is in scope, only flexibilities."
    never = "had it never, nothing."
    if not known:
        return f"{start} How much would be held back on average is not known; {never}"
    rest = f", besides what hangs on {words.counted(len(sums) - len(known), 'condition')} whose chance is not known"
    more = rest if len(known) < len(sums) else ""
    return (
        f"{start} Had it recalled after every miss, {words.money(sum(known))} a year would be held back{more}; {never}"
    )


def loss_sentence(report: RunReport, stake: Stake) -> str:
    """Which residents would lose what, fund by fund."""
    title = next((c.title for c in report.deal.conditions if c.id == stake.condition), stake.condition)
    if not stake.funds:
        return f"{title}: no money, but these could end: {_named(stake)}." if stake.flexibilities else ""
    each = [
        f"{fund.title} could lose up to {words.money(float(fund.amount.max()))} a year ({words.percent(fund.share)}),"
        f" which serves {fund.served}"
        for fund in stake.funds
    ]
    also = f"; and these could end: {_named(stake)}" if stake.flexibilities else ""
    return f"{title}: {'; '.join(each)}{also}."


def _named(stake: Stake) -> str:
    return words.listed([f"“{title}”" for title in stake.flexibilities])


def bidding_sentence(found: Bidding, conditions: Conditions | None, starts: int) -> str:
    """Months sooner and pounds of administration, both ways, with ranges; and what protects against waste instead."""
    now, then = found.months_devolved.central, found.months_bidding.central
    sooner, saved = found.months_sooner, found.saved
    ladder = conditions.least_days if conditions else None
    after = f" What is devolved can be recalled, at the soonest {ladder} days after a notice." if ladder else ""
    less = f"{words.money(abs(saved.central))} a year {'less' if saved.central >= 0 else 'more'}"
    dearer = f" Chance that devolving costs more: {words.chance(found.dearer_chance)}."
    doubt = dearer if found.dearer_chance >= SLIGHT else ""
    both = f"{_money(found.cost_devolved)} against {_money(found.cost_bidding)}"
    return (
        f"Had all of this money ({words.money(found.money)} a year) been bid for, as the Levelling Up Fund was,"
        f" devolving it at once would bring it {_months(sooner)} sooner (first money {_month(starts, now)}, not"
        f" {_month(starts, then)}, had the call come as the deal starts) and take {less} of administration:"
        f" {both}.{doubt}{after} This is what bidding would cost, not what it costs now: money that comes by formula"
        " today is not bid for."
    )


def _month(starts: int, after: float) -> str:
    """``May 2027``: so many months after April of a year."""
    months = 3 + int(after)
    return f"{MONTHS[months % 12]} {starts + months // 12}"


def _months(span: Span) -> str:
    return f"{span.central:.0f} months ({span.low:.0f} to {span.high:.0f})"


def _money(span: Span) -> str:
    return f"{words.money(span.central)} ({words.a_range(words.money(span.low), words.money(span.high))})"
