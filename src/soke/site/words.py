"""The words that pages use and readers may not know: one table, a way to open a meaning in place, and the glossary.

:func:`term` makes a word a button that shows its meaning without a script, and :func:`numbered` gives every such button
of a page an id of its own.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from soke.errors import SokeError
from soke.report.markup import Child, Element, el
from soke.text import did_you_mean

TABLE = "words.csv"
PREFIX = "word-"  # of the ids of what opens


@dataclass(frozen=True, slots=True)
class Word:
    """A term with its meaning in plain words. ``page``: where it is used, ``used_in`` what that page is called."""

    group: str
    key: str
    term: str
    meaning: str
    page: str
    used_in: str


@cache
def words() -> Mapping[str, Word]:
    """Every term by its key, in the order of the glossary."""
    text = files(__package__).joinpath(TABLE).read_text(encoding="utf-8")
    return MappingProxyType({row["key"]: Word(**row) for row in csv.DictReader(text.splitlines())})


def word(key: str) -> Word:
    """One term. SokeError, with the nearest keys, for a key that is none."""
    found = words().get(key)
    if found is None:
        fix = did_you_mean(key, words(), "The keys are those of src/soke/site/words.csv.")
        raise SokeError(f"The glossary has no word {key[:60]!r}.", fix, code="unknown-name")
    return found


def term(said: str, key: str) -> Child:
    """Words on a page that open the meaning of a term in place, by mouse, finger and keyboard, without a script.

    SokeError for a key that is not in the glossary.
    """
    found, id_ = word(key), PREFIX + key
    button = el("button", said, class_="term", type="button", popovertarget=id_)
    return el("span", button, el("span", el("b", f"{found.term}: "), found.meaning, id=id_, popover=""))


def numbered(children: Sequence[Child]) -> tuple[Child, ...]:
    """The same parts of a page, where each word that opens has an id of its own: ``word-short``, ``word-short-2``."""
    used: Counter[str] = Counter()
    return tuple(_numbered(child, used) for child in children)


def _numbered(child: Child, used: Counter[str]) -> Child:
    if not isinstance(child, Element):
        return child
    own = dict(child.attributes)
    if child.tag == "button" and own.get("popovertarget", "").startswith(PREFIX):
        key = own["popovertarget"]
        used[key] += 1
        return _called(child, "popovertarget", key, used[key])
    if "popover" in own and own.get("id", "").startswith(PREFIX):
        return _called(child, "id", own["id"], used[own["id"]])
    children = tuple(_numbered(each, used) for each in child.children)
    same = all(new is old for new, old in zip(children, child.children, strict=True))
    return child if same else replace(child, children=children)


def _called(child: Element, name: str, key: str, number: int) -> Element:
    if number < 2:
        return child
    value = f"{key}-{number}"
    return replace(child, attributes=tuple((n, value if n == name else v) for n, v in child.attributes))
