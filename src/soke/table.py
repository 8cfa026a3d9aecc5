"""One table for every face: terminal, page, workbook, CSV, JSON, notebook.

A :class:`Table` holds whole figures; each face rounds for people by the kind of the column. A key names a column on
every face and says the unit (``gap_gbp_million``, ``population_persons``). An :class:`Answer` is what one question
comes to: a table, facts beside it, and further tables; its envelope is the JSON that every ``--json`` prints.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import TYPE_CHECKING, Any, Literal, Self, TypeAlias

from soke.errors import SokeError, of_type
from soke.spreadsheets import inert
from soke.text import NO_FIGURE, clean, decimal, did_you_mean, percent, pounds, sign, tenths

if TYPE_CHECKING:
    import pandas as pd

Cell: TypeAlias = "str | float | int | None"
Kind = Literal[
    "text", "grade", "count", "money", "change", "pounds", "pounds-change", "pence", "pence-change", "share",
    "share-change", "plain", "plain-change",
]  # fmt: skip
PRINTED = 60  # characters of a cell that ``print`` shows
WORDS: tuple[Kind, ...] = ("text", "grade")  # all other kinds are figures


@dataclass(frozen=True, slots=True)
class Column:
    """``key`` names it on every face and holds the unit; ``title`` heads it for people; ``link`` is the key of the
    column that has the address to which a page links its cells.

    ``people``: whether it is shown on a page or a terminal, or only in files and to programs. ``filed``: whether CSV
    files and workbooks have it: not where its cells must not be added up, and other columns hold them apart.
    ``digits``: decimals for people; none: as figures of the kind are rounded. ``missing`` is what people read where
    there is no figure, where that says more than the word of the kind. SokeError for a kind that is none.

    >>> Column("gap_gbp_million", "gap, £m", "money").said(1234.567)
    '1,235'
    >>> Column("rate", "rate", "share", missing="not set").said(None)
    'not set'
    """

    key: str
    title: str
    kind: Kind = "text"
    people: bool = True
    digits: int | None = None
    missing: str | None = None
    link: str = ""
    filed: bool = True

    def __post_init__(self) -> None:
        if self.kind not in WRITERS:
            fix = did_you_mean(str(self.kind), WRITERS, f"Use one of {', '.join(WRITERS)}.")
            raise SokeError(f"{str(self.kind)[:40]!r} is not a kind of column.", fix, code="unknown-name")

    def said(self, cell: Cell) -> str:
        """A cell as people read it, rounded; a text among figures stands as it is."""
        if isinstance(cell, str):
            return cell
        if cell is None and self.missing is not None:
            return self.missing
        if self.digits is None or cell is None or self.kind in WORDS:
            return WRITERS[self.kind](cell)
        return sign(cell, f"{abs(cell):,.{self.digits}f}", plus=self.kind.endswith("change"))


def _words(cell: Cell) -> str:
    return "" if cell is None else str(cell)


def _number(write: Callable[..., str], *digits: int, plus: bool = False) -> Callable[[Cell], str]:
    return lambda cell: write(cell, *digits, plus=plus)


def _count(cell: Cell) -> str:
    return NO_FIGURE if cell is None else f"{cell:,.0f}"


WRITERS: Mapping[Kind, Callable[[Cell], str]] = {
    "text": _words,
    "grade": _words,
    "count": _count,
    "money": _number(decimal),
    "change": _number(decimal, plus=True),
    "pounds": _number(pounds),
    "pounds-change": _number(pounds, plus=True),
    "pence": _number(tenths),
    "pence-change": _number(tenths, plus=True),
    "share": _number(percent),
    "share-change": _number(percent, 1, plus=True),
    "plain": _number(decimal),
    "plain-change": _number(decimal, plus=True),
}


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of whole figures under columns.

    ``id`` names the file and, with ``version``, the schema of its rows. ``page_rows`` are the rows shown to people, all
    by default; ``doubted`` are rows that a page shows grey, since their figure lies within its own range. Make one
    with :meth:`of`, which checks the rows.

    >>> columns = Column("name", "place"), Column("population_persons", "people", "count")
    >>> table = Table.of("towns", "Two towns", columns, [["Leeds", 812000], {"name": "Wakefield"}])
    >>> print(table)
    Two towns
    place         people
    Leeds        812,000
    Wakefield  no figure
    >>> table.column("population_persons")
    [812000, None]
    >>> print(table.where(lambda row: row["name"] == "Leeds").csv(), end="")
    name,population_persons
    Leeds,812000
    """

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    page_rows: tuple[int, ...] | None = None
    doubted: tuple[int, ...] = ()
    version: int = 1

    @classmethod
    def of(
        cls, id_: str, caption: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell] | Mapping[str, Cell]],
        *notes: str,
    ) -> Self:  # fmt: skip
        """A table from rows in the order of the columns, or from mappings by key, where what is left out is no figure.

        A figure that is not a number becomes a missing one. ValueError for a row that does not fit the columns.
        """
        keys = [column.key for column in columns]
        if len(set(keys)) < len(keys):
            raise ValueError(f"{id_}: two columns have one key: {keys}")
        made = tuple(tuple(map(_held, _in_order(id_, keys, row))) for row in rows)
        return cls(id_, caption, tuple(columns), made, tuple(filter(None, notes)))

    @property
    def file(self) -> str:
        return f"{self.id}.csv"

    @property
    def schema(self) -> str:
        """Name and number of the form of its rows: ``places/1``. The number rises when a key changes its meaning."""
        return f"{self.id}/{self.version}"

    @property
    def shown(self) -> tuple[Column, ...]:
        """The columns that people see."""
        return tuple(column for column in self.columns if column.people)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, Cell]]:
        keys = [column.key for column in self.columns]
        return (dict(zip(keys, row, strict=True)) for row in self.rows)

    def records(self) -> list[dict[str, Cell]]:
        """The rows by key, as JSON has them."""
        return list(self)

    def column(self, key: str) -> list[Cell]:
        """The cells of one column. SokeError where there is no such key."""
        number = self.columns.index(self._named(key))
        return [row[number] for row in self.rows]

    def showing(self, *keys: str | Column, **titles: str) -> Self:
        """The same table with these columns alone for people, in this order; none named: as they are.

        A :class:`Column` in the place of a key heads and rounds its figures in its own way; ``titles`` heads some anew.
        """
        by_key = {column.key: column for column in self.columns}
        chosen = [key if isinstance(key, Column) else self._named(key) for key in keys or self.shown]
        for key in titles:
            self._named(key)
        first = [replace(column, people=True, title=titles.get(column.key, column.title)) for column in chosen]
        rest = [replace(column, people=False) for key, column in by_key.items() if key not in {c.key for c in first}]
        order = [list(by_key).index(column.key) for column in (*first, *rest)]
        rows = tuple(tuple(row[k] for k in order) for row in self.rows)
        return replace(self, columns=(*first, *rest), rows=rows)

    def where(self, keep: Callable[[dict[str, Cell]], bool]) -> Self:
        """The same table with the rows alone that ``keep`` says yes to."""
        of_type(keep, Callable, "keep", "Give a function of a row by key.")
        rows = tuple(row for row, record in zip(self.rows, self, strict=True) if keep(record))
        return replace(self, rows=rows, page_rows=None, doubted=())

    def csv(self) -> str:
        """Whole figures, one row a line; a missing figure is an empty cell, and no text is a formula."""
        out = io.StringIO(newline="")
        writer, filed = csv.writer(out, lineterminator="\n"), self.filed()
        writer.writerow([column.key for column in filed.columns])
        writer.writerows([_plain(cell) for cell in row] for row in filed.rows)
        return out.getvalue()

    def filed(self) -> Self:
        """The same with the columns alone that files have."""
        kept = [k for k, column in enumerate(self.columns) if column.filed]
        if len(kept) == len(self.columns):
            return self
        rows = tuple(tuple(row[k] for k in kept) for row in self.rows)
        return replace(self, columns=tuple(self.columns[k] for k in kept), rows=rows)

    def to_pandas(self) -> pd.DataFrame:
        """A pandas DataFrame by key. SokeError where pandas is not installed."""
        try:
            import pandas as pd  # noqa: PLC0415  # optional, and slow to import
        except ImportError:
            fix = "Install it with pip install pandas, or use .records() or .csv()."
            raise SokeError("pandas is not installed.", fix, code="not-installed") from None
        frame = pd.DataFrame(list(self.rows), columns=[column.key for column in self.columns])
        frame.attrs |= {"caption": self.caption, "notes": list(self.notes)}
        return frame

    def __str__(self) -> str:
        """Caption, headings and rows as lines of text, for a plain ``print``; a long text is cut."""
        body = [[_short(clean(column.said(cell))) for cell in row] for column, row in self._by_column()]
        cells = [[column.title, *said] for column, said in zip(self.shown, body, strict=True)]
        widths = [max(map(len, said)) for said in cells]
        left = [column.kind in WORDS for column in self.shown]
        lines = [
            "  ".join(
                text.ljust(width) if is_left else text.rjust(width)
                for text, width, is_left in zip(row, widths, left, strict=True)
            ).rstrip()
            for row in zip(*cells, strict=True)
        ]
        return "\n".join([*([self.caption] if self.caption else []), *lines, *self.notes])

    def _repr_html_(self) -> str:
        """How a notebook shows it."""
        said = [[column.said(cell) for cell in row] for column, row in self._by_column()]
        head = "".join(f"<th>{escape(column.title)}</th>" for column in self.shown)
        body = "".join(
            f"<tr>{''.join(f'<td>{escape(text)}</td>' for text in row)}</tr>" for row in zip(*said, strict=True)
        )
        notes = "".join(f"<p>{escape(note)}</p>" for note in self.notes)
        caption = f"<caption>{escape(self.caption)}</caption>"
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{notes}"

    def _named(self, key: str) -> Column:
        for column in self.columns:
            if column.key == of_type(key, str, "key", "Give the key of a column, as text."):
                return column
        keys = [column.key for column in self.columns]
        fix = " ".join(filter(None, (f"It has {', '.join(keys)}.", did_you_mean(key, keys, ""))))
        raise SokeError(f"The table {self.id} has no column {key[:60]!r}.", fix, code="unknown-name")

    def _by_column(self) -> Iterator[tuple[Column, list[Cell]]]:
        rows = self.rows if self.page_rows is None else [self.rows[k] for k in self.page_rows]
        for k, column in enumerate(self.columns):
            if column.people:
                yield column, [row[k] for row in rows]


