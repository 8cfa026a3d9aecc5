"""Everything that is claimed of a published draw, worked out again from its folder."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import numpy as np

from soke.community.assemblies import certificate
from soke.community.assemblies.aims import AIMS
from soke.community.assemblies.certificate import Stage
from soke.community.assemblies.draw import commitment, number
from soke.community.assemblies.form import read_form
from soke.community.assemblies.making import MOST_APART, furthest, in_order
from soke.community.assemblies.polytope import Polytope, best_point, whole_face
from soke.community.assemblies.pool import Pool, Quota, read_quotas
from soke.community.assemblies.progress import Tell, quiet
from soke.community.assemblies.record import (
    BOUND,
    CHANCES,
    FILES,
    PANELS,
    PEOPLE,
    QUOTAS,
    STATEMENT,
    Drawn,
    Statement,
    chances_file,
    counted,
    fewest_panels,
    households_said,
    least_favoured,
    read_drawn,
    read_panels,
    read_people,
    read_stages,
    read_statement,
    sha256,
    smallest_of,
    statement_of,
)
from soke.community.assemblies.replacements import put_away, vacancy
from soke.community.assemblies.types import Types, types_of
from soke.errors import SokeError
from soke.files import read_whole

_LARGEST = 100_000_000
_SCALE = 10_000  # of worths in a search, whose own tolerance is 1e-6
ROUND_FOLDER = "replacement-{}"


@dataclass(slots=True)
class Round:
    """A draw and what was found of it: ``said`` sentences that hold, ``wrong`` sentences that say what does not."""

    folder: Path
    statement: Statement
    drawn: Drawn | None
    said: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    pool: Pool | None = None
    quotas: tuple[Quota, ...] = ()

    @property
    def panel(self) -> tuple[str, ...]:
        """Everybody on the panel after this draw; nobody before."""
        if self.drawn is None:
            return ()
        kept = self.statement.after.kept if self.statement.after else ()
        return (*kept, *self.drawn.panel)

    @property
    def claims(self) -> tuple[tuple[str, bool], ...]:
        """Every sentence, with whether what it says holds."""
        return (*((sentence, True) for sentence in self.said), *((sentence, False) for sentence in self.wrong))


def folders(folder: Path) -> list[Path]:
    """The folder of the first draw, and those of its replacements in order."""
    rounds = [folder]
    while (folder / ROUND_FOLDER.format(len(rounds)) / STATEMENT).exists():
        rounds.append(folder / ROUND_FOLDER.format(len(rounds)))
    return rounds


def check_folder(
    folder: Path, *, without_people: bool = False, published: Collection[str] = (), tell: Tell = quiet
) -> list[Round]:
    """The draw of ``folder`` and its replacements, each checked. SokeError where a file cannot be read at all.

    ``without_people`` leaves out what needs ``people.csv``, where that is not published. ``published`` has the SHA-256
    of statements as they were published before the draw.
    """
    rounds: list[Round] = []
    for turn, each in enumerate(folders(folder)):
        tell(f"checking {f'replacement {turn}' if turn else 'the draw'}")
        checked = Round(each, read_statement(each), read_drawn(each))
        there = {name: each / name for name in FILES if (each / name).exists()}
        files = {name: read_whole(path, str(path), _LARGEST) for name, path in there.items()}
        _check_round(checked, files, rounds, without_people=without_people)
        rounds.append(checked)
    _compare(rounds, {text.strip().lower() for text in published})
    return rounds


def check_files(files: Mapping[str, bytes], folder: Path, before: Sequence[Round] = (), tell: Tell = quiet) -> Round:
    """The same for the files of a draw that is to be published in ``folder``, after the rounds ``before`` it."""
    tell("checking the draw")
    checked = Round(folder, statement_of(files[STATEMENT], str(folder / STATEMENT)), None)
    _check_round(checked, files, list(before))
    return checked


def _check_round(
    checked: Round, files: Mapping[str, bytes], before: list[Round], *, without_people: bool = False
) -> None:
    """Everything that is claimed of one draw, by its ``files``."""
    said = checked.statement
    if said.round != len(before):
        checked.wrong.append(f"This is round {said.round}, not {len(before)}.")
    if said.rehearsal:
        checked.said.append("REHEARSAL: the secret may have been known before the draw, so it binds nobody.")
    if said.panels < (fewest := fewest_panels(said.smallest)):
        checked.wrong.append(
            f"There are {said.panels:,} panels: fewer than {fewest:,} do not show a smallest chance of "
            f"{float(said.smallest):.2%}, so who made them could choose whom to draw."
        )
    contents = _same_files(checked, files, without_people)
    if PANELS in contents:
        panels = read_panels(contents[PANELS], str(checked.folder / PANELS))
        if not checked.wrong and PEOPLE in contents:
            _check_lottery(checked, contents, panels, before)
        _check_number(checked, panels)
    if before:
        _check_after(checked, before, without_people)


def _compare(rounds: list[Round], published: set[str]) -> None:
    """The SHA-256 of each statement, against those that were published before."""
    strange = published - {each.statement.hash for each in rounds}
    if strange or (published and rounds[0].statement.hash not in published):
        rounds[0].wrong.append("The statement is not the one that was published before the draw.")
    for each in rounds:
        known = "not compared with what was published before: give that with --statement."
        if each.statement.hash in published:
            known = "as published before."
        each.said.append(f"SHA-256 of the statement: {each.statement.hash}, {known}")


def _same_files(checked: Round, files: Mapping[str, bytes], without_people: bool) -> dict[str, bytes]:
    """The files that are those of the statement."""
    contents: dict[str, bytes] = {}
    for name in FILES:
        if name not in files:
            if not (without_people and name in (PEOPLE, CHANCES)):
                checked.wrong.append(f"{name} is missing, so what needs it cannot be checked.")
        elif sha256(files[name]) != checked.statement.files[name]:
            checked.wrong.append(f"{name} is not the file that was published with the statement: it was changed.")
        else:
            contents[name] = files[name]
    if not checked.wrong:
        checked.said.append("The files are those of the statement.")
    return contents


def _check_lottery(
    checked: Round, contents: dict[str, bytes], panels: list[tuple[str, ...]], before: list[Round]
) -> None:
    """Quotas of each panel, the number of panels of each person, and the bound."""
    said, folder = checked.statement, checked.folder
    checked.quotas = quotas = read_quotas(contents[QUOTAS], str(folder / QUOTAS))
    checked.pool = pool = read_people(contents[PEOPLE], str(folder / PEOPLE), quotas)
    if in_order(pool) != pool or len(pool) != said.pool:
        checked.wrong.append("The people are not in order, or not as many as the statement says.")
        return
    taken = _taken(checked, before)
    types = types_of(pool, quotas, said.size, said.per_household, taken)
    broken = _broken_panels(types, pool, panels, said, taken)
    if len(panels) != said.panels:
        broken.append(f"There are {len(panels):,} panels, and {said.panels:,} were promised.")
    checked.wrong += broken
    if broken:
        return
    people = "1 person" if said.size == 1 else f"{said.size} people"
    checked.said.append(f"Each of the {len(panels):,} panels has {people} and keeps the quotas.")
    if said.per_household and said.after is None:
        checked.said.append(households_said(said))
    stages = read_stages(contents[BOUND], str(folder / BOUND))
    times = Counter(person for panel in panels for person in panel)
    wrong = _check_bound(types, pool, times, stages, said)
    if chances_file(pool, types, times, _levels(stages)) != contents[CHANCES]:
        wrong.append("chances.csv does not say on how many panels each person is.")
    checked.wrong += wrong
    if not wrong:
        checked.said.append(counted(times, panels))
        checked.said.append(f"The bound holds. {least_favoured(said)} No lottery under these quotas is fairer to them.")
        if said.aim == "leximin":
            checked.said.append(f"Each person's number of panels is within {float(said.furthest):.2f} of the fairest.")


def _levels(stages: tuple[Stage, ...]) -> dict[int, Fraction]:
    return {t: stage.level for stage in stages for t in stage.settles}


def _taken(checked: Round, before: list[Round]) -> dict[str, int]:
    """How many of each household stay on the panel."""
    after, first = checked.statement.after, before[0].pool if before else None
    if after is None or first is None or not checked.statement.per_household:
        return {}
    homes = dict(zip(first.ids, first.households, strict=True))
    return dict(Counter(homes[person] for person in after.kept if homes.get(person)))


def _broken_panels(
    types: Types, pool: Pool, panels: list[tuple[str, ...]], said: Statement, taken: dict[str, int]
) -> list[str]:
    """What is wrong with panels, as sentences; the first few."""
    row = {person: number for number, person in enumerate(pool.ids)}
    of_person = types.of_person
    wrong: list[str] = []
    for turn, panel in enumerate(panels):
        strangers = [person for person in panel if person not in row]
        if strangers or len(set(panel)) != said.size or len(panel) != said.size:
            wrong.append(f"Panel {turn:03d} is not {said.size} different people of the pool.")
            continue
        counts = np.zeros(len(types.members), dtype=np.int64)
        for person in panel:
            counts[of_person[row[person]]] += 1
        homes = Counter(pool.households[row[person]] for person in panel if pool.households[row[person]])
        homes.update({home: many for home, many in taken.items() if home in homes})
        crowded = said.per_household and any(many > said.per_household for many in homes.values())
        if crowded or not types.polytope.admits(counts):
            wrong.append(f"Panel {turn:03d} breaks {'the rule about households' if crowded else 'a quota'}.")
        if len(wrong) > 4:
            break
    return wrong


def _check_bound(
    types: Types, pool: Pool, times: Counter[str], stages: tuple[Stage, ...], said: Statement
) -> list[str]:
    """The bound by plain arithmetic, and how far the panels are from it."""
    if said.aim not in AIMS:
        return [f'The aim "{said.aim[:40]}" is not known.']
    levels = _levels(stages)
    if not all(0 <= t < len(types.members) for t in levels):
        return ["The bound speaks of groups that there are not."]
    apart = furthest(types, pool, times, levels, said.panels)
    least = {
        t: Fraction(min(times.get(pool.ids[row], 0) for row in members), said.panels)
        for t, members in enumerate(types.members)
    }
    wrong = certificate.check(
        types.polytope, stages, least, every=said.aim == "leximin",
        within=Fraction(MOST_APART, said.panels) + certificate.WITHIN,
    )  # fmt: skip
    wrong += [
        "A search found panels beyond what a step of the bound says is the most."
        for stage in stages
        if stage.whole is not None and _beyond(types.polytope, stage)
    ]
    if (said.never, said.smallest) != smallest_of(types, levels):
        wrong.append("The smallest chance in the statement is not that of the bound.")
    if abs(apart - said.furthest) > Fraction(1, 10**9) or apart >= MOST_APART:
        wrong.append(f"Somebody's number of panels is {float(apart):.2f} off the fairest.")
    return wrong


def _beyond(polytope: Polytope, stage: Stage) -> bool:
    """Whether some panel is worth more than ``stage.whole``: only a search can say."""
    worths, most = certificate.worths(polytope, stage), stage.whole or Fraction(0)
    whole = all(each.denominator == 1 for each in worths.values())  # then so is what a panel is worth
    scale = Fraction(1) if whole else _SCALE / sum(stage.weights.values())  # whatever the scale of the weights
    worth = np.zeros(len(polytope.people))
    for t, each in worths.items():
        worth[t] = float(each * scale)
    point, top = best_point(polytope, whole_face(polytope), worth)
    return point is None or top > (math.floor(most) + 0.5 if whole else float(most * scale) + _SCALE * 1e-9)


def _check_number(checked: Round, panels: list[tuple[str, ...]]) -> None:
    """The commitment, the number and the panel drawn."""
    drawn, said = checked.drawn, checked.statement
    try:
        form = read_form(said.form)
    except SokeError as error:
        checked.wrong.append(f"The form of the public value: {error}")
        return
    if drawn is None:
        checked.said.append(f"Not drawn yet. The public value will be: {said.public_value} ({said.form}).")
        return
    wrong = []
    if drawn.statement != said.hash:
        wrong.append("The draw is of another statement: one of the two was changed.")
    if commitment(drawn.secret) != said.commitment:
        wrong.append("The revealed secret is not the one that was promised.")
    try:
        value = form.value(drawn.public_value)
    except SokeError as error:
        wrong.append(str(error))
        value = ""
    if not wrong and number(said.hash, drawn.secret, value, max(1, said.panels)) != drawn.number:
        wrong.append("The number does not follow from the secret and the public value.")
    if drawn.number >= len(panels) or panels[drawn.number] != drawn.panel:
        wrong.append(f"The people drawn are not panel {drawn.number:03d}.")
    checked.wrong += wrong
    if not wrong:
        checked.said.append(f'The secret is the one promised; with "{value}" it gives {drawn.number:03d}: that panel.')


def _check_after(checked: Round, before: list[Round], without_people: bool) -> None:
    """A replacement follows the draw before it: who stays, the pool and quotas left, the chain of secrets."""
    after, last, first = checked.statement.after, before[-1], before[0]
    if after is None or last.drawn is None:
        checked.wrong.append("What this replacement follows was not drawn.")
        return
    wrong = []
    if after.drawn != last.drawn.hash or set(after.kept) | set(after.left) != set(last.panel):
        wrong.append("Those who stay and those who left are not the panel before.")
    if set(after.kept) & set(after.left):
        wrong.append("Somebody both stays and left.")
    if checked.statement.commitment != last.drawn.secret:
        wrong.append("The commitment is not the secret revealed before it: another secret was chosen.")
    gone = {person for each in before for person in (each.statement.after.left if each.statement.after else ())}
    if not gone <= set(after.away):
        wrong.append("Somebody who left before could be drawn again.")
    chosen = {person: reason for person, reason in after.away.items() if person not in gone}
    wrong += [f"No reason is given why {person} was not asked." for person, why in chosen.items() if not why.strip()][
        :1
    ]
    could = checked.statement.pool + len(chosen)
    if not wrong and checked.pool is not None and first.pool is not None:
        expected = vacancy(
            first.pool, first.quotas, last.panel, after.left, after.away, checked.statement.per_household
        )  # fmt: skip
        everybody = vacancy(
            first.pool, first.quotas, last.panel, after.left, gone, checked.statement.per_household
        ).pool
        could = len(everybody)
        chosen = {person: chosen[person] for person in everybody.ids if person in chosen}
        bare = [(q.category, q.value, q.least, q.most) for q in checked.quotas]
        if expected.pool != checked.pool or expected.size != checked.statement.size:
            wrong.append("The pool is not everybody who could still be asked.")
        if bare != [(q.category, q.value, q.least, q.most) for q in expected.quotas]:
            wrong.append("The quotas left are not those of the draw less the people who stay.")
    elif not wrong and not without_people:
        wrong.append("Whether the pool and the quotas are right could not be checked.")
    rules = [(each.per_household, each.aim, each.rehearsal) for each in (checked.statement, first.statement)]
    if rules[0] != rules[1]:
        wrong.append("The replacement is drawn by another rule than the panel.")
    checked.wrong += wrong
    if not wrong:
        checked.said.append(
            f"{len(after.kept)} stay, {len(after.left)} left: the places are filled under the same quotas."
        )
    if chosen:
        checked.said.append(put_away(chosen, could))
