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
    """The cases that were read, and the .toml files of the folders that are none."""

    cases: tuple[Case, ...]
    passed_over: tuple[Path, ...]

    @property
    def names_passed_over(self) -> list[str]:
        return [str(path) for path in self.passed_over]

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file that was read."""
        return (*(file for case in self.cases for file in case.files), *self.passed_over)

    def due(self, day: dt.date, days: int | None = None) -> tuple[Due, ...]:
        """What is pressing over all cases on a day, the soonest first; only what falls due in so many ``days``."""
        return within([follow(case, day) for case in self.cases], days)


def read_cases(named: Sequence[Path]) -> Cases:
    """The cases of files and folders. SokeError for a folder without any, an error in one, a file that cannot be read,
    or an id that two have."""
    files: dict[str, Path] = {}
    cases: list[Case] = []
    passed_over: list[Path] = []
    for path in named:
        before = len(cases)
        for file, must in _files(path):
            case = read_case(file) if must else case_among(file) if file.is_file() else None
            if case is None:
                passed_over.append(file)
                continue
            if case.asset in files:
                fact = f'The asset "{case.asset}" is in {files[case.asset]} too.'
                raise SokeError(fact, "Give each case an id of its own, or name it once.", str(file))
            files[case.asset] = file
            cases.append(case)
        if len(cases) == before:
            fix = 'A case is a .toml file with asset = "..."'
            raise SokeError("No case is in this folder.", fix, str(path), code="no-file")
    return Cases(tuple(cases), tuple(passed_over))


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
