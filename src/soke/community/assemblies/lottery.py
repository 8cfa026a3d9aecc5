"""A lottery over panels: what each of the aims comes to.

``leximin`` raises the smallest chance as far as it goes, then the next smallest, and so on; ``maximin`` only the
smallest. Both give people who are alike the same chance. :mod:`aims` has them by name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from soke.community.assemblies.certificate import Stage
from soke.community.assemblies.polytope import Floats, Polytope, Whole
from soke.community.assemblies.progress import Tell


@dataclass(frozen=True, slots=True)
class Lottery:
    """``panels`` (panel, type) with ``weights`` (panel,); ``chances`` (type,) of each person; ``stages`` bound them.

    ``gap`` says that whole panels cannot reach what averages could, so that the bound rests on a search. ``short`` is
    by how many people in all the panels miss the bound, where none nearer were found; nought where they reach it.
    """

    panels: Whole
    weights: Floats
    chances: Floats
    stages: tuple[Stage, ...]
    gap: bool
    short: float = 0.0

    @property
    def levels(self) -> dict[int, Fraction]:
        """The bound on the chance of each type that a stage settles."""
        return {t: stage.level for stage in self.stages for t in stage.settles}

    @property
    def smallest(self) -> float:
        return float(self.chances.min())


Aim = Callable[[Polytope, Tell], Lottery]
