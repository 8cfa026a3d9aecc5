"""The scoreboard: published figures that Soke works out again, those that it does not, and how the projection did."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from soke.model.economy.back_test import EVERYWHERE, Scored, shipped
from soke.model.funding.truth.explain import told
from soke.model.funding.truth.reproduced import WORDS as RULE_WORDS
from soke.model.funding.truth.scoreboard import Check, expected
from soke.report.charts.bars import Bar, bars
from soke.report.markup import Child, Element, el
from soke.report.shell import panel
from soke.report.table import folded, to_html
from soke.report.tables import scoreboard as made
from soke.report.tables.back_test import KNOWN, by_group, in_a_sentence, of_the_package
from soke.report.tables.claims import place_claims
from soke.report.tables.scoreboard import Tally, held, tally
from soke.site.check.parts import STYLE, as_a_file, block, captioned
from soke.site.contents import Page, Site
from soke.site.data.pages import csv_of
from soke.site.frame import CHECK, CONTEST, link, site_page
from soke.site.links import slug
from soke.site.words import term
from soke.table import Column, Table
from soke.text import counted, listed, percent

SCOREBOARD, FOLDER = "check/scoreboard.html", "check/rules"
FIGURES = "published-figures"  # of the data: every figure of every rule
NEAREST = 25  # figures of a rule that its page shows, those that come nearest to their tolerance
FEWEST_OFF = 0.001  # of a figure: a smaller miss has no bar
TRAIL = (("Check it", CHECK),)
MISSED = (
    Column("where", "where"), Column("figure", "figure"), Column("published", "published"), Column("here", "here"),
    Column("gap", "gap"), Column("unit", "unit"), Column("reason", "why"), Column("grade", "grade", "grade"),
)  # fmt: skip
UNTRIED = ("where", "figure", "published", "unit", "reason", "source")


def pages(site: Site) -> Iterator[Page]:
    """The scoreboard with its tables as files, and a page for each rule."""
    yield Page(SCOREBOARD, _scoreboard)
    for name in FILES:
        yield Page(f"check/{name}.csv", partial(_csv, name=name))
    for rule in rules():
        yield Page(rule_path(rule), partial(_rule, rule=rule))


FILES: Mapping[str, Callable[[], Table]] = {
    "place_claims": place_claims, "back_test": of_the_package,
    "scoreboard_cases": lambda: made.numbered_cases(held().cases()),
}  # fmt: skip


def _csv(site: Site, name: str) -> str:
    return FILES[name]().csv()


def rules() -> tuple[str, ...]:
    """The rules that reproduce published figures, by name."""
    return tuple(sorted({row.rule for row in expected() if row.claimed}))


def rule_path(rule: str) -> str:
    """The path of a rule's page."""
    return f"{FOLDER}/{slug(rule)}.html"


def finding(found: Tally) -> str:
    """How many published figures come out, and how many do not, as a heading."""
    if found.fail:
        return f"{counted(found.fail, 'figure')} that we claim to reproduce did not come out"
    return f"{found.published:,} published figures come out here as published, {found.missed:,} do not"


# --- the page ---


def _scoreboard(site: Site) -> str:
    found = tally()
    lead: list[Child] = [
        "A rule is only as good as what it gets right. So we work out figures that others published, and ",
        term("keep score", "scoreboard"), ".",
    ]  # fmt: skip
    return site_page(
        site, SCOREBOARD, "Scoreboard", el("h1", finding(found)), el("p", *lead, class_="lead"),
        el("div", _kinds(found), _what_counts(), class_="two"), _misses(found), _said_of_places(), _back_test(),
        _by_rule(), _cases(), trail=TRAIL, style=STYLE,
    )  # fmt: skip


def _kinds(found: Tally) -> Element:
    rows = [
        Bar("Come out as published", found.published - found.fail, f"{found.published - found.fail:,}", kind="here"),
        Bar("Come out otherwise", found.fail + found.off, f"{found.fail + found.off:,}", kind="loss"),
        Bar("Cannot be tried", found.untried, f"{found.untried:,}", kind="other",
            note="a figure that the rule needs is not to hand"),
    ]  # fmt: skip
    beside = (
        f"Beside these: {counted(found.sums, 'sum')} that must hold, such as shares that add up to one. "
        f"And {counted(found.by_hand, 'figure')} worked by hand from the law. "
        + ("All come out." if not found.fail else "Not all come out.")
    )
    return panel("score", "The score", bars("Published figures", rows), el("p", beside, class_="small"))


