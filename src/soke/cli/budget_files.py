"""What ``soke budget count`` writes: the result for anybody to check, and the decision for the register."""

from __future__ import annotations

import csv
import io
import json
from contextlib import suppress
from pathlib import Path

from soke.cli.budget_why import COLUMNS, row
from soke.cli.for_register import write_commands
from soke.community.budgets.ledger import payments
from soke.community.budgets.manifest import digest, manifest
from soke.community.budgets.outcome import Outcome
from soke.community.budgets.pb_write import decided, write_election
from soke.community.budgets.tally import Tally
from soke.community.budgets.why import Reasons, losers
from soke.community.budgets.words import cell, money, several
from soke.errors import SokeError
from soke.files import write_whole

MANIFEST = "manifest.json"
MOST_NAMED = 40  # winners that the register's sentence names


def write_folder(folder: Path, outcome: Outcome, received: Tally) -> tuple[str, ...]:
    """Each file whole, and the manifest last: where it is missing, the folder is not finished. Returns their names."""
    contents = {
        "outcome.pb": write_election(decided(outcome, received)),
        "ledger.csv": payments(outcome).as_csv().encode(),
        "why-not.csv": _reasons(outcome).encode(),
    }
    with suppress(FileNotFoundError, NotADirectoryError):
        (folder / MANIFEST).unlink()
    for name, content in contents.items():
        write_whole(folder / name, content)
    write_whole(folder / MANIFEST, json.dumps(manifest(outcome), indent=1, ensure_ascii=False).encode() + b"\n")
    return (*contents, MANIFEST)


def _reasons(outcome: Outcome) -> str:
    """Why each project that did not win did not, as CSV."""
    text, reasons = io.StringIO(), Reasons(outcome)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([one.key for one in COLUMNS])
    for number in losers(outcome):
        found = row(outcome.election, reasons.why_not(number))
        writer.writerow([cell(value) if isinstance(value := found[one.key], str) else value for one in COLUMNS])
    return text.getvalue()


def write_decided(
    path: Path, deal: str, role: str, person: str, outcome: Outcome, voting_round: str, eligible: int
) -> None:
    """``round.decided`` as a command for the register. SokeError where an option is missing or does not fit."""
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
    body: dict[str, str | int] = {
        "round": voting_round, "pence": outcome.total, "result": result, "manifest": digest(manifest(outcome)),
    }  # fmt: skip
    body |= {key: value for key, value in (("ballots", voters), ("eligible", eligible)) if value}
    write_commands(path, deal, role, person, [("round.decided", body)])
