"""Filled jobs in 2021: published for 203 authorities, estimated for the other 93 and marked so.

The estimate is ``log jobs = a + b log(people who worked there in 2011) + c log(GVA 2021)``, fitted on the published
203, then scaled so that city regions and regions sum to their published totals.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from soke.england.importers import tidy
from soke.england.importers.authorities import Merger, lower_tier

HOW = "estimate: regression on 2011 inflow and GVA, scaled to the {} total"


def workplace_2011(source: Path, merge: Merger) -> dict[str, float]:
    """People who worked in each current authority in 2011, wherever in England they lived."""
    out: dict[str, float] = {}
    for row in tidy.rows(source, "commuting_la_2011.csv"):
        dest = merge(row["dest_gss"])
        if dest and merge(row["origin_gss"]):
            out[dest] = out.get(dest, 0.0) + float(row["commuters"])
    return out


def estimate_jobs(source: Path, merge: Merger, gva: Mapping[str, float]) -> tuple[dict[str, float], dict[str, str]]:
    """Jobs by current code, and how each estimated one was made."""
    file = "jobs_gva_per_job_la_cityregion_2021.csv"
    published = tidy.figures(source, file, "jobs")
    jobs = {c: v for c, v in published.items() if c in merge.current}
    inflow = workplace_2011(source, merge)
    gva21 = tidy.figures(source, "gva_la_total_1998_2022.csv", "gva_total_current_prices", "2021")
    fit = [c for c in sorted(jobs) if c in inflow]
    beta = np.linalg.lstsq(_design(fit, inflow, gva21), np.log([jobs[c] for c in fit]), rcond=None)[0]
    gone = [c for c in merge.current if c not in jobs]
    # City and Scilly are merged with a neighbour in 2011: their inflow is taken in proportion to GVA.
    for small, large in (("E09000001", "E09000033"), ("E06000053", "E06000052")):
        if small not in inflow:
            both = inflow[large]
            share = gva[small] / (gva[small] + gva[large])
            inflow[small], inflow[large] = both * share, both * (1 - share)
    guess = dict(zip(gone, np.exp(_design(gone, inflow, gva21) @ beta), strict=True))
    how: dict[str, str] = {}
    rows = lower_tier(source)
    cities = {r["ca_gss_2025"]: [x["gss_code"] for x in rows if x["ca_gss_2025"] == r["ca_gss_2025"]] for r in rows}
    for code, members in cities.items():
        if code in published and any(m in guess for m in members):
            _scale(guess, jobs, members, published[code])
            how |= {m: HOW.format("city region's") for m in members if m in guess}
    regions = {r["itl1_code"]: [x["gss_code"] for x in rows if x["itl1_code"] == r["itl1_code"]] for r in rows}
    totals = tidy.figures(source, "productivity_itl_2002_2021.csv", "productivity_jobs", "2021")
    for code, members in regions.items():
        free = [m for m in members if m in guess and m not in how]
        if free:
            fixed = jobs | {m: guess[m] for m in members if m in how}
            _scale(guess, fixed, members, totals[code], free)
            how |= {m: HOW.format("region's") for m in free}
    return jobs | {c: float(v) for c, v in guess.items()}, how


def _design(codes: list[str], inflow: Mapping[str, float], gva: Mapping[str, float]) -> np.ndarray:
    return np.array([[1.0, np.log(inflow[c]), np.log(gva[c])] for c in codes])


def _scale(
    guess: dict[str, float],
    fixed: Mapping[str, float],
    members: list[str],
    total: float,
    free: list[str] | None = None,
) -> None:
    """Scale the guesses of ``members`` so that, with the fixed figures, they sum to ``total``."""
    loose = free if free is not None else [m for m in members if m in guess]
    rest = total - sum(fixed[m] for m in members if m in fixed)
    ratio = rest / sum(guess[m] for m in loose)
    for member in loose:
        guess[member] *= ratio
