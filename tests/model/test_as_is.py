"""As is, truly: what was signed before a deal stands on both paths; what is kept of growth in three; one path of bills.

The shipped deals and the real places where it says so, an invented country elsewhere; all read the engine's arrays.
"""

from dataclasses import replace
from decimal import Decimal
from functools import cache

import numpy as np
import pytest
from invented_country import AT, connection, deal, full_deal, fund, invented_councils, invented_start, rates, scenario

from soke.deal.reader import load_deal, read_scenario
from soke.deal.scenario import CouncilTaxPath, IncomeTaxShare
from soke.deal.types import CouncilTax, Deal, Fiscal, Range
from soke.england.baseline import baseline as shipped_baseline
from soke.england.places import places
from soke.evidence.sampling import Draws, generator, sample_chunk
from soke.model.accounts.outlook import base_year
from soke.model.economy import council_tax_path, receipts, trend
from soke.model.funding import course, kept_growth, outlook
from soke.model.money.prices import prices_of
from soke.model.run.ensemble import run
from soke.model.run.result import Projection
from soke.model.run.setup import Setup, prepare

PARTS = (kept_growth.TIMING, kept_growth.NEED, kept_growth.GROWTH)
NEVER = Range(low=0.0, central=0.0, high=0.0)
STILL = {"gva_growth": NEVER, "job_growth": 0.0, "effects": {"rates.swing": NEVER}}


def agreed(**changes: object) -> Fiscal:
    """Everything kept since 2017, to be reset in 2033."""
    terms = rates("1", 2033).business_rates
    return Fiscal(business_rates=replace(terms, **{"safety_net": None, "from_year": 2017, **changes}))


def year(found: Projection, when: int) -> int:
    return found.years.index(when)


# ---------------------------------------------------------------- the shipped deals, on the real places


@cache
def shipped(name: str) -> Deal:
    return load_deal(f"deals/{name}.toml", places())


@cache
def projected(name: str, without_levers: bool = True) -> Projection:
    asked = shipped(name)
    if without_levers:
        asked = replace(asked, investments=())
    assumed = read_scenario()
    start = base_year(assumed.base_year)
    return run(asked, assumed, shipped_baseline(), start, draws=20, backend="serial")


@pytest.mark.parametrize("name", ["greater-manchester", "cornwall"])
def test_an_existing_agreement_is_no_gain_of_a_shipped_deal(name: str) -> None:
    """Greater Manchester's 100 per cent, signed in 2023, and Cornwall's since 2017: the kept growth is nought."""
    found = projected(name)
    assert not found.series["kept_growth"].difference.any(), "to the last bit"
    held = found.series[kept_growth.HELD]
    assert held.as_is[:, 1:5].any() and (held.as_is == held.deal).all(), "shown apart, on both paths"


@pytest.mark.slow
def test_what_a_shipped_deal_keeps_more_is_no_timing() -> None:
    found = projected("greater-manchester", without_levers=False)
    kept = found.series["kept_growth"].difference
    assert kept.any() and np.abs(kept).mean(axis=0).max() < 0.5, "GBP million: 15 to 19 before, by the reset alone"
    timing, need, growth = (found.series[name].difference for name in PARTS)
    assert not timing.any() and need.any() and growth.any()
    assert need + growth == pytest.approx(kept, abs=1e-9)
    assert not need[:, : year(found, 2034)].any(), "need counts from the agreement's reset on"


def test_norfolk_and_suffolk_hold_nothing_already() -> None:
    assert shipped("norfolk-and-suffolk").fiscal.business_rates.existing(2028) is None
    assert not projected("norfolk-and-suffolk").series[kept_growth.HELD].as_is.any()


def test_what_greater_manchester_holds_ends_with_its_agreement() -> None:
    held = projected("greater-manchester").series[kept_growth.HELD].as_is
    found = projected("greater-manchester")
    before, after = held[:, 1 : year(found, 2034)], held[:, year(found, 2034) :]
    assert np.abs(before).max() > 1.0
    assert np.abs(after).max() < 1e-6, "from then on it has the ordinary half, and all start again at a reset"


