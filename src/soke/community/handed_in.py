"""Tables that people hand in from a spreadsheet: CSV with commas, semicolons or tabs, and every fault in one list.

Reading goes on after a bad row, so that who mends the file sees all that is wrong at once: the same fault on many
lines is told once, with the lines.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence

from soke.errors import Faults, SokeError

LONGEST = 100  # characters of a cell that is read
DELIMITERS = ",;\t"
_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
_SEPARATOR = re.compile(r"sep=(.)\r?\n?")  # a first line by which one spreadsheet program tells itself the delimiter
_QUOTED = re.compile(r'"[^"]*"?')
_AS_UTF8 = 'Save the file as "CSV UTF-8".'


def rows_of(
    content: bytes, shown: str, faults: Faults, needed: Collection[str] = ()
) -> Iterator[tuple[int, list[str]]]:
    """Line and cells of the header, and of each row that is not blank; each row as wide as the header.

    ``needed``: columns by which the delimiter is told, where a heading has commas and semicolons. A row that cannot be
    read goes to ``faults``; SokeError for a file without a header.
    """
    text, skipped = _text_of(content, shown), 0
    if said := _SEPARATOR.match(text):
        text, skipped = text[said.end() :], 1
    delimiter = said[1] if said and said[1] in DELIMITERS else _delimiter(text, needed)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] = []
    try:
        for row in reader:
            line = reader.line_num + skipped
            if not any(cell.strip() for cell in row):
                continue
            if not header:
                header = _header(row, f"{shown}:{line}")
                yield line, header
                continue
            while len(row) > len(header) and not row[-1].strip():
                row.pop()
            if len(row) == len(header):
                yield line, row
                continue
            fact = f"This row has {len(row)} cells; the first line has {len(header)}."
            faults.add(shown, line, SokeError(fact, "Give each row a cell for each column."))
    except csv.Error as error:
        broken = SokeError(f"This is not a CSV table: {error}.", "Check the quotes.", f"{shown}:{reader.line_num}")
        if not header:
            raise broken from None
        faults.add(shown, reader.line_num + skipped, broken)
    if not header:
        raise SokeError("The file is empty.", "The first line names the columns.", shown)


def _text_of(content: bytes, shown: str) -> str:
    """The text of a file. SokeError that says what it is instead of UTF-8."""
    if content[:2] == b"PK" or content[:4] == b"\xd0\xcf\x11\xe0":
        raise SokeError("This is a workbook, not CSV, so not UTF-8 text.", 'Save its sheet as "CSV UTF-8".', shown)
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in content[:1000]:
        raise SokeError("This is not UTF-8 text; it looks like UTF-16, Unicode text.", _AS_UTF8, shown)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        letter = content[error.start : error.start + 1].decode("cp1252", errors="replace")
        looks = f'; in the Windows letters there is "{letter}" here' if letter.isprintable() else ""
        raise SokeError(f"This is not UTF-8 text{looks}.", _AS_UTF8, f"{shown}:{line}") from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise SokeError("This line holds a zero byte.", _AS_UTF8, f"{shown}:{line}")
    return text


def _delimiter(text: str, needed: Collection[str]) -> str:
    """The first under which the header has the columns that are needed; else the first that is in it."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    for delimiter in DELIMITERS if needed else "":
        try:
            names = {cell.strip() for cell in next(csv.reader([first], delimiter=delimiter), [])}
        except csv.Error:
            continue
        if set(needed) <= names:
            return delimiter
    bare = _QUOTED.sub("", first)
    return next((delimiter for delimiter in DELIMITERS if delimiter in bare), ",")


def _header(row: Sequence[str], where: str) -> list[str]:
    header = []
    for cell in row:
        try:
            header.append(cell_text(cell))
        except SokeError as error:
            raise SokeError(error.fact, error.fix, where) from None
    if len(header) == 1 and "|" in header[0]:
        raise SokeError("The columns are not parted by commas.", "Save the file as CSV with commas.", where)
    twice = [name for name in header if name and header.count(name) > 1]
    if twice:
        raise SokeError(f'Two columns are called "{twice[0]}".', "Give each column a name of its own.", where)
    return header


def cell_text(cell: str, longest: int = LONGEST) -> str:
    """What a cell says. SokeError where it is too long, or holds a character that nobody sees."""
    text = unicodedata.normalize("NFC", cell.strip())
    if len(text) > longest:
        raise SokeError(f"A cell holds {len(text):,} characters.", f"Use {longest} at most.")
    if not (text.isascii() and text.isprintable()) and any(unicodedata.category(one) in _HIDDEN for one in text):
        raise SokeError("A cell holds a character that cannot be seen.", "Type the cell again.")
    return text
