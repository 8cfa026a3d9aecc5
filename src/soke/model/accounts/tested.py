"""What keys and ranges are worth where the truth is known. ``truth_errors.csv`` is written from here.

Three truths, none of them of an unmeasured line in a place, which no one knows:

between regions  the published control of a component by region against its key; the one truth there is for a line that
                 nobody measures below regions
within regions   own figures, shared by a key as if nobody had measured them, against the figures themselves; for single
                 authorities and for groups (the 36 combined authorities and counties)
whole totals     all measured spending, or tax, of a place: :mod:`soke.model.accounts.covered`

An error is the natural logarithm of keyed over true; p80 is what four errors in five stay within, whatever their sign.
A place whose truth or key is nought or less has no logarithm and is left out. Keys are at their weights of 2022-23.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from soke.england.baseline import Floats, baseline
from soke.england.history import of_year, statistical_areas
from soke.england.places import CLASS_NAMES, places
from soke.england.tables import read_table
from soke.evidence.by_age import spending_by_age
from soke.model.accounts.components import (
    ACADEMY_FLOOR,
    ACADEMY_SHARE,
    Component,
    Piece,
    by_region,
    components,
    pieces,
    region_of,
    shared,
)
from soke.model.accounts.keys import keys, population
from soke.model.accounts.truth import SINGLE, Size
from soke.model.accounts.types import Side

YEAR = 2022
YEARS: dict[Side, tuple[int, ...]] = {"revenue": (2018, 2019, 2021, 2022), "spending": (2019, 2021, 2022, 2023)}
CAP = 1.0  # of an error: beyond it a key says nothing, and so where a control has no one sign
HEALTH_BY_DEPRIVATION = 0.08  # relative cost a point of the health score: the key of health before NHS weights
CONVENTION = {"international-services", "debt-interest", "defence", "accounting-adjustments", "revenue-residual",
              "spending-residual"}  # fmt: skip
ASSUMED = {"health.nhs": (0.084, 0.16), "social-protection.adult-social-care": (0.15, 0.29),
           "social-protection.childrens-social-care": (0.15, 0.29)}  # fmt: skip
TAXES = ("income-tax", "council-tax")
COUNCILS = (0.20, 0.38)  # assumed of what own figures of councils' other services leave
Masks = NDArray[np.bool_]


def p80(errors: Floats) -> float:
    """What four in five of the errors stay within; those that are not numbers left out."""
    return float(np.quantile(np.abs(errors[np.isfinite(errors)]), 0.8))


@cache
def piece(component: str, year: int = YEAR) -> Piece:
    return next(p for p in pieces(year) if p.component.id == component)


@cache
def groups() -> Masks:
    """Members of the 36 combined authorities and counties, (36, 296)."""
    chosen = (*places().of_kind("combined-authority"), *places().of_kind("county"))
    return np.stack([baseline().mask(places().members(place.code)) for place in chosen])


@cache
def single_tier() -> Masks:
    """Authorities with no county above them, (296,)."""
    return np.array([kind != "shire-district" for kind in baseline().classes])


# Between regions


def controls(component: str) -> Floats:
    """Published amounts of a component, GBP million: (years, 9), the years in which every region has the same sign."""
    side = piece(component).component.spec.side
    every = np.stack([piece(component, year).control for year in YEARS[side]])
    chosen: Floats = every[(every > 0).all(axis=1) | (every < 0).all(axis=1)]
    return chosen


def share_errors(weights: Floats, truth: Floats) -> Floats:
    """Log odds of each region's share of the weights (9,) less those of its share of the truth (..., 9)."""

    def odds(x: Floats) -> Floats:
        out: Floats = x / (x.sum(axis=-1, keepdims=True) - x)
        return out

    out: Floats = np.log(odds(weights) / odds(truth))
    return out


def between_regions(component: str, weights: Floats | None = None, truth: Floats | None = None) -> float:
    """Root mean square error of a component's key over nine regions and four years, with its weights of 2022-23.

    ``e = ln[(s_r / sum of other s) / (t_r / sum of other t)]``, s the key's weights by region, t the published control
    (``truth`` (years, 9) instead). ``weights`` (296,) try another key. Years: financial years that start in 2018, 2019,
    2021 and 2022 for revenue, a year later from the second on for spending (its detail begins in 2019-20). Not a number
    where in no year the control has the same sign in every region.
    """
    known = controls(component) if truth is None else truth
    if not len(known):
        return float("nan")
    tried = piece(component).weights if weights is None else weights
    return float(np.sqrt(np.mean(share_errors(by_region(tried), known) ** 2)))


