"""The charts of the ledger: people by tier as bars of a whole, and every area over the years."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from soke import text
from soke.england.devolution import STANDINGS, People, Standing, Timeline, a_head, people_of, standing_of, timeline
from soke.england.strategic import strategic_authorities
from soke.report.markup import Child, Element, el
from soke.report.shell import shares
from soke.report.tables.devolution import NOT_KNOWN, SHORT, WORDS, month, named_kind
from soke.site.areas import by_name
from soke.site.frame import link
from soke.site.tiers import KINDS, LEGEND

FIRST, LAST = dt.date(2010, 1, 1), dt.date(2030, 1, 1)
YEARS = (2010, 2015, 2020, 2025, 2030)
GRID = tuple(dt.date(year, 1, 1) for year in YEARS[1:-1])
HEIGHT, THICK = 22.0, 12.0  # pixels: of a row's drawing, and of a bar in it
NOW = 9.0  # pixels: of the mark of what an area has now


def millions(people: float) -> str:
    """``8.9m``."""
    return f"{people / 1e6:.1f}m"


def rounded(people: float) -> str:
    """``1.6m``, ``360,000``, ``41,000``, ``2,300``."""
    if people >= 995_000:
        return millions(people)
    return f"{round(people, -4 if people >= 99_500 else -3 if people >= 9_950 else -2):,.0f}"


def key(marks: Iterable[tuple[Child, str]]) -> Element:
    """What marks mean."""
    drawn = (el("li", el("svg", mark, aria_hidden="true"), words) for mark, words in marks)
    return el("ul", *drawn, class_="legend")


def colours() -> Element:
    """What the colours mean."""
    return key((el("rect", class_=kind, x=1, y=1, width=15, height=11), words) for kind, words in LEGEND)


def people_bars(people: Iterable[People], counted: Standing) -> Element:
    """Of each 100 people, how many live under which tier; the figure is of one of them."""
    return el("ul", *(_people(of, counted) for of in people), class_="bars tiers")


def _people(of: People, counted: Standing) -> Element:
    name = el("b", "England") if of.kind == "country" else named_kind(of.kind)
    read_out = "; ".join(
        f"{WORDS[one]} {of.share(one) * 100:.0f}" for one in STANDINGS if of.by[one] and one != counted
    )
    drawn = shares((KINDS[one], of.share(one)) for one in STANDINGS)
    return el(
        "li",
        el("span", name, el("small", f"{of.all / 1e6:.1f} million people")),
        el("b", f"{of.share(counted) * 100:.0f}"),
        el("span", drawn, el("span", f"of 100. {read_out}", class_="hidden") if read_out else None, class_="drawn"),
    )


# --- over the years ---


def timelines(path: str, at: dt.date, today: dt.date) -> list[Child]:
    """Every strategic authority over the years until ``at``, with the first vote if it is after ``today``."""
    years = (el("span", str(year), class_="mid" if n % 4 else None) for n, year in enumerate(YEARS))
    head = el(
        "tr", el("th", "Area", scope="col"), el("th", "People", scope="col", class_="n wide"),
        el("th", "There since", scope="col", class_="n wide"),
        el("th", el("span", "Since when", class_="hidden"), el("span", *years, class_="years", aria_hidden="true"),
           scope="col", class_="time"),
        el("th", "Level now", scope="col"), el("th", "Fund, £ a head a year", scope="col", class_="n wide"),
    )  # fmt: skip
    rows = (_row(path, timeline(body, at), at, today) for body in strategic_authorities())
    caption = el("caption", el("span", f"At {text.day(at)}, the last day of which anything is told us."), id="since")
    grid = el("table", caption, el("thead", head), el("tbody", *rows))
    marks: list[tuple[Child, str]] = [
        (el("rect", class_="pale", x=1, y=1, width=15, height=11), "There, but we hold no date for its level then"),
        (el("rect", class_="t1", x=1, y=1, width=15, height=11), "Level known, in the colours above"),
        (el("line", class_="tick", x1=8, x2=8, y1=0, y2=14), "Moved up on a known day"),
        (el("circle", class_="ring", cx=8, cy=7, r=4.5), "First vote for a mayor to come"),
    ]
    return [key(marks), el("div", grid, class_="ledger", role="region", aria_labelledby="since")]


def _row(path: str, line: Timeline, at: dt.date, today: dt.date) -> Element:
    body, now = line.body, standing_of(line.body, at)
    people, fund = millions(people_of(body.members)), a_head(body, "investment")
    since = str(body.made.year) if body.made else "not yet"
    small = [f"{people} people", f"since {since}" if body.made else "not made yet"]
    small.append(f"£{fund:.0f} a head" if fund else "fund not known")
    money = f"£{fund:.0f}" if fund else NOT_KNOWN
    return el(
        "tr",
        el("th", link(path, body.name, by_name()[body.name].path), el("small", ", ".join(small)), scope="row"),
        el("td", people, class_="n wide"),
        el("td", since, class_="n wide" if body.made else "n wide none"),
        el("td", _drawn(line, now, at, today), el("span", _said(line, today), class_="hidden"), class_="time"),
        el("td", SHORT[now], class_="now"),
        el("td", money, class_="n wide" if fund else "n wide none"),
    )


def _drawn(line: Timeline, now: Standing, at: dt.date, today: dt.date) -> Element:
    upper = (HEIGHT - THICK) / 2
    drawn: list[Child] = [el("line", x1=x, x2=x, y1=0, y2=HEIGHT, class_="grid") for x in map(_at, GRID)]
    drawn.append(el("line", x1=_at(at), x2=_at(at), y1=0, y2=HEIGHT, class_="told"))
    for stretch in line.stretches:
        start, end = _share(stretch.first), _share(stretch.last)
        kind = KINDS[stretch.tier] if stretch.tier else "pale"
        drawn.append(el("rect", x=f"{start:.2f}%", width=f"{max(end - start, 0):.2f}%", y=upper, height=THICK,
                        class_=kind))  # fmt: skip
    if line.moved:
        drawn.append(el("line", x1=_at(line.moved), x2=_at(line.moved), y1=0, y2=HEIGHT, class_="tick"))
    drawn.append(el("rect", x=_at(at), width=NOW, y=2, height=HEIGHT - 4, class_=KINDS[now]))
    if _to_come(line, today) and line.vote:
        drawn.append(el("circle", cx=_at(line.vote), cy=HEIGHT / 2, r=4.5, class_="ring"))
    return el("svg", *drawn, height=HEIGHT, aria_hidden="true")


def _to_come(line: Timeline, today: dt.date) -> bool:
    """Whether nobody is in post, and the vote is to come."""
    return line.first_vote and line.vote is not None and is_to_come(line.vote, today)


def is_to_come(vote: dt.date, today: dt.date) -> bool:
    """Whether a vote is in a month that is not over."""
    return (vote.year, vote.month) >= (today.year, today.month)


def _said(line: Timeline, today: dt.date) -> str:
    """The same in words."""
    parts = [f"there since {text.day(line.body.made)}" if line.body.made else "not made yet"]
    for stretch in line.stretches:
        if stretch.tier:
            parts.append(f"{WORDS[stretch.tier]} known from {text.day(stretch.first)}")
    if line.vote and line.first_vote:
        when = "first vote in" if _to_come(line, today) else "first vote was due in"
        parts.append(f"{when} {month(line.vote)}")
    return "; ".join(parts)


def _share(day: dt.date) -> float:
    """Where a day stands, in per cent of the years drawn; earlier days at the edge."""
    return 100.0 * min(max((day - FIRST).days / (LAST - FIRST).days, 0.0), 1.0)


def _at(day: dt.date) -> str:
    return f"{_share(day):.2f}%"
