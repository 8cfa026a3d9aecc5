"""The maximin lottery: the smallest chance as large as can be; nothing is claimed of the others."""

from __future__ import annotations

from soke.community.assemblies.leximin import over_panels
from soke.community.assemblies.lottery import Lottery
from soke.community.assemblies.polytope import Polytope
from soke.community.assemblies.progress import Tell, quiet


def maximin(polytope: Polytope, tell: Tell = quiet) -> Lottery:
    """The maximin lottery: the first stage of leximin. SokeError where no panel keeps the quotas."""
    return over_panels(polytope, 1, tell)
