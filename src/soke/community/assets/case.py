"""The case of one asset, as a small TOML file: which rules, who is who, and each step on its day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from soke.community.assets.calendar import length
from soke.community.assets.clock import MOST_STEPS, Walk, walk
from soke.community.assets.rules import Regime, Ruled, StepRule, StepTaken, read_regime, regime
from soke.community.money import to_pence
from soke.community.toml_file import as_error, faults_of, plain_id, read_document, typed_table
from soke.deal.document import Document, parse_document
from soke.deal.finding import Finding
from soke.deal.located import Located, Money
from soke.errors import Location, SokeError
from soke.text import day as said

NOT_KNOWN = "not-known"  # the kind of a body of which an old register says no kind
NO_DAY = "the register gives no day"  # the note of a step that has the day of another
KEYS = ("asset", "regime")  # a file of TOML that has one of them is a case, or was meant to be


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStep(Located):
    """A step as it is written in the file."""

    step: str
    on: dt.date
    by: str = ""
    kind: str = ""
    members: int | None = None
    ground: str = ""
    until: dt.date | None = None
    pounds: Money | None = None
    note: str = ""

    @property
    def taken(self) -> StepTaken:
        pence = None if self.pounds is None else to_pence(self.pounds)
        kind = "" if self.kind == NOT_KNOWN else self.kind
        return StepTaken(
            self.step, self.on, self.by, kind=kind, members=self.members, ground=self.ground, until=self.until,
            pence=pence, note=self.note, at=self.at,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Reverter(Located):
    """What the deed says of the asset coming back: on which events, and to whom."""

    when: tuple[str, ...]
    to: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile(Located):
    """The file. ``rules`` names a table of rules beside it; ``commencement`` a day for law that had not begun."""

    asset: str
    title: str
    regime: str
    rules: str = ""
    commencement: dt.date | None = None
    address: str = ""
    uprn: str = ""
    who: Mapping[str, str] = field(default_factory=dict)  # role -> name
    terms: Mapping[str, str] = field(default_factory=dict)  # clock -> the length that was agreed
    reverter: Reverter | None = None
    register: Mapping[str, str] = field(default_factory=dict)  # what a council's register says that no step does
    note: str = ""
    step: tuple[CaseStep, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A case and the rules that it goes by."""

    file: CaseFile
    regime: Regime
    steps: tuple[StepTaken, ...]
    files: tuple[Path, ...] = ()  # that were read: the case, and its table of rules if that is its own

    @property
    def asset(self) -> str:
        return self.file.asset

    def name(self, role: str) -> str:
        """Who has a role: by name where the file has one."""
        return self.file.who.get(role) or self.regime.roles.get(role, role)

    def law(self, row: Ruled) -> str:
        """The law of a row of the rules; it says so where the table is one that the council keeps itself."""
        return f"{row.law} [own rules: {self.file.rules}]" if self.file.rules else row.law

    def walk(self, upto: dt.date | None = None, refused: list[SokeError] | None = None) -> Walk:
        """The case followed to a day. SokeError at the first step that is not allowed."""
        return walk(self.regime, self.steps, terms=self.file.terms, commencement=self.file.commencement, upto=upto,
                    refused=refused)  # fmt: skip


def day_of(taken: StepTaken) -> str:
    """The day of a step as a table has it; empty where it is only that of another step."""
    return "" if taken.note == NO_DAY else taken.on.isoformat()


def read_case(path: Path) -> Case:
    """A case that can be followed. SokeError with the line of the first error."""
    return _without_errors(check_case(path))


def case_among(path: Path) -> Case | None:
    """A case, as :func:`read_case`; None where the file is a good one of another kind."""
    document = read_document(path)
    if isinstance(document, Document) and not any(key in document.root.table for key in KEYS):
        return None
    return _without_errors(_check(document, path))


def _without_errors(checked: Checked | Sequence[Finding]) -> Case:
    if isinstance(checked, Checked):
        errors = [finding for finding in checked.findings if finding.severity == "error"]
        if not errors:
            return checked.case
        raise as_error(errors)
    raise as_error(checked)


@dataclass(frozen=True, slots=True)
class Checked:
    """A case that could be read, and what was found in it."""

    case: Case
    findings: tuple[Finding, ...]


def check_case(path: Path) -> Checked | Sequence[Finding]:
    """Everything that is wrong with a case, by its place in the file; only findings where it cannot be read as one."""
    return _check(read_document(path), path)


def check_bytes(content: bytes, path: Path) -> Checked | Sequence[Finding]:
    """As :func:`check_case`, of bytes that are not written yet; rules of its own lie beside ``path``."""
    return _check(parse_document(content, str(path)), path)


def _check(document: Document | Finding, path: Path) -> Checked | Sequence[Finding]:
    if not isinstance(document, Document):
        return faults_of(CaseFile, document, "A case")
    read = typed_table(CaseFile, document, "A case")
    if not isinstance(read, CaseFile):
        return read
    try:
        rules = _rules_of(read, path)
        rules.begins(read.commencement)
    except SokeError as error:
        where = error.where if isinstance(error.where, Location) else read.where("regime")
        return (Finding(where, "AC101", "error", error.fact, error.fix),)
    own = (path.parent / read.rules,) if read.rules else ()
    case = Case(read, rules, tuple(step.taken for step in read.step), (path, *own))
    return Checked(case, tuple(sorted(_findings(case))))


