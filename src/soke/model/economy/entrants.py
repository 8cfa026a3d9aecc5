"""Entrants to work: where their jobs are, whose jobs they take, and what each is worth.

Residents take up jobs where people of their place work, by its commuting row. A share d of these jobs would have gone
to others: displaced at the same workplaces, and so from the homes of all who work there.

    at workplaces  j    (1 - d) x sum over homes of jobs[h] x row[h,j]
    residents      i    jobs[i] - d x sum over homes of jobs[h] x (share of those who work where h works who live in i)

Each net job brings the ledger of a job (:mod:`soke.model.economy.job_value`) where its holder lives and its output
where it is, and nothing else: entrants move no base of any tax, and no density. The elasticities to density come from
places with more firms and more people of all kinds; none was measured on people helped into the lowest fifth of jobs,
and the output that they would add (3 to 9 per cent of the entrants' own) would be taxed a second time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from soke.england.baseline import Floats
from soke.evidence import Draws
from soke.model.economy import displacement, employment, job_value
from soke.model.economy.job_value import JobValue
from soke.model.economy.receipts import Receipts
from soke.model.economy.trend import Country
from soke.model.money.investments import Frame

DRAWN = (*job_value.DRAWN, displacement.PROGRAMMES)
MILLION = 1e-6
# Series of the area: the jobs that its residents find, and what becomes of them.
TOLD = ("jobs_gross", "jobs_displaced_here", "jobs_displaced_elsewhere", "jobs_leaked", "jobs_kept")


@dataclass(frozen=True, slots=True)
class Lever:
    """Where entrants live and work, and who is displaced; nobody as is. Arrays (home, place), rows sum to 1."""

    homes: tuple[int, ...] = ()
    rows: Floats = field(default_factory=lambda: np.zeros((0, 0)))  # workplaces of the workers of a home
    neighbours: Floats = field(default_factory=lambda: np.zeros((0, 0)))  # homes of those who work there too
    scale: float = 1.0  # of displacement: the scenario's
    out_of_work: Floats = field(default_factory=lambda: np.zeros(0))  # (home,) persons


@dataclass(slots=True)
class State:
    lever: Lever
    displaced: Floats  # (draw, 1) share of jobs
    value: JobValue  # (draw, 1) pounds a job
    most: Floats  # (draw, home) net jobs in hand


@dataclass(frozen=True, slots=True)
class Work:
    """A year's entrants of all mechanisms together. ``gross`` (draw, home); others (draw, place), job-years."""

    gross: Floats
    at_work: Floats  # gross, at workplaces
    displaced: Floats  # (draw, 1) share of them
    residents: Floats  # net, by where they live: below nought where residents lose their jobs to entrants
    value: JobValue

    @property
    def net_at_work(self) -> Floats:
        """Jobs more or fewer at each workplace, (draw, place)."""
        return np.asarray((1.0 - self.displaced) * self.at_work)

    @property
    def benefits_saved(self) -> Floats:
        """Benefit payments that stop, GBP million a year, (draw, place)."""
        return np.asarray(self.residents * (MILLION * self.value.benefits))


def lever(frame: Frame, country: Country) -> Lever:
    """The commuting rows of the deal's places."""
    homes = list(frame.members)
    rows = country.commuting.shares[homes]
    living = country.commuting.by_jobs * country.commuting.workers  # (workplace, home), rows sum to 1
    idle = frame.baseline.out_of_work[homes]
    return Lever(frame.members, rows, rows @ living, frame.scenario.displacement, idle)


def start(lever: Lever, draws: Draws) -> State:
    reach = draws[employment.REACH][:, None] * lever.out_of_work
    return State(
        lever,
        lever.scale * draws[displacement.PROGRAMMES][:, None],
        job_value.job_value({name: draws[name][:, None] for name in job_value.DRAWN}),
        draws[employment.CAP_JOBS][:, None] * reach,
    )


def advance(state: State, jobs: Sequence[Floats | None]) -> Work | None:
    """The year's entrants from the ``jobs`` of each mechanism, (draw, home); None where none brings any."""
    found = [more for more in jobs if more is not None]
    if not found:
        return None
    lever = state.lever
    gross = np.minimum(np.sum(found, axis=0), state.most)
    residents = gross @ lever.neighbours
    residents *= -state.displaced
    residents[:, list(lever.homes)] += gross
    return Work(gross, gross @ lever.rows, state.displaced, residents, state.value)


def receive(work: Work | None, taxes: Receipts) -> None:
    """What entrants bring is added to a year's receipts: their output at work, their taxes at home. The output before
    keeps its own array: it alone moves people, since these jobs are filled by those who live here."""
    if work is None:
        return
    value = work.value
    taxes.gva = taxes.gva + work.net_at_work * (MILLION * value.output)
    taxes.total += work.residents * (MILLION * value.taxes)
    taxes.income_tax += work.residents * (MILLION * value.income_tax)


def jobs_told(work: Work, area: Sequence[int]) -> dict[str, Floats]:
    """(draw,) by series: the jobs of residents of the area, and what becomes of them; the last four add to the first.

    Displaced here and elsewhere: others lose them. Leaked: more jobs at workplaces outside. Kept: more jobs here.
    """
    inside, whole = work.at_work[:, list(area)].sum(axis=1), work.at_work.sum(axis=1)
    share = work.displaced[:, 0]
    outside = whole - inside
    here, elsewhere = share * inside, share * outside
    values = (work.gross.sum(axis=1), here, elsewhere, outside - elsewhere, inside - here)
    return dict(zip(TOLD, values, strict=True))
