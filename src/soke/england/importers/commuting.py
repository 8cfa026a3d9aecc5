"""Commuting in 2011, one row per origin: where in England the working residents of each authority worked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from soke.england.importers import tidy
from soke.england.importers.authorities import Merger
from soke.england.importers.tidy import table

# Merged in the source with the larger neighbour.
CITY, WESTMINSTER = "E09000001", "E09000033"
SCILLY = "E06000053"


def commuting(source: Path, merge: Merger, jobs: dict[str, float]) -> str:
    """``origin,flows``: flows as ``code:people`` joined by spaces, destinations in England, in code order.

    Westminster and the City are one in the source: as a destination they are split by jobs, as an origin both take
    the same row (its people in proportion to jobs matter to no share). Scilly is one with Cornwall: its residents are
    taken to work there.
    """
    flows = flows_2011(source, merge, jobs)
    body = [
        [code, " ".join(f"{d}:{round(n)}" for d, n in sorted(flows[code].items()) if round(n) > 0)]
        for code in merge.current
    ]
    return table(["origin", "flows"], body)


def flows_2011(source: Path, merge: Merger, jobs: Mapping[str, float]) -> dict[str, dict[str, float]]:
    """People by origin and destination, both authorities of today; split and filled as :func:`commuting` says."""
    flows: dict[str, dict[str, float]] = {}
    for row in tidy.rows(source, "commuting_la_2011.csv"):
        origin, dest = merge(row["origin_gss"]), merge(row["dest_gss"])
        if origin and dest:
            to = flows.setdefault(origin, {})
            to[dest] = to.get(dest, 0.0) + float(row["commuters"])
    city = jobs[CITY] / (jobs[CITY] + jobs[WESTMINSTER])
    for to in flows.values():
        if WESTMINSTER in to:
            to[CITY] = to.get(CITY, 0.0) + to[WESTMINSTER] * city
            to[WESTMINSTER] *= 1 - city
    flows[CITY] = dict(flows[WESTMINSTER])
    flows[SCILLY] = {SCILLY: 1.0}
    return flows
