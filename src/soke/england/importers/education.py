"""Numbers of the Department for Education -> codes: its tables know authorities by a number of three digits."""

from __future__ import annotations

from pathlib import Path

from soke.england.importers.authorities import merger
from soke.england.importers.tidy import rows, table

ALLOCATIONS = "measured/allocations_16_19_by_la_2019_20.csv"
PUBLISHED = "Allocations for 16 to 19 by authority, 2019-20, ESFA"
RECALLED = "Register of schools of the Department for Education, recalled, not read"
HEADER = ["number", "code", "name", "grade", "source"]
# The two of the allocations that have ended since, by the code they had.
ENDED = {"909": "E10000006", "928": "E10000021"}
# Without colleges or schools of their own in that year, ended before it, or formed after it.
UNLISTED = {
    "201": ("E09000001", "City of London"), "420": ("E06000053", "Isles of Scilly"),
    "835": ("E10000009", "Dorset"), "836": ("E06000029", "Poole"), "837": ("E06000028", "Bournemouth"),
    "940": ("E06000061", "North Northamptonshire"), "941": ("E06000062", "West Northamptonshire"),
    "942": ("E06000063", "Cumberland"), "943": ("E06000064", "Westmorland and Furness"),
}  # fmt: skip


def education_numbers(source: Path) -> str:
    """``education_numbers.csv``. KeyError or ValueError where a number has no code, or a code no authority."""
    found: dict[str, list[str]] = {}
    counties = set(ENDED.values())
    current = set(merger(source).current)
    for row in rows(source, ALLOCATIONS):
        number, name = row["dfe_la_no"], row["name"]
        if not number.isdecimal():  # the national contract, and Wales
            continue
        code = row["gss_code"] or ENDED[number]
        if code not in current | counties and not code.startswith("E10"):
            raise ValueError(f"{number} {name} has the code {code}, of no authority")
        found[number] = [number, code, name, "official", PUBLISHED]
    for number, (code, name) in UNLISTED.items():
        found.setdefault(number, [number, code, name, "unverified", RECALLED])
    return table(HEADER, [found[number] for number in sorted(found)])
