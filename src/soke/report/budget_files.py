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

BALLOTS = "outcome.pb"


def write_folder(folder: Path, result: Counted, inputs: Sequence[Path] = ()) -> tuple[str, ...]:
    """Each file whole, and the manifest last: where it is missing, the folder is not finished. Returns their names.

    SokeError, before anything is written, where one of them is one of the ``inputs``, or where the folder holds
    another result.
    """
    contents = contents_of(result)
    for name in (*contents, MANIFEST):
        not_an_input(folder / name, inputs)
    check_own(folder, (*contents, MANIFEST), of_count(result.manifest))
    with suppress(FileNotFoundError, NotADirectoryError):
        (folder / MANIFEST).unlink()
    for name, content in contents.items():
        write_whole(folder / name, content)
    write_whole(folder / MANIFEST, json.dumps(result.manifest, indent=1, ensure_ascii=False).encode() + b"\n")
    return (*contents, MANIFEST)


def shown_of(result: Counted) -> budget_page.Result:
    """What a page tells of a count."""
    outcome, election, ties = result.outcome, result.outcome.election, result.ties
    voice = voice_of(election)
    aloud = Reasons(outcome, voice, ties)
    return budget_page.Result(
        outcome=outcome, received=result.received, other=result.beside,
        reasons=[aloud.why_not(number) for number in losers(outcome)], made=result.manifest,
        digest=result.digest, odd=(*result.chosen.warnings, *findings(election)), ties=ties.told(election, voice),
        rise=share_raised(outcome, voice), voice=voice,
    )  # fmt: skip


def contents_of(result: Counted) -> dict[str, bytes]:
    """Every file of the folder but the manifest, by name."""
    outcome, election = result.outcome, result.outcome.election
    why = Reasons(outcome, ties=result.ties)
    return {
        BALLOTS: write_election(decided(outcome, result.received)),
        "ledger.csv": payments(outcome).as_csv().encode(),
        "why-not.csv": reasons_table(election, [why.why_not(number) for number in losers(outcome)]).csv().encode(),
        **{name: clean(content.decode()).encode() for name, content in budget_page.render(shown_of(result)).items()},
    }
