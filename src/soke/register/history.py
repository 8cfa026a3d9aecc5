"""The history of a register: one plain sentence for each entry, with names instead of ids and pounds instead of pence.

The sentences come from :mod:`soke.register.kinds`; the names from the entries themselves, as they stood at that point:
those of the version of the deal in force, and before any is in force of the one proposed last. An amendment names what
it brings in; what is in force it renames only when it is signed.
Nothing here decides anything: an entry that breaks a rule is told like any other, and replaying the log finds it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from soke.deal.ladder import ladder_of
from soke.deal.types import Deal
from soke.errors import SokeError
from soke.register.acts.agreement import still_to_sign, terms_of
from soke.register.book import Book
from soke.register.kinds import KINDS, REGISTER, REGISTRAR, THINGS, Kind
from soke.register.ledger import amount
from soke.register.state import Terms
from soke.register.storage import Log
from soke.text import day as in_words
from soke.text import one_line

# What is told by its id, with its title where it has one; all else is told by its title.
BY_ID = ("matter", "commitment", "transfer", "contribution", "round", "panel", "asset", "promise")
STATUSES = {"near-miss": "a near miss", "waiting": "not yet decided"}
_QUOTED = re.compile(r'"([^"]*)"')
_FIELD = re.compile(r"\{(\w+)\}")


Names = dict[tuple[str, str, str], str]
EVER = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An entry in words. ``deal`` is ``register`` for what is about the register itself. ``puts_right``: the numbers
    of earlier entries that it corrects."""

    number: int
    at: dt.datetime
    deal: str
    kind: str
    party: str
    role: str
    person: str
    sentence: str
    tags: frozenset[str]
    puts_right: tuple[int, ...] = ()


