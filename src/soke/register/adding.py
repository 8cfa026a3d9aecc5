"""Adding a log up: each of its deals, entry by entry, in one reading of the whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from soke.errors import SokeError
from soke.register.kinds import REGISTER
from soke.register.meaning import apply_recorded
from soke.register.state import DealState, Earlier


class Sums:
    """What the deals of a log add up to. SokeError, naming the deal, where an entry breaks a rule."""

    def __init__(self, earlier: Earlier) -> None:
        self._earlier = earlier
        self._common: list[Mapping[str, Any]] = []  # entries about the register itself: they hold for every deal
        self._itself = DealState(REGISTER, earlier=earlier)
        self.deals: dict[str, DealState] = {}

    @property
    def states(self) -> dict[str, DealState]:
        """By deal; where there is none, that of the register itself."""
        return self.deals or {REGISTER: self._itself}

    def take(self, entry: Mapping[str, Any]) -> None:
        """The next entry of the log."""
        deal = entry["deal"]
        if deal == REGISTER:
            self._common.append(entry)
            for state in (self._itself, *self.deals.values()):
                _apply(state, entry)
            return
        if deal not in self.deals:
            self.deals[deal] = DealState(deal, earlier=self._earlier)
            for before in self._common:
                _apply(self.deals[deal], before)
        _apply(self.deals[deal], entry)

    def of(self, deal: str) -> DealState | None:
        return self._itself if deal == REGISTER else self.deals.get(deal)


def _apply(state: DealState, entry: Mapping[str, Any]) -> None:
    try:
        apply_recorded(state, entry)
    except SokeError as error:
        raise SokeError(error.fact, error.fix, state.id, code="damaged") from None


def sums_of(entries: Iterable[Mapping[str, Any]], earlier: Earlier) -> Sums:
    sums = Sums(earlier)
    for entry in entries:
        sums.take(entry)
    return sums
