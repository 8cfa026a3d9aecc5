"""A slip that was recorded is set right by a further entry: by whom, how long, and what stands afterwards."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rehearsal import KEEPER, Rehearsal, missed, recalled

from soke.errors import SokeError
from soke.register import snapshot
from soke.register.acts.undo import UNDO
from soke.register.history import told
from soke.register.kinds import KINDS, REGISTRAR
from soke.register.meaning import state_of

FUND, GM = "growth-and-place", "greater-manchester"


def last(play: Rehearsal) -> int:
    return len(play.entries) - 1


def signed() -> Rehearsal:
    return with_earlier(Rehearsal().signed())


def with_earlier(play: Rehearsal) -> Rehearsal:
    play.state.earlier = play.entries.__getitem__
    return play


def sentence(play: Rehearsal) -> str:
    return list(told(play.entries))[-1].sentence


class TestMoney:
    def test_a_mistyped_payment_is_taken_back_and_recorded_rightly(self) -> None:
        play = signed()
        play.money("fund.allotted", "mhclg", "2026-04-01", FUND, 3_000_000_000)
        play.money("fund.paid", "mhclg", "2026-04-02", FUND, 1_500_000_000)
        wrong, before = last(play), dict(play.state.ledger.balances)
        entry = play("entry.corrected", "mhclg", "2026-04-09", entry=wrong, reason="A nought too many",
                     right={"pence": 150_000_000})  # fmt: skip
        legs = entry["body"]["legs"]
        assert [(leg["account"], leg["pence"]) for leg in legs] == [
            ("allotted", 1_500_000_000), ("held", -1_500_000_000), ("allotted", -150_000_000), ("held", 150_000_000)
        ]  # fmt: skip
        assert play.state.ledger.balance(FUND, 2026, "revenue", "held") == 150_000_000
        assert sum(play.state.ledger.balances.values()) == sum(before.values())
        assert f"fund:{FUND}" in entry["tags"]
        assert f"corrected entry {wrong} (fund.paid): A nought too many" in sentence(play)
        assert "£1,500,000" in sentence(play) and "15,000,000" not in sentence(play)
        assert state_of(GM, play.entries) == play.state

    def test_what_was_built_upon_is_corrected_from_its_end(self) -> None:
        play = signed()
        play.money("fund.allotted", "mhclg", "2026-04-01", FUND, 300)
        allotted = last(play)
        play.money("fund.paid", "mhclg", "2026-04-02", FUND, 200)
        said = play.refused("entry.corrected", "mhclg", "2026-04-03", entry=allotted, reason="A slip")
        assert f"Entry {allotted} was built upon" in said and "from its end" in said
        play("entry.corrected", "mhclg", "2026-04-03", entry=allotted + 1, reason="A slip")
        play("entry.corrected", "mhclg", "2026-04-03", entry=allotted, reason="A slip")
        assert not any(play.state.ledger.balances.values())
        assert play.state.revenue == []

    def test_a_commitment_that_was_spent_from_stays(self) -> None:
        play = missed()
        with_earlier(play)
        committed = next(entry["seq"] for entry in play.entries if entry["kind"] == "fund.committed")
        play.money("fund.spent", "authority", "2026-12-01", FUND, 100, commitment="works", purpose="Bricks")
        spent = last(play)
        play("correction.agreed", "mhclg", "2026-12-02", entry=committed, reason="We saw it")
        assert "was built upon" in play.refused("entry.corrected", "authority", "2026-12-02", entry=committed,
                                                       reason="A slip")  # fmt: skip
        play("entry.corrected", "authority", "2026-12-02", entry=spent, reason="Not ours")
        assert play.state.commitments["works"].pence == 500_000_000
        play("entry.corrected", "authority", "2026-12-03", entry=committed, reason="A slip")
        assert "works" not in play.state.commitments

    def test_a_payer_takes_nothing_back_by_correction_while_a_matter_is_open(self) -> None:
        play = with_earlier(missed())
        play.money("fund.allotted", "mhclg", "2027-05-30", FUND, 100)
        slip = last(play)
        play("matter.report", "panel", "2027-06-01", matter="m1", condition="communities-decide",
             period_end="2027-03-31")  # fmt: skip
        said = play.refused("entry.corrected", "mhclg", "2027-06-02", entry=slip, reason="A slip")
        assert "a matter is open that reaches this money" in said and "who receives" in said
        play("correction.agreed", "authority", "2027-06-02", entry=slip, reason="We saw it too")
        play("entry.corrected", "mhclg", "2027-06-03", entry=slip, reason="A slip")

    def test_after_a_month_no_side_corrects_alone(self) -> None:
        play = with_earlier(missed())
        paid = next(entry["seq"] for entry in play.entries if entry["kind"] == "fund.paid")
        said = play.refused("entry.corrected", "mhclg", "2026-12-01", entry=paid, reason="We want it back")
        assert "not corrected by one side alone" in said and "who receives" in said

    def test_the_registrar_corrects_as_both_sides_agreed(self) -> None:
        play = signed()
        play.money("fund.allotted", "mhclg", "2026-04-01", FUND, 300)
        slip = last(play)
        for agreed in ("mhclg", "authority"):
            said = play.refused("entry.corrected", REGISTRAR, "2026-04-05", entry=slip, reason="As agreed")
            assert "only as both sides agreed" in said
            play("correction.agreed", agreed, "2026-04-04", entry=slip, reason="It was a slip")
        again = play.refused("correction.agreed", "mhclg", "2026-04-05", entry=slip, reason="It was a slip")
        assert "already" in again
        play("entry.corrected", REGISTRAR, "2026-04-05", entry=slip, reason="As agreed")
        assert play.state.ledger.balance(FUND, 2026, "revenue", "allotted") == 0


class TestRefused:
    @pytest.fixture
    def play(self) -> Rehearsal:
        play = signed()
        play.money("fund.allotted", "mhclg", "2026-04-01", FUND, 300)
        return play

    def test_somebody_elses(self, play: Rehearsal) -> None:
        said = play.refused("entry.corrected", "dfe", "2026-04-02", entry=last(play), reason="Not ours")
        assert "who recorded the entry, or the registrar" in said

    def test_a_correction_and_what_was_corrected(self, play: Rehearsal) -> None:
        slip = last(play)
        play("entry.corrected", "mhclg", "2026-04-02", entry=slip, reason="A slip")
        assert "is itself a correction" in play.refused("entry.corrected", "mhclg", "2026-04-02", entry=slip + 1,
                                                        reason="No slip")  # fmt: skip
        assert "taken back already" in play.refused("entry.corrected", "mhclg", "2026-04-02", entry=slip,
                                                    reason="Again")  # fmt: skip

    def test_what_was_taken_back_may_be_said_rightly_and_again(self, play: Rehearsal) -> None:
        slip = last(play)
        play("entry.corrected", "mhclg", "2026-04-02", entry=slip, reason="A slip")
        for pence in (400, 500):
            play("entry.corrected", "mhclg", "2026-04-03", entry=slip, reason="Not so", right={"pence": pence})
            assert play.state.ledger.balance(FUND, 2026, "revenue", "allotted") == pence
        assert "says already" in play.refused("entry.corrected", "mhclg", "2026-04-03", entry=slip, reason="Not so",
                                              right={"pence": 500})  # fmt: skip

    @pytest.mark.parametrize("right", [
        {}, {"pence": -1}, {"pence": "1"}, {"legs": []}, {"moon": 1}, {"fund": "moon"}, {"year": "2026"}, {"Pence": 1},
        {"pence": 10**14},
    ])  # fmt: skip
    def test_what_no_rule_lets_through(self, play: Rehearsal, right: dict[str, Any]) -> None:
        play.refused("entry.corrected", "mhclg", "2026-04-02", entry=last(play), reason="A slip", right=right)

    @pytest.mark.parametrize("entry", [-1, 10**6, True, "3", 2])
    def test_no_entry_of_this_deal_that_can_be_corrected(self, play: Rehearsal, entry: Any) -> None:
        play.refused("entry.corrected", "mhclg", "2026-04-02", entry=entry, reason="A slip")

    def test_legs_of_its_own(self, play: Rehearsal) -> None:
        legs = [{"fund": FUND, "year": "2026-27", "use": "revenue", "account": account, "pence": pence}
                for account, pence in (("held", 300), ("promised", -300))]  # fmt: skip
        said = play.refused("entry.corrected", "mhclg", "2026-04-02", entry=last(play), reason="More", legs=legs)
        assert "not what the records give" in said

    def test_a_step_of_a_matter_is_no_slip(self) -> None:
        play = with_earlier(recalled())
        step = next(entry["seq"] for entry in play.entries if entry["kind"] == "matter.recall")
        said = play.refused("entry.corrected", "mhclg", "2028-03-04", entry=step, reason="A slip")
        assert "answered by a further entry" in said


def share(play: Rehearsal) -> str:
    """What communities decided of the revenue, as judged on the day after the year."""
    value = play.state.evaluation("communities-decide", dt.date(2027, 3, 31), dt.date(2027, 4, 4)).value
    assert value is not None
    return f"{value:.4f}".rstrip("0")


class TestCounts:
    def test_a_count_that_was_typed_wrongly_costs_a_place_nothing(self) -> None:
        """Decided and adopted in time; a nought was lost. The condition is judged as it should have been."""
        play = with_earlier(missed())
        by_kind = {entry["kind"]: entry["seq"] for entry in play.entries}
        decided, adopted = by_kind["round.decided"], by_kind["round.adopted"]
        assert share(play) == "0.0021"
        for seq, right in ((adopted, None), (decided, {"pence": 630_000_00}), (adopted, {"pence": 630_000_00})):
            for side in ("mhclg", "authority"):
                play("correction.agreed", side, "2027-04-03", entry=seq, reason="The count says 630,000")
            who = "residents" if seq == decided else "authority"
            more = {"right": right} if right else {}
            play("entry.corrected", who, "2027-04-03", entry=seq, reason="A nought was lost", **more)
        after = play.state.partners.rounds["r1"]
        assert (after.pence, str(after.adopted)) == (630_000_00, "2026-11-04")
        assert share(play) == "0.021"

    def test_a_word_of_a_partner(self) -> None:
        play = signed()
        play("decision.asked", "nhs", "2026-05-01", decision="d1", title="One", partners=["councils", "authority"],
             due="2026-08-01")  # fmt: skip
        asked = last(play)
        play("decision.disputed", "councils", "2026-05-02", decision="d1", reason="Wrong button")
        assert "spoke on" in play.refused("entry.corrected", "nhs", "2026-05-03", entry=asked, reason="A slip")
        play("entry.corrected", "councils", "2026-05-03", entry=asked + 1, reason="Wrong button")
        assert play.state.partners.decisions["d1"].words == ()

    def test_a_figure(self) -> None:
        play = missed()
        with_earlier(play)
        body = {"indicator": "bus-journeys", "period_end": "2027-03-31"}
        kind = play.state.deal.conditions
        reporter = next(one.reported_by for one in kind if one.indicator == "bus-journeys")
        play("indicator.reported", reporter, "2027-10-01", value="1700", **body)
        play("entry.corrected", reporter, "2027-10-02", entry=last(play), reason="Two digits changed",
             right={"value": "7100"})  # fmt: skip
        assert [str(report.value) for report in play.state.reports] == ["7100"]


def test_every_kind_that_moves_money_or_is_counted_can_be_undone() -> None:
    moving = {kind for kind, row in KINDS.items() if "legs" in row.worked_out and not kind.startswith("matter.")}
    assert moving - {"entry.corrected", "clock.corrected", "succession.recorded"} <= UNDO.keys()
    assert UNDO.keys() <= KINDS.keys()


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_correction_at_once_leaves_the_state_as_it_was(data: st.DataObject) -> None:
    """Whatever of the made-up year is taken back at once: all is as before it, but that it was."""
    play = missed()
    entries = list(play.entries)
    steps = [n for n, entry in enumerate(entries) if entry["kind"] in UNDO]
    at = data.draw(st.sampled_from(steps))
    before = state_of(GM, entries[:at])
    state = state_of(GM, entries[: at + 1])
    again = Rehearsal()
    again.state, again.entries = state, entries[: at + 1]
    with_earlier(again)
    by = entries[at]["by"]
    day = entries[at]["at"][:10]
    again("entry.corrected", by["role"], f"{day}T23:00:00", entry=at, reason="A slip")
    for state_then in (before, again.state):
        state_then.corrected, state_then.said, state_then.seq, state_then.at = {}, {}, 0, None
        state_then.ledger.balances = {key: pence for key, pence in state_then.ledger.balances.items() if pence}
        state_then.carried_out = {key: pence for key, pence in state_then.carried_out.items() if pence}
    assert again.state == before


@pytest.mark.parametrize("make", [signed, missed, recalled])
def test_what_is_kept_of_a_state_is_the_state(make: Any) -> None:
    play = with_earlier(make())
    content = snapshot.written(play.state)
    assert snapshot.read(content, play.entries.__getitem__, "here") == play.state
    with pytest.raises(SokeError, match="cannot be read"):
        snapshot.read(content[:-3], play.entries.__getitem__, "here")


class TestSaidTwice:
    def test_the_same_payment_within_a_day_is_asked_about(self) -> None:
        play = signed()
        play.money("fund.allotted", "mhclg", "2026-04-01", FUND, 300)
        play.money("fund.paid", "mhclg", "2026-04-01T12:00:00", FUND, 100)
        said = play.refused("fund.paid", "mhclg", "2026-04-02T11:59:59", fund=FUND, year="2026-27", use="revenue",
                            pence=100)  # fmt: skip
        assert "The same was recorded at 12:00 on 2026-04-01" in said and "--again" in said
        play.money("fund.paid", "mhclg", "2026-04-02T11:59:59", FUND, 100, again=True)
        play.money("fund.paid", "mhclg", "2026-04-03T12:00:00", FUND, 100)
        assert play.state.ledger.balance(FUND, 2026, "revenue", "held") == 300

    def test_what_was_refused_was_not_said(self) -> None:
        play = signed()
        play.refused("fund.paid", "mhclg", "2026-04-01", fund=FUND, year="2026-27", use="revenue", pence=100)
        play.money("fund.allotted", "mhclg", "2026-04-01", FUND, 300)
        play.money("fund.paid", "mhclg", "2026-04-01", FUND, 100)

    def test_only_so_much_is_remembered(self) -> None:
        play = signed()
        for number in range(1, 1_200):
            play.money("fund.allotted", "mhclg", "2026-04-01", FUND, number)
        assert len(play.state.said) == 1_000


class TestBeyondTheDeal:
    def test_a_slip_of_four_noughts_is_refused(self) -> None:
        play = signed()
        body = {"fund": FUND, "year": "2026-27", "use": "revenue", "pence": 50_000_000_000_000}
        said = play.refused("fund.allotted", "mhclg", "2026-04-01", **body)
        assert "The deal gives" in said and "£500,000,000,000" in said and "fund.increase-agreed" in said

    def test_more_is_given_where_both_sides_say_why(self) -> None:
        play = signed()
        body = {"fund": FUND, "year": "2026-27", "use": "revenue", "pence": 10_000_000_000}
        play("fund.increase-agreed", "mhclg", "2026-04-01", reason="Floods", **body)
        play.refused("fund.allotted", "mhclg", "2026-04-02", **body)
        play.refused("fund.increase-agreed", "dfe", "2026-04-02", reason="Floods", **body)
        assert "already" in play.refused("fund.increase-agreed", "mhclg", "2026-04-02T12:00:00", again=True,
                                         reason="Floods", **body)  # fmt: skip
        play("fund.increase-agreed", "authority", "2026-04-03", reason="Floods in March", **body)
        agreed = last(with_earlier(play))
        play("entry.corrected", "authority", "2026-04-03T11:00:00", entry=agreed, reason="A nought too many")
        play.refused("fund.allotted", "mhclg", "2026-04-04", **body)
        play("fund.increase-agreed", "authority", "2026-04-03T12:00:00", again=True, reason="No, as it was", **body)
        play.refused("fund.allotted", "mhclg", "2026-04-04", **body)  # the other side says so anew, too
        play("fund.increase-agreed", "mhclg", "2026-04-03T13:00:00", again=True, reason="As it was", **body)
        play("fund.allotted", "mhclg", "2026-04-04", **body)
        assert state_of(GM, copy.deepcopy(play.entries)) == play.state
        assert KEEPER in play.state.registrars
