"""A fund shared among neighbourhoods, by need, people or both, nobody below a floor or above a cap; and why.

    weight_i = sum_k share_k c_ki / sum_j c_kj        (each column first made into shares of the whole)
    pence_i  = clip(rate weight_i, floor_i, cap_i),   sum_i pence_i = fund

by :func:`soke.model.funding.allocator.allocate_pence`: exact fractions, whole pence by largest remainder, ties by code.
Where areas lie within districts the fund goes to the districts first, by the sum of their areas' weights between the
sums of their floors and caps, and then within each. A weight is the same in both stages: without floors and caps two
stages give what one gives, but for pennies. With them, what a floor costs or a cap frees stays within the district.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NoReturn

from soke.community.areas import Area, Areas
from soke.errors import SokeError
from soke.model.funding.allocator import allocate_pence
from soke.text import counted

MOST_PENCE = 10**14  # a million million pounds, as in the register
EQUAL = "equal"
_TERM = re.compile(
    r"(?:(\d{1,6}(?:\.\d{1,6})?) *(%?) *\*? *)?([a-z][a-z0-9_-]{0,39})(?: *[*×] *([a-z][a-z0-9_-]{0,39}))?", re.ASCII
)
_MONEY = re.compile(r"£? ?(\d{1,15}|\d{1,3}(?:,\d{3}){1,4})(\.\d{1,9})?([km]?)", re.ASCII)
_HEAD = re.compile(r"(.*?)(?:/| an? | per )(?:head|person|resident)", re.DOTALL)

How = Literal["weight", "floor", "cap", "none"]


@dataclass(frozen=True, slots=True)
class Term:
    """``share`` of the fund goes by the product of ``columns``; no columns: the same to each area."""

    share: Fraction
    columns: tuple[str, ...]

    @property
    def words(self) -> str:
        return " times ".join(self.columns) if self.columns else "equal shares"


@dataclass(frozen=True, slots=True)
class Rule:
    """By what a fund is shared. The shares of the terms sum to one."""

    terms: tuple[Term, ...]

    @property
    def text(self) -> str:
        """As :func:`parse_rule` reads it, in one spelling."""
        names = [" * ".join(term.columns) or EQUAL for term in self.terms]
        if len(names) == 1:
            return names[0]
        return " + ".join(f"{_plain(t.share)} {name}" for t, name in zip(self.terms, names, strict=True))

    @property
    def words(self) -> str:
        """``70% by need and 30% by population``."""
        if len(self.terms) == 1:
            return f"by {self.terms[0].words}" if self.terms[0].columns else "in equal shares"
        parts = [f"{_plain(100 * t.share)}% {'by' if t.columns else 'in'} {t.words}" for t in self.terms]
        return f"{', '.join(parts[:-1])} and {parts[-1]}"


@dataclass(frozen=True, slots=True)
class Limit:
    """A floor or a cap: pence for each area, or pence for each of its people."""

    pence: Fraction
    a_head: bool = False

    @property
    def words(self) -> str:
        return f"{pounds(self.pence)} a head" if self.a_head else pounds(self.pence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one area gets. ``weight`` and ``by_term`` are shares of the whole; ``pence`` what it gets, ``plain`` what it
    would get by its weight alone; ``floor`` in pence, ``cap`` None where there is none."""

    area: Area
    weight: Fraction
    by_term: tuple[Fraction, ...]
    pence: int
    plain: int
    floor: int
    cap: int | None

    @property
    def how(self) -> How:
        """What decides the amount."""
        if self.cap is not None and self.pence == self.cap and (self.pence > self.floor or self.barred):
            return "cap"
        if self.floor and self.pence == self.floor:
            return "floor"
        return "weight" if self.weight else "none"

    @property
    def barred(self) -> bool:
        """Whether a cap a head leaves it nothing, since nobody lives there, of what its weight would give."""
        return self.cap == 0 and self.weight > 0

    @property
    def a_head(self) -> Fraction | None:
        """Pence a head; None where nobody lives there or people are not given."""
        return Fraction(self.pence, self.area.population) if self.area.population else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """``shares`` in the order of the file. ``districts``: name and pence of each, where the fund went to them first."""

    areas: Areas
    fund: int
    rule: Rule
    floors: tuple[Limit, ...]
    caps: tuple[Limit, ...]
    shares: tuple[Share, ...]
    districts: tuple[tuple[str, int], ...] = ()

    @property
    def pence(self) -> dict[str, int]:
        return {share.area.code: share.pence for share in self.shares}

    def held(self, how: How) -> tuple[Share, ...]:
        """The shares that are decided by weight, floor or cap, the largest first."""
        return tuple(
            sorted((one for one in self.shares if one.how == how), key=lambda one: (-one.pence, one.area.code))
        )


