"""The account of a place: what it raises, what is spent there, what its gap is made of, and how far it is known.

The gap split, with h the place's share of UK people, T and X its receipts and spending, T_uk and X_uk the UK's::

    X - T  =  h (X_uk - T_uk)  +  (h T_uk - T)  +  (X - h X_uk)
     gap        borrowing         lower tax       higher spending

The people, and what the UK raises and spends, are published: the range of the second part is that of receipts, of the
third that of spending.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soke.england.baseline import Floats, baseline
from soke.england.places import LOWER, places
from soke.errors import SokeError
from soke.model.accounts import regional as published
from soke.model.accounts.apportion import BASES, Basis, line_matrix, side_total
from soke.model.accounts.claims import claims
from soke.model.accounts.components import by_region, region_of
from soke.model.accounts.definitions import DEFINITIONS, Definition, counts, place_totals
from soke.model.accounts.keys import pay_ratio, population
from soke.model.accounts.notes import account_notes, distrusted
from soke.model.accounts.own import Figures
from soke.model.accounts.truth import Pounds, half_width, known, pounds
from soke.model.accounts.types import Account, AccountLine, EconomyTaxes, GapSplit, Known, Line, Total

BY_KEY, PER_HEAD = Known(0.0, 0.0, 1.0, 0.0, 0.0), Known(0.0, 0.0, 0.0, 1.0, 0.0)
GAP_BASES: tuple[Basis, ...] = ("residence", "single")  # spending follows people: the economy basis has no gap


def account(
    codes: Sequence[str], year: int, basis: Basis = "residence", name: str | None = None, figures: Figures | None = None
) -> Account:
    """The account of an area made of authorities (codes of the 296), in GBP million cash.

    ``year`` is the start of the financial year, 1999 to 2023. ``basis``: ``residence`` or ``single``. ``figures``: own
    figures, as shipped unless others are given. Raises SokeError for other years and unknown codes.
    """
    here = mask(codes)
    published.check_year(year)
    if basis not in GAP_BASES:
        raise SokeError("On the economy basis there are taxes only, and no gap.", "Ask for --basis residence.")
    people, whole = float(people_of(year)[here].sum()), whole_regions(here)
    parts = pounds(year, here, figures)
    tested = basis == "residence" and not whole
    lines = _lines(year, here, basis, parts, people, tested)
    receipts, spending = (_side(lines, side) for side in ("revenue", "spending"))
    taxes = float(place_totals("all-taxes", year, basis, figures)[here].sum())
    gaps = {b: _gap(year, b, here, figures) for b in GAP_BASES}

    def width(chosen: Sequence[Pounds]) -> float | None:
        return half_width(tuple(chosen)) if tested else None

    raised = [p for p in parts if p.component.spec.side == "revenue"]
    spent = [p for p in parts if p.component.spec.side == "spending"]
    return Account(
        place="+".join(sorted(codes)), codes=tuple(sorted(codes)), name=name or _name(codes), year=year,
        population=people, basis="single" if basis == "single" else "residence", published=whole, lines=lines,
        receipts=receipts, receipts_half_width=width(raised), taxes=taxes,
        taxes_half_width=width([p for p in raised if p.component.spec.tax]), spending=spending,
        spending_half_width=width(spent), gap=gaps[basis], gap_half_width=width(parts),
        split=gap_split(receipts, spending, people, year), gap_low=min(gaps.values()), gap_high=max(gaps.values()),
        totals=tuple(_total(d, year, here, basis, parts, tested, figures) for d in DEFINITIONS if year >= d.first),
        **_known(basis, parts, (receipts, spending)),
        economy=economy_taxes(year, here, figures), claims=claims(codes, year, here),
        notes=account_notes(codes, year, here, parts, figures, whole) if basis == "residence" else distrusted(year),
    )  # fmt: skip


def _known(basis: Basis, parts: Sequence[Pounds], sums: tuple[float, float]) -> dict[str, Known]:
    """How the pounds of an account, of its receipts and of its spending are known."""
    if basis == "single":  # nothing is measured by one share: revenue goes by output, spending per head
        whole = sum(abs(value) for value in sums)
        both = Known(0.0, 0.0, abs(sums[0]) / whole, abs(sums[1]) / whole, 0.0)
        return {"known": both, "known_taxes": BY_KEY, "known_spending": PER_HEAD}
    sides = {side: tuple(p for p in parts if p.component.spec.side == side) for side in ("revenue", "spending")}
    return {"known": known(tuple(parts)), "known_taxes": known(sides["revenue"]),
            "known_spending": known(sides["spending"])}  # fmt: skip


def _lines(
    year: int, here: NDArray[np.bool_], basis: Basis, parts: Sequence[Pounds], people: float, tested: bool
) -> tuple[AccountLine, ...]:
    matrix = line_matrix(year, "single") if basis == "single" else None
    specs = {spec.id: spec for spec in published.line_specs()}
    out = []
    for line in line_matrix(year, basis).lines:
        mine = tuple(p for p in parts if p.component.line == line.id)
        value = float(matrix.row(line.id)[here].sum()) if matrix else sum(p.value for p in mine)
        width = half_width(mine) if tested else None
        out.append(
            AccountLine(line=_published(line) if whole_regions(here) else line, value=value, half_width=width or None,
                        per_head=value * 1e6 / people, england_per_head=england_per_head(specs[line.id], year),
                        known=_one_share(line.side) if basis == "single" else known(mine))
        )  # fmt: skip
    return tuple(out)


def _one_share(side: str) -> Known:
    return BY_KEY if side == "revenue" else PER_HEAD


def _side(lines: Sequence[AccountLine], side: str) -> float:
    return float(sum(x.value for x in lines if x.line.side == side))


def gap_split(receipts: float, spending: float, people: float, year: int) -> GapSplit:
    """Head-share of UK borrowing, lower tax per head, higher spending per head; GBP million, summing to the gap."""
    share = people / published.regional_population(published.UK, year)
    uk_receipts = published.published(published.UK, published.RECEIPTS, year)
    uk_spending = published.published(published.UK, published.TME, year)
    return GapSplit(
        borrowing=share * (uk_spending - uk_receipts),
        lower_tax=share * uk_receipts - receipts,
        higher_spending=spending - share * uk_spending,
    )


@dataclass(frozen=True, slots=True)
class OnBasis:
    """A place on one basis, GBP million cash; None where the basis has no such thing."""

    basis: Basis
    taxes: float
    receipts: float | None
    spending: float | None

    @property
    def gap(self) -> float | None:
        return None if self.spending is None or self.receipts is None else self.spending - self.receipts


def spread(codes: Sequence[str], year: int, figures: Figures | None = None) -> tuple[OnBasis, ...]:
    """A place on every basis: the spread over methods. Raises SokeError as :func:`account`."""
    here = mask(codes)

    def total(name: str, basis: Basis) -> float:
        return float(place_totals(name, year, basis, figures)[here].sum())

    return tuple(
        OnBasis(b, total("all-taxes", b), total("all-receipts", b) if b in GAP_BASES else None,
                total("total-managed-expenditure", b) if b in GAP_BASES else None)
        for b in BASES
    )  # fmt: skip


def economy_taxes(year: int, here: NDArray[np.bool_], figures: Figures | None = None) -> EconomyTaxes:
    """All taxes that the economy of a place generates, beside what its people pay."""
    paid = float(place_totals("all-taxes", year, "residence", figures)[here].sum())
    generated = float(place_totals("all-taxes", year, "economy", figures)[here].sum())
    return EconomyTaxes(generated=generated, paid=paid, pay_ratio=pay_ratio(here))


@dataclass(frozen=True, slots=True)
class ClassTotal:
    """What the authorities of one class raise and spend together: GBP million cash, and persons."""

    kind: str
    authorities: int
    receipts: float
    spending: float
    population: float


def by_class(codes: Sequence[str], year: int, basis: Basis = "residence") -> tuple[ClassTotal, ...]:
    """Receipts and spending by class of authority within an area. Raises SokeError as :func:`account`."""
    here, classes, people = mask(codes), np.array(baseline().classes), people_of(year)
    raised, spent = side_total(year, "revenue", basis), side_total(year, "spending", basis)
    out = []
    for kind in (k for k in LOWER if (here & (classes == k)).any()):
        chosen = here & (classes == kind)
        totals = [float(values[chosen].sum()) for values in (raised, spent, people)]
        out.append(ClassTotal(kind, int(chosen.sum()), *totals))
    return tuple(out)


def mask(codes: Sequence[str]) -> NDArray[np.bool_]:
    """The authorities of an area among the 296. Raises SokeError for a code that is none, or no code."""
    here = baseline().mask(codes)
    if not codes or here.sum() != len(set(codes)):
        unknown = sorted(set(codes) - set(baseline().codes))
        raise SokeError(
            f"No authority has the code {unknown[0] if unknown else '(none given)'}.", "Run `soke places` to list them."
        )
    return here


def people_of(year: int) -> Floats:
    """People of each authority, scaled to the population published with the regional accounts."""
    people = population(year)
    regional = np.array([published.regional_population(code, year) for code in sorted(set(baseline().regions))])
    out: Floats = people * (regional / by_region(people))[region_of()]
    return out


def england_per_head(spec: published.LineSpec, year: int) -> float:
    """A line of England's account, pounds a head."""
    people = published.regional_population(published.ENGLAND, year)
    return published.regional(published.ENGLAND, spec, year) * 1e6 / people


