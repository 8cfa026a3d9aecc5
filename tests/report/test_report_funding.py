"""The funding rules at work: figures are the projection's, a keep is a whole pound, nobody is named for nothing."""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_run import YEARS, make

from soke.model.funding.dated import rules
from soke.model.run.result import Keep
from soke.report.charts.drift import drift_chart
from soke.report.contents import RunReport
from soke.report.headline import four_numbers, local
from soke.report.keep import (
    council_tax_words,
    held_within,
    keep_words,
    pence_by_tier,
    resets,
    rounded,
    stays,
    tier_name,
)
from soke.report.regime import class_sentence, keep_sentence, near_sentence, need_sentence, risk_sentence
from soke.report.run.tables import all_tables

TIERS = ("councils", "county", "fire", "combined_authority", "levy_account", "treasury")
SHIRE = Keep(councils=0.32, county=0.08, fire=0.0, combined_authority=0.0, levy_account=0.04, treasury=99.56)


def projected(**changes: Any) -> RunReport:
    found = make()
    return replace(found, projection=replace(found.projection, **changes))


def standing(**changes: Any) -> RunReport:
    return projected(standing=replace(make().projection.standing, **changes))


def rows(report: RunReport, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(all_tables(report)[name].csv())))


def test_the_table_of_the_keep_is_a_whole_pound(report: RunReport) -> None:
    *tiers, whole = rows(report, "keep")
    for column in ("growth_as_is_pence", "growth_deal_pence", "council_tax_pence"):
        assert sum(float(row[column]) for row in tiers) == pytest.approx(100.0)
        assert float(whole[column]) == pytest.approx(100.0)
    found = {row["tier"]: row for row in tiers}
    now, then = report.projection.keep_as_is, report.projection.keep_deal
    assert float(found["Councils"]["growth_deal_pence"]) == then.councils
    assert float(found["The levy account for safety nets"]["growth_as_is_pence"]) == now.levy_account
    assert float(found["Police"]["council_tax_pence"]) == report.projection.keep_council_tax["police"]
    assert float(found["Police"]["growth_deal_pence"]) == 0.0


def test_nobody_is_named_for_nothing(report: RunReport, rendered: Callable[[RunReport], str]) -> None:
    assert "County councils" not in [row["tier"] for row in rows(report, "keep")]
    assert "county" not in rendered(report).split('id="funding-section"')[1].split("Shire against city")[0].lower()
    said = four_numbers(report)[2].sentence
    assert "fire" not in said and "levy" not in said  # under the deal they get nothing
    assert keep_words(report, report.projection.keep_as_is) == (
        "Councils 3.4p, fire 0.1p; the levy account for safety nets 0.4p, Treasury 96.1p."
    )


def test_tiers_are_called_what_they_are_here() -> None:
    shire = projected(area=("E07000001", "E07000002"), keep_deal=SHIRE)
    said = keep_words(shire, SHIRE)
    assert (
        said
        == "District councils 0.3p, county councils 0.1p; the levy account for safety nets under 0.1p, Treasury 99.6p."
    )
    assert tier_name("county", ("E09000001",)) == "Greater London Authority"
    assert tier_name("councils", ("E09000001", "E09000002")) == "boroughs"
    assert tier_name("councils", ("E06000001", "E07000001")) == "district and unitary councils"
    assert tier_name("councils", ("E06000001", "E08000001")) == "councils"
    assert tier_name("councils", ("E06000052",)) == "council"


@pytest.mark.parametrize(
    ("bill", "within"),
    [
        ({"councils": 80.0, "police": 12.0, "fire": 8.0}, {}),
        ({"councils": 83.0, "combined_authority": 17.0}, {"combined_authority": " with police and fire"}),
        ({"councils": 80.0, "combined_authority": 16.0, "fire": 4.0}, {"combined_authority": " with police"}),
        ({"councils": 77.0, "county": 23.0}, {"county": " with police and fire"}),
        ({"councils": 10.0, "county": 75.0, "police": 15.0}, {}),
        ({"councils": 100.0}, {}),
    ],
)
def test_who_holds_the_police_is_said(bill: dict[str, float], within: dict[str, str]) -> None:
    assert held_within(bill) == within
    said = council_tax_words(projected(keep_council_tax=bill))
    assert all(text in said for text in within.values())
    assert sum(map(int, re.findall(r" (\d+)p", said))) == 100


