"""A register for other programs: tables for spreadsheets, the ledger as plain text, the state of each deal as JSON."""

from __future__ import annotations

RISKY = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would read these as the start of a formula


def safe(text: str) -> str:
    """Text that no spreadsheet runs as a formula."""
    return f"'{text}" if text.startswith(RISKY) else text
