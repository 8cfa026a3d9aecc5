"""Who decides on what in a place, as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from soke import text
from soke.england.deciders import Decider, deciders
from soke.table import Column, Table

NOT_KNOWN = "not known"
DIFFERS = "differs"


def who_decides(name: str, members: str | Iterable[str]) -> Table:
    """One row a subject: who decides, since when, under which law, and how good that is. ``name`` is the place's.

    SokeError for a code that is none.
    """
    return table_of(name, deciders(members))


def table_of(name: str, those: Sequence[Decider]) -> Table:
    """The same of deciders at hand."""
    return Table.of(
        "who_decides",
        f"Who decides on what in {name}",
        (
            Column("subject", "id", people=False),
            Column("title", "Subject"),
            Column("who", "Who decides"),
            Column("since", "Since"),
            Column("since_day", "since, as a day", people=False),
            Column("under", "Under", link="source"),
            Column("note", "Also"),
            Column("source", "source", people=False),
            Column("grade", "Grade", "grade"),
        ),
        [
            (one.subject, one.title, one.who, since(one), one.since.isoformat() if one.since else None, one.under,
             " ".join(filter(None, (one.note, one.reading))), one.source, one.grade)
            for one in those
        ],
        how_good(those),
    )  # fmt: skip


def since(one: Decider) -> str:
    """The day in words; that it differs within the area; or that it is not known."""
    if one.since:
        return text.day(one.since)
    return DIFFERS if one.differs else NOT_KNOWN


def how_good(those: Sequence[Decider]) -> str:
    """In how many of the rows the law was read, how many are second-hand, and how many from memory.

    >>> how_good(deciders("E07000149"))
    'In 22 of 24 rows the law itself was read; 2 are second-hand or read in part; none is from memory.'
    """
    if not those:
        return "Nothing is told of it."
    how = Counter(one.how for one in those)
    return (
        f"In {how['read'] or 'none'} of {len(those)} rows the law itself was read; {_are(how['second-hand'])} "
        f"second-hand or read in part; {_are(how['memory'])} from memory."
    )


def _are(number: int) -> str:
    return f"{number or 'none'} {'are' if number > 1 else 'is'}"
