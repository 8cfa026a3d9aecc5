"""What a what-if comes to for the places that were asked for: figures and words that its answer leads with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from soke import text as words
from soke.model.funding.what_if import WhatIf
from soke.report.tables.what_if import CLEAR

Asked: TypeAlias = Sequence[tuple[str, tuple[str, ...]]]  # places asked for: each a name and the codes in it
MOST_NAMED = 3  # places that a sentence names one by one


@dataclass(frozen=True, slots=True)
class Together:
    """What some places have more of together, on average over the years: GBP million a year, and pounds a head with
    the tenth and the ninetieth of a hundred draws."""

    name: str
    place_codes: tuple[str, ...]
    difference_gbp_million: float
    difference_gbp_per_head: float
    difference_p10_gbp_per_head: float
    difference_p90_gbp_per_head: float


def together(result: WhatIf, name: str, codes: Sequence[str]) -> Together:
    """The places of ``codes``, named ``name``, as one."""
    here = [i for i, code in enumerate(result.codes) if code in set(codes)]
    million, people = float(result.average[here].sum()), float(result.people[here].sum())
    drawn = (result.after.drawn - result.before.drawn)[:, here].sum(axis=1) * 1e6 / people
    low, high = (float(q) for q in np.quantile(drawn, (0.1, 0.9)))
    return Together(name, tuple(codes), million, 1e6 * million / people, low, high)


def asked_words(result: WhatIf, asked_for: Asked) -> str:
    """``Leeds would have £12m a year more, +£15.00 a head (+£12.00 to +£19.00)``: each of a few places, else all as
    one."""
    if len(asked_for) > MOST_NAMED:
        codes = dict.fromkeys(code for _, each in asked_for for code in each)
        asked_for = [(f"these {len(asked_for)} places together", tuple(codes))]
    return words.listed([_one(together(result, name, codes)) for name, codes in asked_for])


def _one(found: Together) -> str:
    head, ends = found.difference_gbp_per_head, (found.difference_p10_gbp_per_head, found.difference_p90_gbp_per_head)
    if max(map(abs, (head, *ends))) < CLEAR:
        return f"{found.name} would have about as much as now"
    more, size = "more" if head >= 0 else "less", words.money(abs(found.difference_gbp_million))
    low, high = (words.pounds(end, plus=True) for end in ends)
    apart = f" ({words.a_range(low, high)})" if low != high else ""
    return f"{found.name} would have {size} a year {more}, {words.pounds(head, plus=True)} a head{apart}"
