"""A budget that was counted, for the register: the round is decided."""

from __future__ import annotations

from soke.community.budgets.manifest import digest, manifest
from soke.community.budgets.outcome import Outcome
from soke.community.budgets.words import money
from soke.errors import SokeError
from soke.register.handed_over.entries import Entry
from soke.text import counted

MOST_NAMED = 40  # winners that the register's sentence names


def decided_entry(outcome: Outcome, voting_round: str, eligible: int) -> Entry:
    """``round.decided``. SokeError where the round is not named, or the file is not in pounds or does not fit.

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
    result = f"{counted(len(outcome.winners), 'project')} for {money(outcome.total)}: {ids or 'none'}{more}."
    beyond = outcome.total - outcome.election.budget
    if beyond > 0:
        result += f" A reserve pays {money(beyond)} of it, beyond what the round had to decide."
    body: dict[str, str | int] = {
        "round": voting_round, "pence": min(outcome.total, outcome.election.budget), "result": result,
        "manifest": digest(manifest(outcome)),
    }  # fmt: skip
    if eligible:  # turnout is two numbers, or none
        body |= {"ballots": voters, "eligible": eligible}
    return "round.decided", body
