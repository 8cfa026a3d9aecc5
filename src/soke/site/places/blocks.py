"""The blocks of a place's page: what its gap is made of, how sure that is, who spends, who is taxed for what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from soke import text
from soke.england.baseline import baseline
from soke.england.places import places
from soke.england.sources import named
from soke.model.accounts.explain import plain_title
from soke.model.accounts.spenders import OTHERS, spenders
from soke.model.accounts.types import AccountLine, Side
from soke.model.funding.council_tax_bill import BillPart, BillTier
from soke.report.account_words import GradeShare, grades, parts, plain_words
from soke.report.charts.bars import Bar, bars
from soke.report.charts.waterfall import Widths, waterfall
from soke.report.markup import Child, Element, el
from soke.report.shell import panel, shares
from soke.report.tables.figures import BILL, KNOWN, WHO_SPENDS
from soke.report.tables.place import is_something
from soke.site.areas import Area, by_code
from soke.site.frame import DATA, link
from soke.site.links import relative
from soke.site.places.facts import PlaceFacts, account_of, like, sum_address, to_sum
from soke.site.places.words import certain, gap_words, give_or_take
from soke.site.words import term

SUMMED = ("raised", "UK borrowing", "lower tax", "higher spending", "spent")  # totals, as the waterfall has them
IN_WORDS = {
    "measured": "measured here",
    "wider": "measured for a wider area",
    "apportioned": "shared by a tested rule",
    "per-head": "shared by head",
}
TERMS = {"measured": "measured-here", "wider": "measured-wider", "apportioned": "by-rule", "per-head": "by-head"}
OURS = frozenset({"authority", "county", "combined-authority"})
SPENDS = {
    OTHERS: "pensions, benefits, defence, rail",
    "integrated-care-board": "hospitals and doctors",
    "county": "schools, care, roads",
    "authority": "schools, care, roads, bins",
}
PENNY = 0.01  # of a hundred pounds
DOES: dict[BillTier, str] = {
    "county": "care, schools, roads",
    "police": "police",
    "fire": "fire and rescue",
    "combined_authority": "the services of its mayor",
    "parishes": "on average; £0 in some",
}
ENGLAND = "E92000001"
LARGEST = 6  # lines of a side that a page shows


def made_of(facts: PlaceFacts) -> Element:
    """From what is raised to what is spent."""
    a = facts.account
    title = f"What the {text.money(abs(a.gap), beside=a.receipts)} is made of" if a.gap > 0 else "From raised to spent"
    ranged = "" if a.published else " Thin lines show the range: true four times in five."
    return panel(
        "made-of", title,
        waterfall(a.receipts, parts(a.split), a.spending, Widths(a.receipts_half_width, a.spending_half_width),
                  [to_sum(facts, key) for key in SUMMED]),
        el("p", f"{text.financial_year(a.year)}.{ranged} Public spending of all kinds, pensions and the NHS included."
           " Every dotted number opens its sum.", class_="small"),
    )  # fmt: skip


def how_sure(facts: PlaceFacts) -> Element:
    """The gap with its range, and how each hundred pounds is known."""
    a = facts.account
    ranged = give_or_take(a) or gap_words(a).partition(" ")[2]
    gap = el("a", text.money(abs(a.gap), beside=a.receipts), href=to_sum(facts, "gap"), class_="to-sum")
    big = el("p", gap, " ", el("small", ranged), class_="big")
    if a.published:
        said = el("p", "This is published for the whole area. The publisher itself shares out some lines.")
        return panel("how-sure", "How sure is this?", big, said)
    unknown = None if certain(a) else el("p", "It may be short or over: the range is wider than the sum.")
    return panel("how-sure", "How sure is this?", big if facts.whole else None, unknown, *known(facts))


def known(facts: PlaceFacts) -> list[Child]:
    """Of each hundred pounds raised and spent, how many are known in which way: a bar, and its list."""
    shown = [grade for grade in grades(facts.account.known) if grade.shown]
    to = to_sum(facts, KNOWN)
    items = (
        el(
            "li",
            el("i", class_=f"swatch {grade.id}"),
            el("b", el("a", f"£{number}", href=to, class_="to-sum")),
            " of each £100 is ",
            term(IN_WORDS[grade.id], TERMS[grade.id]),
        )
        for grade, number in zip(shown, _of_hundred(shown), strict=True)
    )
    return [shares((grade.id, grade.share) for grade in shown), el("ul", *items, class_="hundred")]


def _of_hundred(shown: Sequence[GradeShare]) -> list[int]:
    """Whole pounds that sum to a hundred, the largest remainder first."""
    exact = [100 * grade.share / sum(one.share for one in shown) for grade in shown]
    down = [int(value) for value in exact]
    order = sorted(range(len(exact)), key=lambda k: down[k] - exact[k])
    for k in order[: 100 - sum(down)]:
        down[k] += 1
    return down


def who_spends(facts: PlaceFacts) -> Element:
    """Of each hundred pounds spent here, what each kind of body spends by its own figures, and all others."""
    a = facts.account
    spent: dict[str, float] = defaultdict(float)
    for body in spenders(a):
        spent[body.kind] += 100 * body.pounds / a.spending
    rows = [
        Bar(name, pounds, f"£{pounds:.2f}", kind="here" if kinds[0] in OURS else "other", note=_does(kinds[0], facts),
            link=to_sum(facts, WHO_SPENDS))
        for name, kinds in _spending(facts) if (pounds := sum(spent[kind] for kind in kinds)) >= PENNY
    ]  # fmt: skip
    rows.sort(key=lambda row: -row.value)
    return panel(
        "who-spends", "Who spends each £100 here?", bars("", rows),
        el("p", f"{text.financial_year(a.year)}. By figures of their own, as the account counts them.", class_="small"),
    )  # fmt: skip


def _does(kind: str, facts: PlaceFacts) -> str:
    """What that kind of body spends on; a district council on less than another."""
    districts = all(places().by_code[code].kind == "shire-district" for code in facts.area.members)
    return "bins, planning, homes" if kind == "authority" and districts else SPENDS.get(kind, "")


def _spending(facts: PlaceFacts) -> list[tuple[str, tuple[str, ...]]]:
    """Who spends, as people here call them, and the kinds of body that they are."""
    area, alone = facts.area, len(facts.area.members) == 1
    council = area.place.council if alone and area.place and area.place.council else "The councils"
    county = by_code().get(area.place.county) if alone and area.place else None
    upper = f"{county.name} County Council" if county else "The county council" if area.rank == "county" else "Counties"
    return [
        ("Government and others", (OTHERS,)), ("NHS boards", ("integrated-care-board",)), (upper, ("county",)),
        (council, ("authority",)), ("Mayor and combined authority", ("combined-authority", "strategic-authority")),
        ("Police", ("police",)), ("Fire, waste, transport bodies", ("fire", "waste", "transport")),
    ]  # fmt: skip


def council_tax(facts: PlaceFacts) -> Element | None:
    """Who gets each hundred pounds of council tax here."""
    whole = sum(part.pounds for part in facts.bill)
    if not whole:
        return None
    rows = [_bill_row(part, 100 * part.pounds / whole, facts) for part in _joined(facts.bill)]
    b, area = baseline(), facts.area
    inside = b.mask(area.members)
    band_d = float(b["council_tax"][inside].sum() * 1e6 / b["tax_base"][inside].sum())
    alone = len(area.members) == 1
    paid = f"A Band D home paid £{band_d:,.2f} in all." if alone else f"Band D homes paid £{band_d:,.0f} on average."
    return panel(
        "council-tax", "Who gets each £100 of council tax?", bars("", rows),
        el("p", f"2022-23. {paid} Official figures: {named('mhclg-council-tax-levels')}. ",
           link(area.path, "Its rows", f"{DATA}#council-tax-levels"), ".", class_="small"),
    )  # fmt: skip


def _joined(bill: Sequence[BillPart]) -> list[BillPart]:
    """Several bodies of one tier as one: a wider area has many councils."""
    tiers: dict[BillTier, list[BillPart]] = {}
    for part in bill:
        tiers.setdefault(part.tier, []).append(part)
    joined = [those[0] if len(those) == 1 else
              BillPart("", _several(tier, len(those)), tier, sum(part.pounds for part in those))
              for tier, those in tiers.items()]  # fmt: skip
    return sorted(joined, key=lambda part: -part.pounds)


def _several(tier: BillTier, count: int) -> str:
    called = {"councils": "councils", "county": "counties", "police": "police forces", "fire": "fire authorities",
              "combined_authority": "combined authorities"}  # fmt: skip
    return f"{count} {called[tier]}"


def _bill_row(part: BillPart, pounds: float, facts: PlaceFacts) -> Bar:
    own = part.tier == "councils"
    name = {"parishes": "Town and parish councils"}.get(part.tier, part.name)
    if own and len(facts.area.members) == 1 and part.code == facts.area.code:
        name = facts.area.place.council if facts.area.place and facts.area.place.council else name
    note = DOES.get(part.tier, "") if not own else "bins, planning, homes" if facts.kind == "shire-district" else ""
    if part.tier == "county" and part.code.startswith("E10"):
        name += " County Council"
    elif part.tier == "county" and part.code:
        note = "transport, police, fire"
    return Bar(name, pounds, f"£{pounds:.0f}" if pounds >= 1 else f"£{pounds:.2f}", note=note,
               kind="here" if own else "other", link=to_sum(facts, BILL))  # fmt: skip


def largest(facts: PlaceFacts, side: Side, title: str) -> Element:
    """The largest lines of a side, pounds a head, each beside England's and leading to its sum."""
    there = [x for x in facts.account.lines if x.line.side == side and is_something(x.value, x.england_per_head)]
    lines = sorted(there, key=lambda x: -x.value)[:LARGEST]
    rows = [_line_row(x, facts, "raised" if side == "revenue" else "spent") for x in lines]
    year = text.financial_year(facts.account.year)
    return el("section", el("h2", title, el("span", f"£ a head, {year}")), bars("", rows))


