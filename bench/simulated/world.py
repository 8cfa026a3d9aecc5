"""One seed's world: who writes when, what breaks, and what must hold after each step.

Writers share one file and take turns by the seed. A writer may be held between any two of its statements while others
write; may die there; may hear of a full disk, a failing disk or a busy register. A command whose fate is not known is
sent again, by anybody, later, and some that were acknowledged are sent again too.
"""

from __future__ import annotations

import datetime as dt
import random
import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from simulated.audit import Auditor, Broken, hold
from simulated.claims import Claims, Sent
from simulated.commands import Wishes
from simulated.deals import Setting
from simulated.disk import Crash, Disk, PowerCut, Wire, failing, wired
from simulated.keyring import NAME, register_key, text_of
from simulated.spoiled import spoiled
from simulated.watching import Watch
from simulated.wish import DAY, KEEPER, Wish, person_of, spelled_otherwise
from soke.deal.exploration import hasty
from soke.errors import SokeError
from soke.register import book as books
from soke.register.book import Book, Command, open_book
from soke.register.meaning import state_of
from soke.register.state import DealState
from soke.register.storage import Log
from soke.register.verify import Checkpoint

DEEPEST = 2  # writers that may be held in the middle of a command while another one goes on
STATEMENTS = 14  # of a command that is written at once, but for its COMMIT
AT_COMMIT = 0  # in place of its number
READING = 3  # statements before it locks the register: then others write, later they can only find it busy
FAULTS = ("crash", "power", "full", "disk", "busy", "held", "small", "locked")


@dataclass(slots=True)
class Fault:
    what: str
    at: int  # before or after which statement
    after: bool
    times: int = 1


@dataclass(slots=True)
class Writer:
    name: str
    skew: dt.timedelta
    log: Log | None = None
    book: Book | None = None
    wire: Wire | None = None
    faults: list[Fault] = field(default_factory=list)


