"""Why no lottery can be fairer: bounds that anybody can check with a pencil.

A stage says: of those not settled before (U), let each have at least z; those settled before (F) have at least their
b_t. Its weights w (on U, adding up to 1), v >= 0 (on F) and multipliers l (on the rows) give, for every average x of
panels, adding up what the rows and bounds of the polytope allow,

    sum_U w_t p_t  <=  sum_r max(l_r least_r, l_r most_r) + sum_t m_t max(0, c_t - sum_r l_r a_rt) - sum_F v_t b_t,

where p_t = x_t / n_t and c_t = w_t / n_t or v_t / n_t. The right side B needs only additions and multiplications, and
holds whatever the multipliers are: wrong ones give a weaker bound, never a false one. The smallest of p_t on U is at
most their weighted mean, so at most B. And who has w_t > 0 can have no more than z + (B - z) / w_t where all of U have
z: that settles them, and the next stage looks at the rest.

So a lottery is leximin where its stages settle every type once, each at the level that its own stage proves; where no
level is below one before it (else all of U did not have z); and where each chance is the level of its type. For a
lottery that is nowhere worse cannot have more at the first stage where it differs. ``WITHIN`` is the
tolerance of each of these. A level above its bound makes later bounds too low, so what levels are over, times the v of
those who are held, is carried on, and may not come to more than ``CARRIED``.

Numbers are decimal fractions, reckoned exactly. Where whole panels cannot reach the average (a real gap), a stage
carries ``whole``: what sum_t c_t x_t is at most over panels themselves. Only a search shows that, so it is repeated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from soke.community.assemblies.polytope import Polytope

PLACES = 18  # decimals of what is published: levels; weights and multipliers are whole numbers
WITHIN = Fraction(1, 100_000)  # what "reaches the bound" means, of a chance
CARRIED = Fraction(1, 1000)  # of a chance: what a solver's last decimals may come to over many steps, at the worst


@dataclass(frozen=True, slots=True)
class Stage:
    """One bound. Types and rows are numbers of the polytope; ``whole`` is None where the rows alone give the bound."""

    level: Fraction
    weights: Mapping[int, Fraction]  # w, of types not settled before
    held: Mapping[int, Fraction]  # v, of types settled before
    rows: Mapping[int, Fraction] = field(default_factory=dict)  # l
    whole: Fraction | None = None

    @property
    def settles(self) -> tuple[int, ...]:
        return tuple(t for t, weight in self.weights.items() if weight > 0)


@dataclass(frozen=True, slots=True)
class Bound:
    """What a stage proves: the smallest chance is at most ``highest``; those it settles at most ``settled`` more."""

    highest: Fraction
    settled: Fraction


def decimal(value: float) -> Fraction:
    """The decimal fraction of ``PLACES`` digits next to a number."""
    return Fraction(round(value * 10**PLACES), 10**PLACES)


def bound(polytope: Polytope, stage: Stage, settled: Mapping[int, Fraction]) -> Bound:
    """What ``stage`` proves after those of ``settled`` (type: chance) were settled. ValueError where it is void."""
    total = sum(stage.weights.values(), Fraction(0))
    if total <= 0 or min(stage.weights.values()) < 0 or min(stage.held.values(), default=Fraction(0)) < 0:
        raise ValueError("weights below zero, or none")
    if set(stage.weights) & set(settled) or not set(stage.held) <= set(settled):
        raise ValueError("a group is settled twice, or held before it is settled")
    worth = worths(polytope, stage)
    highest = stage.whole if stage.whole is not None else _by_rows(polytope, stage, worth)
    highest = (highest - sum((v * settled[t] for t, v in stage.held.items()), Fraction(0))) / total
    least = min(stage.weights[t] for t in stage.settles) / total
    return Bound(highest, max(Fraction(0), highest - stage.level) / least)


def _up(number: Fraction) -> Fraction:
    """Rounded up to 15 decimals, so that sums of many keep short."""
    return Fraction(-(-number * 10**15 // 1), 10**15)


def worths(polytope: Polytope, stage: Stage) -> dict[int, Fraction]:
    """c of each type that has one."""
    people = polytope.people.tolist()
    return {t: each / people[t] for part in (stage.weights, stage.held) for t, each in part.items()}


def _by_rows(polytope: Polytope, stage: Stage, worth: Mapping[int, Fraction]) -> Fraction:
    least, most = polytope.least.tolist(), polytope.most.tolist()
    total = Fraction(0)
    spent = [worth.get(t, Fraction(0)) for t in range(len(polytope.people))]
    for row, multiplier in stage.rows.items():
        total += multiplier * (most[row] if multiplier > 0 else least[row])
        for t in polytope.rows[row].nonzero()[0].tolist():
            spent[t] -= multiplier * int(polytope.rows[row, t])
    upper = polytope.upper.tolist()
    return total + sum((spent[t] * upper[t] for t in range(len(spent)) if spent[t] > 0), Fraction(0))


def check(
    polytope: Polytope, stages: tuple[Stage, ...], chances: Mapping[int, Fraction], *, every: bool = True,
    within: Fraction = WITHIN,
) -> list[str]:  # fmt: skip
    """What is wrong with the claim that ``chances`` reach the bounds of ``stages``, as sentences; none if it holds.

    With ``every`` (leximin) each type must be settled, else (maximin) only the smallest chance is claimed. ``within``
    is how far a chance may be from its bound. A stage with ``whole`` is taken at its word: see :mod:`checking`.
    """
    wrong: list[str] = []
    settled: dict[int, Fraction] = {}
    over: dict[int, Fraction] = {}  # by how much a level may be above what is proved
    top = Fraction(0)
    if not stages:
        return ["There is no bound."]
    for number, stage in enumerate(stages, start=1):
        try:
            proved = bound(polytope, stage, settled)
        except (ValueError, IndexError) as error:
            return [f"Step {number} of the bound proves nothing: {error}."]
        if proved.highest > stage.level + WITHIN or proved.settled > WITHIN:
            wrong.append(
                f"Step {number} claims {float(stage.level):.6f} and proves {float(proved.highest):.6f}, "
                f"to {float(proved.settled):.6f} for each it settles."
            )
        carried = sum((v * over[t] for t, v in stage.held.items()), Fraction(0)) / sum(stage.weights.values())
        own = max(Fraction(0), stage.level - proved.highest)
        above = _up(own + carried)
        if own > WITHIN or above > CARRIED:
            wrong.append(f"Step {number} claims {float(stage.level):.6f}: {float(above):.6f} more than is proved.")
        if stage.level < top - WITHIN:
            wrong.append(
                f"Step {number} is at {float(stage.level):.6f}, below a step before it at {float(top):.6f}: somebody "
                "has less than the lottery could give."
            )
        top = max(top, stage.level)
        poorest = min((chances[t] for t in chances if t not in settled), default=top)
        if poorest < stage.level - within:
            wrong.append(
                f"Step {number} gives {float(stage.level):.6f} to all that are left; somebody has {float(poorest):.6f}."
            )
        settled.update(dict.fromkeys(stage.settles, stage.level))
        over.update(dict.fromkeys(stage.settles, above))
    least = min(chances.values())
    if abs(least - stages[0].level) > within:
        wrong.append(f"The smallest chance is {float(least):.6f}; the bound is {float(stages[0].level):.6f}.")
    if every and set(settled) != set(chances):
        wrong.append(f"{len(set(chances) - set(settled)):,} groups have no bound.")
    for t, level in settled.items() if every else ():
        if abs(chances[t] - level) > within:
            wrong.append(f"Group {t} has a chance of {float(chances[t]):.6f}; its bound is {float(level):.6f}.")
    return wrong