def _what_counts() -> Element:
    said = (
        "Each figure has a limit, set before. Most must come out within one part in ten thousand.",
        "What we miss stays on the list, with the gap and the reason.",
        "To see it happen, run this. It takes a few seconds.",
    )
    return panel("counts", "What counts as a hit", *(el("p", text) for text in said), el("pre", "soke verify"))


def _misses(found: Tally) -> Element:
    rows = made.not_reproduced()
    off = rows.where(lambda row: row["gap_value"] is not None).showing(*MISSED)
    untried = rows.where(lambda row: row["gap_value"] is None).showing(*UNTRIED)
    drawn = _off_bars(rows)
    return block(
        "missed", f"Where we miss: {found.off + found.fail} figures come out otherwise",
        el("p", f"How far off, in per cent of what was published: {len(drawn)} of them. Left is less, right is more. "
                "The rest are off by less than a thousandth, or are counts."),
        bars("How far off", drawn), _failing(),
        folded(captioned(off, "Figures that come out otherwise"), f"All {len(off)}, with the reasons", file=False),
        folded(captioned(untried, "Figures that cannot be tried", "untried"),
               f"{len(untried)} that cannot be tried, and why", file=False),
        as_a_file(SCOREBOARD, csv_of("not-reproduced")),
    )  # fmt: skip


def _off_bars(rows: Table) -> list[Bar]:
    known = [(row, share) for row in rows if (share := made.share_off(row)) is not None]
    large = sorted((each for each in known if abs(each[1]) >= FEWEST_OFF), key=lambda each: -abs(each[1]))
    return [
        Bar(str(row["where"]), 100.0 * share, percent(share, 1, plus=True), note=str(row["figure"]), kind="other")
        for row, share in large
    ]


def _failing() -> Child:
    table = made.checks(held().failures, "failing_figures")
    if not len(table):
        return None
    return to_html(captioned(table, "Figures that we claim, and that did not come out"), file=False)


def _said_of_places() -> Element:
    table = place_claims()
    yes = [str(row["claim"]) for row in table if row["reproduced"] == "yes"]
    no = [str(row["claim"]) for row in table if row["reproduced"] == "no"]
    said = f"Of {counted(len(table), 'figure')} that others gave for what places raise and spend, we get {len(yes)}."
    missed = f"Not reproduced: {listed(no)}. The reasons stand in the list above." if no else ""
    shown = table.showing("claim", "low_gbp_billion_cash", "high_gbp_billion_cash", "here_gbp_billion_cash",
                          "gap_gbp_billion_cash", "definition", "grade", "source")  # fmt: skip
    return block("claims", "What others said of places", el("p", said), el("p", missed), to_html(shown))


# --- the back-test ---


def _back_test() -> Element:
    scores = [one for one in shipped() if one.group == EVERYWHERE]
    lost = [one for one in scores if one.beaten_by]
    title = f"Started from the past, a simple rule does better in {len(lost)} of {counted(len(scores), 'test')}"
    said: list[Child] = [
        "We start the model in an earlier year, with nothing published later. Then we look at what came. This is a ",
        term("back-test", "back-test"), ". A range that should hold 80 of 100 places should hold about 80.",
    ]  # fmt: skip
    return block(
        "back-test", title, el("p", *said), bars("Places in the range, of 100", _held_bars(scores)),
        el("p", f"{in_a_sentence(shipped())}"), folded(of_the_package(), "All scores, beside simple rules"),
        folded(by_group(shipped()), "By class of council and by region", file=False),
        el("p", "To run it again:"), el("pre", "soke backtest"),
    )  # fmt: skip


