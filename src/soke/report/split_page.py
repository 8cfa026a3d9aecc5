"""The page of a fund that is split: one sentence, a map, four figures, and what each place gets and why."""

from __future__ import annotations

from fractions import Fraction

from soke import text
from soke.community.split_reasons import beside, cause, costs, gainers_and_losers, limits, moved
from soke.community.split_record import manifest, result_sha256, to_json
from soke.community.split_terms import Given, title_of
from soke.community.split_terms import basis as basis_of
from soke.community.splitting import Share, Split, near, pounds, to_the_penny
from soke.report.charts.areamap import Mark, Spot, areamap, steps_for
from soke.report.charts.bars import OTHER, Bar, bars
from soke.report.markup import Child, Element, el
from soke.report.shell import document, number, panel, section, swatches
from soke.report.table import grade_mark, to_html
from soke.report.tables import split as made
from soke.table import Table
from soke.text import capital, counted

PAGE, FILE, AREAS, RECORD = "split.html", "split.csv", "areas.csv", "manifest.json"
MOST_BARS = 12
STYLE = """
.areamap{max-width:760px}
.on-phone{display:none}
.swatch.floor{border:2px dashed var(--ink);background:none}
.swatch.cap{border:3px solid var(--ink);background:none}
#each~.table td:last-child:not(.n){min-width:min(24rem,70vw)}
.below .bars,.panel>.bars{max-width:760px}
@media (max-width:640px){.on-desk{display:none}.on-phone{display:inline}#each~.table td:last-child:not(.n){min-width:0}}
"""


def render(found: Split, other: Split | None = None, title: str = "", basis: str = "") -> dict[str, bytes]:
    """The page and its CSV by file name. ``other``: the same fund by another rule, to stand beside it; ``basis``: what
    sets the fund."""
    table = made.every_place(found, other)
    return {PAGE: page(found, other, title, basis).encode(), FILE: table.csv().encode()}


def files_of(given: Given, split: Split, other: Split | None) -> dict[str, bytes]:
    """Page, CSV, the districts of a deal where they are what was split, and last the record by which anybody makes the
    split again."""
    files = render(split, other, title_of(given, split), basis_of(given))
    if given.districts:
        files[AREAS] = given.content
    names = {
        "deal": given.deal.id if given.deal else "",
        "community": given.undertaking.id if given.undertaking else "",
    }
    files[RECORD] = to_json(manifest(split, **names))
    return files


def page(found: Split, other: Split | None = None, title: str = "", basis: str = "") -> str:
    """The whole HTML text: nothing runs and nothing is fetched."""
    parts = (_first(found, other, title), *below(found, other, basis))
    return document(heading_of(found, title), "Skip to the table", "each", *parts, style=STYLE)


def heading_of(found: Split, title: str) -> str:
    """How much is shared, over how many places."""
    head = f"{title}: " if title else ""
    return f"{head}{large(found.fund)} over {counted(len(found.shares), 'place')}"


def large(pence: int) -> str:
    """``£6.3m`` where that is exact, else to the penny."""
    return text.money(pence / 1e8) if pence % 10_000_000 == 0 and pence >= 10**8 else pounds(pence)


def _first(found: Split, other: Split | None, title: str) -> Element:
    bounded = limits(found)
    rule = f"Shared {found.rule.words}{f', {bounded}' if bounded else ''}."
    about = found.areas.about
    dated = f" Figures of {about['date']}." if "date" in about else " The file gives no date."
    return el(
        "div", el("h1", heading_of(found, title)),
        el("p", rule, dated, " Grade: ", grade_mark(found.areas.grade), f" {found.areas.grade}.", class_="run"),
        map_panel(found),
        el("section", *numbers(found, other), class_="numbers", aria_label="Four figures"),
        class_="first",
    )  # fmt: skip


# --- the map ---


