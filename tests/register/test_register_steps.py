"""Where a matter stands step by step, what it can take back, and what was paid of what was agreed."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest
from rehearsal import Rehearsal, missed, recalled

from soke.register.paid import PaidLine
from soke.register.scorecard import MatterLine, Scorecard, scorecard
from soke.register.steps import StepLine, reach_lines, step_lines

FUND = "growth-and-place"


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def card(play: Rehearsal, on: str) -> Scorecard:
    return scorecard(play.state, day(on))


def matter(play: Rehearsal, on: str) -> MatterLine:
    (found,) = card(play, on).matters
    return found


def stands(found: MatterLine) -> str:
    """``report, notice | response | cure, hearing``: done, now, to come."""
    parts = [[step.action for step in found.steps if step.stands == word] for word in ("done", "now", "to come")]
    return " | ".join(", ".join(part) for part in parts)


def now(found: MatterLine) -> StepLine:
    (step,) = [step for step in found.steps if step.stands == "now"]
    return step


def noticed() -> Rehearsal:
    play = missed()
    play("matter.report", "panel", "2027-06-01", matter="m1", condition="communities-decide", period_end="2027-03-31")
    play("matter.notice", "mhclg", "2027-06-10", matter="m1", reason="Too little")
    return play


class TestAConditionThatWasMissed:
    def test_what_was_done_where_it_is_and_what_is_to_come(self) -> None:
        found = matter(noticed(), "2027-06-11")
        assert stands(found) == "report, notice | response | cure, hearing, decision, appeal, recall"
        assert (now(found).last, now(found).days) == (day("2027-08-05"), 56)
        days = {step.action: step.days for step in found.steps}
        assert (days["cure"], days["appeal"]) == (180, 42)

    def test_the_time_to_put_it_right_is_now_until_its_last_day(self) -> None:
        play = noticed()
        play("matter.response", "authority", "2027-07-01", matter="m1")
        play("matter.cure", "panel", "2027-07-09", matter="m1")
        found = matter(play, "2027-07-10")
        assert stands(found) == "report, notice, response | cure | hearing, decision, appeal, recall"
        assert (now(found).on, now(found).last) == (day("2027-07-09"), day("2028-01-05"))
        assert found.steps[4].first == day("2028-01-06")
        assert stands(matter(play, "2028-01-05")).split(" | ")[1] == "cure"
        over = matter(play, "2028-01-06")
        assert stands(over) == "report, notice, response, cure | hearing | decision, appeal, recall"

    def test_silence_takes_the_place_of_an_answer(self) -> None:
        play = noticed()
        play("matter.no-response", "panel", "2027-08-06", matter="m1")
        assert stands(matter(play, "2027-08-07")).startswith("report, notice, no-response | cure |")

    def test_the_time_to_appeal_and_what_follows_when_nobody_does(self) -> None:
        play = noticed()
        play("matter.response", "authority", "2027-07-01", matter="m1")
        play("matter.cure", "panel", "2027-07-09", matter="m1")
        play("matter.hearing", "panel", "2028-01-10", matter="m1")
        play("matter.decision", "panel", "2028-01-20", matter="m1", reason="Nothing was done")
        assert (now(matter(play, "2028-03-02")).action, now(matter(play, "2028-03-02")).last) == (
            "appeal", day("2028-03-02"))  # fmt: skip
        late = matter(play, "2028-03-03")
        assert (now(late).action, now(late).first) == ("recall", day("2028-03-03"))
        play("matter.appeal", "authority", "2028-02-01", matter="m1", reason="A wrong count")
        assert stands(matter(play, "2028-02-02")).endswith("decision | appeal | recall")

    def test_a_recall_lasts_until_it_is_given_back_and_then_all_is_done(self) -> None:
        play = recalled()
        found = matter(play, "2028-03-04")
        assert stands(found).endswith("decision | recall | restore")
        assert found.reach == ()
        play("matter.restore", "mhclg", "2028-04-01", matter="m1", reason="The rounds were held")
        assert stands(matter(play, "2028-04-02")).endswith("recall, restore |  | ")

    def test_at_most_what_both_the_condition_and_the_fund_let_it_take(self) -> None:
        reach = {one.title: one.share for one in matter(noticed(), "2027-06-11").reach}
        assert reach == {
            "Moving up to a tenth of each theme of the settlement to another theme": None,
            "Local growth, formerly the UK Shared Prosperity Fund": Decimal("0.5"),
        }  # fmt: skip

    def test_a_matter_that_can_take_nothing_reaches_nothing_and_has_no_recall_to_come(self) -> None:
        play = noticed()
        one = play.state.matters["m1"]
        condition = dataclasses.replace(play.state.condition("communities-decide"), recall=None)
        without = dataclasses.replace(one, condition=condition, matter=dataclasses.replace(one.matter, scope=()))
        assert reach_lines(play.state.deal, without) == ()
        steps = step_lines(without, day("2027-06-11"))
        assert [step.action for step in steps if step.stands == "to come"] == ["cure", "hearing", "decision", "appeal"]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ([], "breach | dispute | suspend-duty"),
        ([("matter.dispute", "mhclg", "2026-07-11", {"reason": "It came"})], "breach, dispute | find | suspend-duty"),
        ([("matter.suspend-duty", "authority", "2026-09-10", {"reason": "Nothing came"})],
         "breach | suspend-duty | make-good"),
    ],
)  # fmt: skip
def test_a_breach_by_the_government_has_steps_of_its_own(more: list[tuple[str, str, str, dict[str, str]]],
                                                         expected: str) -> None:  # fmt: skip
    play = missed()
    play("matter.breach", "authority", "2026-12-01", matter="b1", duty="pay", reason="It came not",
         conditions=["communities-decide"])  # fmt: skip
    for kind, role, on, body in more:
        play(kind, role, on.replace("2026-07", "2026-12").replace("2026-09-10", "2027-02-10"), matter="b1", **body)
    assert stands(matter(play, "2027-02-11")) == expected


def test_an_emergency_lasts_until_it_is_heard_or_lapses() -> None:
    play = missed()
    play("matter.suspend", "mhclg", "2026-12-01", matter="e1", scope=[FUND], reason="Fraud")
    found = matter(play, "2026-12-02")
    assert stands(found) == " | suspend | emergency-hearing, keep, lapse"
    assert [step.last for step in found.steps][1] == day("2026-12-29")
    assert found.steps[3].first == day("2026-12-30")


class TestPaidOfWhatWasAgreed:
    def line(self, play: Rehearsal, on: str, fund: str = FUND, year: int = 2026) -> PaidLine:
        return next(one for one in card(play, on).paid if (one.fund, one.year) == (fund, year))

    def test_each_fund_and_year_that_has_begun_the_newest_year_first(self) -> None:
        lines = card(missed(), "2027-06-01").paid
        assert [one.year for one in lines] == sorted((one.year for one in lines), reverse=True)
        assert {one.year for one in lines} == {2026, 2027}
        line = self.line(missed(), "2027-06-01")
        assert (line.agreed, line.allotted, line.paid, line.of) == (4_321_561_500, 3_000_000_000, 1_500_000_000,
                                                                    4_321_561_500)  # fmt: skip

    def test_what_was_spent_to_the_last_penny_is_paid_all_the_same(self) -> None:
        play = Rehearsal().signed()
        play.money("fund.allotted", "mhclg", "2026-04-01", FUND, 100)
        play.money("fund.paid", "mhclg", "2026-04-02", FUND, 100)
        play.money("fund.spent", "authority", "2026-05-02", FUND, 100, purpose="Chalk")
        assert self.line(play, "2027-06-01").paid == 100

    def test_a_recall_takes_first_what_was_not_paid_yet(self) -> None:
        taken = [{"fund": FUND, "year": "2026-27", "use": "revenue", "pence": 1_500_000_000}]
        line = self.line(recalled(takes=taken), "2028-03-04")
        assert (line.allotted, line.paid) == (3_000_000_000, 1_500_000_000)


def test_who_has_still_to_sign_by_name() -> None:
    play = Rehearsal().signed()
    assert card(play, "2026-04-02").to_sign == ()
