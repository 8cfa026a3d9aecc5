"""How fast is the register, and does it survive? Each figure against its bar, measured in one run.

    python bench/register.py               speed: exit status 1 if a bar is missed
    python bench/register.py --sizes [--long]   what a command costs as the register grows: 1,000 to 200,000 entries
                                           of one and of fifty deals; --long: a million too
    python bench/register.py --writers     on PostgreSQL: eight writers against one, at least twice the rate
    python bench/register.py --kill 500    kill -9 three writers at once, 500 times: 0 acknowledged entries may be lost
    python bench/register.py --kill 50 --postgres    the same with a private PostgreSQL server, which is killed as well
    python bench/register.py --kill-backup 50    kill -9 a backup and an init, 50 times each: whole, or not there at all
    (with --postgres: into a private server)
    python bench/register.py --kill-upkeep 60    kill -9 inside the keeping of what was worked out, and inside
                                           soke register key (with --postgres: on a private server, killed as well)

1. Single durable appends against a bare INSERT and COMMIT of the same bytes under the same settings (WAL,
   synchronous=FULL), in turns, so that other work on the machine weighs on both alike: at least 70 per cent. The
   register spends about a tenth of a millisecond more; on a disk that is slow to confirm the share is higher.
   And at least 4 times what the `eventsourcing` library does on SQLite, in the same turns, where both read what is new
   before they write: it loads an aggregate of 50 events at most, reports and saves. Its settings are printed. It is in
   the extra `bench`, or in a Python of its own: ``--peer-python PATH``. Skipped, and said so, where it is not there.
2. Batches of 500: at least 5,000 entries a second. 3. Verification of an export: at least 50,000 entries a second.
4. Proofs of inclusion and of consistency from a million entries: under 5 ms each. The last two wait for nothing, so
   they are timed in CPU seconds, and other work on the machine weighs less.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import random
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from itertools import count
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests" / "register"), str(ROOT / "bench")]

from private_postgres import Server, binaries, private_server  # noqa: E402

from register_sizes import by_size  # noqa: E402
from register_upkeep import kill_upkeep  # noqa: E402
from soke.errors import SokeError  # noqa: E402
from soke.register.checkpoint import read_signing_key, read_verifier_key  # noqa: E402
from soke.register.database import Taken  # noqa: E402
from soke.register.merkle import Tree  # noqa: E402
from soke.register.opening import open_register, public_half  # noqa: E402
from soke.register.sqlite import WAL_PAGES  # noqa: E402
from soke.register.storage import Draft, Log, NothingNew  # noqa: E402
from soke.register.verify import is_consistent, is_included, leaf_hash, read_lines, verify_log  # noqa: E402

LEAST_SHARE, LEAST_OF_PEER, LEAST_BATCH, LEAST_VERIFIED, MOST_PROOF_MS = 0.70, 4.0, 5_000, 50_000, 5.0
LEAST_TIMES = 2.0
TURNS, SINGLE, BATCH, BATCHES, MILLION, PROOFS = 40, 50, 500, 60, 1_000_000, 200
NOTE = "The partners met on 1 April, confirmed the shared plan for skills and paid their agreed contributions to it."


def draft(number: int, tag: str = "deal:gm") -> Draft:
    """An entry of a usual size: about 370 bytes."""
    body = {
        "fund": "adult-skills",
        "year": 2026,
        "pence": 12_345_600 + number,
        "note": NOTE,
        "reference": f"GM/{number}",
    }
    return Draft(
        "greater-manchester", "fund.paid", "2026-04-01T09:30:00Z", "treasurer", "Ann Bell",
        frozenset({tag, "fund:adult-skills"}), body,
    )  # fmt: skip


def bare(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA wal_autocheckpoint = {WAL_PAGES}")
    connection.execute("CREATE TABLE entry (seq INTEGER PRIMARY KEY, line BLOB NOT NULL)")
    return connection


def bare_turns(folder: Path) -> Iterator[float]:
    """Seconds of one turn after another: the bytes of an entry into a table, and nothing else."""
    line = b"x" * 374
    connection = bare(folder / "bare.db")
    for first in count(0, SINGLE):
        started = time.perf_counter()
        for seq in range(first, first + SINGLE):
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO entry VALUES (?, ?)", (seq, line))
            connection.execute("COMMIT")
        yield time.perf_counter() - started


def our_turns(folder: Path, reading: bool) -> Iterator[float]:
    """The register, on condition that nothing new was tagged; with ``reading``, it reads first what was."""
    log = Log.create(folder / f"single-{reading}.db")
    for first in count(0, SINGLE):
        seqs = range(first, first + SINGLE)
        ready = [(seq - 1, [draft(seq)], [NothingNew(frozenset({"deal:gm"}), seq - 1)]) for seq in seqs]
        started = time.perf_counter()
        for seen, drafts, conditions in ready:
            if reading:
                log.read(seen - 1, ["deal:gm"])
            log.append(drafts, conditions)
        yield time.perf_counter() - started


def peer_turns(folder: Path, python: str) -> Iterator[float]:
    """The eventsourcing library, in a process of its own. Nothing where that Python has it not."""
    command = [python, str(Path(__file__).with_name("register_peer.py")), str(folder), str(SINGLE)]
    try:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    except OSError as error:
        print(f"{python} cannot be run: {error.strerror}.")
        return
    with process:
        assert process.stdin is not None and process.stdout is not None
        try:
            if told := process.stdout.readline().decode().split():
                print(f"eventsourcing {told[0]}: journal_mode={told[1]}, synchronous={told[2]} (2 is FULL, as here).")
            while told:
                process.stdin.write(b"\n")
                process.stdin.flush()
                yield float(process.stdout.readline())
        finally:
            process.kill()


def singles(folder: Path, python: str) -> tuple[float, float, float, float | None]:
    """Appends a second of the register and of the bare table, their ratio, and the ratio to the peer: medians."""
    peer = peer_turns(folder, python)
    there = next(peer, None) is not None  # the first turn of each warms up
    sides = [bare_turns(folder), our_turns(folder, reading=False), our_turns(folder, reading=True)]
    for side in sides:
        next(side)
    sides += [peer] if there else []
    turns = [[next(side) for side in sides] for _ in range(TURNS)]
    peer.close()
    middle = statistics.median
    share = middle(turn[0] / turn[1] for turn in turns)
    times = middle(turn[3] / turn[2] for turn in turns) if there else None
    return SINGLE / middle(turn[1] for turn in turns), SINGLE / middle(turn[0] for turn in turns), share, times


def batches_and_verification(folder: Path) -> tuple[float, float, int]:
    """Entries a second appended in batches, entries a second verified (best of eight, CPU time), bytes an entry."""
    with Log.create(folder / "batch.db") as log:
        started = time.perf_counter()
        for batch in range(BATCHES):
            log.append([draft(batch * BATCH + number) for number in range(BATCH)])
        appended = BATCH * BATCHES / (time.perf_counter() - started)
        log.export(folder / "log.jsonl")
        root = log.tree().root()
    verified = 0.0
    for _ in range(8):
        started = time.process_time()
        with (folder / "log.jsonl").open("rb") as file:
            assert verify_log(read_lines(file), None).root() == root
        verified = max(verified, BATCH * BATCHES / (time.process_time() - started))
    return appended, verified, (folder / "log.jsonl").stat().st_size // (BATCH * BATCHES)


def proofs() -> tuple[float, float]:
    """The slowest proof of inclusion and of consistency from a million entries, made and checked, in ms."""
    tree = Tree(number.to_bytes(4) for number in range(MILLION))
    size, rng, slowest = MILLION - 1, random.Random(1), [0.0, 0.0]
    root = tree.root(size)
    for _ in range(PROOFS):
        index = rng.randrange(1, size)
        started = time.process_time()
        assert is_included(leaf_hash(index.to_bytes(4)), index, size, tree.inclusion(index, size), root)
        middle = time.process_time()
        assert is_consistent(index, size, tree.root(index), root, tree.consistency(index, size))
        slowest = [max(slowest[0], middle - started), max(slowest[1], time.process_time() - middle)]
    return slowest[0] * 1000, slowest[1] * 1000


def write_until_killed(where: Path | str, name: str, out: int) -> None:
    with Log.open(where) as log:
        for number in range(MILLION):
            (seq,) = log.append([draft(number, name)])
            os.write(out, f"{seq} {name} {number}\n".encode())


def start_writers(where: Path | str, turn: int, names: str = "abc") -> tuple[list[int], int]:
    """Fork the writers. Returns their ids, and the end of the pipe that tells what was acknowledged."""
    reader, writer = os.pipe()
    children = []
    for letter in names:
        child = os.fork()
        if child == 0:
            os.close(reader)
            try:
                write_until_killed(where, f"{turn}{letter}", writer)
            finally:
                os._exit(3)
        children.append(child)
    os.close(writer)
    return children, reader


def kill(rounds: int, where: Path | str, server: Server | None = None) -> int:
    """Kill three writers at once, and the server with all its processes, again and again; the log must verify and hold
    all that was acknowledged."""
    rng, size, acknowledged, lost = random.Random(1), 0, 0, 0
    Log.create(where).close()
    for turn in range(rounds):
        children, reader = start_writers(where, turn)
        heard = os.read(reader, 1 << 16)  # at least one entry is acknowledged before anybody is killed
        time.sleep(rng.uniform(0, 0.03 if server is None else 0.1))
        if server is not None:
            server.kill()
        for child in children:
            os.kill(child, signal.SIGKILL)
        while more := os.read(reader, 1 << 16):
            heard += more
        os.close(reader)
        ended = [os.WEXITSTATUS(status) for child in children if os.WIFEXITED(status := os.waitpid(child, 0)[1])]
        if not heard or (ended and server is None):
            print(f"Round {turn}: {len(ended)} writers stopped by themselves.")
            return 1
        if server is not None:
            server.start()
        with Log.open(where) as log:
            entries = {entry["seq"]: entry for entry in log.read(since=size - 1)}
            size = len(log.verify()) if turn % 10 == 9 or turn == rounds - 1 else len(log)
        told = [line.split() for line in heard.decode().split("\n")[:-1]]
        acknowledged += len(told)
        for seq, name, number in told:
            entry = entries.get(int(seq))
            lost += entry is None or name not in entry["tags"] or entry["body"]["reference"] != f"GM/{number}"
    what = "three writers" if server is None else "three writers, the postmaster and every backend"
    print(f"kill -9 of {what}, {rounds} rounds: {acknowledged:,} entries acknowledged, {lost} lost.")
    return int(lost > 0)


def killed_within(work: Callable[[], object], seconds: float) -> None:
    """Do it in a process of its own, which is killed after some seconds."""
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        finally:
            os._exit(3)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def there_whole(where: Path | str, size: int) -> bool | None:
    """Whether a copy is whole; None where there is none."""
    try:
        with Log.open(where) as log:
            return len(log.verify()) == size and not log.unguarded()
    except SokeError as error:
        return None if error.code == "no-file" or "no such register" in error.fact else False


def kill_copies(rounds: int, folder: Path, server: Server | None = None) -> int:
    """Kill a backup and the opening of a register, each at any moment: what stands at its name is whole, with its key,
    and what does not stand there can be made."""
    rng, placed, half, size = random.Random(1), 0, 0, 1_500
    now = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
    source = folder / "source.db"
    with Log.create(source) as log:
        log.append([draft(number) for number in range(size)])

    def copy(to: Path | str) -> None:
        with Log.open(source, write=False) as log:
            log.backup(to)

    for turn in range(rounds):
        key = folder / f"{turn}.key"
        copied, opened = (
            folder / f"{name}-{turn}.db" if server is None else server.url(f"{name}_{turn}") for name in ("a", "b")
        )
        init = partial(open_register, opened, f"soke.example/{turn}", ["Ann"], key, now)
        for place, work, entries in ((copied, partial(copy, copied), size), (opened, init, 1)):
            killed_within(work, rng.uniform(0, 0.3))
            whole = there_whole(place, entries)
            placed += whole is not None
            half += whole is False
            if whole is None:
                with suppress(Taken):  # a server that was told to place it may do so after its client is gone
                    work()
                half += not there_whole(place, entries)
        half += read_signing_key(key).verifier != read_verifier_key(public_half(key))
    stood = f"{placed} of {2 * rounds} stood at their name"
    print(f"kill -9 of a backup and of an init, {rounds} rounds: {stood}, {half} half.")
    return int(half > 0)


def with_server(work: Callable[[Server], int]) -> int:
    programs = binaries()
    if programs is None:
        print("No PostgreSQL is installed (on Debian: apt-get install postgresql).")
        return 1
    with private_server(programs) as server:
        return work(server)


def rate_of(url: str, writers: int, seconds: float = 5.0) -> float:
    """Entries a second that so many writers, each about a deal of its own, append together."""
    reader, out = os.pipe()
    children = []
    for number in range(writers):
        child = os.fork()
        if child == 0:
            os.close(reader)
            count, until = 0, time.monotonic() + seconds
            with Log.open(url) as log:
                while time.monotonic() < until:
                    log.append([draft(count, f"deal:{number}")], [NothingNew(frozenset({f"deal:{number}"}), MILLION)])
                    count += 1
            os.write(out, f"{count}\n".encode())
            os._exit(0)
        children.append(child)
    os.close(out)
    with os.fdopen(reader) as told:
        counts = [int(line) for line in told]
    for child in children:
        os.waitpid(child, 0)
    return sum(counts) / seconds


def many_writers() -> int:
    programs = binaries()
    if programs is None:
        print("No PostgreSQL is installed (on Debian: apt-get install postgresql).")
        return 1
    with private_server(programs) as server:
        Log.create(server.url()).close()
        turns = [(rate_of(server.url(), 1), rate_of(server.url(), 8)) for _ in range(3)]
        with Log.open(server.url()) as log:
            log.verify()
    one, eight = (statistics.median(side) for side in zip(*turns, strict=True))
    print(f"PostgreSQL: one writer {one:,.0f}/s, eight {eight:,.0f}/s: {eight / one:.1f} times (bar: {LEAST_TIMES:g}).")
    return int(eight / one < LEAST_TIMES)


def main() -> int:
    parser = argparse.ArgumentParser(description="How fast is the register, and does it survive?")
    parser.add_argument("--kill", type=int, default=0, metavar="ROUNDS")
    parser.add_argument("--kill-backup", type=int, default=0, metavar="ROUNDS")
    parser.add_argument("--kill-upkeep", type=int, default=0, metavar="ROUNDS")
    parser.add_argument("--postgres", action="store_true", help="with --kill: a private server, killed too")
    parser.add_argument("--peer-python", default=sys.executable, help="a Python with eventsourcing")
    parser.add_argument("--sizes", action="store_true", help="what a command costs as the register grows")
    parser.add_argument("--long", action="store_true", help="with --sizes: a million entries too")
    parser.add_argument("--writers", action="store_true", help="on PostgreSQL: eight writers against one")
    asked = parser.parse_args()
    if asked.sizes:
        return by_size(asked.long)
    if asked.writers:
        return many_writers()
    if asked.kill and asked.postgres:
        return with_server(lambda server: kill(asked.kill, server.url(), server))
    with tempfile.TemporaryDirectory() as name:
        if asked.kill_backup and asked.postgres:
            return with_server(lambda server: kill_copies(asked.kill_backup, Path(name), server))
        if asked.kill_upkeep and asked.postgres:
            return with_server(lambda server: kill_upkeep(asked.kill_upkeep, Path(name), server))
        if asked.kill_upkeep:
            return kill_upkeep(asked.kill_upkeep, Path(name))
        if asked.kill_backup:
            return kill_copies(asked.kill_backup, Path(name))
        if asked.kill:
            return kill(asked.kill, Path(name) / "killed.db")
        ours, theirs, share, times = singles(Path(name), asked.peer_python)
        appended, verified, size = batches_and_verification(Path(name))
    included, consistent = proofs()
    print(f"Single appends: {ours:,.0f}/s, bare {theirs:,.0f}/s: {share:.0%} (bar: {LEAST_SHARE:.0%} at least).")
    print(f"An append takes {1000 / ours:.2f} ms, a bare one {1000 / theirs:.2f} ms, which is mostly the disk.")
    if times is None:
        print("The comparison with eventsourcing is skipped: install it, or name its Python with --peer-python.")
    else:
        print(f"Read what is new, then append: {times:.1f} times eventsourcing (bar: {LEAST_OF_PEER:g} at least).")
    print(f"Batches of {BATCH}: {appended:,.0f}/s (bar: {LEAST_BATCH:,}).")
    print(f"Verification: {verified:,.0f}/s at {size} bytes an entry (bar: {LEAST_VERIFIED:,}).")
    print(f"Slowest proof from a million: inclusion {included:.2f} ms, consistency {consistent:.2f} ms (bar: 5 ms).")
    slow = max(included, consistent) > MOST_PROOF_MS
    slow = slow or (times is not None and times < LEAST_OF_PEER)
    return int(share < LEAST_SHARE or appended < LEAST_BATCH or verified < LEAST_VERIFIED or slow)


if __name__ == "__main__":
    sys.exit(main())
