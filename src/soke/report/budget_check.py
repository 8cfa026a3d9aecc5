"""A folder of a counted budget, read back: counted again from its own ballots, and held against all that it says."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from soke.community.budgets.asked import manifest_object
from soke.community.budgets.counted import Counted, audited, counted, read_file
from soke.community.budgets.election import Election
from soke.errors import SokeError
from soke.files import read_whole
from soke.report.budget_files import BALLOTS, contents_of
from soke.report.budget_page import PAGE
from soke.report.own_folder import MANIFEST
from soke.version import __version__

LARGEST = 100_000_000  # bytes of ballots that are counted again at once
IDS = ("winners.csv", "why-not.csv")  # tables whose first column is the id of a project


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedCount:
    """``counted``: made again, with the ``files`` that it gives; None where ``faults`` say, with the file, why the
    folder cannot be taken as it stands."""

    election: Election | None
    counted: Counted | None
    faults: tuple[str, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)


def check_counted(folder: Path) -> CheckedCount:
    """Count the ballots of a folder again by its manifest, and compare rule, ballots, winners and tables."""
    held, ballots = folder / MANIFEST, folder / BALLOTS
    missing = [path.name for path in (held, ballots) if not path.is_file()]
    if missing:
        return CheckedCount(election=None, counted=None, faults=tuple(f"{name} is missing." for name in missing))
    election = None
    try:
        read_whole(ballots, BALLOTS, LARGEST, "Count it by hand: it is too large to be counted again here.")
        election = read_file(ballots, held=held)
        asked = {"manifest": held}
        audit = audited(election, asked, held)
        made = counted(election, asked, held)
    except SokeError as error:
        return CheckedCount(
            election=election, counted=None, faults=(f"{BALLOTS} cannot be counted again by {MANIFEST}: {error.fact}",)
        )
    faults = [f"{MANIFEST}: {sentence}" for sentence in audit.differs]
    if not audit.audit.reproduced:
        faults.append(f"{BALLOTS} marks other votes or winners than its ballots give.")
    files = contents_of(made)
    faults += _tables(folder, files, manifest_object(held).get("soke") == __version__)
    return CheckedCount(election=election, counted=None if faults else made, faults=tuple(faults), files=files)


def _tables(folder: Path, files: Mapping[str, bytes], same: bool) -> Iterator[str]:
    """Which files are not what the count gives; where another version wrote them, their words may differ."""
    for name, content in files.items():
        path = folder / name
        if name in (BALLOTS, PAGE) or not path.is_file():
            continue
        there = read_whole(path, name, LARGEST)
        differs = there != content if same else name in IDS and _ids(there) != _ids(content)
        if differs:
            yield f"{name} is not what the ballots give: it was altered."


def _ids(content: bytes) -> list[str]:
    rows = csv.reader(io.StringIO(content.decode("utf-8", "replace")))
    return [row[0] for row in rows if row]
