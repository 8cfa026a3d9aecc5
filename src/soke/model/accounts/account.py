"""The account of a place: what it raises, what is spent there, what its gap is made of, how far the method moves it.

The gap split, with h the place's share of UK people, T and X its receipts and spending, T_uk and X_uk the UK's::

    X - T  =  h (X_uk - T_uk)  +  (h T_uk - T)  +  (X - h X_uk)
     gap        borrowing         lower tax       higher spending
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np

from soke.england.baseline import Floats, baseline
from soke.england.places import LOWER, places
from soke.errors import SokeError
from soke.model.accounts import regional as published
from soke.model.accounts.apportion import METHODS, Method, line_matrix, side_total
from soke.model.accounts.definitions import DEFINITIONS, place_totals
from soke.model.accounts.keys import population
from soke.model.accounts.types import Account, AccountLine, GapSplit, Line, Measure, PartialAccount, Total

WHOLE = {"unitary"}  # the kinds of single authority that get a whole account


def account(codes: Sequence[str], year: int, method: Method = "own", name: str | None = None) -> Account:
    """The account of an area made of authorities (codes of the 296), in GBP million cash.

    ``year`` is the start of the financial year, 1999 to 2023. Raises SokeError for other years and unknown codes.
    """
    here = _mask(codes)
    matrix = line_matrix(year, method)
    values = matrix.values[:, here].sum(axis=1)
    people = float(_people(year)[here].sum())
    specs = published.line_specs()
    whole = _whole_regions(here)
    lines = tuple(
        AccountLine(line=_published(line) if whole else line, value=float(value), per_head=float(value) * 1e6 / people,
                    england_per_head=_england_per_head(spec, year))
        for line, spec, value in zip(matrix.lines, specs, values, strict=True)
    )  # fmt: skip
    receipts = float(sum(x.value or 0.0 for x in lines if x.line.side == "revenue"))
    spending = float(sum(x.value or 0.0 for x in lines if x.line.side == "spending"))
    gaps = {other: _gap(year, other, here) for other in METHODS}
    shares = _measure_shares(lines)
    return Account(
        place="+".join(sorted(codes)), name=name or _name(codes), year=year, population=people,
        basis="workplace" if method == "workplace" else "residence", lines=lines, receipts=receipts, spending=spending,
        gap=gaps[method], split=gap_split(receipts, spending, people, year), gap_low=min(gaps.values()),
        gap_high=max(gaps.values()), totals=_totals(year, method, here), measured_share=shares["measured"],
        apportioned_share=shares["apportioned"], per_head_share=shares["per-head"], notes=_notes(codes, year, here),
    )  # fmt: skip


def district_account(code: str, year: int) -> PartialAccount:
    """The lines for which one district has a figure of its own; every other line is None (shown greyed)."""
    here = _mask([code])
    matrix = line_matrix(year)
    people = float(_people(year)[here].sum())
    lines = []
    for line, spec, value in zip(matrix.lines, published.line_specs(), matrix.values[:, here].sum(axis=1), strict=True):
        has = line.basis in ("own", "rateable-value")
        amount = float(value) if has else None
        per_head = float(value) * 1e6 / people if has else None
        lines.append(
            AccountLine(line=line, value=amount, per_head=per_head, england_per_head=_england_per_head(spec, year))
        )
    notes = (
        "Grey lines have no figure for a single district: dividing a region's figure that far would be invention. "
        "Ask for its county, combined authority or region to see a whole account.",
    )
    return PartialAccount(
        place=code, name=places().name(code), year=year, population=people, lines=tuple(lines), notes=notes
    )


def has_whole_account(codes: Sequence[str]) -> bool:
    """Whether an area gets a whole account: several authorities, or one unitary."""
    return len(codes) > 1 or all((p := places().get(c)) is not None and p.kind in WHOLE for c in codes)


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
class ClassTotal:
    """What the authorities of one class raise and spend together: GBP million cash, and persons."""

    kind: str
    authorities: int
    receipts: float
    spending: float
    population: float


def by_class(codes: Sequence[str], year: int, method: Method = "own") -> tuple[ClassTotal, ...]:
    """Receipts and spending by class of authority within an area. Raises SokeError as :func:`account`."""
    here, classes, people = _mask(codes), np.array(baseline().classes), _people(year)
    raised, spent = side_total(year, "revenue", method), side_total(year, "spending", method)
    out = []
    for kind in (k for k in LOWER if (here & (classes == k)).any()):
        chosen = here & (classes == kind)
        totals = [float(values[chosen].sum()) for values in (raised, spent, people)]
        out.append(ClassTotal(kind, int(chosen.sum()), *totals))
    return tuple(out)


def _mask(codes: Sequence[str]) -> np.ndarray:
    here = baseline().mask(codes)
    if not codes or here.sum() != len(set(codes)):
        unknown = sorted(set(codes) - set(baseline().codes))
        raise SokeError(
            f"No authority has the code {unknown[0] if unknown else '(none given)'}.", "Run `soke places` to list them."
        )
    return here


def _people(year: int) -> Floats:
    """People of each authority, scaled to the population published with the regional accounts."""
    regions = np.array(baseline().regions)
    out = population(year).copy()
    for code in np.unique(regions):
        here = regions == code
        out[here] *= published.regional_population(str(code), year) / out[here].sum()
    return out


def _gap(year: int, method: Method, here: np.ndarray) -> float:
    matrix = line_matrix(year, method)
    return float(matrix.side("spending")[:, here].sum() - matrix.side("revenue")[:, here].sum())


def _england_per_head(spec: published.LineSpec, year: int) -> float:
    people = published.regional_population(published.ENGLAND, year)
    return published.regional(published.ENGLAND, spec, year) * 1e6 / people


def _whole_regions(here: np.ndarray) -> bool:
    regions = np.array(baseline().regions)
    return all(here[regions == code].all() for code in np.unique(regions[here]))


def _published(line: Line) -> Line:
    """A line of a whole region is the published figure itself, whatever key would share it further."""
    residual = line.basis == "residual"
    return Line(id=line.id, title=line.title, side=line.side, basis="residual" if residual else "own",
                key="published total less published lines" if residual else "published for the region",
                measure="measured", grade="derived" if residual else "official",
                source="ons-regional-accounts")  # fmt: skip


def _measure_shares(lines: Sequence[AccountLine]) -> dict[Measure, float]:
    totals: dict[Measure, float] = {"measured": 0.0, "apportioned": 0.0, "per-head": 0.0}
    for line in lines:
        totals[line.line.measure] += abs(line.value or 0.0)
    whole = sum(totals.values())
    return {measure: value / whole for measure, value in totals.items()}


def _totals(year: int, method: Method, here: np.ndarray) -> tuple[Total, ...]:
    out = []
    for definition in DEFINITIONS:
        if year < definition.first:
            continue
        by = {m: float(place_totals(definition.name, year, m)[here].sum()) for m in METHODS}
        low, high = min(by, key=by.__getitem__), max(by, key=by.__getitem__)
        out.append(
            Total(definition=definition.title, side=definition.side, value=by[method], low=by[low], high=by[high],
                  low_key=METHODS[low], high_key=METHODS[high])
        )  # fmt: skip
    return tuple(out)


def _notes(codes: Sequence[str], year: int, here: np.ndarray) -> tuple[str, ...]:
    notes = [published.DISTRUSTED[year]] if year in published.DISTRUSTED else []
    if year > 2022:
        notes.append("Shares of 2022 are carried to 2023-24: a place's share moves by about 2 per cent in a year.")
    if _whole_regions(here):
        notes.append("Published for whole regions; the Office for National Statistics itself apportions many lines.")
    elif len(counties := _cut_counties(codes)) > 0:
        notes.append(
            f"Part of {' and '.join(counties)} only: sharing a region's figures below whole counties is rough."
        )
    text = files(__package__).joinpath("claims.csv").read_text(encoding="utf-8")
    for claim in csv.DictReader(io.StringIO(text)):
        if int(claim["year"]) == year and places().members(claim["code"]) == tuple(sorted(codes)):
            notes.append(_judge(claim, year, here))
    return tuple(notes)


def _cut_counties(codes: Sequence[str]) -> list[str]:
    """Names of the counties of which some shire districts are in the area and some are not."""
    wanted = set(codes)
    counties = {p.county for code in codes if (p := places().get(code)) is not None and p.county}
    return [places().name(c) for c in sorted(counties) if not set(places().members(c)) <= wanted]


def _judge(claim: dict[str, str], year: int, here: np.ndarray) -> str:
    """Whether any definition by any method reproduces a published claim; if none does, the nearest is named."""
    low, high = float(claim["low"]), float(claim["high"])
    tried = [
        (float(place_totals(d.name, year, m)[here].sum()) / 1e3, d.title, METHODS[m])
        for d in DEFINITIONS if d.side == claim["side"] and year >= d.first for m in METHODS
    ]  # fmt: skip
    value, title, method = min(tried, key=lambda t: max(low - t[0], t[0] - high, 0.0))
    said = f"Published: {claim['words']} ({claim['source']})."
    if low <= value <= high:
        return f"{said} Reproduced: {title.lower()}, {method}, give £{value:.1f}bn."
    near = [v for v, t, _ in tried if t == title]
    return (
        f"{said} Not reproduced by any published definition: the nearest, {title.lower()}, "
        f"is £{min(near):.1f}bn to £{max(near):.1f}bn."
    )


def _name(codes: Sequence[str]) -> str:
    for place in places().by_code.values():
        if places().members(place.code) == tuple(sorted(codes)):
            return place.name
    names = [places().name(code) for code in sorted(codes)]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
