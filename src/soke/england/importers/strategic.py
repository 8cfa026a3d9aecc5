"""Strategic authorities: who had which tier from which day, by which instrument, with which members.

Tiers, dates and instruments are as a third party's table gives them: read second-hand, so ``unverified``. Its list has
no codes; areas made in 2026 and those only planned have none that is known, and are keyed by name.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from soke.england.importers.tidy import Row, rows, table

SOURCE = "devolution/strategic_authorities_2026_09.csv"
AS_OF = dt.date(2026, 9, 15)  # the day of the table
# The white paper that made the three tiers. Before it no area had one, whatever powers it held.
TIERS_SINCE = dt.date(2024, 12, 16)
STATED = {"NAO HC 263": dt.date(2026, 7, 1)}  # days of sources that do not say theirs
GLA = "E61000001"
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip
DAY = re.compile(rf"(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})")
# Members of the areas without a code: authorities, and counties for all their districts.
WITHOUT_CODE = {
    "Cheshire and Warrington": ("Cheshire East", "Cheshire West and Chester", "Warrington"),
    "Cumbria": ("Cumberland", "Westmorland and Furness"),
    "Sussex and Brighton": ("Brighton and Hove", "East Sussex", "West Sussex"),
    "Hampshire and the Solent": ("Hampshire", "Isle of Wight", "Portsmouth", "Southampton"),
    "Greater Essex": ("Essex", "Southend-on-Sea", "Thurrock"),
    "Norfolk and Suffolk": ("Norfolk", "Suffolk"),
}
# By the name in the order or the regulations that made it, where that is not "NAME Combined Authority"; those of the
# two that are planned as they were consulted on.
LEGAL = {
    "Greater London": "Greater London Authority",
    "North East": "North East Mayoral Combined Authority",
    "South Yorkshire": "South Yorkshire Mayoral Combined Authority",
} | {
    name: f"{name} Combined County Authority"
    for name in ("East Midlands", "Greater Lincolnshire", "Devon and Torbay", "Lancashire", "Sussex and Brighton",
                 "Hampshire and the Solent", "Greater Essex", "Norfolk and Suffolk")
}  # fmt: skip
FORMERLY = {
    "South Yorkshire": "Sheffield City Region; Barnsley, Doncaster, Rotherham and Sheffield",
    "Liverpool City Region": "Halton, Knowsley, Liverpool, St Helens, Sefton and Wirral",
}
HEADER = ["name", "legal_name", "formerly", "code", "members", "made", "instrument", "next_election", "tier", "mayor",
          "from", "until", "as_of", "told_by", "grade"]  # fmt: skip


def strategic_authorities(source: Path) -> str:
    """``strategic_authorities.csv``: a row for each tier of each area, dates half-open; ``from`` is empty where the
    authority is not made yet. ``as_of`` is the day on which ``told_by`` speaks: a tier from before it is read back.
    """
    everyone = rows(source, "authorities.csv")
    codes = {r["name"]: r["gss_code"] for r in everyone if r["type"] == "COMB"} | {"Greater London": GLA}
    body = []
    for row in rows(source, SOURCE):
        name = row["short_name"]
        code = codes.get(name, "")
        fixed = [name, LEGAL.get(name, f"{name} Combined Authority"), FORMERLY.get(name, ""), code,
                 " ".join(_members(name, code, everyone)), row["established"], row["instrument"],
                 row["next_mayoral_election"]]  # fmt: skip
        body += [[*fixed, *spell, "unverified"] for spell in _spells(row)]
    return table(HEADER, body)


def _members(name: str, code: str, everyone: list[Row]) -> list[str]:
    """Codes of the lower-tier and unitary authorities, in code order."""
    lower = [r for r in everyone if r["lower_or_unitary"] == "True"]
    if code == GLA:
        return sorted(r["gss_code"] for r in lower if r["region_code"] == "E12000007")
    if code:
        return sorted(r["gss_code"] for r in lower if r["ca_gss_2025"] == code)
    named = {r["name"]: r["gss_code"] for r in everyone if r["type"] in ("UA", "CTY")}
    wanted = {named[member] for member in WITHOUT_CODE[name]}
    return sorted(r["gss_code"] for r in lower if {r["gss_code"], r["upper_tier_gss"]} & wanted)


def _spells(row: Row) -> list[list[str]]:
    """Tier, mayor, from, until, as_of, told_by of each tier of an area, the oldest first."""
    as_of, told = _as_of(row), row["status_source"]
    if not row["established"]:  # planned: the tier it is to have, from no day yet
        return [["mayoral" if row["next_mayoral_election"] else "foundation", "no", "", "", as_of, told]]
    first = max(dt.date.fromisoformat(row["established"]), TIERS_SINCE).isoformat()
    changed = row["tier_change"]
    if not changed:
        return [[row["tier"], row["mayor_in_post"], first, "", as_of, told]]
    # What a change to the established tier changed from: an area with a mayor. Who was in post then is not told.
    return [
        ["mayoral", "", first, changed, changed, told],
        [row["tier"], row["mayor_in_post"], changed, "", as_of, told],
    ]


def _as_of(row: Row) -> str:
    """The day on which the source speaks: the day it names or is known by, an instrument's own, or the table's."""
    told = row["status_source"]
    if told == row["instrument"]:
        return row["established"]
    if match := DAY.search(told):
        return dt.date(int(match[3]), MONTHS.index(match[2]) + 1, int(match[1])).isoformat()
    return STATED.get(told, AS_OF).isoformat()
