"""The ballot paper: what can be chosen, what a ballot may hold, and what else a voter is asked.

A paper is a ``.pb`` file without ballots: META says how many projects or points or how much money a ballot may have,
PROJECTS what can be chosen, and the header of VOTES which further columns are asked (``voter_id;vote;age``; better
none). Whether a ballot is valid is decided by the very reader that later counts it (:mod:`..budgets.pb_votes`).

A ballot that is cast one by one is refused where it is not valid, so that its voter can put it right. A paper that came
in a pile cannot be put right: it is **received and not counted** (:class:`Invalid`), for one of :data:`REASONS`. What
only the person who typed can have got wrong, such as full stops between ids, is refused in both.

Where projects are of districts, who holds a code of a district chooses among its projects and those of no district.

Only ranked ballots keep the order in which the projects were named. On all others they stand in the order of the paper,
so that nobody can mark a ballot as theirs by the order of its ticks.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from soke.community.budgets.election import Ballots, Election, Project
from soke.community.budgets.pb import parse_paper
from soke.community.budgets.pb_findings import OLDEST
from soke.community.budgets.pb_votes import Limits, read_ballots
from soke.community.voting.codes import read_code
from soke.community.voting.table import read_table
from soke.errors import Faults, Location, SokeError, all_of
from soke.spreadsheets import RISKY
from soke.text import did_you_mean

OURS = ("voter_id", "vote", "points")
MOST_PROJECTS = 10_000
LONGEST_ANSWER = 60  # bytes of an answer to what else is asked
REASONS = {  # why a paper is invalid
    "unknown": "a project that is not on the paper",
    "twice": "a project twice",
    "too_many": "too many projects",
    "too_few": "too few projects",
    "cost": "projects for more than a ballot may spend",
    "points": "points that the paper does not allow",
    "district": "a project of another district",
    "age": "a voter who is too young",
}
_BETWEEN_IDS = re.compile(r"[\s;./|+&]+")


@dataclass(frozen=True, slots=True)
class Ballot:
    """``chosen``: ids of projects; ``points`` of each, where the paper asks for points; ``about``: the answers to what
    the paper asks beside, in its order; ``district`` of the code with which it was cast, empty where it is of none."""

    chosen: tuple[str, ...]
    points: tuple[int, ...] = ()
    about: tuple[str, ...] = ()
    district: str = ""


@dataclass(frozen=True, slots=True)
class Invalid:
    """A paper that was received and is not counted: why, as a key of :data:`REASONS`, and what was written on it.
    ``fact`` is the reason as a sentence."""

    reason: str
    written: tuple[str, ...]
    fact: str = field(compare=False)


class TooYoung(SokeError):
    """Who voted is younger than the paper allows."""


Batch = list[tuple[Location, str, Ballot | Invalid]]  # where each stands, its code, and what was on the paper


@dataclass(frozen=True, kw_only=True)
class Paper:
    """``asked``: further columns. ``content``: the bytes of the file, which the ballot box keeps."""

    election: Election
    limits: Limits
    pointed: bool
    asked: tuple[str, ...]
    content: bytes

    @property
    def most(self) -> int:
        """How many projects a ballot may choose."""
        number = len(self.election.projects)
        return number if self.limits.max_length is None else min(number, self.limits.max_length)

    @cached_property
    def districts(self) -> tuple[str, ...]:
        """The districts that have projects of their own, in the order of the paper."""
        return tuple(dict.fromkeys(one.district for one in self.election.projects if one.district))

    def district(self, name: str) -> str:
        """A district as the paper spells it. SokeError where it has none of that name."""
        known = {one.casefold(): one for one in self.districts}
        if name.strip().casefold() not in known:
            fact = f'No project is of the district "{name[:60]}".' if known else "The projects are of no districts."
            otherwise = f"The districts: {', '.join(self.districts)}." if known else "Leave the district out."
            raise SokeError(fact, did_you_mean(name.strip(), self.districts, otherwise))
        return known[name.strip().casefold()]

    def open_to(self, district: str) -> tuple[Project, ...]:
        """What a code of a district can choose: its projects and those of no district; a code of none: all."""
        return tuple(one for one in self.election.projects if not district or one.district in ("", district))

    def in_district(self, paper: Ballot | Invalid, district: str) -> Ballot | Invalid:
        """What is on a paper whose code is of a district, empty where of none: invalid where it chooses of another."""
        if isinstance(paper, Invalid) or not district:
            return paper
        of = self.election.projects
        for one in paper.chosen:
            if (theirs := of[self.election.index[one]].district) not in ("", district):
                fact = f"This code is of {district}, and project {one[:60]} is of {theirs}."
                return Invalid("district", (",".join(paper.chosen),), fact)
        return replace(paper, district=district)

    def received(self, chosen: str, points: str = "", about: Mapping[str, str] | None = None) -> Ballot | Invalid:
        """What was on a paper that came in a pile: the ballot, or why it is not counted. SokeError for what only who
        typed it can have got wrong."""
        if slip := self._slip(chosen):
            raise SokeError(slip, "Write the ids of the projects with commas between them: 1,4,7.")
        ids_written = _pieces(chosen) if self.pointed or self.election.kind == "ordinal" else sorted(_pieces(chosen))
        written = (",".join(ids_written), ",".join(_pieces(points)))
        try:
            answers = self._answers(about or {})
            ids, given = self._choice(chosen, points)
        except TooYoung as error:
            return Invalid("age", written, error.fact)
        except SokeError as error:
            if not (reason := self._reason(_pieces(chosen))):
                raise
            return Invalid(reason, written, error.fact)
        return Ballot(ids, given, answers)

    def _slip(self, chosen: str) -> str:
        """What is wrong with how ids were typed; empty where nothing is, whatever project they name."""
        ids = self.election.index
        for piece in _pieces(chosen):
            parts = [part for part in _BETWEEN_IDS.split(piece) if part]
            if not piece:
                return "There is nothing between two commas of this choice."
            if piece not in ids and (meant := self._known.get(_alike(piece))):
                return f'"{piece[:40]}" is no id; project {meant[:40]} may be meant.'
            if piece not in ids and len(parts) > 1 and all(part in ids for part in parts):
                return f'"{piece[:40]}" is no id; {len(parts)} projects may be meant.'
        return ""

    @cached_property
    def _known(self) -> Mapping[str, str]:
        """The id of each project by its id and its name, as they compare with what somebody may have typed."""
        found = {_alike(text): one.id for one in self.election.projects for text in (one.name, one.id)}
        return {text: id_ for text, id_ in found.items() if text}

    def _reason(self, ids: Sequence[str]) -> str:
        """Why a choice that the count would refuse is invalid; empty where it is for none of :data:`REASONS`."""
        index, limits = self.election.index, self.limits
        if any(one not in index for one in ids):
            return "unknown"
        if len(set(ids)) < len(ids):
            return "twice"
        if limits.max_length is not None and len(ids) > limits.max_length:
            return "too_many"
        if limits.min_length is not None and len(ids) < limits.min_length:
            return "too_few"
        cost = sum(self.election.projects[index[one]].cost for one in ids)
        if limits.max_sum_cost is not None and cost > limits.max_sum_cost:
            return "cost"
        return "points" if self.pointed else ""

    def ballot(self, chosen: str, points: str = "", about: Mapping[str, str] | None = None) -> Ballot:
        """The ballot that somebody wrote: ids with commas between them, and points likewise. SokeError says why it is
        not valid, without a place: the caller knows where it came from."""
        ids, given = self._choice(chosen, points)
        return Ballot(ids, given, self._answers(about or {}))

    def _choice(self, chosen: str, points: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
        """The ids and the points that were written. SokeError where the count would refuse them."""
        if points.strip() and not self.pointed:
            raise SokeError("This round asks for no points.", "Leave them out.")
        rows = io.StringIO()
        columns = [name for name in OURS if name != "points" or self.pointed]
        writer = csv.writer(rows, delimiter=";", lineterminator="\n")
        writer.writerows([columns, ["ballot", chosen, points][: len(columns)]])
        faults = Faults()
        try:
            read = read_ballots(rows.getvalue(), 0, faults, self.election.kind, self.election.projects, self.limits)
            for wrong in faults.found:
                raise wrong
        except SokeError as error:
            raise SokeError(error.fact, "Nothing was cast: correct the ballot.") from None
        numbers = read.chosen.tolist()
        given = [] if read.points is None else read.points.tolist()
        if self.election.kind != "ordinal":
            order = sorted(range(len(numbers)), key=numbers.__getitem__)
            numbers, given = [numbers[one] for one in order], [given[one] for one in order] if given else []
        least = int(self.election.meta.get("min_sum_points", "") or 0)
        if self.pointed and sum(given) < least:
            fact = f"This ballot gives {sum(given):,} points; at least {least:,} are needed (min_sum_points)."
            raise SokeError(fact, "Nothing was cast: correct the ballot.")
        return tuple(self.election.projects[number].id for number in numbers), tuple(given)

    def _answers(self, about: Mapping[str, str]) -> tuple[str, ...]:
        for name in about:
            if name not in self.asked:
                asks = f"It asks for {', '.join(self.asked)}." if self.asked else "It asks for nothing but the choice."
                raise SokeError(f'This round does not ask for "{name[:40]}".', asks)
        return tuple(self._answer(name, about.get(name, "")) for name in self.asked)

    def _answer(self, name: str, said: str) -> str:
        text = unicodedata.normalize("NFC", " ".join(said.split()))
        if len(text.encode(errors="replace")) > LONGEST_ANSWER or any(
            unicodedata.category(one)[0] == "C" for one in text
        ):
            raise SokeError(f'The answer to "{name}" is not plain text of up to {LONGEST_ANSWER} bytes.', "Shorten it.")
        if name == "age" and text:
            least = int(self.election.meta.get("min_age", "") or 0)
            if not (text.isascii() and text.isdecimal() and len(text) <= 3 and int(text) <= OLDEST):
                raise SokeError(
                    f'"{text}" is no age in years.', f"Write a whole number up to {OLDEST}, or leave it out."
                )
            if int(text) < least:
                raise TooYoung(f"Who votes in this round is {least} or older, and this says {text}.", "Check the age.")
            text = str(int(text))
        return text

    def filled(self, cast: Iterable[tuple[str, Ballot]]) -> Election:
        """The election with these ballots, each with its id, in the order given."""
        pairs = list(cast)
        index = self.election.index
        starts = np.zeros(len(pairs) + 1, np.int64)
        np.cumsum([len(ballot.chosen) for _, ballot in pairs], out=starts[1:])
        chosen = np.array([index[one] for _, ballot in pairs for one in ballot.chosen], np.int64)
        points = np.array([one for _, ballot in pairs for one in ballot.points], np.int64) if self.pointed else None
        columns = {name: tuple(ballot.about[place] for _, ballot in pairs) for place, name in enumerate(self.asked)}
        ballots = Ballots(voters=tuple(id for id, _ in pairs), starts=starts, chosen=chosen, points=points,
                          columns=columns)  # fmt: skip
        return Election(kind=self.election.kind, budget=self.election.budget, projects=self.election.projects,
                        ballots=ballots, meta=self.election.meta)  # fmt: skip


def read_paper(content: bytes, shown: str) -> Paper:
    """The ballot paper in a ``.pb`` file. SokeError with file and line."""
    election, limits, columns = parse_paper(content, shown)
    if len(election.projects) > MOST_PROJECTS:
        raise SokeError(f"The paper has {len(election.projects):,} projects.", f"{MOST_PROJECTS:,} at most.", shown)
    for one in election.projects:
        if one.id.startswith(RISKY) or not _plain(one.id):
            fact = f'The project id "{one.id[:40]}" would be taken for a formula, or has characters that nobody sees.'
            raise SokeError(fact, "Use letters and digits: ids stand in the published roll.", shown)
        if one.district.startswith(RISKY) or not _plain(one.district):
            fact = (
                f'The district "{one.district[:40]}" would be taken for a formula, or has characters that nobody sees.'
            )
            raise SokeError(fact, "Use letters and digits: districts stand in the published roll.", shown)
    for key, most in (("min_age", OLDEST), ("min_sum_points", 10**9)):
        said = election.meta.get(key, "")
        if said and not (said.isascii() and said.isdecimal() and len(said) < 11 and int(said) <= most):
            raise SokeError(f'{key} is "{said[:40]}".', f"Write a whole number up to {most:,}.", shown)
    asked = tuple(name for name in columns if name not in OURS)
    return Paper(election=election, limits=limits, pointed="points" in columns, asked=asked, content=content)


def _pieces(cell: str) -> list[str]:
    """What stands between the commas of a cell; nothing in an empty one."""
    return [piece.strip() for piece in cell.split(",")] if cell.strip() else []


def _alike(text: str) -> str:
    """A text as it compares with another that differs in capitals, blanks, signs and zeros before a number."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold())).lstrip("0")


