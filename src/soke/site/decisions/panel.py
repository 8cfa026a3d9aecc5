"""A panel drawn by lot, what it asked for, and how that was answered: you said, we did, or will not because."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from soke.community.answers import Line
from soke.community.assemblies.checking import Round, check_folder
from soke.community.assemblies.record import BOUND, DRAWN, PANELS, QUOTAS, STATEMENT, least_favoured
from soke.errors import SokeError
from soke.register.answered import Answered
from soke.register.publication import CHECKPOINT, HASHES, KEY, LOG, PROGRAM
from soke.register.published import Published, Unverified, program_text
from soke.report import answers_page
from soke.report.markup import Child, Element, el
from soke.report.shell import panel, section
from soke.report.table import folded
from soke.site.decided import REHEARSAL, Decided, altered, plain_name, said_plainly, stamp_of
from soke.site.decisions.parts import check
from soke.site.frame import link, links_in_a_row
from soke.site.registers.shared import A_PAGE, INDEX, history_pages, path_of
from soke.table import Column, Table
from soke.text import counted, listed
from soke.text import day as in_words

REGISTER = "register"  # the folder of its copies
FEWEST = 10  # people who could be meant, or nothing is said of how many there are
PUBLISHED = (STATEMENT, QUOTAS, PANELS, BOUND, DRAWN)  # never people.csv: a row of it may point at a person
NUMBER = re.compile(r"[A-Za-z]{0,3}-?\d{1,12}", re.ASCII)  # an id that names nobody
NOT_TOLD = f"not told: a group has fewer than {FEWEST} people"
LIKENESS = (
    Column("category", "What"), Column("value", "Who"), Column("wanted", "Wanted on the panel"),
    Column("pool", "Of those who could be drawn", "count", missing=NOT_TOLD),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """A published draw in plain values. ``drawn``: the number of the panel, None before. ``left``: how many left and
    were replaced; ``wanting``: how many left whose places are not drawn yet. ``likeness``: quotas beside the pool."""

    name: str
    hash: str
    size: int
    pool: int
    drawn: int | None
    panels: int
    value: str
    least: str
    left: int
    wanting: int
    rehearsal: bool
    likeness: Table
    files: Mapping[str, bytes]
    faults: tuple[str, ...]
    where: str
    stamp: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The published register that answers were read from. ``files``: copies of it, where it is not among the registers
    of the site; else ``register`` is the path of its page there, ``history`` those of its entries, ``entries`` how many
    they are, and ``behind`` how many of these the answers do not know."""

    where: str
    stamp: str
    newest: dt.date
    files: Mapping[str, bytes]
    register: str = ""
    history: tuple[str, ...] = ()
    entries: int = 0
    behind: int = 0

    def entry(self, number: int) -> str:
        """The path of an entry on the site; "" where it has none."""
        return f"{self.history[number // A_PAGE]}#e{number}" if number < self.entries else ""


@dataclass(frozen=True, slots=True)
class Panel:
    """What is known of a panel: its draw, what it asked and how that was answered with its source, or both."""

    draw: Draw | None
    answered: Answered | None
    source: Source | None


def source_of(found: Published, where: str, stamp: str, slug: str, here: Published | Unverified | None) -> Source:
    """A register that was verified. ``here``: the same among those of the site, at ``slug``; else copies are kept."""
    if not isinstance(here, Published):
        files = {f"{REGISTER}/{file.name}": file.read(found.folder) for file in found.files}
        program = {f"{REGISTER}/{PROGRAM}": program_text()}
        return Source(where=where, stamp=stamp, newest=found.last, files=files | program)
    return Source(
        where=where, stamp=stamp, newest=found.last, files={}, register=path_of(slug, INDEX),
        history=tuple(path_of(slug, page) for page in history_pages(here)), entries=here.entries,
        behind=max(0, here.entries - found.entries),
    )  # fmt: skip


