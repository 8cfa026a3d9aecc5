"""The account of a place: what it raises, what is spent there, what its gap is made of, and how far it is known.

The gap split, with h the place's share of UK people, T and X its receipts and spending, T_uk and X_uk the UK's::

    X - T  =  h (X_uk - T_uk)  +  (h T_uk - T)  +  (X - h X_uk)
     gap        borrowing         lower tax       higher spending

The people, and what the UK raises and spends, are published: the range of the second part is that of receipts, of the
third that of spending.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from soke.model.accounts.regional import uk_totals
from soke.model.accounts.truth import Pounds, half_width, known, pounds
from soke.model.accounts.types import Account, AccountLine, EconomyTaxes, GapSplit, Known, Line, LineMatrix, Side, Total

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
    lines = _lines(line_matrix(year, basis, figures), basis, here, parts, people, whole)
    receipts, spending = (_side(lines, side) for side in ("revenue", "spending"))
    taxes = float(place_totals("all-taxes", year, basis, figures)[here].sum())
    gaps = [on.gap for on in spread(codes, year, figures) if on.gap is not None]

    def width(chosen: Sequence[Pounds]) -> float | None:
        return half_width(tuple(chosen)) if tested else None

    raised, spent = (tuple(p for p in parts if p.component.spec.side == side) for side in ("revenue", "spending"))
    return Account(
        place="+".join(sorted(codes)), codes=tuple(sorted(codes)), name=name or _name(codes), year=year,
        population=people, basis="single" if basis == "single" else "residence", published=whole, lines=lines,
        receipts=receipts, receipts_half_width=width(raised), taxes=taxes,
        taxes_half_width=width([p for p in raised if p.component.spec.tax]), spending=spending,
        spending_half_width=width(spent), gap=spending - receipts, gap_half_width=width(parts),
        split=gap_split(receipts, spending, people, year), gap_low=min(gaps), gap_high=max(gaps),
        totals=tuple(_total(d, year, here, basis, parts, tested, figures) for d in DEFINITIONS if year >= d.first),
        known=_both_by_one_share(receipts, spending) if basis == "single" else known(parts),
        known_taxes=_one_share("revenue") if basis == "single" else known(raised),
        known_spending=_one_share("spending") if basis == "single" else known(spent),
        economy=economy_taxes(year, here, figures), claims=claims(codes, year, here),
        notes=account_notes(codes, year, here, parts, figures, whole) if basis == "residence" else distrusted(year),
    )  # fmt: skip


def _one_share(side: Side) -> Known:
    """How a side's pounds are known where all go by one share: revenue by output, spending per head."""
    return Known(0.0, 0.0, 1.0, 0.0, 0.0) if side == "revenue" else Known(0.0, 0.0, 0.0, 1.0, 0.0)


def _both_by_one_share(raised: float, spent: float) -> Known:
    whole = abs(raised) + abs(spent)
    return Known(0.0, 0.0, abs(raised) / whole, abs(spent) / whole, 0.0)


def _lines(
    matrix: LineMatrix, basis: Basis, here: NDArray[np.bool_], parts: Sequence[Pounds], people: float, whole: bool
) -> tuple[AccountLine, ...]:
    """Every line of a matrix in a place; ``parts`` say how its pounds are known where they do not go by one share."""
    single = basis == "single"
    specs = {spec.id: spec for spec in published.line_specs()}
    out = []
    for line, row in zip(matrix.lines, matrix.values, strict=True):
        mine = tuple(p for p in parts if p.component.line == line.id)
        value = float(row[here].sum())
        out.append(
            AccountLine(line=_published(line) if whole else line, value=value,
                        half_width=None if single or whole else half_width(mine) or None, per_head=value * 1e6 / people,
                        england_per_head=england_per_head(specs[line.id], matrix.year),
                        known=_one_share(line.side) if single else known(mine))
        )  # fmt: skip
    return tuple(out)


def _side(lines: Sequence[AccountLine], side: str) -> float:
    return float(sum(x.value for x in lines if x.line.side == side))


def gap_split(receipts: float, spending: float, people: float, year: int) -> GapSplit:
    """Head-share of UK borrowing, lower tax per head, higher spending per head; GBP million, summing to the gap."""
    return split_of(people / published.regional_population(published.UK, year), receipts, spending, uk_totals(year))


def split_of(share: float, receipts: float, spending: float, uk: Mapping[Side, float]) -> GapSplit:
    """The gap of a place with ``share`` of UK people, by the identity above; all in GBP million, ``uk`` by side."""
    return GapSplit(
        borrowing=share * (uk["spending"] - uk["revenue"]),
        lower_tax=share * uk["revenue"] - receipts,
        higher_spending=spending - share * uk["spending"],
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


def by_class(
    codes: Sequence[str], year: int, basis: Basis = "residence", figures: Figures | None = None
) -> tuple[ClassTotal, ...]:
    """Receipts and spending by class of authority within an area. Raises SokeError as :func:`account`."""
    here, classes, people = mask(codes), np.array(baseline().classes), people_of(year)
    raised, spent = (side_total(year, side, basis, figures) for side in ("revenue", "spending"))
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
