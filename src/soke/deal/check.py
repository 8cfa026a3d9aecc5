"""Check a deal: what the reader found, what the rules found, less what is silenced with a reason."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

import soke.deal.rules  # noqa: F401 - importing it fills the registry
from soke.deal.burden import assumptions
from soke.deal.document import Ignore
from soke.deal.finding import Finding
from soke.deal.reader import PlaceNames, Reading, read_deal, read_file
from soke.deal.registry import RULES, Context, explain
from soke.deal.types import Deal
from soke.errors import SokeError

__all__ = ["Checked", "check", "check_at_hand", "check_reading", "explain"]


@dataclass(frozen=True, slots=True)
class Checked:
    """``silenced`` are findings that the file ignores with a reason; ``not_run`` the codes of rules that stood back
    because what they look at could not be read. ``deal`` is None when too little could be read to check."""

    deal: Deal | None
    findings: tuple[Finding, ...]
    silenced: tuple[tuple[Finding, str], ...] = ()
    not_run: tuple[str, ...] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity == "error")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity == "warning")

    @property
    def readable(self) -> bool:
        """False where the file is not TOML at all: the command line then exits with 2."""
        return all(finding.code != "DV001" for finding in self.findings)


def check(path: Path | str, places: PlaceNames) -> Checked:
    """Read a deal file and run every rule on it; read a framework or a scenario, which have no rules of their own.

    SokeError if the file cannot be opened.
    """
    return check_reading(read_file(path, places), places)


def check_at_hand(deal: Deal, places: PlaceNames) -> Checked:
    """Run every rule on a deal at hand: as its file would be checked, where the file still says the same; else on what
    it says now, with nothing silenced."""
    with contextlib.suppress(SokeError):
        reading = read_deal(deal.at.file, places)
        if reading.deal == deal:
            return check_reading(reading, places)
    return check_reading(Reading(deal, (), named=deal.members), places)


def check_reading(reading: Reading, places: PlaceNames) -> Checked:
    """Run every rule on what was read. Findings come in the order of the file."""
    found = list(reading.findings)
    not_run = []
    deal = reading.deal or reading.as_meant
    if deal is not None:
        context = Context(places, assumptions(), reading.named)
        for rule in RULES.values():
            if reading.suspects & set(rule.reads):
                not_run.append(rule.code)
            else:
                found.extend(rule.run(deal, context))
    found.extend(_without_reason(ignore) for ignore in reading.ignores if not ignore.reason)
    kept, silenced = _silence(found, reading.ignores)
    return Checked(reading.deal, tuple(sorted(set(kept))), tuple(silenced), tuple(sorted(not_run)))


def _without_reason(ignore: Ignore) -> Finding:
    fact = f"{', '.join(ignore.codes)} is silenced here without a reason."
    return Finding(ignore.at, "DV008", "error", fact, f'Write: # soke: ignore {ignore.codes[0]} reason="..."')


def _silence(found: list[Finding], ignores: tuple[Ignore, ...]) -> tuple[list[Finding], list[tuple[Finding, str]]]:
    reasons = {
        (ignore.at.file, line, code): ignore.reason
        for ignore in ignores
        if ignore.reason
        for line in ignore.lines
        for code in ignore.codes
    }
    kept, silenced = [], []
    for finding in found:
        reason = reasons.get((finding.at.file, finding.at.line, finding.code))
        if reason is None:
            kept.append(finding)
        else:
            silenced.append((finding, reason))
    return kept, silenced
