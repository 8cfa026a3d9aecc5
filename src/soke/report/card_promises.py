"""Promises on the terminal card: how many each side kept, and which of its own a side broke; the rest has its place."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from soke.register.promise import Status
from soke.register.promises import SIDES, PromiseLine, Side, count_promises
from soke.text import clean

BROKEN = "PROMISES THAT WERE BROKEN"
CALLED: dict[Side, str] = {"place": "the place", "government": "government"}
REST: dict[Status, str] = {
    "kept-late": "of them late", "near": "nearly", "late": "late", "missed": "missed", "broken": "broken",
    "no-day": "without a day",
}  # fmt: skip
WIDTH, MOST = 100, 6


def counts_of_promises(lines: Sequence[PromiseLine]) -> str:
    """How many each side kept, in a line; nothing where nothing was promised."""
    said = [f"{CALLED[side]} {kept}" for side in SIDES if (kept := _kept(lines, side))]
    return f"Promises kept: {'; '.join(said)}." if said else ""


def _kept(lines: Sequence[PromiseLine], side: Side) -> str:
    count = count_promises(lines, side)
    if not count.total():
        return ""
    rest = ", ".join(f"{count[status]:,} {words}" for status, words in REST.items() if count[status])
    return f"{count['kept'] + count['kept-late']:,} of {count.total():,}" + (f" ({rest})" if rest else "")


def broken_promises(lines: Sequence[PromiseLine]) -> list[str]:
    """Of what a side promised beside the deal. What is late stands under what is due, a breach among the matters."""
    broken = [one for one in lines if one.status == "broken" and one.about.startswith("promise:")]
    said = [f"{one.what.rstrip('.')}. {one.detail} {one.evidence}" for one in broken[:MOST]]
    said += [f"and {len(broken) - MOST:,} more: ask for --csv or --json."] if len(broken) > MOST else []
    return [
        line for text in said
        for line in textwrap.wrap(clean(text), WIDTH, initial_indent="  ", subsequent_indent="    ",
                                  break_on_hyphens=False)
    ]  # fmt: skip
