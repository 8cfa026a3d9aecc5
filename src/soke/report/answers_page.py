"""The page of answers: what was recommended, what was done or will not be and why, by when, and what is overdue."""

from __future__ import annotations

from collections.abc import Sequence

from soke.community.answers import WORDS, Line, State, Totals, days, recommendations
from soke.register.clock import REHEARSAL
from soke.register.recommendations import Answers
from soke.report.markup import Child, Element, el
from soke.report.shell import document
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
.first{min-height:0;grid-template-columns:minmax(0,1fr)}
.numbers{grid-template-columns:repeat(4,minmax(0,1fr));grid-template-rows:auto;gap:12px 28px}
.bar{display:flex;height:26px;margin:4px 0 6px;gap:2px}
.bar i{display:block;min-width:6px}
.legend{columns:1;display:flex;flex-wrap:wrap;gap:2px 16px;margin:0;font-size:13.5px}
.unanswered{background:#b5473c}.not-done{background:#d9822b}.no-day{background:#e3c44f}.waiting{background:#c3ccd1}
.doing{background:#86b8cb}.done{background:#2d7d46}.refused{background:#5b4b8a}
.badge{border-left:10px solid;padding-left:8px}
.badge.unanswered,.badge.not-done,.badge.no-day,.badge.waiting,.badge.doing,.badge.done,.badge.refused{background:none}
.badge.no-day{border-color:#e3c44f}
.badge.unanswered{border-color:#b5473c}.badge.not-done{border-color:#d9822b}.badge.waiting{border-color:#c3ccd1}
.badge.doing{border-color:#86b8cb}.badge.done{border-color:#2d7d46}.badge.refused{border-color:#5b4b8a}
.answers{width:100%;table-layout:fixed;font-size:15px}
.answers th,.answers td{min-width:0;overflow-wrap:anywhere}
.answers .when{width:16%}.answers .where{width:24%}
.answers tbody th{font-weight:700}
.strip{grid-template-columns:minmax(0,1fr);font-size:14px}
.small{font-size:13px;color:var(--mute);display:block;font-weight:400}
.below>h2.badge{border-top:0;padding-top:0;font-size:20px}
@media (max-width:860px){.numbers{grid-template-columns:1fr 1fr}}
@media (max-width:640px){
.numbers{grid-template-columns:minmax(0,1fr)}
.legend{display:block}
.answers,.answers tbody,.answers tr,.answers td,.answers tbody th{display:block;width:auto}
.answers thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.answers tr{border-bottom:2px solid var(--ink);padding:6px 0}
.answers td,.answers th{border:0;padding:2px 0}
.answers td[data-name]::before{content:attr(data-name) ": ";color:var(--mute)}
}
"""


def page(answers: Answers) -> str:
    """The whole HTML text: nothing runs and nothing is fetched."""
    groups = el("div", *_groups(answers.lines), id="answers")
    heading = f"You said, we did: {answers.title}"
    return document(heading, "Skip to the answers", "answers", _first(answers), groups, style=STYLE)


def _first(answers: Answers) -> Element:
    count = answers.totals
    late = count.states["unanswered"] + count.states["not-done"]
    heading = f"You said, we did: {late} of {recommendations(count.asked)} {'is' if late == 1 else 'are'} overdue"
    if not late:
        heading = f"You said, we did: {recommendations(count.asked)}, nothing overdue"
    if count.states["no-day"]:
        heading += f"; {count.states['no-day']} {WORDS['no-day']}"
    marked = el("strong", f"{REHEARSAL} ") if answers.rehearsal else None
    about = f"{answers.title}. As of {in_words(answers.day)}, from the register."
    return el(
        "div",
        el("header", el("h1", heading), el("p", marked, about)),
        el("section", el("h2", "Where each stands", id="stand"), *_bar(count), class_="panel", aria_labelledby="stand"),
        el("section", *_numbers(answers.lines, count), class_="numbers", aria_label="Four figures"),
        el("div", *(el("p", sentence) for sentence in answers.sentences), class_="strip"),
        class_="first",
    )  # fmt: skip


def _bar(totals: Totals) -> list[Child]:
    """One bar of all recommendations; the list under it says the same in words."""
    states = {state: count for state, count in totals.states.items() if count}
    parts = [el("i", class_=state, style=f"flex:{count}") for state, count in states.items()]
    listed = [el("li", el("i", class_=f"swatch {state}"), f"{count} {WORDS[state]}") for state, count in states.items()]
    return [el("div", *parts, class_="bar", aria_hidden="true"), el("ul", *listed, class_="legend")]


def _numbers(lines: Sequence[Line], count: Totals) -> list[Element]:
    worst = max((line.days_late for line in lines if line.state == "unanswered"), default=0)
    no_day = f" {count.states['no-day']} {WORDS['no-day']}." if count.states["no-day"] else ""
    broken = max((line.days_late for line in lines if line.state == "not-done"), default=0)
    judged = [line.in_time for line in lines if line.in_time is not None]
    return [
        _number("Answered in time", f"{sum(judged)} of {len(judged)}", "of those whose day is past."
                f" {count.answered_late or 'None'} came late."),
        _number("No answer, overdue", str(count.states["unanswered"]),
                f"The longest wait: {days(worst)} over." if worst else "Nothing is unanswered after its day."),
        _number("Done", str(count.states["done"]), "confirmed by those who wait for it, or by a judge,"
                " not by who promised it."),
        _number("Promised, overdue", str(count.states["not-done"]),
                f"{f'The longest: {days(broken)} over.' if broken else 'No promise is past its day.'}{no_day}"),
    ]  # fmt: skip


def _number(title: str, figure: str, line: str) -> Element:
    return el("div", el("h2", title), el("p", figure, class_="figure"), el("p", line), class_="number")


def _groups(lines: Sequence[Line]) -> list[Element]:
    made = []
    for state, title in TITLES.items():
        inside = [line for line in lines if line.state == state]
        if inside:
            heading = el("h2", f"{title} ({len(inside)})", id=state, class_=f"badge {state}")
            made.append(el("section", heading, _table(inside, title), class_="below", aria_labelledby=state))
    return made or [el("section", el("p", "Nothing has been recommended yet."), class_="below")]


def _table(lines: Sequence[Line], title: str) -> Element:
    heads = (
        ("You said", ""),
        ("We did, will, or will not because", ""),
        ("By when", "when"),
        ("Where it stands", "where"),
    )
    head = el("tr", *(el("th", said, scope="col", class_=name or None) for said, name in heads))
    return el("table", el("caption", title, class_="hidden"), el("thead", head), el("tbody", *map(_row, lines)),
              class_="answers")  # fmt: skip


def _no_day(state: State) -> str:
    return "nothing promised" if state == "refused" else "no day given"


def _row(line: Line) -> Element:
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
        el("th", about.text, el("span", " · ".join(asked), class_="small"), scope="row"),
        el("td", line.we_said, answered),
        el("td", in_words(line.by_when) if line.by_when else _no_day(line.state), data_name="By when"),
        el("td", line.stands),
    )