def read_draw(folder: Path, where: str, files: Mapping[str, bytes]) -> Draw | Decided:
    """A published draw, checked as ``soke assembly verify`` does; what is wrong where it cannot be read at all."""
    try:
        rounds = check_folder(folder, without_people="people.csv" not in files)
    except SokeError as error:
        return altered("panel", f"Panel {folder.name}", where, [said_plainly(error, str(folder))], files)
    first = rounds[0]
    wrong = [f"{each.folder.name}: {fault}" for each in rounds for fault in each.wrong]
    inside = {Path(name).parts[0] for name in files if "/" in name} - {each.folder.name for each in rounds}
    wrong += [f"{name}: it holds no statement of a draw." for name in sorted(inside)]
    numbered = all(NUMBER.fullmatch(person) for each in rounds for person in each.panel)
    kept = {name: content for name, content in files.items() if numbered and Path(name).name in PUBLISHED}
    return Draw(
        name=folder.name, hash=first.statement.hash, size=first.statement.size, pool=first.statement.pool,
        drawn=first.drawn.number if first.drawn else None, panels=first.statement.panels,
        value=first.statement.public_value, least=least_favoured(first.statement),
        left=sum(len(each.statement.after.left) for each in rounds if each.statement.after and each.drawn),
        wanting=sum(len(each.statement.after.left) for each in rounds if each.statement.after and not each.drawn),
        rehearsal=first.statement.rehearsal, likeness=_likeness(first), files=kept, faults=tuple(wrong), where=where,
        stamp=stamp_of(files),
    )  # fmt: skip


def _likeness(first: Round) -> Table:
    """Each quota; of the pool how many there are, where no group of the category has fewer than ten."""
    rows = []
    categories = first.pool.categories if first.pool else ()
    for quota in first.quotas:
        number = None
        if first.pool is not None:
            there = Counter(values[categories.index(quota.category)] for values in first.pool.values)
            small = any(there[other.value] < FEWEST for other in first.quotas if other.category == quota.category)
            number = None if small else there[quota.value]
        rows.append((quota.category, quota.value, f"{quota.least} to {quota.most}", number))
    return Table.of("likeness", "What the panel should look like", LIKENESS, rows)


def panel_of(draw: Draw | None, answered: Answered | None, source: Source | None) -> Decided:
    """The decision that a draw, answers, or both are; one at least is given. ``source``: what holds the answers."""
    name = plain_name(_name(draw, answered))
    if draw is not None and draw.faults:
        return altered("panel", name, draw.where, draw.faults, draw.files)
    rehearsal = (draw is not None and draw.rehearsal) or (answered is not None and answered.answers.rehearsal)
    bare = replace(source, files={}) if source else None  # the page needs no copies
    return Decided(
        kind="panel", name=name, finding=_finding(name, draw, answered),
        where=source.where if source else draw.where if draw else "",
        stamp=stamp_of({}, bare, draw and draw.stamp, answered and answered.answers.day),
        day=answered.last if answered else None, tag=REHEARSAL if rehearsal else "", late=_late(answered) > 0,
        files={**(draw.files if draw else {}), **(source.files if source else {})},
        body=Panel(draw, answered, bare), named=(answered.place,) if answered else (),
    )  # fmt: skip


def _late(answered: Answered | None) -> int:
    """How many recommendations wait for an answer, or for what was promised, after their day."""
    states = answered.answers.totals.states if answered else {}
    return sum(states.get(state, 0) for state in ("unanswered", "not-done"))


def _name(draw: Draw | None, answered: Answered | None) -> str:
    if answered is None:
        return f"Panel {draw.name}" if draw else "Panel"
    if not answered.panel:
        return f"What was asked under {answered.answers.title}"
    return f"{answered.undertaking}, panel {answered.panel}"


def _finding(name: str, draw: Draw | None, answered: Answered | None) -> str:
    if answered is not None and answered.answers.lines:
        return f"{name}: {answers_page.overdue(answered.answers.totals)}"
    size, pool = (draw.size, draw.pool) if draw else (answered.people, answered.pool) if answered else (0, 0)
    if draw is not None and draw.drawn is None:
        return f"{name}: {size} people will be drawn by lot from {pool:,}"
    return f"{name}: {size} people were drawn by lot from {pool:,}"


# --- the page ---


def main(one: Decided, body: Panel) -> list[Child]:
    """All that stands under the heading."""
    parts: list[Child] = [el("p", _lead(body), class_="lead")]
    if body.answered is not None:
        parts += _answers(one, body.answered, body.source)
    parts.append(el("div", *_drawn(body), _right(one, body), class_="half"))
    return parts


