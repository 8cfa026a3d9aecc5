"""Tables of a budget that was counted, audited, explained or screened, and the sentences that stand with them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import ceil, floor

import numpy as np

from soke.community.budgets.audit import Audit
from soke.community.budgets.beside import BESIDE, Beside
from soke.community.budgets.counted import MANIFEST, Audited, Counted, Explained
from soke.community.budgets.election import Election
from soke.community.budgets.outcome import Outcome, WhyNot
from soke.community.budgets.pb_findings import findings
from soke.community.budgets.told import on_the_way, rule_as_counted
from soke.community.budgets.words import money
from soke.community.voting.screen import ALARM, Screen, old_ballots
from soke.spreadsheets import inert
from soke.table import Answer, Cell, Column, Table
from soke.text import counted

ANOTHER_FILE = (
    "The file is not, byte for byte, the one that the manifest was made from; the election in it is the same."
)
UNNAMED = (
    "CANNOT BE REPRODUCED: the file says who won and not, or not wholly, by which rule. "
    "Name it with --rule (and --points)."
)
MOST_INVALID = 1_000  # invalid ballots that an audit lists
MOST_JUDGED = 3  # projects that are shown where a screen found nothing


def winners(result: Counted, file: str) -> Answer:
    """Who wins and why, in the order in which they won; money, voters and greedy beside it in the notes."""
    outcome, received = result.outcome, result.received
    election, projects = outcome.election, outcome.election.projects
    why = {step.number: step.why for step in outcome.steps if step.taken}
    columns = (
        Column("order", "place", "count"), Column("id", "id"), Column("name", "name"), Column("cost", "cost"),
        Column("cost_hundredths", "cost in hundredths", "count", people=False), Column("votes", "votes", "count"),
        Column("points", "points", "count", people=False), Column("how", "how"),
    )  # fmt: skip
    rows = [
        (order, projects[number].id, projects[number].name, money(projects[number].cost), projects[number].cost,
         int(received.votes[number]), int(received.score[number]), why.get(number, ""))
        for order, number in enumerate(outcome.winners, 1)
    ]  # fmt: skip
    notes = [*result.chosen.notes, *_about(outcome, result.beside, result.chosen.line)]
    odd = (*result.ties.told(election), *result.chosen.warnings, *findings(election))
    notes += [f"Look at this: {one}" for one in odd]
    notes += [f"Manifest: {result.digest}", *([ANOTHER_FILE] if result.another_file else []), *result.differs]
    facts = {
        "budget_hundredths": election.budget, "total_hundredths": outcome.total, "voters": len(election.ballots),
        "voters_by_winners_chosen": list(result.beside.funded), "greedy_beside": list(result.beside.greedy_ids),
        "ties": result.ties.as_json(election), "manifest_sha256": result.digest, "manifest": result.manifest,
    }  # fmt: skip
    title = f"{election.meta.get('description', '') or file}: {outcome.parameters.rule}"
    return Answer(Table.of("budget_winners", title, columns, rows, *notes), facts)


def _about(outcome: Outcome, other: Beside, rule: str) -> list[str]:
    """The money, the voters, and greedy beside it, in sentences."""
    election, left = outcome.election, outcome.election.budget - outcome.total
    spent = f"{counted(len(outcome.winners), 'project')} for {money(outcome.total)} of {money(election.budget)}"
    notes = [f"{spent}; {money(left)} is left." if left >= 0 else f"{spent}; {money(-left)} more than the budget."]
    notes += [rule, *on_the_way(outcome)]
    if outcome.endowment is not None:
        notes.append(f"Every voter had {money(floor(outcome.endowment))} to spend.")
    voters = len(election.ballots)
    if voters:
        none, one, two = (Fraction(100 * number, voters) for number in (*other.funded, 0, 0)[:3])
        notes.append(
            f"Of {counted(voters, 'voter')}, {float(none):.1f}% see no project funded that they chose, "
            f"{float(one):.1f}% one, {float(two):.1f}% two, {float(100 - none - one - two):.1f}% more."
        )
    if outcome.parameters.rule != BESIDE:
        notes.append(_greedy(other))
    return notes


def _greedy(other: Beside) -> str:
    said = f"Greedy by votes would fund {counted(len(other.greedy_ids), 'project')} for {money(other.greedy_total)}"
    said += f", and {float(other.greedy_none):.1f}% of voters would see none that they chose"
    if not other.only_here and not other.only_greedy:
        return f"{said}: the same projects."
    here, there = (", ".join(ids) or "none" for ids in (other.only_here, other.only_greedy))
    return f"{said}. Only here: {here}. Only under greedy: {there}."


# --- audits ---


def differing(result: Audited, election: Election, file: str) -> Answer:
    """What a published outcome and the count of it differ in, a row a figure; the finding is the last note."""
    audit, projects = result.audit, election.projects
    rows: list[tuple[Cell, ...]] = [
        (projects[figure.number].id, projects[figure.number].name, figure.figure, f"{figure.published:,}",
         f"{figure.counted:,}")
        for figure in audit.differences
    ]  # fmt: skip
    for numbers, published, here in ((audit.missed, "yes", "no"), (audit.added, "no", "yes")):
        rows += [(projects[number].id, projects[number].name, "funded", published, here) for number in numbers]
    columns = (
        Column("id", "id"), Column("name", "name"), Column("what", "what"), Column("published", "published"),
        Column("here", "counted here"),
    )  # fmt: skip
    facts = {
        "reproduced": result.reproduced, "figures": audit.figures, "winners_compared": audit.outcome is not None,
        "rule": audit.parameters.rule if audit.parameters else None, "tie_decided": audit.tied,
        "ties": audit.ties.as_json(election),
    }  # fmt: skip
    notes = [*result.told, *audit.notes, *audit.ties.told(election), *([ANOTHER_FILE] if result.another_file else [])]
    notes += [f"Look at this: {odd}" for odd in findings(election, MOST_INVALID)]
    notes += _verdict(audit, result.source, result.differs)
    title = f"{election.meta.get('description', '') or file}: the published outcome, counted again"
    return Answer(Table.of("budget_differences", title, columns, rows, *notes), facts)


def _verdict(done: Audit, source: str, other: Sequence[str]) -> list[str]:
    """What was compared, and the finding, in sentences; the finding is the last. ``other``: how the count differs from
    a manifest."""
    said = []
    rule = done.parameters.rule if done.parameters else ""
    if done.unchecked:
        said.append(f"The winners were not compared. {done.unchecked}")
    if done.empty and not done.unnamed and source != MANIFEST:
        return [*said, "Nothing to compare with: the file publishes no votes either."]
    wrong = len(done.differences)
    if done.figures:
        said.append(f"Votes and points: {done.figures:,} published figures, "
                    + ("all as counted here." if not wrong else f"{wrong:,} not as counted here."))  # fmt: skip
    if done.outcome is not None:
        counted_here = f"{counted(len(done.outcome.winners), 'project')} for {money(done.outcome.total)}"
        same = "as published." if not done.missed and not done.added else (
            f"{counted(len(done.missed), 'published winner')} not among them, and {len(done.added)} among them that "
            "were not published as winners."
        )  # fmt: skip
        said.append(f"Winners under {rule}, the rule of {source}: {counted_here}, {same}")
        said.append(rule_as_counted(done.outcome.parameters))
    said += [*filter(None, [done.clash]), *other]
    if source == MANIFEST and not other:
        said.append("Rule, ballots and winners are the manifest's.")
    elif done.outcome is None and done.reproduced and not other:
        return [*said, "The votes are as published; the winners were not checked."]
    if done.unnamed and not done.differences and not other:
        return [*said, UNNAMED]
    if other or not done.reproduced:
        return [*said, "NOT REPRODUCED."]
    return [*said, "Reproduced; a tie decided." if done.tied else "Reproduced."]


# --- reasons ---


def reasons(election: Election, why: Iterable[WhyNot], *notes: str) -> Table:
    """Why projects did not win. Money in hundredths: what was left rounded down, what was missing rounded up."""
    columns = (
        Column("id", "id"), Column("name", "name"), Column("won", "won"), Column("votes", "votes", "count"),
        Column("cost_hundredths", "cost", "count"), Column("left_hundredths", "its supporters had left", "count"),
        Column("short_hundredths", "short of", "count"), Column("wins_at_hundredths", "would win at", "count"),
        Column("more_votes", "more votes needed", "count"),
        Column("supporters_with_nothing", "supporters with nothing", "count"), Column("tied", "a tie decided"),
        Column("why", "why"),
    )  # fmt: skip
    rows = [
        (election.projects[loser.number].id, election.projects[loser.number].name, "yes" if loser.won else "no",
         loser.votes, loser.cost, _down(loser.left), _up(loser.short), _up(loser.wins_at), loser.more_votes,
         loser.nothing, "yes" if loser.tied else "no", loser.words)
        for loser in why
    ]  # fmt: skip
    return Table.of("budget_reasons", "Why they did not win", columns, rows, *notes)


def _down(amount: Fraction | None) -> int | None:
    return None if amount is None else floor(amount)


def _up(amount: Fraction | None) -> int | None:
    return None if amount is None else ceil(amount)


def reasons_with_checks(result: Explained) -> Answer:
    """The reasons that were asked for, the winners, and whether every large group got its part of the money."""
    columns = (Column("name", "check"), Column("passes", "passes"), Column("words", "what was found"))
    rows = [(check.name, "yes" if check.passes else "no", check.words) for check in result.checks]
    checks = Table.of("budget_checks", "Whether every large group got its part of the money", columns, rows)
    facts = {"winners": list(result.outcome.ids)}
    return Answer(reasons(result.outcome.election, result.reasons, *result.notes), facts, (checks,))


# --- screens ---


def screened(election: Election, screen: Screen, file: str) -> Answer:
    """Projects whose ballots somebody should look at, else the few that came nearest; then what is for information."""
    signs = [("LOOK", sign) for sign in screen.alarms] or [("", sign) for sign in screen.judged[:MOST_JUDGED]]
    signs += [("for information", sign) for sign in screen.remarks]
    columns = (
        Column("verdict", ""), Column("trait", "ballots"), Column("project", "project"), Column("name", "name"),
        Column("votes", "votes", "count"), Column("unusual", "of these", "count"),
        Column("expected", "expected", "plain", digits=1), Column("z", "z", "plain", digits=1),
    )  # fmt: skip
    rows = [
        (verdict, sign.trait, sign.project, sign.name, sign.votes, sign.unusual, round(sign.expected, 1),
         round(sign.z, 1))
        for verdict, sign in signs
    ]  # fmt: skip
    notes = (_in_short(screen), *screen.notes, *screen.unscreened)
    title = f"{file}: {len(election.ballots):,} ballots"
    facts = {"alarms": len(screen.alarms), "judged": len(screen.judged)}
    return Answer(Table.of("budget_screen", title, columns, rows, *notes), facts)


def _in_short(screen: Screen) -> str:
    if screen.alarms:
        return f"Look at the ballots of {counted(len(screen.alarms), 'project')}: z is {ALARM:.0f} or more."
    if not screen.judged:
        return "Nothing was judged."
    return f"Nothing to look at: of {len(screen.judged)} projects none has a z of {ALARM:.0f} or more."


def ballots_to_look_at(election: Election, screen: Screen) -> bytes:
    """Which ballots the alarms are about, as CSV: a row a ballot and project."""
    old, ballots, text = old_ballots(election), election.ballots, io.StringIO()
    whose = np.repeat(np.arange(len(ballots)), np.diff(ballots.starts))
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["voter_id", "project", "trait"])
    for sign in screen.alarms:
        for number in whose[(ballots.chosen == election.index[sign.project]) & old[whose]].tolist():
            writer.writerow([inert(ballots.voters[number]), inert(sign.project), sign.trait])
    return text.getvalue().encode()
