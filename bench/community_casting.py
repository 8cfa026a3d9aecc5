"""How many ballots a second does the ballot box take, each on disk and with its signed receipt?

A ballot is cast in a transaction of its own (synchronous=FULL), alone: at least 200 a second. The floor beside it is
what the disk allows: a bare UPDATE and COMMIT of as many bytes under the same settings, in turns, so that other work on
the machine weighs on both alike. Four processes at once show what writers lose by waiting for each other; a batch of
500, as typed in from paper, is one transaction. With a disk that takes long to confirm, floor and box fall together:
the figure against its bar is then the disk's, and the note says so.
"""

from __future__ import annotations

import secrets
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from community_table import ROOT, Row

sys.path.insert(0, str(ROOT / "src"))

from soke.community.voting.paper import read_paper
from soke.register.ballot_box import BallotBox

BAR, TURNS, EACH, WRITERS = 200.0, 20, 50, 4
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
        codes = box.issue(issued, "letter")
        alone, floor = _alone(box, folder, codes)
        batch = _batch(box, codes)
        at_once = _at_once(box, codes)
        faults = box.close_round()
        ballots = len(box.ballots())
    wanted = TURNS * EACH + 500 + WRITERS * 250
    right = "" if not faults and ballots == wanted else f"WRONG: {ballots} ballots in the box, {wanted} were cast"
    of = f"of {issued:,} codes"
    share = f"{alone / floor:.0%} of the {floor:,.0f} a second of bare commits"
    return [
        Row(what=f"ballots cast, one at a time, {of}", figure=0.0 if right else alone, bar=BAR, unit="a second",
            least=True, note=right or share),
        Row(what=f"ballots cast by {WRITERS} processes at once", figure=at_once, bar=BAR, unit="a second", least=True),
        Row(what="ballots cast in a batch of 500", figure=batch, bar=BAR, unit="a second", least=True),
    ]  # fmt: skip


def _alone(box: BallotBox, folder: Path, codes: list[str]) -> tuple[float, float]:
    """Ballots a second, and bare commits a second of as many bytes, in turns."""
    took = bare = 0.0
    with closing(sqlite3.connect(folder / "bare", isolation_level=None)) as floor:
        floor.execute("PRAGMA journal_mode = TRUNCATE")
        floor.execute("PRAGMA synchronous = FULL")
        floor.execute("CREATE TABLE slot (number BLOB PRIMARY KEY, content BLOB NOT NULL) WITHOUT ROWID")
        keys = [secrets.token_bytes(16) for _ in range(TURNS * EACH)]
        floor.executemany("INSERT INTO slot VALUES (?, ?)", [(key, bytes(40)) for key in keys])
        for turn in range(TURNS):
            part = slice(turn * EACH, (turn + 1) * EACH)
            start = time.perf_counter()
            for code in codes[part]:
                box.cast(code, box.paper.ballot(CHOICE))
            middle = time.perf_counter()
            for key in keys[part]:
                floor.execute("BEGIN IMMEDIATE")
                floor.execute("UPDATE slot SET content = ? WHERE number = ?", (secrets.token_bytes(40), key))
                floor.execute("COMMIT")
            took, bare = took + middle - start, bare + time.perf_counter() - middle
    return TURNS * EACH / took, TURNS * EACH / bare


def _batch(box: BallotBox, codes: list[str]) -> float:
    part = codes[TURNS * EACH :][:500]
    start = time.perf_counter()
    box.cast_all([(None, code, box.paper.ballot(CHOICE)) for code in part])
    return len(part) / (time.perf_counter() - start)


def _at_once(box: BallotBox, codes: list[str]) -> float:
    """Ballots a second of several processes that cast into one box, from when all are ready."""
    part, running = codes[TURNS * EACH + 500 :], []
    for writer in range(WRITERS):
        command = [sys.executable, "-c", WRITER, str(box.path), CHOICE, *part[writer * 250 : (writer + 1) * 250]]
        running.append(
            subprocess.Popen(command, env={"PYTHONPATH": str(ROOT / "src")}, stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, text=True)
        )  # fmt: skip
    for one in running:
        assert one.stdout is not None
        one.stdout.readline()
    start = time.perf_counter()
    for one in running:
        one.communicate("\n")
    return WRITERS * 250 / (time.perf_counter() - start)
