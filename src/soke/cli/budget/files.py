"""What ``soke budget count`` writes: the result for anybody to check, and the decision for the register."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from soke.cli.budget.why import COLUMNS, row
from soke.cli.for_register import write_commands
from soke.community.budgets.beside import Beside
from soke.community.budgets.ledger import payments
from soke.community.budgets.manifest import digest, manifest
from soke.community.budgets.outcome import Outcome, WhyNot
from soke.community.budgets.pb_findings import findings
from soke.community.budgets.pb_write import decided, write_election
from soke.community.budgets.tally import Tally
from soke.community.budgets.why import Reasons, losers
from soke.community.budgets.words import money, several
from soke.errors import SokeError
from soke.files import not_an_input, write_whole
from soke.report import budget_page
from soke.spreadsheets import inert
from soke.text import clean

MANIFEST = "manifest.json"
MOST_NAMED = 40  # winners that the register's sentence names


def write_folder(
    folder: Path,
    outcome: Outcome,
    received: Tally,
    other: Beside,
    read: Sequence[Path] = (),
    *,
    told: Sequence[str] = (),
    warnings: Sequence[str] = (),
) -> tuple[str, ...]:
    """Each file whole, and the manifest last: where it is missing, the folder is not finished. Returns their names.
    ``told`` stands in the manifest's notes, and ``warnings`` on the page.

    SokeError, before anything is written, where one of them is a file that was ``read``.
    """
    asked, made = Reasons(outcome), manifest(outcome, told)
    reasons = [asked.why_not(number) for number in losers(outcome)]
    shown = budget_page.Result(
        outcome=outcome, received=received, other=other, reasons=[(one.number, one.reason) for one in reasons],
        made=made, digest=digest(made), odd=(*warnings, *findings(outcome.election)),
    )  # fmt: skip
    contents = {
        "outcome.pb": write_election(decided(outcome, received)),
        "ledger.csv": payments(outcome).as_csv().encode(),
        "why-not.csv": _table(outcome, reasons).encode(),
        **{name: clean(content.decode()).encode() for name, content in budget_page.render(shown).items()},
    }
    for name in (*contents, MANIFEST):
        not_an_input(folder / name, read)
    with suppress(FileNotFoundError, NotADirectoryError):
        (folder / MANIFEST).unlink()
    for name, content in contents.items():
        write_whole(folder / name, content)
    write_whole(folder / MANIFEST, json.dumps(made, indent=1, ensure_ascii=False).encode() + b"\n")
    return (*contents, MANIFEST)


def _table(outcome: Outcome, reasons: Iterable[WhyNot]) -> str:
    """Why each project that did not win did not, as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([one.key for one in COLUMNS])
    for one in reasons:
        found = row(outcome.election, one)
        writer.writerow([inert(value) if isinstance(value := found[column.key], str) else value for column in COLUMNS])
    return text.getvalue()


def write_decided(
    path: Path, deal: str, role: str, person: str, outcome: Outcome, voting_round: str, eligible: int
) -> None:
    """``round.decided`` as a command for the register. SokeError where an option is missing or does not fit.

    A round decides on its own money. Where part funding buys for more, the sentence says what the reserve pays.
    """
    voters, currency = len(outcome.election.ballots), outcome.election.meta.get("currency", "").strip().upper()
    if not voting_round:
        raise SokeError("--round is missing.", "With --commands, say which round was decided.")
    if currency != "GBP":
        fact = f"The register is in pence, and the currency of the file is {currency[:10] or 'not said'}."
        raise SokeError(fact, "Record a round in pounds, whose META says currency;GBP.")
    if eligible and eligible < voters:
        fact = f"--eligible is {eligible:,}, and {voters:,} voted."
        raise SokeError(fact, "Give how many people could vote.")
    ids = ", ".join(outcome.ids[:MOST_NAMED])
    more = "" if len(outcome.winners) <= MOST_NAMED else f" and {len(outcome.winners) - MOST_NAMED} more"
    result = f"{several(len(outcome.winners), 'project')} for {money(outcome.total)}: {ids or 'none'}{more}."
    beyond = outcome.total - outcome.election.budget
    if beyond > 0:
        result += f" A reserve pays {money(beyond)} of it, beyond what the round had to decide."
    body: dict[str, str | int] = {
        "round": voting_round, "pence": min(outcome.total, outcome.election.budget), "result": result,
        "manifest": digest(manifest(outcome)),
    }  # fmt: skip
    if eligible:  # turnout is two numbers, or none
        body |= {"ballots": voters, "eligible": eligible}
    write_commands(path, deal, role, person, [("round.decided", body)])
