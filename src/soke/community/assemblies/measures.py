"""How equal are the chances? The two measures of the field, of the chances (person,) of a lottery."""

from __future__ import annotations

import numpy as np

from soke.community.assemblies.polytope import Floats


def gini(chances: Floats) -> float:
    """The Gini coefficient: 0 where all have the same chance, towards 1 where one person has it all.

    The mean difference between two people, over twice the mean: sum (2 i - n - 1) p_i / (n sum p), p sorted, i from 1.
    """
    ordered = np.sort(np.asarray(chances, dtype=np.float64))
    count, total = len(ordered), float(ordered.sum())
    if total <= 0:
        return 0.0
    return float((2 * np.arange(1, count + 1) - count - 1) @ ordered / (count * total))


def geometric_mean(chances: Floats) -> float:
    """The geometric mean: 0 as soon as one person has no chance."""
    each = np.asarray(chances, dtype=np.float64)
    if len(each) == 0 or float(each.min()) <= 0:
        return 0.0
    return float(np.exp(np.log(each).mean()))