class World:
    """``run`` plays the seed. Broken where something does not hold; ``tally`` counts what happened."""

    def __init__(self, seed: int, folder: Path, setting: Setting, say: Callable[[str], None] | None = None) -> None:
        self.seed, self.setting, self.say, self.rng = seed, setting, say, random.Random(seed)
        self.now, self.number, self.tally = setting.starts, 0, Counter[str]()
        self.disk, self.auditor = Disk(folder, setting.template), Auditor()
        self.claims = Claims(setting.texts, self.tally)
        self.watch = Watch(seed, folder, self.tally)
        self.again: list[Sent] = []
        self.checkpoints: list[Checkpoint] = []
        self.busy: list[Writer] = []  # those in the middle of a command, the outermost first
        self.acted: list[Writer] = []
        self.audited = 0  # entries
        skewed = self.rng.random() < 0.3
        self.writers = [Writer(name, self._skew(skewed)) for name in "ABC"[: self.rng.choice([1, 2, 2, 3])]]

    def _skew(self, badly: bool) -> dt.timedelta:
        minutes = self.rng.choice([0, 0, 20, -50, -200, 1500]) if badly else self.rng.choice([0, 0, 1, -1, -30])
        return dt.timedelta(minutes=minutes)

    def told(self, said: str) -> None:
        if self.say is not None:
            self.say(f"{self.number:3} {self.now:%Y-%m-%d %H:%M} {said}")

    # --- the course of a seed ---

    def run(self, steps: int) -> bytes:
        with wired(self._connect), patch.object(books, "EVERY", 5):  # so that a seed keeps what it worked out
            try:
                self._begin()
                for self.number in range(1, steps + 1):
                    self._step()
                return self._end()
            finally:
                for writer in self.writers:
                    if writer.wire is not None:
                        writer.wire.die()
                self.auditor.leave()

    def _begin(self) -> None:
        first = self.writers[0]
        self.opening = first
        if self.setting.template is None:
            log = Log.create(self.disk.path)
            key = text_of(register_key(0)) if self.rng.random() < 0.5 else ""
            open_book(log, NAME, [KEEPER], self.now, key=key)
            log.close()
        self.auditor.look_at(self.disk.path)
        self.claims.follow(self.auditor.entries)
        self.audited = len(self.auditor.entries)
        for writer in self.writers:
            self._open(writer)

    def _step(self) -> None:
        rng, self.acted = self.rng, []
        drawn = rng.random()
        if drawn < 0.01:
            self._restart()
        elif drawn < 0.07:
            self._look(rng.choice(self.writers), publish=drawn >= 0.04)
        else:
            self._turn(rng.choice(self.writers), rng.random() < 0.22)
        self._audit()

    def _look(self, writer: Writer, *, publish: bool) -> None:
        if writer.log is None:
            self._open(writer)
        assert writer.log is not None
        tree = writer.log.tree()
        self.checkpoints.append(Checkpoint(NAME, len(tree), tree.root(), b"", ()))
        hold(tree.root() == self.auditor.root(), f"{writer.name} works out another root than the auditor")
        if publish:
            self.watch.look(writer.log, [*self.auditor.lines], self.now)
            self.told(f"{writer.name} publishes; so far {self.tally['cosigned']} cosignatures")

    def _turn(self, writer: Writer, faulty: bool) -> None:
        """One writer's command; a fault, if there is one, finds it somewhere on its way."""
        sent = self._next()
        if sent is None:
            return
        if writer.book is None:
            self._open(writer)
        fault = self._fault(writer) if faulty else None
        blocker = None
        if fault == "locked":
            blocker = sqlite3.connect(self.disk.path, isolation_level=None, timeout=0)
            blocker.execute("BEGIN IMMEDIATE")
        try:
            self._deliver(writer, sent)
        except PowerCut:
            self._power_up()
        finally:
            if blocker is not None:
                blocker.close()
            if fault == "small" and writer.wire is not None and not writer.wire.dead:
                writer.wire.real.execute("PRAGMA max_page_count = 1000000")

    def _fault(self, writer: Writer) -> str:
        what = self.rng.choices(FAULTS, [24, 8, 12, 8, 6, 34, 8, 1])[0]
        self.tally[f"fault {what}"] += 1
        self.told(f"{writer.name} will meet: {what}")
        if what == "small":
            assert writer.wire is not None
            (pages,) = writer.wire.real.execute("PRAGMA page_count").fetchone()
            writer.wire.real.execute(f"PRAGMA max_page_count = {pages}")
        elif what != "locked":
            times = self.rng.choice([1, 1, 1, 1, 2, 2, 9]) if what == "busy" else 1
            last = READING if what == "held" and self.rng.random() < 0.9 else STATEMENTS
            at = AT_COMMIT if what != "held" and self.rng.random() < 0.3 else self.rng.randint(1, last)
            writer.faults.append(Fault(what, at, self.rng.random() < 0.4, times))
        return what

    # --- commands ---

    def _next(self) -> Sent | None:
        """A command: one that was sent before, or a new one. The clock goes on."""
        rng = self.rng
        if self.again and rng.random() < 0.35:
            self.now += dt.timedelta(minutes=rng.randint(0, 300))
            return self.again.pop(rng.randrange(len(self.again)))  # whichever: they come in any order
        self.now += dt.timedelta(minutes=rng.choice([1, 5, 60, 700, 1440, 1440, 4000, 11000]))
        names = list(self.setting.texts)
        deal = names[0] if len(names) == 1 or rng.random() < 0.75 else rng.choice(names[1:])
        wish = Wishes(rng, self.claims.states[deal], self.now, self.setting.texts[deal], self.auditor.entries).one()
        if wish is None:
            return None
        if wish.on is not None:
            self.now = max(self.now, self.now + (wish.on - self.now.date()) * DAY.days)
        if rng.random() < 0.12:
            wish = spoiled(wish, rng, self.now.date())
        return self._made(wish)

    def _made(self, wish: Wish) -> Sent:
        key = f"{len(self.claims.sent)}-{self.rng.getrandbits(24)}"
        body, name = dict(wish.body), key
        if self.rng.random() < 0.1 and "note" not in body:  # no id: such a command is sent once only
            body["note"], name = f"Reference {key}", ""
        person = wish.person or person_of(wish.role)
        person = person if self.rng.random() < 0.95 else spelled_otherwise(person, self.rng)
        command = Command(deal=wish.deal, kind=wish.kind, role=wish.role, person=person, body=body, id=name)
        self.claims.sent[key] = Sent(command, key, wish.never)
        return self.claims.sent[key]

    def _deliver(self, writer: Writer, sent: Sent) -> None:
        if writer.book is None:
            self._open(writer)
        assert writer.book is not None and writer.wire is not None
        writer.wire.statements = 0
        self.busy.append(writer)
        self.acted.append(writer)
        command, outcome = sent.command, ""
        try:
            seq = writer.book.record(command, *self._time(writer))
            hold(not sent.never, f"{command.kind} was recorded as entry {seq} with {sent.never}")
            hold(sent.seq in (None, seq), f"the command {sent.key} was acknowledged as entry {sent.seq}, then as {seq}")
            sent.seq, outcome = seq, f"entry {seq}"
            self.tally["accepted"] += 1
            if self.rng.random() < 0.12 and command.id:
                self.again.append(sent)
        except SokeError as error:
            outcome = f"refused: {error.fact}"
            self.tally["refused"] += 1
            if self.rng.random() < 0.3 and command.id:
                self.again.append(sent)
        except Crash as crash:
            outcome = f"killed ({type(crash).__name__})"
            sent.maybe = True
            if command.id:
                self.again.append(sent)
            if isinstance(crash, PowerCut):
                raise
            self._died(writer)
        except Broken:
            raise
        except Exception as error:
            raise Broken(f"{command.kind} ended in {type(error).__name__}: {error}, which is no sentence") from error
        finally:
            self.busy.remove(writer)
            writer.faults.clear()
            self.told(f"{writer.name} {command.kind} by {command.role} of {command.deal} [{sent.key}]: {outcome}")

    def _time(self, writer: Writer) -> tuple[dt.datetime, dt.date | None]:
        """What a writer's clock shows, and the day that he says it is. Now and then the clock is years ahead, and he
        believes it."""
        now = self.now + writer.skew
        drawn = self.rng.random()
        if drawn < 0.03:
            now += dt.timedelta(days=self.rng.choice([40, 400, 800, 4000]))
            self.tally["fault clock"] += 1
            return now, now.date() if drawn < 0.02 else self.now.date()
        return now, None if drawn > 0.97 else now.date()

    # --- what goes wrong ---

    def _connect(self, real: sqlite3.Connection) -> Wire:
        real.execute("PRAGMA cache_size = -256")
        self.opening.wire = Wire(real, self._meddler(self.opening))
        return self.opening.wire

    def _meddler(self, writer: Writer) -> Callable[[Wire, str, bool], None]:
        def meddle(wire: Wire, sql: str, after: bool) -> None:
            synced = self.disk.synced
            if after and sql == "COMMIT":
                self.disk.note_commit()
            for fault in [*writer.faults]:
                if fault.what == "busy":
                    if sql == "BEGIN IMMEDIATE" and not after and fault.times:
                        fault.times -= 1
                        raise failing(sqlite3.SQLITE_BUSY, "database is locked")
                elif fault.after == after and fault.at == (AT_COMMIT if sql == "COMMIT" else wire.statements):
                    self._strike(writer, wire, sql, fault, synced)

        return meddle

    def _strike(self, writer: Writer, wire: Wire, sql: str, fault: Fault, synced: int) -> None:
        writes = sql.startswith(("INSERT", "COMMIT"))
        if fault.what == "full" and writes and not fault.after:
            raise failing(sqlite3.SQLITE_FULL, "database or disk is full")
        if fault.what == "disk" and not fault.after:
            raise failing(sqlite3.SQLITE_IOERR, "disk I/O error")
        if fault.what == "held":
            writer.faults.remove(fault)
            self._others(writer)
        if fault.what == "crash":
            self.tally["crashes"] += 1
            wire.die()
            raise Crash
        if fault.what == "power":
            self.tally["crashes"] += 1
            self.disk.synced = synced  # a commit that has not returned: any part of it may be lost
            torn = self.disk.cut(self.rng)
            self.told(f"the power is cut, and {torn} bytes were not on disk")
            raise PowerCut

    def _others(self, held: Writer) -> None:
        """Others write while one is held in the middle of a command."""
        idle = [writer for writer in self.writers if writer not in self.busy]
        if not idle or len(self.busy) >= DEEPEST:
            return
        self.told(f"{held.name} is held")
        for _ in range(self.rng.choice([1, 1, 2])):
            sent = self._next()
            writer = self.rng.choice(idle)
            if sent is not None:
                if self.rng.random() < 0.15:
                    self._fault_within(writer)
                self._deliver(writer, sent)

    def _fault_within(self, writer: Writer) -> None:
        what = self.rng.choice(["crash", "power", "full"])
        self.tally[f"fault {what}"] += 1
        writer.faults.append(Fault(what, self.rng.randint(1, STATEMENTS), self.rng.random() < 0.4))

    def _died(self, writer: Writer) -> None:
        if writer.wire is not None:
            writer.wire.die()
        writer.wire = writer.book = writer.log = None

    def _open(self, writer: Writer) -> None:
        self.opening = writer
        faults, writer.faults = writer.faults, []
        writer.log = Log.open(self.disk.path, self.checkpoints[-1] if self.checkpoints else None)
        writer.book, writer.faults = Book(writer.log), faults

    def _power_up(self) -> None:
        for writer in self.writers:
            self._died(writer)
        self.auditor.look_at(self.disk.path)

    def _restart(self) -> None:
        """All stop in good order, and begin again."""
        self.told("all stop, and begin again")
        self.auditor.leave()
        for writer in self.writers:
            if writer.log is not None:
                writer.log.close()
            self._died(writer)
        self.disk.synced = 0
        for writer in self.writers:
            self._open(writer)
        self.auditor.look_at(self.disk.path)

    # --- what must hold ---

    def _audit(self) -> None:
        """Entries may have come that the auditor read already, when the power came back."""
        self.auditor.follow()
        new = self.auditor.entries[self.audited :]
        self.audited = len(self.auditor.entries)
        self.claims.compare(new)
        for writer in self.acted:
            if writer.book is not None:
                self._agrees(writer, writer.book)

    def _agrees(self, writer: Writer, book: Book) -> None:
        """What a writer made of the entries that it has read is what they add up to."""
        for name, state in book._states.items():
            known = self.claims.states.get(name)
            if known is not None and state.seq == known.seq:
                hold(state == known, f"{writer.name} holds another state of {name} than its entries give")

    def _same_powers(self, state: DealState, day: dt.date) -> None:
        """Who holds which power on a day is what the auditor makes of it by hand."""
        hand = self.auditor.deals.get(state.id)
        if hand is None or state.current is None:
            return
        gone, offered = hand.held_back(day), {power.id for power in state.deal.powers}
        for power in sorted(offered):
            status = state.power_status(power, day)
            held, taken = power in hand.held, power in gone
            by_hand = "taken" if held and taken else "held" if held else "not held"
            said = {"held": "held", "recalled": "taken", "suspended": "taken"}.get(status, "not held")
            hold(said == by_hand, f"{power} is {status} on {day}, and by hand it is {by_hand}")

    def _end(self) -> bytes:
        self.auditor.follow(whole=True)
        with_all = self.writers[0]
        if with_all.log is None:
            self._open(with_all)
        assert with_all.log is not None
        tree = with_all.log.verify()
        root = self.auditor.root()
        hold(tree.root() == root, "the register verifies with another root than the auditor's")
        for one in self.checkpoints:
            hold(tree.root(one.size) == one.root, f"the first {one.size} entries are not those of the checkpoint")
        entries = with_all.log.read()
        for name, state in self.claims.states.items():
            hold(state_of(name, entries) == state, f"a fresh reading of {name} gives another state")
            for writer in self.writers:
                if writer.book is not None:
                    hold(writer.book._read(name) == state, f"{writer.name} ends with another state of {name}")
            for days in (0, 2, 10, 30):
                self._same_powers(state, max(self.now, state.at or self.now).date() + days * DAY)
            for matter in state.matters.values():
                if matter.matter.on("recall") is not None:
                    self.tally["recalls"] += 1
                    for fault in hasty(matter.ladder, matter.matter):
                        raise Broken(fault)
        return root
