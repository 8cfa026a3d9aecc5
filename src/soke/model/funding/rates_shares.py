"""Who keeps which share of the business rates of a place: data by class, fire service, area and year, never constants.

    1 = central + billing + upper + fire + combined

``shares.csv`` has one row for each class of billing authority and each way its fire service is run (``separate``: by a
fire authority; ``council``: by the council, its county or the Greater London Authority), from 2013-14 on, and rows for
the areas and schemes that keep more. The row nearest to the place holds: the scheme asked for, then the authority, its
county, its combined authority, then its class. ``upper`` is the county, or the Greater London Authority.

Law: SI 2013/452 and its yearly amendments.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, cast

import numpy as np

from soke.england.baseline import Floats, Grade
from soke.england.places import LOWER, Place
from soke.errors import SokeError
from soke.model.funding.dated import OPEN_END, Rules, rules, span
from soke.text import financial_year

FireService = Literal["separate", "council"]
GLA = "E61000001"
FIRST = 2013
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Billing:
    """A billing authority and those above it. ``fire`` is empty where the council or the upper tier runs it."""

    code: str
    kind: str
    upper: str = ""
    fire: str = ""
    combined: str = ""

    @property
    def fire_service(self) -> FireService:
        return "separate" if self.fire else "council"


@dataclass(frozen=True, slots=True)
class Split:
    """Shares of one place's rates. SokeError where one is negative or they do not sum to one, naming the row."""

    central: float
    billing: float
    upper: float
    fire: float
    combined: float
    name: str = ""
    grade: Grade = "estimate"
    source: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        parts = {
            "central": self.central, "billing": self.billing, "upper": self.upper, "fire": self.fire,
            "combined": self.combined,
        }  # fmt: skip
        said = ", ".join(f"{name} {value:g}" for name, value in parts.items())
        whose = f"of {self.name}" if self.name else "of a place"
        if not all(value >= 0 for value in parts.values()):
            raise SokeError(f"A share of the business rates {whose} is negative: {said}.", "Give shares from 0 to 1.")
        whole = sum(parts.values())
        if abs(whole - 1) > _ROUNDING:
            raise SokeError(f"The shares of the business rates {whose} sum to {whole:g}: {said}.", "Let them sum to 1.")

    @property
    def local(self) -> float:
        return 1.0 - self.central


@dataclass(frozen=True, slots=True)
class _Row:
    kind: str
    fire_service: str
    area: str
    first: int
    last: int
    split: Split


@cache
def _table() -> tuple[_Row, ...]:
    text = files(__package__).joinpath("shares.csv").read_text(encoding="utf-8")
    return tuple(read_shares(text))


def read_shares(text: str) -> list[_Row]:
    """The rows of a table of shares. SokeError for the first row that does not sum to one."""
    table = []
    for r in csv.DictReader(io.StringIO(text)):
        name = " ".join(w for w in (r["kind"], f"({r['fire_service']} fire)", r["area"], "from", r["first"]) if w)
        split = Split(
            float(r["central"]), float(r["billing"]), float(r["upper"]), float(r["fire"]), float(r["combined"]),
            name, cast(Grade, r["grade"]), r["source"], r["note"],
        )  # fmt: skip
        table.append(_Row(r["kind"], r["fire_service"], r["area"], int(r["first"]), int(r["last"] or OPEN_END), split))
    return table


def billing(place: Place, year: int, held: Rules | None = None) -> Billing:
    """A place of today's map as a billing authority of a year, with its fire service as it was then run."""
    if place.kind not in LOWER:
        raise SokeError(f"{place.name} ({place.code}) does not bill for business rates.", "Give a district or unitary.")
    upper = GLA if place.kind == "london-borough" else place.county
    own = place.kind == "london-borough" or _runs_fire(upper or place.code, year, held or rules())
    return Billing(place.code, place.kind, upper, "" if own else place.fire, place.combined_authority)


def _runs_fire(code: str, year: int, held: Rules) -> bool:
    rows = held.rows["business_rates.council_fire"]
    return any(r.who == code and r.first <= year <= r.last for r in rows)