# ---------------------------------------------------------------- existing terms in an invented country


def test_terms_from_before_a_deal_are_on_both_paths_and_one_path_alone_without_them(project) -> None:
    held = project(deal(fiscal=agreed(existing_until=2032)))
    assert not held.series["kept_growth"].difference.any()
    own = project(deal(fiscal=agreed(from_year=2026)))
    assert own.series["kept_growth"].difference.any()
    same = slice(1, year(own, 2032))
    assert (held.series["kept_growth"].as_is[:, same] == own.series["kept_growth"].deal[:, same]).all()


def test_a_deal_owns_what_it_changes_after_the_agreement_and_beside_it(project) -> None:
    extended = agreed(from_year=2029, reset=2035, existing_retention=Decimal(1), existing_until=2028)
    kept = project(deal(fiscal=extended)).series["kept_growth"].difference
    assert not kept[:, :4].any() and kept[:, 4:].any(), "to 2028-29 nothing, from 2029-30 its own"
    net = project(deal(fiscal=agreed(existing_until=2032, safety_net=Decimal(1)))).series["kept_growth"].difference
    assert (net >= -1e-9).all() and net.any(), "a safety net of the deal's own is its own"
    half = agreed(from_year=2027, existing_retention=Decimal("0.75"), existing_until=2032)
    assert project(deal(fiscal=half)).series["kept_growth"].difference[:, 3:].any()


def test_an_agreement_without_an_end_goes_on(project) -> None:
    open_ended = project(deal(fiscal=agreed(existing_from=2013, reset=2029)))
    assert not open_ended.series["kept_growth"].difference.any()
    assert open_ended.series[kept_growth.HELD].as_is[:, -1].any()


# ---------------------------------------------------------------- kept growth in three


@pytest.mark.parametrize("terms", [rates("1", 2033), rates("0.75", 2031), agreed(existing_until=2032)])
def test_the_three_parts_sum_to_the_kept_growth(project, terms: Fiscal) -> None:
    found = project(replace(full_deal(), fiscal=terms))
    whole = found.series["kept_growth"].difference
    parts = sum(found.series[name].difference for name in PARTS)
    assert parts == pytest.approx(whole, abs=1e-9 * np.abs(found.series["kept_growth"].as_is).max())
    assert found.series[kept_growth.GROWTH].difference.any()


def test_with_zero_growth_the_part_of_growth_is_nought_exactly(project) -> None:
    still = project(deal(fiscal=rates("1", 2033)), scenario(**STILL))
    assert not still.series[kept_growth.GROWTH].difference.any()
    moving = project(deal(fiscal=rates("1", 2033)))
    assert not moving.series[kept_growth.GROWTH].difference.any(), "nothing is built: what is kept more is timing"
    assert moving.series[kept_growth.TIMING].difference.any()


def test_need_that_the_deal_moves_is_a_part_of_its_own(baseline, lines, known) -> None:
    """Against chains run whole, from the first year, on what each part isolates; people move from the third year on."""
    setup = prepare(
        deal(fiscal=rates("1", 2033)),
        scenario(),
        baseline,
        invented_start(lines),
        11,
        known,
        invented_councils(baseline),
    )
    today, dealt, wide = setup.as_is.funding, setup.deal.funding, len(baseline.codes)
    state = kept_growth.start(setup.deal.kept, dealt)
    whole = {
        name: course.start(law) for name, law in (("none", today), ("terms", dealt), ("need", dealt), ("all", dealt))
    }
    rng, moved = generator(3, 0, 0), False
    for t in range(len(setup.years)):
        now = setup.country.base.taxes["floorspace"] * 1.02**t * np.exp(0.05 * rng.standard_normal((4, wide)))
        need = today.outlook.need * np.ones((4, 1))
        own = need * np.exp(0.01 * t * (np.arange(need.shape[1]) == 0)) if t > 2 else need
        fed = {"none": (now, need), "terms": (now, need), "need": (now, own), "all": (1.01 * now, own)}
        funded = {name: course.advance(whole[name], t, x, x, claims, 1.01**t) for name, (x, claims) in fed.items()}
        bases = kept_growth.Bases(now, now, need, 1.01**t)
        parts = kept_growth.advance(state, t, bases, funded["none"], funded["all"], own)
        for part, (after, before) in zip(PARTS, (("terms", "none"), ("need", "terms"), ("all", "need")), strict=True):
            assert (parts[part] == funded[after].resources - funded[before].resources).all(), part
        moved = moved or parts[kept_growth.NEED].any()
    assert moved, "at a reset"


