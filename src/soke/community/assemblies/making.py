"""The two steps of a public draw: the files that are published before, and what the revealed secret gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from soke.community.assemblies.aims import AIMS
from soke.community.assemblies.draw import commitment, number, promise, secret
from soke.community.assemblies.form import read_form
from soke.community.assemblies.households import said_of
from soke.community.assemblies.infeasible import explain
from soke.community.assemblies.lottery import Lottery
from soke.community.assemblies.pool import Pool, Quota
from soke.community.assemblies.progress import Tell, quiet
from soke.community.assemblies.record import (
    BOUND,
    CHANCES,
    FEWEST_PANELS,
    MOST_PANELS,
    ON_AT_LEAST,
    PANELS,
    PEOPLE,
    QUOTAS,
    STATEMENT,
    After,
    Drawn,
    Statement,
    bound_file,
    chances_file,
    fewest_panels,
    panels_file,
    people_file,
    quotas_file,
    read_panels,
    read_statement,
    sha256,
    smallest_of,
    statement_file,
)
from soke.community.assemblies.rounding import equal_panels, people_of
from soke.community.assemblies.types import Types, by_id, types_of
from soke.errors import SokeError
from soke.files import read_whole

MOST_APART = 2  # panels by which a person's number of panels may miss its bound: more is not this lottery
_LARGEST = 100_000_000


def in_order(pool: Pool) -> Pool:
    """The same people by id, so that the order of rows in a file changes nothing."""
    return pool.of_rows(sorted(range(len(pool)), key=lambda row: by_id(pool.ids[row])))


def numbered(pool: Pool, per_household: int) -> Pool:
    """The same people with a number in place of the name of each household that more than one of them shares."""
    many = Counter(pool.households)
    shared = [home for home in pool.households if home and many[home] > 1] if per_household else []
    numbers = {home: str(number) for number, home in enumerate(dict.fromkeys(shared), start=1)}
    return replace(pool, households=tuple(numbers.get(home, "") for home in pool.households))


def prepare(
    pool: Pool, quotas: tuple[Quota, ...], size: int, *, aim: str, panels: int, per_household: int, seed: str,
    value: str, form: str, rehearsal: bool = False, turn: int = 0, after: After | None = None,
    taken: Mapping[str, int] | None = None, tell: Tell = quiet,
) -> dict[str, bytes]:  # fmt: skip
    """The files to publish before the draw, by name; ``value`` says what the public value will be, ``form`` how it is
    written. With ``panels`` 0 there are 1,000, or as many thousands as the smallest chance asks for.

    SokeError where no panel keeps the quotas (with the smallest change), or an option is out of range.
    """
    if aim not in AIMS:
        fix = f"Choose one of: {', '.join(AIMS)}."
        raise SokeError(f'There is no aim "{aim[:40]}".', fix, code="unknown-name")
    if panels and not FEWEST_PANELS <= panels <= MOST_PANELS:
        fact = f"{panels:,} panels cannot be drawn from fairly."
        raise SokeError(fact, f"Choose {FEWEST_PANELS} to {MOST_PANELS:,}; 1,000 is usual.")
    written = read_form(form).words
    pool = in_order(pool)
    if after is None:
        pool = numbered(pool, per_household)
    tell("is there a panel that keeps the quotas?")
    if reasons := explain(pool, quotas, size, per_household, taken):
        raise reasons.error()
    types = types_of(pool, quotas, size, per_household, taken)
    lottery = AIMS[aim](types.polytope, tell)
    never, smallest = smallest_of(types, lottery.levels)
    panels = _enough(panels, smallest)
    named = people_of(types, pool, equal_panels(types.polytope, lottery, panels, tell), sha256(people_file(pool)))
    listed = [tuple(pool.ids[row] for row in rows) for rows in named]
    times = Counter(person for panel in listed for person in panel)
    apart = furthest(types, pool, times, lottery.levels, panels)
    if apart >= MOST_APART:
        raise _too_far(lottery, apart, panels)
    files = {
        PEOPLE: people_file(pool), QUOTAS: quotas_file(quotas), PANELS: panels_file(listed),
        CHANCES: chances_file(pool, types, times, lottery.levels), BOUND: bound_file(lottery.stages),
    }  # fmt: skip
    said = Statement(
        round=turn, aim=aim, size=size, panels=panels, per_household=per_household, pool=len(pool),
        never=never, smallest=smallest, furthest=apart, commitment=commitment(secret(seed, turn)),
        public_value=promise(value), form=written, rehearsal=rehearsal,
        households=said_of(pool.told_by) if per_household and after is None and pool.told_by else "",
        files={name: sha256(content) for name, content in files.items()}, after=after,
    )  # fmt: skip
    return files | {STATEMENT: statement_file(said)}


def _too_far(lottery: Lottery, apart: Fraction, panels: int) -> SokeError:
    if not lottery.short:
        fact = f"Shared over {panels:,} panels, somebody would be {float(apart):.1f} panels off the fair number."
        return SokeError(fact, "Choose another number of panels.")
    fact = (
        "The quotas leave so little room that no whole panels were found that are fair: somebody would be on "
        f"{float(apart):.0f} of {panels:,} more or fewer than the bound gives."
    )
    return SokeError(fact, "Widen quotas that ask for nearly everybody there is, or whose minimum is their maximum.")


def _enough(panels: int, smallest: Fraction) -> int:
    """How many panels: those asked for, or as many thousands as it takes."""
    fewest = fewest_panels(smallest)
    chosen = panels or max(1_000, -(-fewest // 1_000) * 1_000)
    if not fewest <= chosen <= MOST_PANELS:
        fact = (
            f"The smallest chance is {float(smallest):.3%}: fewer than {fewest:,} panels do not show it, since each "
            f"person must be on {ON_AT_LEAST} at least."
        )
        raise SokeError(fact, f"Choose --panels {fewest}." if fewest <= MOST_PANELS else "Draw from a smaller pool.")
    return chosen


def furthest(
    types: Types, pool: Pool, times: Mapping[str, int], levels: Mapping[int, Fraction], panels: int
) -> Fraction:
    """The most panels by which anybody's number of panels misses what the bound gives."""
    apart = Fraction(0)
    for t, level in levels.items():
        fair = level * panels
        apart = max(apart, *(abs(times.get(pool.ids[row], 0) - fair) for row in types.members[t]))
    return apart


def reveal(folder: Path, seed: str, value: str) -> Drawn:
    """What comes out of the draw published in ``folder``. SokeError where the secret is not the one promised."""
    said = read_statement(folder)
    opened = secret(seed, said.round)
    if commitment(opened) != said.commitment:
        raise SokeError("This is not the secret that was promised.", "Name the file made with this draw.", str(folder))
    content = read_whole(folder / PANELS, str(folder / PANELS), _LARGEST)
    if sha256(content) != said.files[PANELS]:
        raise SokeError("The panels are not those that were published.", "Restore the folder.", str(folder / PANELS))
    shown = read_form(said.form).value(value)
    won = number(said.hash, opened, shown, said.panels)
    return Drawn(
        statement=said.hash, secret=opened, public_value=shown, number=won,
        panel=read_panels(content, str(folder / PANELS))[won],
    )  # fmt: skip
