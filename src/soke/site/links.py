"""Addresses of pages: readable, stable, and relative, so that the site works from a folder and under any address."""

from __future__ import annotations

import posixpath
import re
import unicodedata

LONGEST = 80  # letters of a name in an address


def slug(name: str) -> str:
    """A name as part of an address: ``st-helens`` of St. Helens; ``page`` of a name without a letter or figure."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower().replace("'", "")
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST].rstrip("-") or "page"


def relative(page: str, target: str) -> str:
    """The address of ``target`` as the page at ``page`` writes it; both from its top: ``places/leeds.html``.
    What is after ``#`` stays."""
    path, mark, part = target.partition("#")
    if path == page or not path:
        return f"#{part}" if mark else posixpath.basename(path)
    return posixpath.relpath(path, posixpath.dirname(page) or ".") + mark + part
