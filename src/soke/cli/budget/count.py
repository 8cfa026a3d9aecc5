"""``soke budget count`` and ``audit``: who wins under a rule, and whether a published outcome is right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any

import typer

from soke.cli.budget.rule import rule_options
from soke.cli.for_register import DEAL, FILE, PERSON, ROLE
from soke.cli.output import CSV_OPTION, JSON_OPTION, Column, console, emit, say
from soke.community.budgets.asked import manifest_object, read_rule
from soke.community.budgets.audit import Audit
from soke.community.budgets.audit import audit as compare
from soke.community.budgets.beside import BESIDE, Beside, beside
from soke.community.budgets.districts import count as counted
from soke.community.budgets.election import Election
from soke.community.budgets.manifest import another_file, differences, digest
from soke.community.budgets.manifest import manifest as manifest_of
from soke.community.budgets.outcome import Outcome
from soke.community.budgets.pb import read_election
from soke.community.budgets.pb_findings import findings
from soke.community.budgets.rule_of_file import rule_for
from soke.community.budgets.tally import Tally, tally
from soke.community.budgets.told import on_the_way, rule_as_counted
from soke.community.budgets.words import money, several
from soke.errors import SokeError
from soke.files import not_an_input
from soke.table import Cell
from soke.text import clean

BALLOTS = typer.Argument(help="A .pb file: META, PROJECTS, VOTES.")
WINNERS = (
    Column("place", "place", 0), Column("id", "id"), Column("name", "name"), Column("cost", "cost"),
    Column("votes", "votes", 0), Column("how", "how"),
)  # fmt: skip
WINNERS_CSV = (
    *WINNERS[:3], Column("cost_hundredths", "cost in hundredths"), WINNERS[4], Column("points", "points"), WINNERS[5],
)  # fmt: skip
DIFFERENT = (
    Column("id", "id"), Column("name", "name"), Column("what", "what"), Column("published", "published"),
    Column("here", "counted here"),
)  # fmt: skip

MANIFEST = "the manifest"
ANOTHER_FILE = (
    "The file is not, byte for byte, the one that the manifest was made from; the election in it is the same."
)

UNNAMED = (
    "CANNOT BE REPRODUCED: the file says who won and not, or not wholly, by which rule. "
    "Name it with --rule (and --points)."
)


@rule_options
def count(
    ballots: Path = BALLOTS,
    out: Path | None = typer.Option(None, help="A folder for the page, the tables and the manifest."),
    commands: Path | None = FILE,
    deal: str = DEAL,
    role: str = ROLE,
    person: str = PERSON,
    voting_round: str = typer.Option("", "--round", help="With --commands: the id of the round."),
    eligible: int = typer.Option(0, help="With --commands: how many people could vote."),
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
    *,
    manifest: Path | None,
    asked: Mapping[str, Any],
) -> None:
    """Count the ballots of a budget: who wins under a rule, why, and what greedy would fund beside it.

    Without --rule and --manifest it counts by the rule that META names. Where META names none, by equal shares, with
    add1 until the next raise costs too much; --completion none is the bare rule, which often leaves much unspent.
    Thresholds that META says hold with any --rule. Where an option contradicts META, that is said.

    Every parameter that decides is in the manifest; its hash is printed with the result and can be published. --out
    writes result.html, winners.csv, why-not.csv, ledger.csv (who paid what), outcome.pb and manifest.json. With
    --manifest the count of somebody else is made again: ballots and outcome must be the manifest's.

    Exit status 1: they are not. Exit status 2: the file or an option is not right; nothing is written then.

    Example: soke budget count ballots.pb --rule equal_shares --completion add1 --stop overshoot

    Example: soke budget count ballots.pb --rule greedy --least-share 10% --conflict 773,153 --out result
    """
    if as_json and as_csv:
        raise SokeError("--json and --csv cannot be asked for together.", "Choose one.")
    if commands is None and (voting_round or eligible or deal or role or person):
        raise SokeError("--round, --eligible, --deal, --as and --by go with --commands.", "Name the file to write.")
    read = [one for one in (ballots, manifest) if one is not None]
    if commands:
        not_an_input(commands, read)
    election = read_election(ballots, clean(str(ballots)))
    rule = rule_for(election, asked)
    parameters = rule.parameters
    outcome = counted(election, parameters)
    received = tally(election, parameters)
    other = beside(outcome)
    if commands:
        from soke.cli.budget.files import write_decided  # noqa: PLC0415 - heavy

        write_decided(commands, deal, role, person, outcome, voting_round, eligible)
    if out:
        from soke.cli.budget.files import write_folder  # noqa: PLC0415 - heavy

        try:
            written = write_folder(out, outcome, received, other, read, told=rule.told, warnings=rule.warnings)
        except SokeError:
            if commands:
                commands.unlink(missing_ok=True)  # a decision without its result is no decision
            raise
    before = manifest_object(manifest) if manifest else {}
    other_than = differences(before, outcome) if manifest else []
    notes = [*rule.notes, *_about(outcome, other, rule.line)]
    notes += [f"Look at this: {one}" for one in (*rule.warnings, *findings(election))]
    made = manifest_of(outcome, rule.told)
    notes += [f"Manifest: {digest(made)}", *([ANOTHER_FILE] if another_file(before, outcome) else []), *other_than]
    extra = {
        "budget_hundredths": election.budget, "total_hundredths": outcome.total, "voters": len(election.ballots),
        "voters_by_winners_chosen": list(other.funded), "greedy_beside": list(other.greedy_ids),
        "manifest_sha256": digest(made), "manifest": made,
    }  # fmt: skip
    columns = WINNERS_CSV if as_csv else WINNERS
    title = f"{election.meta.get('description', '') or ballots.name}: {parameters.rule}"
    emit(_winners(outcome, received), columns, as_json=as_json, as_csv=as_csv, title=title, notes=notes, extra=extra)
    if out:
        say(f"Wrote {', '.join(written)} in {out}.")
    if other_than:
        raise typer.Exit(1)


def _winners(outcome: Outcome, received: Tally) -> list[dict[str, Cell]]:
    projects = outcome.election.projects
    why = {step.number: step.why for step in outcome.steps if step.taken}
    return [
        {
            "place": place, "id": projects[one].id, "name": projects[one].name, "cost": money(projects[one].cost),
            "cost_hundredths": projects[one].cost, "votes": int(received.votes[one]),
            "points": int(received.score[one]), "how": why.get(one, ""),
        }
        for place, one in enumerate(outcome.winners, 1)
    ]  # fmt: skip


def _about(outcome: Outcome, other: Beside, rule: str) -> list[str]:
    """The money, the voters, and greedy beside it, in sentences."""
    election, left = outcome.election, outcome.election.budget - outcome.total
    spent = f"{several(len(outcome.winners), 'project')} for {money(outcome.total)} of {money(election.budget)}"
    notes = [f"{spent}; {money(left)} is left." if left >= 0 else f"{spent}; {money(-left)} more than the budget."]
    notes += [rule, *on_the_way(outcome)]
    if outcome.endowment is not None:
        notes.append(f"Every voter had {money(floor(outcome.endowment))} to spend.")
    voters = len(election.ballots)
    if voters:
        none, one, two = (Fraction(100 * number, voters) for number in (*other.funded, 0, 0)[:3])
        notes.append(
            f"Of {several(voters, 'voter')}, {float(none):.1f}% see no project funded that they chose, "
            f"{float(one):.1f}% one, {float(two):.1f}% two, {float(100 - none - one - two):.1f}% more."
        )
    if outcome.parameters.rule != BESIDE:
        notes.append(_greedy(other))
    return notes


def _greedy(other: Beside) -> str:
    said = f"Greedy by votes would fund {several(len(other.greedy_ids), 'project')} for {money(other.greedy_total)}"
    said += f", and {float(other.greedy_none):.1f}% of voters would see none that they chose"
    if not other.only_here and not other.only_greedy:
        return f"{said}: the same projects."
    here, there = (", ".join(one) or "none" for one in (other.only_here, other.only_greedy))
    return f"{said}. Only here: {here}. Only under greedy: {there}."


def audit(
    ballots: Path = BALLOTS,
    rule: str = typer.Option("", help="The rule, where META does not name it: greedy, greedy-stop, equal_shares, ..."),
    points: str = typer.Option("", help="Ranked ballots: what first, second, ... place gives: 3,2,1."),
    conflict: list[str] = typer.Option([], help="Ids of which one at most wins: 12,15. May be given again."),
    given: Path | None = typer.Option(None, "--manifest", help="The manifest of the count: its rule is taken."),
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Count a published outcome again: are the votes right, and do the projects win that win under the rule?

    The rule is the one that META names, unless --rule or --manifest gives it. What differs is listed, by project. With
    --manifest rule, ballots and outcome must be the manifest's too.

    Exit status 0: all that could be compared is the same, or there is nothing to compare with, which is said.
    Exit status 1: something differs, or the file says who won and not by which rule. Exit status 2: the file cannot be
    read, or an option is not right.

    Example: soke budget audit Poland_Wieliczka_2023_Green_Budget.pb

    Example: soke budget audit Poland_Warszawa_2022_Bemowo.pb --conflict 773,153
    """
    election = read_election(ballots, clean(str(ballots)))
    source = MANIFEST if given else "the option --rule" if rule else "META"
    made = manifest_object(given) if given else None
    done, told = _compared(election, rule, points, conflict, given)
    other, same_file = [], True
    if made is not None and done.parameters is not None:
        outcome = done.outcome or counted(election, done.parameters)
        other, same_file = differences(made, outcome), not another_file(made, outcome)
    rows = _differences(done)
    title = f"{election.meta.get('description', '') or ballots.name}: the published outcome, counted again"
    extra = {
        "reproduced": done.reproduced and not other, "figures": done.figures,
        "winners_compared": done.outcome is not None, "rule": done.parameters.rule if done.parameters else None,
    }  # fmt: skip
    notes = [*told, *done.notes, *([] if same_file else [ANOTHER_FILE])]
    notes += [f"Look at this: {one}" for one in findings(election)]
    notes += _verdict(done, source, other)
    if rows or as_json or as_csv:
        emit(rows, DIFFERENT, as_json=as_json, as_csv=as_csv, title=title, notes=notes, extra=extra)
    else:
        for line in (title, *notes):
            console().print(clean(line), markup=False)
    if other or not done.reproduced:
        raise typer.Exit(1)


