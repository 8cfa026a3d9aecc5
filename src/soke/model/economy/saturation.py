"""Saturation: how far levers together may change output per job. Beyond it the elasticities have no evidence.

log(1 - cap) <= log output per job with the deal - as is <= log(1 + cap)
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from soke.england.baseline import Floats

CAP = "growth.cap.output_per_job"
DRAWN = (CAP,)


def hold(log_output: Floats, as_is: Floats, cap: Floats) -> NDArray[np.bool_]:
    """Bring ``log_output`` (draw, place) within ``cap`` (draw, 1) of ``as_is``, in place; the draws where it was not,
    (draw,)."""
    gain = log_output - as_is
    most, least = np.log1p(cap), np.log1p(-cap)
    beyond = np.asarray(((gain > most) | (gain < least)).any(axis=1))
    if beyond.any():
        np.clip(gain, least, most, out=gain)
        np.add(gain, as_is, out=log_output, where=beyond[:, None])
    return beyond
