"""Who takes the places of people who drop out: drawn by lot among all who keep the quotas of the whole panel.

Those who stay are fixed. The quotas left are the quotas less those who stay, the pool left is everybody who is not on
the panel, has not left it and can still be asked; a household gives fewer when some of it stay. The lottery over the
ways to complete the panel is as fair as the first one, and is drawn by the next secret of the same chain.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from soke.community.assemblies.draw import promise
from soke.community.assemblies.pool import Pool, Quota
from soke.errors import SokeError

NAMED = 10  # in a sentence


@dataclass(frozen=True, slots=True)
class Vacancy:
    """What is left to fill: ``size`` places, the ``pool`` and ``quotas`` for them; ``taken`` of each household stay."""

    size: int
    pool: Pool
    quotas: tuple[Quota, ...]
    taken: dict[str, int]


def put_away(chosen: Mapping[str, str], could: int) -> str:
    """Whom the organiser left out of the lot, by id with the reason, out of how many who ``could`` take part."""
    named = [f"{person} ({reason})" for person, reason in list(chosen.items())[:NAMED]]
    more = f", and {len(chosen) - NAMED:,} more: see the statement" if len(chosen) > NAMED else ""
    were = "was" if len(chosen) == 1 else "were"
    return (
        f"{len(chosen):,} of {could:,} people who could take part {were} put away by the organiser: "
        f"{', '.join(named)}{more}."
    )


def reasons_of(away: Sequence[str], known: Collection[str]) -> dict[str, str]:
    """The reason why each of some people cannot be asked, by id, from texts ``ID=reason``.

    An id may hold a sign of equality: the longest that is ``known`` counts. SokeError where none is, or there is no
    reason.
    """
    reasons: dict[str, str] = {}
    for text in away:
        ids = [person for person in known if text == person or text.startswith(f"{person}=")]
        if not ids:
            raise SokeError(f'"{text[:60]}" names nobody in the pool.', 'Write --away "ID=reason".')
        person = max(ids, key=len)
        reason = promise(text[len(person) + 1 :])
        if not reason:
            raise SokeError(f"Why can {person} not be asked?", f'Write --away "{person}=reason": it is published.')
        reasons[person] = reason
    return reasons


def vacancy(
    first: Pool, quotas: Sequence[Quota], panel: Collection[str], left: Collection[str], away: Collection[str],
    per_household: int,
) -> Vacancy:  # fmt: skip
    """The places of those who ``left`` the ``panel``. ``first`` is the pool of the first draw, with its ``quotas``;
    ``away`` cannot be asked, those who left before included. SokeError where an id is not on the panel, or unknown."""
    known = set(first.ids)
    for person in left:
        if person not in panel:
            raise SokeError(f'"{person[:60]}" is not on the panel.', "Name the ids of people on it.")
    if strange := [person for person in away if person not in known]:
        raise SokeError(f'"{strange[0][:60]}" is not in the pool.', "Name ids of the pool.")
    if not left:
        raise SokeError("Nobody has left the panel.", "Name who did with --left.")
    kept = {person for person in panel if person not in left}
    row = {person: number for number, person in enumerate(first.ids)}
    place = {category: number for number, category in enumerate(first.categories)}
    taken = Counter(first.households[row[person]] for person in kept if first.households[row[person]])
    rest = []
    for quota in quotas:
        there = sum(first.values[row[person]][place[quota.category]] == quota.value for person in kept)
        rest.append(Quota(quota.category, quota.value, max(0, quota.least - there), quota.most - there, quota.line))
    gone = set(panel) | set(away)
    full = {home for home, many in taken.items() if per_household and many >= per_household}
    open_to = frozenset(
        person
        for person, home in zip(first.ids, first.households, strict=True)
        if person not in gone and home not in full
    )  # fmt: skip
    if len(open_to) < len(left):
        fact = f"Places to fill: {len(left)}; people left in the pool: {len(open_to)}."
        raise SokeError(fact, "Invite more people, or go on with a smaller panel.")
    return Vacancy(len(left), first.only(open_to), tuple(rest), dict(taken) if per_household else {})
