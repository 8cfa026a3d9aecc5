"""How a low, central and high value become a distribution: quantile functions, exact at 10, 50 and 90 per cent.

The tables state a 10th, 50th and 90th percentile. Each shape is a normal deviate z stretched on either side of the
centre, on its own scale, so that those three percentiles are met to the last digit and no end point is invented:

    normal          x = c + z * (h - c) / z90 above the centre, c + z * (c - l) / z90 below it
    lognormal       the same on log x: for what is positive and multiplies (elasticities, costs)
    logit-normal    the same on log(x / (1 - x)): for shares and chances strictly between 0 and 1
    clipped-normal  normal, cut at 0 and 1: for shares whose low or high is 0 or 1
    uniform         as likely anywhere: the centre is midway, the ends an eighth of the range beyond low and high
    fixed           the centre: policy values, counts, and what must not move within a run
    ridge           drawn with others along a line: see :mod:`soke.evidence.sampling`

Triangles and beta-PERT shapes are not used: they need a least and a greatest possible value, which nobody states.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from statistics import NormalDist

import numpy as np

from soke.england.baseline import Floats

_NORMAL = NormalDist()
Z90 = _NORMAL.inv_cdf(0.9)
Quantile = Callable[[Floats, float, float, float], Floats]


def _deviates(u: Floats) -> Floats:
    """Standard normal deviates of probabilities between 0 and 1. By the standard library: SciPy's function would cost
    every worker of a run 24 MB."""
    values = np.asarray(u, dtype=np.float64)
    return np.array([_NORMAL.inv_cdf(p) for p in values.ravel().tolist()]).reshape(values.shape)


def _split_normal(u: Floats, low: float, central: float, high: float) -> Floats:
    z = _deviates(u)
    return np.asarray(central + z * np.where(z < 0, central - low, high - central) / Z90, dtype=np.float64)


def _lognormal(u: Floats, low: float, central: float, high: float) -> Floats:
    return np.exp(_split_normal(u, *(float(np.log(x)) for x in (low, central, high))))


def _logit_normal(u: Floats, low: float, central: float, high: float) -> Floats:
    odds = (float(np.log(share / (1.0 - share))) for share in (low, central, high))
    return np.asarray(1.0 / (1.0 + np.exp(-_split_normal(u, *odds))))


def _clipped_normal(u: Floats, low: float, central: float, high: float) -> Floats:
    return np.clip(_split_normal(u, low, central, high), 0.0, 1.0)


def _uniform(u: Floats, low: float, central: float, high: float) -> Floats:
    return np.asarray(low + (u - 0.1) / 0.8 * (high - low), dtype=np.float64)


def _fixed(u: Floats, low: float, central: float, high: float) -> Floats:
    return np.full_like(u, central)


QUANTILE: Mapping[str, Quantile] = {
    "normal": _split_normal,
    "lognormal": _lognormal,
    "logit-normal": _logit_normal,
    "clipped-normal": _clipped_normal,
    "uniform": _uniform,
    "fixed": _fixed,
}


def quantile(distribution: str, u: Floats, low: float, central: float, high: float) -> Floats:
    """Values at the probabilities ``u``, of any shape, between 0 and 1. A range of no width is its centre."""
    if low == high:
        return _fixed(u, low, central, high)
    return QUANTILE[distribution](u, low, central, high)


def admits(distribution: str, low: float, central: float, high: float) -> bool:
    """Whether a range can be drawn from a shape: in order, finite, and inside the shape's domain."""
    if not all(np.isfinite((low, central, high))) or not low <= central <= high:
        return False
    if distribution == "lognormal":
        return low > 0 or low == high
    if distribution == "logit-normal":
        return (low > 0 and high < 1) or low == high
    if distribution == "uniform":
        return bool(np.isclose(central, (low + high) / 2.0))
    return True
