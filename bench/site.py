"""How fast the whole site is built, how much memory that takes, and how large it is.

    python bench/site.py

From the shipped deals, a run of each of two, and the handbook where ./do docs built it: all pages from nothing on two
cores, then again after one run changed.
Memory is that of all processes together, shared pages counted once (PSS), looked at twenty times a second. Exit status
1 where a bar is missed.
"""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
DEALS = ("greater-manchester", "norfolk-and-suffolk")
HANDBOOK = ROOT / "out/site-docs"
DRAWS, WORKERS, DAY = 100, 2, "2026-12-01"
OFTEN = 0.05  # seconds between two looks at the memory
MEGA, KILO = 1e6, 1e3


@dataclass(frozen=True)
class Bar:
    """What is measured, in its unit, and the most that it may be."""

    what: str
    value: float
    most: float
    unit: str
    digits: int = 1

    @property
    def kept(self) -> bool:
        return self.value <= self.most

    def __str__(self) -> str:
        said = f"{self.value:.{self.digits}f} {self.unit}"
        return f"{self.what:<58} {said:>12}   bar {self.most:g} {self.unit}{'' if self.kept else '   MISSED'}"


def soke(*words: object) -> subprocess.Popen[bytes]:
    """A command, begun."""
    there = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    return subprocess.Popen([sys.executable, "-m", "soke", *map(str, words)], cwd=ROOT, env=there,
                            stdout=subprocess.DEVNULL)  # fmt: skip


def run(deal: str, out: Path, seed: int) -> None:
    """The result of a run of a shipped deal, into a folder of its own."""
    done = soke("run", f"deals/{deal}.toml", "--out", out / deal, "--draws", DRAWS, "--seed", seed).wait()
    if done:
        sys.exit(f"soke run {deal} ended with {done}.")


def family(pid: int) -> Iterator[int]:
    """A process and all that it started."""
    yield pid
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from family(int(child))


def memory(pid: int) -> int:
    """Bytes of a process and all that it started, shared pages counted once."""
    kilobytes = 0
    for each in family(pid):
        with suppress(OSError):
            told = Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
            kilobytes += sum(int(line.split()[1]) for line in told if line.startswith("Pss:"))
    return kilobytes * 1024


def built(out: Path, runs: Path) -> tuple[float, int]:
    """Seconds that the site takes, and the most memory that was seen."""
    start, most = time.perf_counter(), 0
    beside = ("--handbook", HANDBOOK) if HANDBOOK.is_dir() else ()
    begun = soke("site", "build", "--out", out, "--deals", "deals", "--runs", runs, "--workers", WORKERS,
                 "--today", DAY, *beside)  # fmt: skip
    ended = threading.Event()

    def look() -> None:
        nonlocal most
        while not ended.wait(OFTEN):
            most = max(most, memory(begun.pid))

    looking = threading.Thread(target=look)
    looking.start()
    status = begun.wait()
    took = time.perf_counter() - start
    ended.set()
    looking.join()
    if status:
        sys.exit(f"soke site build ended with {status}.")
    return took, most


def packed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes()))


def sizes(out: Path) -> Iterator[Bar]:
    pages = [path for path in (out / "places").glob("*.html") if path.stem != "index"]
    pages.sort(key=lambda path: (path.stat().st_size, path.name))
    heaviest = max(pages[-20:], key=packed)
    whole = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    yield Bar(f"largest page of a place: {pages[-1].name}", pages[-1].stat().st_size / KILO, 150, "kB")
    yield Bar(f"the same compressed: {heaviest.name}", packed(heaviest) / KILO, 35, "kB")
    yield Bar("front page", (out / "index.html").stat().st_size / KILO, 60, "kB")
    with_it = "with its handbook" if HANDBOOK.is_dir() else "WITHOUT a handbook: run ./do docs first"
    yield Bar(f"whole site, {with_it}", whole / MEGA, 80, "MB")
    for folder in sorted(path for path in out.iterdir() if path.is_dir()):
        held = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
        print(f"   of it {folder.name:<12} {len(held):>6,} files {sum(held) / MEGA:6.1f} MB")


def measured(folder: Path) -> Iterator[Bar]:
    runs, out = folder / "runs", folder / "site"
    for deal in DEALS:
        run(deal, runs, 1)
    took, most = built(out, runs)
    yield Bar("all pages from nothing, two processes", took, 60, "s")
    yield Bar("most memory of all processes together", most / MEGA, 1000, "MB", 0)
    run(DEALS[0], runs, 2)
    yield Bar("again after one run changed", built(out, runs)[0], 5, "s")
    yield Bar("again after nothing changed", built(out, runs)[0], 5, "s")
    yield from sizes(out)


def main() -> None:
    kept = True
    with tempfile.TemporaryDirectory(prefix="soke-bench-") as name:
        for bar in measured(Path(name)):
            print(bar, flush=True)
            kept = kept and bar.kept
    sys.exit(0 if kept else 1)


if __name__ == "__main__":
    main()
