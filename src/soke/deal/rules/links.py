"""DI: links whose levers lie outside the evidence, each with its bound and where the bound comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from soke.deal.link_kinds import MODES
from soke.deal.registry import Context, Fault, rule
from soke.deal.types import Deal, Range
from soke.england.baseline import baseline
from soke.england.distance import kilometres
from soke.evidence import parameters
from soke.text import percent

LINK = '[[investment]]\nid = "tram"\neffect = {{ channel = "connection", mode = "rail", {}minutes_before = 60, '
LINK += 'between = [["E08000003"], ["E08000035"]], minutes_after = {{ low = {}, central = 45, high = 50 }} }}'


def _whole(share: Range) -> bool:
    return share.low >= 0 and share.high <= 1


@rule(
    "DI560", "error", "A share of trips outside 0 to 1",
    why="A link helps the trips that go by it: none of them at least, all of them at most.",
    bad=LINK.format("mode_share = { low = 0.1, central = 0.3, high = 1.4 }, ", 40),
    good=LINK.format("mode_share = { low = 0.1, central = 0.3, high = 0.4 }, ", 40),
    reads=(),
)  # fmt: skip
def share_of_trips(deal: Deal, context: Context) -> Iterator[Fault]:
    for investment in deal.investments:
        share = investment.effect.mode_share
        if share is not None and not _whole(share):
            fact = f'"{investment.id}" takes {share.low:g} to {share.high:g} of the trips between its places.'
            yield investment.where("effect", "mode_share"), fact, "Give a share from 0 to 1, such as 0.25."


@rule(
    "DI561", "warning", "More or fewer trips by its mode than the evidence has",
    why="The gain from a link is in proportion to the trips that go by it. A stated share replaces the evidence's.",
    bad=LINK.format("mode_share = { low = 0.7, central = 0.8, high = 0.9 }, ", 40),
    good=LINK.format("mode_share = { low = 0.2, central = 0.3, high = 0.4 }, ", 40),
    reads=(),
)  # fmt: skip
def share_beyond_evidence(deal: Deal, context: Context) -> Iterator[Fault]:
    for investment in deal.investments:
        share, mode = investment.effect.mode_share, investment.effect.mode
        if share is None or mode is None or not _whole(share):
            continue
        known = parameters()[MODES[mode].share]
        if not known.low <= share.central <= known.high:
            fact = (
                f'"{investment.id}" takes {percent(share.central)} of the trips between its places to go by {mode}; '
                f"{percent(known.low)} to {percent(known.high)} is what is held of England ({known.grade}: "
                f"{known.source})."
            )
            fix = "Say where the share comes from, in a note, or leave it out: the evidence's is drawn then."
            yield investment.where("effect", "mode_share"), fact, fix


@rule(
    "DI562", "error", "A journey faster than its mode can go",
    why="Door-to-door minutes below the straight line at the mode's top speed cannot be had. What is saved beyond that "
    "is counted as jobs brought near, and grows without bound.",
    bad=LINK.format("", 4),
    good=LINK.format("", 40),
    reads=(),
)  # fmt: skip
def too_fast(deal: Deal, context: Context) -> Iterator[Fault]:
    for investment in deal.investments:
        effect = investment.effect
        if effect.mode is None or effect.minutes_after is None or effect.between is None:
            continue
        speed = parameters()[MODES[effect.mode].speed]
        apart = _nearest(*(_index(side, context) for side in effect.between))
        least = 60.0 * apart / speed.central
        if effect.minutes_after.low < least:
            fact = (
                f'"{investment.id}" goes {apart:.0f} km in {effect.minutes_after.low:g} minutes by {effect.mode}; at '
                f"{speed.central:g} km/h, the fastest there is, it takes {least:.0f} ({speed.grade}: {speed.source})."
            )
            yield investment.where("effect", "minutes_after"), fact, "Give door-to-door minutes that could be had."


def _index(codes: Sequence[str], context: Context) -> list[int]:
    """Of the authorities that codes mean; those that are none are for DP101."""
    known = [code for code in codes if context.places.get(code) is not None]
    meant = {one for code in known for one in context.places.members(code)}
    return [k for k, code in enumerate(baseline().codes) if code in meant]


def _nearest(near: Sequence[int], far: Sequence[int]) -> float:
    """Kilometres between the two nearest centres of two sets of places; nought where they share one, or are empty."""
    both = sorted({*near, *far})
    if not near or not far:
        return 0.0
    apart = kilometres(baseline().lat[both], baseline().lon[both])
    return float(apart[np.ix_(np.isin(both, near), np.isin(both, far))].min())
