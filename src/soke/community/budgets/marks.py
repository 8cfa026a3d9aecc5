"""What a published file says of its winners beyond yes and no.

Cities pay for projects outside the rule: as a prize for turnout, from a reserve, from what other districts left. Files
mark such a project with 2 or 3 in the column ``selected`` and explain the mark in their comment. It is no winner of the
vote: the rule shall not fund it, and that the file does is no difference. Where the comment explains nothing, whether
the project won is not compared. A mark that the comment gives to the project that the rule itself funds in part
(Poznan) is that of a winner.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from soke.community.budgets.election import Election
from soke.community.budgets.greedy import PART
from soke.community.budgets.pb import MARK
from soke.community.budgets.rule import Parameters

_REMARK = re.compile(r"#\d+:")
_LIST = re.compile(r"\bprojects?\b[^\w#]{1,3}((?:[\w./-]+(?:,? and |,? or |, ?| & | ?/ ?))+[\w./-]+)", re.I)
_EXCLUDE = re.compile(r"simultan|exclu|conflict|together|both|same (?:site|place|area|land|plot)|collid|only one", re.I)
LONGEST = 600  # characters of a comment that are shown


@dataclass(frozen=True, slots=True)
class Marks:
    """``won``: numbers of the projects that the file publishes as winners of the vote. ``otherwise``: by mark, those
    that were paid for otherwise, and the remark that says so; empty where none does."""

    won: frozenset[int]
    otherwise: Mapping[str, tuple[tuple[int, ...], str]]

    @property
    def open(self) -> frozenset[int]:
        """Those of whom nobody knows whether they won."""
        return frozenset(number for numbers, remark in self.otherwise.values() if not remark for number in numbers)

    def told(self, election: Election, winners: frozenset[int]) -> list[str]:
        """A sentence for each mark; ``winners`` are those of the count."""
        sentences = []
        for mark, (numbers, remark) in sorted(self.otherwise.items()):
            ids = ", ".join(election.projects[number].id for number in numbers)
            head = f"The file marks as selected with {mark}, not 1: {ids}."
            here = [election.projects[number].id for number in numbers if number in winners]
            if remark:
                said = f'It says: "{remark}" So they are no winners of the vote.'
            else:
                said = f"It does not say what {mark} means: whether they won is not compared."
            also = f" Here {', '.join(here)} would win." if here else ""
            sentences.append(f"{head} {said}{also}")
        return sentences


def remarks(election: Election) -> list[str]:
    """The remarks of the comment in META, one by one."""
    parts = (" ".join(part.split()) for part in _REMARK.split(election.meta.get("comment", "")))
    return [part for part in parts if part]


def marks(election: Election, parameters: Parameters | None) -> Marks:
    """What the file says of its winners; ``parameters``: the rule, which may give a mark to what it funds in part."""
    projects = election.projects
    won = {number for number, project in enumerate(projects) if project.published and MARK not in project.extra}
    by_mark: dict[str, list[int]] = {}
    for number, project in enumerate(projects):
        if MARK in project.extra:
            by_mark.setdefault(project.extra[MARK], []).append(number)
    otherwise = {}
    for mark, numbers in by_mark.items():
        remark = next((one for one in remarks(election) if _explains(one, mark)), "")
        if parameters is not None and parameters.part_funding is not None and PART.search(remark):
            won |= set(numbers)
        else:
            otherwise[mark] = (tuple(numbers), remark[:LONGEST])
    return Marks(frozenset(won), otherwise)


def _explains(remark: str, mark: str) -> bool:
    """Whether a remark speaks of that mark: the number after a word for marks, or beside the name of the column."""
    number = rf"(?<![\w.,#]){re.escape(mark)}(?![\w%]|[.,]\d)"
    named = "select" in remark.lower() and re.search(number, remark) is not None
    return (
        named
        or re.search(rf"\b(?:mark|status|value|flag|code)\w*\W+(?:\w+\W+){{0,3}}?{number}", remark, re.I) is not None
    )


def named_together(election: Election) -> list[tuple[str, ...]]:
    """Projects that a remark names together as such of which not all could be carried out."""
    found = []
    for remark in remarks(election):
        for match in _LIST.finditer(remark) if _EXCLUDE.search(remark) else ():
            ids = [word.strip(".") for word in re.split(r",? and |,? or |, ?| & | ?/ ?", match[1])]
            known = tuple(dict.fromkeys(one for one in ids if one in election.index))
            if len(known) > 1 and known not in found:
                found.append(known)
    return found
