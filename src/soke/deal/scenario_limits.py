"""What a scenario's figures may be: limits that keep a run finite, and nothing left to a silent default."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from soke.deal.finding import Finding
from soke.deal.scenario import AGE_GROUPS, Scenario, SpendingPath
from soke.errors import Location
from soke.text import financial_year

LONGEST_RUN = 75  # years
# Least and greatest of each figure. Those of a table or a range hold for each of its values.
LIMITS: dict[str, tuple[float, float]] = {
    "draws": (1, 1_000_000),
    "carry_gva_real": (0.01, 10.0),
    "carry_price": (0.2, 5.0),
    "gva_growth": (-0.2, 0.2),
    "job_growth": (-0.2, 0.2),
    "population_growth": (-0.05, 0.05),
    "ageing": (-0.2, 0.2),
    "inflation": (-0.05, 0.25),
    "moved_money_gain": (0.0, 10.0),
    "displacement": (0.0, 1.0),
    "skills_match": (0.0, 0.1),
    "healthy_life_years": (0.0, 3.0),
    "retention_as_is": (0.0, 1.0),
    "council_tax_rise_lifted": (0.0, 0.2),
    "council_tax_lifted_years": (0, LONGEST_RUN),
    "reset_every": (1, LONGEST_RUN),
}
REAL_GROWTH = (-0.99, 1.0)  # of a spending path, a year
CUTS_SCALE = (0.0, 5.0)  # of the cuts of the 2010s
# Of the figures of a table of the scenario.
TABLES: dict[str, dict[str, tuple[float, float]]] = {
    "recall": {"deterrence": (0.0, 1.0)},  # share of misses
    "council_tax": {"real_rise": (-0.2, 0.2), "real_rise_after": (-0.2, 0.2)},
    "income_tax": {"share": (0.0, 1.0)},
}
PATHS = ("spending", "spending_cuts")


def faults(scenario: Scenario) -> Iterator[Finding]:
    """What a scenario says that cannot be projected, each at its key."""
    yield from _years(scenario)
    for name, limits in LIMITS.items():
        for key, value in _figures(getattr(scenario, name)):
            yield from _outside(scenario.where(name, *key), ".".join((name, *key)), value, limits)
    for table, figures in TABLES.items():
        held = getattr(scenario, table)
        for name, limits in figures.items() if held is not None else ():
            for key, value in _figures(getattr(held, name)):
                yield from _outside(held.where(name, *key), ".".join((table, name, *key)), value, limits)
    for name in PATHS:
        yield from _paths(getattr(scenario, name))
    yield from _ages(scenario)
    yield from _cuts(scenario)


def _fault(at: Location, code: str, fact: str, fix: str) -> Finding:
    return Finding(at, code, "error", fact, fix)


def _figures(value: object) -> Iterator[tuple[tuple[str, ...], float]]:
    """The numbers of a figure, a range or a table, each with its key below it."""
    if isinstance(value, int | float):
        yield (), value
    elif isinstance(value, dict):
        yield from (((name,), number) for name, number in value.items())
    elif value is not None:
        yield from (((name,), getattr(value, name)) for name in ("low", "central", "high"))


def _outside(at: Location, name: str, value: float, limits: tuple[float, float]) -> Iterator[Finding]:
    low, high = limits
    if not low <= value <= high:  # so written, what is no number is outside too
        yield _fault(at, "DV007", f'"{name}" cannot be {value:g}.', f"Give a number from {low:g} to {high:g}.")


def _years(scenario: Scenario) -> Iterator[Finding]:
    last = scenario.base_year + LONGEST_RUN
    if not scenario.base_year < scenario.end_year <= last:
        yield _fault(
            scenario.where("end_year"), "DV007",
            f"A run cannot go from {financial_year(scenario.base_year)} to {financial_year(scenario.end_year)}.",
            f"End it after the base year, and by {financial_year(last)}.",
        )  # fmt: skip


def _paths(paths: Iterable[SpendingPath]) -> Iterator[Finding]:
    seen: set[str] = set()
    for path in paths:
        if path.function in seen:
            fact = f'The spending function "{path.function}" has two paths.'
            yield _fault(path.where("function"), "DV004", fact, "Keep one of them.")
        seen.add(path.function)
        if not path.real_growth:
            at, fix = path.where("real_growth"), "Give a rate a year, such as [0.01]; nought if nought is meant."
            yield _fault(at, "DV003", f'The path of "{path.function}" has no rate of growth.', fix)
        for index, rate in enumerate(path.real_growth):
            yield from _outside(path.where("real_growth", index), "real_growth", rate, REAL_GROWTH)


def _ages(scenario: Scenario) -> Iterator[Finding]:
    known = sorted({name for names in AGE_GROUPS.values() for name in names})
    unknown = [name for name in scenario.ageing if name not in known]
    for name in unknown:
        at, fact = scenario.where("ageing", name), f"No age group is called {name[:40]}."
        yield _fault(at, "DV002", fact, f"Use {', '.join(known)}.")
    gone = [age for age, names in AGE_GROUPS.items() if not set(names) & set(scenario.ageing)]
    if scenario.ageing and gone and not unknown:  # one of them may be the one misspelt
        fact = f"No growth is given for people aged {', '.join(gone)}."
        yield _fault(scenario.where("ageing"), "DV003", fact, "Add them under [ageing]; nought if nought is meant.")


def _cuts(scenario: Scenario) -> Iterator[Finding]:
    """Cuts are said once, by a path or by a file, and start within the run."""
    cuts, file = scenario.cuts, scenario.cuts_by_place
    if cuts is None:
        if file or scenario.cut_places:
            fact = "The file of cuts by place does not say when they start."
            yield _fault(scenario.where("cuts_by_place"), "DV003", fact, 'Add [cuts] with starts = "2026-27".')
        return
    said = bool(file or scenario.cut_places)
    if said and cuts.path:
        fact = f'The cuts are said twice: by the path "{cuts.path}" and by the file "{file[:80]}".'
        yield _fault(cuts.where("path"), "DV004", fact, "Keep one of them.")
    elif not said and not cuts.path:
        fix = 'Write path = "2010s", or name a file with cuts_by_place above the tables.'
        yield _fault(cuts.at, "DV003", "The cuts have no path and no file by place.", fix)
    yield from _outside(cuts.where("scale"), "cuts.scale", cuts.scale, CUTS_SCALE)
    if not scenario.base_year < cuts.starts <= scenario.end_year:
        first, last = financial_year(scenario.base_year + 1), financial_year(scenario.end_year)
        fact = f"Cuts cannot start in {financial_year(cuts.starts)}: the run's years are {first} to {last}."
        yield _fault(cuts.where("starts"), "DV007", fact, "Start them in one of its years.")
