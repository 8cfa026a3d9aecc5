"""Good and bad years of rating income: appeals, closures and openings that come and go.

In each year a place's business rates are those of a year neither good nor bad times

    exp(sd / sqrt 2 x z),   z standard normal, apart for every draw, year and place

so that the yearly change of their log, the difference of two such terms, has the standard deviation ``sd``, which is
drawn once a draw. The base year is neither good nor bad.
"""

from __future__ import annotations

import numpy as np

from soke.england.baseline import Floats
from soke.evidence import Draws
from soke.evidence.sampling import CHUNK, YEARS, generator

SWING = "rates.swing"
DRAWN = (SWING,)


def deviates(draws: Draws, seed: int, years: int, places: int) -> Floats | None:
    """Logs of good and bad years, by (draw + year, place); None where no draw has any.

    Draw d takes row d in year 0, row d + 1 in year 1 and so on (:func:`of_year`), so that one block of deviates a chunk
    serves every year. The years of a draw are independent, and so are the draws of a year; a number is used twice only
    in different years of different draws.
    """
    if not draws[SWING].any():
        return None
    chunk, row = divmod(draws.first, CHUNK)
    made = generator(seed, chunk, YEARS, "business-rates").standard_normal((CHUNK + years, places))
    return np.asarray(made[row : row + len(draws) + years] / np.sqrt(2.0))


def of_year(made: Floats | None, year: int, draws: Draws) -> Floats | float:
    """(draw, place) factors of one year; 1 in the base year and where there are none."""
    if made is None or year == 0:
        return 1.0
    return np.asarray(np.exp(draws[SWING][:, None] * made[year : year + len(draws)]))