# ---------------------------------------------------------------- one path of council tax


def bills(rise: float, later: float = 0.0) -> dict[str, CouncilTaxPath]:
    after = Range(low=later - 0.006, central=later, high=later + 0.014)
    return {"council_tax": CouncilTaxPath(at=AT, real_rise=rise, until=2028, real_rise_after=after)}


def made(baseline, lines, known, **changes: object) -> Setup:
    return prepare(deal(), scenario(**changes), baseline, invented_start(lines), 11, known, invented_councils(baseline))


def test_one_path_moves_bills_floors_and_the_sharing_by_need_and_no_difference(project, baseline, lines, known) -> None:
    slow, fast = (made(baseline, lines, known, **bills(rise)) for rise in (0.0, 0.05))
    assert not np.array_equal(slow.as_is.funding.outlook.share, fast.as_is.funding.outlook.share), "the floors"
    low, high = (project(deal(), scenario(**bills(0.0, later))) for later in (0.006, 0.05))
    budgets, kept = ([found.series[name].as_is for found in (low, high)] for name in ("budget", "kept_growth"))
    reset = year(low, 2029)
    assert np.array_equal(kept[0][:, :reset], kept[1][:, :reset])
    assert not np.allclose(kept[0][:, reset], kept[1][:, reset]), "the reset shares by need less what bills raise"
    assert (budgets[1] > budgets[0])[:, -1].all(), "the bills"
    assert not low.series["budget"].difference.any() and not high.series["budget"].difference.any()
    assert np.std(high.series["budget"].as_is[:, -1] - kept[1][:, -1]) > 0, "the later rise is drawn"


def test_the_level_of_bills_is_the_path_in_figures(project) -> None:
    path = CouncilTaxPath(at=AT, real_rise=0.015, until=2028, real_rise_after=Range(low=0.0, central=0.0, high=0.0))
    flat, risen = (project(deal(), scenario(council_tax=given)) for given in (None, path))
    tax = [found.series["budget"].as_is - found.series["kept_growth"].as_is for found in (flat, risen)]
    assert tax[1][:, 1] / tax[0][:, 1] == pytest.approx(1.015)
    assert tax[1][:, 3:] / tax[0][:, 3:] == pytest.approx(1.015**3)


def test_cash_rises_of_the_floors_hold_prices() -> None:
    assumed = read_scenario()
    rises = council_tax_path.cash_rises(assumed, prices_of(assumed, 0.02), outlook.TRANSITION)
    assert list(rises.values()) == pytest.approx([1.015 * 1.02 - 1.0] * 3)


def test_where_a_deal_lifts_the_limit_its_extra_rise_is_on_top_of_the_path(project) -> None:
    lifted = deal(fiscal=Fiscal(council_tax=CouncilTax(at=AT, referendum_limit="removed")))
    more = {"council_tax_rise_lifted": Range(low=0.02, central=0.02, high=0.02), "council_tax_lifted_years": 1}
    flat, risen = (project(lifted, scenario(**more, **bills(rise))) for rise in (0.0, 0.03))
    raised = [found.series["council_tax_raised"].deal[:, 3] for found in (flat, risen)]
    assert raised[1] / raised[0] == pytest.approx(1.03**3)


# ---------------------------------------------------------------- a share of income tax by law


def test_the_shipped_scenario_assigns_a_share_from_april_2028_and_the_default_none() -> None:
    given, none = read_scenario("income-tax-2028").income_tax, read_scenario().income_tax
    assert given is not None and none is not None
    assert (given.share, given.from_year, given.areas) == (0.1, 2028, "mayoral")
    assert none.share == 0.0


