"""The engines: the same chunks on this machine's processes, on joblib's, on a Dask cluster, or here.

Each takes a :class:`Work` and gives its blocks in the order of their chunks, with few in flight, so that none pile up.
Which of them have coded cells depends on the engine; what is made of them does not.

Workers need nothing of the program that starts them: a script without a ``__main__`` guard, a notebook or a program
read from standard input runs as it stands.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing import get_context, resource_tracker
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from soke.england.baseline import Floats
from soke.errors import SokeError
from soke.evidence.sampling import CHUNK
from soke.model.run.block import CELLS, Block, block
from soke.model.run.chunk import room
from soke.model.run.reduction import EXACT, Bins, Coded, full
from soke.model.run.setup import Setup

ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")
LOCALLY = "Run on this machine with --backend local."
EXTRA = 'Install it with pip install "soke[cluster]", or run with --backend local.'


@dataclass(slots=True)
class Worker:
    """What a worker process holds from one chunk to the next."""

    setup: Setup
    memory: tuple[Floats, Floats]
    folder: Path
    bins: Bins | None = None


_worker: list[Worker] = []  # of a worker process: set once when it starts


@dataclass(frozen=True, slots=True)
class Work:
    """What an engine is given: chunks as (number, draws), and ``bins``, which says those that are laid by now."""

    setup: Setup
    jobs: list[tuple[int, int]]
    workers: int
    bins: Callable[[], Bins | None]
    scheduler: str | None = None  # of a Dask cluster; none: one is started here

    def ahead(self) -> int:
        """How many chunks may be submitted and not yet asked for: one more than there are workers. The first chunks of
        a long run come one by one, for they come uncoded, eight times as large."""
        return 1 if self.bins() is None and len(self.jobs) * CHUNK > EXACT else self.workers + 1


class Result(Protocol):
    """What every library calls a future."""

    def result(self) -> Any: ...


def serial(work: Work) -> Generator[Block]:
    memory = room(work.setup)
    return (block(work.setup, number, size, work.bins(), memory) for number, size in work.jobs)


def local(work: Work) -> Generator[Block]:
    """What is large goes by files, which are neither copied into a pipe nor held by two processes at once."""
    with (
        tempfile.TemporaryDirectory(prefix="soke-") as name, one_thread(),
        ProcessPoolExecutor(work.workers, get_context("spawn"), _start, (work.setup, Path(name))) as pool,
    ):  # fmt: skip
        laid = Path(name) / "bins.npy"

        def submit(number: int, size: int) -> Result:
            bins = work.bins()
            if bins is not None and not laid.exists():
                np.save(laid, bins.knots)
            with interrupts_held(), main_set_aside():
                return pool.submit(_work, number, size, None if bins is None else laid)

        try:
            for found in in_order(work, submit):
                yield _read_back(found, Path(name))
        except BrokenExecutor as error:
            raise SokeError(
                "A worker process ended before its work was done: it was stopped from outside, or memory ran out.",
                "Ask for fewer workers.", "workers",
            ) from error  # fmt: skip
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _start(setup: Setup, folder: Path) -> None:
    """In a new worker. Ctrl-C is for the parent, which stops the pool."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _worker.append(Worker(setup, room(setup), folder))


def _work(number: int, size: int, laid: Path | None) -> Block:
    me = _worker[0]
    if laid is not None and me.bins is None:
        me.bins = Bins(np.load(laid, mmap_mode="r"))
    found = block(me.setup, number, size, me.bins, me.memory)
    if isinstance(found.cells, Coded):
        return found
    try:
        for k, values in enumerate(found.cells):
            np.save(_file(me.folder, found, k), values)
    except OSError as error:
        raise full(error) from error
    return replace(found, cells=[])


def _read_back(found: Block, folder: Path) -> Block:
    """The block with its cells, read one by one as they are asked for."""
    if isinstance(found.cells, Coded):
        return found
    return replace(found, cells=(_read_once(_file(folder, found, k)) for k in range(CELLS)))


def _read_once(file: Path) -> Floats:
    values = np.load(file)
    file.unlink()
    return np.asarray(values)


def _file(folder: Path, found: Block, series: int) -> Path:
    return folder / f"{found.chunk.first}-{series}.npy"


def in_order(work: Work, submit: Callable[[int, int], Result]) -> Generator[Block]:
    """Results in the order of jobs, few of which are in flight."""
    flying: deque[Result] = deque()
    for number, size in work.jobs:
        flying.append(submit(number, size))
        while len(flying) >= work.ahead():
            yield flying.popleft().result()
    while flying:
        yield flying.popleft().result()


def joblib(work: Work) -> Generator[Block]:
    try:
        import joblib  # noqa: PLC0415  # an optional extra
    except ImportError as error:
        raise SokeError("The backend 'joblib' needs joblib.", EXTRA, "backend", code="not-installed") from error
    with one_thread(), joblib.parallel_config(backend="loky", n_jobs=work.workers):
        yield from joblib.Parallel(return_as="generator")(
            joblib.delayed(block)(work.setup, number, size, work.bins()) for number, size in work.jobs
        )


@contextmanager
def interrupts_held() -> Iterator[None]:
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
def main_set_aside() -> Iterator[None]:
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
def one_thread() -> Iterator[None]:
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
