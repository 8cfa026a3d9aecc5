"""What a command costs as a register grows, as a whole process beyond the start of the program; and its memory.

The start of the program is the same command asked of a register that is not there: it loads all that it needs, says so
and ends. Medians of turns, so that other work on the machine weighs on all alike.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "bench")]

from grown import POT, Growing, grow, person_of  # noqa: E402
from soke.register.book import Command  # noqa: E402
from soke.register.checking import check_register  # noqa: E402
from soke.register.commands import Order, record_all  # noqa: E402
from soke.register.storage import Log  # noqa: E402
from soke.register.verify import read_lines, verify_log  # noqa: E402

SIZES, DEALS, LONG, TURNS = (1_000, 10_000, 100_000, 200_000), (1, 50), 1_000_000, 5
BARS = {"record": 0.2, "status": 0.7, "history": 0.7}  # seconds beyond the start of the program
# The command, which tells at its end the most memory that it held: what its parent is told of it counts the parent too.
TOLD = """import atexit, os
from pathlib import Path
held = lambda: next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
atexit.register(lambda: os.write({out}, held().split()[1].encode()))
from soke.cli import main
main()"""
MOST_MB, LEAST_VERIFIED, LEAST_GROUPED, GROUPED = 150, 50_000, 3.0, 600


@dataclass(frozen=True, slots=True)
class Cost:
    seconds: float
    megabytes: float


def run(arguments: Sequence[str]) -> Cost:
    """A command as a whole process: how long it took, and the most memory that it held."""
    reader, out = os.pipe()
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", TOLD.format(out=out), "register", *arguments], pass_fds=(out,), check=False,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip
    took = time.perf_counter() - started
    os.close(out)
    with os.fdopen(reader) as told:
        return Cost(took, int(told.read()) / 1024)


def commands(register: str, turn: int) -> dict[str, list[str]]:
    spend = [f"--set={name}={value}" for name, value in POT.items()]
    today = time.strftime("%Y-%m-%d", time.gmtime())
    return {
        "record": ["record", register, "fund.spent", "--deal", "deal-0", "--as", "authority", "--by",
                   person_of("authority"), *spend, "--set", "pence=1", "--set", f"purpose=Turn {turn} {time.time()}",
                   "--today", today],
        "status": ["status", register, "deal-0"],
        "history": ["history", register, "--last", "20"],
    }  # fmt: skip


def of_size(growing: Path, folder: Path, size: int, deals: int) -> bool:
    """Print what one size costs, of a copy with all that is kept in it; whether a bar is missed."""
    register = folder / f"{size}-{deals}.db"
    with contextlib.closing(sqlite3.connect(growing)) as base, contextlib.closing(sqlite3.connect(register)) as copy:
        base.backup(copy)
    costs: dict[str, list[tuple[Cost, Cost]]] = {name: [] for name in BARS}
    for turn in range(TURNS):
        for name, asked in commands(str(register), turn).items():
            floor = [str(folder / "none.db") if word == str(register) else word for word in asked]
            costs[name].append((run(asked), run(floor)))
    missed, said = False, []
    for name, turns in costs.items():
        beyond = statistics.median(cost.seconds - start.seconds for cost, start in turns)
        memory = max(cost.megabytes for cost, _ in turns)
        missed = missed or beyond > BARS[name] or memory > MOST_MB
        said.append(f"{name} {beyond:5.2f} s {memory:4.0f} MB")
    published, replayed, checked, exported = whole(register, folder)
    missed = missed or published < LEAST_VERIFIED or max(checked, exported) > MOST_MB
    print(f"{size:>9,} entries, {deals:>2} deals: {'; '.join(said)}; a copy verified at {published:,.0f}/s; "
          f"with every rule replayed {replayed:,.0f}/s {checked:.0f} MB; exported in {exported:.0f} MB.",
          flush=True)  # fmt: skip
    register.unlink()
    return missed


def whole(register: Path, folder: Path) -> tuple[float, float, float, float]:
    """Entries a CPU second: of an exported copy, and of the register with its rules; megabytes to verify, to export."""
    copy = folder / "copy.jsonl"
    with Log.open(register, write=False) as log:
        size = log.export(copy)
        started = time.process_time()
        with copy.open("rb") as file:
            verify_log(read_lines(file), None)
        published = size / (time.process_time() - started)
        started = time.process_time()
        for _ in check_register(log):
            pass
        replayed = size / (time.process_time() - started)
    copy.unlink()
    checked = run(["verify", str(register)]).megabytes
    exported = run(["export", str(register), "--to", str(folder / "out")]).megabytes
    return published, replayed, checked, exported


def grouped(folder: Path) -> float:
    """How many times faster a file of commands is recorded than the same commands one by one."""
    rates = []
    for together in (True, False):
        register = folder / f"grouped-{together}.db"
        grow(register, 100)
        orders = [
            Order(command=Command(deal="deal-0", kind="fund.spent", role="authority", person=person_of("authority"),
                                  body={**POT, "pence": 1, "purpose": f"Works {number}"}))
            for number in range(GROUPED)
        ]  # fmt: skip
        today = dt.datetime.now(dt.UTC).date()
        with Log.open(register) as log:
            started = time.perf_counter()
            for group in [orders] if together else [[order] for order in orders]:
                for _ in record_all(log, group, today):
                    pass
            rates.append(GROUPED / (time.perf_counter() - started))
    return rates[0] / rates[1]


def by_size(long: bool) -> int:
    """Exit status 1 if a bar is missed."""
    missed = False
    sizes = [*SIZES, *([LONG] if long else [])]
    with tempfile.TemporaryDirectory() as name:
        for deals in DEALS:
            path = Path(name) / f"growing-{deals}.db"
            with Growing(path, deals) as growing:
                for size in sizes:
                    growing.to(size)
                    missed = of_size(path, Path(name), size, deals) or missed
        times = grouped(Path(name))
    print(f"A file of {GROUPED} commands: {times:.1f} times as fast as one by one (bar: {LEAST_GROUPED:g} at least).")
    bars = ", ".join(f"{name} {most:g} s" for name, most in BARS.items())
    print(f"Bars: {bars} beyond the start of the program, {MOST_MB} MB, a copy verified at {LEAST_VERIFIED:,}/s.")
    return int(missed or times < LEAST_GROUPED)
