"""How fast is the projection? CPU time a place-year-draw, as ratios measured in one run on one core.

    python bench/projection.py

1. Against its own floor: what the loop cannot do without, and nothing else. One draw of each shock (growth of places,
   ITL2 areas and regions, people's two, good and bad years of rates and of England); the matrix products (effective
   density, commuting on both paths, need and money between places and those above them on both paths and on the chains
   that part what is kept of growth, spending by claims, growth that lasts); and one read and one write of each state.
   The whole loop may take at most 3 times as long: the rules of funding themselves (levy bands, safety nets, resets,
   drift from need), taxes, displacement, care, migration and what is recorded are not in the floor.
2. Against PySD on a small model of the same shape (stocks by place, effective density, elasticities): at least 100
   times faster a place-year-draw. Skipped, and said so, where PySD is not installed.

Exit status 1 if a bar is missed. Both sides are timed in turns, and the best of each is taken, so that other work on
the machine weighs on both alike.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

os.environ.update(dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"))
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

import numpy as np  # noqa: E402  # after the number of threads is set

from soke.deal.reader import load_deal, read_scenario  # noqa: E402
from soke.england.baseline import baseline  # noqa: E402
from soke.england.places import places  # noqa: E402
from soke.evidence.sampling import CHUNK, YEARS, generator  # noqa: E402
from soke.model.accounts.outlook import base_year  # noqa: E402
from soke.model.economy.growth import TAIL  # noqa: E402
from soke.model.run.chunk import room, run_chunk  # noqa: E402
from soke.model.run.setup import Setup, prepare  # noqa: E402

PATHS, STATES, FUNDING_STATES, ROUNDS = 2, 8, 7, 25
# states by place: jobs, output apart, people apart and fading, productivity, capital, people moved, displaced; by
# authority: baseline funding, grant and rates on the half basis, and baseline funding, grant, rates and tariff on
# actual shares
CHAINS = 4  # of funding: as is, with the deal, and two that part what is kept of growth
MOST_OF_FLOOR, LEAST_OF_PYSD = 3.0, 100.0
PYSD_YEARS = 20


def best(tasks: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Least CPU nanoseconds of each task, run in turns."""
    found = dict.fromkeys(tasks, float("inf"))
    for _ in range(ROUNDS):
        for name, task in tasks.items():
            started = time.process_time_ns()
            task()
            found[name] = min(found[name], time.process_time_ns() - started)
    return found


def floor(setup: Setup) -> Callable[[], None]:
    """The least that the loop can be: its shocks and matrix products, and each state read and written once."""
    rng, places = np.random.default_rng(1), len(setup.places)
    jobs = rng.random((CHUNK, places))
    near, state, new = np.empty_like(jobs), rng.random((STATES, *jobs.shape)), np.empty((STATES, *jobs.shape))
    country, who = setup.country, setup.as_is.funding.regime.recipients
    upper, spread = setup.as_is.funding.regime.terms[-1].upper, who.spread
    above = np.empty((CHUNK, upper.shape[1]))
    held = rng.random((FUNDING_STATES, CHUNK, len(who.codes)))
    matrices = country.nearness.of(0).matrices
    fresh, claims = np.empty_like(held), rng.random((places, setup.spending.england.shape[0]))
    areas = int(country.growth.nest.subregion.max()) + int(country.growth.nest.region.max()) + 2

    def task() -> None:
        source = generator(1, 1, YEARS, "floor")
        np.matmul(jobs, country.growth.root, out=near)
        source.standard_normal((CHUNK + len(setup.years), places))
        for _ in setup.years:
            source.standard_t(TAIL, (3, CHUNK, places))
            source.standard_normal((3, CHUNK, areas))
            source.standard_t(TAIL, (CHUNK, 1))
            for matrix in matrices:
                np.matmul(jobs, matrix, out=near)
            for _ in range(PATHS + 1):
                np.matmul(jobs, country.commuting.by_workplace, out=near)
            for _ in range(PATHS + CHAINS):
                np.matmul(jobs, upper, out=above)
                np.matmul(above, spread, out=near)
            for _ in range(PATHS * 2):
                np.matmul(np.matmul(jobs, claims), claims.T, out=near)
            for _ in range(PATHS):
                for before, after in (*zip(state, new, strict=True), *zip(held, fresh, strict=True)):
                    np.copyto(after, before)

    return task


def ours() -> tuple[float, float]:
    """Nanoseconds a place-year-draw of the loop and of its floor, each for one path."""
    england = places()
    deal = load_deal(ROOT / "deals" / "greater-manchester.toml", england)
    scenario = read_scenario()
    setup = prepare(deal, scenario, baseline(), base_year(scenario.base_year), scenario.seed)
    memory = room(setup)
    run_chunk(setup, 0, CHUNK, memory)
    found = best({"loop": lambda: run_chunk(setup, 1, CHUNK, memory), "floor": floor(setup)})
    units = CHUNK * PATHS * len(setup.years) * len(setup.places)
    return found["loop"] / units, found["floor"] / units


# A Vensim model of the same shape for one place: five stocks, elasticities, tax bases. One place needs no distances,
# so this is the kindest case for PySD: no arrays by place, no matrix product.
VENSIM = {
    "start": "= 1000", "density": "= jobs", "jobs": "= INTEG(0.004 * jobs, start)",
    "gain": "= 0.04 * LN(density / start)", "productivity": "= INTEG(0.12 * (gain - productivity), 0)",
    "capital": "= INTEG(0.01 * start - 0.04 * capital, 0)",
    "output": "= jobs * EXP(productivity + 0.085 * LN(1 + capital / start))",
    "programme": "= INTEG(0.02 * start - 0.25 * programme, 0)",
    "rates": "= 0.02 * start * EXP(0.35 * LN(output / start))",
    "baseline": "= INTEG(0.2 * (rates - baseline), 0.02 * start)",
    "income tax": "= 0.1 * EXP(1.5 * LN(output))", "contributions": "= 0.06 * EXP(1.05 * LN(output))",
    "tax": "= income tax + contributions + rates", "kept": "= 0.5 * (rates - baseline) + programme",
    "INITIAL TIME": "= 0", "FINAL TIME": f"= {PYSD_YEARS}", "TIME STEP": "= 1", "SAVEPER": "= TIME STEP",
}  # fmt: skip


def vensim() -> str:
    body = "\n".join(f"{name}{equation}\n\t~\t\n\t~\t\t|\n" for name, equation in VENSIM.items())
    return "{UTF-8}\n" + body


def pysd_time() -> float | None:
    """Nanoseconds a place-year-draw of PySD; None where it is not installed."""
    if importlib.util.find_spec("pysd") is None:
        return None
    import pysd  # noqa: PLC0415  # optional

    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = Path(folder) / "small.mdl"
        path.write_text(vensim(), encoding="utf-8")
        model = pysd.read_vensim(str(path))
        model.run()
        spent = best({"pysd": model.run})["pysd"]
    return spent / PYSD_YEARS


def main() -> int:
    loop, least = ours()
    over = loop / least
    print(f"Loop {loop:.0f} ns a place-year-draw, floor {least:.0f} ns: {over:.2f} times (bar: {MOST_OF_FLOOR:g}).")
    missed = over > MOST_OF_FLOOR
    other = pysd_time()
    if other is None:
        print("PySD is not installed: that comparison is skipped. Install it with pip install pysd.")
    else:
        print(f"PySD {other:,.0f} ns: Soke is {other / loop:.0f} times faster (bar: {LEAST_OF_PYSD:g} at least).")
        missed = missed or other / loop < LEAST_OF_PYSD
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