@pytest.mark.parametrize(
    ("kept", "said"), [(0.97, "1p"), (0.44, "0.4p"), (0.03, "under 0.1p"), (12.3, "12p"), (0.0, "0p")]
)
def test_what_stays_is_said_to_a_tenth(kept: float, said: str) -> None:
    keep = replace(SHIRE, councils=kept, county=0.0, treasury=100.0 - kept - SHIRE.levy_account)
    assert stays(keep) == said
    assert four_numbers(projected(keep_deal=keep))[2].figure == f"{said} of the next £1 of tax stays here"


def test_without_council_tax_nothing_is_said_of_it() -> None:
    assert council_tax_words(projected(keep_council_tax={})) == ""
    assert {row["council_tax_pence"] for row in rows(projected(keep_council_tax={}), "keep")} == {""}


@given(st.lists(st.floats(0.0, 50.0), min_size=1, max_size=7), st.sampled_from([0.1, 1.0]))
def test_rounded_pence_add_up_and_move_by_less_than_a_step(parts: list[float], step: float) -> None:
    pence = {str(k): part for k, part in enumerate(parts)}
    pence["rest"] = max(0.0, 400.0 - sum(parts))
    found = rounded(pence, step)
    assert round(sum(found.values()) / step) == round(sum(pence.values()) / step)
    assert all(abs(found[k] - pence[k]) < step * (1 + 1e-6) and found[k] >= 0 for k in pence)


@given(st.lists(st.floats(0.0, 20.0), min_size=5, max_size=5))
def test_pence_by_tier_is_the_keep_without_those_who_get_nothing(parts: list[float]) -> None:
    keep = Keep(**dict(zip(TIERS, [*parts, 100.0 - sum(parts)], strict=True)))
    found = pence_by_tier(keep)
    assert sum(found.values()) == pytest.approx(100.0)
    here = sum(value for tier, value in found.items() if tier not in ("levy_account", "treasury"))
    assert here == pytest.approx(local(keep), abs=1e-5)


@pytest.mark.parametrize(
    ("as_is", "every", "deal", "said"),
    [
        (2029, 5, 2034, (2029, 2034)),
        (2026, 5, 2034, (2031, 2034)),  # the first reset is the deal's own first year: the next one counts
        (2020, 3, 2025, (2029, 2029)),  # the deal's reset is past
        (2029, 5, None, (2029, 2029)),
    ],
)
def test_the_next_reset(
    with_deal: Callable[..., RunReport], as_is: int, every: int, deal: int | None, said: tuple[int, int]
) -> None:
    terms = make().deal.fiscal.business_rates
    assert terms is not None
    own = replace(terms, from_year=make().deal.starts, existing_from=None, existing_until=None, reset=deal or 0)
    found = with_deal(fiscal=replace(make().deal.fiscal, business_rates=own if deal else None))
    found = replace(found, scenario=replace(found.scenario, reset_as_is=as_is, reset_every=every))
    assert resets(found) == said
    if deal == said[1]:  # what was agreed before the deal spares its area on both paths
        agreed = replace(own, existing_from=2017, existing_until=deal - 1)
        held = replace(found, deal=replace(found.deal, fiscal=replace(found.deal.fiscal, business_rates=agreed)))
        assert resets(held) == (deal, deal)


def test_every_year_of_the_rules_is_in_the_file(report: RunReport) -> None:
    held, found = report.projection.standing, rows(report, "funding_by_year")
    assert [row["year"] for row in found][0::19] == ["2026-27", "2045-46"]
    for path, name in enumerate(("as_is", "deal")):
        assert [float(row[f"safety_net_chance_{name}"]) for row in found] == held.safety_net_chance[path, 1:].tolist()
        assert [float(row[f"levy_{name}_gbp_million"]) for row in found] == held.levy[path, 1:].tolist()
        assert [float(row[f"places_near_need_{name}"]) for row in found] == held.near[path, 1:].tolist()
        for column, values in (("area", held.area), ("low_tenth", held.low), ("high_tenth", held.high)):
            said = [float(row[f"{column}_above_england_{name}"]) for row in found]
            assert said == pytest.approx((values[path, 1:] - 1.0).tolist())


def test_shire_stands_against_city_in_the_marked_years(report: RunReport) -> None:
    held = report.projection.standing
    found = {row["class"]: row for row in rows(report, "funding_by_class")}
    assert list(found)[-1] == "This deal’s places"
    for kind, name in (("shire-district", "Shire districts"), ("metropolitan-district", "Metropolitan districts")):
        for k in (1, 4, 10, 20):
            for path, which in enumerate(("as_is", "deal")):
                said = float(found[name][f"{which}_year_{k}_above_england"])
                assert said == pytest.approx(held.classes[kind][path, k] - 1.0)
        assert float(found[name]["furthest_as_is_above_england"]) == pytest.approx(held.classes[kind][0, 20] - 1.0)
    assert class_sentence(report).endswith(
        "in 2045-46, against England’s funding for each unit of need: London boroughs +4.5% and Metropolitan districts"
        " −3.0%."
    )


