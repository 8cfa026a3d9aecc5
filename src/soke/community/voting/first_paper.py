"""A ballot paper from a few answers, so that nobody writes a ``.pb`` file by hand.

Asked are the name of the round, the money, the districts, the projects, how many a ballot may choose, the first and the
last day, where papers are handed in, and whom to ask. The last four stand in META for letters and printed papers.
Everybody has one vote: a ballot that chooses nothing is not valid on such a paper.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import numpy as np

from soke.community.budgets.election import Ballots, Election, Project
from soke.community.budgets.pb import LARGEST_AMOUNT, amount
from soke.community.budgets.pb_write import write_election
from soke.community.budgets.words import money
from soke.community.voting.paper import MOST_PROJECTS, Paper, read_paper
from soke.community.voting.table import read_table
from soke.errors import Location, SokeError, all_of
from soke.spreadsheets import RISKY
from soke.text import did_you_mean

Value = TypeVar("Value")
Ask = Callable[[str, str], str]  # asks one question, with what is taken where nothing is answered; gives the answer
Again = Callable[[SokeError], None]  # what to do about an answer that cannot be used: return to ask again, or raise it
BEGINS, ENDS, HAND_IN, CONTACT = "date_begin", "date_end", "soke_hand_in", "soke_contact"  # keys of META
DAY = "%d.%m.%Y"  # as days stand in .pb files
LONGEST = 200  # characters of an answer
CALLED = {
    "project": "name", "title": "name", "project name": "name", "price": "cost", "amount": "cost", "budget": "cost",
    "number": "id", "no": "id", "no.": "id", "project_id": "id", "ward": "district", "area": "district",
}  # fmt: skip
_AMOUNT = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{1,2})?", re.ASCII)
_DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %B %Y", "%d %b %Y")


class Questions:
    """Puts questions until each is answered well."""

    def __init__(self, ask: Ask, again: Again) -> None:
        self._ask, self._again = ask, again

    def put(self, question: str, read: Callable[[str], Value]) -> Value:
        """The answer to one question, as it reads; it is put again as long as reading it fails. What
        asking raises goes on: there is nobody to ask."""
        while True:
            said = self._ask(question, "").strip()
            try:
                return read(said)
            except SokeError as error:
                self._again(error)


def paper_by_questions(ask: Ask, again: Again, projects: Sequence[Project] | None = None) -> Paper:
    """Ask for a paper; for its projects only where none are given. SokeError for what ``again`` raises."""
    put = Questions(ask, again).put
    title = put("What is the round called, such as Elm ward budget 2026?", lambda said: _text(said, "a name"))
    budget = put("How much money is there, in pounds?", read_money)
    if projects is None:
        districts = put("Which districts have projects of their own? Names with commas, or nothing.", _names)
        projects = _asked_projects(Questions(ask, again), districts, budget)
    _within(projects, budget)
    many = len(projects)
    most = put("How many projects may a ballot choose at most? Nothing: as many as one likes.",
               lambda said: _most(said, many))  # fmt: skip
    begins = put("The first day of the vote, such as 2026-06-01? Or nothing.", _day_or_none)
    ends = put("The last day? Or nothing.", lambda said: _not_before(_day_or_none(said), begins))
    where = put("Where are papers handed in? Or nothing.", lambda said: _text(said, "a place") if said else "")
    contact = put("Whom can people ask, and how? Or nothing.", lambda said: _text(said, "words") if said else "")
    days = [day.strftime(DAY) if day else "" for day in (begins, ends)]
    first = begins or ends
    meta = {
        "description": title, "country": "United Kingdom", "currency": "GBP",
        "instance": str(first.year) if first else "", "num_projects": str(many), "num_votes": "0", "budget": "0",
        "vote_type": "approval", "min_length": "1", "max_length": str(most or ""), BEGINS: days[0], ENDS: days[1],
        HAND_IN: where, CONTACT: contact,
    }  # fmt: skip
    none = Ballots(voters=(), starts=np.zeros(1, np.int64), chosen=np.zeros(0, np.int64))
    made = Election(kind="approval", budget=budget, projects=tuple(projects), ballots=none,
                    meta={key: said for key, said in meta.items() if said})  # fmt: skip
    return read_paper(write_election(made), "the paper")


def day_of(meta: Mapping[str, str], key: str) -> dt.date | None:
    """A day that META names, where it names one whole."""
    try:
        return read_day(meta.get(key, ""))
    except SokeError:
        return None


def read_projects(content: bytes, shown: str) -> tuple[Project, ...]:
    """Projects from a CSV file with the columns name and cost, and id and district where there are any. SokeError names
    every line that is wrong."""
    found: list[Project] = []
    faults: list[SokeError] = []
    lines: dict[str, Location] = {}
    for where, row in read_table(content, shown, ("name", "cost"), ("id", "district"), CALLED):
        try:
            one = _project(row.get("id") or str(len(found) + len(faults) + 1), row)
            for text in (f"id {one.id}", f"name {one.name.casefold()} {one.district.casefold()}"):
                if text in lines:
                    fact = f'The project "{one.name[:60]}" stands twice, first on line {lines[text].line}.'
                    raise SokeError(fact, "Give each project a name and an id of its own.")
                lines[text] = where
            found.append(one)
        except SokeError as error:
            faults.append(SokeError(error.fact, error.fix, where))
    if faults:
        raise all_of(faults)
    if not found:
        raise SokeError("There are no projects in the file.", "Give each a line under name,cost.", shown)
    return tuple(found)


def read_money(text: str) -> int:
    """Hundredths, from pounds as people write them: 20000, £20,000, 1,250.50."""
    plain = "".join(text.replace("£", "").removesuffix("GBP").split())
    found = amount(plain.replace(",", "")) if _AMOUNT.fullmatch(plain) else None
    if not found:
        said = f'"{text[:40]}" is no sum of money above nothing.' if text else "There is no sum of money."
        raise SokeError(said, f"Write pounds, such as 20000 or £1,250.50, up to {LARGEST_AMOUNT // 100:,}.")
    return found


def read_day(text: str) -> dt.date:
    """A day as people write it, the day before the month: 2026-06-01, 1 June 2026, 01/06/2026, Monday 1st June 2026."""
    plain = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", " ".join(text.replace(",", " ").split()))
    plain = re.sub(r"^[A-Za-z]+day ", "", plain)
    for form in _DAYS:
        try:
            found = dt.datetime.strptime(plain, form).replace(tzinfo=dt.UTC).date()
        except ValueError:
            continue
        if 2000 <= found.year <= 2100:
            return found
    said = f'"{text[:40]}" is no day.' if text else "There is no day."
    raise SokeError(said, "Write it as 2026-06-01 or 1 June 2026.")


def _asked_projects(questions: Questions, districts: Sequence[str], budget: int) -> tuple[Project, ...]:
    found: list[Project] = []

    def name(said: str) -> str:
        if not said and not found:
            raise SokeError("There is no project yet.", "Name one.")
        if said.casefold() in {one.name.casefold() for one in found}:
            raise SokeError(f'There is a project "{said[:60]}" already.', "Give each a name of its own.")
        return _text(said, "a name") if said else ""

    def cost(said: str) -> int:
        made = read_money(said)
        _within([Project(id="1", cost=made, name=called)], budget)
        return made

    while len(found) < MOST_PROJECTS:
        which = f"Project {len(found) + 1}:"
        called = questions.put(f"{which} what is it called? Nothing ends the list.", name)
        if not called:
            break
        costs, of = questions.put(f"{which} what does it cost, in pounds?", cost), ""
        if districts:
            of = questions.put(f"{which} of which district ({', '.join(districts)})? Nothing: for everybody.",
                               lambda said: _one_of(said, districts))  # fmt: skip
        found.append(Project(id=str(len(found) + 1), cost=costs, name=called, district=of))
    return tuple(found)


def _project(id_: str, row: Mapping[str, str]) -> Project:
    name = _text(row["name"], "the name of a project")
    if "," in id_ or id_.startswith(RISKY) or len(id_) > LONGEST:
        fact = f'The id "{id_[:40]}" has a comma, or would be taken for a formula.'
        raise SokeError(fact, "Use letters and digits, or leave ids out.")
    district = _text(row["district"], "a district") if row.get("district") else ""
    return Project(id=_text(id_, "an id"), cost=read_money(row["cost"]), name=name, district=_plain_start(district))


def _text(said: str, what: str) -> str:
    """Plain text of one line. SokeError where it is none."""
    text = unicodedata.normalize("NFC", " ".join(said.split()))
    if not text or len(text) > LONGEST or any(unicodedata.category(one)[0] == "C" for one in text):
        fact = f'"{text[:40]}" is not {what}.' if text else f"There is not {what}."
        raise SokeError(fact, f"Write plain text of up to {LONGEST} characters.")
    return text


def _plain_start(text: str) -> str:
    if text.startswith(RISKY):
        raise SokeError(f'"{text[:40]}" would be taken for a formula.', "Begin it with a letter.")
    return text


def _names(said: str) -> tuple[str, ...]:
    """Names between commas; none where nothing was said."""
    names = [_plain_start(_text(one, "a name")) for one in said.split(",")] if said else []
    if len({one.casefold() for one in names}) < len(names):
        raise SokeError("One name stands there twice.", "Name each district once.")
    return tuple(names)


def _one_of(said: str, names: Sequence[str]) -> str:
    known = {"": "", **{one.casefold(): one for one in names}}
    if said.casefold() not in known:
        raise SokeError(f'"{said[:40]}" is no district.', did_you_mean(said, names, f"One of {', '.join(names)}."))
    return known[said.casefold()]


def _most(said: str, projects: int) -> int | None:
    if not said:
        return None
    if not (said.isascii() and said.isdecimal() and len(said) < 6 and 1 <= int(said) <= projects):
        raise SokeError(f'"{said[:40]}" is no number of 1 to {projects:,} projects.', "Write it in figures.")
    return int(said)


def _day_or_none(said: str) -> dt.date | None:
    return read_day(said) if said else None


def _not_before(ends: dt.date | None, begins: dt.date | None) -> dt.date | None:
    if ends and begins and ends < begins:
        raise SokeError("The last day is before the first.", "Write the last day again.")
    return ends


def _within(projects: Sequence[Project], budget: int) -> None:
    """SokeError for projects that cost more than there is: none of them could ever win."""
    over = [one for one in projects if one.cost > budget]
    if over:
        said = "; ".join(f'"{one.name[:60]}" costs £{money(one.cost)}' for one in over[:20])
        raise SokeError(f"More than the £{money(budget)} that there are: {said}.", "Correct the cost or the money.")
