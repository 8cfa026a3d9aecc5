"""What each side of a deal promised, as rows for people: a word for how it stands, what it is, and its figures."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from soke.deal.evaluation import Evaluation
from soke.register.due import DueLine
from soke.register.promises import PromiseLine
from soke.register.scorecard import Scorecard
from soke.register.standing import FAILED, ConditionLine, rounded
from soke.text import capital, financial_year, listed
from soke.text import day as in_words

Mark = Literal[
    "missed", "broken", "late", "near", "kept", "kept-late", "awaited", "no-day", "nothing", "excused",
    "waived", "not-yet",
]  # fmt: skip
BAD: tuple[Mark, ...] = ("missed", "broken", "late")
KEPT: tuple[Mark, ...] = ("kept", "kept-late")
NEAR: tuple[Mark, ...] = ("near",)
_PER_CENT = re.compile(r"(\d[\d.,]*)%")


@dataclass(frozen=True, slots=True)
class Row:
    """``many``: of how many promises of one kind it tells. ``about`` names the thing in tags of the register, and of
    many only their kind."""

    mark: Mark
    what: str
    detail: str
    many: int = 1
    about: str = ""


def many(rows: Iterable[Row], marks: Collection[Mark] | None = None) -> int:
    """How many promises rows tell of; of those with one of the ``marks`` alone, where these are given."""
    return sum(row.many for row in rows if marks is None or row.mark in marks)


def place_rows(card: Scorecard) -> list[Row]:
    """The conditions of the deal, and what else the place promised; what went wrong first."""
    asked = [condition_row(one) for one in card.conditions]
    return _worst_first([*asked, *_promised(card.promises, "place")])


def government_rows(card: Scorecard) -> list[Row]:
    return _worst_first(_promised(card.promises, "government"))


def _worst_first(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: row.mark not in BAD)


def _promised(lines: Iterable[PromiseLine], side: str) -> list[Row]:
    """What a side promised beside the conditions, which are told as such."""
    mine = (line for line in lines if line.side == side and not line.about.startswith("condition:"))
    return [Row(line.status, line.what, _sentences(line.detail, line.evidence), line.many, line.about) for line in mine]


def _sentences(*parts: str) -> str:
    return " ".join(ended(capital(part)) for part in parts if part.strip())


def ended(text: str) -> str:
    text = text.rstrip()
    return text if text.endswith((".", "!", "?", '."', '?"')) else f"{text}."


def inside(name: str) -> str:
    """A name within a sentence."""
    return f"the {name[4:]}" if name.startswith("The ") else name


def whose(one: DueLine) -> str:
    """Who must do what is due; of many the first, or their role."""
    names = [inside(name) for name in one.who]
    return listed(names) if len(names) <= 2 else one.role or f"{names[0]}, or {len(names) - 1} others"


# --- conditions ---


def condition_row(one: ConditionLine) -> Row:
    return Row(condition_mark(one), one.title, " ".join(_going(one)), about=f"condition:{one.id}")


def condition_mark(one: ConditionLine) -> Mark:
    """How a condition stands, in a word: also of an earlier period that was missed and on which nobody acted."""
    if not one.in_force:
        return "not-yet"
    if one.waived_by:
        return "waived"
    if one.untouched_before and one.found.status not in FAILED:
        return "missed"
    if one.found.status in FAILED and one.found.excused:
        return "excused"
    marks: dict[str, Mark] = {"met": "kept", "near-miss": "near", "missed": "missed", "overdue": "late"}
    judged = one.before if one.found.status not in marks and one.before is not None else one.found
    nothing = one.counted and not one.runs
    return marks.get(judged.status, "nothing" if nothing else "awaited")


def _going(one: ConditionLine) -> list[str]:
    """Sentences: the figure of the last period, what was agreed, what runs now, and what stood before."""
    found = one.found
    if not one.in_force:
        return [_agreed(one)]
    if one.standing:
        return [ended(one.so_far)]
    said = [f"{period(found.period_end)}{' so far' if one.counted and one.runs else ''}: {_figure(one, found)}."]
    if found.count is None or found.count.done < found.count.asked:
        said.append(_agreed(one))
    if found.value is None and not one.counted:
        said = [f"{period(found.period_end)}: the report {_was_due(found, one)}.", _agreed(one)]
    if one.running is not None and one.running.value is not None:
        said.append(f"{period(one.running.period_end)} so far: {_figure(one, one.running)}.")
    if one.waived_by:
        said.append("The government is in breach, and so the duty is suspended.")
    elif one.untouched:
        said.append("Nobody has opened a matter.")
    if one.before is not None:
        said.append(_before(one, one.before))
    return said


def _was_due(found: Evaluation, one: ConditionLine) -> str:
    return f"{'was' if found.status == 'overdue' else 'is'} due by {in_words(found.due)}"


def _agreed(one: ConditionLine) -> str:
    if one.counts == "things":
        return f"{capital(_PER_CENT.sub(_in_a_hundred, one.asks))} were agreed."
    return f"{capital(one.asks)} was agreed."


def _in_a_hundred(match: re.Match[str]) -> str:
    return f"{match[1]} in 100"


def _figure(one: ConditionLine, found: Evaluation) -> str:
    count = found.count
    if count is None:
        so_far = one.so_far if found is one.found else one.running_so_far if found is one.running else one.before_so_far
        return so_far.rstrip(".")
    if not count.asked:
        return "nothing fell due"
    if one.counts != "pence":
        return f"{count.done:,} of {count.asked:,}"
    share = f", or {percent(count.done, count.asked)}" if count.done != count.asked else ""
    return f"{rounded(count.done)} of {rounded(count.asked)}{share}"


def percent(done: int, asked: int) -> str:
    """A share in per cent with up to two decimals: ``0.48%``."""
    said = f"{100 * done / asked:.2f}".rstrip("0").rstrip(".")
    return f"{said}%"


def _before(one: ConditionLine, before: Evaluation) -> str:
    words = {"met": "kept", "near-miss": "nearly kept", "missed": "missed", "overdue": "not reported in time"}
    said = f"{period(before.period_end)} was {words.get(before.status, before.status)}"
    said += f": {_figure(one, before)}" if before.value is not None else ""
    said += ", and was excused" if before.excused else ""
    return f"{said}. Nobody opened a matter about it." if one.untouched_before else f"{said}."


def period(end: dt.date) -> str:
    """A financial year by its name; any other period by its last day."""
    if (end.month, end.day) == (3, 31):
        return financial_year(end.year - 1)
    return f"To {in_words(end)}"
