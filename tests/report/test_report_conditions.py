"""What the conditions put at stake, as the report says it: not known is said, bounds are no forecast."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from made_up_run import AT, at_stake, bidding, make

from soke.deal.scenario import RecallAssumed
from soke.report.conditions import bidding_sentence, choice_sentence, lead_sentence, loss_sentence
from soke.report.contents import RunReport
from soke.report.run.tables import all_tables


def rows(report: RunReport, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(all_tables(report)[name].csv())))


def projected(**changes: Any) -> RunReport:
    found = make()
    return replace(found, projection=replace(found.projection, **changes))


def section(text: str) -> str:
    return text.split('id="conditions-section"')[1].split("</section>", maxsplit=1)[0]


def test_a_chance_that_is_not_known_is_said_and_is_never_nought(report: RunReport) -> None:
    community, partners = rows(report, "conditions")
    assert {community[name] for name in ("near_miss_chance", "miss_chance", "missed_once_chance")} == {"not known"}
    assert float(partners["miss_chance"]) == pytest.approx(0.1)
    assert float(partners["near_miss_chance"]) == pytest.approx(0.2)
    assert community["at_stake_gbp_million"] == "70.0" and community["soonest_day"] == "2028-01-08"
    assert community["could_be_recalled"] == "up to 25% of Bus; Moving money"
    unknown = rows(report, "conditions_by_year")[:4]
    assert {row["held_if_always_recalled_gbp_million"] for row in unknown} == {"not known"}


def test_a_year_before_the_first_test_is_not_called_unknown() -> None:
    found = at_stake()
    late = found.risks[1]
    late = replace(late, missed=np.array([np.nan, 0.1, 0.1, 0.1]), ever=np.array([np.nan, 0.1, 0.2, 0.3]))
    report = projected(conditions=replace(found, risks=(found.risks[0], late)))
    assert [row["miss_chance"] for row in rows(report, "conditions_by_year")[3:6]] == ["not known", "not tested", "0.1"]
    assert rows(report, "conditions")[1]["miss_chance"] == "0.1"


def test_every_year_is_in_the_file_with_both_bounds(report: RunReport) -> None:
    found = rows(report, "conditions_by_year")[4:]
    assert [row["year"] for row in found] == ["2026-27", "2027-28", "2028-29", "2029-30"]
    assert [float(row["held_if_always_recalled_gbp_million"]) for row in found] == [1.02] * 4
    assert [float(row["held_if_never_recalled_gbp_million"]) for row in found] == [0.0] * 4
    assert float(found[-1]["missed_once_chance"]) == pytest.approx(1 - 0.9**4)


def test_the_sentences(report: RunReport) -> None:
    found = at_stake()
    lead, choice = lead_sentence(found), choice_sentence(found)
    assert "For 1 of 2 conditions it is not known" in lead and "Not known is not nought." in lead
    assert lead.endswith("Nothing can be recalled before 8 January 2028: from notice to recall takes 253 days.")
    assert "a choice, not a forecast" in choice
    assert "£1.0m a year would be held back, besides what hangs on 1 condition" in choice
    assert loss_sentence(report, found.stakes[0]) == (
        "Communities decide a real share: Bus could lose up to £70m a year (25%), which serves passengers; and these"
        " could end: “Moving money”."
    )
    said = bidding_sentence(bidding(), found, 2026)
    assert "12 months (6 to 24) sooner (first money May 2026, not May 2027, had the call come as" in said
    assert "and take £3.4m a year less of administration" in said
    assert "£200,000 (£100,000 to £400,000) against £3.6m (£1.8m to £7.2m)" in said
    assert "Chance that devolving costs more: 4 in 100." in said and "253 days after a notice" in said


def test_only_flexibilities_or_no_recall_at_all() -> None:
    found = at_stake()
    bare = replace(found, stakes=(replace(found.stakes[0], funds=()),))
    assert choice_sentence(bare).endswith("No money is in scope, only flexibilities.")
    assert loss_sentence(make(), bare.stakes[0]) == (
        "Communities decide a real share: no money, but these could end: “Moving money”."
    )
    assert lead_sentence(replace(found, stakes=())).endswith("Nothing can be recalled.")
    unknown = replace(found, stakes=found.stakes[:1])
    assert "How much would be held back on average is not known; had it never, nothing." in choice_sentence(unknown)
    assert np.isnan(unknown.stakes[0].always).all()


def test_deterrence_is_printed_where_it_is_on(report: RunReport, rendered: Callable[[RunReport], str]) -> None:
    said = "SWITCHED ON: the prospect of recall prevents 30% of misses. An assumption, not a finding."
    assumed = replace(report.scenario, recall=RecallAssumed(at=AT, deterrence=0.3))
    on = replace(projected(conditions=replace(at_stake(), deterrence=0.3)), scenario=assumed)
    assert said in section(rendered(on))
    assert "SWITCHED ON" not in rendered(report)


def test_a_deal_without_conditions_or_money_says_so(rendered: Callable[[RunReport], str]) -> None:
    empty = projected(conditions=None, bidding=None)
    bare = section(rendered(empty))
    assert "No condition of the deal file is tested within this run: nothing can be recalled." in bare
    assert "Bidding and devolving are not compared" in bare
    assert rows(empty, "conditions") == [] and rows(empty, "bidding") == []
