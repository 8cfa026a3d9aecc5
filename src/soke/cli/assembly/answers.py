"""``soke assembly answers``: you said, we did, or will not because; from the register alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import typer

from soke.cli.output import CSV_OPTION, JSON_OPTION, Column, console, emit
from soke.cli.register.shared import REGISTER, day_of, opened
from soke.community.answers import WORDS, Line, Recommendation, headline, in_time, lines, told, totals
from soke.errors import SokeError
from soke.files import write_whole
from soke.register.book import Book
from soke.register.clock import REHEARSAL
from soke.register.standing import ConditionLine, standing
from soke.register.state import DealState
from soke.report import answers_page
from soke.table import Cell
from soke.text import clean
from soke.text import day as in_words

SHOWN = (
    Column("recommendation", "you said"),
    Column("answer", "we did, or will, or will not because"),
    Column("by_when", "by when"),
    Column("stands", "where it stands"),
)
EVERY = (
    Column("id", "id"),
    Column("state", "state"),
    *SHOWN[:2],
    Column("asked_on", "asked on"),
    Column("answer_due", "answer due"),
    Column("answered_on", "answered on"),
    Column("done_by", "to be done by"),
    Column("confirmed_on", "confirmed on"),
    Column("confirmed_by", "confirmed by"),
    Column("days_late", "days late", 0),
    Column("answered_in_time", "answered in time"),
    SHOWN[3],
    Column("community", "community"),
    Column("panel", "panel"),
    Column("asked_by", "asked by"),
    Column("answered_by", "answered by"),
)
INDICATOR = "answers-in-time"


def answers(
    register: str = REGISTER,
    deal: str | None = typer.Option(None, "--deal", help="The id of a deal; not needed where there is one only."),
    on: str | None = typer.Option(None, help="As of which day, such as 2027-05-01; else today."),
    panel: str | None = typer.Option(None, "--panel", help="Only what this panel recommended."),
    out: Path | None = typer.Option(None, help="Also write it as a page: an .html file."),
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Show what was recommended, what was answered, by when it is done, and what is overdue: from the register alone.

    An answer is in time until the end of the day due. What was adopted is done when those who wait for it, or a judge,
    say so. Without --on it is of today; in a rehearsal of the day of its last entry.

    Exit status 0 also where something is overdue: this is a table, not a judgement.

    Example: soke assembly answers gm.db --deal greater-manchester --out you-said.html

    Example: soke assembly answers gm.db --on 2027-05-01 --json
    """
    with opened(register, write=False) as log:
        book, day = Book(log), day_of(log, on)
        name = _named(book, deal)
        state, entries = book.state_on(name, day), book.entries_until(name, day)
    rehearsal = state.rehearsal
    every = recommended(state, entries)
    chosen = _of_panel(state, every, panel)
    found = lines(chosen, day)
    said = [headline(totals(found)), told(in_time(chosen, day), day), *conditions(state, day)]
    _print(found, said, name, day, rehearsal=rehearsal, as_json=as_json, as_csv=as_csv)
    if out is not None:
        title = state.deal.title
        page = answers_page.page(found, title, day, said, rehearsal=REHEARSAL if rehearsal else "")
        write_whole(out, page.encode())
        if not (as_json or as_csv):
            console().print(clean(f"Wrote {out}."), markup=False, soft_wrap=True)


def _named(book: Book, deal: str | None) -> str:
    deals = book.deals()
    if deal is None and len(deals) != 1:
        known = ", ".join(deals) or "none yet"
        raise SokeError("--deal is missing.", f"Name a deal of the register: {known}.")
    return deal if deal is not None else deals[0]


def _of_panel(state: DealState, every: Sequence[Recommendation], panel: str | None) -> list[Recommendation]:
    if panel is not None and panel not in state.partners.panels:
        known = ", ".join(state.partners.panels) or "none yet"
        raise SokeError(f'There is no panel "{panel[:80]}" on record.', f"Those that there are: {known}.")
    return [one for one in every if panel is None or one.answer.panel == panel]