def _compared(
    election: Election, rule: str, points: str, conflict: Sequence[str], given: Path | None
) -> tuple[Audit, list[str]]:
    """The audit, and what META says beside the rule that was asked for."""
    asked = {"rule": rule, "points": points, "conflicts": list(conflict), "manifest": given}
    if given or rule:
        found = rule_for(election, asked)
        return compare(election, found.parameters), [*found.warnings, *found.notes]
    read = read_rule({**asked, "rule": "greedy"})
    return compare(election, points=read.points, conflicts=read.conflicts), []


def _differences(done: Audit) -> list[dict[str, Cell]]:
    projects = done.election.projects
    rows: list[dict[str, Cell]] = [
        {"id": projects[one.number].id, "name": projects[one.number].name, "what": one.figure,
         "published": f"{one.published:,}", "here": f"{one.counted:,}"}
        for one in done.differences
    ]  # fmt: skip
    for numbers, published, here in ((done.missed, "yes", "no"), (done.added, "no", "yes")):
        rows += [{"id": projects[one].id, "name": projects[one].name, "what": "funded", "published": published,
                  "here": here} for one in numbers]  # fmt: skip
    return rows


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
        counted_here = f"{several(len(done.outcome.winners), 'project')} for {money(done.outcome.total)}"
        same = "as published." if not done.missed and not done.added else (
            f"{several(len(done.missed), 'published winner')} not among them, and {len(done.added)} among them that "
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
    return [*said, "NOT REPRODUCED." if other or not done.reproduced else "Reproduced."]
