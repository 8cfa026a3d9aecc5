"""The facts of a result that its folder holds, as the first screen of its report has them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from soke.deal.fund_kinds import SPENT_BEFORE
from soke.deal.types import Deal
from soke.england.baseline import Floats
from soke.report.believe import SPAN, Belief, Record
from soke.report.contents import headline_year
from soke.report.fact_words import NO_LEVER, Titled, care_said
from soke.report.facts import Money, money_paid
from soke.report.headline import Number
from soke.report.run.held import HeldRun, number
from soke.text import financial_year

OF_THE_LEVERS = "Extra tax and saved benefits here"  # a step of the growth loop
CARE, PROCEEDS = "Care of adults takes more than now", "Proceeds of growth spent here"
_YEARS = re.compile(r"(\d{4}) to (\d{4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Ends:
    """The 10th, 50th and 90th percentile of a figure."""

    low: float
    middle: float
    high: float


def year_of(run: HeldRun) -> int:
    """The year of the run of which its headline is: 10, or the last of a shorter one."""
    return headline_year(len(run.years) - 1)


def number_of(run: HeldRun, name: str) -> Number | None:
    """One of the four numbers by its id."""
    return next((one for one in run.numbers if one.id == name), None)


def known(run: HeldRun) -> Ends | None:
    """Extra tax here and benefits saved, by the listed levers, GBP million a year; None of a deal without a lever."""
    if run.lead.startswith(NO_LEVER):
        return None
    return next((_ends(row) for row in run.tables["loop"] if row["what"] == OF_THE_LEVERS), None)


def unknown(run: HeldRun) -> Ends | None:
    """What being devolved may do by itself, GBP million a year of tax."""
    return _of_the_year(run, "not_known", "gbp_million")


def luck(run: HeldRun) -> Ends | None:
    """This place's part of England's output over now, as a fraction."""
    found = _of_the_year(run, "luck", "per_cent")
    return Ends(found.low / 100, found.middle / 100, found.high / 100) if found else None


def care(run: HeldRun) -> Titled | None:
    """Whether growth pays for what care takes more, in words."""
    year = year_of(run)
    rows = {row["what"]: row for row in run.tables["care"] if row["year_of_run"] == str(year)}
    need, given = (_ends(rows[what]) if what in rows else None for what in (CARE, PROCEEDS))
    if need is None or given is None:
        return None
    return care_said(need, given.middle, financial_year(run.years[year]), pays=given.middle >= need.middle > 0)


def money(run: HeldRun, deal: Deal) -> Money:
    """What only changes hands and what is new, by the ledger of the run, GBP million in the deal's first year."""
    last = len(run.years) - 1
    first = min(max(1, deal.starts - run.years[0]), max(1, last))
    return money_paid(run.years, _paid(run, *SPENT_BEFORE), _paid(run, "new"), first)


def _paid(run: HeldRun, *kinds: str) -> Floats:
    rows = [row for row in run.tables["flows"] if row["owner"] == "fund" and row["kind"] in kinds]
    columns = [f"{financial_year(year)}_gbp_million" for year in run.years]
    paid = np.array([[number(row[column]) or 0.0 for column in columns] for row in rows])
    return np.asarray(paid.sum(axis=0)) if rows else np.zeros(len(columns))


def belief(run: HeldRun) -> Belief:
    """The growth above England's that closing the gap would need, beside what any area managed."""
    rows = run.tables["must_believe"]
    needed, needed_own = (_points(row["best_points_a_year"]) for row in rows[:2])
    records = (_record(row) for row in rows[2:])
    return Belief(SPAN, needed, needed_own, tuple(record for record in records if record))


def _record(row: Mapping[str, str]) -> Record | None:
    best, whole = _points(row["best_points_a_year"]), _points(row["whole_points_a_year"])
    spans = [_YEARS.fullmatch(row[key]) for key in ("best_years", "whole_years")]
    if best is None or whole is None or None in spans:
        return None
    years = [int(year) for span in spans if span for year in span.groups()]
    return Record(row["what"], best, years[0], years[1], whole, years[2], years[3])


def _points(cell: str) -> float | None:
    found = number(cell)
    return None if found is None else found / 100


def movers(run: HeldRun) -> Iterator[tuple[str, str, float, float]]:
    """Parameters with their meaning, and the middle of the yearly difference, GBP million, where each is in the lowest
    fifth of its draws, and in the highest."""
    for row in run.tables["drivers"]:
        low, high = number(row["low_fifth_gbp_million"]), number(row["high_fifth_gbp_million"])
        if low is not None and high is not None:
            yield row["parameter"], row["meaning"], low, high


def missed(run: HeldRun) -> dict[str, float | None]:
    """The chance that each condition is missed in a year by luck alone, by its title as a file has it; None where it
    is not known, or where two have that title."""
    rows = run.tables["conditions"]
    named = Counter(row["condition"] for row in rows)
    return {row["condition"]: number(row["miss_chance"]) if named[row["condition"]] == 1 else None for row in rows}


def cuts_again(run: HeldRun) -> tuple[float, float, float] | None:
    """What this place would lose of council services a head if the 2010s came again, two ways, and England."""
    lost = [number(row["lost_share"]) for row in run.tables["cuts_again"]]
    known_shares = [share for share in lost if share is not None]
    return (known_shares[0], known_shares[1], known_shares[2]) if len(lost) == len(known_shares) == 3 else None


def _of_the_year(run: HeldRun, table: str, unit: str) -> Ends | None:
    year = str(year_of(run))
    return next((_ends(row, unit) for row in run.tables[table] if row["year_of_run"] == year), None)


def _ends(row: Mapping[str, str], unit: str = "gbp_million") -> Ends | None:
    low, middle, high = (number(row[f"{end}_{unit}"]) for end in ("p10", "p50", "p90"))
    return None if low is None or middle is None or high is None else Ends(low, middle, high)