def law(**changes: object) -> dict[str, IncomeTaxShare]:
    return {"income_tax": IncomeTaxShare(at=AT, share=0.1, from_year=2028, **changes)}


def test_a_share_of_income_tax_that_the_law_assigns_is_on_both_paths(project) -> None:
    both = project(deal(), scenario(**law())).series["assigned_tax"]
    assert both.as_is[:, 3:].any() and not both.as_is[:, :3].any(), "from 2028-29; nothing is gained in the first year"
    assert not both.difference.any()
    off = scenario(income_tax=IncomeTaxShare(at=AT))
    assert project(deal(), off).series["budget"].as_is.tobytes() == project(deal()).series["budget"].as_is.tobytes()
    assert not project(deal(tier="foundation"), scenario(**law())).series["assigned_tax"].as_is.any()
    assert project(deal(tier="foundation"), scenario(**law(areas="all"))).series["assigned_tax"].as_is.any()


def test_a_deal_that_grows_keeps_its_share_of_what_it_adds(project) -> None:
    growing = deal(funds=(fund(),), investments=(connection(),))
    plain, shared = project(growing), project(growing, scenario(**law()))
    more = shared.series["assigned_tax"].difference
    assert (more[:, -1] > 0).all()
    assert shared.series["receipts"].difference.tobytes() == plain.series["receipts"].difference.tobytes()
    assert (more < 0.1 * shared.series["receipts"].difference + 1e-9)[:, -1].all(), "a tenth of one tax"
    assert any("income tax to areas like this" in line for line in shared.limits)


# ---------------------------------------------------------------- rates follow output weakly


CITY_REGIONS = {
    "Greater Manchester": "E47000001", "South Yorkshire": "E47000002", "West Yorkshire": "E47000003",
    "Liverpool City Region": "E47000004", "Tees Valley": "E47000006", "West Midlands": "E47000007",
    "Cambridgeshire and Peterborough": "E47000008", "West of England": "E47000009",
    "North East, south of Tyne": "E06000047 E08000037 E08000023 E08000024",
    "North of Tyne": "E08000021 E08000022 E06000057",
}  # fmt: skip


def elasticities() -> dict[str, float]:
    """Elasticity of all receipts of a city region to its output, every parameter at its centre."""
    base, assumed = shipped_baseline(), read_scenario()
    setup = prepare(shipped("norfolk-and-suffolk"), assumed, base, base_year(2025), 1)
    centre = {name: np.array([row.central]) for name, row in setup.table.items()}
    draws = Draws(0, centre, sample_chunk(setup.table, 1, 0, 1, len(base.codes)).place)
    moved = trend.advance(setup.country, trend.start(setup.country, draws, setup.country.years))

    def raised(log_output: np.ndarray) -> receipts.Receipts:
        return receipts.advance(setup.country, receipts.start(draws), moved, log_output)

    found = {}
    for name, codes in CITY_REGIONS.items():
        here = base.mask([member for code in codes.split() for member in places().members(code)])
        before, after = (raised(np.where(here, more, 0.0)[None, :]) for more in (0.0, 0.01))
        grown = [
            getattr(after, what)[:, here].sum() / getattr(before, what)[:, here].sum() for what in ("total", "gva")
        ]
        found[name] = float(np.log(grown[0]) / np.log(grown[1]))
    return found


def test_receipts_follow_output_within_the_published_bounds_in_all_ten_city_regions() -> None:
    found = elasticities()
    assert len(found) == 10
    assert all(0.45 <= value <= 1.05 for value in found.values()), found


def test_some_places_lose_rates_when_they_grow() -> None:
    setup = prepare(shipped("norfolk-and-suffolk"), read_scenario(), shipped_baseline(), base_year(2025), 1)
    row, swing = setup.table["tax.el.br_gva"], setup.table["rates.swing"]
    assert (row.low, row.central, row.high, row.distribution) == (-0.1, 0.1, 0.4, "normal")
    assert (swing.low, swing.central, swing.high) == (0.04, 0.06, 0.08)
