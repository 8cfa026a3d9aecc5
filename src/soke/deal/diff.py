"""What changed between two deals, in words."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from soke.deal.keys import keys_of
from soke.deal.rules.forms import KINDS
from soke.deal.types import Deal, Fund, FundYear, Item
from soke.text import financial_year, sterling

SINGLE = ("account", "proceeds", "due_process")
PLAIN = (
    "id", "title", "place", "tier", "status", "starts", "ends", "prices", "agreed", "review", "summary",
)  # fmt: skip


def diff(before: Deal, after: Deal) -> list[str]:
    """One sentence for each thing that was added, removed or changed; empty where nothing was."""
    return [
        *_fields("The deal", before, after, PLAIN),
        *_members(before, after),
        *(line for kind, name in KINDS.items() for line in _items(kind, getattr(before, name), getattr(after, name))),
        *(line for name in SINGLE for line in _single(name, getattr(before, name), getattr(after, name))),
        *(
            line
            for name in ("business_rates", "council_tax", "income_tax")
            for line in _single(name, getattr(before.fiscal, name), getattr(after.fiscal, name))
        ),
        *_cases(before, after),
    ]


def _members(before: Deal, after: Deal) -> Iterator[str]:
    joined = sorted(set(after.members) - set(before.members))
    left = sorted(set(before.members) - set(after.members))
    if joined:
        yield f"These authorities join: {', '.join(joined)}."
    if left:
        yield f"These authorities leave: {', '.join(left)}."


def _items(kind: str, before: tuple[Any, ...], after: tuple[Any, ...]) -> Iterator[str]:
    old, new = ({item.id: item for item in items} for items in (before, after))
    yield from (f'The {kind} "{name}" is taken out{_worth(item)}.' for name, item in old.items() if name not in new)
    yield from (f'The {kind} "{name}" is added{_worth(item)}.' for name, item in new.items() if name not in old)
    for name, item in old.items():
        if name in new:
            yield from _fields(f'The {kind} "{name}"', item, new[name], _names(item))


def _worth(item: Item) -> str:
    """The money of a fund's first year, said when it comes or goes."""
    if isinstance(item, Fund) and item.profile:
        first = min(item.profile, key=lambda row: row.year)
        return f" ({sterling(first.total)} in {financial_year(first.year)})"
    return ""


def _single(name: str, before: Item | None, after: Item | None) -> Iterator[str]:
    label = name.replace("_", " ")
    if before is None or after is None:
        if after is not None:
            yield f"The deal now states: {label}."
        if before is not None:
            yield f"The deal no longer states: {label}."
        return
    yield from _fields(f"The {label}", before, after, _names(before))


def _cases(before: Deal, after: Deal) -> Iterator[str]:
    old, new = (
        {case.name: (case.given, case.then, case.after_days) for case in deal.cases} for deal in (before, after)
    )
    for name in sorted(old.keys() | new.keys()):
        if name not in new:
            yield f'The case "{name}" is taken out.'
        elif name not in old:
            yield f'The case "{name}" is added.'
        elif old[name] != new[name]:
            yield f'The case "{name}" is changed.'


def _names(item: Any) -> tuple[str, ...]:
    return tuple(key.field for key in keys_of(item.__class__).values())


def _fields(label: str, before: Any, after: Any, names: tuple[str, ...]) -> Iterator[str]:
    written = {key.field: key for key in keys_of(before.__class__).values()}
    for name in names:
        old, new = getattr(before, name), getattr(after, name)
        if _bare(old) == _bare(new):
            continue
        key = written[name]
        yield f"{label}: {key.name.replace('_', ' ')} {_said(old, key.hint)} becomes {_said(new, key.hint)}."


def _bare(value: Any) -> Any:
    """A value without where it stands in its file."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            f.name: _bare(getattr(value, f.name)) for f in dataclasses.fields(value) if f.name not in ("at", "keys")
        }
    if isinstance(value, tuple):
        return tuple(_bare(inner) for inner in value)
    return dict(value) if isinstance(value, Mapping) else value


def _said(value: Any, hint: Any) -> str:
    """A value as a person would say it."""
    meaning = getattr(hint, "__metadata__", ("",))[0]
    if value is None or value in ("", ()):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if meaning == "financial year":
        return financial_year(value)
    if meaning.startswith("pounds"):
        return sterling(value)
    if meaning == "share":
        return f"{(value * 100).normalize():f} per cent"
    if isinstance(value, tuple):
        return ", ".join(_said(inner, None) for inner in value)
    if isinstance(value, FundYear):
        return f"{sterling(value.total)} in {financial_year(value.year)}"
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return "; ".join(
            f"{name.replace('_', ' ')} {_part(value, name)}" for name in _names(value) if _part(value, name)
        )
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_said(inner, None)}" for name, inner in value.items())
    return f'"{value}"' if isinstance(value, str) else f"{value}"


def _part(value: Any, name: str) -> str:
    hint = next(key.hint for key in keys_of(value.__class__).values() if key.field == name)
    said = _said(getattr(value, name), hint)
    return "" if said == "nothing" else said
