"""Workbooks with the same bytes every time. Apart from the other files: its library is slow to import."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile

from openpyxl import Workbook

EPOCH = dt.datetime(2000, 1, 1)  # a fixed date: a workbook that says when it was written never has the same bytes
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # what no cell can hold
MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


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
