"""Who and where: authorities, counties, combined authorities, regions; and what became of those that ended."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from soke.england.importers.tidy import Row, rows, table

UPPER = {"CTY": "county", "COMB": "combined-authority"}
KIND = {
    "UA": "unitary",
    "MD": "metropolitan-district",
    "LBO": "london-borough",
    "CC": "london-borough",
    "NMD": "shire-district",
}
# Counties whose districts went to more than one successor: the successor table names one or none.
COUNTY_SUCCESSORS = {
    "E10000002": ("E06000060",),
    "E10000006": ("E06000063", "E06000064"),
    "E10000009": ("E06000058", "E06000059"),
    "E10000021": ("E06000061", "E06000062"),
    "E10000023": ("E06000065",),
    "E10000027": ("E06000066",),
}
# Codes that the successor table lacks: a district that lived 2019-2023, and one of the same name re-coded since.
LATE = {"E07000246": ("Somerset West and Taunton", 2023, ("E06000066",))}
BETWEEN = {"E07000190": "E07000246", "E07000191": "E07000246"}  # Taunton Deane and West Somerset, merged 2019
# Announced, not yet in force, no codes yet: from memory of the government's decision of October 2025, unverified.
PLANNED = {"E10000030": ("Surrey", 2027, ("East Surrey", "West Surrey"))}
HEADER = [
    "code", "name", "kind", "region", "county", "combined_authority", "fire", "police", "rural_urban", "area_km2",
    "lat", "lon", "ecode", "started", "council",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Merger:
    """Maps any vintage of code to the current authority that holds its area."""

    current: tuple[str, ...]
    successor: dict[str, str]

    def __call__(self, code: str) -> str | None:
        if code in self.current:
            return code
        return self.successor.get(code)

    def total(self, values: dict[str, float]) -> dict[str, float]:
        """Amounts (people, pounds) of any vintage summed to current authorities; other codes are dropped.

        Where a table holds both an authority and its predecessors, its own row is the figure: a sum would count twice.
        """
        out: dict[str, float] = {}
        for code, value in values.items():
            now, between = self(code), BETWEEN.get(code)
            if now is not None and (now == code or now not in values) and between not in values:
                out[now] = out.get(now, 0.0) + value
        return out

    def mean(self, values: dict[str, float], weights: dict[str, float]) -> dict[str, float]:
        """Rates of any vintage averaged to current authorities, by ``weights`` of the same vintage."""
        top = self.total({code: value * weights[code] for code, value in values.items() if code in weights})
        bottom = self.total({code: weights[code] for code in values if code in weights})
        return {code: top[code] / bottom[code] for code in top if bottom[code] > 0}


def lower_tier(source: Path) -> list[Row]:
    """The 296 lower-tier and unitary authorities, in code order."""
    return sorted((r for r in rows(source, "authorities.csv") if r["type"] in KIND), key=lambda r: r["gss_code"])


def merger(source: Path) -> Merger:
    current = tuple(r["gss_code"] for r in lower_tier(source))
    successor = {old: new[0] for old, (_, _, new) in LATE.items()}
    for row in rows(source, "authority_successor_2013_to_2023.csv"):
        if row["ons_code_2023"] in current and row["class_2013"] in ("SD", "UA", "MD", "LB"):
            successor.setdefault(row["ons_code_2013"], row["ons_code_2023"])
    for row in lower_tier(source):
        if row["former_gss"]:
            successor[row["former_gss"]] = row["gss_code"]
    successor = {old: new for old, new in successor.items() if old not in current}
    return Merger(current, successor | {"E08000038": "E08000016", "E08000039": "E08000019"})


def places_table(source: Path) -> str:
    """``places.csv``: England, 9 regions, 15 combined authorities, Greater London, 21 counties, 296 authorities."""
    everyone = rows(source, "authorities.csv")
    body = [["E92000001", "England", "country", *[""] * 12]]
    regions = sorted({(r["region_code"], r["region"]) for r in everyone if r["region_code"]})
    body += [[code, name, "region", code, *[""] * 11] for code, name in regions]
    for row in sorted(everyone, key=lambda r: r["gss_code"]):
        if row["type"] == "SRA":
            body.append([row["gss_code"], "Greater London Authority", "strategic-authority", "E12000007", *[""] * 11])
        elif row["type"] in UPPER:
            body.append(_row(row, UPPER[row["type"]]))
    body += [_row(row, KIND[row["type"]]) for row in lower_tier(source)]
    return table(HEADER, body)


def _row(row: Row, kind: str) -> list[str]:
    county = row["upper_tier_gss"] if kind == "shire-district" else ""
    authority = "" if kind == "combined-authority" else row["ca_gss_2025"]
    return [
        row["gss_code"], row["name"], kind, row["region_code"], county, authority, row["fire_gss"], row["police_gss"],
        row["rural_urban_2021"], row["area_km2"], row["lat"], row["long"], row["ecode"], row["start_date"],
        "" if kind == "combined-authority" else row["official_name"],
    ]  # fmt: skip


def successors_table(source: Path) -> str:
    """``successors.csv``: ``code,name,ended,successor,successor_name,grade``; a year is the 1 April it took effect."""
    names = {r["gss_code"]: r["name"] for r in rows(source, "authorities.csv")}
    history = rows(source, "authority_history_2013_2023.csv")
    last: dict[str, int] = {}
    first: dict[str, int] = {}
    for row in history:
        names.setdefault(row["gss_code"], row["name"])
        first.setdefault(row["gss_code"], int(row["year"]))
        if row["class"] in ("SD", "UA", "MD", "LB", "SC"):
            last[row["gss_code"]] = max(last.get(row["gss_code"], 0), int(row["year"]))
    merge = merger(source)
    out: list[list[str]] = []
    for code, year in last.items():
        if year < 2023 and code not in LATE:
            new = COUNTY_SUCCESSORS.get(code) or ((now,) if (now := merge(code)) else ())
            # A county's last year in the history is unsafe where its fire service left first: its heirs' first is not.
            ended = first[new[0]] if code in COUNTY_SUCCESSORS else year + 1
            out += [[code, names[code], str(ended), heir, names[heir], "official"] for heir in new]
    out += [
        [code, name, str(year), heir, names[heir], "official"]
        for code, (name, year, new) in LATE.items()
        for heir in new
    ]
    recoded = {r["former_gss"]: r for r in lower_tier(source) if r["former_gss"]}
    out += [[old, row["name"], "2013", row["gss_code"], row["name"], "official"] for old, row in recoded.items()]
    same = {"E08000038": "E08000016", "E08000039": "E08000019"}
    out += [[old, names[new], "", new, names[new], "official"] for old, new in same.items()]
    out += [
        [code, name, str(year), "", heir, "unverified"] for code, (name, year, new) in PLANNED.items() for heir in new
    ]
    return table(["code", "name", "ended", "successor", "successor_name", "grade"], sorted(out))
