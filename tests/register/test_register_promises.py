"""Promises of either side: what is read from the record, what is recorded, and what came of it on a day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rehearsal import Rehearsal, missed

from soke.register.due import due_lines
from soke.register.history import told
from soke.register.meaning import state_of, tags_of
from soke.register.promise import Promise, came_to
from soke.register.promises import PromiseLine, promise_lines, promises_in_short
from soke.register.promises.money import came_of_promises
from soke.register.scorecard import scorecard
from soke.report.scorecard import card_lines
from soke.report.tables.scorecard import promises

GM, FUND = "greater-manchester", "growth-and-place"
TICKETS = {"promise": "tickets", "title": "Publish the data on tickets", "due": "2026-09-30"}
SHOWN = "It is on the open data page"


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def lines(play: Rehearsal, on: str, about: str = "") -> list[PromiseLine]:
    return [line for line in promise_lines(play.state, day(on)) if line.about.startswith(about)]


def one(play: Rehearsal, on: str, about: str = "promise:tickets") -> PromiseLine:
    (line,) = lines(play, on, about)
    return line


def promised(**more: Any) -> Rehearsal:
    play = Rehearsal().signed()
    play("promise.made", "dft", "2026-05-01", **(TICKETS | more))
    return play


def delivered(on: str = "2026-09-15", told_on: str = "2026-09-16", **more: Any) -> Rehearsal:
    play = promised(**more)
    play("promise.delivered", "dft", told_on, promise="tickets", on=on, evidence=SHOWN)
    return play


class TestReadFromTheRecord:
    def test_nothing_is_promised_before_the_deal_is_in_force(self) -> None:
        play = Rehearsal()
        play("register.opened", "registrar", "2026-03-01", name="soke.example/test", registrars=["Ann Keeper"])
        assert promise_lines(play.state, day("2026-03-01")) == ()

    def test_powers_handed_over_in_time_stand_together_and_those_on_offer_have_no_day(self) -> None:
        play = Rehearsal().signed()
        handed, offered = (line for line in lines(play, "2026-04-02", "power") if line.about == "power")
        assert (handed.what, handed.status, handed.detail) == (
            "One power handed over", "kept", "All on 1 April 2026.",
        )  # fmt: skip
        assert (offered.status, offered.many) == ("no-day", 10)
        assert offered.detail.endswith("The deal names no day. Ask for one.")

    def test_a_power_whose_day_is_past_is_late_until_it_is_handed_over_late(self) -> None:
        play = Rehearsal().signed()
        about = "power:adult-skills"
        assert one(play, "2026-04-01", about).status == "awaited"
        assert one(play, "2026-04-02", about).status == "late"
        play("power.conferred", "dfe", "2026-04-11", powers=["adult-skills"])
        line = one(play, "2026-05-01", about)
        assert (line.status, line.on, line.due) == ("kept-late", day("2026-04-11"), day("2026-04-01"))
        assert line.detail == "On 11 April 2026, 10 days after 1 April 2026."

    def test_money_is_without_a_day_until_one_is_named_then_late_then_kept_late(self) -> None:
        play = Rehearsal().signed()
        play.money("fund.allotted", "mhclg", "2026-04-01", FUND, 3_000_000_000)
        undated = next(line for line in lines(play, "2026-06-01", "fund") if line.status == "no-day")
        assert undated.detail.startswith("£0 of £") and undated.detail.endswith("the deal names no day. Ask for one.")
        due = day("2026-07-01")
        play.money("fund.allotted", "mhclg", "2026-06-01", FUND, 600_000_000, pay_by=due.isoformat())
        assert lines(play, "2026-07-01", f"fund:{FUND}") == []
        late = one(play, "2026-07-02", f"fund:{FUND}")
        assert (late.status, late.due) == ("late", due) and "£6.0m is late" in late.detail
        play.money("fund.paid", "mhclg", "2026-07-09", FUND, 3_600_000_000)
        assert lines(play, "2026-07-10", f"fund:{FUND}") == []  # no more late; for what was not allotted, no day
        assert "£36.0m of £" in next(line.detail for line in lines(play, "2026-07-10", "fund"))

    def test_a_condition_counts_by_its_last_period_that_was_judged(self) -> None:
        line = one(missed(), "2027-06-01", "condition:communities-decide")
        assert (line.side, line.status) == ("place", "missed")
        assert line.detail.startswith("0.21% (£63,000 of £30.0m). Asked: at least 1%.")
        assert line.evidence == "Counted from this register, checked by Independent deal panel."
        assert one(missed(), "2026-06-01", "condition:communities-decide").status == "awaited"

    def test_what_a_condition_counts_is_not_told_twice_and_what_an_answer_promised_is(self) -> None:
        play = Rehearsal().signed()
        play("answer.asked", "residents", "2026-05-01", answer="a1", question="A bus at night", due="2026-08-01")
        play("answer.given", "authority", "2026-06-01", answer="a1", said="Yes", adopted=True, by="2026-12-01")
        line = one(play, "2026-12-02", "answer")
        assert (line.what, line.status, line.about) == ("Do as was answered: A bus at night", "late", "answer:a1")
        play("answer.done", "residents", "2026-12-20", answer="a1")
        assert one(play, "2026-12-21", "answer").status == "kept-late"

    def test_a_breach_is_broken_once_found_and_kept_late_once_made_good(self) -> None:
        play = Rehearsal().signed()
        play("matter.breach", "authority", "2026-06-01", matter="b1", duty="Pay by the quarter", reason="Nothing came")
        assert one(play, "2026-06-02", "matter:b1").status == "awaited"
        play("matter.dispute", "mhclg", "2026-06-10", matter="b1", reason="The deal names no day")
        assert "disputes it" in one(play, "2026-06-11", "matter:b1").detail
        play("matter.find", "panel", "2026-07-01", matter="b1", reason="The letter of 2 April names one")
        found = one(play, "2026-07-02", "matter:b1")
        assert (found.side, found.what, found.status) == ("government", "Pay by the quarter", "broken")
        assert found.evidence == "Independent deal panel, 1 July 2026: The letter of 2 April names one."
        play("matter.make-good", "mhclg", "2026-08-01", matter="b1")
        assert one(play, "2026-08-02", "matter:b1").status == "kept-late"

    def test_a_breach_that_was_dismissed_is_no_promise(self) -> None:
        play = Rehearsal().signed()
        play("matter.breach", "authority", "2026-06-01", matter="b1", duty="Pay by the quarter", reason="Nothing came")
        play("matter.withdraw", "authority", "2026-06-02", matter="b1", reason="It came")
        assert lines(play, "2026-06-03", "matter:b1") == []


class TestMade:
    def test_it_is_awaited_then_late_and_it_is_due_from_who_made_it(self) -> None:
        play = promised()
        assert one(play, "2026-09-30").status == "awaited"
        late = one(play, "2026-10-01")
        assert (late.side, late.status, late.on) == ("government", "late", None)
        assert late.detail == "Was due by 30 September 2026. Promised by Department for Transport."
        (due,) = [line for line in due_lines(play.state, day("2026-10-01")) if line.about == "promise:tickets"]
        assert (due.who, due.overdue, due.act) == (("Department for Transport",), True, "promise.delivered")

    def test_it_is_kept_only_once_the_other_side_or_a_witness_says_so(self) -> None:
        play = delivered()
        said = one(play, "2026-12-01")  # past its day: who is to confirm it is silent
        assert said.status == "awaited" and "nobody has confirmed it" in said.detail
        assert said.evidence == f"Department for Transport says that it is kept, 16 September 2026: {SHOWN}."
        (due,) = [line for line in due_lines(play.state, day("2026-12-01")) if line.about == "promise:tickets"]
        assert due.act == "promise.confirmed" and "Greater Manchester Combined Authority" in due.who
        for nobody in ("dft", "mhclg"):
            assert "is for" in play.refused("promise.confirmed", nobody, "2026-12-01", promise="tickets")
        play("promise.confirmed", "authority", "2026-12-01", promise="tickets")
        kept = one(play, "2026-12-02")
        assert (kept.status, kept.on) == ("kept", day("2026-09-15"))
        assert kept.evidence.startswith("Greater Manchester Combined Authority confirmed it, 1 December 2026")
        assert "already" in play.refused("promise.confirmed", "panel", "2026-12-02", promise="tickets")

    def test_who_confirms_it_may_give_another_day(self) -> None:
        play = delivered()
        play("promise.confirmed", "residents", "2026-12-01", promise="tickets", on="2026-10-02", evidence="Seen then")
        line = one(play, "2026-12-02")
        assert (line.status, line.on) == ("kept-late", day("2026-10-02")) and "Seen then" in line.evidence

    def test_delivered_late_and_unconfirmed_it_is_late(self) -> None:
        assert one(delivered("2026-10-05", "2026-10-05"), "2026-10-06").status == "late"

    def test_nothing_is_confirmed_that_was_not_delivered(self) -> None:
        play = promised()
        assert "has not said" in play.refused("promise.confirmed", "authority", "2026-09-01", promise="tickets")
        said = play.refused("promise.delivered", "dft", "2026-09-01", promise="tickets", on="2026-04-30", evidence="x")
        assert "this was before" in said
        said = play.refused(
            "promise.delivered", "mhclg", "2026-09-01", promise="tickets", on="2026-09-01", evidence="x"
        )
        assert "dft" in said

    def test_it_may_be_promised_to_one_party_that_is_not_of_its_own_side(self) -> None:
        play = Rehearsal().signed()
        to = TICKETS | {"promise": "p2"}
        assert "is on the side" in play.refused("promise.made", "dft", "2026-05-01", **to, to="mhclg")
        assert "is on the side" in play.refused("promise.made", "dft", "2026-05-01", **to, to="dft")
        assert "is no party" in play.refused("promise.made", "dft", "2026-05-01", **to, to="london")
        play("promise.made", "councils", "2026-05-01", **to, to="authority")
        play("promise.delivered", "councils", "2026-06-01", promise="p2", on="2026-06-01", evidence=SHOWN)
        assert "is for" in play.refused("promise.confirmed", "mhclg", "2026-06-02", promise="p2")
        play("promise.confirmed", "authority", "2026-06-02", promise="p2")
        assert one(play, "2026-06-03", "promise:p2").side == "place"

    @pytest.mark.parametrize("who", ["panel", "residents"])
    def test_judges_and_communities_promise_nothing(self, who: str) -> None:
        assert "is for" in Rehearsal().signed().refused("promise.made", who, "2026-05-01", **TICKETS)

    def test_a_day_lies_ahead_and_not_too_far(self) -> None:
        play = Rehearsal().signed()
        assert "here or past" in play.refused("promise.made", "dft", "2026-09-30", **TICKETS)
        assert "too far off" in play.refused("promise.made", "dft", "2026-05-01", **(TICKETS | {"due": "2036-01-01"}))
        play("promise.made", "dft", "2026-05-01", **TICKETS)
        assert "already" in play.refused("promise.made", "mayor", "2026-05-01", **TICKETS)


class TestBroken:
    def test_the_other_side_says_so_once_the_day_is_past(self) -> None:
        play = promised()
        said = play.refused("promise.broken", "authority", "2026-09-30", promise="tickets", evidence="Nothing is there")
        assert "that day is not past" in said
        play("promise.broken", "authority", "2026-10-01", promise="tickets", evidence="Nothing is there")
        line = one(play, "2026-10-02")
        assert line.status == "broken" and line.evidence.endswith(
            "says that it is broken, 1 October 2026: Nothing is there."
        )
        again = play.refused("promise.broken", "mayor", "2026-10-02", promise="tickets", evidence="Still nothing")
        assert "already" in again
        assert [one.about for one in due_lines(play.state, day("2026-10-02")) if "promise" in one.about] == []

    def test_who_made_it_may_say_so_on_any_day(self) -> None:
        play = promised()
        play("promise.broken", "dft", "2026-06-01", promise="tickets", evidence="We will not do it")
        assert one(play, "2026-06-02").status == "broken"

    def test_a_dispute_is_shown_and_a_witness_decides(self) -> None:
        play = delivered()
        play("promise.disputed", "authority", "2026-09-20", promise="tickets", reason="Half of it is missing")
        line = one(play, "2026-10-01")
        assert line.status == "late"
        assert "disputes that, 20 September 2026: Half of it is missing." in line.detail
        assert "Nothing was said" in play.refused(
            "promise.disputed", "dft", "2026-09-21", promise="tickets", reason="No"
        )
        play("promise.broken", "authority", "2026-10-01", promise="tickets", evidence="Half of it is missing")
        play("promise.disputed", "dft", "2026-10-02", promise="tickets", reason="The rest is not ours")
        assert "The rest is not ours" in one(play, "2026-10-03").detail
        play("promise.confirmed", "panel", "2026-10-10", promise="tickets", evidence="What was promised is there")
        assert one(play, "2026-10-11").status == "kept"
        said = play.refused("promise.broken", "authority", "2026-10-12", promise="tickets", evidence="No")
        assert "already" in said
        play("promise.broken", "residents", "2026-11-01", promise="tickets", evidence="It is gone again")
        assert "has found" in play.refused("promise.confirmed", "authority", "2026-11-02", promise="tickets")

    def test_what_was_found_broken_is_not_said_to_have_been_kept_before(self) -> None:
        play = promised()
        play("promise.broken", "panel", "2026-10-05", promise="tickets", evidence="Nothing is there")
        body = {"promise": "tickets", "evidence": SHOWN}
        assert "was found" in play.refused("promise.delivered", "dft", "2026-10-06", **body, on="2026-09-29")
        play("promise.delivered", "dft", "2026-10-06", **body, on="2026-10-06")
        assert one(play, "2026-10-07").status == "late"
        play("promise.confirmed", "authority", "2026-10-07", promise="tickets")
        assert one(play, "2026-10-08").status == "kept-late"


class TestAnotherDay:
    def test_a_later_day_counts_once_those_whom_it_was_promised_agree_to_it(self) -> None:
        play = promised()
        ask = {"promise": "tickets", "due": "2026-12-31", "reason": "The supplier failed"}
        assert "Ask for a later day" in play.refused(
            "promise.day-asked", "dft", "2026-09-01", **(ask | {"due": "2026-09-30"})
        )
        assert "not a day that was asked" in play.refused(
            "promise.day-agreed", "authority", "2026-09-01", promise="tickets", due="2026-12-31"
        )
        play("promise.day-asked", "dft", "2026-09-01", **ask)
        waits = one(play, "2026-10-01")
        assert waits.status == "late" and "A later day is asked for, 31 December 2026, and not agreed." in waits.detail
        assert "promise.day-agreed" in {line.act for line in due_lines(play.state, day("2026-10-01"))}
        for nobody, when in (("dft", "2026-12-31"), ("panel", "2026-12-31"), ("authority", "2027-01-01")):
            play.refused("promise.day-agreed", nobody, "2026-10-01", promise="tickets", due=when)
        play("promise.day-agreed", "authority", "2026-10-01", promise="tickets", due="2026-12-31")
        line = one(play, "2026-10-02")
        assert (line.status, line.due) == ("awaited", day("2026-12-31"))
        assert "First promised for 30 September 2026; the later day was agreed." in line.detail
        assert play.state.promises["tickets"].first_due == day("2026-09-30")


class TestShownByTheRegister:
    def money(self, pence: int = 100_000_000, **more: Any) -> dict[str, Any]:
        return {"promise": "m1", "title": "Pay the first quarter", "due": "2026-07-01", "fund": FUND,
                "year": "2026-27", "pence": pence} | more  # fmt: skip

    def test_money_is_kept_by_payments_since_it_was_promised(self) -> None:
        play = Rehearsal().signed()
        play.money("fund.allotted", "mhclg", "2026-04-01", FUND, 3_000_000_000)
        play.money("fund.paid", "mhclg", "2026-04-02", FUND, 100_000_000)
        play("promise.made", "mhclg", "2026-05-01", **self.money())
        play("promise.made", "mhclg", "2026-05-01", **self.money(promise="m2", due="2026-10-01"))
        play.money("fund.paid", "mhclg", "2026-06-01", FUND, 60_000_000)
        half = one(play, "2026-06-02", "promise:m1")
        assert half.status == "awaited" and half.detail.startswith("£600,000 of £1.0m is paid.")
        assert "shows whether" in play.refused(
            "promise.delivered", "mhclg", "2026-06-02", promise="m1", on="2026-06-02", evidence="x"
        )
        play.money("fund.paid", "mhclg", "2026-07-02", FUND, 60_000_000)
        first, second = (one(play, "2026-07-03", f"promise:{name}") for name in ("m1", "m2"))
        assert (first.status, first.on, first.evidence) == (
            "kept-late", day("2026-07-02"), "The register itself shows it.",
        )  # fmt: skip
        assert second.status == "awaited" and second.detail.startswith("£200,000 of £1.0m is paid.")

    def test_money_names_fund_year_and_pence_and_only_who_pays_promises_it(self) -> None:
        play = Rehearsal().signed()
        for field in ("fund", "year", "pence"):
            body = self.money()
            del body[field]
            assert f"there is no {field}" in play.refused("promise.made", "mhclg", "2026-05-01", **body)
        assert "who pays the fund" in play.refused("promise.made", "dft", "2026-05-01", **self.money())
        assert "no year" in play.refused("promise.made", "mhclg", "2026-05-01", **self.money(year="2040-41"))
        assert "of one thing" in play.refused(
            "promise.made", "mhclg", "2026-05-01", **self.money(power="settlement-flexibility")
        )

    def test_a_power_that_has_no_day_gets_one(self) -> None:
        play = Rehearsal().signed()
        before = next(line.many for line in lines(play, "2026-05-01", "power") if line.status == "no-day")
        body = {"promise": "fire", "title": "The fire service comes over", "due": "2027-04-01", "power": "fire"}
        giver = next(party for party in ("mhclg", "home-office") if play.state.deal.party(party))
        play("promise.made", giver, "2026-05-01", **body)
        after = next(line.many for line in lines(play, "2026-05-01", "power") if line.status == "no-day")
        assert after == before - 1
        play("power.conferred", giver, "2027-03-01", powers=["fire"])
        assert one(play, "2027-03-02", "promise:fire").status == "kept"

    def test_an_answer_of_the_place(self) -> None:
        play = Rehearsal().signed()
        play("answer.asked", "residents", "2026-05-01", answer="a1", question="A bus at night", due="2026-08-01")
        body = {"promise": "sooner", "title": "Answer before the summer", "due": "2026-06-20", "answer": "a1"}
        assert "is for the place" in play.refused("promise.made", "dft", "2026-05-02", **body)
        play("promise.made", "authority", "2026-05-02", **body)
        assert one(play, "2026-06-21", "promise:sooner").status == "late"
        play("answer.given", "authority", "2026-06-25", answer="a1", said="Yes", adopted=False)
        assert one(play, "2026-06-26", "promise:sooner").status == "kept-late"

    def test_of_a_payment_that_was_undone_nothing_is_kept(self) -> None:
        play = Rehearsal().signed()
        play.money("fund.allotted", "mhclg", "2026-04-01", FUND, 3_000_000_000)
        play("promise.made", "mhclg", "2026-05-01", **self.money())
        play.money("fund.paid", "mhclg", "2026-06-01", FUND, 100_000_000)
        assert came_of_promises(play.state)["m1"].on == day("2026-06-01")
        pot = (FUND, 2026, "revenue")
        play.state.ledger.balances[*pot, "held"] -= 50_000_000  # as a correction would post it
        play.state.ledger.balances[*pot, "allotted"] += 50_000_000
        came = came_of_promises(play.state)["m1"]
        assert (came.paid, came.on) == (50_000_000, None)


class TestShown:
    def test_both_sides_are_counted_alike(self) -> None:
        play = delivered()
        play("promise.confirmed", "authority", "2026-09-20", promise="tickets")
        found = lines(play, "2026-09-21")
        said = promises_in_short(found, "government")
        assert said.startswith("Government: 2 of ") and "without a day" in said and said.endswith(".")
        assert promises_in_short([], "place") == ""
        assert sum(line.many for line in found if line.side == "place") == len(play.state.deal.conditions)

    def test_the_card_and_the_table(self) -> None:
        play = promised()
        play("promise.broken", "authority", "2026-10-01", promise="tickets", evidence="Nothing is there")
        card = scorecard(play.state, day("2026-10-02"))
        printed = "\n".join(card_lines(card))
        assert max(map(len, printed.splitlines())) <= 100
        assert "WHAT WAS PROMISED, AND WHAT CAME OF IT" in printed
        assert "BROKEN: Publish the data on tickets." in printed
        table = promises(card)
        assert len(table.rows) == len(card.promises)

    def test_history_and_tags(self) -> None:
        play = promised()
        assert list(told(play.entries))[-1].sentence == (
            "Department for Transport promised by 30 September 2026: Publish the data on tickets."
        )
        entry = play("promise.delivered", "dft", "2026-09-16", promise="tickets", on="2026-09-15", evidence=SHOWN)
        assert 'the promise tickets ("Publish the data on tickets")' in list(told(play.entries))[-1].sentence
        assert tags_of(GM, "promise.delivered", entry["body"]) == {f"deal:{GM}", "promise:tickets"}

    def test_replay_gives_the_same_state(self) -> None:
        play = delivered()
        assert state_of(GM, play.entries).promises == play.state.promises


@given(due=st.dates(dt.date(2026, 1, 1), dt.date(2027, 1, 1)), on=st.none() | st.dates(), day=st.dates())
def test_late_is_worked_out_from_the_day_alone(due: dt.date, on: dt.date | None, day: dt.date) -> None:
    status = came_to(due, on, day)
    assert (status in ("kept", "kept-late")) == (on is not None)
    assert (status == "kept") == (on is not None and on <= due)
    assert (status == "late") == (on is None and due < day)
    made = Promise(id="p", title="P", by="dft", made=dt.date(2026, 1, 1), due=due, first_due=due)
    assert made.status(day) == came_to(due, None, day)
