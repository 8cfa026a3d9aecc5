"""Lotteries at length: pools made from seeds, each drawn and verified at the command line, or refused in a sentence.

    python bench/community_lotteries.py --count 1000 --first 0

A seed passes where the draw is published and `soke assembly verify` accepts it, or where the draw is refused with exit
status 2 and one sentence; neither may take more than ``--patience`` seconds. A traceback, a published draw that does
not verify, words on standard output that nobody asked for: each is a failure, and its seed is printed at the end.
``--large`` draws 10,000 people in six categories instead, against the bars of 120 CPU seconds and 400 MB.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parent)]

from community_table import Row, measured, show  # noqa: E402
from made_pools import Made, large, make  # noqa: E402

PATIENCE = 900.0
MOST_CPU, MOST_MEMORY = 120.0, 400.0
PUBLISHED, REFUSED = "verified", "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of a pool: ``verdict``, CPU seconds of both commands, most memory in MB, and what was said last."""

    verdict: str
    cpu: float
    megabytes: float
    said: str

    @property
    def passed(self) -> bool:
        return self.verdict in (PUBLISHED, REFUSED)


def tried(made: Made, folder: Path, patience: float) -> Tried:
    """Draw from a pool and verify what was published."""
    out = folder / "draw"
    household = ["--household", made.household] if made.household else []
    draw = measured(
        [
            sys.executable, "-m", "soke", "assembly", "draw", made.pool, made.quotas, "--size", made.size, "--id", "id",
            *household, "--commit", out, "--public", "a die thrown ten times", "--form", "10 digits 1-6",
            "--secret", folder / "secret",
        ],
        patience,
    )  # fmt: skip
    if draw.problem:
        sentence = draw.problem.startswith("soke: ") and draw.status == 2 and not draw.printed and not out.exists()
        return Tried(
            verdict=REFUSED if sentence else "FAILED", cpu=draw.cpu, megabytes=draw.megabytes, said=draw.problem
        )
    check = measured([sys.executable, "-m", "soke", "assembly", "verify", out], patience)
    cpu, megabytes = draw.cpu + check.cpu, max(draw.megabytes, check.megabytes)
    holds = not check.problem and check.printed.endswith("VERIFIED.") and draw.printed.startswith("Published in ")
    within = next((line for line in check.printed.splitlines() if line.startswith("Each person's")), "")
    wrong = next((line for line in check.printed.splitlines() if line.startswith("WRONG")), check.problem)
    said = within if holds else wrong or draw.printed.splitlines()[0]
    return Tried(verdict=PUBLISHED if holds else "NOT VERIFIED", cpu=cpu, megabytes=megabytes, said=said)


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--count", type=int, default=1_000, help="how many seeds")
    asked.add_argument("--first", type=int, default=0, help="the first seed")
    asked.add_argument("--patience", type=float, default=PATIENCE, help="seconds for one command")
    asked.add_argument("--large", action="store_true", help="10,000 people in six categories")
    chosen = asked.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="lotteries-"))
    try:
        if chosen.large:
            return _large(folder, chosen.patience)
        return _seeds(folder, range(chosen.first, chosen.first + chosen.count), chosen.patience)
    finally:
        shutil.rmtree(folder)


def _large(folder: Path, patience: float) -> int:
    found = tried(large(folder), folder, patience)
    what = "10,000 people, 6 categories, panel of 100"
    rows = [
        Row(what=f"{what}: drawn and {found.verdict}", figure=found.cpu, bar=MOST_CPU, unit="CPU s", note=found.said),
        Row(what=f"{what}: memory", figure=found.megabytes, bar=MOST_MEMORY, unit="MB"),
    ]
    print(show(rows))
    return int(found.verdict != PUBLISHED or not all(row.passed for row in rows))


def _seeds(folder: Path, seeds: range, patience: float) -> int:
    verdicts: Counter[str] = Counter()
    failed: list[int] = []
    print(f"{'seed':>6} {'people':>7} {'cats':>4} {'panel':>5} {'homes':>5} {'CPU s':>7} {'MB':>5}  verdict")
    for seed in seeds:
        here = folder / str(seed)
        made = make(seed, here)
        found = tried(made, here, patience)
        shutil.rmtree(here)
        verdicts[found.verdict] += 1
        if not found.passed:
            failed.append(seed)
        homes = "yes" if made.household else ""
        print(
            f"{seed:>6} {made.people:>7,} {made.categories:>4} {made.size:>5} {homes:>5} {found.cpu:>7.1f} "
            f"{found.megabytes:>5.0f}  {found.verdict}: {found.said[:150]}",
            flush=True,
        )  # fmt: skip
    print(", ".join(f"{many:,} {verdict}" for verdict, many in sorted(verdicts.items())))
    print(f"Seeds that failed: {', '.join(map(str, failed))}" if failed else "No seed failed.")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
