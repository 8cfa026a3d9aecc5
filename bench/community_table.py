"""One row of the table of bench/community.py: what was measured, against what, and whether it passes its bar."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """``figure`` in ``unit`` against ``bar``: at most, or at least where ``least``. ``figure`` None: not measured, and
    ``note`` says why; such a row neither passes nor fails. Where something is compared with a peer, ``figure`` is the
    ratio (unit "times less CPU", least) and ``note`` gives both sides."""

    what: str
    figure: float | None
    bar: float
    unit: str
    least: bool = False
    note: str = ""

    @property
    def passed(self) -> bool | None:
        if self.figure is None:
            return None
        return self.figure >= self.bar if self.least else self.figure <= self.bar


@dataclass(frozen=True, slots=True)
class Run:
    """What a child process took: CPU seconds (user and system), wall seconds, most memory held at once in MB, what it
    printed; ``problem`` says why it did not end well, ``status`` its exit status (None: it was stopped)."""

    cpu: float
    wall: float
    megabytes: float
    printed: str
    problem: str = ""
    status: int | None = 0


def measured(command: Sequence[str | Path], most_seconds: float | None = None) -> Run:
    """Run a program and measure it alone, children included."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    wrapped = [sys.executable, __file__, *map(str, command)]  # the memory of a child is known only to its own parent
    pipe = subprocess.PIPE
    child = subprocess.Popen(wrapped, env=environment, stdout=pipe, stderr=pipe, text=True, start_new_session=True)
    status: int | None = None
    try:
        told, said = child.communicate(timeout=most_seconds)
        status = child.returncode
        problem = "" if child.returncode == 0 else (said.strip().splitlines() or ["no word"])[-1]
        printed, _, kilobytes = told.rpartition("\npeak ")
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()
        problem, printed, kilobytes = f"stopped after {most_seconds:,.0f} seconds", "", ""
    after, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - started
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(cpu, wall, float(kilobytes or 0) / 1024, printed.strip(), problem, status)


def show(rows: Sequence[Row]) -> str:
    """The table as text, one line a row."""
    head = ("what", "measured", "bar", "", "")
    lines = [head, *((row.what, _figure(row), _bar(row), _verdict(row), row.note) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(4)]
    return "\n".join(
        f"{a:<{widths[0]}}  {b:>{widths[1]}}  {c:>{widths[2]}}  {d:<{widths[3]}}  {e}".rstrip()
        for a, b, c, d, e in lines
    )


def _figure(row: Row) -> str:
    return "-" if row.figure is None else f"{row.figure:,.4g} {row.unit}"


def _bar(row: Row) -> str:
    return f"{'at least' if row.least else 'at most'} {row.bar:,.4g}"


def _verdict(row: Row) -> str:
    return {None: "SKIPPED", True: "pass", False: "FAIL"}[row.passed]


def _parent() -> int:
    """Run the program named in the arguments, and say at the end how much memory it held at most (in kB)."""
    done = subprocess.run(sys.argv[1:], check=False)
    print(f"\npeak {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss}")
    return done.returncode


if __name__ == "__main__":
    sys.exit(_parent())
