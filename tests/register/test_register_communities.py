"""Panels, promises kept, steps of assets, delivery by communities: who may record what, and what is counted."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from rehearsal import Rehearsal, deal_text

from soke.deal.counts import Delivery, Records, Round, Window, community_delivery, turnout
from soke.register.due import due_lines
from soke.register.history import told

YEAR = Window(first=dt.date(2026, 4, 1), last=dt.date(2027, 3, 31))
ROUND = {"round": "r1", "community": "neighbourhood-budgets", "pence": 500_00, "due": "2026-12-01"}
AGREED = {
    "delivery": "d1", "community": "neighbourhood-budgets", "fund": "growth-and-place", "group": "Hall Trust",
    "service": "the lunch club",
    "pence": 100_00, "first": "2026-07-01", "last": "2028-06-30", "break_days": 90,
}  # fmt: skip


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def came(pence: int, paid_on: str, payment: str = "first") -> dict[str, Any]:
    return {"delivery": "d1", "payment": payment, "pence": pence, "paid_on": paid_on}


class TestTurnout:
    def test_both_numbers_or_neither_and_never_more_ballots_than_people(self) -> None:
        play = Rehearsal().signed()
        play("round.opened", "authority", "2026-05-01", **ROUND)
        decided: dict[str, Any] = {"round": "r1", "pence": 450_00, "result": "Nine projects"}
        assert "two numbers" in play.refused("round.decided", "residents", "2026-06-01", **decided, ballots=10)
        said = play.refused("round.decided", "residents", "2026-06-01", **decided, ballots=11, eligible=10)
        assert "more than the 10 who could vote" in said
        play("round.decided", "residents", "2026-06-01", **decided, ballots=1_200, eligible=8_000, manifest="a" * 64)
        count = turnout(play.state.records(0), YEAR, day("2027-01-01"))
        assert (count.done, count.asked, count.share, count.failed) == (1_200, 8_000, Decimal("0.15"), ())
        assert "Ballots: 1,200 of 8,000 who could vote." in list(told(play.entries))[-1].sentence

    def test_a_round_without_figures_is_in_no_share_and_is_named(self) -> None:
        due = day("2026-10-01")
        rounds = (Round(id="a", pence=1, due=due, ballots=5, eligible=10), Round(id="b", pence=1, due=due))
        count = turnout(Records(rounds=rounds), YEAR, day("2027-01-01"))
        assert (count.done, count.asked, count.failed) == (5, 10, ("b",))
        assert turnout(Records(rounds=rounds), YEAR, due).asked == 0  # on the day itself there is still time


class TestRounds:
    def test_a_round_is_of_a_budget_and_within_what_the_deal_undertakes_for_the_year(self) -> None:
        play = Rehearsal().signed()
        assembly = ROUND | {"community": "fares-assembly"}
        assert "no budget" in play.refused("round.opened", "authority", "2026-05-01", **assembly)
        play("round.opened", "authority", "2026-05-01", **(ROUND | {"pence": 6_000_000_00}))
        second = ROUND | {"round": "r2", "pence": 300_000_01}
        assert "£300,000 is left" in play.refused("round.opened", "authority", "2026-06-01", **second)
        play("round.opened", "authority", "2027-04-01", **(second | {"due": "2027-12-01"}))  # another year

    def test_one_count_decides_one_round_and_nothing_may_be_decided(self) -> None:
        play = Rehearsal().signed()
        for name in ("r1", "r2"):
            play("round.opened", "authority", "2026-05-01", **(ROUND | {"round": name}))
        nobody = {"pence": 0, "result": "Nobody came", "ballots": 0, "eligible": 900, "manifest": "b" * 64}
        play("round.decided", "residents", "2026-06-01", round="r1", **nobody)
        assert 'decided the round "r1"' in play.refused(
            "round.decided", "residents", "2026-06-01", round="r2", **nobody
        )
        play("round.adopted", "authority", "2026-06-02", round="r1", pence=0)
        count = turnout(play.state.records(0), YEAR, day("2027-01-01"))
        assert (count.done, count.asked, count.failed) == (0, 900, ("r2",))


class TestAnswers:
    def test_what_is_adopted_with_a_day_is_due_until_those_who_wait_for_it_confirm_it(self) -> None:
        play = Rehearsal().signed()
        drawn = {"panel": "fares", "community": "fares-assembly", "people": 60, "pool": 840, "draw": "0" * 64}
        assert "no undertaking" in play.refused(
            "panel.drawn", "residents", "2026-05-01", **(drawn | {"community": "x"})
        )
        assert "larger than the pool" in play.refused(
            "panel.drawn", "residents", "2026-05-01", **(drawn | {"pool": 59})
        )
        asked = {"question": "Night buses?", "due": "2026-08-01", "panel": "fares"}
        assert 'no panel "fares"' in play.refused("answer.asked", "residents", "2026-05-02", answer="a1", **asked)
        play("panel.drawn", "residents", "2026-05-01", **drawn)
        soon = {"community": "fares-assembly", "question": "Night buses?"}
        assert "90 days" in play.refused(
            "answer.asked", "residents", "2026-05-02", answer="a1", due="2026-07-30", **soon
        )
        play("answer.asked", "residents", "2026-05-02", answer="a0", due="2026-07-31", **soon)
        for name in ("a1", "a2"):
            play("answer.asked", "residents", "2026-05-02", answer=name, **asked)
        assert 'Leave out "by"' in play.refused("answer.given", "mayor", "2026-06-01", answer="a1", said="No",
                                               adopted=False, by="2026-12-01")  # fmt: skip
        play("answer.given", "mayor", "2026-06-01", answer="a1", said="From December", adopted=True, by="2026-12-01")
        play("answer.given", "mayor", "2026-06-01", answer="a2", said="No money", adopted=False)
        far = play.refused(
            "answer.given", "mayor", "2026-06-01", answer="a0", said="Yes", adopted=True, by="9999-12-31"
        )
        assert "too far off" in far
        elsewhere = {"community": "neighbourhood-budgets", "panel": "fares", "question": "Night buses?"}
        assert 'drawn for "fares-assembly"' in play.refused("answer.asked", "residents", "2026-06-02", answer="a9",
                                                           due="2026-12-01", **elsewhere)  # fmt: skip
        hurried = {"panel": "fares", "question": "Night buses?", "due": "2026-07-02"}
        assert "90 days" in play.refused("answer.asked", "residents", "2026-06-02", answer="a9", **hurried)
        assert "not adopted" in play.refused("answer.done", "residents", "2026-07-01", answer="a2")
        lines = [one for one in due_lines(play.state, day("2026-12-02")) if one.act == "answer.done"]
        assert [(one.about, one.overdue) for one in lines] == [("answer:a1", True)]
        assert 'not for "authority"' in play.refused("answer.done", "authority", "2026-12-03", answer="a1")
        play("answer.done", "residents", "2026-12-03", answer="a1")
        assert not [one for one in due_lines(play.state, day("2026-12-04")) if one.act == "answer.done"]
        one = play.state.partners.answers["a1"]
        assert (one.panel, one.said, one.by, one.done) == (
            "fares",
            "From December",
            day("2026-12-01"),
            day("2026-12-03"),
        )


class TestAssets:
    def test_steps_go_by_the_rules_of_the_law(self) -> None:
        play = Rehearsal().signed()
        hall: dict[str, Any] = {"asset": "village-hall", "regime": "community-right-to-bid"}
        steps = (("2026-05-01", "nominated"), ("2026-06-10", "listed"), ("2027-01-05", "notice"))
        said = play.refused("asset.step", "residents", "2026-05-02", **hall, step="listed", on="2026-05-01")
        assert "nominated" in said
        nobody = play.refused("asset.step", "residents", "2026-05-02", **hall, step="nominated", on="2026-05-01")
        assert "body_kind" in nobody
        few = {"body_kind": "unincorporated-body", "members": 20}
        said = play.refused("asset.step", "residents", "2026-05-02", **hall, step="nominated", on="2026-05-01", **few)
        assert "20 members are too few" in said
        for on, step in steps:
            who = {"body_kind": "parish-council"} if step == "nominated" else {}
            play("asset.step", "residents", on, **hall, step=step, on=on, **who)
        assert [one.step for one in play.state.partners.assets["village-hall"][1]] == [step for _, step in steps]
        before = play.refused("asset.step", "residents", "2027-02-01", **hall, step="bid-requested", on="2027-01-04")
        assert "5 January 2027" in before
        other = hall | {"regime": "asset-transfer"}
        assert "goes by the rules" in play.refused("asset.step", "residents", "2027-02-01", **other, step="nominated",
                                                  on="2027-02-01")  # fmt: skip
        wrong = play.refused("asset.step-withdrawn", "residents", "2027-02-01", asset="village-hall", step="listed",
                             reason="A slip")  # fmt: skip
        assert "not the last step" in wrong
        taken_back = {"asset": "village-hall", "step": "notice", "reason": "It was for the hall next door"}
        assert 'not for "authority"' in play.refused("asset.step-withdrawn", "authority", "2027-02-01", **taken_back)
        play("asset.step-withdrawn", "residents", "2027-02-01", **taken_back)
        assert [one.step for one in play.state.partners.assets["village-hall"][1]] == ["nominated", "listed"]
        assert "no step" in play.refused("asset.step", "residents", "2027-02-01", **hall, step="bought",
                                         on="2027-02-01")  # fmt: skip


class TestDelivery:
    def test_money_counts_when_the_side_of_the_group_says_that_it_came(self) -> None:
        play = Rehearsal().signed()
        assert "before it begins" in play.refused("delivery.agreed", "authority", "2026-06-01",
                                                 **(AGREED | {"last": "2026-06-30"}))  # fmt: skip
        play("delivery.agreed", "authority", "2026-06-01", **AGREED)
        assert 'not for "authority"' in play.refused("delivery.received", "authority", "2026-08-01",
                                                    **came(1, "2026-08-01"))  # fmt: skip
        play("delivery.received", "residents", "2026-08-01", **came(40_00, "2026-08-01"))
        assert "£60 is still to come" in play.refused("delivery.received", "residents", "2026-09-01",
                                                     **came(60_01, "2026-08-20", "second"))  # fmt: skip
        again = play.refused("delivery.received", "residents", "2026-09-01", **came(40_00, "2026-08-01"))
        assert 'payment "d1 first" already' in again  # one payment, handed over twice
        early = play.refused("delivery.received", "residents", "2026-09-01", **came(1, "2026-06-30", "second"))
        assert "begins on 1 July 2026" in early
        count = community_delivery(play.state.records(400_00), YEAR, day("2027-01-01"))
        assert (count.done, count.asked, count.share) == (40_00, 400_00, Decimal("0.1"))

    def test_money_counts_in_the_year_in_which_it_was_paid(self) -> None:
        play = Rehearsal().signed()
        play("delivery.agreed", "authority", "2026-06-01", **AGREED)
        play("delivery.received", "residents", "2028-08-01", **came(40_00, "2027-03-31"))
        play("delivery.received", "residents", "2028-08-01", **came(10_00, "2027-04-01", "second"))
        assert community_delivery(play.state.records(1), YEAR, day("2028-09-01")).done == 40_00

    def test_an_agreement_is_of_the_deal_its_fund_and_its_days(self) -> None:
        play = Rehearsal().signed()
        assert "no fund" in play.refused("delivery.agreed", "authority", "2026-06-01", **(AGREED | {"fund": "lottery"}))
        before = play.refused("delivery.agreed", "authority", "2026-06-01", **(AGREED | {"first": "2016-07-01"}))
        assert "is not of the deal" in before
        much = play.refused("delivery.agreed", "authority", "2026-06-01", **(AGREED | {"pence": 10**14}))
        assert "not yet promised to community groups" in much

    def test_outcomes_are_within_the_agreement_and_said_once(self) -> None:
        play = Rehearsal().signed()
        play("delivery.agreed", "authority", "2026-06-01", **AGREED)
        outcome = {"delivery": "d1", "period_end": "2026-12-31", "met": True, "said": "52 lunches a week"}
        early = play.refused("delivery.outcome", "residents", "2027-01-05", **(outcome | {"period_end": "2026-06-01"}))
        assert "runs from 1 July 2026" in early
        play("delivery.outcome", "residents", "2027-01-05", **outcome)
        assert "already" in play.refused("delivery.outcome", "residents", "2027-01-06", **outcome)

    def test_the_break_clause_keeps_its_notice(self) -> None:
        play = Rehearsal().signed()
        play("delivery.agreed", "authority", "2026-06-01", **AGREED)
        ended = {"delivery": "d1", "reason": "The hall closes"}
        said = play.refused("delivery.ended", "residents", "2026-09-01", **ended, ends="2026-11-29")
        assert "90 days of notice" in said and "30 November 2026" in said
        assert 'not for "councils"' in play.refused("delivery.ended", "councils", "2026-09-01", **ended,
                                                     ends="2027-01-30")  # fmt: skip
        play("delivery.ended", "residents", "2026-09-01", **ended, ends="2026-11-30")
        late = {"delivery": "d1", "period_end": "2026-12-31", "met": True, "said": "None"}
        assert "to 30 November 2026" in play.refused("delivery.outcome", "residents", "2027-01-05", **late)
        assert "ends on 30 November 2026" in play.refused("delivery.ended", "authority", "2026-09-02", **ended,
                                                         ends="2027-01-30")  # fmt: skip

    def test_only_what_came_in_the_window_and_before_the_day_is_counted(self) -> None:
        payments = ((day("2026-03-31"), 1), (day("2026-04-01"), 2), (day("2027-03-31"), 4), (day("2027-04-01"), 8))
        one = Delivery(id="d", pence=15, first=day("2026-01-01"), last=day("2028-01-01"), break_days=1,
                       payments=payments)  # fmt: skip
        records = Records(deliveries=(one,), revenue_pence=100)
        assert community_delivery(records, YEAR, day("2027-05-01")).done == 6
        assert community_delivery(records, YEAR, day("2027-03-31")).done == 2


def test_a_deal_may_rest_a_condition_on_turnout_and_on_delivery(monkeypatch: pytest.MonkeyPatch) -> None:
    """What happened in rounds and agreements is the evidence; nobody reports it."""
    text = deal_text("greater-manchester")
    for name, indicator, least, unit in (
        ("people-vote", "turnout", "0.10", "share of eligible people"),
        ("groups-deliver", "community-delivery", "0.20", "share of revenue"),
    ):
        text += (
            f'\n[[condition]]\nid = "{name}"\ntitle = "{name}"\nkind = "community"\nindicator = "{indicator}"\n'
            f'at_least = {least}\nwindow = "1 year"\nunit = "{unit}"\nfrom = "2026-27"\nevidence = "The register"\n'
            'reported_by = "authority"\nchecked_by = "panel"\ndue_days = 60\ntolerance = 0.01\n'
            'remedy = "directed improvement"\norigin = "illustrative"\n'
        )
    monkeypatch.setattr("rehearsal.deal_text", lambda name: text)
    play = Rehearsal().signed()
    play.money("fund.allotted", "mhclg", "2026-04-01", "growth-and-place", 400_00)
    play("round.opened", "authority", "2026-05-01", **ROUND)
    play("round.decided", "residents", "2026-06-01", round="r1", pence=450_00, result="x", ballots=12, eligible=100)
    play("delivery.agreed", "authority", "2026-06-01", **AGREED)
    play("delivery.received", "residents", "2026-08-01", **came(40_00, "2026-08-01"))
    found = {name: play.state.evaluation(name, day("2027-03-31"), day("2027-06-05")) for name in
             ("people-vote", "groups-deliver")}  # fmt: skip
    assert {name: (one.status, one.value) for name, one in found.items()} == {
        "people-vote": ("met", Decimal("0.12")), "groups-deliver": ("missed", Decimal("0.1")),
    }  # fmt: skip
    assert "nobody reports it" in play.refused("indicator.reported", "authority", "2027-06-05", indicator="turnout",
                                              period_end="2027-03-31", value="0.9")  # fmt: skip


def test_a_deal_with_a_promise_beyond_all_days_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    text = deal_text("greater-manchester").replace("answer_due_days = 90", "answer_due_days = 999_999_999_999")
    monkeypatch.setattr("rehearsal.deal_text", lambda name: text)
    play = Rehearsal().signed()
    said = play.refused("answer.asked", "residents", "2026-05-02", answer="a1", due="2026-12-01",
                        question="Night buses?", community="fares-assembly")  # fmt: skip
    assert "31 December 9999" in said