def test_the_sentences_hold_the_projection_s_figures(report: RunReport) -> None:
    assert keep_sentence(report) == (
        "Of the next £1 of tax from growth here 7p stays here with the deal, 3.5p today. What of it is business"
        " rates is shared out again by need at the reset, assumed in 2029-30."
    )
    assert need_sentence(report) == (
        "In year 10 this place has 2.5% less for each unit of need than England, as is; 1.9% less for each unit of need"
        " than England with the deal. The deal makes most difference in 2045-46: +1.2% of England’s."
    )
    assert near_sentence(report) == "Places within 2 per cent of need, as is: 39% in year 1, 30% in year 10."
    assert "worst year, 2045-46, when the law’s net stands at 92.5% of baseline funding (unverified):" in risk_sentence(
        report
    )
    assert "1 in 10 as is, 3 in 10 with the deal." in risk_sentence(report)
    assert "Levy paid: £2.1m a year as is, £0 a year with the deal." in risk_sentence(report)


def test_a_deal_that_moves_no_funding_says_so() -> None:
    held = make().projection.standing
    still = standing(area=np.stack([held.area[0]] * 2), levy=np.stack([held.levy[0]] * 2))
    assert "changes that by less than a tenth of a per cent in any year." in need_sentence(still)
    assert "Levy paid: £2.1m a year, with the deal or without." in risk_sentence(still)
    level = standing(area=np.ones((2, len(YEARS))))
    assert "has as much for each unit of need as England, as is" in need_sentence(level)


def test_a_what_if_s_own_safety_net_is_named(report: RunReport) -> None:
    assert rules().value("safety_net.share", 2045) == 0.925
    found = replace(report, scenario=replace(report.scenario, funding_rules={"safety_net.share": 0.5}))
    assert "when the net stands at 50% of baseline" in risk_sentence(found).replace("the law’s net", "the net")


def test_the_drift_chart_names_axes_lines_and_band() -> None:
    years, as_is, deal = (2026, 2027, 2028), (-0.01, -0.02, -0.03), (-0.01, -0.01, -0.01)
    root = ET.fromstring(str(drift_chart("d", years, as_is, deal, ((-0.05,) * 3, (0.05,) * 3), (2028,))))
    said = ["".join(e.itertext()) for e in root.iter() if e.tag in ("p", "span")]
    assert "Funding for each unit of need, against England’s, by financial year" in said
    assert {"England", "deal −1.0%", "as is −3.0%", "2028-29"} <= set(said)
    legend = (
        "The solid line is this place with the deal, the dashed one as is; eight places in ten lie in the grey band."
    )
    assert legend in said
    (svg,) = root.iter("svg")
    _, _, width, height = map(float, svg.attrib["viewBox"].split())
    lines = [e.attrib["d"] for e in root.iter("path")]
    points = [tuple(map(float, p)) for d in lines for p in re.findall(r"([\d.]+) ([\d.]+)", d)]
    assert len(lines) == 3 and all(0 <= x <= width and 0 <= y <= height for x, y in points)
    desc = svg.find("desc")
    assert desc is not None and desc.text and "In 2028-29 this place stands −3.0%" in desc.text
    assert not list(root.iter("text")), "letters stand beside the drawing, not in it"


def test_paths_that_agree_are_one_line() -> None:
    flat = (0.0, 0.0)
    root = ET.fromstring(str(drift_chart("d", (2026, 2027), flat, flat, (flat, flat), (2027,))))
    assert len(list(root.iter("path"))) == 2
    assert "both 0.0%" in ["".join(e.itertext()) for e in root.iter("span")]


def test_notes_carry_their_grade(report: RunReport, rendered: Callable[[RunReport], str]) -> None:
    assert [row["grade"] for row in rows(report, "funding_notes")] == ["estimate", "estimate"]
    section = rendered(report).split('id="funding-section"')[-1].split("</section>")[0]
    assert all(note in section for note in report.projection.standing.notes)
    assert section.count('class="grade estimate"') == 2
    assert (
        "What the figures" not in rendered(standing(notes=())).split('id="funding-section"')[1].split("</section>")[0]
    )