def _plain(text: str) -> bool:
    """Whether no character of a text steers a terminal or hides."""
    return all(unicodedata.category(one)[0] != "C" for one in text)


def read_batch(content: bytes, shown: str, paper: Paper) -> Batch:
    """Papers typed in from a pile: a CSV file with the columns code, for, points where the paper has them, and what it
    asks. SokeError names every line whose code or form is wrong; what is wrong with a vote makes a paper invalid."""
    allowed = (*(("points",) if paper.pointed else ()), *(name.lower() for name in paper.asked))
    found: Batch = []
    faults: list[SokeError] = []
    lines: dict[str, int] = {}
    for where, row in read_table(content, shown, ("code", "for"), allowed):
        about = {name: row.get(name.lower(), "") for name in paper.asked}
        try:
            code = read_code(row["code"])
            if code in lines:
                fix = "Keep the ballot that was handed in with it."
                raise SokeError(f"The code of this line was used on line {lines[code]} already.", fix)
            lines[code] = where.line
            found.append((where, code, paper.received(row["for"], row.get("points", ""), about)))
        except SokeError as error:
            faults.append(SokeError(error.fact, error.fix, where))
    if faults:
        raise all_of(faults)
    if not found:
        raise SokeError("There are no ballots in the file.", "Give each a line under code,for.", shown)
    return found


def compare_batches(one: Batch, other: Batch) -> None:
    """Two people typed the same ballots: SokeError names the first on which they differ."""
    seconds = {code: (where, ballot) for where, code, ballot in other}
    for where, code, ballot in one:
        found = seconds.pop(code, None)
        if found is None:
            fix = f"Look at the paper, and put both files right; the other is {other[0][0].file}."
            raise SokeError("The other file has no ballot with the code of this line.", fix, where)
        if found[1] != ballot:
            raise SokeError(
                f"This ballot differs from that on {found[0]}.", "Look at the paper, and put one right.", where
            )
    for where, _ in seconds.values():
        raise SokeError("The other file has no ballot with the code of this line.", "Look at the paper.", where)


def read_answers(typed: Iterable[str]) -> dict[str, str]:
    """What else a voter answers, from ``age=34`` as it is typed. SokeError where one is none, or stands twice."""
    answers: dict[str, str] = {}
    for text in typed:
        name, equals, said = text.partition("=")
        if not equals or name in answers:
            raise SokeError(f'"{text[:60]}" is not an answer of its own.', "Write each once, as --about age=34.")
        answers[name] = said
    return answers
