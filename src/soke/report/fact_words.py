"""The facts of a deal in plain sentences, none over twenty words: the heading, the lead, and what stands beside."""

from __future__ import annotations

from soke import text
from soke.report import facts
from soke.report.contents import RunReport
from soke.report.headline import loss
from soke.report.spread import Ranged

Titled = tuple[str, str]  # a heading and its sentences


def heading(report: RunReport) -> str:
    """Who would decide on how much, and how much of it is new."""
    return heading_of(report.account.name, facts.money(report))


def heading_of(name: str, found: facts.Money) -> str:
    """The same of a place by name, and of the money that it would decide on."""
    if found.decided < text.LEAST:
        return f"{name} would decide on no more money than now."
    start = f"{name} would decide on {text.money(found.decided)} a year."
    if found.new < text.LEAST:
        return f"{start} None of it is new money."
    if found.moved < text.LEAST:
        return f"{start} All of it is new money."
    only = "Only " if found.new < found.decided / 2 else ""
    return f"{start} {only}{text.money(found.new)} of it is new money."


NO_LEVER = "It has no lever: nothing in it changes a figure."
HOW = "Add an [[investment]] that says what its money buys, or terms under [fiscal]."


def lead(report: RunReport) -> str:
    """How long the new money runs, what it may add, and whether it comes back in tax; of a deal that changes nothing,
    what to do about it."""
    if facts.nothing_changes(report):
        return f"{NO_LEVER} {HOW}"
    found, year = facts.money(report), report.headline_year()
    parts = []
    if found.new >= text.LEAST:
        parts.append(runs_words(found))
    parts.append(_adds(report, year))
    parts.append(_comes_back(report))
    if (lost := loss(report, year)) > text.SMALL:
        parts.append(f"In year {year} services here lose {text.money(lost)} a year.")
    return " ".join(filter(None, parts))


def runs_words(found: facts.Money) -> str:
    """In which years the new money runs."""
    first, last = text.financial_year(found.first), text.financial_year(found.last)
    if found.goes_on:
        return f"The new money goes on from {first}."
    return f"The new money runs for {text.counted(found.years, 'year')}, {text.a_range(first, last)}."


def _adds(report: RunReport, year: int) -> str:
    brought = facts.brought(report, year)
    if brought is None:
        return ""
    if brought.low == brought.high == 0:
        return "Its items change no tax."
    verb, size = "add" if brought.middle >= 0 else "take", text.about(abs(brought.middle), nought="£0")
    return f"By year {year} it may {verb} about {size} a year in tax and saved benefits."


def _comes_back(report: RunReport) -> str:
    """Pence of the pound, in present value; to the nearest penny, with a minus where more is lost."""
    back = facts.pence_back(report)
    if back is None:
        return ""
    if back >= 100:
        return f"It pays for itself: {text.pounds(back / 100)} comes back for each £1 spent."
    came = f"{back:.0f}p" if back >= 0.5 else "nothing"
    return f"It does not pay for itself: {came} comes back for each £1 spent."


def new_title(found: facts.Money) -> str:
    if found.new < text.LEAST or found.goes_on:
        return "New money"
    return f"New money, {text.counted(found.years, 'year')}"


def care_words(report: RunReport) -> Titled | None:
    """Whether the proceeds of growth pay for what care takes more."""
    year = report.headline_year()
    found = facts.care(report, year)
    if found is None:
        return None
    then = text.financial_year(report.projection.years[year])
    return care_said(found.pressure, found.proceeds.middle, then, pays=found.pays >= 1)


def care_said(need: Ranged, proceeds: float, then: str, *, pays: bool) -> Titled:
    """What care for adults needs more in the financial year ``then``, and what growth gives towards it, GBP million."""
    if need.middle <= 0:
        spread = text.a_range(text.money(need.low, plus=True), text.money(need.high, plus=True))
        return "Care needs no more money here", f"In {then} care for adults needs no more than now ({spread} a year)."
    given = text.about(max(proceeds, 0.0))
    title = "Growth pays for care here" if pays else "Growth does not pay for care here"
    spread = text.a_range(text.money(need.low), text.money(need.high))
    return (
        title,
        f"In {then} care for adults needs {text.money(need.middle)} a year more ({spread})."
        f" This deal’s growth gives {given} towards it.",
    )


def unknown_words(report: RunReport) -> str:
    """What nobody knows, in the band that is drawn."""
    year = report.headline_year()
    found = facts.unknown(report, year)
    if found is None:
        return ""
    return (
        f"What being devolved does by itself is not known: {said_range(found)} a year of tax in year {year}."
        " No other figure holds it."
    )


def said_range(found: Ranged) -> str:
    """The ends of a band in words, as they are drawn."""
    return text.a_range(text.about(found.low, plus=True), text.about(found.high, plus=True))


def held_words(report: RunReport) -> Titled | None:
    """What is held by terms signed before: no gain of this deal."""
    found = facts.held_already(report, report.first_year())
    if found is None or abs(found.middle) < text.SMALL:
        return None
    kept = text.money(found.middle)
    return (
        "Already held",
        f"By terms signed before this deal this place keeps about {kept} a year of business rates."
        " That is not counted as a gain.",
    )
