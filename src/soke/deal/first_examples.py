"""The worked examples that a first deal carries behind comment signs: a lever or two, a condition, a community's say.

Each line of an example is a header or one key, so that whoever takes the signs away, line by line, has a sound deal.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any

from soke.deal.first_area import FirstArea
from soke.deal.toml_text import quoted
from soke.deal.types import Framework
from soke.england.baseline import baseline
from soke.england.distance import kilometres
from soke.text import financial_year, percent

TEN_THOUSAND = 10_000  # pounds: first amounts are rounded, so as not to look like allocations
WIDE = 116  # characters of a comment
BUILDING = 4  # years that a link takes
COMMUNITIES = "communities-decide"  # the framework's condition on what communities decide
LEVERS = ("work", "link")  # what a first deal can begin with
FLEXIBILITY = "finance.virement"


@dataclass(frozen=True, slots=True)
class Example:
    """``says``: sentences for people. ``lines``: TOML, a header or one key each; ``revenue`` of its fund a year."""

    says: str
    lines: tuple[str, ...]
    revenue: int = 0


def levers_of(area: FirstArea) -> tuple[str, ...]:
    """The levers that a first deal for an area can begin with: a link needs two places."""
    return LEVERS if len(area.members) > 1 else LEVERS[:1]


def written(example: Example, *, live: bool) -> Iterator[str]:
    """The lines of a deal file: the TOML behind comment signs, unless it is ``live``."""
    yield ""
    yield from comment(example.says)
    for line in example.lines:
        yield line if live else f"# {line}".rstrip()


def comment(text: str) -> list[str]:
    """Sentences as lines behind comment signs."""
    return [f"# {line}" for line in textwrap.wrap(text, WIDE, break_long_words=False, break_on_hyphens=False)]


def rounded(pounds: Decimal) -> int:
    """Pounds to the nearest ten thousand."""
    return int((pounds / TEN_THOUSAND).to_integral_value()) * TEN_THOUSAND


def people_of(codes: Iterable[str]) -> int:
    """How many people live in lower-tier and unitary authorities."""
    figures = baseline()
    return round(float(figures["population"][figures.mask(codes)].sum()))


def work(area: FirstArea, worked: Mapping[str, Any], starts: int) -> Example:
    """Support into work, from new money of its own."""
    central = max(4, round(worked["people_per_head"] * people_of(area.members)))
    low, high = central * 3 // 4, -(-central * 5 // 4)
    pounds = max(rounded(Decimal(worked["pounds_per_person"] * central)), TEN_THOUSAND)
    people = f"people_a_year = {{ low = {low:_}, central = {central:_}, high = {high:_} }}"
    return Example(
        "A lever: new money for support into work, and what it buys. Fill in whose money it is, how much of it, and "
        "how many people a year it can support. How many of them find work is drawn from the evidence.",
        (
            *_fund("work-money", "New money for support into work", "employment", ["employment-support"], starts,
                   f"revenue = {pounds:_}", "flat_real"),
            "",
            "[[investment]]",
            'id = "support-into-work"',
            'title = "Support into work for people out of work"',
            'kind = "employability"',
            'fund = "work-money"',
            f"places = {json.dumps([area.code] if area.code else area.named)}  # where these people live",
            f'starts = "{financial_year(starts)}"',
            f'opens = "{financial_year(starts)}"  # the first year with an effect, after the base year',
            f"revenue = {pounds:_}  # pounds a year, from its opening",
            f'effect = {{ channel = "employment", {people} }}',
            'origin = "illustrative"',
        ),
        pounds,
    )  # fmt: skip


def link(area: FirstArea, worked: Mapping[str, Any], starts: int) -> Example | None:
    """A faster journey between the two largest places; None where there is one alone."""
    if "link" not in levers_of(area):
        return None
    near, far = sorted(area.members, key=lambda code: (-people_of([code]), code))[:2]
    apart = _apart(near, far)
    mode = "bus" if apart < worked["near_km"] else "rail"
    before = round(worked["walk_minutes"] + 60 * apart / worked["speed_kmh"][mode])
    after = ", ".join(f"{end} = {before * float(part):.1f}" for end, part in worked["faster"].items())
    yearly = max(rounded(Decimal(worked["capital_per_head"]) * people_of(area.members) / BUILDING), TEN_THOUSAND)
    names = [baseline().names[baseline().codes.index(code)] for code in (near, far)]
    return Example(
        f"A lever: a faster journey between {names[0]} and {names[1]}, the two largest places here. Fill in the places "
        "at its ends, by what it goes, and door-to-door minutes before and after; low is the fastest that may come.",
        (
            *_fund("link-money", "New money for a link", "transport", ["local-transport"], starts,
                   f"capital = {yearly:_}", "ends", BUILDING),
            "",
            "[[investment]]",
            'id = "faster-link"',
            f"title = {quoted(f'Faster link between {names[0]} and {names[1]}')}",
            'kind = "transport"',
            'fund = "link-money"',
            f"places = {json.dumps([near, far])}",
            f'starts = "{financial_year(starts)}"',
            f'opens = "{financial_year(starts + BUILDING)}"',
            f"capital = {yearly * BUILDING:_}  # pounds in all, spread from its start to its opening",
            f'effect = {{ channel = "connection", mode = "{mode}", between = [["{near}"], ["{far}"]], '
            f"minutes_before = {before}, minutes_after = {{ {after} }} }}",
            'origin = "illustrative"',
        ),
    )  # fmt: skip


def _apart(near: str, far: str) -> float:
    """Kilometres between the centres of two authorities."""
    figures = baseline()
    both = [figures.codes.index(near), figures.codes.index(far)]
    return float(kilometres(figures.lat[both], figures.lon[both])[0, 1])


def _fund(
    id_: str, title: str, function: str, powers: list[str], starts: int, amount: str, then: str, years: int = 1
) -> Iterator[str]:
    """New money of one amount a year for some years, and then as ``then`` says."""
    rows = [f'{{ year = "{financial_year(year)}", {amount} }}' for year in range(starts, starts + years)]
    yield "[[fund]]"
    for key, value in (("id", id_), ("title", title), ("theme", "new"), ("function", function), ("from", "hmt")):
        yield f"{key} = {quoted(value)}"
    yield from ('to = "authority"', 'mechanism = "settlement-formula"', 'additionality = "new"')
    yield f'after_profile = "{then}"'
    yield f"powers = {json.dumps(powers)}"
    yield f"profile = [{', '.join(rows)}]"
    yield 'origin = "illustrative"'


def community(framework: Framework, revenue: int, from_fund: str, body: str) -> Example:
    """Neighbourhood budgets, twice as large as the framework's condition on communities asks of ``revenue`` a year."""
    asked = next(one.at_least for one in framework.conditions if one.id == COMMUNITIES) or Decimal(0)
    share = 2 * asked
    least, twice = percent(float(asked)), percent(float(share))
    amount = int((share * revenue / 1000).to_integral_value(ROUND_CEILING)) * 1000
    return Example(
        f'What communities decide: with it the condition "{COMMUNITIES}" can be met. It asks for {least} of the '
        f"deal's revenue; this is {twice}. Fill in how much, from which fund, and who adopts the result.",
        (
            "[[community]]",
            'id = "neighbourhood-budgets"',
            'title = "Neighbourhood budgets"',
            'mechanism = "participatory-budget"',
            f"amount = {amount:_}  # pounds a year, in all neighbourhoods together",
            f"from_fund = {quoted(from_fund)}",
            'rule = "equal-shares"',
            'decided_by = "residents aged 16 or over"',
            "undertaking = true",
            f"adopts = {quoted(f'{body} adopts the result at its next meeting, within 60 days')}",
            'ballot = "open"',
            "size_min = 2_000  # people of the smallest neighbourhood",
            "size_max = 50_000",
            'origin = "illustrative"',
        ),
    )


