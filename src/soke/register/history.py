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
from soke.register.kinds import KINDS, REGISTER, REGISTRAR
from soke.register.ledger import amount
from soke.register.meaning import ABOUT
from soke.register.state import Terms
from soke.register.storage import Log
from soke.text import day as in_words
from soke.text import one_line

TITLED = {  # field of a body -> the kinds of thing that its id may name
    "fund": ("fund",), "to_fund": ("fund",), "power": ("power",), "powers": ("power",), "condition": ("condition",),
    "indicator": ("indicator",), "pool": ("pool",), "community": ("community",), "decision": ("decision",),
    "dispute": ("dispute",), "answer": ("answer",), "delivery": ("delivery",), "scope": ("fund", "pool", "power"),
}  # fmt: skip
DAYS = ("due", "pay_by", "paid_on", "period_end", "published", "by", "on", "first", "last", "ends")
PARTIES = ("for_party", "partners")
# Kinds of entry that name something for the first time, and the field that says in words what it is.
TITLES = {"decision.asked": ("decision", "title"), "dispute.raised": ("dispute", "about"),
          "answer.asked": ("answer", "question"), "fund.committed": ("commitment", "purpose"),
          "transfer.promised": ("transfer", "asset"), "delivery.agreed": ("delivery", "service")}  # fmt: skip
# What a history can be asked about: fund:ID, matter:ID.
THINGS = tuple(dict.fromkeys(name.removeprefix("to_").removesuffix("s") for name in ABOUT))
STATUSES = {"near-miss": "a near miss", "waiting": "not yet decided"}
_QUOTED = re.compile(r'"([^"]*)"')
_FIELD = re.compile(r"\{(\w+)\}")