# Within regions


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """A key on a measured line: ``truth`` and ``weights`` (296,), of which only shares within a region matter.

    ``own`` (296,): authorities whose truth is of their own, not split from a county's. ``total``: whether it takes part
    in the test of whole totals. ``specified``: p80 of single authorities and of groups as the specification has them.
    """

    name: str
    component: str
    truth: Floats
    weights: Floats
    own: Masks
    total: bool
    specified: tuple[float, float] | None
    controls: Floats  # (years, 9)

    @property
    def keyed(self) -> Floats:
        """The region's truth shared by the key, (296,)."""
        out: Floats = by_region(self.truth)[region_of()] * shared(self.weights)
        return out

    @property
    def singles(self) -> Floats:
        """Errors of authorities, (296,), not a number where the truth is not their own."""
        return np.where(self.own, log_ratio(self.keyed, self.truth), np.nan)

    @property
    def groups(self) -> Floats:
        """Errors of groups, (36,)."""
        return log_ratio(groups() @ self.keyed, groups() @ self.truth)

    def p80(self, size: Size) -> float:
        return p80(self.singles if size == "single" else self.groups)

    @property
    def by_class(self) -> Mapping[str, float]:
        """p80 of single authorities by class, and of counties."""
        classes = np.array(baseline().classes)
        tried = {kind: self.singles[classes == kind] for kind in CLASS_NAMES}
        tried["county"] = self.groups[len(places().of_kind("combined-authority")) :]
        return {kind: p80(errors) for kind, errors in tried.items() if np.isfinite(errors).any()}

    @property
    def between(self) -> float:
        """The same key's error between regions."""
        return between_regions(self.component, self.weights, self.controls)


def log_ratio(above: Floats, below: Floats) -> Floats:
    """Natural logarithm of a ratio, not a number where either is nought or less."""
    out: Floats = np.full(above.shape, np.nan)
    positive = (above > 0) & (below > 0)
    out[positive] = np.log(above[positive] / below[positive])
    return out


@cache
def within_regions() -> tuple[Trial, ...]:
    """Every key tried on a measured line as if nobody had measured it.

    The specification names no key of need: people times the root of employment deprivation, and children times the root
    of income deprivation, come next to its figures; the keys by which the accounts split a county's care stand apart.
    Rates: the income of 2013-14 against rateable values of 2023, the only money of rates by authority that is shipped.
    """
    base, people = baseline(), population(YEAR)
    root = {name: base[f"imd_{name}"] ** 0.5 for name in ("employment", "income")}
    income, children = of_year("household_income", YEAR), base["people_0_15"]
    care = {name: f"social-protection.{name}-social-care" for name in ("adult", "childrens")}
    every, own = np.ones(len(people), bool), single_tier()

    def trial(
        name: str, component: str, weights: Floats, specified: tuple[float, float] | None = None, of: Masks = every,
        total: bool = True, truth: Floats | None = None, known: Floats | None = None,
    ) -> Trial:  # fmt: skip
        return Trial(name, component, piece(component).own_places if truth is None else truth, weights, of, total,
                     specified, controls(component) if known is None else known)  # fmt: skip

    return (
        trial("income tax by household income squared", "income-tax", people * income**2, (0.19, 0.095)),
        trial("council tax by dwellings", "council-tax", base["homes"], (0.20, 0.11)),
        trial("business rates by rateable value", "business-rates", keys()["rateable-value"].weights(YEAR),
              (0.18, 0.10), total=False, truth=_rates_2013()),
        trial("NHS by age and deprivation", "health.nhs", _health_by_age(), (0.15, 0.07)),
        trial("schools by children", "education.academies", children, (0.16, 0.085), total=False,
              truth=base["school_grant"], known=_schools()),
        trial("adult social care by need", care["adult"], people * root["employment"], (0.24, 0.15), own),
        trial("adult social care by the key that splits it", care["adult"], keys()["disability"].weights(YEAR), None,
              own, total=False),
        trial("children's social care by need", care["childrens"], children * root["income"], (0.35, 0.21), own),
        trial("children's social care by the key that splits it", care["childrens"],
              keys()["children-in-need"].weights(YEAR), None, own, total=False),
        trial("council education by grants of schools", "education.councils", base["school_grant"], (0.34, 0.18), own),
        trial("environment per head", "environment.councils", people, (0.38, 0.19), own),
        trial("culture per head", "recreation.councils", people, (0.46, 0.21), own),
        trial("highways per head", "transport.councils", people, (0.51, 0.38), own),
        trial("planning per head", "housing.planning", people, (0.61, 0.38), own),
        trial("police per head", "public-order.police", people, (0.15, 0.15)),
        trial("fire per head", "public-order.fire", people, (0.18, 0.17)),
        trial("central services per head", "public-and-common-services.councils", people, None, own),
        trial("public health by health deprivation", "health.public-health", keys()["public-health-need"].weights(YEAR),
              (0.26, np.nan), own),
        trial("public health per head", "health.public-health", people, (0.43, np.nan), own, total=False),
    )  # fmt: skip


def _rates_2013() -> Floats:
    """Income from business rates, 2013-14, of the authorities that stand where each stood then; (296,)."""
    index = {code: i for i, code in enumerate(baseline().codes)}
    out = np.zeros(len(index))
    for row in read_table("rates_2013"):
        code = row["code"]
        out[index[code if code in index else places().successors(code)[0].successor]] += float(row["income"])
    return out


