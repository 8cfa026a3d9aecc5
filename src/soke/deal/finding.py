"""A finding: one fact about a file, the line it is on, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from soke.errors import Location

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """``fact`` is one sentence with the numbers in it; ``fix`` says what to do. Orders by place in the file."""

    at: Location
    code: str
    severity: Severity
    fact: str
    fix: str

    def __str__(self) -> str:
        return f"{self.at}  {self.code}  {self.fact}\n    fix: {self.fix}"
