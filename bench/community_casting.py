"""How many ballots a second does the ballot box take, each on disk and with its signed receipt?

A ballot is cast in a transaction of its own (synchronous=FULL), alone: at least 200 a second. The floor beside it is
what the disk allows: a bare UPDATE and COMMIT of as many bytes under the same settings, in turns, so that other work on
the machine weighs on both alike; at least a quarter of that. Where even bare commits stay below 400 a second, the disk
is too slow, or too busy with others, to say anything about the box: the first figure is then told and not judged.

Four processes at once show what writers lose by waiting for each other, most where other work takes the cores from
whoever holds the lock: at least 50 a second, so that a queue at several tables moves. A batch of 500, as typed in from
paper, is one transaction. All are medians of turns.
"""

from __future__ import annotations

import secrets
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import islice
from pathlib import Path

from community_table import ROOT, Row

sys.path.insert(0, str(ROOT / "src"))

from soke.community.voting.paper import read_paper
from soke.register.ballot_box import BallotBox

BAR, SHARE, AT_ONCE = 200.0, 0.25, 50.0
TURNS, EACH, WRITERS, BATCH, BATCHES = 20, 50, 4, 500, 3
PROJECTS = "".join(f"p{one};{one * 100};Project {one}\n" for one in range(1, 61))
PAPER = (
    "META\nkey;value\ndescription;made up\nbudget;10000\nvote_type;approval\nnum_projects;60\nnum_votes;0\n"
    f"max_length;10\nPROJECTS\nproject_id;cost;name\n{PROJECTS}VOTES\nvoter_id;vote\n"
)
CHOICE = "p1,p9,p17,p30,p60"
WRITER = """
import sys
from pathlib import Path
from soke.register.ballot_box import BallotBox
with BallotBox.open(Path(sys.argv[1])) as box:
    ballot = box.paper.ballot(sys.argv[2])
    print("ready", flush=True)
    sys.stdin.readline()
    for code in sys.argv[3:]:
        box.cast(code, ballot)
"""


def rows(long: bool) -> list[Row]:
    """``long`` adds a box of 100,000 codes, so that nothing depends on how full it is."""
    found = []
    for issued in (5_000, 100_000) if long else (5_000,):
        with tempfile.TemporaryDirectory() as folder:
            found += _rows(Path(folder), issued)
    return found


def _rows(folder: Path, issued: int) -> list[Row]:
    box = BallotBox.create(folder / "box", "bench", read_paper(PAPER.encode(), "paper.pb"))
    with box:
        codes = iter(box.issue(issued, "letter"))
        alone, floor = _alone(box, folder, codes)
        batch = statistics.median(_batch(box, codes) for _ in range(BATCHES))
        at_once = statistics.median(_at_once(box, codes) for _ in range(3))
        faults = box.close_round()
        ballots = len(box.ballots())
    wanted = TURNS * EACH + BATCHES * BATCH + 3 * WRITERS * EACH
    wrong = "" if not faults and ballots == wanted else f"WRONG: {ballots} ballots in the box, {wanted} were cast"
    slow, of = floor < 2 * BAR, f"{alone:,.0f} ballots, {floor:,.0f} bare commits a second"
    what = f"ballots cast by {WRITERS} processes at once"
    found = [
        Row(what=f"ballots cast, one at a time, of {issued:,} codes", figure=None if slow else alone, bar=BAR,
            unit="a second", least=True, note=f"{of}{': this disk is too slow now' if slow else ''}"),
        Row(what="the same as a share of bare commits", figure=alone / floor, bar=SHARE, unit="of them", least=True),
        Row(what=what, figure=at_once, bar=AT_ONCE, unit="a second", least=True),
        Row(what=f"ballots cast in a batch of {BATCH}", figure=batch, bar=BAR, unit="a second", least=True),
    ]  # fmt: skip
    return [replace(row, figure=0.0, note=wrong) for row in found] if wrong else found


def _alone(box: BallotBox, folder: Path, codes: Iterator[str]) -> tuple[float, float]:
    """Ballots a second, and bare commits a second of as many bytes, in turns."""
    cast, bare = [], []
    with closing(sqlite3.connect(folder / "bare", isolation_level=None)) as floor:
        floor.execute("PRAGMA journal_mode = TRUNCATE")
        floor.execute("PRAGMA synchronous = FULL")
        floor.execute("CREATE TABLE slot (number BLOB PRIMARY KEY, content BLOB NOT NULL) WITHOUT ROWID")
        keys = [secrets.token_bytes(16) for _ in range(TURNS * EACH)]
        floor.executemany("INSERT INTO slot VALUES (?, ?)", [(key, bytes(40)) for key in keys])
        for turn in range(TURNS):
            start = time.perf_counter()
            for code in islice(codes, EACH):
                box.cast(code, box.paper.ballot(CHOICE))
            middle = time.perf_counter()
            for key in keys[turn * EACH : (turn + 1) * EACH]:
                floor.execute("BEGIN IMMEDIATE")
                floor.execute("UPDATE slot SET content = ? WHERE number = ?", (secrets.token_bytes(40), key))
                floor.execute("COMMIT")
            cast.append(EACH / (middle - start))
            bare.append(EACH / (time.perf_counter() - middle))
    return statistics.median(cast), statistics.median(bare)


def _batch(box: BallotBox, codes: Iterator[str]) -> float:
    part = list(islice(codes, BATCH))
    start = time.perf_counter()
    box.cast_all([(None, code, box.paper.ballot(CHOICE)) for code in part])
    return len(part) / (time.perf_counter() - start)


def _at_once(box: BallotBox, codes: Iterator[str]) -> float:
    """Ballots a second of several processes that cast into one box, from when all are ready."""
    running = []
    for _ in range(WRITERS):
        command = [sys.executable, "-c", WRITER, str(box.path), CHOICE, *islice(codes, EACH)]
        running.append(
            subprocess.Popen(command, env={"PYTHONPATH": str(ROOT / "src")}, stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, text=True)
        )  # fmt: skip
    for one in running:
        assert one.stdout is not None
        one.stdout.readline()
    start = time.perf_counter()
    for one in running:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    for one in running:
        one.communicate()
    return WRITERS * EACH / (time.perf_counter() - start)
