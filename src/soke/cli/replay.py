"""Running again from a run.json: the recorded files, seed and draws, and whether the same bytes come out."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from soke.errors import SokeError

PACKAGED = "soke/"  # recorded paths of files that the package ships
ROLES = ("deal", "framework", "scenario")  # the order in which a run records its files; imported figures follow


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


def shown_name(path: Path) -> str:
    """How a run names a file: as typed where that is inside the present folder, else by its last part alone.

    So a run's bytes do not depend on where a folder lies.
    """
    inside = not path.is_absolute() and ".." not in path.parts
    return path.as_posix() if inside else path.name


def read_record(file: Path) -> dict[str, Any]:
    """A run.json. Raises SokeError where it is none."""
    try:
        record: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        files = [(str(f["path"]), str(f["text"]), str(f["sha256"])) for f in record["files"]]
        if len(files) < len(ROLES) or not isinstance(record["outputs"], dict):
            raise ValueError
        record["draws"], record["seed"] = int(record["draws"]), int(record["seed"])
        record["command"] = str(record["command"])
        changed = [path for path, text, sha in files if hashlib.sha256(text.encode()).hexdigest() != sha]
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        fact = f"{file} is not the record of a run that can be read."
        raise SokeError(fact, "Name the run.json that `soke run` wrote.") from error
    if changed:
        fact = f"{file} was changed: the text of {changed[0]} is not the one that was run."
        raise SokeError(fact, "Use the original.")
    return record


def task_of(record: dict[str, Any], folder: Path, packaged: Path) -> Task:
    """Lay out the recorded files in ``folder``. ``packaged`` is the folder that holds the package.

    Raises SokeError where a path leaves the folder, or where the package ships another text now.
    """
    deal, _, scenario = (_laid_out(file, folder, packaged) for file in record["files"][: len(ROLES)])
    figures = [_laid_out(file, folder, packaged) for file in record["files"][len(ROLES) :]]
    assert deal is not None
    return Task(
        deal=deal, shown=record["files"][0]["path"], scenario=scenario,
        scenario_shown=record["files"][2]["path"], draws=record["draws"], seed=record["seed"],
        command=record["command"], figures=figures[0].parent if figures and figures[0] else None,
    )  # fmt: skip


def _laid_out(file: dict[str, str], folder: Path, packaged: Path) -> Path | None:
    path = PurePosixPath(file["path"])
    if path.is_absolute() or ".." in path.parts:
        raise SokeError(f"The record names the file {path}, outside its own folder.", "Run from the original files.")
    if file["path"].startswith(PACKAGED):
        now = (packaged / path).read_bytes().decode("utf-8-sig") if (packaged / path).is_file() else ""
        if now != file["text"]:
            fact = f"This version of Soke ships another {path.name} than the one that was run."
            raise SokeError(fact, "Use the version of Soke that the record names.")
        return None
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(file["text"], encoding="utf-8", newline="")
    return target


def verdict(record: dict[str, Any], folder: Path, environment: dict[str, str]) -> tuple[bool, str]:
    """Whether every recorded output came out again, byte by byte, and the sentence that says so."""
    differ = [
        name for name, sha in record["outputs"].items()
        if not (folder / name).is_file() or hashlib.sha256((folder / name).read_bytes()).hexdigest() != sha
    ]  # fmt: skip
    total = len(record["outputs"])
    if not differ:
        return True, f"The same bytes came out: {total} of {total} files."
    why = "" if record.get("environment") == environment else " The processor or the versions differ from the record's."
    return False, f"{len(differ)} of {total} files differ, {differ[0]} among them.{why}"