def _held_bars(scores: list[Scored]) -> list[Bar]:
    found = []
    for one in scores:
        better = f"a simple rule does better: {listed(one.beaten_by)}" if one.beaten_by else ""
        known = "" if one.subject == "people" else f", England's total {KNOWN[one.england]}"
        share = 100.0 * one.held_80
        found.append(Bar(f"{one.subject.capitalize()}, {one.start} to {one.end}{known}", share, f"{share:.0f} of 100",
                         note=better, kind="loss" if one.beaten_by else "here", of=80.0))  # fmt: skip
    return found


# --- rules ---


def _by_rule() -> Element:
    scores = held().summary()
    items = []
    for score in scores:
        here = link(SCOREBOARD, score.words, rule_path(score.name))
        count = f"{score.matching:,} of {score.figures:,}"
        gap = made.gap_words(score.largest_gap, score.gap_unit)
        beside = f"largest gap {gap}, {score.where}" if gap != made.NO_GAP else "no gap"
        items.append(el("li", el("span", here, el("small", f"{score.basis}; {beside}")), el("b", count)))
    return block("by-rule", f"Rule by rule: {len(scores)} rules", el("ul", *items, class_="counts"),
                  as_a_file(SCOREBOARD, csv_of("scoreboard")))  # fmt: skip


def _cases() -> Element:
    table = made.numbered_cases(held().cases()).showing(Column("case", "no."), Column("title", "case"), "figures",
                                                        "matching", "largest_gap")  # fmt: skip
    return block("cases", "Worked cases", folded(table, f"{len(table)} cases that a lawyer can follow"))


def _rule(site: Site, rule: str) -> str:
    path = rule_path(rule)
    (score,) = (each for each in held().summary() if each.name == rule)
    checks = [check for check in held().checks if check.row.rule == rule]
    missing = made.not_reproduced(tuple(row for row in held().not_reproduced if row.row.rule == rule))
    title = f"{RULE_WORDS[rule]}: {score.matching:,} of {counted(score.figures, 'figure')} come out"
    lead = f"{score.basis.capitalize()}. Within: {score.tolerance}."
    sources = dict.fromkeys(check.row.source for check in checks)
    shown: list[Child] = [
        el("h1", title), el("p", lead, class_="lead"), _law(rule),
        el("p", f"Note: {score.note}.") if score.note else None,
        el("h2", "Published by"), el("ul", *(el("li", source) for source in sources)),
        to_html(_nearest(checks), file=False),
        el("p", f"All {counted(len(checks), 'figure')}: ", link(path, "published-figures.csv", csv_of(FIGURES)),
           ", the rows with rule_id ", el("code", rule), ".", class_="note"),
    ]  # fmt: skip
    if len(missing):
        off = captioned(missing.showing(*MISSED), "Figures of this rule that we do not reproduce")
        shown.append(to_html(off, file=False))
    shown += [el("p", "To see every figure of every rule:"), el("pre", "soke verify --all --csv"),
              el("p", link(path, "Contest this figure", CONTEST))]  # fmt: skip
    return site_page(site, path, RULE_WORDS[rule], *shown, trail=(*TRAIL, ("Scoreboard", SCOREBOARD)), style=STYLE)


def _law(rule: str) -> Child:
    known = told(rule)
    if known is None:
        return None
    words, formula, law = known
    return el("div", el("p", words), el("pre", formula), el("p", f"Law: {law}.", class_="small"))


def _nearest(checks: list[Check]) -> Table:
    """The figures that come nearest to their limit, or are furthest beyond."""
    order = sorted(checks, key=lambda c: -_used(c))[:NEAREST]
    caption = "Nearest to the limit first" if len(checks) > NEAREST else "Every figure"
    table = made.checks(order).showing(
        Column("where", "where"), Column("published_value", "published", "plain", digits=4),
        Column("here_value", "here", "plain", digits=4), Column("gap_value", "gap", "plain", digits=6),
        Column("tolerance_value", "limit", "plain", digits=6), Column("grade", "grade", "grade"),
    )  # fmt: skip
    return captioned(table, caption)


def _used(check: Check) -> float:
    """What of its tolerance a figure uses up."""
    if check.gap is None:
        return float("inf")
    return abs(check.gap) / check.row.tolerance if check.row.tolerance else abs(check.gap)
