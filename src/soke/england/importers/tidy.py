"""Reading the official tables: tidy long CSV, plain or gzipped, one row a figure."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path

from soke.errors import SokeError

Row = dict[str, str]


def rows(source: Path, name: str) -> list[Row]:
    """All rows of ``name`` (``x.csv`` or ``x.csv.gz``) in ``source``. Raises SokeError where the file is missing."""
    path = source / name
    try:
        raw = gzip.decompress(path.read_bytes()) if name.endswith(".gz") else path.read_bytes()
        text = raw.decode("utf-8-sig")
    except FileNotFoundError:
        raise SokeError(
            f"the source folder has no {name}.", "Name the folder that holds the official tables.", str(source)
        ) from None
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise SokeError(
            f"{name} cannot be read: {error}.", "Copy the file again from its publisher.", str(path)
        ) from error
    return list(csv.DictReader(io.StringIO(text)))


def figures(source: Path, name: str, variable: str, year: str | None = None) -> dict[str, float]:
    """``{code: value}`` of one variable, of one year where given. The last row of a code wins."""
    return {
        row["gss_code"]: float(row["value"])
        for row in rows(source, name)
        if row["variable"] == variable and (year is None or row["year"] == year) and row["value"]
    }


def series(source: Path, name: str, variable: str) -> dict[str, dict[str, float]]:
    """``{code: {year: value}}`` of one variable."""
    out: dict[str, dict[str, float]] = {}
    for row in rows(source, name):
        if row["variable"] == variable and row["value"]:
            out.setdefault(row["gss_code"], {})[row["year"]] = float(row["value"])
    return out


def number(value: float, digits: int = 6) -> str:
    """A figure as the tables print it: at most ``digits`` significant decimals, no trailing zeros, no exponent."""
    text = f"{value:.{digits}f}"
    if "." in text:  # never strip the zeros of a whole number
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def table(header: list[str], body: Iterator[list[str]] | list[list[str]]) -> str:
    """CSV text with line ends that do not depend on the machine."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(body)
    return out.getvalue()
