"""The backend ``dask``: the chunks on a Dask cluster, one that is there or one that is started here and closed again.

A cluster runs what it is sent, so it must be one that you trust. It is asked before the run, within ten seconds in all:
whether it answers, has workers, and whether each has this version of Soke and of numpy, with BLAS on one thread, for
figures would differ otherwise.
"""

from __future__ import annotations

import logging
import os
import re
import threading
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any

import numpy as np

from soke.errors import SokeError
from soke.model.run.block import Block, block
from soke.model.run.engines import (
    EXTRA,
    LOCALLY,
    ONE_THREAD,
    Work,
    in_order,
    interrupts_held,
    main_set_aside,
    one_thread,
)
from soke.version import __version__

ANSWER = 4.0  # seconds that a cluster has to answer, and again to show its workers
ADDRESS = re.compile(r"(tcp|tls)://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):([0-9]{1,5})")
AHEAD = 2  # chunks a thread of the cluster, computed and on their way


def dask(work: Work) -> Generator[Block]:
    try:
        import distributed  # noqa: PLC0415  # an optional extra
    except ImportError as error:
        raise SokeError(
            "The backend 'dask' needs dask and distributed.", EXTRA, "backend", code="not-installed"
        ) from error
    told = "started here" if work.scheduler is None else f"at {work.scheduler}"
    with _quiet(), (_started if work.scheduler is None else _connected)(distributed, work) as client:
        try:
            yield from _sent(client, work)
        except (distributed.KilledWorker, distributed.client.FutureCancelledError, OSError, TimeoutError) as error:
            raise SokeError(f"The Dask cluster {told} gave up: {_first_line(error)}.", LOCALLY, "scheduler") from error


def _sent(client: Any, work: Work) -> Generator[Block]:
    """The setup goes to each worker once, and so do the bins when they are laid."""
    with interrupts_held():
        setup = client.scatter(work.setup, broadcast=True, hash=False)
    laid: list[Any] = []

    def submit(number: int, size: int) -> Any:
        bins = work.bins()
        with interrupts_held():
            if bins is not None and not laid:
                laid.append(client.scatter(bins, broadcast=True, hash=False))
            return client.submit(block, setup, number, size, laid[0] if laid else None, pure=False)

    yield from in_order(replace(work, workers=AHEAD * max(1, sum(client.nthreads().values()))), submit)


@contextmanager
def _started(distributed: Any, work: Work) -> Iterator[Any]:
    """A client of a cluster of processes of this machine."""
    with one_thread(), ExitStack() as stack:
        with interrupts_held(), main_set_aside():
            cluster = distributed.LocalCluster(
                n_workers=work.workers, threads_per_worker=1, processes=True, dashboard_address=":0",
                silence_logs=logging.CRITICAL,
            )  # fmt: skip
            client = stack.enter_context(distributed.Client(stack.enter_context(cluster), set_as_default=False))
        yield client


@contextmanager
def _connected(distributed: Any, work: Work) -> Iterator[Any]:
    """A client of the cluster at an address. SokeError, within ten seconds, where it cannot be worked with."""
    address = work.scheduler or ""
    found = ADDRESS.fullmatch(address)
    if not found or int(found[3]) > 65535:
        raise SokeError(
            f"{address[:80]!r} is not the address of a Dask scheduler.", f"Give tcp://HOST:PORT. {LOCALLY}", "scheduler"
        )
    client = _asked(distributed, address)
    try:
        _fit_for(client, address)
        yield client
    finally:
        client.close(timeout=ANSWER)


def _asked(distributed: Any, address: str) -> Any:
    """Connects in a thread of its own: a name that no server resolves may block for longer than any limit."""
    clients: list[Any] = []

    def connect() -> None:
        try:
            clients.append(distributed.Client(address, timeout=ANSWER, set_as_default=False))
        except Exception as error:
            clients.append(error)

    asking = threading.Thread(target=connect, daemon=True)
    asking.start()
    asking.join(ANSWER + 1)
    if not clients or isinstance(clients[0], Exception):
        raise SokeError(
            f"No Dask scheduler answers at {address}.", f"Start one there, or mend the address. {LOCALLY}", "scheduler"
        ) from (clients[0] if clients else None)
    return clients[0]


def _fit_for(client: Any, address: str) -> None:
    """SokeError where the cluster has no workers, or a worker would give other figures."""
    here = {"Soke": __version__, "numpy": np.__version__}
    try:
        client.wait_for_workers(1, timeout=ANSWER)
        each = client.run(_has, on_error="return")
    except (TimeoutError, OSError) as error:
        raise SokeError(
            f"The Dask cluster at {address} has no workers that answer.", f"Start some. {LOCALLY}", "scheduler"
        ) from error
    for worker, has in each.items():
        if isinstance(has, Exception):
            fact = f"The worker {worker} cannot run Soke: {_first_line(has)}."
        elif has["versions"] != here:
            ours, theirs = (" and ".join(f"{k} {v}" for k, v in each.items()) for each in (here, has["versions"]))
            fact = f"The worker {worker} has {theirs}, and this machine {ours}."
        elif not has["one_thread"]:
            fact = f"The worker {worker} may run BLAS on several threads: figures might differ in their last bits."
        else:
            continue
        fix = f"Start workers with what is installed here and with {ONE_THREAD[0]}=1. {LOCALLY}"
        raise SokeError(fact, fix, "scheduler")


def _has() -> dict[str, Any]:
    """Of a worker."""
    versions = {"Soke": __version__, "numpy": np.__version__}
    return {"versions": versions, "one_thread": any(os.environ.get(name) == "1" for name in ONE_THREAD)}


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200].rstrip(".")


@contextmanager
def _quiet() -> Iterator[None]:
    """What Dask and its event loop log is for who runs the cluster; what went wrong is said in a sentence."""
    loggers = [logging.getLogger(name) for name in ("distributed", "asyncio", "tornado")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
