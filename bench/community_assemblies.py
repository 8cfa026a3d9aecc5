"""Lotteries against their bars: leximin on pools of the sizes that assemblies have, beside sortition-algorithms.

1. 250 and 312 people: at least 5 times less CPU than the peer's leximin (which needs gurobipy, under PyPI's
   size-limited licence) and 2 times less than its maximin on HiGHS; the lottery alone on both sides, reading left out.
2. 825 people, where the peer's leximin fails for its licence: solved in at most 10 CPU seconds. With --long the peer
   tries it too.
3. Each chance of every pool within 1e-5 of its bound.

sortition-algorithms is under the GPL: it is never imported here. It runs in a process of its own, in an environment
that this file makes once with pip, in the folder ``.peers`` of the repository. SOKE_SORTITION names the Python of
another one. Where it cannot be had, its rows say so and are skipped.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parent), str(HERE.parent.parent / "src")]

from community_table import ROOT, Row, measured  # noqa: E402

PEER = ("sortition-algorithms==0.12.15", "gurobipy==13.0.3", "highspy==1.15.1")
POOLS = {"syn250_20": 20, "syn312_35": 35, "syn825_75": 75}
LEAST_RATIO = {"leximin": 5.0, "maximin": 2.0}
MOST_825, MOST_APART, PATIENCE = 10.0, 1e-5, 900.0


def rows(long: bool) -> list[Row]:
    """The rows of the table; all are skipped where the pools are not to hand."""
    folder = Path(os.environ.get("SOKE_SOURCE_DIR", "")) / "community" / "sortition" / "synthetic"
    if not folder.is_dir():
        return [Row(what="assemblies", figure=None, bar=0, unit="", note="SOKE_SOURCE_DIR does not name the pools.")]
    ours = {name: _ours(folder / name, size) for name, size in POOLS.items()}
    python, missing = peer_python()
    found = []
    for name in ("syn250_20", "syn312_35"):
        found += [_against(folder / name, POOLS[name], aim, ours[name], python, missing) for aim in LEAST_RATIO]
    if long:
        found.append(_against(folder / "syn825_75", POOLS["syn825_75"], "leximin", ours["syn825_75"], python, missing))
    large = ours["syn825_75"]
    note = f"{large['types']} kinds of people, {large['panels']} panels, smallest chance {large['smallest']:.4%}"
    found.append(
        Row(what="leximin, 825 people, panel of 75", figure=large["cpu"], bar=MOST_825, unit="CPU s", note=note)
    )
    for name, told in ours.items():
        what, note = f"chances of {name} from their bounds", f"{told['cpu']:.1f} CPU s, with its certificate checked"
        found.append(Row(what=what, figure=told["apart"], bar=MOST_APART, unit="", note=note))
    return found


def _against(folder: Path, size: int, aim: str, ours: dict[str, Any], python: Path | None, missing: str) -> Row:
    """CPU of the peer for one of our leximin."""
    what, bar = f"leximin against the peer's {aim}, {folder.name}", LEAST_RATIO[aim]
    if python is None:
        return Row(what=what, figure=None, bar=bar, unit="times less CPU", least=True, note=missing)
    run = measured([python, HERE.with_name("community_assemblies_peer.py"), folder, size, aim], PATIENCE)
    if run.problem:
        note = f"the peer did not finish after {run.cpu:.0f} CPU s: {run.problem[:80]}"
        return Row(what=what, figure=None, bar=bar, unit="times less CPU", least=True, note=note)
    theirs = json.loads(run.printed.splitlines()[-1])
    note = f"{ours['cpu']:.1f} s against {theirs['cpu']:.1f} s"
    note += f"; smallest chance {ours['smallest']:.6f} and {theirs['smallest']:.6f}"
    return Row(what=what, figure=theirs["cpu"] / ours["cpu"], bar=bar, unit="times less CPU", least=True, note=note)


def _ours(folder: Path, size: int) -> dict[str, Any]:
    run = measured([sys.executable, HERE, folder, size])
    if run.problem:
        raise RuntimeError(run.problem)
    told: dict[str, Any] = json.loads(run.printed)
    return told


def peer_python() -> tuple[Path | None, str]:
    """The Python that has the peer, made where there is none; or why there is none."""
    named = os.environ.get("SOKE_SORTITION")
    python = Path(named) if named else ROOT / ".peers" / "sortition" / "bin" / "python"
    try:
        if not named and not python.exists():
            print(f"Setting up {PEER[0]} in {python.parent.parent}: once, about a minute...", file=sys.stderr)
            subprocess.run([sys.executable, "-m", "venv", str(python.parent.parent)], check=True, capture_output=True)
            subprocess.run([str(python), "-m", "pip", "install", "-q", *PEER], check=True, capture_output=True)
        subprocess.run([str(python), "-c", "import sortition_algorithms"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        return None, f"{PEER[0]} is not there and cannot be installed ({type(error).__name__})."
    return python, ""


def solve_once(folder: str, size: str) -> None:
    """One leximin lottery, its CPU seconds, and how far it is from its bound, as JSON."""
    from fractions import Fraction  # noqa: PLC0415 - only the child solves

    from soke.community.assemblies import certificate  # noqa: PLC0415
    from soke.community.assemblies.leximin import leximin  # noqa: PLC0415
    from soke.community.assemblies.pool import read_pool, read_quotas  # noqa: PLC0415
    from soke.community.assemblies.types import types_of  # noqa: PLC0415

    here = Path(folder)
    quotas = read_quotas((here / "categories.csv").read_bytes(), folder)
    pool = read_pool((here / "respondents.csv").read_bytes(), folder, quotas, "", "")
    started = time.process_time()
    types = types_of(pool, quotas, int(size))
    lottery = leximin(types.polytope)
    spent = time.process_time() - started
    chances = {t: Fraction(float(each)) for t, each in enumerate(lottery.chances)}
    if wrong := certificate.check(types.polytope, lottery.stages, chances):
        raise RuntimeError(wrong[0])
    told = {
        "cpu": spent, "smallest": lottery.smallest, "types": len(types.members), "panels": len(lottery.panels),
        "apart": max(abs(float(chances[t] - level)) for t, level in lottery.levels.items()),
    }  # fmt: skip
    print(json.dumps(told))


if __name__ == "__main__":
    solve_once(*sys.argv[1:3])
