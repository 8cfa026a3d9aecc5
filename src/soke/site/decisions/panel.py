"""A panel drawn by lot, what it asked for, and how that was answered: you said, we did, or will not because."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from soke.community.assemblies.checking import Round, check_folder
from soke.community.assemblies.record import BOUND, DRAWN, PANELS, QUOTAS, STATEMENT, least_favoured
from soke.errors import SokeError
from soke.register.answered import Answered
from soke.report import answers_page
from soke.report.markup import Child, Element, el
from soke.report.shell import panel, section
from soke.report.table import folded
from soke.site.decided import REHEARSAL, Decided, altered, plain_name, said_plainly, stamp_of
from soke.site.decisions.parts import check
from soke.table import Column, Table
from soke.text import counted, listed
from soke.text import day as in_words

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
    were replaced. ``likeness``: quotas beside the pool."""

    name: str
    hash: str
    size: int
    pool: int
    drawn: int | None
    panels: int
    value: str
    least: str
    left: int
    rehearsal: bool
    likeness: Table
    files: Mapping[str, bytes]
    faults: tuple[str, ...]
    where: str
    stamp: str


@dataclass(frozen=True, slots=True)
class Panel:
    """What is known of a panel: its draw, what it asked and how that was answered, or both."""

    draw: Draw | None
    answered: Answered | None


def read_draw(folder: Path, where: str, files: Mapping[str, bytes]) -> Draw | Decided:
    """A published draw, checked as ``soke assembly verify`` does; what is wrong where it cannot be read at all."""
    try:
        rounds = check_folder(folder, without_people="people.csv" not in files)
    except SokeError as error:
        return altered("panel", f"Panel {folder.name}", where, [said_plainly(error, str(folder))], files)
    first = rounds[0]
    wrong = [f"{each.folder.name}: {fault}" for each in rounds for fault in each.wrong]
    numbered = all(NUMBER.fullmatch(person) for each in rounds for person in each.panel)
    kept = {name: content for name, content in files.items() if numbered and Path(name).name in PUBLISHED}
    return Draw(
        name=folder.name, hash=first.statement.hash, size=first.statement.size, pool=first.statement.pool,
        drawn=first.drawn.number if first.drawn else None, panels=first.statement.panels,
        value=first.statement.public_value, least=least_favoured(first.statement),
        left=sum(len(each.statement.after.left) for each in rounds if each.statement.after),
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


def panel_of(draw: Draw | None, answered: Answered | None, where: str, stamp: str) -> Decided:
    """The decision that a draw, answers, or both are; one at least is given. ``where`` and ``stamp`` are of what holds
    the answers."""
    name = plain_name(_name(draw, answered))
    if draw is not None and draw.faults:
        return altered("panel", name, draw.where, draw.faults, draw.files)
    rehearsal = (draw is not None and draw.rehearsal) or (answered is not None and answered.answers.rehearsal)
    return Decided(
        kind="panel", name=name, finding=_finding(name, draw, answered), where=where or (draw.where if draw else ""),
        stamp=stamp_of({}, stamp, draw.stamp if draw else "", answered.answers.day if answered else ""),
        day=answered.last if answered else None, tag=REHEARSAL if rehearsal else "",
        files=draw.files if draw else {}, body=Panel(draw, answered), named=(answered.place,) if answered else (),
    )  # fmt: skip


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
        parts += _answers(body.answered)
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
    return f"{who} {duty}As of {in_words(answered.answers.day)}, from the register.".strip()


def _who(body: Panel) -> str:
    draw, answered = body.draw, body.answered
    people, pool = (draw.size, draw.pool) if draw else (answered.people, answered.pool) if answered else (0, 0)
    if not people:
        return ""
    verb = "will be" if draw is not None and draw.drawn is None else "were"
    return f"{people} people {verb} drawn by lot from {pool:,}."


def _answers(answered: Answered) -> list[Child]:
    answers = answered.answers
    if not answers.lines:
        return [el("p", "It has not asked for anything yet.")]
    stand = panel("stand", "You said, we did", *answers_page.bar(answers.totals))
    return [stand, *(el("p", sentence, class_="small") for sentence in answers.sentences),
            el("div", *answers_page.groups(answers.lines), id="answers")]  # fmt: skip


def _drawn(body: Panel) -> Sequence[Child]:
    draw = body.draw
    if draw is None:
        said = "The draw was not handed in with the answers, so it was not checked here."
        return [section("drawn", "How it was drawn", [el("p", said)])] if body.answered and body.answered.panel else []
    out = "It is not drawn yet." if draw.drawn is None else f"Panel {draw.drawn:03d} of {draw.panels:,} was drawn."
    parts: list[Child] = [
        el("p", f"Before the draw {draw.panels:,} panels were published, each as likely. Each keeps the quotas."),
        el("p", f"{out} What drew it: {draw.value}."), el("p", draw.least),
        el("p", f"{counted(draw.left, 'person', 'people')} left, and their places were drawn anew.") if draw.left
        else None,
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
        if one.files:
            commands.append(("Work the draw out again:", "soke assembly verify . --without-people"))
            said.append(el("p", "The list of people is not copied: a row of it may point at somebody."))
        else:
            said.append(el("p", "The files are not copied: people stand in them by more than a number."))
    if body.answered is not None:
        said.append(el("p", f"What was asked and answered was read from the register {body.answered.register}: "
                            "its log is the one that its signed checkpoint vouches for."))  # fmt: skip
    return check(one, *said, commands=commands)
