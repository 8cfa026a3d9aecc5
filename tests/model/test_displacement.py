"""Who loses what a deal's places gain: rings that add up, the place and England, and the engine's arrays."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented_country import connection, deal, fund, invented_councils, invented_start, investment, programme, scenario

from soke.deal.reader import load_deal
from soke.england.baseline import baseline as england
from soke.england.places import places
from soke.england.tables import read_table
from soke.evidence import parameters
from soke.evidence.sampling import sample_chunk
from soke.model.economy import commuting, displacement
from soke.model.run.chunk import DIFFERENCES, LEVELS, run_chunk
from soke.model.run.setup import prepare

GVA, RECEIPTS = DIFFERENCES.index("gva"), DIFFERENCES.index("receipts")
SHIPPED = ("greater-manchester", "cornwall", "norfolk-and-suffolk")


@pytest.fixture(scope="module")
def works():
    base = england()
    return commuting.calibrated(base.commuting, base["population_16_64"] * base["employment_rate"] / 100, base["jobs"])


def members(name):
    base = england()
    if name == "surrey":
        return [base.index(code) for code in places().members("E10000030")]
    return [base.index(code) for code in load_deal(Path(f"deals/{name}.toml"), places()).members]


def state_of(sources, works, scale=1.0):
    held = displacement.of_sources(np.array(sources), england(), works, scale)
    return displacement.State(held, *(np.array([[scale * parameters()[name].central]]) for name in displacement.DRAWN))


# Published with the method: local share, displaced, then local and tradable by ring. Cornwall's local share came from
# its published sections alone: six of eighteen are not published, and are filled here as in England.
PUBLISHED = {
    "greater-manchester": (0.44, 0.39, (0.88, 0.08, 0.02, 0.01, 0.01), (0.05, 0.06, 0.09, 0.17, 0.62)),
    "cornwall": (None, None, (0.90, 0, 0.05, 0.03, 0.02), (0.01, 0, 0.01, 0.02, 0.97)),
    "surrey": (0.44, 0.39, (0.57, 0.40, 0.02, 0, 0), (0.02, 0.21, 0.11, 0.12, 0.55)),
    "norfolk-and-suffolk": (0.49, 0.42, (0.92, 0.02, 0.04, 0.02, 0.01), (0.03, 0.01, 0.03, 0.33, 0.60)),
}


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_where_the_displaced_jobs_were(name, works):
    local, displaced, by_local, by_tradable = PUBLISHED[name]
    found = displacement.around(england(), works, members(name), parameters())
    for by in (found.by_local, found.by_tradable, found.by_programmes):
        assert by.sum() == pytest.approx(1.0, abs=1e-12)
    if local is not None:
        assert found.local_share == pytest.approx(local, abs=0.005)
        assert found.displaced == pytest.approx(displaced, abs=0.005)
    assert found.by_programmes == pytest.approx(by_local, abs=0.011)
    assert found.by_local == pytest.approx(by_local, abs=0.025)
    assert found.by_tradable == pytest.approx(by_tradable, abs=0.035), "jobs of 2021 here, of 2011 there"


def test_cornwall_as_published_and_as_filled():
    """.68 of its published sections serve the place itself; with six filled as in England, .54."""
    (row,) = (row for row in read_table("gva_sections") if row["code"] == "E06000052")
    section = {name: float(value) for name, value in row.items() if name != "code"}
    local = sum(section[s] for s in "FGIRST") + (section["H"] + section["N"]) / 2
    published = sum(section[s] for s in "CFGHIMNRST")
    assert local / published == pytest.approx(0.68, abs=0.005)
    assert displacement.local_share(england())[england().index("E06000052")] == pytest.approx(0.54, abs=0.005)


def test_a_thousand_jobs_in_greater_manchester(works):
    area, base = members("greater-manchester"), england()
    state, market = state_of(area, works), (base["gva"] - base["gva_public"] - base["gva_property"])[area]
    lost = displacement.lost(state, 1000.0 * market[None, :] / market.sum())[0]
    found = displacement.around(base, works, area, parameters())
    by_ring = np.bincount(found.ring, lost, len(displacement.RINGS))
    assert by_ring[1] == pytest.approx(30, abs=8)
    assert 1000 - lost.sum() == pytest.approx(1000 * (1 - found.displaced), abs=1e-6)
    assert 1000 - lost.sum() == pytest.approx(610, abs=5), "for England"
    assert 1000 - by_ring[0] > 1000 - lost.sum(), "for the place"


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0, 1e4), min_size=3, max_size=3), st.floats(0, 1), st.floats(0, 1))
def test_what_is_lost_is_what_is_displaced_whatever_the_rates(works, gain, local, tradable):
    held = displacement.of_sources(np.array([5, 80, 200]), england(), works)
    state = displacement.State(held, np.array([[local]]), np.array([[tradable]]))
    gained = np.array([gain])
    rate = held.local * local + (1 - held.local) * tradable
    assert displacement.lost(state, gained).sum() == pytest.approx(float((gained * rate).sum()), rel=1e-9, abs=1e-9)


def built(**changes):
    return deal(
        funds=(fund(),), investments=(connection(opens=2027), investment("public-capital", "roads", opens=2027)),
        **changes,
    )  # fmt: skip


@pytest.fixture(scope="module")
def chunk(baseline, lines, known):
    def go(a_deal, **changes):
        setup = prepare(
            a_deal, scenario(**changes), baseline, invented_start(lines), 11, known, invented_councils(baseline)
        )
        return setup, run_chunk(setup, 0, 30)

    return go


def test_other_places_fall_below_as_is_and_nothing_makes_it_up(chunk):
    setup, found = chunk(built())
    off = chunk(built(), displacement=0.0)[1]
    change, plain = (one.difference[GVA, -1] for one in (found, off))
    served = sorted({*setup.members, 2, 3})
    outside = [i for i in range(len(setup.places)) if i not in served]
    assert (change[:, outside] < 0).all() and not plain[:, outside].any()
    assert (change.sum(axis=1) < plain.sum(axis=1)).all()
    receipts, before = (one.difference[RECEIPTS, -1][:, outside] for one in (found, off))
    assert (receipts < before).all(), "their taxes fall; some residents earn more, where they work in the area"
    sources = setup.deal.displaced.sources
    assert sorted(sources) == served
    gained, lost = plain[:, sources], (plain - change).sum(axis=1)
    rate = displaced_share(setup)
    assert np.allclose(lost, (gained * rate).sum(axis=1), rtol=1e-9), "all that is displaced is lost, and no more"


def displaced_share(setup):
    """(draw, source) share displaced of what each source gains, from the draws."""
    draws = sample_chunk(setup.table, setup.seed, 0, 30, len(setup.places))
    local, tradable = (draws[name][:, None] for name in displacement.DRAWN)
    share = setup.deal.displaced.local
    return share * local + (1 - share) * tradable


def test_for_england_at_most_what_it_is_for_the_place(chunk):
    setup, found = chunk(built(members=("T000", "T001", "T002", "T003", "T004")))
    change = found.difference[GVA, -1]
    assert (change.sum(axis=1) < change[:, list(setup.members)].sum(axis=1)).all()


def test_displacement_off_is_said_and_moves_programmes_too(project):
    work = deal(funds=(fund(),), investments=(programme(opens=2026),))
    on, off = (project(work, scenario(displacement=scale), draws=20) for scale in (1.0, 0.0))
    assert not off.series["jobs_displaced_here"].difference.any()
    assert on.series["jobs_displaced_here"].difference.any()
    assert np.allclose(off.series["jobs_gross"].deal, on.series["jobs_gross"].deal)
    assert any("SWITCHED ON: only 0% of the displacement" in line for line in off.limits)
    assert not any("displacement" in line for line in on.limits)


def test_as_is_is_the_same_with_or_without(chunk):
    as_is = [chunk(built(), displacement=scale)[1].as_is for scale in (0.0, 1.0)]
    assert as_is[0].tobytes() == as_is[1].tobytes() and len(as_is[0]) == len(LEVELS)


def test_rings_are_counted_from_the_nearest_place_of_the_area(baseline):
    ring = displacement.rings(england(), members("greater-manchester"))
    base = england()
    assert {ring[i] for i in members("greater-manchester")} == {0}
    named = {code: displacement.RINGS[ring[base.index(code)]] for code in ("E06000008", "E08000035", "E08000019")}
    assert named == {"E06000008": "within 30 km", "E08000035": "30 to 60 km", "E08000019": "30 to 60 km"}
    assert displacement.RINGS[ring[base.index("E06000052")]] == "beyond 120 km"
    alone = displacement.rings(baseline, range(len(baseline.codes)))
    assert not alone.any()
