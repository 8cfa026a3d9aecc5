"""A table that people hand in: CSV with commas, semicolons or tabs, each row with the line it stands on."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence

from soke.errors import Location, SokeError

Rows = Iterator[tuple[Location, dict[str, str]]]


def read_table(
    content: bytes, shown: str, needed: Sequence[str], allowed: Sequence[str] = (),
    called: Mapping[str, str] | None = None,
) -> Rows:  # fmt: skip
    """The rows that hold something, by the names of their columns. SokeError with file and line for what is no table,
    lacks a column that is needed, or has one that is neither needed nor allowed. ``called``: other words for columns;
    where there are some, a unit in brackets behind one does not matter."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SokeError("The file is not UTF-8 text.", 'Save it as "CSV UTF-8".', Location(shown, line)) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise SokeError("This line holds a zero byte.", 'Save it as "CSV UTF-8".', Location(shown, line))
    if not text.strip():
        raise SokeError("The file is empty.", f"Its first line is {','.join(needed)}.", shown)
    head = text.lstrip().split("\n", 1)[0]
    lines = _lines(text, next((one for one in ";\t" if one in head), ","), shown)
    where, first = next(lines)
    names = [cell.strip().lower() for cell in first]
    if called is not None:
        plain = [re.sub(r"\(.*?\)|£", "", name).strip() for name in names]
        names = [called.get(name, name) for name in plain]
    _check_names(names, needed, allowed, where)
    for where, row in lines:
        if len(row) != len(names):
            fix = 'Put " around a cell that holds several projects: "1,4,7".'
            raise SokeError(f"This row has {len(row)} cells; the header has {len(names)}.", fix, where)
        yield where, {name: cell.strip() for name, cell in zip(names, row, strict=True)}


def _lines(text: str, delimiter: str, shown: str) -> Iterator[tuple[Location, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield Location(shown, line), row
            line = reader.line_num + 1
    except csv.Error as error:
        raise SokeError(f"This is not CSV: {error}.", "Check the quotes on this line.", Location(shown, line)) from None


def _check_names(names: Sequence[str], needed: Sequence[str], allowed: Sequence[str], where: Location) -> None:
    for name in needed:
        if name not in names:
            raise SokeError(f'There is no column "{name}".', f"The first line is {','.join(needed)}.", where)
    for name in names:
        if names.count(name) > 1:
            raise SokeError(f'There are two columns "{name[:40]}".', "Keep one.", where)
        if name not in needed and name not in allowed:
            known = ", ".join((*needed, *allowed))
            raise SokeError(f'There is a column "{name[:40]}" that nobody asked for.', f"Keep {known}.", where)
