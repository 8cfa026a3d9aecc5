"""The powers of keys, chosen again on regions alone with each region left out in turn.

A key that is not a plain count bends: ``people x (driver per head) ** power``, or ``exp(power x deprivation)``. A power
that moves when one region goes would be that region's, and no property of the tax. None is fitted on places.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from soke.england.baseline import Floats, baseline
from soke.england.history import of_year
from soke.model.accounts.components import by_region, regions
from soke.model.accounts.keys import house_prices, per_head, population, raised
from soke.model.accounts.tested import YEAR, controls, share_errors

GRID = np.round(np.arange(-0.6, 2.51, 0.05), 2)


@dataclass(frozen=True, slots=True)
class Bent:
    """A key with a power: the one chosen, its weights (296,) at any, and the components that it was chosen on."""

    chosen: float
    weights: Callable[[float], Floats]
    components: tuple[str, ...]


@cache
def bent() -> Mapping[str, Bent]:
    """Every key with a power, by name. At ``chosen`` the weights are those of the key itself."""
    base, people, health = baseline(), population(YEAR), baseline()["imd_health"]
    other = base["total_income"] - base["employment_income"] - base["self_employment_income"] - base["pension_income"]
    pay = (base["employment_income"] + base["self_employment_income"]) / base["population"]

    def power(driver: Floats, of: Floats = people) -> Callable[[float], Floats]:
        return lambda p: raised(driver, of, p)

    def disability(p: float) -> Floats:
        younger, older = per_head(base["people_16_65"], YEAR), per_head(base["people_66_plus"], YEAR)
        weights: Floats = younger * np.exp(p * health) + 0.5 * older * np.exp(0.75 * p * health)
        return weights

    def renters(p: float) -> Floats:
        homes = per_head(base["social_rented"] + 0.6 * base["private_rented"], YEAR)
        weights: Floats = homes * base["imd_income"] * house_prices() ** p
        return weights

    return {
        "consumption": Bent(0.25, power(of_year("household_income", YEAR) * people), ("vat",)),
        "earnings": Bent(0.85, power(pay * population(2021), population(2021)), ("national-insurance",)),
        "home-values": Bent(1.75, power(per_head(house_prices() * base["homes"], YEAR)), ("stamp-duty-land-tax",)),
        "owned-values": Bent(
            1.75, power(per_head(house_prices() * base["owned_outright"], YEAR)), ("taxes-on-capital",)
        ),
        "other-income": Bent(1.5, power(per_head(np.maximum(other, 0.0), YEAR)), ("capital-gains-tax",)),
        "sparse": Bent(
            -0.2, power(people**2 / base.area_km2), ("fuel-duties", "vehicle-duty-households", "vehicle-duty-business")
        ),
        "disability": Bent(0.4, disability, ("social-protection.disability",)),
        "public-health-need": Bent(0.4, lambda p: people * np.exp(p * health), ("health.public-health",)),
        "housing-benefit": Bent(0.5, renters, ("social-protection.housing-benefit",)),
    }


def refitted(key: str) -> tuple[float, ...]:
    """The power with the least root mean square error between regions: over all nine, then without each in turn.

    Ten powers, on a grid of .05; the region left out is in neither the shares nor the errors. Keys of several lines
    take the error over all of them.
    """
    own = bent()[key]
    weights = by_region(np.stack([own.weights(p) for p in GRID]))
    kept = [np.ones(len(regions()), bool), *~np.eye(len(regions()), dtype=bool)]
    return tuple(float(GRID[np.argmin(np.stack([_errors(w, own.components, k) for w in weights]))]) for k in kept)


def _errors(weights: Floats, components: tuple[str, ...], kept: NDArray[np.bool_]) -> float:
    """Root mean square over lines, years and the regions kept."""
    each = [np.mean(share_errors(weights[kept], controls(c)[:, kept]) ** 2) for c in components]
    return float(np.sqrt(np.mean(each)))
