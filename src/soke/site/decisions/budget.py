"""A budget that residents decided: who won, why the others did not, how it was counted, and how to check it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from soke.community.budgets.beside import BESIDE
from soke.community.budgets.election import Election
from soke.community.budgets.manifest import election_digest
from soke.community.budgets.registry import find
from soke.report import budget_page
from soke.report.budget_check import check_counted
from soke.report.budget_files import BALLOTS, shown_of
from soke.report.charts.bars import OTHER, Bar, bars
from soke.report.markup import Child, Element, el
from soke.report.own_folder import MANIFEST
from soke.report.shell import panel, section
from soke.report.table import folded
from soke.site.decided import Decided, altered, plain_name, stamp_of, tag_of
from soke.site.decisions.parts import check
from soke.site.decisions.round import CHECKS, Round, day_voted, places_named, turnout
from soke.table import Column, Table
from soke.text import counted, listed, one_line

IN_HEADING, LONGEST_THERE, LONGEST = 4, 40, 160  # winners in a heading, letters of each, and of one elsewhere
MOST_LOST = 10  # projects that did not win, on the first screens; all are in the table
TABLES = ("winners.csv", "why-not.csv")
GOT = (Column("got", "Of what they chose, funded"), Column("voters", "Voters", "count"))


@dataclass(frozen=True, slots=True)
class Project:
    """A project as people read it; ``why`` it won, and who paid for it, or why it did not."""

    name: str
    cost: str
    votes: int
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """A count in plain values. ``left``: a sentence on the money. ``voters`` cast a ballot, ``nothing`` of them got
    nothing that they chose; ``by_votes`` would have, had most votes won, and ``changes`` says what would; None where
    that is the rule. ``said``: what was odd, and which ties decided."""

    won: tuple[Project, ...]
    lost: tuple[Project, ...]
    cost: str
    budget: str
    left: str
    voters: int
    nothing: int
    by_votes: int | None
    changes: str
    rule: str
    rise: str
    said: tuple[str, ...]
    got: tuple[tuple[str, int], ...]
    terms: tuple[tuple[str, str], ...]
    digest: str
    winners: Table
    losers: Table
    round: Round | None = None


def read_budget(folder: Path, where: str, files: dict[str, bytes], rounds: dict[str, Round]) -> Decided:
    """A folder that ``soke budget count`` wrote, counted again. ``files``: its bytes by name; ``rounds``: those that
    were handed in too, by the digest of their ballots."""
    found = check_counted(folder)
    election = found.election
    name = election.meta.get("description", "") if election else ""
    name = name or Path(where).name or "A vote"
    if found.counted is None or election is None:
        return altered("budget", name, where, found.faults, files)
    voted = rounds.get(election_digest(election))
    if voted is not None and (wrong := _unlike(voted, election)):
        return altered("budget", name, where, wrong, files)
    body = replace(_budget(shown_of(found.counted)), round=voted)
    beside = {MANIFEST: files[MANIFEST]} | {part: found.files[part] for part in (BALLOTS, *TABLES)}
    return Decided(
        kind="budget", name=plain_name(name), finding=_finding(plain_name(name), body), where=where,
        stamp=stamp_of(files, voted.stamp if voted else ""), day=day_voted(election),
        tag=tag_of(name, election.meta.get("comment", "")), files=beside | (dict(voted.files) if voted else {}),
        body=body, named=places_named(election),
    )  # fmt: skip


def _unlike(voted: Round, election: Election) -> list[str]:
    """What is wrong with the round whose ballots were counted, or what the count calls otherwise: its hash of the
    ballots leaves out the title."""
    said = [f"The round whose ballots these are: {fault}" for fault in voted.faults]
    paper = voted.paper
    mine = (election.meta.get("description", ""), day_voted(election), places_named(election))
    if not said and mine != (paper.title, paper.day, paper.named):
        said.append(f"{BALLOTS} has another title, day or place than the round whose ballots it holds.")
    return said


def _finding(name: str, body: Budget) -> str:
    if not body.won:
        return f"{name}: no project could be funded"
    shown = [project.name for project in body.won[:IN_HEADING]]
    short = [each if len(each) <= LONGEST_THERE else f"{each[: LONGEST_THERE - 1]}…" for each in shown]
    more = len(body.won) - len(short)
    return f"{name} chose: {'; '.join(short)}" + (f"; and {more} more" if more else "")


def _budget(result: budget_page.Result) -> Budget:
    outcome, voters = result.outcome, len(result.outcome.election.ballots)
    left = outcome.election.budget - outcome.total
    spare = f"{result.money(left)} is left over." if left > 0 else "All of it is spent." if not left else (
        f"{result.money(-left)} more than that comes from a reserve.")  # fmt: skip
    by_rule = outcome.parameters.rule == BESIDE
    paid = {step.number: step.told(result.voice) for step in outcome.steps if step.taken}
    return Budget(
        won=tuple(_project(result, number, paid.get(number, "")) for number in outcome.winners),
        lost=tuple(_project(result, why.number, budget_page.in_short(result, why)) for why in budget_page.lost(result)),
        cost=result.money(outcome.total), budget=result.money(outcome.election.budget), left=spare, voters=voters,
        nothing=result.other.funded[0], by_votes=None if by_rule else int(result.other.greedy_none * voters / 100),
        changes="" if by_rule else _changes(result), rule=find(outcome.parameters.rule).words, rise=result.rise,
        said=tuple(map(one_line, (*result.ties, *result.odd))), got=tuple(budget_page.got(result)),
        terms=tuple(budget_page.rule_terms(result)), digest=result.digest, winners=budget_page.winners(result),
        losers=budget_page.losers(result),
    )  # fmt: skip


def _project(result: budget_page.Result, number: int, why: str) -> Project:
    project = result.outcome.election.projects[number]
    cost = result.money(project.cost) if project.cost else "free"
    return Project(_called(project.name or project.id), cost, int(result.received.votes[number]), one_line(why))


def _called(name: str) -> str:
    said = one_line(name)
    return said if len(said) <= LONGEST else f"{said[: LONGEST - 1].rstrip()}…"


def _changes(result: budget_page.Result) -> str:
    """What most votes first would change, in a sentence."""
    election, other = result.outcome.election, result.other

    def named(ids: Sequence[str]) -> str:
        names = [_called(election.projects[election.index[each]].name or each) for each in ids[:IN_HEADING]]
        more = len(ids) - len(names)
        return listed([*names, *([f"{more} more"] if more else [])])

    if not other.only_here and not other.only_greedy:
        return "With most votes first, the same projects would have won."
    gain = f"{named(other.only_greedy)} would have won" if other.only_greedy else "nothing else would have won"
    lose = f", and not {named(other.only_here)}" if other.only_here else ""
    return f"With most votes first, {gain}{lose}."


# --- the page ---


def lead(body: Budget) -> str:
    """Who voted on how much, and how many got something."""
    who = counted(body.voters, "person", "people")
    if body.round is not None:
        who = f"{body.round.counts.cast:,} of {body.round.usable:,} people"
    got = "Each of them got at least one thing they chose." if not body.nothing else (
        f"{body.nothing:,} of them got nothing that they chose.")  # fmt: skip
    return f"{who} voted on {body.budget}. {got}" if body.voters else f"Nobody voted on {body.budget}."


def main(one: Decided, body: Budget) -> list[Child]:
    """All that stands under the heading."""
    rows = [
        el("li", el("b", project.name), el("span", project.cost, class_="cost"),
           el("small", counted(project.votes, "vote")), el("small", project.why) if project.why else None)
        for project in body.won
    ]  # fmt: skip
    won = el("ol", *rows, class_="win") if rows else el("p", "Nothing: no project could be funded.")
    rest = el("p", f"{body.left} What happens to it is ", el("span", "not known", class_="none"), " here.",
              class_="small") if body.left.endswith("left over.") else el("p", body.left, class_="small")  # fmt: skip
    done = el("p", "Whether each was paid for and done is ", el("span", "not known", class_="none"), " here: a count "
              "does not say. Whoever holds the money could publish it.", class_="small") if rows else None  # fmt: skip
    funded = panel("funded", f"Funded: {body.cost} of {body.budget}", won, rest, done)
    return [
        el("p", lead(body), class_="lead"), el("div", funded, _why_not(body), class_="two"),
        el("div", _how(body), _right(one, body), class_="half"), *_tables(body),
    ]  # fmt: skip


def _why_not(body: Budget) -> Element:
    said: list[Child] = []
    for project in body.lost[:MOST_LOST]:
        said += [el("dt", f"{project.name}, {project.cost}, {counted(project.votes, 'vote')}"), el("dd", project.why)]
    nobody = el("p", "There are none: every project won.")
    more = len(body.lost) - MOST_LOST
    words = f"{more:,} more, and every reason in full" if more > 0 else "Every reason in full"
    full = el("p", el("a", words, href="#figures"), class_="small") if said else None
    return panel("why-not", "Why not the others?", el("dl", *said, class_="why") if said else nobody, full)


def _how(body: Budget) -> Element:
    words = f"{body.rule[0].upper()}{body.rule[1:]}."
    parts: list[Child] = [el("p", words), el("p", body.rise) if body.rise else None]
    parts += [el("p", said, class_="said") for said in body.said]
    if body.by_votes is not None and body.voters:
        rows = [
            Bar(words, float(number), f"{number:,} of {body.voters:,}", kind=kind, of=float(body.voters))
            for words, number, kind in (("As counted here", body.nothing, "more"),
                                        ("If most votes had won", body.by_votes, OTHER))
        ]  # fmt: skip
        parts += [
            el("h3", "People who got nothing they chose"),
            bars("People who got nothing they chose", rows),
            el("p", body.changes, class_="small"),
        ]
    parts.append(folded(Table.of("got", "What voters got", GOT, body.got), "What voters got", file=False))
    terms = [part for key, value in body.terms for part in (el("dt", key), el("dd", value))]
    parts.append(el("details", el("summary", "Every term of the rule"), el("dl", *terms, class_="sources")))
    return section("how", "How it was counted", parts)


def _right(one: Decided, body: Budget) -> Element:
    commands = [("Count the ballots again:", f"soke budget audit {BALLOTS} --manifest {MANIFEST}")]
    said: list[Child] = []
    if body.round is not None:
        said += [el("p", turnout(body.round)), el("p", "The ballots, the rule and the count are public.")]
        commands += CHECKS
    said.append(el("p", "It was counted again when this page was made, and the same projects won. "
                        "Anybody else can do so too."))  # fmt: skip
    print_ = el("p", "Fingerprint of the count: ", el("code", body.digest), class_="small")
    return check(one, *said, print_, commands=commands)


def _tables(body: Budget) -> list[Child]:
    shown = [folded(body.winners, "Funded, and why", file=False)]
    if body.lost:
        shown.append(folded(body.losers, "Not funded, and why not", file=False))
    return [section("figures", "All figures", shown)]