def _health_by_age() -> Floats:
    """People weighted by the cost of health care at their age, more where health is worse; (296,)."""
    base, cost = baseline(), spending_by_age()["health"]
    old = base["population_65_plus"] - base["population_75_plus"]
    older = base["population_75_plus"] - base["population_85_plus"]
    people = {"0-15": base["population_0_15"], "16-64": base["population_16_64"], "65-74": old, "75-84": older,
              "85+": base["population_85_plus"]}  # fmt: skip
    weighted: Floats = np.sum([people[age] * each for age, each in cost.items()], axis=0)
    return weighted * (1 + HEALTH_BY_DEPRIVATION * base["imd_health"])


def _schools() -> Floats:
    """Spending on schools, academies and councils' together, by year and region; (4, 9)."""
    return np.stack([
        piece("education.academies", year).control + ACADEMY_SHARE * piece("education.councils", year).control
        for year in YEARS["spending"]
    ])  # fmt: skip


def group_to_between() -> float:
    """Median over the trials of a group's p80 to the error between regions of the same key."""
    return float(np.median([t.p80("group") / t.between for t in within_regions()]))


def single_to_group() -> float:
    """Median over the trials of a single authority's p80 to a group's."""
    return float(np.median([t.p80("single") / t.p80("group") for t in within_regions()]))


@dataclass(frozen=True, slots=True)
class Errors:
    """Errors of single authorities and of groups where the truth is not by authority."""

    singles: Floats
    groups: Floats


@cache
def academies() -> Errors:
    """Academies by the accounts' rule with schools known by children alone, against the rule with grants of schools.

    What councils spend is their own figure in both, so only single-tier councils are tested alone.
    """
    here, councils = piece("education.academies"), piece("education.councils")
    schools = here.control + ACADEMY_SHARE * councils.control
    total = schools[region_of()] * shared(baseline()["people_0_15"])
    left = np.maximum(ACADEMY_FLOOR * total, total - ACADEMY_SHARE * councils.own_places)
    keyed = here.control[region_of()] * shared(left)
    alone = log_ratio(keyed, here.values)[single_tier()]
    return Errors(alone, log_ratio(groups() @ keyed, groups() @ here.values))


def contributions(weights: Floats | None = None) -> Errors:
    """Social contributions by the key of earnings, against contributions paid by households of NUTS3 areas in 2018.

    The published contributions hold pensions and what employers pay, so they are a check and no key. Singles: areas of
    one authority; groups: the combined authorities and counties that are whole areas of one region.
    """
    tried = keys()["earnings"].weights(YEAR) if weights is None else weights
    paid = {r["area"]: float(r["2018"]) for r in read_table("income_history") if r["variable"] == "contributions"}
    area = np.array(statistical_areas()[1])
    inside = np.stack([area == code for code in sorted(paid)])
    truth, key = np.array([paid[code] for code in sorted(paid)]), inside @ tried
    region = np.array([region_of()[here][0] for here in inside])
    same = region[:, None] == region
    keyed = (same @ truth) * key / (same @ key)
    whole = [m for g in groups() if (m := _made_of(g, inside)) is not None and len(set(region[m])) == 1]
    of_groups = np.array([np.log(keyed[m].sum() / truth[m].sum()) for m in whole])
    return Errors(log_ratio(keyed, truth)[inside.sum(axis=1) == 1], of_groups)


def _made_of(group: Masks, areas: Masks) -> Masks | None:
    """Which areas make up a group of authorities; None where one is cut."""
    members = areas[:, group].sum(axis=1)
    return members > 0 if bool((members[members > 0] == areas.sum(axis=1)[members > 0]).all()) else None


# The table


def truth_error_rows(tested: str) -> list[list[str]]:
    """Rows of ``truth_errors.csv``: component, q80 of groups, q80 of single authorities, how, and the day (ISO).

    ``between regions``  the key's error, one at most; 1.9 times it for a single authority
    ``within regions``   tested here; of income and council tax, what the keys of the trials err
    ``assumed``          by the specification, of what own figures leave of the NHS and of councils' services; and one
                         where in no year the control has the same sign in every region
    ``convention``       per head with no band
    """
    tried = {t.component: (t.p80("group"), t.p80("single")) for t in within_regions() if t.component in TAXES}
    for component, errors in (("national-insurance", contributions()), ("education.academies", academies())):
        tried[component] = (p80(errors.groups), p80(errors.singles))
    out = []
    for each in components():
        q80, how = _tested(each, tried)
        out.append([each.id, *(f"{x:.3f}".rstrip("0").rstrip(".") for x in q80), how, tested])
    return out


def _tested(component: Component, tried: Mapping[str, tuple[float, float]]) -> tuple[tuple[float, float], str]:
    if component.id in CONVENTION:
        return (0.0, 0.0), "convention"
    if component.id in tried:
        return tried[component.id], "within regions"
    if piece(component.id).own:  # shipped: what a user may import is measured here by no one
        return ASSUMED.get(component.id, COUNCILS), "assumed"
    error = between_regions(component.id)
    if np.isnan(error):
        return (CAP, SINGLE * CAP), "assumed"
    return (min(error, CAP), SINGLE * min(error, CAP)), "between regions"
