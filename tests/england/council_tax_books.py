"""Workbooks of council tax as published, in both layouts: headings word by word, figures near the shipped ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from england.workbooks import xlsx
from soke.england.official.bodies import billing, known, precepting
from soke.england.places import places
from soke.england.settlement import council_tax_levels, finance_authorities
from soke.text import financial_year

Cells = list[object]
Sheets = dict[str, list[Cells]]
CLASSES = {"E06": "UA", "E07": "SD", "E08": "MD", "E09": "OLB", "E10": "SC", "E31": "CFA", "E23": "PCC"}
KEYS = ["E-code", "ONS Code", "Authority", "Region", "Class", "Notes (cell will be blank if there are no notes)"]
BAND = "Average (Band D 2 Adult equivalent) council tax"
LINES = (  # of billing authorities: heading, whether it has a column of the year before, name here
    ("1. Council Tax Requirement for billing authority including special expenses, local precepts and Adult Social Care"
     " Precept", True, "line1"),
    ("1a.Aggregate of special expenses (if any) charged by the authority in part of its area", True, ""),
    ("2. Parish precepts", True, "line2"),
    ("3. Council Tax Requirement for billing authority (including special expenses and Adult Social Care precept, but"
     " excluding local precepts)", True, "line3"),
    ("4. Tax base (after council tax reduction scheme)", True, "line7"),
    ("7. Council tax base for council tax setting purposes", True, "line7"),
    (f"8. {BAND} (including Adult Social Care precept and local precepts)", True, "line8"),
    (f"9. {BAND} (including Adult Social Care precept and excluding local precepts)", True, "line9"),
    (f"11b. Adult Social Care precept as a percentage of the 2022-23 {BAND}, excluding local precepts, (maximum 2%)",
     False, ""),
    ("16. Average council tax of major precepting authorities in the billing authority's area (county or GLA)", False,
     "county"),
    ("16. Average council tax of major precepting authorities in the billing authority's area (police)", False,
     "police"),
    ("16. Average council tax of major precepting authorities in the billing authority's area (fire)", False, "fire"),
    ("16. Average council tax of major precepting authorities in the billing authority's area (combined authority)",
     False, "mayor"),
    ("17. Average (Band D 2 adult equivalent) council tax for area of the billing authority including both local and"
     " major precepts. (Lines 8+ 16(a) + 16(b) + 16(c) +16(d))", False, "line17"),
    ("Re-organising authorities Taxbase for setting council tax (row 1)", False, ""),
    (f"Re-organising authorities {BAND} (including Adult Social Care precept and local precepts) of billing authority"
     " (row 1)", False, ""),
)  # fmt: skip
PRECEPT_LINES = (
    ("1. Council Tax Requirement including special expenses.", "line1"),
    ("1a. The amount of any levies and special levies issued in pursuance of regulations included in line 1.", ""),
    ("2. Council tax base for the major precepting authority's area for precept purposes after council tax reduction "
     "scheme (to 1 decimal place)", "line7"),
    (f"3. {BAND} of major precepting authority (line 1 / line 2)", "line8"),
)  # fmt: skip


@dataclass
class Row:
    """An authority: its lines now, and of the year before."""

    code: str
    now: dict[str, float] = field(default_factory=dict)
    before: dict[str, float] = field(default_factory=dict)

    @property
    def ecode(self) -> str:
        known_ = finance_authorities().get(self.code)
        place = places().get(self.code)
        return (known_.ecode if known_ else "") or (place.ecode if place else "")

    @property
    def class_(self) -> str:
        return CLASSES[self.code[:3]]


def _billing(code: str, number: int, grows: float, year: int) -> Row:
    levels = council_tax_levels(year)
    held = code in levels.by_code("band_d_excl_parish")
    base = round(levels.value("tax_base", code) * grows, 1) if held else 100_000.0 + number
    before = levels.value("band_d_excl_parish", code) if held else 1600.0
    parish = float(round(levels.by_code("parish_precepts").get(code, 0.0)))
    line3 = float(round(base * before * (1.05 if grows > 1 else 1)))
    now = {"line7": base, "line3": line3, "line2": parish, "line1": line3 + parish,
           "line9": round(line3 / base, 2), "line8": round((line3 + parish) / base, 2)}  # fmt: skip
    old = {"line7": levels.value("tax_base", code), "line1": levels.value("requirement_incl_parish", code),
           "line9": before} if held else {}  # fmt: skip
    return Row(code, now, old)


def billing_rows(year: int = 2023) -> list[Row]:
    """Made of the shipped figures of 2022-23, each a little higher; precepts made up, each of one body."""
    bodies = precepting(year)
    rows = [_billing(code, k, 1.01, 2022) for k, code in enumerate(billing(year))]
    for k, row in enumerate(rows):
        row.before = row.before if year == 2023 else {}
        london, county = row.class_ == "OLB", row.class_ == "SD"
        row.now["county"] = 434.14 if london else 1500.0 + bodies["county councils"].index(
            places().by_code[row.code].county) if county else 0.0  # fmt: skip
        row.now["police"] = 0.0 if london else 250.0 + k % len(bodies["police authorities"])
        row.now["fire"] = 0.0 if london or k % 5 == 0 else 80.5 + k % len(bodies["fire authorities"])
        row.now["mayor"] = 0.0
        row.now["line17"] = round(sum(row.now[n] for n in ("line8", "county", "police", "fire", "mayor")), 2)
    return rows


def precept_rows(year: int = 2023) -> list[Row]:
    rows = []
    for what, first in (("county councils", 1500.0), ("police authorities", 250.0), ("fire authorities", 80.5)):
        for k, code in enumerate(precepting(year)[what]):
            line1 = float(round(1.05 * council_tax_levels(2022).value("precept_requirement", code)))
            base = round(line1 / (first + k), 1)
            line1 = float(round(base * (first + k)))
            rows.append(Row(code, {"line1": line1, "line7": base, "line8": first + k}, {"line8": first + k - 10}))
    return rows


def table9(path: Path, change: Callable[[Sheets], object] | None = None, year: int = 2023,
           write: Callable[[Path, Mapping[str, list[Cells]]], Path] = xlsx) -> Path:  # fmt: skip
    """Table 9 in the layout of 2023-24, as ``change`` has changed its sheets."""
    sheets = sheets_of(year)
    if change:
        change(sheets)
    return write(path, sheets)


def sheets_of(year: int = 2023) -> Sheets:
    """The sheets of Table 9 of a year."""
    now, before = financial_year(year), financial_year(year - 1)
    above = [
        ["Table: Council Tax Requirement (CTR) data, " + f"{before} and {now}"],
        ["This worksheet has 1 table."],
        ["The data are in £ unless stated otherwise in the column title."],
        [f"The current year that this table refers to relates to financial year {now}. It covers 12 months."],
    ]
    head: Cells = list(KEYS)
    for text, both, _ in LINES:
        head += [f"{text} (previous year)", f"{text} (current year)"] if both else [text]
    rows = billing_rows(year)
    body: list[Cells] = [["TE", "TE", "England", "Eng", "Eng", "[note a]", *[1.0] * (len(head) - 6)]]
    for class_ in ("OLB", "MD", "UA", "SD"):
        members = [r for r in rows if r.class_ == class_]
        body.append([class_, class_, f"{class_} class", "[z]", class_, None, *_cells(_sum(members))])
    body += [[r.ecode, r.code, known()[r.code], "NW", r.class_, None, *_cells(r)] for r in rows]
    precepts = precept_rows(year)
    first: Cells = list(KEYS)
    for text, _ in PRECEPT_LINES:
        first += [f"{text} (previous year)", f"{text} (current year)"]
    first.append("4. Total Adult Social Care precept")
    lower: list[Cells] = []
    for class_ in ("SC", "CFA", "PCC"):
        members = [r for r in precepts if r.class_ == class_]
        lower.append([class_, class_, f"{class_} class", "[z]", class_, None, *_precept(_sum(members)), "[z]"])
    gla = [(None, "E12000007", "Greater London Authority", "GLA", 1353083364.0, "[z]", 434.14),
           ("E5101", "[z]", "of which: Whole of GLA's area", "[z]", 443449236.0, 3122662.0, 142.01),
           ("E5102", "[z]", "of which: London Boroughs less City of London (GLA - Police function)", "[z]", 909634128.0,
            3113799.1, 292.13)]  # fmt: skip
    lower += [[e or "[z]", o, n, "L", c, None, 1.0, one, 0.0, 0.0, "[z]", base, 1.0, band, "[z]"]
              for e, o, n, c, one, base, band in gla]  # fmt: skip
    lower += [[r.ecode, r.code, known()[r.code], "NW", r.class_, None, *_precept(r), "[z]"] for r in precepts]
    lower.append(
        ["E6358", "E47000011", "North of Tyne Mayoral Combined Authority", "NE", "CA", None, *[0.0] * 8, "[z]"]
    )
    return {"Cover": [[f"Council Tax levels: Local Authority Level data for {now}"], ["Published on 23 March 2023"]],
            "Data_Billing": [*above, head, *body], "Data_Precepting": [*above, ["CTR2"], first, *lower]}  # fmt: skip


def _sum(rows: list[Row]) -> Row:
    names = {n for r in rows for n in r.now}
    return Row("", {n: sum(r.now.get(n, 0.0) for r in rows) for n in names if n not in ("line8", "line9", "line17")})


def _cells(row: Row) -> Cells:
    out: Cells = []
    for _, both, name in LINES:
        now: object = row.now.get(name, "[z]") if name else 0.0
        out += [row.before.get(name, "[z]") if name else 0.0, now] if both else [now if name else "[z]"]
    return out


def _precept(row: Row) -> Cells:
    out: Cells = []
    for _, name in PRECEPT_LINES:
        out += [row.before.get(name, "[z]"), row.now.get(name, "[z]")] if name else [0.0, 0.0]
    return out


def older(path: Path, year: int = 2019, change: Callable[[Sheets], object] | None = None) -> Path:
    """Table 9 in the layout up to 2022-23: one sheet, a row of years below the headings, billing authorities above the
    others. The figures are the shipped ones of the year; what others charge is made up, so that it sums."""
    levels = council_tax_levels(year)
    now, before = financial_year(year), financial_year(year - 1)
    names = ("line1", "line2", "line3", "line7", "line8", "line9")
    heads = [text for text, both, name in LINES if both and name in names and not text.startswith("4.")]
    top: Cells = ["Ecode", "Authority", "Class", None]
    below: Cells = [None] * 4
    for text in heads:
        top += [text, None]
        below += [before, now]
    top += [
        "16. Average council tax of major precepting authorities in the billing authority's area",
        None,
        None,
        None,
    ]
    below += ["County or GLA", "Police", "Fire", "Combined Authority"]
    top += [LINES[13][0], "18. All parishes that exist in the authority's area"]
    below += [None, "Number"]
    columns = {"line1": "requirement_incl_parish", "line2": "parish_precepts", "line3": "requirement_excl_parish",
               "line7": "tax_base", "line8": "band_d_incl_parish", "line9": "band_d_excl_parish"}  # fmt: skip
    of = {name: levels.by_code(column) for name, column in columns.items()}
    area = levels.by_code("band_d_area_total")
    rows: list[Cells] = [["Billing authorities"], [], [1.0, 2.0, 3.0], top, below, ["Eng", "England"], []]
    charged: set[float] = set()
    for code in billing(year):
        values: Cells = [v for name in names for v in ("-", of[name].get(code, 0.0))]
        own = of["line8"].get(code, 0.0) or of["line1"].get(code, 0.0) / of["line7"][code]
        rest = round(area[code] - own, 4)
        charged.add(rest)
        rows.append([finance_authorities()[code].ecode, known()[code], CLASSES[code[:3]], None, *values, rest, 0.0, 0.0,
                     0.0, area[code], 3.0])  # fmt: skip
    rows += [[], ["Precepting authorities"], []]
    for what, codes in precepting(year).items():
        for k, code in enumerate(codes if what[0] != "G" else ()):
            base, levy = 300_000.0 + k, levels.value("precept_requirement", code)
            band = round(levy / base, 2)
            rows.append([finance_authorities()[code].ecode, known()[code], CLASSES[code[:3]], None, "-", levy, "-",
                         "-", "-", levy, "-", base, "-", band, "-", band, *["-"] * 6])  # fmt: skip
    rows.append(["E5100", "Greater London Authority", "GLA", None, "-", 300.0, "-", "-", "-", 300.0, "-", "-", "-", 3.0,
                 "-", 3.0, *["-"] * 6])  # fmt: skip
    for name, base in (("Whole of GLA's area", 100.0), *((f"London Boroughs less {c}", 90.0) for c in charged)):
        band = 1.0 if base == 100.0 else float(name.split()[-1])
        rows.append([None, name, None, None, "-", base, "-", "-", "-", base, "-", base, "-", band, "-", band])
    rows.append(["E6348", "Greater Manchester Combined Authority", None, None, "-", 275.25, *["-"] * 14])
    rows += [
        [
            letter,
            f"Greater Manchester Combined Authority - {what}",
            "PCC",
            None,
            "-",
            band,
            "-",
            "-",
            "-",
            band,
            "-",
            1.0,
            "-",
            band,
            "-",
            band,
        ]
        for letter, what, band in (("a", "Police", 198.3), ("b", "General", 76.95))
    ]
    rows += [[], [None, "England from class figures", None, None, 1.0, 2.0], [None, "(R) Revised"]]
    sheets = {"Billing Authorities": [["CTR1"]], "Data": rows}
    if change:
        change(sheets)
    return xlsx(path, sheets)


def row(sheets: Sheets, code: str, sheet: str = "Data_Billing") -> Cells:
    """The row of a code, to be changed."""
    return next(r for r in sheets[sheet] if code in r[:3])
