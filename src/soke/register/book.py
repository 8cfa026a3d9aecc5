"""Recording: read what a deal adds up to, decide, append on condition that nothing came between; else decide again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from soke.errors import SokeError
from soke.register import snapshot
from soke.register.acts.act import Act
from soke.register.acts.agreement import check_terms
from soke.register.acts.keys import check_agreed
from soke.register.cache import EVER
from soke.register.clock import last_entry, moment_of, right_times, time_of
from soke.register.keys import remark
from soke.register.kinds import REGISTER, REGISTRAR, RULES_NOW
from soke.register.meaning import NUMBERED, apply_recorded, drafted
from soke.register.persons import alike, any_like
from soke.register.state import DealState
from soke.register.storage import Conflict, Draft, Log, NothingNew
from soke.text import day as in_words
from soke.text import did_you_mean

TRIES = 8
EVERY = 256  # entries of a deal, or of the log, after which what they add up to is kept anew


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What a person wants recorded. ``id``: sent twice, it is recorded once."""

    deal: str
    kind: str
    role: str
    person: str
    body: Mapping[str, Any] = field(default_factory=dict)
    id: str = ""


def register_name(log: Log) -> str:
    """The name of the register, as its first entry gives it; nothing where it is empty."""
    opened = next(log.first(f"deal:{REGISTER}"), None)
    return str(opened["body"].get("name", "")) if opened else ""


@dataclass(frozen=True, slots=True)
class Timed:
    """A command and the time that it is; ``today``: the day, where somebody said that it is indeed so late."""

    command: Command
    now: dt.datetime
    today: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """The number of an entry that a command made, or had made when it came before."""

    deal: str
    number: int
    again: bool


