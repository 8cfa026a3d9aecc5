"""Files of another kind, given where a TOML file is wanted: what each is, and what to do with it."""

from __future__ import annotations

import re
from pathlib import Path

FIRST = "`soke new PLACE --out deal.toml` writes a first deal."
# How the bytes of a file start, what it is as a fact, and what to do.
_STARTS = (
    (b"%PDF", "This is a PDF, not TOML", f"Copy what it says into a text file. {FIRST}"),
    (
        b"\xd0\xcf\x11\xe0",
        "This is an old Word or Excel file, not TOML",
        f"Save it as .xlsx, then `soke sheet`. {FIRST}",
    ),
    (b"{\\rtf", "This is a rich text file, not TOML", f"Save it as plain text, in UTF-8. {FIRST}"),
    (b"\xff\xfe", "The file is not UTF-8 text but UTF-16", "Save it as UTF-8: in Notepad, Save as, Encoding, UTF-8."),
    (b"\xfe\xff", "The file is not UTF-8 text but UTF-16", "Save it as UTF-8: in Notepad, Save as, Encoding, UTF-8."),
    (b"<", "This is a web page or XML, not TOML", f"Give the .toml file. {FIRST}"),
    (b"{", "This is JSON, not TOML", f"Give the .toml file. {FIRST}"),
    (b"---\n", "This is YAML, not TOML", f"Give the .toml file. {FIRST}"),
)
_CSV = re.compile(r"[^=\[\]#\n]*[,;\t][^=\[\]#\n]*[,;\t][^=\[\]#\n]*", re.ASCII)


def other_kind(content: bytes, file: str) -> tuple[str, str] | None:
    """What a file is that is no TOML, as a fact, and what to do; None where it may be TOML."""
    if content.startswith(b"PK\x03\x04"):
        return _packed(content, Path(file).name)
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    for mark, what, fix in _STARTS:
        if start.startswith(mark):
            return what, fix
    first = start.split(b"\n", 1)[0].decode("utf-8", "replace").strip()
    if file.lower().endswith((".csv", ".tsv")) or (len(first) < 2_000 and _CSV.fullmatch(first)):
        return "This is a table of values, such as a CSV file, not TOML", (
            "`soke sheet DEAL.toml NEW.xlsx` makes a workbook to paste it into, and turns that into a deal again."
        )
    return None


def _packed(content: bytes, name: str) -> tuple[str, str]:
    if b"xl/" in content or b"opendocument.spreadsheet" in content[:200]:
        fix = f"Turn it into a deal: `soke sheet {name} NEW.toml`, then use NEW.toml. Any other workbook: `soke new`."
        if b"xl/" not in content:
            fix = f"Save it as .xlsx; then `soke sheet`, where it is a deal's workbook. {FIRST}"
        return "This is a workbook, not TOML", fix
    if b"word/" in content or b"opendocument.text" in content[:200]:
        return "This is a document of a word processor, not TOML", f"A deal is plain text. {FIRST}"
    return "This is a packed file, not TOML", "Unpack it, and give the .toml file in it."
