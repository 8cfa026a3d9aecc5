"""How fast place accounts are: a whole command beside an empty one, and every place in every year.

    python bench/accounts.py

``soke place`` is to take under .6 s with its start, and 296 places on two bases in 25 years under 15 s of one core. The
empty command (``soke --version``) is the floor in the same run.
"""

from __future__ import annotations

import subprocess
import sys
import time

from soke.england.baseline import baseline
from soke.model.accounts import line_matrix
from soke.model.accounts.regional import FIRST, LAST
from soke.model.accounts.truth import pounds

RUNS = 7


def command(*args: str) -> float:
    """The fastest of some runs of a whole command, seconds."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "soke", *args], check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    floor, place = command("--version"), command("place", "Greater Manchester", "--json")
    print(f"soke --version              {floor:.2f} s")
    print(f"soke place, as JSON         {place:.2f} s: {place / floor:.2f} times the floor (bar .6 s)")
    start = time.process_time()
    for year in range(FIRST, LAST + 1):
        for basis in ("residence", "economy"):
            line_matrix(year, basis)
    lines = time.process_time() - start
    print(f"296 places, 2 bases, 25 years: {lines:.2f} s of one core (bar 15 s)")
    start = time.process_time()
    for place_code in baseline().codes:
        pounds(2022, baseline().mask([place_code]))
    print(f"296 places by grade, with their range, one year: {time.process_time() - start:.2f} s")


if __name__ == "__main__":
    main()
