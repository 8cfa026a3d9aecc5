"""The page of a what-if: one sentence, a map of winners and losers, four figures, and the tables behind them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np

from soke import text as words
from soke.england.baseline import Floats
from soke.england.layout import hexes
from soke.england.places import CLASS_NAMES, places
from soke.model.funding import regime
from soke.model.funding.what_if import WhatIf
from soke.report.charts.hexmap import Scale, hexmap, scale_for
from soke.report.markup import Element, el
from soke.report.sections import grade_legend
from soke.report.shell import document, number, panel, section, swatches
from soke.report.source_links import named_and_linked
from soke.report.table import to_html
from soke.report.tables import what_if as made
from soke.report.what_if_asked import Asked, asked_words
from soke.table import Table
from soke.text import financial_year

PAGE, FILE = "what-if.html", "what-if.csv"
SMALL = 0.5  # GBP million: money together that is about nothing
STYLE = """
h1{font-size:clamp(22px,14px + 1vw,27px);max-width:44em}
.mapped .map{max-width:520px}
.half .table,.half table{min-width:0}
table.small{min-width:0;width:100%;margin:2px 0 6px;color:inherit}
.small th,.small td{padding:2px 8px 2px 0;min-width:0;font-size:15px}
#assumptions~.table table{min-width:min(100%,46rem)}
.first .legend{display:block;margin:0}
.mapped{display:grid;grid-template-columns:minmax(0,1fr) 210px;gap:16px;align-items:start}
.first .two{grid-template-columns:minmax(0,7fr) minmax(0,4fr)}
.first .numbers{grid-template-columns:minmax(0,1fr)}
@media (max-width:860px){.mapped,.first .two{grid-template-columns:minmax(0,1fr)}.first .numbers{order:-1}}
"""


def render(result: WhatIf, asked_for: Asked = ()) -> dict[str, bytes]:
    """The page and its CSV by file name; ``asked_for``: places that it leads with and marks on the map."""
    return {PAGE: page(result, asked_for).encode(), FILE: made.every_place(result).csv().encode()}


def sentence(result: WhatIf, asked_for: Asked = ()) -> str:
    """The whole answer in one sentence; what comes to the places asked for stands before it."""
    if_ = condition(result)
    if result.nothing:
        return f"{if_}, no place would have more or less to spend: {_why_nothing(result)}"
    every = f"{together(result)}: {_gain_and_lose(result)}."
    if not asked_for:
        return f"{if_}, {every}"
    return f"{if_}, {asked_words(result, asked_for)}. All in all, {every}"


def condition(result: WhatIf) -> str:
    """``If councils kept 75% of business rates (today 50%) and baselines were reset every 5 years``."""
    return f"If {made.changed(result.asked, result.years[0])}"


def _why_nothing(result: WhatIf) -> str:
    changed = not np.array_equal(result.household.room_before, result.household.room_after)
    if changed:
        return "what changes is how far council tax may rise without a vote."
    return "no rule that shares out business rates and grant in these years is moved by it."


def together(result: WhatIf) -> str:
    """What England's councils have more of, and whose it is."""
    whole = float(result.average.sum())
    if abs(whole) < SMALL:
        return "councils in England would have the same money together, shared differently"
    more, from_ = ("more", "from the Treasury") if whole > 0 else ("less", "to the Treasury")
    return f"councils in England would have {words.money(abs(whole))} a year {more}, {from_}"


def counts(result: WhatIf) -> tuple[int, int]:
    """Places that gain and places that lose 50p a head or more."""
    return int((result.a_head >= made.CLEAR).sum()), int((result.a_head <= -made.CLEAR).sum())


def _gain_and_lose(result: WhatIf) -> str:
    up, down = counts(result)
    said = []
    for count, verb, found in ((up, "gain", made.gainers(result)), (down, "lose", made.losers(result))):
        most = ""
        if found:
            head = words.pounds(abs(float(result.a_head[found[0]])))
            most = f" (most {places().name(result.codes[found[0]])}, {head} a head)"
        who = words.counted(count, "place") if count else "no place"
        said.append(f"{who} {verb}{'s' if count < 2 else ''}{most}")
    return words.listed(said) if up or down else "no place gains or loses 50p a head"


def household_words(result: WhatIf, index: int) -> str:
    """What a place's change comes to for a household."""
    house, name = result.household, places().name(result.codes[index])
    needed, bill = float(house.needed[index]), float(house.bill[index])
    head = words.pounds(abs(float(result.a_head[index])))
    if abs(result.a_head[index]) < made.CLEAR:
        return f"{name}: about nothing changes for services or for the bill."
    if needed < 0:
        return (
            f"{name}: services have {head} a head more a year; or a Band D bill of {words.pounds(bill)} could be"
            f" {words.pounds(-needed)} lower."
        )
    room = float(house.room_after[index])
    most = "nothing limits it" if np.isinf(room) else f"{words.pounds(room)} is the most in one year without a vote"
    return (
        f"{name}: services lose {head} a head a year; to make it good a Band D bill of {words.pounds(bill)} would rise"
        f" by {words.pounds(needed)}; {most}."
    )