def map_panel(found: Split) -> Element:
    """The map, or bars where the file of areas has no places on a map."""
    heads = [share.a_head for share in found.shares]
    by_head = all(head is not None for head in heads)
    values = [
        float(share.a_head if share.a_head is not None and by_head else share.pence) / 100 for share in found.shares
    ]
    steps = steps_for(values)
    spots = [_spot(share, value, found) for share, value in zip(found.shares, values, strict=True)]
    what = "pounds a head" if by_head else "pounds"
    drawn = areamap("areamap", f"What each place gets, {what}", _told(found), spots, steps)
    title = "What each place gets"
    if drawn is None:
        return panel("map", title, _bars(found), aside=_no_map(found))
    cells = all(spot.cell for spot in spots)
    shape = "one hexagon is one place" if cells else "a circle’s area is its money"
    marks = [(mark, f"at its {mark}") for mark in ("cap", "floor") if found.held(mark)]
    if found.districts and cells:
        marks.append(("line", "between districts"))
    legend = swatches(steps.legend("{} a head" if by_head else "{}"), *marks)
    return panel("map", title, el("div", drawn, class_="areamap"), legend, aside=f"colour: {what}; {shape}")


def _spot(share: Share, value: float, found: Split) -> Spot:
    mark: Mark = share.how if share.how in ("floor", "cap") else ""
    head = "" if share.a_head is None else f", {to_the_penny(share.a_head)} a head"
    return Spot(
        name=share.area.name, label=_tight(share.pence), value=value, size=share.pence, mark=mark,
        said=f"{share.area.name}: {pounds(share.pence)}{head}; {cause(found, share)}",
        group=share.area.within, cell=share.area.cell, point=share.area.point,
    )  # fmt: skip


def _tight(pence: int) -> str:
    """An amount in few letters: ``£1.2m``, ``£262k``, ``£4,300``."""
    value = pence / 100
    if value >= 999_500:
        return text.money(value / 1e6)
    return f"£{value / 1e3:.0f}k" if value >= 9_950 else f"£{value:,.0f}"


def _signed(pence: int) -> str:
    return f"+{_tight(pence)}" if pence > 0 else f"{text.MINUS}{_tight(-pence)}"


def _told(found: Split) -> str:
    most, least = _extremes(found)
    by = _by(most)
    return f"Most{by}: {_named(most)}. Least{by}: {_named(least)}. {costs(found)} Every figure is in the table below."


def _by(extreme: Share) -> str:
    """By what :func:`_extremes` are most and least."""
    return " in all" if extreme.a_head is None else " a head"


def _extremes(found: Split) -> tuple[Share, Share]:
    """Who gets most and least a head; by amount where people are not known."""

    def size(share: Share) -> tuple[float, str]:
        return float(share.a_head if share.a_head is not None else share.pence), share.area.code

    with_people = [share for share in found.shares if share.a_head is not None] or list(found.shares)
    return max(with_people, key=size), min(with_people, key=size)


def _named(share: Share) -> str:
    if share.a_head is None:
        return f"{share.area.name}, {near(share.pence)}"
    return f"{share.area.name}, {to_the_penny(share.a_head)} a head, {near(share.pence)} in all"


def _no_map(found: Split) -> str:
    shown = f" the {MOST_BARS} largest" if len(found.shares) > MOST_BARS else ""
    return f"{shown} (with columns q and r, or x and y, a map stands here)"


def _bars(found: Split) -> Element:
    ordered = sorted(found.shares, key=lambda share: (-share.pence, share.area.code))[:MOST_BARS]
    rows = [Bar(share.area.name, float(share.pence), _tight(share.pence), kind=OTHER) for share in ordered]
    return bars("What each place gets", rows)


# --- four figures ---


