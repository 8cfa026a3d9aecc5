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
from soke.report.shell import begins
from soke.spreadsheets import inert
from soke.text import clean, financial_year

REPORT = "report.html"
LARGEST = 50_000_000  # bytes of a file of a result
_BAND = ("p10_gbp_million", "p50_gbp_million", "p90_gbp_million")
READ: Mapping[str, tuple[str, ...]] = {  # the tables that are read, and the columns without which none can be
    "four_numbers": ("number", "in_words", "sentence", "beside", "value"),
    "not_known": ("year_of_run", *_BAND),
    "loop": ("what", *_BAND),
    "luck": ("year_of_run", "p10_per_cent", "p50_per_cent", "p90_per_cent"),
    "care": ("what", "year_of_run", *_BAND),
    "must_believe": ("what", "best_points_a_year", "best_years", "whole_points_a_year", "whole_years"),
    "conditions": ("condition", "miss_chance"),
    "flows": ("owner", "kind"),
    "cuts_again": ("lost_share",),
    "drivers": ("parameter", "meaning", "low_fifth_gbp_million", "high_fifth_gbp_million"),
}
NEEDS = 2  # rows of what one must believe: the growth that is needed, two ways
_NAME = re.compile(r"report\.html|[a-z0-9_]+\.(?:csv|xlsx)", re.ASCII)
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
    command: str
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
    """The result in a folder. SokeError with the code ``damaged`` where it was altered or has not the tables that this
    version reads, and for what is no result."""
    if not (folder / RUN).is_file():
        raise SokeError("The folder holds no run.json.", "Name folders that `soke run` wrote.", code="no-file")
    vouched = read_whole(folder / RUN, RUN, LARGEST)
    record = _record(folder, vouched)
    bodies = {name: _checked(folder, name, sha) for name, sha in record["outputs"].items()}
    if REPORT not in bodies or any(f"{name}.csv" not in bodies for name in READ):
        raise _altered(RUN, "does not name every file of a result")
    tables = {name: _rows(name, bodies[f"{name}.csv"]) for name in READ}
    files = {name: hashlib.sha256(body).hexdigest() for name, body in (*bodies.items(), (RUN, vouched))}
    try:
        held = _held(folder, record, tables, files)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise _altered(RUN, "does not say what was run") from error
    _fits(held)
    _same(held, bodies[REPORT].decode("utf-8", "replace"))
    return held


def _record(folder: Path, content: bytes) -> dict[str, Any]:
    try:
        return read_record(folder / RUN, content)
    except SokeError as error:
        raise _altered(RUN, "is not as it was written") from error


def _held(folder: Path, record: Mapping[str, Any], tables: Mapping[str, Rows], files: Mapping[str, str]) -> HeldRun:
    numbers = tuple(_number(said) for said in record["numbers"])
    return HeldRun(
        folder=folder, deal=str(record["deal"]), scenario=str(record["scenario"]), draws=record["draws"],
        seed=record["seed"], version=str(record["soke"]), command=record["command"],
        years=tuple(int(year) for year in record["years"]),
        failed=int(record["failed_draws"]), deal_sha256=str(record["files"][0]["sha256"]),
        framework_sha256=str(record["files"][1]["sha256"]), sentence=str(record["sentence"]),
        lead=str(record.get("lead", "")), numbers=numbers, tables=tables, files=files,
    )  # fmt: skip


def _number(said: Mapping[str, Any]) -> Number:
    texts = {field.name: str(said.get(field.name, "")) for field in fields(Number)}
    values = {key: None if said[key] is None else float(said[key]) for key in ("value", "low", "high")}
    return Number(**{**texts, **values})  # type: ignore[arg-type]  # by name of the field


def _fits(held: HeldRun) -> None:
    """Every table has the years of the record and as many rows as are read of it, so that no page fails for want."""
    if not held.years:
        raise _altered(RUN, "does not say what was run")
    if len(held.tables["must_believe"]) < NEEDS:
        raise _another("must_believe")
    years = {f"{financial_year(year)}_gbp_million" for year in held.years}
    if any(not years <= row.keys() for row in held.tables["flows"]):
        raise _another("flows")


def _same(held: HeldRun, page: str) -> None:
    """What the record says beside the hashes must be what the files say, which it vouches for; and the report, which is
    shown as it is, must forbid itself all scripts, as every report does."""
    told = tuple(tuple(row[key] for key in ("number", "in_words", "sentence", "beside"))
                 for row in held.tables["four_numbers"])  # fmt: skip
    recorded = tuple(tuple(inert(clean(said)) for said in (one.title, one.figure, one.sentence, one.more))
                     for one in held.numbers)  # fmt: skip
    values = [number(row["value"]) for row in held.tables["four_numbers"]]
    if told != recorded or values != [one.value for one in held.numbers]:
        raise _altered(RUN, "has other numbers than the table beside it")
    if any(f">{escape(said, quote=False)}</" not in page for said in (held.sentence, held.lead) if said):
        raise _altered(RUN, "says another thing than the report beside it")
    if not page.startswith(begins()):
        raise _altered(REPORT, "does not begin as a report of Soke does")


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


def _rows(name: str, body: bytes) -> Rows:
    try:
        found = csv.DictReader(io.StringIO(body.decode("utf-8"), newline=""), strict=True)
        rows, there = tuple(dict(row) for row in found), found.fieldnames or ()
    except (ValueError, csv.Error) as error:
        raise _altered(f"{name}.csv", "is no table") from error
    if not set(READ[name]) <= set(there):
        raise _another(name)
    if any(None in row or None in row.values() for row in rows):
        raise _altered(f"{name}.csv", "has a row that is longer or shorter than its head")
    return rows


def number(cell: str) -> float | None:
    """A figure of a table; None where there is none."""
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _altered(name: str, how: str = "is not the file that run.json vouches for") -> SokeError:
    return SokeError(f"This result was altered: {name} {how}.", "Run the deal again.", code="damaged")


def _another(name: str) -> SokeError:
    fact = f"This result is of another version of Soke: {name}.csv is not the table that this version reads."
    return SokeError(fact, "Run the deal again.", code="damaged")
