"""HiGHS asked with care: a limit on every question, another way where one fails, Ctrl-C heard while it works.

The solver works in a thread beside the one that waits: so signals are obeyed at once. Limits count steps first, so that
the same question gets the same answer on any machine; the clock is the last resort. HiGHS writes to standard output now
and then although it is told not to: that is kept from it.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from soke.errors import SokeError

Floats = NDArray[np.float64]
EXACT = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}
METHODS = ("highs-ds", "highs-ipm")  # dual simplex, interior points: on the programme simplified, then as it stands
STEPS = 20_000  # of the simplex method, and as many times its rows and columns as STEPS_EACH
STEPS_EACH = 20
PATIENCE = 150.0  # seconds for one way
GRACE = 15.0  # seconds more, after which a solver that does not look at the clock is left behind
OFTEN = 0.5  # seconds
OPTIMAL, INFEASIBLE = 0, 2


class Unsolved(SokeError):
    """No way of asking got an answer: the programme may have one or not."""

    def __init__(self) -> None:
        super().__init__(
            "The solver found no answer to one of its programmes, in any of the ways there are.",
            "Take fewer categories or values, or wider quotas, and try again.",
        )


def programme(
    cost: Floats, rows: Any, most: Floats, *, sums: tuple[Any, Floats] | None = None, bounds: Any = (0, None),
) -> Any:  # fmt: skip
    """The least ``cost @ x`` with ``rows @ x <= most``, ``sums[0] @ x == sums[1]``, as SciPy gives it.

    None where there is no such x. :class:`Unsolved` where that remains unknown.
    """
    steps = STEPS + STEPS_EACH * (len(cost) + len(most))
    equal = {} if sums is None else {"A_eq": sums[0], "b_eq": sums[1]}
    none = False
    for presolve, method in product((True, False), METHODS):
        options = {**EXACT, "presolve": presolve, "maxiter": steps, "time_limit": PATIENCE}
        found = _beside(partial(linprog, cost, rows, most, bounds=bounds, method=method, options=options, **equal))
        if found is not None and found.status == OPTIMAL and found.x is not None and np.isfinite(found.x).all():
            return found
        if none and found is not None and found.status == INFEASIBLE:
            return None  # as two ways have it
        none = none or (found is not None and found.status == INFEASIBLE)
    raise Unsolved


def whole_programme(
    cost: Floats, whole: NDArray[np.int64], bounds: Bounds, limits: LinearConstraint, *, gap: float = 0.0,
    presolve: bool = True, nodes: int | None = None,
) -> Any:  # fmt: skip
    """The least ``cost @ x`` within limits, x whole where ``whole`` is 1, as SciPy gives it.

    With ``nodes`` the search is given up after so many. ``x`` is None where there is no such x, or none was found;
    :class:`Unsolved` where a search without ``nodes`` ends without knowing.
    """
    options: dict[str, Any] = {"mip_rel_gap": gap, "time_limit": PATIENCE}
    if nodes is not None:
        options["node_limit"] = nodes
    for simplified in (presolve, not presolve):
        ways = {**options, "presolve": simplified}
        found = _beside(partial(milp, cost, integrality=whole, bounds=bounds, constraints=limits, options=ways))
        if found is not None and (found.status in (OPTIMAL, INFEASIBLE) or nodes is not None):
            return found
    raise Unsolved


def _beside(work: Callable[[], Any]) -> Any:
    """What ``work`` gives, done in a thread of its own; None where it fails or does not end."""
    if threading.current_thread() is not threading.main_thread():
        return _done(work)
    result: list[Any] = []
    thread = threading.Thread(target=lambda: result.append(_done(work)), name="solver", daemon=True)
    began = time.monotonic()
    with _silent():
        thread.start()
        try:
            while thread.is_alive() and time.monotonic() - began < PATIENCE + GRACE:
                thread.join(OFTEN)
        except BaseException:  # most questions end soon: Python goes on, or ends, better without such a thread
            thread.join(OFTEN)
            raise
    return result[0] if result else None


def _done(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except (ValueError, ArithmeticError, MemoryError, RuntimeError):  # the solver refused its own numbers
        return None


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    """Nothing that is written below Python gets to standard output."""
    try:
        sys.stdout.flush()
        kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    except (OSError, ValueError, AttributeError):  # there is no standard output
        yield
        return
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        _flush()
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def _flush() -> None:
    """What the solver wrote is held in a buffer of its own, of the C library."""
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).fflush(None)
