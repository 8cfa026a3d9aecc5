"""The scorecard: what it says of a deal on a day, and what it says is due."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest
from rehearsal import LOSES, Rehearsal, missed, recalled

from soke.register.due import DueLine, allowed, due_lines
from soke.register.scorecard import FundLine, PowerLine, Scorecard, scorecard
from soke.register.standing import ConditionLine
from soke.report.scorecard import card_lines

GM = "greater-manchester"
FUND = "growth-and-place"
MHCLG = "Ministry of Housing, Communities and Local Government"


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def card(play: Rehearsal, on: str) -> Scorecard:
    return scorecard(play.state, day(on))


def told(found: Scorecard) -> str:
    """What the card says, in one line."""
    lines = list(card_lines(found))
    assert max(map(len, lines)) <= 100
    return " ".join(" ".join(lines).split())


def power(found: Scorecard, named: str) -> PowerLine:
    return next(one for one in found.powers if one.id == named)


def fund(found: Scorecard, named: str = FUND, year: int = 2026) -> FundLine:
    return next(one for one in found.funds if (one.id, one.year) == (named, year))


def condition(found: Scorecard, named: str) -> ConditionLine:
    return next(one for one in found.conditions if one.id == named)


def due(play: Rehearsal, on: str, about: str) -> list[DueLine]:
    return [one for one in due_lines(play.state, day(on)) if one.about.startswith(about)]


class TestHeadline:
    def test_in_force_since_the_last_signature_that_was_needed(self) -> None:
        play = Rehearsal().signed("2026-03-20")
        play("deal.signed", "dft", "2026-05-01", version=1)  # one department had signed: this adds nothing
        found = card(play, "2026-06-01")
        assert (found.status, found.in_force_since, found.version) == ("in-force", day("2026-03-20"), 1)
        assert found.receivers == ("Greater Manchester Combined Authority",) and MHCLG in found.givers

    def test_what_is_still_to_be_signed_is_due(self) -> None:
        play = Rehearsal()
        play("register.opened", "registrar", "2026-03-01", name="soke.example/test", registrars=["Ann Keeper"])
        terms = Rehearsal().signed().entries[1]["body"]
        play("deal.proposed", "registrar", "2026-03-02", **terms)
        found = card(play, "2026-03-03")
        assert (found.status, found.in_force_since) == ("proposed", None)
        (line,) = (one for one in found.due if one.about == f"deal:{GM}")
        assert "sign version 1" in line.what and "Greater Manchester Combined Authority" in line.what

    def test_one_side_alone_has_agreed_to_suspend(self) -> None:
        play = Rehearsal().signed()
        play("deal.suspended", "mhclg", "2026-05-01", reason="A review")
        said = f"{MHCLG} agreed to suspend the deal; the other side has not, and after 26 June 2026 this lapses"
        assert card(play, "2026-05-02").waits_for == (said,)
        (line,) = due(play, "2026-06-26", "deal:")
        assert (line.last, line.overdue) == (day("2026-06-26"), False)
        assert line.who == ("Greater Manchester Combined Authority",) and line.what.startswith("agree to suspend")
        assert not due(play, "2026-06-27", "deal:") and not card(play, "2026-06-27").waits_for
        play("deal.suspended", "authority", "2026-06-20", reason="Agreed")
        assert not due(play, "2026-06-26", "deal:")

    def test_one_of_many_departments_is_waited_for(self) -> None:
        play = Rehearsal().signed()
        play("deal.ended", "authority", "2026-05-01", reason="A new deal")
        (line,) = due(play, "2026-05-02", "deal:")
        assert line.who == () and "agree to end the deal (one of 7 departments)" in line.what


class TestNotInForce:
    def test_a_deal_that_is_proposed_wants_signatures_and_nothing_else(self) -> None:
        play = Rehearsal()
        play("register.opened", "registrar", "2026-03-01", name="soke.example/test", registrars=["Ann Keeper"])
        terms = Rehearsal().signed().entries[1]["body"]
        play("deal.proposed", "registrar", "2026-03-02", **terms)
        found = card(play, "2029-01-01")
        assert [one.act for one in found.due] == ["deal.signed"]
        assert {(one.status, one.in_force, one.untouched) for one in found.conditions} == {
            ("not in force", False, False)}  # fmt: skip
        assert not found.not_allotted_pence
        flat = told(found)
        assert "In short: nothing is in force; still to sign: Greater Manchester Combined Authority" in flat
        assert "MISSED" not in flat and "OVERDUE" not in flat

    def test_a_suspended_deal_says_since_when(self) -> None:
        play = missed()
        for party in ("mhclg", "authority"):
            play("deal.suspended", party, "2027-02-01", reason="A review")
        flat = told(card(play, "2027-06-01"))
        assert (
            "SUSPENDED since 1 February 2027, version 1;" in flat and "1 of 13 powers held, and their use waits" in flat
        )

    def test_after_its_end_only_periods_before_it_are_judged_and_asked_for(self) -> None:
        play = missed()
        for party in ("mhclg", "authority"):
            play("deal.ended", party, "2027-06-01", reason="A new deal")
        found = card(play, "2029-06-01")
        assert {one.found.period_end for one in found.conditions if not one.standing} == {day("2027-03-31")}
        assert not any(one.running for one in found.conditions)
        (line,) = due(play, "2029-06-01", "indicator:")
        assert (line.last, line.overdue) == (day("2027-12-26"), True)
        assert "ENDED on 1 June 2027" in told(found) and not found.not_allotted_pence
        before = Rehearsal().signed()
        for party in ("mhclg", "authority"):
            before("deal.ended", party, "2026-06-01", reason="A new deal")
        assert condition(card(before, "2029-06-01"), "communities-decide").status == "not in force"
        assert not due(before, "2029-06-01", "")

    @pytest.mark.parametrize("status, act, lets", [
        ("suspended", "round.opened", True), ("suspended", "power.exercised", False), ("suspended", "fund.paid", True),
        ("ended", "deal.ended", False), ("ended", "deal.signed", False), ("ended", "matter.lapse", True),
        ("in-force", "power.exercised", True), ("proposed", "fund.paid", False), ("proposed", "deal.signed", True),
    ])  # fmt: skip
    def test_what_the_rules_refuse_is_not_due(self, status: Any, act: str, lets: bool) -> None:
        play = Rehearsal().signed()
        play.state.status = status
        assert allowed(play.state, act) is lets


class TestMoneyAndPowers:
    def test_every_sum_of_a_fund_is_exact(self) -> None:
        play = missed()
        play.money("fund.spent", "authority", "2026-12-02", FUND, 123_456_789, commitment="works", purpose="Stage one")
        found = fund(card(play, "2026-12-02"))
        assert (found.agreed, found.allotted, found.paid) == (4_321_561_500, 3_000_000_000, 1_500_000_000)
        assert (found.committed, found.spent, found.held) == (376_543_211, 123_456_789, 1_000_000_000)
        assert found.committed + found.spent + found.held == found.paid + found.brought_in
        assert (found.recalled, found.late, found.payer) == (0, 0, MHCLG)

    def test_a_recall_of_what_was_not_paid_leaves_what_was(self) -> None:
        found = card(recalled(), "2028-03-03")
        money = fund(found)
        assert (money.allotted, money.paid, money.recalled) == (3_000_000_000, 1_500_000_000, 1_500_000_000)
        flexibility = power(found, "settlement-flexibility")
        assert (flexibility.status, flexibility.matter, flexibility.recall) == ("recalled", "m1", "by letter")
        assert flexibility.since == day("2028-03-03")
        assert power(found, "adult-skills").recall == "only by order"
        assert power(found, "adult-skills").status == "offered"

    def test_a_recall_that_lapsed_holds_nothing_back_and_must_be_recorded(self) -> None:
        play = recalled()
        lapses = day("2028-03-03") + dt.timedelta(366)
        found = card(play, lapses.isoformat())
        assert power(found, "settlement-flexibility").status == "held"
        (matter,) = found.matters
        assert (matter.lapses, matter.stands) == (lapses, "recalled, and lapsed")
        (line,) = (one for one in found.due if "lapse" in one.what)
        assert line.overdue and line.last == lapses
        (before,) = (one for one in card(play, "2028-03-04").due if "lapse" in one.what)
        assert (before.overdue, before.first, before.who) == (False, lapses, ())

    def test_late_only_after_the_day_that_the_payer_set_itself(self) -> None:
        play = Rehearsal().signed()
        play.money("fund.allotted", "mhclg", "2026-04-01", FUND, 1_000, pay_by="2026-06-30")
        play.money("fund.allotted", "mhclg", "2026-04-02", FUND, 2_000, pay_by="2026-09-30")
        play.money("fund.paid", "mhclg", "2026-06-01", FUND, 400)
        assert [(one.pence, one.last, one.overdue) for one in due(play, "2026-06-30", "fund:")] == [
            (600, day("2026-06-30"), False), (2_000, day("2026-09-30"), False)]  # fmt: skip
        assert fund(card(play, "2026-06-30")).late == 0
        assert fund(card(play, "2026-07-01")).late == 600
        assert fund(card(play, "2026-10-01")).late == 2_600
        play.money("fund.paid", "mhclg", "2026-10-02", FUND, 2_600)
        assert fund(card(play, "2026-10-02")).late == 0 and not due(play, "2026-10-02", "fund:")

    def test_what_came_from_another_year_is_told_from_what_was_paid(self) -> None:
        play = missed()
        play.money("fund.carry-over-allowed", "mhclg", "2027-04-02", FUND, 1_000_000)
        play.money("fund.carried-over", "authority", "2027-04-02", FUND, 1_000_000)
        before, after = fund(card(play, "2027-04-02")), fund(card(play, "2027-04-02"), year=2027)
        assert (before.held, before.paid, before.brought_in) == (999_000_000, 1_500_000_000, -1_000_000)
        assert (after.held, after.paid, after.brought_in, after.allotted) == (1_000_000, 0, 1_000_000, 0)
        for one in (before, after):
            assert one.held + one.committed + one.spent == one.paid + one.brought_in
        flat = told(card(play, "2027-04-02"))
        assert "£10,000 went to other years or funds." in flat and "£10,000 came from other years or funds." in flat

    def test_what_is_to_be_paid_first_is_paid_first_whenever_it_was_allotted(self) -> None:
        play = Rehearsal().signed()
        play.money("fund.allotted", "mhclg", "2026-04-01", FUND, 10_000, pay_by="2026-12-01")
        play.money("fund.allotted", "mhclg", "2026-04-02", FUND, 1_000, pay_by="2026-05-01")
        play.money("fund.paid", "mhclg", "2026-04-30", FUND, 1_000)
        (rest,) = due(play, "2026-05-03", "fund:")
        assert (rest.pence, rest.last, rest.overdue) == (10_000, day("2026-12-01"), False)
        assert fund(card(play, "2026-05-03")).late == 0
        assert fund(card(play, "2026-12-02")).late == 10_000

    def test_no_pot_pays_for_another(self) -> None:
        play = Rehearsal().signed()
        for use, pence in (("revenue", 1_000), ("capital", 2_000)):
            play.money("fund.allotted", "mhclg", "2026-04-01", FUND, pence, use=use, pay_by="2026-05-01")
        play.money("fund.allotted", "dfe", "2026-04-01", "adult-skills-fund", 4_000, pay_by="2026-06-01")
        play.money("fund.paid", "mhclg", "2026-04-30", FUND, 2_000, use="capital")
        found = card(play, "2026-06-02")
        assert (fund(found).late, fund(found, "adult-skills-fund").late) == (1_000, 4_000)

    def test_what_is_recalled_or_given_back_is_not_late(self) -> None:
        play = missed()
        play.money("fund.allotted", "mhclg", "2027-04-10", FUND, 200, pay_by="2027-05-01", year="2027-28")
        taken = recalled().entries[len(missed().entries) :]
        for entry in taken:
            play(entry["kind"], entry["by"]["role"], entry["at"][:10],
                 **{key: value for key, value in entry["body"].items() if key != "legs"})  # fmt: skip
        assert (fund(card(play, "2028-03-03")).late, fund(card(play, "2028-03-03"), year=2027).late) == (0, 200)
        play("matter.restore", "panel", "2028-03-04", matter="m1", reason="Put right")
        found = fund(card(play, "2028-03-04"))
        assert (found.late, found.recalled, found.undated) == (0, 0, 1_500_000_000)

    def test_without_a_day_nothing_is_called_punctual(self) -> None:
        play = Rehearsal().signed()
        assert "nothing allotted;" in told(card(play, "2026-04-01"))
        play.money("fund.allotted", "mhclg", "2026-04-01", FUND, 1_000)
        play.money("fund.allotted", "mhclg", "2026-04-01", FUND, 2_000, pay_by="2026-06-01")
        found = card(play, "2026-05-01")
        assert (fund(found).undated, fund(found).late) == (1_000, 0)
        assert "no day was set for £10 still to be paid;" in told(found) and "no payment late" not in told(found)
        play.money("fund.paid", "mhclg", "2026-05-02", FUND, 3_000)
        assert "no payment late;" in told(card(play, "2026-05-02"))

    def test_money_agreed_for_a_year_that_has_begun_and_not_allotted_is_in_the_short_sentence(self) -> None:
        play = missed()
        agreed = sum(int(row.total * 100) for one in play.state.deal.funds for row in one.profile if row.year == 2026)
        found = card(play, "2027-03-31")
        assert (found.not_allotted_pence, found.not_allotted_years) == (agreed - 3_000_000_000, (2026,))
        assert "£720.0m agreed for 2026-27 and not allotted" in told(found)
        assert card(play, "2027-04-01").not_allotted_years == (2026, 2027)
        assert card(Rehearsal().signed(), "2026-03-31").not_allotted_pence == 0

    def test_a_sum_that_the_deal_does_not_name_is_explained_once(self) -> None:
        play = missed()
        assert "names no sum" not in told(card(play, "2027-03-31"))
        play.money("fund.allotted", "mhclg", "2027-04-02", FUND, 100_000_000, year="2027-28")
        flat = told(card(play, "2027-04-02"))
        assert flat.count('"-" under agreed: the deal names no sum.') == 1 and "2027-28 - 1.0 -" in flat

    def test_earlier_years_are_summed_up_unless_something_is_to_be_said(self) -> None:
        play = missed()
        for side in ("mhclg", "authority"):
            play.money("fund.increase-agreed", side, "2027-04-01", FUND, 40_000_000_000, reason="For the floods")
        for year, pence in (("2026-27", 400_000_000), ("2027-28", 500_000_000)):
            for name, payer in ((FUND, "mhclg"), ("adult-skills-fund", "dfe")):
                play.money("fund.allotted", payer, "2027-04-02", name, pence, year=year)
        flat = told(card(play, "2027-04-02"))
        assert "2 of these funds together 2026-27 145.2 38.0 15.0 5.0 - 10.0 -" in flat
        assert flat.count("Local growth, formerly the… 2027-28 - 5.0") == 1 and "formerly the… 2026-27" not in flat
        play.money("fund.allotted", "mhclg", "2027-04-03", FUND, 30_000_000_000, pay_by="2027-05-01")
        flat = told(card(play, "2027-05-02"))
        assert "1 of these funds 2026-27 102.0 4.0" in flat and "£285.0m LATE" in flat
        assert "Local growth, formerly the… 2026-27 43.2 334.0" in flat

    def test_money_of_another_year_stays_in_view_until_it_is_used(self) -> None:
        found = card(missed(), "2027-06-01")
        assert [one.year for one in found.funds if one.id == FUND] == [2026, 2027]
        assert fund(found, year=2027).allotted == 0 and not fund(found, year=2027).moved


class TestConditions:
    def test_the_two_grounds_come_first(self) -> None:
        kinds = [one.kind for one in card(missed(), "2027-06-01").conditions]
        assert kinds == ["collaboration", "collaboration", "community", "community", "governance", "performance"]

    def test_before_a_period_ends_it_runs_and_after_it_is_judged(self) -> None:
        play = missed()
        running = condition(card(play, "2027-03-31"), "communities-decide")
        assert (running.status, running.runs, running.running) == ("not yet due", True, None)
        judged = condition(card(play, "2027-04-01"), "communities-decide")
        assert (judged.status, judged.runs, judged.untouched) == ("missed", False, True)
        assert (judged.counts, judged.found.count.done if judged.found.count else None) == ("pence", 6_300_000)
        assert judged.so_far == "0.21% (£63,000 of £30.0m)" and judged.asks == "at least 1%"
        assert judged.running is not None and judged.running.period_end == day("2028-03-31")

    def test_a_matter_about_it_is_named(self) -> None:
        found = condition(card(recalled(), "2028-03-03"), "communities-decide")
        assert (found.matter, found.untouched) == ("m1", False)

    def test_a_figure_that_somebody_reports(self) -> None:
        play = missed()
        before = condition(card(play, "2027-04-01"), "buses-carry-more")
        assert (before.status, before.so_far, before.asks) == (
            "report awaited", "not reported", "at least 162,000,000 journeys")  # fmt: skip
        (line,) = due(play, "2027-12-27", "indicator:bus-journeys")
        assert line.overdue and line.last == day("2027-12-26")
        assert condition(card(play, "2027-12-27"), "buses-carry-more").status == "overdue"
        play("indicator.reported", "authority", "2027-12-28", indicator="bus-journeys", period_end="2027-03-31",
             value="158500000")  # fmt: skip
        late = condition(card(play, "2027-12-28"), "buses-carry-more")
        assert (late.status, late.so_far) == ("near miss", "158,500,000 journeys, reported late")
        assert not due(play, "2027-12-28", "indicator:bus-journeys")

    def test_a_miss_on_which_nobody_acted_stays_in_view(self) -> None:
        play = missed()
        play("indicator.reported", "authority", "2027-12-01", indicator="bus-journeys", period_end="2027-03-31",
             value="140000000")  # fmt: skip
        found = condition(card(play, "2028-03-31"), "buses-carry-more")
        assert (found.status, found.untouched, found.before) == ("missed", True, None)
        whole = card(play, "2028-04-01")
        found = condition(whole, "buses-carry-more")
        assert (found.status, found.untouched, found.untouched_before) == (
            "report awaited",
            False,
            (day("2027-03-31"),),
        )
        assert found.before and (found.before.status, found.before_so_far) == ("missed", "140,000,000 journeys")
        flat = told(whole)
        assert "MISSED 2026-27 Buses carry more people" in flat and "Buses carry more people (2026-27)" in flat
        assert "2026-27 was MISSED, 140,000,000 journeys, and nobody opened a matter." in flat
        play("indicator.reported", "authority", "2028-04-02", indicator="bus-journeys", period_end="2028-03-31",
             value="170000000")  # fmt: skip
        found = condition(card(play, "2028-04-02"), "buses-carry-more")
        assert (found.status, found.untouched_before) == ("met", (day("2027-03-31"),))
        play("matter.report", "board", "2028-04-03", matter="m2", condition="buses-carry-more", period_end="2027-03-31")
        found = condition(card(play, "2028-04-03"), "buses-carry-more")
        assert (found.untouched_before, found.before, found.matter) == ((), None, "m2")

    def test_before_a_report_comes_the_last_judgement_is_shown(self) -> None:
        play = missed()
        play("indicator.reported", "authority", "2027-12-01", indicator="bus-journeys", period_end="2027-03-31",
             value="163000000")  # fmt: skip
        found = card(play, "2028-04-01")
        assert condition(found, "buses-carry-more").untouched_before == ()
        assert "; 2026-27 was met, 163,000,000 journeys." in told(found)

    def test_who_confirmed_a_figure(self) -> None:
        play = missed()
        assert "reported by Greater Manchester Combined Authority, checked by" in told(card(play, "2027-06-01"))
        play("indicator.reported", "authority", "2027-06-01", indicator="bus-journeys", period_end="2027-03-31",
             value="163000000")  # fmt: skip
        found = card(play, "2027-06-01")
        assert condition(found, "buses-carry-more").confirmed_by == ""
        assert "Combined Authority, not yet confirmed by Settlement programme board." in told(found)
        play("indicator.confirmed", "board", "2027-06-02", indicator="bus-journeys", period_end="2027-03-31")
        found = card(play, "2027-06-02")
        assert condition(found, "buses-carry-more").confirmed_by == "Settlement programme board"
        assert "Combined Authority, confirmed by Settlement programme board." in told(found)

    def test_an_excuse_is_said(self) -> None:
        play = missed()
        play("indicator.reported", "authority", "2027-06-01", indicator="bus-journeys", period_end="2027-03-31",
             value="100000000")  # fmt: skip
        play("excuse.accepted", "board", "2027-06-02", condition="buses-carry-more", period_end="2027-03-31",
             ground="pandemic")  # fmt: skip
        found = condition(card(play, "2027-06-02"), "buses-carry-more")
        assert (found.status, found.untouched) == ("missed, excused", False)

    def test_a_breach_by_the_government_suspends_the_duty(self) -> None:
        play = missed()
        play("matter.breach", "authority", "2027-04-02", matter="b1", duty="Pay by 30 June", reason="Nothing came",
             conditions=["communities-decide"])  # fmt: skip
        play("matter.suspend-duty", "authority", "2027-06-30", matter="b1", reason="Still nothing")
        assert condition(card(play, "2027-06-30"), "communities-decide").waived_by == "b1"
        flat = told(card(play, "2027-06-30"))
        assert "1 suspended by a breach;" in flat.partition("WHO DECIDES")[0]
        assert "Communities decide" not in flat.partition("WHO DECIDES")[0]


class TestMatters:
    def test_who_loses_what_and_until_when(self) -> None:
        (matter,) = card(recalled(), "2028-03-03").matters
        assert matter.taken == (
            'the power "Moving up to a tenth of each theme of the settlement to another theme"',
            '£15.0m of "Local growth, formerly the UK Shared Prosperity Fund"',
        )
        assert (matter.residents, matter.services) == (LOSES["residents"], LOSES["services"])
        assert matter.open and matter.stands == "recalled" and not matter.restoration_due

    @pytest.mark.parametrize("shares, is_due", [((1, 1), True), ((1, 0), False), ((0, 1), False)])
    def test_restoration_is_due_when_the_deals_rule_has_come_true(self, shares: tuple[int, int], is_due: bool) -> None:
        """The deal says: two periods in a row met. The recall is for 2026-27; 2027-28 and 2028-29 follow."""
        play = recalled()
        for year, share in zip((2027, 2028), shares, strict=True):
            starts = f"{year + 1}-03-04" if year == 2027 else f"{year}-06-04"
            play.money("fund.allotted", "mhclg", starts, FUND, 100_000_000, year=f"{year}-{year - 1999}")
            if share:
                play("round.opened", "authority", starts, round=f"r{year}", community="neighbourhood-budgets",
                     pence=2_000_000, due=f"{year + 1}-03-30")  # fmt: skip
                play("round.decided", "residents", starts, round=f"r{year}", pence=2_000_000, result="Equal shares")
                play("round.adopted", "authority", starts, round=f"r{year}", pence=2_000_000)
        before, after = card(play, "2028-12-01"), card(play, "2029-04-01")
        assert not before.matters[0].restoration_due
        assert (
            not play.state.matters["m1"].holds_back(day("2029-04-01")) and not after.matters[0].restoration_due
        )  # a year after the recall it lapsed by itself
        assert _without_lapse(play, "2029-04-01") is is_due

    def test_a_rule_that_cannot_come_true_before_the_control_lapses_says_so(self) -> None:
        play = (
            recalled()
        )  # of 2026-27, on 3 March 2028: two years are over on 31 March 2029, the control a month before
        assert play.state.matters["m1"].ladder.process.control_max_days == 365
        found = card(play, "2028-03-04")
        assert found.matters[0].lapses_first and "; the control lapses first." in told(found)
        one = play.state.matters["m1"]
        process = dataclasses.replace(one.ladder.process, restore="one period in a row met")
        one.ladder = dataclasses.replace(one.ladder, process=process)
        assert not card(play, "2028-03-31").matters[0].lapses_first
        assert card(play, "2028-04-01").matters[0].lapses_first is False  # 2027-28 can still be met or not judged

    def test_why_is_said(self) -> None:
        play = missed()
        play("matter.report", "panel", "2027-06-01", matter="m1", condition="communities-decide",
             period_end="2027-03-31")  # fmt: skip
        assert card(play, "2027-06-01").matters[0].reasons == ()
        play("matter.notice", "mhclg", "2027-06-10", matter="m1", reason="A fifth of a per cent")
        assert card(play, "2027-06-10").matters[0].reasons == (
            "Reason of the notice, 10 June 2027: A fifth of a per cent",
        )
        play("matter.breach", "authority", "2027-06-11", matter="b1", duty="Pay by 30 June", reason="Nothing came")
        play("matter.dispute", "mhclg", "2027-06-12", matter="b1", reason="It came")
        assert card(play, "2027-06-12").matters[1].reasons == (
            "Reason of the report, 11 June 2027: Nothing came",
            "Reason of the dispute, 12 June 2027: It came",
        )
        (reason,) = card(recalled(), "2028-03-03").matters[0].reasons
        assert reason == "Reason of the recall, 3 March 2028: Not put right"

    def test_each_step_of_the_ladder_is_due_from_whom_it_is_due(self) -> None:
        play = missed()
        play("matter.report", "panel", "2027-06-01", matter="m1", condition="communities-decide",
             period_end="2027-03-31")  # fmt: skip
        (notice,) = due(play, "2027-06-01", "matter:m1")
        assert (notice.what, notice.first, notice.last) == ("give notice (matter m1)", day("2027-06-01"), None)
        play("matter.notice", "mhclg", "2027-06-10", matter="m1", reason="A fifth of a per cent")
        response, silence = due(play, "2027-06-10", "matter:m1")
        assert response.last == day("2027-08-05") and response.who[0] == "Greater Manchester Combined Authority"
        assert silence.first == day("2027-08-06")
        passed = due(play, "2027-08-06", "matter:m1")[0]
        assert passed.overdue and passed.what == "respond to the notice (matter m1)"

    def test_an_appeal_that_nobody_made_is_not_overdue(self) -> None:
        play = recalled()
        lines = due(play, "2028-12-01", "matter:m1")
        assert not any("appeal" in one.what for one in lines) and not any(one.overdue for one in lines)

    def test_what_is_overdue_comes_before_what_may_be_done_since_long(self) -> None:
        play = missed()
        play("matter.report", "panel", "2027-06-01", matter="m1", condition="communities-decide",
             period_end="2027-03-31")  # fmt: skip
        report, notice = due_lines(play.state, day("2028-01-01"))
        assert (report.about, report.last, report.overdue) == ("indicator:bus-journeys", day("2027-12-26"), True)
        assert (notice.about, notice.first, notice.overdue) == ("matter:m1", day("2027-06-01"), False)

    def test_an_emergency_names_what_it_holds_back(self) -> None:
        play = missed()
        play("matter.suspend", "mhclg", "2027-05-01", matter="e1", scope=[FUND], reason="Fraud is alleged")
        (matter,) = card(play, "2027-05-02").matters
        assert matter.taken == ('"Local growth, formerly the UK Shared Prosperity Fund"',)
        assert matter.lapses == day("2027-05-30") and not matter.lapsed
        assert (matter.ground, matter.title) == ("emergency", "Fraud is alleged")
        assert fund(card(play, "2027-05-29")).suspended_by == "e1"
        assert fund(card(play, "2027-05-30")).suspended_by == ""
        assert card(play, "2027-05-30").matters[0].lapsed
        assert "e1: Emergency: Fraud is alleged. Stands at: held back in an emergency, and lapsed" in told(
            card(play, "2027-05-30")
        )
        (lapsed,) = due(play, "2027-05-30", "matter:e1")  # nobody owes a hearing any more
        assert lapsed.overdue and lapsed.what.startswith("record that the control lapsed")
        (hearing,) = (one for one in due(play, "2027-05-02", "matter:e1") if "hearing" in one.what)
        assert hearing.last == day("2027-05-29")
        play("matter.lapse", "authority", "2027-05-31", matter="e1")
        assert "No longer open: e1 (lapsed)." in told(card(play, "2027-05-31"))

    def test_a_recall_that_lapsed_is_not_told_as_a_restoration(self) -> None:
        play = recalled()
        play("matter.lapse", "authority", "2029-03-05", matter="m1")
        assert "No longer open: m1 (lapsed, and given back)." in told(card(play, "2029-03-05"))


class TestDue:
    def test_what_partners_and_communities_wait_for(self) -> None:
        play = Rehearsal().signed()
        play("decision.asked", "nhs", "2026-06-01", decision="d1", title="Join up discharge",
             partners=["authority", "councils"], due="2026-08-01")  # fmt: skip
        play("contribution.promised", "nhs", "2026-06-01", contribution="c1", pool="integrated-settlement",
             pence=200_000, due="2026-10-01")  # fmt: skip
        play("dispute.raised", "nhs", "2026-06-01", dispute="x1", about="Who pays for beds", due="2026-07-01")
        play("round.opened", "authority", "2026-06-01", round="r1", community="neighbourhood-budgets", pence=500,
             due="2026-12-01")  # fmt: skip
        play("answer.asked", "residents", "2026-06-01", answer="a1", question="Cap fares?", due="2026-09-01")
        play("transfer.promised", "authority", "2026-06-01", transfer="t1", asset="The old baths", to="Bath Trust",
             due="2026-11-01")  # fmt: skip
        lines = due_lines(play.state, day("2026-08-02"))
        assert [(one.about, one.overdue) for one in lines] == [
            ("dispute:x1", True), ("decision:d1", True), ("answer:a1", False), ("contribution:c1", False),
            ("transfer:t1", False), ("round:r1", False)]  # fmt: skip
        decision = lines[1]
        assert decision.who == ("Greater Manchester Combined Authority", "The ten constituent councils")
        play("decision.disputed", "councils", "2026-08-02", decision="d1", reason="No money")
        play("decision.confirmed", "authority", "2026-08-02", decision="d1")
        play("contribution.confirmed", "authority", "2026-08-02", contribution="c1", pence=150_000,
             paid_on="2026-08-01")  # fmt: skip
        play("dispute.settled", "nhs", "2026-08-02", dispute="x1", how="Halves")
        play("round.decided", "residents", "2026-08-02", round="r1", pence=400, result="Two projects")
        play("answer.given", "authority", "2026-08-02", answer="a1", said="Yes", adopted=True)
        play("transfer.completed", "residents", "2026-08-02", transfer="t1")
        lines = due_lines(play.state, day("2026-08-02"))
        assert [one.about for one in lines] == ["contribution:c1", "round:r1"]
        assert [one.pence for one in lines] == [50_000, 400] and lines[1].what.startswith("adopt what residents")
        play("round.adopted", "authority", "2026-08-03", round="r1", pence=400)
        assert [one.about for one in due_lines(play.state, day("2026-08-03"))] == ["contribution:c1"]

    def test_what_was_long_forgotten_hides_no_step_and_no_payment(self) -> None:
        play = Rehearsal().signed()
        for number in range(4):
            play("decision.asked", "nhs", "2026-04-02", decision=f"d{number}", title=f"Old {number}",
                 partners=["authority"], due="2026-06-01")  # fmt: skip
            play("dispute.raised", "nhs", "2026-04-02", dispute=f"x{number}", about=f"Beds {number}", due="2026-06-01")
            play("answer.asked", "residents", "2026-04-02", answer=f"a{number}", question="Why?", due="2026-06-01")
            play("transfer.promised", "authority", "2026-04-02", transfer=f"t{number}", asset="Baths", to="Trust",
                 due="2026-06-01")  # fmt: skip
        play.money("fund.allotted", "mhclg", "2026-04-02", FUND, 1_000, pay_by="2026-08-01")
        play.money("fund.allotted", "mhclg", "2026-04-02", FUND, 2_000, pay_by="2027-08-01")
        play("matter.suspend", "mhclg", "2026-08-10", matter="e1", scope=[FUND], reason="Fraud is alleged")
        found = card(play, "2026-08-11")
        assert (found.due[0].about, found.due[0].overdue) == (f"fund:{FUND}", True)
        flat = told(found).partition("WHAT IS DUE")[2]
        assert "Hold the emergency hearing (matter e1)" in flat and "by 1 Aug 2027 Pay £20" in flat
        assert flat.count("OVERDUE") == 9 and "and 8 more: ask for --csv or --json." in flat


def _without_lapse(play: Rehearsal, on: str) -> bool:
    """Whether restoration would be due under a ladder whose control does not lapse after a year."""
    one = play.state.matters["m1"]
    rows = tuple(row for row in one.ladder.transitions if row.action != "lapse")
    play.state.matters["m1"] = dataclasses.replace(one, ladder=dataclasses.replace(one.ladder, transitions=rows))
    return card(play, on).matters[0].restoration_due
