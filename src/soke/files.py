"""Files in and out: read with a limit, written whole or not at all, workbooks with the same bytes every time."""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import stat
import tempfile
import zipfile
from pathlib import Path

from openpyxl import Workbook

from soke.errors import SokeError

EPOCH = dt.datetime(2000, 1, 1)  # a fixed date: a workbook that says when it was written never has the same bytes
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # what no cell can hold
MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def read_whole(path: Path, shown: str, largest: int) -> bytes:
    """The bytes of a file. SokeError where it is missing, refuses, or holds more than ``largest`` bytes."""
    try:
        if path.is_dir():
            raise SokeError("This is a folder, not a file.", "Name a file.", shown)
        with open(path, "rb", opener=_without_waiting) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise SokeError("This is a pipe or a device, not a file.", "Save it as a file and name that.", shown)
            content = file.read(largest + 1)
    except FileNotFoundError:
        raise SokeError("There is no such file.", "Check the name and the folder.", shown) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SokeError(f"The file cannot be read: {reason}.", "Check its permissions.", shown) from None
    if len(content) > largest:
        raise SokeError(f"The file is larger than {largest:,} bytes.", "A deal file is a few thousand bytes.", shown)
    return content


def _without_waiting(name: str, flags: int) -> int:
    """Open at once: a pipe that nobody writes to would be waited for without end."""
    return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all. Raises SokeError where the folder refuses."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".soke-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(temporary).chmod(0o644)
            Path(temporary).replace(path)
        finally:
            Path(temporary).unlink(missing_ok=True)
    except OSError as error:
        raise SokeError(
            f"{path} cannot be written: {error.strerror}.", "Name a file in a folder you may write to."
        ) from error


def workbook_content(book: Workbook, title: str) -> bytes:
    """The bytes of a workbook: the same for the same cells, whenever and wherever it is saved."""
    book.properties.title = ILLEGAL.sub("", title)
    book.properties.creator = "Soke"
    book.properties.created = EPOCH
    raw = io.BytesIO()
    book.save(raw)
    out = io.BytesIO()
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            body = old.read(name)
            if name == "docProps/core.xml":
                body = MODIFIED.sub(rb"\g<1>" + EPOCH.strftime("%Y-%m-%dT%H:%M:%SZ").encode() + rb"\g<2>", body)
            entry = zipfile.ZipInfo(name, ZIP_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, body)
    return out.getvalue()