def ledger_words(result: WhatIf) -> str:
    """That money neither appears nor vanishes, with its figures."""
    before, after = result.before, result.after
    return (
        f"The ledger of {words.financial_year(result.years[-1])}: of {_million(result.collected)} collected, councils"
        f" keep {_million(after.retained)} ({_million(before.retained)} as the law stands), the Treasury has"
        f" {_million(after.treasury)} ({_million(before.treasury)}) and pays {_million(after.grant)}"
        f" ({_million(before.grant)}) in grant. Councils {words.money(float(result.last.sum()), plus=True)},"
        f" the Treasury {words.money(float(result.treasury[-1]), plus=True)}."
    )


def _million(by_year: Floats) -> str:
    return words.sign(by_year[-1], f"£{abs(by_year[-1]):,.0f}m", plus=False)


# The page


def page(result: WhatIf, asked_for: Asked = ()) -> str:
    """The whole HTML text: nothing runs and nothing is fetched."""
    tables = {name: build(result) for name, build in made.TABLES.items()}
    parts = (_first(result, asked_for), *_below(result, tables))
    title = "What if: who would gain and who would lose"
    return document(title, "Skip to the tables", "places", *parts, style=STYLE)


def _first(result: WhatIf, asked_for: Asked) -> Element:
    facts = (
        f"A year, on average over {made.span(result)}, in prices of {financial_year(result.base_year)} · business rates"
        " kept and grant; council tax apart · today’s law beside the law with these settings · "
    )
    return el(
        "div", el("h1", words.whole_years(words.unbroken(sentence(result, asked_for)))),
        el("p", facts, el("strong", "Every place’s figure is an estimate", _official(result)), class_="run"),
        el("div", _map(result, [code for _, codes in asked_for for code in codes]),
           el("section", *_numbers(result), class_="numbers", aria_label="Four figures"), class_="two"),
        class_="first",
    )  # fmt: skip


def _official(result: WhatIf) -> str:
    return ", from imported official figures where there are any." if result.imported else "."


def _map(result: WhatIf, area: Collection[str]) -> Element:
    values = {code: float(v) for code, v in zip(result.codes, result.a_head, strict=True)}
    scale = _scale(result)
    known = {code: places().name(code) for code in result.codes}
    legend = swatches(scale.legend(), *([("edge", "asked for")] if area else []))
    drawn = el("div", hexmap(hexes(), values, known, area, scale), class_="map")
    return panel("map", "Who gains and who loses", el("div", drawn, legend, class_="mapped"),
                 aside="pounds a head a year; one hexagon is one authority")  # fmt: skip


def _scale(result: WhatIf) -> Scale:
    """Limits from the places that rank: a thousand pounds a head in the City would leave all others grey."""
    found = scale_for([float(result.a_head[i]) for i in made.ranked(result)])
    return replace(found, near=min(max(found.near, made.CLEAR), found.far / 2))


def _numbers(result: WhatIf) -> list[Element]:
    before, after = result.before, result.after
    whole, last = float(result.average.sum()), float(result.last.sum())
    up, down = counts(result)
    kinds = [places().by_code[code].kind for code in result.codes]
    heads = {}
    for kind in CLASS_NAMES:
        here = np.array([one == kind for one in kinds])
        heads[kind] = float(result.average[here].sum() * 1e6 / result.people[here].sum())
    votes = int((result.household.vote & (result.a_head <= -made.CLEAR)).sum())
    worst = made.losers(result)
    where = words.counted(votes, "place") if votes else "no place"
    return [
        number(
            "All councils together", f"{words.money(whole, plus=True)} a year",
            f"The Treasury: {words.money(-whole, plus=True)}. What one gains the other loses. In"
            f" {financial_year(result.years[-1])} councils have {words.money(last, plus=True)}.{_ages(result)}",
        ),
        number(
            "City and shire", "", _classes(result, heads),
            f"{words.counted(up, 'place')} gain and {down} lose 50p a head or more. Of the next £1 of business rates:"
            " what council, county, fire and combined authority keep, until the next reset.",
        ),
        number(
            "Fit to need", f"{after.near.mean():.0%} of places near it",
            f"within 2% of their estimated need, on average over the years; {before.near.mean():.0%} as the law stands."
            f" In the worst year {after.near.min():.0%}, and {before.near.min():.0%}.",
        ),
        number(
            "A household", "",
            household_words(result, worst[0]) if worst else "No place loses 50p a head or more.",
            f"To make it good in one year needs a vote in {where}.",
        ),
    ]  # fmt: skip


