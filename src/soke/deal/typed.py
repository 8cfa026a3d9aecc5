"""From a tree of nodes to the types, by their type hints, with no surprise coercion.

Text is never a number, true is never one, a date is a TOML date. Every fault is a finding at its own key; an item with
a fault is left out and its kind is named in ``suspects``, so that checks which read that kind can stand back.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import types as python_types
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from soke import meant
from soke.deal.document import Node
from soke.deal.finding import Finding
from soke.deal.keys import BESIDE_FIELDS, GONE, keys_of
from soke.deal.types import Range
from soke.errors import Location
from soke.text import financial_year, labelled_year, nearest

LARGEST_MONEY = Decimal(10) ** 13  # ten trillion pounds: several times what the United Kingdom spends in a year
FIRST_YEAR, LAST_YEAR = 1990, 2100
EXAMPLE_YEAR = 2026
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}", re.ASCII)
_UNSEEN = ("Cc", "Cf", "Zl", "Zp")  # Unicode: controls, formats such as a change of direction, separators
BAD: Any = object()  # what a value that could not be read is read as


class Typed:
    """Reads nodes into types and keeps the findings."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.suspects: set[str] = set()

    def find(self, at: Location, code: str, fact: str, fix: str) -> Any:
        self.findings.append(Finding(at, code, "error", fact, fix))
        return BAD

    def table(self, cls: type, node: Node, label: str) -> Any:
        """One table as an instance of ``cls``; BAD if any of its keys is wrong or missing."""
        if not isinstance(node.value, dict):
            return self.find(
                node.at, "DV005", f"{label} should be a table, not {_said(node)}.", f"Write {label} as keys."
            )
        values = self.values(cls, node, label)
        if BAD in values.values():
            return BAD
        if cls is Range and not values["low"] <= values["central"] <= values["high"]:
            fact = f"{label} runs from {values['low']:g} by {values['central']:g} to {values['high']:g}: out of order."
            return self.find(node.at, "DV007", fact, "Write low, central and high in rising order.")
        return cls(at=node.at, keys=key_places(node), **values) if _is_located(cls) else cls(**values)

    def values(self, cls: type, node: Node, label: str) -> dict[str, Any]:
        """The fields that a table gives, BAD where wrong or missing; unknown keys are findings."""
        keys = keys_of(cls)
        missing = [key for key in keys.values() if key.required and key.name not in node.table]
        guessed = self._unknown_keys(cls, node, label)
        values: dict[str, Any] = {}
        for key in keys.values():
            if key.name in node.table:
                values[key.field] = self.value(key.hint, node.table[key.name], key.name)
        for key in missing:
            values[key.field] = BAD
            if key.name not in guessed:
                self.find(node.at, "DV003", f'{label} has no "{key.name}".', f"Add: {key.name} = ...")
        return values

    def _unknown_keys(self, cls: type, node: Node, label: str) -> set[str]:
        """Report keys that the table does not have; the names they were probably meant to be."""
        known = [*keys_of(cls), *BESIDE_FIELDS.get(cls, {})]
        guessed = set()
        for name, inner in node.table.items():
            if name in known:
                continue
            if name in GONE.get(cls, {}):
                self.find(inner.at, "DV002", f'{label} no longer has the key "{name}".', GONE[cls][name])
                continue
            near = [key.name for key in keys_of(cls).values() if key.field == name]  # the name that the program uses
            near = near or nearest(name, known)
            guessed.update(near)
            fix = f'Did you mean "{near[0]}"?' if near else f"Remove it. The keys here are {', '.join(sorted(known))}."
            self.find(inner.at, "DV002", f'{label} has no key called "{name[:80]}".', fix)
        return guessed

    def value(self, hint: Any, node: Node, name: str) -> Any:
        """One value as its hint says, or BAD."""
        origin, arguments = get_origin(hint), get_args(hint)
        if origin is Annotated:
            return _MEANINGS[arguments[1]](self, node, name)
        if origin in (Union, python_types.UnionType):
            return self._either(arguments, node, name)
        if origin is Literal:
            return self._choice(arguments, node, name)
        if origin is tuple:
            return self._list(arguments, node, name)
        if origin is not None and issubclass(origin, Mapping):
            return self._mapping(arguments[1], node, name)
        if dataclasses.is_dataclass(hint) and isinstance(hint, type):
            return self.table(hint, node, f'"{name}"')
        return _PLAIN[hint](self, node, name)

    def _either(self, hints: tuple[Any, ...], node: Node, name: str) -> Any:
        hints = tuple(hint for hint in hints if hint is not type(None))
        if len(hints) > 1:  # the one mixed value of the files: a number or a word
            return self.value(str if isinstance(node.value, str) else Decimal, node, name)
        return self.value(hints[0], node, name)

    def _choice(self, choices: tuple[str, ...], node: Node, name: str) -> Any:
        if node.value.__class__ is str and node.value in choices:
            return node.value
        near = nearest(node.value, choices) if isinstance(node.value, str) else []
        fix = f'Did you mean "{near[0]}"?' if near else f"Use one of: {', '.join(choices)}."
        return self.find(node.at, "DV005", f'"{name}" cannot be {_said(node)}.', fix)

    def _list(self, hints: tuple[Any, ...], node: Node, name: str) -> Any:
        if not isinstance(node.value, list):
            one = isinstance(node.value, dict)
            fix = f"Write [[{name}]], with two brackets." if one else f'Write a list: {name} = ["..."].'
            return self.find(node.at, "DV005", f'"{name}" should be a list, not {_said(node)}.', fix)
        if hints[-1] is not Ellipsis and len(node.items) != len(hints):
            fact = f'"{name}" should have {len(hints)} parts, and has {len(node.items)}.'
            return self.find(node.at, "DV005", fact, "Give exactly that many.")
        each = [hints[0]] * len(node.items) if hints[-1] is Ellipsis else hints
        values = [self.value(hint, item, name) for hint, item in zip(each, node.items, strict=True)]
        return BAD if BAD in values else tuple(values)

    def _mapping(self, hint: Any, node: Node, name: str) -> Any:
        if not isinstance(node.value, dict):
            fix = f"Write {name} = {{ key = value }}."
            return self.find(node.at, "DV005", f'"{name}" should be a table, not {_said(node)}.', fix)
        for key, inner in node.table.items():
            if _unseen(key):
                return self._unseen(inner, name)
        values = {key: self.value(hint, inner, f"{name}.{key}") for key, inner in node.table.items()}
        return BAD if BAD in values.values() else values

    def _text(self, node: Node, name: str) -> Any:
        if not isinstance(node.value, str):
            fact = f'"{name}" should be text, not {_said(node)}.'
            return self.find(node.at, "DV005", fact, f'Put it in quotes: {name} = "...".')
        if _unseen(node.value):
            return self._unseen(node, name)
        if name == "id" and not _ID.fullmatch(node.value):
            fact = f'The id "{node.value[:80]}" is not letters, digits, hyphens, dots and underscores.'
            return self.find(node.at, "DV005", fact, 'Write an id such as "adult-skills", at most 80 characters.')
        return node.value

    def _unseen(self, node: Node, name: str) -> Any:
        fact = f'"{name}" holds a character that cannot be seen or that turns the text round.'
        return self.find(node.at, "DV005", fact, "Type the text afresh.")

    def _flag(self, node: Node, name: str) -> Any:
        if isinstance(node.value, bool):
            return node.value
        said = meant.flag(str(node.value)) if not isinstance(node.value, dict | list) else None
        said = bool(node.value) if node.value.__class__ is int and node.value in (0, 1) else said
        fix = "Write it bare." if said is None else f"Write it without quotes: {name} = {str(said).lower()}."
        return self.find(node.at, "DV005", f'"{name}" should be true or false, not {_said(node)}.', fix)

    def _date(self, node: Node, name: str) -> Any:
        if node.value.__class__ is not dt.date:
            fact = f'"{name}" should be a date, not {_said(node)}.'
            day = meant.date(node.value) if isinstance(node.value, str) else None
            day = node.value.date() if isinstance(node.value, dt.datetime) else day
            example = day.isoformat() if day else "2026-04-01"
            return self.find(node.at, "DV005", fact, f"Write it without quotes: {name} = {example}.")
        if not 1900 <= node.value.year <= LAST_YEAR:
            return self.find(node.at, "DV007", f'"{name}" is dated {node.value.year}.', "Correct the year.")
        return node.value

    def _whole(self, node: Node, name: str) -> Any:
        if node.value.__class__ is not int:
            fact = f'"{name}" should be a whole number, not {_said(node)}.'
            return self.find(
                node.at, "DV005", fact, f"Write it without quotes or point: {_number_of(node, name, '90')}."
            )
        if not 0 <= node.value <= 10**12:
            return self._out_of_range(node, name, "0 to a million million")
        return node.value

    def _number(self, node: Node, name: str) -> Any:
        """A finite number of either sign, as exact Decimal."""
        if node.value.__class__ not in (int, Decimal):
            fact = f'"{name}" should be a number, not {_said(node)}.'
            return self.find(node.at, "DV005", fact, f"Write it without quotes: {_number_of(node, name, '0.5')}.")
        number = Decimal(node.value)
        if not number.is_finite() or number.adjusted() > 15 or _exponent(number) < -15:
            return self._out_of_range(node, name, "ordinary size: at most 15 digits on either side of the point")
        return number

    def _float(self, node: Node, name: str) -> Any:
        number = self._number(node, name)
        return BAD if number is BAD else float(number)

    def _money(self, node: Node, name: str) -> Any:
        number = self._balance(node, name)
        if number is not BAD and number < 0:
            return self.find(node.at, "DV007", f'"{name}" is negative: {number:,f} pounds.', "Amounts are 0 or more.")
        return number

    def _balance(self, node: Node, name: str) -> Any:
        number = self._number(node, name)
        if number is BAD:
            return BAD
        if abs(number) > LARGEST_MONEY:
            fact = f'"{name}" is {number:,f} pounds: more than ten trillion.'
            return self.find(node.at, "DV007", fact, "Write pounds, not pence, and check the noughts.")
        if _exponent(number.normalize()) < -2:
            return self.find(node.at, "DV007", f'"{name}" is finer than a penny.', "Round it to two decimals.")
        return number

    def _share(self, node: Node, name: str) -> Any:
        number = self._number(node, name)
        if number is not BAD and number < 0:
            return self.find(node.at, "DV007", f'"{name}" is a negative share: {number}.', "Shares run from 0 to 1.")
        return number

    def _year(self, node: Node, name: str) -> Any:
        year = labelled_year(node.value) if isinstance(node.value, str) else None
        if year is None:
            fact = f'"{name}" is {_said(node)}, which is not a financial year.'
            return self.find(node.at, "DF302", fact, f'Write it as "{financial_year(_year_of(node))}".')
        if not FIRST_YEAR <= year <= LAST_YEAR:
            fact = f'"{name}" is {node.value}, outside {FIRST_YEAR} to {LAST_YEAR}.'
            return self.find(node.at, "DF302", fact, "Correct the year.")
        return year

    def _out_of_range(self, node: Node, name: str, allowed: str) -> Any:
        return self.find(node.at, "DV007", f'"{name}" is out of range.', f"Write a number of {allowed}.")


