"""What a report tells of jobs: their worth, who loses them, how good they are, and what work there is here."""

from dataclasses import replace

import numpy as np
import pytest
from made_up_run import make

from soke.england.baseline import baseline
from soke.england.places import places
from soke.evidence import parameters
from soke.model.economy import job_value, local_work
from soke.model.economy.displacement import RINGS, Around
from soke.report.tables import jobs

GM = tuple(code for code in places().members("E47000001"))


def of_gm():
    """The made-up run, as if it were of Greater Manchester's authorities."""
    report = make()
    share = np.array([0.8, 0.1, 0.05, 0.03, 0.02])
    ring = tuple(0 if code in report.projection.area else 4 for code in report.projection.places)
    around = Around(ring, 0.44, 0.39, share, share, share)
    places = report.projection.by_place["balance"]
    by_place = {**report.projection.by_place, **{name: replace(places, name=name) for name in jobs.NET}}
    projection = replace(report.projection, around=around, by_place=by_place)
    return replace(report, deal=replace(report.deal, members=GM, place="E47000001"), projection=projection)


def test_the_value_of_a_job_adds_up_and_stands_beside_what_is_published():
    rows = {row[0]: row[1] for row in jobs.value_of_a_job(of_gm()).rows}
    lines = [value for line, value in rows.items()][:5]
    assert sum(lines) == pytest.approx(rows["In all"]) == pytest.approx(11_892, abs=1)


def test_jobs_pay_like_the_lowest_fifth_and_few_are_above_the_median():
    rows = {row[0]: row[1:] for row in jobs.job_quality(of_gm()).rows}
    assert rows["Pay of residents at the 20th percentile, 2024"][0] == pytest.approx(17_745, abs=50)
    assert rows["Pay of residents at the 50th percentile, 2024"][0] == pytest.approx(30_072, abs=150)
    assert rows["Entrants paid below the 40th percentile here"][1] > 0.95
    assert rows["Entrants paid above the median here"][1] < 0.01
    assert rows["Jobs that are permanent"] == (None, None)


def test_england_at_the_20th_percentile_of_pay_is_what_entrants_are_paid():
    """18,251 by another weighting; the mean of 271 authorities by their jobs here."""
    found = local_work.pay_at(baseline().codes, 20)
    assert found == pytest.approx(18_251, abs=100)
    assert job_value.share_paid_below(parameters()["job.pay"], 18_000.0) == pytest.approx(0.5, abs=0.001)


def test_pay_of_places_without_figures_is_not_made_up():
    assert local_work.pay_at(("T000", "T001"), 40) is None
    assert local_work.pay_at(GM, 90) is None, "published for a few authorities of England"


def test_work_here_by_sector_and_level():
    table = jobs.work_here(of_gm())
    rows = {row[0]: row for row in table.rows}
    work = [row for row in table.rows if row[1] == "work"]
    assert sum(row[3] for row in work) == pytest.approx(1.0) == pytest.approx(sum(row[4] for row in work))
    here = baseline().mask(GM)
    assert sum(row[2] for row in work) == pytest.approx(baseline()["gva"][here].sum(), rel=1e-4)
    assert sum(row[6] for row in work) == pytest.approx(1_500_000, rel=0.03), "1.50 million as published"
    assert rows["Retail, wholesale and motor trades"][6] == 209_000
    level = rows["People of 16 to 64 at level 3 or above, 2021"]
    assert 0.5 < level[3] < level[4] < 0.7
    assert any("Missing by place" in note for note in table.notes)
    assert local_work.industries(("T000",), "A1") == [] and local_work.level_3(baseline(), ("T000",)) is None
    cornwall = local_work.industries(("E06000052",), "E06000052")
    assert {found.jobs for found in cornwall} == {None}


def test_the_rings_add_up_to_england():
    report = of_gm()
    *rings, england = jobs.around(report).rows
    assert [row[0] for row in rings] == list(RINGS)
    for column in range(1, 8):
        assert sum(row[column] for row in rings) == pytest.approx(england[column], rel=1e-9)
    assert jobs.around(make()).rows == (), "a run without rings says nothing"


def test_what_becomes_of_jobs_is_told_for_the_place_and_for_england():
    report = of_gm()
    assert jobs.jobs_made(report).rows == (), "no programme, no jobs"
    like = next(iter(report.projection.series.values()))
    whole = {"jobs_gross": 100.0, "jobs_displaced_here": 13.0, "jobs_displaced_elsewhere": 2.0, "jobs_leaked": 10.0,
             "jobs_kept": 75.0}  # fmt: skip
    series = {
        name: replace(like, name=name, as_is=0 * like.as_is, deal=0 * like.as_is + value)
        for name, value in whole.items()
    }
    projection = replace(report.projection, series={**report.projection.series, **series})
    rows = {row[0]: row[3] for row in jobs.jobs_made(replace(report, projection=projection)).rows}
    assert rows["For the place: found, less those that others here lose"] == pytest.approx(87)
    assert rows["For England: found, less all that others lose"] == pytest.approx(85)
