"""The sums behind the numbers of a place: of each total and each line its steps, what is published, and the command
that prints the same."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from soke import text
from soke.england.places import places
from soke.errors import SokeError
from soke.model.accounts.explain import TOTALS, LineSum, TotalSum, explain_every, plain_title
from soke.model.accounts.types import Side
from soke.report.account_words import known_words, plain_words
from soke.report.markup import Child, Element, el
from soke.report.source_links import address_of, linked
from soke.report.tables.figures import Figure, figures
from soke.report.tables.place import anchor, is_something, sum_of
from soke.site.areas import Area
from soke.site.contents import Site
from soke.site.frame import DATA, link, site_page
from soke.site.places.facts import PlaceFacts, facts_of
from soke.site.places.place import trail

STYLE = "place.css"
SHORT = 24  # letters of a figure that stands beside its name
SIDES: tuple[tuple[Side, str], ...] = (("revenue", "What is raised"), ("spending", "What is spent"))
CALLED = {
    "raised": "Raised here", "spent": "Spent here", "gap": "What is short, or over", "all taxes": "All taxes",
    "core taxes": "Core taxes", "UK borrowing": "Our part of UK borrowing", "lower tax": "Lower tax per head",
    "higher spending": "Higher spending per head",
}  # fmt: skip
STEPS = {
    "region": "Published for the region, £m", "own": "What is known of this place", "fit": "How that fits the region",
    "here": "What falls here",
    "grade": "How well it is known", "range": "How far it may be off", "lines": "Add up the lines, £m",
    "people": "The share of people", "UK": "Published for the UK, £m",
}  # fmt: skip


def sums_page(site: Site, area: Area) -> str:
    """The whole HTML text: each sum has an address of its own, to which the place's page leads."""
    facts = facts_of(area)
    a = facts.account
    sums = explain_every(a)
    year = text.financial_year(a.year)
    largest = max((x for x in a.lines), key=lambda x: x.value)
    named = _mid(plain_words(largest.line.id, plain_title(largest.line.title)))
    lead = f"Each opens its steps. The largest is {named}: {text.money(largest.value)}."
    cited: dict[str, int] = {}
    groups = [el("section", el("h2", "Totals", id="totals"), *(_sum(facts, key, sums[key], cited) for key in TOTALS))]
    groups += [el("section", el("h2", title, id=side), *_lines(facts, sums, side, cited)) for side, title in SIDES]
    others = (_figure(figure, cited) for figure in figures(a).values())
    groups.append(el("section", el("h2", "Other numbers of its pages", id="others"), *others))
    groups.append(el("section", el("h2", "Sources", id="sources"), el("ol", *_sources(cited))))
    return site_page(
        site, area.beside("sums"), f"{area.called}: the sums",
        el("h1", f"Every number of {area.name}, and the sum behind it"), el("p", lead, class_="lead"),
        el("p", f"{year}, £ million. The same sums as text: ", el("code", command(area, "LINE", a.year)), ". ",
           link(area.beside("sums"), "The rows of every line", f"{DATA}#accounts"), ".", class_="small"),
        el("div", *groups, class_="sums"), trail=(*trail(area), (area.name, area.path)), style=STYLE,
    )  # fmt: skip


def _mid(words: str) -> str:
    """In the middle of a sentence; a name keeps its capitals."""
    return words if words[:2].isupper() else words[:1].lower() + words[1:]


def _sources(cited: dict[str, int]) -> Iterator[Element]:
    """Each source once, where the steps lead."""
    for title, number in cited.items():
        yield el("li", linked(title, address_of(title)), id=f"s{number}")


def _cited(said: str, cited: dict[str, int]) -> Iterator[Child]:
    """Titles of sources, each leading to its line in the list; words that are no title stay as they are."""
    for number, title in enumerate(said.split("; ")):
        if number:
            yield "; "
        if not address_of(title):
            yield title
            continue
        at = cited.setdefault(title, len(cited) + 1)
        yield el("a", f"source {at}", href=f"#s{at}")