# --- what is asked ---


def parse_rule(text: str) -> Rule:
    """``need``, ``equal``, ``0.7 need + 0.3 population``, ``70% need*population + 30% equal``. SokeError otherwise."""
    example = 'Write --by need, --by equal, or --by "0.7 need + 0.3 population".'
    parts = [part.strip().lower() for part in text[:400].split("+")]
    found = [_TERM.fullmatch(part) for part in parts]
    terms, percent = [], False
    for part, match in zip(parts, found, strict=True):
        if match is None or not part:
            raise SokeError(f'"{part[:60]}" is no part of a rule.', example)
        if match[1] is None and len(parts) > 1:
            raise SokeError(f'Nothing says how much goes by "{part[:60]}".', example)
        percent = percent or bool(match[2])
        columns = tuple(sorted(name for name in match.groups()[2:] if name))
        if EQUAL in columns and len(columns) > 1:
            raise SokeError("Equal shares are not multiplied by anything.", example)
        terms.append(Term(Fraction(match[1] or (100 if match[2] else 1)), () if columns == (EQUAL,) else columns))
    whole = 100 if percent else 1
    total = sum((term.share for term in terms), Fraction(0))
    if len({term.columns for term in terms}) < len(terms) or not all(term.share for term in terms):
        raise SokeError("A part of the rule is there twice, or has no weight.", "Name each once, with a share above 0.")
    if total != whole:
        raise SokeError(f"The parts of the rule sum to {_plain(total)}, not to {whole}.", example)
    return Rule(tuple(Term(term.share / whole, term.columns) for term in terms))


def parse_pounds(text: str, what: str) -> int:
    """``6,300,000``, ``£5,000.50``, ``6.3m``, ``500k`` in pence. SokeError otherwise, or below a penny."""
    pence = _pence(text, what)
    if pence.denominator != 1 or not 0 < pence <= MOST_PENCE:
        fact = f'The {what} is "{text[:40]}".'
        raise SokeError(fact, "Write pounds above nought, to the penny: 6,300,000 or 6.3m.")
    return int(pence)


def parse_limit(text: str, what: str) -> Limit:
    """A floor or cap: ``5,000`` or ``2.50 a head``."""
    head = _HEAD.fullmatch(text.strip().lower())
    pence = _pence(head[1] if head else text, what)
    if not 0 < pence <= MOST_PENCE or (not head and pence.denominator != 1):
        raise SokeError(f'The {what} is "{text[:40]}".', "Write pounds above nought: 5,000, or 2.50 a head.")
    return Limit(pence, bool(head))


def _pence(text: str, what: str) -> Fraction:
    found = _MONEY.fullmatch(text.strip().lower())
    if found is None:
        fact = f'The {what} "{text[:40]}" is no amount of money.'
        raise SokeError(fact, "Write pounds: 5,000, or 6.3m; a floor or cap may be 2.50 a head.")
    number = Fraction(found[1].replace(",", "") + (found[2] or ""))
    return number * {"": 100, "k": 100_000, "m": 100_000_000}[found[3]]


# --- the sharing ---


def split(
    areas: Areas, fund: int, rule: Rule, floors: Sequence[Limit] = (), caps: Sequence[Limit] = (),
    *, together: bool = False,
) -> Split:  # fmt: skip
    """Share ``fund`` pence. Of several floors the highest holds for an area, of several caps the lowest.

    ``together``: over all areas at once, though the file says in which district each lies. Amounts sum to the fund
    exactly. SokeError names columns that are missing or sum to nought, and floors or caps that cannot all be kept.
    """
    floors, caps = strictest(floors, max), strictest(caps, min)
    columns = [_column(areas, term) for term in rule.terms]
    totals = [sum(column) for column in columns]
    weights, whole = _weights(rule, columns, totals)
    low, high = _bounds(areas, floors, caps)
    _check(areas, fund, weights, low, high, floors, caps)
    staged = not together and len(areas.districts) > 1
    pence, districts = _stages(areas, fund, weights, low, high, staged=staged)
    plain, _ = _stages(areas, fund, weights, [0] * len(low), [None] * len(low), staged=staged)
    shares = tuple(
        Share(area=area, weight=Fraction(weights[i], whole), pence=pence[i], plain=plain[i], floor=low[i], cap=high[i],
              by_term=tuple(Fraction(column[i], total) for column, total in zip(columns, totals, strict=True)))
        for i, area in enumerate(areas.rows)
    )  # fmt: skip
    return Split(areas=areas, fund=fund, rule=rule, floors=floors, caps=caps, shares=shares,
                 districts=districts)  # fmt: skip


