"""The cases of many assets: files that are named, and folders in which some files are cases and some are not."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from soke.community.assets.case import Case, case_among, read_case
from soke.community.assets.due import Due, follow, within
from soke.errors import SokeError

MOST_FILES = 20_000


@dataclass(frozen=True, slots=True)
class Cases:
    """The cases that were read, the .toml files of the folders that are none, and why others are left out: a case with
    an error, a file that cannot be read, a case whose id another has."""

    cases: tuple[Case, ...]
    passed_over: tuple[Path, ...]
    left_out: tuple[SokeError, ...] = ()

    @property
    def names_passed_over(self) -> list[str]:
        return [str(path) for path in self.passed_over]

    @property
    def faults(self) -> list[str]:
        """Why files are left out, each as a sentence with its place."""
        return [str(error) for error in self.left_out]

    def on(self, day: dt.date) -> Cases:
        """Those that can be followed to a day; the others are left out too, such as one whose rules begin later."""
        cases, left_out = [], list(self.left_out)
        for case in self.cases:
            try:
                follow(case, day)
                cases.append(case)
            except SokeError as error:
                left_out.append(SokeError(error.fact, error.fix, error.where or case.file.at))
        return _shown(cases, self.passed_over, left_out)

    def stop(self) -> None:
        """SokeError where anything is left out: asked when the rest is shown."""
        if len(self.left_out) == 1:
            raise SokeError(f"Left out, all else is shown: {self.faults[0]}")
        if self.left_out:
            raise SokeError(
                "\n  ".join([f"{len(self.left_out):,} files are left out, all else is shown:", *self.faults])
            )

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file that was read."""
        return (*(file for case in self.cases for file in case.files), *self.passed_over)

    def due(self, day: dt.date, days: int | None = None) -> tuple[Due, ...]:
        """What is pressing over all cases on a day, the soonest first; only what falls due in so many ``days``."""
        return within([follow(case, day) for case in self.cases], days)


def read_cases(named: Sequence[Path]) -> Cases:
    """The cases of files and folders; what cannot be read is left out, and said. SokeError for a folder without any
    case, and where no case can be read."""
    files: dict[str, Path] = {}
    cases: list[Case] = []
    passed_over: list[Path] = []
    left_out: list[SokeError] = []
    for path in named:
        before = len(cases) + len(left_out)
        for file, must in _files(path):
            try:
                case = read_case(file) if must else case_among(file) if file.is_file() else None
                if case is None:
                    passed_over.append(file)
                    continue
                if case.asset in files:
                    fact = f'The asset "{case.asset}" is in {files[case.asset]} too.'
                    raise SokeError(fact, "Give each case an id of its own, or name it once.", str(file))
            except SokeError as error:
                left_out.append(error)
                continue
            files[case.asset] = file
            cases.append(case)
        if len(cases) + len(left_out) == before:
            fix = 'A case is a .toml file with asset = "..."'
            raise SokeError("No case is in this folder.", fix, str(path), code="no-file")
    return _shown(cases, passed_over, left_out)


def _shown(cases: Sequence[Case], passed_over: Sequence[Path], left_out: Sequence[SokeError]) -> Cases:
    if left_out and not cases:
        more = ["No case can be read:", *map(str, left_out)]
        raise left_out[0] if len(left_out) == 1 else SokeError("\n  ".join(more))
    return Cases(tuple(cases), tuple(passed_over), tuple(left_out))


def _files(path: Path) -> Iterator[tuple[Path, bool]]:
    """What is named, which must be a case; of a folder its .toml files, which may be something else."""
    if not path.is_dir():
        yield path, True
        return
    count = 0
    for folder, folders, files in os.walk(path, onerror=_unreadable):
        folders.sort()
        for name in sorted(files):
            if name.lower().endswith(".toml"):
                count += 1
                if count > MOST_FILES:
                    fact = f"More than {MOST_FILES:,} .toml files are here."
                    raise SokeError(fact, "Name parts of it.", str(path), code="too-large")
                yield Path(folder, name), False
        for name in folders:
            if Path(folder, name).is_symlink():  # not followed: it may lead round in a ring
                yield Path(folder, name), False


def _unreadable(error: OSError) -> None:
    fact = f"The folder cannot be read: {error.strerror}."
    raise SokeError(fact, "Check its permissions, or name the files.", str(error.filename), code="file-refused")
