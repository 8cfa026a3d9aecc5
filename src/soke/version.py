"""The version of Soke, which every record of a run names, and what tells one state of it from another."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

__version__ = "0.1.0"
PACKAGE = Path(__file__).parent
DIGITS = 32  # of the hash, in base 16


@cache
def program(*rooms: str) -> str:
    """The hash of this program and of all tables that it ships; of some ``rooms`` alone, where only these count."""
    told = hashlib.sha256()
    for top in [PACKAGE / room for room in rooms] or [PACKAGE]:
        for path in sorted(path for path in top.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
            name = path.relative_to(PACKAGE).as_posix()
            told.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return told.hexdigest()[:DIGITS]
