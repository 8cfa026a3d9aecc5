"""The history of a register: its entries in words, from the first on or only the last, whatever lies before them.

How an entry is told: :mod:`soke.register.teller`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from soke.errors import SokeError
from soke.register.book import Book
from soke.register.kinds import KINDS, REGISTER, THINGS
from soke.register.storage import Log
from soke.register.teller import Teller, Told
from soke.text import day as in_words
from soke.text import one_line

__all__ = ["Teller", "Tellers", "Told", "as_recorded", "history", "put_right", "told"]


def told(entries: Iterable[Mapping[str, Any]], deal: str = "", about: Iterable[str] = ()) -> Iterator[Told]:
    """The entries of a deal (of all deals where none is named) in words; only those about one of some things, if any.

    ``about`` names tags: ``fund:ID``, ``power:ID``, ``condition:ID``, ``matter:ID``. With a condition come the matters
    about it; an entry that is told may name what earlier entries brought, so all must be given.
    """
    wanted, teller = set(about), Teller()
    for entry in entries:
        if deal and entry["deal"] not in (deal, REGISTER):
            continue
        line = teller.tell(entry)
        if line.tags & wanted and line.kind in KINDS and "matter" in KINDS[line.kind].new:
            wanted.add(f"matter:{entry['body'].get('matter')}")
        if not wanted or line.tags & wanted:
            yield line


def put_right(told: Iterable[Told]) -> dict[int, list[int]]:
    """By the number of an entry, those that correct it."""
    later: dict[int, list[int]] = {}
    for line in told:
        for number in line.puts_right:
            later.setdefault(number, []).append(line.number)
    return later


def history(log: Log, deal: str | None = None, about: Sequence[str] = (), last: int = 0) -> Iterator[Told]:
    """The entries of a log in words: of one deal or of all, about some things only, and only the ``last`` so many.

    One by one: a long log is never held as a whole, and of its last entries nothing else is read. SokeError for a deal
    that the register has not, or for what names no kind of thing of a deal.
    """
    if last < 0:
        raise SokeError(f"The last {last} entries cannot be told.", "Give 1 or more, or 0 for all.", "last")
    for thing in about:
        kind, colon, named = thing.partition(":")
        if not colon or not named or kind not in THINGS:
            fix = f"Write KIND:ID: {', '.join(THINGS[:-1])} or {THINGS[-1]}."
            raise SokeError(f'"{thing[:60]}" names no thing of a deal.', fix, code="unknown-name")
    if deal is not None:
        Book(log).check_known(deal)
    tags = [f"deal:{deal}", f"deal:{REGISTER}"] if deal else []
    return _last_told(log, deal, about, last) if last else told(log.stream(tags=tags), deal or "", about)


def _last_told(log: Log, deal: str | None, about: Sequence[str], last: int) -> Iterator[Told]:
    wanted = [*about, *(f"matter:{name}" for thing in about for name in _matters_about(log, thing))]
    most, count = last, -1
    entries: list[dict[str, Any]] = []
    while len(entries) < last and count != most:  # those of other deals, which carry the same tags, are passed over
        count, most = most, most * 2 if count >= 0 else most
        found = log.last(most, wanted or ([f"deal:{deal}", f"deal:{REGISTER}"] if deal else ()))
        entries = [entry for entry in found if not deal or entry["deal"] in (deal, REGISTER)][-last:]
        if len(found) < most:
            break
    return Tellers(log).tell_all(entries)


def _matters_about(log: Log, thing: str) -> Iterator[str]:
    """The matters about a condition."""
    for entry in log.stream(tags=[thing]) if thing.startswith("condition:") else ():
        if entry["kind"] in KINDS and "matter" in KINDS[entry["kind"]].new:
            yield str(entry["body"].get("matter"))


def as_recorded(line: Told, *, again: bool) -> str:
    """One line for who recorded an entry, or recorded it ``again``."""
    head = f"Entry {line.number}" + (", recorded before" if again else "")
    return one_line(f"{head}, {in_words(line.at.date())}: {line.sentence}")


class Tellers:
    """Entries of a log in words, wherever one begins, with the names that earlier entries of their deal brought."""

    def __init__(self, log: Log) -> None:
        self._log, self._book = log, Book(log)
        self._tellers: dict[str, tuple[Teller, int]] = {}

    def tell(self, deal: str, number: int) -> Told:
        """An entry of a deal; also one that was told before."""
        teller, last = self._tellers.get(deal, (None, -1))
        if teller is None or number <= last:
            (line,) = self.tell_all([self._log.entry(number)])
            return line
        entries = [entry for entry in self._log.read(last, [f"deal:{deal}"]) if entry["seq"] <= number]
        lines = [*self.tell_all([entry for entry in entries if entry["deal"] == deal])]
        return lines[-1]

    def tell_all(self, entries: Sequence[Mapping[str, Any]]) -> Iterator[Told]:
        """Entries in their order, of any deals."""
        for entry in entries:
            deal, seq = entry["deal"], entry["seq"]
            teller, last = self._tellers.get(deal, (None, -1))
            if teller is None or seq <= last:
                teller = self._begun(deal, seq, [later for later in entries if later["seq"] >= seq])
            self._tellers[deal] = teller, seq
            yield teller.tell(entry)

    def _begun(self, deal: str, seq: int, entries: Sequence[Mapping[str, Any]]) -> Teller:
        """A teller that knows what a deal's entries before a number brought."""
        teller = Teller(self._introduced)
        if deal != REGISTER:
            try:
                state = self._book.state(deal)
            except SokeError:  # an entry breaks a rule: it is told all the same, and so are those before it
                return self._read_through(deal, seq)
            signers = [entry["by"]["role"] for entry in entries
                       if (entry["deal"], entry["kind"]) == (deal, "deal.signed")]  # fmt: skip
            later = [entry for entry in entries if (entry["deal"], entry["kind"]) == (deal, "succession.recorded")]
            teller.begin(state, seq, signers, len(state.successions) - len(later))
        return teller

    def _read_through(self, deal: str, seq: int) -> Teller:
        teller = Teller()
        for entry in self._log.stream(tags=[f"deal:{deal}"]):
            if entry["seq"] < seq and entry["deal"] == deal:
                teller.tell(entry)
        return teller

    def _introduced(self, deal: str, thing: str, named: str) -> Mapping[str, Any] | None:
        for entry in self._log.first(f"{thing}:{named}"):
            if entry["deal"] == deal:
                return entry if entry["kind"] in KINDS and thing in KINDS[entry["kind"]].new else None
        return None
