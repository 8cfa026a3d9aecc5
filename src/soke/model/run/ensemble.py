"""The ensemble: chunks of draws over workers, reduced to a :class:`Projection`. The one seam to a bigger machine.

``local`` runs the chunks in a pool of processes of the standard library; ``joblib`` and ``dask`` send the very same
chunks to joblib's processes or to a Dask cluster, that of ``scheduler`` or one of this machine; ``serial`` runs them
here. Chunks are keyed by their number and taken in its order, so that any number of workers on any of them gives the
same bytes, given BLAS on one thread: workers are started so, and a cluster whose workers are not is refused; for
``serial`` the program must have set OPENBLAS_NUM_THREADS=1 before numpy was imported, else the last bits of a figure
may differ.

A run keeps all draws of the area. For every place, draws go through a :class:`soke.model.run.reduction.Reduction`:
exact up to 1,000 draws, which need half a megabyte of scratch space each, counted in bins beyond.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Generator
from contextlib import closing
from typing import Literal

from soke.deal.types import Deal, Scenario
from soke.england.baseline import Baseline
from soke.errors import SokeError
from soke.evidence.sampling import chunks
from soke.model.accounts.outlook import BaseYear
from soke.model.funding.estimates import Estimates
from soke.model.run import engines
from soke.model.run.beside import Councils
from soke.model.run.block import CELLS, Block
from soke.model.run.cluster import dask
from soke.model.run.gather import Assembly
from soke.model.run.reduction import scratch
from soke.model.run.result import Projection
from soke.model.run.setup import Setup, prepare

Backend = Literal["local", "joblib", "dask", "serial"]
Progress = Callable[[int, int], None]  # draws done, draws in all
MOST_WORKERS = 64

ENGINES: dict[str, Callable[[engines.Work], Generator[Block]]] = {
    "local": engines.local, "joblib": engines.joblib, "dask": dask, "serial": engines.serial,
}  # fmt: skip


def run(
    deal: Deal,
    scenario: Scenario,
    baseline: Baseline,
    start: BaseYear,
    draws: int | None = None,
    seed: int | None = None,
    workers: int | Literal["auto"] = "auto",
    backend: Backend = "local",
    progress: Progress | None = None,
    known: Estimates | None = None,
    spent: Councils | None = None,
    scheduler: str | None = None,
) -> Projection:
    """Project a deal against "as is" for every place in England.

    ``start``: the account's lines in the scenario's base year. ``known``: who shares in business rates and what each
    needs; none: as estimated for England. ``spent``: what councils spend; none: the shipped outturn. ``draws`` and
    ``seed`` default to the scenario's. ``progress`` is called after each chunk with draws done and in all.
    ``scheduler``: the address of a Dask cluster, ``tcp://HOST:PORT``, for the backend ``dask``; it has its own number
    of workers. SokeError for bad input, a cluster that does not answer, a temporary folder without room, or when every
    draw failed.
    """
    draws = scenario.draws if draws is None else draws
    jobs = list(chunks(draws))
    engine = _engine(backend, scheduler)
    setup = prepare(deal, scenario, baseline, start, scenario.seed if seed is None else seed, known, spent)
    _room_for(setup, draws)
    done = 0
    with Assembly(deal, scenario, setup, draws) as assembly:
        work = engines.Work(setup, jobs, _count(workers, len(jobs)), lambda: assembly.cells.bins, scheduler)
        with closing(engine(work)) as blocks:
            for (_, size), block in zip(jobs, blocks, strict=True):
                assembly.add(block)
                done += size
                if progress:
                    progress(done, draws)
        return assembly.projection()


def _engine(backend: str, scheduler: str | None) -> Callable[[engines.Work], Generator[Block]]:
    if backend not in ENGINES:
        fix = "Use local, joblib, dask or serial."
        raise SokeError(f"There is no backend {str(backend)[:40]!r}.", fix, "backend", code="unknown-name")
    if scheduler is not None and backend != "dask":
        fix = "Say --backend dask with it, or leave it out."
        raise SokeError(f"The backend {backend!r} has no scheduler; dask has.", fix, "scheduler")
    return ENGINES[backend]


def _room_for(setup: Setup, draws: int) -> None:
    """SokeError where the temporary folder has no room for the run."""
    folder = tempfile.gettempdir()
    need, free = scratch(CELLS, len(setup.years), len(setup.places), draws), shutil.disk_usage(folder).free
    if need > free:
        raise SokeError(
            f"{draws:,} draws need {need / 1e6:,.0f} MB of scratch space, and the temporary folder {folder} has "
            f"{free / 1e6:,.0f} MB.",
            "Free some room there, name another folder in TMPDIR, or ask for fewer draws.", "draws", code="too-large",
        )  # fmt: skip


def _count(workers: int | str, jobs: int) -> int:
    wanted = min(_cores(), MOST_WORKERS) if workers == "auto" else workers
    if not isinstance(wanted, int) or not 1 <= wanted <= MOST_WORKERS:
        fix = f'Ask for 1 to {MOST_WORKERS}, or "auto".'
        raise SokeError(f"{str(workers)[:40]} workers cannot be started.", fix, "workers")
    return min(wanted, jobs)


def _cores() -> int:
    """How many this process may use; all of them where the system does not say."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