def _lead(body: Panel) -> str:
    who = _who(body)
    if body.answered is None:
        return f"{who} Nothing that it asked for was handed in with it."
    answered = body.answered
    duty = (
        f"{listed(answered.duty)} {'has' if len(answered.duty) == 1 else 'have'} to answer. " if answered.duty else ""
    )
    day, newest = answered.answers.day, body.source.newest if body.source else answered.last
    up_to = "" if newest >= day else f" Its newest entry is of {in_words(newest)}."
    return f"{who} {duty}As of {in_words(day)}, from the register.{up_to}".strip()


def _who(body: Panel) -> str:
    draw, answered = body.draw, body.answered
    people, pool = (draw.size, draw.pool) if draw else (answered.people, answered.pool) if answered else (0, 0)
    if not people:
        return ""
    verb = "will be" if draw is not None and draw.drawn is None else "were"
    return f"{people} people {verb} drawn by lot from {pool:,}."


def _answers(one: Decided, answered: Answered, source: Source | None) -> list[Child]:
    answers = answered.answers
    if not answers.lines:
        return [el("p", "It has not asked for anything yet.")]
    stand = panel("stand", "You said, we did", *answers_page.bar(answers.totals))
    return [stand, *(el("p", sentence, class_="small") for sentence in answers.sentences),
            el("div", *answers_page.groups(answers.lines, partial(_entries, one, answered, source)),
               id="answers")]  # fmt: skip


def _entries(one: Decided, answered: Answered, source: Source | None, line: Line) -> Child:
    """The entries of the register about a recommendation, as links where they have a page."""
    numbers = answered.numbers.get(line.recommendation.answer.id, ()) if source and source.register else ()
    links = links_in_a_row(one.path, (
        (f"entry {number:,}", path) for number in numbers if source and (path := source.entry(number))
    ))  # fmt: skip
    return el("span", "In the register: ", *links, class_="small") if links else None


def _drawn(body: Panel) -> Sequence[Child]:
    draw = body.draw
    if draw is None:
        said = "No draw that fits was handed in with the answers, so it was not checked here."
        return [section("drawn", "How it was drawn", [el("p", said)])] if body.answered and body.answered.panel else []
    out = "It is not drawn yet." if draw.drawn is None else f"Panel {draw.drawn:03d} of {draw.panels:,} was drawn."
    parts: list[Child] = [
        el("p", f"Before the draw {draw.panels:,} panels were published, each as likely. Each keeps the quotas."),
        el("p", f"{out} What drew it: {draw.value}."), el("p", draw.least),
        el("p", f"{counted(draw.left, 'person', 'people')} left, and their places were drawn anew.") if draw.left
        else None,
        el("p", f"{counted(draw.wanting, 'person', 'people')} left, and their places are not drawn anew yet.")
        if draw.wanting else None,
        el("p", "Who is on it is not told here: with what is known of each, fewer than ten could be meant."),
        folded(draw.likeness, "What the panel should look like", file=False),
    ]  # fmt: skip
    return [section("drawn", "How it was drawn", parts)]


def _right(one: Decided, body: Panel) -> Element:
    said: list[Child] = []
    commands: list[tuple[str, str]] = []
    if body.draw is not None:
        said.append(el("p", "The draw was worked out again when this page was made, and all of it holds."))
        said.append(el("p", "Fingerprint of what was promised before the draw: ", el("code", body.draw.hash),
                       class_="small"))  # fmt: skip
        if body.draw.files:
            commands.append(("Work the draw out again:", "soke assembly verify . --without-people"))
            said.append(el("p", "The list of people is not copied: a row of it may point at somebody."))
        else:
            said.append(el("p", "The files are not copied: people stand in them by more than a number."))
    if body.answered is not None and body.source is not None:
        said += _from(one, body.answered, body.source)
        if not body.source.register:
            asked = f"{PROGRAM} {LOG} --checkpoint {CHECKPOINT} --key {KEY} --hashes {HASHES}"
            commands.append(("Check the register, in its folder:", f"python3 {asked}"))
    return check(one, *said, commands=commands)


def _from(one: Decided, answered: Answered, source: Source) -> Iterator[Child]:
    """Of which register it was read, and where that is."""
    checked = f"What was asked and answered was read from the register {answered.register}: its log is the one that " \
              "its signed checkpoint vouches for."  # fmt: skip
    where = (" ", link(one.path, "How it stands, and how to check it", source.register), ".") if source.register else ()
    yield el("p", checked, *where)
    if source.behind:
        newer = counted(source.behind, "newer entry", "newer entries")
        yield el("p", f"It was read from an older copy: the register on this site has {newer}.", class_="said")
