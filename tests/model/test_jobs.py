"""One ledger for a job, and programmes: against published unit costs, by hand, and in the engine's arrays."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented_country import connection, deal, fund, invented_councils, invented_start, programme, scenario, years

from soke.deal.types import Range
from soke.evidence import parameters, sample
from soke.evidence.sampling import sample_chunk
from soke.model.economy import displacement, employment, entrants, job_value
from soke.model.run.chunk import DIFFERENCES, run_chunk
from soke.model.run.setup import prepare
from soke.model.run.years import years as year_loop

GVA, JOBS, RECEIPTS, SPENDING = (DIFFERENCES.index(name) for name in ("gva", "jobs", "receipts", "spending"))
CENTRE = {name: np.asarray(parameters()[name].central) for name in job_value.DRAWN}


def of(**changes):
    figures = {f"job.{name}": np.asarray(value) for name, value in changes.items()}
    return job_value.job_value({**CENTRE, **figures})


def test_a_job_at_the_centre_line_by_line():
    value = job_value.at_centre(parameters())
    lines = (value.income_tax, value.employee_insurance, value.employer_insurance, value.benefits, value.duties)
    assert [float(line) for line in lines] == pytest.approx([1_086, 434.4, 1_950, 7_000, 1_421.94])
    assert value.whole == pytest.approx(11_892, abs=1)
    assert value.output == pytest.approx(33_250), "published with it as 33,000, rounded"


@pytest.mark.parametrize(
    ("changes", "pounds"),
    [
        ({"pay": 14_500.0}, 10_009),
        ({"pay": 22_000.0}, 14_044),
        ({"award": 4_805.0}, 10_027),
        ({"pay": 13_000.0, "award": 8_800.0, "allowance": 4_932.0}, 6_968),
    ],
)
def test_a_job_at_the_corners(changes, pounds):
    assert of(**changes).whole == pytest.approx(pounds, abs=1)


def test_the_ledger_lies_within_a_quarter_of_the_published_unit_costs():
    """Of 2012/13, by England's implicit price of output to 2022 and the scenario's from there to 2025-26."""
    assert job_value.implicit_deflator(2022, 2012) == pytest.approx(1.2401, abs=5e-5)
    found = job_value.control(parameters(), 1.135)
    assert found["fis.jsa.dwp"] == pytest.approx(12_997, abs=1)
    assert found["fis.esa.dwp"] == pytest.approx(10_556, abs=1)
    mean = (found["fis.jsa.dwp"] + found["fis.esa.dwp"]) / 2
    assert mean == pytest.approx(11_776, abs=1)
    assert 0.75 * mean < job_value.at_centre(parameters()).whole < 1.25 * mean


@given(pay=st.floats(0, 60_000), award=st.floats(0, 20_000), allowance=st.floats(0, 8_000))
def test_no_line_is_below_nought_and_nobody_loses_by_working(pay, award, allowance):
    value = of(pay=pay, award=award, allowance=allowance)
    net = pay - value.income_tax - value.employee_insurance
    assert min(value.income_tax, value.employee_insurance, value.employer_insurance, value.benefits) >= 0
    assert value.benefits <= award and value.benefits <= 0.55 * net + 1e-9
    assert value.duties >= 0 and value.whole == pytest.approx(value.taxes + value.benefits)


def test_the_old_ledger_was_nearly_twice_the_control():
    """.69 of the average's taxes and 6,900 to 7,200 of benefits: 21,500 to 22,100 a job."""
    assert 21_500 / 11_776 > 1.8 and job_value.at_centre(parameters()).whole / 11_776 < 1.02


@pytest.fixture(scope="module")
def loop(baseline, lines, known):
    """The engine's own arrays for a deal: (setup, ChunkResult)."""

    def go(a_deal, a_scenario=None, size=40):
        setup = prepare(
            a_deal, a_scenario or scenario(), baseline, invented_start(lines), 11, known, invented_councils(baseline)
        )
        return setup, run_chunk(setup, 0, size)

    return go


def employment_only(people=2000.0, **changes):
    return deal(funds=(fund(),), investments=(programme(people, opens=2026),), **changes)