def _short(text: str) -> str:
    return text if len(text) <= PRINTED else f"{text[: PRINTED - 1].rstrip()}…"


def _in_order(id_: str, keys: Sequence[str], row: Sequence[Cell] | Mapping[str, Cell]) -> Sequence[Cell]:
    if not isinstance(row, Mapping):
        if len(row) != len(keys):
            raise ValueError(f"{id_}: {len(row)} cells under {len(keys)} columns")
        return row
    unknown = row.keys() - set(keys)
    if unknown:
        raise ValueError(f"{id_}: a row has {sorted(unknown)}, which no column is for")
    return [row.get(key) for key in keys]


def _held(cell: Cell) -> Cell:
    if isinstance(cell, str | int) or cell is None:
        return cell
    try:
        return float(cell) if math.isfinite(cell) else None
    except (TypeError, OverflowError):
        fact = f"A cell is of the type {type(cell).__name__}."
        raise SokeError(fact, "Give text, a number or None.", "rows", code="bad-type") from None


def _plain(cell: Cell) -> Cell:
    return inert(clean(cell)) if isinstance(cell, str) else "" if cell is None else cell


@dataclass(frozen=True, slots=True)
class Answer:
    """What one question comes to: its table, ``facts`` beside it by key, and further ``tables``.

    Keys of facts say their unit as those of columns do. A fact is a text, a number, a truth value, nothing, or a list
    or mapping of these.

    >>> answer = Answer(Table.of("towns", "", [Column("name", "place")], [["Leeds"]]), {"year": "2022-23"})
    >>> answer.envelope("places", "0.1.0")["rows"]
    [{'name': 'Leeds'}]
    """

    table: Table
    facts: Mapping[str, Any] = field(default_factory=dict)
    tables: tuple[Table, ...] = ()

    def envelope(self, command: str, version: str) -> dict[str, Any]:
        """The JSON object that every ``--json`` prints; ``envelope.schema.json`` describes it."""
        return {
            "soke": version, "schema": self.table.schema, "command": command, "rows": self.table.records(),
            "notes": list(self.table.notes), "facts": dict(self.facts),
            "tables": {
                table.id: {
                    "schema": table.schema, "caption": table.caption, "rows": table.records(),
                    "notes": list(table.notes),
                }
                for table in self.tables
            },
        }  # fmt: skip
