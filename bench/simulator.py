"""A seeded simulator of the register: crashes, retries, skewed clocks, full disks, lost keys, witnesses who lie, and an
operator who shows two histories; and what must hold all the same.

    python bench/simulator.py --seeds 10000            play so many seeds; exit status 1 if one fails
    python bench/simulator.py --seed 17 --trace        play one again, step by step
    python bench/simulator.py --plant cut-tail         plant a bug: how many seeds until it is caught?

Same seed, same steps, same head of the log, on any machine. A failing seed prints itself, the step and what broke.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "bench")]

from simulated.audit import Broken  # noqa: E402
from simulated.deals import Setting, settings  # noqa: E402
from simulated.plants import PLANTS, planted  # noqa: E402
from simulated.world import World  # noqa: E402
from soke.register.kinds import KINDS  # noqa: E402

CHUNK = 100


@dataclass(frozen=True, slots=True)
class Played:
    seed: int
    steps: int
    tally: Counter[str]
    root: bytes = b""
    failure: str = ""


@contextmanager
def workshop() -> Iterator[Path]:
    """A folder in memory, where there is one: nothing here waits for a disk."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None, prefix="soke-") as name:
        yield Path(name)


class Stage:
    """The settings, made once; a folder for each seed."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.settings = folder, settings(folder)

    def setting(self, seed: int) -> Setting:
        return Random(f"setting {seed}").choices(
            [one for _, one in self.settings], [share for share, _ in self.settings]
        )[0]

    def play(self, seed: int, plant: str = "", trace: bool = False) -> Played:
        setting = self.setting(seed)
        with tempfile.TemporaryDirectory(dir=self.folder) as name:
            world = World(seed, Path(name), setting, print if trace else None)
            try:
                with planted(plant):
                    root = world.run(setting.steps)
            except Exception as error:
                if trace:
                    traceback.print_exc()
                said = str(error) if isinstance(error, Broken) else f"{type(error).__name__}: {error}"
                said = said.replace(f"{name}/", "")  # the same words wherever it is played
                return Played(seed, world.number, world.tally, failure=f"{setting.name}, step {world.number}: {said}")
        return Played(seed, setting.steps, world.tally, root)


def play_many(seeds: Iterable[int], plant: str = "") -> list[Played]:
    """All the seeds, or up to the first that fails."""
    found = []
    with workshop() as folder:
        stage = Stage(folder)
        for seed in seeds:
            found.append(stage.play(seed, plant))
            if found[-1].failure:
                break
    return found


def report(played: list[Played], seconds: float) -> int:
    tally: Counter[str] = sum((one.tally for one in played), Counter())
    seen = {key.removeprefix("kind ") for key in tally if key.startswith("kind ")}
    kinds = KINDS.keys() - {"register.opened"}
    print(f"{len(played):,} seeds, {sum(one.steps for one in played):,} steps in {seconds:.0f} s.")
    print(f"Commands: {tally['accepted']:,} accepted, {tally['refused']:,} refused. Recalls: {tally['recalls']:,}.")
    faults = sorted((key.removeprefix("fault "), count) for key, count in tally.items() if key.startswith("fault "))
    print(f"Faults: {', '.join(f'{count:,} {name}' for name, count in faults)}. Writers killed: {tally['crashes']:,}.")
    never = ", ".join(sorted(kinds - seen)) or "none"
    print(f"Kinds of entry recorded: {len(kinds & seen)} of {len(kinds)}; never: {never}.")
    failed = [one for one in played if one.failure]
    for one in failed:
        print(f"Seed {one.seed} failed: {one.failure}.\n  Again: python bench/simulator.py --seed {one.seed} --trace")
    return int(bool(failed))


def main() -> int:
    parser = argparse.ArgumentParser(description="A seeded simulator of the register.")
    parser.add_argument("--seeds", type=int, default=1_000, help="how many to play, from --first on")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, help="play this one only")
    parser.add_argument("--trace", action="store_true", help="print each step")
    parser.add_argument("--plant", choices=PLANTS, default="", help="a bug to plant, and to catch")
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    started = time.perf_counter()
    if asked.seed is not None:
        with workshop() as folder:
            one = Stage(folder).play(asked.seed, asked.plant, asked.trace)
        print(f"Head: {one.root.hex()}" if one.root else f"Seed {one.seed} failed: {one.failure}.")
        return int(bool(one.failure))
    seeds = range(asked.first, asked.first + asked.seeds)
    if asked.plant:
        played = play_many(seeds, asked.plant)
        last = played[-1]
        said = f"caught at seed {last.seed} (of {len(played)} played): {last.failure}" if last.failure else "NOT caught"
        print(f"{asked.plant}: {said}.")
        return int(not last.failure)
    chunks = [seeds[start : start + CHUNK] for start in range(0, len(seeds), CHUNK)]
    with ProcessPoolExecutor(asked.processes) as pool:
        played = [one for part in pool.map(partial(play_many), chunks) for one in part]
    return report(played, time.perf_counter() - started)


if __name__ == "__main__":
    sys.exit(main())