def recommended(state: DealState, entries: Iterable[Mapping[str, Any]]) -> list[Recommendation]:
    """Each recommendation of a deal, with who recorded what; ``entries`` are those that made ``state``."""
    who: dict[tuple[str, str], str] = {}
    community: dict[str, str] = {}
    titles = {one.id: one.title for one in state.deal.community}
    for entry in entries:
        if entry["kind"] in ("answer.asked", "answer.given", "answer.done"):
            named = entry["body"]["answer"]
            who[named, entry["kind"]] = state.party_name(entry["by"]["role"])
            if "community" in entry["body"]:
                community[named] = titles.get(entry["body"]["community"], entry["body"]["community"])
    return [
        Recommendation(
            answer=one, text=state.partners.titles["answer", one.id], community=community.get(one.id, ""),
            asked_by=who.get((one.id, "answer.asked"), ""), answered_by=who.get((one.id, "answer.given"), ""),
            confirmed_by=who.get((one.id, "answer.done"), ""),
        )
        for one in state.partners.answers.values()
    ]  # fmt: skip


def conditions(state: DealState, day: dt.date) -> list[str]:
    """What each condition that counts answers says of its own period, word for word as `soke register status`."""
    counting = {one.id for one in state.deal.conditions if one.indicator == INDICATOR}
    return [_condition(one) for one in standing(state, day) if one.id in counting]


def _condition(one: ConditionLine) -> str:
    ended = f"period to {in_words(one.found.period_end)}: {one.status}. {one.found.why}"
    running = f" Period to {in_words(one.running.period_end)}: {one.running.why}" if one.running else ""
    return f'The condition "{one.title}", {ended}{running}'


def _print(
    found: Sequence[Line], said: list[str], deal: str, day: dt.date, *, rehearsal: bool, as_json: bool, as_csv: bool
) -> None:
    if as_json or as_csv:
        rows = [_row(one) for one in found]
        count = totals(found)
        extra = {"deal": deal, "day": day.isoformat(), "rehearsal": rehearsal, "asked": count.asked,
                 "answered": count.answered, "answered_late": count.answered_late, "states": count.states}  # fmt: skip
        emit(rows, EVERY, as_json=as_json, as_csv=as_csv, extra=extra, notes=said)
        return
    if rehearsal:
        console().print(REHEARSAL, markup=False)
    title = f"You said, we did: {deal}, as of {in_words(day)}"
    if found:
        emit([_shown(one) for one in found], SHOWN, as_json=False, as_csv=False, title=title)
        console().print()
    for line in said if found else [f"Nothing was recommended by {in_words(day)}.", *said[2:]]:
        console().print(clean(line), markup=False, soft_wrap=True)


def _shown(one: Line) -> dict[str, Cell]:
    return {
        "recommendation": one.recommendation.text, "answer": one.we_said, "stands": one.stands,
        "by_when": in_words(one.by_when) if one.by_when else "",
    }  # fmt: skip


def _row(one: Line) -> dict[str, Cell]:
    answer = one.recommendation.answer
    in_time_ = None if one.in_time is None else "yes" if one.in_time else "no"
    return {
        "id": answer.id, "state": WORDS[one.state], "recommendation": one.recommendation.text, "answer": one.we_said,
        "asked_on": _iso(answer.asked), "answer_due": _iso(answer.due), "answered_on": _iso(answer.answered),
        "done_by": _iso(answer.by), "confirmed_on": _iso(answer.done), "confirmed_by": one.recommendation.confirmed_by,
        "days_late": one.days_late, "answered_in_time": in_time_, "stands": one.stands,
        "community": one.recommendation.community, "panel": answer.panel, "asked_by": one.recommendation.asked_by,
        "answered_by": one.recommendation.answered_by,
    }  # fmt: skip


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""
