"""Official figures that the user imported: they replace the estimates of the embedded baseline, and say so.

``soke data import`` writes a folder of tidy CSV files; here they are read back. The variables, by financial year:

- settlement: ``settlement_funding_assessment``, ``fair_funding_allocation``, ``baseline_funding_level``,
  ``revenue_support_grant``, ``business_rates_baseline``, ``tariff_or_top_up`` (top-up positive), ``levy_rate``,
  ``safety_net_threshold``, ``under_indexation``, ``core_spending_power``, ``relative_need_share``,
  ``notional_council_tax``, ``council_tax_in_spending_power``, ``new_homes_bonus``, ``nhb_returned``,
  ``rural_services_delivery_grant``;
- council tax: ``tax_base``, ``band_d`` (the area, all preceptors), ``band_d_excl_parish``, ``band_d_incl_parish``,
  ``council_tax_requirement``, ``council_tax_requirement_incl_parish``, ``parish_precepts`` (GBP), and by billing
  authority what each tier above it charges at Band D: ``band_d_county_or_gla``, ``band_d_police``, ``band_d_fire``,
  ``band_d_combined_authority``; dwellings and bases of October (CTB): ``valuation_list_dwellings``, ``dwellings_a`` to
  ``dwellings_h``, ``chargeable_dwellings``, ``tax_base_before_support``, ``tax_base_after_support``;
- rates and spending: ``rates_income``, ``net_rates_payable``, ``net_current_expenditure``,
  ``net_revenue_expenditure``, ``council_tax_requirement_outturn``, ``outturn_services`` and four services of it;
- benefits paid to the people of an authority (DWP): ``benefit_state_pension``, ``benefit_universal_credit``,
  ``benefit_housing``, ``benefit_pension_credit``, ``benefit_attendance_allowance``, ``benefit_carers_allowance``,
  ``benefit_dla``, ``benefit_pip``, ``benefit_severe_disablement``, ``benefit_esa``, ``benefit_incapacity``,
  ``benefit_income_support``, ``benefit_jsa``, ``benefit_bereavement``, ``benefit_winter_fuel``, ``benefit_dhp``;
  :func:`disability_benefits` adds up the five for disability;
- incomes (HMRC, survey of personal incomes), by authority and by constituency (codes E14...): ``income_tax``,
  ``income_tax_low`` and ``income_tax_high`` (the survey's bounds, 19 times in 20), and ``employment_income``,
  ``self_employment_income``, ``total_income``, each how many people times their mean, both of three figures;
- planned spending on education and children (section 251, DfE), by authority for education (counties, not districts):
  ``s251_schools_budget`` (before recoupment for academies), ``s251_other_education``, their sum ``s251_education``, and
  ``s251_children_services``.

Money is GBP million unless its row says GBP; shares lie between 0 and 1. Benefits and incomes may hold rows of
counties (codes E10...) beside their districts: sum places, not whatever is there. Most layouts were never held against
a real file: :meth:`Imported.layout_seen` says so of each figure, and each page that uses one says so.
"""

from __future__ import annotations

import csv
import io
import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from soke.england.baseline import Grade
from soke.england.official.layouts import ever_seen
from soke.errors import SokeError
from soke.files import read_whole
from soke.text import financial_year, labelled_year

HEADER = ("code", "name", "year", "variable", "value", "unit", "workbook", "sha256")
LAID = (*HEADER, "layout")  # an older folder does not say whether a layout was seen
UNSEEN = "unverified, its layout never met a real file"
LARGEST = 20_000_000
CLOSE = 1e-6  # two workbooks may print one figure with more or fewer decimals
CONSTITUENCY = "E14"  # with which the codes of constituencies of England begin
DISABILITY = ("benefit_attendance_allowance", "benefit_carers_allowance", "benefit_dla", "benefit_pip")
ENDING = ("benefit_severe_disablement",)  # of those who claimed before 2001: in the newest years there may be none