def _line_row(x: AccountLine, facts: PlaceFacts, kind: str) -> Bar:
    name = plain_words(x.line.id, plain_title(x.line.title))
    return Bar(name, x.per_head, text.pounds(x.per_head), kind=kind, link=to_sum(facts, x.line.id),
               note=f"England {text.pounds(x.england_per_head)}")  # fmt: skip


def beside(facts: PlaceFacts) -> Element | None:
    """What is short, pounds a head, here and in the places most like it, and in England; of England, in its regions."""
    if not facts.whole:
        return None
    areas = [facts.area, *like(facts)] if facts.kind else [area for area in by_code().values() if area.rank == "region"]
    rows = [_beside_row(facts, area) for area in (*areas, by_code()[ENGLAND])]
    rows.sort(key=lambda row: -row.value)
    unit = f"What is short, £ a head, {text.financial_year(facts.account.year)}"
    line = "Left of the line: more is raised than spent. "
    if not facts.kind:
        return el("section", el("h2", "Its regions", el("span", unit)), bars("", rows), el("p", line, class_="small"))
    return el(
        "section", el("h2", "Beside places like it", el("span", unit)),
        bars("", rows),
        el("p", line, "Nearest by kind, size, density and need. ",
           el("a", "How we choose, and more to compare", href=relative(facts.area.path, facts.area.beside("like"))),
           class_="small"),
    )  # fmt: skip


def _beside_row(facts: PlaceFacts, area: Area) -> Bar:
    a = account_of(area.members, area.name, facts.account.year)
    head = 1e6 / a.population
    half = (a.gap_half_width or 0.0) * head
    low, high = (a.gap * head - half, a.gap * head + half) if half else (None, None)
    return Bar(area.name, a.gap * head, text.pounds(round(a.gap * head)), low, high,
               kind="here" if area.path == facts.area.path else "other",
               link=relative(facts.area.path, sum_address(area, "gap")))  # fmt: skip
