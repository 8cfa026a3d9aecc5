"""The projection held against what came: gates, what is only printed, and that nothing later is looked at.

Figures of the specification stand beside those of this code. None of the gates was set by what the code gives.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from soke.england.baseline import Baseline, baseline
from soke.errors import SokeError
from soke.model.economy import back_test as test
from soke.model.economy import growth
from soke.model.economy.back_test import EVERYWHERE, REGIONS, SUBREGIONS, Scored

GATED = [(start, england) for start in (2010, 2015) for england in ("known", "drawn")]
# held of 50, 80 and 90; rms; crps; crps of no growth, national trend and own trend
SPECIFIED = {
    (2010, "known"): (0.50, 0.77, 0.88, 0.125, 0.0639, 0.0728, None, 0.0708),
    (2015, "known"): (0.46, 0.76, 0.88, 0.098, 0.0467, 0.0484, None, 0.0494),
    (2010, "drawn"): (0.68, 0.90, 0.94, 0.126, 0.0660, 0.1281, 0.0700, 0.0703),
    (2015, "drawn"): (0.57, 0.87, 0.91, 0.098, 0.0465, 0.0614, 0.0477, 0.0490),
}
# rms, of a constant share, of the own ten-year trend; held of 80 and 90
PEOPLE = {
    (2010, 2015): (0.017, 0.026, 0.020, 0.84, 0.97), (2016, 2021): (0.023, 0.025, 0.031, 0.74, 0.86),
    (2009, 2019): (0.033, 0.044, 0.041, 0.83, 0.96), (2011, 2021): (0.035, 0.041, 0.043, 0.82, 0.92),
}  # fmt: skip
CLASSES = {  # rms: metropolitan districts, London boroughs, unitary authorities, shire districts
    (2010, 2015): (0.014, 0.022, 0.019, 0.016), (2016, 2021): (0.015, 0.033, 0.018, 0.023),
    (2009, 2019): (0.029, 0.046, 0.034, 0.031), (2011, 2021): (0.029, 0.050, 0.038, 0.032),
}  # fmt: skip


@pytest.fixture(scope="module")
def england() -> Baseline:
    return baseline()


@cache
def worked_out() -> tuple[Scored, ...]:
    """From the arrays of the model."""
    return tuple(test.back_test(baseline()))


@pytest.fixture(scope="module", params=[test.shipped, pytest.param(worked_out, marks=pytest.mark.slow)])
def scores(request: pytest.FixtureRequest) -> tuple[Scored, ...]:
    found: tuple[Scored, ...] = request.param()
    return found


def one(scores: tuple[Scored, ...], subject: str, start: int, england: str = "known", group: str = EVERYWHERE,
        end: int | None = None) -> Scored:  # fmt: skip
    (found,) = [
        row for row in scores
        if (row.subject, row.start, row.england, row.group) == (subject, start, england, group)
        and end in (None, row.end)
    ]  # fmt: skip
    return found


@pytest.mark.parametrize(("start", "known"), GATED)
def test_output_is_held_and_no_rule_scores_better(scores: tuple[Scored, ...], start: int, known: str) -> None:
    """L6 and L7: the range of 90 holds .80 to .97, and the score is at most that of every simple rule."""
    found = one(scores, "output", start, known)
    assert 0.80 <= found.held_90 <= 0.97
    assert len(found.rules) == (3 if known == "drawn" else 2)
    assert all(found.crps <= crps for _, crps in found.rules.values()) and not found.beaten_by


@pytest.mark.parametrize(("start", "known"), GATED)
def test_output_is_as_specified(scores: tuple[Scored, ...], start: int, known: str) -> None:
    found, specified = one(scores, "output", start, known), SPECIFIED[start, known]
    assert (found.held_50, found.held_80, found.held_90) == pytest.approx(specified[:3], abs=0.03)
    assert found.rms == pytest.approx(specified[3], abs=0.002)
    assert found.crps == pytest.approx(specified[4], abs=0.0007)
    rules = (found.no_growth_crps, found.national_crps, found.own_crps)
    for here, there in zip(rules, specified[5:], strict=True):
        assert here == (there if there is None else pytest.approx(there, abs=0.0002))


def test_the_middle_of_2010_to_2019_errs_little(scores: tuple[Scored, ...]) -> None:
    """L8."""
    for known in ("known", "drawn"):
        found = one(scores, "output", 2010, known)
        assert found.rms <= 0.131 < min(rms for rms, _ in found.rules.values())


def test_a_start_before_the_crash_is_shown_though_it_fails(scores: tuple[Scored, ...]) -> None:
    """L9: no gate. Specified: drawn, 90 holds .77 and the score is .133 against .117 for no growth; known, .86 and
    .078 against .082. Found: .66 and .130 against .117; .84 and .080 against .082. The rule's are the same; the range
    of England's growth up to 2007 is narrower here than it must have been there."""
    drawn, known = (one(scores, "output", 2007, mode) for mode in ("drawn", "known"))
    assert drawn.beaten_by and drawn.no_growth_crps == pytest.approx(0.117, abs=0.0005)
    assert known.no_growth_crps == pytest.approx(0.082, abs=0.0005)
    print(drawn, known, sep="\n")