def _column(areas: Areas, term: Term) -> list[int]:
    """A term's figure of each area, in whole units of its finest one. SokeError where they sum to nought."""
    figures = [Fraction(1)] * len(areas.rows)
    for name in term.columns:
        figures = [figure * other for figure, other in zip(figures, areas.figures(name), strict=True)]
    if not any(figures):
        fact = f"The {term.words} of all areas together is nought: it cannot share out anything."
        raise SokeError(fact, "Give figures above nought, or share by something else.", areas.shown)
    unit = math.lcm(*{figure.denominator for figure in figures})
    return [figure.numerator * (unit // figure.denominator) for figure in figures]


def _weights(rule: Rule, columns: Sequence[Sequence[int]], totals: Sequence[int]) -> tuple[list[int], int]:
    """Each area's weight in whole units, and the sum of them all: whole numbers are quick to share by."""
    parts = [term.share / total for term, total in zip(rule.terms, totals, strict=True)]
    unit = math.lcm(*(part.denominator for part in parts))
    scaled = [part.numerator * (unit // part.denominator) for part in parts]
    return [sum(x * column[i] for x, column in zip(scaled, columns, strict=True)) for i in range(len(columns[0]))], unit


def _stages(
    areas: Areas, fund: int, weights: Sequence[int], low: Sequence[int], high: Sequence[int | None],
    *, staged: bool,
) -> tuple[list[int], tuple[tuple[str, int], ...]]:  # fmt: skip
    """Pence of each area, and of each district where there are two stages."""
    if not staged:
        return _allocated(fund, range(len(weights)), areas, weights, low, high), ()
    names = sorted(areas.districts)  # ties of the first stage by name
    members = [[i for i, row in enumerate(areas.rows) if row.within == name] for name in names]
    able = [most if weight else least for weight, least, most in zip(weights, low, high, strict=True)]
    open_ended = [any(able[i] is None for i in inside) for inside in members]
    given = allocate_pence(
        fund,
        [sum(weights[i] for i in inside) for inside in members],
        [sum(low[i] for i in inside) for inside in members],
        [None if free else sum(able[i] or 0 for i in inside) for inside, free in zip(members, open_ended, strict=True)],
        names,
    )
    pence = [0] * len(weights)
    for inside, pot in zip(members, given, strict=True):
        for i, amount in zip(inside, _allocated(pot, inside, areas, weights, low, high), strict=True):
            pence[i] = amount
    by_name = dict(zip(names, given, strict=True))
    return pence, tuple((name, by_name[name]) for name in areas.districts)


def _allocated(
    pot: int, inside: Sequence[int], areas: Areas, weights: Sequence[int], low: Sequence[int],
    high: Sequence[int | None],
) -> list[int]:  # fmt: skip
    """Pence of the areas ``inside``, in that order; ties go by code, whatever the order of the file.

    A pot that only floors can take (nobody inside has a weight) is the sum of those floors.
    """
    order = sorted(range(len(inside)), key=lambda k: areas.rows[inside[k]].code)
    chosen = [inside[k] for k in order]
    if not any(weights[i] for i in chosen):
        return [low[i] for i in inside]
    names = [areas.rows[i].name for i in chosen]
    given = allocate_pence(
        pot, [weights[i] for i in chosen], [low[i] for i in chosen], [high[i] for i in chosen], names
    )
    amounts = [0] * len(inside)
    for k, amount in zip(order, given, strict=True):
        amounts[k] = amount
    return amounts


# --- floors and caps ---


def strictest(limits: Sequence[Limit], choose: Callable[[Iterator[Fraction]], Fraction]) -> tuple[Limit, ...]:
    """Of several floors or caps one for each area, and one a head, are enough."""
    kinds = [kind for kind in (False, True) if any(limit.a_head is kind for limit in limits)]
    return tuple(Limit(choose(limit.pence for limit in limits if limit.a_head is kind), kind) for kind in kinds)


def _bounds(areas: Areas, floors: Sequence[Limit], caps: Sequence[Limit]) -> tuple[list[int], list[int | None]]:
    """Each area's floor, rounded up to a penny, and cap, rounded down."""
    if any(limit.a_head for limit in (*floors, *caps)) and not areas.with_people:
        raise SokeError("A floor or cap a head needs people.", 'Add a column "population".', areas.shown)
    heads = [area.population or 0 for area in areas.rows]
    low = [max((math.ceil(x.pence * n) if x.a_head else int(x.pence) for x in floors), default=0) for n in heads]
    high = [min((math.floor(x.pence * n) if x.a_head else int(x.pence) for x in caps), default=None) for n in heads]
    for area, least, most in zip(areas.rows, low, high, strict=True):
        if most is not None and least > most:
            fact = f"The floor of {area.name}, {pounds(least)}, is above its cap, {pounds(most)}"
            people = "." if area.population is None else f"; {area.population:,} people live there."
            raise SokeError(fact + people, "Lower the floor or raise the cap.", area.at)
    return low, high


def _check(
    areas: Areas, fund: int, weights: Sequence[int], low: Sequence[int], high: Sequence[int | None],
    floors: Sequence[Limit], caps: Sequence[Limit],
) -> None:  # fmt: skip
    """SokeError, with the figures and what would do, where floors or caps cannot all be kept."""
    if sum(low) > fund:
        _too_high(areas, fund, sum(low), floors)
    able = [most if weight else least for weight, least, most in zip(weights, low, high, strict=True)]
    if not any(most is None for most in able):
        most_of_all = sum(most or 0 for most in able)
        if most_of_all < fund:
            idle = sum(least for weight, least in zip(weights, low, strict=True) if not weight)
            free = [most for weight, most in zip(weights, high, strict=True) if weight]
            _too_low(areas, fund, most_of_all, idle, free, caps)


def _too_high(areas: Areas, fund: int, total: int, floors: Sequence[Limit]) -> NoReturn:
    places = counted(len(areas.rows), "place")
    fact = f"The floors come to {pounds(total)} for {places}, {pounds(total - fund)} more than the fund"
    if len(floors) == 1 and not floors[0].a_head:
        mend = f"Lower the floor to {pounds(fund // len(areas.rows))} or less"
    else:
        mend = f"Lower the floors by {math.ceil(Fraction(1000 * (total - fund), total)) / 10:.1f}% or more"
    raise SokeError(f"{fact} of {pounds(fund)}.", f"{mend}, or raise the fund to {pounds(total)}.")


def _too_low(
    areas: Areas, fund: int, able: int, idle: int, free: Sequence[int | None], caps: Sequence[Limit]
) -> NoReturn:
    """``able``: what all can have; ``idle`` of it by floors alone. ``free``: the caps of those that have a weight."""
    places = counted(len(areas.rows), "place")
    fact = (
        f"Under the caps {places} can have {pounds(able)} together; {pounds(fund - able)} of the fund of {pounds(fund)}"
        " would be left over."
    )
    if barred := sum(most == 0 for most in free):
        fact += f" A cap a head gives nothing where nobody lives: in {counted(barred, 'place')} here."
    if len(caps) == 1 and not caps[0].a_head:
        mend = f"Raise the cap to {pounds(-((idle - fund) // len(free)))} or more"
    elif barred == len(free):
        mend = "Give the cap in pounds for each place"
    else:
        mend = f"Raise the caps by {math.ceil(Fraction(1000 * (fund - able), able - idle)) / 10:,.1f}% or more"
    raise SokeError(fact, f"{mend}, or lower the fund to {pounds(able)}." if able else f"{mend}.")


# --- words ---


def pounds(pence: Fraction | int) -> str:
    """``£1,234``, with pence only where there are some, or for a sum below £10."""
    size = abs(Fraction(pence))
    whole = size.denominator == 1 and size.numerator % 100 == 0
    text = f"£{size.numerator // 100:,}" if whole else to_the_penny(size)
    return f"\N{MINUS SIGN}{text}" if pence < 0 else text


def near(pence: int) -> str:
    """As :func:`pounds`, but from £1,000 to the nearest pound: for what a sentence compares."""
    return pounds(pence if abs(pence) < 100_000 else 100 * math.floor(Fraction(pence, 100) + Fraction(1, 2)))


def to_the_penny(pence: Fraction) -> str:
    """``£24.10``: nought or more, half a penny up."""
    nearest = math.floor(pence + Fraction(1, 2))
    return f"£{nearest // 100:,}.{nearest % 100:02d}"


def percent(share: Fraction) -> str:
    """``4.2%``; a share that is too small for a tenth says so."""
    if 0 < share < Fraction(1, 2000):
        return "under 0.1%"
    return f"{float(share) * 100:.1f}%"


def _plain(number: Fraction) -> str:
    """An exact decimal without needless noughts; thirds as a fraction."""
    text = f"{float(number):.12f}".rstrip("0").rstrip(".")
    return text if Fraction(text) == number else str(number)
