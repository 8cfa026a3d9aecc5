"""Promises on the terminal card: how many each side kept, then what stands nowhere else on the card."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from soke.register.promises import SIDES, PromiseLine, promises_in_short
from soke.text import clean

PROMISED = "WHAT WAS PROMISED, AND WHAT CAME OF IT"
WIDTH, MOST = 100, 6
MARKS = {"broken": "BROKEN", "no-day": "NO DAY"}
TOLD_ELSEWHERE = ("condition", "power", "matter")  # in sections of their own; what is late is under what is due


def promise_section(lines: Sequence[PromiseLine]) -> list[str]:
    """Nothing where nothing was promised."""
    return [line for text, hang in _said(lines) for line in _wrapped(text, hang)]


def _said(lines: Sequence[PromiseLine]) -> Iterator[tuple[str, int]]:
    for side in SIDES:
        if text := promises_in_short(lines, side):
            yield text, 4
    shown = [one for one in lines if one.status in MARKS and one.about.partition(":")[0] not in TOLD_ELSEWHERE]
    for one in shown[:MOST]:
        evidence = f" {one.evidence}" if one.status == "broken" and one.evidence else ""
        yield f"{MARKS[one.status]}: {one.what.rstrip('.')}. {one.detail}{evidence}", 6
    if len(shown) > MOST:
        yield f"and {len(shown) - MOST:,} more: ask for --csv or --json.", 4


def _wrapped(text: str, hang: int) -> list[str]:
    return textwrap.wrap(clean(text), WIDTH, initial_indent="  ", subsequent_indent=" " * hang,
                         break_on_hyphens=False)  # fmt: skip