@dataclass(frozen=True, slots=True)
class Source:
    """A workbook that gave figures: what a run records and a page names."""

    workbook: str
    sha256: str  # of the workbook's own bytes
    what: tuple[str, ...]  # variables
    years: tuple[int, ...]
    figures: int  # how many
    file: str  # the tidy file that holds them
    unverified: tuple[str, ...] = ()  # variables whose place in the workbook no real file has shown
    recorded: bool = False  # whether the file says it of each, or it is known by the file's name

    def __str__(self) -> str:
        said = "" if not self.unverified else f"; {UNSEEN}"
        if self.unverified and set(self.unverified) < set(self.what):
            said = f"; unverified, no real file has shown where they stand: {', '.join(self.unverified)}"
        return f"{self.workbook} (SHA-256 {self.sha256[:12]}{said})"

    def grade(self, *variables: str) -> Grade:
        """``unverified`` where any of some variables, or all that it gave, stand where no real file has shown them."""
        asked = variables or self.what
        doubted = [v for v in asked if v in self.unverified]
        return "unverified" if (doubted and variables) or len(doubted) == len(asked) > 0 else "official"

    @property
    def kind(self) -> str:
        """The kind of workbook, as the name of the tidy file says it: ``nndr3`` of ``nndr3-2025-26.csv``."""
        return re.sub(r"-\d{4}-\d{2}\.csv$", "", self.file)


@dataclass(frozen=True, slots=True)
class Imported:
    """Imported figures by variable and year; ``files`` are the paths that a run records."""

    values: Mapping[tuple[str, int], Mapping[str, float]]
    units: Mapping[str, str]
    origins: Mapping[tuple[str, int], Mapping[str, Source]]
    sources: tuple[Source, ...]
    files: tuple[Path, ...]

    def __bool__(self) -> bool:
        return bool(self.values)

    def get(self, variable: str, year: int) -> Mapping[str, float]:
        """Figure by code; empty where none was imported."""
        return self.values.get((variable, year), MappingProxyType({}))

    def source(self, variable: str, year: int, code: str) -> Source:
        """The workbook of one figure. SokeError where it was not imported."""
        found = self.origins.get((variable, year), {}).get(code)
        if found is None:
            raise SokeError(
                f"No {variable} of {code} for {financial_year(year)} was imported.", "See `soke data import`."
            )
        return found

    def layout_seen(self, variable: str, year: int, code: str) -> bool:
        """Whether the layout that gave a figure was ever held against a real file of its publisher.

        Of a file that somebody renamed: whether all layouts that give the variable were. SokeError as :meth:`source`.
        """
        source = self.source(variable, year, code)
        if source.recorded:
            return variable not in source.unverified
        try:
            return ever_seen(variable, source.kind)
        except SokeError:
            return ever_seen(variable)

    def years(self, variable: str) -> tuple[int, ...]:
        """The years for which any figure of a variable was imported, ascending."""
        return tuple(sorted(y for v, y in self.values if v == variable))


NOTHING = Imported(MappingProxyType({}), MappingProxyType({}), MappingProxyType({}), (), ())


def read_imported(folder: Path | None) -> Imported:
    """What ``soke data import`` wrote to a folder; nothing for None.

    SokeError where a file is not of its making, or two workbooks give one figure differently.
    """
    if folder is None:
        return NOTHING
    if not os.path.isdir(folder):  # noqa: PTH112 - a name that no disk can hold is none either
        raise SokeError(
            "There is no such folder of imported figures.", "`soke data import WORKBOOK --to FOLDER` makes one.",
            folder.name or str(folder), code="no-file",
        )  # fmt: skip
    files = tuple(sorted(folder.glob("*.csv")))
    if not files:
        raise SokeError("The folder holds no imported figures.", "Name the folder given to --to.", folder.name)
    values: dict[tuple[str, int], dict[str, float]] = {}
    origins: dict[tuple[str, int], dict[str, Source]] = {}
    units: dict[str, str] = {}
    sources: list[Source] = []
    for file in files:
        rows = _rows(file)
        source = _source(rows, file)
        sources.append(source)
        for line, row in enumerate(rows, start=2):
            key, code, value = _figure(row, f"{file.name}:{line}")
            by, said = values.setdefault(key, {}), origins.setdefault(key, {})
            if units.setdefault(key[0], row["unit"]) != row["unit"]:
                fact = f"{key[0]} is in {row['unit']} here and in {units[key[0]]} elsewhere."
                raise SokeError(fact, "Import the workbooks again.", f"{file.name}:{line}")
            if code in by and not math.isclose(by[code], value, rel_tol=CLOSE, abs_tol=CLOSE):
                fact = f"{key[0]} of {row['name']} ({code}) for {row['year']} is {value:g} here and {by[code]:g} in "
                raise SokeError(fact + f"{said[code].workbook}.", "Keep one of the two files.", f"{file.name}:{line}")
            by.setdefault(code, value)
            said.setdefault(code, source)
    return Imported(
        MappingProxyType({k: MappingProxyType(v) for k, v in values.items()}), MappingProxyType(units),
        MappingProxyType({k: MappingProxyType(v) for k, v in origins.items()}), tuple(sources), files,
    )  # fmt: skip


