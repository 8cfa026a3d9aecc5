"""kill -9 inside what a register does besides appending: keeping what it worked out, and changing its key.

Writers record through the book, which keeps the state of the deal and the hash tree after each entry; they are killed
together, on PostgreSQL with the server. Then the register must verify in every way, what was kept must be what the
entries add up to, and no acknowledged entry may be lost.

``soke register key`` is killed at any moment, as a whole process. Then the register must verify, one key must be in
force, and its secret half must lie there, whole; run again, it goes on.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

from simulated.deals import SIGNED, make, quick
from simulated.keyring import NAME, register_key, text_of
from simulated.wish import KEEPER, person_of
from soke.cli import main as command_line
from soke.cli.register import key as _loaded  # noqa: F401  # so that a fork has it
from soke.errors import SokeError
from soke.register import book as books
from soke.register.book import Book, Command
from soke.register.checking import check_register
from soke.register.checkpoint import read_signing_key
from soke.register.key_changes import rotate
from soke.register.keys import trust_of
from soke.register.opening import open_register
from soke.register.publication import publication
from soke.register.snapshot import own_program
from soke.register.storage import Conflict, Log
from soke.register.verify import VerifierKey

if TYPE_CHECKING:
    from private_postgres import Server

PAUSE, PAUSE_OF_SERVER = 0.2, 0.4  # the longest time, in seconds, until everybody is killed
ACKNOWLEDGED = re.compile(rb" \d+ \d+\n")
RECORDED, MADE, NOTHING = "with the new key in force", "with a new key that nothing names", "with neither"
EACH_WHOLE = 4  # of so many rounds one kills a process that also has Python to start


def kill_upkeep(rounds: int, folder: Path, server: Server | None = None) -> int:
    where: tuple[Path | str, Path | str] = (folder / "kept.db", folder / "turned.db")
    if server is not None:
        where = server.url("kept"), server.url("turned")
    return max(kill_keepers(rounds, where[0], server), kill_rotations(rounds, where[1], folder, server))


# --- what was worked out is kept ---


def keep_until_killed(where: Path | str, name: str, at: dt.datetime, out: int) -> None:
    """Record, keep, and tell each: what is being kept, and what was acknowledged."""
    keep = Book._keep
    logging.getLogger("psycopg").setLevel(logging.CRITICAL)  # the server may die first

    def told(self: Book, deal: str) -> None:
        os.write(out, f"{name} keeps\n".encode())
        keep(self, deal)

    with patch.object(books, "EVERY", 1), patch.object(Book, "_keep", told), Log.open(where) as log:
        book, number = Book(log), 0
        while True:
            number += 1
            body = {"answer": f"{name}-{number}", "question": f"Is {number} of {name} kept?", "due": "2026-12-01"}
            command = Command(deal="quick", kind="answer.asked", role="residents", person=person_of("residents"),
                              body=body, id=f"{name}-{number}")  # fmt: skip
            with suppress(Conflict):  # the others were faster, again and again
                seq = book.record(command, at, at.date())
                os.write(out, f"{name} {number} {seq}\n".encode())


def start(where: Path | str, turn: int) -> tuple[dict[str, int], int]:
    """Three writers, each by its name, and the end of the pipe that tells what they do."""
    reader, writer = os.pipe()
    children = {}
    for letter in "abc":
        name = f"{turn}{letter}"
        children[name] = os.fork()
        if children[name] == 0:
            os.close(reader)
            try:
                keep_until_killed(where, name, SIGNED + dt.timedelta(hours=turn), writer)
            finally:
                os._exit(3)
    os.close(writer)
    return children, reader


def kill_keepers(rounds: int, where: Path | str, server: Server | None) -> int:
    rng, acknowledged, lost, keeping = random.Random(2), 0, 0, 0
    make(where, "quick", quick()[0], key=text_of(register_key(0)))
    own_program()  # worked out once, and not by each writer anew
    for turn in range(rounds):
        children, reader = start(where, turn)
        heard = b""
        while not ACKNOWLEDGED.search(heard):
            heard += os.read(reader, 1 << 16)
        time.sleep(rng.uniform(0, PAUSE if server is None else PAUSE_OF_SERVER))
        if server is not None:
            server.kill()
        for child in children.values():
            os.kill(child, signal.SIGKILL)
        while more := os.read(reader, 1 << 16):
            heard += more
        os.close(reader)
        ended = [os.WEXITSTATUS(status) for child in children.values()
                 if os.WIFEXITED(status := os.waitpid(child, 0)[1])]  # fmt: skip
        if ended and server is None:
            print(f"Round {turn}: {len(ended)} writers stopped by themselves.")
            return 1
        if server is not None:
            server.start()
        told = [line.split() for line in heard.decode().split("\n")[:-1]]
        last = {line[0]: line for line in told}
        keeping += sum(line[1] == "keeps" for line in last.values())
        done = [(f"command:{line[0]}-{line[1]}", int(line[2])) for line in told if line[1] != "keeps"]
        acknowledged += len(done)
        with Log.open(where) as log:
            entries = {entry["seq"]: entry["tags"] for entry in log.read(len(log) - len(done) - 50)}
            lost += sum(tag not in entries.get(seq, ()) for tag, seq in done)
            try:
                list(check_register(log))
                Book(log).state("quick")
            except SokeError as error:
                print(f"Round {turn}: {error}")
                return 1
    what = "three writers" if server is None else "the server and three writers"
    print(f"kill -9 of {what} who keep what they worked out, {rounds} rounds: {acknowledged:,} entries acknowledged, "
          f"{lost} lost; {keeping} died while keeping, and what was kept is what the entries add up to.")  # fmt: skip
    return int(lost > 0)


# --- the key is changed ---


def change(where: Path | str, old: Path, new: Path, *, whole: bool) -> int:
    """Start ``soke register key`` in a process of its own; ``whole``: Python with it. Returns its id."""
    asked = ["register", "key", str(where), "--key", str(old), "--new", str(new), "--by", KEEPER]
    if whole:
        path = os.pathsep.join(sys.path)
        return subprocess.Popen([sys.executable, "-m", "soke", *asked], env={**os.environ, "PYTHONPATH": path},
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).pid  # fmt: skip
    child = os.fork()
    if child == 0:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        sys.argv = ["soke", *asked]
        try:
            command_line()
        finally:
            os._exit(0)
    return child


def until_there(path: Path, seconds: float) -> float:
    """Wait for a file, so long at most. Returns the time."""
    last = time.perf_counter() + seconds
    while not path.exists() and time.perf_counter() < last:
        time.sleep(0.0005)
    return time.perf_counter()


def in_force(where: Path | str) -> VerifierKey:
    with Log.open(where) as log:
        log.verify()
        return trust_of(log).keys[-1].key


def with_secret_half(key: VerifierKey, paths: tuple[Path, ...]) -> int:
    """In how many of the files the secret half of a key lies. SokeError where one is half-written."""
    return sum(read_signing_key(path).verifier == key for path in paths if path.exists())


def kill_rotations(rounds: int, where: Path | str, folder: Path, server: Server | None) -> int:
    rng, old, keys, broken = random.Random(3), folder / "turned-0.key", set[VerifierKey](), 0
    found = Counter({RECORDED: 0, MADE: 0, NOTHING: 0})
    open_register(where, NAME, [KEEPER], old, dt.datetime.now(dt.UTC))
    keys.add(in_force(where))
    lasts = {}
    for whole in (False, True):  # how long it takes when nobody kills it, and how long after the new key is there
        new, began = folder / f"timed-{whole}.key", time.perf_counter()
        child = change(where, old, new, whole=whole)
        made = until_there(new, 60)
        os.waitpid(child, 0)
        lasts[whole], old = (time.perf_counter() - began, time.perf_counter() - made), new
        keys.add(in_force(where))
    for turn in range(rounds):
        new, whole = folder / f"turned-{turn + 1}.key", turn % EACH_WHOLE == EACH_WHOLE - 1
        child = change(where, old, new, whole=whole)
        if rng.random() < 0.3:
            time.sleep(rng.uniform(0, 1.1) * lasts[whole][0])
        else:  # most of the time is the start of the program
            until_there(new, 60)
            time.sleep(rng.uniform(0, 1.1) * lasts[whole][1])
        if server is not None:
            server.kill()
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        if server is not None:
            server.start()
        try:
            key = in_force(where)
            followed = key not in keys
            broken += with_secret_half(key, (old, new)) != 1
            found[RECORDED if followed else MADE if new.exists() else NOTHING] += 1
            with Log.open(where) as log:
                again = rotate(log, old, new, KEEPER)
                broken += (again.number is None) is not followed or in_force(where) != again.key
                broken += rotate(log, old, new, KEEPER).number is not None
        except SokeError as error:
            print(f"Round {turn}: {error}")
            return 1
        broken += with_secret_half(again.key, (old, new)) != 1 or again.key in keys
        keys.add(again.key)
        old = new
    with Log.open(where) as log:
        list(check_register(log))
        broken += len(trust_of(log).keys) != rounds + 3
        publication(log, old, folder / "public")
    died = ", ".join(f"{count} {what}" for what, count in found.items())
    print(
        f"kill -9 of a change of key, {rounds} rounds: {died}; {broken} without one key in force and its secret half."
    )
    return int(broken > 0)
