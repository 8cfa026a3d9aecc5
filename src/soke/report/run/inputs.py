"""What a run reads: each file once, and its bytes as they were read."""

from __future__ import annotations

import hashlib
import os
import shlex
from dataclasses import dataclass
from pathlib import Path

from soke.deal.check import Checked, check_at_hand, check_reading
from soke.deal.finding import Finding
from soke.deal.packaged import DEFAULT_SCENARIO, PACKAGED, SCENARIOS, scenario_name
from soke.deal.reader import (
    first_fault,
    framework_content,
    load_deal,
    read_deal,
    read_scenario,
    scenario_content,
    scenario_of,
)
from soke.deal.types import Deal, Scenario
from soke.england.imported import LARGEST as MOST_FIGURES
from soke.england.imported import Imported, read_imported
from soke.england.places import places
from soke.errors import SokeError, of_type
from soke.evidence.sampling import checked_seed
from soke.files import read_whole
from soke.report.contents import FileUsed

MOST_DRAWS = 100_000
FIGURES = "figures"  # how a record names the folder of imported figures, wherever it lies


@dataclass(frozen=True, slots=True)
class Task:
    """What to run: files on disk, the name that findings show for each, and the numbers; None takes the default."""

    deal: Path
    shown: str
    scenario: Path | None
    scenario_shown: str
    draws: int | None
    seed: int | None
    command: str
    figures: Path | None = None  # folder of imported figures


@dataclass(frozen=True, slots=True)
class Inputs:
    """A deal that checks, its scenario, the files as they were read, and how many draws from which seed.

    ``files`` is empty where the deal or the scenario is at hand and not as a file says: such a run has no record.
    """

    deal: Deal
    findings: tuple[Finding, ...]
    scenario: Scenario
    files: tuple[FileUsed, ...]
    draws: int
    seed: int
    imported: Imported
    command: str


def shown_name(path: Path) -> str:
    """How a run names a file: as typed where that is inside the present folder, else by its last part alone.

    So a run's bytes do not depend on where a folder lies.
    """
    inside = not path.is_absolute() and ".." not in path.parts
    return path.as_posix() if inside else path.name


def task_for(
    deal: Path, scenario: Path | None = None, draws: int | None = None, seed: int | None = None,
    figures: Path | None = None,
) -> Task:  # fmt: skip
    """The task of files, with the command that would run it again."""
    command = f"soke run {shlex.quote(shown_name(deal))}"
    if scenario:
        command += f" --scenario {shlex.quote(shown_name(scenario))}"
    if figures:
        command += f" --figures {shlex.quote(shown_name(figures))}"
    command += "".join(f" --{name} {n}" for name, n in (("draws", draws), ("seed", seed)) if n is not None)
    shown = shown_name(scenario) if scenario else ""
    return Task(deal, shown_name(deal), scenario, shown, draws, seed, command, figures)


def read_checked(task: Task) -> tuple[Checked, bytes]:
    """The deal of a task as far as it could be read, what is wrong with it, and its bytes."""
    reading = read_deal(task.deal, places(), task.shown)
    return check_reading(reading, places()), reading.content


def read_inputs(task: Task, checked: Checked, content: bytes) -> Inputs:
    """All else that the run of a checked deal needs. Raises SokeError for a bad scenario, number of draws or seed."""
    assert checked.deal is not None
    framework = _framework(checked.deal, task)
    scenario, said = _scenario(task)
    draws, seed = numbers(scenario, task.draws, task.seed)
    imported = read_imported(task.figures)
    files: tuple[FileUsed, ...] = (_used(task.shown, content), framework, _used(scenario.at.file, said))
    files += tuple(_used(file.shown, file.content) for file in scenario.files)
    files += tuple(
        _used(f"{FIGURES}/{path.name}", read_whole(path, path.name, MOST_FIGURES)) for path in imported.files
    )
    return Inputs(checked.deal, checked.findings, scenario, files, draws, seed, imported, task.command)


def inputs_for(
    deal: Deal | Path | str, scenario: Scenario | Path | str | None, draws: int | None, seed: int | None,
    figures: Path | None,
) -> Inputs:  # fmt: skip
    """What a projection takes of a deal and a scenario, each at hand or the path of a file.

    SokeError with the first error where the deal does not check, and for an argument of another type.
    """
    of_type(deal, (Deal, Path, str), "deal", "Give what soke.read_deal reads, or the path of a file.")
    fix = "Give what soke.read_scenario reads, the path of a file, or None for the shipped one."
    of_type(scenario, (Scenario, Path, str, type(None)), "scenario", fix)
    deal_file, scenario_file = file_of(deal), file_of(scenario)
    if deal_file and (scenario_file or not isinstance(scenario, Scenario) or scenario == read_scenario()):
        task = task_for(deal_file, scenario_file, draws, seed, figures)
        checked, content = read_checked(task)
        return read_inputs(task, _sound(checked), content)
    at_hand = deal if isinstance(deal, Deal) else load_deal(deal, places())
    terms = scenario if isinstance(scenario, Scenario) else read_scenario(scenario)
    checked = _sound(check_at_hand(at_hand, places()))
    draws, seed = numbers(terms, draws, seed)
    return Inputs(at_hand, checked.findings, terms, (), draws, seed, read_imported(figures), "")


def _sound(checked: Checked) -> Checked:
    """SokeError with the first error of a deal that does not check."""
    if checked.deal is not None and not checked.errors:
        return checked
    raise first_fault(checked.errors, "soke.check shows them all.")


def file_of(held: Deal | Scenario | Path | str | None) -> Path | None:
    """The file that says what is at hand, as a path names it; None where none does, or it says something else now."""
    if held is None or isinstance(held, Path | str):
        return None if held is None else Path(held)
    path = Path(scenario_name(held.at.file) or held.at.file)
    try:
        now = read_deal(path, places()).deal if isinstance(held, Deal) else read_scenario(path)
    except SokeError:
        return None
    return path if now == held else None


def numbers(scenario: Scenario, draws: int | None, seed: int | None) -> tuple[int, int]:
    """How many draws from which seed, the scenario's where none is given. SokeError for what cannot be run."""
    draws = scenario.draws if draws is None else draws
    if not 1 <= draws <= MOST_DRAWS:
        raise SokeError(
            f"{draws:,} draws cannot be run.", f"Ask for 1 to {MOST_DRAWS:,}; 1,000 is enough for a report."
        )
    return draws, checked_seed(scenario.seed if seed is None else seed)


def _scenario(task: Task) -> tuple[Scenario, bytes]:
    """The scenario, read from the bytes that are recorded: a file may change between two readings."""
    path = task.scenario or Path(DEFAULT_SCENARIO)
    content = scenario_content(path, task.scenario_shown)
    if str(path) in SCENARIOS:
        return read_scenario(path), content
    return scenario_of(content, task.scenario_shown, path.parent), content


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
