"""What changed between two deals: each thing by its path in the file, what it was and is, and a sentence."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any, TypeAlias, get_args

from soke.deal.keys import Key, item_type, keys_of
from soke.deal.types import Deal, FundYear
from soke.england.places import places
from soke.text import a_range, financial_year, sterling

Value: TypeAlias = "str | int | float | None"
NAMES = ("id", "name", "test")  # by what the items of a list are told apart, the first that they have
PLACE_KEYS = ("place",)


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs. ``path``: ``fund.sustainable-transport.profile.2026-27.capital``; ``before`` and
    ``after``: a number in the unit of the file (pounds, shares of one), or text; None where it was or is not there.
    ``told``: both as people say them; of an item that comes or goes its money, "" where it has none."""

    path: str
    before: Value
    after: Value
    sentence: str
    told: tuple[str, str] = ("", "")


def diff(before: Deal, after: Deal) -> list[Change]:
    """Each thing that was added, removed or changed; empty where nothing was."""
    return list(_changes(before, after))


def _changes(before: Deal, after: Deal) -> Iterator[Change]:
    if before.framework.id != after.framework.id:
        yield _change(("extends",), "The deal: extends", before.framework.id, after.framework.id, None)
    keys = keys_of(Deal).values()
    listed = {key.name: item for key in keys if (item := item_type(key.hint))}
    for key in (key for key in keys if key.name not in listed):
        old, new = getattr(before, key.field), getattr(after, key.field)
        if key.field == "members":
            yield from _members(old, new)
        elif not any(dataclasses.is_dataclass(value) for value in (old, new)):
            yield from _walk((key.name,), f"The deal: {_words(key.name)}", old, new, key)
    for key in (key for key in keys if key.name in listed):
        yield from _items(key.name, getattr(before, key.field), getattr(after, key.field))
    for key in (key for key in keys if key.name not in listed):
        old, new = getattr(before, key.field), getattr(after, key.field)
        if any(dataclasses.is_dataclass(value) for value in (old, new)):
            yield from _table((key.name,), old, new)


def _members(before: Sequence[str], after: Sequence[str]) -> Iterator[Change]:
    joined, left = sorted(set(after) - set(before)), sorted(set(before) - set(after))
    if joined or left:
        told = [f"These authorities {verb}: {_places(codes)}." for verb, codes in (("join", joined), ("leave", left))
                if codes]  # fmt: skip
        both = _places(before), _places(after)
        yield Change("members", ", ".join(before), ", ".join(after), " ".join(told), both)


def _items(kind: str, before: Sequence[Any], after: Sequence[Any]) -> Iterator[Change]:
    old, new = ({_name(item): item for item in items} for items in (before, after))
    label = _words(kind)
    for name, item in old.items():
        if name not in new:
            worth = _worth(item)
            said = f'The {label} "{name}" is taken out{_in_brackets(worth)}.'
            yield Change(f"{kind}.{name}", _told(item), None, said, (worth, ""))
    for name, item in new.items():
        if name not in old:
            worth = _worth(item)
            said = f'The {label} "{name}" is added{_in_brackets(worth)}.'
            yield Change(f"{kind}.{name}", None, _told(item), said, ("", worth))
    for name, item in old.items():
        if name in new:
            yield from _fields((kind, name), f'The {label} "{name}":', item, new[name])


def _name(item: Any) -> str:
    return str(next(getattr(item, field) for field in NAMES if hasattr(item, field)))


def _table(path: tuple[str, ...], before: Any, after: Any) -> Iterator[Change]:
    """A table that a deal has once; those of ``fiscal`` each by itself."""
    if path == ("fiscal",):
        for key in keys_of(before.__class__).values():
            yield from _table((*path, key.name), getattr(before, key.field), getattr(after, key.field))
        return
    label, written = _words(path[-1]), ".".join(path)
    if before is None and after is not None:
        yield Change(written, None, _told(after), f"The deal now states: {label} ({_told(after)}).", ("", _told(after)))
    elif before is not None and after is None:
        said = f"The deal no longer states: {label} ({_told(before)})."
        yield Change(written, _told(before), None, said, (_told(before), ""))
    elif before is not None:
        yield from _fields(path, f"The {label}:", before, after)


def _fields(path: tuple[str, ...], label: str, before: Any, after: Any) -> Iterator[Change]:
    if type(before) is not type(after):
        yield from _walk(path, label, before, after, None)
        return
    for key in keys_of(before.__class__).values():
        name = f"{label} {_words(key.name)}"
        yield from _walk((*path, key.name), name, getattr(before, key.field), getattr(after, key.field), key)