Names = dict[tuple[str, str, str], str]
EVER = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An entry in words. ``deal`` is ``register`` for what is about the register itself."""

    number: int
    at: dt.datetime
    deal: str
    kind: str
    party: str
    role: str
    person: str
    sentence: str
    tags: frozenset[str]


class Teller:
    """Tells entries in their order, and keeps the names that they bring."""

    def __init__(self) -> None:
        self._names: Names = {}  # (deal, kind of thing, id) -> words
        self._offered: dict[str, tuple[Terms, Names]] = {}  # deal -> its last version, while that is not in force
        self._in_force: set[str] = set()

    def tell(self, entry: Mapping[str, Any]) -> Told:
        """The entry in words. Entries before it must have been told before it."""
        self._learn(entry)
        at = dt.datetime.strptime(entry["at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=dt.UTC)
        role = entry["by"]["role"]
        one = Told(number=entry["seq"], at=at, deal=entry["deal"], kind=entry["kind"],
                    party=self._party(entry["deal"], role), role=role, person=entry["by"]["person"],
                   sentence=self._sentence(entry), tags=frozenset(entry["tags"]))  # fmt: skip
        if entry["kind"] == "deal.signed":
            self._signed(entry["deal"], role, entry["body"].get("version"), at)
        return one

    def _learn(self, entry: Mapping[str, Any]) -> None:
        deal, kind, body = entry["deal"], entry["kind"], entry["body"]
        if kind == "deal.proposed":
            self._learn_terms(deal, body)
        elif kind in TITLES and all(isinstance(body.get(field), str) for field in TITLES[kind]):
            what, said = TITLES[kind]
            self._names[deal, what, body[what]] = body[said].strip().rstrip(".")
        elif kind in ("matter.report", "matter.suspend", "matter.breach") and isinstance(body.get("matter"), str):
            about = self._name(deal, ("condition",), body["condition"]) if "condition" in body else ""
            said = about or ("emergency" if kind == "matter.suspend" else f'"{body.get("duty", "")}"')
            self._names[deal, "matter", body["matter"]] = f"{body['matter']} ({said})"

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

    def _found(self, deal: str, kind: str, named: str) -> str | None:
        """The words for an id: of what is in force, else of what is only proposed."""
        key = (deal, kind, named)
        return self._names.get(key) or self._offered.get(deal, (None, {}))[1].get(key)

    # --- words ---

    def _party(self, deal: str, named: str) -> str:
        return "The registrar" if named == REGISTRAR else self._found(deal, "party", named) or named

    def _name(self, deal: str, kinds: Iterable[str], named: Any) -> str:
        found = (self._found(deal, kind, named) for kind in kinds if isinstance(named, str))
        return f'"{next((name for name in found if name), named)}"'

    def _sentence(self, entry: Mapping[str, Any]) -> str:
        deal, body = entry["deal"], entry["body"]
        kind = KINDS.get(entry["kind"])
        if kind is None:
            return f"An entry of a kind that this program does not know: {entry['kind']}."
        words = {name: self._word(deal, entry["kind"], name, value, body) for name, value in body.items()}
        party = self._party(deal, entry["by"]["role"])
        words |= {"party": _subject(party), "person": entry["by"]["person"]}
        said = [_FIELD.sub(lambda found: words.get(found[1], ""), kind.says), *self._more(deal, entry["kind"], body)]
        text = " ".join(part for part in (_ended(part) for part in said) if part)
        return text[:1].upper() + text[1:]

    def _word(self, deal: str, kind: str, name: str, value: Any, body: Mapping[str, Any]) -> str:
        if isinstance(value, list):
            takings = [self._taking(deal, one) for one in value if isinstance(one, dict)]
            return _joined(takings or [self._word(deal, kind, name, one, body) for one in value])
        if name in TITLED and isinstance(value, str):
            return self._name(deal, TITLED[name], value)
        if name in PARTIES:
            party = self._party(deal, str(value))
            return f"the {party[4:]}" if party.startswith("The ") else party
        if name == "value":
            return self._value(deal, str(value), body)
        if name == "matter" and kind != "matter.report":
            return f"the matter {self._names.get((deal, 'matter', str(value)), value)}"
        if name == "round" and kind == "round.decided":
            return f"the round {value}"
        if name in ("commitment", "transfer") and kind not in ("fund.committed", "transfer.promised"):
            said = self._names.get((deal, name, str(value)))
            return f'{value} ("{said}")' if said else str(value)
        if name == "why":
            return _QUOTED.sub(lambda found: self._name(deal, ("indicator",), found[1]), str(value))
        return _plain(name, value)

    def _value(self, deal: str, value: str, body: Mapping[str, Any]) -> str:
        try:
            number = f"{Decimal(value):,f}"
        except ArithmeticError:
            number = value
        unit = self._found(deal, "unit", str(body.get("indicator", ""))) or ""
        return f"{number} {unit}".strip()

    def _taking(self, deal: str, one: Mapping[str, Any]) -> str:
        if "power" in one:
            return f"the power {self._name(deal, ('power',), one['power'])}"
        fund, pence = self._name(deal, ("fund",), one.get("fund")), one.get("pence")
        return f"{amount(pence) if isinstance(pence, int) else pence} of {fund} ({one.get('year')}, {one.get('use')})"

    def _more(self, deal: str, kind: str, body: Mapping[str, Any]) -> Iterator[str]:
        """What the sentence of the kind has no room for, and readers should know."""
        if kind == "register.opened":
            yield f"Registrars: {self._word(deal, kind, 'registrars', body.get('registrars', ''), body)}"
            if body.get("rehearsal"):
                yield "It is a rehearsal: it shows what could be, and its users say what time it is"
        if kind == "deal.proposed":
            key = (deal, "party", "authority")
            place = self._offered.get(deal, (None, {}))[1].get(key) or self._names.get(key)
            yield f"It is the deal {deal}" + (f" with {place}" if place else "")
        if kind == "fund.allotted" and "pay_by" in body:
            yield f"It is to be paid by {_day(body['pay_by'])}"
        yield from _of_communities(kind, body)
        if kind == "matter.recall" and isinstance(body.get("loses"), dict):
            yield f"Residents lose: {body['loses'].get('residents', '')}"
            yield f"Services lose: {body['loses'].get('services', '')}"
        if kind == "matter.breach" and body.get("conditions"):
            yield f"The place's matching duty: {self._word(deal, kind, 'condition', body['conditions'], body)}"
        if body.get("excused"):
            yield "It was excused"
        if "note" in body:
            yield f"Note: {body['note']}"
        if "source" in body:
            yield f"Source: {body['source']}" + (f" ({body['grade']})" if "grade" in body else "")


def _of_communities(kind: str, body: Mapping[str, Any]) -> Iterator[str]:
    if kind == "answer.given":
        by = f", to be done by {_day(body['by'])}" if "by" in body else ""
        yield f"The recommendation is adopted{by}" if body.get("adopted") else "The recommendation is not adopted"
    if kind == "round.decided" and "ballots" in body:
        yield f"Ballots: {_counted(body['ballots'])} of {_counted(body.get('eligible', ''))} who could vote"
    if kind == "delivery.outcome":
        yield "The outcomes are met" if body.get("met") else "The outcomes are not met"
    if kind == "asset.step" and "said" in body:
        yield str(body["said"])


def names_of(deal: str, terms: Deal) -> Names:
    """What the terms of a deal call what they name, and the units of their indicators."""
    found: Names = {(deal, "party", one.id): one.name for one in terms.parties}
    found |= {(deal, "unit", one.id): one.unit for one in terms.indicators}
    found |= {(deal, "fund", one.id): one.title for one in terms.funds}
    found |= {(deal, "power", one.id): one.title for one in terms.powers}
    found |= {(deal, "condition", one.id): one.title for one in terms.conditions}
    found |= {(deal, "indicator", one.id): one.title for one in terms.indicators}
    found |= {(deal, "pool", one.id): one.title for one in terms.pools}
    return found | {(deal, "community", one.id): one.title for one in terms.community}


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


def _plain(name: str, value: Any) -> str:
    """A value that names nothing: money, a day, a status, text."""
    if name == "pence" and isinstance(value, int):
        return amount(value)
    if name in DAYS and isinstance(value, str):
        return _day(value)
    if name in ("people", "pool"):
        return _counted(value)
    return STATUSES.get(str(value), str(value)) if name == "status" else str(value)


def _counted(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


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
        one = teller.tell(entry)
        if entry["kind"] == "matter.report" and f"condition:{entry['body'].get('condition')}" in wanted:
            wanted.add(f"matter:{entry['body'].get('matter')}")
        if not wanted or one.tags & wanted:
            yield one


def history(log: Log, deal: str | None = None, about: Sequence[str] = (), last: int = 0) -> list[Told]:
    """The entries of a log in words: of one deal or of all, about some things only, and only the ``last`` so many.

    SokeError for a deal that the register has not, or for what names no kind of thing of a deal.
    """
    for thing in about:
        kind, colon, named = thing.partition(":")
        if not colon or not named or kind not in THINGS:
            fix = f"Write KIND:ID: {', '.join(THINGS[:-1])} or {THINGS[-1]}."
            raise SokeError(f'"{thing[:60]}" names no thing of a deal.', fix)
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
