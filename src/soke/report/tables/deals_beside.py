"""Tables of what differs between two deals, or between a deal and the standing offer."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from soke.deal.diff import Change, diff
from soke.deal.from_offer import Named
from soke.deal.types import Deal
from soke.report.tables.deal import HOW, titles_of
from soke.report.tables.devolution import WORDS
from soke.table import Column, Table
from soke.text import capital, day, money, one_line

TERMS = "terms"  # what stands at the head of a deal
SECTIONS: dict[str, tuple[str, ...]] = {  # by heading: the kinds of item
    "Area, level and years": (TERMS,),
    "Powers": ("power",),
    "Money": ("fund", "pool"),
    "Tax": ("fiscal", "proceeds"),
    "What the money buys": ("investment", "programme", "standard"),
    "Promises": ("condition", "target", "due_process", "bargain"),
    "Communities": ("community",),
    "Who answers": ("accountability", "layer"),
    "Small print": ("clause",),
    "Names, figures and sources": ("party", "indicator", "standing", "account", "case", "source"),
}
BY_KEY = ("fiscal", "proceeds", "due_process", "case", "standing")  # have no title of their own
KEYS = {  # of the file, in words
    "exercise": "how it is decided", "statutory_basis": "law", "in_force": "in force since", "holder": "held by",
    "profile": "money,", "previous_spend": "spent here before,",
    "recallable_share": "the most that its terms let be taken back",
    "pooled_in": "pooled in", "tie": "what hangs on it", "recall.scope": "what could be taken back",
    "recall.max_share_of_fund": "how much of a fund", "recall": "what could be taken back", "title": "called",
}  # fmt: skip
VALUES: dict[str, str] = {**HOW, **dict(WORDS.items()), "in-force": "in force"}  # of the file, in words
PATHS = {  # of what has no title of its own
    "tier": "Level", "members": "Councils", "starts": "First year", "ends": "Last year", "prices": "Sums are in",
    "fiscal.business_rates": "Business rates", "fiscal.council_tax": "Council tax",
    "fiscal.business_rates.retention": "Business rates: share of growth kept",
    "fiscal.business_rates.from": "Business rates: kept from",
    "fiscal.business_rates.reset": "Business rates: counted anew in",
    "fiscal.business_rates.existing_from": "Business rates: kept by older terms from",
    "fiscal.business_rates.existing_until": "Business rates: kept by older terms until",
    "proceeds.older_care": "What growth brings: to care for older people",
    "proceeds.children": "What growth brings: to children", "proceeds.prevention": "What growth brings: to prevention",
    "proceeds.communities": "What growth brings: to communities",
    "proceeds.reserves": "What growth brings: to reserves",
}  # fmt: skip
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_SCOPE = re.compile(r"\bscope (.+); max share of fund (.+)")
_ID = re.compile(r'"([^"\n]{1,80})"')
_CODE = re.compile(r" \([A-Z]\d{8}\)", re.ASCII)
_SUM = re.compile(r"£(\d{1,3}(?:,\d{3}){2,})(?:\.\d\d)?", re.ASCII)  # from a million on
_KNOWN_BY = re.compile(r'(?:^|(?<=; ))(?:origin|source|grade|note) "(?:[^"\\]|\\.)*"(?:, "(?:[^"\\]|\\.)*")*(?:; |$)')
_UNSAID = ("source", "note", "origin", "grade")  # how well an item is known


def beside(first: Deal, second: Deal, names: tuple[str, str]) -> list[tuple[str, Table]]:
    """What differs between two deals, a table under each heading that has anything."""
    changes = [change for change in diff(first, second) if change.path not in ("id", "title", "extends")]
    return _tables(changes, titles_of(second, first), names)


def on_other_terms(deal: Deal, changes: Sequence[Change]) -> list[tuple[str, Table]]:
    """What a deal takes up from the offer on other terms."""
    return _tables(changes, titles_of(deal), ("As offered", "In this deal"))


def _tables(changes: Sequence[Change], titles: dict[str, str], names: tuple[str, str]) -> list[tuple[str, Table]]:
    columns = Column("what", "What"), Column("first", names[0]), Column("second", names[1])
    found = []
    for number, (heading, kinds) in enumerate(SECTIONS.items(), 1):
        rows = [_row(change, titles) for change in changes if _kind(change.path) in kinds and _says(change)]
        if rows:
            found.append((heading, Table.of(f"differs_{number}", heading, columns, rows)))
    return found


def _says(change: Change) -> bool:
    whole = change.path.count(".") < 2 and (change.before is None or change.after is None)
    return whole or change.path.rpartition(".")[2] not in _UNSAID


def _kind(path: str) -> str:
    kind, _, rest = path.partition(".")
    known = {kind for kinds in SECTIONS.values() for kind in kinds}
    return kind if kind in known and (rest or kind in ("due_process", "proceeds", "account")) else TERMS


def _row(change: Change, titles: dict[str, str]) -> tuple[str, str, str]:
    whole = change.path.count(".") == 1 and (change.before is None or change.after is None)
    values = []
    for value, said in zip((change.before, change.after), change.told, strict=True):
        told = _KNOWN_BY.sub("", said) if None in (change.before, change.after) else said
        there = ("yes" if value is not None else "no") if whole else "not said"
        values.append(_spoken(told, titles) if told and told != "nothing" else there)
    first, second = values
    rounded = [_SUM.sub(_rounded, value) for value in values]
    if rounded[0] != rounded[1]:
        first, second = rounded
    return _label(change.path, titles), first, second


def _rounded(found: re.Match[str]) -> str:
    return money(int(found[1].replace(",", "")) / 1e6)


def _label(path: str, titles: dict[str, str]) -> str:
    """What a path of the file is called: the title of its item, then its keys."""
    kind, _, rest = path.partition(".")
    if path in PATHS:
        return PATHS[path]
    if not rest:
        return _readable(path)
    inside = [id_ for id_ in titles if f"{rest}.".startswith(f"{id_}.")]
    id_ = max(inside, key=len, default="")
    if not id_ or _kind(path) in (TERMS, "party", *BY_KEY):
        return _readable(rest if kind in ("fiscal", "case", "standing", "party") else path)
    keys = rest[len(id_) :].strip(".")
    return f"{titles[id_]}{f': {_key(keys)}' if keys else ''}"


def _key(keys: str) -> str:
    """Keys of the file below an item, as people call them."""
    found = next((key for key in KEYS if keys == key or keys.startswith(f"{key}.")), "")
    rest = keys[len(found) :].strip(".").replace(".", " ").replace("_", " ")
    return f"{KEYS.get(found, '')} {rest}".strip()


def _readable(path: str) -> str:
    words = one_line(path.replace(".", ": ").replace("_", " ").replace("-", " ") if "." in path else path)
    words = words.replace("_", " ")
    return capital(words)


def _spoken(told: str, titles: dict[str, str]) -> str:
    """A value in words: ids by what they are called, and without quotation marks."""
    if len(told) > 1 and told.count('"') == 2 and told[0] == told[-1] == '"':
        bare = told[1:-1]
        return one_line(titles.get(bare) or VALUES.get(bare, bare))
    if _DAY.fullmatch(told):
        return day(dt.date.fromisoformat(told))
    told = _CODE.sub("", told.removeprefix("amount "))
    told = _SCOPE.sub(r"\1; at most \2 of a fund", told).removesuffix("; at most 0 per cent of a fund")
    return one_line(_ID.sub(lambda found: titles.get(found[1], found[1]), told))


def own_items(deal: Deal, own: Sequence[Named]) -> list[tuple[str, list[str]]]:
    """Titles of what a deal has beyond the offer, under the headings of differences."""
    titles = titles_of(deal)
    found = []
    for heading, kinds in SECTIONS.items():
        named = [titles.get(id_, one_line(id_)) for kind, id_ in own if kind in kinds]
        if named:
            found.append((heading, named))
    return found