class Teller:
    """Tells entries in their order, and keeps the names that they bring."""

    def __init__(self) -> None:
        self._names: Names = {}  # (deal, kind of thing, id) -> words
        self._offered: dict[str, tuple[Terms, Names]] = {}  # deal -> its last version, while that is not in force
        self._in_force: set[str] = set()

    def tell(self, entry: Mapping[str, Any]) -> Told:
        """The entry in words. Entries before it must have been told or followed before it."""
        self._learn(entry)
        role = entry["by"]["role"]
        line = Told(number=entry["seq"], at=_at(entry), deal=entry["deal"], kind=entry["kind"],
                    party=self._party(entry["deal"], role), role=role, person=entry["by"]["person"],
                    sentence=self._sentence(entry), tags=frozenset(entry["tags"]),
                    puts_right=_puts_right(entry))  # fmt: skip
        self._take_over(entry)
        return line

    def follow(self, entry: Mapping[str, Any]) -> None:
        """Take the names that an entry brings, and tell nothing: a small part of the work."""
        self._learn(entry)
        self._take_over(entry)

    def _take_over(self, entry: Mapping[str, Any]) -> None:
        if entry["kind"] == "deal.signed":
            self._signed(entry["deal"], entry["by"]["role"], entry["body"].get("version"), _at(entry))

    def _learn(self, entry: Mapping[str, Any]) -> None:
        """The names of what an entry names for the first time."""
        deal, body, kind = entry["deal"], entry["body"], KINDS.get(entry["kind"])
        if entry["kind"] == "deal.proposed":
            self._learn_terms(deal, body)
        if kind is None:
            return
        for thing in kind.new:
            title = self._matter(deal, body) if thing == "matter" else body.get(kind.titles.get(thing, ""))
            if isinstance(body.get(thing), str) and isinstance(title, str):
                self._names[deal, thing, body[thing]] = title.strip().rstrip(".")

    def _matter(self, deal: str, body: Mapping[str, Any]) -> str:
        """What a matter is about, in words: a condition that was missed, a duty that was broken, or an emergency."""
        if "condition" in body:
            return self._name(deal, ("condition",), body["condition"])
        return f'"{body["duty"]}"' if "duty" in body else "emergency"

    def _learn_terms(self, deal: str, body: Mapping[str, Any]) -> None:
        try:
            terms = terms_of(str(body.get("deal", "")), str(body.get("framework", "")))
            version = body.get("version")
            offered = Terms(version if isinstance(version, int) else 0, terms, ladder_of(terms), EVER)
        except SokeError:
            return  # terms that cannot be read bring no names: ids are told as they are
        self._offered[deal] = offered, names_of(deal, terms)
        if deal not in self._in_force:
            self._names |= self._offered[deal][1]

    def _signed(self, deal: str, party: str, version: Any, at: dt.datetime) -> None:
        """From the last signature on, a version gives the names."""
        terms, names = self._offered.get(deal, (None, {}))
        if terms is None or terms.version != version:
            return
        terms.signed[party] = at
        if not still_to_sign(terms):
            self._names |= names
            self._in_force.add(deal)
            del self._offered[deal]

    def _known(self, deal: str, kind: str, named: str) -> str | None:
        """The words for an id: of what is in force, else of what is only proposed."""
        key = (deal, kind, named)
        return self._names.get(key) or self._offered.get(deal, (None, {}))[1].get(key)

    # --- words ---

    def _party(self, deal: str, named: str) -> str:
        return "The registrar" if named == REGISTRAR else self._known(deal, "party", named) or named

    def _name(self, deal: str, things: Iterable[str], named: Any) -> str:
        words = (self._known(deal, thing, named) for thing in things if isinstance(named, str))
        return f'"{next(filter(None, words), named)}"'

    def _sentence(self, entry: Mapping[str, Any]) -> str:
        deal, kind = entry["deal"], KINDS.get(entry["kind"])
        if kind is None:
            return f"An entry of a kind that this program does not know: {entry['kind']}."
        body = dict(entry["body"])
        for field, value in entry["body"].items():
            if kind.types.get(field) == "loses" and isinstance(value, dict):
                body |= value  # its parts fill a sentence as fields do
        words = {field: self._word(deal, kind, field, value, body) for field, value in body.items()}
        words |= {"party": _subject(self._party(deal, entry["by"]["role"])), "person": entry["by"]["person"]}
        told = [kind.says, *(sentence for given, sentence in kind.more.items() if _are(body, given))]
        parts = [*(_FIELD.sub(lambda match: words.get(match[1], ""), sentence) for sentence in told), *_source(body)]
        text = " ".join(part for part in map(_ended, parts) if part)
        return text[:1].upper() + text[1:]

    def _word(self, deal: str, kind: Kind, field: str, value: Any, body: Mapping[str, Any]) -> str:
        if isinstance(value, list):
            takings = [self._taking(deal, taken) for taken in value if isinstance(taken, dict)]
            return _joined(takings or [self._word(deal, kind, field, item, body) for item in value])
        if field in kind.names and isinstance(value, str):
            return self._thing(deal, kind, kind.names[field], value)
        if field == "why":
            return _QUOTED.sub(lambda match: self._name(deal, ("indicator",), match[1]), str(value))
        type_ = kind.types.get(field)
        if type_ == "amount":
            return self._value(deal, str(value), body)
        return self._deal(deal) if type_ == "terms" else _plain(type_, value)

    def _thing(self, deal: str, kind: Kind, things: Sequence[str], named: str) -> str:
        """What an id names: a party by its name, most things by their titles, some by the id and what is known of it.

        Where it is named for the first time, the id alone."""
        thing = things[0]
        if thing == "party":
            party = self._party(deal, named)
            return f"the {party[4:]}" if party.startswith("The ") else party
        if thing not in BY_ID:
            return self._name(deal, things, named)
        title = None if thing in kind.new else self._names.get((deal, thing, named))
        if not title:
            return named
        return f"{named} ({title})" if thing == "matter" else f'{named} ("{title}")'

    def _deal(self, deal: str) -> str:
        """The deal that is laid open, and the place that it is with."""
        key = (deal, "party", "authority")
        place = self._offered.get(deal, (None, {}))[1].get(key) or self._names.get(key)
        return f"{deal} with {place}" if place else deal

    def _value(self, deal: str, value: str, body: Mapping[str, Any]) -> str:
        try:
            number = f"{Decimal(value):,f}"
        except ArithmeticError:
            number = value
        unit = self._known(deal, "unit", str(body.get("indicator", ""))) or ""
        return f"{number} {unit}".strip()

    def _taking(self, deal: str, taken: Mapping[str, Any]) -> str:
        if "power" in taken:
            return f"the power {self._name(deal, ('power',), taken['power'])}"
        fund, pence = self._name(deal, ("fund",), taken.get("fund")), taken.get("pence")
        said = amount(pence) if isinstance(pence, int) else pence
        return f"{said} of {fund} ({taken.get('year')}, {taken.get('use')})"


