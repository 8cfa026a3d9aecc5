"""What was paid of what was agreed: each fund in each of its years that has begun, in whole pence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from soke.register.state import DealState
from soke.text import year_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidLine:
    """``agreed``: what the deal says for that year; None where it names no sum. ``paid``: what was paid into it and
    not taken back."""

    fund: str
    title: str
    year: int
    agreed: int | None
    allotted: int
    paid: int

    @property
    def of(self) -> int:
        """What was to be paid: as agreed; where no sum was agreed, or more was allotted, what was allotted."""
        return max(self.agreed or 0, self.allotted)


def paid_lines(state: DealState, day: dt.date) -> tuple[PaidLine, ...]:
    """By year, the newest first, and in it the largest fund first; also of funds that have nothing left."""
    lines = (line for line in _lines(state, day) if line.of or line.paid)
    return tuple(sorted(lines, key=lambda line: (-line.year, -line.of, line.title)))


def _lines(state: DealState, day: dt.date) -> Iterator[PaidLine]:
    total, now = state.ledger.total, year_of(day)
    for fund in state.deal.funds:
        agreed = {row.year: int(row.total * 100) for row in fund.profile}
        used = {year for name, year, _, _ in state.ledger.balances if name == fund.id}
        for year in sorted({year for year in agreed if year <= now} | used):
            promised = -total("promised", fund=fund.id, year=year)
            waiting = total("allotted", fund=fund.id, year=year) + total("recalled", fund=fund.id, year=year)
            yield PaidLine(fund=fund.id, title=fund.title, year=year, agreed=agreed.get(year), allotted=promised,
                           paid=promised - waiting)  # fmt: skip
