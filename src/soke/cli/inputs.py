"""What a run reads: each file once, and its bytes as they were read."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from soke.cli.replay import Task
from soke.deal.check import Checked, check_reading
from soke.deal.document import LARGEST
from soke.deal.finding import Finding
from soke.deal.reader import DEFAULT_SCENARIO, OFFER, PACKAGED, framework_content, read_deal, read_scenario
from soke.deal.types import Deal, Scenario
from soke.england.imported import LARGEST as MOST_FIGURES
from soke.england.imported import Imported, read_imported
from soke.england.places import places
from soke.errors import SokeError
from soke.evidence.sampling import checked_seed
from soke.files import read_whole
from soke.report import FileUsed

MOST_DRAWS = 100_000
FIGURES = "figures"  # how a record names the folder of imported figures, wherever it lies


@dataclass(frozen=True, slots=True)
class Inputs:
    """A deal that checks, its scenario, the three files as they were read, and how many draws."""

    deal: Deal
    findings: tuple[Finding, ...]
    scenario: Scenario
    files: tuple[FileUsed, ...]
    draws: int
    imported: Imported


def read_checked(task: Task) -> tuple[Checked, bytes]:
    """The deal of a task as far as it could be read, what is wrong with it, and its bytes."""
    reading = read_deal(task.deal, places(), task.shown)
    return check_reading(reading, places()), reading.content


def read_inputs(task: Task, checked: Checked, content: bytes) -> Inputs:
    """All else that the run of a checked deal needs. Raises SokeError for a bad scenario, number of draws or seed."""
    assert checked.deal is not None
    framework = _framework(checked.deal, task)
    scenario, said = _scenario(task)
    draws = scenario.draws if task.draws is None else task.draws
    if not 1 <= draws <= MOST_DRAWS:
        raise SokeError(
            f"{draws:,} draws cannot be run.", f"Ask for 1 to {MOST_DRAWS:,}; 1,000 is enough for a report."
        )
    checked_seed(scenario.seed if task.seed is None else task.seed)
    imported = read_imported(task.figures)
    files: tuple[FileUsed, ...] = (_used(task.shown, content), framework, _used(scenario.at.file, said))
    files += tuple(
        _used(f"{FIGURES}/{path.name}", read_whole(path, path.name, MOST_FIGURES)) for path in imported.files
    )
    return Inputs(checked.deal, tuple(checked.findings), scenario, files, draws, imported)


def _scenario(task: Task) -> tuple[Scenario, bytes]:
    """The scenario, read from a copy of the bytes that are recorded: what it was read from may be a pipe."""
    if task.scenario is None:
        return read_scenario(), (OFFER / f"{DEFAULT_SCENARIO}.toml").read_bytes()
    content = read_whole(task.scenario, task.scenario_shown, LARGEST)
    with tempfile.TemporaryDirectory(prefix="soke-") as folder:
        copy = Path(folder) / "scenario.toml"
        copy.write_bytes(content)
        return read_scenario(copy, task.scenario_shown), content


def _framework(deal: Deal, task: Task) -> FileUsed:
    """The framework, named from where the deal is shown to lie."""
    named, content = deal.framework.at.file, framework_content(deal)
    if named in PACKAGED:
        return _used(named, content)
    beside = os.path.relpath(named, task.deal.parent)
    return _used((Path(task.shown).parent / beside).as_posix(), content)


def _used(shown: str, content: bytes) -> FileUsed:
    text = content.decode("utf-8-sig")
    return FileUsed(path=shown, sha256=hashlib.sha256(text.encode()).hexdigest(), text=text)
