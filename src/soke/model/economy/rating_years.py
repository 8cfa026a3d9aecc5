"""Good and bad years of rating income: appeals, closures and openings that come and go.

In each year a place's business rates are those of a year neither good nor bad times

    exp(sd / sqrt 2 x z),   z standard normal, apart for every draw, year and place

so that the yearly change of their log, the difference of two such terms, has the standard deviation ``sd`` of the
scenario. The base year is neither good nor bad.
"""

from __future__ import annotations

import numpy as np

from soke.england.baseline import Floats
from soke.evidence.sampling import CHUNK, YEARS, generator


def factors(sd: float, seed: int, first: int, size: int, years: int, places: int) -> Floats | None:
    """Factors on business rates for ``size`` draws from the draw ``first`` on; None where ``sd`` is nought.

    (draw + year, place): draw d takes row d in year 0, row d + 1 in year 1 and so on (:func:`of_year`), so that one
    block of deviates a chunk serves every year. The years of a draw are independent, and so are the draws of a year;
    a number is used twice only in different years of different draws.
    """
    if sd == 0:
        return None
    chunk, row = divmod(first, CHUNK)
    deviates = generator(seed, chunk, YEARS, "business-rates").standard_normal((CHUNK + years, places))
    return np.asarray(np.exp((sd / np.sqrt(2.0)) * deviates[row : row + size + years]))


def of_year(factors: Floats | None, year: int, size: int) -> Floats | float:
    """(draw, place) factors of one year, for ``size`` draws; 1 in the base year and where there are none."""
    return 1.0 if factors is None or year == 0 else factors[year : year + size]
