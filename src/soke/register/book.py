"""Recording: read what a deal adds up to, decide, append on condition that nothing came between; else decide again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from soke.errors import SokeError
from soke.register.acts.act import Act
from soke.register.acts.agreement import check_terms
from soke.register.acts.keys import check_agreed
from soke.register.clock import last_entry, time_of
from soke.register.keys import remark
from soke.register.kinds import REGISTER, REGISTRAR, RULES_NOW
from soke.register.meaning import apply_recorded, drafted, state_of
from soke.register.state import DealState
from soke.register.storage import Conflict, Draft, Log, NothingNew
from soke.text import day as in_words
from soke.text import did_you_mean

TRIES = 8
REST = dt.timedelta(days=5 * 365)
SKEW = dt.timedelta(hours=1)  # how far a clock may lag behind the last entry; the entry then gets that one's time


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
    opened = next(iter(log.read(tags=[f"deal:{REGISTER}"])), None)
    return str(opened["body"].get("name", "")) if opened else ""


class Book:
    """The deals of a log, each read once and then followed. One object for each thread, as its log."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self._states: dict[str, DealState] = {}
        self._seen: dict[str, int] = {}

    def deals(self) -> list[str]:
        """The ids of the deals, in the order in which they were proposed."""
        entries = self.log.read(tags=[f"deal:{REGISTER}"])
        return list(dict.fromkeys(entry["deal"] for entry in entries if entry["deal"] != REGISTER))

    def check_known(self, deal: str) -> None:
        """SokeError where the register has no such deal."""
        if deal not in self.deals():
            raise self._unknown(deal)

    def _unknown(self, deal: str) -> SokeError:
        deals = self.deals()
        fix = " ".join(filter(None, (did_you_mean(deal, deals, ""), f"Its deals: {', '.join(deals) or 'none yet'}.")))
        return SokeError(f'There is no deal "{deal[:80]}" in this register.', fix, code="unknown-name")

    def state(self, deal: str) -> DealState:
        """What a deal adds up to by now. Do not change it. SokeError where the register has no such deal."""
        state = self._read(deal)
        if deal != REGISTER and not state.versions:
            raise self._unknown(deal)
        return state

    def entries_until(self, deal: str, day: dt.date) -> list[dict[str, Any]]:
        """What was recorded of a deal and of the register itself by the end of a day, in UTC."""
        entries = self.log.read(tags=[f"deal:{deal}", f"deal:{REGISTER}"])
        return [entry for entry in entries if time_of(entry).date() <= day]

    def state_on(self, deal: str, day: dt.date) -> DealState:
        """What a deal added up to at the end of a day. SokeError where the register had no such deal then.

        What came later is not read, so nothing in it can be in the way.
        """
        state = state_of(deal, self.entries_until(deal, day), self.log.entry)
        if not state.versions:
            self.check_known(deal)
            raise SokeError(f'On {in_words(day)} there was no deal "{deal}" yet.', "Ask for a later day.")
        return state

    def _read(self, deal: str) -> DealState:
        state = self._states.setdefault(deal, DealState(deal, earlier=self.log.entry))
        try:
            for entry in self.log.read(self._seen.get(deal, -1), [f"deal:{deal}", f"deal:{REGISTER}"]):
                if entry["deal"] in (deal, REGISTER):
                    apply_recorded(state, entry)
                self._seen[deal] = entry["seq"]
        except BaseException:
            self.forget(deal)
            raise
        return state

    def forget(self, deal: str) -> None:
        self._states.pop(deal, None)
        self._seen.pop(deal, None)

    def record(self, command: Command, now: dt.datetime) -> int:
        """Write what a command asks for, if the rules allow it now. Returns the number of its entry.

        A command that was recorded before under its id is not recorded again: its number is returned.
        """
        for _ in range(TRIES):
            before = self._recorded(command)
            if before is not None:
                return before
            state = self._read(command.deal)
            draft = self._draft(state, command, now)
            conditions = [NothingNew(frozenset({f"deal:{command.deal}", f"deal:{REGISTER}"}),
                                     self._seen.get(command.deal, -1))]  # fmt: skip
            conditions += self._agreed_by_all(draft)
            if command.id:
                conditions.append(NothingNew(frozenset({f"command:{command.id}"})))
            try:
                (seq,) = self.log.append([draft], conditions)
            except Conflict:
                self.forget(command.deal)
                continue
            except BaseException:
                self.forget(command.deal)
                raise
            self._states[command.deal].seq = seq
            self._seen[command.deal] = seq
            return seq
        raise Conflict("Others kept writing about this deal.", "Try again in a moment.", self.log.where)

    def _agreed_by_all(self, draft: Draft) -> list[NothingNew]:
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

    def _recorded(self, command: Command) -> int | None:
        if not command.id:
            return None
        for entry in self.log.read(tags=[f"command:{command.id}"]):
            said = {name: value for name, value in entry["body"].items() if name in command.body}
            same = (entry["deal"], entry["kind"], entry["by"], said) == (
                command.deal, command.kind, {"role": command.role, "person": command.person}, dict(command.body),
            )  # fmt: skip
            if same:
                return int(entry["seq"])
            fact = f'The command "{command.id[:80]}" was recorded as entry {entry["seq"]}, and said something else.'
            raise SokeError(fact, "Give a new command an id of its own.")
        return None

    def _draft(self, state: DealState, command: Command, now: dt.datetime) -> Draft:
        """The entry, once the state has taken it: it is checked by the very rules that a reader checks it with."""
        at = _moment(state, now)
        if command.kind == "deal.proposed":
            check_terms(command.body)
        act = Act(command.kind, at, command.role, command.person, dict(command.body))
        tags = frozenset({f"command:{command.id}"} if command.id else ())
        try:
            return drafted(state, command.deal, act, state.seq + 1, tags)
        except SokeError as error:  # the state is as it was, so a refusal costs no reading again
            error.code = "refused" if error.code == "bad-input" else error.code
            raise
        except BaseException:
            self.forget(command.deal)
            raise


def _moment(state: DealState, now: dt.datetime) -> dt.datetime:
    """The time of a new entry, to the second. Time in a register never runs backwards."""
    now = now.astimezone(dt.UTC).replace(microsecond=0)
    if state.at is None:
        return now
    if now - state.at > REST:  # one entry from a clock that runs years ahead would close the register to all others
        fact = f"This machine says that it is {now:%Y-%m-%d}, and the last entry is of {state.at:%Y-%m-%d}."
        raise SokeError(fact, "Set the clock right; a register that rested for five years is not taken up again.")
    if now >= state.at:
        return now
    if state.at - now <= SKEW:
        return state.at
    fact = f"This machine says that it is {now:%Y-%m-%d %H:%M}, and the last entry is of {state.at:%Y-%m-%d %H:%M}."
    raise SokeError(fact, "Set the clock right; nothing was written.")


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
    root = log.tree().root().hex()
    at = in_words(time_of(last).date())
    said = f"Register {register_name(log)}: {len(log):,} entries, the last of {at}; head {root[:16]}."
    return " ".join(filter(None, (said, remark(log))))
