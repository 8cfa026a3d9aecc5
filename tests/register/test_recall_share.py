"""How much of a fund a recall may take is one answer, whoever asks: the model, the report and the register."""

from __future__ import annotations

import pytest
from rehearsal import LOSES, deal_text, missed

from soke.deal.check import check_reading
from soke.deal.reader import read_text
from soke.deal.types import Deal
from soke.england.places import places
from soke.evidence import overridden
from soke.model.money.fund_flows import fund_flows
from soke.model.money.prices import Prices
from soke.model.stake.recall import at_stake
from soke.report.funnel import first_year, recallable

FUND, CONDITION, BUSES = "growth-and-place", "communities-decide", "bus-and-rail"
SAID = "recallable_share = 0.5\n"
ALLOTTED = 3_000_000_000  # pence of revenue


def deal_of(text: str) -> Deal:
    found = read_text(text, places()).deal
    assert found is not None
    return found


def in_model(deal: Deal) -> float:
    years = [2025, *deal.years]
    found = at_stake(deal, years, fund_flows(deal, years, Prices(2025, 1.15, 0.02), 0.0), 50, 1, overridden({}))
    assert found is not None
    (stake,) = (one for one in found.stakes if one.condition == CONDITION)
    return sum(fund.share for fund in stake.funds if fund.fund == FUND)


def in_report(deal: Deal) -> float:
    """What the funnel counts as recallable of the fund, less the buses, of which a tenth is."""
    (fund,), (buses,) = ([one for one in deal.funds if one.id == name] for name in (FUND, BUSES))
    return float((recallable(deal) - first_year(buses, deal) / 10) / first_year(fund, deal))


def in_register(text: str, monkeypatch: pytest.MonkeyPatch) -> float:
    """The largest part of what was allotted that the register lets a recall take: a penny more is refused."""
    monkeypatch.setattr("rehearsal.deal_text", lambda name: text)
    play = missed()
    for kind, role, day, more in (
        ("matter.report", "panel", "2027-06-01", {"condition": CONDITION, "period_end": "2027-03-31"}),
        ("matter.notice", "mhclg", "2027-06-10", {"reason": "Few rounds"}),
        ("matter.response", "authority", "2027-07-01", {"reason": "We began late"}),
        ("matter.cure", "panel", "2027-07-09", {}),
        ("matter.hearing", "panel", "2028-01-10", {}),
        ("matter.decision", "panel", "2028-01-20", {"reason": "Two rounds of nine"}),
    ):
        play(kind, role, day, matter="m1", **more)
    most = play.state.reach(play.state.matters["m1"], play.state.fund(FUND), 2026)
    taking = {"fund": FUND, "year": "2026-27", "use": "revenue"}
    recall = {"matter": "m1", "loses": LOSES, "reason": "Not put right"}
    said = play.refused("matter.recall", "mhclg", "2028-03-03", takes=[taking | {"pence": most + 1}], **recall)
    assert f'The deal lets £{most // 100:,} of "{FUND}" be recalled' in said
    if most:
        play("matter.recall", "mhclg", "2028-03-03", takes=[taking | {"pence": most}], **recall)
    return most / ALLOTTED


@pytest.mark.parametrize(("said", "share"), [
    (SAID, 0.5), ("recallable_share = 0.2\n", 0.2), ("recallable_share = 1.0\n", 0.5), ("recallable_share = 0\n", 0.0),
    ("", 0.0),
])  # fmt: skip
def test_model_report_and_register_put_the_same_share_at_stake(
    said: str, share: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = deal_text("greater-manchester").replace(SAID, said)
    deal = deal_of(text)
    assert in_model(deal) == pytest.approx(share)
    assert in_report(deal) == pytest.approx(share)
    assert in_register(text, monkeypatch) == pytest.approx(share)


@pytest.mark.parametrize("name", ["greater-manchester", "norfolk-and-suffolk", "cornwall"])
def test_the_shipped_deals_say_how_much(name: str) -> None:
    found = check_reading(read_text(deal_text(name), places()), places())
    assert "DR412" not in {finding.code for finding in found.findings}
    assert deal_text(name).count("recallable_share") >= 1


def test_a_fund_in_silence_is_asked_for_its_share() -> None:
    text = deal_text("greater-manchester").replace(SAID, "")
    (asked,) = (f for f in check_reading(read_text(text, places()), places()).findings if f.code == "DR412")
    assert f'Condition "{CONDITION}" would recall part of "{FUND}", which does not say how much.' == asked.fact
    pooled = text.replace('scope = ["growth-and-place"', 'scope = ["integrated-settlement"')
    found = [f.fact for f in check_reading(read_text(pooled, places()), places()).findings if f.code == "DR412"]
    assert f'"{FUND}", through its pool "integrated-settlement", which does not say how much.' in found[0]
    assert len(found) == 4  # of the six in the pool, the buses and the skills have said
