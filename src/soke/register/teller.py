"""An entry in words: one plain sentence, with names instead of ids and pounds instead of pence.

The sentences come from :mod:`soke.register.kinds`; the names from the entries themselves, as they stood at that point:
those of the version of the deal in force, and before any is in force of the one proposed last. An amendment names what
it brings in; what is in force it renames only when it is signed.
Nothing here decides anything: an entry that breaks a rule is told like any other, and replaying the log finds it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from soke.deal.ladder import ladder_of
from soke.deal.succession import Succession, deal_after
from soke.deal.types import Deal
from soke.errors import SokeError
from soke.register.acts.agreement import still_to_sign, terms_of
from soke.register.acts.succession import percent, succession_of
from soke.register.kinds import KINDS, REGISTRAR, Kind
from soke.register.ledger import amount
from soke.register.state import DealState, Terms
from soke.text import capital
from soke.text import day as in_words

# What is told by its id, with its title where it has one; all else is told by its title.
BY_ID = ("matter", "commitment", "transfer", "contribution", "round", "panel", "asset", "promise")
STATUSES = {"near-miss": "a near miss", "waiting": "not yet decided"}
SUCCEEDED = {"party": "", "power": "the power ", "fund": "the fund ", "condition": "the condition ",
             "community": "the undertaking "}  # fmt: skip
_QUOTED = re.compile(r'"([^"]*)"')
_FIELD = re.compile(r"\{(\w+)\}")


Names = dict[tuple[str, str, str], str]
Introduced = Callable[[str, str, str], Mapping[str, Any] | None]  # a deal, a kind of thing, its id
INTRODUCED = frozenset(thing for kind in KINDS.values() for thing in kind.new)
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
    """Tells entries in their order, and keeps the names that they bring.

    ``introduced`` gives the entry by which a thing of a deal was named first, where that came before those told."""

    def __init__(self, introduced: Introduced | None = None) -> None:
        self._introduced = introduced
        self._names: Names = {}  # (deal, kind of thing, id) -> words
        self._offered: dict[str, tuple[Terms, Names]] = {}  # deal -> its last version, while that is not in force
        self._current: dict[str, Deal] = {}  # deal -> its terms in force, as they were signed
        self._successions: dict[str, list[Succession]] = {}

    def tell(self, entry: Mapping[str, Any]) -> Told:
        """The entry in words. Entries before it must have been told before it."""
        self._learn(entry)
        role = entry["by"]["role"]
        line = Told(number=entry["seq"], at=_at(entry), deal=entry["deal"], kind=entry["kind"],
                    party=self._party(entry["deal"], role), role=role, person=entry["by"]["person"],
                    sentence=self._sentence(entry), tags=frozenset(entry["tags"]),
                    puts_right=_puts_right(entry))  # fmt: skip
        self._take_over(entry)
        return line

    def _take_over(self, entry: Mapping[str, Any]) -> None:
        if entry["kind"] == "deal.signed":
            self._signed(entry["deal"], entry["by"]["role"], entry["body"].get("version"), _at(entry))

    def _learn(self, entry: Mapping[str, Any]) -> None:
        """The names of what an entry names for the first time."""
        deal, body, kind = entry["deal"], entry["body"], KINDS.get(entry["kind"])
        if entry["kind"] == "deal.proposed":
            self._learn_terms(deal, body)
        if entry["kind"] == "succession.recorded":
            self._learn_heirs(deal, body)
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
        after = deal_after(terms, self._successions.get(deal, ()))
        self._offered[deal] = offered, names_of(deal, terms) | names_of(deal, after)
        if deal not in self._current:
            self._names |= self._offered[deal][1]

    def _learn_heirs(self, deal: str, body: Mapping[str, Any]) -> None:
        """The names of an heir's parts, in the terms in force and in those that are only offered."""
        one = succession_of(body)
        if one is None:
            return
        done = self._successions.setdefault(deal, [])
        done.append(one)
        if deal in self._current:
            self._names |= names_of(deal, deal_after(self._current[deal], done))
        if deal in self._offered:
            terms, names = self._offered[deal]
            self._offered[deal] = terms, names | names_of(deal, deal_after(terms.deal, done))

    def _signed(self, deal: str, party: str, version: Any, at: dt.datetime) -> None:
        """From the last signature on, a version gives the names."""
        terms, names = self._offered.get(deal, (None, {}))
        if terms is None or terms.version != version:
            return
        terms.signed[party] = at
        if not still_to_sign(terms, self._successions.get(deal, ())):
            self._names |= names
            self._current[deal] = terms.deal
            del self._offered[deal]

    def begin(self, state: DealState, seq: int, signers: Iterable[str], successions: int) -> None:
        """Know the versions of a deal as they stood before an entry; ``signers`` of the one that is not in force then
        sign later, and so many of its ``successions`` were recorded before."""
        done = self._successions[state.id] = list(state.successions[:successions])
        for terms in state.versions:
            if terms.seq >= seq:
                break
            names = names_of(state.id, terms.deal) | names_of(state.id, deal_after(terms.deal, done))
            if terms.since is not None and terms.since < seq:
                self._names |= names
                self._current[state.id] = terms.deal
                self._offered.pop(state.id, None)
            else:
                signed = {party: at for party, at in terms.signed.items() if party not in signers}
                self._offered[state.id] = dataclasses.replace(terms, signed=signed), names
                self._names |= names if state.id not in self._current else {}

    def _known(self, deal: str, kind: str, named: str) -> str | None:
        """The words for an id: of what is in force, else of what is only proposed."""
        key = (deal, kind, named)
        known = self._names.get(key) or self._offered.get(deal, (None, {}))[1].get(key)
        if known is None and kind in INTRODUCED and self._introduced is not None:
            entry = self._introduced(deal, kind, named)
            if entry is not None:
                self._learn(entry)
            known = self._names.setdefault(key, "")
        return known or None

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
        return capital(text)

    def _word(self, deal: str, kind: Kind, field: str, value: Any, body: Mapping[str, Any]) -> str:
        if isinstance(value, list):
            takings = [self._taking(deal, taken) for taken in value if isinstance(taken, dict)]
            return _joined(takings or [self._word(deal, kind, field, item, body) for item in value])
        if kind.types.get(field) == "heirs" and isinstance(value, dict):
            return _joined(self._heir(deal, kind, body, heir, str(share), len(value)) for heir, share in value.items())
        if field == "named" and str(body.get("thing")) in SUCCEEDED and isinstance(value, str):
            return self._thing(deal, kind, (body["thing"],), value)
        if field in kind.names and isinstance(value, str):
            return self._thing(deal, kind, kind.names[field], value)
        if field == "why":
            return _QUOTED.sub(lambda match: self._name(deal, ("indicator",), match[1]), str(value))
        type_ = kind.types.get(field)
        if type_ == "changes" and isinstance(value, dict):
            was = KINDS.get(str(body.get("was")), kind)
            said = {name: self._word(deal, was, name, item, body) for name, item in value.items()}
            return _joined(words if name == "pence" else f"{name.replace('_', ' ')}: {words}"
                           for name, words in said.items())  # fmt: skip
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
        title = None if thing in kind.new else self._known(deal, thing, named)
        if not title:
            return named
        return f"{named} ({title})" if thing == "matter" else f'{named} ("{title}")'

    def _heir(self, deal: str, kind: Kind, body: Mapping[str, Any], heir: str, share: str, of: int) -> str:
        name = self._thing(deal, kind, (str(body.get("thing")),), heir)
        try:
            return name if of == 1 else f"{name} ({percent(Decimal(share))})"
        except ArithmeticError:
            return f"{name} ({share})"

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
    if type_ == "time" and isinstance(value, str):
        return f"{_day(value[:10])}, {value[11:16]} (UTC)"
    if type_ in ("number", "tally") and isinstance(value, int):
        return f"{value:,}"
    if type_ == "thing":
        return SUCCEEDED.get(str(value), str(value))
    return STATUSES.get(str(value), str(value)) if type_ == "status" else str(value)


def _joined(words: Iterable[Any]) -> str:
    said = [str(word) for word in words]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}" if said else ""


def _day(value: str) -> str:
    try:
        return in_words(dt.date.fromisoformat(value))
    except (ValueError, TypeError):
        return str(value)
