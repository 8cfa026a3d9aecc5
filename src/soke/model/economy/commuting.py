"""Who works where: published jobs by workplace, filled by residents in the pattern of the census.

Flows f[i,j] of workers from home i to workplace j take the census row of each home, scaled so that every workplace
has its published jobs. Then a change in jobs or pay at a workplace reaches homes by

    workers[i] / workers0[i] = sum_j f[i,j] / workers0[i] x jobs[j] / jobs0[j]

and workers and jobs sum to the same number, always.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soke.england.baseline import Floats
from soke.errors import SokeError


@dataclass(frozen=True, slots=True)
class Commuting:
    """``shares`` (home, workplace), rows sum to one: where the workers of a home work. ``workers`` (home,).

    ``by_workplace`` is ``shares`` turned round, (workplace, home), as the product to homes needs it in memory;
    ``by_jobs`` the same over the base year's jobs, so that it takes jobs where the other takes their ratio.
    """

    shares: Floats
    by_workplace: Floats
    by_jobs: Floats
    workers: Floats

    def to_homes(self, ratio: Floats) -> Floats:
        """(draw, home) mean over the workplaces of a home's residents of a (draw, workplace) ratio."""
        return np.asarray(ratio @ self.by_workplace)

    def workers_ratio(self, jobs: Floats) -> Floats:
        """(draw, home) residents in work over the base year's, from (draw, workplace) jobs."""
        return np.asarray(jobs @ self.by_jobs)

    def to_workplaces(self, people: Floats, homes: NDArray[np.intp]) -> Floats:
        """(draw, workplace): where people of the places ``homes``, (draw, home), work. Their sum does not change."""
        return np.asarray(people @ self.shares[homes])


def calibrated(rows: Floats, employed: Floats, jobs: Floats) -> Commuting:
    """Flows that fill ``jobs`` (workplace,) from ``employed`` residents (home,) by ``rows`` (home, workplace).

    SokeError where no one works at a place that has jobs, or a home has no workers.
    """
    flows = rows * employed[:, None]
    arriving = flows.sum(axis=0)
    if (jobs[arriving <= 0] > 0).any():
        raise SokeError("A place has jobs to which nobody commutes.", "Check the commuting table and the jobs column.")
    flows = flows * np.divide(jobs, arriving, out=np.zeros_like(jobs), where=arriving > 0)
    workers = flows.sum(axis=1)
    if not (workers > 0).all():
        raise SokeError("A place has no residents in work.", "Check the commuting table and the employment rate.")
    shares = flows / workers[:, None]
    turned = np.ascontiguousarray(shares.T)
    by_jobs = np.divide(turned, jobs[:, None], out=np.zeros_like(turned), where=jobs[:, None] > 0)
    return Commuting(shares, turned, by_jobs, workers)
