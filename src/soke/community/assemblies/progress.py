"""How far a long computation is, told while it goes on to whoever asks."""

from __future__ import annotations

from collections.abc import Callable

Tell = Callable[[str], None]  # gets a few words, often; they may be shown in place of the last


def quiet(_words: str) -> None:
    """Nobody asks."""