def _rules_of(read: CaseFile, path: Path) -> Regime:
    if not read.rules:
        return regime(read.regime)
    name = PurePosixPath(read.rules)
    if name.is_absolute() or ".." in name.parts or "\\" in read.rules:
        fact = f'"rules" names a file outside the folder of the case: {read.rules[:60]}.'
        raise SokeError(fact, "Put the table of rules beside the case.", read.where("rules"))
    own = read_regime(path.parent / name)
    if own.id != read.regime:
        fact = f'The rules in {name} are "{own.id}", and the case goes by "{read.regime}".'
        raise SokeError(fact, "Name the same rules in both.", read.where("regime"))
    return own


def _findings(case: Case) -> Iterator[Finding]:
    refused: list[SokeError] = []
    if len(case.steps) > MOST_STEPS:
        fact = f"A case of {len(case.steps):,} steps is more than {MOST_STEPS:,}."
        yield Finding(case.file.at, "AC102", "error", fact, "Split it.")
        return
    faults = tuple(_header(case))
    yield from faults
    if faults:
        return
    walked = case.walk(refused=refused)
    for error in refused:
        at = error.where if isinstance(error.where, Location) else case.file.at
        yield Finding(at, "AC102", "error", error.fact, error.fix)
    for late in walked.late:
        fact = f'"{late.step.step}" came on {said(late.step.on)}, and its last day was {said(late.last)}'
        at = late.step.at or case.file.at
        yield Finding(
            at, "AC201", "warning", f"{fact} ({late.clock.law}).", "It counts all the same: say why in a note."
        )
    for line, taken in zip(case.file.step, case.steps, strict=True):
        step = case.regime.find(taken.step)
        if step:
            yield from _incomplete(case.regime, step, line)
    yield from _transfers(case, walked)


def _header(case: Case) -> Iterator[Finding]:
    file = case.file
    yield from plain_id(file, "asset", "AC103", "village-hall")
    for role in file.who:
        if role not in case.regime.roles:
            fact, fix = (
                f'"{role[:60]}" is no role under {case.regime.title}.',
                f"Roles: {', '.join(case.regime.roles)}.",
            )
            yield Finding(file.where("who", role), "AC103", "error", fact, fix)
    for name, time in file.terms.items():
        at = file.where("terms", name)
        clock = next((each for each in case.regime.clock if each.id == name), None)
        if clock is None or not clock.agreed:
            open_to = ", ".join(sorted({each.id for each in case.regime.clock if each.agreed})) or "none"
            fact = f'The parties cannot agree the length of "{name[:60]}".'
            yield Finding(at, "AC103", "error", fact, f"Those that they can agree: {open_to}.")
            continue
        try:
            length(time)
        except SokeError as error:
            yield Finding(at, "AC103", "error", error.fact, error.fix)


def _incomplete(rules: Regime, step: StepRule, line: CaseStep) -> Iterator[Finding]:
    wanted: list[tuple[bool, str, str]] = [
        (step.body and not line.kind, "kind", f"One of {', '.join(body.id for body in rules.bodies(step.id))}."),
        (bool(step.grounds) and not line.ground, "ground", f"One of {', '.join(step.grounds)}."),
        (bool(step.extends) and line.until is None, "until", "The day that was agreed."),
        (rules.must_say_pounds(step) and line.pounds is None, "pounds", f"The {step.money}, as pounds = 120_000.00."),
    ]
    for missing, key, fix in wanted:
        if missing:
            yield Finding(line.at, "AC104", "error", f'The step "{step.id}" does not say its "{key}".', fix)


def _transfers(case: Case, walked: Walk) -> Iterator[Finding]:
    """A transfer to a community, without a way back or a value."""
    for taken in walked.unvalued:
        fact = "The price is not known to be within what the law allows: no valuation stands before it."
        at = taken.at or case.file.at
        yield Finding(at, "AC203", "warning", fact, 'Record the step "valued", with its pounds.')
    for line in case.file.step:
        step = case.regime.find(line.step)
        if step is None:
            continue
        if step.transfer == "completed" and case.file.reverter is None:
            fact = "Nothing says what becomes of the asset if the group closes or the use ends."
            fix = 'If the deed has a reverter, write it: [reverter] when = ["group-closed", "use-ended"], to = "...".'
            yield Finding(line.at, "AC202", "warning", fact, fix)
    if case.file.reverter:
        triggers = next((step.grounds for step in case.regime.step if step.id == "reverter-triggered"), ())
        for number, name in enumerate(case.file.reverter.when):
            if name not in triggers:
                fact = f'"{name[:60]}" is no event of a reverter.'
                at = case.file.reverter.where("when", number)
                yield Finding(at, "AC103", "error", fact, f"Those that there are: {', '.join(triggers)}.")
