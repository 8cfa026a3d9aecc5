"""Control totals: England rows of the same official tables, identities and published totals."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from soke.england.baseline import baseline
from soke.england.importers import tidy
from soke.england.importers.compile import compile_tables, stale
from soke.england.places import places
from soke.england.sources import each
from soke.england.tables import read_table
from soke.errors import SokeError
from soke.model.accounts.regional import RECEIPTS, TME, UK, published

TABLES = Path(str(files("soke.england.tables")))


def column(name: str) -> float:
    return float(baseline()[name].sum())


@pytest.mark.parametrize(
    ("name", "total", "tolerance"),
    [
        ("population", 57_106_398, 1),
        ("gva", 1_936_300, 500),
        ("council_tax", 36_313.2, 60),
        ("income_tax", 198_345, 15),  # the corrected survey, and the Isles of Scilly estimated
        ("rateable_value", 68_360, 50),
        ("jobs", 28_713_830, 300_000),
        ("households", 23_436_300, 500),
    ],
)
def test_england_totals(name: str, total: float, tolerance: float) -> None:
    assert column(name) == pytest.approx(total, abs=tolerance)


def test_published_balances() -> None:
    deficit = published(UK, TME, 2009) - published(UK, RECEIPTS, 2009)
    assert deficit / 1e3 == pytest.approx(159.6, abs=0.1)
    london = published("E12000007", TME, 2023) - published("E12000007", RECEIPTS, 2023)
    assert london / 1e3 == pytest.approx(-45.3, abs=0.1)


def test_population_history_meets_the_census_year() -> None:
    assert sum(float(r["2021"]) for r in read_table("population_history")) / 1e6 == pytest.approx(56.55, abs=0.05)


def test_sectors_sum_to_gva_and_ages_to_people() -> None:
    b = baseline()
    sectors = ("manufacturing", "construction", "consumer_services", "producer_services", "property", "public")
    np.testing.assert_allclose(np.sum([b[f"gva_{s}"] for s in sectors], axis=0), b["gva"], rtol=1e-6)
    people = b["population_0_15"] + b["population_16_64"] + b["population_65_plus"]
    assert people.sum() / 1e6 == pytest.approx(56.55, abs=0.05)
    assert (b["population_75_plus"] <= b["population_65_plus"]).all()


def test_greater_manchester_commuting_self_containment() -> None:
    """Published flows of 2011: 88.1 per cent of working residents of Greater Manchester work there."""
    b = baseline()
    gm = b.mask(places().members("E47000001"))
    residents = b["employment_income"]  # any positive weights keep the bound; people would give .881
    inside = b.commuting[np.ix_(gm, gm)].sum(axis=1)
    assert float(np.average(inside, weights=residents[gm])) == pytest.approx(0.881, abs=0.01)
    np.testing.assert_allclose(b.commuting.sum(axis=1), 1.0)


def test_every_figure_has_year_source_unit_and_grade() -> None:
    for col in baseline().columns.values():
        assert col.unit and col.year and col.note
        assert each(col.source)
        assert len(col.grades) == 296
        assert np.isfinite(col.values).all()


def test_nothing_is_counted_twice_where_authorities_merged() -> None:
    """Some tables hold both the new authority and the old districts: a dwelling a household, about, everywhere."""
    b = baseline()
    ratio = b["dwellings"] / b["households"]
    assert ratio.min() > 0.95
    assert np.sort(ratio)[-5] < 1.25  # second homes and empty flats: City, Westminster, Kensington, Scilly
    assert column("dwellings") == pytest.approx(25_000_000, rel=0.01)  # council tax stock of properties, England 2022


def test_estimates_say_so() -> None:
    jobs = baseline().columns["jobs"]
    assert sum(g == "estimate" for g in jobs.grades) == 93
    scilly = baseline().codes.index("E06000053")
    assert baseline().columns["employment_rate"].grades[scilly] == "estimate"
    for kind in ("metropolitan-district", "london-borough"):
        for code in (p.code for p in places().of_kind(kind)):  # type: ignore[arg-type]
            assert jobs.grades[baseline().codes.index(code)] == "estimate"


def test_the_income_survey_is_the_corrected_one(source_dir: Path) -> None:
    """A copy in circulation has six rows that are not the survey's: four new unitaries, Torbay and Scilly."""
    copied = tidy.figures(source_dir, "hmrc_spi_income_tax_la.csv", "total_tax_amount")
    assert sum(copied.values()) / 1e6 == pytest.approx(200_200, abs=200)
    column = baseline().columns["income_tax"]
    tax = dict(zip(baseline().codes, column.values, strict=True))
    copies = {code for code, value in copied.items() if value == copied["E06000062"]} - {"E06000062"}
    assert copies == {"E06000063", "E06000064", "E06000065", "E06000066"}
    assert [round(tax[code]) for code in sorted(copies)] == [551, 560, 2_030, 1_385]
    marked = {code for code, grade in zip(baseline().codes, column.grades, strict=True) if grade == "estimate"}
    assert marked == {"E06000027", "E06000053"}  # what the region leaves over, and no figure at all


def test_no_place_pays_an_impossible_tax_per_head() -> None:
    b = baseline()
    per_head = b["income_tax"] * 1e6 / b["population"]
    assert per_head.min() > 1_000
    assert per_head.max() < 50_000
    assert b.names[int(per_head.argmax())] == "City of London"


def test_jobs_of_a_city_region_sum_to_its_published_figure(source_dir: Path) -> None:
    jobs = tidy.figures(source_dir, "jobs_gva_per_job_la_cityregion_2021.csv", "jobs")
    b = baseline()
    for code in ("E47000001", "E47000002", "E47000003", "E47000004"):
        assert float(b["jobs"][b.mask(places().members(code))].sum()) == pytest.approx(jobs[code], rel=1e-4)


def test_tables_are_small() -> None:
    assert sum(path.stat().st_size for path in TABLES.glob("*.csv")) < 8_000_000


def test_nobody_can_change_the_baseline() -> None:
    with pytest.raises(ValueError, match="read-only"):
        baseline()["gva"][0] = 0.0


@pytest.mark.slow
def test_rebuilding_gives_the_shipped_tables(source_dir: Path) -> None:
    tables = compile_tables(source_dir)
    assert {f"{n}.csv" for n in tables} == {p.name for p in TABLES.glob("*.csv")}
    assert stale(tables, TABLES) == []


@pytest.mark.parametrize(("old", "new"), [("gss_code", "code"), (",value,", ",figure,"), (",2281,", ",many,")])
def test_a_broken_source_is_a_sentence(source_dir: Path, tmp_path: Path, old: str, new: str) -> None:
    for file in source_dir.iterdir():
        (tmp_path / file.name).symlink_to(file)
    name = "population_la_1991_2022.csv"
    text = (source_dir / name).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / name).unlink()
    (tmp_path / name).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(SokeError, match="source table"):
        compile_tables(tmp_path)


def test_a_missing_source_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SokeError, match="has no"):
        compile_tables(tmp_path)
