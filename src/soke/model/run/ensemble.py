"""The ensemble: chunks of draws over workers, reduced to a :class:`Projection`. The one seam to a bigger machine.

``local`` runs the chunks in a pool of processes of the standard library; ``joblib`` and ``dask`` send the very same
chunks to joblib's processes or to the Dask cluster that joblib is connected to; ``serial`` runs them here. Chunks are
keyed by their number, so that any number of workers on any of them gives the same bytes, given BLAS on one thread:
workers are started so; for ``serial`` the program must have set OPENBLAS_NUM_THREADS=1 before numpy was imported, else
the last bits of a figure may differ.

Workers need nothing of the program that starts them: a script without a ``__main__`` guard, a notebook or a program
read from standard input runs as it stands.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from multiprocessing import get_context, resource_tracker
from typing import Literal

from soke.deal.types import Deal, Scenario
from soke.england.baseline import Baseline, Floats
from soke.errors import SokeError
from soke.evidence.sampling import chunks
from soke.model.accounts.outlook import BaseYear
from soke.model.funding.estimates import Estimates
from soke.model.run.beside import Councils
from soke.model.run.chunk import ChunkResult, room, run_chunk
from soke.model.run.gather import Assembly
from soke.model.run.result import Projection
from soke.model.run.setup import Setup, prepare

Backend = Literal["local", "joblib", "dask", "serial"]
Progress = Callable[[int, int], None]  # draws done, draws in all
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")
MOST_WORKERS = 64

_worker: list[tuple[Setup, tuple[Floats, Floats]]] = []  # of a worker process: set once when it starts


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
) -> Projection:
    """Project a deal against "as is" for every place in England.

    ``start``: the account's lines in the scenario's base year. ``known``: who shares in business rates and what each
    needs; none: as estimated for England. ``spent``: what councils spend; none: the shipped outturn. ``draws`` and
    ``seed`` default to the scenario's. ``progress`` is called after each chunk with draws done and in all. SokeError
    for bad input, or when every draw failed.
    """
    draws = scenario.draws if draws is None else draws
    setup = prepare(deal, scenario, baseline, start, scenario.seed if seed is None else seed, known, spent)
    jobs = list(chunks(draws))
    results, done = _results(setup, jobs, _count(workers, len(jobs)), backend), 0
    with Assembly(deal, scenario, setup, draws) as assembly:
        for number, result in results:
            assembly.add(number, result)
            done += jobs[number][1]
            if progress:
                progress(done, draws)
        return assembly.projection()


def _count(workers: int | str, jobs: int) -> int:
    wanted = min(_cores(), MOST_WORKERS) if workers == "auto" else workers
    if not isinstance(wanted, int) or not 1 <= wanted <= MOST_WORKERS:
        fix = f'Ask for 1 to {MOST_WORKERS}, or "auto".'
        raise SokeError(f"{str(workers)[:40]} workers cannot be started.", fix, "workers")
    return min(wanted, jobs)


def _cores() -> int:
    """How many this process may use; all of them where the system does not say."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _results(
    setup: Setup, jobs: list[tuple[int, int]], workers: int, backend: Backend
) -> Iterator[tuple[int, ChunkResult]]:
    if backend == "serial":
        memory = room(setup)
        return ((number, run_chunk(setup, number, size, memory)) for number, size in jobs)
    if backend == "local":
        return _local(setup, jobs, workers)
    if backend in ("joblib", "dask"):
        return _joblib(setup, jobs, workers, backend)
    fix = "Use local, joblib, dask or serial."
    raise SokeError(f"There is no backend {str(backend)[:40]!r}.", fix, "backend", code="unknown-name")


def _local(setup: Setup, jobs: list[tuple[int, int]], workers: int) -> Iterator[tuple[int, ChunkResult]]:
    """As they come. Few are in flight at once, so that finished chunks do not pile up in memory."""
    waiting, flying = list(reversed(jobs)), dict[Future[ChunkResult], int]()
    with _one_thread(), ProcessPoolExecutor(workers, get_context("spawn"), _start, (setup,)) as pool:
        try:
            while waiting or flying:
                with _interrupts_held(), _main_set_aside():
                    while waiting and len(flying) < 2 * workers:
                        number, size = waiting.pop()
                        flying[pool.submit(_work, number, size)] = number
                for future in wait(flying, return_when=FIRST_COMPLETED).done:
                    yield flying.pop(future), future.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _start(setup: Setup) -> None:
    """In a new worker. Ctrl-C is for the parent, which stops the pool."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _worker.append((setup, room(setup)))


def _work(number: int, size: int) -> ChunkResult:
    setup, memory = _worker[0]
    return run_chunk(setup, number, size, memory)


def _joblib(setup: Setup, jobs: list[tuple[int, int]], workers: int, backend: str) -> Iterator[tuple[int, ChunkResult]]:
    try:
        import joblib  # noqa: PLC0415  # an optional extra
    except ImportError as error:
        raise SokeError(
            f"The backend {backend!r} needs joblib.", 'Install it with pip install "soke[cluster]".', "backend"
        ) from error
    engine = {"joblib": "loky", "dask": "dask"}[backend]
    with _one_thread(), joblib.parallel_config(backend=engine, n_jobs=workers if backend == "joblib" else -1):
        results = joblib.Parallel(return_as="generator")(
            joblib.delayed(run_chunk)(setup, number, size) for number, size in jobs
        )
        yield from zip((number for number, _ in jobs), results, strict=True)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Ctrl-C waits until the end of the block; a process started inside it never sees one. POSIX, main thread.

    The mask is for the new processes, which inherit it; the handler is for this one, whose BLAS threads may still
    take the signal.
    """
    if not hasattr(signal, "pthread_sigmask") or threading.current_thread() is not threading.main_thread():
        yield
        return
    pressed: list[int] = []
    resource_tracker.ensure_running()  # started inside the block, it would lift the mask
    handler = signal.signal(signal.SIGINT, lambda number, _: pressed.append(number))
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGINT, handler)
        if pressed:
            signal.raise_signal(signal.SIGINT)


@contextmanager
def _main_set_aside() -> Iterator[None]:
    """A process started inside the block does not import the program's main module, of which it needs nothing.

    Spawn tells each new process in which file that module is, to import it there under another name: a script without a
    guard would start all over again in every worker, and one read from standard input is in no file.
    """
    main = vars(sys.modules["__main__"])
    before: dict[str, object] = {name: main[name] for name in ("__spec__", "__file__") if name in main}
    main["__spec__"] = None
    main.pop("__file__", None)
    try:
        yield
    finally:
        main.pop("__spec__")
        main.update(before)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Environment in which new processes load BLAS with one thread; put back afterwards."""
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