def _at(entry: Mapping[str, Any]) -> dt.datetime:
    return dt.datetime.strptime(entry["at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=dt.UTC)


def _puts_right(entry: Mapping[str, Any]) -> tuple[int, ...]:
    """The numbers of earlier entries that an entry corrects: what its kind has as fields of that type."""
    kind = KINDS.get(entry["kind"])
    named = [entry["body"].get(field) for field, type_ in kind.types.items() if type_ == "entry"] if kind else []
    return tuple(number for number in named if type(number) is int and 0 <= number < entry["seq"])


def _are(body: Mapping[str, Any], given: str) -> bool:
    """Whether the fields that ``given`` lists are there, and not false; those with "not" before them the other way."""
    return all(_is(body.get(field.removeprefix("not "))) is not field.startswith("not ") for field in given.split(", "))


def _is(value: Any) -> bool:
    return value is not None and value is not False  # residents may have cast 0 ballots


def _source(body: Mapping[str, Any]) -> Iterator[str]:
    """What an entry of any kind may carry."""
    if "note" in body:
        yield f"Note: {body['note']}"
    if "source" in body:
        yield f"Source: {body['source']}" + (f" ({body['grade']})" if "grade" in body else "")


def names_of(deal: str, terms: Deal) -> Names:
    """What the terms of a deal call what they name, and the units of their indicators."""
    names: Names = {(deal, "party", party.id): party.name for party in terms.parties}
    names |= {(deal, "unit", indicator.id): indicator.unit for indicator in terms.indicators}
    titled: dict[str, Sequence[Any]] = {
        "fund": terms.funds, "power": terms.powers, "condition": terms.conditions, "indicator": terms.indicators,
        "pool": terms.pools, "community": terms.community,
    }  # fmt: skip
    return names | {(deal, thing, item.id): item.title for thing, items in titled.items() for item in items}


def _ended(text: str) -> str:
    """With one full stop at its end, whatever people wrote."""
    text = text.strip()
    while text.endswith((". .", "..", " .", ": .", ":")):
        text = text.rstrip(" .:")
    return text if not text or text.endswith((".", "!", "?", '."', '?"')) else f"{text}."


def _subject(party: str) -> str:
    """A name before its verb: "Residents' panel, drawn by lot," takes a comma, a list that ends with "and" none."""
    _, comma, last = party.rpartition(",")
    return f"{party}," if comma and " and " not in last else party


def _plain(type_: str | None, value: Any) -> str:
    """A value that names nothing: money, a day, a count, a status, text."""
    if type_ in ("pence", "sum") and isinstance(value, int):
        return amount(value)
    if type_ == "day" and isinstance(value, str):
        return _day(value)
    if type_ in ("number", "tally") and isinstance(value, int):
        return f"{value:,}"
    return STATUSES.get(str(value), str(value)) if type_ == "status" else str(value)


def _joined(words: Iterable[Any]) -> str:
    said = [str(word) for word in words]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}" if said else ""


def _day(value: str) -> str:
    try:
        return in_words(dt.date.fromisoformat(value))
    except (ValueError, TypeError):
        return str(value)


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


def history(log: Log, deal: str | None = None, about: Sequence[str] = (), last: int = 0) -> list[Told]:
    """The entries of a log in words: of one deal or of all, about some things only, and only the ``last`` so many.

    SokeError for a deal that the register has not, or for what names no kind of thing of a deal.
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
    entries = log.read(tags=[f"deal:{deal}", f"deal:{REGISTER}"] if deal else [])
    return list(told(entries, deal or "", about))[-last:]


def as_recorded(one: Told, *, again: bool) -> str:
    """One line for who recorded an entry, or recorded it ``again``."""
    head = f"Entry {one.number}" + (", recorded before" if again else "")
    return one_line(f"{head}, {in_words(one.at.date())}: {one.sentence}")


class Tellers:
    """Entries of a log in words as they are recorded, with the names that earlier entries of their deal brought."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._tellers: dict[str, tuple[Teller, int]] = {}

    def tell(self, deal: str, number: int) -> Told:
        """An entry of a deal; also one that was told before."""
        teller, last = self._tellers.get(deal, (Teller(), -1))
        one = None
        for entry in self._log.read(last, [f"deal:{deal}"]):
            if entry["seq"] <= number:
                one, last = teller.tell(entry), entry["seq"]
        self._tellers[deal] = teller, last
        return one or next(teller.tell(entry) for entry in self._log.read(number - 1, [f"deal:{deal}"]))