def _ages(result: WhatIf) -> str:
    """Where the last year lies at different distances from a reset, that is part of its difference."""
    before, after = result.since_reset
    if before == after:
        return ""
    return (
        f" By then baselines are {words.counted(before, 'year')} old as the law stands, {words.counted(after, 'year')}"
        " with the settings: part of that difference is only this."
    )


def _classes(result: WhatIf, heads: Mapping[str, float]) -> Element:
    """A small table by class: a head, and pence kept of the next pound under both laws."""
    titles = ("Class", "a head", "of the next £1, today", "then")
    head = el("tr", *(el("th", said, scope="col", class_="n" if k else None) for k, said in enumerate(titles)))
    rows = []
    for kind, name in CLASS_NAMES.items():
        said = (words.pounds(heads[kind], plus=True), _local(result.before.keep[kind]), _local(result.after.keep[kind]))
        rows.append(el("tr", el("th", name, scope="row"), *(el("td", one, class_="n") for one in said)))
    return el("table", el("thead", head), el("tbody", *rows), class_="small")


def _local(kept: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> str:
    return words.pence(float(kept.sum()))


def _below(result: WhatIf, tables: dict[str, Table]) -> list[Element]:
    left_out = [i for i in range(len(result.codes)) if result.people[i] < made.FEW]
    aside = "; ".join(
        f"{places().name(result.codes[i])} {words.pounds(float(result.a_head[i]), plus=True)}" for i in left_out
    )
    return [
        section("places", "The largest changes", [
            el("p", "Pounds a head a year. Few people live in these, so they are not ranked:"
               f" {words.unbroken(aside)}."),
            el("div", _top(tables["places"], result, made.gainers(result), "gain"),
               _top(tables["places"], result, made.losers(result), "lose"), class_="half"),
            el("details", el("summary", "Every place"), to_html(replace(tables["places"], id="what-if"))),
        ]),
        section("groups", "By class of authority and by region", [
            _grid(tables["alone"]) if result.parts else None, _grid(tables["classes"]), _grid(tables["regions"])]),
        section("pound", "Who keeps the next pound", [_grid(tables["next_pound"])]),
        section("household", "The household", [
            el("p", "What it would take to keep services as they are: the loss over the tax base, as Band D. Beside it"
               " the largest rise of one year that needs no vote, for the council and its county."),
            _grid(tables["household"]) if tables["household"].rows
            else el("p", "No place loses 50p a head or more."),
        ]),
        section("treasury", "The other side of the ledger", [_grid(tables["treasury"])]),
        section("assumptions", "Assumptions", [
            grade_legend(), el("ul", *(el("li", note) for note in notes(result))), _grid(tables["assumptions"]),
            el("p", "Sources: ", *named_and_linked(made.SOURCES), ".", class_="note")]),
    ]  # fmt: skip


def _grid(table: Table) -> Element:
    """A table without a link of its own: one CSV, of every place, goes with the page."""
    grid = to_html(table).children[0]
    return el("div", grid, el("p", " ".join(table.notes), class_="note") if table.notes else None, class_="table")


def _top(every: Table, result: WhatIf, found: list[int], verb: str) -> Element:
    codes = every.column("place_code")
    if not found:
        return el("p", f"No place {verb}s 50p a head or more.")
    return _grid(replace(
        every.showing("name", "class", "difference_gbp_per_head", "difference_gbp_million"), id=f"what-if-{verb}",
        caption=f"The {len(found)} that {verb} most a head", notes=(),
        page_rows=tuple(codes.index(result.codes[i]) for i in found),
    ))  # fmt: skip


def notes(result: WhatIf) -> list[str]:
    """What a reader must know before using a figure."""
    said = [
        "Both laws start from the same money: a change of shares moves tariffs, so that nobody gains on the first day.",
        "Rates here grow no faster for being kept: no such effect is assumed.",
        f"As the law stands baselines are taken to be reset in {made.years_in_words(result.before.resets)}; no date"
        " after 2026-27 is fixed in law.",
        "Need is what the last published settlement by authority implies, so places start near it; the formulas of"
        " 2026-27 would show more drift.",
    ]
    if result.imported:
        said.append(
            f"Imported official figures stand in for estimates: {words.listed(list(map(str, result.imported)))}."
        )
    if made.RETENTION in result.asked.settings:
        said.append(
            f"{made.own_shares(result)} places have a share of their own in law (London, Greater Manchester and"
            " others); the setting does not move theirs."
        )
        if float(result.asked.settings[made.RETENTION]) > regime.ordinary_share():
            said.append("Who keeps more than the ordinary half pays no levy, as in such areas today.")
    return said