_PLAIN: dict[Any, Callable[[Typed, Node, str], Any]] = {
    str: Typed._text, bool: Typed._flag, dt.date: Typed._date, int: Typed._whole, float: Typed._float,
    Decimal: Typed._number,
}  # fmt: skip
_MEANINGS: dict[str, Callable[[Typed, Node, str], Any]] = {
    "financial year": Typed._year, "pounds": Typed._money, "pounds, either sign": Typed._balance,
    "share": Typed._share,
}  # fmt: skip


def _unseen(text: str) -> bool:
    """Whether a text holds what cannot be seen, other than tabs and ends of line."""
    return any(unicodedata.category(letter) in _UNSEEN and letter not in "\t\n" for letter in text)


def key_places(node: Node) -> dict[str, Location]:
    """The place of every key and element below a table, dotted."""
    places: dict[str, Location] = {}
    pending = [("", node)]
    while pending:
        prefix, inner = pending.pop()
        below = inner.table or {str(index): item for index, item in enumerate(inner.items)}
        for key, child in below.items():
            places[prefix + key] = child.at
            pending.append((f"{prefix}{key}.", child))
    return places


def _is_located(cls: type) -> bool:
    return any(field.name == "keys" for field in dataclasses.fields(cls))


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _number_of(node: Node, name: str, example: str) -> str:
    """The line that gives the number which was probably meant; an example where nothing can be told."""
    value = node.value
    number = meant.number(value) if isinstance(value, str) else value if isinstance(value, Decimal) else None
    whole = (
        number is not None and number.is_finite() and number == number.to_integral_value() and number.adjusted() < 16
    )
    if number is None or not (number.is_finite() and -15 < number.adjusted() < 16):
        return f"{name} = {example}"
    return f"{name} = {number.quantize(Decimal(1)) if whole else number:,f}".replace(",", "_")


def _year_of(node: Node) -> int:
    """The financial year that was probably meant: of a number, the one that starts in it."""
    if node.value.__class__ is int and FIRST_YEAR <= node.value <= LAST_YEAR:
        return int(node.value)
    if isinstance(node.value, dt.date):
        return node.value.year - (node.value.month < 4)
    typed = str(node.value) if isinstance(node.value, str) else ""
    said = meant.year(typed)
    bare = int(typed) if re.fullmatch(r"\d{4}", typed, re.ASCII) else 0
    return said if said is not None else bare if FIRST_YEAR <= bare <= LAST_YEAR else EXAMPLE_YEAR


def _said(node: Node) -> str:
    """A value as a person would name it."""
    value = node.value
    if isinstance(value, str):
        return f'the text "{value[:60]}"'
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return "a number" if isinstance(value, int) and abs(value) > 10**15 else f"the number {str(value)[:40]}"
    if isinstance(value, dict):
        return "a table"
    return "a list" if isinstance(value, list) else "a date or time"