def value_of(setup, size=40):
    draws = sample_chunk(setup.table, setup.seed, 0, size, len(setup.places))
    return job_value.job_value({name: draws[name][:, None] for name in job_value.DRAWN}), draws


def test_receipts_and_benefits_of_a_programme_are_the_ledger_in_every_place_and_draw(loop):
    """No second tax through incomes, output or density: tax and benefits over net residents in work are one ledger."""
    setup, found = loop(employment_only())
    value, draws = value_of(setup)
    share = draws["disp.programme"]
    new_money = np.outer(setup.deal.money.sum(axis=1) - setup.as_is.money.sum(axis=1), np.ones(40))
    for year in (1, 4, 9):
        receipts = found.difference[RECEIPTS, year].sum(axis=1)
        benefits = new_money[year] - found.difference[SPENDING, year].sum(axis=1)
        gross = found.parts["jobs_gross"][1, :, year]
        net = gross * (1 - share)
        assert np.allclose(1e6 * (receipts + benefits), net * value.whole[:, 0], rtol=1e-6, atol=1e-3)
        assert np.allclose(found.difference[JOBS, year].sum(axis=1), net, rtol=1e-9)
        assert np.allclose(1e6 * found.difference[GVA, year].sum(axis=1), net * value.output[:, 0], rtol=1e-6)
    assert not found.parts["kept_growth"][1, :, 1:].any() or np.array_equal(*found.parts["kept_growth"])


def test_the_first_year_holds_half_a_year_and_leavers_go_from_the_next(loop):
    setup, found = loop(employment_only(500.0))
    _, draws = value_of(setup)
    entering = draws["support.people"] * (
        employment.effects_here(draws, setup.members) @ setup.deal.programmes.programmes[0].share
    )
    gross, left = found.parts["jobs_gross"][1], draws["add.decay.job"]
    free = entering < 0  # held by no cap
    free |= gross[:, 4] < 0.05 * 0.35 * setup.deal.programmes.out_of_work.sum()
    assert free.sum() > 20
    assert np.allclose(gross[free, 1], 0.5 * entering[free])
    assert np.allclose(gross[free, 2], ((1 - left) * entering + 0.5 * entering)[free])
    after = gross[free, 6] / gross[free, 5]
    assert np.allclose(after, 1 - left[free]), "the fund has ended"


def test_displaced_leaked_and_kept_are_all_that_is_gained(loop):
    setup, found = loop(employment_only())
    told = {name: both[1] for name, both in found.parts.items() if name.startswith("jobs")}
    whole = sum(told[f"jobs_{name}"] for name in ("displaced_here", "displaced_elsewhere", "leaked", "kept"))
    assert np.allclose(whole, told["jobs_gross"], rtol=1e-9, atol=1e-9)
    area = list(setup.members)
    assert np.allclose(found.difference[JOBS][:, :, area].sum(axis=2).T, told["jobs_kept"], rtol=1e-9, atol=1e-9)
    here = told["jobs_gross"] - told["jobs_displaced_here"]
    england = here - told["jobs_displaced_elsewhere"]
    gaining = (employment.effects_here(value_of(setup)[1], area) > 0).all(axis=1)  # in every district
    assert (england <= here + 1e-12)[gaining].all() and gaining.sum() > 10
    outside = [i for i in range(len(setup.places)) if i not in area]
    benefits = found.difference[SPENDING][:, gaining][:, :, outside]
    assert (benefits >= 0).all() and benefits.any(), "they rise elsewhere, where others lose their jobs"


def test_one_effect_for_a_whole_city_region():
    draws = sample({}, 4000, 5, 12)
    effects = employment.effects_here(draws, range(2, 12))
    mean = effects.mean(axis=1)
    assert 0.020 <= mean.std() <= 0.027, "ten districts do not average it away"
    assert 0.20 <= (mean < 0).mean() <= 0.32
    assert 0.008 <= (effects - mean[:, None]).std() <= 0.012
    assert np.allclose(mean, employment.mean_here(draws, range(2, 12)))
    other = employment.mean_here(draws, [0, 1])
    assert abs(np.corrcoef(mean - draws["emp.effect.mean"], other - draws["emp.effect.mean"])[0, 1]) < 0.05


