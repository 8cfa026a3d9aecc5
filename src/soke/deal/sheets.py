"""A deal's own file as sheets, one a table, and back: which columns a sheet has, what a cell of each may hold.

A row is a :class:`Node` whose table maps a column's name to the value of its cell. Tables in line are flattened into
dotted columns (``recall.scope``); the lists of tables of an item are rows of a sheet of their own (``fund.profile``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, is_dataclass
from functools import cache
from typing import Any, get_args, get_origin

from soke.deal.cells import EMPTY_LIST, EMPTY_TABLE, TEXT, Form, form_of
from soke.deal.document import Node
from soke.deal.keys import BESIDE_FIELDS, item_type, keys_of
from soke.deal.types import Deal, Item
from soke.errors import SokeError
from soke.text import nearest as closest

ROOT = "deal"  # the sheet of the keys at the top of the file
Rows = dict[str, list[Node]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The type of the rows of a sheet, whether it may have several, and the sheet whose items they belong to."""

    cls: type
    many: bool
    owner: str = ""


@cache
def layout() -> Mapping[str, Sheet]:
    """Every sheet by name, owners before what they own."""
    sheets = {ROOT: Sheet(Deal, False)}
    for key in keys_of(Deal).values():
        item, cls = item_type(key.hint), item_type(key.hint) or _bare(key.hint)
        if is_dataclass(cls) and isinstance(cls, type):
            sheets[key.name] = Sheet(cls, item is not None)
            for inner in keys_of(cls).values():
                if item_type(inner.hint):
                    sheets[f"{key.name}.{inner.name}"] = Sheet(item_type(inner.hint), True, key.name)
    return sheets


@cache
def columns(sheet: str) -> Mapping[str, Form]:
    """The columns of a sheet, in order. A name that ends in a dot stands for any key of a table of free keys."""
    found = layout()[sheet]
    if sheet == ROOT:
        beside = {name: form_of(hint) for name, hint in BESIDE_FIELDS[Deal].items()}
        return beside | {name: form for name, form in _columns(Deal, "") if name.split(".")[0] not in layout()}
    return ({found.owner: TEXT} if found.owner else {}) | dict(_columns(found.cls, ""))


def _columns(cls: type, prefix: str) -> Iterator[tuple[str, Form]]:
    shared = keys_of(Item)  # origin, source, grade ... come last
    for key in sorted(keys_of(cls).values(), key=lambda key: key.name in shared):
        hint, name = _bare(key.hint), prefix + key.name
        origin = get_origin(hint)
        if item_type(hint):
            continue
        if is_dataclass(hint) and isinstance(hint, type):
            yield from _columns(hint, f"{name}.")
        elif isinstance(origin, type) and issubclass(origin, Mapping):
            yield f"{name}.", form_of(get_args(hint)[1])
        else:
            yield name, form_of(hint)


def _bare(hint: Any) -> Any:
    """A hint without its None."""
    parts = [part for part in get_args(hint) if part is not type(None)]
    return parts[0] if type(None) in get_args(hint) and len(parts) == 1 else hint


def column(sheet: str, name: str) -> tuple[tuple[str, ...], Form] | None:
    """The path of keys that a column fills, and its form; None where the sheet has no such column."""
    known = columns(sheet)
    free = next((prefix for prefix in known if prefix.endswith(".") and name.startswith(prefix)), None)
    if free:
        return (*free[:-1].split("."), name[len(free) :]), known[free]
    if name in known:
        return tuple(name.split(".")), known[name]
    below = layout().get(name if sheet == ROOT else f"{sheet}.{name}")
    if below or any(other.startswith(f"{name}.") for other in known):
        return tuple(name.split(".")), EMPTY_LIST if below and below.many else EMPTY_TABLE
    return None


def nearest(sheet: str, name: str) -> str:
    """What to do about a column that a sheet does not have."""
    near = closest(name, columns(sheet))
    return f'Did you mean "{near[0]}"?' if near else f"Remove it. The columns are {', '.join(columns(sheet))}."


def to_rows(root: Node) -> Rows:
    """The tree of a deal file that has no fault, as the rows of every sheet."""
    rows: Rows = {name: [] for name in layout()}
    _spread(ROOT, root, {}, rows)
    for owner in {sheet.owner for sheet in layout().values() if sheet.owner}:
        _by_id(owner, rows[owner])
    return rows


def _spread(sheet: str, node: Node, owner: dict[str, Node], rows: Rows) -> None:
    """One table as a row of its sheet; the tables in it that have sheets go there."""
    cells = dict(owner)
    for key, inner in node.table.items():
        below = key if sheet == ROOT else f"{sheet}.{key}"
        if below in layout() and inner.value:
            for item in inner.items or [inner]:
                _spread(below, item, {} if sheet == ROOT else {sheet: node.table["id"]}, rows)
        else:
            cells |= _cells(key, inner)
    rows[sheet].append(Node(cells, node.at))


def _cells(name: str, node: Node) -> Iterator[tuple[str, Node]]:
    for key, inner in node.table.items():
        yield from _cells(f"{name}.{key}", inner)
    if not node.table:
        yield name, node


def from_rows(rows: Rows) -> Node:
    """The tree of a deal file from the rows of its sheets. SokeError where a row belongs to nothing, or is one too
    many; what the values themselves must be is for the reader."""
    root = _table(ROOT, rows[ROOT][0])
    for name, sheet in layout().items():
        found = rows.get(name, [])
        if not sheet.many and len(found) > 1:
            raise SokeError("This sheet has one row below its headings.", "Remove the others.", found[1].at)
        if name == ROOT or not found:
            continue
        if sheet.owner:
            _give(name, found, _by_id(sheet.owner, root.table.get(sheet.owner, root).items))
        else:
            tables = [_table(name, row) for row in found]
            root.table[name] = Node(tables, found[0].at) if sheet.many else tables[0]
    return root


def _by_id(kind: str, items: list[Node]) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for item in items:
        name = item.text("id")
        if name in found:
            raise SokeError(f'Two {kind} tables have the id "{name}".', "Give one of them another id.", item.at)
        found[name] = item
    return found


def _give(name: str, rows: list[Node], owners: dict[str, Node]) -> None:
    """Give each row of a list to the item that it belongs to."""
    kind, key = name.split(".")
    for row in rows:
        owner = owners.get(row.text(kind))
        if owner is None:
            at = row.table.get(kind, row).at
            raise SokeError(f'There is no {kind} "{row.text(kind)[:80]}".', f"Name an id of the sheet {kind}.", at)
        table = _table(name, Node({head: cell for head, cell in row.table.items() if head != kind}, row.at))
        owner.table.setdefault(key, Node([], row.at)).items.append(table)


def _table(sheet: str, row: Node) -> Node:
    """A row as a table, its dotted columns as tables in it."""
    table = Node({}, row.at)
    for name, cell in row.table.items():
        found = column(sheet, name)
        path = found[0] if found else (name,)
        inner = table
        for part in path[:-1]:
            inner = inner.table.setdefault(part, Node({}, row.at))
        inner.table.setdefault(path[-1], cell)
    return table
