"""From what is raised, through what the gap is made of, to what is spent: GBP million."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from soke import text as words
from soke.report.account_words import Part
from soke.report.charts.bars import Bar, bars
from soke.report.markup import Element
from soke.text import capital

KINDS = ("borrow", "tax", "more")  # colours of the parts, in their order
TITLE = "From what is raised to what is spent"


@dataclass(frozen=True, slots=True)
class Widths:
    """How far each may be off either way, GBP million; None where it is published, or no range is to be drawn."""

    raised: float | None = None
    spent: float | None = None


NONE = Widths()


def rises(raised: float, parts: Sequence[Part], spent: float, widths: Widths = NONE) -> list[Bar]:
    """The bars from top to bottom: raised, each part from where the one before ended, spent.

    What is printed adds up: the largest part is rounded last.
    """
    said = _printed(raised, [part.value for part in parts], spent)
    steps = [_whole("Raised here", raised, widths.raised, "raised")]
    level = raised
    for part, kind, value in zip(parts, KINDS, said, strict=True):
        label = words.money(value, plus=True, beside=spent)
        steps.append(Bar(capital(part.title), level + part.value, label, start=level, kind=kind))
        level += part.value
    return [*steps, _whole("Spent here", spent, widths.spent, "spent")]


def _whole(title: str, value: float, width: float | None, kind: str) -> Bar:
    low, high = (None, None) if not width else (value - width, value + width)
    return Bar(title, value, words.money(value), low, high, kind=kind, total=kind == "spent",
               note=f"± {words.money(width, beside=value)}" if width else "")  # fmt: skip


def _printed(raised: float, parts: Sequence[float], spent: float) -> list[float]:
    """The parts as they are printed, each rounded by itself but the largest: what is left of the printed difference."""

    def rounded(value: float) -> float:
        unit = _unit(value, spent)
        return round(value / unit) * unit

    said = [rounded(value) for value in parts]
    largest = max(range(len(parts)), key=lambda k: abs(parts[k]))
    rest = sum(value for k, value in enumerate(said) if k != largest)
    if _unit(parts[largest], spent) == _unit(raised, raised) == _unit(spent, spent):
        said[largest] = rounded(rounded(spent) - rounded(raised) - rest)
    return said


def _unit(value: float, beside: float) -> float:
    """To what :func:`soke.text.money` rounds a sum, GBP million."""
    size = abs(value)
    if size >= 999.5 or (abs(beside) >= 999.5 and size >= 50):
        return 100.0
    return 1.0 if size >= 9.95 else 0.1 if size >= 0.9995 else 0.001


def waterfall(
    raised: float, parts: Sequence[Part], spent: float, widths: Widths = NONE, links: Sequence[str] = ()
) -> Element:
    """The list of them; a range at the end of each bar that may be off. ``links`` lead to their sums, in order."""
    rows = rises(raised, parts, spent, widths)
    linked = [replace(row, link=link) for row, link in zip(rows, links, strict=True)] if links else rows
    return bars(TITLE, linked)
