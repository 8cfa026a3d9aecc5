"""Issued = cast + spoiled + unused, by channel; and one ballot in the box for each code that was used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelCount:
    """Codes of one channel, in whole numbers."""

    channel: str
    issued: int
    cast: int
    spoiled: int
    unused: int

    @property
    def turnout(self) -> float | None:
        """Cast as a share of the codes that could be used, in per cent; None where there are none."""
        usable = self.issued - self.spoiled
        return 100 * self.cast / usable if usable else None


@dataclass(frozen=True, slots=True)
class Reconciliation:
    channels: tuple[ChannelCount, ...]
    ballots: int  # in the box

    @property
    def total(self) -> ChannelCount:
        def sum_of(name: str) -> int:
            return sum(getattr(one, name) for one in self.channels)

        return ChannelCount(channel="all", issued=sum_of("issued"), cast=sum_of("cast"), spoiled=sum_of("spoiled"),
                            unused=sum_of("unused"))  # fmt: skip

    def faults(self) -> tuple[str, ...]:
        """What does not add up, in sentences; none where all does."""
        found = [
            f"{one.channel}: {one.issued:,} codes issued, but {one.cast:,} cast, {one.spoiled:,} spoiled and "
            f"{one.unused:,} unused."
            for one in self.channels
            if one.issued != one.cast + one.spoiled + one.unused
        ]
        if self.ballots != self.total.cast:
            found.append(f"{self.total.cast:,} codes were used, and {self.ballots:,} ballots are in the box.")
        return tuple(found)

    def rows(self) -> list[Mapping[str, str | int | float | None]]:
        every = (*self.channels, self.total) if len(self.channels) > 1 else self.channels
        return [
            {"channel": one.channel, "issued": one.issued, "cast": one.cast, "spoiled": one.spoiled,
             "unused": one.unused, "turnout_percent": None if one.turnout is None else round(one.turnout, 1)}
            for one in every
        ]  # fmt: skip