def numbers(found: Split, other: Split | None) -> list[Element]:
    """Four figures: the fund, the ends, what floors and caps move, and the other rule."""
    most, least = _extremes(found)
    by = _by(most)
    sums = moved(found)
    count = counted(len(found.shares), "place")
    first = f"to {len(found.districts)} districts first, then to their {count}" if found.districts else f"to {count}"
    average = ""
    people = sum(share.area.population or 0 for share in found.shares)
    if people:
        average = f" On average {to_the_penny(Fraction(found.fund, people))} a head."
    amounts = [share.pence for share in found.shares]
    made_by = f"{pounds(min(amounts))} to {pounds(max(amounts))}"
    return [
        number("The fund", large(found.fund), f"goes {first}, {found.rule.words}.{average}"),
        number("Smallest and largest budget", made_by, f"Most{by}: {_named(most)}.", f"Least{by}: {_named(least)}."),
        number("What floors and caps move", near(max(sums.lifted, sums.held)) if found.floors or found.caps else "",
                costs(found) or "There is no floor and no cap: each place has what its weight gives."),
        _against(found, other),
    ]  # fmt: skip


def _against(found: Split, other: Split | None) -> Element:
    if other is None:
        return number("Anyone can check it", "", "manifest.json holds the rule, the file’s fingerprint and each"
                       " amount. soke budget split makes it again from that, and says where it differs.")  # fmt: skip
    changes = [row.change for row in beside(found, other)]
    up, down = sum(c > 0 for c in changes), sum(c < 0 for c in changes)
    return number(f"Against sharing {other.rule.words}", f"{up} gain, {down} lose", gainers_and_losers(found, other))


# --- below ---


def below(found: Split, other: Split | None, basis: str, folder: str = "") -> list[Element]:
    """What each place gets and why, who gains and loses, and the sources. ``folder``: where the CSV lies, with its
    stroke."""
    districts = [_grid(made.shown_districts(found))] if found.districts else []
    link = el("p", "Every figure, whole pence: ", el("a", FILE, href=folder + FILE), class_="note")
    sections = [section("each", "What each place gets, and why", [
        *districts, _grid(made.shown_places(found, other)), link])]  # fmt: skip
    if other is not None:
        sections.append(section("against", "Who gains and who loses", [
            el("p", gainers_and_losers(found, other)), _changes(found, other)]))  # fmt: skip
    sections.append(section("sources", "Where the figures come from, and how to check", _sources(found, basis)))
    return sections


def _changes(found: Split, other: Split) -> Element:
    rows = sorted(
        (row for row in beside(found, other) if row.change), key=lambda row: (-abs(row.change), row.share.area.code)
    )
    shown = sorted(rows[:MOST_BARS], key=lambda row: (-row.change, row.share.area.code))
    title = f"The {len(shown)} largest changes" if len(rows) > len(shown) else "The changes"
    drawn = [Bar(row.share.area.name, float(row.change), _signed(row.change)) for row in shown]
    return bars(title, drawn)


def _sources(found: Split, basis: str) -> list[Child]:
    about = {key: said for key, said in found.areas.about.items() if key not in ("title", "grade")}
    listed: list[Child] = []
    for key, said in about.items():
        listed += [el("dt", f"{capital(key).replace('_', ' ')}"), el("dd", said)]
    grade = f"The file’s grade is {found.areas.grade}."
    if found.areas.grade == "unverified":
        grade = "The file does not say that its figures are published ones: they are held as unverified."
    return [
        el("dl", *listed, class_="sources") if listed else el("p", "The file does not say where they come from."),
        el("p", f"{grade} {basis}".strip()),
        el("p", "A weight is made of shares: each column is divided by its sum, then added as the rule says. Pence that"
           " do not divide go to the largest remainders, equal ones by code. The amounts sum to the fund exactly."),
        el("p", "Fingerprint of the areas (SHA-256): ", el("code", found.areas.sha256)),
        el("p", "Fingerprint of the amounts (SHA-256 of lines code,pence): ", el("code", result_sha256(found.pence))),
    ]  # fmt: skip


def _grid(table: Table) -> Element:
    """A table without a link of its own: one CSV goes with the page."""
    return el("div", to_html(table).children[0], class_="table")
