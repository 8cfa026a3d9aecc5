"""The record of a run: run.json, reading it again with the draws beside it, and whether the same bytes come out."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path, PurePosixPath
from typing import Any

from soke.deal.packaged import scenario_name
from soke.errors import SokeError
from soke.report.contents import RunReport
from soke.report.fact_words import heading, lead
from soke.report.headline import four_numbers
from soke.report.run.draws import FILE as DRAWS
from soke.report.run.draws import Draws, read_draws
from soke.report.run.inputs import FIGURES, Task
from soke.table import Table

RUN = "run.json"
NAMED = ("deal", "scenario", "place")

PACKAGED = "soke/"  # recorded paths of files that the package ships
# The order in which a run records its files; what the scenario extends and names, and imported figures, follow.
ROLES = ("deal", "framework", "scenario")


def run_json(result: RunReport, contents: Mapping[str, bytes], tables: Mapping[str, Table]) -> bytes:
    """What was run, on what, and what came out."""
    meta = result.meta
    record = {
        "soke": meta.version,
        "command": meta.command,
        "deal": result.deal.id,
        "title": result.deal.title,
        "place": result.deal.place,
        "name": result.account.name,
        "scenario": result.scenario.id,
        "seed": meta.seed,
        "draws": meta.draws,
        "years": list(result.projection.years),
        "environment": dict(sorted(meta.environment.items())),
        "files": [asdict(file) for file in meta.files],
        "data": dict(sorted(meta.data.items())),
        "sentence": heading(result),
        "lead": lead(result),
        "numbers": [asdict(number) for number in four_numbers(result)],
        "failed_draws": len(result.projection.failures),
        "tables": {table.id: len(table.rows) for table in tables.values()},
        "outputs": {name: hashlib.sha256(body).hexdigest() for name, body in contents.items()},
    }
    return (json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def read_record(file: Path, content: bytes | None = None) -> dict[str, Any]:
    """A run.json, of bytes that were read from it or read now. Raises SokeError where it is none."""
    try:
        record: dict[str, Any] = json.loads((file.read_bytes() if content is None else content).decode("utf-8"))
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
    said = record["files"]
    deal, _, scenario, *beside = (_laid_out(file, folder, packaged) for file in said)
    figures = [path for path in beside if path and path.parent == folder / FIGURES]
    name = scenario_name(said[2]["path"])
    assert deal is not None
    return Task(
        deal=deal, shown=said[0]["path"], scenario=Path(name) if name else scenario,
        scenario_shown=said[2]["path"], draws=record["draws"], seed=record["seed"],
        command=record["command"], figures=figures[0].parent if figures else None,
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


def read_run(folder: Path) -> tuple[dict[str, Any], Draws]:
    """run.json of a run's folder, and its draws.csv, in the order of the draws."""
    if not (folder / RUN).is_file():
        raise SokeError(f"{folder} does not hold a run of Soke.", "Name a folder that `soke run` wrote.")
    record = read_record(folder / RUN)
    if not all(isinstance(record.get(key), str) for key in NAMED):
        raise SokeError(f"{folder / RUN} does not say what was run.", "Name a folder that `soke run` wrote.")
    record |= {key: " ".join(record[key].split()) for key in NAMED}
    try:
        content = (folder / DRAWS).read_bytes()
        if hashlib.sha256(content).hexdigest() != record["outputs"].get(DRAWS):
            raise SokeError(
                f"{folder / DRAWS} is not the one that its run.json vouches for.", "Run again to get both anew."
            )
        return record, read_draws(content.decode(), record["draws"])
    except (OSError, ValueError, csv.Error) as error:
        raise SokeError(
            f"{folder / DRAWS} cannot be read as the draws of a run: {error}.", "Run again to get it anew."
        ) from error
