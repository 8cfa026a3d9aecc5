"""Issued = cast + spoiled + unused, by channel; and one ballot in the box for each code that was used."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from soke.community.voting.codes import CHANNELS
from soke.errors import SokeError

NUMBERS = ("issued", "cast", "spoiled", "unused")
MOST = 10**10  # beyond any round


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


def write_reconciliation(round_name: str, found: Reconciliation) -> bytes:
    """As it is published: JSON."""
    said = {"round": round_name, "rows": found.rows(), "ballots": found.ballots, "adds_up": not found.faults()}
    return json.dumps(said, indent=1).encode() + b"\n"


def read_reconciliation(content: bytes, shown: str) -> tuple[str, Reconciliation]:
    """The name of the round, and its numbers, as published. SokeError where it is something else, or where the row of
    all channels is not their sum."""
    try:
        said = json.loads(content)
        rows = [ChannelCount(channel=str(row["channel"]), **{name: _number(row[name]) for name in NUMBERS})
                for row in said["rows"]]  # fmt: skip
        if any(one.channel not in (*CHANNELS, "all") for one in rows):
            raise ValueError("no such channel")
        name, ballots = str(said["round"]), _number(said["ballots"])
    except (ValueError, RecursionError, KeyError, TypeError):
        raise SokeError("This is no reconciliation of a round.", "Fetch it again.", shown) from None
    found = Reconciliation(tuple(one for one in rows if one.channel != "all"), ballots)
    if any(one != found.total for one in rows if one.channel == "all"):
        raise SokeError("Its row of all channels is not their sum.", "Fetch it again.", shown)
    return name, found


def _number(said: object) -> int:
    if type(said) is not int or not 0 <= said <= MOST:
        raise ValueError("not a number of codes")
    return said