@pytest.mark.parametrize("known", ["known", "drawn"])
def test_whole_areas_are_held(scores: tuple[Scored, ...], known: str) -> None:
    """Sub-regions .92 and .89 as specified, regions all: a little wide."""
    found = [one(scores, "output", start, known, SUBREGIONS).held_80 for start in (2010, 2015)]
    if known == "known":
        assert found == pytest.approx([0.92, 0.89], abs=0.03)
    assert all(one(scores, "output", start, known, REGIONS).held_80 == 1.0 for start in (2010, 2015))


@pytest.mark.parametrize(("start", "end"), [(2010, 2015), (2010, 2020), (2012, 2017), (2012, 2022)])
def test_people_are_held(scores: tuple[Scored, ...], start: int, end: int) -> None:
    """L6: the range of 90 holds .80 to .98."""
    assert 0.80 <= one(scores, "people", start, end=end).held_90 <= 0.98


@pytest.mark.parametrize(
    ("start", "end"), [(y, y + h) for h in (5, 10) for y in (2010, 2011, 2012, 2016) if y + h < 2023]
)
def test_people_err_less_than_a_constant_share(scores: tuple[Scored, ...], start: int, end: int) -> None:
    """L11."""
    found = one(scores, "people", start, end=end)
    assert found.rms <= found.no_growth_rms and found.rms <= found.own_rms


@pytest.mark.parametrize(("start", "end"), PEOPLE)
def test_people_are_as_specified(scores: tuple[Scored, ...], start: int, end: int) -> None:
    """The errors agree. Not reproduced: the .84 held by the range of 80 from 2010 to 2015; here it is .90."""
    found, specified = one(scores, "people", start, end=end), PEOPLE[start, end]
    assert (found.rms, found.no_growth_rms, found.own_rms) == pytest.approx(specified[:3], abs=0.0013)
    assert (found.held_80, found.held_90) == pytest.approx(specified[3:], abs=0.07)
    names = ("Metropolitan districts", "London boroughs", "Unitary authorities", "Shire districts")
    by_class = [one(scores, "people", start, group=name, end=end).rms for name in names]
    assert by_class == pytest.approx(CLASSES[start, end], abs=0.0036)


# --- nothing later is looked at ---


def planted(england: Baseline, after: int) -> Baseline:
    """England in which all that was published after a year is otherwise."""
    past, rng = england.past, np.random.default_rng(9)
    later = [np.array(years) > after for years in (past.volume_years, past.people_years)]
    volume, people = (
        np.where(late, levels * rng.lognormal(0.3, 0.5, levels.shape), levels)
        for late, levels in zip(later, (past.volume, past.people), strict=True)
    )
    other = replace(past, volume=volume, people=people, single_ages=past.single_ages[::-1])
    return replace(england, past_of=lambda: other)


