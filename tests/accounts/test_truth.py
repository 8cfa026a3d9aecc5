"""What keys and ranges are worth: the specification's tests again, and two guards of how a pound is known."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from soke.england.baseline import baseline
from soke.england.places import places
from soke.model.accounts import regional as published
from soke.model.accounts import tested, truth
from soke.model.accounts.apportion import line_matrix
from soke.model.accounts.components import ACADEMIES, LEAST, OWN, by_region, components, pieces, region_of, regions
from soke.model.accounts.covered import coverage, local_control, local_government, whole
from soke.model.accounts.keys import keys, population
from soke.model.accounts.own import Figures, shipped
from soke.model.accounts.refitted import bent, refitted
from soke.model.accounts.truth import Pounds, known, pounds

YEAR = 2022
# Errors between regions as the specification has them, to its own digits.
BETWEEN = {
    "vat": 0.043, "insurance-premium-tax": 0.086, "custom-duties": 0.27, "corporation-tax": 0.154,
    "business-rates": 0.055, "national-insurance": 0.036, "apprenticeship-levy": 0.070, "stamp-duty-land-tax": 0.093,
    "capital-gains-tax": 0.144, "taxes-on-capital": 0.136, "fuel-duties": 0.122, "vehicle-duty-households": 0.094,
    "vehicle-duty-business": 0.129, "alcohol-duties": 0.172, "tobacco-duties": 0.156, "betting-income": 0.29,
    "bank-levy": 0.35, "tv-licences": 0.016, "environmental-levies": 0.30, "landfill-tax": 0.47,
    "other-production-taxes": 0.145, "emissions-trading": 0.33, "climate-change-levy": 0.59,
    "immigration-skills-charge": 0.47, "vat-refunds": 0.125, "gross-operating-surplus": 0.31,
    "interest-and-dividends": 0.52, "rent-and-transfers": 0.21, "visa-fees": 0.45, "other-current-taxes": 0.13,
    "soft-drinks-levy": 0.11, "social-protection.pensions": 0.013, "social-protection.disability": 0.064,
    "social-protection.universal-credit": 0.073, "social-protection.housing-benefit": 0.095,
    "social-protection.family": 0.075,
}  # fmt: skip


@pytest.mark.parametrize(("component", "error"), BETWEEN.items())
def test_errors_between_regions_are_the_specifications(component: str, error: float) -> None:
    assert tested.between_regions(component) == pytest.approx(error, abs=0.005)


def test_today_s_keys_of_consumption_and_homes_were_worse() -> None:
    """VAT by household income itself .157; stamp duty by the value of homes errs more than at the power."""
    income = bent()["consumption"].weights(1.0)
    assert tested.between_regions("vat", income) == pytest.approx(0.157, abs=0.005)
    assert tested.between_regions("stamp-duty-land-tax", bent()["home-values"].weights(1.0)) > 0.3
    assert tested.between_regions("national-insurance", bent()["earnings"].weights(1.0)) == pytest.approx(
        0.028, abs=5e-3
    )


def test_lines_with_no_good_key_err_by_nine_tenths_or_have_no_error() -> None:
    """The specification names packaging (.35 here, one year) and public corporations (.21: negative everywhere) too."""
    for component in ("air-passenger-duty", "stamp-tax-shares", "aggregates-levy"):
        assert tested.between_regions(component) > 0.9
    for component in ("enveloped-dwellings", "north-sea", "bank-of-england-levy"):
        assert np.isnan(tested.between_regions(component))
        assert truth.truth_errors()[component].group == 1.0
    assert tested.between_regions("plastic-packaging-tax") == pytest.approx(0.353, abs=0.005)
    assert tested.between_regions("public-corporation-taxes") == pytest.approx(0.207, abs=0.005)


def test_an_exact_key_errs_by_nothing_and_the_measure_forgets_scale() -> None:
    control = tested.controls("vat")
    spread = control[0][region_of()] / by_region(np.ones(len(region_of())))[region_of()]
    assert tested.between_regions("vat", spread, control[:1]) == pytest.approx(0.0, abs=1e-12)
    assert tested.between_regions("vat", spread * 7.0, control[:1]) == pytest.approx(0.0, abs=1e-12)
    assert tested.between_regions("vat", spread * np.exp(region_of() / 10)) > 0.1


# p80 of single authorities and of groups, as computed; the specification's stand in the trials.
WITHIN = {
    "income tax by household income squared": (0.194, 0.095),
    "council tax by dwellings": (0.198, 0.110),
    "business rates by rateable value": (0.163, 0.104),
    "NHS by age and deprivation": (0.149, 0.063),
    "schools by children": (0.163, 0.085),
    "adult social care by need": (0.241, 0.152),
    "adult social care by the key that splits it": (0.298, 0.140),
    "children's social care by need": (0.341, 0.220),
    "children's social care by the key that splits it": (0.432, 0.227),
    "council education by grants of schools": (0.363, 0.162),
    "environment per head": (0.300, 0.164),
    "culture per head": (0.476, 0.212),
    "highways per head": (0.523, 0.375),
    "planning per head": (0.636, 0.384),
    "police per head": (0.145, 0.145),
    "fire per head": (0.149, 0.166),
    "central services per head": (0.590, 0.417),
    "public health by health deprivation": (0.272, 0.138),
    "public health per head": (0.469, 0.218),
}


def test_measured_lines_keyed_as_if_unmeasured() -> None:
    found = {t.name: (t.p80("single"), t.p80("group")) for t in tested.within_regions()}
    assert set(found) == set(WITHIN)
    for name, errors in WITHIN.items():
        assert found[name] == pytest.approx(errors, abs=0.005), name


def test_what_of_the_specifications_table_is_not_reproduced() -> None:
    """Within a tenth and rounding all are, but for environment (.38 and .19 there) and fire (.18 of authorities)."""
    apart = set()
    for trial in tested.within_regions():
        for size, want in zip(("single", "group"), trial.specified or (), strict=False):
            if np.isfinite(want) and abs(trial.p80(size) - want) > 0.1 * want + 0.005:  # type: ignore[arg-type]
                apart.add((trial.name, size))
    assert apart == {("environment per head", "single"), ("environment per head", "group"), ("fire per head", "single")}


def test_errors_by_class_where_they_differ() -> None:
    by = {t.name: t.by_class for t in tested.within_regions()}
    assert by["income tax by household income squared"]["london-borough"] == pytest.approx(0.28, abs=0.005)
    assert by["council tax by dwellings"]["london-borough"] == pytest.approx(0.25, abs=0.005)
    assert by["schools by children"]["london-borough"] == pytest.approx(0.22, abs=0.005)
    assert by["schools by children"]["metropolitan-district"] == pytest.approx(0.10, abs=0.005)
    assert by["adult social care by need"]["unitary"] == pytest.approx(0.31, abs=0.005)
    assert (
        by["council education by grants of schools"]["county"] < by["council education by grants of schools"]["unitary"]
    )
    assert "shire-district" not in by["highways per head"]  # a county's roads are no district's own figure


def test_a_group_errs_as_the_key_does_between_regions_and_an_authority_twice_that() -> None:
    """The specification has 1.04 (18 tests) and 1.9; here 1.19 (19 tests) and 1.83. The rule keeps 1 and 1.9."""
    assert tested.group_to_between() == pytest.approx(1.19, abs=0.03)
    assert tested.single_to_group() == pytest.approx(1.83, abs=0.03)
    assert abs(tested.single_to_group() - truth.SINGLE) < 0.1


def test_whole_totals_err_less_than_their_lines() -> None:
    """The specification: spending .087 and .052, tax .18 and .095."""
    assert tested.p80(whole("spending", "single")) == pytest.approx(0.087, abs=0.008)
    assert tested.p80(whole("spending", "group")) == pytest.approx(0.052, abs=0.005)
    assert tested.p80(whole("revenue", "single")) == pytest.approx(0.18, abs=0.005)
    assert tested.p80(whole("revenue", "group")) == pytest.approx(0.095, abs=0.005)


def test_the_range_holds_the_truth_four_times_in_five_in_regions_it_was_not_fitted_on() -> None:
    """.782 of all; the tax of groups alone .72 (26 of 36). The widths fitted are under the 1.2 that is used."""
    found = coverage("within")
    assert 0.74 <= found.share() <= 0.86
    for side in ("revenue", "spending"):
        assert 0.74 <= found.share(side=side) <= 0.86
    for size in ("single", "group"):
        assert 0.74 <= found.share(size=size) <= 0.86
    assert {(c.side, c.size): round(float(c.held.mean()), 2) for c in found.cases} == {
        ("revenue", "single"): 0.77, ("revenue", "group"): 0.72, ("spending", "single"): 0.82,
        ("spending", "group"): 0.81,
    }  # fmt: skip
    assert (found.widths > 1.0).all() and (found.widths < truth.WIDTH).all()


def test_errors_between_regions_cover_all_totals_alike_but_not_each_side() -> None:
    """The rule for lines that nobody measures: .79 of all, but .96 of spending and .70 of tax."""
    found = coverage("between")
    assert 0.74 <= found.share() <= 0.86
    assert found.share(side="spending") == pytest.approx(0.964, abs=0.01)
    assert found.share(side="revenue") == pytest.approx(0.705, abs=0.01)
    assert found.widths.mean() == pytest.approx(truth.WIDTH, abs=0.1)


def test_own_outturn_of_single_tier_councils() -> None:
    """The specification: .157 keyed, .068 with own outturn, at most .07; here .151 and .056."""
    assert sum(local_control(p).sum() for p in pieces(YEAR)) == pytest.approx(
        145_169, abs=1
    )  # all the published sector
    keyed, own = (tested.p80(errors) for errors in local_government())
    assert keyed == pytest.approx(0.151, abs=0.005)
    assert own == pytest.approx(0.056, abs=0.005)
    assert own <= 0.07


def test_academies_and_contributions_within_regions() -> None:
    """The specification: academies .12 and .23; contributions .08 and .13, root mean square .101 (.133 at power 1)."""
    academies, contributions = tested.academies(), tested.contributions()
    assert tested.p80(academies.groups) == pytest.approx(0.121, abs=0.005)
    assert tested.p80(academies.singles) == pytest.approx(0.254, abs=0.005)
    assert tested.p80(contributions.groups) == pytest.approx(0.071, abs=0.005)
    assert tested.p80(contributions.singles) == pytest.approx(0.126, abs=0.005)
    assert (len(contributions.singles), len(contributions.groups)) == (66, 33)
    straight = tested.contributions(bent()["earnings"].weights(1.0))
    assert tested.p80(straight.singles) > tested.p80(contributions.singles) + 0.03  # thresholds bend it


# Powers


def test_a_key_with_a_power_is_the_accounts_own() -> None:
    for name, own in bent().items():
        assert np.allclose(own.weights(own.chosen), keys()[name].weights(YEAR), rtol=1e-12), name


@pytest.mark.parametrize(
    ("key", "least", "most"),
    [
        ("consumption", 0.25, 0.45),  # the specification .25 to .4: without London .4, .43 and .45 err alike (.039)
        ("home-values", 1.5, 1.75),
        ("other-income", 1.25, 1.5),
        ("sparse", -0.25, -0.15),
        ("owned-values", 1.75, 1.95),
        ("public-health-need", 0.35, 0.5),
        ("disability", 0.45, 0.5),  # .4 was chosen
        ("housing-benefit", 0.45, 0.7),
    ],
)
def test_powers_are_stable_whichever_region_is_left_out(key: str, least: float, most: float) -> None:
    powers = refitted(key)
    assert len(powers) == 10
    assert least <= min(powers) and max(powers) <= most
    assert bent()[key].chosen == pytest.approx(powers[0], abs=0.11)


def test_the_power_of_earnings_is_no_choice_of_regions() -> None:
    """Regions alone would have .95 (error .019, not .035): .85 was chosen for thresholds, by areas within regions."""
    powers = refitted("earnings")
    assert (min(powers), max(powers)) == (0.9, 0.95)
    assert bent()["earnings"].chosen == 0.85


# The table


def test_the_table_of_errors_is_written_from_the_tests() -> None:
    rows = {row[0]: row for row in tested.truth_error_rows("2026-11-30")}
    held = truth.truth_errors()
    assert list(rows) == list(held) == [c.id for c in components()]
    for component, row in held.items():
        _, group, single, how, _ = rows[component]
        assert (row.group, row.single) == pytest.approx((float(group), float(single)), abs=0.005), component
        assert row.how == how


def test_no_error_is_by_hand_but_what_the_specification_assumes() -> None:
    by_hand = {c.component: (c.group, c.single) for c in truth.truth_errors().values() if c.how == "assumed"}
    capped = {"enveloped-dwellings", "bank-of-england-levy", "north-sea"}
    care = {f"social-protection.{who}-social-care": (0.15, 0.29) for who in ("adult", "childrens")}
    assert {k: by_hand[k] for k in ("health.nhs", *care)} == {"health.nhs": (0.084, 0.16), **care}
    assert {k for k, v in by_hand.items() if v == (1.0, 1.9)} == capped
    others = set(by_hand) - capped - set(care) - {"health.nhs"}
    assert {by_hand[k] for k in others} == {(0.2, 0.38)}
    assert others <= {p.component.id for p in pieces(YEAR) if p.own}


def test_the_day_of_the_test_is_one_day() -> None:
    with Path(truth.__file__).with_name("truth_errors.csv").open(encoding="utf-8") as file:
        assert len({row["tested"] for row in csv.DictReader(file)}) == 1


# How a pound is known: two guards

Mask = NDArray[np.bool_]
PLACES = ("Greater Manchester", "Norfolk", "Westminster", "Cornwall")
GRADES = ("here", "wider", "key", "head")


def mask(name: str) -> Mask:
    return baseline().mask(places().members(places().find(name).code))


def measured(parts: Sequence[Pounds]) -> float:
    return sum(p.here + p.wider for p in parts)


@cache
def permuted() -> Figures:
    """Every own figure moved on by one among areas of a kind that lie in one region: each region keeps its sum."""
    before = shipped()
    amounts = {}
    for name in before.amounts:
        for year in before.years(name):
            figure = before.get(name, year, population(YEAR))
            inside = np.minimum(
                by_region(figure.people), by_region(figure.split)
            )  # a board's practices may lie outside
            kinds = np.array([code[:3] for code in figure.areas])
            moved = figure.amounts.copy()
            for region in range(len(regions())):
                for kind in np.unique(kinds):
                    chosen = (inside[:, region] > 1 - 1e-9) & (kinds == kind)
                    moved[chosen] = np.roll(figure.amounts[chosen], 1)
            amounts.setdefault(name, {})[year] = dict(zip(figure.areas, moved.tolist(), strict=True))
    return Figures(amounts, before.estimated)


def test_permuted_figures_change_what_is_measured_of_a_place() -> None:
    for name in PLACES:
        before, after = pounds(YEAR, mask(name)), pounds(YEAR, mask(name), permuted())
        assert abs(measured(after) - measured(before)) > 0.01 * measured(before), name


def test_permuted_figures_change_no_keyed_pound() -> None:
    """But where own figures are themselves the key: remainders of social care, academies, and shares under q of .9."""
    moved = 0
    for code in baseline().codes[::12]:
        here = baseline().mask([code])
        for piece, old, new in zip(pieces(YEAR), pounds(YEAR, here), pounds(YEAR, here, permuted()), strict=True):
            if piece.component.key in (OWN, ACADEMIES) or "share" in piece.rule:
                moved += abs(new.key - old.key) > 1e-6
                continue
            assert (new.key, new.head) == pytest.approx((old.key, old.head), abs=1e-6), (code, piece.component.id)
    assert moved


def test_permuted_figures_change_no_sum_of_a_region() -> None:
    for region in regions():
        here = np.array(baseline().regions) == region
        for old, new in zip(pounds(YEAR, here), pounds(YEAR, here, permuted()), strict=True):
            got, want = ([getattr(p, grade) for grade in GRADES] for p in (new, old))
            assert got == pytest.approx(want, abs=1e-6), (region, old.component.id)


def blank(name: str) -> Figures:
    before = shipped()
    return Figures({k: v for k, v in before.amounts.items() if k != name}, before.estimated)


@pytest.mark.parametrize("name", sorted(shipped().amounts))
def test_a_blanked_figure_takes_its_own_pounds_from_what_is_measured(name: str) -> None:
    without = blank(name)
    for place in PLACES:
        here = mask(place)
        before, after = pounds(YEAR, here), pounds(YEAR, here, without)
        lost = sum(counted(name, here))
        assert measured(before) - measured(after) == pytest.approx(lost, abs=1e-6), place
        if lost > 0:
            assert known(after).here + known(after).wider < known(before).here + known(before).wider


def counted(name: str, here: Mask) -> list[float]:
    """What a figure puts into a place where q is .9 or more: scaled up to 1.1, as it is beyond. Worked out again."""
    out = []
    for piece in pieces(YEAR):
        for figure in piece.own:
            if figure.name == name:
                q = piece.control / piece.own_sum
                factor = np.where(q < LEAST, 0.0, np.where(q > 1.1, 1.0, q))
                out.append(float((figure.places * factor[region_of()])[here].sum()))
    return out


@pytest.mark.parametrize("name", ["income-tax", "police", "nhs-core", "education", "housing"])
def test_a_line_without_a_figure_still_sums_to_its_region(name: str) -> None:
    matrix = line_matrix(YEAR, "residence", blank(name))
    specs = {spec.id: spec for spec in published.line_specs()}
    for line, row in zip(matrix.lines, matrix.values, strict=True):
        want = [published.regional(code, specs[line.id], YEAR) for code in regions()]
        assert by_region(row).tolist() == pytest.approx(want, abs=1e-6), line.id
