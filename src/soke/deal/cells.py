"""One value of a deal as one cell of a spreadsheet, and back.

Lists are one cell, ``a; b``; lists of lists ``a; b | c``. A backslash keeps what follows as it is (``\\;``, ``\\|``, a
space at an edge), ``\\e`` is an empty item, ``(empty)`` an empty text, list or table. An empty cell is no value at all.
"""

from __future__ import annotations

import datetime as dt
import re
import types as python_types
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin

from soke.deal.document import Node, tree
from soke.deal.positions import Positions
from soke.errors import Location, SokeError
from soke.workbooks import ILLEGAL

EMPTY = "(empty)"
LONGEST = 32_767  # characters that a cell holds
DIGITS = 15  # that a spreadsheet keeps of a number
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # Excel takes _x0041_ for the letter A
_ESCAPED = re.compile(r"_x005F_(?=x[0-9A-Fa-f]{4}_)")
_TOKEN = re.compile(r"\\?.", re.DOTALL)
_MARKED = re.compile(r"[\\;|]|^\s|\s$")


@dataclass(frozen=True, slots=True)
class Form:
    """What a cell may hold: classes of Python, in words, as the spreadsheet formats it; and how it is read.

    ``read`` raises ValueError for a value of the right class that it cannot take.
    """

    classes: tuple[type, ...]
    wanted: str
    fix: str
    read: Callable[[Any], Any]
    format: str = "General"
    choices: tuple[str, ...] = ()


def written(node: Node) -> str | int | Decimal | bool | dt.date:
    """The value of a cell. SokeError, with its place in the TOML file, where no cell can hold it."""
    value = node.value
    if isinstance(value, str):
        marked = value.startswith("\\") or value == EMPTY
        return cell_text(f"\\{value}" if marked else value or EMPTY, node.at)
    if isinstance(value, list) and any(isinstance(item.value, list) for item in value):
        return cell_text(" | ".join(map(_joined, value)), node.at)
    if isinstance(value, list | dict):
        return cell_text(_joined(node), node.at)
    if isinstance(value, Decimal) and value == value.to_integral_value():
        value = int(value)
    if isinstance(value, int | Decimal) and len(Decimal(value).normalize().as_tuple().digits) > DIGITS:
        raise SokeError(f"A spreadsheet keeps {DIGITS} digits of a number.", "Round the number.", node.at)
    return value  # type: ignore[no-any-return]  # a node holds what TOML has


def cell_text(text: str, at: Location | None = None) -> str:
    """A text as a cell can hold it. SokeError where none can."""
    if len(text) > LONGEST or ILLEGAL.search(text) or "\r" in text:
        raise SokeError(f"A cell holds at most {LONGEST:,} printable characters.", "Shorten the text.", at)
    return _LOOKS_ESCAPED.sub("_x005F_", text)


def plain_text(text: str) -> str:
    """What ``cell_text`` was given."""
    return _ESCAPED.sub("_", text)


def _joined(node: Node) -> str:
    items = [_MARKED.sub(r"\\\g<0>", item.value) or r"\e" for item in node.items]
    return f"\\{EMPTY}" if items == [EMPTY] else "; ".join(items) or EMPTY


def read(name: str, value: Any, form: Form, at: Location) -> Node:
    """A value from a cell. SokeError, with the place of the cell, where it is not of the form."""
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        value = value.date()
    try:
        if value.__class__ not in form.classes:
            raise ValueError
        return tree(form.read(value), (), Positions(), at)
    except ValueError:
        raise SokeError(f'"{name}" should be {form.wanted}, not {_said(value)}.', form.fix, at) from None


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, str):
        return f'the text "{value[:60]}"'
    return f"the number {str(value)[:40]}" if isinstance(value, int | float) else "a date or time"


def _text(value: str) -> str:
    value = plain_text(value)
    return "" if value == EMPTY else value[1:] if value.startswith("\\") else value


def _number(value: float) -> int | Decimal:
    if not abs(value) < 10**DIGITS:  # nor is NaN
        raise ValueError
    number = Decimal(f"{value:.{DIGITS}g}")  # what the spreadsheet shows, not what binary makes of it
    return int(number) if number == number.to_integral_value() else number


def _lists(value: str) -> list[list[str]]:
    groups: list[list[list[str]]] = [[[]]]
    for token in _TOKEN.findall(plain_text(value)):
        if token == "|":
            groups.append([[]])
        elif token == ";":
            groups[-1].append([])
        else:
            groups[-1][-1].append(token)
    return [_items(group) for group in groups]


def _items(group: list[list[str]]) -> list[str]:
    """The items of one list; what is blank, as after a last semicolon, is none."""
    if len(group) == 1 and "".join(group[0]).strip() == EMPTY:
        return []
    items = []
    for tokens in group:
        while tokens and tokens[-1].isspace():
            tokens.pop()
        while tokens and tokens[0].isspace():
            tokens.pop(0)
        if tokens:
            items.append("".join("" if token == r"\e" else token[-1] for token in tokens))
    return items


def _list(value: str) -> list[str]:
    lists = _lists(value)
    if len(lists) > 1:
        raise ValueError
    return lists[0]


def _nothing(kind: type) -> Form:
    def empty(value: str) -> Any:
        if value != EMPTY:
            raise ValueError
        return kind()

    return Form((str,), f"{EMPTY} or nothing", "Clear the cell.", empty)


EMPTY_TABLE, EMPTY_LIST = _nothing(dict), _nothing(list)
TEXT = Form((str,), "text", "Format the cell as Text, then type it again.", _text)
_YEAR = Form((str,), "a financial year as text", "Format the cell as Text, then type 2026-27.", _text, "@")
_FLAG = Form((bool,), "TRUE or FALSE", "Type TRUE or FALSE.", bool)
_DATE = Form((dt.date,), "a date", "Type a date, and format the cell as one.", lambda date: date, "yyyy-mm-dd")
_DECIMAL = Form((int, float), "a number of ordinary size", "Type digits only, at most 15 of them.", _number)
_MONEY = Form((int, float), "pounds, as a number of ordinary size", _DECIMAL.fix, _number, "#,##0")
_EITHER = Form(
    (str, int, float),
    "a number or text",
    _DECIMAL.fix,
    lambda value: (_text if value.__class__ is str else _number)(value),
)
_LIST = Form((str,), "one list of texts", r"Type first; second, with \| and \; for those signs in a text.", _list)
_LISTS = Form((str,), "lists of texts", "Type first; second | third.", _lists)
_FORMS: dict[Any, Form] = {
    str: TEXT, int: _DECIMAL, float: _DECIMAL, Decimal: _DECIMAL, "share": _DECIMAL, "pounds": _MONEY,
    "pounds, either sign": _MONEY, "financial year": _YEAR, bool: _FLAG, dt.date: _DATE,
    python_types.UnionType: _EITHER, tuple: _LIST,
}  # fmt: skip


def form_of(hint: Any) -> Form:
    """The form of the cells that hold values of a hint, which is not optional."""
    if get_origin(hint) is tuple and get_origin(get_args(hint)[0]) is tuple:
        return _LISTS
    if get_origin(hint) is Literal:
        return replace(TEXT, choices=get_args(hint))
    return _FORMS[getattr(hint, "__metadata__", (None,))[0] or get_origin(hint) or hint]