def split(authority: Billing, year: int, scheme: str = "") -> Split:
    """The shares of a billing authority's rates in a year; ``scheme`` is ``pilot-100`` or ``pilot-75`` of that year.

    SokeError for a class or a year without a row, or where a share has no authority to go to.
    """
    areas = [a for a in (authority.code, authority.upper, authority.combined) if a]
    nearest = [scheme] if scheme else [*areas, ""]
    rows = [r for r in _table() if r.kind == authority.kind and r.fire_service == authority.fire_service]
    for area in nearest:
        for r in rows:
            if r.area == area and r.first <= year <= r.last:
                _has_recipients(authority, r.split)
                return r.split
    raise _no_row(authority, year, scheme)


def _no_row(authority: Billing, year: int, scheme: str) -> SokeError:
    rows = [r for r in _table() if r.kind == authority.kind and r.area == scheme]
    if not rows:
        kinds = ", ".join(sorted({r.kind for r in _table() if r.area == scheme})) or "no class"
        whose = f"under {scheme}" if scheme else "of business rates"
        return SokeError(
            f"There are no shares {whose} for the class {authority.kind!r} of {authority.code}.",
            f"There are shares for {kinds}.",
        )
    if not any(r.first <= year <= r.last for r in rows):
        first, last = min(r.first for r in rows), max(r.last for r in rows)
        return SokeError(
            f"There are no shares of business rates for {financial_year(year)}.",
            f"There are shares for {span(first, last)}.",
        )
    services = " or ".join(sorted({r.fire_service for r in rows}))
    return SokeError(
        f"There are no shares for {authority.code}, {authority.kind}, with a {authority.fire_service} fire service.",
        f"There are shares with a {services} fire service.",
    )


def _has_recipients(authority: Billing, shares: Split) -> None:
    for tier in ("upper", "fire", "combined"):
        if getattr(shares, tier) > 0 and not getattr(authority, tier):
            raise SokeError(
                f"{authority.code} has a share of business rates for its {tier} authority, but no such authority.",
                f"Give the code of the {tier} authority.",
            )


def local_split(kind: str, has_fire: bool, retention: float) -> Split:
    """A freely set local share, split among the tiers as the ordinary half was in 2013-14: a what-if.

    ``has_fire``: a separate fire authority has its 2 per cent of the local share. SokeError outside 0 to 1.
    """
    if not 0 <= retention <= 1:
        raise SokeError(f"The share of business rates kept is {retention:g}.", "Give a share between 0 and 1.")
    tier = Billing(kind, kind, "upper", "fire" if has_fire else "")
    half = split(tier, FIRST)
    ratio = retention / half.local
    return Split(
        1.0 - retention, half.billing * ratio, half.upper * ratio, half.fire * ratio, 0.0, kind, "estimate",
        half.source, f"{retention:.0%} kept, split as in 2013-14",
    )  # fmt: skip


def share_matrix(authorities: Sequence[Billing], splits: Sequence[Split], codes: Sequence[str]) -> Floats:
    """Shares of each place's rates by recipient, (place, authority); a row sums to one less the central share.

    ``splits`` one a place; ``codes`` the recipients, billing authorities among them. SokeError for a recipient that is
    not in ``codes``, or a place or recipient given twice.
    """
    _once([a.code for a in authorities], "place")
    _once(codes, "authority")
    at = {code: j for j, code in enumerate(codes)}
    matrix = np.zeros((len(authorities), len(codes)))
    for i, (place, part) in enumerate(zip(authorities, splits, strict=True)):
        given = (
            (place.code, part.billing), (place.upper, part.upper), (place.fire, part.fire),
            (place.combined, part.combined),
        )  # fmt: skip
        for code, share in given:
            if share > 0 and code not in at:
                raise SokeError(
                    f"{code or 'No authority'} is to have {share:g} of the business rates of {place.code}, "
                    "but is not among the authorities.",
                    "Add it to the authorities.",
                )
            if share > 0:
                matrix[i, at[code]] += share
    return matrix


def _once(codes: Sequence[str], what: str) -> None:
    twice = sorted(code for code, count in Counter(codes).items() if count > 1)
    if twice:
        raise SokeError(f"{', '.join(twice[:3])} is given twice as {what} of the business rates.", "Give each once.")
