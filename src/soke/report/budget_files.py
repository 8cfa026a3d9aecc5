"""The folder of a counted budget: the result for anybody to check."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from soke.community.budgets.completion import share_raised
from soke.community.budgets.counted import Counted
from soke.community.budgets.ledger import payments
from soke.community.budgets.pb_findings import findings
from soke.community.budgets.pb_write import decided, write_election
from soke.community.budgets.why import Reasons, losers
from soke.community.budgets.words import voice_of
from soke.files import not_an_input, write_whole
from soke.report import budget_page
from soke.report.own_folder import MANIFEST, check_own, of_count
from soke.report.tables.budget import reasons as reasons_table
from soke.text import clean


def write_folder(folder: Path, result: Counted, inputs: Sequence[Path] = ()) -> tuple[str, ...]:
    """Each file whole, and the manifest last: where it is missing, the folder is not finished. Returns their names.

    SokeError, before anything is written, where one of them is one of the ``inputs``, or where the folder holds
    another result.
    """
    outcome, election, ties = result.outcome, result.outcome.election, result.ties
    why, voice = Reasons(outcome, ties=ties), voice_of(election)
    aloud = Reasons(outcome, voice, ties)
    reasons = [why.why_not(number) for number in losers(outcome)]
    shown = budget_page.Result(
        outcome=outcome, received=result.received, other=result.beside,
        reasons=[(number, aloud.why_not(number).reason) for number in losers(outcome)], made=result.manifest,
        digest=result.digest, odd=(*result.chosen.warnings, *findings(election)), ties=ties.told(election, voice),
        rise=share_raised(outcome, voice), voice=voice,
    )  # fmt: skip
    contents = {
        "outcome.pb": write_election(decided(outcome, result.received)),
        "ledger.csv": payments(outcome).as_csv().encode(),
        "why-not.csv": reasons_table(election, reasons).csv().encode(),
        **{name: clean(content.decode()).encode() for name, content in budget_page.render(shown).items()},
    }
    for name in (*contents, MANIFEST):
        not_an_input(folder / name, inputs)
    check_own(folder, (*contents, MANIFEST), of_count(result.manifest))
    with suppress(FileNotFoundError, NotADirectoryError):
        (folder / MANIFEST).unlink()
    for name, content in contents.items():
        write_whole(folder / name, content)
    write_whole(folder / MANIFEST, json.dumps(result.manifest, indent=1, ensure_ascii=False).encode() + b"\n")
    return (*contents, MANIFEST)
