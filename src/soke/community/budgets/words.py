"""Figures as people read them in the reasons of a count."""

from __future__ import annotations


def money(hundredths: int) -> str:
    """``12345000`` is ``123,450``, ``12345050`` is ``123,450.50``."""
    whole, rest = divmod(hundredths, 100)
    return f"{whole:,}.{rest:02d}" if rest else f"{whole:,}"


def sentence(text: str) -> str:
    """A reason as a sentence of its own."""
    text = text.strip()
    return text if not text or text.endswith(".") else text + "."
