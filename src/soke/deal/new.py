"""A first deal for an area, written from the framework's offer to its tier and the embedded figures."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from soke.deal import first_examples
from soke.deal.first_area import FirstArea, first_area
from soke.deal.first_examples import Example, comment, flexibility_of, levers_of, people_of, rounded, written
from soke.deal.packaged import first_funds
from soke.deal.reader import read_framework
from soke.deal.toml_text import quoted
from soke.deal.types import Deal, Framework, Power
from soke.england.places import Places
from soke.england.sources import source
from soke.england.strategic import SOURCE, StrategicAuthority, around, told_until
from soke.errors import SokeError
from soke.text import capital, day, financial_year, listed, year_of

YEARS = 4
LATEST = 10  # years after the offer's own that a first deal may start


def new_deal(
    said: str | Sequence[str],
    places: Places,
    *,
    name: str = "",
    starts: int | None = None,
    levers: Sequence[str] = (),
) -> str:
    """The text of a first deal for a strategic authority, a county or unitary council, by name or code, or for a list
    of places with a ``name``. ``starts``: the financial year; ``levers``: those of :func:`levers_of` its area that are
    no mere example.

    It passes the check; what it cannot know is marked illustrative, and what it lacks stands in it as an example behind
    comment signs. SokeError where the places cannot hold a deal, or in the years asked for.
    """
    area = first_area([said] if isinstance(said, str) else said, name, places)
    framework = read_framework("england")
    first = first_year(area, framework)
    start = first if starts is None else starts
    if not first <= start <= framework.effective.year + LATEST:
        last = financial_year(framework.effective.year + LATEST)
        fact = f"A first deal for {area.name} cannot start in {financial_year(start)}."
        raise SokeError(fact, f"Name a year from {financial_year(first)} to {last}.", code="bad-year")
    powers = [power for power in framework.powers if not power.tiers or area.tier in power.tiers]
    funds = _funds(area, powers, start, framework)
    text = [
        *_head(area, start, framework, powers, places),
        *_parties(area),
        *_standing(framework, area),
        *(line for fund in funds for line in fund.lines),
        *_conditions(framework, area),
        *_examples(area, framework, funds, start, levers),
        *_source(area),
        "",
    ]
    return "\n".join(text)


def lever_example(deal: Deal, places: Places) -> str:
    """A worked lever for the places of a deal, as text to put into its file: support into work, from new money."""
    code = deal.place if places.get(deal.place) else ""
    area = FirstArea(deal.title, "", code, deal.members, places.gathered(deal.members), deal.tier, None)
    return "\n".join(first_examples.work(area, first_funds()["worked"], deal.starts).lines)


def first_year(area: FirstArea, framework: Framework) -> int:
    """The first financial year that a first deal may start in: the offer's, or that in which the area is there."""
    strategic = area.strategic
    if strategic and strategic.made is None and strategic.elects:
        return max(framework.effective.year, year_of(strategic.elects))
    return framework.effective.year


def _head(area: FirstArea, start: int, framework: Framework, powers: list[Power], places: Places) -> Iterator[str]:
    mark = "Replace what is marked illustrative with your own lines; then: soke check."
    yield from comment(f"A first deal for {area.name}. {mark}")
    yield from comment(_what_it_is(area, places))
    yield 'schema = "soke-deal/1"'
    yield f"extends = {quoted(framework.id)}"
    yield f"id = {quoted(area.id)}"
    yield f"title = {quoted(f'{area.name}: a first deal')}"
    yield f"place = {quoted(area.code or area.name)}"
    if not area.code:
        yield f"members = {json.dumps(area.named)}"
    yield f"tier = {quoted(area.tier)}"
    yield 'status = "draft"'
    yield f'starts = "{financial_year(start)}"'
    yield f'ends = "{financial_year(start + YEARS - 1)}"'
    yield f'prices = "real {financial_year(framework.effective.year - 1)}"'
    yield 'review = "every spending review"'
    yield "powers = ["
    yield from (f"  {quoted(power.id)},  # {power.title}" for power in powers)
    yield "]"


def _what_it_is(area: FirstArea, places: Places) -> str:
    """Whose deal it is, at which tier, and who says so."""
    if area.strategic:
        tier = f"Tier {area.tier}, {_mayor(area.strategic)} ({area.strategic.last.told})."
        return f"{area.body}: {_made(area.strategic)} {tier}"
    inside = {wider.name: wider for code in area.members if (wider := around(code))}
    lies = [
        _lies([places.name(code) for code in area.named if set(places.members(code)) & set(wider.members)], wider)
        for wider in inside.values()
    ]
    of_these = "of this place alone" if len(area.named) == 1 else "of just these places"
    said = f"No strategic authority {of_these} is known: the deal is at the foundation tier, without a mayor."
    shared = f" {'; '.join(lies)}: agree who holds which power." if lies else ""
    return f"{said}{shared}"


def _lies(names: list[str], wider: StrategicAuthority) -> str:
    standing = wider.last.tier if wider.made else "planned"
    return f"{listed(names)} {'lies' if len(names) == 1 else 'lie'} in {wider.name} ({standing})"


