"""The types of the fields of an entry: what a value must be, and how a refusal says so.

Money is whole pence above zero; days are ``2026-04-01``; quantities with a fraction are strings.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from soke.deal.states import STATES
from soke.deal.succession import THINGS
from soke.register.verify import COSIGNATURE, ED25519, Refused, from_base64, key_text, read_key
from soke.text import labelled_year

USES = ("revenue", "capital")
LONGEST_TEXT, LONGEST_TERMS, LONGEST_LINE, MOST_PENCE = 4_000, 400_000, 4_000, 10**14
MOST_LEGS, MOST_HEIRS = 5_000, 20
_ID = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,78}[a-z0-9])?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_FIELD = re.compile(r"[a-z_]{1,40}", re.ASCII)
_TAG = re.compile(r"[a-z-]{1,40}:[^\s:][^\n]{0,120}")
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_SHARE = re.compile(r"0\.\d{1,9}|1(?:\.0{1,9})?", re.ASCII)
_AMOUNT = re.compile(r"-?\d{1,18}(?:\.\d{1,9})?", re.ASCII)
_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})  # controls, formats, private and half characters
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters that print as nothing


def _id(value: Any) -> bool:
    return isinstance(value, str) and bool(_ID.fullmatch(value))


def _seen(text: str, but: str = "") -> bool:
    """Whether each character can be seen, or is a plain space; those of ``but`` may stand there too."""
    if text.isascii():
        return text.isprintable() or all(letter in but or letter.isprintable() for letter in text)
    hidden = (letter not in but and unicodedata.category(letter) in _HIDDEN for letter in text)
    return not any(hidden) and _BLANK.isdisjoint(text)


def _words(longest: int) -> Callable[[Any], bool]:
    def is_text(value: Any) -> bool:
        return isinstance(value, str) and bool(value.strip()) and len(value) <= longest and _seen(value, "\n\t")

    return is_text


def _terms(value: Any) -> bool:
    """Lines are short, since a key of many dots takes long to read."""
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_TERMS:
        return False
    return "\0" not in value and max(map(len, value.split("\n"))) <= LONGEST_LINE


def is_name(value: Any) -> bool:
    """A name in one spelling: nothing unseen, no space at its ends or doubled, composed letters."""
    plain = isinstance(value, str) and 0 < len(value) <= 200 and _seen(value)
    return plain and value == unicodedata.normalize("NFC", " ".join(value.split()))


def is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(_DAY.fullmatch(value)) and bool(dt.date.fromisoformat(value))
    except ValueError:
        return False


def _year(value: Any) -> bool:
    return isinstance(value, str) and labelled_year(value) is not None


def _amount(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(_AMOUNT.fullmatch(value)) and Decimal(value).is_finite()
    except InvalidOperation:
        return False


def _pence(value: Any) -> bool:
    return type(value) is int and 0 < value <= MOST_PENCE


def _key_of(kind: int) -> Callable[[Any], bool]:
    def is_key(value: Any) -> bool:
        try:
            return isinstance(value, str) and key_text(read_key(value, kind)) == value
        except Refused:
            return False

    return is_key


def _signature(value: Any) -> bool:
    try:
        return isinstance(value, str) and len(from_base64(value)) == 64
    except Refused:
        return False


def _list_of(test: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and 0 < len(value) <= 100 and all(map(test, value))


def _shape(fields: Mapping[str, str]) -> Callable[[Any], bool]:
    def has_shape(value: Any) -> bool:
        if not isinstance(value, dict) or value.keys() != fields.keys():
            return False
        for name, type_ in fields.items():  # noqa: SIM110  # asked of every leg of every entry: a generator takes twice as long
            if not TYPES[type_].test(value[name]):
                return False
        return True

    return has_shape


def is_time(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(_TIME.fullmatch(value)) and bool(dt.datetime.fromisoformat(value))
    except ValueError:
        return False


def _changes(value: Any) -> bool:
    """Fields by name; what each must be, its kind says."""
    return isinstance(value, dict) and 0 < len(value) <= 30 and all(_FIELD.fullmatch(name) for name in value)


@dataclass(frozen=True, slots=True)
class Type:
    test: Callable[[Any], bool]
    words: str  # "... is not" + words


def _heirs(value: Any) -> bool:
    return isinstance(value, dict) and 0 < len(value) <= MOST_HEIRS and all(
        _id(heir) and isinstance(share, str) and bool(_SHARE.fullmatch(share)) and Decimal(share) > 0
        for heir, share in value.items()
    )  # fmt: skip


LEG = {"fund": "id", "year": "year", "use": "use", "account": "account", "pence": "change"}
ACCOUNTS = ("promised", "allotted", "held", "committed", "spent", "carried", "moved", "recalled")
TYPES: Mapping[str, Type] = {
    "id": Type(_id, "an id: small letters, digits, hyphens, up to 80"),
    "ids": Type(_list_of(_id), "a list of ids"),
    "text": Type(_words(LONGEST_TEXT), f"text of up to {LONGEST_TEXT:,} plain characters"),
    "terms": Type(_terms, f"a file of up to {LONGEST_TERMS:,} characters, with lines of up to {LONGEST_LINE:,}"),
    "person": Type(is_name, "the name of a person, in one line, with single spaces"),
    "persons": Type(_list_of(is_name), "a list of names"),
    "day": Type(is_day, "a day, written as 2026-04-01"),
    "time": Type(is_time, "a time in UTC, written as 2026-04-01T09:30:00Z"),
    "entry": Type(lambda value: type(value) is int and 0 <= value <= 10**12, "the number of an entry"),
    "changes": Type(_changes, "an object with the fields as they should have been"),
    "tags": Type(lambda value: isinstance(value, list) and len(value) <= 100
                 and all(isinstance(tag, str) and _TAG.fullmatch(tag) for tag in value), "a list of things, kind:id"),
    "year": Type(_year, "a financial year, written as 2026-27"),
    "amount": Type(_amount, 'a number written as text, such as "0.85"'),
    "pence": Type(_pence, "whole pence above zero"),
    "change": Type(lambda value: type(value) is int and 0 < abs(value) <= MOST_PENCE, "whole pence, not zero"),
    "count": Type(lambda value: type(value) is int and 0 < value < 10_000, "a number from 1"),
    "sum": Type(lambda value: (value == 0 and type(value) is int) or _pence(value), "whole pence, or 0"),
    "tally": Type(lambda value: type(value) is int and 0 <= value <= 10**9, "a whole number, or 0"),
    "number": Type(lambda value: type(value) is int and 0 < value <= 10**9, "a whole number from 1"),
    "hash": Type(lambda value: isinstance(value, str) and bool(_HASH.fullmatch(value)),
                 "a SHA-256: 64 of the digits and a to f"),
    "key": Type(_key_of(ED25519), "the public key of a register, written name+id+key"),
    "witnesses": Type(_list_of(_key_of(COSIGNATURE)), "a list of the public keys of witnesses, each name+id+key"),
    "signature": Type(_signature, "a signature in base64"),
    "yes": Type(lambda value: type(value) is bool, "true or false"),
    "use": Type(lambda value: value in USES, "revenue or capital"),
    "account": Type(lambda value: value in ACCOUNTS, f"an account: {', '.join(ACCOUNTS)}"),
    "thing": Type(lambda value: value in THINGS, f"one of {', '.join(THINGS)}"),
    "heirs": Type(_heirs, f'up to {MOST_HEIRS} heirs, each with its share: {{"north": "0.6", "south": "0.4"}}'),
    "status": Type(lambda value: value in STATES, "a status"),
    "grade": Type(lambda value: value in ("official", "derived", "estimate", "unverified"), "a grade"),
    "legs": Type(lambda value: isinstance(value, list) and len(value) <= MOST_LEGS and all(map(_shape(LEG), value)),
                 f"a list of legs, each with {', '.join(LEG)}"),
    "takes": Type(_list_of(lambda value: _shape({"power": "id"})(value)
                           or _shape({"fund": "id", "year": "year", "use": "use", "pence": "pence"})(value)),
                  "a list of what is taken: each a power, or a fund with year, use and pence"),
    "loses": Type(_shape({"residents": "text", "services": "text"}),
                  "a statement of which residents and which services would lose what"),
}  # fmt: skip
