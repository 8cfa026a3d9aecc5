"""Figures and projects as people read them in the reasons of a count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from soke.community.budgets.election import Election

LONGEST_NAME = 60


def money(hundredths: int) -> str:
    """``12345000`` is ``123,450``, ``12345050`` is ``123,450.50``."""
    whole, rest = divmod(hundredths, 100)
    return f"{whole:,}.{rest:02d}" if rest else f"{whole:,}"


def sentence(text: str) -> str:
    """A reason as a sentence of its own."""
    text = text.strip()
    return text if not text or text.endswith(".") else text + "."


@dataclass(frozen=True, slots=True)
class Voice:
    """How a reason says amounts and projects: in a terminal bare figures and ids, on a page pounds and names."""

    currency: str = ""
    names: bool = False

    def money(self, hundredths: int) -> str:
        """Hundredths, with the currency where it is said."""
        bare = money(hundredths)
        return f"\N{POUND SIGN}{bare}" if self.currency == "GBP" else f"{bare} {self.currency}".strip()

    def project(self, election: Election, number: int) -> str:
        """A project by its id, or by its name."""
        one = election.projects[number]
        name = " ".join(one.name.split()) if self.names else ""
        if len(name) > LONGEST_NAME:
            name = name[: LONGEST_NAME - 1].rstrip() + "\N{HORIZONTAL ELLIPSIS}"
        return name or one.id


PLAIN = Voice()
Say = Callable[[Voice], str]


def voice_of(election: Election) -> Voice:
    """The voice of a page: names, and amounts in the currency that META says."""
    return Voice(currency=election.meta.get("currency", "").strip()[:10], names=True)
