"""Published outcomes of budgets and lotteries on the truth scoreboard, counted again from a folder of files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from soke.cli.output import Column, console, emit, say
from soke.community.published import PublishedOutcome
from soke.errors import SokeError
from soke.table import Cell

NOT_CHECKED = (
    "Not checked: published outcomes of budgets and lotteries, whose ballots and pools are not shipped. "
    "soke verify --data FOLDER counts them again from files of your own."
)
SUMMARY = (
    Column("room", "room"), Column("figure", "figure"), Column("figures", "figures", 0), Column("matching", "match", 0),
    Column("explained", "explained", 0), Column("failing", "do not match", 0),
)  # fmt: skip
EXPLAINED = (
    Column("where", "where"), Column("figure", "figure"), Column("published", "published"), Column("here", "here"),
    Column("explained", "why it is not reproduced"),
)  # fmt: skip
EVERY = (
    Column("room", "room"), Column("where", "where"), Column("figure", "figure"), Column("published", "published"),
    Column("here", "here"), Column("match", "match"), Column("explained", "explained"), Column("source", "source"),
)  # fmt: skip


def outcomes(data: Path | None) -> tuple[PublishedOutcome, ...]:
    """All that the folder holds; none without a folder. SokeError where it is no folder with such files."""
    if data is None:
        return ()
    folder = data / "community"
    if not folder.is_dir():
        raise SokeError("The folder has no part called community.", "Name the folder of official files.", str(data))
    from soke.community.assemblies.published import published_outcomes as of_assemblies  # noqa: PLC0415 - heavy
    from soke.community.budgets.published import published_outcomes as of_budgets  # noqa: PLC0415 - heavy

    return (*of_budgets(data), *of_assemblies(data))


def failing(found: Sequence[PublishedOutcome]) -> tuple[PublishedOutcome, ...]:
    """Those that should match, and do not."""
    return tuple(one for one in found if not one.matches and not one.explained)


def row(one: PublishedOutcome) -> dict[str, Cell]:
    return {
        "room": one.room, "where": one.where, "figure": one.figure, "published": one.published, "here": one.here,
        "match": "yes" if one.matches else "no", "explained": one.explained, "source": one.source,
    }  # fmt: skip


def summary(found: Sequence[PublishedOutcome]) -> list[dict[str, Cell]]:
    """One row a room and figure."""
    groups: dict[tuple[str, str], list[PublishedOutcome]] = defaultdict(list)
    for one in found:
        groups[one.room, one.figure].append(one)
    return [
        {
            "room": room, "figure": figure, "figures": len(group), "matching": sum(one.matches for one in group),
            "explained": sum(bool(one.explained) and not one.matches for one in group),
            "failing": len(failing(group)),
        }
        for (room, figure), group in groups.items()
    ]  # fmt: skip


def print_outcomes(found: Sequence[PublishedOutcome], data: Path | None) -> None:
    out = console()
    out.print()
    if data is None:
        out.print(NOT_CHECKED, markup=False)
        return
    emit(summary(found), SUMMARY, as_json=False, as_csv=False, title="Published outcomes of budgets and lotteries")
    missing = [row(one) for one in found if one.explained and not one.matches]
    if missing:
        out.print()
        emit(missing, EXPLAINED, as_json=False, as_csv=False,
             title=f"Not reproduced: {len(missing)} outcomes, each with its reason")  # fmt: skip
    out.print()
    tell_failures(found)
    wrong = len(failing(found))
    said = "all of them match or say why not" if not wrong else f"{wrong} do not match"
    out.print(f"Of {len(found):,} published outcomes, {said}.", markup=False)


def tell_failures(found: Sequence[PublishedOutcome]) -> None:
    for one in failing(found):
        say(f"Does not match: {one.where}, {one.figure}: published {one.published}, here {one.here}.")


def print_every(found: Sequence[PublishedOutcome]) -> None:
    emit([row(one) for one in found], EVERY, as_json=False, as_csv=False,
         title="Published outcomes of budgets and lotteries")  # fmt: skip
