"""Text in a cell that a spreadsheet opens: some of it would be worked out, or run, as a formula."""

from __future__ import annotations

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # what a formula may begin with


def inert(text: str) -> str:
    """Text that no spreadsheet runs as a formula: an apostrophe before what would begin one. Twice is once."""
    return f"'{text}" if text.startswith(RISKY) else text
