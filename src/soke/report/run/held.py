"""A result of a run as its folder holds it: read only where every file is the one that run.json vouches for."""

from __future__ import annotations

import csv
import hashlib
import io
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from html import escape
from pathlib import Path
from typing import Any

from soke.errors import SokeError
from soke.files import read_whole
from soke.report.headline import Number
from soke.report.run.record import RUN, read_record
from soke.spreadsheets import inert
from soke.text import clean

REPORT = "report.html"
LARGEST = 50_000_000  # bytes of a file of a result
READ = (
    "four_numbers", "not_known", "loop", "luck", "care", "must_believe", "conditions", "flows", "cuts_again", "worth",
)  # fmt: skip
_NAME = re.compile(r"[a-z0-9_]+\.(?:html|csv|xlsx)", re.ASCII)
Rows = tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRun:
    """A result whose files are what its record says.

    ``deal_sha256``, ``framework_sha256``: of the texts that were run. ``tables``: the rows of some of its CSV files by
    id, as text. ``files``: the SHA-256 of every file by name, run.json included.
    """

    folder: Path
    deal: str
    scenario: str
    draws: int
    seed: int
    version: str
    years: tuple[int, ...]
    failed: int
    deal_sha256: str
    framework_sha256: str
    sentence: str
    lead: str
    numbers: tuple[Number, ...]
    tables: Mapping[str, Rows]
    files: Mapping[str, str]

    def content(self, name: str) -> bytes:
        """The bytes of one of its files. SokeError where it is no longer the one that was read."""
        body = read_whole(self.folder / name, name, LARGEST)
        if hashlib.sha256(body).hexdigest() != self.files[name]:
            raise _altered(name)
        return body


def held_run(folder: Path) -> HeldRun:
    """The result in a folder. SokeError with the code ``damaged`` where it was altered, and for what is no result."""
    if not (folder / RUN).is_file():
        raise SokeError("The folder holds no run.json.", "Name folders that `soke run` wrote.", code="no-file")
    vouched = read_whole(folder / RUN, RUN, LARGEST)
    record = _record(folder)
    bodies = {name: _checked(folder, name, sha) for name, sha in record["outputs"].items()}
    if REPORT not in bodies or any(f"{name}.csv" not in bodies for name in READ):
        raise _altered(RUN, "does not name every file of a result")
    tables = {name: _rows(bodies[f"{name}.csv"]) for name in READ}
    files = {name: hashlib.sha256(body).hexdigest() for name, body in (*bodies.items(), (RUN, vouched))}
    try:
        held = _held(folder, record, tables, files)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise _altered(RUN, "does not say what was run") from error
    _same(held, bodies[REPORT].decode("utf-8", "replace"))
    return held


def _record(folder: Path) -> dict[str, Any]:
    try:
        return read_record(folder / RUN)
    except SokeError as error:
        raise _altered(RUN, "is not as it was written") from error


def _held(folder: Path, record: Mapping[str, Any], tables: Mapping[str, Rows], files: Mapping[str, str]) -> HeldRun:
    numbers = tuple(_number(said) for said in record["numbers"])
    return HeldRun(
        folder=folder, deal=str(record["deal"]), scenario=str(record["scenario"]), draws=record["draws"],
        seed=record["seed"], version=str(record["soke"]), years=tuple(int(year) for year in record["years"]),
        failed=int(record["failed_draws"]), deal_sha256=str(record["files"][0]["sha256"]),
        framework_sha256=str(record["files"][1]["sha256"]), sentence=str(record["sentence"]),
        lead=str(record.get("lead", "")), numbers=numbers, tables=tables, files=files,
    )  # fmt: skip


def _number(said: Mapping[str, Any]) -> Number:
    texts = {field.name: str(said.get(field.name, "")) for field in fields(Number)}
    values = {key: None if said[key] is None else float(said[key]) for key in ("value", "low", "high")}
    return Number(**{**texts, **values})  # type: ignore[arg-type]  # by name of the field


def _same(held: HeldRun, page: str) -> None:
    """What the record says beside the hashes must be what the files say, which it vouches for."""
    told = tuple(tuple(row[key] for key in ("number", "in_words", "sentence", "beside"))
                 for row in held.tables["four_numbers"])  # fmt: skip
    recorded = tuple(tuple(inert(clean(said)) for said in (one.title, one.figure, one.sentence, one.more))
                     for one in held.numbers)  # fmt: skip
    values = [number(row["value"]) for row in held.tables["four_numbers"]]
    if told != recorded or values != [one.value for one in held.numbers]:
        raise _altered(RUN, "has other numbers than the table beside it")
    if not held.years or any(f">{escape(said, quote=False)}</" not in page for said in (held.sentence, held.lead)
                             if said):  # fmt: skip
        raise _altered(RUN, "says another thing than the report beside it")


def _checked(folder: Path, name: str, sha: Any) -> bytes:
    if not _NAME.fullmatch(name):
        raise _altered(RUN, "names a file that no run writes")
    try:
        body = read_whole(folder / name, name, LARGEST)
    except SokeError as error:
        raise _altered(name, "is missing or cannot be read") from error
    if hashlib.sha256(body).hexdigest() != sha:
        raise _altered(name)
    return body


def _rows(body: bytes) -> Rows:
    return tuple(dict(row) for row in csv.DictReader(io.StringIO(body.decode("utf-8"), newline="")))


def number(cell: str) -> float | None:
    """A figure of a table; None where there is none."""
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _altered(name: str, how: str = "is not the file that run.json vouches for") -> SokeError:
    return SokeError(f"This result was altered: {name} {how}.", "Run the deal again.", code="damaged")