def _lines(
    facts: PlaceFacts, sums: dict[str, LineSum | TotalSum], side: Side, cited: dict[str, int]
) -> Iterator[Element]:
    there = [x for x in facts.account.lines if x.line.side == side and is_something(x.value, x.england_per_head)]
    for x in sorted(there, key=lambda x: -abs(x.value)):
        yield _sum(facts, x.line.id, sums[x.line.id], cited)


def _sum(facts: PlaceFacts, key: str, done: LineSum | TotalSum, cited: dict[str, int]) -> Element:
    name = plain_words(key, done.title) if isinstance(done, LineSum) else CALLED[key]
    asked = done.title if isinstance(done, LineSum) else key
    other = asked.casefold() != name.casefold()
    called = el("p", "LINE: ", el("code", shlex.quote(asked)), class_="small") if other else None
    return el(
        "details", el("summary", name, " ", el("b", text.money(done.value))),
        _a_head(facts, done), el("ol", *_steps(facts, key, done, cited), class_="steps"), called,
        id=anchor(key),
    )  # fmt: skip


def _figure(figure: Figure, cited: dict[str, int]) -> Element:
    """The sum behind a number that is not of the account."""
    steps = (_step(text.capital(step), sum_, source, cited) for step, sum_, source in figure.steps)
    short = len(figure.said) <= SHORT
    said = figure.year if short else text.capital(figure.said)
    return el("details", el("summary", figure.title, " ", el("b", figure.said if short else figure.year)),
              el("p", f"{said}."), el("ol", *steps, class_="steps"), id=anchor(figure.title))  # fmt: skip


def _a_head(facts: PlaceFacts, done: LineSum | TotalSum) -> Element | None:
    if isinstance(done, TotalSum):
        return None
    heads = f"{text.pounds(done.per_head)} a head; in England {text.pounds(done.england_per_head)}."
    line = next(x for x in facts.account.lines if x.line.id == done.line)
    known = "" if done.published else f" It is {known_words(line.known)}."
    return el("p", heads, f"{known} Grade: {line.line.grade}.")


def _steps(facts: PlaceFacts, key: str, done: LineSum | TotalSum, cited: dict[str, int]) -> Iterator[Element]:
    table = sum_of(key, done, facts.account)
    if "step" not in [column.key for column in table.columns]:  # published for the place itself, by region
        for row in table.records():
            yield el("li", f"Published for {row['region']}: {text.money(float(row['gbp_million_cash'] or 0.0))}")
        return
    for row in table.records():
        step, part = str(row["step"]), str(row.get("part") or "")
        if _said_already(step, part, str(row["arithmetic"])):
            continue
        words = STEPS.get(step, step)
        whose = f"{text.capital(part)}: {_mid(words)}" if part not in ("", "all") else words
        source = str(row["source"] or "")
        yield _step(whose, str(row["arithmetic"]), source, cited)


def _step(words: str, arithmetic: str, source: str, cited: dict[str, int]) -> Element:
    where: list[Child] = ["; ", *_cited(source, cited)] if source else []
    return el("li", words, el("small", arithmetic, *where))


def _said_already(step: str, part: str, arithmetic: str) -> bool:
    """Whether the line above the steps says it: how a line of one part is known, and that it has no range; the range of
    a part stands in that of the whole."""
    if step == "range":
        return part not in ("", "all") or arithmetic.startswith("none")
    return step == "grade" and not part


def command(area: Area, line: str, year: int) -> str:
    """What prints the sum in a terminal: by the name of the place, or its code where the name is also another's."""
    try:
        named = places().area(area.name)[1] == area.members
    except SokeError:
        named = False
    asked = area.name if named else area.code
    return f"soke place {shlex.quote(asked)} --year {text.financial_year(year)} --explain {shlex.quote(line)}"
