"""The scenario as typed values: what is assumed about England, before any deal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from soke.deal.fiscal import Adjustment
from soke.deal.located import Located, Range, Year
from soke.england.baseline import Grade

# Age groups of the model, and the names under which a scenario may give their growth: their own or a wider group's.
AGE_GROUPS: Mapping[str, tuple[str, ...]] = {
    "0-15": ("0-15",),
    "16-64": ("16-64",),
    "65-74": ("65-74", "65+"),
    "75-84": ("75-84", "75+", "65+"),
    "85+": ("85+", "75+", "65+"),
}
Financing = Literal["head", "output"]
DEFAULT = "default"  # the key of a table for the areas, functions and taxes that it does not name


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendingPath(Located):
    """Real growth a year of one spending function, by financial year in which it starts; the last value holds on."""

    function: str
    real_growth: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Located):
    """Where one assumption of a scenario comes from, for the assumptions log."""

    of: str  # the key that it is about
    text: str
    grade: Grade
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallAssumed(Located):
    """What is assumed of the right of recall. ``deterrence``: the share of misses that its prospect alone prevents."""

    deterrence: float = 0.0  # default none, printed when on: an assumption, not a finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Cuts(Located):
    """Cuts of councils' services, on both paths: as in the 2010s if ``scale`` is 1, from the first year that is lower.

    ``path``: by the rule fitted to the 2010s, drawn, or as each place was cut then; none where a file says it.
    """

    path: Literal["2010s", "2010s-as-was"] | None = None
    scale: float = 1.0
    starts: Year


@dataclass(frozen=True, slots=True)
class FileRead:
    """A further file that a scenario was read from: as it is shown, and its bytes."""

    shown: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilTaxPath(Located):
    """How council tax bills rise a year in real terms, everywhere: to the last planned year, then as drawn."""

    real_rise: float
    until: Year
    real_rise_after: Range


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomeTaxShare(Located):
    """A share of income tax that the law would assign, whatever a deal says: to the deal's area, where it is one."""

    share: float = 0.0
    from_year: Year = 2028
    areas: Literal["mayoral", "all"] = "mayoral"
    adjustment: Adjustment = "indexed-per-capita"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario(Located):
    """Assumptions, all of them: changing one never amends a deal.

    Growth rates are fractions a year, real. ``carry`` takes the output of 2022 to the base year in one step; taxes and
    spending of the base year are no assumption of the scenario's, but the published account and the outlook.
    """

    id: str
    title: str
    base_year: Year = 2025
    end_year: Year = 2045
    draws: int = 1000
    seed: int = 20260401
    # carry of output: 2022 to base year, ratios (1.0 is no change)
    carry_gva_real: float = 1.0
    carry_price: float = 1.0  # GDP deflator, base year over 2022-23
    # outlook
    gva_growth: Range  # real, a year, England
    job_growth: float = 0.0
    inflation: float | None = None  # a year, after the base year; none: as the evidence has it
    population_growth: float = 0.0  # of England's people, a year
    envelope: Literal["plans", "cuts"] = "plans"
    spending: tuple[SpendingPath, ...] = ()
    spending_cuts: tuple[SpendingPath, ...] = ()  # the cuts path
    cuts: Cuts | None = None  # of councils' services by place; none unless it is said
    cuts_by_place: str = ""  # a file that says how much each place is cut
    # growth a year of England's age groups, none left out; none at all: each place's own ages move on
    ageing: Mapping[str, float] = field(default_factory=dict)
    # effects: overrides of evidence parameters, by id
    effects: Mapping[str, Range] = field(default_factory=dict)
    moved_money_gain: float = 0.0  # gain in effect of each moved pound; default none
    displacement: float = 1.0  # how far what is gained here is lost elsewhere: 1 as the evidence has it, 0 not at all
    skills_match: float = 0.0  # rise of the match of learning with local work by a devolved budget; default none
    healthy_life_years: float = 0.0  # gained in the deal's places, after ten years; default none, printed when on
    recall: RecallAssumed | None = None
    # fiscal: today's law is in the funding rules; what is said here replaces it
    retention_as_is: Mapping[str, float] = field(default_factory=dict)  # local share by area code, or "default"
    funding_rules: Mapping[str, float] = field(default_factory=dict)  # a parameter of the rules by its id, every year
    council_tax: CouncilTaxPath | None = None  # none: bills rise with prices
    council_tax_rise_lifted: Range | None = None  # extra real rise a year where a deal lifts the referendum limit
    council_tax_lifted_years: int = 0  # for how many years that extra rise goes on
    income_tax: IncomeTaxShare | None = None
    reset_as_is: Year = 2029
    reset_every: int = 5  # years between resets after that
    financing: Financing = "head"  # how England shares the cost of new money
    notes: tuple[Note, ...] = ()
    # read beside the file: what it extends and names, and the log change of each place of the file of cuts
    files: tuple[FileRead, ...] = ()
    cut_places: Mapping[str, float] = field(default_factory=dict)

    @property
    def deterrence(self) -> float:
        """The share of misses that the prospect of recall is assumed to prevent; none unless it is said."""
        return self.recall.deterrence if self.recall else 0.0
