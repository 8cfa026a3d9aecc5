"""Budgets against their bars: equal shares with add1 on real elections, beside pabutools.

1. Warsaw Mokotow 2023 (11,067 voters, 81 projects), about 360 increments: at most 10 CPU seconds and 150 MB, reading
   and imports included. pabutools needs a quarter of an hour and 9 GB there, so it is measured only with --long.
2. Wieliczka 2023 (6,586 x 64): at least 10 times less CPU than pabutools takes for the same count (150 increments, to
   the first exhaustive outcome), reading left out on both sides, and the same 31 winners.
3. Lodz 2022 (90,494 x 160): read and counted in at most 3 CPU seconds.

pabutools is under the GPL: it is never imported here. It runs in a process of its own, in an environment that this
file makes once with pip, in the folder ``.peers`` of the repository (about 200 MB). SOKE_PABUTOOLS names the Python of
another one. Where it cannot be had, its rows say so and are skipped.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parent), str(HERE.parent.parent / "src")]

from community_table import ROOT, Row, Run, measured  # noqa: E402

PEER = "pabutools==1.2.3"
WIELICZKA, MOKOTOW = "Poland_Wieliczka_2023_Green_Budget.pb", "Poland_Warszawa_2023_Mokotow.pb"
LODZ = "Poland_Lodz_2022.pb"
MOST_CPU, MOST_MB, LEAST_RATIO, MOST_LODZ = 10.0, 150.0, 10.0, 3.0
TURNS, QUARTERS = 3, 3600.0


def rows(long: bool) -> list[Row]:
    """The rows of the table; those that need the published elections are skipped where they are not."""
    folder = Path(os.environ.get("SOKE_SOURCE_DIR", "")) / "community" / "pb"
    if not (folder / MOKOTOW).is_file():
        return [Row(what="budgets", figure=None, bar=0, unit="", note="SOKE_SOURCE_DIR does not name the elections.")]
    python, missing = peer_python()
    found = [*_mokotow(folder / MOKOTOW), _lodz(folder / LODZ), _against(folder / WIELICZKA, python, missing)]
    if long:
        found.append(_against(folder / MOKOTOW, python, missing))
    return found


def _mokotow(file: Path) -> list[Row]:
    run, told = _ours(file, "overshoot")
    what = "equal shares with add1, Warsaw Mokotow 2023 (11,067 x 81)"
    note = f"{told['increments']} increments, {len(told['winners'])} winners; counting alone {told['count']:.1f} s"
    return [
        Row(what=what, figure=run.cpu, bar=MOST_CPU, unit="CPU s", note=note),
        Row(what="the same, memory", figure=run.megabytes, bar=MOST_MB, unit="MB", note="most held at once"),
    ]


def _lodz(file: Path) -> Row:
    run, told = _ours(file, "none")
    what, note = (
        "equal shares, Lodz 2022 (90,494 x 160)",
        f"reading {told['read']:.2f} s, counting {told['count']:.2f} s",
    )
    return Row(what=what, figure=run.cpu, bar=MOST_LODZ, unit="CPU s", note=f"with imports; {note}")


def _against(file: Path, python: Path | None, missing: str) -> Row:
    """CPU of the peer for one of ours, counting alone."""
    what = f"add1 against pabutools, {file.name.split('_')[1]} {file.stem.split('_')[-1]}"
    if python is None:
        return Row(what=what, figure=None, bar=LEAST_RATIO, unit="times", least=True, note=missing)
    ours = [_ours(file, "exhaustive")[1] for _ in range(TURNS)]
    run = measured([python, HERE.with_name("community_budgets_peer.py"), file, 1], QUARTERS)
    if run.problem:
        return Row(what=what, figure=None, bar=LEAST_RATIO, unit="times", least=True, note=run.problem)
    theirs = json.loads(run.printed)
    counted = statistics.median(one["count"] for one in ours)
    same = "the same" if set(theirs["winners"]) == set(ours[0]["winners"]) else "OTHER"
    note = f"{counted:.2f} s against {theirs['count']:.1f} s and {run.megabytes:,.0f} MB; {same} winners"
    return Row(what=what, figure=theirs["count"] / counted, bar=LEAST_RATIO, unit="times", least=True, note=note)


def _ours(file: Path, stop: str) -> tuple[Run, dict[str, Any]]:
    """A count in a process of its own: what the process took, and what it tells."""
    run = measured([sys.executable, HERE, file, stop])
    if run.problem:
        raise RuntimeError(run.problem)
    return run, json.loads(run.printed)


def peer_python() -> tuple[Path | None, str]:
    """The Python that has pabutools, made where there is none; or why there is none."""
    named = os.environ.get("SOKE_PABUTOOLS")
    python = Path(named) if named else ROOT / ".peers" / "pabutools" / "bin" / "python"
    try:
        if not named and not python.exists():
            print(f"Setting up {PEER} in {python.parent.parent}: once, about a minute...", file=sys.stderr)
            subprocess.run([sys.executable, "-m", "venv", str(python.parent.parent)], check=True, capture_output=True)
            subprocess.run([str(python), "-m", "pip", "install", "-q", PEER], check=True, capture_output=True)
        subprocess.run([str(python), "-c", "import pabutools"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        return None, f"{PEER} is not there and cannot be installed ({type(error).__name__})."
    return python, ""


def count_once(file: str, stop: str) -> None:
    """Count one file and tell what it took, as JSON. ``stop`` "none": without add1."""
    from soke.community.budgets.completion import equal_shares  # noqa: PLC0415 - only the child counts
    from soke.community.budgets.pb import read_election  # noqa: PLC0415
    from soke.community.budgets.rule import Parameters  # noqa: PLC0415

    started = time.process_time()
    election = read_election(Path(file))
    read = time.process_time()
    if stop == "none":
        parameters = Parameters(rule="equal_shares")
    else:
        parameters = Parameters(rule="equal_shares", completion="add1", stop=stop)  # type: ignore[arg-type]
    outcome = equal_shares(election, parameters)
    told = {
        "read": read - started, "count": time.process_time() - read, "winners": list(outcome.ids),
        "increments": outcome.facts.get("increments", 0),
    }  # fmt: skip
    print(json.dumps(told))


if __name__ == "__main__":
    count_once(*sys.argv[1:3])
