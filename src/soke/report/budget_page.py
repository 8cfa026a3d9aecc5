"""The page of a budget that was counted: who won and why, who did not and why, what voters got, how to check it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from textwrap import shorten

from soke.community.budgets.beside import BESIDE, Beside
from soke.community.budgets.outcome import Outcome, WhyNot
from soke.community.budgets.registry import find, unread
from soke.community.budgets.tally import Tally
from soke.community.budgets.words import PLAIN, Voice
from soke.report.charts.bars import Bar, bars
from soke.report.markup import Child, Element, el
from soke.report.shell import document, number, panel, section
from soke.report.table import to_html
from soke.table import Cell, Column, Table
from soke.text import counted, listed

LONGEST_HERE = 100  # letters of a name on the first screen
FIRST_NAMED = 8  # winners that the first screen names
FEW_NAMED = 2  # winners that the voters of another project got
ROUNDED = 10_000  # hundredths from which a sentence says whole pounds, or whatever the money is
PAGE, WINNERS, LOSERS = "result.html", "winners", "why-not"
LONGEST_NAME = 200
STYLE = """
tbody th{min-width:3em}
.table td:last-child:not(.n){min-width:min(24rem,70vw)}
.winners{margin:0;padding:0;list-style:none;font-size:18px;line-height:1.35}
.winners li{display:flex;justify-content:space-between;gap:16px;border-bottom:1px solid var(--line);padding:7px 0}
.winners strong{white-space:nowrap}
.winners+p{font-size:15px;margin:6px 0 0}
.rise,.tie{margin:10px 0 0}
.tie{border-left:4px solid var(--borrow);padding-left:10px}
@media (max-width:640px){.table td:last-child:not(.n){min-width:0}.winners{font-size:17px}}
"""


@dataclass(frozen=True, kw_only=True)
class Result:
    """All that the page tells. ``reasons``: why each project did not win, in the voice of the page; votes and cost
    stand beside it. ``made``: the manifest, whose hash is ``digest``. ``odd``: what is odd in the ballots. ``ties``: a
    sentence for each tie that decided; ``rise``: how far every voter's share was raised, where it was. ``voice``: how
    reasons name projects and money."""

    outcome: Outcome
    received: Tally
    other: Beside
    reasons: Sequence[WhyNot]
    made: Mapping[str, Mapping[str, object]]
    digest: str
    odd: Sequence[str] = ()
    ties: Sequence[str] = ()
    rise: str = ""
    voice: Voice = PLAIN

    def money(self, hundredths: int) -> str:
        return self.voice.money(hundredths)


def render(result: Result) -> dict[str, bytes]:
    """The page and the CSV of its winners by file name; the page links ``why-not.csv`` beside it."""
    return {PAGE: page(result).encode(), f"{WINNERS}.csv": winners(result).csv().encode()}


def page(result: Result) -> str:
    """The whole HTML text: nothing runs and nothing is fetched."""
    return document(
        _heading(result), "Skip to the winners", "funded", _first(result), *_below(result), style=STYLE
    )  # fmt: skip


def _heading(result: Result) -> str:
    return f"{title(result)}: what it funds"


def title(result: Result) -> str:
    """What the vote is called."""
    return result.outcome.election.meta.get("description", "").strip()[:200] or "The vote"


def _first(result: Result) -> Element:
    outcome, voters = result.outcome, len(result.outcome.election.ballots)
    rule = find(outcome.parameters.rule)
    chart = bars("What voters got", [Bar(said, float(count), _share(count, voters)) for said, count in got(result)])
    none = result.other.funded[0]
    budget, left = result.money(outcome.election.budget), outcome.election.budget - outcome.total
    spare = f"{result.money(left)} is left." if left >= 0 else f"{result.money(-left)} more than that, from a reserve."
    return el(
        "div",
        el("h1", _heading(result)), el("p", f"Counted by {rule.words}.", class_="run"),
        el("div", panel("chosen", "Funded", *_named(result)),
           panel("got", "What voters got", chart, aside=f"share of {counted(voters, 'voter')}"), class_="two"),
        el(
            "section",
            number("Funded", counted(len(outcome.winners), "project"), f"Of {len(outcome.election.projects):,}."),
            number("What they cost", result.money(outcome.total), f"Of {budget}; {spare}"),
            number("Voters with nothing that they chose", _share(none, voters), f"{none:,} of {voters:,}."),
            _greedy(result),
            class_="numbers", aria_label="Four figures",
        ),
        class_="first",
    )  # fmt: skip


def got(result: Result) -> list[tuple[str, int]]:
    """How many voters got nothing that they chose, one project, two, more."""
    none, one, two = (*result.other.funded, 0, 0)[:3]
    more = len(result.outcome.election.ballots) - none - one - two
    return [("nothing that they chose", none), ("one project that they chose", one),
            ("two projects that they chose", two), ("three or more", more)]  # fmt: skip


def _named(result: Result) -> list[Child]:
    """The winners by name and cost, as many as a screen holds, where the others stand, how far shares were raised, and
    the ties that decided."""
    outcome, shown = result.outcome, result.outcome.winners[:FIRST_NAMED]
    projects, more = [outcome.election.projects[number] for number in shown], len(outcome.winners) - FIRST_NAMED
    costs = [result.money(one.cost) if one.cost else "free" for one in projects]
    rows = [
        el(
            "li",
            el("span", shorten(one.name, LONGEST_HERE, placeholder="\N{HORIZONTAL ELLIPSIS}") or one.id),
            el("strong", cost),
        )
        for one, cost in zip(projects, costs, strict=True)
    ]
    nothing = el("p", "Nothing: no project could be funded.")
    said: list[Child] = [el("ol", *rows, class_="winners") if rows else nothing]
    if more > 0:
        said.append(el("p", f"and {more:,} more: ", el("a", "all that is funded, and why", href="#funded")))
    rise = [el("p", result.rise, class_="rise")] if result.rise else []
    return [*said, *rise, *(el("p", tie, class_="tie") for tie in result.ties)]


def _greedy(result: Result) -> Element:
    other = result.other
    if result.outcome.parameters.rule == BESIDE:
        return number("Most votes", f"{max(result.received.votes.tolist(), default=0):,}", "That any project has.")
    same = not other.only_here and not other.only_greedy
    changes = "the same projects." if same else (
        f"{len(other.only_greedy)} that are not funded here, and without {len(other.only_here)} that are."
    )  # fmt: skip
    return number("Had only the votes been counted", f"{float(other.greedy_none):.1f}% with nothing",
                   f"Most votes first would fund {counted(len(other.greedy_ids), 'project')}: {changes}")  # fmt: skip


def _share(count: int, voters: int) -> str:
    return f"{float(Fraction(100 * count, max(voters, 1))):.1f}%"


def _below(result: Result) -> list[Element]:
    found = [section("funded", "What is funded, and why", [to_html(winners(result))])]
    if result.reasons:
        found.append(section("not-funded", "What is not funded, and why", [to_html(losers(result))]))
    if result.odd:
        found.append(section("odd", "Look at this", [el("ul", *(el("li", one) for one in result.odd))]))
    found.append(section("check", "How to check it", _check(result)))
    return found


def _columns(result: Result) -> tuple[Column, ...]:
    points = (Column("points", "Points", "count"),) if _with_points(result) else ()
    return (Column("id", "Id"), Column("name", "Project"), Column("cost", "Cost", "pounds"),
            Column("votes", "Votes", "count"), *points, Column("why", "Why"))  # fmt: skip


def _with_points(result: Result) -> bool:
    """Whether points are not the same as votes."""
    return bool((result.received.score != result.received.votes).any())


def _row(result: Result, number: int, why: str) -> tuple[Cell, ...]:
    one, received = result.outcome.election.projects[number], result.received
    points = (int(received.score[number]),) if _with_points(result) else ()
    return one.id, one.name[:LONGEST_NAME], result.money(one.cost), int(received.votes[number]), *points, why


def winners(result: Result) -> Table:
    """The projects that are funded, in the order in which they won, and why."""
    why = {step.number: step.told(result.voice) for step in result.outcome.steps if step.taken}
    rows = tuple(_row(result, one, why.get(one, "")) for one in result.outcome.winners)
    return Table(WINNERS, "Funded, in the order in which they won", _columns(result), rows)


def losers(result: Result) -> Table:
    """The projects that are not, most votes first, and why not."""
    rows = tuple(_row(result, why.number, why.reason) for why in lost(result))
    return Table(LOSERS, "Not funded, by votes", _columns(result), rows)


def lost(result: Result) -> list[WhyNot]:
    """The projects that did not win, most votes first."""
    return sorted(result.reasons, key=lambda why: -int(result.received.votes[why.number]))


def in_short(result: Result, why: WhyNot) -> str:
    """Why a project did not win, in two sentences where money is what it lacked; else as the rule says it."""
    if why.left is None or why.short is None or why.tied:
        return why.reason
    election = result.outcome.election
    left = floor(why.left)
    left -= left % 100 if left >= ROUNDED else 0  # the table has it whole
    had = f"Its {counted(why.votes, 'voter')} had {result.money(left)} left of the {result.money(why.cost)}."
    got = listed([f"{result.voice.project(election, winner)} ({votes:,} of them)"
                  for winner, votes in why.instead[:FEW_NAMED]])  # fmt: skip
    none = f" {counted(why.nothing, 'of them', 'of them')} got nothing they chose." if why.nothing else ""
    return f"{had} They got {got}.{none}" if got else f"{had}{none}"


def _parameter(result: Result, key: str, value: object) -> str:
    if key in ("increment", "start") and isinstance(value, int):
        return result.money(value)
    if isinstance(value, dict):
        return "; ".join(f"{name}: {result.money(pot)}" for name, pot in value.items())
    if isinstance(value, list):
        return "; ".join(" or ".join(one) if isinstance(one, list) else str(one) for one in value)
    return "yes" if value is True else str(value)


def rule_terms(result: Result) -> list[tuple[str, str]]:
    """Every parameter that decided, by its name in words, as people read it."""
    of_no_use = unread(result.outcome.parameters.rule)
    return [
        (key.replace("_", " "), _parameter(result, key, value)) for key, value in result.made["rule"].items()
        if key not in of_no_use and value not in (None, [], {}, "", 0, "0", False)
    ]  # fmt: skip


def _check(result: Result) -> list[Child]:
    said = [part for key, value in rule_terms(result) for part in (el("dt", key), el("dd", value))]
    ballots = result.made["ballots"]
    return [
        el("p", "Anybody who has the ballots can count them again: ",
           el("code", "soke budget count BALLOTS --manifest manifest.json"), " makes the same winners or says what"
           " differs. outcome.pb is open to other programs; ledger.csv says what each ballot paid, where the rule lets"
           " voters pay."),
        el("dl", *said, class_="sources"),
        el("p", "Fingerprint of the manifest (SHA-256 of its rule, ballots and outcome): ", el("code", result.digest)),
        el("p", "Fingerprint of the ballots (SHA-256): ", el("code", str(ballots["election_sha256"]))),
    ]  # fmt: skip