def test_a_change_after_the_start_is_not_seen(england: Baseline) -> None:
    """L10: the same constants and the same draws to the last bit; only what came is otherwise."""
    for window_of, start, end in ((test.window_of_output, 2010, 2019), (test.window_of_people, 2010, 2015)):
        true = window_of(england, start, end, 100, 1)
        other = window_of(planted(england, start), start, end, 100, 1)
        assert np.array_equal(true.apart, other.apart) and np.array_equal(true.levels, other.levels)
        assert true.england is None or np.array_equal(true.england, other.england)
        assert not np.allclose(true.later, other.later)
        before = window_of(planted(england, start - 1), start, end, 100, 1)
        assert not np.allclose(true.apart, before.apart), "what was published up to the start is used"


def test_it_is_the_code_of_a_run(england: Baseline) -> None:
    """From the last year, with all that is known, the outlook is the one that a run fits the evidence to."""
    past = england.past
    assert past.until(past.volume_years[-1]).volume.shape == past.volume.shape
    nest, shares = growth.nest_of(england), growth.relative(past.volume)
    apart, _ = test.drawn_output(past, nest, 1, 50, 4)
    ahead = growth.outlook(shares, nest, growth.fitted(shares, nest))
    assert np.exp(apart) @ ahead.weight == pytest.approx(np.ones(50), rel=1e-9)
    assert apart.mean(axis=0) == pytest.approx(ahead.mean, abs=0.03)


# --- the table, and bad input ---


@pytest.mark.slow
def test_the_shipped_scores_are_those_of_the_code() -> None:
    """``python bench/back_test.py`` writes them anew."""
    found = worked_out()
    assert len(found) == len(test.shipped())
    for here, there in zip(found, test.shipped(), strict=True):
        key = ("subject", "start", "end", "england", "group", "count")
        assert [getattr(here, name) for name in key] == [getattr(there, name) for name in key]
        assert list(here.rules) == list(there.rules)
        assert list(here.rules.values()) == [pytest.approx(pair, abs=0.0001) for pair in there.rules.values()]
        assert (here.rms, here.crps) == pytest.approx((there.rms, there.crps), rel=0.01, abs=0.0001)
        if here.count > 200:
            assert (here.held_50, here.held_80, here.held_90) == pytest.approx(
                (there.held_50, there.held_80, there.held_90), abs=0.008
            )


def test_the_table_is_written_as_it_is_read() -> None:
    text = Path(test.__file__).with_name(test.TABLE).read_text(encoding="utf-8")
    again = "\n".join(",".join(row) for row in test.written(iter(test.shipped()))) + "\n"
    assert again == text


def test_any_start_can_be_asked_for(england: Baseline) -> None:
    found = tuple(test.back_test(england, 2013, 100))
    assert {(row.subject, row.start, row.end) for row in found} == {("output", 2013, 2019), ("people", 2013, 2018)}
    assert len(found) == 21 and all(row.crps > 0.0 and row.count > 0 for row in found)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"start": 1066}, "cannot start in 1066. Start from 2005 to 2022: output by place is published from 1998"),
        ({"start": 2023}, "cannot start in 2023"),
        ({"start": 2019}, "Nothing tests a projection that starts in 2019. Start before 2019"),
        ({"draws": 99}, "cannot be run with 99 draws. Ask for 100 to 20,000"),
        ({"draws": 10**7}, "cannot be run with 10000000 draws"),
        ({"seed": -1}, "-1 cannot be a seed"),
    ],
)
def test_what_cannot_be_tested_is_refused_before_any_draw(
    england: Baseline, options: dict[str, int], said: str
) -> None:
    with pytest.raises(SokeError) as error:
        test.back_test(england, **options)
    assert said in str(error.value) and error.value.fix and error.value.where in options