def whole_regions(here: NDArray[np.bool_]) -> bool:
    """Whether an area is one or more whole regions, whose figures are the publisher's own."""
    inside = by_region(here.astype(float))
    everybody = by_region(np.ones(len(here)))
    return bool(((inside == 0) | (inside == everybody)).all())


def _gap(year: int, basis: Basis, here: NDArray[np.bool_], figures: Figures | None) -> float:
    matrix = line_matrix(year, basis, figures)
    return float(matrix.side("spending")[:, here].sum() - matrix.side("revenue")[:, here].sum())


def _published(line: Line) -> Line:
    """A line of a whole region is the published figure itself, whatever key would share it further."""
    if line.id.endswith("-residual"):
        return line
    return Line(id=line.id, title=line.title, side=line.side, key="published for the region", grade="official",
                source="ons-regional-accounts")  # fmt: skip


def _total(
    definition: Definition, year: int, here: NDArray[np.bool_], basis: Basis, parts: Sequence[Pounds], tested: bool,
    figures: Figures | None,
) -> Total:  # fmt: skip
    bases = [b for b in BASES if b != "economy" or definition.side == "revenue"]
    by = {b: float(place_totals(definition.name, year, b, figures)[here].sum()) for b in bases}
    low, high = min(by, key=by.__getitem__), max(by, key=by.__getitem__)
    chosen = tuple(p for p in parts if counts(definition, p.component.spec))
    return Total(
        definition=definition.title, side=definition.side, value=by[basis],
        half_width=half_width(chosen) if tested and chosen else None, low=by[low], high=by[high],
        low_basis=BASES[low], high_basis=BASES[high],
    )  # fmt: skip


def _name(codes: Sequence[str]) -> str:
    for place in places().by_code.values():
        if places().members(place.code) == tuple(sorted(codes)):
            return place.name
    names = [places().name(code) for code in sorted(codes)]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
