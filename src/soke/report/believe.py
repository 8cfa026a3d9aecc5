"""What you must believe: the growth that would close the gap, against what any area has managed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from soke.report.contents import ENGLAND, History

SPAN = 20  # years given to close the gap


@dataclass(frozen=True, slots=True)
class Record:
    """One area's growth of GVA above England's, points a year as a fraction: best stretch and the whole series."""

    name: str
    best: float
    best_from: int
    best_to: int
    whole: float
    whole_from: int
    whole_to: int


@dataclass(frozen=True, slots=True)
class Belief:
    """``needed``: growth above England's, a year for ``span`` years, that closes the whole gap.

    ``needed_own`` closes all but the place's head-share of UK borrowing. None where nothing is left to close.
    """

    span: int
    needed: float | None
    needed_own: float | None
    records: tuple[Record, ...]  # best first

    @property
    def best(self) -> Record | None:
        return self.records[0] if self.records else None


def needed_growth(receipts: float, target: float, span: int = SPAN) -> float | None:
    """Growth above England's, a year, that lifts ``receipts`` to ``target`` in ``span`` years.

    (target / receipts) ** (1 / span) - 1, both in GBP million of today. Receipts are taken to keep pace with output
    and spending with England's output, so that only growth above England's closes the gap. Taxes that lag output
    would make the answer larger. None where receipts already reach the target, or are not above zero.
    """
    if receipts <= 0 or target <= receipts:
        return None
    return float((target / receipts) ** (1 / span) - 1)


def growth_record(name: str, area: History, england: History, span: int = SPAN) -> Record | None:
    """Growth above England's over the best stretch of ``span`` years or more, and over the whole series.

    None where the series are too short.
    """
    own, other = dict(zip(*area, strict=True)), dict(zip(*england, strict=True))
    years = sorted(year for year in own.keys() & other.keys() if own[year] > 0 and other[year] > 0)
    stretches = [(first, last) for first in years for last in years if last - first >= span]
    if not stretches:
        return None

    def above(first: int, last: int) -> float:
        length = last - first
        return float((own[last] / own[first]) ** (1 / length) - (other[last] / other[first]) ** (1 / length))

    best = max(stretches, key=lambda stretch: above(*stretch))
    return Record(name, above(*best), *best, above(years[0], years[-1]), years[0], years[-1])


def belief(
    receipts: float, spending: float, borrowing: float, history: Mapping[str, History], span: int = SPAN
) -> Belief:
    """The growth needed and the record of every area in ``history`` but England. Money in GBP million."""
    england = history.get(ENGLAND)
    found = (
        [growth_record(name, area, england, span) for name, area in sorted(history.items()) if name != ENGLAND]
        if england
        else []
    )
    records = sorted((record for record in found if record), key=lambda record: -record.best)
    return Belief(
        span=span,
        needed=needed_growth(receipts, spending, span),
        needed_own=needed_growth(receipts, spending - borrowing, span),
        records=tuple(records),
    )
