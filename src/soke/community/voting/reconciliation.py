"""Issued = cast + invalid + spoiled + unused, by channel and district; and a ballot in the box for each code cast.

An invalid paper is received and not counted: its code is used up, it counts into the turnout, and there is no ballot of
it. Why papers were invalid is kept as numbers alone, so that nobody reads from a code what was on its paper.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from soke.community.voting.codes import CHANNELS
from soke.community.voting.paper import REASONS
from soke.errors import SokeError

NUMBERS = ("issued", "cast", "invalid", "spoiled", "unused")
MOST = 10**10  # beyond any round


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelCount:
    """Codes of one channel and district, in whole numbers; ``district`` is empty for codes that are of none."""

    channel: str
    issued: int
    cast: int
    spoiled: int
    unused: int
    invalid: int = 0
    district: str = ""

    @property
    def turnout(self) -> float | None:
        """Received, invalid papers too, as a share of the codes that could be used, in per cent; None where there are
        none."""
        usable = self.issued - self.spoiled
        return 100 * (self.cast + self.invalid) / usable if usable else None


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """``ballots`` in the box. ``reasons``: how many papers were invalid for each of
    :data:`~soke.community.voting.paper.REASONS`, and ``replaced``: for how many of them another code was given."""

    channels: tuple[ChannelCount, ...]
    ballots: int
    reasons: Mapping[str, int] = field(default_factory=dict)
    replaced: int = 0

    @property
    def total(self) -> ChannelCount:
        def sum_of(name: str) -> int:
            return sum(getattr(one, name) for one in self.channels)

        return ChannelCount(channel="all", issued=sum_of("issued"), cast=sum_of("cast"), invalid=sum_of("invalid"),
                            spoiled=sum_of("spoiled"), unused=sum_of("unused"))  # fmt: skip

    @property
    def by_district(self) -> Counter[str]:
        """How many codes of each district were cast."""
        found: Counter[str] = Counter()
        for one in self.channels:
            found[one.district] += one.cast
        return found

    def faults(self) -> tuple[str, ...]:
        """What does not add up, in sentences; none where all does."""
        found = [
            f"{one.channel}{f' in {one.district}' if one.district else ''}: {one.issued:,} codes issued, but "
            f"{one.cast:,} cast, {f'{one.invalid:,} invalid, ' if one.invalid else ''}{one.spoiled:,} spoiled and "
            f"{one.unused:,} unused."
            for one in self.channels
            if one.issued != one.cast + one.invalid + one.spoiled + one.unused
        ]
        total = self.total
        if self.ballots != total.cast:
            found.append(f"{total.cast:,} codes were used, and {self.ballots:,} ballots are in the box.")
        if (why := sum(self.reasons.values()) - self.replaced) != total.invalid:
            found.append(f"{total.invalid:,} papers are invalid, and {why:,} have a reason.")
        return tuple(found)

    def rows(self) -> list[Mapping[str, str | int | float | None]]:
        every = (*self.channels, self.total) if len(self.channels) > 1 else self.channels
        of_districts = any(one.district for one in self.channels)
        return [
            {"channel": one.channel, **({"district": one.district} if of_districts else {}),
             **{name: getattr(one, name) for name in NUMBERS},
             "turnout_percent": None if one.turnout is None else round(one.turnout, 1)}
            for one in every
        ]  # fmt: skip


def write_reconciliation(round_name: str, found: Reconciliation) -> bytes:
    """As it is published: JSON."""
    why = {name: count for name, count in found.reasons.items() if count}
    said = {"round": round_name, "rows": found.rows(), "ballots": found.ballots, "adds_up": not found.faults(),
            "invalid_reasons": why, "invalid_replaced": found.replaced}  # fmt: skip
    return json.dumps(said, indent=1).encode() + b"\n"


def read_reconciliation(content: bytes, shown: str) -> tuple[str, Reconciliation]:
    """The name of the round, and its numbers, as published. SokeError where it is something else, or where the row of
    all channels is not their sum."""
    try:
        said = json.loads(content)
        rows = [
            ChannelCount(channel=str(row["channel"]), district=str(row.get("district", "")),
                         **{name: _number(row.get(name, 0) if name == "invalid" else row[name]) for name in NUMBERS})
            for row in said["rows"]
        ]  # fmt: skip
        if any(one.channel not in (*CHANNELS, "all") for one in rows):
            raise ValueError("no such channel")
        name, ballots = str(said["round"]), _number(said["ballots"])
        why = {key: _number(count) for key, count in said.get("invalid_reasons", {}).items()}
        replaced = _number(said.get("invalid_replaced", 0))
        if why.keys() - REASONS.keys():
            raise ValueError("no such reason")
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        raise SokeError("This is no reconciliation of a round.", "Fetch it again.", shown) from None
    found = Reconciliation(tuple(one for one in rows if one.channel != "all"), ballots, why, replaced)
    if any(one != found.total for one in rows if one.channel == "all"):
        raise SokeError("Its row of all channels is not their sum.", "Fetch it again.", shown)
    return name, found


def _number(said: object) -> int:
    if type(said) is not int or not 0 <= said <= MOST:
        raise ValueError("not a number of codes")
    return said