def constituencies(imported: Imported, variable: str, year: int) -> Mapping[str, float]:
    """Figure by constituency of England (codes E14..., of the year's boundaries); empty where none was imported."""
    figures = imported.get(variable, year)
    return MappingProxyType({code: value for code, value in figures.items() if code.startswith(CONSTITUENCY)})


def authorities(imported: Imported, variable: str, year: int) -> Mapping[str, float]:
    """Figure by authority, counties included; empty where none was imported."""
    figures = imported.get(variable, year)
    return MappingProxyType({code: value for code, value in figures.items() if not code.startswith(CONSTITUENCY)})


def disability_benefits(imported: Imported, year: int) -> Mapping[str, float]:
    """Attendance, carer's, disability living and severe disablement allowance and personal independence payment, by
    authority, GBP million: of those with a figure for each, the ending fourth excepted. Empty where none was imported.
    """
    parts = [imported.get(name, year) for name in DISABILITY]
    more = [imported.get(name, year) for name in ENDING]
    whole = set.intersection(*(set(part) for part in parts))
    return MappingProxyType(
        {code: sum(p[code] for p in parts) + sum(m.get(code, 0.0) for m in more) for code in sorted(whole)}
    )


def _rows(file: Path) -> list[dict[str, str]]:
    content = read_whole(file, file.name, LARGEST)
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8")))
        rows = list(reader)
    except (UnicodeDecodeError, csv.Error) as error:
        raise SokeError("This is no file of imported figures.", _again(), file.name) from error
    if tuple(reader.fieldnames or ()) not in (HEADER, LAID):
        found = ", ".join(map(repr, (reader.fieldnames or ())[:8])) or "nothing"
        raise SokeError(f"Expected are the columns {', '.join(HEADER)}; found {found}.", _again(), file.name)
    if not rows:
        raise SokeError("The file holds no figure.", _again(), file.name)
    if any(None in row or None in row.values() for row in rows):
        raise SokeError("A row has too many or too few cells.", _again(), file.name)
    return rows


def _source(rows: list[dict[str, str]], file: Path) -> Source:
    books = {(r["workbook"], r["sha256"]) for r in rows}
    if len(books) != 1 or not re.fullmatch(r"[0-9a-f]{64}", rows[0]["sha256"]):
        raise SokeError("The rows do not name one workbook and its SHA-256.", _again(), file.name)
    ((workbook, sha256),) = books
    years = {_year(r["year"], f"{file.name}:{n}") for n, r in enumerate(rows, start=2)}
    what = tuple(sorted({r["variable"] for r in rows}))
    source = Source(workbook, sha256, what, tuple(sorted(years)), len(rows), file.name)
    if "layout" in rows[0]:
        doubted = {r["variable"] for r in rows if r["layout"] != "seen"}
        return replace(source, unverified=tuple(sorted(doubted)), recorded=True)
    return replace(source, unverified=tuple(v for v in what if not _known(v, source.kind)))


def _known(variable: str, kind: str) -> bool:
    """Whether a real file has shown where a variable stands, so far as the name of an older file tells."""
    try:
        return ever_seen(variable, kind)
    except SokeError:
        return True


def _figure(row: dict[str, str], where: str) -> tuple[tuple[str, int], str, float]:
    try:
        value = float(row["value"])
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise SokeError(f"{row['value'][:20]!r} is no number.", _again(), where)
    if not re.fullmatch(r"E\d{8}", row["code"], re.ASCII):
        raise SokeError(f"{row['code'][:20]!r} is no code of an authority.", _again(), where)
    return (row["variable"], _year(row["year"], where)), row["code"], value


def _year(text: str, where: str) -> int:
    year = labelled_year(text)
    if year is None:
        raise SokeError(f"{text[:20]!r} is no financial year.", _again(), where)
    return year


def _again() -> str:
    return "Make the folder again with `soke data import`."
