"""People who are alike as one type: exact by symmetry, and what makes the lottery quick.

Two people are alike where they have the same value in each category and, where households count, live in households
alike in the same way. Exchanging two such people changes no quota, so the fairest lottery gives them one chance.

A household with more people than may be drawn from it binds. Of the M households of one kind, each with c people of
type t, at most K people each: a panel has at most ``min(c, K) M`` of type t and ``K M`` of the kind. These suffice:
shared equally among the M households they keep each household's bound, and a flow with whole bounds has a whole
solution. When some people are drawn already (a replacement), a household may have fewer left to give.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from soke.community.assemblies.polytope import Polytope
from soke.community.assemblies.pool import Pool, Quota

Kind = tuple[int, tuple[tuple[str, ...], ...]]  # how many of the household at most, and the values of all in it
FREE: Kind = (0, ())  # the kind of who lives in no household that binds


@dataclass(frozen=True, slots=True)
class Types:
    """``values[t]`` and ``members[t]`` (rows of the pool) of type t; ``kinds[t]`` is its household's kind.

    ``per_household`` is how many of one household may be drawn, 0 where households do not count.
    """

    polytope: Polytope
    quotas: tuple[Quota, ...]
    values: tuple[tuple[str, ...], ...]
    kinds: tuple[Kind, ...]
    members: tuple[tuple[int, ...], ...]
    per_household: int

    @property
    def of_person(self) -> dict[int, int]:
        """The type of each row of the pool."""
        return {row: t for t, rows in enumerate(self.members) for row in rows}


def types_of(
    pool: Pool, quotas: tuple[Quota, ...], size: int, per_household: int = 0, taken: Mapping[str, int] | None = None
) -> Types:
    """The types of ``pool`` and the polytope of panels of ``size`` people. The order of rows does not matter.

    ``taken`` says how many of a household are on the panel already, and so count towards ``per_household``.
    """
    households: dict[str, list[int]] = defaultdict(list)
    for row, home in enumerate(pool.households):
        if home and per_household:
            households[home].append(row)
    binding: dict[int, Kind] = {}
    many: dict[Kind, int] = defaultdict(int)
    for home, rows in households.items():
        left = max(0, per_household - (taken or {}).get(home, 0))
        if len(rows) > left:
            kind = (left, tuple(sorted(pool.values[row] for row in rows)))
            many[kind] += 1
            binding.update(dict.fromkeys(rows, kind))
    found: dict[tuple[tuple[str, ...], Kind], list[int]] = defaultdict(list)
    for row in range(len(pool)):
        found[pool.values[row], binding.get(row, FREE)].append(row)
    keys = sorted(found)
    place = {category: number for number, category in enumerate(pool.categories)}
    rows_of = [[1] * len(keys)]
    least, most = [size], [size]
    for quota in quotas:
        rows_of.append([int(values[place[quota.category]] == quota.value) for values, _ in keys])
        least.append(quota.least)
        most.append(min(quota.most, size))
    for kind in sorted(many):
        rows_of.append([int(one == kind) for _, one in keys])
        least.append(0)
        most.append(kind[0] * many[kind])
    people = [len(found[key]) for key in keys]
    upper = [
        many[kind] * min(kind[1].count(values), kind[0]) if kind != FREE else count
        for (values, kind), count in zip(keys, people, strict=True)
    ]
    arrays = [np.array(each, dtype=np.int64) for each in (people, upper, rows_of, least, most)]
    members = tuple(tuple(sorted(found[key], key=lambda row: by_id(pool.ids[row]))) for key in keys)
    return Types(
        Polytope(*arrays), quotas, tuple(v for v, _ in keys), tuple(k for _, k in keys), members, per_household
    )


def by_id(one: str) -> tuple[int, str]:
    """Ids in the order that people expect: 9 before 10."""
    return (len(one), one) if one.isdecimal() else (1_000, one)