def condition(area: FirstArea, framework: Framework, worked: Mapping[str, Any], starts: int) -> Example:
    """A condition on what the support into work does, with its indicator."""
    at_least = max(4, round(worked["people_per_head"] * people_of(area.members))) * 3 // 4
    flexibility = flexibility_of(framework, area)
    return Example(
        "A condition on what the money does. Fill in what is counted, by whom, how much is enough, when it is due, and "
        "what may be taken back: money and flexibilities only. Whoever reports is not whoever checks.",
        (
            "[[indicator]]",
            'id = "people-supported"',
            'title = "People who began support into work"',
            'unit = "people"',
            'better = "up"',
            'period = "year"',
            'publisher = "the register"',
            "lag_days = 60",
            'revision = "freeze"',
            'collection = "register-count"',
            'origin = "illustrative"',
            "",
            "[[condition]]",
            'id = "support-reaches-people"',
            'title = "Support reaches the people it is for"',
            'kind = "performance"',
            'indicator = "people-supported"',
            f"at_least = {at_least:_}",
            'window = "1 year"',
            'unit = "people"',
            f'from = "{financial_year(starts)}"',
            'evidence = "The register: each person who began, without a name"',
            'reported_by = "authority"',
            'checked_by = "panel"',
            "due_days = 90",
            "tolerance = 0.10",
            'excuse = ["a national programme for the same people began or ended"]',
            'remedy = "improvement plan"',
            f"tie = {quoted(flexibility)}",
            f"recall = {{ scope = [{quoted(flexibility)}] }}",
            'origin = "illustrative"',
        ),
    )


def flexibility_of(framework: Framework, area: FirstArea) -> str:
    """The power of the tier that a letter gave and a letter can take back: moving money between lines."""
    return next(
        power.id
        for power in framework.powers
        if power.function == FLEXIBILITY and power.recallable and area.tier in power.tiers
    )