def _made(area: StrategicAuthority) -> str:
    if area.made is None:
        return "planned, not yet made: the deal starts in the year of its first election."
    return f"by {area.instrument}, there since {day(area.made)}."


def _mayor(area: StrategicAuthority) -> str:
    if area.last.mayor:
        return "a mayor in post"
    return f"no mayor in post, the first to be elected in {area.elects:%B %Y}" if area.elects else "no mayor"


def _sentence(text: str) -> str:
    return capital(text)


def _parties(area: FirstArea) -> Iterator[str]:
    yield from ("", "[[party]]", 'id = "authority"', f"name = {quoted(area.body)}")
    if area.code:
        yield f"place = {quoted(area.code)}"


def _standing(framework: Framework, area: FirstArea) -> Iterator[str]:
    """The readiness tests that only the place can answer: what is told is filled in, the rest ready to be."""
    yield from ("", "# Readiness: answer these, each with its source.")
    for test in framework.readiness:
        if test.tier != area.tier or test.measure in ("population", "contiguous"):
            continue
        yield f"# {test.question}"
        if test.id == "mayoral-order" and area.strategic:
            yield from ("[[standing]]", f"test = {quoted(test.id)}")
            told = f"{_made(area.strategic)} {_sentence(_mayor(area.strategic))}"
            yield f"statement = {quoted(_sentence(told))}"
            yield from ('grade = "unverified"', f'source = ["{SOURCE}"]', "")
        else:
            answer = "since = 2020-01-01" if test.measure.endswith("months") else 'statement = "..."'
            lines = ("[[standing]]", f"test = {quoted(test.id)}", answer, 'origin = "illustrative"')
            yield from (*(f"# {line}" for line in lines), "")


@dataclass(frozen=True, slots=True)
class _Fund:
    id: str
    revenue: int
    lines: tuple[str, ...]


def _funds(area: FirstArea, powers: list[Power], start: int, framework: Framework) -> list[_Fund]:
    held, offer, people = {power.id for power in powers}, first_funds(), people_of(area.members)
    made = []
    for fund in offer["fund"]:
        pays_for = [power for power in fund["powers"] if power in held]
        if not pays_for:
            continue
        revenue, capital = (rounded(fund[f"{part}_per_head"] * people) for part in ("revenue", "capital"))
        origin = offer["origin"] if revenue + capital else offer["unknown"]
        rows = [f"{key} = {quoted(fund[key])}" for key in ("id", "title", "theme", "function", "from")]
        years = (("profile", start), ("previous_spend", framework.effective.year - 1))
        made.append(_Fund(fund["id"], revenue, (
            "", "[[fund]]", f"# {origin}.", *rows, 'to = "authority"', 'mechanism = "national-formula"',
            f"additionality = {quoted(fund['additionality'])}", 'after_profile = "flat_real"',
            f"powers = {json.dumps(pays_for)}",
            *(f'{key} = [{{ year = "{financial_year(year)}", revenue = {revenue:_}, capital = {capital:_} }}]'
              for key, year in years),
            'origin = "illustrative"',
        )))  # fmt: skip
    return made


def _conditions(framework: Framework, area: FirstArea) -> Iterator[str]:
    """The two first grounds of recall, tied to what a letter can take back."""
    flexibility = flexibility_of(framework, area)
    yield from ("", "# What hangs on working together, and on communities deciding: only money and flexibilities.")
    for condition in ("partners-decide", first_examples.COMMUNITIES):
        yield from ("", "[[condition]]", f"id = {quoted(condition)}", f"tie = {quoted(flexibility)}")
        yield f"recall = {{ scope = [{quoted(flexibility)}] }}"


def _examples(
    area: FirstArea, framework: Framework, funds: list[_Fund], start: int, levers: Sequence[str]
) -> Iterator[str]:
    worked = first_funds()["worked"]
    found: dict[str, Example | None] = {
        "work": first_examples.work(area, worked, start),
        "link": first_examples.link(area, worked, start),
    }
    for lever in levers:
        if lever not in levers_of(area):
            fix = f"Choose {' or '.join(levers_of(area))}."
            raise SokeError(f"{lever[:40]!r} is no lever of a first deal for {area.name}.", fix)
    yield from ("", "# " + "-" * 64 + " worked examples")
    yield from comment(
        "A lever is what money buys, and what it acts through: without one nothing changes, and a report says so. Take "
        "the comment sign away from each line of an example that is a [[table]] or a key, and change what it says."
    )
    for name, example in found.items():
        if example:
            yield from written(example, live=name in levers)
    yield from written(first_examples.condition(area, framework, worked, start), live=False)
    revenue = sum(fund.revenue for fund in funds)
    revenue += sum(example.revenue for example in found.values() if example)
    payer = next(fund for fund in funds if fund.revenue)
    yield from written(first_examples.community(framework, revenue, payer.id, area.body), live=False)


def _source(area: FirstArea) -> Iterator[str]:
    """Where the deal's own statement on a mayor comes from."""
    if area.strategic and area.tier == "mayoral":
        found = source(SOURCE)
        yield from ("", "[[source]]", f'id = "{SOURCE}"', f"title = {quoted(found.heading)}")
        yield from (f"publisher = {quoted(found.publisher)}", f"date = {told_until()}")
