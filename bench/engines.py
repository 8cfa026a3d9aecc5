"""How long does a run take, and how much memory and scratch space? The Greater Manchester deal on two workers.

    python bench/engines.py          1,000 and 10,000 draws
    python bench/engines.py --all    100,000 draws too

Each run is a process of its own. Memory is the most that it and its workers held at once, pages that they share counted
once; scratch space is the temporary files, and in a run of more draws than stay exact the counts that come after them.

Bars: 10,000 draws under 60 seconds and 500 MB; scratch under 200 MB for more draws than stay exact. Exit status 1 if
one is missed. Other work on the machine shows in the time; seconds of processors show what the run itself took.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

os.environ.update(dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"))
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from soke.deal.reader import load_deal, read_scenario  # noqa: E402  # after the number of threads is set
from soke.england.baseline import baseline  # noqa: E402
from soke.england.places import places  # noqa: E402
from soke.model.accounts.outlook import base_year  # noqa: E402
from soke.model.run import reduction  # noqa: E402
from soke.model.run.ensemble import run  # noqa: E402

DRAWS, MOST_SECONDS, MOST_MB, MOST_SCRATCH_MB, EVERY = 10_000, 60.0, 500.0, 200.0, 0.05
WORKERS = 2


def one(draws: int) -> dict[str, float]:
    """A run in this process: seconds, those of its processors, and the most scratch space in MB."""
    scratch = 0.0
    lay, write = reduction.Reduction._lay, reduction.Reduction._write

    def watch(real: Callable[..., None]) -> Callable[..., None]:
        def watched(self: reduction.Reduction, *given: object) -> None:
            nonlocal scratch
            real(self, *given)
            files = sum(os.fstat(file.fileno()).st_size for file in self.files if not file.closed)
            kept = 0 if self.bins is None else self.counts.nbytes + self.bins.knots.nbytes + self.sums.nbytes * 2
            scratch = max(scratch, (files + kept) / 1e6)

        return watched

    reduction.Reduction._lay, reduction.Reduction._write = watch(lay), watch(write)  # type: ignore[method-assign]
    scenario = read_scenario()
    deal = load_deal(ROOT / "deals" / "greater-manchester.toml", places())
    began = time.perf_counter()
    run(deal, scenario, baseline(), base_year(scenario.base_year), draws, workers=WORKERS)
    seconds, each = time.perf_counter() - began, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    cpu = sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, each))
    return {"seconds": seconds, "cpu": cpu, "scratch": scratch}


def measured(draws: int) -> dict[str, float]:
    """A run in a process of its own: seconds, MB of memory with its workers, MB of scratch space."""
    command = [sys.executable, __file__, "--one", str(draws)]
    with tempfile.TemporaryFile("w+") as out, subprocess.Popen(command, stdout=out, start_new_session=True) as running:
        most, done = 0.0, threading.Event()

        def watch() -> None:
            nonlocal most
            while not done.wait(EVERY):
                most = max(most, held(running.pid))

        watching = threading.Thread(target=watch)
        watching.start()
        running.wait()
        done.set()
        watching.join()
        out.seek(0)
        return {**json.loads(out.read()), "memory": most}


def held(session: int) -> float:
    """MB that the processes of a session hold, a page that several share counted in parts. Linux."""
    total = 0.0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if os.getsid(int(process.name)) == session:
                rollup = (process / "smaps_rollup").read_text()
                total += int(rollup.split("Pss:")[1].split()[0]) / 1e3
        except (OSError, IndexError):  # it has ended
            continue
    return total


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["--one"]:
        print(json.dumps(one(int(arguments[1]))))
        return 0
    found = {draws: measured(draws) for draws in (1_000, DRAWS, *([100_000] if "--all" in arguments else []))}
    missed = []
    for draws, at in found.items():
        print(f"{draws:>7,} draws: {at['seconds']:6.1f} s ({at['cpu']:.1f} s of processors), {at['memory']:.0f} MB of")
        print(f"               memory, {at['scratch']:.0f} MB of scratch space")
        if draws > reduction.EXACT and at["scratch"] > MOST_SCRATCH_MB:
            missed.append(f"scratch space at {draws:,} draws")
    ratio = found[DRAWS]["seconds"] / found[1_000]["seconds"]
    print(f"{DRAWS:,} draws take {ratio:.1f} times as long as 1,000.")
    missed += ["time"] * (found[DRAWS]["seconds"] > MOST_SECONDS) + ["memory"] * (found[DRAWS]["memory"] > MOST_MB)
    if missed:
        print(f"Missed: {', '.join(missed)}.")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