class Book:
    """The deals of a log, each read once and then followed. One object for each thread, as its log."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self._states: dict[str, DealState] = {}
        self._seen: dict[str, int] = {}
        self._unkept: dict[str, int] = {}  # entries of a deal that came since its state was kept

    def deals(self) -> list[str]:
        """The ids of the deals, in the order in which they were proposed."""
        entries = self.log.stream(tags=[f"deal:{REGISTER}"])
        return list(dict.fromkeys(entry["deal"] for entry in entries if entry["deal"] != REGISTER))

    def check_known(self, deal: str) -> None:
        """SokeError where the register has no such deal."""
        if deal not in self.deals():
            raise self._unknown(deal)

    def _unknown(self, deal: str) -> SokeError:
        deals = self.deals()
        near = any_like(deal, deals)
        hint = f'It reads like "{near}", which is there.' if near else did_you_mean(deal, deals, "")
        fix = " ".join(filter(None, (hint, f"Its deals: {', '.join(deals) or 'none yet'}.")))
        return SokeError(f'There is no deal "{deal[:80]}" in this register.', fix, code="unknown-name")

    def state(self, deal: str) -> DealState:
        """What a deal adds up to by now. Do not change it. SokeError where the register has no such deal."""
        state = self._read(deal)
        if deal != REGISTER and not state.versions:
            raise self._unknown(deal)
        return state

    def state_on(self, deal: str, day: dt.date) -> DealState:
        """What a deal added up to at the end of a day, in UTC. SokeError where the register had no such deal then.

        What came later is not read, so nothing in it can be in the way.
        """
        state, when = self._kept(deal, day.isoformat()), right_times(self.log)
        for entry in self._entries(deal, state.seq):
            if when.of(entry).date() <= day:
                apply_recorded(state, entry)
            elif entry["deal"] == deal and when.in_order(deal):
                break
        if not state.versions:
            self.check_known(deal)
            raise SokeError(f'On {in_words(day)} there was no deal "{deal}" yet.', "Ask for a later day.")
        return state

    def state_after(self, deal: str, size: int) -> DealState:
        """What a deal added up to after so many entries of the log. SokeError where an entry breaks a rule."""
        state = self._kept(deal)
        if state.seq >= size:
            state = DealState(deal, earlier=self.log.entry)
        for entry in self._entries(deal, state.seq):
            if entry["seq"] >= size:
                break
            apply_recorded(state, entry)
        return state

    def entries_until(self, deal: str, day: dt.date) -> list[dict[str, Any]]:
        """What was recorded of a deal and of the register itself by the end of a day, in UTC."""
        when = right_times(self.log)
        return [entry for entry in self._entries(deal, -1) if when.of(entry).date() <= day]

    def _entries(self, deal: str, since: int) -> Iterator[dict[str, Any]]:
        """The entries of a deal and of the register itself after a number."""
        for entry in self.log.stream(since, [f"deal:{deal}", f"deal:{REGISTER}"]):
            if entry["deal"] in (deal, REGISTER):
                yield entry

    def _kept(self, deal: str, last_day: str = EVER) -> DealState:
        """What was kept of a deal; a new state where nothing is."""
        kept = self.log.cache.kept(deal, snapshot.own_program(), last_day)
        if kept is None:
            return DealState(deal, earlier=self.log.entry)
        return snapshot.read(kept.body, self.log.entry, self.log.where)

    def _read(self, deal: str) -> DealState:
        if deal not in self._states:
            self._states[deal] = self._kept(deal)
            self._seen[deal], self._unkept[deal] = self._states[deal].seq, 0
        state = self._states[deal]
        try:
            for entry in self.log.stream(self._seen[deal], [f"deal:{deal}", f"deal:{REGISTER}"]):
                if entry["deal"] in (deal, REGISTER):
                    apply_recorded(state, entry)
                    self._unkept[deal] += 1
                self._seen[deal] = entry["seq"]
        except BaseException:
            self.forget(deal)
            raise
        return state

    def _check_new(self, deal: str) -> None:
        """SokeError where the id of a deal that is new here reads like that of another."""
        if near := any_like(deal, [*self.deals(), REGISTER]):
            fact = f'"{deal[:80]}" reads like "{near}", which is there already.'
            fix = "Name that one for a new version of it, or give the new deal an id that nobody takes for it."
            raise SokeError(fact, fix)

    def forget(self, deal: str) -> None:
        self._states.pop(deal, None)
        self._seen.pop(deal, None)

    def record(self, command: Command, now: dt.datetime, today: dt.date | None = None) -> int:
        """Write what a command asks for, if the rules allow it now. Returns the number of its entry.

        A command that was recorded before under its id is not recorded again: its number is returned. ``today``: the
        day, said by who records, where the last entry is long past.
        """
        done, refusal = self.record_together([Timed(command, now, today)])
        if refusal is not None:
            raise refusal
        return done[0].number

    def record_together(self, asked: Sequence[Timed]) -> tuple[list[Recorded], SokeError | None]:
        """Write what commands ask for, in their order, up to the first that is refused: in one transaction.

        Returns what was recorded, and the refusal. What is about the register itself, or keeps its own number
        (:func:`stands_alone`), must be the only one.
        """
        for _ in range(TRIES):
            group = Group(self, asked)
            try:
                return group.written()
            except Conflict:
                self._forget_all(group.deals)
            except BaseException:
                self._forget_all(group.deals)
                raise
        raise Conflict("Others kept writing about this deal.", "Try again in a moment.", self.log.where)

    def drafted(self, state: DealState, command: Command, at: dt.datetime, seq: int) -> Draft:
        """The entry, once the state has taken it: it is checked by the very rules that a reader checks it with."""
        if command.kind == "deal.proposed":
            check_terms(command.body)
            if not state.versions:
                self._check_new(command.deal)
        elif command.deal != REGISTER and not state.versions:
            raise self._unknown(command.deal)
        act = Act(command.kind, at, command.role, command.person, dict(command.body))
        tags = frozenset({f"command:{command.id}"} if command.id else ())
        try:
            return drafted(state, command.deal, act, seq, tags)
        except SokeError as error:  # the state is as it was, so a refusal costs no reading again
            error.code = "refused" if error.code == "bad-input" else error.code
            raise
        except BaseException:
            self.forget(command.deal)
            raise

    def agreed_by_all(self, draft: Draft) -> list[NothingNew]:
        """What every deal in force must agree to is asked of each, on condition that nothing comes between."""
        if draft.kind != "key.reanchored":
            return []
        deals, day = self.deals(), dt.datetime.fromisoformat(draft.at).date()
        try:
            for deal in deals:
                check_agreed(self._read(deal), draft.body["key"], day)
        except SokeError as error:
            self.forget(draft.deal)  # its state has taken the entry in
            error.code = "refused" if error.code == "bad-input" else error.code
            raise
        return [NothingNew(frozenset({f"deal:{deal}"}), self._seen.get(deal, -1)) for deal in deals]

    def _forget_all(self, deals: Iterable[str]) -> None:
        for deal in deals:
            self.forget(deal)

    def _keep(self, deal: str) -> None:
        """Keep what a deal adds up to, and the hash tree, where many entries came since."""
        state = self._states.get(deal)
        if state is None or state.at is None or self._unkept[deal] < EVERY:
            return
        day = state.at.date().isoformat()
        self.log.cache.keep(deal, state.seq, day, snapshot.own_program(), snapshot.written(state))
        self._unkept[deal] = 0
        self.log.cache.keep_tree(state.seq + 1, self.log.lines, day, EVERY)


class Group:
    """Commands on their way into the log together: each is drafted on the state that those before it leave."""

    def __init__(self, book: Book, asked: Sequence[Timed]) -> None:
        self.book, self.asked = book, asked
        self.deals: dict[str, int] = {}  # a deal -> the last entry about it that was read
        self.drafts: list[Draft] = []
        self.places: list[int | None] = []  # of each command its draft; None: recorded before
        self.numbers: list[int] = []  # of those recorded before
        self.ids: dict[str, int] = {}
        last = last_entry(book.log)
        self.last = time_of(last) if last else None

    def written(self) -> tuple[list[Recorded], SokeError | None]:
        """SokeError only where nothing could be written; Conflict where somebody else was first."""
        refusal = None
        for timed in self.asked:
            try:
                self._draft(timed)
            except SokeError as error:
                refusal = error
                break
        first = self._append()
        numbers = iter(self.numbers)
        done = [
            Recorded(timed.command.deal, next(numbers) if place is None else first + place, place is None)
            for timed, place in zip(self.asked, self.places, strict=False)
        ]
        return done, refusal

    def _draft(self, timed: Timed) -> None:
        book, command = self.book, timed.command
        before = self._recorded(command)
        if before is not None:
            self.places.append(None)
            self.numbers.append(before)
            return
        state = book._read(command.deal) if command.deal not in self.deals else book._states[command.deal]
        self.deals.setdefault(command.deal, book._seen[command.deal])
        at = moment_of(state, timed.now, command.kind, self.last, timed.today)
        seq = len(book.log) if stands_alone(command) else state.seq + 1
        self.drafts.append(book.drafted(state, command, at, seq))
        self.places.append(len(self.drafts) - 1)
        self.last = at
        if command.id:
            self.ids[command.id] = len(self.drafts) - 1

    def _append(self) -> int:
        """The number of the first entry. The states then stand at the last of theirs."""
        if not self.drafts:
            return 0
        book = self.book
        conditions = [NothingNew(frozenset({f"deal:{deal}", f"deal:{REGISTER}"}), seen)
                      for deal, seen in self.deals.items()]  # fmt: skip
        conditions += [NothingNew(frozenset({f"command:{name}"})) for name in self.ids]
        for draft in self.drafts:
            conditions += book.agreed_by_all(draft)
        numbers = book.log.append(self.drafts, conditions)
        for number, draft in zip(numbers, self.drafts, strict=True):
            if stands_alone(draft) and number != book._states[draft.deal].seq:
                book.forget(draft.deal)  # its number was taken meanwhile, and the state holds it
                continue
            book._states[draft.deal].seq = book._seen[draft.deal] = number
            book._unkept[draft.deal] += 1
        for deal in self.deals:
            book._keep(deal)
        return numbers[0]

    def _recorded(self, command: Command) -> int | None:
        """The number of the entry that a command of this id made before. SokeError where that said something else."""
        if not command.id:
            return None
        if command.id in self.ids:
            fact = f'The id "{command.id[:80]}" is that of a command before it.'
            raise SokeError(fact, "Give each command an id of its own.")
        for entry in self.book.log.read(tags=[f"command:{command.id}"]):
            by, of_persons = entry["by"], command.kind.startswith("person.")
            said = {name: value for name, value in entry["body"].items() if name in command.body}
            wanted = {**command.body}
            if of_persons and alike(str(said.get("name")), str(wanted.get("name"))):  # recorded as it was appointed
                wanted["name"] = said.get("name")
            same = (entry["deal"], entry["kind"], by["role"], said) == (
                command.deal, command.kind, command.role, wanted,
            )  # fmt: skip
            if same and alike(by["person"], command.person):
                return int(entry["seq"])
            fact = f'The command "{command.id[:80]}" was recorded as entry {entry["seq"]}, and said something else.'
            raise SokeError(fact, "Give a new command an id of its own.")
        return None


def stands_alone(what: Command | Draft) -> bool:
    """Whether it is written by itself: it is about the register, or the state holds its number."""
    return what.deal == REGISTER or what.kind in NUMBERED


def opening_body(name: str, registrars: Sequence[str], key: str, *, rehearsal: bool) -> dict[str, Any]:
    """What the first entry of a register says. ``key``: the public half of the key that signs for it; or nothing."""
    said: dict[str, Any] = {"name": name, "registrars": list(registrars), "rules": RULES_NOW}
    return said | ({"key": key} if key else {}) | ({"rehearsal": True} if rehearsal else {})


def open_book(
    log: Log, name: str, registrars: Sequence[str], now: dt.datetime, *, key: str = "", rehearsal: bool = False
) -> Book:
    """Open a new register: its first entry names it and those who keep it.

    A rehearsal shows what could be: whoever records in it says what time it is.
    """
    if len(log):
        raise SokeError("The register is open already.", "Record in it, or make a new one.", log.where)
    book = Book(log)
    body = opening_body(name, registrars, key, rehearsal=rehearsal)
    person = registrars[0] if registrars else ""
    book.record(Command(deal=REGISTER, kind="register.opened", role=REGISTRAR, person=person, body=body), now)
    return book


def head_in_words(log: Log) -> str:
    """The head of a register: its name, how many entries it has, the day of the last, the start of the root hash."""
    last = last_entry(log)
    if last is None:
        return "The register is empty."
    size, root = log.head()
    at = in_words(time_of(last).date())
    said = f"Register {register_name(log)}: {size:,} entries, the last of {at}; head {root.hex()[:16]}."
    return " ".join(filter(None, (said, remark(log))))