def test_people_and_jobs_are_held_at_the_cap_and_it_is_said(loop, project):
    setup, found = loop(employment_only(200_000.0))
    reach = 0.35 * setup.deal.programmes.out_of_work
    assert found.parts["jobs_gross"][1].max() <= 0.10 * reach.sum() * (1 + 1e-12)
    draws = value_of(setup)[1]
    state = employment.start(setup.deal.programmes, draws)
    for year in range(len(setup.years)):
        employment.advance(state, year)
        assert (state.jobs <= 0.10 * reach * (1 + 1e-12)).all()
    first = employment.start(setup.deal.programmes, draws)
    entering = employment.advance(first, 1) / (0.5 * employment.effects_here(draws, setup.members))
    assert entering.max() <= 0.25 * reach.max() * (1 + 1e-9), "people supported, before any effect"
    said = [line for line in project(employment_only(200_000.0), draws=5).limits if "Held at the cap" in line]
    assert len(said) == 1 and "240,000 people a year" in said[0]
    assert not any("Held at the cap" in line for line in project(employment_only(50.0), draws=5).limits)


def test_doubling_a_programme_never_more_than_doubles_it(loop):
    small, large = (loop(employment_only(people))[1].parts["jobs_gross"][1] for people in (1_000.0, 2_000.0))
    assert (np.abs(large) <= 2 * np.abs(small) * (1 + 1e-9)).all()


def test_entrants_of_several_mechanisms_count_together(baseline, lines, known):
    """The same people in two halves, as if two mechanisms had brought them into work."""
    setup = prepare(
        employment_only(), scenario(), baseline, invented_start(lines), 11, known, invented_councils(baseline)
    )
    draws = sample_chunk(setup.table, 11, 0, 5, len(setup.places))
    state = entrants.start(setup.deal.entrants, draws)
    jobs = np.full((5, len(setup.members)), 10.0)
    whole, halves = (entrants.advance(state, found) for found in ([jobs, None], [jobs / 2, jobs / 2]))
    for name in ("gross", "at_work", "residents", "net_at_work", "benefits_saved"):
        assert np.allclose(getattr(whole, name), getattr(halves, name)), name
    assert entrants.advance(state, [None, None]) is None


def test_a_gain_in_healthy_life_is_a_switch_that_is_said(project):
    plain = deal(funds=(fund(),))
    off, on = (project(plain, scenario(healthy_life_years=gain), draws=40) for gain in (0.0, 0.6))
    assert not off.series["jobs_gross"].difference.any()
    people = on.series["jobs_gross"].difference
    assert np.allclose(people[:, 5], people[:, 10] / 2) and np.array_equal(people[:, 10], people[:, 11])
    assert any("SWITCHED ON: 0.6 more years of healthy life" in line for line in on.limits)
    assert on.series["receipts"].difference[:, 10].mean() > 0


def test_deals_with_every_lever_keep_output_per_job_near_as_is(project):
    many = deal(funds=(fund(profile=years(10**9)),), investments=(programme(20_000.0, opens=2026), connection(20.0)))
    found = project(many, scenario(effects={"emp.effect.mean": Range(low=0.1, central=0.2, high=0.3)}), draws=40)
    per_job = [getattr(found.series["gva"], path) / getattr(found.series["jobs"], path) for path in ("as_is", "deal")]
    assert (np.abs(per_job[1] / per_job[0] - 1) < 0.25).all()


def test_the_year_loop_gives_none_of_it_where_there_is_no_programme(baseline, lines, known):
    setup = prepare(
        deal(funds=(fund(),)), scenario(), baseline, invented_start(lines), 11, known, invented_councils(baseline)
    )
    draws = sample_chunk(setup.table, 11, 0, 5, len(setup.places))
    assert all(
        both.deal.work is None for both in year_loop(setup.country, setup.as_is, setup.deal, setup.unknown, draws)
    )
    assert not len(setup.deal.displaced.sources) and displacement.RINGS[0] == "here"
