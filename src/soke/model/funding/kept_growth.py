"""Kept growth in three, by paired runs of the funding chain; and what the area holds already.

With K the resources that the chain gives an area for terms, need and tax bases, a dash what the deal makes of each:

    kept growth  = K(terms', need', bases') - K(terms, need, bases)
    timing       = K(terms', need,  bases)  - K(terms, need, bases)       the deal's resets and shares
    need         = K(terms', need', bases)  - K(terms', need, bases)      people whom it moves
    growth       = K(terms', need', bases') - K(terms', need', bases)     what it adds to the rates themselves
    already held = K(terms, need, bases) - K(terms with the ordinary share, need, bases)

The first three sum to the kept growth. A chain of its own is carried from year to year only where, and from when, the
two paths differ in what it isolates: where terms and need are the same, all of it is growth. ``Already held`` is no
part of the difference: it stands on both paths, and is what the area keeps by a share above the ordinary one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from soke.deal.fiscal import Existing
from soke.england.baseline import Floats
from soke.model.funding import course, regime
from soke.model.funding.chain import Baselines
from soke.model.funding.course import Funded
from soke.model.funding.dated import Rules
from soke.model.money.investments import Frame

TIMING, NEED, GROWTH = "kept_growth.timing", "kept_growth.need", "kept_growth.growth"
HELD = "already_held"


@dataclass(frozen=True, slots=True)
class Lever:
    """The chains beside those of the two paths, each None where it would be that of as is again."""

    terms: course.Lever | None = None  # the deal's terms on as is
    ordinary: course.Lever | None = None  # as is at the ordinary share


@dataclass(slots=True)
class State:
    """Where the chains stand. ``need``: none until the deal moves people; ``last``: the chain of ``terms`` before."""

    terms: course.State | None
    ordinary: course.State | None
    deal: course.Lever
    need: course.State | None = None
    last: Baselines | None = None


@dataclass(frozen=True, slots=True)
class Bases:
    """What the chain of as is is fed in a year: see :func:`soke.model.funding.course.advance`."""

    expected: Floats
    collected: Floats
    need: Floats
    bills: Floats | float = 1.0


def lever(frame: Frame, today: course.Lever, deal: course.Lever, rules: Rules) -> Lever:
    """``today`` and ``deal``: the law of the two paths."""
    same = deal.regime is today.regime
    return Lever(None if same else replace(today, regime=deal.regime), _ordinary(frame, today, rules))


def _ordinary(frame: Frame, today: course.Lever, rules: Rules) -> course.Lever | None:
    """The law as if the area had the ordinary share, its resets unchanged; None where it has."""
    law, first = today.regime, regime.FIRST_YEAR
    ordinary = Existing(rules.value(regime.RETENTION, first), since=first, last=None, reset=None)
    without = regime.as_law(
        law.recipients, law.billing, frame.years, frame.baseline, frame.scenario, rules,
        regime.Agreement(ordinary, frame.members),
    )  # fmt: skip
    terms = tuple(replace(one, reset=held.reset) for one, held in zip(without.terms, law.terms, strict=True))
    return None if regime.alike(law.terms, terms) else replace(today, regime=replace(without, terms=terms))


def start(held: Lever, deal: course.Lever) -> State:
    """Before the first year. ``deal``: the law of the deal's path."""
    terms, ordinary = (None if one is None else course.start(one) for one in (held.terms, held.ordinary))
    return State(terms, ordinary, deal)


def advance(
    state: State, year: int, bases: Bases, as_is: Funded, deal: Funded, deal_need: Floats
) -> Mapping[str, Floats]:
    """The parts of a year, GBP million (draw, place). ``as_is`` and ``deal``: what the chain came to on the two paths.

    ``deal_need`` (draw, authority): the very array of as is while the deal has moved nobody.
    """
    timed = as_is if state.terms is None else _advance(state.terms, year, bases, bases.need)
    if state.need is None and deal_need is not bases.need:
        state.need = course.State(state.deal, state.last)
    needed = timed if state.need is None else _advance(state.need, year, bases, deal_need)
    state.last = timed.baselines
    parts = {
        TIMING: timed.resources - as_is.resources,
        NEED: needed.resources - timed.resources,
        GROWTH: deal.resources - needed.resources,
    }
    if state.ordinary is not None:
        parts[HELD] = as_is.resources - _advance(state.ordinary, year, bases, bases.need).resources
    return parts


def _advance(state: course.State, year: int, bases: Bases, need: Floats) -> Funded:
    return course.advance(state, year, bases.expected, bases.collected, need, bases.bills)
