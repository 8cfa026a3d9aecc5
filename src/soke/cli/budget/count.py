"""``soke budget count`` and ``audit``: who wins under a rule, and whether a published outcome is right."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer

from soke.cli.budget.rule import rule_options
from soke.cli.for_register import DEAL, FILE, PERSON, ROLE, write_commands
from soke.cli.output import CSV_OPTION, JSON_OPTION, console, say, show
from soke.community.budgets.counted import audited, counted, read_file
from soke.errors import SokeError
from soke.files import not_an_input
from soke.register.handed_over.budgets import decided_entry
from soke.report.budget_files import write_folder
from soke.report.tables import budget as tables
from soke.text import clean

BALLOTS = typer.Argument(help="A .pb file: META, PROJECTS, VOTES.")
_INVALID = "Ballots that break the limits of META: keep, drop or refuse."
INVALID = typer.Option("", help=f"{_INVALID} [default: refuse, or as the manifest says]")


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
    invalid: str = INVALID,
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
    *,
    manifest: Path | None,
    asked: Mapping[str, Any],
) -> None:
    """Count the ballots of a budget: who wins under a rule, why, and what greedy would fund beside it.

    Without --rule and --manifest it counts by the rule that META names. Where META names none, by equal shares, with
    add1 until the next raise costs too much; --completion none is the bare rule, which often leaves much unspent.
    Thresholds that META says hold with any --rule. Where an option contradicts META, that is said. Where a tie decided,
    that is said too, with who would have won in another order; --tie-order takes a lot that was drawn.

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
    inputs = [path for path in (ballots, manifest) if path is not None]
    if commands:
        not_an_input(commands, inputs)
    result = counted(read_file(ballots, invalid, manifest), asked, manifest)
    if commands:
        write_commands(commands, deal, role, person, [decided_entry(result.outcome, voting_round, eligible)])
    if out:
        try:
            written = write_folder(out, result, inputs)
        except SokeError:
            if commands:
                commands.unlink(missing_ok=True)  # a decision without its result is no decision
            raise
    show(tables.winners(result, ballots.name), as_json=as_json, as_csv=as_csv)
    if out:
        say(f"Wrote {', '.join(written)} in {out}.")
    if result.differs:
        raise typer.Exit(1)


def audit(
    ballots: Path = BALLOTS,
    rule: str = typer.Option("", help="The rule, where META does not name it: greedy, greedy-stop, equal_shares, ..."),
    points: str = typer.Option("", help="Ranked ballots: what first, second, ... place gives: 3,2,1; or length."),
    conflict: list[str] = typer.Option([], help="Ids of which one at most wins: 12,15. May be given again."),
    withdrawn: list[str] = typer.Option([], help="Ids of projects that were withdrawn: 12,15. May be given again."),
    tie_order: str = typer.Option("", help="A lot that was drawn: ids in its order, or a file with one on each line."),
    invalid: str = typer.Option("", help=f"{_INVALID} [default: keep]"),
    given: Path | None = typer.Option(None, "--manifest", help="The manifest of the count: its rule is taken."),
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Count a published outcome again: are the votes right, and do the projects win that win under the rule?

    The rule is the one that META names, unless --rule or --manifest gives it. What differs is listed, by project. With
    --manifest rule, ballots and outcome must be the manifest's too. Ballots that break the limits of META are counted,
    as published counts count them, and listed. Winners of one order of equal projects and not of another are
    reproduced, and the tie is told.

    Exit status 0: all that could be compared is the same, or there is nothing to compare with, which is said.
    Exit status 1: something differs, or the file says who won and not by which rule. Exit status 2: the file cannot be
    read, or an option is not right.

    Example: soke budget audit Poland_Wieliczka_2023_Green_Budget.pb

    Example: soke budget audit Poland_Warszawa_2022_Bemowo.pb --conflict 773,153
    """
    election = read_file(ballots, invalid, given, otherwise="keep")
    asked = {"rule": rule, "points": points, "conflicts": conflict, "withdrawn": withdrawn, "tie_order": tie_order,
             "manifest": given}  # fmt: skip
    result = audited(election, asked, given)
    answer = tables.differing(result, election, ballots.name)
    if answer.table.rows or as_json or as_csv:
        show(answer, as_json=as_json, as_csv=as_csv)
    else:
        for line in (answer.table.caption, *answer.table.notes):
            console().print(clean(line), markup=False)
    if not result.reproduced:
        raise typer.Exit(1)
