"""Whose folder it is: a result is written over an earlier one of the same deal or the same rule, and over nothing else.

What a folder holds is read from its record: ``run.json`` of a run, ``manifest.json`` of a count or a split.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from soke.community import split_record
from soke.community.budgets import manifest as count_record
from soke.errors import SokeError
from soke.files import read_whole
from soke.text import clean

RUN, MANIFEST = "run.json", "manifest.json"
MOST = 100_000_000  # bytes of a record
ELSEWHERE = "Nothing was written. Name another folder with --out, or move what is there."


@dataclass(frozen=True, slots=True)
class Held:
    """A result by what makes it the same one: ``key``. ``words`` say whose it is; ``files`` the names that its record
    vouches for, all of its kind where it names none."""

    record: str
    key: object
    words: str
    files: frozenset[str] = frozenset()


def of_run(deal: str, outputs: Collection[str] = ()) -> Held:
    """A run, by the id of its deal: it may be run again on another scenario, or when the deal has changed."""
    return Held(RUN, ("run", deal), f'the run of the deal "{clean(deal)[:80]}"', frozenset(outputs))


def of_count(record: Mapping[str, Any]) -> Held:
    """A count, by its rule and its election."""
    rule, ballots = record.get("rule"), record.get("ballots")
    said = rule if isinstance(rule, Mapping) else {}
    chosen = [said.get(key) for key in ("rule", "completion")]
    named = " and ".join(str(one) for one in chosen if one and one != "none") or "no rule"
    election = ballots.get(count_record.ELECTION) if isinstance(ballots, Mapping) else None
    whose = "" if election is None else f" of the ballots {str(election)[:12]}"
    words = f"a count{whose} by {clean(named)[:80]}"
    return Held(MANIFEST, ("count", count_record.canonical(rule), election), words)


def of_split(record: Mapping[str, Any]) -> Held:
    """A split, by its deal, its rule with floors and caps, and its areas; how much is shared may change."""
    pence = record.get("pence")
    terms = {key: record.get(key) for key in ("deal", "community", "by", "floors", "caps", "districts_first")}
    areas = sorted(pence) if isinstance(pence, Mapping) else None
    words = f"the split of a fund by {clean(str(record.get('by')))[:80]}"
    return Held(MANIFEST, ("split", count_record.canonical([terms, areas])), words)


def check_own(folder: Path, names: Collection[str], mine: Held) -> None:
    """SokeError where writing files of ``names`` into a folder would replace what is not an earlier result of ``mine``:
    another deal's or rule's, one of another command, or a file that no record there vouches for."""
    if not folder.is_dir():
        return
    theirs = {held.record: held for held in _found(folder)}
    for held in theirs.values():
        if held.record != mine.record or held.key != mine.key:
            also = "" if held.words != mine.words else ", on other terms"
            raise SokeError(f"{folder} holds {held.words}{also}, not {mine.words}.", ELSEWHERE, code="file-refused")
    own = theirs.get(mine.record)
    vouched = own.files or frozenset(names) if own else frozenset()
    lost = sorted(name for name in names if name not in vouched and (folder / name).exists())
    if lost:
        more = f" and {len(lost) - 1} more" if len(lost) > 1 else ""
        fact = f"{folder} holds {lost[0]}{more}, which no earlier result there vouches for."
        raise SokeError(fact, ELSEWHERE, code="file-refused")


def _found(folder: Path) -> Iterator[Held]:
    """What the records in a folder say; what is no record of Soke is somebody's own file."""
    for name in (RUN, MANIFEST):
        if not (folder / name).is_file():
            continue
        try:
            record = json.loads(read_whole(folder / name, str(folder / name), MOST).decode("utf-8-sig"))
        except (ValueError, RecursionError, SokeError):
            record = None
        made = _held(name, record) if isinstance(record, dict) else None
        yield made or Held(name, None, f"a {name} that is no record of Soke")


def _held(name: str, record: Mapping[str, Any]) -> Held | None:
    if name == RUN:
        outputs = record.get("outputs")
        if not isinstance(record.get("deal"), str) or not isinstance(outputs, dict):
            return None
        return of_run(record["deal"], (*outputs, RUN))
    if record.get("format") == count_record.FORMAT:
        return of_count(record)
    return of_split(record) if record.get("format") == split_record.FORMAT else None
