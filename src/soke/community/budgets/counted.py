"""A file of ballots that is counted, audited or explained: everything that a page, a table or a record then tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from soke.community.budgets.asked import manifest_object, read_rule
from soke.community.budgets.audit import Audit
from soke.community.budgets.audit import audit as audit_of
from soke.community.budgets.beside import Beside, beside
from soke.community.budgets.districts import count
from soke.community.budgets.election import Election, Policy
from soke.community.budgets.fairness import Check, ejr_plus, priceable
from soke.community.budgets.ledger import payments
from soke.community.budgets.manifest import another_file, differences, digest, invalid_policy, manifest
from soke.community.budgets.outcome import Outcome, WhyNot
from soke.community.budgets.pb import read_election
from soke.community.budgets.rule_of_file import ChosenRule, rule_for
from soke.community.budgets.tally import Tally, tally
from soke.community.budgets.ties import Ties, ties
from soke.community.budgets.why import Reasons, losers
from soke.errors import SokeError
from soke.text import clean

MANIFEST = "the manifest"  # as the source of a rule


def read_file(path: Path, invalid: str = "", held: Path | None = None, *, otherwise: Policy = "refuse") -> Election:
    """The election of a file. ``invalid``: what is done about ballots that break the limits of META; where nothing is
    said, what the manifest ``held`` says, else ``otherwise``. SokeError with file and line."""
    policies: Mapping[str, Policy] = {policy: policy for policy in get_args(Policy)}
    if invalid and invalid not in policies:
        raise SokeError(f'--invalid is "{clean(invalid[:60])}".', f"Say {', '.join(policies)}.")
    said: Policy | None = None
    with suppress(SokeError):  # a manifest that is none is refused where its rule is read
        said = invalid_policy(manifest_object(held)) if held else None
    return read_election(path, clean(str(path)), policies.get(invalid) or said or otherwise)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Ballots counted by the rule that was ``chosen``, and the manifest that anybody can count them again from.

    ``beside``: what greedy would fund. ``ties``: those that decided. ``differs``: how the outcome is not the one of
    somebody else's manifest, in sentences; ``another_file``: the bytes of the file are not those that it was made from.
    """

    chosen: ChosenRule
    outcome: Outcome
    received: Tally
    beside: Beside
    ties: Ties
    manifest: Mapping[str, Mapping[str, object]]
    differs: tuple[str, ...]
    another_file: bool

    @property
    def digest(self) -> str:
        return digest(self.manifest)


def counted(election: Election, asked: Mapping[str, Any], held: Path | None = None) -> Counted:
    """Count an election by the rule that is ``asked`` for (see :mod:`.asked`), else by that of META.

    ``held``: the manifest of a count that is made again. SokeError where an option or the manifest is not right.
    """
    chosen = rule_for(election, asked)
    outcome = count(election, chosen.parameters)
    before = manifest_object(held) if held else {}
    decided = ties(outcome)
    return Counted(
        chosen=chosen, outcome=outcome, received=tally(election, chosen.parameters), beside=beside(outcome),
        ties=decided, manifest=manifest(outcome, chosen.told, decided.as_json(election)),
        differs=tuple(differences(before, outcome)) if held else (),
        another_file=bool(before) and another_file(before, outcome),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """A published outcome counted again. ``source``: whose rule it is; ``differs``: from a manifest, in sentences."""

    audit: Audit
    source: str
    told: tuple[str, ...]
    differs: tuple[str, ...]
    another_file: bool

    @property
    def reproduced(self) -> bool:
        return self.audit.reproduced and not self.differs


def audited(election: Election, asked: Mapping[str, Any], held: Path | None) -> Audited:
    """Hold what a file publishes against a count by the rule of ``held`` (a manifest), of ``asked``, or of META with
    what is asked beside it."""
    rule = asked.get("rule")
    if held or rule:
        chosen = rule_for(election, asked)
        audit = audit_of(election, chosen.parameters, fixed=bool(held))
        told = tuple(note for note in (*chosen.warnings, *chosen.notes) if note not in audit.notes)
    else:
        audit, told = audit_of(election, added=read_rule({**asked, "rule": "greedy"})), ()
    differs: tuple[str, ...] = ()
    another = False
    if held and audit.parameters is not None:
        made, outcome = manifest_object(held), audit.outcome or count(election, audit.parameters)
        differs, another = tuple(differences(made, outcome)), another_file(made, outcome)
    source = MANIFEST if held else "the option --rule" if rule else "META"
    return Audited(audit=audit, source=source, told=told, differs=differs, another_file=another)


@dataclass(frozen=True, slots=True)
class Explained:
    """An outcome, why projects did not win, the two checks of fairness, and what is to be said beside them."""

    outcome: Outcome
    reasons: tuple[WhyNot, ...]
    checks: tuple[Check, ...]
    ties: Ties
    differs: tuple[str, ...]
    notes: tuple[str, ...]


def explained(election: Election, ids: Iterable[str] | None, asked: Mapping[str, Any], held: Path | None) -> Explained:
    """Why the projects of these ids did not win, or all that did not. SokeError for an id that there is not."""
    numbers = None if ids is None else [_number(election, project) for project in dict.fromkeys(ids)]
    chosen = rule_for(election, asked)
    outcome = count(election, chosen.parameters)
    differs = tuple(differences(manifest_object(held), outcome)) if held else ()
    decided = ties(outcome)
    why = Reasons(outcome, ties=decided)
    reasons = tuple(why.why_not(number) for number in (losers(outcome) if numbers is None else numbers))
    notes = (*chosen.warnings, *chosen.notes, *(() if any(asked.values()) else (chosen.line,)), *differs)
    notes = (*decided.told(election), *notes)
    return Explained(outcome, reasons, (ejr_plus(outcome), priceable(payments(outcome))), decided, differs, notes)


def _number(election: Election, project: str) -> int:
    if project not in election.index:
        fact = f'There is no project "{clean(project[:60])}".'
        raise SokeError(fact, "Name one by its id in the PROJECTS section.", code="unknown-name")
    return election.index[project]
