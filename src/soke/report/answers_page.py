"""The page of answers: what was recommended, what was done or will not be and why, by when, and what is overdue."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from soke.community.answers import WORDS, Line, State, Totals, days, recommendations
from soke.register.clock import REHEARSAL
from soke.register.recommendations import Answers
from soke.report.markup import Child, Element, el
from soke.report.shell import document, number, panel, section, shares, swatches
from soke.text import day as in_words

TITLES: dict[State, str] = {
    "unanswered": "Not answered, and overdue",
    "not-done": "Promised, and not done by its day",
    "no-day": "Adopted, no day given",
    "waiting": "Waiting for an answer, in time",
    "doing": "Promised, still in time",
    "done": "Done",
    "refused": "Will not be done, and why",
}
STYLE = """
rect.unanswered,.swatch.unanswered{fill:var(--bad);background:var(--bad)}
rect.not-done,.swatch.not-done{fill:var(--tax);background:var(--tax)}
rect.no-day,.swatch.no-day{fill:var(--borrow);background:var(--borrow)}
rect.waiting,.swatch.waiting{fill:var(--k3);background:var(--k3)}
rect.doing,.swatch.doing{fill:var(--t3);background:var(--t3)}
rect.done,.swatch.done{fill:var(--ok);background:var(--ok)}
rect.refused,.swatch.refused{fill:var(--k2);background:var(--k2)}
.answers table{width:100%;table-layout:fixed}
.answers th,.answers td{min-width:0;overflow-wrap:anywhere}
.answers .when{width:16%}.answers .where{width:24%}
.answers tbody th{font-weight:700}
.small{display:block;font-weight:400}
"""


def page(answers: Answers) -> str:
    """The whole HTML text: nothing runs and nothing is fetched."""
    stands = el("div", *groups(answers.lines), id="answers")
    heading = f"You said, we did: {answers.title}"
    return document(
        heading, "Skip to the answers", "answers", _first(answers), stands, style=STYLE,
        notice=el("strong", REHEARSAL) if answers.rehearsal else None,
    )  # fmt: skip


def _first(answers: Answers) -> Element:
    count = answers.totals
    about = f"{answers.title}. As of {in_words(answers.day)}, from the register."
    return el(
        "div", el("h1", heading_of(count)), el("p", about, class_="run"),
        panel("stand", "Where each stands", *bar(count)),
        el("section", *_numbers(answers.lines, count), class_="numbers", aria_label="Four figures"),
        el("div", *(el("p", sentence) for sentence in answers.sentences), class_="strip"),
        class_="first",
    )  # fmt: skip


def heading_of(count: Totals) -> str:
    """What the page of answers is headed with."""
    return f"You said, we did: {overdue(count)}"


def overdue(count: Totals) -> str:
    """How many are overdue, and how many were adopted with no day."""
    late = count.states["unanswered"] + count.states["not-done"]
    heading = f"{late} of {recommendations(count.asked)} {'is' if late == 1 else 'are'} overdue"
    if not late:
        heading = f"{recommendations(count.asked)}, nothing overdue"
    if count.states["no-day"]:
        heading += f"; {count.states['no-day']} {WORDS['no-day']}"
    return heading


def bar(totals: Totals) -> list[Child]:
    """One bar of all recommendations; the list under it says the same in words."""
    states = {state: count for state, count in totals.states.items() if count}
    return [shares((state, float(count)) for state, count in states.items()),
            swatches((), *((state, f"{count} {WORDS[state]}") for state, count in states.items()))]  # fmt: skip


def _numbers(lines: Sequence[Line], count: Totals) -> list[Element]:
    worst = max((line.days_late for line in lines if line.state == "unanswered"), default=0)
    no_day = f" {count.states['no-day']} {WORDS['no-day']}." if count.states["no-day"] else ""
    broken = max((line.days_late for line in lines if line.state == "not-done"), default=0)
    judged = [line.in_time for line in lines if line.in_time is not None]
    return [
        number("Answered in time", f"{sum(judged)} of {len(judged)}", "of those whose day is past."
                f" {count.answered_late or 'None'} came late."),
        number("No answer, overdue", str(count.states["unanswered"]),
                f"The longest wait: {days(worst)} over." if worst else "Nothing is unanswered after its day."),
        number("Done", str(count.states["done"]), "confirmed by those who wait for it, or by a judge,"
                " not by who promised it."),
        number("Promised, overdue", str(count.states["not-done"]),
                f"{f'The longest: {days(broken)} over.' if broken else 'No promise is past its day.'}{no_day}"),
    ]  # fmt: skip


def _nothing(line: Line) -> Child:
    return None


def groups(lines: Sequence[Line], shown_by: Callable[[Line], Child] = _nothing) -> list[Element]:
    """A section for each state that any is in, what is late first; ``shown_by``: where it is seen how one stands."""
    made = []
    for state, title in TITLES.items():
        inside = [line for line in lines if line.state == state]
        if inside:
            made.append(section(state, f"{title} ({len(inside)})", [_table(inside, title, shown_by)]))
    return made or [el("section", el("p", "Nothing has been recommended yet."), class_="below")]


def _table(lines: Sequence[Line], title: str, shown_by: Callable[[Line], Child]) -> Element:
    heads = (
        ("You said", ""),
        ("We did, will, or will not because", ""),
        ("By when", "when"),
        ("Where it stands", "where"),
    )
    head = el("tr", *(el("th", said, scope="col", class_=name or None) for said, name in heads))
    table = el(
        "table",
        el("caption", title, class_="hidden"),
        el("thead", head),
        el("tbody", *(_row(line, shown_by(line)) for line in lines)),
    )
    return el("div", table, class_="answers stack")


def _no_day(state: State) -> str:
    return "nothing promised" if state == "refused" else "no day given"


def _row(line: Line, shown_by: Child) -> Element:
    about = line.recommendation
    asked = [
        about.answer.id,
        *([about.asked_by] if about.asked_by else []),
        *([about.community] if about.community else []),
    ]
    answered = None
    if about.answer.answered:
        who = f"{about.answered_by}, " if about.answered_by else ""
        answered = el("span", f"{who}{in_words(about.answer.answered)}", class_="small")
    return el(
        "tr",
        el("th", about.text, el("span", " · ".join(asked), class_="small"), shown_by, scope="row"),
        el("td", line.we_said, answered),
        el("td", in_words(line.by_when) if line.by_when else _no_day(line.state), data_name="By when"),
        el("td", line.stands),
    )