def _walk(path: tuple[str, ...], label: str, before: Any, after: Any, key: Key | None) -> Iterator[Change]:
    """What differs in a value, as deep as it goes: tables by their keys, amounts by their years."""
    if _bare(before) == _bare(after):
        return
    if _is_years(before) and _is_years(after):
        old, new = ({row.year: row for row in rows} for rows in (before, after))
        for year in sorted(old.keys() | new.keys()):
            for part in ("revenue", "capital"):
                was, now = (getattr(rows.get(year), part, None) or None for rows in (old, new))
                said = financial_year(year)
                if was != now:
                    yield _change((*path, said, part), f"{label} {said} {part}", was, now, "pounds")
    elif isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in sorted(before.keys() | after.keys()):
            was, now = before.get(name), after.get(name)
            if _bare(was) != _bare(now):
                meaning = "pounds" if path[-1] == "lines" else None
                yield _change((*path, str(name)), f"{label} {_words(str(name))}", was, now, meaning)
    elif all(dataclasses.is_dataclass(value) and not isinstance(value, type) for value in (before, after)):
        yield from _fields(path, label, before, after)
    else:
        yield _change(path, label, before, after, _meaning(key.hint if key else None))


def _change(path: tuple[str, ...], label: str, before: Any, after: Any, meaning: str | None) -> Change:
    told = [
        _places((value,)) if path[-1] in PLACE_KEYS and value else _told(value, meaning) for value in (before, after)
    ]
    sentence = f"{label} {told[0]} becomes {told[1]}."
    return Change(".".join(path), _value(before, meaning), _value(after, meaning), sentence, (told[0], told[1]))


def _is_years(value: Any) -> bool:
    return isinstance(value, tuple) and all(isinstance(row, FundYear) for row in value)


def _bare(value: Any) -> Any:
    """A value without where it stands in its file."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            f.name: _bare(getattr(value, f.name)) for f in dataclasses.fields(value) if f.name not in ("at", "keys")
        }
    if isinstance(value, tuple):
        return tuple(_bare(inner) for inner in value)
    return dict(value) if isinstance(value, Mapping) else value


def _words(key: str) -> str:
    return key.replace("_", " ")


def _places(codes: Sequence[str]) -> str:
    """Places by name, with the code by which they are told apart."""
    return ", ".join(f"{places().name(code)} ({code})" if places().get(code) else f'"{code}"' for code in codes)


def _meaning(hint: Any) -> str:
    """What a number is: ``pounds``, ``share``, ``financial year``; also of a key that may be left out."""
    marked = [one.__metadata__[0] for one in (hint, *get_args(hint)) if hasattr(one, "__metadata__")]
    return str(marked[0]) if marked else ""


def _value(value: Any, meaning: str | None) -> Value:
    """A value as a program reads it."""
    if value is None or value in ("", ()):
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if meaning == "financial year":
        return financial_year(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple) and all(isinstance(inner, str) for inner in value):
        return ", ".join(value)
    return value if isinstance(value, int | float | str) else _told(value)


def _worth(item: Any) -> str:
    """The money of an item, said when it comes or goes: of a fund each year's, else each of its sums of pounds."""
    sums = []
    for key in keys_of(item.__class__).values():
        value = getattr(item, key.field)
        if key.field == "profile" and _is_years(value):
            sums.append(_years(value))
        elif _meaning(key.hint).startswith("pounds") and isinstance(value, Decimal) and value:
            sums.append(f"{_words(key.name)} {sterling(value)}")
    return ", ".join(filter(None, sums))


def _in_brackets(said: str) -> str:
    return f" ({said})" if said else ""


def _years(rows: Sequence[FundYear]) -> str:
    """Every year's amount; years in a row that have the same in one."""
    ordered = sorted(rows, key=lambda row: row.year)
    numbered = groupby(enumerate(ordered), key=lambda pair: (pair[1].year - pair[0], pair[1].revenue, pair[1].capital))
    said = []
    for _, group in numbered:
        run = [row for _, row in group]
        when = a_range(financial_year(run[0].year), financial_year(run[-1].year))
        of_it = f", of it capital {sterling(run[0].capital)}" if run[0].revenue and run[0].capital else ""
        said.append(f"{sterling(run[0].total)}{' a year,' if len(run) > 1 else ' in'} {when}{of_it}")
    return "; ".join(said)


def _told(value: Any, meaning: str | None = None) -> str:
    """A value, perhaps of a known meaning, as a person would say it."""
    if value is None or value in ("", ()):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if meaning == "financial year":
        return financial_year(value)
    if meaning and meaning.startswith("pounds") and isinstance(value, Decimal):
        return sterling(value)
    if meaning == "share" and isinstance(value, Decimal):
        return f"{(value * 100).normalize():f} per cent"
    if _is_years(value):
        return _years(value)
    if isinstance(value, tuple):
        return ", ".join(_told(inner) for inner in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        written = ((key, getattr(value, key.field)) for key in keys_of(value.__class__).values())
        told = ((key, _told(inner, _meaning(key.hint))) for key, inner in written)
        return "; ".join(f"{_words(key.name)} {said}" for key, said in told if said != "nothing")
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_told(inner)}" for name, inner in value.items())
    return f'"{value}"' if isinstance(value, str) else f"{value}"
